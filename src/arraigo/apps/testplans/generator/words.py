"""Words of Spanish and English requirements: folding, light stemming, tokens with numbers, units and quotations."""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Literal, cast

from arraigo.apps.testplans.plan import Language

Kind = Literal["word", "number", "quote", "time", "date", "mark"]


@lru_cache(maxsize=50_000)
def fold(text: str) -> str:
    """Lower case without accents, of the same length as `text`."""
    return "".join((unicodedata.normalize("NFD", c)[0].lower() or c)[0] for c in text)


_ENDINGS = (
    *("aciones", "iciones", "uciones", "amientos", "imientos", "acion", "icion", "ucion", "amiento", "imiento"),
    *("ations", "ation", "itions", "ition", "mente", "ments", "ment", "iendo", "ando", "ieron", "aron", "ings", "ing"),
    *("ados", "adas", "idos", "idas", "ado", "ada", "ido", "ida", "adores", "ador", "ancia", "encia", "ion", "al"),
    *("aran", "eran", "iran", "ara", "era", "ira", "ase", "iese", "ar", "er", "ir", "ed", "an", "en"),
)
_VOWELS = "aeiouy"
_CLITIC = re.compile(r"r(?:lo|la|los|las|le|les|se)$")

_BROKEN = re.compile(r"(?<=[^qgaeiou])(?:ue|ie)(?=[^aeiou][a-z])")  # renueva, renovar; cierra, cerrar


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """The stem of one folded word: enough that cancel, cancelled, cancelar and cancelación meet."""
    root = _CLITIC.sub("r", word) if len(word) > 6 else word
    if len(root) > 4 and root.endswith(("ses", "zes", "xes", "res", "les", "nes", "des")):
        root = root[:-2]
    elif len(root) > 3 and root.endswith("s") and not root.endswith("ss"):
        root = root[:-1]
    if len(root) > 4:
        root = _BROKEN.sub(lambda match: "o" if match.group() == "ue" else "e", root)
    for ending in _ENDINGS:
        if root.endswith(ending) and len(root) - len(ending) >= 3:
            root = root[: -len(ending)]
            if ending in {"ed", "ing", "ings"} and root.endswith(("er", "ar", "ir")) and len(root) > 4:
                root = root[:-2]
            break
    while len(root) > 3 and root[-1] in _VOWELS:
        root = root[:-1]
    if len(root) > 3 and root[-1] == root[-2] and root[-1] not in "sl":
        root = root[:-1]
    if len(root) > 4 and root.endswith("ll"):
        root = root[:-1]
    if root.endswith(("script", "scrip")):
        root = root[: root.rindex("scrip")] + "scrib"  # prescription, prescribe; inscripción, inscribir
    if len(root) > 3 and root.endswith("qu"):
        root = root[:-2] + "c"
    return root


@dataclass(frozen=True, slots=True)
class Token:
    """A word, a number with its unit, or a quotation; `start` and `end` are places in the sentence."""

    kind: Kind
    text: str  # folded, without quotation marks
    raw: str
    start: int
    end: int
    value: Decimal | None = None
    unit: str = ""  # folded: %, kg, mes; a currency is "$"

    @property
    def stem(self) -> str:
        """The word's stem."""
        return stem(self.text)


_TOKEN = re.compile(
    r"(?P<quote>\"[^\"\n]+\"|“[^”\n]+”|«[^»\n]+»|`[^`\n]+`|‘[^’\n]+’|(?<!\w)'[^'\n]+'(?!\w))"
    r"|(?P<date>\b\d{4}-\d{2}-\d{2}\b)"
    r"|(?P<time>\b\d{1,2}:\d{2}\b)"
    r"|(?P<number>(?<![\w.,])-?\d{1,3}(?:[  ' ]\d{3})+(?:[.,]\d+)?(?!\w)|(?<![\w])-?\d+(?:[.,]\d+)*)"
    r"|(?P<word>[^\W\d_][\w]*(?:[-'’][^\W\d_][\w]*)*)"
    r"|(?P<mark><=|>=|!=|==|->|=>|[^\w\s])"
)

