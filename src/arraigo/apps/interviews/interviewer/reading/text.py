"""Texts, made comparable without moving a character, so that what is found can be quoted as it stands."""

import re
import unicodedata
from collections.abc import Iterator

LONGEST = 20_000  # characters of an answer that are read; nobody says more before the next question
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)?")
_SENTENCE = re.compile(r"[^.!?…\n]*(?:[.!?…](?!\s|$)[^.!?…\n]*)*[.!?…]*", re.UNICODE)
_JOINT = re.compile(r"\s*(?:;|\s[\u2013\u2014-]\s|,(?=\s+(?:but|pero|mas|aunque|although|embora)\s))\s*", re.IGNORECASE)
_BREAKS = r",;:.!?…\n()\u2013\u2014"
_CLAUSE = re.compile(rf"[^{_BREAKS}]+(?:[.,:](?=\d)[^{_BREAKS}]+)*")


class _Fold(dict[int, str]):
    """One character for one: small, without its accent."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        base = unicodedata.normalize("NFD", character)[0].casefold()
        self[code] = base if len(base) == 1 else character
        return self[code]


_FOLD = _Fold(dict.fromkeys((0x2018, 0x2019, 0x60, 0xB4), "'"))  # all kinds of apostrophes


def fold(text: str) -> str:
    """The text in lower case and without accents, of the same length."""
    return text.translate(_FOLD)


def words(folded: str) -> list[str]:
    """The words of a folded text."""
    return _WORD.findall(folded)


def plain(text: str) -> str:
    """The folded words with single blanks: two texts of the same words are the same."""
    return " ".join(words(fold(text)))


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """Where the sentences stand: from, to."""
    return _trimmed(text, _SENTENCE)


def parts(text: str) -> Iterator[tuple[int, int]]:
    """Where the parts of sentences stand that are sentences of their own: before a semicolon, a dash, a ", but"."""
    for start, end in sentences(text):
        last = start
        for joint in _JOINT.finditer(text, start, end):
            if text[last : joint.start()].strip():
                yield last, joint.start()
            last = joint.end()
        if text[last:end].strip():
            yield last, end


def clauses(text: str) -> Iterator[tuple[int, int]]:
    """Where the clauses stand: from, to."""
    return _trimmed(text, _CLAUSE)


def has(folded: str, word: str) -> bool:
    """Whether this word, or these words, stand in a text as whole words; both are `plain`."""
    return f" {word} " in f" {folded} "


def _trimmed(text: str, pattern: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    for match in pattern.finditer(text):
        found = match[0]
        start = match.start() + len(found) - len(found.lstrip())
        if found.strip():
            yield start, start + len(found.strip())
