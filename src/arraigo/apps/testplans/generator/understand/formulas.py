"""Formulas: "total = base + 2 % of the amount", "the product of the days and the daily rate"."""

from decimal import Decimal

from arraigo.apps.testplans.generator.lexicon import ARTICLES, at
from arraigo.apps.testplans.generator.model import Binary, Const, Expression
from arraigo.apps.testplans.generator.understand.clauses import words
from arraigo.apps.testplans.generator.understand.names import Mention
from arraigo.apps.testplans.generator.understand.operands import operand
from arraigo.apps.testplans.generator.words import Token


def _phrases(text: str) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(phrase.split()) for phrase in text.split("|"))


_OPERATORS = {
    "+": _phrases("+|plus|mas|sumado a|sumada a|increased by|mas el|added to"),
    "-": _phrases("-|–|−|minus|menos|less"),
    "*": _phrases("*|×|x|·|times|multiplied by|multiplicado por|multiplicada por|por|multiplicados por"),
    "/": _phrases("/|÷|divided by|dividido por|dividido entre|dividida por|dividida entre|entre|over"),
}
_OF = {
    "+": _phrases("sum of|suma de|suma del|total of"),
    "-": _phrases("difference between|diferencia entre"),
    "*": _phrases("product of|producto de|producto del"),
    "/": _phrases("quotient of|cociente entre|cociente de"),
    "max": _phrases("greater of|larger of|higher of|mayor entre|mayor de|maximum of|maximo entre|max|maximo de"),
    "min": _phrases("lesser of|smaller of|lower of|menor entre|menor de|minimum of|minimo entre|min|minimo de"),
}
DEFINES = _phrases(
    "is calculated as|is computed as|is calculated by|is equal to|equals|is the|es igual a|"
    "se calcula como|se calcula multiplicando|"
    "se calcula sumando|es el|es la|resulta de|is obtained by|se obtiene de|is calculated|"
    "se calcula|=|corresponde al|corresponde a|is|es|are|se obtiene|"
    "will be|sera|es de|is given by|is computed by multiplying|is calculated by multiplying|"
    "se obtiene multiplicando|se obtiene sumando"
)
_PREFIX = {"multiplying": "*", "multiplicando": "*", "adding": "+", "sumando": "+", "dividing": "/", "dividiendo": "/"}
_AND = frozenset({"and", "y", "e", ",", "by", "por", "to", "a", "entre"})


class _Parser:
    def __init__(self, tokens: list[Token], mentions: list[Mention], prefix: str) -> None:
        self.tokens, self.mentions, self.prefix = tokens, mentions, prefix
        self.words = words(tokens)
        self.i = 0

    def formula(self) -> Expression | None:
        left = self.product()
        while left is not None and self.i < len(self.tokens):
            op = self._operator(("+", "-"))
            if not op:
                return left
            right = self.product()
            left = Binary(op, left, right) if right is not None else None
        return left

    def product(self) -> Expression | None:
        left = self.atom()
        while left is not None and self.i < len(self.tokens):
            op = self._operator(("*", "/"))
            if not op:
                return left
            right = self.atom()
            left = Binary(op, left, right) if right is not None else None
        return left

    def _operator(self, ops: tuple[str, ...]) -> str:
        if (
            self.i + 1 < len(self.words)
            and self.words[self.i] == ","
            and any(at(self.words, self.i + 1, _OPERATORS[op]) for op in ops)
        ):
            self.i += 1
        for op in ops:
            if size := at(self.words, self.i, _OPERATORS[op]):
                self.i += size
                return op
        if self.prefix in ops and self.words[self.i] in _AND:
            self.i += 1
            return self.prefix
        return ""

    def atom(self) -> Expression | None:
        while self.i < len(self.tokens) and self.words[self.i] in ARTICLES | {"de", "of", ":"}:
            self.i += 1
        if self.i >= len(self.tokens):
            return None
        if self.words[self.i] in {"(", "["}:
            self.i += 1
            inner = self.formula()
            if self.i < len(self.tokens) and self.words[self.i] in {")", "]"}:
                self.i += 1
                return inner
            return None
        for op, phrases in _OF.items():
            if size := at(self.words, self.i, phrases):
                self.i += size
                return self._of(op)
        found = operand(self.tokens, self.i, self.mentions)
        if found is None:
            return None
        self.i = found.end
        expression = found.expression
        if found.unit == "%" and isinstance(expression, Const) and isinstance(expression.value, Decimal):
            return Const(expression.value / 100)
        return expression

    def _of(self, op: str) -> Expression | None:
        bracket = self.i < len(self.tokens) and self.words[self.i] == "("
        self.i += bracket
        result = self.atom()
        while result is not None and self.i < len(self.tokens) and self.words[self.i] in _AND:
            ahead = self.i
            while ahead < len(self.tokens) and self.words[ahead] in _AND:
                ahead += 1
            if any(
                at(self.words, ahead, phrases) or at(self.words, ahead - 1, phrases) for phrases in _OPERATORS.values()
            ):
                break
            self.i = ahead
            right = self.atom()
            result = Binary(op, result, right) if right is not None else None
        if bracket and self.i < len(self.tokens) and self.words[self.i] == ")":
            self.i += 1
        return result


def formula(tokens: list[Token], mentions: list[Mention]) -> Expression | None:
    """The expression that all of the tokens make (a full stop may follow); None where they do not."""
    prefix = _PREFIX.get(tokens[0].text, "") if tokens else ""
    shift = 1 if prefix else 0
    kept = tokens[shift:]
    while kept and kept[-1].text in {".", ",", ":"}:
        kept = kept[:-1]
    moved = [
        Mention(m.start - shift, m.end - shift, m.sort, m.name, m.value, m.score) for m in mentions if m.start >= shift
    ]
    parser = _Parser(kept, moved, prefix)
    made = parser.formula() if kept else None
    return made if parser.i >= len(kept) else None
