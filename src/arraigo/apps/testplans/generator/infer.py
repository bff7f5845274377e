"""Names of operations and fields from the document itself, where there is no glossary."""

import re
from collections.abc import Iterator, Mapping, Sequence

from arraigo.apps.testplans.generator.understand.passages import cells_of
from arraigo.apps.testplans.generator.understand.tables import sort
from arraigo.apps.testplans.generator.words import fold, stem
from arraigo.apps.testplans.plan import Glossary, Operation, Requirement
from arraigo.apps.testplans.requirements.sections import identified
from arraigo.apps.testplans.requirements.words.sections import without_number

_ARTICLE = r"(?:el|la|los|las|the|an?|una?|su|sus|its|their|each|cada|todo|toda)\s+"
_OF = r"(?:de\s+(?:la\s+|los\s+|las\s+)?|del\s+|of\s+(?:the\s+|an?\s+)?)?"
_WORD = r"[a-z_]{3,}"
_SUBJECT = re.compile(
    rf"(?:^|[,;.:]\s+|\b(?:if|when|si|cuando|and|y)\s+)(?:{_ARTICLE})(?P<name>{_WORD}(?:\s+{_OF}{_WORD})?)\s+"
    r"(?:must|should|shall|may|can|cannot|has to|is|are|debe|deben|no puede|puede|tiene que|es|son|sea|esta|supera|"
    r"exceeds|ranges?)\b"
)
# A sentence that limits its subject: the subject is something that is entered.
_LIMITS = re.compile(
    r"\d|\b(?:entero|whole|numero|number|obligatori\w+|required|mandatory|opcional|optional|uno de|una de|"
    r"one of|formato|format|caracteres|characters|yes or no|si o no|puede ser|fecha|date)\b"
)
_LISTED = re.compile(
    r"\b(?:indicando|con|giving|with|by|stating|states|indica|registra|informa|se requieren|se registran|se piden|"
    r"provides|entering|enters|proporciona)\s+(?P<list>[^.;:]{8,200})"
)
_ENTRY = re.compile(rf"(?:^|:\s+)(?:{_ARTICLE})?(?P<name>{_WORD}(?:[ -]{_OF}{_WORD})?):\s+[^:]+$")
_VERB = r"[a-z]{3,}(?:ar|er|ir)(?=se\b|\b)"
_ACTION = re.compile(
    rf"\b(?:(?:permitir(?:a)?|permite|puede[n]?|podra[n]?|poder|quiero|para|al)\s+(?P<es>{_VERB})"
    r"|(?:can|may|allows?[^.]{0,25}? to|able to|want to|let (?:an? |the )?[a-z]+)\s+(?:be )?(?P<en>[a-z]{3,}))"
    rf"(?:se)?(?:\s+(?:{_ARTICLE})(?P<noun>{_WORD}))?"
)
# What an action leaves behind, or what limits it.
_CHANGES = re.compile(r"\d|\b(?:queda|pasa|vuelve|cambia|becomes?|moves?|goes|changes?|returns?)\b|→")
_KEEPS = re.compile(
    r"^(?:el sistema|the system|la aplicacion|the application) (?:guarda|conserva|muestra|keeps|stores|logs|shows)\b"
)
_TITLE = re.compile(
    r"(?:(?P<verb>[a-z]{2,}(?:ar|er|ir))|(?P<noun>[a-z]{4,}(?:cion|sion|miento|ing|tion|ment|wal)|registro|pago|alta|"
    rf"baja|envio|retiro|reserva|payment|refund|purchase|check-?in|check-?out))s?(?:\s+{_OF}(?:{_ARTICLE})?(?P<what>{_WORD}))?\s*"
)
_NO_FIELD = frozenset(
    (
        "system sistema usuario user customer cliente application solicitud aplicacion request message club total "
        "mensaje operation operacion document following siguiente siguientes result resultado price precio interfaz "
        "costo cost fee tarifa descuento discount it they this that interface one number numero entero whole "
        "administrador administrator texts textos"
    ).split()
)
_NO_VERB = frozenset(
    (
        "ser estar have has been not only also tener haber superar contener exceed contain range include incluir estas "
        "poder deber let use usar ver see read happen given done longer left missing "
        "without never only party tercer primer"
    ).split()
)
_LONGEST = 40


