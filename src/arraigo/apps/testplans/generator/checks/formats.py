"""Texts of a described form ("two capital letters and 6 digits", an e-mail address): right ones, and wrong ones."""

import re

from arraigo.apps.testplans.generator.words import fold

_NUMBERS = {
    word: n
    for words in (
        "un dos tres cuatro cinco seis siete ocho nueve diez",
        "one two three four five six seven eight nine ten",
    )
    for n, word in enumerate(words.split(), 1)
} | {"una": 1, "a": 1}
_PIECE = re.compile(
    rf"\b(?P<n>\d{{1,2}}|{'|'.join(_NUMBERS)})[ -](?P<what>letras?|digitos?|cifras?|letters?|digits?|capital letters?|"
    r"(?:upper|lower)[ -]?case letters?)(?P<more> mayusculas?| minusculas?)?"
)
_LIMIT = re.compile(
    r"(?:\d\s+(?:a|y|o|to|and|or|hasta)|menos|least|most|than|que|hasta|maximo|minimo|up to)(?: de)?\s+$"
)
_MAIL = re.compile(r"\b(?:correo electronico|e-?mail)\b")
_LETTERS = "ABCDEFGHIJ"
_DIGITS = "1234567890"
_ADDRESSES = ("ana.perez@example.com", ("ana.perez.example.com", "ana.perez@", "@example.com", "ana perez@example.com"))


def samples(text: str) -> tuple[str, tuple[str, ...]] | None:
    """A right text and wrong ones; None where no form is described."""
    plain = fold(text)
    pieces = [_piece(found) for found in _PIECE.finditer(plain) if not _LIMIT.search(plain[: found.start()])]
    if sum(len(piece) for piece in pieces) < 2 and not _MAIL.search(plain):
        return None
    if not pieces:
        return _ADDRESSES
    right = "".join(pieces)
    wrong = [right[:-1], right + right[-1], "-" + right[1:]]
    if right.lower() != right:
        wrong.append(right.lower())
    return right, tuple(dict.fromkeys(wrong))


def _piece(found: re.Match[str]) -> str:
    count = _NUMBERS.get(found["n"]) or int(found["n"])
    if found["what"].startswith(("digi", "cifra")):
        return (_DIGITS * 3)[:count]
    lower = "minuscul" in (found["more"] or "") or "lower" in found["what"]
    letters = (_LETTERS * 3)[:count]
    return letters.lower() if lower else letters
