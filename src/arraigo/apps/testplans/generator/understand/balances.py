"""Quantities that operations change and later ones see: "a deposit increases the balance by its amount"."""

import re
from decimal import Decimal

from arraigo.apps.testplans.generator.lexicon import ARTICLES, BE
from arraigo.apps.testplans.generator.model import (
    VALUE,
    Binary,
    Check,
    Compare,
    Const,
    Expression,
    Not,
    Ref,
    Remember,
    Rule,
    System,
)
from arraigo.apps.testplans.generator.understand.clauses import Clause, words
from arraigo.apps.testplans.generator.understand.names import Names
from arraigo.apps.testplans.generator.understand.operands import PRICES
from arraigo.apps.testplans.generator.understand.scope import Scopes
from arraigo.apps.testplans.generator.words import Token, inflected

_NOUNS = (
    "balance saldo stock inventory inventario existencias credit counter contador "
    "accumulated acumulado available disponible cupo "
    "points puntos"
).split()
_MORE = re.compile(
    r"\b(increases?|raises?|adds?|added to|is added|credited|aumenta\w*|incrementa\w*|suman?|"
    r"abona\w*|agrega\w*|acredita\w*|grows?)\b"
)
_LESS = re.compile(
    r"\b(reduces?|reduced|decreases?|lowers?|deducted|subtracted|subtracts?|disminuye\w*|"
    r"restan?|descuentan?|debita\w*|deducts?|"
    r"reduce\w*|taken from)\b"
)
_GIVES = re.compile(r"\b(returns?|gives? back|devuelven?|responden?|shows?|muestran?|informan?|answers?|reports?)\b")
_STARTS = re.compile(r"\b(starts?|begins?|initially|initial|empieza|inicia|comienza|inicial|inicialmente)\b")
_EACH = re.compile(r"\b(each|every|all|cada|todas?|todos?)\s+(?:las |los |the )?(operations?|operacion\w*)\b")
_ITS = frozenset("its that this su ese dicho mismo same".split())


def learn(tokens: list[Token], names: Names) -> None:
    """Learn a kept quantity from a sentence in which it changes."""
    plain = words(tokens)
    text = " ".join(plain)
    if not (_MORE.search(text) or _LESS.search(text)):
        return
    for noun in _NOUNS:
        article = {plain[i - 1] for i, word in enumerate(plain) if word == noun and i}
        if article & (ARTICLES | {"del", "al"}) and noun not in names.system.fields:
            names.learn(noun)
            names.kept.add(noun)


def read(requirement: str, clause: Clause, names: Names, scopes: Scopes, fields: tuple[str, ...]) -> list[Rule] | None:
    """How one sentence changes a kept quantity; notes what it starts with and who gives it back."""
    plain = words(clause.main)
    text = " ".join(plain)
    kept = next((word for word in names.kept if any(inflected(p, word) for p in plain)), None)
    if kept is None or clause.condition:
        return None
    if any(inflected(word, kept) and plain[n - 1] in {"no", "sin", "without"} for n, word in enumerate(plain) if n):
        names.system.begin.setdefault(kept, Decimal(0))  # "a new machine has no credit, and every slot holds 5"
        return None
    operation = scopes.explicit[:1] or _holding(clause, names, fields)
    figures = [token.value for token in clause.main if token.kind == "number" and token.value is not None]
    if _STARTS.search(text) and figures:
        names.system.begin[kept] = figures[0]
        if len(figures) > 1:
            return None
    elif _GIVES.search(text) and len(figures) == 1 and operation:  # "returns the credit and sets it to 0"
        names.system.doubtful.update(operation)
        return [Remember(requirement, operation, kept, "set", Const(figures[0]))]
    sign = "plus" if _MORE.search(text) else "minus" if _LESS.search(text) else ""
    by = _amount(clause.main, plain, names, operation, fields)
    if _GIVES.search(text):
        operations = tuple(names.system.operations) if _EACH.search(text) else operation
        names.system.returns = {**names.system.returns, **dict.fromkeys(operations, kept)}
        field_ = isinstance(by, Ref) and by.name in fields  # "add every coin to the credit and report the credit"
        return [Remember(requirement, operation, kept, sign, by)] if sign and by is not None and field_ else []
    if sign and by is not None and operation:
        return [Remember(requirement, operation, kept, sign, by)]
    if not sign and set(plain) & (BE | {"starts", "empieza", "inicia", "comienza"}):
        own = _segment(clause.main, plain, kept)
        if {"no", "without", "sin", "ningun"} & set(words(own)) and not any(token.kind == "number" for token in own):
            by = Const(Decimal(0))  # "has no credit, and every slot holds 5 items"
        elif own != clause.main:
            by = _amount(own, words(own), names, operation, fields)
        return _set(requirement, kept, by, names, operation)
    return None


def _segment(main: list[Token], plain: list[str], kept: str) -> list[Token]:
    """What is said of the quantity between two commas."""
    place = next(i for i, word in enumerate(plain) if inflected(word, kept))
    start = max((i + 1 for i in range(place) if plain[i] in {",", ";"}), default=0)
    stop = min((i for i in range(place, len(plain)) if plain[i] in {",", ";"}), default=len(plain))
    return main[start:stop]


def _holding(clause: Clause, names: Names, fields: tuple[str, ...]) -> tuple[str, ...]:
    named = [m.name for m in names.mentions(clause.main, fields) if m.sort == "field"]
    holders = [name for name, own in names.system.operations.items() if set(named) & set(own)]
    return tuple(holders) if len(holders) == 1 else ()


def _set(requirement: str, kept: str, by: Expression | None, names: Names, operation: tuple[str, ...]) -> list[Rule]:
    if isinstance(by, Const) and isinstance(by.value, Decimal):
        names.system.begin[kept] = by.value
    elif by is not None and operation:
        return [Remember(requirement, operation, kept, "set", by)]
    return []


def _amount(
    main: list[Token], plain: list[str], names: Names, operation: tuple[str, ...], fields: tuple[str, ...]
) -> Expression | None:
    mine = names.system.operations[operation[0]] if operation else ()
    own = [m.name for m in names.mentions(main, fields) if m.sort == "field" and m.name in mine]
    if own:
        return Ref(own[-1])
    if {token.stem for token in main} & PRICES:
        return Ref(VALUE)
    numbers = [token.value for token in main if token.kind == "number" and token.value is not None]
    if len(numbers) == 1:
        return Const(numbers[0])
    return Ref(mine[0]) if len(mine) == 1 and set(plain) & _ITS else None


def bounded(rule: Check, system: System) -> list[Rule]:
    """For "the credit may not exceed 500": refused is what would bring it there."""
    found = rule.when.part if isinstance(rule.when, Not) else None
    if not isinstance(found, Compare) or not isinstance(found.left, Ref) or found.op in {"==", "!="}:
        return [rule]
    changes = [one for one in system.rules if isinstance(one, Remember) and one.target == found.left.name]
    made: list[Rule] = []
    for one in changes:
        if one.how in {"plus", "minus"} and (one.how == "plus") == found.op.startswith("<"):
            after = Binary("+" if one.how == "plus" else "-", found.left, one.by)
            made.append(
                Check(rule.requirement, one.operations, Not(Compare(after, found.op, found.right)), rule.message)
            )
    return made
