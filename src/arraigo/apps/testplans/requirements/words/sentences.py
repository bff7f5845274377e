"""A paragraph to sentences."""
# ruff: noqa: RUF001 - signs and dashes as documents write them

import re
from bisect import bisect

_SHORT = (
    r"p|ej|art|arts|núm|num|no|nro|pág|pag|págs|etc|sr|sra|dr|dra|ud|uds|vs|fig|figs|sec|cap|inc|approx|e\.g|i\.e|"
    r"p\.ej|máx|mín|max|min|aprox|tel|ext|dept|depto|ref|req|vol|ed|st|mr|mrs|ms"
)
_ABBREVIATED = re.compile(rf"(?:^|[\s(«“\"])(?:{_SHORT}|[a-z]\.[a-z])\.$", re.IGNORECASE)
_END = re.compile(r"(?:[.!?…]+[\"”»’)\]]*)(?=\s+[\"“«‘(\[¿¡*]*[A-ZÁÉÍÓÚÑ0-9¿¡$€≥≤])|;(?=\s+(?:[A-ZÁÉÍÓÚÑ]))")
_LONGEST_SHORT = 16  # characters: enough for a short form, or a number, and what is before it
_LONGEST_QUOTE = 300  # a message, not a mark that was left open
_QUOTES = {"“": "”", "«": "»", '"': '"', "(": ")"}
_NOT_AT_AN_END = re.compile(r"(?:^|\s)(?:no|max|min|máx|mín|ed|st|num|ref)\.$", re.IGNORECASE)


def sentences_of(text: str) -> list[str]:
    """The sentences, as they are written; a full stop in quotes, numbers or short forms ends none."""
    made: list[str] = []
    start = 0
    quoted = _quoted(text)
    for found in _END.finditer(text):
        end = found.end()
        before = text[max(start, end - _LONGEST_SHORT) : end]
        at = bisect(quoted, (found.start(), 0)) - 1
        if at >= 0 and quoted[at][0] < found.start() < quoted[at][1]:
            continue
        following = text[end : end + _LONGEST_SHORT].lstrip()
        if found.group(0) == "." and _ABBREVIATED.search(before) and not _ends_anyway(before, following):
            continue
        if following[:1].isdigit() and re.search(r"(?:^|\s)\d+\.$", before):  # a marker: "1. 2"
            continue
        made.append(text[start:end].strip())
        start = end
    rest = text[start:].strip()
    return [sentence for sentence in [*made, rest] if sentence]


def _ends_anyway(before: str, following: str) -> bool:
    """A short form that is a word too, before a sentence that begins: "… o no. El sistema"."""
    return bool(_NOT_AT_AN_END.search(before)) and following[:1].isalpha() and following[:1].isupper()


def _quoted(text: str) -> list[tuple[int, int]]:
    spans = []
    at = 0
    while at < len(text):
        closing = _QUOTES.get(text[at])
        end = text.find(closing, at + 1, at + _LONGEST_QUOTE) if closing else -1
        if end > at:
            spans.append((at, end))
            at = end
        at += 1
    return spans
