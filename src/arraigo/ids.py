"""Identifiers: time-ordered ones for what is new, derived ones for what has a name already."""

import hashlib
import os
import time
from functools import lru_cache
from uuid import UUID

_VARIANT = 0b10 << 62
_DERIVED = (8 << 76) | _VARIANT  # the version and the variant
_FREE = ~((0xF << 76) | (0b11 << 62))  # all other bits


def uuid7() -> UUID:
    """A new id that sorts by the millisecond it was made in (RFC 9562, section 5.7)."""
    milliseconds = time.time_ns() // 1_000_000
    random = int.from_bytes(os.urandom(10), "big")
    high, low = random >> 68, random & ((1 << 62) - 1)
    return UUID(int=(milliseconds << 80) | (7 << 76) | (high << 64) | _VARIANT | low)


def derived(key: bytes, *parts: str) -> UUID:
    """The one id of what these parts name: a keyed hash, as a UUID of version 8 (RFC 9562, section 5.8).

    Args:
        key: The installation's secret key, so that nobody can compute the id of a phone number.
        parts: What names the thing, from the outside in: its kind, its owner, its own name.
    """
    digest = _begun(key, parts[:-1]).copy()
    for part in parts[-1:]:
        digest.update(_named(part))
    return UUID(int=int.from_bytes(digest.digest(), "big") & _FREE | _DERIVED)


@lru_cache(maxsize=256)  # things are named one after the other, from the outside in
def _begun(key: bytes, parts: tuple[str, ...]) -> hashlib.blake2b:
    digest = hashlib.blake2b(key=key[:64], digest_size=16)
    for part in parts:
        digest.update(_named(part))
    return digest


def _named(part: str) -> bytes:
    data = part.encode()
    return len(data).to_bytes(8, "big") + data
