"""Which quantity an operation gives back: "the desk answers with the priority", "se muestra el total", "I see ..."."""

import re
from dataclasses import dataclass
from decimal import Decimal

from arraigo.apps.testplans.generator.lexicon import ARTICLES, BE, FILLERS, at
from arraigo.apps.testplans.generator.understand.clauses import words
from arraigo.apps.testplans.generator.understand.values.money import MONEY_WORDS
from arraigo.apps.testplans.generator.understand.values.rounding import phrases
from arraigo.apps.testplans.generator.words import Token, stem

_ACTIVE = phrases(
    "answers with|answer with|responds with|respond with|replies with|returns|return|shows|show|displays|"
    "display|reports|"
    "report|gives back|outputs|prints|tells|see|sees|answers|states|announces|calculates and shows|reported as|"
    "devuelve|entrega|informa|muestra|responde con|responde|reporta|retorna|indica|arroja|presenta|anuncia|"
    "devuelven|entregan|informan|muestran|responda con|comunica|gives|says|devolvera|entregara|informara|mostrara|"
    "devolver|entregar|informar|mostrar|responder con|indicar"
)
_PASSIVE = phrases(
    "is returned|are returned|is shown|are shown|is reported|are reported|is displayed|is answered|is given back|"
    "and returned|and shown|and reported|se muestra|se devuelve|se informa|se entrega|se reporta|shall be returned|"
    "shall be shown|will be shown|will be returned|shall be reported|be shown|be returned"
)
_PERSONAS = frozenset(
    (
        "customer customers user users guest guests member visitor visitors technician driver passenger agent waiter "
        "student donor worker employee applicant patient reader borrower runner person buyer seller staff nurse camper "
        "cliente clientes usuario huesped socio tecnico conductor pasajero agente estudiante donante trabajador "
        "solicitante paciente lector afiliado asesor enfermera medico comprador sensores sensor sensors jefe operator "
        "table tabla matrix matriz section document example ejemplo operario operador cajero "
        "cashier clerk parent tenant inquilino scanner he she they you"
    ).split()
)
_MODALS = frozenset("shall must will should then also always debe deben entonces siempre tambien can".split())
_STOPS = frozenset(
    (
        "and y e when if cuando si al once which that que in en for para as como with con or o but pero is are es son "
        "after before by on upon to a at queda he while after"
    ).split()
)
_NOUNS = frozenset("muestra entrega reporta report show display answer answers returns return reports".split())
_EACH = frozenset("each every cada toda todo esta otra this that its su de of".split())
_COUNTS = frozenset("how cuantos cuantas many".split())
_WORDS_TOLD = frozenset("mensaje message error aviso warning texto text state estado screen pantalla".split())
_NONE = re.compile(r"\b0\b[^.;]{0,12}?\b(?:if|when|si|cuando|for|otherwise|en caso)\b|\b(?:if|si)\b[^.;]{0,40}[,:] 0\b")
_DULL = frozenset("new nuevo nueva final resulting resultante correspondiente following whole".split())


@dataclass(frozen=True, slots=True)
class Told:
    """What a sentence says is given back: a noun or a figure, and where in the sentence that ends."""

    noun: str
    words: tuple[str, ...]
    figure: Decimal | None
    start: int
    end: int
    default: bool
    percent: bool
    passive: bool = False


def told(tokens: list[Token]) -> Told | None:
    """What is given back, where the sentence says so."""
    plain = words(tokens)
    text = " ".join(token.text for token in tokens)
    percent = bool({"percent", "percentage", "porcentaje"} & set(plain))
    default = bool(_NONE.search(text))
    for i in range(len(plain)):
        size = at(plain, i, _PASSIVE)
        if size and plain[i] != "se":
            start = _back(tokens, i)
            noun = _noun(tokens[start:i])
            if noun and _quantity(noun):
                return Told(" ".join(noun), tuple(noun), None, start, i + size, default, percent, passive=True)
        size = 0 if size and plain[i] != "se" else at(plain, i, _ACTIVE) or size
        if not size or not _system(plain, i) or (i + size < len(tokens) and tokens[i + size].kind == "quote"):
            continue
        found = _object(tokens, i, i + size, default=default, percent=percent)
        if found is not None:
            return found
        if plain[i] == "se" and i:
            start = _back(tokens, i)
            noun = _noun(tokens[start:i])
            if noun and _quantity(noun):
                return Told(" ".join(noun), tuple(noun), None, start, i + size, default, percent, passive=True)
    return None


