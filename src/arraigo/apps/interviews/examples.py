"""The examples of the API description, which the contract test tells to a real server."""

from typing import Any

ID = "0199a3c8-5c1e-7d32-9f4b-6a1f0c2d3e4f"
EMPLOYEE = "7d9f2c4e-1b3a-4c5d-8e6f-0a1b2c3d4e5f"
AT = "2026-03-02T14:05:09.120000Z"
GREETING = (
    "Hello, and thank you for your time. I'm an automated interviewer, and I would like to learn about your work. "
    "There are no right or wrong answers; if you'd rather not talk about something, just say so and we'll move "
    "on.\n\nWhat is your job here? Tell me in your own words."
)
SAID = "I send the invoices, about forty a day, in a spreadsheet."
FOLLOW_UP = "You say “I send the invoices”. How do you do that, step by step?"

START = {"language": "en", "technical_level": "basic"}
QUESTION: dict[str, Any] = {
    "interview_id": ID,
    "question": GREETING,
    "sequence_number": 1,
    "is_final": False,
    "repeated": False,
    "status": "in_progress",
    "language": "en",
    "technical_level": "basic",
    "progress": {"questions": 1, "topics_done": 0, "topics": 6},
    "summary": None,
}
ANSWER = {"interview_id": ID, "user_response": SAID, "message_id": "0199a3c8-6d2f-7e43-8a5c-7b2f1d3e4f5a"}
NEXT: dict[str, Any] = QUESTION | {
    "question": FOLLOW_UP,
    "sequence_number": 3,
    "progress": {"questions": 2, "topics_done": 0, "topics": 6},
}
WAITING = NEXT | {"repeated": True}
INTERVIEW: dict[str, Any] = {
    "id_interview": ID,
    "interview_id": ID,
    "employee_id": EMPLOYEE,
    "session_id": None,
    "language": "en",
    "technical_level": "basic",
    "status": "in_progress",
    "started_at": AT,
    "completed_at": None,
    "created_at": AT,
    "updated_at": AT,
    "total_messages": 3,
}
_TURNS = (("assistant", GREETING), ("user", SAID), ("assistant", FOLLOW_UP))
WHOLE: dict[str, Any] = INTERVIEW | {
    "pending_question": {"content": FOLLOW_UP, "sequence_number": 3},
    "progress": NEXT["progress"],
    "summary": None,
    "messages": [
        {
            "id_message": "0199a3c8-5c1f-7a11-8b22-9c33ad44be55",
            "role": role,
            "content": content,
            "sequence_number": number,
            "created_at": AT,
        }
        for number, (role, content) in enumerate(_TURNS, 1)
    ],
}
STATUS = {"status": "cancelled"}
CANCELLED = INTERVIEW | {"status": "cancelled"}
PAGE = {"page": 1, "page_size": 20, "total_items": 1, "total_pages": 1}
EXPORT = {"interview_id": ID, "format": "json"}
EXPORTED: dict[str, Any] = {
    "interview_id": ID,
    "employee_id": EMPLOYEE,
    "session_id": None,
    "language": "en",
    "technical_level": "basic",
    "status": "in_progress",
    "started_at": AT,
    "completed_at": None,
    "total_questions": 2,
    "total_user_responses": 1,
    "duration_minutes": 1.5,
    "conversation_history": [
        {"role": role, "content": content, "timestamp": AT, "sequence_number": number}
        for number, (role, content) in enumerate(_TURNS, 1)
    ],
    "summary": None,
}
TRANSCRIPTS = {
    "text/markdown": "# Interview transcript\n",
    "text/csv": '"interview_id","sequence_number","role","content","timestamp"\r\n',
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "(a file)",
}
MIGRATE = {
    "session_id": "interview-1740924309120",
    "conversation_history": [
        {"role": "assistant", "content": "What is your role?", "timestamp": AT},
        {"role": "user", "content": "I send the invoices.", "timestamp": AT},
    ],
    "language": "en",
}
MIGRATED = INTERVIEW | {
    "session_id": MIGRATE["session_id"],
    "technical_level": "intermediate",
    "total_messages": 2,
}
