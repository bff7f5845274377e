"""An export of DynamoDB tables moved in: what arrives, what the proof sees, what is refused."""

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from arraigo import move
from arraigo.errors import InvalidInput
from support import dynamo

Superuser = Callable[..., list[tuple[Any, ...]]]
_SIZE = "UPDATE arraigo.states SET value = jsonb_set(value, '{{item,payload,size}}', '3.0')"


def everything(count: int = 12) -> dict[str, list[dynamo.Item]]:
    """Three tables; a fifth of the sessions hold their iterations inside, and one session is gone."""
    sessions, iterations = [], []
    for index in range(count):
        if index % 5 == 4:
            inside = [dynamo.iteration(index, turn, own=False) for turn in (1, 2)]
            sessions.append(dynamo.session(index, iterations=inside))
        else:
            sessions.append(dynamo.session(index))
            iterations += [dynamo.iteration(index, turn) for turn in range(1, index % 4 + 1)]
    iterations.append(dynamo.iteration(99_999, 1))
    temporary = [dynamo.temporary(index) for index in range(count)] + [dynamo.ODD, dynamo.temporary(77_777, ttl=1)]
    return {"Sessions": sessions, "Iterations": iterations, "Temporary": temporary}


@pytest.fixture
def old(tmp_path: Path) -> Path:
    for table, items in everything().items():
        dynamo.write_export(tmp_path / "old", table, items)
    return tmp_path / "old"


def test_three_tables_become_conversations_messages_and_states(old: Path, owner_url: str, superuser: Superuser) -> None:
    report = move.run(f"dynamodb-export:{old}", owner_url)
    assert report.ok, report
    assert {unit.name: (unit.source_rows, unit.match) for unit in report.units} == {
        "plans": (13, True),
        "items": (14, True),
    }
    assert superuser("SELECT count(*), count(DISTINCT external_id) FROM arraigo.conversations") == [(13, 13)]
    ((title, settings, status),) = superuser(
        "SELECT title, settings, status FROM arraigo.conversations WHERE external_id = 's-00003'"
    )
    assert (title, status) == ("Refund of an order 3", "completed")
    assert settings["coverage_percentage"] == 83
    assert superuser(
        """SELECT plan_type, coverage_percentage, min_test_cases, max_test_cases FROM arraigo.plan_configurations
             JOIN arraigo.conversations c ON c.id = conversation_id WHERE external_id = 's-00003'"""
    ) == [("REGRESIÓN", 83, 5, 50)]
    rows = superuser(
        """SELECT role, content, (m.metadata->'generated_cases')::int FROM arraigo.messages m
             JOIN arraigo.conversations c ON c.id = m.conversation_id
            WHERE external_id = 's-00003' ORDER BY sequence_number"""
    )
    assert [row[0] for row in rows] == ["user", "assistant"] * 3
    assert rows[1][1:] == ("Listo 1", 2)
    assert rows[3][1:] == ("Plan generado con 2 casos de prueba", 2)
    states = superuser("SELECT count(*), count(expires_at), count(DISTINCT namespace) FROM arraigo.states")
    assert states == [(14, 12, 1)]
    told = {one.what: one.count for one in report.transformations}
    assert told["items whose time to live had passed were kept, without an expiry"] == 1
    assert told["iterations whose session is gone became conversations of their own"] == 1


def test_one_table_with_everything_becomes_the_same(tmp_path: Path, owner_url: str, superuser: Superuser) -> None:
    items = [item for some in everything().values() for item in some]
    dynamo.write_export(tmp_path, "All", items[::-1], files=3)
    report = move.run(f"dynamodb-export:{tmp_path}", owner_url)
    assert report.ok, report
    assert superuser("SELECT count(*) FROM arraigo.conversations") == [(13,)]
    again = move.run(f"dynamodb-export:{tmp_path}", owner_url)
    assert again.ok
    assert {unit.name: unit.outcome for unit in again.units} == {"plans": {"unchanged": 13}, "items": {"unchanged": 14}}
    assert again.run_id == report.run_id


@pytest.mark.parametrize(
    ("statement", "key"),
    [
        ("UPDATE arraigo.messages SET content = content || ' ' WHERE {c} AND sequence_number = 2", "s-00003"),
        ("UPDATE arraigo.messages SET metadata = metadata - 'legacy' WHERE {c} AND sequence_number = 2", "s-00003"),
        ("UPDATE arraigo.conversations SET settings = settings - 'plan_type' WHERE {i}", "s-00003"),
        ("UPDATE arraigo.conversations SET title = 'x' WHERE {i}", "s-00003"),
        ("UPDATE arraigo.conversations SET created_at = created_at + '1 us' WHERE {i}", "s-00003"),
        ("UPDATE arraigo.conversations SET status = 'archived' WHERE {i}", "s-00003"),
        (f"{_SIZE} WHERE {{s}}", "Temporary/upload-00003"),
        ("UPDATE arraigo.states SET expires_at = expires_at + '1 s' WHERE {s}", "Temporary/upload-00003"),
    ],
)
def test_one_changed_cell_fails_the_proof_and_names_the_record(
    old: Path, owner_url: str, superuser: Superuser, statement: str, key: str
) -> None:
    run = move.run(f"dynamodb-export:{old}", owner_url)
    where = "(SELECT id FROM arraigo.conversations WHERE external_id = 's-00003')"
    superuser(
        statement.format(
            c=f"conversation_id = {where}", i="external_id = 's-00003'", s="key = 'Temporary/upload-00003'"
        )
    )
    report = move.verify(run.run_id, owner_url)
    assert (report.ok, report.changed) == (False, 1)
    assert any(key in check.detail for check in report.checks)


