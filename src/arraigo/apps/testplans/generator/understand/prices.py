"""What a main clause computes: a price set, raised, lowered, bounded, rounded, per unit, free."""

import itertools
from decimal import Decimal

from arraigo.apps.testplans.generator.lexicon import (
    AFTERWARDS,
    BEYOND,
    DOUBLED,
    EACH,
    FIRST,
    FREE,
    HALVED,
    LOWER,
    NOT,
    RAISE,
    ROUND,
    STARTED,
    WHOLE_ONLY,
    at,
    has,
)
from arraigo.apps.testplans.generator.model import (
    Binary,
    Compare,
    Condition,
    Const,
    Every,
    Expression,
    Ref,
    Rounded,
)
from arraigo.apps.testplans.generator.understand.clauses import words
from arraigo.apps.testplans.generator.understand.conditions import Conditions, Reading
from arraigo.apps.testplans.generator.understand.names import Mention
from arraigo.apps.testplans.generator.understand.operands import convert, mentioned, skip
from arraigo.apps.testplans.generator.words import Token, stem, unit_of

MONEY_WORDS = {
    stem(word)
    for word in (
        "price cost costs fee rate tariff charge charged fare fine penalty premium total amount payment "
        "surcharge discount deposit commission tax points bonus refund rent toll reward credit precio costo "
        "coste tarifa cargo cobra cobro multa prima total importe recargo descuento comision impuesto iva "
        "puntos bono reembolso alquiler peaje valor tasa interes interest paga pagar cuesta pays costs "
        "instalment cuota subtotal bill factura invoice subsidio copago copay score puntaje"
    ).split()
}
_NUMBERS = {
    "cent": "0.01",
    "cents": "0.01",
    "centavo": "0.01",
    "centavos": "0.01",
    "centimo": "0.01",
    "centimos": "0.01",
}


def rounding(main: list[Token]) -> tuple[str, Decimal] | None:
    """How a clause says that a result is rounded: near, up or down, and to a multiple of what."""
    plain = words(main)
    if not (
        has(plain, ROUND["near"]) or "redondeo" in plain or has(plain, ROUND["up"][:4]) or has(plain, ROUND["down"][:6])
    ):
        return None
    how = "up" if has(plain, ROUND["up"]) else "down" if has(plain, ROUND["down"]) else "near"
    for i, token in enumerate(main):
        following = main[i + 1].text if i + 1 < len(main) else ""
        if token.kind == "number" and token.value is not None:
            if following.startswith(("decimal", "digit", "cifra", "place")) or token.unit == "digit":
                return how, Decimal(1).scaleb(-int(token.value))
            if (
                token.value > 0
                and token.unit != "%"
                and not following.startswith(("up", "half"))
                and token.value != Decimal("0.5")
            ):
                return how, token.value
        if token.text in _NUMBERS:
            return how, Decimal(_NUMBERS[token.text])
    if "decena" in plain:
        return how, Decimal(10)
    if {"centena", "hundred"} & set(plain):
        return how, Decimal(100)
    if {"peso", "sol"} & set(plain):
        return how, Decimal(1)
    if any(word.startswith(("whole", "integer", "enter", "unidad")) or unit_of(word) == "$" for word in plain):
        return how, Decimal(1)
    return None


_HEADS = {
    stem(w)
    for w in (
        "person persona ticket entrada unit unidad guest visitor item articulo producto product pieza piece asistente"
    ).split()
}
_EXTRAS = {stem(w) for w in ["insurance", "seguro", "supplement", "suplemento", "contribucion", "contribution"]}
GENERIC = {
    stem(w)
    for w in (
        "cost costs charge charged pay pays price total amount payment valor precio costo coste cobra cuesta "
        "paga pagar importe"
    ).split()
}


def noun(main: list[Token]) -> str:
    """What a clause calls what it computes: fare, deposit; nothing where it only says cost, price, pay."""
    own = [token.stem for token in main if token.stem in MONEY_WORDS and token.stem not in GENERIC]
    return own[0] if own else ""


