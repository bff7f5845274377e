"""The examples of the API description: one story, told in order. The contract test tells it to a real server."""

from typing import Any

CONVERSATION_ID = "0199a3c8-4d10-7a61-8b7e-2f9d5c3e1a04"
_WHEN = "2026-03-02T14:05:09.120000Z"
_LATER = "2026-03-02T14:06:31.480000Z"

NEW_CONVERSATION = {
    "title": "Cambio de dirección",
    "language": "es",
    "settings": {"temperature": 0.2},
    "metadata": {"channel": "web"},
    "external_id": "ticket-4711",
}
CONVERSATION: dict[str, Any] = {
    "id": CONVERSATION_ID,
    "conversation_id": "ticket-4711",
    "project_id": None,
    "kind": "chat",
    "title": "Cambio de dirección",
    "status": "active",
    "language": "es",
    "settings": {"temperature": 0.2},
    "metadata": {"channel": "web"},
    "external_id": "ticket-4711",
    "last_sequence": 0,
    "created_at": _WHEN,
    "updated_at": _WHEN,
    "completed_at": None,
    "stored": "database",
}

NEW_MESSAGE = {
    "role": "user",
    "content": "Hola, quiero cambiar mi dirección.",
    "id": "0199a3c8-5120-7c3a-9d52-7b1e8f6a4c01",
    "metadata": {"device": "phone"},
}
NEW_MESSAGES = {
    "messages": [
        {"role": "user", "content": "Es la calle 10 # 4-21, en Example City."},
        {"role": "assistant", "content": "Listo: queda la calle 10 # 4-21."},
    ]
}


def _message(number: int, identity: str, new: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {
        "id": identity,
        "sequence_number": number,
        "role": new["role"],
        "content": new["content"],
        "metadata": new.get("metadata", {}),
        "created_at": _WHEN,
        "edited_at": None,
        "deleted_at": None,
    } | changes


_FIRST = _message(1, str(NEW_MESSAGE["id"]), NEW_MESSAGE)
_SECOND = _message(2, "0199a3c8-6a05-7e90-b0c4-91d2e7f35a02", NEW_MESSAGES["messages"][0])
_THIRD = _message(3, "0199a3c8-6a05-7e91-a3f8-4c6b0d8e7b03", NEW_MESSAGES["messages"][1])

STORED_ONE = {"stored": "database", "messages": [_FIRST]}
STORED_MANY = {"stored": "database", "messages": [_SECOND, _THIRD]}
TAKEN = {"stored": "journal", "messages": [_FIRST | {"sequence_number": None}]}
MESSAGES = {"messages": [_FIRST, _SECOND, _THIRD]}
TALKED = CONVERSATION | {"last_sequence": 3, "updated_at": _LATER}
CONVERSATIONS = {"conversations": [TALKED], "next": None}
WHOLE = TALKED | {"messages": [_FIRST, _SECOND, _THIRD], "cursor": None}
CONVERSATION_CHANGES = {"title": "Dirección cambiada", "status": "completed"}
CHANGED = TALKED | CONVERSATION_CHANGES | {"completed_at": _LATER}
MESSAGE_CHANGES = {"content": "Es la calle 10 # 4-12, en Example City."}
EDITED = _SECOND | MESSAGE_CHANGES | {"edited_at": _LATER}
