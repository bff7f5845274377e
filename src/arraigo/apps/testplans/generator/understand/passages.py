"""All that a document says, in its order, as what `understand` reads: requirements and what stands beside them."""

import re
from collections.abc import Sequence

from arraigo.apps.testplans.generator.understand.clauses import key
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
    requirements = [_spoken(one) for one in requirements]
    prose = " ".join(_NEW_SENTENCE.sub(" ", one.text) for one in requirements if cells_of(one) is None)
    for requirement in (_spelled(one, prose) for one in requirements):
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


_TOPIC = re.compile(
    r"(?:topic|area|module|feature|function|section|chapter|group|component|process|use case|screen|tema|modulo|"
    r"funcion|funcionalidad|seccion|apartado|capitulo|grupo|componente|proceso|caso de uso|pantalla)"
)
_NEW_SENTENCE = re.compile(r"(?:^|[.:!?\"“«'‘]\s*)[^\W\d_]\w*")  # a word that is capital because of its place


def _spelled(requirement: Requirement, prose: str) -> Requirement:
    """A row whose cells begin with a capital only because they are cells: "Small" where the text says "small"."""
    cells = cells_of(requirement)
    if cells is None:
        return requirement
    lower = {
        cell: cell.lower()
        for cell in cells.values()
        if re.fullmatch(r"[^\W\d_][^\W\d_A-Z]+(?:[ -][^\W\d_A-Z]+){0,2}", cell)
        and cell[0].isupper()
        and re.search(rf"\b{re.escape(cell.lower())}\b", prose)
        and not re.search(rf"\b{re.escape(cell)}\b", prose)
    }
    if not lower:
        return requirement
    text = requirement.text
    for cell, plain in lower.items():
        text = re.sub(rf"(?<=: ){re.escape(cell)}(?=[;.]|$)", plain, text)
    kept = requirement.row
    if kept is not None:
        kept = kept.model_copy(update={"cells": {head: lower.get(cell, cell) for head, cell in kept.cells.items()}})
    return requirement.model_copy(update={"text": text, "row": kept})


def _spoken(requirement: Requirement) -> Requirement:
    """A row of a register (id, topic, requirement, priority ...) is the sentences in it; a message goes with them."""
    cells = requirement.row.cells if requirement.row is not None else {}
    said = [cell for head, cell in cells.items() if is_sentence(cell, head)]
    if len(said) != 1:
        return requirement
    text = said[0] if re.search(r"[.!?]$", said[0]) else f"{said[0]}."
    told = (cell for head, cell in cells.items() if sort(head) == "message" and cell.strip(" -–—.") and cell != said[0])
    text += "".join(_TOLD[requirement.language].format(cell.strip("\"“”«»'. ")) for cell in told)
    topic = next((cell.strip() for head, cell in cells.items() if _TOPIC.fullmatch(key(head))), "")
    section = f"{requirement.place.section} > {topic}" if topic else requirement.place.section
    place = requirement.place.model_copy(update={"section": section})
    return requirement.model_copy(update={"text": text, "row": None, "place": place})


def cells_of(requirement: Requirement) -> Row | None:
    """The cells of a table's row by their heads; None where the requirement is none."""
    return dict(requirement.row.cells) if requirement.row is not None else row(requirement.text)
