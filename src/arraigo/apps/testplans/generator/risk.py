"""How much a case matters: money, security, states and what must hold before what should."""

import re
from collections.abc import Sequence
from typing import cast

from arraigo.apps.testplans.generator.choose import Tried
from arraigo.apps.testplans.generator.model import Barred, Check, Compute, Limit, Move, Strikes, System
from arraigo.apps.testplans.generator.words import fold
from arraigo.apps.testplans.plan import Language, Priority, Requirement, Technique

_SOFT = re.compile(
    r"\b(should|may(?! not)|deberia|deberian|podria|recomienda|recommended|preferably|preferiblemente)\b"
)
_SECURITY = re.compile(
    r"\b(password|contrasena|clave|security|seguridad|block|lock|bloque|permiso|permission|access|acceso|token|pin)"
)
_FORBIDS = re.compile(
    r"\b(no (?:se )?(?:puede|permite|admite|acepta|debe)\w*|rechaz\w*|prohib\w*|cannot|can not|may not|must not|"
    r"shall not|refused?|rejected?|forbidden)\b"
)
_MONEY = re.compile(
    r"\b(total|precio|tarifa|cobra\w*|pag[ao]\w*|descuento|recargo|price|fee|charge\w*|pay\w*|discount|surcharge)\b"
)
_WHY = {
    "security": ("afecta a la seguridad", "it concerns security"),
    "money": ("decide sobre un importe o resultado calculado", "it decides on an amount or a computed result"),
    "state": ("protege el estado del sistema", "it guards the state of the system"),
    "must": ("el requisito es obligatorio y está en su límite", "the requirement is mandatory and at its limit"),
    "plain": ("comportamiento habitual", "ordinary behaviour"),
    "soft": ("el requisito es una recomendación", "the requirement is a recommendation"),
}


def priority(
    one: Tried, system: System, requirements: Sequence[Requirement], language: Language
) -> tuple[Priority, str]:
    """ALTA, MEDIA or BAJA, and why, in words."""
    del system
    level, key = _level(one, requirements)
    return level, _WHY[key][0 if language == "es" else 1]


def of_requirement(requirement: Requirement, technique: Technique, language: Language) -> tuple[Priority, str]:
    """The same by the words of a requirement alone."""
    text = fold(requirement.text)
    if requirement.kind == "security" or _SECURITY.search(text):
        level, key = "ALTA", "security"
    elif _SOFT.search(text):
        level, key = "BAJA", "soft"
    elif requirement.row is not None and technique == "decision_table":
        level, key = "MEDIA", "plain"  # one of many rows: what leads to the table has the weight
    elif technique == "state_transition" or _FORBIDS.search(text):
        level, key = "ALTA", "state"
    elif _MONEY.search(text):
        level, key = "ALTA", "money"
    else:
        level, key = "MEDIA", "plain"
    return cast("Priority", level), _WHY[key][language == "en"]


def _level(one: Tried, requirements: Sequence[Requirement]) -> tuple[Priority, str]:
    first = next((requirement for requirement in requirements if requirement.id == one.requirements[0]), None)
    text = fold(first.text) if first is not None else ""
    reasons = one.ran.outcomes[-1].reasons
    if (
        one.candidate.technique == "security"
        or (first is not None and first.kind == "security")
        or _SECURITY.search(text)
    ):
        return "ALTA", "security"
    if _SOFT.search(text):
        return "BAJA", "soft"
    if any(isinstance(reason, (Move, Barred, Limit, Strikes)) for reason in reasons):
        return "ALTA", "state"
    if one.candidate.technique in {"boundary_value_2", "decision_table"}:
        if any(isinstance(reason, Compute) for reason in reasons):
            return "ALTA", "money"
        if any(isinstance(reason, Check) for reason in reasons):
            return "ALTA", "must"
    if one.candidate.technique == "pairwise":
        return "BAJA", "plain"
    return "MEDIA", "plain"
