"""All that a document says, in its order, as what `understand` reads: requirements and what stands beside them."""

from collections.abc import Sequence

from arraigo.apps.testplans.generator.understand.tables import Row, row
from arraigo.apps.testplans.plan import Place, Requirement


def passages(requirements: Sequence[Requirement]) -> list[Requirement]:
    """Each requirement after what is told beside it, which has its id and is not testable; examples are left out.

    A lead ("The fare is worked out in this order:") is a passage of its own before the first entry of its list, and
    an entry that is a sentence without it is read without it.
    """
    made: list[Requirement] = []
    lead = ""
    for requirement in requirements:
        made += [
            requirement.model_copy(
                update={
                    "text": one.text,
                    "place": Place(section=one.section, line=requirement.place.line),
                    "row": one.row,
                    "lead": "",
                    "testable": False,
                }
            )
            for one in requirement.beside
            if one.kind == "told"
        ]
        entry = requirement.text.removeprefix(requirement.lead).strip()
        if not requirement.lead or not entry or not entry[0].isupper():
            made.append(requirement)
        else:
            if requirement.lead != lead:
                made.append(requirement.model_copy(update={"text": requirement.lead, "testable": False}))
            made.append(requirement.model_copy(update={"text": entry}))
        lead = requirement.lead
    return made


def cells_of(requirement: Requirement) -> Row | None:
    """The cells of a table's row by their heads; None where the requirement is none."""
    return dict(requirement.row.cells) if requirement.row is not None else row(requirement.text)
