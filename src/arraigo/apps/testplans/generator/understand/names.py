"""Where a sentence speaks of a field, a value of a closed list, a state, an operation, or a computed quantity."""

import re
from dataclasses import dataclass
from typing import Literal

from arraigo.apps.testplans.generator.creators import parts
from arraigo.apps.testplans.generator.lexicon import ARTICLES, FILLERS
from arraigo.apps.testplans.generator.model import STATE, Plain, System
from arraigo.apps.testplans.generator.synonyms import alike
from arraigo.apps.testplans.generator.words import Token, fold, inflected, stem, unit_of

Sort = Literal["field", "value", "state", "operation", "quantity"]
_DULL = frozenset(
    ("is has es con tiene with num number numero n of de del por per in en the total id value valor type tipo").split()
)
PREFIX = frozenset(("is has es con tiene with are was esta ha").split())
_NEVER = (
    frozenset(
        (
            "more less than over under on off at most least plus mas menos que por para from to up down above "
            "below between entre hasta desde and or y o not no is are be if when si must may can only same other "
            "any all each every one two new also with without con sin como"
        ).split()
    )
    | FILLERS
    | ARTICLES
)
_NOUNS = ("tion", "sion", "cion", "ment", "miento", "tions", "ciones")
_SETS = frozenset(
    stem(word) for word in ("set change adjust fijar establecer ajustar configurar cambiar definir configure").split()
)
ENOUGH = 0.5


@dataclass(frozen=True, slots=True)
class Mention:
    """The tokens `start` to `end` (past the last) name something."""

    start: int
    end: int
    sort: Sort
    name: str
    value: Plain = None
    score: float = 1.0


_TYPES = frozenset(
    "numero number integer texto text fecha date hora time codigo code valor value cantidad amount".split()
)
_KINDS = frozenset(
    "entero entera whole decimal positivo positiva positive negativo negative natural integer real".split()
)


def _only_a_type(tokens: list[Token], i: int) -> bool:
    """Whether the word only says what kind of thing something is: "un número entero", "a whole number"."""
    around = {token.text for token in tokens[max(0, i - 1) : i + 2] if token is not tokens[i]}
    return tokens[i].text in _TYPES and bool(around & _KINDS)


