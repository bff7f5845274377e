"""Terms that a document defines by a time of day: "Night: the time from 22:00 to 06:00 (not included)"."""

import re

from arraigo.apps.testplans.generator.creators import parts
from arraigo.apps.testplans.generator.model import Compare, Condition, Const, Every, Ref, Some, System
from arraigo.apps.testplans.generator.words import Token, fold, stem

_TIMES = re.compile(
    r"(?P<a>\d{1,2}:\d{2})\W+(?P<a_in>\([^)]*\)\W*)?(?:to|a|and|y|hasta|until|-|–)(?: las|"
    r" la)?\W+(?P<b>\d{1,2}:\d{2})"
)
_DEFINED = re.compile(
    r"^(?:\W*)(?:the |el |la |las |los )?(?P<name>[a-zñ]+(?: [a-zñ]+)?)\W*(?::|\bis\b|\bare\b|\bmeans\b|"
    r"\bes\b|\bson\b|\bgoes\b|"
    r"\bva\b|\bvan\b|\bruns?\b)"
)
_NOT = re.compile(r"not includ|no incluid|exclu|sin incluir|not any more")
_NAMES = frozenset(
    stem(w)
    for w in (
        "night noche nocturno nocturna nocturnal evening tarde morning manana peak pico punta off diurno valle"
    ).split()
)


class Terms:
    """What times of day are called, and the conditions that they are."""

    def __init__(self, system: System) -> None:
        self.system = system
        self.known: dict[str, Condition] = {}

    def learn(self, sentence: str) -> None:
        """Learn a term where the sentence defines one."""
        plain = fold(sentence)
        named, times = _DEFINED.match(plain), _TIMES.search(plain)
        if not named or not times or not {stem(w) for w in named["name"].split()} & _NAMES:
            return
        clocks = [
            name
            for name, field in self.system.fields.items()
            if field.kind == "time" or {stem(part) for part in parts(name)} & {stem("time"), stem("hora")}
        ]
        if len(clocks) != 1:
            return
        first, last = (f"{int(t.split(':')[0]):02d}:{t.split(':')[1]}" for t in (times["a"], times["b"]))
        open_ = bool(_NOT.search(plain[times.end() :]))
        begins = Compare(Ref(clocks[0]), ">=", Const(first))
        ends = Compare(Ref(clocks[0]), "<" if open_ else "<=", Const(last))
        word = next(stem(w) for w in named["name"].split() if stem(w) in _NAMES)
        self.known[word] = Every((begins, ends)) if first < last else Some((begins, ends))

    def read(self, tokens: list[Token]) -> Condition | None:
        """The condition that a clause names by a term."""
        return next(
            (self.known[token.stem] for token in tokens if token.kind == "word" and token.stem in self.known), None
        )
