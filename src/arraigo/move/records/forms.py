"""How records stand in a file: in a container, alone, or as texts that hold them, as a browser keeps everything."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import BinaryIO, Protocol, TypeAlias

from arraigo.errors import InvalidInput
from arraigo.move.records.jsontext import Unfit, parse
from arraigo.move.records.scan import BOM, MAX_RECORD, Container, RawRecord, Scanner
from arraigo.move.records.window import Place

Judge: TypeAlias = Callable[[str], bool]


class Records(Protocol):
    """The records of one file, once.

    Attributes:
        container: What stands around them; complete once every record was read.
    """

    container: Container

    def __iter__(self) -> Iterator[RawRecord]:
        """Every record, in order, numbered from 0."""


@dataclass(frozen=True, slots=True)
class Form:
    """How the records of a file stand in it.

    Attributes:
        wrapper: The key under which their container stands; empty: the file is the container.
        alone: Whether the file is one record.
        quoted: Whether they stand as texts.
        holds: Which texts hold a record; the others are left out. None: all of them do.
    """

    wrapper: str = ""
    alone: bool = False
    quoted: bool = False
    holds: Judge | None = None

    def records(self, stream: BinaryIO, name: str) -> Records:
        """The records of a file of this form.

        Args:
            stream: The file, opened for reading bytes.
            name: What messages call it.
        """
        if self.alone:
            return Alone(stream, name)
        scanner = Scanner(stream, name, wrapper=self.wrapper)
        return Quoted(scanner, self.holds) if self.quoted else scanner


class Alone:
    """A file that is one record."""

    def __init__(self, stream: BinaryIO, name: str) -> None:
        self.container = Container(kind="alone")
        self._stream = stream
        self._name = name

    def __iter__(self) -> Iterator[RawRecord]:
        """The record.

        Raises:
            InvalidInput: The file is empty.
        """
        data = b"".join(iter(lambda: self._stream.read(1 << 20), b""))
        raw = data.removeprefix(BOM).strip()
        if not raw:
            raise InvalidInput(f"{self._name} is empty", safe="nothing was moved")
        begin = data.index(raw)
        place = Place(1 + data[:begin].count(b"\n"), begin)
        self.container.head, self.container.tail = data[:begin], data[begin + len(raw) :]
        self.container.see(raw)
        if len(raw) <= MAX_RECORD:
            yield RawRecord(0, None, raw, place, size=len(raw))
            return
        trouble = f"has {len(raw)} bytes, more than the {MAX_RECORD} that one record may have"
        yield RawRecord(0, None, b"", place, trouble, len(raw), hashlib.sha256(raw).hexdigest())


class Quoted:
    """Records that stand as texts in a container: what such a text holds is the record."""

    def __init__(self, scanner: Scanner, holds: Judge | None = None) -> None:
        self.container = scanner.container
        self.container.quoted = True
        self._scanner = scanner
        self._holds = holds

    def __iter__(self) -> Iterator[RawRecord]:
        """Every record, in order; what holds none has no number."""
        position = 0
        for record in self._scanner:
            found = self._within(record)
            if found is not None:
                yield replace(found, position=position)
                position += 1

    def _within(self, record: RawRecord) -> RawRecord | None:
        if record.trouble:
            return record
        if not record.raw.startswith(b'"'):
            return replace(record, trouble="is not a text that holds a record, as the others are")
        text, trouble = held(record.raw)
        if self._holds is not None and not self._holds(text):
            return None
        return replace(record, trouble=trouble) if trouble else replace(record, inner=text.encode())


def held(raw: bytes) -> tuple[str, str]:
    """The text that stands there, and what is wrong with it; of a damaged one what can be read."""
    try:
        return f"{parse(raw)}", ""
    except Unfit as error:
        return raw[1:].decode(errors="replace").replace('\\"', '"'), error.what
