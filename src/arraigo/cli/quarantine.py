"""What the database refused of a journal; works as the schema's owner, who sees everybody's."""

from datetime import datetime
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

import orjson

from arraigo.cli.writing import whole
from arraigo.postgres import schema
from arraigo.postgres.queries import load
from arraigo.postgres.target import Target

_QUERIES = load("arraigo.cli")


class Refused(NamedTuple):
    """An entry in quarantine, without what it says."""

    id: UUID
    kind: str
    user: str
    written_at: datetime
    quarantined_at: datetime
    reason: str


def entries(owner: Target) -> list[Refused]:
    """All of them, the oldest first."""
    with schema.owner_connection(owner) as connection:
        return [Refused(*row) for row in connection.execute(_QUERIES.quarantined.sql)]


def write(owner: Target, path: Path) -> None:
    """Write all of them, with what they say, as lines of JSON."""
    with schema.owner_connection(owner) as connection, whole(path) as stream:
        for id_, kind, user, written, quarantined, reason, entry in connection.execute(_QUERIES.quarantined_whole.sql):
            line = {"id": id_, "kind": kind, "user": user, "written_at": written, "quarantined_at": quarantined}
            stream.write(orjson.dumps(line | {"reason": reason, "entry": orjson.Fragment(entry)}) + b"\n")


def retry(owner: Target) -> tuple[int, int]:
    """Try all of them again: how many came in, and how many are left."""
    done = left = 0
    with schema.owner_connection(owner) as connection:
        for found in connection.execute(_QUERIES.quarantined.sql).fetchall():
            with connection.transaction():
                row = connection.execute(_QUERIES.retry_quarantined.sql, {"id": found[0]}).fetchone()
            done += row == (True,)
            left += row != (True,)
    return done, left
