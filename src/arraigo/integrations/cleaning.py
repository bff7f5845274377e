"""Pure: what frameworks send, made into what PostgreSQL can keep."""

import re
from typing import Any

from arraigo.store.checks import MAX_CONTENT

_UNSTORABLE = re.compile("[\0\ud800-\udfff]")


def storable(value: Any) -> Any:
    """The same value, with U+FFFD for each NUL and each half of a surrogate pair: PostgreSQL has no such characters.

    A tool's answer may well have one, and the rest of it is worth keeping.
    """
    if isinstance(value, str):
        return _UNSTORABLE.sub("\ufffd", value)
    if isinstance(value, dict):
        return {storable(key): storable(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [storable(inner) for inner in value]
    return value


def beginning(text: str) -> str:
    """As much of a storable text as one message holds."""
    data = text.encode()
    return text if len(data) <= MAX_CONTENT else data[:MAX_CONTENT].decode(errors="ignore")
