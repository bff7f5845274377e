"""What in an answer can be taken up: a tool, a task, a number, a pain, people, a wish and more; or its own words."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal, TypeAlias

from arraigo.apps.interviews.interview import Language
from arraigo.apps.interviews.interviewer.reading.lexicon import LANGUAGES, Lexicon, lexicon, lexicons, small
from arraigo.apps.interviews.interviewer.reading.text import LONGEST, clauses, fold, words

Kind: TypeAlias = Literal[
    "tool", "task", "duration", "number", "frequency", "pain", "people", "wish", "phrase", "remark"
]
_QUOTED = 12  # words of a clause that are quoted
_PHRASE = 6  # words of a short answer that is quoted whole
_REMARK = 5  # words that make a clause worth coming back to
_LONG = frozenset(  # units that say since when, rather than how much
    (
        *("ano", "anos", "mes", "meses", "semana", "semanas", "dia", "dias", "veces", "vezes"),
        *("year", "years", "month", "months", "week", "weeks", "day", "days", "times"),
    )
)
_NAME = re.compile(r"[A-Z][\w+#-]*(?: [A-Z0-9][\w+#-]*)?")
_YEAR = re.compile(r"(?:19|20)\d\d$")


@dataclass(frozen=True, slots=True)
class Handle:
    """Words of an answer, exactly as they stand there.

    Attributes:
        whole: Whether the clause ends where the text ends: it was not cut.
    """

    kind: Kind
    text: str
    start: int
    language: Language
    whole: bool = True


def handles(answer: str) -> tuple[Handle, ...]:
    """Everything in an answer that can be taken up, in the order of the answer, each text once."""
    text = answer[:LONGEST]
    folded = fold(text)
    found: list[Handle] = list(_tools(text, folded))
    for language in LANGUAGES:
        found += _spans(text, folded, language)
        found += _clauses(text, folded, language)
    if not found:
        found += _own_words(text, folded)
    once: dict[tuple[Kind, str], Handle] = {}
    for handle in sorted(found, key=lambda handle: (handle.start, -len(handle.text))):
        once.setdefault((handle.kind, fold(handle.text)), handle)
    return tuple(once.values())


@cache
def _known() -> tuple[re.Pattern[str], re.Pattern[str]]:
    lines = files(__package__).joinpath("tools.txt").read_text("utf-8").splitlines()
    names = [line for line in lines if line and not line.startswith("#")]
    sure = names[: names.index("Access")]
    inside = "|".join(re.escape(fold(name)) for name in sorted(sure, key=len, reverse=True))
    unsure = "|".join(names[len(sure) :])
    return re.compile(rf"\b(?:{inside})\b"), re.compile(rf"(?<=[\w,;:] )(?:{unsure})\b")


def _tools(text: str, folded: str) -> Iterator[Handle]:
    sure, unsure = _known()
    spans = [match.span() for match in (*sure.finditer(folded), *unsure.finditer(text))]
    for language in LANGUAGES:
        leads = lexicon(language).tool_leads.finditer(folded)
        spans += [named.span() for lead in leads if (named := _NAME.match(text, lead.end()))]
    spans.sort(key=lambda span: (span[0], -span[1]))
    end = 0
    for start, stop in spans:
        if start >= end:
            yield Handle("tool", text[start:stop], start, "en")
            end = stop


def _spans(text: str, folded: str, language: Language) -> Iterator[Handle]:
    known = lexicon(language)
    for match in re.finditer(rf"\b(?:{known.frequencies.pattern})\b", folded):
        yield Handle("frequency", text[slice(*match.span())], match.start(), language)
    for match in re.finditer(rf"\b{known.people.pattern}\b", folded):
        yield Handle("people", text[slice(*match.span(2))], match.start(2), language)
    counted = rf"\b(?:\d[\d.,]*|{'|'.join(known.numbers)}) ?(%|[a-z]{{3,}}\b){known.number_tail}"
    for match in re.finditer(counted, folded):
        if kind := _count(match, known):
            yield Handle(kind, text[slice(*match.span())], match.start(), language)


def _count(match: re.Match[str], known: Lexicon) -> Kind | None:
    noun = match[1]
    if noun in known.durations:
        return "duration"
    if noun in _LONG or noun in small() or _YEAR.match(match[0].split()[0]):
        return None
    return "number"


def _clauses(text: str, folded: str, language: Language) -> Iterator[Handle]:
    known = lexicon(language)
    for start, end in clauses(text):
        clause = folded[start:end]
        if wish := known.wishes.search(clause):
            yield _quoted(text, start + wish.start(), end, "wish", language)
        elif known.pains.search(clause):
            yield _quoted(text, start, end, "pain", language)
        elif (at := _task(clause, language)) is not None:
            yield _quoted(text, start + at, end, "task", language)


def _task(clause: str, language: Language) -> int | None:
    """Where in a clause somebody says what they do."""
    known = lexicon(language)
    if language == "en":
        pattern = r"\b(?:i|we) (?:also |usually |mostly |then |often |always |normally )?([a-z]+)(?: |$)"
        match = re.search(pattern, clause)
        return match.start() if match and match[1] not in known.verbs and match[1] not in small() else None
    for match in re.finditer(r"[a-z]+", clause):
        if match[0] in known.verbs and len(words(clause[match.end() :])) > 0:
            return match.start()
    return None


def _quoted(text: str, start: int, end: int, kind: Kind, language: Language) -> Handle:
    """A clause, cut after its first words, at a conjunction if there is one."""
    while text[start : start + 1].isspace():
        start += 1
    joints = frozenset().union(*(one.joints for one in lexicons()))
    pieces = list(re.finditer(r"\S+", text[start:end]))
    if pieces and len(pieces) > 1 and fold(pieces[0][0]) in joints - {"que"}:
        start, pieces = start + pieces[1].start(), list(re.finditer(r"\S+", text[start + pieces[1].start() : end]))
    if len(pieces) <= _QUOTED:
        return Handle(kind, text[start:end].rstrip(), start, language)
    cuts = [at for at in range(4, _QUOTED + 1) if fold(pieces[at][0]) in joints]
    at = cuts[-1] if cuts else _QUOTED
    while at > 1 and fold(pieces[at - 1][0]) in small():
        at -= 1
    return Handle(kind, text[start : start + pieces[at - 1].end()], start, language, whole=bool(cuts))


def _own_words(text: str, folded: str) -> Iterator[Handle]:
    """The answer itself where it is short, else the clause that says most."""
    said = words(folded)
    if not set(said) - small():
        return
    stripped = text.strip().strip(".,;:!?…").strip()
    if len(said) <= _PHRASE and "\n" not in stripped:
        yield Handle("phrase", stripped, text.index(stripped), "en")
        return
    best = max(clauses(text), key=lambda span: len(set(words(folded[slice(*span)])) - small()))
    if len(words(folded[slice(*best)])) >= _REMARK:
        yield _quoted(text, *best, "remark", "en")
