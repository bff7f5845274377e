"""The form of a text, as people spell it out: "the letters TEC, a hyphen and four digits", "a six-digit key"."""
# ruff: noqa: E501 - one pattern, one line

import re

from arraigo.apps.testplans.generator.understand.inputs.line import Line, N
from arraigo.apps.testplans.generator.words import SMALL

_LETTERS = r"(?:letters?|letras?)"
_CASE = r"(?:upper ?case|capital|mayusculas?|minusculas?|lower ?case|in capitals|en mayusculas?|upper-case)"
_DIGITS = r"(?:digits?|digitos?|cifras|figures?|numbers?|numeros?|numerals?)"
_BOTH = (
    rf"(?:(?:{_LETTERS}|{_DIGITS}) (?:or|and|y|o|and/or|u) (?:{_LETTERS}|{_DIGITS})|alphanumeric(?: characters)?|"
    r"(?:caracteres )?alfanumericos?)"
)
_SIGNS = {
    "+": r"plus sign|signo mas|\+",
    "-": "hyphen|guion|dash|-", "/": "slash|barra|diagonal", " ": "space|espacio|blank", ".": "dot|punto|full stop",
    "_": "underscore|guion bajo",
}  # fmt: skip
_SIGN = "|".join(f"(?:{words})" for words in _SIGNS.values())
_ONE = r"(?:a|an|one|una?|the|la|el|its|su)"
_PIECES = [
    ("upto", rf"(?:between |from |de |entre )?(?P<low>{N}) (?:to|a|and|y|or|o|-) (?P<high>#\d+)~?(?P<of>{_DIGITS}|{_LETTERS})"),
    ("class", rf"(?:{_ONE} )?(?:{_CASE} )?(?:letter|letra) (?:(?:from|between|de|entre|de la) )(?:la )?(?P<x>[a-z]) (?:to|and|a|y|a la) (?:la )?(?P<y>[a-z])(?= |$)"),
    ("class", rf"(?:{_ONE} )?(?:letter|letra) (?P<set>[a-z](?: (?:, )?(?:or |o |, )*[a-z])+)(?= [^a-z]| which| and| y|$)"),
    ("literal", rf"(?:the |las? |los )?(?:{_CASE} )?(?:letters?|letras?|prefix|prefijo) (?P<raw>[a-z]{{1,5}})(?= |$)"),
    ("literal", rf"(?:the |las? )?(?:{_LETTERS}|prefix|prefijo|code|text|texto) (?P<quote>@\d+)"),
    ("either", r"(?:either |bien )?(?P<any>[a-z]{1,5}(?:(?: or| o| ,)+ [a-z]{1,5})+)(?= |$)"),
    ("check", r"(?:a |un |one |the |el )?(?:check digit|digito de (?:control|verificacion|chequeo)|control digit|digito verificador)"),
    ("count", rf"(?P<n>{N})(?:~| |-| - )?(?:{_CASE} )?(?P<of>{_BOTH}|{_LETTERS}|{_DIGITS})(?: (?P<case>{_CASE}))?"),
    ("count", rf"(?P<n>#\d+)~(?P<of>{_LETTERS}|{_DIGITS})(?: (?P<case>{_CASE}))?"),
    ("count", rf"(?P<n>#\d+)~(?:characters?|caracter(?:es)?|chars),? ?(?:, )?(?:each |all |only |solo |todos |siendo |which are |de |of )*(?P<of>{_BOTH}|{_LETTERS}(?: {_CASE})? (?:and|or|y|o) {_DIGITS}|{_LETTERS}|{_DIGITS})(?: (?P<case>{_CASE}))?"),
    ("glued", rf"(?P<word>\w+)-(?P<of>{_DIGITS}|{_LETTERS})"),
    ("span", rf"(?:{_ONE} )?(?:digit|digito|number|numero|figure) (?:from |between |de |entre |del )?(?P<low>#\d+) (?:to|a|al|and|y|-|–) (?P<high>#\d+)"),
    ("one", rf"(?:{_ONE} )(?:{_CASE} )?(?P<of>letter|letra|digit|digito)(?: (?P<case>{_CASE}))?"),
    ("sign", rf"(?:(?:a|an|un|una|el|the|another|otr[oa]) )?(?P<sign>{_SIGN})(?: (?:sign|mark))?"),
]  # fmt: skip
_COMPILED = [(kind, re.compile(rf"(?:{pattern})(?!\w)")) for kind, pattern in _PIECES]
_JOIN = re.compile(
    r"(?: |,|;|\(|\)|\+|and\b|y\b|e\b|then\b|luego\b|followed by|seguid[oa]s? (?:de|por)|plus\b|mas\b|with\b|con\b|"
    r"at the end|al final|at the start|al comienzo|al principio|its\b|su\b|(?:which|that|que) (?:is|are|es|son) [^,;()]*|"
    r"in that order|en ese orden|separated by|separad[oa]s? por)+"
)
_BOUND = re.compile(
    r"(?:at least|at most|more than|less than|no more than|up to|minimum|maximum|al menos|como minimo|como maximo|"
    r"minimo|maximo|mas de|menos de|hasta|between|entre|from|desde|of the|sum of the|suma de l[oa]s|los|last|ultim[oa]s?|"
    r"first|primer[oa]s?) (?:de )?$"
)
EMAIL = r"[^@\s]+@[^@\s.]+(?:\.[^@\s.]+)+"


