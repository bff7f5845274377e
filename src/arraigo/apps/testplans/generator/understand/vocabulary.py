"""Which field a unit, an adjective or a bare figure is about."""

from arraigo.apps.testplans.generator.creators import parts
from arraigo.apps.testplans.generator.model import ALWAYS, Condition, OneOf
from arraigo.apps.testplans.generator.synonyms import MONEY_NAMES, UNIT_WORDS, alike
from arraigo.apps.testplans.generator.understand.names import PREFIX, Mention, Names
from arraigo.apps.testplans.generator.understand.operands import convertible
from arraigo.apps.testplans.generator.words import Token, fold, stem, unit_of

_PREPOSITIONS = frozenset("with for in if when from con para en si cuando de".split())


class Vocabulary:
    """What fields are counted in, and which of them a word or a unit is about."""

    def __init__(self, names: Names) -> None:
        self.names = names
        self.system = names.system
        self.numbers: set[str] = set()  # fields that were compared with numbers so far

    def unit(self, name: str) -> str:
        """The unit that a field is counted in."""
        known = self.system.fields.get(name)
        if known is not None and (known.unit or known.kind in {"choice", "flag", "text"}):
            return known.unit
        for part in parts(name):
            if len(part) > 1 and unit_of(part) not in {"", "$", "metre"}:
                return unit_of(part)
        return ""

    def by_unit(self, unit: str, fields: tuple[str, ...] | None) -> str | None:
        """The one field that a number with this unit can be about."""
        within = [name for name in self.system.fields if fields is None or name in fields]
        exact = [name for name in within if self.unit(name) == unit] if unit else []
        if len(exact) == 1:
            return exact[0]
        plain = [name for name in exact if len(parts(name)) == 1]
        if len(plain) == 1:
            return plain[0]
        word = stem(fold(UNIT_WORDS.get(unit, "")))
        alikes = [name for name in within if word and any(alike(word, stem(part)) for part in parts(name))]
        if unit == "year" and len(alikes) == 1:
            return alikes[0]
        near = [name for name in within if unit and self.unit(name) and convertible(unit, self.unit(name))]
        if len(near) == 1:
            return near[0]
        return alikes[0] if len(alikes) == 1 else None

    def hinted(self, word: str, fields: tuple[str, ...] | None) -> str | None:
        """The one field that a word such as "longer" is about."""
        root = stem(fold(word))
        within = [name for name in self.system.fields if fields is None or name in fields]
        near = [name for name in within if any(alike(root, stem(part)) for part in parts(name))]
        return near[0] if len(near) == 1 else None

    def only_number(self, unit: str, fields: tuple[str, ...] | None) -> str | None:
        """The one field that is a number, where a clause does not say which."""
        within = [name for name in self.system.fields if fields is None or name in fields]
        money = [name for name in within if {stem(part) for part in parts(name)} & MONEY_NAMES]
        if len(money) == 1:
            return money[0]
        numbers = [name for name in within if name in self.numbers]
        return numbers[0] if len(numbers) == 1 and not unit else None

    def topic(self, found: list[Token]) -> Condition:
        """The value that a requirement begins with: "Cash must be at least the fare. The meter shows the change."."""
        first = next((m for m in self.names.mentions(found) if m.start <= 2), None)
        if first is None or first.sort != "value" or first.name not in self.system.fields:
            return ALWAYS
        return ALWAYS if found[0].text in _PREPOSITIONS else OneOf(first.name, (first.value,))

    def enough(self, name: str) -> float:
        """How much of a truth's name has to be said: of has_other_grant more than the grant."""
        words = parts(name)
        return 0.6 if words[0] in PREFIX and len(words) > 2 else 0.5

    def flag(self, mention: Mention) -> bool:
        """Whether a mentioned field can be true or false."""
        known = self.system.fields[mention.name]
        return known.kind == "flag"
