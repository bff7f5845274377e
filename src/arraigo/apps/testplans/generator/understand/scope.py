"""Which operations a sentence is about: those it names, else those of its section, else those that have its fields."""

import re
from dataclasses import dataclass

from arraigo.apps.testplans.generator.creators import parts
from arraigo.apps.testplans.generator.evaluate import names_in
from arraigo.apps.testplans.generator.model import (
    ALWAYS,
    STATE,
    Condition,
    Every,
    Missing,
    Not,
    OneOf,
    System,
)
from arraigo.apps.testplans.generator.understand.lifecycle.roles import look
from arraigo.apps.testplans.generator.understand.names import Names
from arraigo.apps.testplans.generator.words import Token, fold, stem, tokens
from arraigo.apps.testplans.plan import Requirement

_WISH = re.compile(r"\b(?:i|we) (?:want|need|would like|wish) to\b|\b(?:quiero|queremos|necesito|deseo|quisiera)\b")


@dataclass(slots=True)
class Scopes:
    """Keeps what the requirement, its section and its sentences have named so far."""

    system: System
    names: Names
    section: str = ""
    of_section: tuple[str, ...] = ()
    of_requirement: tuple[str, ...] = ()
    of_sentence: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()

    def enter(self, requirement: Requirement) -> None:
        """Begin a requirement."""
        if requirement.place.section != self.section:
            self.section = requirement.place.section
            title = self.section.split(" > ")[-1]
            self.of_section = self._named(tokens(title, requirement.language)) or self._wished(requirement)
        self.of_requirement = ()
        self.of_sentence = ()

    def within(self, found: list[Token]) -> None:
        """Begin a sentence."""
        seen = look(found, self.names)
        self.of_sentence = tuple(seen.operations)
        if set(seen.operations) <= seen.nouns and (self.of_requirement or self.of_section):
            self.of_sentence = ()
        self.of_requirement = self.of_sentence or self.of_requirement
        about = self.of_sentence or self.of_requirement or self.of_section or tuple(self.system.operations)
        own = dict.fromkeys(name for operation in about for name in self.system.operations[operation])
        self.fields = tuple(own)
        everywhere = tuple(self.system.fields)
        objects = {stem(part) for operation in about for part in parts(operation)}
        missing = [
            m
            for m in self.names.mentions(found)
            if m.sort in {"field", "value"}
            and m.name not in own
            and not {stem(part) for part in parts(m.name)} & objects
        ]
        if missing or not own:
            self.fields = everywhere

    def _wished(self, requirement: Requirement) -> tuple[str, ...]:
        """For a story: "As door staff I want to scan a ticket" is about scanning, whatever its title is."""
        wish = _WISH.search(fold(requirement.text))
        if wish is None:
            return ()
        seen = look(tokens(requirement.text[wish.end() :], requirement.language), self.names)
        acting = tuple(name for name in seen.operations if name not in seen.nouns)
        return acting if len(acting) == 1 else ()

    def _named(self, found: list[Token]) -> tuple[str, ...]:
        """The operations that a heading names, if only by what they are done to: "Audio guides"."""
        if named := tuple(look(found, self.names).operations):
            return named
        roots = {token.stem for token in found if token.kind == "word"}
        things = {stem(part) for part in parts(next(iter(self.system.operations), "x"))[1:]}  # what all are done to
        near = [name for name in self.system.operations if (roots - things) & {stem(part) for part in parts(name)}]
        return tuple(near) if len(near) == 1 else ()

    def holding(self, name: str) -> tuple[str, ...]:
        """The operations that have this field, of those in question."""
        return self.operations_of(Missing(name))

    @property
    def explicit(self) -> tuple[str, ...]:
        """The operations that are named; where there is one only, that."""
        only = tuple(self.system.operations) if len(self.system.operations) == 1 else ()
        return self.of_sentence or self.of_requirement or self.of_section or only

    def operations_of(self, condition: Condition) -> tuple[str, ...]:
        """The operations that a rule with this condition is for."""
        wanted = {name for name in names_in(condition) if name in self.system.fields}
        every = tuple(self.system.operations)
        setters = {name.partition(":")[0] for name in names_in(condition) if ":" in name}
        every = tuple(name for name in every if name not in setters)
        for explicit in (self.of_sentence, self.of_requirement, self.of_section):
            fitting = tuple(
                name for name in explicit if name in every if not wanted or wanted & set(self.system.operations[name])
            )
            if fitting:
                return fitting
        best = max((len(wanted & set(self.system.operations[name])) for name in every), default=0)
        if not wanted or not best:
            return every
        return tuple(name for name in every if len(wanted & set(self.system.operations[name])) == best)

    def without_state(self, condition: Condition) -> Condition:
        """The condition without its parts on the state."""
        match condition:
            case OneOf(name, _) if name == STATE:
                return ALWAYS
            case Not(part) if self.without_state(part) == ALWAYS:
                return ALWAYS
            case Every(parts):
                kept = tuple(part for part in parts if self.without_state(part) != ALWAYS)
                return kept[0] if len(kept) == 1 else Every(kept)
        return condition
