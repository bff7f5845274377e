"""Live tables: read whole by a scan in segments, several at once, with consistent reads.

A table has no snapshot: a scan shows each item as it was at some moment while the scan went on. What is written
meanwhile is found by the next scan, and told apart from what was lost.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from queue import Full, Queue
from threading import Event

import orjson

from arraigo.errors import InvalidInput
from arraigo.move.records.attributes import encoded
from arraigo.move.records.found import Found
from arraigo.move.records.progress import Progress, Tell
from arraigo.move.sources.dynamodb.lines import LineFrame
from arraigo.move.sources.dynamodb.reading import units_of
from arraigo.move.sources.dynamodb.spool import Line, Spool, spooled
from arraigo.move.sources.dynamodb.tables import Door, Table
from arraigo.move.sources.spec import Source

_SEGMENT = 64 * 1024 * 1024  # bytes of a table
_MOST = 8  # segments at once
_AHEAD = 16  # pages that wait to be sorted


def find(source: Source) -> tuple[Table, ...]:
    """The tables.

    Raises:
        InvalidInput: One is not there, or boto3 is not.
        Unavailable: DynamoDB does not answer, or refuses.
    """
    return Door(source).tables()


@contextmanager
def opened(source: Source, tell: Tell) -> Iterator[Found]:
    """What the tables hold now, read whole.

    Raises:
        InvalidInput: A table is not there, or none holds anything.
        Unavailable: DynamoDB does not answer, refuses, or stays throttled.
    """
    began = datetime.now(UTC)
    door = Door(source)
    tables = door.tables()
    with scanned(door, tables, tell) as spool:
        known = [{"name": one.facts.name, "keys": list(one.facts.keys), "ttl": one.facts.ttl} for one in tables]
        units = units_of(spool, f"dynamodb://{source.location}", began, LineFrame(tuple(known)))
        if not units:
            raise InvalidInput(f"dynamodb://{source.location} holds no items", safe="nothing was moved")
        yield Found(units)


@contextmanager
def scanned(door: Door, tables: tuple[Table, ...], tell: Tell) -> Iterator[Spool]:
    """Every item of these tables, sorted."""
    names = [table.facts.name for table in tables]
    size = sum(table.bytes for table in tables)
    lines = _lines(door, tables, tell)
    with spooled(lines, names, [table.facts for table in tables], size) as spool:
        yield spool


def _lines(door: Door, tables: tuple[Table, ...], tell: Tell) -> Iterator[Line]:
    """The items of all tables, as lines of an export; numbered as they come."""
    number = 0
    for piece, table in enumerate(tables):
        name, done = table.facts.name, 0
        for page in _pages(door, table):
            for item in page:
                number += 1
                raw = orjson.dumps({"Item": item}, default=encoded)
                done += len(raw)
                yield Line(piece, number, raw)
            tell(Progress("read", name, done, max(table.bytes, done), number))


def _pages(door: Door, table: Table) -> Iterator[list[dict[str, object]]]:
    """The pages of every segment, as they come. What goes wrong in one ends them all."""
    segments = min(_MOST, table.bytes // _SEGMENT + 2)
    pages: Queue[list[dict[str, object]] | None] = Queue(_AHEAD)
    stop = Event()

    def scan(segment: int) -> None:
        given = {"TableName": table.facts.name, "Segment": segment, "TotalSegments": segments, "ConsistentRead": True}
        try:
            while not stop.is_set():
                answer = door.call("scan", **given)
                _put(pages, answer["Items"], stop)
                if "LastEvaluatedKey" not in answer:
                    return
                given["ExclusiveStartKey"] = answer["LastEvaluatedKey"]
        finally:
            _put(pages, None, stop)

    with ThreadPoolExecutor(segments) as pool:
        work = [pool.submit(scan, segment) for segment in range(segments)]
        try:
            for _ in work:
                while (page := pages.get()) is not None:
                    yield page
                for one in work:
                    if one.done():
                        one.result()  # raises what went wrong there
        finally:
            stop.set()
    for one in work:
        one.result()


def _put(pages: "Queue[list[dict[str, object]] | None]", page: list[dict[str, object]] | None, stop: Event) -> None:
    """Hand a page on, unless nobody wants it any more."""
    while not stop.is_set():
        try:
            pages.put(page, timeout=1)
        except Full:
            continue
        return
