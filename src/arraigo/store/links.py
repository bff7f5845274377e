"""Pure: links that give one document to whoever has them, for a while.

    /downloads/TOKEN/FILENAME

The token is owner, conversation, document and expiry, and over these and the filename an HMAC-SHA256 (RFC 2104), so
that it is checked before anything is looked up. Its key is derived from the installation's: every server of a database
makes and takes the same links, and whoever can read that key can read the documents too.
"""

import base64
import binascii
import hashlib
import hmac
import struct
from datetime import UTC, datetime
from typing import NamedTuple
from urllib.parse import quote
from uuid import UUID

from arraigo.errors import AccessDenied, Expired

PATH = "/downloads"
_PURPOSE = b"arraigo download link, version 1"
_FIELDS = struct.Struct(">16s16s16sQ")  # owner, conversation, document, seconds since 1970
_MAC_BYTES = hashlib.sha256().digest_size
TOKEN_LENGTH = 118  # characters: what 88 bytes are in base64


class Grant(NamedTuple):
    """What a link gives: one document, until then."""

    owner: UUID
    conversation: UUID
    document: UUID
    expires: int


def make(key: bytes, grant: Grant, filename: str) -> str:
    """The link's path, filename included; what comes before it, the server's address, is not covered."""
    fields = _FIELDS.pack(grant.owner.bytes, grant.conversation.bytes, grant.document.bytes, grant.expires)
    return f"{PATH}/{_encoded(fields + _mac(key, fields, filename))}/{quote(filename, safe='')}"


def check(key: bytes, token: str, filename: str, now: datetime) -> Grant:
    """What a link gives.

    Raises:
        AccessDenied: It was not made here, or has been changed.
        Expired: It was, and its time is over.
    """
    try:
        data = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
        fields, mac = data[: _FIELDS.size], data[_FIELDS.size :]
        good = hmac.compare_digest(mac, _mac(key, fields, filename)) and token == _encoded(data)  # the one spelling
    except (binascii.Error, ValueError):
        good = False
    if not good:
        raise AccessDenied("this link was not made here, or it has been changed", remedy="ask for a new one")
    owner, conversation, document, expires = _FIELDS.unpack(fields)
    if now.astimezone(UTC).timestamp() >= expires:
        raise Expired("this link's time is over", remedy="ask for a new one")
    return Grant(UUID(bytes=owner), UUID(bytes=conversation), UUID(bytes=document), expires)


def _encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _mac(key: bytes, fields: bytes, filename: str) -> bytes:
    return hmac.digest(hmac.digest(key, _PURPOSE, "sha256"), fields + filename.encode(), "sha256")
