"""Items of DynamoDB that are nothing more particular: temporary data, caches, settings. Each becomes a state.

The state's value is `{"table": …, "item": …}`, the item as plain JSON. Where plain JSON cannot say what it was (sets,
binary, `1E+2`), the item stands beside it as it was written, as text under `legacy`, and counts while it says the same.
"""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import cast

from arraigo.move.records import moments
from arraigo.move.records.attributes import Item, canonical_of, number_of, plain, stored_text, text_of, typed
from arraigo.move.records.items import Facts, Owned
from arraigo.move.records.jsontext import Json, JsonText, Unfit, canonical, dump, parse, quoted
from arraigo.move.records.shape import Context, Row, Rows, Table

NAMESPACE = "dynamodb"
_EXPIRED = "items whose time to live had passed were kept, without an expiry"
_LONGEST = 255  # characters of a state's key
_LARGEST = 262_144  # bytes of its value


class Items:
    """One item becomes one state of the user who moves it."""

    name = "items"
    exact = True
    file_names: tuple[str, ...] = ()
    wrappers: tuple[str, ...] = ()
    tables = (
        Table(
            "states",
            anchor="key",
            anchor_type="text",
            columns=("user_id", "namespace", "key", "value", "expires_at", "created_at", "updated_at"),
            json=frozenset({"value"}),
            fixed=("user_id", "namespace"),
            until="until",
            scope=f"t.namespace = '{NAMESPACE}' AND t.user_id = current_setting('arraigo_move.owner')::uuid",
        ),
    )

    def fits(self, _value: Json, /) -> bool:
        """No record of a JSON file is one."""
        return False

    def group(self, table: Facts, item: Item) -> str | None:
        """The table and the item's key, whatever else it is: alone, or as JSON where it is made of several."""
        keys = {name: item[name] for name in table.keys if name in item and _is_key(item[name])}
        alone = text_of(next(iter(keys.values()))) if len(keys) == 1 else None
        if alone is None or alone.startswith("{"):
            found = canonical_of(dict(keys) if keys else dict(item))
            alone = found.decode() if keys else hashlib.sha256(found).hexdigest()
        name = f"{table.name}/{alone}"
        if len(name) <= _LONGEST and alone:
            return name
        return f"{table.name[:180]}/{hashlib.sha256(name.encode()).hexdigest()}"

    def arranged(self, items: Sequence[Owned]) -> Json:
        """One item."""
        if len(items) > 1:
            raise Unfit(f"is one of {len(items)} items with the same key; name their table's keys with ?keys=")
        return [[table, dict(item)] for table, item in items]

    def key(self, _value: Json, /) -> str:
        """Its table's keys are; a JSON file has none."""
        raise Unfit("has no key")

    def to_rows(self, key: str, value: Json, context: Context) -> Rows:
        """One state, with the item's expiry."""
        table, item = _owned(value)
        held, same = stored_text(item)
        expires_at = until = _expiry(item, context.expiry.get(table, ""))
        if expires_at is not None and expires_at <= context.now:
            context.notes[_EXPIRED] += 1
            expires_at = None
        name = context.expiry.get(table)
        ttl = f'"ttl": {quoted(name)}, ' if expires_at is not None and name else ""
        legacy = "" if same else f', "legacy": {quoted(dump(dict(item)))}'
        # In the order in which a `jsonb` has its keys.
        cell = JsonText(f'{{{ttl}"item": {held}, "table": {quoted(table)}{legacy}}}')
        size = len(cell.encode())
        if size > _LARGEST:
            raise Unfit(f"has {size} bytes as JSON, more than the {_LARGEST} of a state")
        row: Row = {
            "user_id": context.owner,
            "namespace": NAMESPACE,
            "key": key,
            "value": cell,
            "expires_at": expires_at,
            "until": until,
            "created_at": context.as_of,
            "updated_at": context.as_of,
        }
        return {"states": [row]}

    def placed(self, _rows: Rows, _anchor: str, /) -> Rows | None:
        """Its key says where it is."""
        return None

    def parts(self, _rows: Rows, /) -> int:
        """One row, to which nothing is appended."""
        return 1

    def as_moved(self, rows: Rows, _parts: int, _source: Rows | None, /) -> tuple[Rows, int]:
        """The row itself."""
        return rows, 0

    def grew(self, _rows: Rows, _source: Rows, /) -> bool:
        """Nothing is appended to a row."""
        return False

    def to_record(self, key: str | None, /, rows: Rows, _house: Mapping[str, Json] | None = None) -> tuple[str, Json]:
        """The item again, with the expiry that it has now."""
        (row,) = rows["states"]
        cell = row["value"] if isinstance(row["value"], dict) else {}
        table, held = cell.get("table"), cell.get("item")
        item: Json = typed(held)["M"] if isinstance(held, dict) else {"value": typed(row["value"])}  # type: ignore[index,call-overload]
        legacy = cell.get("legacy")
        if isinstance(legacy, str):
            item = _exactly(legacy, held, item)
        ttl = cell.get("ttl")
        if isinstance(ttl, str) and isinstance(item, dict):
            item = _with_expiry(item, ttl, row["expires_at"])
        return (row["key"] if key is None else key), [[table if isinstance(table, str) else "", item]]

    def house(self, _rows: Rows) -> dict[str, Json]:
        """It has no style."""
        return {}


def _is_key(value: Json) -> bool:
    return isinstance(value, dict) and bool({"S", "N", "B"} & set(value))


def _owned(value: Json) -> tuple[str, Item]:
    (owned,) = cast("list[Owned]", value)
    return owned[0], owned[1]


def _expiry(item: Item, name: str) -> datetime | None:
    """When it expires: seconds since 1970, as DynamoDB wants them; whatever else stands there is no expiry."""
    found = number_of(item.get(name)) if name else None
    try:
        return moments.read(found) if found is not None else None
    except Unfit:
        return None


def _exactly(legacy: str, held: Json, item: Json) -> Json:
    """The item as it was written, while it still says what the state says."""
    try:
        written = parse(legacy.encode())
        same = isinstance(written, dict) and canonical(dict(plain(written)[0])) == canonical(held)
    except Unfit:
        return item
    return written if same else item


def _with_expiry(item: dict[str, Json], name: str, expires_at: datetime | None) -> Json:
    if expires_at is None:
        return {key: value for key, value in item.items() if key != name}
    if _expiry(item, name) == expires_at:
        return item
    seconds = int(expires_at.astimezone(UTC).timestamp())
    return item | {name: {"N": str(seconds)}}


ITEMS = Items()
