"""Writes the legacy form again: what was moved, with everything added since, in the layout it had."""

import hashlib
import heapq
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from itertools import chain, islice
from pathlib import Path
from typing import Any, BinaryIO, Protocol, Self, cast
from uuid import UUID

import psycopg

from arraigo.errors import CheckFailed
from arraigo.move.records import entries, rejected, tables
from arraigo.move.records.batches import BATCH_BYTES, BATCH_RECORDS
from arraigo.move.records.entries import Entry
from arraigo.move.records.fingerprint import Fingerprint, digest
from arraigo.move.records.jsontext import Json, Unfit, canonical, parse
from arraigo.move.records.layout import Frame
from arraigo.move.records.proving import Names
from arraigo.move.records.shape import Shape

Connection = psycopg.Connection[Any]
_PAGE = 50  # new records at a time: nobody knows yet how large they are


@dataclass(frozen=True, slots=True)
class Piece:
    """One record as it will stand in the file; `digest` is of its rows, or of its bytes when it never had rows."""

    position: int
    text: bytes
    digest: bytes
    verbatim: bool = False


class Writing(Protocol):
    """How records are written: `layout.Frame`, or another source's own."""

    @property
    def head(self) -> str:
        """What stands before the first record."""

    @property
    def between(self) -> str:
        """What stands between two."""

    @property
    def tail(self) -> str:
        """What stands behind the last."""

    @property
    def empty(self) -> str:
        """What stands there without any record."""

    def holding(self, records: int) -> Self:
        """The same for so many records."""

    def member(self, key: str, value: Json) -> str:
        """One record as it stands there."""

    def named(self, shape: Shape, key: str, value: Json) -> str:
        """What a record that was made in the new home is called when it is read again."""

    def verbatim(self, key: str | None, raw: bytes) -> bytes:
        """One record whose bytes are kept."""

    def as_read(self, shape: Shape, text: bytes) -> bytes | None:
        """The digest of what will be read where this stands; None when nobody could read what is written then."""


@dataclass(slots=True)
class Written:
    """What a file was given.

    Attributes:
        fingerprint: Of all of it.
        verbatim: The numbers, in the file, of records that were put back as they were kept.
        added: How many records were made in the new home.
        gone: How many were deleted there, and are not in the file.
        left_out: Rejected records that no JSON file can hold, or that are in the way of another.
        sha256: Of the file.
        frame: What stands around its records.
    """

    frame: Writing

    fingerprint: Fingerprint = field(default_factory=Fingerprint)
    verbatim: set[int] = field(default_factory=set)
    added: int = 0
    gone: int = 0
    left_out: Names = field(default_factory=Names)
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Back:
    """What going back with one unit needs to know."""

    connection: Connection
    run_id: str
    unit: str
    owner: UUID
    shape: Shape
    frame: Writing
    tell: Callable[[int, int], None]


def write(back: Back, stream: BinaryIO) -> Written:
    """Write one file from the rows, within one snapshot. The ledger then says what the file says."""
    pieces = _pieces(back, written := Written(back.frame))
    first = list(islice(pieces, 2))
    written.frame = frame = back.frame.holding(len(first))
    hashed = hashlib.sha256()

    def put(text: bytes) -> None:
        hashed.update(text)
        stream.write(text)

    done = 0
    for piece in chain(first, pieces):
        text = (frame.between if written.fingerprint.rows else frame.head).encode() + piece.text
        if piece.verbatim:
            written.verbatim.add(written.fingerprint.rows)
        written.fingerprint = written.fingerprint.add(piece.digest)
        put(text)
        done += len(text)
        back.tell(done, written.fingerprint.rows)
    put((frame.tail if written.fingerprint.rows else frame.empty).encode())
    written.sha256 = hashed.hexdigest()
    return written


