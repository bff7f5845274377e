"""What holds at the start: "the target is 20 when switched on"."""

import re

from arraigo.apps.testplans.generator.model import Compare, Const, OneOf, Ref, System
from arraigo.apps.testplans.generator.understand.clauses import Clause
from arraigo.apps.testplans.generator.understand.conditions import Conditions

_START = re.compile(
    r"\b(switched on|turned on|initially|at (?:the )?start|by default|default|por defecto|"
    r"inicialmente|al encender|al iniciar|starts? with|"
    r"al encenderse|al comenzar|al principio|initial|inicial|powered on|at first|"
    r"predeterminad[oa]|de fabrica|at power-on|begins? with|empieza con|inicia con)\b"
)


def read(clause: Clause, system: System, conditions: Conditions) -> None:
    """Keep starting values in the model."""
    if not _START.search(" ".join(clause.words)):
        return
    for atom in conditions.read(clause.main, None).atoms:
        match atom.condition:
            case Compare(Ref(name), "==", Const(value)) | OneOf(name, (value,)) if name in system.fields:
                system.begin[name] = value
