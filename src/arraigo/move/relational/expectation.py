"""What somebody says must be there: an inventory in a TOML file, held against the source before anything moves."""

import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from arraigo.errors import InvalidInput
from arraigo.move.relational.catalog import Catalog
from arraigo.move.reports import Check

_COUNTED = ("tables", "views", "functions", "triggers", "indexes", "foreign_keys", "policies", "sequences", "types")
_AT_LEAST = re.compile(r">=\s*(\d+)")
_KNOWN = {*_COUNTED, "schemas", "extensions", "critical_rows", "rows"}


@dataclass(frozen=True, slots=True)
class Expectation:
    """An inventory.

    Attributes:
        schemas: What it speaks of; none: everything that moves.
        counts: Of each kind, how many: 40 says exactly, ">= 15" at least.
        extensions: Which must be there.
        rows: Of a table, how many.
        critical_rows: Of a table, the SQL condition of the rows that count.
    """

    schemas: tuple[str, ...] = ()
    counts: dict[str, int | str] = field(default_factory=dict)
    extensions: tuple[str, ...] = ()
    rows: dict[str, int | str] = field(default_factory=dict)
    critical_rows: dict[str, str] = field(default_factory=dict)


def read(file: Path) -> Expectation:
    """Read an inventory.

    Raises:
        InvalidInput: The file cannot be read, is no TOML, or says something that there is not.
    """
    try:
        given = tomllib.loads(file.expanduser().read_text(encoding="utf-8"))
    except OSError as error:
        raise InvalidInput(f"{file} cannot be read: {(error.strerror or 'no').lower()}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InvalidInput(f"{file} is no TOML: {error}", remedy="write lines such as: tables = 40") from error
    if unknown := sorted(set(given) - _KNOWN):
        raise InvalidInput(f"{file} expects {unknown[0]!r}, which there is not", remedy=f"take: {', '.join(_COUNTED)}")
    counts = {name: _number(file, name, given[name]) for name in _COUNTED if name in given}
    rows = {name: _number(file, f"rows.{name}", value) for name, value in _table(file, given, "rows").items()}
    critical = {name: str(value) for name, value in _table(file, given, "critical_rows").items()}
    return Expectation(_texts(file, given, "schemas"), counts, _texts(file, given, "extensions"), rows, critical)


def checks(expected: Expectation, catalog: Catalog) -> list[Check]:
    """The inventory against a source, each line a check `expected …`."""
    there = counts_of(catalog, expected.schemas)
    found = [
        Check(f"expected {name}", _fits(wanted, there[name]), wanted, there[name])
        for name, wanted in expected.counts.items()
    ]
    if expected.extensions:
        lacking = sorted(set(expected.extensions) - set(catalog.extensions))
        wanted = ", ".join(sorted(expected.extensions))
        found.append(
            Check("expected extensions", not lacking, wanted, ", ".join(sorted(catalog.extensions)),
                  f"missing: {', '.join(lacking)}" if lacking else "")
        )  # fmt: skip
    lacking = [name for name in (*expected.rows, *expected.critical_rows) if label_of(name) not in catalog.tables]
    if lacking:
        found.append(
            Check(
                "expected tables", ok=False, expected=", ".join(lacking), found="", detail="these tables are not there"
            )
        )
    return found


def counts_of(catalog: Catalog, schemas: tuple[str, ...] = ()) -> dict[str, int]:
    """How many of each kind there are; partitions count as their table."""

    def ours(name: str) -> bool:
        return not schemas or name.partition(".")[0].strip('"') in schemas

    found = {name: sum(map(ours, catalog.objects.get(name, ()))) for name in _COUNTED}
    return found | {
        "tables": sum(t.kind in "rpf" and not t.partition_of and ours(t.label) for t in catalog.tables.values())
    }


def label_of(name: str) -> str:
    """A table's label; without a schema it is public's."""
    return name if "." in name else f"public.{name}"


def fits_rows(wanted: int | str, there: int) -> bool:
    """Whether a number is what was expected."""
    return _fits(wanted, there)


def _fits(wanted: int | str, there: int) -> bool:
    least = _AT_LEAST.fullmatch(wanted) if isinstance(wanted, str) else None
    return there >= int(least[1]) if least else there == wanted


def _number(file: Path, name: str, value: Any) -> int | str:
    if (isinstance(value, int) and not isinstance(value, bool)) or (
        isinstance(value, str) and _AT_LEAST.fullmatch(value)
    ):
        return value
    raise InvalidInput(f"{file}: {name} = {value!r} is no number", remedy='write 40, or ">= 15" for at least')


def _table(file: Path, given: dict[str, Any], name: str) -> dict[str, Any]:
    found = given.get(name, {})
    if not isinstance(found, dict):
        raise InvalidInput(f"{file}: {name} is no table", remedy=f"write a heading [{name}], and a line for each table")
    return found


def _texts(file: Path, given: dict[str, Any], name: str) -> tuple[str, ...]:
    found = given.get(name, [])
    if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
        raise InvalidInput(f"{file}: {name} is no list of names", remedy=f'write {name} = ["…"]')
    return tuple(found)
