"""All requirements to one model, in two passes: what names mean, then what is said of them."""

from collections.abc import Sequence

from arraigo.apps.testplans.generator.infer import glossary as inferred
from arraigo.apps.testplans.generator.lexicon import ARTICLES, at
from arraigo.apps.testplans.generator.model import Field, Rule, System
from arraigo.apps.testplans.generator.understand import balances
from arraigo.apps.testplans.generator.understand.clauses import sentences, words
from arraigo.apps.testplans.generator.understand.conditions import Conditions
from arraigo.apps.testplans.generator.understand.fields import closed_lists, flags, truths
from arraigo.apps.testplans.generator.understand.inputs.reader import Inputs
from arraigo.apps.testplans.generator.understand.lifecycle import vocabulary as states
from arraigo.apps.testplans.generator.understand.lifecycle import whole
from arraigo.apps.testplans.generator.understand.lifecycle.counters import Counters
from arraigo.apps.testplans.generator.understand.lifecycle.prose import Lifecycle
from arraigo.apps.testplans.generator.understand.names import Names
from arraigo.apps.testplans.generator.understand.passages import cells_of, passages
from arraigo.apps.testplans.generator.understand.prices import MONEY_WORDS, Prices
from arraigo.apps.testplans.generator.understand.scope import Scopes
from arraigo.apps.testplans.generator.understand.sentences import Sentences
from arraigo.apps.testplans.generator.understand.settle import settle
from arraigo.apps.testplans.generator.understand.tables import Tables
from arraigo.apps.testplans.generator.words import Token, stem, tokens
from arraigo.apps.testplans.plan import Glossary, Requirement

_DEFINED = tuple(
    tuple(p.split())
    for p in [
        "is the",
        "es el",
        "es la",
        "is calculated",
        "se calcula",
        "is computed",
        "=",
        "is the sum",
        "is the product",
        "es la suma",
        "es el producto",
        "es igual a",
        "equals",
        "se obtiene",
        "resulta de",
        "depends on",
        "depende",
        "is the difference",
        "es la diferencia",
        "is obtained",
        "is determined",
        "se determina",
        "is given by",
        "is equal to",
    ]
)


_FORMULA = frozenset(
    (
        "multiplied multiplicado multiplicada multiplicados plus minus menos times dividido dividida divided "
        "producto product suma sum diferencia difference × *"
    ).split()
)
_COMPUTED = tuple(
    tuple(p.split())
    for p in [
        "is calculated as",
        "se calcula como",
        "is the sum",
        "is the product",
        "es la suma",
        "es el producto",
        "is the difference",
        "es la diferencia",
        "is equal to",
        "es igual a",
        "se calcula",
        "is calculated",
        "resulta de",
        "se obtiene de",
    ]
)


def understand(requirements: Sequence[Requirement], glossary: Glossary | None) -> System:
    """The model of the system that the requirements describe, with the glossary's names or the document's own.

    All of the document is read, what stands beside a requirement under its id; only testable ones can stay unread.
    """
    read = passages(requirements)
    system = System()
    for operation, shape in (glossary or inferred(read)).operations.items():
        system.operations[operation] = shape.fields
        for name in shape.fields:
            system.fields.setdefault(name, Field(name))
    names = Names(system)
    flags(system)
    conditions = Conditions(names)
    scopes = Scopes(system, names)
    tables = Tables(system, names, conditions, scopes)
    inputs = Inputs(system, names, conditions, scopes)
    inputs.read(read)
    _learn(read, names, tables)
    states.learn(read, names)
    truths(read, conditions)
    lifecycle = Lifecycle(system, names, conditions, scopes)
    counters = Counters(system, names, conditions, scopes, lifecycle)
    reader = Sentences(system, names, conditions, Prices(conditions), scopes, lifecycle=lifecycle, counters=counters)
    for n, requirement in enumerate(read):
        left = inputs.rest.get(n, requirement.text)
        rules = [*inputs.rules.get(n, []), *_rules(requirement, left, reader, tables)]
        if not rules and requirement.testable:
            system.unread[requirement.id] = requirement.text
        system.rules += rules
    whole.initial(read, system, lifecycle.begins)
    counters.settle()
    settle(system, lifecycle.instead)
    inputs.settle()
    return system


def _rules(requirement: Requirement, text: str, reader: Sentences, tables: Tables) -> list[Rule]:
    """The rules of what is left of a requirement when its declarations were read."""
    if not text:
        return []
    cells = cells_of(requirement)
    if cells is None:
        return reader.read(requirement, text)
    tables.scopes.enter(requirement)
    tables.scopes.within(tokens(requirement.text, requirement.language))
    made = tables.read(requirement, cells)
    return reader.read(requirement, made) if isinstance(made, str) else made


def _learn(requirements: Sequence[Requirement], names: Names, tables: Tables) -> None:
    for requirement in requirements:
        cells = cells_of(requirement)
        if cells is not None:
            tables.learn(cells, requirement.language)
            continue
        for sentence in sentences(requirement.text):
            found = tokens(sentence, requirement.language)
            _quantity(found, names)
            balances.learn(found, names)
            closed_lists(found, names)


def _quantity(found: list[Token], names: Names) -> None:
    """Learn "the monthly instalment" from "the monthly instalment is calculated as"."""
    plain = words(found)
    for i in range(1, len(plain)):
        if not at(plain, i, _DEFINED):
            continue
        start = i
        while start > 0 and found[start - 1].kind == "word" and i - start < 5 and plain[start - 1] not in ARTICLES:
            start -= 1
        phrase = plain[start:i]
        strong = at(plain, i, _COMPUTED)
        rest = set(plain[i + 1 :])
        strong = strong or bool(rest & _FORMULA)
        if phrase and (strong or {stem(word) for word in phrase} & MONEY_WORDS):
            mentioned = [m for m in names.mentions(found[start:i]) if m.sort == "field" and m.score > 0.9]
            if not mentioned:
                names.learn(" ".join(phrase))
                _operands(found[i:], names)
        return


_PLUS = frozenset("plus minus mas menos + -".split())


def _operands(rest: list[Token], names: Names) -> None:
    """Learn "the shipping" from "the total is the subtotal plus the shipping"."""
    mentions = names.mentions(rest)
    for i, token in enumerate(rest[:-2]):
        if token.text not in _PLUS or rest[i + 1].text not in ARTICLES:
            continue
        noun, after = rest[i + 2], rest[i + 3].text if i + 3 < len(rest) else "."
        free = not any(m.start <= i + 2 < m.end and m.sort in {"field", "quantity"} for m in mentions)
        if noun.kind == "word" and free and (after in {".", ",", ")"} or after in _PLUS):
            names.learn(noun.text)
