"""All requirements to one model, in two passes: what names mean, then what is said of them."""

from collections.abc import Sequence

from arraigo.apps.testplans.generator.infer import glossary as inferred
from arraigo.apps.testplans.generator.model import Field, Rule, System
from arraigo.apps.testplans.generator.understand import balances
from arraigo.apps.testplans.generator.understand.clauses import sentences
from arraigo.apps.testplans.generator.understand.codes import spelled
from arraigo.apps.testplans.generator.understand.conditions import Conditions
from arraigo.apps.testplans.generator.understand.doubts import doubts
from arraigo.apps.testplans.generator.understand.fields import closed_lists, flags, truths
from arraigo.apps.testplans.generator.understand.inputs.reader import Inputs
from arraigo.apps.testplans.generator.understand.lifecycle import vocabulary as states
from arraigo.apps.testplans.generator.understand.lifecycle import whole
from arraigo.apps.testplans.generator.understand.lifecycle.counters import Counters
from arraigo.apps.testplans.generator.understand.lifecycle.prose import Lifecycle
from arraigo.apps.testplans.generator.understand.names import Names
from arraigo.apps.testplans.generator.understand.passages import cells_of, passages
from arraigo.apps.testplans.generator.understand.scope import Scopes
from arraigo.apps.testplans.generator.understand.sentences import Sentences
from arraigo.apps.testplans.generator.understand.settle import settle
from arraigo.apps.testplans.generator.understand.tables import Tables
from arraigo.apps.testplans.generator.understand.unsure import unsure
from arraigo.apps.testplans.generator.understand.values import Values
from arraigo.apps.testplans.generator.understand.values.terms import Terms
from arraigo.apps.testplans.generator.words import tokens
from arraigo.apps.testplans.plan import Glossary, Requirement


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
    values = Values(system, names, conditions, scopes, tables, Terms(system))
    values.learn(read)
    states.learn(read, names)
    truths(read, conditions)
    lifecycle = Lifecycle(system, names, conditions, scopes)
    counters = Counters(system, names, conditions, scopes, lifecycle)
    reader = Sentences(system, names, conditions, scopes, lifecycle=lifecycle, counters=counters)
    for n, requirement in enumerate(read):
        left = inputs.rest.get(n, requirement.text)
        rules = [*inputs.rules.get(n, []), *_rules(requirement, left, reader, tables)]
        if not rules and requirement.testable:
            system.unread[requirement.id] = requirement.text
        rules += unsure(requirement, left, rules, names)
        system.rules += rules
    system.rules += values.read(read)
    whole.initial(read, system, lifecycle.begins, before=lifecycle.first)
    counters.settle()
    settle(system, lifecycle.instead)
    inputs.settle()
    spelled(read, system)
    system.rules += doubts(read, system, names)
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
            balances.learn(found, names)
            closed_lists(found, names)
