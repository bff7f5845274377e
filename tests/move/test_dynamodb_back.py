"""Going back to DynamoDB's items: an export's files, with everything that was added since."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import arraigo
from arraigo import move
from arraigo.errors import InvalidInput
from arraigo.settings import Settings
from support import dynamo
from support.s3 import ENVIRONMENT, S3

Superuser = Callable[..., list[tuple[Any, ...]]]


def old_export(folder: Path) -> tuple[Path, list[dynamo.Item]]:
    inside = [dynamo.iteration(1, turn, own=False) for turn in (1, 2)]
    items = [dynamo.session(0), dynamo.iteration(0, 1), dynamo.iteration(0, 2), dynamo.session(1, iterations=inside)]
    items += [dynamo.ODD, dynamo.temporary(5), dynamo.temporary(6, ttl=9), dynamo.iteration(88, 1)]
    items += [dynamo.session(2) | dynamo.ODD, {"data_key": {"S": "bad"}, "n": {"N": "x"}}]
    return dynamo.write_export(folder, "Old", items), items


def test_an_export_goes_back_with_the_same_items(tmp_path: Path, owner_url: str) -> None:
    home, items = old_export(tmp_path)
    run = move.run(f"dynamodb-export:{tmp_path}", owner_url, allow_rejects=True)
    assert run.ok
    names = sorted(path.name for path in (home / "data").iterdir())
    report = move.rollback(run.run_id, owner_url)
    assert report.ok, report
    assert report.phase == "rolled_back"
    assert sorted(path.name for path in (home / "data").iterdir()) == names
    assert dynamo.alike(dynamo.read_export(home), items)
    assert len(list(home.parent.iterdir())) == 2  # the old one is kept
    again = move.run(f"dynamodb-export:{tmp_path}", owner_url, allow_rejects=True)
    assert again.ok, again
    assert [unit.outcome for unit in again.units] == [{"there already": 4}, {"there already": 3, "rejected": 1}]


async def test_what_was_added_and_changed_since_goes_back_too(
    tmp_path: Path, owner_url: str, settings: Settings, superuser: Superuser
) -> None:
    old_export(tmp_path)
    run = move.run(f"dynamodb-export:{tmp_path}", owner_url, user="ana", allow_rejects=True)
    ((owner, one),) = superuser("SELECT owner_id, id FROM arraigo.conversations WHERE external_id = 's-00000'")
    ((_, two),) = superuser("SELECT owner_id, id FROM arraigo.conversations WHERE external_id = 's-00001'")
    async with arraigo.open(settings) as store:
        for conversation in (one, two):
            await store.as_user("ana").messages.append(conversation, role="user", content="Quita los duplicados")
            await store.as_user("ana").messages.append(conversation, role="assistant", content="Hecho")
    superuser("UPDATE arraigo.conversations SET title = 'Otro' WHERE external_id = 's-00000'")
    superuser(
        """UPDATE arraigo.plan_configurations SET coverage_percentage = 95
            WHERE conversation_id = (SELECT id FROM arraigo.conversations WHERE external_id = 's-00000')"""
    )
    superuser("UPDATE arraigo.states SET value = jsonb_set(value, '{item,payload,size}', '7') WHERE key LIKE '%00005'")
    superuser("DELETE FROM arraigo.states WHERE key LIKE '%00006'")
    superuser(
        """INSERT INTO arraigo.conversations (owner_id, kind, title, settings)
           VALUES (%s, 'test_plan', 'Nuevo', '{"plan_title": "Nuevo", "coverage_percentage": 80}')""",
        owner,
    )
    assert move.verify(run.run_id, owner_url).changed == 2
    into = tmp_path / "into"
    report = move.rollback(run.run_id, owner_url, to=str(into))
    assert report.ok, report
    (home,) = (into / "AWSDynamoDB").iterdir()
    found = dynamo.read_export(home)
    new = [item for item in found if item.get("user_instructions") == {"S": "Quita los duplicados"}]
    assert [(item["iteration_number"], item["system_response"]) for item in new] == [({"N": "3"}, {"S": "Hecho"})]
    (session,) = [item for item in found if item.get("iterations")]
    assert [one["M"].get("iteration_number") for one in session["iterations"]["L"]] == [
        {"N": "1"},
        {"N": "2"},
        {"N": "3"},
    ]
    (configured,) = [
        item["plan_configuration"]["M"]
        for item in found
        if item.get("session_id") == {"S": "s-00000"} and "plan_configuration" in item
    ]
    assert configured["coverage_percentage"] == {"N": "95"}
    titles = {item["plan_configuration"]["M"]["plan_title"]["S"] for item in found if "plan_configuration" in item}
    assert {"Otro", "Nuevo"} < titles
    assert [item["payload"]["M"]["size"] for item in found if item.get("data_key") == {"S": "upload-00005"}] == [
        {"N": "7"}
    ]
    assert not [item for item in found if item.get("data_key") == {"S": "upload-00006"}]
    told = {one.what: one.count for one in report.transformations}
    assert told["records were added"] == 1
    assert told["records were left out"] == 1


def test_an_export_in_a_bucket_is_read_there_and_never_written_over(
    s3: S3, tmp_path: Path, owner_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    _, items = old_export(tmp_path / "local")
    bucket = s3.bucket()
    store = s3.store(bucket)
    for path in (tmp_path / "local").rglob("*.*"):
        if path.is_file():
            store.put(f"backups/{path.relative_to(tmp_path / 'local')}", path)
    source = f"dynamodb-export:s3://{bucket}/backups?endpoint_url={s3.endpoint}"
    run = move.run(source, owner_url, allow_rejects=True)
    assert run.ok, run
    with pytest.raises(InvalidInput, match="not written over"):
        move.rollback(run.run_id, owner_url)
    assert move.rollback(run.run_id, owner_url, to=f"s3://{bucket}/back").ok
    again = move.plan(source.replace("/backups", "/back"))
    assert sum(unit.records for unit in again.units) == sum(unit.source_rows for unit in run.units) + 1
    assert move.rollback(run.run_id, owner_url, to=str(tmp_path / "local2")).ok
    (home,) = (tmp_path / "local2" / "AWSDynamoDB").iterdir()
    assert dynamo.alike(dynamo.read_export(home), items)
    assert json.loads((home / "manifest-summary.json").read_text())["itemCount"] == len(items)
