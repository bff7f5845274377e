"""Sentences about all the rest: "any other transition is rejected"; right and wrong codes."""

import re
from dataclasses import replace

from arraigo.apps.testplans.generator.evaluate import names_in
from arraigo.apps.testplans.generator.lexicon import NOT, REFUSE, has
from arraigo.apps.testplans.generator.model import (
    ALWAYS,
    Barred,
    Check,
    Compare,
    Compute,
    Condition,
    Every,
    Missing,
    Move,
    Not,
    OneOf,
    Ref,
    Rule,
    System,
)
from arraigo.apps.testplans.generator.understand.clauses import Clause, words
from arraigo.apps.testplans.generator.understand.names import Names
from arraigo.apps.testplans.generator.understand.scope import Scopes
from arraigo.apps.testplans.generator.words import Token

_OTHER = re.compile(
    r"\b(any other|every other|all other|other|cualquier otr[ao]|otr[ao]s?|demas|"
    r"anything else|not listed|no listadas?|no indicadas?|invalid)\b"
)
_CHANGE = re.compile(
    r"\b(transition|transitions|transicion|transiciones|change of state|cambio de estado|"
    r"operation|operacion|action|accion|combination|combinacion|movimiento)\b"
)
_WRONG = frozenset(
    (
        "wrong incorrect incorrecto incorrecta incorrectos incorrectas erroneo erronea equivocado equivocada "
        "errado errada"
    ).split()
)
_RIGHT = frozenset(["correct", "right", "correcto", "correcta", "correctos", "correctas", "matching"])


def read(requirement: str, clause: Clause, made: list[Rule], system: System, scopes: Scopes) -> list[Rule]:
    """What is refused beside what was said."""
    plain = " ".join(clause.words)
    if not _OTHER.search(plain) or not (has(clause.words, REFUSE) or clause.message):
        return []
    if _CHANGE.search(plain):
        system.otherwise = (requirement, clause.message)
        return []
    rules: list[Rule] = []
    for mention in scopes.names.mentions([*clause.condition, *clause.main]):
        field = system.fields.get(mention.name)
        listed = any(isinstance(rule, Check) and mention.name in names_in(rule.when) for rule in [*made, *system.rules])
        if (
            mention.sort == "field"
            and field is not None
            and field.kind == "choice"
            and len(field.values) > 1
            and not listed
        ):
            outside = Not(OneOf(mention.name, tuple(field.values)))
            return [Check(requirement, scopes.holding(mention.name), outside, clause.message)]
    for rule in made:
        if isinstance(rule, Move) and rule.when != ALWAYS and names_in(rule.when) & set(system.fields):
            rules.append(Check(requirement, rule.operations, Not(rule.when), clause.message))
        elif isinstance(rule, Compute) and isinstance(rule.when, OneOf) and isinstance(rule.when.values[0], str):
            given = Every((Not(rule.when), Not(Missing(rule.when.name))))
            rules.append(Check(requirement, scopes.holding(rule.when.name), given, clause.message))
    return rules


def retell(system: System) -> None:
    """Give the message of "any other transition" to the transitions that have none."""
    if system.otherwise is None:
        return
    requirement, message = system.otherwise
    moved = {name for rule in system.rules if isinstance(rule, (Move, Barred)) for name in rule.operations}
    for i, rule in enumerate(system.rules):
        if isinstance(rule, (Move, Barred)) and rule.message is None:
            system.rules[i] = replace(rule, message=message)
    for name in moved:
        mine = [rule for rule in system.rules if isinstance(rule, Move) and name in rule.operations]
        from_ = {state for rule in mine for state in rule.sources}
        rest = tuple(state for state in system.states if state not in from_)
        if mine and from_ and rest and not any(not rule.sources for rule in mine):
            system.rules.append(Barred(requirement, (name,), rest, message))


def before(requirement: str, clause: Clause, names: Names, scopes: Scopes) -> list[Rule]:
    """For "a safe without a code cannot be locked": refused before another operation has given the field."""
    tokens = [*clause.main, *clause.condition]
    plain = words(tokens)
    if not set(plain) & NOT or not scopes.of_sentence:
        return []
    made: list[Rule] = []
    for mention in names.mentions(tokens):
        if mention.sort != "field" or not {"without", "sin"} & set(plain[max(0, mention.start - 3) : mention.start]):
            continue
        setters = [op for op, fields in names.system.operations.items() if mention.name in fields]
        operations = tuple(op for op in scopes.of_sentence if op not in setters)
        if setters and operations:
            made.append(Check(requirement, operations, Missing(f"{setters[0]}:{mention.name}"), clause.message))
    return made


def wrong(tokens: list[Token], names: Names) -> Condition | None:
    """For "a wrong code": the field differs from what an operation before was given."""
    plain = words(tokens)
    for mention in names.mentions(tokens):
        if mention.sort != "field":
            continue
        near = set(plain[max(0, mention.start - 3) : mention.end + 3])
        holders = [op for op, fields in names.system.operations.items() if mention.name in fields]
        if near & (_WRONG | _RIGHT) and len(holders) > 1:
            return Compare(Ref(mention.name), "!=" if near & _WRONG else "==", Ref(f"{holders[0]}:{mention.name}"))
    return None
