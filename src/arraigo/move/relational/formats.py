"""Whether a table's rows travel as binary or as text: binary where both servers mean the same bytes by it."""

from collections.abc import Mapping
from typing import Literal

from arraigo.move.relational.catalog import Column, Table

Format = Literal["binary", "text"]
# Their bytes are an object's number, which means another object on the other server.
_NUMBERS = frozenset(
    {
        "regclass", "regcollation", "regconfig", "regdictionary", "regnamespace", "regoper", "regoperator", "regproc",
        "regprocedure", "regrole", "regtype", "aclitem",
    }
)  # fmt: skip


def format_of(table: Table, both: Mapping[str, bool]) -> Format:
    """How a table's rows travel.

    Args:
        table: Which.
        both: Of an extension: whether both sides have the same version of it.
    """
    return "binary" if all(_travels(column, both) for column in copied(table)) else "text"


def copied(table: Table) -> tuple[Column, ...]:
    """The columns that are copied; what is generated is made again."""
    return tuple(column for column in table.columns if not column.generated)


def _travels(column: Column, both: Mapping[str, bool]) -> bool:
    schema, _, name = column.base.partition(".")
    array = name.endswith("[]")
    if schema == "pg_catalog":
        return name.removesuffix("[]").strip('"') not in _NUMBERS and column.kind != "c"
    if array or column.kind in {"c", "r", "m"}:  # these quote the numbers of types
        return False
    return column.kind == "e" or both.get(column.extension, False)
