"""A legacy record's fields against a table's columns, and what the columns cannot hold.

One rule: **the source's own text counts only while its reading equals the column**. What the columns cannot say is
kept beside them as exact JSON text (`metadata.legacy`):

    extra    fields that no column has
    exact    fields whose column lost how they were written (`1e2`, a date's digits)
    absent   fields that the record did not have, with what their column says in their place
    null     fields that were null, the same
    order    the order of the keys, where it is not the shape's

A house style, the legacy of something like it, fills in for what has none: new messages get dates like the old ones.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from arraigo.move.records import moments
from arraigo.move.records.jsontext import Json, Unfit, dump, identical, parse, shown
from arraigo.move.records.kinds import Cell, Kind, Moment

NAIVE = "dates without an offset were taken as UTC"
REQUIRED = object()
_MISSING = object()


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a legacy record and the column that holds it.

    Attributes:
        name: In the record.
        column: In the table.
        kind: How the two stand for each other.
        empty: What the column holds without the field, or with null in it; REQUIRED: then the record is refused.
        usual: Whether records have it unless they say otherwise.
    """

    name: str
    column: str
    kind: Kind
    empty: object = REQUIRED
    usual: bool = True


def take(
    fields: Sequence[Field],
    record: Mapping[str, Json],
    *,
    empties: Mapping[str, Cell] | None = None,
    given: Sequence[str] = (),
    order: Sequence[str] = (),
    house: Mapping[str, Json] | None = None,
    notes: Counter[str],
) -> tuple[dict[str, Any], dict[str, Json]]:
    """A record's columns, and its legacy.

    Args:
        fields: What the shape knows of.
        record: The legacy record.
        empties: By column: what it holds without its field, when only this record can tell.
        given: Names in the record that are said elsewhere (its id).
        order: The usual order of the names, where it is not the fields'.
        house: The style that most of its kind follow.
        notes: Counts what had to be decided.

    Raises:
        Unfit: A required field is not there, or a value does not fit its column.
    """
    cells: dict[str, Any] = {}
    exact: dict[str, Json] = {}
    absent: dict[str, Json] = {}
    null: dict[str, Json] = {}
    for field in fields:
        value = record.get(field.name, _MISSING)
        cell = _cell(field, value, empties or {}, notes)
        cells[field.column] = cell
        if value is _MISSING:
            if _usual(field, house):
                absent[field.name] = field.kind.write(cell)
        elif not (_usual(field, house) and identical(_in_style(field, cell, house), cast("Json", value))):
            if value is None:
                null[field.name] = field.kind.write(cell)
            else:
                exact[field.name] = cast("Json", value)
    known = [*given, *(field.name for field in fields)]
    extra = {name: value for name, value in record.items() if name not in known}
    built = [*(name for name in known if name in record), *extra]  # the order in which `give` comes upon them
    legacy: dict[str, Json] = {
        "extra": extra,
        "exact": exact,
        "absent": absent,
        "null": null,
        "order": [] if list(record) == _ordered(built, _preferred(fields, order, house)) else list(record),
    }
    return cells, {name: value for name, value in legacy.items() if value}


def give(
    fields: Sequence[Field],
    cells: Mapping[str, Any],
    legacy: Mapping[str, Json],
    *,
    given: Mapping[str, Json] | None = None,
    order: Sequence[str] = (),
    house: Mapping[str, Json] | None = None,
) -> dict[str, Json]:
    """The legacy record again, from the columns and the legacy that `take` gave."""
    exact, absent, null = part(legacy, "exact"), part(legacy, "absent"), part(legacy, "null")
    record: dict[str, Json] = dict(given or {})
    for field in fields:
        cell = cells[field.column]
        if field.name in exact:
            record[field.name] = _exactly(field, cell, exact[field.name])
        elif field.name in null and identical(field.kind.write(cell), null[field.name]):
            record[field.name] = None
        elif field.name in absent and identical(field.kind.write(cell), absent[field.name]):
            continue
        elif _usual(field, house) or field.name in absent or field.name in null:
            record[field.name] = _in_style(field, cell, house)
    record |= part(legacy, "extra")
    wanted = names(legacy, "order") or _preferred(fields, order, house)
    return {name: record[name] for name in _ordered(record, wanted)}


