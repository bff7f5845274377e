"""An export written anew: data files and manifests as DynamoDB's own, so that AWS can import them."""

import base64
import gzip
import hashlib
import json
import shutil
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from arraigo.errors import InvalidInput, Unavailable
from arraigo.move.records.fingerprint import Fingerprint
from arraigo.move.records.items import Facts, ItemShape
from arraigo.move.records.progress import Tell
from arraigo.move.sources.dynamodb.export import FILES, KEPT, SUMMARY, DataFile, lines_of
from arraigo.move.sources.dynamodb.lines import LineFrame, Returned, Way, digest_of, parted, row_of, rows_in
from arraigo.move.sources.dynamodb.places import Bucket, Folder, at
from arraigo.move.sources.dynamodb.spool import Line, Spool, gathered, spooled

_MADE = {"version": "2020-06-30", "outputFormat": "DYNAMODB_JSON", "exportType": "FULL_EXPORT"}


def into_export(place: str, options: Mapping[str, str], frame: LineFrame, draft: Path) -> Way:
    """The way into files; what a source was an export of keeps its names.

    Args:
        place: A folder, or `s3://…`.
        options: Of the source: where S3 answers.
        frame: How the source was written.
        draft: An empty folder, on the same disk as the place where that is one.
    """

    def write(rows: Mapping[ItemShape, Path], tell: Tell) -> Returned:
        del tell  # writing is quick beside what led here
        target = at(place, options)
        if isinstance(target, Folder) and not Path(place).parent.is_dir():
            raise InvalidInput(
                f"there is no folder {Path(place).parent}", safe="nothing was written", remedy="make it first"
            )
        exports = _exports(frame, rows)
        files = [file for export in exports.values() for file in _write(export, rows, draft)]
        facts = [frame.facts.get(table) or Facts(table, (), "ttl") for table, _ in files]
        found = _read(draft, [file for _, file in files], facts)
        folders = [export["folder"] for export in exports.values()]
        return Returned(found, settle=lambda: _settle(target, place, draft, folders))

    return write


def _exports(frame: LineFrame, rows: Mapping[ItemShape, Path]) -> dict[str, dict[str, Any]]:
    """By table: the export that it was, or a new one."""
    found = {export["table"]: dict(export) for export in frame.exports}
    tables = {parted(row)[0] for path in rows.values() for row in rows_in(path)}
    for table in sorted({*tables, *frame.facts} - set(found)):
        arn = f"arn:aws:dynamodb:::table/{table}"
        made = {"dataFileS3Key": f"{table}/data/items.json.gz", "name": f"{table}/data/items.json.gz"}
        found[table] = {"folder": f"{table}/", "table": table, "summary": _MADE | {"tableArn": arn}, "files": [made]}
    return found


def _write(export: Mapping[str, Any], rows: Mapping[ItemShape, Path], draft: Path) -> Iterator[tuple[str, DataFile]]:
    """One table's data files and manifests."""
    named = export["files"]
    paths = [draft / one["name"] for one in named]
    counts = [0] * len(paths)
    (draft / f"{export['folder']}data").mkdir(parents=True, exist_ok=True)
    streams = [gzip.GzipFile(path, "wb", compresslevel=6, mtime=0) for path in paths]
    try:
        turn = 0
        for path in rows.values():
            for row in rows_in(path):
                table, raw = parted(row)
                if table == export["table"]:
                    streams[turn % len(paths)].write(raw + b"\n")
                    counts[turn % len(paths)] += 1
                    turn += 1
    finally:
        for stream in streams:
            stream.close()
    lines = []
    for one, path, count in zip(named, paths, counts, strict=True):
        md5 = _md5(path)
        etag = hashlib.md5(md5, usedforsecurity=False).hexdigest() + "-1"
        kept = {name: value for name, value in one.items() if name != "name"}
        line = kept | {"itemCount": count, "md5Checksum": base64.b64encode(md5).decode(), "etag": etag}
        lines.append(line)
        yield export["table"], DataFile(one["name"], count, line["md5Checksum"], etag, line)
    now = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%S.%f}"[:-3] + "Z"
    summary = export["summary"] | {"itemCount": sum(counts), "exportTime": now}
    _manifest(draft / export["folder"] / SUMMARY, json.dumps(summary))
    _manifest(draft / export["folder"] / FILES, "".join(json.dumps(line) + "\n" for line in lines))


def _manifest(path: Path, text: str) -> None:
    """With its own MD5 beside it."""
    path.write_text(text, encoding="utf-8")
    path.with_suffix(".md5").write_text(base64.b64encode(_md5(path)).decode(), encoding="ascii")


def _md5(path: Path) -> bytes:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, lambda: hashlib.md5(usedforsecurity=False)).digest()


def _read(draft: Path, files: list[DataFile], facts: list[Facts]) -> dict[ItemShape, Fingerprint]:
    """What was written, read as any other export."""
    folder = Folder(draft)

    def lines() -> Iterator[Line]:
        for number, file in enumerate(files):
            yield from lines_of(folder, file, number)

    size = sum((draft / file.name).stat().st_size for file in files)
    with spooled(lines(), [file.name for file in files], facts, 10 * size) as spool:
        return {shape: fingerprint_of(spool, shape) for shape in spool.parts}


def fingerprint_of(spool: Spool, shape: ItemShape) -> Fingerprint:
    """Of every record of a shape."""
    found = Fingerprint()
    for part in spool.parts[shape]:
        for key, lines in gathered(part):
            found = found.add(digest_of(shape, key, [row_of(spool.tables[one.piece].name, one.raw) for one in lines]))
    return found


def _settle(target: Folder | Bucket, place: str, draft: Path, folders: list[str]) -> list[str]:
    """Put what was written in its place; what stood there keeps another name, a bucket's objects are new."""
    if isinstance(target, Bucket):
        for path in sorted(draft.rglob("*")):
            if path.is_file():
                target.write(str(path.relative_to(draft)), path)
        return []
    kept = []
    stamp = f"{KEPT}{datetime.now(UTC):%Y%m%dT%H%M%S}"
    try:
        for folder in folders:
            goal = Path(place) / folder
            if goal.exists():
                beside = goal.with_name(f"{goal.name}{stamp}")
                goal.rename(beside)
                kept.append(beside.name)
            goal.parent.mkdir(parents=True, exist_ok=True)
            shutil.move(draft / folder, goal)
    except OSError as error:
        raise Unavailable(
            f"{place} cannot be written: {(error.strerror or type(error).__name__).lower()}",
            safe=f"everything is in PostgreSQL; what stood there is kept as *{stamp}",
            remedy="make room or give the right, or write elsewhere with --into",
        ) from error
    return kept
