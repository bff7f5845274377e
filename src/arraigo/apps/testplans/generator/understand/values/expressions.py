"""Expressions in words and in symbols: "salary divided by 220", "5 percent of the fee for each hour begun"."""

from dataclasses import dataclass
from decimal import Decimal

from arraigo.apps.testplans.generator.lexicon import ARTICLES, FILLERS, at
from arraigo.apps.testplans.generator.model import Binary, Const, Count, Expression, Ref
from arraigo.apps.testplans.generator.understand.clauses import words
from arraigo.apps.testplans.generator.understand.names import Mention
from arraigo.apps.testplans.generator.understand.operands import mentioned
from arraigo.apps.testplans.generator.understand.values.counting import ONE, Counting
from arraigo.apps.testplans.generator.understand.values.rounding import phrases
from arraigo.apps.testplans.generator.words import Token, unit_of

HUNDRED = Decimal(100)
_OPERATORS = {
    "+": phrases("+|plus|mas|sumado a|sumada a|increased by|added to|mas el|mas la"),
    "-": phrases("-|–|−|minus|menos|less|reduced by"),
    "*": phrases("*|×|x|·|times|multiplied by|multiplicado por|multiplicada por|multiplicados por|por"),
    "/": phrases("/|÷|divided by|dividido por|dividido entre|dividida por|dividida entre|divididos entre|entre"),
    "^": phrases("^|to the power of|elevado a|elevado a la"),
}
_OF = {
    "+": phrases("sum of|suma de|suma del|total of|sum"),
    "-": phrases("difference between|diferencia entre|difference of"),
    "*": phrases("product of|producto de|producto del"),
    "/": phrases("quotient of|cociente entre|cociente de"),
    "max": phrases("greater of|larger of|higher of|mayor entre|mayor de|maximum of|maximo entre|max|maximo de"),
    "min": phrases("lesser of|smaller of|lower of|menor entre|menor de|minimum of|minimo entre|min|minimo de"),
}
_LEAD = {
    **dict.fromkeys(["multiplying", "multiplicando", "multiply", "multiplicar"], "*"),
    **dict.fromkeys(["adding", "sumando"], "+"),
    **dict.fromkeys(["dividing", "dividiendo", "divide", "dividir"], "/"),
}
_TIMES = {
    **dict.fromkeys(["twice", "double", "doble"], Decimal(2)),
    **dict.fromkeys(["half", "mitad"], Decimal("0.5")),
    **dict.fromkeys(["triple", "thrice"], Decimal(3)),
}
_EXCESS = phrases(
    "de lo que exceda de|de lo que exceda|de lo que supere|sobre lo que exceda de|del exceso sobre|del excedente de|"
    "sobre el exceso de|de la parte que exceda de|of the excess over|of the amount above|of the amount over|"
    "of the part above|of what exceeds|of anything above|of the amount exceeding|on the excess over|"
    "of the excess above"
)
_DESCRIBES = frozenset({"of", "de", "del", "for", "para", "in", "en"})
_JOIN = frozenset({"and", "y", "e", ",", "by", "por", "to", "a", "entre", "with", "con"})
_BETWEEN = frozenset("time tiempo minutes minutos hours horas days dias nights noches duration duracion".split())
_ASIDE = frozenset({"number", "numero", "cantidad", "amount", "sum", "total", "valor", "value"})
_SMALL = (FILLERS | ARTICLES | {"que", "number", "numero", "cantidad"}) - {"per", "por", "each", "every", "cada"}


@dataclass(frozen=True, slots=True)
class Found:
    """An expression that ends before token `end`; `percent`: so many percent, of nothing that was named."""

    by: Expression
    end: int
    percent: bool = False
    counted: bool = False  # an amount for each of something
    unit: str = ""


