"""Where something is refused, or right, at times, and the time was not understood: no case may guess."""

import re
from collections.abc import Sequence

from arraigo.apps.testplans.generator.evaluate import leaves
from arraigo.apps.testplans.generator.model import Rule, System, Told, Unread, Vague
from arraigo.apps.testplans.generator.understand.names import Names
from arraigo.apps.testplans.generator.words import fold, tokens
from arraigo.apps.testplans.plan import Requirement

_RIGHT = re.compile(
    r"\b(?:is|are|es|son|esta) (?:only )?(?:right|valid|correct|correct[oa]s?|valid[oa]s?) (?:only )?"
    r"(?:if|when|where|si|cuando)\b"
)
# Data that are not complete or not right: ordinary data are not concerned.
_FAULT = re.compile(
    r"\b(?:left out|left blank|left empty|missing|omitted|empty|blank|incomplete|not (?:pass|valid|filled)|"
    r"fails? (?:its|the|a)|"
    r"vaci[oa]s?|falta|faltan|falte|incomplet[oa]s?|en blanco|no (?:supera|pasa|cumple)|invalid[oa]?s?|"
    r"already (?:has|have|had)|ya (?:l[oa]s? )?(?:tiene|hay))\b"
)


def _faulty(rule: Told) -> bool:
    return any(isinstance(leaf, Unread) and _FAULT.search(fold(leaf.text)) for leaf in leaves(rule.when))


def doubts(requirements: Sequence[Requirement], system: System, names: Names) -> list[Rule]:
    """What weakens the operations that such sentences are about."""
    made: list[Rule] = [
        Vague(rule.requirement, rule.operations, frozenset({"accepted"}))
        for rule in system.rules
        if isinstance(rule, Told) and any(isinstance(leaf, Unread) for leaf in leaves(rule.when)) and not _faulty(rule)
    ]
    for one in requirements:
        if one.id not in system.unread or not _RIGHT.search(fold(one.text)):
            continue
        said = {m.name for m in names.mentions(tokens(one.text, one.language)) if m.sort == "field"}
        about = tuple(name for name, fields in system.operations.items() if said & set(fields))
        made += [Vague(one.id, about, frozenset({"accepted"}))] if about else []
    return made
