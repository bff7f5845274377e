"""Rounding and bounds in words: "rounded up to the next multiple of 50", "never more than 40", "con un mínimo de 5"."""

import re
from decimal import Decimal
from typing import Literal

from arraigo.apps.testplans.generator.lexicon import at, has
from arraigo.apps.testplans.generator.understand.clauses import words
from arraigo.apps.testplans.generator.words import Token

How = Literal["near", "up", "down"]


def phrases(*lines: str) -> tuple[tuple[str, ...], ...]:
    """Alternatives between bars, as tuples of words."""
    return tuple(tuple(phrase.split()) for line in lines for phrase in line.split("|"))


_ROUNDS = re.compile(r"(?:round|redond|trunc|aproxim)\w*")
_TO = phrases("to the cent|al centavo|to the nearest cent|to whole cents|a centavos|al centimo|al peso")
_UP = phrases("up|upward|upwards|hacia arriba|por exceso|al alza|arriba|next|siguiente|superior")
_DOWN = phrases(
    "down|downward|downwards|hacia abajo|por defecto|a la baja|abajo|truncated|trunca|truncado|truncando|inferior"
)
_HALF = phrases(
    "half up|halves up|half a cent up|half cents up|0.5 up|medio hacia arriba|medio peso hacia arriba|"
    "mitad hacia arriba"
)
_UNITS = {
    **dict.fromkeys("cent cents centavo centavos centimo centimos penny".split(), "0.01"),
    **dict.fromkeys("decena decenas ten tens".split(), "10"),
    **dict.fromkeys("centena centenas hundred hundreds".split(), "100"),
    **dict.fromkeys("millar miles mil thousand thousands".split(), "1000"),
    **dict.fromkeys("decimo decima decimas tenth tenths".split(), "0.1"),
    **dict.fromkeys(
        (
            "whole entero entera enteros enteras integer unidad unidades unit units peso pesos euro euros dollar "
            "dollars pound pounds full completo completa completos completas"
        ).split(),
        "1",
    ),
}
_MOST = phrases(
    "up to a maximum of|to a maximum of|with a maximum of|capped at|is capped at|never more than|no more than|"
    "not more than|with a cap of|hasta un maximo de|con un maximo de|con un tope de|con tope de|nunca mas de|"
    "no mas de|sin superar|sin exceder|sin pasar de|sin que supere|at most|maximo|como maximo|maximum|up to at most|"
    "to at most|limited to|never exceeding|without exceeding|never exceeds|never exceed|does not exceed|"
    "may not exceed|not exceed|nunca es mayor que|nunca es mayor de|nunca supera|no supera|no puede superar|"
    "nunca excede|no excede|no puede exceder|is at most|es como maximo|never be more than|never is more than|"
    "is never more than|is never higher than|never above|never higher than|nunca por encima de|no pasa de|"
    "nunca pasa de|no puede ser superior a|no puede ser mayor que|no puede ser mayor de|cannot be more than|"
    "cannot exceed|may not be more than|nunca se cobran mas de|nunca se cobra mas de|"
    "nunca sera mayor que|nunca sera mayor de|tope de|un tope de|cap of|a cap of|hasta|up to"
)
_LEAST = phrases(
    "never below|never less than|not less than|no less than|with a minimum of|nunca menos de|con un minimo de|"
    "nunca por debajo de|at least|al menos|como minimo|sin bajar de|minimo|minimum|is at least|nunca baja de|"
    "no puede ser inferior a|no puede ser menor que|no puede ser menor de|cannot be less than|"
    "may not be less than|nunca es menor que|nunca es menor de|never lower than|is never less than|"
    "is never lower than|"
    "is never below|never falls below|no baja de|no puede bajar de|never be less than|minimo de|"
    "minimum of|a minimum of"
)
_LOOSE = phrases("hasta|up to|maximo|minimo|maximum|minimum|at least|at most|al menos|como maximo|como minimo")


def rounding(tokens: list[Token]) -> tuple[How, Decimal, int] | None:
    """How a clause says that a result is rounded, to a multiple of what, and at which token that begins."""
    plain = words(tokens)
    start = next((i for i, word in enumerate(plain) if _ROUNDS.fullmatch(word)), None)
    if start is None:
        bare = next((i for i in range(len(plain)) if at(plain, i, _TO)), None)
        return None if bare is None else ("near", _unit(tokens, bare) or Decimal("0.01"), bare)
    after = plain[start:]
    half = has(after, _HALF)
    how: How = "near"
    if not half:
        how = "down" if has(after, _DOWN) or plain[start].startswith("trunc") else "up" if has(after, _UP) else "near"
    unit = _unit(tokens, start)
    if unit is None and how == "near":
        return None
    while start and (plain[start - 1] in {"is", "are", "se", "y", "and", "es", ",", "(", "always", "siempre", "then"}):
        start -= 1
    return how, unit or Decimal(1), start


def _unit(tokens: list[Token], start: int) -> Decimal | None:
    for i in range(start, len(tokens)):
        token = tokens[i]
        following = tokens[i + 1].text if i + 1 < len(tokens) else ""
        if token.kind == "number" and token.value:
            if following.startswith(("decimal", "cifra", "place")) or token.unit == "digit":
                return Decimal(1).scaleb(-int(token.value))
            if token.unit == "%":
                continue
            return token.value if token.value > 0 else None
        if token.text in _UNITS:
            return Decimal(_UNITS[token.text])
    return None


def bounds(tokens: list[Token]) -> tuple[list[Token], list[tuple[str, list[Token]]]]:
    """A clause without the bounds that it ends with; each bound as `most` or `least` with the words of its figure."""
    plain = words(tokens)
    cuts: list[tuple[int, int, str]] = []
    for i in range(1, len(tokens)):
        most, least = at(plain, i, _MOST), at(plain, i, _LEAST)
        size = max(most, least)
        if not size or (cuts and i < cuts[-1][1]) or i + size >= len(tokens):
            continue
        loose = at(plain, i, _LOOSE) == size
        marked = plain[i - 1] in {",", "but", "pero", "y", "and", "(", ";"}
        priced = any(token.kind == "number" for token in tokens[:i])
        after = next((k for k in range(i + size, len(tokens)) if tokens[k].kind == "number"), len(tokens) - 1) + 1
        if loose and (not (marked and priced) or (after < len(tokens) and plain[after] == ":")):
            continue
        follow = tokens[i + size : i + size + 4]
        if any(token.kind == "number" for token in follow) or (not loose and priced):
            cuts.append((i, i + size, "most" if most >= least else "least"))
    if not cuts:
        return tokens, []
    ends = [*[start for start, _, _ in cuts[1:]], len(tokens)]
    found = [(kind, tokens[after:end]) for (_, after, kind), end in zip(cuts, ends, strict=True)]
    return trimmed(tokens[: cuts[0][0]]), found


_ENDS = {",", "but", "pero", "y", "and", "(", "is", "are", "es", "se", "then", "which", "que", ":", ")", ";"}


def trimmed(tokens: list[Token]) -> list[Token]:
    """Without the small words that a cut leaves at the end."""
    while tokens and tokens[-1].text in _ENDS:
        tokens = tokens[:-1]
    return tokens
