"""Tables that decide a value: price lists, rates by steps, two-way matrices, decision tables."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from arraigo.apps.testplans.generator.evaluate import names_in
from arraigo.apps.testplans.generator.lexicon import ACCEPT, REFUSE, has
from arraigo.apps.testplans.generator.model import (
    ALWAYS,
    STATE,
    Check,
    Condition,
    Const,
    Expression,
    Move,
    Not,
    OneOf,
    Rule,
    Some,
    Told,
)
from arraigo.apps.testplans.generator.understand.clauses import key, quoted, words
from arraigo.apps.testplans.generator.understand.fields import add_state
from arraigo.apps.testplans.generator.understand.names import Mention
from arraigo.apps.testplans.generator.understand.tables import ANY, NO, YES, Row, Tables, sort
from arraigo.apps.testplans.generator.understand.values.counting import Counting
from arraigo.apps.testplans.generator.understand.values.expressions import Expressions
from arraigo.apps.testplans.generator.understand.values.money import MONEY_WORDS
from arraigo.apps.testplans.generator.understand.values.said import Said, conjoin, exclusive
from arraigo.apps.testplans.generator.understand.values.terms import Terms
from arraigo.apps.testplans.generator.words import Token, fold, stem, tokens
from arraigo.apps.testplans.plan import Language, Requirement

_OTHER = re.compile(
    r"(?:en )?(?:cualquier|any|all|todo[s]?|los|las|the)?\s*(?:other|otr[oa]s?|otherwise|else|rest|resto|"
    r"demas|anything else|"
    r"everything else|de lo contrario)\b.*"
)
_SCALE = re.compile(
    r"\b(?:hasta|mas de|menos de|up to|over|under|from|desde|entre|between|more|less|at least|o mas|"
    r"or more|or less|o menos|"
    r"en adelante|and over|onwards|below|above|del?|to|a partir|and above|or over)\b|\d\s*[-–]\s*\d|[<>≤≥]"
)
_RATE = re.compile(r"^(?:the )?(?:\d|[$€£]|free|gratis|sin costo|-?\d)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table: `sort` is condition, result, state, decision, message, or nothing."""

    head: str
    sort: str
    name: str = ""  # of the field or the quantity


