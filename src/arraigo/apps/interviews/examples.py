"""The examples of the API description, which the contract test tells to a real server."""

from typing import Any

ID = "0199a3c8-5c1e-7d32-9f4b-6a1f0c2d3e4f"
EMPLOYEE = "7d9f2c4e-1b3a-4c5d-8e6f-0a1b2c3d4e5f"
AT = "2026-03-02T14:05:09.120000Z"
PROGRESS = {"questions": 1, "topics_done": 0, "topics": 6}

START = {"language": "en", "technical_level": "basic"}
QUESTION: dict[str, Any] = {
    "interview_id": ID,
    "question": "What do you do at work, in your own words?",
    "sequence_number": 1,
    "is_final": False,
    "repeated": False,
    "status": "in_progress",
    "language": "en",
    "technical_level": "basic",
    "progress": PROGRESS,
    "summary": None,
}
ANSWER = {
    "interview_id": ID,
    "user_response": "I send the invoices, about forty a day, in a spreadsheet.",
    "message_id": "0199a3c8-6d2f-7e43-8a5c-7b2f1d3e4f5a",
}
NEXT = QUESTION | {
    "question": "You mention a spreadsheet. What happens when a figure in it is wrong?",
    "sequence_number": 3,
    "progress": PROGRESS | {"questions": 2},
}
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
    "total_messages": 1,
}
WHOLE = INTERVIEW | {
    "pending_question": {"content": QUESTION["question"], "sequence_number": 1},
    "progress": PROGRESS,
    "summary": None,
    "messages": [
        {
            "id_message": "0199a3c8-5c1f-7a11-8b22-9c33ad44be55",
            "role": "assistant",
            "content": QUESTION["question"],
            "sequence_number": 1,
            "created_at": AT,
        }
    ],
}
CANCELLED = INTERVIEW | {"status": "cancelled"}
STATUS = {"status": "cancelled"}
EXPORT = {"interview_id": ID, "format": "json"}
PAGE = {"page": 1, "page_size": 20, "total_items": 1, "total_pages": 1}
EXPORTED: dict[str, Any] = {}  # filled by exports
