"""Live DynamoDB tables: moved, proved again after they were written to, and written back."""

import base64
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from typing import Any

import httpx
import pytest

from arraigo import move
from arraigo.errors import InvalidInput, Unavailable
from arraigo.move.sources.dynamodb import tables
from support import dynamo
from support.dynamodb import Tables

Superuser = Callable[..., list[tuple[Any, ...]]]
# What moto keeps as it is; names of attributes that are names of types confuse it.
ODD: dynamo.Item = {
    "data_key": {"S": "every type"},
    "number": {"N": "-1.2345678901234567890123456789012345678"},
    "binary": {"B": base64.b64encode(bytes(range(256))).decode()},
    "texts": {"SS": ["z", "a", "ñ"]},
    "numbers": {"NS": ["3", "1.5"]},
    "binaries": {"BS": ["AQI=", "AA=="]},
    "deep": {"M": {"list": {"L": [{"L": []}, {"M": {}}, {"NULL": True}, {"BOOL": False}, {"S": ""}]}}},
}


def filled(dynamodb: Tables) -> tuple[str, str, str]:
    names = (
        dynamodb.make("Sessions", "session_id"),
        dynamodb.make("Iterations", "session_id", "iteration_number"),
        dynamodb.make("Temporary", "data_key"),
    )
    dynamodb.put(names[0], *(dynamo.session(index) for index in range(6)))
    dynamodb.put(names[1], *(dynamo.iteration(index, turn) for index in range(6) for turn in (1, 2)))
    dynamodb.put(names[2], ODD, *(dynamo.temporary(index) for index in range(3)))
    dynamodb.client.update_time_to_live(
        TableName=names[2], TimeToLiveSpecification={"Enabled": True, "AttributeName": "ttl"}
    )
    return names


def test_tables_are_moved_and_a_later_write_is_told_apart(
    dynamodb: Tables, owner_url: str, superuser: Superuser
) -> None:
    names = filled(dynamodb)
    run = move.run(dynamodb.source(*names), owner_url)
    assert run.ok, run
    assert {unit.name: unit.source_rows for unit in run.units} == {"plans": 6, "items": 4}
    assert superuser("SELECT count(*) FROM arraigo.messages") == [(24,)]
    assert move.verify(run.run_id, owner_url).ok
    dynamodb.put(names[0], dynamo.session(100))
    dynamodb.put(names[1], dynamo.iteration(3, 3))
    dynamodb.client.delete_item(TableName=names[2], Key={"data_key": {"S": "upload-00001"}})
    report = move.verify(run.run_id, owner_url)
    assert not report.ok
    said = " ".join(check.detail for check in report.checks)
    assert "s-00003 (in the source, since it was moved)" in said
    assert "written since it was read (run the same move again) in plans: s-00100" in said
    assert report.lost == 0
    assert "extra in items" in said
    superuser("DELETE FROM arraigo.states WHERE key LIKE '%%00001'")
    assert not move.run(dynamodb.source(*names), owner_url).lost
    assert superuser("SELECT count(*) FROM arraigo.conversations") == [(7,)]
    assert superuser("SELECT count(*) FROM arraigo.messages") == [(26,)]


def test_what_expired_on_both_sides_is_no_loss(dynamodb: Tables, owner_url: str, superuser: Superuser) -> None:
    names = filled(dynamodb)
    run = move.run(dynamodb.source(*names), owner_url)
    # Its time comes: DynamoDB deletes the item, the sweeper the state; the one that is still there is only late.
    superuser("UPDATE arraigo.states SET expires_at = now() - interval '1 s' WHERE key LIKE '%%upload-00001'")
    superuser("SELECT arraigo.sweep_states(100)")
    dynamodb.client.delete_item(TableName=names[2], Key={"data_key": {"S": "upload-00001"}})
    report = move.verify(run.run_id, owner_url)
    assert report.ok, report


