"""Numbers, names and small arithmetic as a comparison's other side or as a price."""

from dataclasses import dataclass
from decimal import Decimal

from arraigo.apps.testplans.generator.lexicon import ARTICLES, FILLERS
from arraigo.apps.testplans.generator.model import VALUE, Binary, Const, Expression, Ref
from arraigo.apps.testplans.generator.understand.names import Mention
from arraigo.apps.testplans.generator.words import Token, stem

_TIMES = {
    **dict.fromkeys(["twice", "double", "doble"], Decimal(2)),
    **dict.fromkeys(["half", "mitad", "medio", "media"], Decimal("0.5")),
    **dict.fromkeys(["triple", "thrice"], Decimal(3)),
}
_MORE = frozenset("above over more higher encima mas superior".split())
_LESS = frozenset("below under less lower debajo menos inferior".split())
PRICES = frozenset(stem(word) for word in "price precio cost costo".split())
_COUNT = frozenset(["number", "numero", "cantidad"])
_HOURS = {"second": Decimal(1), "minute": Decimal(60), "hour": Decimal(3600), "day": Decimal(86400)}
_MASS = {"g": Decimal(1), "kg": Decimal(1000)}
_LONG = {"cm": Decimal(1), "metre": Decimal(100), "km": Decimal(100_000)}
_SPAN = {"month": Decimal(1), "year": Decimal(12)}


@dataclass(frozen=True, slots=True)
class Operand:
    """An expression that ends before token `end`."""

    expression: Expression
    end: int
    unit: str = ""


def convert(value: Decimal, unit: str, to: str) -> Decimal:
    """The same quantity in another unit of its kind; as it is where there is no way."""
    for family in (_HOURS, _MASS, _LONG, _SPAN):
        if unit in family and to in family:
            return value * family[unit] / family[to]
    if {unit, to} == {"day", "week"}:
        return value * 7 if unit == "week" else value / 7
    return value


def convertible(unit: str, to: str) -> bool:
    """Whether one unit can be told in the other."""
    return unit == to or any(unit in family and to in family for family in (_HOURS, _MASS, _LONG, _SPAN))


def mentioned(mentions: list[Mention], i: int, *sorts: str) -> Mention | None:
    """The mention that begins at token `i`, of one of these sorts."""
    return next((m for m in mentions if m.start == i and m.sort in sorts), None)


def skip(tokens: list[Token], i: int, extra: frozenset[str] = frozenset()) -> int:
    """The first token from `i` on that is not an article or a filler."""
    while i < len(tokens) and (tokens[i].text in FILLERS or tokens[i].text in ARTICLES or tokens[i].text in extra):
        i += 1
    return i


def operand(tokens: list[Token], i: int, mentions: list[Mention]) -> Operand | None:
    """What stands at `i`: 30 % of the income, twice the price, the limit, 5, 08:00."""
    i = skip(tokens, i, frozenset({"que", "a", "than", "to"}))
    if i + 1 < len(tokens) and tokens[i].text in _COUNT and tokens[i + 1].text in {"of", "de"}:
        i = skip(tokens, i + 1)
    if (
        i + 1 < len(tokens)
        and tokens[i].text in {"day", "dia", "month", "mes", "hour", "hora", "minute", "minuto"}
        and tokens[i + 1].kind == "number"
    ):
        i += 1
    if i >= len(tokens):
        return None
    token = tokens[i]
    if token.kind in {"time", "date"}:
        return Operand(Const(token.raw), i + 1)
    if token.text in _TIMES:
        after = skip(tokens, i + 1)
        if named := mentioned(mentions, after, "field", "quantity"):
            return Operand(Binary("*", Const(_TIMES[token.text]), Ref(named.name)), named.end)
        return None
    if token.kind == "number" and token.value is not None:
        return _counted(tokens, i, token.value, mentions)
    named = mentioned(mentions, i, "field", "quantity")
    if named is None and token.stem in PRICES and i and tokens[i - 1].text in {"its", "su", "the", "el", "del"}:
        return Operand(Ref(VALUE), i + 1)
    if named is None:
        return None
    return Operand(Ref(named.name), named.end)


def _beyond(tokens: list[Token], i: int, value: Decimal, mentions: list[Mention]) -> Operand | None:
    """For "20 % above it", "10 % menos que el precio": so much more or less than a quantity."""
    plain = [token.text for token in tokens]
    sign = 1 if plain[i : i + 1] and plain[i] in _MORE else -1 if plain[i : i + 1] and plain[i] in _LESS else 0
    if not sign:
        return None
    place = skip(tokens, i + 1, frozenset({"than", "que", "a"}))
    named = mentioned(mentions, place, "field", "quantity")
    end = named.end if named is not None else place + 1
    if named is None and plain[place : place + 1] in (["it"], ["that"], ["ella"], ["ello"], ["este"], ["esta"]):
        named = next((m for m in reversed(mentions) if m.end <= i and m.sort == "quantity"), None)
    share = (100 + sign * value) / 100
    return None if named is None else Operand(Binary("*", Const(share), Ref(named.name)), end)


def _counted(tokens: list[Token], i: int, value: Decimal, mentions: list[Mention]) -> Operand:
    unit = tokens[i].unit
    after = i + 1
    if unit == "%" and (beyond := _beyond(tokens, after, value, mentions)) is not None:
        return beyond
    if unit == "%" or (after < len(tokens) and tokens[after].text in {"times", "veces"}):
        share = value / 100 if unit == "%" else value
        start = skip(tokens, after + (0 if unit == "%" else 1))
        if start > after or unit != "%":
            named = mentioned(mentions, start, "field", "quantity")
            if named is not None:
                return Operand(Binary("*", Const(share), Ref(named.name)), named.end)
    return Operand(Const(value), after, unit)
