"""Pure: an interview as data, with the fields that the seed's export has."""

from datetime import UTC
from typing import Any

from arraigo.apps.interviews.interview import Whole


def data(whole: Whole) -> dict[str, Any]:
    """What `POST /interviews/export` answers (seed 1, InterviewExportData); times in UTC.

    `duration_minutes` ends with the interview, or with what was said last. `total_questions` does not count the closing
    words of an interview that came to its end; `total_user_responses` counts the participant's messages.
    """
    about = whole.interview
    until = about.completed_at or max((said.created_at for said in whole.messages), default=about.started_at)
    return {
        "interview_id": about.id,
        "employee_id": about.employee_id,
        "session_id": about.session_id,
        "language": about.language,
        "technical_level": about.technical_level,
        "status": about.status,
        "started_at": about.started_at.astimezone(UTC),
        "completed_at": about.completed_at and about.completed_at.astimezone(UTC),
        "total_questions": sum(said.role == "assistant" for said in whole.messages) - _closed_with_words(whole),
        "total_user_responses": sum(said.role == "user" for said in whole.messages),
        "duration_minutes": round(max((until - about.started_at).total_seconds(), 0) / 60, 2),
        "conversation_history": [
            {
                "role": said.role,
                "content": said.content,
                "timestamp": said.created_at.astimezone(UTC),
                "sequence_number": said.number,
            }
            for said in whole.messages
        ],
        "summary": about.summary,
    }


def _closed_with_words(whole: Whole) -> bool:
    """Whether the last message ends the interview: an assistant's, after an answer, that waits for none."""
    about, roles = whole.interview, [said.role for said in whole.messages]
    return about.status == "completed" and about.pending is None and roles[-1:] == ["assistant"] and "user" in roles
