"""Plausible texts by a field's name, and texts of a given shape or length."""

import itertools
import re
from collections.abc import Callable

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


def sample(name: str, shapes: list[Shape], lengths: list[int]) -> str:
    """A text that is right for a field."""
    if shapes:
        return shaped(shapes[0].pattern)
    text = plausible(name) or "A-100"
    if lengths:
        low, high = min(lengths), max(lengths)
        return of_length(text, min(max(len(text), low + (high > low)), high))
    return text


def plausible(name: str) -> str:
    """A text that anybody would enter in a field of this name; empty: nobody knows."""
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


_PIECE = re.compile(r"(\[[^\]]+\]|\\.|[^\\\[{])(?:\{(\d+)(?:,(\d+))?\})?")


def _pieces(pattern: str) -> list[tuple[str, int, int]]:
    """The characters that may stand in each place of a form, and how often at least and at most."""
    made: list[tuple[str, int, int]] = []
    for match in _PIECE.finditer(pattern):
        one, least, most = match.groups()
        chars = _characters(one[1:-1]) if one.startswith("[") else one[-1]
        made.append((chars, int(least or 1), int(most or least or 1)))
    return made


def _characters(inside: str) -> str:
    """All characters of a class: "A-C", "A-Za-z0-9", "ABC"."""
    found = re.sub(r"(.)-(.)", lambda m: "".join(chr(c) for c in range(ord(m.group(1)), ord(m.group(2)) + 1)), inside)
    return found[1:] + found[0] if found.startswith("0") else found


def shaped(pattern: str) -> str:
    """A text of a form: classes and characters, each with a count."""
    if "@" in pattern:
        return "ana.ruiz@example.com"
    return "".join((chars * count)[:count] for chars, count, _ in _pieces(pattern))


def misshaped(pattern: str) -> list[tuple[str, str]]:
    """Texts that each break a form in one way, with the way."""
    right = shaped(pattern)
    if "@" in pattern:
        wrong = [("ana.ruizexample.com", "@"), ("@example.com", "name"), ("ana.ruiz@example", "domain")]
        return [*wrong, ("ana.ruiz@", "domain"), ("ana ruiz@example.com", "blank"), ("ana@ruiz@example.com", "@")]
    wrong = [(right[:-1], "short"), (right + right[-1], "long")]
    place = 0
    for chars, count, most in _pieces(pattern):
        for other in _others(chars):
            wrong.append((right[:place] + other + right[place + 1 :], "kind"))
        if count < most:
            filled = (chars * (most + 1))[: most + 1]
            wrong.append((right[:place] + filled + right[place + count :], "long"))
        place += count
    return [(text, way) for text, way in dict.fromkeys(wrong) if not re.fullmatch(pattern, text)]


def _others(chars: str) -> list[str]:
    """Characters that may not stand where these may: of another kind, and the neighbours of a narrow class."""
    if len(chars) == 1 and not chars.isalnum():
        return ["", "/" if chars != "/" else "-"]
    ends = sorted(c for c in chars if c.isalnum())
    near = [chr(ord(ends[0]) - 1), chr(ord(ends[-1]) + 1)] if ends and len(ends) < _WIDE else []
    other = ["7"] if not any(c.isdigit() for c in chars) else ["X"] if not any(c.isalpha() for c in chars) else ["#"]
    lower = [ends[0].lower()] if ends and all(c.isupper() for c in ends) else []
    return [c for c in [*other, *[n for n in near if n.isalnum()], *lower] if c not in chars]


_WIDE = 10  # a class of so many characters has no neighbours worth trying


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
