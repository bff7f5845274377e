"""How plans differ by type: units, flows across operations, and what is worth running again after a change."""

from collections.abc import Sequence

from arraigo.apps.testplans.generator.choose import Tried
from arraigo.apps.testplans.generator.instruction import Wish
from arraigo.apps.testplans.plan import Case, PlanType

_OF_CHANGED = 6  # cases for each requirement that a change touches
_ORDER = {"ALTA": 0, "MEDIA": 1, "BAJA": 2}


def of_type(judged: Sequence[Tried], plan_type: PlanType, wish: Wish) -> list[Tried]:
    """The cases that belong into a plan of this type."""
    del wish
    if plan_type != "INTEGRACIÓN":
        return [one for one in judged if one.candidate.note != "flow"]
    return [one for one in judged if len({operation for operation, _ in one.ran.steps}) > 1]


def regression(cases: Sequence[Case], wish: Wish) -> list[Case]:
    """The riskiest of what a change touches, and one case of the highest risk for each other requirement."""
    changed = set(wish.requirements)
    by_risk = sorted(cases, key=lambda case: _ORDER[case.priority])
    count: dict[str, int] = {}
    made: list[Case] = []
    for case in [*[c for c in by_risk if changed & set(c.requirements)], *by_risk]:
        first = next((id_ for id_ in case.requirements if id_ in changed), case.requirements[0])
        if count.get(first, 0) >= (_OF_CHANGED if first in changed else 1) or case in made:
            continue
        count[first] = count.get(first, 0) + 1
        made.append(case)
    return [case.model_copy(update={"technique": "risk_based"}) for case in made]
