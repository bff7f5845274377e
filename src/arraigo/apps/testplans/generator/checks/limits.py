"""Limits in a sentence, and the values at both sides of each, in the sentence's own units."""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, TypeAlias

from arraigo.apps.testplans.generator.words import fold, number
from arraigo.apps.testplans.plan import Language

_N = r"-?\d(?:[\d.,]*\d)?"
_UNIT = r"(?:\s*(?P<{0}>%|[€$£]|[^\W\d_]+[²³]?))?"
_THE = r"(?:los |las |el |la |of )?"
_BETWEEN = re.compile(
    rf"(?<![\d:.,])(?P<low>{_N}){_UNIT.format('u')}\s+(?:y|a|hasta|and|to)\s+{_THE}(?P<high>{_N})(?!:){_UNIT.format('unit')}"
)
_LEAST = (
    r"al menos|como minimo|minimo(?: de)?|por lo menos|mayor o igual (?:que|a)|≥|>=|at least|(?:a )?minimum of|"
    r"no (?:puede|debe)n? ser (?:menor|inferior) (?:que|a|de)|not less than|no less than|greater than or equal to"
)
_MOST = (
    r"como maximo|a lo sumo|maximo(?: de)?|hasta|menor o igual (?:que|a)|≤|<=|at most|no more than|not more than|"
    r"no (?:puede|debe|podra|debera)n? (?:superar|exceder|pasar de|tener mas de|ser (?:mayor|superior|mas)(?:es)? "
    r"(?:que|a|de))|(?:must|may|shall|can)\s?not (?:exceed|be (?:more|greater|higher|longer) than)|"
    r"less than or equal to|(?:a )?maximum of|up to"
)
_MORE = r"(?:debe|must)\w*\s+(?:ser|be) (?:mayor|superior|more|greater|higher) (?:que|a|de|than)"
_LESS = r"(?:debe|must)\w*\s+(?:ser|be) (?:menor|inferior|less|lower|fewer) (?:que|a|de|than)"
_COUNTS = (
    "uno|un|una|one",
    "dos|two",
    "tres|three",
    "cuatro|four",
    "cinco|five",
    "seis|six",
    "siete|seven",
    "ocho|eight",
)
_WORDS = {word: n for n, words in enumerate(_COUNTS, 1) for word in words.split("|")}
_VALUE = rf"\s+{_THE}(?P<value>{_N}|(?:{'|'.join(_WORDS)})\b)(?!:){_UNIT.format('unit')}"
_Side: TypeAlias = Literal["low", "high"]
_SINGLE: tuple[tuple[_Side, bool, re.Pattern[str]], ...] = (
    ("low", True, re.compile(f"(?:{_LEAST}){_VALUE}")),
    ("high", True, re.compile(f"(?:{_MOST}){_VALUE}")),
    ("low", False, re.compile(f"(?:{_MORE}){_VALUE}")),
    ("high", False, re.compile(f"(?:{_LESS}){_VALUE}")),
)
_ALSO = re.compile(rf"\s*(?:\w+ \w+\s+)?(?:ni|nor|o|or)\s+(?P<value>{_N}){_UNIT.format('unit')}")
_NO_UNIT = frozenset("y o a e de del en con por para si que or and of in by the el la los las as se como at".split())
_HOURS = re.compile(r"horas?|hours?|h")
_CENTS = re.compile(r"eur|euros?|usd|dolar(?:es)?|dollars?|pounds?|[€$£]")
_TENTHS = re.compile(r"kg|g|km|m|cm|mm|l|litros?|litres?|kilo\w*|%|metros?|metres?|grados?|degrees?")
_SUBJECT = re.compile(
    r"^(?P<who>.{2,80}?)\s+(?P<verb>(?:no\s+)?(?:debe|puede|podr|deber|tiene|es\b|son\b|est[áa]|va\b|cumpl|admite|must|"
    r"shall|should|may\b|can\b|cannot|has\b|have\b|is\b|are\b|satisf|meets?\b|consists|se\s).*)",
    re.IGNORECASE,
)
# "with a notice of", "can be reserved for": what comes before the figure.
_WITH = re.compile(
    r"\b(?:con|with)\s+(?:(?:una?|an?)\s+)?(?P<what>[^\W\d_]+(?: [^\W\d_]+)?)\s+(?:de|of)\s*$", re.IGNORECASE
)
_DONE = re.compile(
    r"\b(?:can|may|must|puede[n]?|debe[n]?)\s+(?:be|ser)\s+(?P<what>[^\W\d_]+\s+(?:for|in|within|por|en|durante))\s*$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Bound:
    """A limit: its side, its value in `unit`, whether the value itself is allowed, and where it is written."""

    side: _Side
    value: Decimal
    unit: str
    inside: bool = True
    at: int = 0

    @property
    def within(self) -> tuple[Decimal, str]:
        """The last value that is allowed."""
        return (self.value, self.unit) if self.inside else self._moved(1)

    @property
    def beyond(self) -> tuple[Decimal, str]:
        """The first one that is not."""
        return self._moved(-1) if self.inside else (self.value, self.unit)

    def _moved(self, way: int) -> tuple[Decimal, str]:
        plain = fold(self.unit)
        way = way if self.side == "low" else -way
        if _HOURS.fullmatch(plain):
            return self.value * 60 + way, "minutos" if plain.startswith("hora") else "minutes"
        if self.value != self.value.to_integral_value():
            exponent = self.value.as_tuple().exponent
            return self.value + way * Decimal(1).scaleb(exponent if isinstance(exponent, int) else 0), self.unit
        step = "0.01" if _CENTS.fullmatch(plain) else "0.1" if _TENTHS.fullmatch(plain) else "1"
        return self.value + way * Decimal(step), self.unit


def bounds(text: str, language: Language) -> list[Bound]:
    """The limits that a sentence sets, in its order."""
    plain = fold(text)
    found: list[Bound] = []
    taken: list[range] = []

    def unit(match: re.Match[str], name: str) -> str:
        word = text[match.start(name) : match.end(name)] if match[name] else ""
        return "" if fold(word) in _NO_UNIT else word

    for match in _BETWEEN.finditer(plain):
        low, high = number(match["low"], language), number(match["high"], language)
        if low < high:
            last = unit(match, "unit")
            found.append(Bound("low", low, unit(match, "u") or last, at=match.start()))
            found.append(Bound("high", high, last, at=match.start()))
            taken.append(range(match.start(), match.end()))
    for side, inside, pattern in _SINGLE:
        for match in pattern.finditer(plain):
            if any(match.start("value") in one for one in taken):
                continue
            value = _WORDS.get(match["value"])
            amount = Decimal(value) if value is not None else number(match["value"], language)
            found.append(Bound(side, amount, unit(match, "unit"), inside, match.start()))
            taken.append(range(match.start(), match.end()))
            if also := _ALSO.match(plain, match.end()):
                found.append(Bound(side, number(also["value"], language), unit(also, "unit"), inside, also.start()))
    return sorted(found, key=lambda one: one.at)


def subject(text: str, at: int | None = None) -> str:
    """What a sentence limits: the words before its verb, or before its colon; `at`: where the figure is."""
    head, colon, _ = text.partition(":")
    if colon and len(head.split()) <= 5:
        return head.strip()
    found = _SUBJECT.match(text)
    if not found:
        return ""
    who = found["who"].strip()
    before = text[: at or 0]
    done, owned = _DONE.search(before), _WITH.search(before)
    if done:
        return f"{who} {done['what']}"
    return f"{who} {owned.group(0).strip()}" if owned else who