def read(line: Line, start: int, end: int) -> tuple[str, str, int, int] | None:
    """A regular expression, how its digits are checked, and where the words for it begin and end."""
    text = line.text[:end]
    place = start
    while place < end:
        match = _piece(line, text, place)
        if match is not None and _starts(text, place):
            found = _form(line, text, place)
            if found is not None:
                return found
        space = text.find(" ", place)
        place = end if space < 0 else space + 1
    return None


_INNER = frozenset(map(re.escape, "-/ ._"))  # signs that no form begins with


def _starts(text: str, place: int) -> bool:
    return not _BOUND.search(text[:place]) and (place == 0 or text[place - 1] == " ")


def _piece(line: Line, text: str, place: int) -> tuple[str, re.Match[str]] | None:
    best: tuple[str, re.Match[str]] | None = None
    for kind, pattern in _COMPILED:
        match = pattern.match(text, place)
        if kind == "either" and match is not None and not _capitals(line, match):
            continue
        if match is not None and (best is None or match.end() > best[1].end()):
            best = kind, match
    return best


def _choices(line: Line, match: re.Match[str]) -> list[str]:
    return [
        one for one in re.split(r"[\s,]+", line.raw(match.start("any"), match.end("any"))) if one not in {"or", "o"}
    ]


def _capitals(line: Line, match: re.Match[str]) -> bool:
    """Whether the choices are spelled as a code has them: "GB or IM"."""
    return all(one.isupper() and one.isalpha() for one in _choices(line, match))


_HEAD = re.compile(
    rf"(?: ?[,;.(:] ?| (?:and|y|que|which|that) )*(?:(?:the|la|el) (?:first|primer[oa]?)(?: (?:one|digit|cifra|digito))?(?: (?:is|being|must be|has to be|"
    rf"es|debe ser|tiene que ser|sera|siendo))?|(?:starts?|starting|begins?|beginning) (?:with|in)(?: an?)?|(?:que )?(?:empiezan?|comienzan?|"
    rf"empieza|inicia|empezando|comenzando|debe empezar|debe comenzar) (?:por|con|en)) (?P<any>{N}(?:(?: or| o| u| ,)+ {N})*)"
)
_COUNTED = re.compile(r"\[0-9\]\{(\d+)\}")


