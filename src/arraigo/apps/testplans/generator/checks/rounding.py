"""Totals that show how something is rounded, and what they come to."""

import re
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal

from arraigo.apps.testplans.generator.words import number
from arraigo.apps.testplans.plan import Language

_ROUND = re.compile(
    r"\b(?:redonde|round)\w*\b.*?(?:m[úu]ltiplos? de|multiples? of|to the nearest|to|a|cada) "
    r"(?P<unit>\d(?:[\d.,]*\d)?)",
    re.IGNORECASE,
)
_UP = re.compile(r"hacia arriba|por exceso|\bup\b", re.IGNORECASE)
_DOWN = re.compile(r"hacia abajo|por defecto|\bdown\b", re.IGNORECASE)
_HALF_UP = re.compile(r"half up|(?:mitad|medio|media)[^,.]{0,20} hacia arriba|medio.* arriba", re.IGNORECASE)


def rounded(text: str, language: Language) -> tuple[list[Decimal], list[Decimal]] | None:
    """Values before and after; None where the text does not say to which unit. A half only where it is decided."""
    found = _ROUND.search(text)
    if not found or (unit := number(found["unit"], language)) <= 0:
        return None
    half_up = bool(_HALF_UP.search(text))
    how = ROUND_HALF_UP
    if not half_up and _UP.search(text):
        how = ROUND_CEILING
    elif not half_up and _DOWN.search(text):
        how = ROUND_FLOOR
    base, part, half = unit * 20, unit / 10, unit / 2
    exact = [base, base + part, base + half - part, base + half + part, base + unit - part]
    if half_up or how != ROUND_HALF_UP:
        exact.insert(3, base + half)
    return exact, [(value / unit).to_integral_value(rounding=how) * unit for value in exact]