def reread(back: Back, path: Path, written: Written) -> Fingerprint:
    """What the file that was written says, read as any other.

    Raises:
        CheckFailed: It cannot be read as what it should be.
    """
    found = Fingerprint()
    with path.open("rb") as stream:
        for record in cast("Frame", written.frame).form.records(stream, path.name):
            if record.position in written.verbatim:
                found = found.add(hashlib.sha256(record.raw).digest())
                continue
            if record.trouble:
                raise CheckFailed(f"{path}, {record.place}: {record.trouble}", safe="nothing was put in place")
            try:
                value = parse(record.body)
                key = back.shape.key(value) if record.key is None else record.key
            except Unfit as error:
                raise CheckFailed(f"{path}, {record.place}: {error}", safe="nothing was put in place") from error
            found = found.add(digest(key, canonical(value)))
    return found


def _pieces(back: Back, written: Written) -> Iterator[Piece]:
    """What goes into the file, in order: as in the source, then what is new."""
    last = -1
    keys: set[int] = set()
    both = heapq.merge(_moved(back, written, keys), _rejected(back, written, keys), key=lambda piece: piece.position)
    for piece in both:
        last = piece.position
        yield piece
    yield from _new(back, written, keys, last + 1)


def _moved(back: Back, written: Written, keys: set[int]) -> Iterator[Piece]:
    for page in _pages(entries.every(back.connection, back.run_id, back.unit)):
        there = tables.read(back.connection, back.shape, [entry.target_id for entry in page], current=True)
        changed, gone = [], []
        for entry in page:
            rows = there.get(entry.target_id)
            if rows is None:
                gone.append(entry.key)
                continue
            key, value = back.shape.to_record(entry.key, rows, entry.house)
            keys.add(hash(key))
            found = digest(key, canonical(value))
            if found != entry.hash:
                changed.append(replace(entry, hash=found, parts=back.shape.parts(rows)))
            yield _piece(back, entry.position, key, value)
        written.gone += len(gone)
        entries.note(back.connection, back.run_id, back.unit, changed)
        entries.forget(back.connection, back.run_id, back.unit, gone)


def _rejected(back: Back, written: Written, keys: set[int]) -> Iterator[Piece]:
    for reject in rejected.every(back.connection, back.run_id, back.unit):
        text = None if reject.raw is None or reject.conflict else back.frame.verbatim(reject.key, reject.raw)
        found = None if text is None else back.frame.as_read(back.shape, text)
        if text is None or found is None:
            written.left_out.add(reject.key or f"{reject.place}")
            continue
        if reject.key is not None:
            keys.add(hash(reject.key))
        yield Piece(reject.position, text, found, verbatim=True)


def _new(back: Back, written: Written, keys: set[int], position: int) -> Iterator[Piece]:
    """What belongs with the source and was made in the new home, in the style of the source's first record."""
    house = _house(back)
    after = ""
    while page := tables.added(back.connection, back.shape, back.owner, (back.run_id, back.unit), after, _PAGE):
        after = page[-1]
        there = tables.read(back.connection, back.shape, page, current=True)
        made = []
        for target, rows in there.items():
            key, value = back.shape.to_record(None, rows, house)
            key = back.frame.named(back.shape, key, value)
            if hash(key) in keys:
                written.left_out.add(key)
                continue
            keys.add(hash(key))
            piece = _piece(back, position, key, value)
            parts = back.shape.parts(rows)
            made.append(Entry(key, position, piece.digest, target, parts, len(piece.text), house))
            written.added += 1
            position += 1
            yield piece
        entries.note(back.connection, back.run_id, back.unit, made)


def _house(back: Back) -> dict[str, Json]:
    first = next(entries.every(back.connection, back.run_id, back.unit), None)
    rows = tables.read(back.connection, back.shape, [first.target_id]) if first else {}
    return back.shape.house(rows[first.target_id]) if first and first.target_id in rows else {}


def _piece(back: Back, position: int, key: str, value: Json) -> Piece:
    return Piece(position, back.frame.member(key, value).encode(), digest(key, canonical(value)))


def _pages(found: Iterator[Entry]) -> Iterator[list[Entry]]:
    page: list[Entry] = []
    size = 0
    for entry in found:
        page.append(entry)
        size += entry.bytes
        if size >= BATCH_BYTES or len(page) >= BATCH_RECORDS:
            yield page
            page, size = [], 0
    yield page
