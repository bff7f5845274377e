"""Pure: what a person types, as PostgreSQL's `websearch_to_tsquery` is to read it.

Words without accents; nothing between them but quotes, minus and or. What has a hyphen or a dot in it (a code, an
address) is looked for as its parts in a row, which is how it was indexed.
"""

import re
import unicodedata
from itertools import pairwise
from typing import NamedTuple

from arraigo.errors import InvalidInput
from arraigo.store import checks

MAX_QUERY = 1_000  # characters
MAX_WORDS = 32
_TERM = re.compile(r'(?P<no>-*)(?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+))')
_ACCENTS = re.compile("[\u0300-\u036f]")
# As arraigo.search_plain has them: neither letter nor digit.
_OTHER = re.compile(
    "[^a-zA-Z0-9\u0080-\U0010ffff]|[\u0080-\u00a9\u00ab-\u00b4\u00b6-\u00b9\u00bb-\u00bf\u2000-\u206f\u3000-\u303f]"
)


class Asked(NamedTuple):
    """A query.

    Attributes:
        text: For the server.
        words: Those that shall be there, each once.
        exact: Whether it says what shall not be there, or words in a row: what is only like it will not do.
    """

    text: str
    words: tuple[str, ...]
    exact: bool = False


class _Term(NamedTuple):
    no: bool
    words: list[str]

    def __str__(self) -> str:
        quoted = f'"{" ".join(self.words)}"' if len(self.words) > 1 or self.words == ["or"] else self.words[0]
        return f"-{quoted}" if self.no else quoted


def plain(text: str) -> list[str]:
    """The words of a text, without their accents."""
    bare = unicodedata.normalize("NFC", _ACCENTS.sub("", unicodedata.normalize("NFD", text)))
    return _OTHER.sub(" ", bare).lower().split()


def read(query: str) -> Asked:
    """Read a query: words, "words in a row", -not, or.

    Raises:
        InvalidInput: It has no words, or more than 32, or says only what shall not be there.
    """
    checks.text(query, "the query", most=MAX_QUERY)
    terms: list[_Term | None] = []  # None: or
    exact = False
    for match in _TERM.finditer(query):
        words = plain(match["phrase"] if match["word"] is None else match["word"])
        if match["word"] is not None and not match["no"] and words == ["or"]:
            if terms and terms[-1]:
                terms.append(None)
        elif words:
            terms.append(_Term(bool(match["no"]), words))
            exact = exact or bool(match["no"]) or (match["word"] is None and len(words) > 1)
    if terms and terms[-1] is None:
        terms.pop()
    _check(terms)
    wanted = [word for term in terms if term and not term.no for word in term.words]
    text = " ".join("or" if term is None else str(term) for term in terms)
    return Asked(text, tuple(dict.fromkeys(wanted)), exact)


def _check(terms: list[_Term | None]) -> None:
    if not terms:
        raise InvalidInput("the query has no words", remedy="give a word to look for")
    if all(term is None or term.no for term in terms):
        raise InvalidInput("the query says only what shall not be there", remedy="give a word to look for, too")
    for one, other in pairwise(terms):
        if (one is None and other and other.no) or (other is None and one and one.no):
            raise InvalidInput("the query has or beside -, which would be nearly everything", remedy="leave one out")
    count = sum(len(term.words) for term in terms if term)
    if count > MAX_WORDS:
        raise InvalidInput(f"the query has {count} words; at most {MAX_WORDS} are possible")
