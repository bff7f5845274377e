"""Which cases in words go with those that have a script."""

from collections.abc import Sequence

from arraigo.apps.testplans.plan import Case


def with_words(scripted: Sequence[Case], words: Sequence[Case], *, by_program: bool) -> list[Case]:
    """Scripted cases, and cases in words.

    Args:
        scripted: In their order.
        words: One for each requirement, in the document's order.
        by_program: There is a glossary: scripts are what the plan is for, and words are for requirements that no script
            tests, as far as there is room. Else people do the testing and the names are ours: what the document says of
            each requirement comes first, and then scripts of operations that some script is accepted by: where
            nothing is ever accepted, the operation was not understood, and a refusal says nothing.
    """
    if by_program:
        covered = {id_ for case in scripted for id_ in case.requirements}
        return [*scripted, *(case for case in words if not covered & set(case.requirements))]
    reached = {case.script[-1].operation for case in scripted if case.script and case.script[-1].expected.accepted}
    known = [case for case in scripted if {step.operation for step in case.script} <= reached]
    return [*words, *known]