def pieces(main: list[Token], reading: Reading) -> list[list[Token]]:
    """A clause with several prices, cut at the commas and ands between them."""
    priced = [i for i in reading.loose if main[i].unit in {"$", "%"}]
    if len(priced) < len(reading.loose) == len(reading.atoms) >= 2:  # "water costs 80, cola 120 and snack 150"
        starts = [atom.start for atom in reading.atoms]
        if all(start < place for start, place in zip(starts, reading.loose, strict=True)) and starts[0] <= 2:
            verb = [token for token in main if token.stem in MONEY_WORDS][:1]
            cut = [main[a:b] for a, b in zip(starts, [*starts[1:], len(main)], strict=True)]
            return [part if any(t.stem in MONEY_WORDS for t in part) else [part[0], *verb, *part[1:]] for part in cut]
    if len(priced) < 2:
        return [main]
    cuts = []
    for one, other in itertools.pairwise(priced):
        between = [
            i for i in range(one + 1, other) if main[i].text in {",", "and", "y", "while", "mientras", "but", "pero"}
        ]
        if not between:
            return [main]
        cuts.append(between[0])
    starts = [0, *[cut + 1 for cut in cuts]]
    return [main[start:end] for start, end in zip(starts, [*cuts, len(main)], strict=True)]


def each_of(main: list[Token]) -> list[Token]:
    """The words "every started hour" of a clause, for its other half."""
    start = next((i for i, token in enumerate(main) if token.text in {"each", "every", "cada"}), None)
    return [] if start is None else main[start : start + 3]


def on_top(main: list[Token]) -> bool:
    """Whether a price comes on top: "a cleaning fee of 15", "se cobra un seguro"."""
    plain = words(main)
    return any(
        plain[i] in {"a", "an", "un", "una"} and {token.stem for token in main[i + 1 : i + 4]} & (MONEY_WORDS | _EXTRAS)
        for i in range(len(main))
        if any(main[k].kind == "number" for k in range(i, min(i + 6, len(main))))
    )


