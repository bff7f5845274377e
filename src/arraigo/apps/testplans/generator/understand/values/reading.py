"""All that a document says of values, sentence by sentence and table by table, to rules that compute them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import pairwise

from arraigo.apps.testplans.generator.creators import parts
from arraigo.apps.testplans.generator.lexicon import ARTICLES, COMPUTING, FREE, GIVEN, IF, LOWER, RAISE, REFUSE, at, has
from arraigo.apps.testplans.generator.model import (
    ALWAYS,
    Compare,
    Condition,
    Const,
    Missing,
    Not,
    OneOf,
    Ref,
    Rule,
    System,
)
from arraigo.apps.testplans.generator.understand.clauses import Clause, clause, key, quoted, words
from arraigo.apps.testplans.generator.understand.conditions import Conditions, Reading
from arraigo.apps.testplans.generator.understand.names import Mention, Names
from arraigo.apps.testplans.generator.understand.passages import cells_of
from arraigo.apps.testplans.generator.understand.scope import Scopes
from arraigo.apps.testplans.generator.understand.tables import ANY, Row, Tables
from arraigo.apps.testplans.generator.understand.values import steps
from arraigo.apps.testplans.generator.understand.values.answers import Told, told
from arraigo.apps.testplans.generator.understand.values.assembling import assemble
from arraigo.apps.testplans.generator.understand.values.counting import Counting
from arraigo.apps.testplans.generator.understand.values.homes import Homes
from arraigo.apps.testplans.generator.understand.values.money import MONEY_WORDS
from arraigo.apps.testplans.generator.understand.values.rates import Column, Rates
from arraigo.apps.testplans.generator.understand.values.rounding import phrases, rounding, trimmed
from arraigo.apps.testplans.generator.understand.values.said import Answer, Said, conjoin
from arraigo.apps.testplans.generator.understand.values.statements import Statements
from arraigo.apps.testplans.generator.understand.values.terms import Terms
from arraigo.apps.testplans.generator.words import Token, stem, tokens
from arraigo.apps.testplans.plan import Requirement

_SENTENCE = re.compile(r"(?<=[.!?])[\"”»)]?\s+(?=[\"“«¿¡(A-ZÁÉÍÓÚÑ0-9`])|;\s+|\n+")
_SHORT = re.compile(r"\b(e\.g|i\.e|p\. ?ej|etc|vs|no|art|núm|máx|mín|max|min|approx)\.\s", re.IGNORECASE)
_DEFINED = phrases(
    "is calculated|is computed|is worked out|is the|depends on|follows from|shall follow from|"
    "is determined|is obtained|"
    "es el|es la|se calcula|depende de|depende del|resulta de|se obtiene|se determina|equals|is equal to|"
    "es igual a|=|"
    "is given by|sigue|corresponde|is|are|es|son|will be|sera|cuesta|costs"
)
_STRONG = phrases(
    "is calculated|is computed|is worked out|depends on|follows from|shall follow from|is determined|is obtained|"
    "se calcula|depende de|depende del|resulta de|se obtiene|se determina|is equal to|es igual a|=|is given by"
)
_DULL = frozenset(
    (
        "it this that number numero there que lo he she they system sistema day dia which what esto eso order orden "
        "causa regla rule case caso field campo value valor other otro"
    ).split()
)
_STEPS = frozenset(
    "add subtract multiply divide raise reduce start begin suma sumar sume resta restar multiplica".split()
)


@dataclass(slots=True)
class Values:
    """Reads values in one vocabulary; `learn` first, `read` after all else is known."""

    system: System
    names: Names
    conditions: Conditions
    scopes: Scopes
    tables: Tables
    terms: Terms
    said: list[Said] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    doubts: list[tuple[tuple[str, ...], str]] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    lead: str = ""  # the quantity that the lead of a list or of a table names
    before: Condition = ALWAYS  # what "otherwise" refers back to
    noun: str = ""  # what "it" refers back to
    zero: bool = False  # whether it is 0 under a condition that was not understood

    # -- names of quantities

    def learn(self, requirements: Sequence[Requirement]) -> None:
        """Learn the names of what is computed and given back."""
        for group in [*self._groups(requirements), *self._groups(requirements)]:
            if _history(group):
                continue
            if isinstance(group, Requirement):
                for sentence in _sentences(group.text):
                    self.terms.learn(sentence)
                    self._learn(tokens(sentence, group.language))
                    self.lead = self._subject(tokens(sentence, group.language)) if _leads(sentence) else ""
            else:
                rates = Rates(self.tables, Counting(self.conditions), self.terms)
                for column in rates.columns([cells for _, cells in group], group[0][0].language):
                    if column.sort == "result":
                        self.names.learn(column.name)
                    if column.sort in {"result", "matrix"}:
                        self._results(column.name or self.lead, [cells.get(column.head, "") for _, cells in group])

    def _results(self, name: str, cells: list[str]) -> None:
        """The words that a quantity can be: the priority is P1, P2 or P3."""
        words_ = list(dict.fromkeys(quoted(cell) for cell in cells if key(cell) not in ANY))
        if name and words_ and all(re.fullmatch(r"[^\W\d_][\w-]{0,20}", word) for word in words_):
            known = self.names.results.setdefault(name, [])
            known += [word for word in words_ if word not in known]

    def _learn(self, found: list[Token]) -> None:
        said = told(found)
        if said is not None and said.noun and said.words[0] not in _DULL and not self._known(found, said):
            self.names.learn(" ".join(w for w in said.words[:4]))
        plain = words(found)
        for i in range(1, len(plain)):
            size = at(plain, i, _DEFINED)
            if not size:
                continue
            phrase, start = _phrase(found, i)
            rest = plain[i + size :]
            figures = any(token.kind == "number" for token in found[i:])
            strong = bool(at(plain, i, _STRONG)) or (has(rest, COMPUTING) and self._computing(found[i + size :]))
            strong = strong or (figures and bool({stem(word) for word in phrase} & MONEY_WORDS))
            named = [
                m for m in self.names.mentions(found[start:i]) if m.sort in {"field", "value", "state", "operation"}
            ]
            objects = {stem(part) for operation in self.system.operations for part in parts(operation)}
            if {stem(word) for word in phrase} <= objects:
                return
            if phrase and strong and phrase[-1] not in _DULL and phrase[0] not in _DULL and not named:
                self.names.learn(" ".join(phrase[-4:]))
            return

    def _computing(self, rest: list[Token]) -> bool:
        """Whether "plus" or "times" is between things, not "a third time"."""
        return any(m.sort in {"field", "quantity"} for m in self.names.mentions(rest))

    def _known(self, found: list[Token], said: Told) -> bool:
        mentions = self.names.mentions(found[said.start : said.end])
        return any(m.sort == "quantity" or (m.sort == "field" and m.score > 0.9) for m in mentions)

    # -- what is said of them

    def read(self, requirements: Sequence[Requirement]) -> list[Rule]:
        """The rules; notes in the system what each operation gives back and where that is not sure."""
        homes = Homes(self.system, self.names, self.scopes)
        homes.learn(requirements)
        counting = Counting(self.conditions)
        for group in self._groups(requirements):
            if _history(group):
                continue
            first = group if isinstance(group, Requirement) else group[0][0]
            homes.enter(first)
            self.before = ALWAYS
            if isinstance(group, Requirement):
                self._requirement(group, homes, counting)
            else:
                self._table(group, homes, counting)
        made = assemble(self.system, self.names, self.said, self.answers, self.doubts)
        return [*self.rules, *made]

    def _groups(self, requirements: Sequence[Requirement]) -> list[Requirement | list[tuple[Requirement, Row]]]:
        """Requirements, and the rows of each table together."""
        made: list[Requirement | list[tuple[Requirement, Row]]] = []
        for requirement in requirements:
            cells = cells_of(requirement)
            last = made[-1] if made else None
            if cells is None:
                made.append(requirement)
            elif isinstance(last, list) and _same_table(last[0], (requirement, cells)):
                last.append((requirement, cells))
            else:
                made.append([(requirement, cells)])
        return made

    def _table(self, group: list[tuple[Requirement, Row]], homes: Homes, counting: Counting) -> None:
        first = group[0][0]
        rates = Rates(self.tables, counting, self.terms)
        columns: list[Column] = rates.columns([cells for _, cells in group], first.language)
        if not columns:
            return
        operations = homes.of(tokens(first.text, first.language))
        said, rules = rates.read(group, columns, operations)
        self.said += [replace(one, target=one.target or self.lead) for one in said]
        self.lead = ""
        self.rules += rules

    def _requirement(self, requirement: Requirement, homes: Homes, counting: Counting) -> None:
        if not requirement.lead:
            self.lead = ""
        context: Condition = ALWAYS
        for n, sentence in enumerate(_sentences(requirement.text)):
            found = tokens(sentence, requirement.language)
            if n == 0:
                context = self._context(found)
            self._sentence(requirement, sentence, homes, counting, self.lead, context)
            if _leads(sentence):
                self.lead = self._subject(found)

    def _doubt(self, requirement: Requirement, operations: tuple[str, ...]) -> None:
        """Something was not understood of what these give back; what only stands beside a requirement asks nothing."""
        if requirement.testable:
            self.doubts.append((operations, requirement.id))

    def _subject(self, found: list[Token]) -> str:
        named = [m for m in self.names.mentions(found) if m.sort == "quantity"]
        return named[0].name if named else ""

    def _context(self, found: list[Token]) -> Condition:
        """For a requirement that begins with a value: "Cash must be at least the fare. The meter shows the change."."""
        colon = next((i for i, token in enumerate(found[:9]) if token.text == ":"), 0)
        if colon and not any(token.kind == "number" for token in found[:colon]):
            reading = self.conditions.read(found[:colon], self.scopes.fields)
            valued = [atom for atom in reading.atoms if atom.subject in self.system.fields]
            if valued and not reading.loose:
                return Reading(atoms=valued).condition or ALWAYS
        return self.conditions.topic(found)

    def _sentence(
        self,
        requirement: Requirement,
        sentence: str,
        homes: Homes,
        counting: Counting,
        target: str,
        context: Condition = ALWAYS,
    ) -> None:
        found = tokens(sentence, requirement.language)
        operations = homes.of(found)
        counting.own = tuple(dict.fromkeys(name for one in operations for name in self.system.operations[one]))
        fields = self.scopes.fields
        said = told(found)
        rest = found
        if said is not None:
            rest = self._answered(requirement, found, said, operations, context)
            target = (said.noun and self._named(said)) or target
            if not rest:
                return
        named = self._subject(found)
        for part in _series(rest):
            self._part(requirement, part, operations, fields, counting, target, context, told_=said is not None)
        self.noun = named or self.noun

    def _named(self, said: Told) -> str:
        named = [
            m
            for m in self.names.mentions(tokens(" ".join(said.words), "en"))
            if m.sort in {"quantity", "field"}
            and m.score > 0.6
            and (m.start == 0 or set(said.words[: m.start]) <= _HOLLOW)
        ]
        return named[0].name if named else said.noun

    def _answered(
        self, requirement: Requirement, found: list[Token], said: Told, operations: tuple[str, ...], context: Condition
    ) -> list[Token]:
        """Note an answer; what of the sentence is still to be read."""
        before = clause(found[: said.start], set())
        when = self._when(before.how, before.condition or (before.main if said.figure is not None else []), context)
        moment = {"when", "once", "cuando", "whenever", "after"} & {token.text for token in found[: said.start][:2]}
        if when is None and (before.how == "" or moment):
            when = context  # "when a prescription has been accepted"
        if when is None:
            self._doubt(requirement, operations)
            return []
        noun = self.noun if said.noun == "it" else self._named(said) if said.noun else ""
        figure = Const(said.figure) if said.figure is not None else None
        self.answers.append(
            Answer(
                requirement.id,
                operations,
                noun,
                figure,
                when,
                said.default,
                said.percent,
                requirement.place.section,
                said.words,
                weak=not requirement.testable,
            )
        )
        if said.passive:
            whole = rounding(found)
            if whole is not None:
                how, unit, _ = whole
                self.said.append(Said(requirement.id, noun, how, Const(unit), when, operations))
            return []
        rest = found[said.end :]
        if (
            rest
            and rest[0].text in {":", ","}
            and (rest[0].text == ":" or (rest[1:2] and rest[1].text in {"which", "que"}))
        ):
            return rest[1:] if rest[0].text == ":" else rest[2:]
        nested = next((i for i, t in enumerate(rest[:8]) if t.text == ":"), None)
        if nested is not None:
            return rest[nested + 1 :]
        if rounding(rest) is not None:
            return rest
        return []

    def _part(
        self,
        requirement: Requirement,
        found: list[Token],
        operations: tuple[str, ...],
        fields: tuple[str, ...],
        counting: Counting,
        target: str,
        context: Condition,
        *,
        told_: bool,
    ) -> None:
        read = _split(found)
        if not target and {"it", "lo"} & set(words(read.main)):
            target = self.noun
        plain = words(read.main)
        values_ = [m for m in self.names.mentions(found) if m.sort == "value"]
        if isinstance(context, OneOf) and any(
            m.name == context.name and m.value not in context.values for m in values_
        ):
            context = ALWAYS
        if stepped := self._stepped(requirement, found, context, operations):
            self.said += stepped
            return
        used = bool(set(plain) & _USED) and bool(read.condition)
        if not told_ and not used and not self._about_value(read.main, plain, target):
            self._remember(read.how, read.condition, context)
            return
        if has(plain, REFUSE) or (read.message and not any(t.kind == "number" for t in read.main)):
            self._remember(read.how, read.condition, context)
            return
        statements = Statements(self.conditions, counting, self.terms, fields)
        when = self._when(read.how, read.condition, context, target or self.noun)
        if (bound := self._bound(requirement, when, plain, operations)) is not None:
            self.said.append(bound)
            return
        if read.how == "unless" and rounding(read.main) is not None:
            when = context  # "unless it is one already"
        if when is None and read.how == "else" and self.zero:
            when = context  # "if it was on time, 0; otherwise ...": no more than what is beyond
        elif when is None:
            self.zero = any(token.value == 0 for token in read.main) or has(plain, FREE)
            if statements.amounts(read.main) and not self.zero:
                self._doubt(requirement, operations)
            return
        self.zero = False
        made = statements.read(requirement.id, read.main, when, target)
        section = requirement.place.section
        self.said += [replace(one, operations=operations, section=section) for one in made]
        if statements.unread:
            self._doubt(requirement, operations)
        if made and made[-1].when != ALWAYS:
            self.before = made[-1].when

    def _truth(self, condition: list[Token], named: list[Mention]) -> Condition | None:
        """For "if the student comes from a rural zone": a field of which nothing is known but that it can hold."""
        bare = not any(token.kind in {"number", "quote", "time", "date"} for token in condition)
        if len(named) != 1 or not bare or named[0].score < 0.9:
            return None
        field_ = self.system.fields[named[0].name]
        if field_.kind not in {"", "flag"} or field_.values:
            return None
        field_.kind = "flag"
        return OneOf(field_.name, (not set(words(condition)) & _NEGATED,))

    def _bound(
        self, requirement: Requirement, when: Condition | None, plain: list[str], operations: tuple[str, ...]
    ) -> Said | None:
        """For "if it is higher than the maximum dose, the maximum is used"."""
        match when:
            case Compare(Ref(name), op, right) if name in self.names.quantities and set(plain) & _USED:
                how = "most" if op.startswith(">") else "least"
                return Said(requirement.id, name, how, right, ALWAYS, operations, section=requirement.place.section)
        return None

    def _stepped(
        self, requirement: Requirement, found: list[Token], context: Condition, operations: tuple[str, ...]
    ) -> list[Said]:
        reading = self.conditions.read(found, self.scopes.fields, equal=False)
        atoms = [atom for atom in reading.atoms if atom.subject in self.system.fields]
        condition = Reading(atoms=atoms).condition
        when = conjoin(context, condition) if condition is not None else context
        made = steps.read(requirement.id, found, self.names, when)
        return [replace(one, operations=operations, section=requirement.place.section) for one in made]

    def _about_value(self, main: list[Token], plain: list[str], target: str) -> bool:
        """Whether a clause can be about what is computed, and not about what may be entered."""
        mentions = self.names.mentions(main)
        first = mentions[0] if mentions else None
        quantity = any(m.sort == "quantity" for m in mentions)
        money = bool({token.stem for token in main if token.kind == "word"} & MONEY_WORDS)
        percent = any(token.unit in {"%", "$"} for token in main)
        step = bool(plain) and plain[0] in _STEPS
        case = ":" in plain[2:9] and bool(self.conditions.read(main[: plain.index(":")], self.scopes.fields).atoms)
        free = has(plain, FREE) or has(plain, _ON_THE_HOUSE)
        if not (quantity or money or percent or step or target or case or free or rounding(main) is not None):
            return False
        working = set(plain) & _WORKING
        if {"cannot", "can't"} & set(plain):
            return False
        bare = [w for w, after in zip(plain, [*plain[1:], ""], strict=True) if after not in {"than", "que"}]
        if set(plain) & _MUST and not (working or has(bare, LOWER) or has(bare, RAISE)):
            return False
        if working:
            return True
        constrained = first is not None and first.sort == "field" and first.start <= 2 and _constrains(plain, first)
        return not constrained

    def _remember(self, how: str, condition: list[Token], context: Condition) -> None:
        when = self._when(how, condition, context)
        if when is not None and condition:
            self.before = when

    def _when(self, how: str, condition: list[Token], context: Condition, target: str = "") -> Condition | None:
        """The condition of a clause; None where it was not understood."""
        if how == "else":
            return conjoin(context, Not(self.before)) if self.before != ALWAYS else None
        if not condition:
            return context
        pronoun = {"it", "this", "that", "result", "sum", "resultado", "suma"} & set(words(condition))
        subject = Mention(0, 0, "quantity", target) if target and pronoun else None
        reading = self.conditions.read(condition, self.scopes.fields, subject)
        when = reading.condition
        if when is None:
            named = [m for m in self.names.mentions(condition) if m.sort == "field"]
            when = self._truth(condition, named)
        if when is None:
            if named and has(words(condition), GIVEN):
                when = Not(Missing(named[0].name))
            elif any(m.sort == "operation" for m in self.names.mentions(condition)):
                when = ALWAYS  # "when a slot is selected": the operation itself
        if when is None or (reading.lost and how):
            return None
        if how == "unless":
            when = Not(when)
        term = self.terms.read(condition) if when == ALWAYS else None
        if term is not None:
            when = term
        return conjoin(context, when)


_ON_THE_HOUSE = phrases("on the house|por cuenta de la casa|cortesia")
_WORKING = frozenset(
    (
        "calcular sumar restar aplicar cobrar descontar reducir aumentar incrementar redondear recargar bonificar "
        "calculate "
        "compute apply add charge subtract deduct reduce raise round increase"
    ).split()
)
_USED = frozenset("used counts applies taken usa toma aplica utiliza vale cuenta".split())
_NEGATED = frozenset("no not without sin doesn't isn't never".split())
_MUST = frozenset("must debe deben has have tiene tienen required requiere needs need exactly".split())
_CONSTRAINTS = frozenset("must shall may can cannot debe deben puede pueden is are es son va van has tiene se".split())


def _constrains(plain: list[str], subject: Mention) -> bool:
    after = plain[subject.end : subject.end + 2]
    around = [*plain[: subject.start], *plain[subject.end :]]
    priced = {stem(word) for word in around} & {stem(w) for w in "price cost fee precio tarifa discount".split()}
    return bool(set(after) & _CONSTRAINTS) and not priced


_PAST = re.compile(r"\b(?:history|historial|control de cambios|changes|cambios|versiones|revisions?|change log)\b")


def _history(group: Requirement | list[tuple[Requirement, Row]]) -> bool:
    """Whether it tells how the document came about."""
    first = group if isinstance(group, Requirement) else group[0][0]
    heads = set() if isinstance(group, Requirement) else {key(head) for head in group[0][1]}
    dated = bool(heads & {"fecha", "date"}) and bool(heads & {"version", "issue", "edition", "edicion", "revision"})
    return dated or bool(_PAST.search(key(first.place.section.split(" > ")[-1])))


_OF = frozenset({"of", "de", "del", "for", "para", "in", "en", "during", "durante"})
_NUMBERS = frozenset("number numero cantidad count".split())
_HOLLOW = frozenset("valor value total amount number cantidad importe monto numero hora sum suma".split())


def _phrase(found: list[Token], end: int) -> tuple[list[str], int]:
    """The noun that ends before a token: "priority" of "the priority of the ticket"."""
    start, plain = end, words(found)
    while start and found[start - 1].kind == "word" and end - start < 8:
        if plain[start - 1] in ARTICLES and not (start > 1 and plain[start - 2] in _OF):
            break
        start -= 1
    while start < end and plain[start] in ARTICLES | _OF:
        start += 1
    of = next((i for i in range(start + 1, end) if plain[i] in _OF), end)
    whole = [word for word in plain[start:end] if word not in ARTICLES]
    head = plain[start:of]
    if set(head) <= _NUMBERS and of < end:
        rest = [word for word in plain[of + 1 : end] if word not in ARTICLES]
        cut = next((i for i, word in enumerate(rest) if word in _OF), len(rest))
        return rest[:cut], start
    if set(head) <= _HOLLOW and of < end:
        return whole[:4], start
    return (head if len(head) <= 4 else head[-4:]), start


def _split(found: list[Token]) -> Clause:
    """A clause, also of a short main clause before its condition: "Add 4.50 if ..."."""
    plain = words(found)
    place = next((i for i in range(1, min(6, len(plain))) if at(plain, i, IF)), 0)
    if place and any(token.kind == "number" for token in found[:place]):
        return Clause("if", found[place + at(plain, place, IF) :], found[:place], None, plain)
    return clause(found, set())


_TABLE = re.compile(
    r"\b(?:this|the following|esta|la siguiente) (?:table|matrix|tabla|matriz)\b|\b(?:table|"
    r"tabla) (?:below|siguiente)\b"
)


def _leads(sentence: str) -> bool:
    """Whether a list or a table of what the sentence names comes after it."""
    return sentence.endswith(":") or bool(_TABLE.search(sentence.lower()))


def _same_table(one: tuple[Requirement, Row], other: tuple[Requirement, Row]) -> bool:
    if one[0].row is not None and other[0].row is not None:
        return one[0].row.table == other[0].row.table
    same = set(one[1]) <= set(other[1]) or set(other[1]) <= set(one[1])
    return same and one[0].place.section == other[0].place.section


def _sentences(text: str) -> list[str]:
    guarded = _SHORT.sub(lambda m: m.group(1) + "\u2024 ", text)
    return [piece.replace("\u2024", ".").strip(" ;") for piece in _SENTENCE.split(guarded) if piece.strip(" ;.")]


def _series(found: list[Token]) -> list[list[Token]]:
    """A sentence where each amount has its own "if": "8 points if rural and 12 if disabled"."""
    plain = words(found)
    ifs = [i for i in range(1, len(plain)) if at(plain, i, IF)]
    if len(ifs) < 2:
        return [found]
    cuts = []
    for here, there in pairwise(ifs):
        figures = [i for i in range(here, there) if found[i].kind == "number" and there - i <= 4]
        joint = [i for i in range(here + 1, there) if plain[i] in {",", "y", "and", ";", "o", "or"}]
        if figures and joint and joint[-1] < figures[-1]:
            cuts.append(joint[-1])
    pieces = [found[a + 1 if a else 0 : b] for a, b in zip([0, *cuts], [*cuts, len(found)], strict=True)]
    if len(pieces) < 2:
        return [found]
    head = pieces[0][: next((i for i, t in enumerate(pieces[0]) if t.kind == "number"), 0)]
    return [pieces[0], *[[*head, *piece] for piece in pieces[1:]]]


__all__ = ["Decimal", "Values", "trimmed"]