def _headed(line: Line, text: str, stop: int, form: str) -> tuple[str, int]:
    """A number of digits, of which it is said afterwards with what the first may begin: "the first is 6, 7 or 9"."""
    match, counted = _HEAD.match(text, stop), _COUNTED.fullmatch(form)
    if match is None or counted is None:
        return form, stop
    firsts = [str(line.value(mark)) for mark in re.findall(N, match["any"])]
    if not all(one.isdigit() and len(one) == 1 for one in firsts):
        return form, stop
    head = firsts[0] if len(firsts) == 1 else f"[{''.join(firsts)}]"
    return f"{head}[0-9]{{{int(counted[1]) - 1}}}", match.end()


def _form(line: Line, text: str, start: int) -> tuple[str, str, int, int] | None:
    made: list[str] = []
    place, stop, checked, strong = start, start, "", False
    while (found := _piece(line, text, place)) is not None:
        kind, match = found
        piece = _expression(line, kind, match)
        if piece is None or (not made and (kind == "span" or piece in _INNER)):
            break
        made.append(piece)
        checked = "check" if kind == "check" else checked
        strong = strong or kind in {"count", "glued", "literal", "upto"}
        stop = match.end()
        joined = _JOIN.match(text, stop)
        if joined is None:
            break
        place = joined.end()
    if not made or (len(made) == 1 and not strong):
        return None
    if len(made) == 1 and made[0].startswith("\\"):
        return None
    form, stop = _headed(line, text, stop, "".join(made))
    return form, checked, start, stop


def _expression(line: Line, kind: str, match: re.Match[str]) -> str | None:
    group = match.groupdict()
    if kind == "class":
        if group.get("x"):
            return f"[{match['x'].upper()}-{match['y'].upper()}]"
        return "[" + "".join(re.findall(r"\b[a-z]\b(?<!\bo)", match["set"])).upper() + "]"
    if kind == "literal":
        raw = line.at(match["quote"]).raw if group.get("quote") else line.raw(match.start("raw"), match.end("raw"))
        return re.escape(raw) if raw.isupper() or group.get("quote") else None
    if kind == "either":
        return f"(?:{'|'.join(_choices(line, match))})"
    if kind == "check":
        return "[0-9]"
    if kind == "sign":
        sign = next(sign for sign, words in _SIGNS.items() if re.fullmatch(words, match["sign"]))
        return re.escape(sign)
    if kind == "span":
        low, high = line.value(match["low"]), line.value(match["high"])
        return f"[{low}-{high}]" if str(low).isdigit() and str(high).isdigit() and int(str(high)) < 10 else None
    of = _characters(match["of"], match.group())
    if kind == "one":
        return of
    if kind == "glued":
        return f"{of}{{{SMALL[match['word']]}}}" if match["word"] in SMALL else None
    if kind == "upto":
        low, high = line.value(match["low"]), line.value(match["high"])
        if not (str(low).isdigit() and str(high).isdigit()) or int(str(low)) > int(str(high)):
            return None  # "nine digits and two letters" is no range
        return f"{of}{{{low},{high}}}"
    count = line.value(match["n"])
    return f"{of}{{{count}}}" if str(count).isdigit() else None


def _characters(of: str, said: str) -> str:
    if re.fullmatch(_BOTH, of) or (re.match(_LETTERS, of) and re.search(rf"{_DIGITS}$", of)):
        return "[A-Z0-9]" if re.search(_CASE, said) else "[A-Za-z0-9]"
    if re.fullmatch(_DIGITS, of):
        return "[0-9]"
    if re.search(r"minuscula|lower", said):
        return "[a-z]"
    return "[A-Z]" if re.search(_CASE, said) else "[A-Za-z]"


def masked(text: str) -> str:
    """The form that a mask such as AAA-999 or ABC-1234 stands for; empty: it is none."""
    if not re.fullmatch(r"[A-Z]+[- ]?[9#N0]+|[A-Z9#0-]{4,}", text) or not re.search(r"9|#|0", text):
        return ""
    return "".join("[A-Z]" if c.isalpha() else "[0-9]" if c in "9#0" else re.escape(c) for c in text)
