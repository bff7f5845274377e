"""All that a document says, in its order, as what `understand` reads: requirements and what stands beside them."""

import re
from collections.abc import Sequence

from arraigo.apps.testplans.generator.understand.tables import Row, row, sort
from arraigo.apps.testplans.plan import Place, Requirement
from arraigo.apps.testplans.requirements.tables import is_sentence
from arraigo.apps.testplans.requirements.words.sections import begins_an_example

_TOLD = {"es": " El mensaje es «{}».", "en": ' The message is "{}".'}


def passages(requirements: Sequence[Requirement]) -> list[Requirement]:
    """Each requirement after what is told beside it, which has its id and is not testable; examples are left out.

    A lead ("The fare is worked out in this order:") is a passage of its own before the first entry of its list, and
    an entry that is a sentence without it is read without it.
    """
    made: list[Requirement] = []
    lead = ""
    for requirement in map(_spoken, requirements):
        if requirement.row is None and begins_an_example(requirement.text):
            continue
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


def _spoken(requirement: Requirement) -> Requirement:
    """A row of a register (id, topic, requirement, priority ...) is the sentences in it; a message goes with them."""
    cells = requirement.row.cells if requirement.row is not None else {}
    said = [cell for head, cell in cells.items() if is_sentence(cell, head)]
    if len(said) != 1:
        return requirement
    text = said[0] if re.search(r"[.!?]$", said[0]) else f"{said[0]}."
    told = (cell for head, cell in cells.items() if sort(head) == "message" and cell.strip(" -–—.") and cell != said[0])
    text += "".join(_TOLD[requirement.language].format(cell.strip("\"“”«»'. ")) for cell in told)
    return requirement.model_copy(update={"text": text, "row": None})


def cells_of(requirement: Requirement) -> Row | None:
    """The cells of a table's row by their heads; None where the requirement is none."""
    return dict(requirement.row.cells) if requirement.row is not None else row(requirement.text)