def part(legacy: Mapping[str, Json] | None, name: str) -> dict[str, Json]:
    """One part of a legacy; empty when it has none, or when somebody put something else there."""
    found = (legacy or {}).get(name)
    return found if isinstance(found, dict) else {}


def names(legacy: Mapping[str, Json] | None, name: str) -> list[str]:
    """One part of a legacy that is a list of names; the same."""
    found = (legacy or {}).get(name)
    return [item for item in found if isinstance(item, str)] if isinstance(found, list) else []


def style(fields: Sequence[Field], legacy: Mapping[str, Json]) -> dict[str, Json]:
    """What of one record's legacy is a habit: how its dates look, and the order of its keys."""
    exact = part(legacy, "exact")
    dates = {
        field.name: exact[field.name] for field in fields if isinstance(field.kind, Moment) and field.name in exact
    }
    habits: dict[str, Json] = {"exact": dates, "order": list[Json](names(legacy, "order"))}
    return {name: value for name, value in habits.items() if value}


def to_metadata(legacy: Mapping[str, Json], own: Mapping[str, Json] | None = None) -> dict[str, Json] | None:
    """What `metadata` holds; None when there is nothing to say. The text keeps digits that jsonb would not."""
    held = dict(own or {}) | ({"legacy": dump(dict(legacy))} if legacy else {})
    return held or None


def from_metadata(metadata: Json) -> tuple[dict[str, Json], dict[str, Json]]:
    """The legacy in `metadata`, and what else is there; a legacy that somebody broke counts as none."""
    own = dict(metadata) if isinstance(metadata, dict) else {}
    text = own.get("legacy")
    try:
        legacy = parse(text.encode()) if isinstance(text, str) else None
    except Unfit:
        legacy = None
    if not isinstance(legacy, dict):
        return {}, own
    del own["legacy"]
    return legacy, own


def _cell(field: Field, value: object, empties: Mapping[str, Cell], notes: Counter[str]) -> Cell:
    if value is _MISSING or value is None:
        empty = empties.get(field.column, field.empty)
        if empty is REQUIRED:
            raise Unfit(f"has {'no' if value is _MISSING else 'null as'} {shown(field.name)}")
        return cast("Cell", empty)
    found = cast("Json", value)
    try:
        cell = field.kind.read(found)
    except Unfit as error:
        raise Unfit(f"{shown(field.name)} {error.what}") from None
    if isinstance(field.kind, Moment) and moments.is_naive(found):
        notes[NAIVE] += 1
    return cell


def _usual(field: Field, house: Mapping[str, Json] | None) -> bool:
    return field.usual or field.name in part(house, "exact")


def _in_style(field: Field, cell: Cell, house: Mapping[str, Json] | None) -> Json:
    examples = part(house, "exact")
    return field.kind.like(cell, examples[field.name]) if field.name in examples else field.kind.write(cell)


def _exactly(field: Field, cell: Cell, exact: Json) -> Json:
    """The source's own text while its reading equals the column, else the column in the same style."""
    try:
        same = field.kind.read(exact) == cell
    except Unfit:
        same = False
    return exact if same else field.kind.like(cell, exact)


def _preferred(fields: Sequence[Field], order: Sequence[str], house: Mapping[str, Json] | None) -> Sequence[str]:
    return [*names(house, "order"), *(order or [field.name for field in fields])]


def _ordered(record: Iterable[str], preferred: Sequence[str]) -> list[str]:
    found = list(record)
    first = [name for name in preferred if name in found]
    return [*first, *(name for name in found if name not in first)]
