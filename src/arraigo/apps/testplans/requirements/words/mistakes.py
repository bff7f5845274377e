"""What scanning and typing leave in a text, made plain: ligatures, odd spaces, an o for a 0, an l for a 1."""
# ruff: noqa: RUF001 - signs and dashes as documents write them

import re
import unicodedata

from arraigo.apps.testplans.requirements.words import latex

_SPACES = re.compile(r"[\s\u00a0\u2000-\u200a\u202f\u205f\u3000]+")
_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
_LIGATURES = {ord(one): unicodedata.normalize("NFKC", one) for one in "ﬀﬁﬂﬃﬄﬅﬆ"}
_LETTERS = re.compile("[\U0001d400-\U0001d7ff]")  # of mathematics, italic or bold
_NUMBER = r"-?\d[\d.,]*"
_ALL = str.maketrans("oOlI", "0011")
_OUGHT = {"o": "0", "O": "0", "l": "1", "I": "1", "|": "1"}

# The lone letter where only a number can stand.
_LONE = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?i:\bentre\s+)([oOlI])(?=\s+y\s+{_NUMBER})",
        rf"(?i:\bentre\s+{_NUMBER}\s+y\s+)([OlI])\b(?!['’])",
        rf"(?i:\bbetween\s+)([oOlI])(?=\s+and\s+{_NUMBER})",
        rf"(?i:\bbetween\s+{_NUMBER}\s+and\s+)([oOl])\b",
        rf"(?i:\b(?:de|desde)\s+)([oOlI])(?=\s+(?:a|hasta)\s+{_NUMBER})",
        rf"(?i:\bfrom\s+)([oOl])(?=\s+(?:to|through)\s+{_NUMBER})",
        rf"[\[(]([oOl])(?=\s*(?:[,;–]|-|\.\.)\s*{_NUMBER}\s*[\])])",
        rf"(?<![\w-])([Ol])(?=\s?[–-]\s?{_NUMBER}(?![\w-]))",
        r"(?i:\b(?:mayor|menor|superior|inferior|igual)(?:\s+o\s+igual)?\s+(?:que|a)\s+)([oO])(?=\s*(?:[.,;)]|$))",
        r"(?i:\b(?:greater|less|higher|lower)\s+than(?:\s+or\s+equal\s+to)?\s+)([oO])(?=\s*(?:[.,;)]|$))",
        r"[<>≤≥=]\s*([oO])(?=\s*(?:[.,;)]|$))",
    )
)
# Digits with letters among them and nothing else; "5l" may be litres and "1o" an ordinal, so they stay.
_AMONG = re.compile(r"(?<![\w.,-])(?=[\d.,oOlI]*\d)[\dlI](?:[.,]?[\doOlI])+(?![\w-])")
_NOTE = re.compile(r"(?<=[^\W\d_][^\W\d_][\w.,;:)])\^\{?\d{1,2}\}?(?!\w)")  # a footnote's mark
_SQUARE = re.compile(r"(?<=[kcmd\s\d]m)\^\{?([23])\}?(?!\w)")


def plain(text: str) -> str:
    """One line: LaTeX, ligatures, spaces and letters in the place of digits made plain."""
    text = _UNSEEN.sub("", _LETTERS.sub(_upright, text.translate(_LIGATURES)))
    text = latex.plain(text)
    if "^" in text:
        text = _SQUARE.sub(_raised, _NOTE.sub("", text))
    text = _SPACES.sub(" ", text).strip()
    text = re.sub(r" +([,;:.])(?=\s|$)", r"\1", text)
    for pattern in _LONE:
        text = pattern.sub(_number, text)
    return _AMONG.sub(_digits, text)


def _upright(found: re.Match[str]) -> str:
    return unicodedata.normalize("NFKC", found.group(0))


def _raised(found: re.Match[str]) -> str:
    return "²" if found.group(1) == "2" else "³"


def _number(found: re.Match[str]) -> str:
    whole, letter = found.group(0), found.group(1)
    at = found.start(1) - found.start(0)
    return whole[:at] + _OUGHT[letter] + whole[at + 1 :]


def _digits(found: re.Match[str]) -> str:
    """The token in digits; the last letter of "5l" and "1o" is a unit or an ordinal."""
    token = found.group(0)
    digits = sum(character.isdigit() for character in token)
    if digits * 2 < len(token) - 1 and digits < 2:  # noqa: PLR2004 - hardly a number
        return token
    last = token[-1] if token[-1] in "olI" else ""
    return token[: len(token) - len(last)].translate(_ALL) + last
