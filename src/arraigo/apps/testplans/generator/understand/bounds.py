"""Bounds that end a sentence about a price: "up to a maximum of 90", "but never below 50"."""

from decimal import Decimal

from arraigo.apps.testplans.generator.lexicon import at
from arraigo.apps.testplans.generator.model import Const, Expression
from arraigo.apps.testplans.generator.understand.clauses import words
from arraigo.apps.testplans.generator.words import Token


def _phrases(text: str) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(phrase.split()) for phrase in text.split("|"))


_MOST = _phrases(
    "up to a maximum of|to a maximum of|with a maximum of|capped at|but never more than|"
    "but no more than|but not more than|and never more than|never more than|"
    "with a cap of|hasta un maximo de|con un maximo de|con un tope de|pero nunca mas de|"
    "sin superar|sin exceder|sin pasar de|nunca mas de|at most|"
    "pero no mas de|without exceeding|maximo|y como maximo|como maximo|to at most|"
    "up to at most|limited to|never exceeding"
)
_LEAST = _phrases(
    "but never below|never below|but never less than|but not less than|but no less than|"
    "never less than|with a minimum of|pero nunca menos de|con un minimo de|"
    "nunca menos de|pero nunca por debajo de|but at least|pero al menos|pero como minimo|"
    "sin bajar de|y como minimo|at least|minimo|and at least"
)


def split(main: list[Token]) -> list[list[Token]]:
    """The clause, and each bound after it (with its words)."""
    plain = words(main)
    places = [
        i
        for i in range(2, len(main))
        if (size := max(at(plain, i, _MOST), at(plain, i, _LEAST)))
        and (size > 2 or plain[i - 1] in {",", "but", "pero", "y", "and", "("})
        and any(token.kind == "number" for token in main[:i])
    ]
    if not places:
        return [main]
    ends = [*places[1:], len(main)]
    return [_trim(main[: places[0]]), *[main[start:end] for start, end in zip(places, ends, strict=True)]]


def read(piece: list[Token]) -> tuple[str, Expression] | None:
    """`least` or `most`, and the bound."""
    plain = words(piece)
    figures = [token.value for token in piece if token.kind == "number" and token.value is not None]
    if len(figures) != 1 or not isinstance(figures[0], Decimal):
        return None
    return ("most" if at(plain, 0, _MOST) >= at(plain, 0, _LEAST) else "least"), Const(figures[0])


def _trim(tokens: list[Token]) -> list[Token]:
    while tokens and tokens[-1].text in {",", "but", "pero", "y", "and", "("}:
        tokens = tokens[:-1]
    return tokens
