"""Pure: which known requirements a text names."""

import re
from collections.abc import Iterable

# A code ends where neither a letter nor a digit follows, nor a dot or hyphen with one behind it: RF-1 is not in RF-1.2.
_BEFORE = r"(?<![^\W_])(?<![^\W_][.\-_])"
_AFTER = r"(?![^\W_])(?![.\-_][^\W_])"


def links_in(text: str, codes: Iterable[str]) -> tuple[str, ...]:
    """The codes that stand in the text, ascending; capitals do not count."""
    return tuple(sorted(code for code in codes if re.search(_BEFORE + re.escape(code) + _AFTER, text, re.IGNORECASE)))
