"""The inputs of all operations, from every requirement: what must hold, in the order in which it is said."""
# ruff: noqa: E501 - one pattern, one line

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from arraigo.apps.testplans.generator.creators import parts
from arraigo.apps.testplans.generator.evaluate import leaves, names_in
from arraigo.apps.testplans.generator.lexicon import IF, REFUSE, has
from arraigo.apps.testplans.generator.model import (
    ALWAYS,
    Check,
    Compare,
    Condition,
    Const,
    Every,
    Missing,
    Not,
    OneOf,
    Ref,
    Rule,
    System,
    Typed,
    Vague,
)
from arraigo.apps.testplans.generator.synonyms import MONEY_NAMES
from arraigo.apps.testplans.generator.understand.clauses import clause, words
from arraigo.apps.testplans.generator.understand.conditions import Conditions
from arraigo.apps.testplans.generator.understand.fields import learn
from arraigo.apps.testplans.generator.understand.inputs import edges, fieldtables
from arraigo.apps.testplans.generator.understand.inputs.declared import Declarations, Said
from arraigo.apps.testplans.generator.understand.inputs.line import Line, line
from arraigo.apps.testplans.generator.understand.inputs.mandatory import EXCEPT, Wanted, wanted
from arraigo.apps.testplans.generator.understand.inputs.relations import accompanied, related, together
from arraigo.apps.testplans.generator.understand.inputs.rules import musts, odd
from arraigo.apps.testplans.generator.understand.inputs.spec import OPPOSITE, Limit, Spec, spec
from arraigo.apps.testplans.generator.understand.inputs.told import follows, otherwise
from arraigo.apps.testplans.generator.understand.names import Mention, Names
from arraigo.apps.testplans.generator.understand.passages import cells_of
from arraigo.apps.testplans.generator.understand.scope import Scopes
from arraigo.apps.testplans.generator.words import Token, fold, stem, tokens
from arraigo.apps.testplans.plan import Language, Requirement

_STATEMENT = re.compile(r"(?<=[.!?])[\"”»]?\s+(?=[\"“«¿¡A-ZÁÉÍÓÚÑ0-9`(])|\n+|;\s+(?![^()]*\))")

_STRONG = 0.9
_SEVERAL = 2
_NEEDS = re.compile(r"\b(?:needs?|requires?|necesitan?|requieren?|exigen?)\b")
_SHORT = 4  # words of a statement that only adds to the one before
_WHERE = re.compile(
    r"\b(?:where|when|then|and|entonces|y|en cuyo caso) (?:it |they |los |las |el |la )?|, (?:which|que) "
)
_APPLIES = re.compile(r"(?:applies|apply|for|aplica|para|when|cuando|if|si|case|caso|in|en|class|clase|type|tipo)\b")
_WRONG = re.compile(
    r"\b(?:(?:value|field|entry|datum|one|any|some|alguno?|ningun|algun|dato|campo|valor)s? (?:\w+ ){0,4}?(?:not (?:accepted|valid|allowed|permitted|of the|in the)|"
    r"no (?:cumpl[ae]n?|super[ae]n?|respet[ae]n?|sea[n]? valid|es valid|admitid|valid|permitid)|invalid\w*|incorrect\w*|wrong)|(?:wrong|invalid|incorrect) (?:value|entry|field|data)s?|"
    r"(?:datos|valores|campos) (?:invalid|incorrect|no valid)\w*)"
)
_IGNORED = re.compile(
    r"\b(?:ignored?|ignorar?|ignora[n]?|not (?:looked at|used|considered|evaluated)|no se (?:tiene[n]? en cuenta|usa[n]?|mira[n]?|considera[n]?)|desestima\w*)\b"
)
_OPEN_LIST = re.compile(r"\b(?:other|others|otr[oa]s?|any|cualquier\w*|demas|rest|resto)\b")
_WEEKDAY = frozenset(stem(word) for word in ("weekday", "dia", "day"))
_PEOPLE = re.compile(
    r"\b(person|persons|people|visitors?|guests?|passengers?|attendees|participants?|personas?|visitantes?|huespedes|pasajeros|asistentes|"
    r"in all|altogether|in total|en total|party|grupo|group)\b"
)
_VALID = re.compile(r"\b(?:is|es|son|are) (?:valid|correct|known|right|valid[oa]s?|correct[oa]s?|conocid[oa]s?)\b")
_LIST = re.compile(
    r"(?:^|(?:with|con|by|por|in|en|the|el|la|un|una|an?|either|como|as|apr\w+|lo|: )\b ?)(?P<l>[a-z]{3,20}(?: , [a-z]{3,20})* ,? ?(?:or|o|u) (?:an? |una? |the |el |la )?[a-z]{3,20})(?= [,;.)]|$| [a-z])"
)
_PRESENT = re.compile(
    r"^(?:if|when|where|si|cuando|de|en caso de) (?:it is |they are |se |esta |estan )?(?:present|given|entered|filled in|provided|stated|supplied|used|there|"
    r"indica[n]?|informa[n]?|da[n]?|diligencia[n]?|escribe[n]?|suministra[n]?|proporciona[n]?|usa[n]?|presentes?|indicarse|darse|informarse|diligenciarse)"
    r" ?,? (?=\w)"
)
_WHERE_GIVEN = re.compile(
    r",\s*(?:cuando|si|when|if|where)\s+(?:se\s+|it\s+is\s+|they\s+are\s+)?"
    r"(?:escriben?|indican?|informan?|dan?|diligencian?|usan?|given|entered|present|provided|stated|used)\s*,"
)
_ANY_OTHER = re.compile(
    r"\b(?:any other|every other|all other|other|cualquier otr[oa]|otr[oa]s?|another)\b.*\b(?:refused|rejected|rechaza\w*|not accepted|no se acept\w+|invalid\w*)"
)
_ID = re.compile(
    r"^(?:[A-Z]{1,5}[-. ]?\d+(?:\.\d+)*|[A-Z]\.\d+(?:\.\d+)*|\d+\.\d+(?:\.\d+)*)[.):]?\s+(?=[A-ZÁÉÍÓÚ«“\"])"
)


