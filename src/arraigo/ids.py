"""Identifiers: time-ordered ones for what is new, derived ones for what has a name already."""

import hashlib
import os
import time
from uuid import UUID

_VARIANT = 0b10 << 62


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
    digest = hashlib.blake2b(key=key[:64], digest_size=16)
    for part in parts:
        data = part.encode()
        digest.update(len(data).to_bytes(8, "big") + data)
    value = int.from_bytes(digest.digest(), "big")
    value = value & ~(0xF << 76) | (8 << 76)
    return UUID(int=value & ~(0b11 << 62) | _VARIANT)
