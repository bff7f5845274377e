"""Rows of a table of fields: a field, and cells that say what it is."""
# ruff: noqa: E501 - one pattern, one line

import re

from arraigo.apps.testplans.generator.model import Plain
from arraigo.apps.testplans.generator.understand.clauses import key, quoted
from arraigo.apps.testplans.generator.understand.inputs import forms
from arraigo.apps.testplans.generator.understand.inputs.line import line
from arraigo.apps.testplans.generator.understand.inputs.spec import Limit, Spec, spec
from arraigo.apps.testplans.generator.words import fold
from arraigo.apps.testplans.plan import Language

Row = dict[str, str]
_NAMES = re.compile(
    r"(?:nombre(?: del? (?:campo|dato))?|campo|field|dato|data|parametro|parameter|attribute|atributo|variable|input|entrada|"
    r"informacion|information|que se (?:pide|registra|informa)|item|elemento|name|what|label|etiqueta|columna|column|"
    r"property|propiedad)s?(?: name)?"
)
_MIN = re.compile(
    r"(?:valor )?(?:min|minimo|minima|minimum|desde|from|lower|least|smallest)\b.*|lower limit|limite inferior|(?:not )?below"
)
_MAX = re.compile(
    r"(?:valor )?(?:max|maximo|maxima|maximum|hasta|to|upper|most|largest)\b.*|upper limit|limite superior|(?:not )?above"
)
_MUST = re.compile(
    r"(?:es )?(?:obligatori|requerid|required|mandatory|compulsory|necesari|needed|optional|opcional|present)\w*\??"
)
_MESSAGE = re.compile(r"(?:mensaje|message|error|texto|notice|aviso|otherwise|si no|else|if not)\b.*")
_LENGTH = re.compile(r"(?:longitud|length|tamano|size|largo|caracteres|characters)\b.*")
_UNIT = re.compile(r"(?:unidad|unit|medida|measured in|in)s?\b.*")
_IDLE = re.compile(
    r"(?:ejemplo|example|sample|nota|note|comment|descripcion|description|significado|meaning|default|defecto|por defecto|sent by|source)\w*\b.*"
)
YES = frozenset(
    {
        "si",
        "yes",
        "true",
        "y",
        "s",
        "x",
        "verdadero",
        "✓",
        "✔",
        "required",
        "obligatorio",
        "mandatory",
        "always",
        "siempre",
    }
)
NO = frozenset({"no", "false", "n", "falso", "✗", "✘", "optional", "opcional"})
EMPTY = frozenset({"", "-", "—", "–", "n/a", "none", "ninguno", "ninguna", "no aplica", "any", "cualquiera"})


def head(cells: Row) -> str:
    """The head of the column that names fields, if it is told by its words."""
    return next((one for one in cells if _NAMES.fullmatch(re.sub(r"\(.*?\)", "", key(one)).strip())), "")


def read(cells: Row, name: str, language: Language) -> Spec:
    """What a row says of the field that stands under the head `name`."""
    made = Spec()
    for one, cell in cells.items():
        plain, told = re.sub(r"\(.*?\)", "", key(one)).strip(), key(cell)
        if one == name or told in EMPTY:
            continue
        if _MUST.fullmatch(plain):
            reverse = plain.startswith(("opt", "opc"))
            made.required = (told not in NO) != reverse if told in YES | NO else made.required
            made.asked = "" if told in YES | NO else cell
        elif _MESSAGE.fullmatch(plain):
            made.message = quoted(cell)
        elif _MIN.fullmatch(plain) or _MAX.fullmatch(plain):
            made.limits += _bound(cell, ">=" if _MIN.fullmatch(plain) else "<=", language)
        elif _UNIT.fullmatch(plain):
            _merge(made, Spec(kind="integer") if re.search(r"whole|enter[oa]", told) else Spec())
        else:
            _merge(
                made, _cell(cell, language, idle=bool(_IDLE.fullmatch(plain)), length=bool(_LENGTH.fullmatch(plain)))
            )
    if made.kind == "text":
        for limit in made.limits:
            limit.length = True
    return made