class Prices:
    """Reads the computing part of main clauses; remembers the last upper limit per field for "each additional"."""

    def __init__(self, conditions: Conditions) -> None:
        self.conditions = conditions
        self.upper: dict[str, Decimal] = {}
        self.free: set[str] = set()  # fields whose first units are free
        self.told: list[str] = []  # the words of the requirement
        self.carried = ""  # how the sentence before changed the price, where this one goes on

    def effect(self, main: list[Token], reading: Reading, fields: tuple[str, ...]) -> tuple[str, Expression] | None:
        """`how` and `by` of the one change that a clause states; None where it states none or more than one."""
        plain = words(main)
        for atom in reading.atoms:
            plain[atom.start : atom.end] = ["\0"] * (atom.end - atom.start)
        mentions = self.conditions.names.mentions(main, fields)
        loose = [i for i in reading.loose if main[i].value is not None]
        counted = {
            k for k in loose if any(at(plain, j, EACH) == k - j for j in range(max(0, k - 3), k)) and len(loose) > 1
        }
        loose = [i for i in loose if i not in counted and (not i or main[i - 1].text not in FIRST)]
        priced = [i for i in loose if main[i].unit in {"$", "%"}] or [
            i for i in loose if not main[i].unit or self._each(main, plain, i + 1, mentions, fields)
        ]
        if not priced and not self.carried:
            priced = []
        elif not priced:
            priced = [i for i in loose if not main[i].unit]
        if set(plain) & NOT and not priced and (lowers := has(plain, LOWER)) and not has(plain, FREE):
            del lowers
            return None
        if not priced:
            if has(plain, HALVED):
                return "lower", Const(Decimal(50))
            if has(plain, DOUBLED):
                return "raise", Const(Decimal(100))
            return ("set", Const(Decimal(0))) if has(plain, FREE) else None
        if has(plain, FREE) and not any(main[i].unit in {"$", "%"} for i in priced):
            return "set", Const(Decimal(0))
        if has(plain, HALVED):
            return "lower", Const(Decimal(50))
        i = priced[0]
        value, unit = main[i].value, main[i].unit
        lower, higher = has(plain, LOWER), has(plain, RAISE)
        if value is None:
            return None
        if unit == "%":
            return self._share(main, i, value, mentions, lower=lower, higher=higher)
        if not ({token.stem for token in main} & MONEY_WORDS or unit == "$" or lower or higher or self.carried):
            return None
        each = self._each(main, plain, i + 1, mentions, fields)
        if each is not None:
            expression, beyond = each
            by: Expression = Binary("*", Const(value), expression)
            over = beyond and not any(name in repr(expression) for name in self.free)
            return ("cut" if lower and not higher else "add" if over or higher else "set"), by
        if lower and not higher:
            return "cut", Const(value)
        return ("add" if higher else "set"), Const(value)

    def _share(
        self, main: list[Token], i: int, value: Decimal, mentions: list[Mention], *, lower: bool, higher: bool
    ) -> tuple[str, Expression] | None:
        after = skip(main, i + 1)
        base = mentioned(mentions, after, "field", "quantity") if after > i + 1 or after == i + 1 else None
        if base is not None and after > i + 1:
            by: Expression = Binary("*", Const(value / 100), Ref(base.name))
            if base.sort == "quantity":
                return ("lower" if lower else "raise" if higher else "set"), (Const(value) if lower or higher else by)
            return ("cut" if lower else "add" if higher else "set"), by
        if lower == higher:
            if not lower and self.carried in {"lower", "raise"}:
                return self.carried, Const(value)
            told = {"porcentaje", "percentage", "percent"} & set(self.told)
            return ("set", Const(value if told else value / 100)) if not lower else None
        return ("lower" if lower else "raise"), Const(value)

    def _each(
        self, main: list[Token], plain: list[str], i: int, mentions: list[Mention], fields: tuple[str, ...]
    ) -> tuple[Expression, bool] | None:
        """For "per additional kg or fraction": what the number is multiplied by, and whether beyond a limit."""
        start = next((k for k in range(i, len(main)) if at(plain, k, EACH)), None)
        if start is None:
            start = next((k for k in range(min(i, len(main))) if plain[k] in {"each", "every", "cada"}), None)
            if start is None:
                return None
        start += at(plain, start, EACH)
        for k in range(start, min(start + 4, len(main))):
            unit = unit_of(plain[k]) if main[k].kind == "word" else ""
            step = Decimal(1)
            name = self.conditions.by_unit(unit, fields) if unit else None
            if main[k].kind == "number" and main[k].unit and main[k].value:
                unit, step = main[k].unit, main[k].value or step
                name = self.conditions.by_unit(unit, fields)
            field = mentioned(mentions, k, "field")
            if (
                name is None
                and field is not None
                and self.conditions.system.fields[field.name].kind not in {"choice", "text"}
            ):
                name = field.name
            if main[k].kind == "number" and not main[k].unit and main[k].value and k + 1 < len(main):
                after = mentioned(mentions, skip(main, k + 1), "field")
                if after is not None:
                    name, step = after.name, main[k].value or step
            if name is None and main[k].stem in _HEADS:
                name = self.conditions.hinted("quantity", fields)
            if name is None:
                continue
            count, beyond = self._count(name, convert(step, unit, self.conditions.unit(name)), plain, main)
            if k + 2 < len(main) and plain[k + 1] in {"and", "y"}:  # "per guest and night"
                second = mentioned(mentions, k + 2, "field")
                other = second.name if second is not None else self.conditions.by_unit(unit_of(plain[k + 2]), fields)
                if other is not None and other != name:
                    count = Binary("*", count, Ref(other))
            return count, beyond
        return None

    def _count(self, name: str, size: Decimal, plain: list[str], main: list[Token]) -> tuple[Expression, bool]:
        del main
        count: Expression = Ref(name)
        beyond = has(plain, BEYOND) or has(plain, AFTERWARDS)
        if beyond and name in self.upper and self.upper[name] > 0:
            count = Binary("max", Const(Decimal(0)), Binary("-", count, Const(self.upper[name])))
        if size != 1:
            count = Binary("/", count, Const(size))
        if has(plain, WHOLE_ONLY):
            count = Rounded(count, "down", Decimal(1))
        elif has(plain, STARTED) or (size != 1 and has(plain, ROUND["up"])):
            count = Rounded(count, "up", Decimal(1))
        return count, beyond

    def first(self, main: list[Token], fields: tuple[str, ...]) -> None:
        """For "includes the first 2 kilometres": where "each additional" begins."""
        for i, token in enumerate(main):
            if token.kind == "number" and token.value and i and main[i - 1].text in FIRST:
                name = self.conditions.by_unit(token.unit, fields)
                if name is not None:
                    self.upper[name] = convert(token.value, token.unit, self.conditions.unit(name))

    def note(self, condition: Condition) -> None:
        """Remember the upper limits of a price's condition, for "each additional" after it."""
        match condition:
            case Compare(Ref(name), "<" | "<=" | ">", Const(value)) if isinstance(value, Decimal) and value > 0:
                self.upper[name] = value
            case Every(parts):
                for part in parts:
                    self.note(part)
