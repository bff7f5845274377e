"""The interviewer's own sentences, in three languages, and which of its variants comes next."""

import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from arraigo.apps.interviews.interview import Language
from arraigo.apps.interviews.interviewer.reading.text import plain


@cache
def _all() -> Mapping[str, Any]:
    return tomllib.loads(files(__package__).joinpath("wording.toml").read_text("utf-8"))


def variants(language: Language, kind: str) -> Sequence[str]:
    """Every way to say this."""
    found: Sequence[str] = _all()[language][kind]
    return found


def say(language: Language, kind: str, *, turn: int, before: str = "") -> str:
    """One way to say this: they take turns, and none is said that stands in the message before.

    Args:
        language: The interview's.
        kind: Which sentence: a list of wording.toml.
        turn: How far the interview is: a number that grows.
        before: What the interviewer said last.
    """
    every = variants(language, kind)
    rotated = [every[(turn + at) % len(every)] for at in range(len(every))]
    said = plain(before)
    return next((one for one in rotated if plain(one) not in said), rotated[0])


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


def summary(language: Language, kind: str) -> str:
    """A sentence of a summary."""
    text: str = _all()[language]["summary"][kind]
    return text


def lead(language: Language, kind: str, topic: str) -> str:
    """What stands before a quotation in a summary: the topic's own lead, or that of the handle."""
    leads: Mapping[str, str] = _all()[language]["summary"]["leads"]
    return leads.get(topic, leads[kind])