@dataclass(slots=True)
class Inputs:
    """Reads declarations; keeps what is left of each requirement for others to read."""

    system: System
    names: Names
    conditions: Conditions
    scopes: Scopes
    rules: dict[int, list[Rule]] = field(default_factory=dict)  # of each passage, by its place
    rest: dict[int, str] = field(default_factory=dict)  # its text without what was read here
    now: int = 0  # the place of the passage that is being read
    subjects: list[str] = field(default_factory=list)  # the fields that were spoken of last
    last: list[Condition] = field(default_factory=list)  # what the statement before refuses
    kinds: dict[str, str] = field(default_factory=dict)  # of the fields that are declared
    lists: dict[str, list[str]] = field(default_factory=dict)  # of words, for fields of which all else is refused
    general: list[tuple[tuple[str, ...], str, bool, bool]] = field(default_factory=list)  # messages for all fields
    ignored: dict[str, Condition] = field(default_factory=dict)  # fields that are looked at only where this holds
    passages: Sequence[Requirement] = ()
    counted: set[str] = field(default_factory=set)  # fields that are "the number of" something
    silent: tuple[int, Wanted | None, bool] | None = None  # a refusal of all that is wrong, still without its words
    given: list[str] = field(default_factory=list)  # the fields that were listed last
    topic: Condition = ALWAYS  # the value that the requirement begins with

    def read(self, requirements: Sequence[Requirement]) -> None:
        """Read them all, in the order of the document."""
        section, self.passages = None, requirements
        self._lists(requirements)
        self.scopes.section = ""
        for self.now, requirement in enumerate(requirements):
            if requirement.place.section != section:
                self.subjects, self.given, section = [], [], requirement.place.section
            self.scopes.enter(requirement)
            self.topic = ALWAYS
            cells = cells_of(requirement)
            if cells is not None:
                self._row(requirement, cells)
                continue
            self._text(requirement)

    def _text(self, requirement: Requirement) -> None:
        kept: list[str] = []
        self.topic = self.conditions.topic(line(requirement.text, requirement.language).found)
        for statement in statements(requirement.text):
            self.scopes.within(tokens(statement, requirement.language))
            left = self._statement(requirement, statement)
            kept += [left if left.endswith((".", "!", "?", ":", ";")) else left + ";"] if left else []
        self.rest[self.now] = " ".join(kept).removesuffix(";")

    def _row(self, requirement: Requirement, cells: fieldtables.Row) -> None:
        name = fieldtables.head(cells)
        self.scopes.within(tokens(requirement.text, requirement.language))
        if not name:
            self._bounds(requirement, cells)
            return
        mention = next((m for m in self._mentions(line(cells[name], requirement.language))), None)
        if mention is None:
            return
        made = fieldtables.read(cells, name, requirement.language)
        for head, cell in cells.items():
            if _APPLIES.match(fold(head)) and self._value(cell, requirement.language) is not None:
                for limit in made.limits:
                    limit.where = limit.where or cell
        self._declare(requirement, [mention.name], made)
        self.given = [*[one for one in self.given if one != mention.name], mention.name]
        self.rest[self.now] = ""

    def _bounds(self, requirement: Requirement, cells: fieldtables.Row) -> None:
        """A row that bounds inputs for one value of another: "Tipo: sangre; Volumen mínimo: 2; Temperatura: 2 a 8"."""
        (_, first), *others = cells.items()
        where = self._value(first, requirement.language)
        found: list[tuple[str, list[Limit]]] = []
        for head, cell in others:
            limits = fieldtables.bounds(head, cell, requirement.language)
            of = line(head, requirement.language)
            said = {token.stem for token in of.found if token.kind == "word"}
            named = [m.name for m in self._mentions(of)] or [
                one for one in self.system.fields if said & {stem(part) for part in parts(one)}
            ]
            number = named and self.system.fields[named[0]].kind in {"number", "integer"}
            if not limits or len(named) != 1 or not number:
                return  # it is a table of results
            found.append((named[0], limits))
        if where is None:
            return
        for name, limits in found:
            for limit in limits:
                broken = Compare(Ref(name), OPPOSITE[limit.op], Const(limit.value))
                self._check(requirement, name, Every((where, broken)), None)

    def _mentions(self, of: Line) -> list[Mention]:
        """The fields that a line names: of the operation that it is about, else of any."""
        every = [m for m in self.names.mentions(of.found) if m.sort == "field"]
        strong = {m.name for m in every if m.score > _STRONG}
        if len(strong) > 1 and not any(strong & set(self.system.operations[one]) for one in self.scopes.of_sentence):
            self.scopes.of_sentence = self.scopes.of_requirement = self._of(list(strong))  # not register_payment
        own = {name for one in self.scopes.explicit for name in self.system.operations[one]}
        for within in (tuple(own), None):
            found = [m for m in self.names.mentions(of.found, within) if m.sort == "field"]
            told = bool(within and (self.scopes.of_sentence or self.scopes.of_requirement))
            if told or found:
                return [self._longer(of, m) for m in found]
        return []

    def _longer(self, of: Line, mention: Mention) -> Mention:
        """For "the observation, in which he has been for so many minutes": observation_minutes, not minutes."""
        said = {token.stem for token in of.found}
        mine = {stem(part) for part in parts(mention.name)}
        for name in self.system.fields:
            whole = {stem(part) for part in parts(name)}
            if (
                mine < whole
                and whole <= said
                and not any(mention.name in own and name in own for own in self.system.operations.values())
            ):
                return replace(mention, name=name)
        return mention

    def _statement(self, requirement: Requirement, statement: str) -> str:
        """Read one; gives what is left of it."""
        optional = _WHERE_GIVEN.search(statement)
        if optional is not None:
            statement = statement[: optional.start()] + statement[optional.end() :]
        of = line(statement, requirement.language)
        if not of.text:
            return ""
        if self.subjects and (given := _PRESENT.match(of.text)) is not None:
            rest = statement[of.span(given.end(), given.end() + 1)[0] :]
            of = line(rest if fold(rest).startswith(("it ", "they ")) else f"it {rest}", requirement.language)
        if (left := self._edged(requirement, of, statement)) is not None:
            return left
        mentions = self._mentions(of)
        named = list(dict.fromkeys(m.name for m in mentions))
        about = (named or self.subjects)[:1]
        if about and (summed := edges.digits(of, about[0])) is not None:
            self._check(requirement, about[0], Not(summed), None)
            self.subjects = about
            return ""
        self._counted(of, mentions)
        search = Declarations(
            of, mentions, bool(self.scopes.of_sentence), self.given or self.subjects,
            lambda unit: self.conditions.by_unit(unit, self.scopes.fields), frozenset(self.counted), self._weekday(), self._alone(),
        )  # fmt: skip
        if len(self.subjects) == 1:
            search.subjects = self.subjects
        said = search.run()
        before = self.last
        self.last = [] if len(of.found) > _SHORT else self.last
        for one in said:
            self._declare(requirement, one.fields, one.spec)
            if optional is not None:
                for name in one.fields:
                    self._require(requirement, name, required=False)
        asked = self._ignored(requirement, of, mentions) or self._wanted(requirement, of, named)
        if _VALID.search(of.text) and not self.last:
            checks = [rule for rules in self.rules.values() for rule in rules if isinstance(rule, Check)]
            self.last = [rule.when for rule in checks if _of_field(rule, named)]
        self._needed(requirement, of, mentions)
        related = self._related(requirement, of, mentions) or self._people(requirement, of, mentions)
        if not said and self._beyond(requirement, of, named, before):
            return ""
        told = follows(of.text)
        self._listed(requirement, of, named)
        if told and not said and self._message(requirement, of, told, named, before):
            return ""
        self.subjects = [name for one in said for name in one.fields] or named or self.subjects
        self.given = named if len(named) > 1 else self.given
        if any(one.whole for one in said) or (asked and not said) or (related and not said):
            return ""
        return _without(of, said)

    def _lists(self, requirements: Sequence[Requirement]) -> None:
        """For "with cash, card or voucher ... Any other method is refused": what a field can be, before all else."""
        section: str | None = None
        lists: list[list[str]] = []
        for requirement in requirements:
            if requirement.place.section != section:
                section, lists = requirement.place.section, []
            if cells_of(requirement) is not None:
                continue
            self.scopes.enter(requirement)
            for statement in statements(requirement.text):
                of = line(statement, requirement.language)
                lists += [_items(of, match) for match in _LIST.finditer(of.text)]
                if len(lists) != 1 or _ANY_OTHER.search(of.text) is None:
                    continue
                self.scopes.within(of.found)
                for name in dict.fromkeys(m.name for m in self._mentions(of)):
                    figure = {stem(part) for part in parts(name)} & MONEY_NAMES
                    if not self.system.fields[name].values and not figure:
                        self.lists[name] = lists[0]
                        learn(self.system.fields[name], lists[0])

    def _listed(self, requirement: Requirement, of: Line, named: list[str]) -> None:
        """Nothing but what such a list holds is taken."""
        for name in named if _ANY_OTHER.search(of.text) is not None else []:
            if name in self.lists and name not in self.kinds:
                self._declare(requirement, [name], Spec(values=list(self.lists[name])))

    def _needed(self, requirement: Requirement, of: Line, mentions: list[Mention]) -> None:
        """For "P1 tickets need level 2 or 3": nobody knows when, but with another level acceptance is not sure."""
        needs = _NEEDS.search(of.text)
        mention = next((m for m in mentions if needs and of.place(m.start) >= needs.end()), None)
        if mention is None or mention.end >= len(of.found):
            return
        made = spec(of, of.place(mention.end))
        first = of.found[mention.end]
        figures = [value for value in made.values if isinstance(value, Decimal)]
        figures = figures or ([first.value] if first.kind == "number" and first.value is not None else [])
        if figures:
            outside = Not(OneOf(mention.name, tuple(figures)))
            rule = Vague(requirement.id, self.scopes.holding(mention.name), frozenset({"accepted"}), outside)
            self.rules.setdefault(self.now, []).append(rule)

    def _people(self, requirement: Requirement, of: Line, mentions: list[Mention]) -> bool:
        """For "at least one person, and no more than 20": all who are counted."""
        operations = self.scopes.explicit or self._of(list(self.counted)[:2])
        counted = [name for one in operations[:1] for name in self.system.operations[one] if name in self.counted]
        if mentions or len(counted) < _SEVERAL or not _PEOPLE.search(of.text) or has(words(of.found), IF):
            return False
        made = spec(of, own=frozenset(_PEOPLE.findall(of.text)))
        if not made.limits or made.lost > _SEVERAL:
            return False
        total = together(counted)
        for limit in made.limits:
            self._check(requirement, counted[0], Compare(total, OPPOSITE[limit.op], Const(limit.value)), limit.message)
        self.subjects = counted
        return True

    def _related(self, requirement: Requirement, of: Line, mentions: list[Mention]) -> bool:
        """What the statement says must hold between two inputs."""
        if has(words(of.found), IF):
            return False
        operations = [one for one, own in self.system.operations.items() if mentions and mentions[0].name in own]
        names = dict.fromkeys(name for one in operations for name in self.system.operations[one])
        message = next((token.raw for token in of.found if token.kind == "quote"), None)
        alone = accompanied(of, mentions, [name for name in self.counted if name in names])
        if alone is not None:
            self._check(requirement, mentions[0].name, alone, message)
            return True
        found = related(of, mentions, {name: self.system.fields[name] for name in names})
        if found is None or odd(found, self.system.fields):
            return False
        self._check(requirement, mentions[0].name, Not(found), message)
        return True

    def _counted(self, of: Line, mentions: list[Mention]) -> None:
        """Learn which fields are numbers: "the numbers of adults, concessions and children"."""
        for match in re.finditer(r"\b(?:numbers?|numeros?|cantidad(?:es)?|counts?) (?:of|de) ", of.text):
            several = match.group().split()[0].endswith("s")
            after = [m.name for m in mentions if of.place(m.start) >= match.end()]
            self.counted |= set(after if several else after[:1])

    def _alone(self) -> str:
        """The one field of the operation that is spoken of."""
        operations = self.scopes.explicit[:1]
        fields = self.system.operations[operations[0]] if operations else ()
        return fields[0] if len(fields) == 1 else ""

    def _weekday(self) -> str:
        """The one field that is named as a day of the week."""
        operations = self.scopes.explicit or tuple(self.system.operations)
        fields = dict.fromkeys(name for one in operations for name in self.system.operations[one])
        named = [name for name in fields if {stem(part) for part in parts(name)} & _WEEKDAY]
        return named[0] if len(named) == 1 else ""

    def _declare(self, requirement: Requirement, fields: list[str], made: Spec) -> None:
        for name in fields:
            field_ = self.system.fields[name]
            for must in musts(field_, made, self.conditions.unit(name)):
                when: Condition = Not(must.condition)
                if must.where:
                    where = self._value(must.where, requirement.language)
                    if where is None:
                        continue
                    when = Every((where, when))
                elif self._of_topic(name) and not isinstance(must.condition, Typed):
                    when = Every((self.topic, when))
                self._check(requirement, name, when, must.message)
            self.kinds[name] = field_.kind or self.kinds.get(name, "")
            if made.required is not None:
                self._require(requirement, name, required=made.required)
            elif made.asked:
                self._asked(requirement, name, tokens(made.asked, requirement.language), None)

    def _of_topic(self, name: str) -> bool:
        """Whether what is said of a field holds only for the value that the requirement begins with."""
        others = names_in(self.topic)
        return bool(others) and name not in others and bool(self._of([name, *others]))

    def _value(self, told: str, language: Language) -> Condition | None:
        """The value of another field that words name."""
        found = [m for m in self.names.mentions(tokens(told, language)) if m.sort == "value"]
        return OneOf(found[0].name, (found[0].value,)) if len(found) == 1 else None

    def _check(self, requirement: Requirement, name: str, when: Condition, message: str | None) -> None:
        operations = self.scopes.holding(name)
        for others in self.rules.values():
            for i, rule in enumerate(others):
                if isinstance(rule, Check) and rule.when == when and set(operations) <= set(rule.operations):
                    others[i] = replace(rule, message=rule.message or message)
                    return
        rules = self.rules.setdefault(self.now, [])
        rules.append(Check(requirement.id, operations, when, message))
        self.last.append(when)

    def _require(self, requirement: Requirement, name: str, *, required: bool, when: Condition = ALWAYS) -> None:
        self.system.fields[name].required = required and when == ALWAYS
        if required:
            missing = Missing(name) if when == ALWAYS else Every((when, Missing(name)))
            self._check(requirement, name, missing, None)
            return
        for place, rules in self.rules.items():  # "the note may be empty" after "if an entry is left out ..."
            self.rules[place] = [one for one in rules if not (isinstance(one, Check) and one.when == Missing(name))]

    def _wanted(self, requirement: Requirement, of: Line, named: list[str]) -> bool:
        refusing = has(words(of.found), REFUSE) or any(
            token.kind == "quote" and token.raw[:1].isupper() for token in of.found
        )
        found = wanted(of.text, refusing=refusing)
        self._general(of, found)
        if found is not None and found.all and (but := EXCEPT.search(of.text, found.end)) is not None:
            return self._all_but(requirement, of, but.end())
        if found is None or (found.all and re.search(r"mandatory|required|obligatori|requerid", of.text) and refusing):
            return False
        if found.conditional:
            return self._conditional(requirement, of, found)
        if found.all:
            operations = self.scopes.explicit or self._of(self.given)
            fields = [name for operation in operations for name in self.system.operations[operation]]
            fields = fields if not named or refusing else [name for name in fields if name in named] or fields
        else:
            before = [m.name for m in self._mentions(of) if of.place(m.start) < found.start]
            fields = before[-1:] if before and not found.required else before or named
            fields = fields or self.subjects
        for name in dict.fromkeys(fields):
            if self.system.fields[name].required is not False or not found.all:
                self._require(requirement, name, required=found.required)
        alone = found.all and not named and sum(token.kind == "quote" for token in of.found) == 1
        return bool(fields) and (alone or not refusing)

    def _all_but(self, requirement: Requirement, of: Line, place: int) -> bool:
        """For "all data are mandatory except the comment"."""
        optional = [m.name for m in self._mentions(of) if of.place(m.start) >= place]
        fields = [name for one in self.scopes.explicit or self._of(self.given) for name in self.system.operations[one]]
        for name in dict.fromkeys(fields):
            self._require(requirement, name, required=name not in optional)
        return bool(fields and optional)

    def _general(self, of: Line, found: Wanted | None) -> None:
        """For "a missing field, or a value that is not accepted, is refused with ...": the words for all that are wrong."""
        quotes = [token.raw for token in of.found if token.kind == "quote" and token.raw[:1].isupper()]
        wrong = _WRONG.search(of.text) is not None
        if not quotes and has(words(of.found), REFUSE) and (wrong or (found is not None and found.all)):
            self.silent = (self.now, found, wrong)  # the words may follow
        elif len(quotes) == 1 and self.silent is not None and self.silent[0] == self.now and not self._mentions(of):
            (_, found, wrong), self.silent = self.silent, None
        if len(quotes) == 1 and (wrong or (found is not None and found.all and found.required)):
            operations = self.scopes.explicit or self._of(self.given) or tuple(self.system.operations)
            self.general.append((operations, quotes[0], found is not None, wrong))

    def _conditional(self, requirement: Requirement, of: Line, found: Wanted) -> bool:
        """For "the comment may be left out if ...", "with a rating of 1 or 2 a comment of 15 characters is required"."""
        mentions = self._mentions(of)
        led = re.match(r"(?:with|con|for|para|in|en) ", of.text)
        parts_ = clause(of.found, set())
        before = [m for m in mentions if of.place(m.start) < found.start]
        if parts_.how in {"if", "unless", "only"} and parts_.condition:
            inside = parts_.condition
            outside = [m for m in mentions if of.found[m.start] not in inside]
        elif led is not None and len(before) > 1:
            inside = of.found[1 : before[-1].start]
            outside = before[-1:]
        else:
            inside = of.found[of.index(found.end) :]
            outside = before[-1:]
        if len(outside) != 1:
            return False
        quote = next((token.raw for token in of.found if token.kind == "quote"), None)
        negative = (parts_.how == "unless") == found.required
        done = self._asked(requirement, outside[0].name, inside, quote, negative=negative)
        stop = found.start if found.start > of.place(outside[0].end) else len(of.text)
        made = spec(of, of.place(outside[0].end), stop)
        more = _WHERE.search(of.text, found.end)
        if not made.says and more is not None:
            made = spec(of, more.end())
        if done is not None and found.required and made.limits and made.sure:
            name, unit = outside[0].name, self.conditions.unit(outside[0].name)
            for must in musts(self.system.fields[name], replace(made, message=quote), unit):
                if not isinstance(must.condition, Typed):
                    self._check(requirement, name, Every((done, Not(must.condition))), must.message)
        return done is not None

    def _asked(
        self, requirement: Requirement, name: str, told: list[Token], message: str | None, *, negative: bool = False
    ) -> Condition | None:
        """A field that is required where a condition holds (or, `negative`, does not hold)."""
        self.system.fields[name].required = False
        said = [token for token in told if token.text not in {"only", "solo", "of", "de", "for", "para", "if", "si"}]
        values = [m for m in self.names.mentions(said) if m.sort == "value"]
        flags = [m for m in self.names.mentions(said) if m.sort == "field" and m.name != name]
        when = self.conditions.read(said, None).condition
        figures = tuple(token.value for token in said if token.kind == "number")
        match when:
            case Compare(Ref(of), "==", Const()) if len(figures) > 1:
                when = OneOf(of, figures)
        if when is None and values:
            when = OneOf(values[0].name, tuple(m.value for m in values if m.name == values[0].name))
        elif when is None and flags and self.system.fields[flags[0].name].kind == "flag":
            when = OneOf(flags[0].name, (True,))
        if when is None or name in names_in(when):
            return None
        when = Not(when) if negative else when
        self._check(requirement, name, Every((when, Missing(name))), message)
        return when

    def _ignored(self, requirement: Requirement, of: Line, mentions: list[Mention]) -> bool:
        """For "it is ignored for the other products": what is said of the field holds only where it is asked for."""
        names = {m.name for m in mentions} or set(self.subjects[-1:])
        if not _IGNORED.search(of.text):
            return False
        for rules in self.rules.values():
            asked = [
                r
                for r in rules
                if isinstance(r, Check) and isinstance(r.when, Every) and isinstance(r.when.parts[-1], Missing)
            ]
            for rule in asked:
                name = (
                    rule.when.parts[-1].name
                    if isinstance(rule.when, Every) and isinstance(rule.when.parts[-1], Missing)
                    else ""
                )
                if name in names and isinstance(rule.when, Every):
                    self.ignored[name] = rule.when.parts[0]
        del requirement
        return bool(names & set(self.ignored))

    def _of(self, fields: list[str]) -> tuple[str, ...]:
        return tuple(one for one, own in self.system.operations.items() if fields and set(fields) <= set(own))

    def _message(
        self, requirement: Requirement, of: Line, told: str, named: list[str], before: list[Condition]
    ) -> bool:
        """Give the words of a refusal to the checks that it is about."""
        message, found = of.at(told).raw, False
        fields = named or self.subjects
        after = otherwise(of.text)
        for rules in self.rules.values():
            for i, rule in enumerate(rules):
                mine = isinstance(rule, Check) and rule.when in before if after else _of_field(rule, fields)
                if isinstance(rule, Check) and mine and rule.message is None:
                    rules[i], found = replace(rule, message=message), True
        values = self.system.fields[fields[0]].values if fields and not after else []
        if not found and len(values) > 1:
            self._check(requirement, fields[0], Not(OneOf(fields[0], tuple(values))), message)
            return True
        return found

    def _edged(self, requirement: Requirement, of: Line, statement: str) -> str | None:
        """For "the last entry is at 17:00, on Thursdays at 20:00", "up to 15 minutes early is fine": what is left."""
        op, figure, others = edges.last(of)
        fields = self.scopes.fields
        moments = [
            n for n in fields if self.system.fields[n].kind in {"time", "date"} or n in self._named_times(fields)
        ]
        if op and isinstance(of.value(figure), str) and len(moments) == 1:
            name = moments[0]
            where = [(self._value(of.raw(a, b), requirement.language), n) for a, b, n in others]
            if any(one is None for one, _ in where):
                return None
            for one, mark in where:
                beyond = Not(Compare(Ref(name), op, Const(of.value(mark))))
                self._check(requirement, name, Every((one, beyond)) if one is not None else beyond, None)
            rest = tuple(Not(one) for one, _ in where if one is not None)
            usual = Not(Compare(Ref(name), op, Const(of.value(figure))))
            self._check(requirement, name, Every((*rest, usual)) if rest else usual, None)
            self.subjects = [name]
            return ""
        for name in fields:
            bounds = edges.signed(of, frozenset(fold(part) for part in parts(name)))
            refusing = has(words(of.found), REFUSE)
            if not bounds or refusing == bool(edges.FINE.search(of.text)):
                continue
            for sign, value in bounds:
                bound = Compare(Ref(name), sign, Const(value))
                self._check(requirement, name, bound if refusing else Not(bound), None)
            self.subjects = [name]
            return statement.partition(":")[2].strip()
        return None

    @staticmethod
    def _named_times(fields: Sequence[str]) -> list[str]:
        """The fields that are called a time."""
        return [name for name in fields if {stem(part) for part in parts(name)} & {stem("time"), stem("hora")}]

    def _beyond(self, requirement: Requirement, of: Line, named: list[str], before: list[Condition]) -> bool:
        """For "Fewer than 24: "Too late"", "A bigger party gets ...": what is said beyond a bound."""
        tail = edges.tail(of)
        if tail is not None:
            units = {limit.unit for limit in tail.limits if limit.unit}
            by_unit = self.conditions.by_unit(units.pop(), self.scopes.fields) if len(units) == 1 else None
            name = named[0] if len(named) == 1 else self._alone() or by_unit or (self.subjects[-1:] or [""])[0]
            if not name:
                return False
            bounds = tuple(Compare(Ref(name), limit.op, Const(limit.value)) for limit in tail.limits)
            self._check(requirement, name, bounds[0] if len(bounds) == 1 else Every(bounds), tail.message)
            return True
        side, message = edges.side(of)
        if not side:
            return False
        checks = [rule for rules in self.rules.values() for rule in rules if isinstance(rule, Check)]
        about = [c.when for c in checks if c.when in before] or [c.when for c in checks if _of_field(c, self.subjects)]
        found = False
        for rules in self.rules.values():
            for i, rule in enumerate(rules):
                if isinstance(rule, Check) and rule.when in about and edges.beyond(rule.when) == side:
                    rules[i], found = replace(rule, message=rule.message or message), True
        self.last = before
        return found

    def settle(self) -> None:
        """Make whole: kinds as they were declared, what is declared must be given, misread comparisons go."""
        for name, kind in self.kinds.items():
            self.system.fields[name].kind = kind or self.system.fields[name].kind
        rules = self.system.rules
        rules[:] = [rule for rule in rules if not (isinstance(rule, Check) and odd(rule.when, self.system.fields))]
        self._limited()
        self._told()
        for name in self.kinds:
            own = [
                rule for rule in rules if isinstance(rule, Check) and rule.when == Not(Typed(name, _kind(self, name)))
            ]
            own = own or [rule for rule in rules if isinstance(rule, Check) and names_in(rule.when) == {name}]
            if own and self.system.fields[name].required is None:
                self.system.fields[name].required = True
                rules.insert(rules.index(own[0]), replace(own[0], when=Missing(name), message=None))

    def _limited(self) -> None:
        """Lists that were learnt elsewhere are closed; fields that are not asked for are not looked at."""
        rules = self.system.rules
        checked = {
            leaf.name
            for rule in rules
            if isinstance(rule, Check)
            for leaf in leaves(rule.when)
            if isinstance(leaf, OneOf)
        }
        for name, known in self.system.fields.items():
            values = tuple(value for value in known.values if isinstance(value, str))
            if known.kind == "choice" and name not in checked and len(values) > 1 and name not in self.kinds:
                id_ = next((r.id for r in self.passages if sum(fold(v) in fold(r.text) for v in values) > 1), "")
                operations = tuple(one for one, own in self.system.operations.items() if name in own)
                if id_ and not _OPEN_LIST.search(" ".join(fold(v) for v in values)):
                    rules.insert(0, Check(id_, operations, Not(OneOf(name, values))))
        for i, rule in enumerate(rules):
            if isinstance(rule, Check) and isinstance(rule.when, Not):
                for name in names_in(rule.when) & set(self.ignored):
                    rules[i] = replace(rule, when=Every((self.ignored[name], rule.when)))

    def _told(self) -> None:
        """Give the words for all that is missing or wrong to the checks that have none."""
        for operations, message, missing, wrong in self.general:
            for i, rule in enumerate(self.system.rules):
                if (
                    not isinstance(rule, Check)
                    or rule.message is not None
                    or not set(rule.operations) <= set(operations)
                ):
                    continue
                inner = rule.when.parts[-1] if isinstance(rule.when, Every) and rule.when.parts else rule.when
                absent = isinstance(inner, Missing)
                alone = len(names_in(inner)) == 1  # a value, not how two of them go together
                if (absent and missing) or (alone and wrong and isinstance(inner, Not)):
                    self.system.rules[i] = replace(rule, message=message)


