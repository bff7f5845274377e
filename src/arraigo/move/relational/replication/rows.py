"""The SQL that does to one table what a message says was done to its twin; decisions only, nothing is run here."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from arraigo.errors import Conflict, Unavailable
from arraigo.move.relational.catalog import Column, Table
from arraigo.move.relational.names import quoted
from arraigo.move.relational.replication.pgoutput import UNCHANGED, Delete, Insert, Relation, Row, Update, Value

MUST = "arraigo_back.must"


@dataclass(frozen=True, slots=True)
class Cascades:
    """What the writing side's own foreign keys may have done to a table's rows before their messages come."""

    deletes: bool = False
    updates: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Statement:
    """One statement, for one row or for many.

    Attributes:
        sql: With $1, $2, … in the order of a row's values.
        copy: For inserts, the COPY that takes many rows' values.
        arrays: Whether it takes many rows at once, each value an array of them, and their number at the end.
    """

    sql: str
    copy: str = ""
    arrays: bool = False


Values = Sequence[bytes | None]


@dataclass(slots=True)
class Writer:
    """The statements for one relation, each made once."""

    relation: Relation
    table: Table
    cascades: Cascades
    _made: dict[object, Statement] = field(default_factory=dict)
    _columns: dict[int, Column] = field(init=False)
    _key: list[int] = field(init=False)
    _by_text: bool = field(init=False)
    _only: str = field(init=False)
    _missing: str = field(init=False)

    def __post_init__(self) -> None:
        theirs = {column.name: column for column in self.table.columns}
        self._columns = {}
        for place, sent in enumerate(self.relation.fields):
            column = theirs.get(sent.name)
            if column is None:
                raise Conflict(
                    f"{self.label} has no column {sent.name} to write to",
                    safe="its transaction was not applied",
                    remedy="add the column there too, and go on",
                )
            if not column.generated:
                self._columns[place] = column
        primary = [place for place, column in self._columns.items() if column.name in self.table.key]
        whole = self.relation.identity == "f"
        self._by_text = whole and len(primary) < max(len(self.table.key), 1)
        if self._by_text:
            self._key = list(self._columns)
        elif whole:
            self._key = primary
        else:
            self._key = [place for place, sent in enumerate(self.relation.fields) if sent.key]
        name = self.label
        self._only = name if self.table.kind == "p" else f"ONLY {name}"
        names = ", ".join(self.relation.fields[place].name for place in self._key)
        self._missing = literal(f"a row of {name} that was changed is not there (found by {names or 'nothing'})")

    @property
    def label(self) -> str:
        """The table's name, as SQL and people read it."""
        return self.table.label

    def insert(self, change: Insert) -> tuple[Statement, Values]:
        """Put a row in; a value of an identity column too."""
        statement = self._made.get(Insert)
        if statement is None:
            names = ", ".join(quoted(column.name) for column in self._columns.values())
            marks = ", ".join(f"${n}" for n in range(1, len(self._columns) + 1))
            values = f"({names}) OVERRIDING SYSTEM VALUE VALUES ({marks})" if names else "DEFAULT VALUES"
            statement = self._made[Insert] = Statement(
                f"INSERT INTO {self.label} {values}", f"COPY {self.label} ({names}) FROM STDIN" if names else ""
            )
        return statement, [self._sent(change.new[place]) for place in self._columns]

    def update(self, change: Update) -> tuple[Statement, Values]:
        """Set what was sent, in the row that is found by its old key."""
        new, old = change.new, change.new if change.old is None else change.old
        moved = change.old is not None and any(self._of(old, p) != self._of(new, p, old) for p in self._key)
        places = [
            p for p in self._columns if new[p] is not UNCHANGED and (moved or self._by_text or p not in self._key)
        ]
        again = moved and self.cascades.updates
        shape = (Update, again, *places)
        statement = self._made.get(shape)
        if statement is None:
            statement = self._made[shape] = self._update(places, again=again)
        values = [self._sent(new[place]) for place in places]
        values += [self._of(old, place) for place in self._key]
        if again:
            values += [self._of(new, place, old) for place in self._key]
        return statement, values

    def delete(self, change: Delete) -> tuple[Statement, Values]:
        """Take out the row that is found by its key, or is the same in every column."""
        statement = self._made.get(Delete)
        if statement is None:
            statement = self._made[Delete] = self._delete()
        return statement, [self._of(change.old, place) for place in self._key]

    def _update(self, places: Sequence[int], *, again: bool) -> Statement:
        first = self._columns[self._key[0]].name if self._key else self.relation.fields[0].name
        sets = [f"{quoted(self._columns[place].name)} = ${n}" for n, place in enumerate(places, 1)]
        count = len(sets)
        where = self._found(count + 1)
        if self._by_text or again:
            looks = [where, self._found(count + 1 + len(self._key))] if again else [where]
            where = self._one(looks)
        changed = ", ".join(sets) or f"{quoted(first)} = {quoted(first)}"
        return self._checked(f"UPDATE {self._only} SET {changed} WHERE {where}", "1")  # noqa: S608 - quoted names

    def _delete(self) -> Statement:
        nested = any(self._columns[place].base.endswith("[]") for place in self._key)
        if self._by_text or nested:
            where = self._found(1)
            sql = f"DELETE FROM {self._only} WHERE {self._one([where]) if self._by_text else where}"  # noqa: S608 - quoted names
            return Statement(sql) if self.cascades.deletes else self._checked(sql, "1")
        arrays = ", ".join(f"${n}::{self._columns[place].type}[]" for n, place in enumerate(self._key, 1))
        names = ", ".join(f"k{n}" for n in range(1, len(self._key) + 1))
        where = " AND ".join(
            f"t.{quoted(self._columns[place].name)} {_equals(self._columns[place])} k.k{n}"
            for n, place in enumerate(self._key, 1)
        )
        sql = f"DELETE FROM {self._only} AS t USING unnest({arrays}) AS k ({names}) WHERE {where}"  # noqa: S608 - quoted names
        wanted = f"${len(self._key) + 1}::bigint"
        if self.cascades.deletes:  # the number is said all the same, so that both take the same values
            return Statement(f"WITH done AS ({sql}) SELECT {wanted}", arrays=True)
        return self._checked(sql, wanted, arrays=True)

    def _checked(self, sql: str, wanted: str, *, arrays: bool = False) -> Statement:
        """Fail on the server, so that the commit behind it in the pipeline does not happen."""
        found = "(SELECT count(*) FROM done)"
        return Statement(
            f"WITH done AS ({sql} RETURNING 1) SELECT {MUST}({found}, {wanted}, {self._missing})", arrays=arrays
        )

    def _found(self, first: int) -> str:
        """The condition that finds a row by its key's values, from $first on."""
        if not self._key:
            return "true" if self._by_text else "false"
        return " AND ".join(
            # As text: exact (1.0 is not 1.00), and for types that have no equality too.
            f'(({name})::text COLLATE "C") IS NOT DISTINCT FROM (${n}::{column.type})::text'
            if self._by_text
            else f"{name} {_equals(column)} ${n}::{column.type}"
            for n, (name, column) in enumerate(
                ((quoted(self._columns[place].name), self._columns[place]) for place in self._key), first
            )
        )

    def _one(self, wheres: Sequence[str]) -> str:
        """One row alone, the first that one of the conditions finds."""
        place = "(tableoid, ctid)" if self.table.kind == "p" else "ctid"
        columns = place.strip("()")
        looks = [
            f"(SELECT {columns} FROM {self._only} WHERE {where} LIMIT 1)"  # noqa: S608 - quoted names
            for where in wheres
        ]
        return f"{place} = {looks[0]}" if len(looks) == 1 else f"{place} = ({' UNION ALL '.join(looks)} LIMIT 1)"

    def _of(self, row: Row, place: int, other: Row | None = None) -> bytes | None:
        value = row[place]
        return self._sent(other[place] if value is UNCHANGED and other is not None else value)

    def _sent(self, value: Value) -> bytes | None:
        if value is UNCHANGED:
            raise Unavailable(
                f"a change of {self.label} came without a value that it needs",
                safe="its transaction was not applied",
                remedy="copy that table again",
            )
        return value


