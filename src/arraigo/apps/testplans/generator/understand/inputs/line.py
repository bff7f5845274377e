"""One statement as a line on which patterns can be matched: numbers and quotations as places, words folded."""

import re
from dataclasses import dataclass, field
from decimal import Decimal

from arraigo.apps.testplans.generator.model import Plain
from arraigo.apps.testplans.generator.words import Token, fold, metric, tokens
from arraigo.apps.testplans.plan import Language

N = r"#\d+(?:~\w+)*"  # a number, a time or a date, with its unit's words
Q = r"@\d+"  # a quotation
_ORDINALS = (
    "primer|primero|primera|first segundo|segunda|second tercer|tercero|tercera|third cuarto|cuarta|fourth "
    "quinto|quinta|fifth sexto|sexta|sixth septimo|septima|seventh octavo|octava|eighth noveno|novena|ninth "
    "decimo|decima|tenth"
).split()
_ORDINAL = {word: Decimal(n) for n, words in enumerate(_ORDINALS, 1) for word in words.split("|")}
_SPAN = re.compile(
    rf"(?:{'|'.join(_ORDINAL)})(?: \w+)? (?:to|a|al|through|hasta) (?:el |the )?(?:{'|'.join(_ORDINAL)})"
)


@dataclass(slots=True)
class Line:
    """A statement: `text` is what patterns see; places in it lead back to the tokens."""

    found: list[Token]
    source: str
    text: str = ""
    starts: list[int] = field(default_factory=list)  # where each token begins in `text`

    def token(self, place: int) -> Token:
        """The token at a place of `text`."""
        return self.found[self.index(place)]

    def index(self, place: int) -> int:
        """The number of the token at a place of `text`."""
        return max(i for i, start in enumerate(self.starts) if start <= max(place, self.starts[0]))

    def at(self, mark: str) -> Token:
        """The token that `#3~kg` or `@3` stands for."""
        return self.found[int(mark[1:].partition("~")[0])]

    def value(self, mark: str) -> Plain:
        """The number, time or date that a mark stands for."""
        token = self.at(mark)
        if token.kind in {"time", "date"}:
            return token.raw
        return token.value if token.value is not None else _ORDINAL[token.text]

    def raw(self, start: int, end: int) -> str:
        """The document's own words between two places of `text`."""
        begin, stop = self.span(start, end)
        return self.source[begin:stop]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The places in `source` for two places of `text`."""
        first, last = self.index(start), self.index(max(start, end - 1))
        return self.found[first].start, self.found[last].end

    def place(self, token: int) -> int:
        """Where a token begins in `text`; its end past the last."""
        return self.starts[token] if token < len(self.starts) else len(self.text) + 1


def line(statement: str, language: Language) -> Line:
    """The line of one statement."""
    plain = metric(statement)
    found = tokens(plain, language)
    made = Line(found, plain)
    pieces: list[str] = []
    spans = [m.span() for m in _SPAN.finditer(" ".join(t.text for t in found))]
    place = told = 0
    for i, token in enumerate(found):
        piece = _piece(i, token, plain)
        if token.text in _ORDINAL and token.kind == "word" and any(a <= told < b for a, b in spans):
            piece = f"#{i}"
        made.starts.append(place)
        pieces.append(piece)
        place += len(piece) + 1
        told += len(token.text) + 1
    made.text = " ".join(pieces)
    return made


def _piece(i: int, token: Token, plain: str) -> str:
    if token.kind == "quote":
        return f"@{i}"
    if token.kind in {"time", "date"}:
        return f"#{i}"
    if token.kind != "number":
        return token.text
    unit = re.findall(r"[^\W\d]+|%|°\w?", fold(plain[token.start : token.end]))
    words = [word for word in unit if not fold(token.raw).startswith(word) or token.raw[0].isdigit()]
    return f"#{i}" + "".join("~" + (re.sub(r"\W", "", word) or "u") for word in words)