class Names:
    """The vocabulary of one system, matched across language, accents, plural, case styles and synonyms."""

    def __init__(self, system: System) -> None:
        self.system = system
        self.fields = {name: self._weighed(name, list(system.fields)) for name in system.fields}
        self.aliases = self._set(system)
        self.operations = {name: self._weighed(name, list(system.operations)) for name in system.operations}
        self.quantities: dict[str, dict[str, float]] = {}
        self.spelled: set[str] = set()  # the words of quantities
        self.kept: set[str] = set()  # quantities that operations change
        self.results: dict[str, list[str]] = {}  # words that a quantity can be: the grade is A

    @staticmethod
    def _weighed(name: str, others: list[str]) -> dict[str, float]:
        words = parts(name)
        if len(words) > 1 and words[0] in PREFIX:
            words = words[1:]
        weights: dict[str, float] = {}
        for word in words:
            root = stem(word)
            share = sum(any(alike(root, stem(part)) >= 0.95 for part in parts(other)) for other in others)
            dull = 0.4 if len(words) > 1 and (word in _DULL or unit_of(word)) else 1.0
            weights[root] = dull / max(1, share)
        if len(words) > 1 and all(weights[stem(word)] < 1 for word in words):  # "type" tells reader_type from reader
            weights = {root: 1.0 if weight == 0.4 else weight for root, weight in weights.items()}
        return weights

    @staticmethod
    def _set(system: System) -> dict[str, dict[str, float]]:
        """What "the target" means where set_target takes one field."""
        made: dict[str, dict[str, float]] = {}
        for operation, fields in system.operations.items():
            verb, *rest = parts(operation)
            if len(fields) == 1 and rest and stem(verb) in _SETS:
                made[fields[0]] = {stem(word): 1.0 for word in rest}
        return made

    def learn(self, quantity: str) -> None:
        """A computed quantity, by its folded words."""
        self.spelled |= set(quantity.split())
        if quantity not in self.quantities:
            self.quantities[quantity] = {stem(word): 1.0 for word in quantity.split() if word not in FILLERS}

    def mentions(self, tokens: list[Token], fields: tuple[str, ...] | None = None) -> list[Mention]:
        """All that is named, without overlaps, in order; `fields` narrows to an operation's."""
        found: list[Mention] = []
        known = {name: weights for name, weights in self.fields.items() if fields is None or name in fields}
        for i, token in enumerate(tokens):
            if token.kind in {"word", "quote"} and token.text not in _NEVER and not _only_a_type(tokens, i):
                found += self._words(tokens, i, "field", known)
                found += self._words(tokens, i, "field", self.aliases)
                found += [m for m in self._words(tokens, i, "operation", self.operations) if self._verb(tokens, m)]
                found += [m for m in self._words(tokens, i, "quantity", self.quantities) if m.score > 0.6]
            found += self._values(tokens, i)
        rank = {"value": 0.12, "state": 0.1, "field": 0.05, "quantity": 0.25, "operation": -0.2}
        found.sort(key=lambda m: (-(m.score + rank[m.sort] + 0.15 * (m.end - m.start)), m.start))
        chosen: list[Mention] = []
        for mention in found:
            if all(mention.end <= other.start or mention.start >= other.end for other in chosen):
                chosen.append(mention)
        chosen.sort(key=lambda m: m.start)
        return [m for k, m in enumerate(chosen) if not self._part(tokens, chosen, k)]

    @staticmethod
    def _part(tokens: list[Token], chosen: list[Mention], k: int) -> bool:
        """Whether a field is only part of a longer name: "cuenta" in "cuenta de destino"."""
        one, joined = chosen[k], False
        for other in chosen[max(0, k - 1) : k] + chosen[k + 1 : k + 2]:
            between = tokens[min(one.end, other.end) : max(one.start, other.start)]
            if one.sort == other.sort == "field" and one.score < min(0.9, other.score) and len(between) == 1:
                joined = joined or between[0].text in {"de", "of", "del"}
        return joined

    def _verb(self, tokens: list[Token], mention: Mention) -> bool:
        """Whether the operation's verb is there: its object alone may be that of another."""
        if len(self.system.operations) == 1:
            return True
        verb = stem(parts(mention.name)[0])
        rest = [stem(part) for part in parts(mention.name)[1:]]
        sharing = [name for name in self.system.operations if stem(parts(name)[0]) == verb]
        if len(sharing) > 1 and rest:  # registrar_entrada, registrar_salida: it takes both
            near = tokens[mention.start : mention.end]
            return all(
                any(alike(token.stem, root) >= least for token in near for root in roots)
                for roots, least in ((rest, 0.95), ([verb], 0.8))
            )
        return any(
            alike(token.stem, verb) >= (0.95 if token.text.endswith(_NOUNS) else 0.8)
            for token in tokens[mention.start : mention.end]
        )

    def _words(self, tokens: list[Token], i: int, sort: Sort, known: dict[str, dict[str, float]]) -> list[Mention]:
        found = []
        for name, weights in known.items():
            left = dict(weights)
            total = sum(weights.values())
            score, end, j = 0.0, i, i
            while j < len(tokens) and j < i + 9:
                token = tokens[j]
                particle = sort == "operation" and token.text in {"in", "out", "up", "off"} and token.stem in left
                pieces = (
                    []
                    if token.text in _NEVER and not particle
                    else [token.stem, *(stem(part) for part in parts(token.raw))]
                    if "_" in token.raw or "-" in token.raw
                    else [token.stem]
                )
                hit = 0.0
                if sort == "quantity" and not any(inflected(token.text, word) for word in self.spelled):
                    pieces = []
                for piece in pieces if token.kind in {"word", "quote"} else []:
                    best = max(left, key=lambda root: alike(piece, root), default=None)
                    near = alike(piece, best) if best is not None else 0.0
                    if best is not None and near:
                        hit += near * left.pop(best)
                if hit:
                    score, end = score + hit, j + 1
                elif j == i or token.text not in FILLERS:
                    break
                j += 1
            if end > i and total and score / total >= ENOUGH:
                found.append(Mention(i, end, sort, name, score=score / total))
        top = [m for m in found if m.score == max(one.score for one in found)]
        return found if len(top) == 1 or sort != "field" else [m for m in found if m not in top or m.score > 0.9]

    def _values(self, tokens: list[Token], i: int) -> list[Mention]:
        found = []
        for field in self.system.fields.values():
            found += [
                Mention(i, i + size, "value", field.name, value)
                for value in field.values
                if isinstance(value, str) and (size := self._phrase(tokens, i, value))
            ]
        found += [
            Mention(i, i + size, "value", name, value)
            for name, values in self.results.items()
            for value in values
            if (size := self._phrase(tokens, i, value))
        ]
        found += [
            Mention(i, i + size, "state", STATE, state)
            for state in self.system.states
            if (size := self._phrase(tokens, i, state))
        ]
        return found

    @staticmethod
    def _phrase(tokens: list[Token], i: int, phrase: str) -> int:
        token = tokens[i]
        if token.kind == "quote":
            return 1 if token.text == fold(phrase) else 0
        if len(phrase) == 1 and (
            token.raw != phrase
            or (i + 1 < len(tokens) and tokens[i + 1].kind == "word" and (i == 0 or token.text == "a"))
        ):
            return 0
        if token.text == fold(phrase):
            return 1
        words = re.findall(r"[^\W_]+", fold(phrase))
        for k, word in enumerate(words):
            if i + k >= len(tokens) or tokens[i + k].kind not in {"word", "number"}:
                return 0
            text = tokens[i + k].text
            if not (text == word or (len(word) > 3 and inflected(text, word))):
                return 0
        return len(words)