def _items(of: Line, match: re.Match[str]) -> list[str]:
    """The words of a list."""
    raw = of.raw(match.start("l"), match.end("l")).replace(",", " ,")
    return [item.strip() for item in re.split(r" , (?:or |o )?| or (?:an? |the )?| o (?:una? )?", raw)]


def _kind(inputs: Inputs, name: str) -> str:
    return inputs.system.fields[name].kind


def _of_field(rule: Rule, fields: list[str]) -> bool:
    if not isinstance(rule, Check):
        return False
    inner = rule.when.parts[-1] if isinstance(rule.when, Every) and rule.when.parts else rule.when
    return isinstance(inner, Not) and bool(names_in(inner) & set(fields))


def _without(of: Line, said: list[Said]) -> str:
    """The statement without what was read of it."""
    text, end = "", 0
    for one in (one for one in said if one.end > one.start):
        begin, stop = of.span(one.start, one.end)
        text += of.source[end:begin]
        end = max(end, stop)
        joined = (
            re.match(r"\s*[,;]?\s+(?:and|y|but|pero)\s+(?=must|debe|may|can|puede|is|es|no|not|shall)", of.source[end:])
            if one.predicate
            else None
        )
        end += joined.end() - 1 if joined is not None else 0
    return re.sub(r"\s+([,.;])", r"\1", text + of.source[end:])


def statements(text: str) -> list[str]:
    """The statements of a requirement; brackets hold together."""
    return [_ID.sub("", piece.strip()) for piece in _STATEMENT.split(text) if piece and piece.strip(" ;.")]