def _object(tokens: list[Token], start: int, i: int, *, default: bool, percent: bool) -> Told | None:
    plain = words(tokens)
    while i < len(tokens) and (plain[i] in ARTICLES | {"only", "solo", "with", "con", ":"}):
        i += 1
    if i >= len(tokens) or tokens[i].kind == "quote" or plain[i] in {"que", "whether", "if", "si", "that"}:
        return None
    if tokens[i].kind == "number" and tokens[i].value is not None:
        return Told("", (), tokens[i].value, start, i + 1, default, percent)
    if plain[i] in _COUNTS:
        return None
    if plain[i] in {"what", "lo"}:
        return Told("amount", ("amount",), None, start, i + 1, default, percent)
    end = i
    while end < len(tokens) and tokens[end].kind == "word" and plain[end] not in _STOPS and end - i < 7:
        end += 1
    noun = _noun(tokens[i:end])
    if not noun or set(noun) & _WORDS_TOLD:
        return None
    return Told(" ".join(noun), tuple(noun), None, start, end, default, percent)


def _noun(tokens: list[Token]) -> list[str]:
    found = [token.text for token in tokens if token.kind == "word"]
    while found and (found[0] in ARTICLES | FILLERS | _DULL):
        found = found[1:]
    while found and (found[-1] in ARTICLES | FILLERS | {"que", "that"}):
        found = found[:-1]
    return found


def _back(tokens: list[Token], i: int) -> int:
    """Where the words before a passive verb begin."""
    start = i
    while start and tokens[start - 1].kind == "word" and i - start < 6 and tokens[start - 1].text not in BE:
        start -= 1
    if start and tokens[start - 1].text == "," and start >= 2:  # "The price, rounded to the cent, is returned"
        before = start - 1
        while before and tokens[before - 1].text not in {",", ".", ";"}:
            before -= 1
        if before >= 2 and tokens[before - 1].text == ",":
            return _back(tokens, before - 1)
    return start


def _quantity(noun: list[str]) -> bool:
    return bool({stem(word) for word in noun} & MONEY_WORDS) or noun[-1:] in (["it"], ["both"])


def _system(plain: list[str], i: int) -> bool:
    """Whether it is the system that says so, not one of the people who use it."""
    if plain[i] in _NOUNS and i and plain[i - 1] in ARTICLES | _EACH:
        return False  # "la muestra recibida" shows nothing
    if plain[i] in {"indica", "indican", "indicar"} and i and plain[i - 1] == "se":
        return False  # what is entered
    j = i - 1
    while j >= 0 and plain[j] in _MODALS | {"not", "lo", "le", "se", "me", "nos"}:
        j -= 1
    if j < 0:
        return True
    if plain[i] in {"see", "sees"}:
        return plain[j] in {"i", "we"}
    if plain[i].endswith("r") and plain[i] != "answer":
        return plain[i - 1] in {"debe", "debera", "deben"} or (plain[i - 1] in {"y", "e"} and "debe" in plain[:i])
    if plain[i] in {"return", "show", "report", "display", "states", "gives", "says", "tells", "answer"}:
        modal = plain[i - 1] in _MODALS or plain[i - 1] in {"and", "y"}
        return (modal or plain[i].endswith("s")) and plain[j] not in _PERSONAS
    return plain[j] not in _PERSONAS and plain[j] not in {"of", "no", "never", "nunca", "to"}
