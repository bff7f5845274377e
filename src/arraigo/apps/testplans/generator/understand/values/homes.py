"""Which operation a sentence about a value belongs to: the one that it names, else that of its section."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from arraigo.apps.testplans.generator.creators import parts
from arraigo.apps.testplans.generator.lexicon import ARTICLES, FILLERS
from arraigo.apps.testplans.generator.model import System
from arraigo.apps.testplans.generator.synonyms import alike
from arraigo.apps.testplans.generator.understand.names import Names
from arraigo.apps.testplans.generator.understand.scope import Scopes
from arraigo.apps.testplans.generator.words import Token, stem, tokens
from arraigo.apps.testplans.plan import Requirement

_NOUNS = ("cion", "ciones", "sion", "tion", "tions", "miento", "ment", "ments")


@dataclass(slots=True)
class Homes:
    """Keeps the operation that was spoken of last in a section."""

    system: System
    names: Names
    scopes: Scopes
    votes: dict[str, Counter[str]] = field(default_factory=dict)
    titles: dict[str, tuple[str, ...]] = field(default_factory=dict)
    section: str = ""
    last: tuple[str, ...] = ()

    def learn(self, requirements: Sequence[Requirement]) -> None:
        """Count what each section speaks of: its title, its operations, the fields of one operation alone."""
        owners = Counter(name for fields in self.system.operations.values() for name in fields)
        for requirement in requirements:
            votes = self.votes.setdefault(requirement.place.section, Counter())
            self.scopes.enter(requirement)
            if requirement.place.section not in self.titles:
                self.titles[requirement.place.section] = self._titled(requirement)
            for mention in self.names.mentions(tokens(requirement.text, requirement.language)):
                if mention.sort == "operation":
                    votes[mention.name] += 2
                elif mention.sort in {"field", "value"} and owners[mention.name] == 1:
                    owner = next(o for o, fields in self.system.operations.items() if mention.name in fields)
                    votes[owner] += 1

    def _titled(self, requirement: Requirement) -> tuple[str, ...]:
        """The operation that a heading names by its verb or its object: "Entrevista", "6 Payment"."""
        title = requirement.place.section.split(" > ")[-1]
        small = ARTICLES | FILLERS
        words = [t for t in tokens(title, requirement.language) if t.kind == "word" and t.text not in small]
        roots = [t.stem for t in words if not t.raw.isupper()]
        points = {
            name: sum(max((alike(root, stem(part)) for root in roots), default=0) for part in parts(name))
            / len(parts(name))
            for name in self.system.operations
        }
        best = max(points.values(), default=0)
        if best < 0.4:
            return ()
        said = [root for root in roots if len(root) > 2]
        chosen = [name for name, score in points.items() if score == best]
        hits = sum(any(alike(root, stem(part)) for name in chosen for part in parts(name)) for root in said)
        if best < 1 and hits < 0.6 * len(said):
            return ()
        return tuple(chosen)

    def enter(self, requirement: Requirement) -> None:
        """Begin a requirement."""
        self.scopes.enter(requirement)
        if requirement.place.section != self.section:
            self.section = requirement.place.section
            self.last = ()

    def of(self, found: list[Token]) -> tuple[str, ...]:
        """The operations that a sentence of this requirement is about."""
        self.scopes.within(found)
        named = self.scopes.of_sentence or self.scopes.of_requirement
        title = self.titles.get(self.section, ())
        if title and named and not self._surely(found, named):
            return title
        if named:
            self.last = named
            return named
        if title:
            return title
        if self.last:
            return self.last
        if len(self.system.operations) == 1:
            return tuple(self.system.operations)
        votes = self.votes.get(self.section, Counter()).most_common(2)
        if votes and (len(votes) == 1 or votes[0][1] > votes[1][1]):
            return (votes[0][0],)
        fields = {m.name for m in self.names.mentions(found) if m.sort in {"field", "value"}}
        holding = tuple(o for o, own in self.system.operations.items() if fields and fields <= set(own))
        return holding if len(holding) == 1 else ()

    def _surely(self, found: list[Token], named: tuple[str, ...]) -> bool:
        """Whether an operation is named by more than one of its words: "start" alone may be that of a list."""
        return any(
            m.sort == "operation"
            and m.name in named
            and (m.score > 0.7 or m.end - m.start > 1)
            and not found[m.start].text.endswith(_NOUNS)
            for m in self.names.mentions(found)
        )
