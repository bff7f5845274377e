"""Pure: what a plan's cases cover, requirement by requirement and technique by technique."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal

from arraigo.apps.testplans.plan import Language, Requirement, Technique
from arraigo.apps.testplans.views import CaseView, Coverage, Covered

_NO_CASE: Mapping[Language, str] = {"es": "ningún caso lo prueba", "en": "no case tests it"}


def coverage_of(
    target: int,
    requirements: Sequence[Requirement],
    cases: Sequence[CaseView],
    reasons: Mapping[str, str],
    language: Language,
) -> Coverage:
    """The coverage; cases that were discarded do not count.

    Args:
        target: The percentage that the plan shall reach.
        requirements: All of them, in the order of the documents.
        cases: The plan's, in its order.
        reasons: By requirement: why the generator left it uncovered.
        language: Of a reason where none is known.
    """
    counted = [case for case in cases if case.status != "DISCARDED"]
    numbers: dict[str, list[str]] = defaultdict(list)
    techniques: dict[str, dict[Technique, None]] = defaultdict(dict)
    for case in counted:
        for link in case.links:
            numbers[link].append(case.testcase_number)
            techniques[link][case.technique] = None
    found = tuple(
        Covered(one, tuple(numbers[one.id]), tuple(techniques[one.id]), _why_not(one, numbers, reasons, language))
        for one in requirements
    )
    total, covered = len(found), sum(one.covered for one in found)
    actual = round(Decimal(100 * covered) / total, 2) if total else Decimal(0)
    return Coverage(target, actual, total, covered, found, dict(Counter(c.technique for c in counted).most_common()))


def _why_not(
    one: Requirement, numbers: Mapping[str, Sequence[str]], reasons: Mapping[str, str], language: Language
) -> str:
    if numbers.get(one.id):
        return ""
    return reasons.get(one.id) or one.why_not or _NO_CASE[language]