SMALL = {
    **{w: n for n, w in enumerate(("zero one two three four five six seven eight nine ten eleven twelve").split())},
    **{w: n for n, w in enumerate(("cero uno dos tres cuatro cinco seis siete ocho nueve diez").split())},
    "fifteen": 15,
    "quince": 15,
    "veinte": 20,
    "twenty": 20,
    "treinta": 30,
    "thirty": 30,
    "doce": 12,
    "cuarenta": 40,
    "forty": 40,
    "cincuenta": 50,
    "fifty": 50,
    "sesenta": 60,
    "sixty": 60,
    "cien": 100,
    "hundred": 100,
    "catorce": 14,
    "fourteen": 14,
    "eighteen": 18,
    "dieciocho": 18,
    "setenta": 70,
    "ochenta": 80,
    "noventa": 90,
    "ninety": 90,
    "veinticuatro": 24,
    "cuarentena": 40,
    "trece": 13,
    "thirteen": 13,
    "sixteen": 16,
    "dieciseis": 16,
    "mil": 1000,
}
_SCALE = {"mil": 1000, "thousand": 1000, "millon": 10**6, "millones": 10**6, "million": 10**6, "k": 1000}
_MONEY = {
    "$",
    "€",
    "£",
    "usd",
    "eur",
    "gbp",
    "cop",
    "mxn",
    "ars",
    "clp",
    "pen",
    "pesos",
    "dolares",
    "dolar",
    "dollars",
    "dollar",
    "euros",
    "euro",
    "pounds",
    "soles",
    "¢",
}
_UNITS = {
    **dict.fromkeys(["%", "percent", "porciento"], "%"),
    **dict.fromkeys(("kg kgs kilo kilos kilogram kilograms kilogramo kilogramos").split(), "kg"),
    **dict.fromkeys(["g", "grams", "gramos", "gr"], "g"),
    **dict.fromkeys(["km", "kilometres", "kilometers", "kilometros", "kilometro", "kilometre", "kilometer"], "km"),
    **dict.fromkeys(["cm", "centimetres", "centimeters", "centimetros"], "cm"),
    **dict.fromkeys(["min", "mins", "minute", "minutes", "minuto", "minutos"], "minute"),
    **dict.fromkeys(["h", "hr", "hrs", "hour", "hours", "hora", "horas"], "hour"),
    **dict.fromkeys(["s", "sec", "second", "seconds", "segundo", "segundos"], "second"),
    **dict.fromkeys(["day", "days", "dia", "dias"], "day"),
    **dict.fromkeys(["night", "nights", "noche", "noches"], "night"),
    **dict.fromkeys(["week", "weeks", "semana", "semanas"], "week"),
    **dict.fromkeys(["month", "months", "mes", "meses"], "month"),
    **dict.fromkeys(["year", "years", "ano", "anos", "year-old"], "year"),
    **dict.fromkeys(["character", "characters", "caracter", "caracteres", "chars", "letters", "letras"], "character"),
    **dict.fromkeys(["digit", "digits", "digito", "digitos"], "digit"),
    **dict.fromkeys(["°c", "°f", "degrees", "grados", "degree", "grado", "°"], "degree"),
    **dict.fromkeys(["litre", "litres", "liter", "liters", "litro", "litros", "l"], "litre"),
    **dict.fromkeys(["kwh"], "kwh"),
    **dict.fromkeys(["m3"], "m3"),
    **dict.fromkeys(["m", "metres", "meters", "metros", "metre", "metro"], "metre"),
}


_SINGULAR = frozenset(("day dia month mes hour hora minute minuto week semana year ano").split())


def number(text: str, language: Language) -> Decimal:
    """The number that `text` writes: of two kinds of separators the last is the decimal one, else by the language."""
    plain = re.sub(r"[  ' ]", "", text)
    comma, dot = plain.rfind(","), plain.rfind(".")
    thousands, decimal = (".", ",") if language == "es" else (",", ".")
    if comma >= 0 and dot >= 0:
        thousands, decimal = (",", ".") if dot > comma else (".", ",")
    elif comma >= 0 or dot >= 0:
        mark = "," if comma >= 0 else "."
        grouped = re.fullmatch(rf"-?\d{{1,3}}(?:\{mark}\d{{3}})+", plain)
        if plain.count(mark) > 1 or (grouped and mark == thousands and not plain.startswith(("0", "-0"))):
            thousands, decimal = mark, "." if mark == "," else ","
        else:
            thousands, decimal = ("." if mark == "," else ","), mark
    return Decimal(plain.replace(thousands, "").replace(decimal, "."))


