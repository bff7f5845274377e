"""What a plan has already: which cases an instruction takes out, and what would only double them."""

import json
from collections.abc import Sequence

from arraigo.apps.testplans.generator.instruction import Wish
from arraigo.apps.testplans.generator.words import fold
from arraigo.apps.testplans.plan import Case, Kept


def signature(case: Case) -> str:
    """The same for cases with the same data; without a script, for nearly the same steps."""
    if case.script:
        return json.dumps(
            [[step.operation, dict(step.inputs)] for step in case.script], sort_keys=True, ensure_ascii=False
        )
    words = fold(" ".join((*case.test_steps, case.test_data))).split()
    return " ".join(sorted(set(words)))


def free(kept: Kept) -> bool:
    """Whether a case may be taken out: neither accepted nor made by hand."""
    return kept.status == "PROPOSED" and kept.created_by != "MANUAL"


def dropped(kept: Sequence[Kept], wish: Wish) -> list[str]:
    """Ids of the kept cases that the wish takes out."""
    out: list[str] = []
    seen = {signature(one.case) for one in kept if not free(one) and one.status != "DISCARDED"}
    for one in kept:
        if not free(one):
            continue
        mark = signature(one.case)
        if wish.no_duplicates and mark in seen:
            out.append(one.id)
            continue
        seen.add(mark)
        named = bool(set(one.case.requirements) & set(wish.requirements))
        if (wish.again and (named or not wish.requirements)) or (
            wish.only and not wish.adds and _outside(one.case, wish)
        ):
            out.append(one.id)
    if wish.fewer and wish.at_most is not None and wish.just_tidies:
        left = [one for one in kept if one.id not in out and one.status != "DISCARDED"]
        order = {"BAJA": 0, "MEDIA": 1, "ALTA": 2}
        spare = sorted((one for one in left if free(one)), key=lambda one: order[one.case.priority])
        out += [one.id for one in spare[: max(0, len(left) - wish.at_most)]]
    return out


def _outside(case: Case, wish: Wish) -> bool:
    """Whether "only ..." leaves a case out."""
    return bool(
        (wish.priorities and case.priority not in wish.priorities)
        or (wish.techniques and case.technique not in wish.techniques)
        or (wish.requirements and not set(case.requirements) & set(wish.requirements))
        or (wish.negative and case.script and case.script[-1].expected.accepted)
    )