@dataclass(slots=True)
class Expressions:
    """Reads expressions in a clause's tokens."""

    counting: Counting
    tokens: list[Token]
    mentions: list[Mention]
    fields: tuple[str, ...]
    about: str = ""  # what "the excess over 15,000" is in excess of

    @property
    def plain(self) -> list[str]:
        """The words."""
        return words(self.tokens)

    def read(self, i: int) -> Found | None:
        """The longest expression that begins at token `i`."""
        if i < len(self.tokens) and (lead := _LEAD.get(self.tokens[i].text)):
            return self._joined(i + 1, lead)
        left = self._product(i)
        while left is not None:
            op, after = self._operator(left.end, ("+", "-"))
            right = self._product(after) if op else None
            if right is None:
                return left
            by = right.by
            if right.percent and not left.percent:
                by = Binary("*", left.by, Binary("/", right.by, Const(HUNDRED)))
            left = Found(Binary(op, left.by, by), right.end, left.percent and right.percent, counted=left.counted)
        return None

    def _product(self, i: int) -> Found | None:
        left = self._factor(i)
        while left is not None:
            op, after = self._operator(left.end, ("*", "/", "^"))
            right = self._factor(after) if op else None
            if right is None:
                return left
            one, other = (share(found) for found in (left, right))
            left = Found(Binary(op, one, other), right.end, counted=left.counted)
        return None

    def _operator(self, i: int, ops: tuple[str, ...]) -> tuple[str, int]:
        plain = self.plain
        if i < len(plain) and plain[i] in _DESCRIBES:  # "the days of the course, divided by ..."
            after = i
            while after < len(plain) and after - i < 5 and self.tokens[after].kind == "word":
                if any(at(plain, after, known) for known in _OPERATORS.values()):
                    break
                after += 1
            i = after
        if i < len(plain) and plain[i] == ",":
            i += 1
        for op in ops:
            if i < len(plain) and (size := at(plain, i, _OPERATORS[op])):
                if op == "*" and plain[i] == "por" and i + 1 < len(plain) and plain[i + 1] in {"cada", "ciento"}:
                    continue
                return op, i + size
        return "", i

    def _factor(self, i: int) -> Found | None:
        tokens, plain = self.tokens, self.plain
        while (
            i < len(tokens) and plain[i] in _SMALL | {":"} and mentioned(self.mentions, i, "field", "quantity") is None
        ):
            i += 1
        if i >= len(tokens):
            return None
        if plain[i] in {"(", "["}:
            inner = self.read(i + 1)
            if inner is None or inner.end >= len(tokens) or plain[inner.end] not in {")", "]"}:
                return None
            return Found(inner.by, inner.end + 1, inner.percent)
        for op, known in _OF.items():
            if size := at(plain, i, known):
                if made := self._joined(i + size, op):
                    return made
                if plain[i] not in _ASIDE:
                    return None
        if plain[i] in _BETWEEN and i + 1 < len(plain) and plain[i + 1] in {"between", "entre"}:
            return self._between(i)
        if tokens[i].text in _TIMES:
            inner = self._factor(i + 1)
            return Found(Binary("*", Const(_TIMES[tokens[i].text]), inner.by), inner.end) if inner else None
        if tokens[i].kind == "number" and tokens[i].value is not None:
            return self._number(i)
        named = mentioned(self.mentions, i, "field", "quantity")
        if named is None or not self.counting.numeric(named):
            unit = unit_of(tokens[i].text) if tokens[i].kind == "word" else ""
            count = self.counting.in_unit(unit, self.fields) if unit not in {"", "$", "%"} else None
            return Found(count, i + 1) if count is not None else None
        kind = self.counting.conditions.system.fields[named.name].kind if named.sort == "field" else ""
        by: Expression = Count(named.name) if kind in {"time", "date"} else Ref(named.name)
        return self._each(Found(by, named.end), near=2)

    def _number(self, i: int) -> Found:
        token, plain = self.tokens[i], self.plain
        value = Const(token.value)
        if token.unit == "%":
            if (excess := self._excess(i + 1)) is not None:
                return Found(Binary("*", Const((token.value or ONE) / HUNDRED), excess[0]), excess[1])
            if i + 1 < len(plain) and plain[i + 1] in {"of", "de", "del", "sobre", "on"}:
                of = self._factor(i + 2)
                if of is not None and not of.percent:
                    return Found(Binary("*", Const((token.value or ONE) / HUNDRED), of.by), of.end)
            return self._each(Found(value, i + 1, percent=True, unit="%"), near=7)
        if i + 1 < len(plain) and plain[i + 1] in {"times", "veces"}:
            inner = self._factor(i + 2)
            if inner is not None:
                return Found(Binary("*", value, inner.by), inner.end)
        return self._each(Found(value, i + 1, unit=token.unit), near=6)

    def _excess(self, i: int) -> tuple[Expression, int] | None:
        """For "of what exceeds 15,000": the excess and where it ends."""
        size = at(self.plain, i, _EXCESS)
        if not size or not self.about or i + size >= len(self.tokens):
            return None
        limit = self.tokens[i + size]
        if limit.kind != "number" or limit.value is None:
            return None
        over = Binary("-", Ref(self.about), Const(limit.value))
        return Binary("max", Const(Decimal(0)), over), i + size + 1

    def _each(self, found: Found, near: int) -> Found:
        """With "per hour", a few words further on, taken in."""
        for j in range(found.end, min(found.end + near, len(self.tokens))):
            token = self.tokens[j]
            count = self.counting.count(self.tokens, j, self.mentions, self.fields, weak=j == found.end)
            if count is not None:
                by, end = count
                if end + 1 < len(self.tokens) and self.plain[end] in {"and", "y", "per", "por"}:
                    second = self._second(end)  # "per guest and night"
                    by, end = (Binary("*", by, second[0]), second[1]) if second else (by, end)
                return Found(Binary("*", found.by, by), end, found.percent, counted=True, unit=found.unit)
            if token.kind == "number" or token.text in {".", ",", ";", "(", "+", "plus", "mas", "and", "y"}:
                break
        return found

    def _second(self, i: int) -> tuple[Expression, int] | None:
        j = i + 1
        if self.plain[i] in {"and", "y"}:
            unit = unit_of(self.tokens[j].text)
            named = mentioned(self.mentions, j, "field")
            inner = self.counting.in_unit(unit, self.fields) if unit else None
            if inner is None and named is not None and self.counting.numeric(named):
                inner = Ref(named.name)
            return (inner, j + 1) if inner is not None else None
        return self.counting.count(self.tokens, i, self.mentions, self.fields)

    def _joined(self, i: int, op: str) -> Found | None:
        bracket = i < len(self.tokens) and self.plain[i] == "("
        left = self._factor(i + bracket)
        parts = 1
        while left is not None and left.end < len(self.tokens) and self.plain[left.end] in _JOIN:
            ahead = left.end
            while ahead < len(self.tokens) and self.plain[ahead] in _JOIN:
                ahead += 1
            right = self._factor(ahead)
            if right is None:
                break
            left = Found(Binary(op, left.by, right.by), right.end)
            parts += 1
        if left is None or parts < 2:
            return None
        closed = bracket and left.end < len(self.tokens) and self.plain[left.end] == ")"
        return Found(left.by, left.end + closed)

    def _between(self, i: int) -> Found | None:
        unit = unit_of(self.tokens[i].text) or "minute"
        gap = self.counting.between(unit)
        if gap is None:
            gap = self.counting.between("day")
        end = i + 2
        while end < len(self.tokens) and self.plain[end] not in {".", ",", ";", ")"}:
            if at(self.plain, end, _OPERATORS["-"]) or at(self.plain, end, _OPERATORS["+"]):
                break
            end += 1
        return Found(gap, end) if gap is not None else None


def share(found: Found) -> Expression:
    """So many percent as a factor."""
    return Binary("/", found.by, Const(HUNDRED)) if found.percent else found.by