def _cell(cell: str, language: Language, *, idle: bool, length: bool) -> Spec:
    codes = re.split(r"\s*(?:,\s*(?:or |o |y |and )?|/|;| or | o | y | and )\s*", cell.strip("`* ."))
    if len(codes) > 1 and all(_COUNTED.fullmatch(code) for code in codes):
        return Spec(values=list(codes))
    found = spec(line(cell.strip("`* "), language))
    if length and not any(limit.length for limit in found.limits):
        figures = [token.value for token in line(cell, language).found if token.kind == "number"]
        if len(figures) == 1 and not found.limits:
            found.limits = [Limit("<=", figures[0], length=True)]
        for limit in found.limits:
            limit.length = True
    if idle:
        return Spec(kind=found.kind if found.kind in {"flag", "date", "time", "email"} else "", examples=found.examples)
    if (
        not found.limits
        and not found.shape
        and found.kind in {"", "text"}
        and found.decimals is None
        and not found.values
    ):
        found.values = _listed(cell)
        if not found.values and (mask := forms.masked(cell.strip())):
            found.shape = mask
    if found.kind in {"", "text"} and not found.says and _BARE.fullmatch(fold(cell)):
        found.kind = "text"
    return found


_COUNTED = re.compile(r"\d{1,4}[A-Z]{1,3}|[A-Z]{1,3}-?\d{1,4}[A-Z]?")  # 5K, 10K, A4
_BARE = re.compile(r"(?:varchar|char|str)\b.*")
_ITEM = re.compile(r"[«\"“'`]?[^\W\d][\w\- ]{0,30}[»\"”'`]?")


def _listed(cell: str) -> list[Plain]:
    """The values of a cell such as "saloon or van", "residencial, comercial", "gold / silver"."""
    cell = re.sub(
        r"^(?:one of|uno de|una de|either|choice:?|list:?|lista:?|opciones:?|enum:?)\s*:?\s*",
        "",
        cell.strip(" ."),
        flags=re.IGNORECASE,
    )
    pieces = re.split(r"\s*(?:,\s*(?:or|o|u|and|y)?\s+|/|\||;| or | o | u | y | and )\s*", cell)
    if len(pieces) < 2 or not all(_ITEM.fullmatch(piece) and len(piece.split()) <= 3 for piece in pieces):
        return []
    return [quoted(piece) for piece in pieces]


def _bound(cell: str, op: str, language: Language) -> list[Limit]:
    found = line(cell, language).found
    marks = [token for token in found if token.kind in {"number", "time", "date"}]
    if len(marks) != 1:
        return []
    token = marks[0]
    length = token.unit in {"character", "digit"}
    value: Plain = token.value if token.kind == "number" else token.raw
    return [Limit(op, value, "" if length else token.unit, length=length)]


_LEAST = re.compile(r"\b(?:min|minim[oa]s?|minimum|lowest|at least|desde|from)\b")
_MOST = re.compile(r"\b(?:max|maxim[oa]s?|maximum|highest|at most|up to|hasta|limit|limite)\b")


def bounds(head: str, cell: str, language: Language) -> list[Limit]:
    """The limits in a cell whose head says least or most, or that is a range."""
    plain = key(head)
    if _LEAST.search(plain) or _MOST.search(plain):
        return _bound(cell, ">=" if _LEAST.search(plain) else "<=", language)
    found = spec(line(cell, language))
    return found.limits if len(found.limits) > 1 and not found.lost else []


def _merge(made: Spec, other: Spec) -> None:
    stricter = {("number", "integer"), ("text", "email"), ("text", "date"), ("text", "time"), ("text", "flag")}
    if not made.kind or (made.kind, other.kind) in stricter:
        made.kind = other.kind or made.kind
    made.limits += other.limits
    made.values += [value for value in other.values if value not in made.values]
    made.decimals = other.decimals if other.decimals is not None else made.decimals
    made.step, made.step_unit = other.step or made.step, other.step_unit or made.step_unit
    made.shape, made.checked = other.shape or made.shape, other.checked or made.checked
    made.besides += other.besides
    made.required = other.required if other.required is not None else made.required
    made.message = other.message or made.message
    made.examples += other.examples
