"""An export of a table to S3, in a folder or in a bucket: its manifests, and `data/*.json.gz` with an item a line.

The format is AWS's (DynamoDB developer guide, "DynamoDB table export output format"). Every file is checked against
its manifest, its MD5 and its number of items, before anything of it counts.
"""

import base64
import hashlib
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import orjson

from arraigo.errors import InvalidInput
from arraigo.move.records import moments
from arraigo.move.records.ahead import ahead
from arraigo.move.records.found import Found
from arraigo.move.records.items import Facts
from arraigo.move.records.jsontext import Unfit
from arraigo.move.records.progress import Progress, Tell
from arraigo.move.sources.dynamodb.lines import LineFrame
from arraigo.move.sources.dynamodb.places import Bucket, Folder, place_of
from arraigo.move.sources.dynamodb.reading import units_of
from arraigo.move.sources.dynamodb.spool import Line, spooled
from arraigo.move.sources.spec import Source

SUMMARY, FILES = "manifest-summary.json", "manifest-files.json"
KEPT = ".before-rollback-"
"""In the name of an export that another has taken the place of."""
USUAL_KEYS = ("pk", "sk", "PK", "SK", "id", "key", "data_key", "session_id", "iteration_number", "data_type")
"""What keys are usually made of: an export does not say which attributes are its table's."""
_PACKED = 1 << 17  # bytes that are unpacked at a time
_RATIO = 8  # of JSON to what gzip makes of it


@dataclass(frozen=True, slots=True)
class DataFile:
    """One file of items, as its manifest has it.

    Attributes:
        name: Below the source's place.
        md5: In base64.
    """

    name: str
    items: int
    md5: str
    etag: str
    manifest: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Export:
    """One table's export.

    Attributes:
        folder: Where its manifests are, below the source's place; empty, or ending in a slash.
        table: The table's name.
        at: The moment that it shows.
        summary: Its manifest, as it stands.
    """

    folder: str
    table: str
    items: int
    at: datetime
    summary: dict[str, Any]
    files: tuple[DataFile, ...] = field(default=(), repr=False)


def find(source: Source) -> tuple[Export, ...]:
    """The exports that lie there, their manifests read and checked.

    Raises:
        InvalidInput: There is none, or one is not whole, or is of a kind that holds no whole table.
        Unavailable: The bucket cannot be read.
    """
    place = place_of(source)
    names = {name for name in place.names() if KEPT not in name}
    folders = sorted(name.removesuffix(SUMMARY) for name in names if f"/{name}".endswith(f"/{SUMMARY}"))
    if not folders:
        raise InvalidInput(
            f"there is no {SUMMARY} in {source.location} or below it",
            safe="nothing was moved",
            remedy="name the folder of an export, AWSDynamoDB/EXPORT-ID, or one that holds it",
        )
    found = tuple(_export(place, folder, names) for folder in folders)
    twice = {one.table for one in found if sum(other.table == one.table for other in found) > 1}
    if twice:
        raise InvalidInput(
            f"there are several exports of the table {min(twice)} in {source.location}",
            safe="nothing was moved",
            remedy="name the folder of the one that is meant",
        )
    return found


@contextmanager
def opened(source: Source, tell: Tell) -> Iterator[Found]:
    """What the exports hold, read whole and checked.

    Raises:
        InvalidInput: A file is missing, damaged, or not as its manifest says.
        Unavailable: The bucket cannot be read.
    """
    exports, place = find(source), place_of(source)
    files = [(export, file) for export in exports for file in export.files]
    keys = tuple(source.options["keys"].split(",")) if "keys" in source.options else USUAL_KEYS
    ttl = source.options.get("ttl", "ttl")
    size = sum(int(export.summary.get("billedSizeBytes") or 0) for export in exports)
    size = max(size, 500 * sum(export.items for export in exports))

    def lines() -> Iterator[Line]:
        done = 0
        for number, (_, file) in enumerate(files):
            for line in lines_of(place, file, number):
                done += len(line.raw)
                yield line
            tell(Progress("read", file.name, done, max(size, done), 0))

    tables = [Facts(export.table, keys, ttl) for export, _ in files]
    with spooled(lines(), [file.name for _, file in files], tables, size) as spool:
        for number, (_, file) in enumerate(files):
            if spool.lines[number] != file.items:
                raise InvalidInput(
                    f"{file.name} holds {spool.lines[number]} items, and its manifest says {file.items}",
                    safe="nothing was moved",
                )
        known = [{"name": export.table, "keys": list(keys), "ttl": ttl} for export in exports]
        frame = LineFrame(tuple(known), tuple(_kept(export) for export in exports))
        units = units_of(spool, source.location, min(export.at for export in exports), frame)
        if not units:
            raise InvalidInput(f"{source.location} holds no items", safe="nothing was moved")
        yield Found(units)


