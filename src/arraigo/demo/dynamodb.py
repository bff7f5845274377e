"""The demo's move out of DynamoDB, for which moto's server stands: moved, proved, written back into empty tables."""

import logging
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from arraigo import move
from arraigo.demo.moving import USER
from arraigo.demo.plans import Item, iterations, sessions, uploads
from arraigo.errors import InvalidInput
from arraigo.move.sources.dynamodb.tables import client_of
from arraigo.postgres.target import Target

SESSIONS = 40  # at scale 1
_KEYS = {"Sessions": ("session_id",), "Iterations": ("session_id", "iteration_number"), "Uploads": ("data_key",)}
_AT_ONCE = 25  # what DynamoDB takes in one request
# moto lets in whoever says anything; nobody's own credentials go there.
_NOBODY = {"AWS_ACCESS_KEY_ID": "demo", "AWS_SECRET_ACCESS_KEY": "demo", "AWS_SESSION_TOKEN": None, "AWS_PROFILE": None}


@dataclass(frozen=True)
class Returned:
    """What the move out of DynamoDB and back came to.

    Attributes:
        items: By table: how many there were.
        report: The move's.
        back: The rollback's.
        plans, cases: How many of them are in PostgreSQL.
        same: Whether every table has the very items again.
    """

    items: dict[str, int]
    report: move.Report
    back: move.Report
    plans: int
    cases: int
    same: bool

    @property
    def ok(self) -> bool:
        """Whether all of it is right."""
        return self.report.ok and self.back.ok and self.same


class Tables:
    """The old assistant's tables, in a region that is moto's.

    Args:
        endpoint: Where that answers.
    """

    def __init__(self, endpoint: str) -> None:
        options = {"endpoint_url": endpoint, "region": "us-east-1"}
        self.source = f"dynamodb://{','.join(_KEYS)}?" + "&".join(f"{name}={value}" for name, value in options.items())
        self._client = client_of(options)

    def fill(self, scale: int) -> None:
        """Make them, with their items."""
        count = SESSIONS * scale
        made = {"Sessions": sessions(count), "Iterations": iterations(count), "Uploads": uploads(count // 2)}
        for name, items in made.items():
            keys = zip(_KEYS[name], ("HASH", "RANGE"), strict=False)
            kinds = {key: "N" if key == "iteration_number" else "S" for key in _KEYS[name]}
            self._client.create_table(
                TableName=name,
                KeySchema=[{"AttributeName": key, "KeyType": kind} for key, kind in keys],
                AttributeDefinitions=[{"AttributeName": key, "AttributeType": kind} for key, kind in kinds.items()],
                BillingMode="PAY_PER_REQUEST",
            )
            self._write(name, [{"PutRequest": {"Item": item}} for item in items])

    def empty(self) -> None:
        """Delete every item."""
        for name, items in self.everything().items():
            keys = [{key: item[key] for key in _KEYS[name]} for item in items]
            self._write(name, [{"DeleteRequest": {"Key": key}} for key in keys])

    def everything(self) -> dict[str, list[Item]]:
        """What is in each, in the order of its keys."""
        found = {}
        for name, keys in _KEYS.items():
            pages = self._client.get_paginator("scan").paginate(TableName=name, ConsistentRead=True)
            items = [item for page in pages for item in page["Items"]]
            found[name] = sorted(items, key=lambda item: [str(item[key]) for key in keys])
        return found

    def _write(self, name: str, requests: list[Any]) -> None:
        for begin in range(0, len(requests), _AT_ONCE):
            self._client.batch_write_item(RequestItems={name: requests[begin : begin + _AT_ONCE]})


def out_and_back(target: Target, scale: int, progress: move.Tell) -> Returned:
    """Fill tables, move them to the demo's user, empty them, and write them back out of PostgreSQL.

    Raises:
        InvalidInput: moto is not installed.
        ArraigoError: A side cannot be used.
    """
    with _moto() as endpoint:
        tables = Tables(endpoint)
        tables.fill(scale)
        before = tables.everything()
        report = move.run(tables.source, target, user=USER, progress=progress)
        rows: dict[str, int] = next((check.found for check in report.checks if check.name == "rows"), {})
        tables.empty()
        back = move.rollback(report.run_id, target, progress=progress)
        same = _by_json(tables.everything()) == _by_json(before)
    counts = {name: len(items) for name, items in before.items()}
    return Returned(counts, report, back, rows.get("test_plans", 0), rows.get("test_cases", 0), same)


@contextmanager
def _moto() -> Iterator[str]:
    """Where a DynamoDB of our own answers, with the credentials for it."""
    try:
        from moto.server import ThreadedMotoServer  # noqa: PLC0415 - comes with the extra dev
    except ImportError:
        raise InvalidInput(
            "the move out of DynamoDB is left out: moto is not installed", remedy="run: pip install arraigo[dev]"
        ) from None
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    before = {name: os.environ.get(name) for name in _NOBODY}
    server.start()
    try:
        _set(_NOBODY)
        yield "http://{}:{}".format(*server.get_host_and_port())
    finally:
        server.stop()
        _set(before)


def _set(variables: Mapping[str, str | None]) -> None:
    for name, value in variables.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value


def _by_json(found: Mapping[str, list[Item]]) -> dict[str, list[str]]:
    """Comparable: sets have no order."""
    return {name: [str(_sorted(item)) for item in items] for name, items in found.items()}


def _sorted(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: sorted(held) if name in {"SS", "NS"} else _sorted(held) for name, held in sorted(value.items())}
    return [_sorted(one) for one in value] if isinstance(value, list) else value
