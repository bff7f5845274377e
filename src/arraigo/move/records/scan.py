"""Splits a JSON file into its records, as they stand, without ever holding more than one.

A file is an object (`{"key": record, …}`), an array (`[record, …]`) or an object whose one member holds one of these.
Only the structure is read here: what is between a record's brackets may be anything until `jsontext.parse` sees it,
so that one bad record does not take the rest with it. Where the structure itself breaks (the file was cut off, say),
everything from there on is one record with trouble.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Literal

from arraigo.errors import InvalidInput
from arraigo.move.records.jsontext import Unfit, parse, shown
from arraigo.move.records.window import END, Place, Window

MAX_RECORD = 64 * 1024 * 1024
_CHUNK = 1024 * 1024
_MAX_OPEN = 1000
BOM = b"\xef\xbb\xbf"
_QUOTE, _COMMA, _COLON = b'",:'
_CLOSER = {ord("{"): ord("}"), ord("["): ord("]")}
# Brackets, and strings as a whole: what is in a string never counts.
_TOKEN = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+("?)|[][{}]', re.DOTALL)
_INSIDE = re.compile(rb'[^"\\]*+(?:\\.[^"\\]*+)*+("?)', re.DOTALL)
_ESCAPE = re.compile(rb"\\u(?!00[01])")  # control characters are escaped by everybody
_SCALAR = re.compile(rb'[^][{}",: \t\r\n]*+')


@dataclass(frozen=True, slots=True)
class RawRecord:
    """One record as it stands in the file.

    Attributes:
        position: Its number, from 0.
        key: Its key in an object; None in an array.
        raw: Its bytes. With `trouble`, everything that was in its place, the key too.
        place: Where it begins, with its key.
        trouble: Why it cannot be taken; empty: nothing was found yet.
        size: How many bytes there were from `place` on.
        sha256: Of those bytes, when they were too many to keep and `raw` is empty.
        inner: The record itself, where `raw` is a text that holds it.
    """

    position: int
    key: str | None
    raw: bytes
    place: Place
    trouble: str = ""
    size: int = 0
    sha256: str = ""
    inner: bytes = b""

    @property
    def body(self) -> bytes:
        """What is to be parsed."""
        return self.inner or self.raw


@dataclass(slots=True)
class Container:
    """What stands around the records, byte for byte; complete once every record was read."""

    kind: Literal["object", "array", "alone"] = "object"
    wrapper: str = ""
    head: bytes = b""
    colon: bytes = b""
    between: bytes = b""
    tail: bytes = b""
    ascii_only: bool = True
    escapes: bool = False
    quoted: bool = False

    def see(self, raw: bytes) -> None:
        """Learn from one more record whether escapes stand for what is not ASCII."""
        if self.ascii_only:
            self.ascii_only = raw.isascii()
            self.escapes = self.escapes or _ESCAPE.search(raw) is not None


class _BrokenError(Exception):
    """The structure ends or breaks here; the message says how."""


class Scanner:
    """Reads the records of one file, once.

    Args:
        stream: The file, opened for reading bytes.
        name: The file's name, for messages.
        wrapper: The one key under which the container stands; empty: the file is the container.
        limit: The largest record that is kept, in bytes.
        chunk: How many bytes are read at a time.

    Attributes:
        container: What stands around the records.
    """

    def __init__(
        self, stream: BinaryIO, name: str, *, wrapper: str = "", limit: int = MAX_RECORD, chunk: int = _CHUNK
    ) -> None:
        self.container = Container(wrapper=wrapper)
        self._name = name
        self._limit = limit
        self._window = Window(stream, chunk=chunk, limit=limit)

    def __iter__(self) -> Iterator[RawRecord]:
        """Every record, in order.

        Raises:
            InvalidInput: The file is empty, or is no container of records at all.
        """
        closer = self._open()
        position = 0
        try:
            while self._window.peek() != closer:
                yield self._member(position)
                position += 1
                self._separator(position, closer)
            self._close(closer)
        except _BrokenError as error:
            window = self._window
            window.skip_all()
            raw = window.kept()
            yield RawRecord(
                position, None, raw or b"", window.marked, f"{error}", window.size,
                window.sha256() if raw is None else "",
            )  # fmt: skip

    def _open(self) -> int:
        """Read up to the first record; the byte that closes the container."""
        window = self._window
        while len(window.data) < len(BOM) and window.fill():
            pass
        if window.data.startswith(BOM):
            window.take(len(BOM))
        window.skip_space()
        if window.peek() == END:
            raise InvalidInput(f"{self._name} is empty", safe="nothing was moved")
        if self.container.wrapper:
            self._open_wrapper(self.container.wrapper)
        first = window.peek()
        if first not in _CLOSER:
            raise InvalidInput(
                f"{self._name}, {window.here}: an object or an array of records should begin here",
                safe="nothing was moved",
            )
        self.container.kind = "object" if first == ord("{") else "array"
        window.take(window.at + 1)
        window.skip_space()
        self.container.head = window.kept() or b""
        window.mark()
        return _CLOSER[first]

    def _open_wrapper(self, wrapper: str) -> None:
        window = self._window
        try:
            self._expect(ord("{"), "an object")
            window.skip_space()
            before = window.size
            self._string()
            found = parse((window.kept() or b"")[before:])
            window.skip_space()
            self._expect(_COLON, "a colon")
            window.skip_space()
        except (_BrokenError, Unfit) as error:
            raise InvalidInput(f"{self._name}, {window.here}: {error}", safe="nothing was moved") from None
        if found != wrapper:
            raise InvalidInput(f"{self._name}, {window.here}: not the key {shown(wrapper)}", safe="nothing was moved")

    def _member(self, position: int) -> RawRecord:
        """The record that begins here, its key first in an object."""
        window = self._window
        key, trouble, offset = None, "", 0
        if self.container.kind == "object":
            self._string()
            name = window.kept() or b""
            try:
                key = f"{parse(name)}"
            except Unfit as error:
                trouble = f"the key {error.what}"
            window.skip_space()
            self._expect(_COLON, "a colon")
            window.skip_space()
            offset = window.size
            if not position:
                self.container.colon = (window.kept() or b"")[len(name) :]
        self._value()
        raw = window.kept()
        if raw is None:
            trouble = f"has {window.size} bytes, more than the {self._limit} that one record may have"
            return RawRecord(position, key, b"", window.marked, trouble, window.size, window.sha256())
        self.container.see(raw)
        return RawRecord(position, key, raw if trouble else raw[offset:], window.marked, trouble, window.size)

    def _separator(self, position: int, closer: int) -> None:
        """Go on from behind a record to the next, or to what closes the container."""
        window = self._window
        window.mark()
        window.skip_space()
        if window.peek() == closer:
            return
        if window.peek() == END:
            raise _BrokenError("the file ends before its closing bracket")
        self._expect(_COMMA, "a comma or the closing bracket")
        window.skip_space()
        if window.peek() == END:
            raise _BrokenError("the file ends after a comma")
        if window.peek() == closer:
            raise _BrokenError("there is a comma before the closing bracket")
        if position == 1:
            self.container.between = window.kept() or b""
        window.mark()

    def _close(self, closer: int) -> None:
        window = self._window
        self._expect(closer, "the closing bracket")
        if self.container.wrapper:
            window.skip_space()
            self._expect(ord("}"), "the closing bracket of the outer object")
        window.skip_space()
        self.container.tail = window.kept() or b""
        if window.peek() != END:
            self.container.tail = self.container.tail.rstrip()
            window.mark()
            raise _BrokenError("there is text behind the closing bracket")

    def _value(self) -> None:
        first = self._window.peek()
        if first in _CLOSER:
            self._brackets()
        elif first == _QUOTE:
            self._string()
        else:
            self._scalar()

    def _brackets(self) -> None:
        """Go on to behind the bracket that closes the one that stands here."""
        window, open_ = self._window, bytearray()
        while True:
            data = window.data
            for token in _TOKEN.finditer(data, window.at):
                byte, end = data[token.start()], token.end()
                if byte == _QUOTE:
                    if end >= len(data) - 1 and not token[1]:
                        window.take(end)
                        self._rest_of_string()
                        break
                    continue
                if byte in _CLOSER:
                    open_.append(_CLOSER[byte])
                    if len(open_) > _MAX_OPEN:
                        raise _BrokenError(f"a record is nested more than {_MAX_OPEN} levels deep")
                elif open_.pop() != byte:
                    raise _BrokenError("a record's brackets do not match")
                if not open_:
                    window.take(end)
                    return
            else:
                window.take(len(data))
                if not window.fill():
                    raise _BrokenError("the file ends inside a record")

    def _string(self) -> None:
        self._expect(_QUOTE, "a text in double quotes")
        self._rest_of_string()

    def _rest_of_string(self) -> None:
        """Go on to behind the quote that closes the string in which we stand."""
        window = self._window
        while True:
            found = _INSIDE.match(window.data, window.at)
            if found:
                window.take(found.end())
                if found[1]:
                    return
            if not window.fill():
                raise _BrokenError("the file ends inside a text")

    def _scalar(self) -> None:
        window, before = self._window, self._window.size
        while window.peek() != END:
            found = _SCALAR.match(window.data, window.at)
            window.take(found.end() if found else window.at)
            if window.at < len(window.data):
                break
        else:  # what was cut off may look whole: 1 of 10
            raise _BrokenError("the file ends inside a record")
        if window.size == before:
            raise _BrokenError("a record should stand here")

    def _expect(self, byte: int, what: str) -> None:
        found = self._window.peek()
        if found != byte:
            where = "the file ends where {} should stand" if found == END else "{} should stand here"
            raise _BrokenError(where.format(what))
        self._window.take(self._window.at + 1)
