"""The examples of the API description, which the contract test tells to a real server."""

from typing import Any
from uuid import UUID

from arraigo.store.links import Grant, make

DOCUMENT_ID = "0199a3c8-7b20-7d51-9a0e-5c8f2e6d1b05"
CONVERSATION_ID = "0199a3c8-4d10-7a61-8b7e-2f9d5c3e1a04"
FILENAME = "direcciones.txt"
CONTENT = "Calle 10 # 4-21, Example City\n"
OWNER_ID = "0199a3c8-4100-7000-8000-000000000001"
_WHEN = "2026-03-02T14:05:09.120000Z"
_GRANT = Grant(UUID(OWNER_ID), UUID(CONVERSATION_ID), UUID(DOCUMENT_ID), 1772463910)
_LINK = make(b"an example", _GRANT, FILENAME)
TOKEN = _LINK.split("/")[2]

NEW = {"conversation_id": CONVERSATION_ID, "file": CONTENT}
ADDED: dict[str, Any] = {
    "id": DOCUMENT_ID,
    "conversation_id": CONVERSATION_ID,
    "filename": FILENAME,
    "content_type": "text/plain",
    "file_size": 30,
    "checksum": "a1868f207fd61512233b9f23c033190f55f0109fef968d84af3579b545690241",
    "processing_status": "pending",
    "processing_error": None,
    "processed_at": None,
    "created_at": _WHEN,
    "updated_at": _WHEN,
    "download_url": _LINK,
    "download_expires_at": "2026-03-02T15:05:10Z",
}
DOCUMENT = ADDED | {"extracted_content": None}
DOCUMENTS = {"documents": [ADDED], "next": None}
