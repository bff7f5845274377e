"""One sentence after another to rules of the model."""

import re
from dataclasses import dataclass, field, replace
from decimal import Decimal

from arraigo.apps.testplans.generator.evaluate import names_in
from arraigo.apps.testplans.generator.lexicon import (
    ACCEPT,
    COMPUTING,
    GIVEN,
    INVERSE,
    LEAST,
    MOST,
    NOT,
    OPTIONAL,
    REFUSE,
    REQUIRED,
    at,
    has,
)
from arraigo.apps.testplans.generator.model import (
    ALWAYS,
    STATE,
    Barred,
    Check,
    Compare,
    Condition,
    Every,
    Limit,
    Missing,
    Move,
    Not,
    OneOf,
    Rule,
    System,
    Told,
    Unread,
    Vague,
)
from arraigo.apps.testplans.generator.understand import apiece, balances, limits, others, starts
from arraigo.apps.testplans.generator.understand.clauses import Clause, clause, sentences, words
from arraigo.apps.testplans.generator.understand.conditions import Atom, Conditions, Reading
from arraigo.apps.testplans.generator.understand.lifecycle.counters import Counters
from arraigo.apps.testplans.generator.understand.lifecycle.prose import FINE, Lifecycle
from arraigo.apps.testplans.generator.understand.names import Mention, Names
from arraigo.apps.testplans.generator.understand.scope import Scopes
from arraigo.apps.testplans.generator.understand.values.money import MONEY_WORDS
from arraigo.apps.testplans.generator.understand.values.said import conjoin
from arraigo.apps.testplans.generator.understand.values.telling import bounds_a_value, computes
from arraigo.apps.testplans.generator.words import Token, fold, tokens
from arraigo.apps.testplans.plan import Requirement

_MODAL = frozenset(
    ("must shall should may can cannot debe deben debera deberan puede pueden podra podran will only solo").split()
)
_EXACT = frozenset("exact exactly exactamente exacto exacta exactos exactas".split())
_ABOVE = frozenset(
    (
        "more mas later encima above over older exceeding higher mayor mayores superior beyond heavier longer "
        "supera supere exceed exceeds exceda excede exceeded"
    ).split()
)
_BELOW = frozenset(("less fewer menos earlier debajo below under younger menor menores inferior lower shorter").split())
_IN_STATE = re.compile(
    r"\b(?:is|are|be|goes|comes|esta|queda|pasa|entra) (?:now |then )?(?:in|into|to|en|a|al) (?:the |el )?"
    r"(?:state|status|estado)\b"
)
_WOULD = frozenset("would haria harian dejaria llevaria superaria excederia quedaria pasaria".split())
_ABLE = frozenset("may can puede pueden podra podran".split())
_HOLDS = frozenset("contain include have carry bring contener incluir tener llevar traer".split())
_PRONOUNS = frozenset("it they this these he she este esta estos estas ello ella debe deben puede pueden must".split())
_BACK = frozenset(
    ("otherwise any other else anyone cualquier otro otra caso fuera ese esa outside demas contrario").split()
)
_NONE = re.compile(
    r"(?:there (?:is|are) (?:none|no)|none|it is missing|no (?:lo |la |los |las )?hay|falta|no existe)\b"
)


