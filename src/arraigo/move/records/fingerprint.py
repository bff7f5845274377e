"""The proof's arithmetic: one fingerprint for any number of records, whatever order they come in."""

import hashlib
from dataclasses import dataclass

_MODULUS = 1 << 256


def digest(key: str, canonical: bytes) -> bytes:
    """The 32 bytes that stand for one record: SHA-256 of its key and its canonical JSON."""
    name = key.encode()
    return hashlib.sha256(len(name).to_bytes(8, "big") + name + canonical).digest()


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """How many records, and the sum of their digests modulo 2^256.

    A sum sees a pair of doubled records, which an exclusive or would cancel out.
    """

    rows: int = 0
    total: int = 0

    @property
    def hash(self) -> str:
        """64 hexadecimal digits."""
        return f"{self.total:064x}"

    def add(self, record: bytes) -> "Fingerprint":
        """With one more record, given by its digest."""
        return Fingerprint(self.rows + 1, (self.total + int.from_bytes(record, "big")) % _MODULUS)

    def more(self, rows: int, total: int) -> "Fingerprint":
        """With so many more records, given by the sum of their digests."""
        return Fingerprint(self.rows + rows, (self.total + total) % _MODULUS)

    def merge(self, other: "Fingerprint") -> "Fingerprint":
        """Of both parts together."""
        return Fingerprint(self.rows + other.rows, (self.total + other.total) % _MODULUS)
