"""Rows into the target's tables and out again, a batch at a time, whatever the shape."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, cast
from uuid import UUID

import psycopg
from psycopg import sql
from psycopg.errors import error_from_result
from psycopg.pq import ExecStatus

from arraigo.move.records import copytext
from arraigo.move.records.shape import Person, Rows, Shape, Table

Connection = psycopg.Connection[Any]


def prepare(connection: Connection, shapes: Iterable[Shape]) -> None:
    """Make what writing needs: a temporary table beside each, since COPY is refused under row-level security."""
    for table in {table.name: table for shape in shapes for table in shape.tables}.values():
        connection.execute(
            sql.SQL(
                "CREATE TEMPORARY TABLE IF NOT EXISTS {} ON COMMIT DELETE ROWS AS SELECT {} FROM {} WITH NO DATA"
            ).format(_stage(table), _columns(table), _name(table))
        )


def resolve(connection: Connection, people: Iterable[Person], *, make: bool) -> dict[Person, UUID]:
    """The users who have these identities; with `make`, made where there are none."""
    wanted = list(dict.fromkeys(people))
    columns = [[p.provider for p in wanted], [p.subject for p in wanted], [p.name for p in wanted]]
    if make:
        query = """SELECT provider, subject,
                          (arraigo.ensure_user(provider, subject, provider || ':' || subject, NULL, name)).user_id
                     FROM unnest(%s::text[], %s::text[], %s::text[]) AS u (provider, subject, name)"""
    else:
        query = """SELECT provider, subject, i.user_id
                     FROM unnest(%s::text[], %s::text[], %s::text[]) AS u (provider, subject, name)
                     JOIN arraigo.user_identities i USING (provider, subject)"""
    found = connection.execute(query, columns) if wanted else ()
    return {Person(provider, subject): user for provider, subject, user in found}


def people_in(shape: Shape, rows: Rows) -> list[Person]:
    """Whom a record's rows refer to."""
    return [row[table.person] for table in shape.tables if table.person for row in rows[table.name]]


def insert(connection: Connection, shape: Shape, records: Sequence[Rows], people: Mapping[Person, UUID]) -> None:
    """Put in the rows of records that are not there yet."""
    for table in shape.tables:
        connection.execute(sql.SQL("TRUNCATE {}").format(_stage(table)))
    put(connection, shape, [_lines(table, records, people) for table in shape.tables])


def put(connection: Connection, shape: Shape, found: Sequence[bytes]) -> None:
    """Put in rows that are not there yet, as lines of COPY: one table's after the other's; once in a transaction."""
    for table, lines in zip(shape.tables, found, strict=True):
        if not lines:
            continue
        _copy(connection, table, lines)
        connection.execute(
            sql.SQL("INSERT INTO {} ({}) SELECT {} FROM {}").format(
                _name(table), _columns(table), _columns(table), _stage(table)
            )
        )


def replace(connection: Connection, shape: Shape, records: Sequence[Rows], people: Mapping[Person, UUID]) -> None:
    """Put the rows of records in the place of those that they left before.

    The record's own row stays and is changed, since other things may hang on it.
    """
    first, *others = shape.tables
    _fill(connection, first, _lines(first, records, people))
    names = [name for name in first.columns if name != first.anchor]
    for columns in ([name for name in names if name != "updated_at"], ["updated_at"]):
        # By itself and last: the trigger that keeps updated_at fires for the other columns.
        if set(columns) <= set(names):
            changes = [sql.SQL("{0} = s.{0}").format(sql.Identifier(name)) for name in columns]
            connection.execute(
                sql.SQL("UPDATE {} AS t SET {} FROM {} AS s WHERE t.{} = s.{} AND ({})").format(
                    _name(first),
                    sql.SQL(", ").join(changes),
                    _stage(first),
                    sql.Identifier(first.anchor),
                    sql.Identifier(first.anchor),
                    _scope(first),
                )
            )
    for table in others:
        _fill(connection, table, _lines(table, records, people))
        if table.key:
            continue
        column, stage = sql.Identifier(table.anchor), _stage(table)
        connection.execute(
            sql.SQL("DELETE FROM {} WHERE {} IN (SELECT {} FROM {})").format(
                _name(table), column, sql.Identifier(first.anchor), _stage(first)
            )
        )
        connection.execute(
            sql.SQL("INSERT INTO {} ({}) SELECT {} FROM {}").format(
                _name(table), _columns(table), _columns(table), stage
            )
        )
    keyed = [table for table in others if table.key]
    for table in keyed:  # what hangs on a row goes with it
        _drop_others(connection, table, first)
    for table in keyed:
        _merge(connection, table)


