"""A limit for each value of a list: "a small one carries up to 10 kg, a large one up to 30 kg"."""

from decimal import Decimal

from arraigo.apps.testplans.generator.lexicon import COMPARE, LEAST, MOST, at
from arraigo.apps.testplans.generator.model import Check, Compare, Const, Every, Not, OneOf, Plain, Ref, Rule
from arraigo.apps.testplans.generator.understand.clauses import Clause, words
from arraigo.apps.testplans.generator.understand.conditions import Conditions
from arraigo.apps.testplans.generator.understand.names import Mention
from arraigo.apps.testplans.generator.understand.operands import convert
from arraigo.apps.testplans.generator.understand.scope import Scopes
from arraigo.apps.testplans.generator.understand.values.money import MONEY_WORDS
from arraigo.apps.testplans.generator.words import Token

_OPS = ("<=", ">=")
_ENOUGH = 2


def read(id_: str, clause: Clause, conditions: Conditions, scopes: Scopes) -> list[Rule]:
    """The checks of a sentence that names a figure for each of at least two values of one list."""
    found, names, fields = clause.main, conditions.names, conditions.system.fields
    if clause.condition or {token.stem for token in found} & MONEY_WORDS:
        return []
    mentions = names.mentions(found, scopes.fields)
    values = {m.start: m for m in mentions if m.sort == "value" and m.name in fields}
    lists = {m.name for m in values.values()}
    pairs = _pairs(found, values)
    if len(pairs) < _ENOUGH or len(lists) != 1:
        return []
    name = _counted(mentions, pairs, conditions, scopes)
    if name is None:
        return []
    made: list[Rule] = []
    for held, op, token in pairs:
        bound = Compare(Ref(name), op, Const(convert(token.value or Decimal(0), token.unit, conditions.unit(name))))
        broken = Every((OneOf(next(iter(lists)), held), Not(bound)))
        made.append(Check(id_, scopes.operations_of(broken), broken, clause.message))
    return made


def _pairs(found: list[Token], values: dict[int, Mention]) -> list[tuple[tuple[Plain, ...], str, Token]]:
    """Values and figures that come in turns, each figure with the comparison that was said last; empty: they do not."""
    plain, op = words(found), ""
    turns: list[tuple[str, list[Plain], str, Token]] = []
    inside = {k for m in values.values() for k in range(m.start, m.end)}
    for i, token in enumerate(found):
        op = next((one for one in _OPS if at(plain, i, COMPARE[one])), op)
        op = "<=" if plain[i] in MOST else ">=" if plain[i] in LEAST else op
        if i in values:
            if turns and turns[-1][0] == "value":
                turns[-1][1].append(values[i].value)
            else:
                turns.append(("value", [values[i].value], op, token))
        elif token.kind == "number" and i not in inside and token.text not in {"one", "una", "uno"}:
            if not op or token.unit in {"$", "%"} or (turns and turns[-1][0] == "figure"):
                return []
            turns.append(("figure", [], op, token))
    if len(turns) % 2:
        return []
    made = []
    for one, other in zip(turns[::2], turns[1::2], strict=True):
        (_, held, _, _), (_, _, said, token) = (one, other) if one[0] == "value" else (other, one)
        made.append((tuple(held), said, token))
    return made


def _counted(
    mentions: list[Mention],
    pairs: list[tuple[tuple[Plain, ...], str, Token]],
    conditions: Conditions,
    scopes: Scopes,
) -> str | None:
    """The field that the figures are of: the one that is named, or that is counted in their unit."""
    fields = conditions.system.fields
    named = [m.name for m in mentions if m.sort == "field" and fields[m.name].kind in {"number", "integer", ""}]
    unit = next((token.unit for _, _, token in pairs if token.unit), "")
    return named[0] if named else conditions.by_unit(unit, scopes.fields) if unit else None