def glossary(requirements: Sequence[Requirement]) -> Glossary:
    """Operations by what sections are called, what tables of states name, and what somebody may do; with their fields.

    A field belongs to the operation that its sentence names, else to its section's, else to the first one.
    """
    found: dict[str, dict[str, None]] = {}
    orphans: dict[str, None] = {}
    for requirement in requirements:
        titled = _titled(requirement.place.section)
        fields = list(_fields(requirement))
        named = [*_actions(requirement, sure=bool(fields))]
        about = named[:1] or ([titled] if titled else [])
        for operation in [*named, *([titled] if titled and fields else [])]:
            found.setdefault(operation, {})
        for field in fields:
            (found[about[0]] if about else orphans)[field] = None
    if not found:
        title = _snake(requirements[0].place.section.split(" > ")[-1]) if requirements else ""
        found[title or "operation"] = {}
    first = next(iter(found))
    found = _once(found)
    found[first] = {
        **found[first],
        **{name: None for name in orphans if not any(name in one for one in found.values())},
    }
    return Glossary(operations={name: Operation(fields=tuple(fields)) for name, fields in found.items()})


def _once(found: Mapping[str, dict[str, None]]) -> dict[str, dict[str, None]]:
    """The operations, those of one verb as one: cancelar, cancelación, cancelar_reserva."""
    names: dict[str, str] = {}
    made: dict[str, dict[str, None]] = {}
    for operation, fields in found.items():
        name = names.setdefault(stem(operation.partition("_")[0]), operation)
        made.setdefault(name, {}).update(fields)
    return made


def _titled(section: str) -> str:
    """The operation that a heading names ("Crear una reserva", "Opening a ticket"); empty where it names none."""
    title = fold(identified(without_number(section.rpartition(" > ")[2]))[1] or section.rpartition(" > ")[2])
    match = _TITLE.fullmatch(re.sub(r"^[a-z]{1,4}-?\d+\s+", "", title))
    if not match:
        return ""
    return _snake(" ".join(filter(None, (match["verb"] or match["noun"] or title.split()[0], match["what"]))))


def _actions(requirement: Requirement, *, sure: bool) -> Iterator[str]:
    """What somebody may do, where something is entered or the state changes; the events of a table of states."""
    cells = cells_of(requirement)
    if cells is not None:
        events = [cell for head, cell in cells.items() if sort(head) == "event"]
        if any(sort(head) in {"from", "to"} for head in cells):
            yield from (_snake(one) for one in events if one[:1].isalpha())
        return
    if not sure and not _CHANGES.search(fold(requirement.text)):
        return
    for match in _ACTION.finditer(fold(requirement.text)):
        verb = match["es"] or match["en"]
        if verb not in _NO_VERB:
            yield _snake(" ".join(filter(None, (verb, match["noun"]))))


def _fields(requirement: Requirement) -> Iterator[str]:
    cells = cells_of(requirement)
    if cells is not None:
        yield from (_snake(cell) for head, cell in cells.items() if sort(head) == "field")
        return
    text = fold(requirement.text)
    entry = _ENTRY.search(text.rstrip("."))
    if entry and requirement.lead:
        yield _snake(entry["name"])
        return
    for match in _LISTED.finditer("" if _KEEPS.match(text) else text):
        pieces = re.split(r",\s*|\s+(?:y|and|e)\s+", match["list"])
        named = [
            re.fullmatch(rf"\s*(?:{_ARTICLE})?(?P<name>{_WORD}(?:\s+{_OF}{_WORD})?)\s*", piece) for piece in pieces
        ]
        if len(pieces) > 2:  # a list, and not "with a message"
            yield from (_snake(one["name"]) for one in named if one and not _dull(one["name"]))
    for match in _SUBJECT.finditer(text):
        if _LIMITS.search(text, match.end("name")) and not _dull(match["name"]):
            yield _snake(match["name"])


def _dull(name: str) -> bool:
    return bool(set(name.split()) & _NO_FIELD)


def _snake(text: str) -> str:
    plain = re.sub(r"\b(?:de|del|of|the|la|el|los|las|an?|una?)\b", " ", re.sub(r"\(.*?\)", "", fold(text)))
    return re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:_LONGEST]
