"""Spanish or English, by the small words of either."""

import re

from arraigo.apps.testplans.plan import Language

_SPANISH = frozenset(
    """
    el la los las un una de del al que y o en con por para se es son no si su sus como más debe deben entre cuando cada
    puede pueden ser está este esta sin sobre hasta desde según lo le ya solo todo toda
    """.split()  # noqa: SIM905 - words are easier to read so
)
_ENGLISH = frozenset(
    """
    the a an of to and or in with by for is are not if its as more must shall should will between when each may can be
    this that without on until from at it has have only all any than then
    """.split()  # noqa: SIM905 - the same
)
_BOTH = _SPANISH & _ENGLISH
_LEAST = 2


def language_of(text: str, otherwise: Language = "es") -> Language:
    """The language of the text; `otherwise` where it does not tell."""
    words = [word for word in re.findall(r"[a-záéíóúñü]+", text.lower()) if word not in _BOTH]
    spanish = sum(word in _SPANISH for word in words) + sum(any(c in "áéíóúñ" for c in word) for word in words)
    english = sum(word in _ENGLISH for word in words)
    if abs(spanish - english) < _LEAST and max(spanish, english) > 0 and min(spanish, english) > 0:
        return otherwise
    return otherwise if spanish == english else "es" if spanish > english else "en"