_ONE_OF = re.compile(r"(?:one|uno|una)(?:\s+(?:of|de|is|can|may|that|which|que)\b|\s*(?:[.,;:]|$))", re.IGNORECASE)
_GLUED = re.compile(r"(?:kg|g|km|cm|mm|m3|m|h|hrs?|min|s|k|kwh|l|usd|eur|cop|ms)\b", re.IGNORECASE)
_CUBIC = re.compile(r"\b(?:metros?\s+c[uú]bicos?|cubic\s+met(?:re|er)s?|m³)", re.IGNORECASE)


def metric(text: str) -> str:
    """The text with "cubic metres" as the unit m3: what the places of tokens count in."""
    return _CUBIC.sub("m3", text)


def inflected(text: str, word: str) -> bool:
    """Whether two folded words differ at most in gender and number."""

    def bare(one: str) -> str:
        one = one[:-2] if one.endswith("es") and len(one) > 5 else one.rstrip("s") if len(one) > 3 else one
        return one[:-1] if len(one) > 4 and one[-1] in "aoe" else one

    return text == word or bare(text) == bare(word)


def _kind(match: re.Match[str]) -> Kind:
    return cast("Kind", match.lastgroup or "mark")  # the names of the groups are the kinds


def tokens(text: str, language: Language) -> list[Token]:
    """The tokens of one sentence; a number takes its unit, scale and currency sign with it."""
    found: list[Token] = []
    text = metric(text)
    for match in _TOKEN.finditer(text):
        raw, kind, value = match.group(), _kind(match), None
        start, end = match.span()
        if kind == "number" and re.match(r"[A-Za-z]", text[end : end + 1]) and not re.match(_GLUED, text[end:]):
            kind = "word"  # "3D"
        if kind == "number":
            value = number(raw, language)
        elif kind == "word" and fold(raw) in SMALL and not _ONE_OF.match(text, start):
            kind, value = "number", Decimal(SMALL[fold(raw)])
        if kind == "quote":
            raw = raw[1:-1].strip()
        elif kind == "time" and len(raw) == 4:
            raw = "0" + raw
        found.append(Token(kind, fold(raw), raw, start, end, value))
    return _with_units(found)


def _with_units(found: list[Token]) -> list[Token]:
    merged: list[Token] = []
    i = 0
    while i < len(found):
        token = found[i]
        i += 1
        if token.kind != "number" or token.value is None:
            merged.append(token)
            continue
        value, unit, start, end = token.value, "", token.start, token.end
        if merged and merged[-1].text in {"$", "€", "£", "usd", "eur", "cop"}:
            unit, start = "$", merged.pop().start
        while i < len(found):
            after = found[i].text
            if after in _SCALE and found[i].kind in {"word", "number"}:
                value *= _SCALE[after]
            elif after in _MONEY:
                unit = "$"
            elif not unit and after in _UNITS and (found[i].raw not in {"L", "M"}):
                unit = _UNITS[after]
            elif not unit and after == "por" and i + 1 < len(found) and found[i + 1].text == "ciento":
                unit, i = "%", i + 1
            elif after == "de" and i + 1 < len(found) and (found[i + 1].text in _MONEY or found[i + 1].text in _UNITS):
                pass
            elif after == "°":
                unit = "degree"
            else:
                break
            end = found[i].end
            i += 1
        if not unit and merged and merged[-1].text in _SINGULAR:
            unit = _UNITS[merged[-1].text]  # "day 6"
        merged.append(Token("number", token.text, token.raw, start, end, value, unit))
    return merged


def unit_of(word: str) -> str:
    """The unit that a folded word names, or nothing."""
    return "$" if word in _MONEY else _UNITS.get(word, "")
