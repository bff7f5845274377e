"""Sequences, which replication does not carry: read on one side, set on the other, a little ahead."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import sql

Connection = psycopg.Connection[Any]
HEADROOM = 1_000
"""Values that are skipped: the fence does not stop nextval(), and a session may keep some in its cache."""
_AT_A_TIME = 200


@dataclass(frozen=True, slots=True)
class Position:
    """Where a sequence stands."""

    label: str
    last_value: int
    is_called: bool


@dataclass(frozen=True, slots=True)
class _Bounds:
    name: sql.Identifier
    increment: int
    lowest: int
    highest: int


class Reader:
    """Reads positions; what does not change is asked for beforehand, so that it is quick when it counts."""

    def __init__(self, connection: Connection, labels: Sequence[str]) -> None:
        self._connection = connection
        self._bounds = {
            label: _Bounds(sql.Identifier(schema, name), *rest)
            for label, schema, name, *rest in connection.execute(
                """SELECT l, nspname, relname, seqincrement, seqmin, seqmax FROM unnest(%s::text[]) l
                     JOIN pg_catalog.pg_class c ON c.oid = l::pg_catalog.regclass
                     JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
                     JOIN pg_catalog.pg_sequence ON seqrelid = c.oid""",
                [list(labels)],
            )
        }

    def ahead(self, headroom: int = HEADROOM) -> list[Position]:
        """Where each is to stand on the other side: so many values further, as far as its bounds allow."""
        positions = []
        for position in self.positions():
            bounds = self._bounds[position.label]
            further = position.last_value + headroom * bounds.increment
            if position.is_called and bounds.lowest <= further <= bounds.highest:
                positions.append(Position(position.label, further, is_called=True))
            else:
                positions.append(position)
        return positions

    def positions(self) -> list[Position]:
        """Where each stands."""
        labels = list(self._bounds)
        found = []
        for start in range(0, len(labels), _AT_A_TIME):
            queries = [
                sql.SQL("SELECT {}::text, last_value, is_called FROM {}").format(
                    sql.Literal(label), self._bounds[label].name
                )
                for label in labels[start : start + _AT_A_TIME]
            ]
            found += [Position(*row) for row in self._connection.execute(sql.SQL(" UNION ALL ").join(queries))]
        return found


def put(connection: Connection, positions: Sequence[Position]) -> None:
    """Set sequences."""
    if positions:
        connection.execute(
            """SELECT pg_catalog.setval(label::pg_catalog.regclass, value, called)
                 FROM unnest(%s::text[], %s::bigint[], %s::boolean[]) AS told (label, value, called)""",
            [[p.label for p in positions], [p.last_value for p in positions], [p.is_called for p in positions]],
        )
