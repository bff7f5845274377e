"""Names of operations and fields from the document itself, where there is no glossary."""

import re
from collections.abc import Sequence

from arraigo.apps.testplans.generator.understand.passages import cells_of
from arraigo.apps.testplans.generator.understand.tables import sort
from arraigo.apps.testplans.generator.words import fold
from arraigo.apps.testplans.plan import Glossary, Operation, Requirement

_ARTICLE = r"(?:el|la|los|las|the|an?|una?|su|sus|its|their|each|cada|todo|toda)\s+"
_WORD = r"[a-z_]{3,}"
_SUBJECT = re.compile(
    rf"(?:^|[,;.:]\s+|\b(?:if|when|si|cuando|and|y)\s+)(?:{_ARTICLE})(?P<name>{_WORD}(?:\s+(?:de\s+|del\s+|of\s+(?:the\s+)?)?{_WORD})?)\s+"
    r"(?:must|should|shall|may|can|cannot|has to|is|are|debe|deben|no puede|puede|tiene que|"
    r"es|son|sea|esta|supera|exceeds|ranges?)\b"
)
_LISTED = re.compile(
    r"\b(?:indicando|con|giving|with|stating|states|indica|registra|se requieren|provides|"
    r"entering|proporciona)\s+(?P<list>[^.;:]{8,200})"
)
_ACTION = re.compile(
    r"\b(?:permitir(?:a)?|permite|puede[n]?|podra[n]?|can|may|allows?[^.]{0,25}? to|able to|"
    r"must allow[^.]{0,25}? to|wants? to|quiero|para)\s+"
    rf"(?P<verb>[a-z]{{3,}}(?:ar|er|ir)\b|(?<=to )[a-z]{{3,}}|(?<=can )[a-z]{{3,}}|(?<=may )[a-z]{{3,}})"
    rf"(?:\s+(?:{_ARTICLE})(?P<noun>{_WORD}))?"
)
_NO_FIELD = frozenset(
    (
        "system sistema usuario user customer cliente application solicitud aplicacion request message "
        "mensaje operation operacion document following siguiente siguientes result resultado price precio "
        "total costo cost fee tarifa descuento discount it they this that"
    ).split()
)
_NO_VERB = frozenset(
    (
        "ser estar have has been not only also tener haber superar contener exceed contain range include incluir estas"
    ).split()
)


def glossary(requirements: Sequence[Requirement]) -> Glossary:
    """One operation for each action that the document allows, with the fields that are spoken of."""
    fields: dict[str, None] = {}
    actions: dict[str, set[str]] = {}
    for requirement in requirements:
        text = fold(requirement.text)
        cells = cells_of(requirement)
        if cells is not None:
            fields |= {_snake(cell): None for head, cell in cells.items() if sort(head) == "field"}
            continue
        for match in _ACTION.finditer(text):
            if match["verb"] not in _NO_VERB:
                name = _snake(" ".join(filter(None, (match["verb"], match["noun"]))))
                actions.setdefault(name, set())
        for match in _LISTED.finditer(text):
            for piece in re.split(r",\s*|\s+(?:y|and|e)\s+", match["list"]):
                found = re.fullmatch(rf"\s*(?:{_ARTICLE})(?P<name>{_WORD}(?:\s+(?:de\s+|of\s+)?{_WORD})?)\s*", piece)
                if found:
                    _add(fields, found["name"])
        for match in _SUBJECT.finditer(text):
            _add(fields, match["name"])
    title = _snake(requirements[0].place.section.split(" > ")[-1]) if requirements else ""
    names = [*actions, title or "operation"]
    return Glossary(operations={name: Operation(fields=tuple(fields)) for name in names[:1]})


def _add(fields: dict[str, None], name: str) -> None:
    words = [word for word in name.split() if word not in {"de", "del", "of", "the"}]
    if words and not set(words) & _NO_FIELD:
        fields[_snake(" ".join(words))] = None


def _snake(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", re.sub(r"\(.*?\)", "", fold(text))).strip("_")[:40]
