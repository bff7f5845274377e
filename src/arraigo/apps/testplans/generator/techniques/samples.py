"""Plausible texts by a field's name, and texts of a given shape or length."""

import itertools
import re
from collections.abc import Callable
from functools import lru_cache
from re import _constants as constant
from re import _parser as parser
from typing import Any

from arraigo.apps.testplans.generator.creators import parts
from arraigo.apps.testplans.generator.model import Shape
from arraigo.apps.testplans.generator.synonyms import alike
from arraigo.apps.testplans.generator.words import fold, stem

_SAMPLES = {
    "email": "ana.ruiz@example.com",
    "phone": "3000000000",
    "address": "Calle 10 # 5-20",
    "city": "Medellín",
    "password": "Clave2026x",
    "plate": "ABC123",
    "date": "2026-03-16",
    "hour": "10:00",
    "surname": "Ruiz",
    "name": "Ana Ruiz",
    "title": "Informe",
    "description": "Texto de prueba",
    "comment": "Texto de prueba",
    "id": "A-100",
}
_EMAIL = "ana.ruiz@example.com"
_CHARACTERS = "1234567890ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_ .@#áñ"
_MOST = 3  # how often something that may be repeated without end is repeated


def sample(name: str, shapes: list[Shape], lengths: list[int]) -> str:
    """A text that is right for a field."""
    if shapes:
        return shaped(shapes[0].pattern)
    text = familiar(name) or "A-100"
    if lengths:
        low, high = min(lengths), max(lengths)
        return of_length(text, min(max(len(text), low + (high > low)), high))
    return text


@lru_cache(1000)
def familiar(name: str) -> str:
    """A text for fields whose name says what they hold; empty: it does not."""
    return next(
        (
            text
            for word, text in _SAMPLES.items()
            if any(alike(stem(part), stem(fold(word))) >= 0.8 for part in parts(name))
        ),
        "",
    )


def of_length(text: str, size: int) -> str:
    """The text cut or drawn out to a length."""
    body = re.sub(r"[^A-Za-z0-9]", "", text) or "A"
    return (body * (size // len(body) + 1))[:size] if size else ""


def shaped(pattern: str, turn: int = 0) -> str:
    """A text of a pattern; with another `turn` another one where there are several."""
    if re.fullmatch(pattern, _EMAIL):
        return _EMAIL
    return "".join(_drawn(parser.parse(pattern), [turn, 0]))


def _drawn(tree: Any, turn: list[int]) -> list[str]:
    made: list[str] = []
    for op, given in tree:
        if op is constant.LITERAL:
            made.append(chr(given))
        elif op is constant.SUBPATTERN:
            made += _drawn(given[3], turn)
        elif op is constant.BRANCH:
            made += _drawn(given[1][turn[0] % len(given[1])], turn)
        elif op in {constant.MAX_REPEAT, constant.MIN_REPEAT}:
            low, high, inner = given
            for _ in range(max(low, min(_MOST, high) if low == 0 else low)):
                made += _drawn(inner, turn)
        elif op in {constant.IN, constant.ANY, constant.NOT_LITERAL, constant.CATEGORY}:
            fitting = [char for char in _CHARACTERS if _takes(op, given, char)]
            made.append(fitting[sum(turn) % min(10, len(fitting))] if fitting else "")
            turn[1] += 1
    return made


def _takes(op: Any, given: Any, char: str) -> bool:
    if op is constant.ANY:
        return True
    if op is constant.NOT_LITERAL:
        return bool(ord(char) != given)
    found = False
    negated = False
    for kind, what in given if op is constant.IN else [(op, given)]:
        if kind is constant.NEGATE:
            negated = True
        elif kind is constant.LITERAL:
            found = found or ord(char) == what
        elif kind is constant.RANGE:
            found = found or what[0] <= ord(char) <= what[1]
        elif kind is constant.CATEGORY:
            by = {constant.CATEGORY_DIGIT: r"\d", constant.CATEGORY_WORD: r"\w", constant.CATEGORY_SPACE: r"\s"}
            found = found or (what in by and re.fullmatch(by[what], char) is not None)
    return found is not negated


def misshaped(pattern: str) -> list[str]:
    """Texts that each break a shape in one way."""
    right = shaped(pattern)
    if "@" in pattern:
        wrong = ["ana.ruizexample.com", "ana.ruiz@", "@example.com", "ana.ruiz@example", "ana ruiz@example.com"]
        return [text for text in wrong if not re.fullmatch(pattern, text)]
    wrong = [right[:-1], right + right[-1:], right[1:]]
    kinds: set[tuple[str, bool]] = set()
    for i, char in enumerate(right):
        other = "X" if char.isdigit() else "7"
        for new, edge in ((other, i in {0, len(right) - 1}), ("X" if char == "-" else char.lower(), False)):
            if new != char and ((new + char.isdigit().__repr__()), edge) not in kinds:
                kinds.add(((new + char.isdigit().__repr__()), edge))
                wrong.append(right[:i] + new + right[i + 1 :])
    if "-" in right:
        wrong.append(right.replace("-", ""))
    return [text for text in dict.fromkeys(wrong) if text and not re.fullmatch(pattern, text)]


def renumbered(text: str, right: Callable[[str], bool]) -> list[str]:
    """A text with the last digits changed so that it is right, and one that is not: for check digits."""
    places = [i for i, char in enumerate(text) if char.isdigit()][-3:]
    good = bad = ""
    for digits in itertools.product("0123456789", repeat=len(places)):
        chars = list(text)
        for place, digit in zip(places, digits, strict=True):
            chars[place] = digit
        tried = "".join(chars)
        if right(tried):
            good = good or tried
        else:
            bad = bad or tried
        if good and bad:
            break
    return [one for one in (good, bad) if one]