@dataclass(slots=True)
class Sentences:
    """Reads requirements in order; keeps what "otherwise" and "the message is" refer back to."""

    system: System
    names: Names
    conditions: Conditions
    scopes: Scopes
    lifecycle: Lifecycle = field(kw_only=True)
    counters: Counters = field(kw_only=True)
    previous: Condition = ALWAYS
    subject: Mention | None = None  # what the sentence before spoke of
    last: int = 0  # where the rules of the last sentence begin
    made: list[Rule] = field(default_factory=list)  # the rules of this requirement so far
    topic: Condition = ALWAYS  # what the requirement is about, where it begins with a value: "Cash must be ..."
    quotes: list[Token] = field(default_factory=list)  # of the sentence

    def read(self, requirement: Requirement, text: str) -> list[Rule]:
        """The rules of one requirement."""
        self.previous, self.made, self.last, self.subject = ALWAYS, [], 0, None
        self.scopes.enter(requirement)
        for n, sentence in enumerate(sentences(text)):
            self.scopes.within(tokens(sentence, requirement.language))
            found = tokens(sentence, requirement.language)
            self.topic = self.conditions.topic(found) if n == 0 else self.topic
            self.quotes = [token for token in found if token.kind == "quote"]
            found = self.counters.read(requirement, found)
            moved = self.lifecycle.read(requirement, found)
            if not moved and _IN_STATE.search(fold(sentence)):  # a state that nobody knows
                doubted = next((rule.operations for rule in reversed(self.made)), ()) or self.scopes.explicit
                self.made += [Vague(requirement.id, doubted, frozenset({"state"}))] if doubted else []
            rest = self.lifecycle.rest(found, moved)
            made = [*moved, *(self._sentence(requirement, sentence, rest) if rest else [])]
            self.last = len(self.made) if made else self.last
            self.made += made
        return self.made

    def _sentence(self, requirement: Requirement, sentence: str, found: list[Token]) -> list[Rule]:
        known = {fold(str(value)) for field_ in self.system.fields.values() for value in field_.values}
        read = clause(found, known | {fold(state) for state in self.system.states})
        if _NONE.match(" ".join(words(read.condition))) and has(words(read.main), REQUIRED):
            read = replace(read, how="", condition=[])  # "an officer is needed: if there is none, it is refused"
        fields = self.scopes.fields
        named = [m for m in self.names.mentions([*read.condition, *read.main], fields) if m.sort == "field"]
        before = self.subject if not named and self.made else None
        reading = self.conditions.read(read.condition, fields, before)
        reading.subject = reading.subject or before
        when: Condition = ALWAYS
        if read.condition:
            given = before or (named[0] if named else None)
            if reading.condition is None and given is not None and has(words(read.condition), GIVEN):
                when = Not(Missing(given.name))
            else:
                fine = FINE.search(" ".join(words(read.condition)))
                when = reading.condition or (ALWAYS if fine else Unread(sentence))
        wrong = others.wrong(read.condition or read.main, self.names)
        if wrong is not None and read.condition:
            when = wrong if reading.condition is None else Every((wrong, self.scopes.without_state(reading.condition)))
        if read.how == "unless":
            when = Not(when)
        elif read.how == "else":
            when = Not(self.previous) if self.previous != ALWAYS else ALWAYS
        elif read.how in {"if", "only"} and read.condition:
            self.previous = when
        starts.read(read, self.system, self.conditions)
        if made := others.read(requirement.id, read, self.made, self.system, self.scopes):
            return made
        if (
            read.how == "else"
            and sentence[:1].isupper()
            and read.message
            and not self.made
            and self.previous == ALWAYS
            and len(read.words) < 6
        ):
            operations = self.scopes.explicit or self.lifecycle.recent
            self.system.unread[requirement.id] = sentence  # a condition for refusing that was not understood
            return [Vague(requirement.id, operations, frozenset({"accepted"}))] if operations else []
        if made := apiece.read(requirement.id, read, self.conditions, self.scopes):
            return made
        if read.message and self._only_message(read):
            self._retell(read.message, set(read.words), every=read.how == "else" or bool(read.condition))
            return []
        return self._rules(requirement.id, read, when, fields, reading)

    def _only_message(self, read: Clause) -> bool:
        """Whether a sentence does nothing but give the words of a refusal told before."""
        if not self.made or any(t.kind == "number" for t in [*read.main, *read.condition]):
            return False
        seen = [m for m in self.names.mentions([*read.condition, *read.main]) if m.sort in {"value", "state"}]
        if read.how == "if" and not read.main and not set(words(read.condition)) & (_ABOVE | _BELOW):
            return False
        if seen or (read.condition and self.conditions.read(read.condition).atoms):
            return False
        plain = set(words([*read.condition, *read.main]))
        return read.how == "else" or bool(plain & _BACK) or len(read.main) <= 8

    def _refused(self, when: Condition, message: str) -> bool:
        """Whether a message is told where a check of this requirement refuses; then it is the check's."""
        found = False
        for i, rule in enumerate(self.made):
            if isinstance(rule, Check) and rule.when in {when, Not(_opposite(when))} and rule.message is None:
                self.made[i], found = replace(rule, message=message), True
        return found

    def _retell(self, message: str, said: set[str], *, every: bool) -> None:
        side = "<" if said & _ABOVE else ">" if said & _BELOW else ""
        for i, rule in enumerate(self.made):
            if said & {"range", "rango", "outside", "limites", "limits"} and "Multiple" in repr(rule):
                continue
            bound = rule.when if isinstance(rule, Check) else None
            bound = bound.parts[-1] if isinstance(bound, Every) and bound.parts else bound
            bound = bound.part if isinstance(bound, Not) else None
            if side and isinstance(bound, Compare) and not bound.op.startswith(side):
                continue
            kinds = (
                (Check, Limit)
                if not every or any(isinstance(one, Check) for one in self.made)
                else (Check, Barred, Move, Limit)
            )
            if (every or i >= self.last) and isinstance(rule, kinds) and rule.message is None:
                self.made[i] = replace(rule, message=message)

    def _rules(self, id_: str, read: Clause, when: Condition, fields: tuple[str, ...], reading: Reading) -> list[Rule]:
        plain = self._without_operations(read.main)
        if made := others.before(id_, read, self.names, self.scopes):
            return made
        kept = balances.read(id_, read, self.names, self.scopes, fields) if self.names.kept else None
        if kept is not None and not (kept and set(plain) & {"must", "debe", "deben", "should"}):
            return kept
        self.made += kept or []
        if made := limits.read(id_, read, self.names, self.scopes, self.made, self.conditions):
            return made
        main = _without_refusal(read.main)
        relative = set(plain) & {"quienes", "aquellos", "those"} and plain[:1] == ["no"]
        main = main[2:] if relative else main  # "no pueden postular quienes ..." refuses those
        body = self.conditions.read(main, fields, reading.subject, equal=False)
        self.subject = body.subject or reading.subject
        told = [atom.subject for atom in [*reading.atoms, *body.atoms] if atom.subject in self.system.fields]
        if self.subject is None and told:
            self.subject = Mention(0, 0, "field", told[-1])
        both = conjoin(when, body.condition) if body.condition else when
        if not read.condition and (wrong := others.wrong(main, self.names)) is not None:
            both = conjoin(both, wrong)
        if made := self._required(id_, plain, when, fields, read):
            used = [part for rule in made for part in getattr(getattr(rule, "when", None), "parts", ())]
            body.atoms = [atom for atom in body.atoms if atom.condition not in used]
            return [*made, *(self._constraints(id_, plain, when, body, read.message, main) if body.atoms else [])]
        if body.lost or (read.condition and reading.lost):
            self.system.unread[id_] = " ".join(plain)
            return []
        if relative or has(plain, REFUSE) or self._cannot(plain, read, body):
            if both == ALWAYS or (
                names_in(both) <= {STATE} and not (self.scopes.of_sentence or self.scopes.of_requirement)
            ):
                return []
            if isinstance(both, Compare) and both.op in INVERSE and set(plain) & _WOULD:
                both = Not(Compare(both.left, INVERSE[both.op], both.right))  # what comes of it, not what there is
            if read.how == "only":
                both = Not(when)
            self.previous = both
            return [Check(id_, self.scopes.operations_of(both), both, read.message)]
        only_state = all(atom.subject == STATE for atom in body.atoms)
        if read.how in {"only", "if"} and has(plain, ACCEPT) and read.condition and only_state and not body.loose:
            if read.how == "if" and isinstance(when, Unread):  # it does not say that all else is refused
                self.system.unread[id_] = " ".join(plain)
                return []
            return [Check(id_, self.scopes.operations_of(when), Not(when), read.message)]
        if made := self._exact(id_, plain, body, main, fields):
            return made
        if computes(main, body, self.names):
            return []
        if plain[:1] and plain[0] in _PRONOUNS and self.topic != ALWAYS and not names_in(self.topic) & names_in(both):
            when = conjoin(self.topic, when)
        if body.atoms and set(plain) & (_MODAL | LEAST | MOST):
            return self._constraints(id_, plain, when, body, read.message, main)
        return self._rest(id_, read, main, plain, when)

    def _exact(
        self, id_: str, plain: list[str], body: Reading, main: list[Token], fields: tuple[str, ...]
    ) -> list[Rule]:
        """For "the amount must be exactly what is owed": what cannot be worked out leaves acceptance open."""
        if body.atoms or not set(plain) & _EXACT or not set(plain) & _MODAL or any(t.kind == "number" for t in main):
            return []
        named = [m.name for m in self.names.mentions(main, fields) if m.sort == "field"]
        if not named:
            return []
        self.system.unread[id_] = " ".join(plain)
        return [Vague(id_, self.scopes.holding(named[0]), frozenset({"accepted"}))]

    def _rest(self, id_: str, read: Clause, main: list[Token], plain: list[str], when: Condition) -> list[Rule]:
        """Messages; and what a sentence that was not understood makes doubtful."""
        if read.message and when != ALWAYS and self._refused(when, read.message):
            return []
        if read.message and when != ALWAYS:
            return [Told(id_, self.scopes.operations_of(when), when, read.message)]
        if self.scopes.of_sentence and set(plain) & NOT and set(plain) & _MODAL and (read.message or "cannot" in plain):
            self.system.unread[id_] = " ".join(plain)
            return [Vague(id_, self.scopes.of_sentence, frozenset({"accepted"}))]
        if {t.stem for t in read.main} & MONEY_WORDS and (
            any(t.kind == "number" for t in main) or has(plain, COMPUTING)
        ):
            self.system.unread[id_] = " ".join(plain)
        return []

    def _without_operations(self, main: list[Token]) -> list[str]:
        """The words, without an operation's own verb: "al rechazar" of an operation rechazar refuses nothing."""
        plain = words(main)
        for mention in self.names.mentions(main):
            if mention.sort == "operation" and plain[mention.start].endswith(("r", "rla", "rlo", "ing")):
                plain[mention.start] = "\0"
        return plain

    @staticmethod
    def _cannot(plain: list[str], read: Clause, body: Reading) -> bool:
        places = [i for i, word in enumerate(plain) if word in NOT]
        if not places or not set(plain) & (_MODAL | {"no", "not"}):
            return False
        near = [i for i in places if plain[i] == "cannot" or set(plain[max(0, i - 1) : i + 2]) & _MODAL]
        place = (near or places)[-1 if near else 0]
        if any(atom.start >= place for atom in body.atoms) or body.loose:
            return False
        return bool(read.condition or body.atoms) and bool(set(plain[place : place + 3]) & (_MODAL | {"no", "not"}))

    def _required(
        self, id_: str, plain: list[str], when: Condition, fields: tuple[str, ...], read: Clause
    ) -> list[Rule]:
        mentions = [m for m in self.names.mentions(read.main, fields) if m.sort == "field"]
        place = next((i for i in range(len(plain)) if at(plain, i, REQUIRED)), 0)
        if {"for", "para", "if", "si"} & set(plain[place : place + 4]):  # "is required for insured parcels"
            for mention in mentions:
                if mention.start > place and self.conditions.flag(mention):
                    when = conjoin(when, OneOf(mention.name, (True,)))
            mentions = [m for m in mentions if m.start < place]
        body = self.conditions.read(read.main, fields, equal=False)
        compared = {
            a.subject for a in body.atoms if not (isinstance(a.condition, OneOf) and a.condition.values == (True,))
        }
        named = [m.name for m in mentions if m.name not in compared or "y" in plain or "and" in plain]
        if has(plain, OPTIONAL):
            for name in named:
                self.system.fields[name].required = False
            return []
        if not has(plain, REQUIRED) or not named:
            return []
        made: list[Rule] = []
        first = min((m.start for m in mentions if m.name in named), default=0)
        for atom in body.atoms:  # "above 50 a signature is needed"
            if atom.end <= first and atom.subject not in {*named, STATE}:
                when = conjoin(when, atom.condition)
        for name in dict.fromkeys(named):
            flag = self.system.fields[name].kind == "flag" and when != ALWAYS
            missing = conjoin(when, Not(OneOf(name, (True,))) if flag else Missing(name))
            made.append(Check(id_, self.scopes.holding(name), missing, read.message))
            self.system.fields[name].required = when == ALWAYS
        return made

    # -- what must hold

    def _constraints(
        self, id_: str, plain: list[str], when: Condition, body: Reading, message: str | None, main: list[Token]
    ) -> list[Rule]:
        pivot = next((i for i, word in enumerate(plain) if word in _MODAL or word.startswith("limit")), 0)
        before = [atom for atom in body.atoms if atom.end <= pivot]
        after = [atom for atom in body.atoms if atom not in before]
        bounded = bool(after) and all(map(_sort, before)) and not any(map(_sort, after))
        if plain[pivot] in {"only", "solo"} and not bounded:  # "food is only let in up to 2 kg" is of food
            before, after = [], body.atoms
        accepts = has(plain, ACCEPT) and not (plain[pivot] in _ABLE and set(plain[pivot + 1 : pivot + 2]) & _HOLDS)
        if before and not after and accepts and not set(plain) & NOT and when == ALWAYS:
            before, after = [], before
        given = Reading(atoms=before).condition if any(atom.joined == "or" for atom in before) else None
        for one in [given] if given is not None else [atom.condition for atom in before]:
            if names_in(one) != {STATE} or STATE not in names_in(when):  # "a granted one can be withdrawn if ..."
                when = conjoin(when, one)
        made: list[Rule] = []
        groups = _grouped(body.atoms)
        if groups := groups if len(groups) > 1 else _grouped(after):
            for group in groups:
                first, *rest = [atom.condition for atom in group]
                violated = conjoin(when, Every((first, Not(Every(tuple(rest))))))
                made.append(Check(id_, self.scopes.operations_of(violated), violated, message))
            return made
        if len(after) > 1 and any(atom.joined == "or" for atom in after):
            joined = Reading(atoms=after).condition
            if joined is None:
                return []
            violated = conjoin(when, Not(joined))
            return [Check(id_, self.scopes.operations_of(violated), violated, message)]
        for atom in after:
            if atom.subject == STATE or (isinstance(atom.condition, OneOf) and atom.condition.values == (True,)):
                continue
            if bounds_a_value(atom, self.names):
                continue
            told = self._own_message(main, atom, after) or message
            for part in atom.condition.parts if isinstance(atom.condition, Every) else (atom.condition,):
                violated = conjoin(when, Not(part))
                made.append(Check(id_, self.scopes.operations_of(violated), violated, told))
        return made

    def _own_message(self, main: list[Token], atom: Atom, atoms: list[Atom]) -> str | None:
        """For "at least 5 ("Too few" otherwise) and at most 9 ("Too many" otherwise)": the quotation after each."""
        if len(self.quotes) < 2 or not main:
            return None
        here = main[min(atom.end, len(main)) - 1].end
        later = [main[one.start].start for one in atoms if one.start >= atom.end and one.start < len(main)]
        stop = min(later, default=main[-1].end + self.quotes[-1].end)
        return next((quote.raw for quote in self.quotes if here <= quote.start < stop), None)


