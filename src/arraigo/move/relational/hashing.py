"""The hash of a row, as SQL that gives the same on servers 12 to 18.

It goes from column to column, each hashed with what those before it gave as its seed, so that a cell swapped with
another column's or another row's is seen. What a value is hashed by is chosen by its type: PostgreSQL's own hash where
that tells all different values apart, the bytes that a type is sent as, or its text, where equal values may look
different (1.0 and 1.00, 0 and -0, one day and 24 hours). No type's OID has a part in it.
"""

from psycopg import sql

from arraigo.move.relational.catalog import Column, Table

_FLAGS = 31  # columns with two bits each in one bigint

# Texts that tell all different values apart. What is sent in a fixed form is cheaper than what is written; every NaN is
# one; the cast of char(n) to text drops spaces at its end.
_WRITTEN = "({0})::text"
_TEXTS = {
    "text": "{0}",
    "varchar": "{0}",
    "bpchar": "textin(bpcharout({0}))",
    "time": "encode(time_send({0}), 'hex')",
    "timetz": "encode(timetz_send({0}), 'hex')",
    "timestamp": "encode(timestamp_send({0}), 'hex')",
    "timestamptz": "encode(timestamptz_send({0}), 'hex')",
    "interval": "encode(interval_send({0}), 'hex')",
    "money": "encode(cash_send({0}), 'hex')",
    "float4": "CASE WHEN {0} = 'NaN' THEN 'NaN' ELSE encode(float4send({0}), 'hex') END",
    "float8": "CASE WHEN {0} = 'NaN' THEN 'NaN' ELSE encode(float8send({0}), 'hex') END",
    "bytea": "CASE WHEN octet_length({0}) < 2048 THEN encode({0}, 'hex') ELSE 'sha ' || encode(sha256({0}), 'hex') END",
}
_VECTORS = {"vector", "halfvec", "sparsevec"}
# Whose texts are never empty, so that an empty one stands for NULL.
_NEVER_EMPTY = set(_TEXTS) - {"text", "varchar", "bpchar", "bytea"} | {
    "date",
    "numeric",
    "json",
    "jsonb",
    "inet",
    "cidr",
}

_TEXT = 'hashtextextended({value} COLLATE "C", {seed})'
# An infinite date has no difference from another: it is a number that no day has.
_DATE = """hashint4extended(CASE WHEN isfinite({value}) THEN {value} - date '2000-01-01' WHEN {value} IS NULL
 THEN -2147483648 WHEN {value} > date '2000-01-01' THEN 2147483647 ELSE -2147483647 END, {seed})"""
# By PostgreSQL's own hashes, with what stands for NULL. That of a bigint folds its upper half into the lower one.
_TYPED = {
    "int2": ("hashint4extended({value}, {seed})", "0"),
    "int4": ("hashint4extended({value}, {seed})", "0"),
    "int8": ("hashint8extended({value}, hashint4extended(({value} >> 32)::int4, {seed}))", "0"),
    "uuid": ("uuid_hash_extended({value}, {seed})", "'00000000-0000-0000-0000-000000000000'"),
    "date": (_DATE, ""),
    "bool": ("{seed}", ""),  # all said by its flags
}


def expression(table: Table, *, any_encoding: bool = False) -> sql.Composed:
    """SQL for the hash, a bigint and never NULL, of a row of `t`.

    The columns' order does not matter. What is computed when it is read is left out: its definition says what it is.
    DateStyle, TimeZone, IntervalStyle, extra_float_digits and search_path are expected to be pinned: ranges and arrays
    are written.

    Args:
        table: As the server's own catalog has it.
        any_encoding: Whether the two servers' encodings differ; the hashes then cost more, and are other ones.
    """
    columns = sorted((c for c in table.columns if c.generated != "v"), key=lambda column: column.name)
    around: list[tuple[sql.Composable, sql.Composable]] = []  # what stands before and after, from the inside out
    for start in range(0, len(columns), _FLAGS):
        group = columns[start : start + _FLAGS]
        flags = [flag for place, column in enumerate(group) for flag in _flags(column, 2 * place)]
        around.append((sql.SQL("("), sql.Composed([*flags, sql.SQL(")")])))
        around += [_hashed(column, any_encoding=any_encoding) for column in group]
    return sql.Composed(
        [*(before for before, _ in reversed(around)), sql.SQL("0::int8"), *(after for _, after in around)]
    )


def cell(column: Column) -> sql.Composable:
    """A column of `t`."""
    return sql.SQL("t.{}").format(sql.Identifier(column.name))


def _flags(column: Column, place: int) -> list[sql.Composable]:
    """Two bits: whether a boolean holds, and whether it is NULL, where what stands for that could be a value too.

    What cannot be NULL adds nothing, so that the two sides may differ in that.
    """
    name = column.base.removeprefix("pg_catalog.")
    flags = []
    if name == "bool":
        flags.append((" # CASE WHEN {} THEN {}::int8 ELSE 0::int8 END", 1 << place))
    if not column.not_null and name not in _NEVER_EMPTY:
        flags.append((" # CASE WHEN {} IS NULL THEN {}::int8 ELSE 0::int8 END", 2 << place))
    return [sql.SQL(text).format(cell(column), sql.SQL(str(bit))) for text, bit in flags]


def _hashed(column: Column, *, any_encoding: bool) -> tuple[sql.Composable, sql.Composable]:
    """What stands before and after the seed."""
    typed, instead = _TYPED.get(column.base.removeprefix("pg_catalog."), (_TEXT, "''"))
    value = cell(column)
    if typed == _TEXT:
        value = sql.SQL(_written(column)).format(value)
        if any_encoding:
            value = sql.SQL("encode(convert_to({}, 'UTF8'), 'hex')").format(value)
    if instead and not column.not_null:
        value = sql.SQL("coalesce({}, {})").format(value, sql.SQL(instead))
    before, after = typed.split("{seed}")
    return sql.SQL(before).format(value=value), sql.SQL(after)


def _written(column: Column) -> str:
    schema, _, name = column.base.rpartition(".")
    if schema == "pg_catalog":
        return _TEXTS.get(name, _WRITTEN)
    if column.extension == "vector" and name in _VECTORS:
        return f"encode({sql.Identifier(schema, name + '_send').as_string()}({{0}}), 'hex')"
    return _WRITTEN
