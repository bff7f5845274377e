"""Lines to one text: a word that a line's end cut is whole again."""

import re
from collections.abc import Sequence

# First parts of compounds, which keep their hyphen where a line ends after it.
_COMPOUND = frozenset(
    (
        "self",
        "non",
        "well",
        "half",
        "third",
        "two",
        "three",
        "four",
        "five",
        "six",
        "ten",
        "long",
        "short",
        "high",
        "low",
    )
)
_CUT = re.compile(r"(\w+)[-\u00ad\u2010]$")
_WORD = re.compile(r"\w+")
_LONGEST_WORD = 60


def joined(texts: Sequence[str], words: frozenset[str]) -> str:
    """The lines as one; `words` are the document's, which tell whether a word cut at a hyphen is written with one."""
    made = [texts[0]]
    for following in texts[1:]:
        head, tail = _CUT.search(made[-1][-_LONGEST_WORD:]), _WORD.match(following)
        if not head or not tail:
            made.append(f" {following}")
        elif _is_cut(head.group(1), tail.group(0)):
            pair = (head.group(1).lower(), tail.group(0).lower())
            if not _has_hyphen(pair, words):
                made[-1] = made[-1][:-1]
            made.append(following)
        else:  # an id, a compound of names
            made.append(following)
    return "".join(made)


def _is_cut(head: str, tail: str) -> bool:
    """One word, not a compound of names or an id: small letters go on, or capitals among capitals."""
    if not (head + tail).isalpha():
        return tail[0].islower() and not head[-1].isdigit()
    return tail[0].islower() or (head.isupper() and tail.isupper())


def _has_hyphen(pair: tuple[str, str], words: frozenset[str]) -> bool:
    """It is written with a hyphen in the middle of a line too."""
    if pair[0] in _COMPOUND or len(pair[0]) == 1:
        return True
    return "-".join(pair) in words and "".join(pair) not in words
