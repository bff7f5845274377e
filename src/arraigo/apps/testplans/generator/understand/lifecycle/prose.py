"""Sentences about states: where a thing begins, what leads where, what is allowed and refused where."""

import re
from dataclasses import dataclass, field, replace

from arraigo.apps.testplans.generator.creators import creator, parts
from arraigo.apps.testplans.generator.evaluate import names_in
from arraigo.apps.testplans.generator.lexicon import ARTICLES, MUST, NOT, REFUSE, at, has
from arraigo.apps.testplans.generator.model import (
    ALWAYS,
    SAME,
    Barred,
    Check,
    Compare,
    Condition,
    Move,
    OneOf,
    Ref,
    Rule,
    System,
    Unread,
    num,
)
from arraigo.apps.testplans.generator.synonyms import alike
from arraigo.apps.testplans.generator.understand.clauses import Clause, How, clause, words
from arraigo.apps.testplans.generator.understand.conditions import Conditions
from arraigo.apps.testplans.generator.understand.lifecycle.phrases import (
    ADVERBS,
    ALL,
    BECOMES,
    BEGINS,
    BORN,
    CAN,
    CANNOT,
    INSTEAD,
    NOTHING,
    ONLY,
    ORDINALS,
    RELATIVE,
)
from arraigo.apps.testplans.generator.understand.lifecycle.roles import Seen, look, operation_of
from arraigo.apps.testplans.generator.understand.names import Mention, Names
from arraigo.apps.testplans.generator.understand.scope import Scopes
from arraigo.apps.testplans.generator.understand.values.said import conjoin
from arraigo.apps.testplans.generator.words import Token, fold, stem
from arraigo.apps.testplans.plan import Requirement

_NEWBORN = frozenset("new nuevo nueva newly created crearse crea fresh recien".split())
FINE = re.compile(
    r"\b(nothing (?:is wrong|speaks|stands|prevents|forbids|fails)|no (?:problems?|errors?|objections?)|"
    r"without errors?|nada lo impide|no hay (?:error(?:es)?|problemas?)|sin errores|se cumplen? todo|"
    r"(?:all|every) (?:\w+ ){0,3}(?:pass|hold|ok|met|fulfilled)|"
    r"all is well|everything is (?:fine|right|correct|well)|todo esta bien|todo es correcto|is right|is accepted|"
    r"se acepta|es correct[oa]|is valid|es valid[oa]|accepted|aceptad[oa]|successful|exit[o]s[oa]|in that case|"
    r"en (?:ese|este|cualquier|ambos) casos?|in (?:both|any|that) cases?|then|entonces|after that|despues|"
    r"complet[oa])\b|^\w+(?:ad|id)[oa]s?\b ?,?$"
)
_UNCHANGED = re.compile(
    r"\b(?:no cambian?|does not (?:change|end)|do not change|doesn't (?:change|end)|changes neither|without changing|"
    r"sin cambiar|no modifican?|no terminan?|not changed?|leaves? \w+ unchanged)\b.{0,40}\b(?:estado|state|status)\b"
    r"|\b(?:estado|state|status)\b.{0,20}\b(?:no cambia|is unchanged|does not change|remains the same|stays the same)\b"
)
_OPENING = frozenset(
    "in en a an un una los las the el la while mientras during durante quien quienes cada each".split()
)
_PLURALS = frozenset(["estados", "states", "statuses"])
_SURE = 0.95
_JOINS = frozenset({",", "and", "y", "but", "pero", "e", "while", "mientras"})


