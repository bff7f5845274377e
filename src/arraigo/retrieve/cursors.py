"""Pure: where a search goes on, as an opaque text."""

import base64
import binascii
import struct
from datetime import UTC, datetime, timedelta
from math import inf
from typing import NamedTuple
from uuid import UUID

from arraigo.errors import InvalidInput

_FORM = struct.Struct(">?fq16sq")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Place(NamedTuple):
    """Behind which hit to go on, and whether it was one of those that are spelled nearly so."""

    similar: bool
    rank: float
    created_at: datetime
    conversation_id: UUID
    number: int


def to_cursor(place: Place) -> str:
    """The text for a place."""
    microseconds = (place.created_at - _EPOCH) // timedelta(microseconds=1)
    raw = _FORM.pack(place.similar, place.rank, microseconds, place.conversation_id.bytes, place.number)
    return base64.urlsafe_b64encode(raw).decode()


def from_cursor(cursor: str) -> Place:
    """The inverse of `to_cursor`.

    Raises:
        InvalidInput: It is none that a search gave.
    """
    try:
        raw = base64.b64decode(cursor, altchars=b"-_", validate=True)
        similar, rank, microseconds, identity, number = _FORM.unpack(raw)
        stamp = _EPOCH + timedelta(microseconds=microseconds)
    except (binascii.Error, ValueError, OverflowError, struct.error):
        stamp = None
    if stamp is None or not 0 <= rank < inf or number < 0:
        raise InvalidInput(f"{cursor!r:.60} is not a cursor", remedy="take the one that the last page gave as next")
    return Place(similar, rank, stamp, UUID(bytes=identity), number)