@dataclass(slots=True)
class Rates:
    """Reads tables in one vocabulary."""

    tables: Tables
    counting: Counting
    terms: Terms

    def columns(self, rows: Sequence[Row], language: Language) -> list[Column]:
        """What each column is; empty where the table is one of fields or of transitions."""
        heads = list(dict.fromkeys(head for cells in rows for head in cells))
        sorts = {head: sort(head) for head in heads}
        kinds = set(sorts.values())
        if "field" in kinds or ("to" in kinds and ("event" in kinds or "from" in kinds)) or "event" in kinds:
            return []
        matrix = self._matrix(heads, language)
        found: list[Column] = []
        for head in heads:
            cells = [row[head] for row in rows if head in row]
            if sorts[head] in {"message", "decision", "skip"}:
                named = sorts[head]
                found.append(Column(head, "" if named == "skip" else named))
            elif head in matrix:
                found.append(Column(head, "matrix"))
            elif found and sorts[head] == "from" and any(c.sort == "condition" for c in found):
                found.append(Column(head, "state"))
            elif name := self._condition(head, cells, language, first=not found):
                found.append(Column(head, "condition", name))
            else:
                found.append(Column(head, "result" if self._valued(cells, found) else "", plain_head(head)))
        if not any(c.sort in {"condition", "who"} for c in found):
            return []
        return found

    def _valued(self, cells: list[str], before: list[Column]) -> bool:
        """Whether a column gives a result, not just a name of the row."""
        if all(_RATE.match(quoted(cell)) or key(cell) in ANY for cell in cells):
            return True
        short = all(len(cell.split()) <= 3 for cell in cells)
        return short and any(column.sort == "condition" for column in before) and len(set(cells)) > 1

    def _matrix(self, heads: list[str], language: Language) -> dict[str, Condition]:
        """The condition of each head that names a value: "Urgency high", "Zone B", "up to 5 kg"."""
        found: dict[str, Condition] = {}
        names: set[str] = set()
        for head in heads:
            mentions = self.tables.names.mentions(tokens(head, language))
            values = [m for m in mentions if m.sort == "value"]
            if len(values) == 1:
                found[head] = OneOf(values[0].name, (values[0].value,))
                names.add(values[0].name)
            elif re.search(r"\d", head) and _SCALE.search(fold(head)):
                reading = self.tables.conditions.read(tokens(head, language))
                if reading.condition is not None and not reading.loose:
                    found[head] = reading.condition
                    names |= {atom.subject for atom in reading.atoms}
        if len(found) > 1 and len(names) == 1:
            return found
        return self._halves(heads, language)

    def _halves(self, heads: list[str], language: Language) -> dict[str, Condition]:
        """Two columns of which one is a truth or a time of day, the other what is not: "Black and white", "Colour"."""
        for head in heads[1:]:
            found = tokens(head, language)
            flag = next((m for m in self.tables.names.mentions(found) if m.sort == "field"), None)
            term = self.terms.read(found)
            others = [other for other in heads[1:] if other != head and not sort(other)]
            if len(others) != 1:
                continue
            known = self.tables.system.fields[flag.name] if flag is not None else None
            if known is not None and flag is not None and known.kind in {"flag", ""} and not known.values:
                known.kind = "flag"
                return {head: OneOf(flag.name, (True,)), others[0]: OneOf(flag.name, (False,))}
            if term is not None:
                return {head: term, others[0]: Not(term)}
        return {}

    def _condition(self, head: str, cells: list[str], language: Language, *, first: bool) -> str:
        """The field or quantity that a column's cells are about; empty: it is no condition."""
        named = self.tables.field_of(head, language)
        ranged = sum(bool(_SCALE.search(fold(cell)) and re.search(r"\d", cell)) for cell in cells)
        if named is not None and not (ranged == 0 and not first and all(_RATE.match(quoted(c)) for c in cells)):
            return named.name
        bare = re.sub(r"\(.*?\)", "", head)
        quantities = [m for m in self.tables.names.mentions(tokens(bare, language)) if m.sort == "quantity"]
        full = [m for m in quantities if m.end - m.start >= len(plain_head(head).split())]
        if full and first and ranged:
            return full[0].name
        values = {
            m.name
            for cell in cells
            for m in self.tables.names.mentions(tokens(quoted(cell), language))
            if m.sort == "value"
        }
        covered = sum(
            any(m.sort == "value" for m in self.tables.names.mentions(tokens(quoted(cell), language))) for cell in cells
        )
        if len(values) == 1 and covered >= len(
            [c for c in cells if key(c) not in ANY and not _OTHER.fullmatch(key(c))]
        ):
            return values.pop()
        priced = any(stem(word) in MONEY_WORDS for word in plain_head(head).split())
        if ranged * 2 < len(cells) or priced:
            return ""
        for cell in [*cells, head]:
            reading = self.tables.conditions.read(_with_unit(head, cell, language))
            subjects = {atom.subject for atom in reading.atoms if atom.subject}
            if len(subjects) == 1:
                return subjects.pop()
        return ""

    def read(
        self, rows: Sequence[tuple[Requirement, Row]], columns: Sequence[Column], operations: tuple[str, ...]
    ) -> tuple[list[Said], list[Rule]]:
        """What the rows say of quantities, and the refusals, states and messages that they decide."""
        said: list[Said] = []
        rules: list[Rule] = []
        whens = self._whens(rows, columns)
        matrix = self._matrix([c.head for c in columns], rows[0][0].language)
        for (requirement, cells), when in zip(rows, whens, strict=True):
            if when is None:
                continue
            refused = False
            message = next((quoted(cells[c.head]) for c in columns if c.sort == "message" and c.head in cells), None)
            for column in columns:
                cell = cells.get(column.head, "")
                if column.sort == "decision":
                    flat = words(tokens(cell, requirement.language))
                    if has(flat, REFUSE) or key(cell) in NO:
                        refused = True
                        rules.append(Check(requirement.id, operations, when, message))
                    elif not has(flat, ACCEPT) and key(cell) not in YES | ANY:
                        made = self._result(requirement, column, cell, when, operations)
                        said += [made] if made is not None else []
                elif column.sort == "state" and key(cell) not in ANY:
                    add_state(self.tables.system, quoted(cell))
                    rules.append(Move(requirement.id, operations, (), quoted(cell), when))
                elif column.sort in {"result", "matrix"} and not refused:
                    both = conjoin(when, matrix[column.head]) if column.sort == "matrix" else when
                    made = self._result(requirement, column, cell, both, operations)
                    said += [made] if made is not None else []
            if message and not refused and key(message) not in ANY:
                rules.append(Told(requirement.id, operations, when, message))
        return exclusive(said), rules

    def _whens(self, rows: Sequence[tuple[Requirement, Row]], columns: Sequence[Column]) -> list[Condition | None]:
        made: list[Condition | None] = []
        others: list[int] = []
        for n, (requirement, cells) in enumerate(rows):
            parts: list[Condition] = []
            sure = True
            for column in columns:
                cell = cells.get(column.head, "")
                if column.sort != "condition" or key(cell) in ANY:
                    continue
                if _OTHER.fullmatch(key(cell)):
                    others.append(n)
                    continue
                condition = self._cell(column, cell, requirement.language)
                sure = sure and condition is not None
                parts += [condition] if condition is not None else []
            made.append((conjoin(*parts) if parts else ALWAYS) if sure else None)
        known = tuple(when for n, when in enumerate(made) if when is not None and n not in others)
        for n in others:
            made[n] = Not(Some(known)) if all(w is not None for w in made) and known else None
        return made

    def _cell(self, column: Column, cell: str, language: Language) -> Condition | None:
        field = self.tables.system.fields.get(column.name)
        plain = fold(quoted(cell)).rstrip(".")
        if field is not None and field.kind == "flag" and plain in YES | NO:
            return OneOf(column.name, (plain in YES,))
        if field is not None:
            chosen = tuple(
                v for v in field.values if fold(str(v)) in re.split(r"\s*(?:,|/| o | or | u | y | and )\s*", plain)
            )
            mentions = self.tables.names.mentions(tokens(quoted(cell), language))
            chosen = chosen or tuple(m.value for m in mentions if m.sort == "value" and m.name == column.name)
            if chosen:
                return OneOf(column.name, chosen)
        sort_ = "field" if field is not None else "quantity"
        subject = [Token("word", fold(column.name), column.name, 0, len(column.name))]
        found = _with_unit(column.head, cell, language)
        reading = self.tables.conditions.read([*subject, *found], None, Mention(0, 1, sort_, column.name))  # type: ignore[arg-type]
        return reading.condition

    def _result(
        self, requirement: Requirement, column: Column, cell: str, when: Condition, operations: tuple[str, ...]
    ) -> Said | None:
        text = quoted(cell)
        if key(cell) in ANY:
            return None
        target = "" if column.sort == "matrix" else column.name
        found = tokens(text, requirement.language)
        mentions = self.tables.names.mentions(found)
        about = next((n for n in names_in(when) if n in self.tables.system.fields), "")
        read = Expressions(self.counting, found, mentions, tuple(self.tables.system.fields), about).read(0)
        whole = read is not None and all(token.kind != "number" for token in found[read.end :])
        section = requirement.place.section
        if read is not None and whole and re.search(r"\d", text):
            percent = read.percent or "%" in column.head
            per = self._per(column.head, requirement.language) if not read.counted else None
            return Said(
                requirement.id, target, "set", read.by, when, operations, percent=percent, section=section, per=per
            )
        if fold(text) in {"free", "gratis", "gratuito", "sin costo", "no charge"}:
            return Said(requirement.id, target, "set", Const(Decimal(0)), when, operations, section=section)
        states = [m for m in mentions if m.sort == "state" and m.name == STATE]
        if len(text.split()) <= 4 and not re.search(r"\d.*\d.*\d", text) and not (states and column.sort == "decision"):
            return Said(requirement.id, target, "set", Const(text), when, operations, section=section)
        return None

    def _per(self, head: str, language: Language) -> Expression | None:
        """For a head as "Price per kg": what the rate is multiplied by."""
        found = tokens(head, language)
        mentions = self.tables.names.mentions(found)
        for i in range(1, len(found)):
            if words(found)[i] in {"per", "por", "each", "cada", "for"}:
                count = self.counting.count(found, i, mentions, tuple(self.tables.system.fields))
                if count is not None:
                    return count[0]
        return None


def plain_head(head: str) -> str:
    """A head's words, folded, without what is in brackets."""
    bare = re.sub(r"\(.*?\)", "", head)
    return " ".join(token.text for token in tokens(bare, "en") if token.kind == "word")


def _with_unit(head: str, cell: str, language: Language) -> list[Token]:
    unit = re.search(r"\((.*?)\)", head)
    plain = quoted(cell)
    if unit and not re.search(r"[a-z]{2}", fold(plain).replace("hasta", "").replace("to", "")):
        plain = f"{plain} {unit.group(1)}"
    found = tokens(plain, language)
    if not any(token.unit for token in found) and not unit:
        units = [token for token in tokens(f"1 {head}", language)[:1] if token.unit]
        if units and found and found[-1].kind == "number":
            last = found[-1]
            found[-1] = Token("number", last.text, last.raw, last.start, last.end, last.value, units[0].unit)
    return found


__all__ = ["Column", "Rates", "plain_head"]