def _drop_others(connection: Connection, table: Table, first: Table) -> None:
    """Delete the rows of these records that are not among the new ones."""
    connection.execute(
        sql.SQL(
            """DELETE FROM {} AS t USING {} AS f WHERE t.{} = f.{}
                  AND NOT EXISTS (SELECT FROM {} AS s WHERE s.{} = t.{} AND {})"""
        ).format(
            _name(table),
            _stage(first),
            sql.Identifier(table.anchor),
            sql.Identifier(first.anchor),
            _stage(table),
            *(sql.Identifier(table.anchor),) * 2,
            _same(table),
        )
    )


def _merge(connection: Connection, table: Table) -> None:
    """Change the rows that differ, and put in those that are new; their triggers keep updated_at."""
    column = sql.Identifier(table.anchor)
    changing = [name for name in table.columns if name not in {table.anchor, *table.key, "updated_at"}]
    if changing:
        connection.execute(
            sql.SQL(
                "UPDATE {} AS t SET {} FROM {} AS s WHERE s.{} = t.{} AND {} AND ({}) IS DISTINCT FROM ({})"
            ).format(
                _name(table),
                sql.SQL(", ").join(sql.SQL("{0} = s.{0}").format(sql.Identifier(name)) for name in changing),
                _stage(table),
                *(column, column),
                _same(table),
                sql.SQL(", ").join(sql.Identifier("t", name) for name in changing),
                sql.SQL(", ").join(sql.Identifier("s", name) for name in changing),
            )
        )
    connection.execute(
        sql.SQL(
            "INSERT INTO {} ({}) SELECT {} FROM {} AS s WHERE NOT EXISTS (SELECT FROM {} AS t WHERE s.{} = t.{} AND {})"
        ).format(
            _name(table), _columns(table), _columns(table), _stage(table), _name(table), *(column, column), _same(table)
        )
    )


def _same(table: Table) -> sql.Composable:
    """Whether `s` and `t` are the same row of one record."""
    return sql.SQL(" AND ").join(sql.SQL("s.{0} = t.{0}").format(sql.Identifier(name)) for name in table.key)


def delete(connection: Connection, shape: Shape, anchors: Sequence[str]) -> None:
    """Take the rows of these records away, the first table's last."""
    for table in reversed(shape.tables):
        connection.execute(
            sql.SQL("DELETE FROM {} AS t WHERE {} = ANY (%s::{}[]) AND ({})").format(
                _name(table), sql.Identifier(table.anchor), sql.SQL(cast("Any", table.anchor_type)), _scope(table)
            ),
            [list(anchors)],
        )


def hold(connection: Connection, shape: Shape, anchors: Sequence[str]) -> set[str]:
    """Keep others from changing these records until the transaction ends; an append takes the same lock.

    Returns:
        Those that are there.
    """
    table = shape.tables[0]
    anchor = sql.Identifier(table.anchor)
    found = connection.execute(
        sql.SQL("SELECT {}::text FROM {} AS t WHERE {} = ANY (%s::{}[]) AND ({}) ORDER BY {} FOR UPDATE").format(
            anchor, _name(table), anchor, sql.SQL(cast("Any", table.anchor_type)), _scope(table), anchor
        ),
        [array(anchors)],
    )
    return {name for (name,) in found}


def read(connection: Connection, shape: Shape, anchors: Sequence[str], *, current: bool = False) -> dict[str, Rows]:
    """The rows of these records, by anchor; records that have none are left out.

    Args:
        connection: To the target.
        shape: What the records are.
        anchors: Which records.
        current: Whether rows whose place a newer one has taken are left out.
    """
    records: dict[str, Rows] = {}
    for table in shape.tables:
        condition = f"({table.scope}) AND ({table.where})" + (f" AND ({table.current})" if current else "")
        query = sql.SQL("SELECT t.{}::text, {} FROM {} AS t WHERE t.{} = ANY (%s::{}[]) AND {} ORDER BY {}").format(
            sql.Identifier(table.anchor),
            sql.SQL(", ").join(_selected(table)),
            _name(table),
            sql.Identifier(table.anchor),
            sql.SQL(cast("Any", table.anchor_type)),
            sql.SQL(cast("Any", condition)),
            sql.SQL(", ").join(sql.Identifier("t", name) for name in (table.anchor, *table.order)),
        )
        for anchor, *cells in connection.execute(query, [list(anchors)], binary=True):
            if table is shape.tables[0]:
                records[anchor] = {one.name: [] for one in shape.tables}
            if anchor in records:
                records[anchor][table.name].append(dict(zip(table.columns, cells, strict=True)))
    return records


