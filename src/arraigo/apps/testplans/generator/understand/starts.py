"""What holds at the start ("the target is 20 when switched on"), and states "in all other cases"."""

import re

from arraigo.apps.testplans.generator.evaluate import names_in
from arraigo.apps.testplans.generator.model import ALWAYS, Compare, Const, Move, Not, OneOf, Ref, Rule, Some, System
from arraigo.apps.testplans.generator.understand.clauses import Clause
from arraigo.apps.testplans.generator.understand.conditions import Conditions
from arraigo.apps.testplans.generator.understand.scope import Scopes
from arraigo.apps.testplans.generator.understand.states import look

_START = re.compile(
    r"\b(switched on|turned on|initially|at (?:the )?start|by default|default|por defecto|"
    r"inicialmente|al encender|al iniciar|starts? with|"
    r"al encenderse|al comenzar|al principio|initial|inicial|powered on|at first|"
    r"predeterminad[oa]|de fabrica|at power-on|begins? with|empieza con|inicia con)\b"
)


def read(requirement: str, clause: Clause, system: System, scopes: Scopes, conditions: Conditions) -> list[Rule]:
    """Keeps starting values in the model; gives the transition of "in all other cases"."""
    if _START.search(" ".join(clause.words)):
        for atom in conditions.read(clause.main, None).atoms:
            match atom.condition:
                case Compare(Ref(name), "==", Const(value)) if name in system.fields:
                    system.begin[name] = value
                case OneOf(name, (value,)) if name in system.fields:
                    system.begin[name] = value
    if clause.how != "else":
        return []
    seen = look(clause.main, conditions.names)
    if len(seen.targets) != 1 or seen.operations:
        return []
    before = [rule for rule in scopes.moves if rule.when != ALWAYS and names_in(rule.when) & set(system.fields)]
    if not before:
        return []
    when = Not(Some(tuple(rule.when for rule in before)))
    return [Move(requirement, before[-1].operations, (), seen.targets[0], when)]