def test_what_was_changed_here_goes_back_and_what_was_changed_there_stays(
    dynamodb: Tables, owner_url: str, superuser: Superuser
) -> None:
    names = filled(dynamodb)
    before = {name: dynamodb.all(name) for name in names}
    run = move.run(dynamodb.source(*names), owner_url)
    superuser("UPDATE arraigo.conversations SET title = 'Otro' WHERE external_id IN ('s-00001', 's-00002')")
    superuser(
        """INSERT INTO arraigo.messages (conversation_id, sequence_number, id, owner_id, created_at, role, content)
           SELECT id, n, arraigo.uuid7(), owner_id, now(), CASE n WHEN 5 THEN 'user' ELSE 'assistant' END, 'nuevo ' || n
             FROM arraigo.conversations, generate_series(5, 6) n WHERE external_id = 's-00003'"""
    )
    superuser("DELETE FROM arraigo.conversations WHERE external_id = 's-00004'")
    dynamodb.put(names[0], dynamo.session(2, status={"S": "changed there"}), dynamo.session(200))
    report = move.rollback(run.run_id, owner_url)
    assert not report.ok  # one of them could not go back
    assert "s-00002" in " ".join(check.detail for check in report.checks)
    sessions = {item["session_id"]["S"]: item for item in dynamodb.all(names[0])}
    assert sessions["s-00001"]["plan_configuration"]["M"]["plan_title"] == {"S": "Otro"}
    assert sessions["s-00002"]["status"] == {"S": "changed there"}
    assert "s-00004" not in sessions
    assert "s-00200" in sessions
    assert [sessions[f"s-0000{n}"] for n in (0, 3, 5)] == [
        next(one for one in before[names[0]] if one["session_id"] == {"S": f"s-0000{n}"}) for n in (0, 3, 5)
    ]
    (new,) = [one for one in dynamodb.all(names[1]) if one["iteration_number"] == {"N": "3"}]
    assert (new["session_id"], new["user_instructions"]) == ({"S": "s-00003"}, {"S": "nuevo 5"})
    assert len(dynamodb.all(names[1])) == 12 + 1 - 2
    assert sorted(map(str, dynamodb.all(names[2]))) == sorted(map(str, before[names[2]]))


def test_a_rollback_of_nothing_new_writes_nothing(dynamodb: Tables, owner_url: str) -> None:
    names = filled(dynamodb)
    run = move.run(dynamodb.source(*names), owner_url)
    report = move.rollback(run.run_id, owner_url)
    assert report.ok, report
    assert report.phase == "rolled_back"
    again = move.run(dynamodb.source(*names), owner_url)
    assert again.ok
    assert [unit.outcome for unit in again.units] == [{"there already": 6}, {"there already": 4}]


def test_a_table_that_is_not_there_is_named(dynamodb: Tables, owner_url: str) -> None:
    with pytest.raises(InvalidInput, match="no table Nowhere there"):
        move.run(dynamodb.source("Nowhere"), owner_url)


class _Busy(BaseHTTPRequestHandler):
    """DynamoDB behind a door that refuses every other scan."""

    endpoint = ""
    turns = count()
    always = False

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.headers["X-Amz-Target"].endswith(".Scan") and (self.always or next(self.turns) % 2 == 0):
            said = b'{"__type": "com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException"}'
            self.send_response(400)
        else:
            kept = {name: value for name, value in self.headers.items() if name.lower() != "host"}
            said = httpx.post(self.endpoint, content=body, headers=kept).content
            self.send_response(200)
        self.send_header("Content-Type", "application/x-amz-json-1.0")
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    def log_message(self, *_args: object) -> None:
        """Say nothing."""


@pytest.fixture
def busy(dynamodb: Tables) -> Iterator[type[_Busy]]:
    handler = type("Busy", (_Busy,), {"endpoint": dynamodb.endpoint, "turns": count()})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        dynamodb.endpoint = f"http://127.0.0.1:{server.server_port}"
        yield handler
        server.shutdown()


def test_a_throttled_table_is_waited_for(
    busy: type[_Busy], dynamodb: Tables, owner_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = filled(dynamodb)
    assert move.run(dynamodb.source(*names), owner_url).ok
    monkeypatch.setattr(busy, "always", True)
    monkeypatch.setattr(tables, "_PATIENCE", 0.1)
    with pytest.raises(Unavailable, match="is throttled"):
        move.plan(dynamodb.source(*names))
