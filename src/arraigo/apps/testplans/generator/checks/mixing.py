"""Which cases in words go with those that have a script."""

from collections.abc import Sequence

from arraigo.apps.testplans.plan import Case


def with_words(scripted: Sequence[Case], words: Sequence[Case], *, by_program: bool) -> list[Case]:
    """All scripted cases, and those in words of requirements that no scripted one tests.

    Args:
        scripted: In their order.
        words: One for each requirement, in the document's order.
        by_program: There is a glossary: scripts are what the plan is for, and words take what room they leave. Else
            each requirement has one case before any has a second one.
    """
    if by_program:
        covered = {id_ for case in scripted for id_ in case.requirements}
        return [*scripted, *(case for case in words if not covered & set(case.requirements))]
    first: list[Case] = []
    rest: list[Case] = []
    covered = set()
    for case in scripted:
        (rest if covered.issuperset(case.requirements) else first).append(case)
        covered.update(case.requirements)
    return [*first, *(case for case in words if not covered & set(case.requirements)), *rest]