def lines_of(place: Folder | Bucket, file: DataFile, piece: int) -> Iterator[Line]:
    """The lines of one file, from 1. Its end is checked only when it was read to its end.

    Raises:
        InvalidInput: It is damaged, or not the file that its manifest means.
    """
    number, rest = 0, b""
    for unpacked in ahead(_unpacked(file, place.pieces(file.name))):
        rows = (rest + unpacked).split(b"\n")
        rest = rows.pop()
        for raw in rows:
            number += 1
            if raw:
                yield Line(piece, number, raw)
    if rest:
        yield Line(piece, number + 1, rest)


def _unpacked(file: DataFile, pieces: Iterator[bytes]) -> Iterator[bytes]:
    """What gzip packed, a few megabytes at a time."""
    hashed, unpack = hashlib.md5(usedforsecurity=False), zlib.decompressobj(wbits=31)
    try:
        for piece in pieces:
            hashed.update(piece)
            for start in range(0, len(piece), _PACKED):
                packed = piece[start : start + _PACKED]
                while packed:
                    yield unpack.decompress(packed)
                    packed = unpack.unused_data  # a file may be several, one behind the other
                    if unpack.eof and packed:
                        unpack = zlib.decompressobj(wbits=31)
    except zlib.error:
        raise InvalidInput(f"{file.name} is damaged: it is not what gzip writes", safe="nothing was moved") from None
    if not unpack.eof:
        raise InvalidInput(f"{file.name} is damaged: it ends too early", safe="nothing was moved")
    _check(file, hashed.digest())


def _check(file: DataFile, md5: bytes) -> None:
    """Against the manifest; an etag of one part is the MD5 of the part's MD5."""
    single = hashlib.md5(md5, usedforsecurity=False).hexdigest() + "-1"
    etag = file.etag.strip('"')
    wrong = file.md5 and file.md5 != base64.b64encode(md5).decode()
    if wrong or (etag.endswith("-1") and etag != single) or (etag and "-" not in etag and etag != md5.hex()):
        raise InvalidInput(
            f"{file.name} is not the file that its manifest means: its MD5 is another",
            safe="nothing was moved",
            remedy="get it from the bucket again",
        )


def _export(place: Folder | Bucket, folder: str, names: set[str]) -> Export:
    summary = _manifest(place, f"{folder}{SUMMARY}", names)
    if len(summary) != 1 or "tableArn" not in summary[0]:
        raise InvalidInput(f"{folder}{SUMMARY} is no manifest of an export", safe="nothing was moved")
    (facts,) = summary
    for name, expected in (("outputFormat", "DYNAMODB_JSON"), ("exportType", "FULL_EXPORT")):
        if facts.get(name, expected) != expected:
            raise InvalidInput(
                f"{folder}{SUMMARY} says {name} {facts[name]}, and only {expected} can be moved",
                safe="nothing was moved",
                remedy="export the whole table again, as DynamoDB JSON",
            )
    files = []
    for one in _manifest(place, f"{folder}{FILES}", names):
        name = f"{folder}data/{str(one.get('dataFileS3Key', '')).rpartition('/')[2]}"
        if name not in names:
            raise InvalidInput(f"{name} is missing, which {folder}{FILES} names", safe="nothing was moved")
        files.append(
            DataFile(name, int(one.get("itemCount", -1)), one.get("md5Checksum", ""), one.get("etag", ""), one)
        )
    items = sum(file.items for file in files)
    if int(facts.get("itemCount", items)) != items:
        raise InvalidInput(
            f"{folder}{SUMMARY} speaks of {facts['itemCount']} items, and {FILES} of {items}", safe="nothing was moved"
        )
    table = str(facts["tableArn"]).rpartition("/")[2]
    return Export(folder, table, items, _moment(facts), facts, tuple(files))


def _manifest(place: Folder | Bucket, name: str, names: set[str]) -> list[dict[str, Any]]:
    """The objects of a manifest, one a line; checked against its own MD5, where that lies beside it."""
    if name not in names:
        raise InvalidInput(f"{name} is missing", safe="nothing was moved", remedy="get the whole export")
    data = b"".join(place.pieces(name))
    beside = name.removesuffix(".json") + ".md5"
    if beside in names:
        said = b"".join(place.pieces(beside)).strip().decode("ascii", "replace")
        if said != base64.b64encode(hashlib.md5(data, usedforsecurity=False).digest()).decode():
            raise InvalidInput(f"{name} is damaged: its MD5 is not the one in {beside}", safe="nothing was moved")
    try:
        found = [orjson.loads(line) for line in data.splitlines() if line.strip()]
    except orjson.JSONDecodeError:
        try:
            found = [orjson.loads(data)]  # written over several lines
        except orjson.JSONDecodeError:
            found = [None]
    if not all(isinstance(one, dict) for one in found):
        raise InvalidInput(f"{name} is no manifest of an export", safe="nothing was moved")
    return found


def _moment(facts: dict[str, Any]) -> datetime:
    try:
        return moments.read(facts.get("exportTime"))
    except Unfit:
        return datetime.now(UTC)


def _kept(export: Export) -> dict[str, Any]:
    """What going back writes the same export with."""
    files = [file.manifest | {"name": file.name} for file in export.files]
    return {"folder": export.folder, "table": export.table, "summary": export.summary, "files": files}
