"""Names of operations: their words, and which operation makes the thing that the others work on."""

import re

from arraigo.apps.testplans.generator.model import System
from arraigo.apps.testplans.generator.words import fold, stem

_PARTS = re.compile(r"[A-Z]?[a-z0-9áéíóúñü]+|[A-Z]+(?![a-z])|[A-Z]+")
_MAKES = frozenset(
    stem(word)
    for word in (
        "create crear register registrar submit inscribir subscribe suscribir request solicitar book "
        "reservar agendar open abrir place apply enrol enroll schedule programar draft new start radicar "
        "publish lend prestar matricular contratar issue emitir hire order"
    ).split()
)


def parts(name: str) -> list[str]:
    """The folded words of an identifier: loan_amount, loanAmount."""
    return [fold(part) for piece in re.split(r"[\W_]+", name) for part in _PARTS.findall(piece)]


def creator(system: System) -> str:
    """The operation that makes the thing whose states the document speaks of, if it is told by its verb."""
    for operation in system.operations:
        if stem(parts(operation)[0]) in _MAKES and len(system.operations) > 1:
            return operation
    return ""