@dataclass(slots=True)
class Lifecycle:
    """Reads sentence after sentence; `begins` is where a thing begins, if one of them says so."""

    system: System
    names: Names
    conditions: Conditions
    scopes: Scopes
    begins: str | None = None
    first: bool = False  # whether that is before the operation that makes the thing
    last: list[Rule] = field(default_factory=list)  # of the sentence before
    instead: list[tuple[str, str]] = field(default_factory=list)  # done where the other one is
    recent: tuple[str, ...] = ()  # the operations that were spoken of last
    counted: Mention | None = None  # what figures such as "three or more" are of
    lately: tuple[str, ...] = ()  # the same, of any section
    section: str = ""
    requirement: str = ""
    settled: bool = False  # the last sentence says nothing new
    topic: Condition = ALWAYS  # what the requirement is about, where it begins with it: "Golpe o humedad: ..."

    def read(self, requirement: Requirement, found: list[Token]) -> list[Rule]:
        """The rules about states in one sentence; the scopes have entered it already."""
        if not self.system.states:
            return []
        found, self.settled = _without_asides(found), False
        if requirement.id != self.requirement:
            self.requirement, self.topic, self.counted = requirement.id, ALWAYS, None
        if requirement.place.section != self.section:
            self.section, self.recent, self.last = requirement.place.section, (), []
        self.recent = self.scopes.of_sentence or self.recent
        self.lately = self.recent or self.lately
        self._instead(found)
        if set(words(found)) & _PLURALS and len(look(found, self.names).states) > 1:
            self.settled = True
            return []  # a list of them
        if made := self._elliptic(requirement.id, found):
            return made
        cut = next((n for n, token in enumerate(found) if token.text == ":"), 0)
        if cut and self._headed(found[:cut]):
            self.topic = self.conditions.read(found[:cut], self.scopes.fields).condition or Unread("topic")
        for piece in self._pieces(found):
            made += self._piece(requirement.id, self._clause(piece), [*self.last, *made])
        self.last = made or self.last
        return made

    def rest(self, found: list[Token], moved: list[Rule]) -> list[Token]:
        """What a sentence says beside states: without the parts that were read; empty where nothing is left."""
        if self.settled:
            return []
        if not moved:
            return found
        if any(isinstance(rule, Check) for rule in moved):
            return []
        read = self._clause(found)
        kept: list[Token] = []
        run: list[Token] = []
        for token in [*read.main, None]:
            if token is not None and token.text not in _JOINS | {";", ":"}:
                run.append(token)
                continue
            seen = look(run, self.names)
            if not (seen.targets or seen.are or seen.stays) or any(one.kind == "number" for one in run):
                kept += run
            run = [token] if token is not None and kept else []
        sorts = {m.sort for m in self.names.mentions(kept)}
        told = "quantity" in sorts or ("field" in sorts and set(words(kept)) & MUST)
        if not told and not any(token.kind == "number" for token in kept):
            return []
        places = {id(token) for token in read.main} - {id(token) for token in kept}
        return [token for token in found if id(token) not in places]

    def _elliptic(self, id_: str, found: list[Token]) -> list[Rule]:
        """For "con uno desfavorable, «denegado»" after "con un dictamen favorable queda concedido"."""
        comma = next((n for n, token in enumerate(found) if token.text == ","), 0)
        last = [rule for rule in self.last if isinstance(rule, Move) and rule.requirement == id_]
        if not last or not comma or found[0].text not in {"con", "with", "if", "si", "for", "para"}:
            return []
        tail = look(found[comma + 1 :], self.names)
        rest = [token for token in found[comma + 1 :] if token.text != "."]
        values = [m for m in self.names.mentions(found[:comma]) if m.sort == "value"]
        if len(tail.states) != 1 or len(rest) > 3 or len(values) != 1 or tail.operations:
            return []
        when = OneOf(values[0].name, (values[0].value,))
        return [Move(id_, last[-1].operations, last[-1].sources, tail.states[0], when)]

    def _instead(self, found: list[Token]) -> None:
        """Keep "en lugar de aprobarla la puede devolver": the one is done where the other is."""
        plain = words(found)
        place = next((n for n in range(len(plain)) if at(plain, n, INSTEAD)), None)
        named = look(found, self.names)
        if place is not None and len(named.operations) > 1:
            first, second = sorted(named.operations[:2], key=lambda name: named.places[name])
            self.instead.append((second, first) if named.places[first] > place else (first, second))

    # -- taking a sentence apart

    def _pieces(self, found: list[Token]) -> list[list[Token]]:
        """Cut where both sides tell of a transition of their own."""
        made: list[list[Token]] = []
        run: list[Token] = []
        for n, token in enumerate(found):
            after = found[n + 1 :]
            both = token.text in _JOINS | {";", ":"} and self._moves(run) and self._moves(after, first=True)
            apart = (
                token.text == "," and after and after[0].text in _JOINS and not {"if", "si", "when"} & set(words(run))
            )
            if both or (
                apart and look(run, self.names).states and look(after, self.names).states and not _listed(after)
            ):
                made.append(run)
                run = []
            else:
                run.append(token)
        return [*made, run] if run else made

    def _moves(self, found: list[Token], *, first: bool = False) -> bool:
        """Whether the tokens (with `first`, those up to the next join) tell of a transition and its operation."""
        if first:
            end = next((n for n, token in enumerate(found) if n and token.text in {",", ";", ".", ":"}), len(found))
            found = found[:end]
        seen = look(found, self.names)
        own = any(operation_of(self.system, state) for state in [*seen.targets, *seen.are])
        return bool((seen.targets or seen.are) and (seen.operations or own))

    def _clause(self, piece: list[Token]) -> Clause:
        """Condition, main clause and message; what follows a colon belongs to the main clause."""
        known = {fold(str(value)) for one in self.system.fields.values() for value in one.values}
        known |= {fold(state) for state in self.system.states}
        cut = next((n for n, token in enumerate(piece) if token.text == ":" and n), None)
        first = self._split(clause(piece if cut is None else piece[:cut], known))
        if cut is None:
            return first
        second = self._split(clause(piece[cut + 1 :], known))
        how: How = first.how or second.how
        condition, main = first.condition or second.condition, [*first.main, *second.main]
        if not condition and self._headed(first.main):
            how, condition, main = "if", first.main, second.main
        return Clause(how, condition, main, first.message or second.message, [*first.words, *second.words])

    def _headed(self, head: list[Token]) -> bool:
        """Whether values stand before a colon: "Golpe o humedad: queda cotizado"."""
        mentions = self.names.mentions(head)
        sorts = {m.sort for m in mentions}
        return "value" in sorts and not sorts & {"operation", "state"} and len(head) <= 8

    @staticmethod
    def _split(read: Clause) -> Clause:
        """For "cuando todo está bien el reclamo queda ...": a main clause that no comma parts from its condition."""
        plain = words(read.condition)
        if read.main and words(read.main) != ["."]:
            return read
        place = next((n for n in range(2, len(plain)) if at(plain, n, BECOMES)), None)
        if place is None:
            return read
        start = next((n for n in range(place - 1, max(0, place - 5), -1) if plain[n] in ARTICLES | {"it", "se"}), place)
        return Clause(read.how, read.condition[:start], read.condition[start:], read.message, read.words)

    # -- one clause

    def _piece(self, id_: str, read: Clause, before: list[Rule]) -> list[Rule]:
        given, main = look(read.condition, self.names, given=True), look(read.main, self.names)
        if set(read.words) & set(ORDINALS) or (len(main.states) > 3 and not main.operations):
            return []
        during = [*self._during(read.condition), *self._during(read.main)]
        sources = list(dict.fromkeys([*given.sources, *given.targets, *given.are, *main.sources, *during]))
        absent = [*given.absent, *main.absent]
        if read.how == "unless":
            sources, absent = absent, sources
        targets = main.targets or [state for state in main.are if state not in sources]
        if self._birth(read, targets or sources, main):
            return []
        plain = read.words
        operations = self._acting(main) or self._acting(given)
        if not (targets or sources or absent or main.stays or (operations and _UNCHANGED.search(" ".join(plain)))):
            return []
        negative = self._negative(words(read.main), main)
        if negative and main.stays and not targets and not absent and not sources:
            self.settled = True  # "it is refused and stays open" changes nothing
            return []
        if made := self._ended(id_, plain, sources, main, negative=negative):
            return made
        if set(plain[:3]) & {"neither", "tampoco"} and before and isinstance(before[-1], Barred):
            also = tuple(sources or absent or main.stays)
            return [Barred(id_, before[-1].operations, also, before[-1].message)] if also else []
        if not targets and (made := self._only(id_, read, sources, operations)):
            return made
        when = self._when(read)
        chosen = self._acting(given)
        if targets and chosen and set(chosen) < set(operations):  # "can be approved or refused: if it is approved ..."
            both = [Move(id_, operations, tuple(sources), None)] if sources else []
            moved = self._move(id_, read, self.topic, targets, sources, absent, chosen, negative=negative)
            return [*both, *moved]
        if targets:
            return self._move(id_, read, when, targets, sources, absent, operations, negative=negative)
        if _UNCHANGED.search(" ".join(plain)) and operations and not negative:
            return [Move(id_, operations, tuple(sources), SAME, when)]
        return self._allowed(id_, read, sources, absent, operations, negative=negative)

    def _birth(self, read: Clause, states: list[str], main: Seen) -> bool:
        """Keep where a thing begins: "a new machine is idle", "nace como borrador", "until then it is none"."""
        plain = read.words
        if self.begins is not None or len(set(states)) != 1 or not self._starting(read, states[0]):
            return False
        spoken = words(read.main)
        verbs = {name for name, n in main.places.items() if at(spoken, n, BEGINS)}
        early = any(at(plain, n, BEGINS) for n in range(2))
        others = set(main.operations) - verbs
        described = early and not others - main.nouns - self._participles(read)
        if others and not self._before_all(read.main) and not described:
            return False
        place = look(read.main, self.names).places.get(states[0], 0)
        if set(words(read.main)[max(0, place - 4) : place]) & NOT and not {"antes", "before"} & set(plain):
            return False
        self.begins, self.first = states[0], self._before_all(read.main)
        return True

    def _starting(self, read: Clause, state: str) -> bool:
        """Whether a phrase of beginning goes with the state: right before it, as an adverb, or as the condition."""
        plain, given = words(read.main), words(read.condition)
        if given and not has(given, BORN):
            return False
        if self._before_all(read.main):
            return True
        place = look(read.main, self.names).places.get(state, len(plain))
        near = plain[max(0, place - 5) : place]
        return has(given, BORN) or has(plain[:4], ADVERBS) or has(near, BEGINS) or has(plain[place:], ADVERBS)

    def _before_all(self, found: list[Token]) -> bool:
        """For "antes de registrarse, la muestra está ...": before the operation that makes the thing."""
        maker = creator(self.system)
        place = next(
            (n for n, token in enumerate(found[:3]) if token.text in {"antes", "before", "hasta", "until"}), None
        )
        if place is None or not maker:
            return False
        verb = stem(parts(maker)[0])
        return any(alike(token.stem, verb) >= _SURE for token in found[place + 1 : place + 5] if token.kind == "word")

    def _participles(self, read: Clause) -> set[str]:
        """Operations that are there as adjectives only: "con las puertas cerradas"."""
        found = [m for m in self.names.mentions(read.main) if m.sort == "operation"]
        ended = ("ado", "ada", "ados", "adas", "ido", "ida", "idos", "idas", "ed")
        return {m.name for m in found if any(t.text.endswith(ended) for t in read.main[m.start : m.end])}

    def _acting(self, seen: Seen) -> tuple[str, ...]:
        """The operations that are done in a clause: those named by a verb, or by a noun where nothing else is told."""
        acting = tuple(name for name in seen.operations if name not in seen.nouns)
        other = self.scopes.of_requirement or self.scopes.of_section
        return acting or (() if other and not set(other) & set(seen.operations) else tuple(seen.operations))

    @staticmethod
    def _negative(plain: list[str], main: Seen) -> bool:
        """Whether a clause refuses: "cannot be paid", "is refused", "nothing can be added"."""
        if has(plain, REFUSE) or set(plain) & CANNOT or has(plain, NOTHING):
            return True
        if set(plain[:3]) & {"neither", "tampoco"}:
            return True
        own = {n for state, n in main.places.items() if state not in main.operations}  # of a state "no admitido"
        places = [n for n, word in enumerate(plain) if word in NOT and n not in own]
        verbs = {n - 1 for name, n in main.places.items() if name in main.operations}
        near = any(
            set(plain[n : n + 3]) & (CAN | {"debe", "must"}) or verbs & {n, n + 1, n + 2} or set(plain[n - 1 : n]) & CAN
            for n in places
        )
        return bool(places and near and not main.absent)

    def _ended(self, id_: str, plain: list[str], sources: list[str], main: Seen, *, negative: bool) -> list[Rule]:
        """For "a closed one stays closed", "de retirado no se vuelve", "a blocked one refuses everything"."""
        every = tuple(self.system.operations)
        stays = [state for state in main.stays if state in sources]
        if stays and not (self.scopes.of_sentence or main.operations or len(plain) > 9):
            return [Barred(id_, every, tuple(stays))]
        states = tuple(sources or main.are or main.stays)
        if not states or not has(plain, ALL) or main.targets:
            return []
        if negative or has(plain, ALL[ALL.index(("no", "se", "vuelve")) :]):
            if main.operations and has(plain, NOTHING):
                return [Barred(id_, tuple(main.operations), states)]
            other = {"other", "than", "except", "salvo", "excepto", "menos", "otra"} & set(plain)
            left = [name for name in every if not (other and name in main.operations)]
            return [Barred(id_, tuple(left), states)]
        return []

    def _only(self, id_: str, read: Clause, sources: list[str], operations: tuple[str, ...]) -> list[Rule]:
        """For "only drafts can be sent" and "a paused one can only be resumed"."""
        everything = [*read.condition, *read.main]
        whole = read.main if read.how != "only" else everything
        plain = words(whole)
        place = next((n for n, word in enumerate(plain) if word in ONLY), None)
        if not sources or (place is None and read.how != "only"):
            return []
        operations = operations or self.scopes.of_sentence or self.scopes.of_requirement or self.scopes.of_section
        seen = look(whole, self.names)
        at_ = [seen.places[name] for name in operations if name in seen.places]
        states = [seen.places[name] for name in sources if name in seen.places]
        if place is not None and read.how != "only" and states and max(states) < place and at_ and min(at_) > place:
            others = tuple(name for name in self.system.operations if name not in operations)
            return [Barred(id_, others, tuple(sources)), Move(id_, operations, tuple(sources), None)]
        return [Move(id_, operations, tuple(sources), None, ALWAYS, read.message)] if operations else []

    def _when(self, read: Clause) -> Condition:
        """What a transition hangs on beside the state that it comes from."""
        if read.how == "else" or not read.condition:
            return self.topic
        reading = self.conditions.read(read.condition, self.scopes.fields)
        if reading.condition is not None and not reading.lost:
            return conjoin(self.topic, self.scopes.without_state(reading.condition))
        seen = look(read.condition, self.names, given=True)
        text = " ".join(words(read.condition))
        if not FINE.search(text) and any(
            m.sort in {"field", "value", "quantity"} for m in self.names.mentions(read.condition)
        ):
            return Unread(text)
        if seen.operations or seen.states or self._during(read.condition) or FINE.search(text):
            return self.topic
        return Unread(text)

    def _move(
        self,
        id_: str,
        read: Clause,
        when: Condition,
        targets: list[str],
        sources: list[str],
        absent: list[str],
        operations: tuple[str, ...],
        *,
        negative: bool,
    ) -> list[Rule]:
        own = tuple(name for state in targets[:1] if (name := operation_of(self.system, state)))
        scopes = self.scopes
        operations = operations or scopes.of_sentence or scopes.of_requirement[:1] or self._holder(when)
        section = scopes.of_section if len(scopes.of_section) == 1 else ()
        operations = operations or section or self._object(read.main) or own
        operations = operations or self.recent[:1] or self.lately[:1]
        if not operations and FINE.search(" ".join(words(read.condition))) and (maker := creator(self.system)):
            operations = (maker,)
        if absent:
            sources = [*sources, *(state for state in self.system.states if state not in absent)]
        if not operations:
            return []
        when = self._narrowed(read, when, targets[0])
        if negative and when == ALWAYS:
            when = self._before(read, targets[0])
        if negative and len(set(targets)) == 1 and when != ALWAYS:
            return [Check(id_, operations, when, read.message, target=targets[0])]
        if negative:
            return []
        if len(targets) > 1:
            return [Move(id_, operations, tuple(sources), one, Unread("or")) for one in dict.fromkeys(targets)]
        return [Move(id_, operations, tuple(sources), targets[0], when)]

    def _holder(self, when: Condition) -> tuple[str, ...]:
        """The one operation that has the fields of a condition."""
        wanted = {name for name in names_in(when) if name in self.system.fields}
        near = [name for name, fields in self.system.operations.items() if wanted and wanted <= set(fields)]
        return tuple(near) if len(near) == 1 else ()

    def _before(self, read: Clause, target: str) -> Condition:
        """The comparison in a main clause that refuses: "pasados más de 30 días el pago no se recibe"."""
        place = look(read.main, self.names).places.get(target, 0)
        reading = self.conditions.read(_positive(read.main[:place]), self.scopes.fields, equal=False)
        return reading.condition if reading.condition is not None and not reading.lost else ALWAYS

    def _narrowed(self, read: Clause, when: Condition, target: str) -> Condition:
        """With what stands in the main clause before the target: "in mode heat ... becomes heating"."""
        place, known = look(read.main, self.names).places.get(target, 0), when
        for atom in self.conditions.read(read.main, self.scopes.fields, equal=False).atoms:
            if atom.subject in self.system.fields and atom.end <= place and isinstance(atom.condition, OneOf):
                when = conjoin(when, atom.condition)
        if when != known:
            return when
        return conjoin(when, self._amount(read.main[:place]))

    def _amount(self, head: list[Token]) -> Condition:
        """For "without incidents it ...", "with one or two incidents it ...", "with three or more it ..."."""
        plain = words(head)
        if plain[:1] not in (["without"], ["sin"], ["with"], ["con"]):
            return ALWAYS
        named = next((m for m in self.names.mentions(head, self.scopes.fields) if m.sort == "field"), None)
        self.counted = named or self.counted
        if self.counted is None or self.system.fields[self.counted.name].kind not in {"number", "integer", ""}:
            return ALWAYS
        figures = [token.value for token in head[1:4] if token.kind == "number"]
        ref = Ref(self.counted.name)
        if not figures:
            none = named is not None and named.start <= 2 and (plain[0] in {"without", "sin"} or plain[1:2] == ["no"])
            return Compare(ref, "==", num(0)) if none else ALWAYS
        found = self.conditions.read(head[1:], self.scopes.fields, replace(self.counted, start=0, end=0), equal=False)
        if found.condition is not None and found.atoms[0].subject == self.counted.name:
            return found.condition
        return OneOf(self.counted.name, tuple(figures))

    def _allowed(
        self,
        id_: str,
        read: Clause,
        sources: list[str],
        absent: list[str],
        operations: tuple[str, ...],
        *,
        negative: bool,
    ) -> list[Rule]:
        """States in which operations are taken, or refused."""
        if not sources and not absent:
            return []
        named = operations or self._object(read.main) or (self._loosely(read.main) if negative else ())
        figures = any(token.kind == "number" for token in [*read.main, *read.condition])
        if negative and absent and not sources:
            about = named or self.scopes.of_section or self._in_question()
            return [Move(id_, about, tuple(absent), None, ALWAYS, read.message)] if about else []
        if negative:
            comma = next((n for n, token in enumerate(read.condition) if token.text == ","), len(read.condition))
            if comma < len(read.condition):  # "in service, coins, selections and cancelling are refused"
                named = tuple(dict.fromkeys([*named, *self._loosely(read.condition[comma:])]))
            about = named or self._in_question()
            refused = has(read.words, REFUSE) or named
            fine = about and refused and not figures and not absent
            return [Barred(id_, about, tuple(sources), read.message)] if fine else []
        first = set(words(read.main[:1])) & _OPENING
        opens = first and (look(read.main[:4], self.names).sources or self._during(read.main[:4]))
        given = look(read.condition, self.names, given=True).states and operations
        section = self.scopes.of_section if opens and not read.condition else ()
        about = operations or section or named
        if absent and not sources:
            sources = [state for state in self.system.states if state not in absent]
        modal = set(read.words) & CAN or opens or read.how == "only" or self._during(read.main) or given
        return [Move(id_, about, tuple(sources), None)] if about and modal else []

    def _in_question(self) -> tuple[str, ...]:
        section = self.scopes.of_section if len(self.scopes.of_section) == 1 else ()
        return self.scopes.of_sentence or self.scopes.of_requirement or section or self.recent

    def _during(self, found: list[Token]) -> list[str]:
        """For "durante la extracción", "from the queue" where the state is "en extracción", "queued"."""
        made: list[str] = []
        for n, token in enumerate(found[1:], 1):
            before = {one.text for one in found[max(0, n - 3) : n]}
            joined = n > 2 and made and before & {"o", "or", "y", "and"}
            if token.kind != "word" or not (before & {"durante", "during", "desde", "from"} or joined):
                continue
            for state in self.system.states:
                core = fold(state).removeprefix("en ").removeprefix("in ")
                if core != fold(state) and core == token.text:
                    made.append(state)
        return made

    def _object(self, found: list[Token]) -> tuple[str, ...]:
        """The operation that is named by what it is done to: "con el alta" of dar_alta, not of what all are done to."""
        things = {stem(part) for part in parts(next(iter(self.system.operations), "x"))[1:]}
        made: list[str] = []
        for token in found:
            near = [
                name
                for name in self.system.operations
                if token.kind == "word" and token.stem in {stem(part) for part in parts(name)[1:]} - things
            ]
            made += near if len(near) == 1 else []
        return tuple(dict.fromkeys(made))[:1] if len(set(made)) == 1 else ()

    def _loosely(self, found: list[Token]) -> tuple[str, ...]:
        """Operations that are named by their object alone: "coins, selections and cancelling are refused"."""
        things = {stem(part) for part in parts(next(iter(self.system.operations), "x"))[1:]}
        made: list[str] = []
        bearers = {m.start - 1 for m in self.names.mentions(found) if m.sort == "state"}  # "a ticket that is used"
        bearers |= {n for n, token in enumerate(found[1:]) if token.text in RELATIVE}
        for token in (token for n, token in enumerate(found) if n not in bearers):
            near = [
                name
                for name, fields in self.system.operations.items()
                if token.kind == "word"
                and token.stem in {stem(p) for one in (name, *fields) for p in parts(one)} - things
            ]
            made += near if len(near) == 1 else []
        return tuple(dict.fromkeys(made))


def _listed(after: list[Token]) -> bool:
    """Whether what follows a comma goes on with a list: ", and closed"."""
    return len(after) < 4


def _positive(found: list[Token]) -> list[Token]:
    """The tokens without the "no" of a refusal."""
    return [token for token in found if token.text not in {"no", "not", "cannot"}]


def _without_asides(found: list[Token]) -> list[Token]:
    """The tokens outside of brackets."""
    made: list[Token] = []
    depth = 0
    for token in found:
        depth += token.text == "("
        if not depth:
            made.append(token)
        depth -= token.text == ")" and depth > 0
    return made
