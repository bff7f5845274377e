"""How often something may happen: "at most three times", "the third wrong code in a row", "each day once".

A counter is gathered from several sentences (its bound here, its message there) and becomes rules at the end.
"""

import re
from dataclasses import dataclass, field, replace

from arraigo.apps.testplans.generator.creators import parts
from arraigo.apps.testplans.generator.evaluate import names_in
from arraigo.apps.testplans.generator.lexicon import REFUSE, has
from arraigo.apps.testplans.generator.model import (
    ALWAYS,
    STATE,
    VALUE,
    At,
    Binary,
    Check,
    Compare,
    Compute,
    Condition,
    Expression,
    Move,
    OneOf,
    Ref,
    Remember,
    Rule,
    Strikes,
    System,
    Vague,
    num,
)
from arraigo.apps.testplans.generator.synonyms import alike
from arraigo.apps.testplans.generator.understand.clauses import take_message, words
from arraigo.apps.testplans.generator.understand.conditions import Conditions
from arraigo.apps.testplans.generator.understand.lifecycle.phrases import CAN, MAKES, ORDINALS
from arraigo.apps.testplans.generator.understand.lifecycle.prose import Lifecycle
from arraigo.apps.testplans.generator.understand.lifecycle.roles import look
from arraigo.apps.testplans.generator.understand.names import Names
from arraigo.apps.testplans.generator.understand.scope import Scopes
from arraigo.apps.testplans.generator.understand.values.said import conjoin
from arraigo.apps.testplans.generator.words import Token, fold, stem
from arraigo.apps.testplans.plan import Requirement

_TIMES = re.compile(r"\b(?P<n>\d+) times?\b(?! the| as| el| la| \d)")
_MOST = re.compile(
    r"\b(at most|no more than|not more than|never more than|up to|only|just|a maximum of|maximum|at the most|"
    r"como maximo|maximo|hasta|no mas de|nunca mas de|solo|a lo sumo|unicamente|solamente|more than|mas de)\b"
)
_SPELLED = (
    (re.compile(r"\bonce only\b|\bonly once\b|\bjust once\b|\bonce\b(?=\W*$| in| per|,|;)"), "only 1 times"),
    (re.compile(r"\btwice\b"), "2 times"),
    (re.compile(r"\b(?:una sola|una unica|solo una|solamente una|unicamente una) vez\b"), "solo 1 times"),
    (re.compile(r"\buna vez\b(?! que)(?=\W*$| por| al| en )"), "1 times"),
    (re.compile(r"\bveces\b|\bvez\b"), "times"),
)
_ROW = re.compile(r"\b(in a row|running|consecutive\w*|seguid[oa]s?|consecutiv[oa]s?|successive|one after another)\b")
_LATER = re.compile(
    r"\b(after it|and later|or later|thereafter|onwards?|en adelante|siguientes|following|posteriores)\b"
)
_FAILED = re.compile(
    r"\b(wrong|failed|fail\w*|incorrect\w*|invalid\w*|declined|fallid[oa]s?|erroneo?a?s?|equivocad[oa]s?|rechazad[oa]s?|"
    r"unsuccessful|missed|mistaken|bad|no \w+[ad]id[oa]s?|no \w+ad[oa]s?|no \w+id[oa]s?|not \w+ed|unknown|"
    r"desconocid[oa]s?|unrecogni[sz]ed)\b"
)
_SINCE = re.compile(r"\b(since|desde)\b")
_ZERO = re.compile(
    r"\b(count\w*|cuentas?|contador\w*|tally)\b.*\b(zero|cero|afresh|again|de nuevo|over|reset|anew|reinicia\w*|0)\b"
)
_HOW_MANY = re.compile(r"\b(?:number of|how many|cuant[oa]s|numero de|cantidad de|the \w+ count)\b")
_ALREADY = re.compile(r"\b(already|ya)\b")
_SAME = re.compile(r"\b(same|mismo|misma|that|ese|esa|each|cada|every|un|una|per|por|a)\b")
_COUNTS = frozenset("count counts counter counters cuenta cuentas contador contadores tally".split())
_BUT = frozenset("salvo unless except excepto but pero".split())
_MOST_TIMES = 20


