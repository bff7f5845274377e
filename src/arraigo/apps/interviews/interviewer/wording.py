"""The interviewer's own sentences, in three languages, and which of their variants comes next."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from arraigo.apps.interviews.interview import Language, Said
from arraigo.apps.interviews.interviewer.reading.text import has, plain

# What is said before a question: the lists of wording.toml that hold whole sentences of ours.
_BEFORE = (
    *("greeting", "heard", "taken", "moved", "easier", "left", "refused", "noted", "stop", "back", "orders"),
    *("language", "told", "goodbye", "privacy", "remaining", "machine", "again", "other_language", "hello"),
)


@cache
def _all() -> Mapping[str, Any]:
    return tomllib.loads(files(__package__).joinpath("wording.toml").read_text("utf-8"))


def variants(language: Language, kind: str) -> Sequence[str]:
    """Every way to say this."""
    found: Sequence[str] = _all()[language][kind]
    return found


def say(language: Language, kind: str, messages: Sequence[Said] = ()) -> str:
    """One way to say this: the one that was said least, and not what was said last.

    Args:
        language: The interview's.
        kind: Which sentence: a list of wording.toml.
        messages: What was said before.
    """
    said = [plain(message.content) for message in messages if message.role == "assistant"]

    def worn(way: str) -> tuple[int, bool]:
        found = [has(one, plain(way)) for one in said]
        return sum(found), bool(found and found[-1])

    return min(variants(language, kind), key=worn)


def asks(language: Language, kind: str, topic: str) -> Sequence[str]:
    """How to take up a handle of this kind, on this topic."""
    known: Mapping[str, Sequence[str]] = _all()[language]["ask"]
    return known.get(f"{kind}-{topic}", known[kind])


def quoted(language: Language, text: str, *, whole: bool = True) -> str:
    """Somebody's words, in quotation marks."""
    opening, closing = variants(language, "quotes")
    return f"{opening}{text}{'' if whole else '…'}{closing}"


def kept(language: Language, spoken: Language) -> str:
    """That an answer in another language is understood, and that the interview keeps its own."""
    names: Mapping[str, str] = _all()[language]["languages"]
    return variants(language, "language")[0].format(spoken=names[spoken], kept=names[language])


def bare(language: Language, text: str) -> str:
    """A question without what was said before it."""
    text = text.strip()
    while (before := _before(language).match(text)) and before.end() < len(text):
        text = text[before.end() :].strip()
    return text


@cache
def _before(language: Language) -> re.Pattern[str]:
    """What may be said before a question."""
    ways = [way for kind in _BEFORE for way in variants(language, kind)]
    return re.compile("|".join(re.sub(r"\\\{[a-z]+\\\}", ".{1,40}?", re.escape(way)) for way in ways))


def summary(language: Language, kind: str) -> str:
    """A sentence of a summary."""
    text: str = _all()[language]["summary"][kind]
    return text


def lead(language: Language, kind: str, topic: str) -> str:
    """What stands before a quotation in a summary: the topic's own lead, or that of the handle."""
    leads: Mapping[str, str] = _all()[language]["summary"]["leads"]
    return leads[kind] if kind == "wish" else leads.get(topic, leads[kind])