def test_bad_items_are_rejected_with_their_file_and_line(tmp_path: Path, owner_url: str, superuser: Superuser) -> None:
    bad: list[dynamo.Item] = [
        {"data_key": {"S": "a"}, "n": {"N": "x"}},
        {"data_key": {"S": "b"}, "n": {"SS": []}},
        {"data_key": {"S": "c"}, "n": {"B": "*"}},
        {"data_key": {"S": "d"}, "n": {"N": "1" * 39}},
        {"data_key": {"S": "e"}, "n": {"S": "\0"}},
        {"data_key": {"S": "f"}, "n": {"Q": "1"}},
        {"data_key": {"S": "g"}, "n": {"S": "x" * 300_000}},
        {"data_key": {"S": "h"}, "n": {"SS": ["1", "1"]}},
    ]
    good = dynamo.temporary(1)
    dynamo.write_export(tmp_path, "T", [*bad, good, dynamo.temporary(2), dynamo.temporary(2)], files=1)
    report = move.run(f"dynamodb-export:{tmp_path}", owner_url, allow_rejects=True)
    assert superuser("SELECT count(*) FROM arraigo.states") == [(1,)]
    assert len(report.rejects) == 9
    assert all("data/" in reject.reason for reject in report.rejects)
    assert {reject.line for reject in report.rejects} == {1, 2, 3, 4, 5, 6, 7, 8, 10}
    assert report.ok
    assert not move.run(f"dynamodb-export:{tmp_path}", owner_url).ok


def test_an_export_that_is_not_whole_moves_nothing(tmp_path: Path, owner_url: str, superuser: Superuser) -> None:
    home = dynamo.write_export(tmp_path, "T", [dynamo.temporary(index) for index in range(10)])
    (first, second) = sorted((home / "data").iterdir())
    whole = first.read_bytes()

    def refused(why: str) -> None:
        with pytest.raises(InvalidInput, match=why):
            move.run(f"dynamodb-export:{tmp_path}", owner_url)
        assert superuser("SELECT count(*) FROM arraigo.states") == [(0,)]

    first.write_bytes(whole[:-20])
    refused("ends too early")
    first.write_bytes(b"not gzip")
    refused("damaged")
    first.write_bytes(second.read_bytes())
    refused("MD5")
    first.unlink()
    refused("is missing")
    first.write_bytes(whole)
    manifest = home / "manifest-files.json"
    manifest.write_text(manifest.read_text() + " ")
    refused("manifest-files.json is damaged")
    (home / "manifest-files.md5").unlink()
    lines = [json.loads(line) for line in manifest.read_text().splitlines() if line.strip()]
    lines[0]["itemCount"] += 1
    manifest.write_text("\n".join(map(json.dumps, lines)))
    refused("speaks of 10 items")
    for name, kind in (("outputFormat", "ION"), ("exportType", "INCREMENTAL_EXPORT")):
        other = tmp_path / name
        dynamo.write_export(other, "T", [dynamo.temporary(1)], summary={name: kind})
        with pytest.raises(InvalidInput, match=kind):
            move.plan(f"dynamodb-export:{other}")


def test_a_file_of_several_gzip_members_and_a_last_line_without_an_end_is_read(tmp_path: Path, owner_url: str) -> None:
    home = dynamo.write_export(tmp_path, "T", [dynamo.temporary(index) for index in range(4)], files=1)
    (file,) = (home / "data").iterdir()
    lines = gzip.decompress(file.read_bytes()).splitlines(keepends=True)
    file.write_bytes(gzip.compress(b"".join(lines[:2])) + gzip.compress(b"".join(lines[2:]).rstrip()))
    manifest = home / "manifest-files.json"
    facts = json.loads(manifest.read_text()) | {"md5Checksum": "", "etag": ""}
    manifest.write_text(json.dumps(facts))
    (home / "manifest-files.md5").unlink()
    assert move.run(f"dynamodb-export:{tmp_path}", owner_url).units[0].source_rows == 4


def test_plan_reads_everything_and_writes_nothing(old: Path) -> None:
    plan = move.plan(f"dynamodb-export:{old}")
    assert {unit.name: unit.records for unit in plan.units} == {"plans": 13, "items": 14}
    assert plan.cannot_move == 0


def test_a_plan_says_what_the_run_does(old: Path, tmp_path: Path, owner_url: str) -> None:
    changed = dynamo.temporary(1) | {"payload": dynamo.text("otro")}
    other = tmp_path / "other"
    mine = [dynamo.temporary(0), changed, dynamo.temporary(77_777, ttl=1), dynamo.temporary(99, ttl=1)]
    dynamo.write_export(other, "Temporary", mine)
    for folder in (old, old, other, other):
        source = f"dynamodb-export:{folder}"
        plan = move.plan(source, owner_url)
        report = move.run(source, owner_url, allow_rejects=True)
        for planned, unit in zip(plan.units, report.units, strict=True):
            outcome = unit.outcome
            assert planned.there_already == outcome.get("there already", 0) + outcome.get("unchanged", 0)
            assert planned.rejected == outcome.get("rejected", 0)
        assert {one.reason for one in plan.rejects} == {one.reason for one in report.rejects}
        assert plan.decisions == {one.what: one.count for one in report.transformations}
    assert [one.key for one in report.rejects] == ["Temporary/upload-00001"]
    assert plan.units[0].there_already == 3
    assert plan.decisions == {"items whose time to live had passed were kept, without an expiry": 2}
