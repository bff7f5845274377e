"""Pure checks of what callers send, before it goes anywhere: one sentence that names the value and its place."""

import base64
import binascii
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, get_args
from uuid import UUID

from arraigo.errors import InvalidInput, TooLarge
from arraigo.postgres.jsonb import dumps
from arraigo.store.types import Kind, NewMessage, Role, Status

ROLES: tuple[str, ...] = get_args(Role)
KINDS: tuple[str, ...] = get_args(Kind)
STATUSES: tuple[str, ...] = get_args(Status)
MAX_CONTENT = 999_999  # bytes of UTF-8; the table's CHECK says the same
MAX_METADATA = 65_536  # bytes of JSON
MAX_STATE = 262_144  # bytes of JSON; the column's domain says the same
MAX_TTL = 3_155_760_000  # seconds: a hundred years
MAX_FILENAME = 255  # characters
MAX_CONTENT_TYPE = 100  # characters
MAX_EXTRACTED = 10_485_760  # bytes of UTF-8; the table's CHECK says the same
MAX_REASON = 2_000  # characters
MAX_LINK = 604_800  # seconds: a week, as S3 has it
MAX_DEPTH = 100  # so that whoever reads it has enough stack
MAX_MESSAGES = 1_000  # in one append
MAX_LIST = 1_000
_CONTENT_TYPE = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]*/[a-z0-9][a-z0-9!#$&^_.+-]*")  # RFC 6838, section 4.2
_CONTROL = re.compile("[\x00-\x1f\x7f]")
_ESCAPED_NUL = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def text(value: object, what: str, *, most: int, least: int = 0) -> str:
    """A string that PostgreSQL can keep, of `least` to `most` characters."""
    if not isinstance(value, str):
        raise InvalidInput(f"{what} is {type(value).__name__}, not a text")
    if not least <= len(value) <= most:
        problem = "is empty" if not value else f"has {len(value):,} characters; {least:,} to {most:,} are possible"
        raise InvalidInput(f"{what} {problem}")
    _storable(value, what)
    return value


def _storable(value: str, what: str) -> bytes:
    if "\0" in value:
        raise InvalidInput(f"{what} has a NUL character at position {value.index(chr(0))}", remedy="remove it")
    try:
        return value.encode()
    except UnicodeEncodeError as error:
        raise InvalidInput(
            f"{what} has half of a surrogate pair at position {error.start}", remedy="send whole characters"
        ) from None


def one_of(value: str, what: str, allowed: Iterable[str]) -> str:
    """A value out of a closed list."""
    if value not in (known := tuple(allowed)):
        raise InvalidInput(f"{what} {value!r:.60} is none of: {', '.join(known)}")
    return value


def mapping(value: object, what: str) -> dict[Any, Any]:
    """Something with keys and values, as a dict of its own."""
    if not isinstance(value, Mapping):
        raise InvalidInput(f"{what} is {type(value).__name__}, not an object")
    return dict(value)


def json_object(value: Mapping[str, Any] | None, what: str) -> dict[str, Any]:
    """An object that jsonb can keep, as a dict of its own."""
    if value is None:
        return {}
    kept = mapping(value, what)
    json_text(kept, what, most=MAX_METADATA)
    return kept


def json_text(value: Any, what: str, *, most: int) -> str:
    """A value that jsonb can keep, as JSON of at most so many bytes."""
    try:
        written = dumps(value)
    except (TypeError, ValueError, RecursionError):
        raise InvalidInput(f"{what} has a value that JSON cannot hold") from None
    if _ESCAPED_NUL.search(written):
        raise InvalidInput(f"{what} has a NUL character", remedy="remove it")
    size = len(_storable(written, what))
    if _deeper(value, MAX_DEPTH):
        raise TooLarge(f"{what} is nested more than {MAX_DEPTH} levels deep")
    if size > most:
        raise TooLarge(f"{what} has {size:,} bytes of JSON; at most {most:,} are kept")
    return written


def state_value(value: Any, what: str) -> str:
    """The same for state, which gives back what it was given: here an object's keys have to be texts already."""
    written = json_text(value, what, most=MAX_STATE)
    if (odd := _other_key(value)) is not None:
        raise InvalidInput(f"{what} has a key that is {odd}, not a text", remedy="write keys as texts")
    return written


def _other_key(value: Any) -> str | None:
    if isinstance(value, Mapping):
        odd = next((type(key).__name__ for key in value if not isinstance(key, str)), None)
        return odd or next(filter(None, map(_other_key, value.values())), None)
    return next(filter(None, map(_other_key, value)), None) if isinstance(value, list | tuple) else None


def _deeper(value: Any, levels: int) -> bool:
    within = value.values() if isinstance(value, Mapping) else value if isinstance(value, list | tuple) else ()
    return levels < 0 or any(_deeper(inner, levels - 1) for inner in within)


def new_message(message: NewMessage, place: int) -> NewMessage:
    """A message that can be appended; `place` counts from 1 in the list it came in."""
    if message.role not in ROLES:
        one_of(message.role, f"the role of message {place}", ROLES)
    content = f"the content of message {place}"
    if not isinstance(message.content, str):
        raise InvalidInput(f"{content} is {type(message.content).__name__}, not a text")
    size = len(_storable(message.content, content))
    if size > MAX_CONTENT:
        raise TooLarge(f"{content} has {size:,} bytes; at most {MAX_CONTENT:,} are kept")
    if message.metadata:
        json_object(message.metadata, f"the metadata of message {place}")
    return message


def filename(value: object) -> str:
    """A file's own name, without the folders that it may come with (RFC 7578, section 4.2)."""
    if not isinstance(value, str):
        found = "missing" if value is None else f"{type(value).__name__}, not a text"
        raise InvalidInput(f"filename is {found}", remedy="give one; only a path brings its own")
    name = re.split(r"[/\\]", value)[-1].strip()
    if name in {".", ".."}:
        raise InvalidInput(f"filename {name!r} is a folder's", remedy="give the file a name")
    if _CONTROL.search(name):
        raise InvalidInput("filename has a control character", remedy="remove it")
    return text(name, "filename", most=MAX_FILENAME, least=1)


def content_type(value: object) -> str:
    """A media type without its parameters, in lower case."""
    name = value.partition(";")[0].strip().lower() if isinstance(value, str) else ""
    if not _CONTENT_TYPE.fullmatch(name) or len(name) > MAX_CONTENT_TYPE:
        raise InvalidInput(f"{value!r:.60} is no content type", remedy="give one such as application/pdf, or none")
    return name


def long_text(value: object, what: str, *, most: int) -> str:
    """A text of so many bytes at most."""
    if not isinstance(value, str):
        raise InvalidInput(f"{what} is {type(value).__name__}, not a text")
    size = len(_storable(value, what))
    if size > most:
        raise TooLarge(f"{what} has {size:,} bytes; at most {most:,} are kept")
    return value


def limit(value: int, most: int = MAX_LIST) -> int:
    """How many to list."""
    if not 1 <= value <= most:
        raise InvalidInput(f"a limit of {value} is not possible: 1 to {most:,}")
    return value


def ttl(value: float | None) -> float | None:
    """For how many seconds something is kept; None: for good."""
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise InvalidInput(f"ttl is {type(value).__name__}, not a number of seconds")
    if not 0 < value <= MAX_TTL:
        raise InvalidInput(f"ttl is none of the possible times: more than 0 seconds, at most {MAX_TTL:,}")
    return value


def version(value: int) -> int:
    """A version of a state entry, as one was given."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise InvalidInput(f"a version is {type(value).__name__}, not a whole number")
    if not 0 < value < 2**63:
        raise InvalidInput("that is no version of an entry", remedy="take the one that the entry has")
    return value


def to_cursor(activity: datetime, conversation: UUID) -> str:
    """Where a listing goes on, as an opaque text."""
    microseconds = (activity - _EPOCH) // timedelta(microseconds=1)
    raw = microseconds.to_bytes(8, "big", signed=True) + conversation.bytes
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def from_cursor(cursor: str) -> tuple[datetime, UUID]:
    """The inverse of `to_cursor`.

    Raises:
        InvalidInput: It is none that this store gave.
    """
    try:
        raw = _decoded(cursor)
        stamp = _EPOCH + timedelta(microseconds=int.from_bytes(raw[:8], "big", signed=True))
        return stamp, UUID(bytes=raw[8:])
    except (binascii.Error, ValueError, OverflowError):
        raise _no_cursor(cursor) from None


def to_key_cursor(key: str) -> str:
    """Where a listing by key goes on, as an opaque text."""
    return base64.urlsafe_b64encode(key.encode()).decode().rstrip("=")


def from_key_cursor(cursor: str) -> str:
    """The inverse of `to_key_cursor`.

    Raises:
        InvalidInput: It is none that this store gave.
    """
    try:
        return text(_decoded(cursor).decode(), "key", most=255, least=1)
    except (binascii.Error, ValueError, InvalidInput):
        raise _no_cursor(cursor) from None


def to_id_cursor(last: UUID) -> str:
    """Where a listing by id goes on, as an opaque text."""
    return base64.urlsafe_b64encode(last.bytes).decode().rstrip("=")


def from_id_cursor(cursor: str) -> UUID:
    """The inverse of `to_id_cursor`.

    Raises:
        InvalidInput: It is none that this store gave.
    """
    try:
        return UUID(bytes=_decoded(cursor))
    except (binascii.Error, ValueError):
        raise _no_cursor(cursor) from None


def _decoded(cursor: str) -> bytes:
    return base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)


def _no_cursor(cursor: str) -> InvalidInput:
    return InvalidInput(f"{cursor!r:.60} is not a cursor", remedy="take the one that the last page gave as next")
