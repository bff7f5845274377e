"""What an answer is, apart from what it says: a refusal, nothing, an order, small talk, another language."""

import re
from collections.abc import Iterable

from arraigo.apps.interviews.interview import Language
from arraigo.apps.interviews.interviewer.reading.lexicon import LANGUAGES, lexicon, lexicons
from arraigo.apps.interviews.interviewer.reading.text import LONGEST, fold, has, plain, sentences, words

_LONGEST_VAGUE = 14  # words; who says more says something
_FEWEST_MARKS = 3  # words of a language that show that it is spoken


def orders(answer: str) -> bool:
    """Whether it gives orders to the interviewer ("ignore your instructions")."""
    folded = fold(answer[:LONGEST])
    return any(one.orders.search(folded) for one in lexicons())


def stops(answer: str) -> bool:
    """Whether they would like to stop the interview."""
    return _any_sentence(answer, "stops")


def puzzled(answer: str) -> bool:
    """Whether the question was not understood."""
    return len(words(answer)) <= _LONGEST_VAGUE and _any_sentence(answer, "puzzled")


def refusals(answer: str) -> tuple[str, ...]:
    """The sentences in which they say that they would rather not speak of something."""
    found = (answer[start:end] for start, end in sentences(answer[:LONGEST]))
    return tuple(sentence for sentence in found if _matches(plain(sentence), "refusals"))


def done(answer: str) -> bool:
    """Whether they say that there is nothing more to say."""
    return _matches(plain(answer[:LONGEST]), "done")


def empty(answer: str) -> bool:
    """Whether it says nothing: "I don't know", "nothing", a full stop."""
    said = words(fold(answer[:LONGEST]))
    return len(said) <= _LONGEST_VAGUE and any(one.vague.issuperset(said) for one in lexicons())


def elsewhere(answer: str, keywords: Iterable[str]) -> bool:
    """Whether it has nothing to do with an interview that has these keywords."""
    folded = plain(answer[:LONGEST])
    said = set(folded.split())
    works = any(said & (one.work | (one.verbs if one is not lexicon("en") else frozenset())) for one in lexicons())
    if works:
        return False
    if any(one.requests.search(folded) for one in lexicons()):
        return True
    if any(has(folded, word) for word in keywords):
        return False
    asks = answer.rstrip().endswith("?") and len(list(sentences(answer))) == 1
    return asks or any(said & one.elsewhere for one in lexicons())


def spoken(answer: str) -> Language | None:
    """The language of a text; None: it cannot be told."""
    (marks, language), (second, _), _ = _marks(answer)
    return language if marks >= _FEWEST_MARKS and marks >= 2 * second else None


def likely(answer: str) -> Language:
    """The language that a text is in, or else looks most like."""
    return _marks(answer)[0][1]


def _marks(answer: str) -> list[tuple[int, Language]]:
    """How many words of each language it has, most first."""
    said = words(fold(answer[:LONGEST]))
    found = [(sum(word in lexicon(language).marks for word in said), language) for language in LANGUAGES]
    return sorted(found, key=lambda one: -one[0])


def _any_sentence(answer: str, field: str) -> bool:
    return any(_matches(plain(answer[start:end]), field) for start, end in sentences(answer[:LONGEST]))


def _matches(sentence: str, field: str) -> bool:
    patterns: list[re.Pattern[str]] = [getattr(one, field) for one in lexicons()]
    return any(pattern.search(sentence) for pattern in patterns)