@dataclass(slots=True)
class Counter:
    """What is counted, and what comes of it."""

    requirement: str
    operations: tuple[str, ...]
    most: int = 0  # taken at most so often
    message: str | None = None
    when: Condition = ALWAYS  # what counts
    key: str = ""  # for each value of this field
    since: tuple[str, ...] = ()  # begins anew where one of these states comes
    outcomes: list[tuple[str, Condition]] = field(default_factory=list)  # a state, and for which counts
    needing: list[tuple[str, str | None]] = field(default_factory=list)  # what takes one at least, and else its message
    told: bool = False  # whether the count is what the operation gives back

    @property
    def name(self) -> str:
        """Under which the count is kept."""
        return f"times {' '.join(self.operations)}{f' {self.key}' if self.key else ''}"


@dataclass(slots=True)
class Counters:
    """Reads sentences for counts."""

    system: System
    names: Names
    conditions: Conditions
    scopes: Scopes
    lifecycle: Lifecycle
    found: list[Counter] = field(default_factory=list)
    strikes: list[tuple[Strikes, str]] = field(default_factory=list)  # with the words of what fails
    requirement: str = ""
    sources: tuple[str, ...] = ()  # the states that the requirement began with: "An assigned ticket can ..."

    def read(self, requirement: Requirement, found: list[Token]) -> list[Token]:
        """Keep what a sentence says of a count; what else it says, in tokens."""
        if requirement.id != self.requirement:
            self.requirement, self.sources = requirement.id, ()
        text = _text(found)
        operations = self._operations(found)
        seen = look(found, self.names)
        known = self._known(operations)
        ordinals = [ORDINALS[token.text] for token in found if token.text in ORDINALS]
        done = False
        refused = bool(ordinals) and (has(words(found), REFUSE) or self._message(found) is not None)
        if _ZERO.search(text):
            self._again(operations)
            return self._until(found, _COUNTS)
        if other := self._needs(found, operations):
            counter = self._known((other,)) or self._new(requirement.id, (other,))
            counter.needing.append((operations[0], self._message(found)))
            return found if seen.sources else []
        if self._unmet(found):
            return []
        if self._fails(requirement.id, found, text, ordinals, operations):
            done = True
        elif ordinals and not refused and (states := self._targets(found)):
            done = self._outcome(requirement.id, found, text, ordinals, states, operations)
        elif most := self._most(found, text, ordinals):
            done = self._limited(requirement.id, found, text, most, operations)
        elif _ALREADY.search(text) and operations and (has(words(found), REFUSE) or self._message(found)):
            done = self._once(requirement.id, found, operations)
        if _HOW_MANY.search(text) and operations and not seen.targets and not done:
            known = known or self._new(requirement.id, operations)
            if len(operations) == 1 and self._counts(found, operations[0]):
                known.told = True
        self.sources = tuple(seen.sources) or self.sources
        if not done:
            return found
        if refused and seen.targets:
            return self._until(found, _BUT)
        return self._left(found) if seen.sources and not ordinals else []

    @staticmethod
    def _until(found: list[Token], marks: frozenset[str]) -> list[Token]:
        """The tokens before one of these words, without the join before it."""
        place = next((n for n, token in enumerate(found) if token.text in marks), len(found))
        while place and found[place - 1].text in {",", "and", "y", "el", "la", "los", "the", "las", "its"}:
            place -= 1
        return found[:place]

    def _left(self, found: list[Token]) -> list[Token]:
        """The sentence without how often: "un no admitido puede apelar [una sola vez], dentro de los 5 días"."""
        return [
            token
            for n, token in enumerate(found)
            if token.text not in {"times", "time", "vez", "veces", "once", "twice"}
            and not {"times", "time", "vez", "veces"} & {one.text for one in found[n + 1 : n + 3]}
        ]

    # -- what a sentence is about

    def _operations(self, found: list[Token]) -> tuple[str, ...]:
        acting = look(found, self.names)
        verbs = tuple(name for name in acting.operations if name not in acting.nouns)
        scopes = self.scopes
        return (verbs or scopes.of_sentence or scopes.of_requirement or scopes.of_section or self.lifecycle.recent)[:1]

    def _known(self, operations: tuple[str, ...], key: str = "") -> Counter | None:
        fitting = [one for one in self.found if one.operations == operations and (not key or one.key == key)]
        return fitting[-1] if fitting else None

    def _new(self, id_: str, operations: tuple[str, ...]) -> Counter:
        made = Counter(id_, operations)
        self.found.append(made)
        return made

    def _message(self, found: list[Token]) -> str | None:
        known = {fold(str(value)) for one in self.system.fields.values() for value in one.values}
        return take_message(found, known | {fold(state) for state in self.system.states})[1]

    def _targets(self, found: list[Token]) -> list[str]:
        seen = look(found, self.names)
        if seen.targets or seen.are:
            return seen.targets or seen.are
        place = next((n for n, token in enumerate(found) if token.text in MAKES), None)
        return [
            state
            for token in (found[place:] if place is not None else [])
            for state in self.system.states
            if token.kind == "word" and len(token.stem) > 2 and alike(token.stem, stem(fold(state))) >= 0.95
        ]

    # -- kinds of counts

    def _most(self, found: list[Token], text: str, ordinals: list[int]) -> int:
        """How often it may happen, by "at most three times", "the fourth time it is refused", "two are allowed"."""
        if match := _TIMES.search(text):
            spoken = set(words(found)) & CAN or has(words(found), REFUSE)
            named = look(found, self.names).operations and _MOST.search(text[: match.end()][-40:])
            allowed = spoken or named or (_MOST.search(text[: match.start()][-40:]) and match["n"] != "1")
            return int(match["n"]) if allowed and 0 < int(match["n"]) <= _MOST_TIMES else 0
        refused = has(words(found), REFUSE) or self._message(found) is not None
        if ordinals and refused and max(ordinals) > 1:
            return max(ordinals) - 1
        for n, token in enumerate(found[:-1]):
            whole = token.kind == "number" and token.value is not None and not token.unit and token.value < _MOST_TIMES
            follows = look(found[n + 1 : n + 3], self.names).operations if whole else []
            if whole and follows and set(words(found)) & CAN and token.value is not None:
                return int(token.value)
        return 0

    def _limited(self, id_: str, found: list[Token], text: str, most: int, operations: tuple[str, ...]) -> bool:
        if not operations:
            return False
        key = self._key(found, operations)
        counter = self._known(operations, key)
        if counter is None or (counter.most and counter.most != most):
            counter = self._new(id_, operations)
        counter.most = most
        counter.key = counter.key or key
        counter.message = self._message(found) or counter.message
        values = [m for m in self.names.mentions(found) if m.sort == "value" and not key]
        if values and len({m.name for m in values}) == 1 and counter.when == ALWAYS:
            counter.when = OneOf(values[0].name, (values[0].value,))
        if self.sources and id_ == self.requirement and counter.when == ALWAYS and not set(words(found)) & {"life"}:
            counter.when = OneOf(STATE, self.sources)
        if _SINCE.search(text):
            place = next(n for n, token in enumerate(found) if token.text in {"since", "desde"})
            counter.since = tuple(look(found[place:], self.names).states)
        return True

    def _key(self, found: list[Token], operations: tuple[str, ...]) -> str:
        """The field for each of whose values it counts: "un día se registra una sola vez"."""
        own = self.system.operations[operations[0]]
        for mention in self.names.mentions(found):
            before = " ".join(token.text for token in found[max(0, mention.start - 2) : mention.start])
            if mention.sort == "field" and mention.name in own and _SAME.search(before):
                return mention.name
        return ""

    def _needs(self, found: list[Token], operations: tuple[str, ...]) -> str:
        """The operation that has to be done before: "sin jornadas no se puede enviar", "with at least one dish"."""
        cannot = set(words(found)) & {"cannot", "no", "not"} and set(words(found)) & (CAN | {"cannot"})
        for n, token in enumerate(found[:-1]):
            few = token.text in {"sin", "without"} or (
                n and found[n - 1].text in {"least", "menos"} and token.value == 1
            )
            if not few or not operations:
                continue
            noun = found[n + 1].stem
            near = [name for name in self.system.operations if noun in {stem(part) for part in parts(name)[1:]}]
            if len(near) == 1 and near[0] != operations[0] and (token.value or self._message(found) or cannot):
                return near[0]
        return ""

    def _unmet(self, found: list[Token]) -> bool:
        """For "without one the tablet says ...": the message of what was needed last."""
        needing = next((one.needing for one in reversed(self.found) if one.needing), None)
        alone = words(found[:2])[:1] in (["without"], ["sin"]) and len(found) > 1
        if (
            not needing
            or not alone
            or found[1].text not in {"one", "any", "it", "ella", "ello", "ninguna", "ninguno", "eso"}
        ):
            return False
        needing[-1] = (needing[-1][0], self._message(found))
        return True

    def _once(self, id_: str, found: list[Token], operations: tuple[str, ...]) -> bool:
        """For "si ya hubo una apelación, se rechaza con ..."."""
        place = next((n for n, token in enumerate(found) if token.text in {"ya", "already"}), len(found))
        near = look(found[place : place + 5], self.names)
        if operations[0] not in near.operations or near.states or set(words(found[:place])) & {"no", "not"}:
            return False
        counter = self._known(operations) or self._new(id_, operations)
        counter.most = counter.most or 1
        counter.message = self._message(found) or counter.message
        return True

    def _outcome(
        self,
        id_: str,
        found: list[Token],
        text: str,
        ordinals: list[int],
        states: list[str],
        operations: tuple[str, ...],
    ) -> bool:
        """For "the third one makes it escalated"."""
        if not operations or len(set(states)) != 1:
            return False
        first = next(n for n, token in enumerate(found) if token.text in ORDINALS)
        values = [m for m in self.names.mentions(found) if m.sort == "value" and m.start > first]
        when: Condition = OneOf(values[0].name, (values[0].value,)) if values else ALWAYS
        counter = next((one for one in self.found if one.operations == operations and one.when == when), None)
        if counter is None:
            counter = self._new(id_, operations)
            counter.when, counter.key = when, ""
        least, most = min(ordinals), max(ordinals)
        op, bound = ("<", most) if least == 1 and not _LATER.search(text) else (">=", least - 1)
        counter.outcomes.append((states[0], Compare(Ref(_name(counter)), op, num(bound))))
        return True

    def _fails(self, id_: str, found: list[Token], text: str, ordinals: list[int], operations: tuple[str, ...]) -> bool:
        """For "after three wrong codes in a row it is blocked"."""
        counts = [int(t.value) for t in found if t.kind == "number" and t.value is not None and not t.unit]
        count = next((n for n in [*ordinals, *counts] if 1 < n <= 10), 0)
        states = self._targets(found) or look(found, self.names).sources  # "after three wrong keys it is blocked"
        if not count or len(set(states)) != 1 or not operations or not (_FAILED.search(text) or _ROW.search(text)):
            return False
        flags = [atom.condition for atom in self.conditions.read(found).atoms]
        when = next((one for one in flags if isinstance(one, OneOf) and isinstance(one.values[0], bool)), None)
        self.strikes.append((Strikes(id_, operations, count, states[0], True, None, when), text))
        return True

    def _again(self, operations: tuple[str, ...]) -> bool:
        """For "the count begins again when the lift is reset"."""
        for n, (rule, text) in enumerate(self.strikes):
            freed = tuple(name for name in operations if name not in rule.operations)
            self.strikes[n] = (replace(rule, freed=(*rule.freed, *freed)), text)
        return True

    def _counts(self, found: list[Token], operation: str) -> bool:
        """Whether what is told is how often the operation was done."""
        place = next(
            (
                n
                for n, t in enumerate(found)
                if t.text in {"many", "number", "numero", "cuantos", "cuantas", "cantidad"}
            ),
            None,
        )
        return place is not None and operation in look(found[place : place + 4], self.names).operations

    # -- rules

    def settle(self) -> None:
        """Make rules of all that was gathered."""
        for rule, text in self.strikes:
            self._struck(rule, text)
        for counter in self.found:
            counter.most = 0 if counter.outcomes else counter.most  # "two are allowed; the third one ends it"
            if counter.most or counter.outcomes or counter.told or counter.needing:
                self.system.rules += self._rules(counter)
                self.system.unread.pop(counter.requirement, None)

    def _struck(self, rule: Strikes, text: str) -> None:
        """What fails is the check that tells it: "wrong key" of the message "Wrong key"."""
        self.system.unread.pop(rule.requirement, None)
        checks = [one for one in self.system.rules if isinstance(one, Check) and rule.operations[0] in one.operations]
        said = {stem(word) for word in text.split()}
        near = [c for c in checks if c.message and {stem(w) for w in fold(c.message).split()} <= said]
        messaged = [c for c in checks if c.message]
        when = rule.when or (near[0].when if near else messaged[0].when if len(messaged) == 1 else None)
        known = [
            one
            for one in self.system.rules
            if isinstance(one, Strikes) and one.operations == rule.operations and one.count == rule.count
        ]
        for one in known:
            self.system.rules.remove(one)
        self.system.rules.append(replace(rule, when=when))
        if when is None:  # what is wrong was spoken of, but not understood
            self.system.rules.append(Vague(rule.requirement, rule.operations, frozenset({"accepted"})))

    def _rules(self, counter: Counter) -> list[Rule]:
        name, id_, operations = _name(counter), counter.requirement, counter.operations
        system = self.system
        made: list[Rule] = []
        if counter.key:
            key = Ref(counter.key)
            system.begin[name] = num(0).value
            made.append(Remember(id_, operations, name, "plus", num(1), counter.when, key=key))
            count: Expression = At(name, key)
        else:
            system.begin[name] = num(0).value
            made.append(Remember(id_, operations, name, "plus", num(1), counter.when))
            count = Ref(name)
        if counter.most:
            over = conjoin(counter.when, Compare(count, ">=", num(counter.most)))
            made.append(Check(id_, operations, over, counter.message))
        for operation, message in counter.needing:
            made.append(Check(id_, (operation,), Compare(Ref(name), "<", num(1)), message))
        for state, when in counter.outcomes:
            made += [Move(id_, operations, (), state, conjoin(counter.when, when))]
        if counter.told:
            made.append(Compute(id_, operations, VALUE, ALWAYS, "set", Binary("+", count, num(1))))
        for operation in system.operations if counter.since else ():
            moves = [one for one in system.rules if isinstance(one, Move) and operation in one.operations]
            if operation not in operations and any(one.target in counter.since for one in moves):
                made.append(Remember(id_, (operation,), name, "set", num(0)))
        return made


def _name(counter: Counter) -> str:
    suffix = "" if counter.when == ALWAYS else f" {sorted(names_in(counter.when))} {_values(counter.when)}"
    return counter.name + suffix


def _values(when: Condition) -> str:
    return " ".join(str(value) for value in when.values) if isinstance(when, OneOf) else ""


def _text(found: list[Token]) -> str:
    """The folded words, numbers as figures, "twice" as "2 times"."""
    said = " ".join(
        str(int(token.value)) if token.kind == "number" and token.value is not None else token.text
        for token in found
        if token.kind != "quote"
    )
    for pattern, plain in _SPELLED:
        said = pattern.sub(plain, said)
    return said