def digests(connection: Connection, shape: Shape, anchors: Sequence[str]) -> dict[bytes, bytes]:
    """What stands for the rows of these records as they are, by anchor (`copytext.escaped`, `copytext.digest`)."""
    records: dict[bytes, list[list[bytes]]] = {}
    for place, table in enumerate(shape.tables):
        query = sql.SQL("COPY (SELECT t.{}, {} FROM {} AS t WHERE t.{} = ANY ({}::{}[]) AND {}) TO STDOUT")
        columns = sql.SQL(", ").join(sql.Identifier("t", name) for name in table.columns)
        wanted = query.format(
            sql.Identifier(table.anchor),
            columns,
            _name(table),
            sql.Identifier(table.anchor),
            sql.Literal(array(anchors)),
            sql.SQL(cast("Any", table.anchor_type)),
            sql.SQL(cast("Any", f"({table.scope}) AND ({table.where})")),
        )
        last, lines = b"", list[bytes]()
        for line in _copied(connection, wanted):
            anchor, _, rest = line.partition(b"\t")
            if anchor != last:
                lines = records.setdefault(anchor, [[] for _ in shape.tables])[place]
                last = anchor
            lines.append(rest)
    return {anchor: copytext.digest([b"".join(lines) for lines in found]) for anchor, found in records.items()}


def _copied(connection: Connection, query: sql.Composed) -> Iterator[bytes]:
    """The lines of a COPY TO STDOUT, as libpq gives them: psycopg's own objects cost more than the server's work."""
    libpq = connection.pgconn
    with connection.lock:
        result = libpq.exec_(query.as_bytes(connection))
        if result.status == ExecStatus.COPY_OUT:
            while (found := libpq.get_copy_data(0))[0] >= 0:
                yield bytes(found[1])
            result = libpq.get_result() or result
            while libpq.get_result():
                pass
    if result.status != ExecStatus.COMMAND_OK:
        raise error_from_result(result)


def added(
    connection: Connection, shape: Shape, owner: UUID, going_back: tuple[str, str], after: str, limit: int
) -> list[str]:
    """Anchors of what belongs with a source (a run and its unit) and no run has moved, in order, a page at a time."""
    table = shape.tables[0]
    anchor = sql.Identifier(table.anchor)
    query = sql.SQL(
        """SELECT t.{}::text FROM {} AS t
            WHERE ({}) AND ({}) AND ({}) AND t.{}::text > %(after)s
              AND NOT EXISTS (SELECT FROM arraigo_move.records r WHERE r.target_id = t.{}::text)
            ORDER BY t.{}::text LIMIT %(limit)s"""
    ).format(
        anchor,
        _name(table),
        *(sql.SQL(cast("Any", part)) for part in (table.added, table.where, table.current)),
        *(anchor,) * 3,
    )
    run_id, unit = going_back
    values = {"owner": owner, "run": run_id, "unit": unit, "after": after, "limit": limit}
    return [found for (found,) in connection.execute(query, values)]


def array(texts: Sequence[str]) -> str:
    """An array as PostgreSQL reads it (its manual, "Array Input and Output Syntax"); of many, psycopg takes long."""
    said = '","'.join(texts)
    if "\\" in said or said.count('"') > 2 * len(texts):
        said = '","'.join([text.replace("\\", "\\\\").replace('"', '\\"') for text in texts])
    return f'{{"{said}"}}' if texts else "{}"


def _lines(table: Table, records: Sequence[Rows], people: Mapping[Person, UUID]) -> bytes:
    return copytext.lines(table, [row for rows in records for row in rows[table.name]], people)


def _fill(connection: Connection, table: Table, lines: bytes) -> None:
    connection.execute(sql.SQL("TRUNCATE {}").format(_stage(table)))
    _copy(connection, table, lines)


def _copy(connection: Connection, table: Table, lines: bytes) -> None:
    with (
        connection.cursor() as cursor,
        cursor.copy(sql.SQL("COPY {} ({}) FROM STDIN").format(_stage(table), _columns(table))) as copy,
    ):
        copy.write(lines)


def _selected(table: Table) -> list[sql.Composable]:
    selected: list[sql.Composable] = []
    for name in table.columns:
        if name != table.person:
            selected.append(sql.SQL("t.{}").format(sql.Identifier(name)))
            continue
        selected.append(
            sql.SQL(
                """(SELECT array_agg(i.subject ORDER BY i.subject) FROM arraigo.user_identities i
                     WHERE i.user_id = t.{} AND i.provider = {})"""
            ).format(sql.Identifier(name), sql.Literal(table.provider))
        )
    return selected


def _scope(table: Table) -> sql.Composable:
    return sql.SQL(cast("Any", table.scope))


def _columns(table: Table) -> sql.Composable:
    return sql.SQL(", ").join(map(sql.Identifier, table.columns))


def _name(table: Table) -> sql.Identifier:
    return sql.Identifier("arraigo", table.name)


def _stage(table: Table) -> sql.Identifier:
    return sql.Identifier("pg_temp", f"move_{table.name}")