def _sort(atom: Atom) -> bool:
    """Whether it says which ones are meant: a value of a list, a flag."""
    said = atom.condition.part if isinstance(atom.condition, Not) else atom.condition
    return isinstance(said, OneOf) and not isinstance(said.values[0], Decimal)


def _grouped(atoms: list[Atom]) -> list[list[Atom]]:
    """For "Basic allows 1 seat, Team 2 to 20": each value with what holds for it; empty: not said like that."""
    groups: list[list[Atom]] = []
    if any(atom.subject == STATE for atom in atoms):
        return []
    if pairs := _paired(atoms):
        return pairs
    for atom in atoms:
        if isinstance(atom.condition, OneOf) and all(isinstance(value, str) for value in atom.condition.values):
            groups.append([atom])
        elif groups:
            groups[-1].append(atom)
        else:
            return []
    return groups if groups and all(len(group) > 1 for group in groups) else []


def _paired(atoms: list[Atom]) -> list[list[Atom]]:
    """For "posters exist in A3 only, flyers in A4 and A5": values of one field with those of another, turn by turn."""
    told = [atom for atom in atoms if isinstance(atom.condition, OneOf) and isinstance(atom.condition.values[0], str)]
    if len(told) < len(atoms) or len(atoms) % 2 or len(atoms) < 2:
        return []
    groups = [[one, other] for one, other in zip(atoms[::2], atoms[1::2], strict=True)]
    first, second = {group[0].subject for group in groups}, {group[1].subject for group in groups}
    return groups if len(first) == len(second) == 1 and first != second else []


def _opposite(condition: Condition) -> Condition:
    """The comparison that holds where this one does not."""
    if isinstance(condition, Compare):
        return Compare(condition.left, INVERSE[condition.op], condition.right)
    return Not(condition)


def _without_refusal(main: list[Token]) -> list[Token]:
    """The clause without "no se acepta" and the like, whose "no" negates no comparison."""
    plain = words(main)
    kept: list[Token] = []
    i = 0
    while i < len(main):
        size = at(plain, i, REFUSE)
        if size > 1 or (size == 1 and plain[i] not in NOT):
            i += size
            continue
        kept.append(main[i])
        i += 1
    return kept
