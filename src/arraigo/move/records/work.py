"""What a move knows while it is at it."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

import psycopg

from arraigo.move.records.expected import Expected
from arraigo.move.records.found import Hashed, Pass, SourceUnit
from arraigo.move.records.ledger import Run
from arraigo.move.records.progress import Progress, Tell
from arraigo.move.records.shape import Context
from arraigo.move.records.target import id_key
from arraigo.postgres.target import Target

Connection = psycopg.Connection[Any]


@dataclass(slots=True)
class Work:
    """One run that is being copied or proved.

    Attributes:
        connection: To the target.
        run: Which run it is.
        target: Where it goes, as reports say it.
        context: What records need to know of that.
        tell: Is told how far it is.
        outcomes: By unit: how many of its records were what of `copying.Action`.
        expected: By unit: what its rows must be, where it was copied just now.
    """

    connection: Connection
    run: Run
    target: dict[str, str]
    context: Context
    tell: Tell
    outcomes: dict[str, Counter[str]] = field(default_factory=dict)
    expected: dict[str, Expected] = field(default_factory=dict)

    @classmethod
    def on(cls, connection: Connection, run: Run, target: Target, tell: Tell) -> "Work":
        """The work on a run."""
        context = Context(run.owner_id, id_key(connection), datetime.now(UTC), Counter(), run.source.options)
        where = {
            "kind": "postgresql",
            "location": target.where,
            "database": connection.info.dbname,
            "user": run.owner_name,
        }
        return cls(connection, run, where, context, tell)

    @contextmanager
    def reading(self, file: SourceUnit) -> Iterator[tuple[Pass, Hashed]]:
        """One pass over a file.

        Raises:
            InvalidInput: It cannot be read.
        """
        with file.reading(replace(self.context, as_of=file.modified)) as found:
            yield found

    def teller(self, phase: str, file: SourceUnit) -> Callable[[int, int], None]:
        """Says how far a pass over a file is, in bytes and records."""
        return lambda done, records: self.tell(Progress(phase, file.name, done, file.size, records))
