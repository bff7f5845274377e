"""Pure: which known requirements a text names, and how texts are compared."""

import re
import unicodedata
from collections.abc import Iterable

# A code ends where neither a letter nor a digit follows, nor a dot or hyphen with one behind it: RF-1 is not in RF-1.2.
_BEFORE = r"(?<![^\W_])(?<![^\W_][.\-_])"
_AFTER = r"(?![^\W_])(?![.\-_][^\W_])"


def links_in(text: str, codes: Iterable[str]) -> tuple[str, ...]:
    """The codes that stand in the text, ascending; capitals do not count."""
    return tuple(sorted(code for code in codes if re.search(_BEFORE + re.escape(code) + _AFTER, text, re.IGNORECASE)))


def plain(text: str) -> str:
    """The text without accents, capitals and more than single blanks, to be compared."""
    decomposed = unicodedata.normalize("NFKD", text)
    bare = "".join(character for character in decomposed if not unicodedata.combining(character))
    return " ".join(bare.casefold().split())
