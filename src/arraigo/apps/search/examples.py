"""The example of the API description, which the contract test tells to a real server."""

from typing import Any

QUERY = "direccion"
_WHEN = "2026-03-02T14:05:09.120000Z"

FOUND: dict[str, Any] = {
    "hits": [
        {
            "conversation_id": "0199a3c8-4d10-7a61-8b7e-2f9d5c3e1a04",
            "title": "Cambio de dirección",
            "external_id": "ticket-4711",
            "kind": "chat",
            "sequence_number": None,
            "message_id": None,
            "role": None,
            "created_at": _WHEN,
            "rank": 0.383559,
            "snippet": [{"text": "Cambio de ", "hit": False}, {"text": "dirección", "hit": True}],
            "before": [],
            "after": [],
        },
        {
            "conversation_id": "0199a3c8-4d10-7a61-8b7e-2f9d5c3e1a04",
            "title": "Cambio de dirección",
            "external_id": "ticket-4711",
            "kind": "chat",
            "sequence_number": 1,
            "message_id": "0199a3c8-5120-7c3a-9d52-7b1e8f6a4c01",
            "role": "user",
            "created_at": _WHEN,
            "rank": 0.026182,
            "snippet": [
                {"text": "Hola, quiero cambiar mi ", "hit": False},
                {"text": "dirección", "hit": True},
                {"text": ".", "hit": False},
            ],
            "before": [],
            "after": [],
        },
    ],
    "next": None,
    "similar": False,
    "note": None,
}
