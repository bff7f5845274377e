"""A stream seen through a window that knows where it stands, and keeps what was read since a mark."""

import hashlib
import re
from dataclasses import dataclass
from typing import BinaryIO

END = -1
_SPACES = frozenset(b" \t\r\n")
_SPACE = re.compile(rb"[ \t\r\n]*+")


@dataclass(frozen=True, slots=True)
class Place:
    """Where something begins in a file: the line from 1, the byte from 0."""

    line: int
    byte: int

    def __str__(self) -> str:
        return f"line {self.line}, byte {self.byte}"


class Window:
    """What of a stream is in memory: `data[at]` is the next byte.

    Args:
        stream: What is read, from its present position on.
        chunk: How many bytes are read at a time.
        limit: How many bytes since the mark are kept; of more there is only the size and the SHA-256.
    """

    def __init__(self, stream: BinaryIO, *, chunk: int, limit: int) -> None:
        self.data = b""
        self.at = 0
        self._stream = stream
        self._chunk = chunk
        self._limit = limit
        self._line = 1
        self._byte = 0
        self.mark()

    def mark(self) -> None:
        """Keep what is read from here on."""
        self.marked = self.here
        self._kept: list[bytes] = []
        self._overflow = hashlib.sha256()
        self._overflowed = False

    @property
    def here(self) -> Place:
        """Where the next byte stands."""
        return Place(self._line, self._byte)

    @property
    def size(self) -> int:
        """How many bytes were read since the mark."""
        return self._byte - self.marked.byte

    def kept(self) -> bytes | None:
        """What was read since the mark; None when that was more than the limit."""
        return None if self._overflowed else b"".join(self._kept)

    def sha256(self) -> str:
        """The SHA-256 of what was read since the mark."""
        digest = self._overflow.copy()
        for piece in self._kept:
            digest.update(piece)
        return digest.hexdigest()

    def fill(self) -> bool:
        """Read one more chunk behind what is left; False at the end of the stream."""
        chunk = self._stream.read(self._chunk)
        self.data = self.data[self.at :] + chunk
        self.at = 0
        return bool(chunk)

    def take(self, end: int) -> bytes:
        """Go on to `data[end]`; what was passed."""
        piece = self.data[self.at : end]
        self.at = end
        self._byte += len(piece)
        self._line += piece.count(b"\n")
        self._kept.append(piece)
        if self._overflowed or self.size > self._limit:
            self._overflowed = True
            for old in self._kept:
                self._overflow.update(old)
            self._kept.clear()
        return piece

    def peek(self) -> int:
        """The next byte, or END."""
        if self.at == len(self.data) and not self.fill():
            return END
        return self.data[self.at]

    def skip_space(self) -> None:
        """Go on to what is not white space."""
        while self.peek() in _SPACES:
            found = _SPACE.match(self.data, self.at)
            self.take(found.end() if found else self.at)

    def skip_all(self) -> None:
        """Go on to the end of the stream."""
        while self.peek() != END:
            self.take(len(self.data))