def truncation(writers: Sequence[Writer], *, restart_identity: bool) -> str:
    """Empty these tables, and no other: those that a cascade reached over there are among them."""
    names = ", ".join(writer._only for writer in writers)  # noqa: SLF001 - of this module
    return f"TRUNCATE {names}{' RESTART IDENTITY' if restart_identity else ''}"


def array(values: Sequence[bytes | None]) -> bytes:
    """An array of such values, as text."""
    elements = (
        b"NULL" if value is None else b'"' + value.replace(b"\\", b"\\\\").replace(b'"', b'\\"') + b'"'
        for value in values
    )
    return b"{" + b",".join(elements) + b"}"


def copied(values: Sequence[bytes | None]) -> bytes:
    """A row as COPY's text format has it."""
    return b"\t".join([rb"\N" if value is None else _escaped(value) for value in values]) + b"\n"


def literal(text: str) -> str:
    """A text as SQL's own constant, whatever standard_conforming_strings is."""
    doubled = text.replace("'", "''")
    return f"'{doubled}'" if "\\" not in doubled else "E'" + doubled.replace("\\", "\\\\") + "'"


def _escaped(value: bytes) -> bytes:
    if b"\\" in value:
        value = value.replace(b"\\", b"\\\\")
    return value.replace(b"\t", b"\\t").replace(b"\n", b"\\n").replace(b"\r", b"\\r")


def _equals(column: Column) -> str:
    """The type's own equality, which is not on the pinned search path where an extension brought it."""
    schema = column.base.rpartition(".")[0]
    if schema == "pg_catalog" or column.kind != "b" or column.base.endswith("[]"):
        return "="
    return f"OPERATOR({quoted(schema)}.=)"
