"""Whether a sentence states what a system must do, what about, and whether that can be tried."""

import re
from typing import Literal, TypeAlias

from arraigo.apps.testplans.plan import Language
from arraigo.apps.testplans.requirements.words import vocabulary as words

_YEAR = re.compile(r"\b(?:19|20)\d\d\b")

Strength: TypeAlias = Literal["strong", "weak", ""]


def strength(sentence: str) -> Strength:
    """How plainly a sentence says what must be: "" for one that only tells or is about the document."""
    text = sentence.strip()
    if len(text.split()) < 2 or text.endswith("?") or is_about(text):  # noqa: PLR2004
        return ""
    if words.STRONG.search(text) or words.MOVES.search(text) or _is_conditional(text):
        return "strong"
    told = (
        words.QUOTED.search(text)
        or words.DOES.search(text)
        or words.SUBJECT.search(text)
        or words.OPEN.search(text)
        or has_figures(text)
    )
    return "weak" if told else ""


def is_about(sentence: str) -> bool:
    """It is about the document, or about what used to be."""
    return bool(words.ABOUT.match(sentence) or words.OF_DOCUMENT.search(sentence))


def _is_conditional(sentence: str) -> bool:
    found = words.IF.search(sentence)
    return found is not None and (bool(words.DOES.search(sentence)) or (found.start() == 0 and "," in sentence))


def leads(sentence: str) -> bool:
    """It leads to rules, fields, values …, though it states nothing itself."""
    return bool(words.LEADS.search(sentence)) and not words.ABOUT.match(sentence)


def has_figures(sentence: str) -> bool:
    """It names an amount; a year is none."""
    return bool(words.FIGURE.search(_YEAR.sub("", sentence)))


def depends(sentence: str) -> bool:
    """It cannot be understood without the one before it: "Otherwise …"."""
    return bool(words.DEPENDS.match(sentence.strip()))


def kind_of(text: str, section: str) -> words.Kind:
    """What it is about: by its words, else by its section's."""
    for kind, pattern in words.KINDS:
        if pattern.search(text):
            return kind
    last = section.rsplit(" > ", 1)[-1]
    for kind, pattern in words.KINDS:
        if pattern.search(last):
            return kind
    return "functional"


_WHY = {
    "vague": ("dice «{0}», y no con qué se mide", "says “{0}” and not how that is measured"),
    "story": (
        "es una historia de usuario: se prueban sus criterios de aceptación",
        "a user story: what is tried are its acceptance criteria",
    ),
    "open": ("deja algo por definir («{0}»)", "leaves something open (“{0}”)"),
}


def why_not_testable(text: str, language: Language) -> str:
    """Why it states nothing that can be tried; empty where it does."""
    story, still_open, vague = words.STORY.match(text), words.OPEN.search(text), words.VAGUE.search(text)
    if still_open:
        return _told("open", language, still_open.group(0))
    if story and not re.search(r"\d", text):
        return _told("story", language, "")
    if vague and not words.CONCRETE.search(text):
        return _told("vague", language, vague.group(0))
    return ""


def _told(why: str, language: Language, words: str) -> str:
    return _WHY[why][0 if language == "es" else 1].format(words)
