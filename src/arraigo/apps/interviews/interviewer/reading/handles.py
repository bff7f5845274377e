"""What in an answer can be taken up: a tool, a task, a number, a pain, people, a wish and more; or its own words."""

import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import TypeAlias

from arraigo.apps.interviews.interview import Language
from arraigo.apps.interviews.interviewer.reading.lexicon import LANGUAGES, lexicon, small
from arraigo.apps.interviews.interviewer.reading.quoting import QUOTED, Handle, Kind, around, own_words, quoted
from arraigo.apps.interviews.interviewer.reading.signs import spoken
from arraigo.apps.interviews.interviewer.reading.text import LONGEST, clauses, fold, words

_Span: TypeAlias = tuple[int, int, Language]
_LONGEST = 120  # characters of a handle
_LONG = frozenset(  # units that say since when, rather than how much
    (
        *("ano", "anos", "mes", "meses", "semana", "semanas", "dia", "dias", "veces", "vezes"),
        *("year", "years", "month", "months", "week", "weeks", "day", "days", "times"),
    )
)
_NAME = re.compile(r"[A-Z][\w+#-]*(?: [A-Z0-9][\w+#-]*)?")
_PAST = ("ó", "Ó")
_YEAR = re.compile(r"(?:19|20)\d\d\b")


def handles(answer: str) -> tuple[Handle, ...]:
    """Everything in an answer that can be taken up, in the order of the answer, each text once."""
    text = answer[:LONGEST]
    folded = fold(text)
    heard = spoken(text)
    found: list[Handle] = [*_tools(text, folded, heard)]
    for language in (heard,) if heard else LANGUAGES:
        found += _spans(text, folded, language)
        found += _clauses(text, folded, language)
    found.sort(key=lambda handle: (handle.start, -len(handle.text)))
    once: dict[tuple[Kind, str], Handle] = {}
    for handle in (*found, *own_words(text, folded)):
        if len(handle.text) <= _LONGEST:
            once.setdefault((handle.kind, fold(handle.text)), handle)
    return tuple(once.values())


@cache
def _known() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """The names that are known, in folded texts; and those that need their capital letter."""
    lines = files(__package__).joinpath("tools.txt").read_text("utf-8").splitlines()
    names = [line for line in lines if line and not line.startswith("#")]
    sure, unsure = names[: names.index("Access")], names[names.index("Access") :]
    inside = "|".join(re.escape(fold(name)) for name in sorted(sure, key=len, reverse=True))
    return re.compile(rf"\b(?:{inside})\b"), re.compile(rf"(?<=[\w,;:] )(?:{'|'.join(unsure)})\b")


def _tools(text: str, folded: str, heard: Language | None) -> Iterator[Handle]:
    """Names of tools, and things that one works with, with their article."""
    sure, unsure = _known()
    named = (*sure.finditer(folded), *unsure.finditer(text))
    spans: list[_Span] = [(*match.span(), "en") for match in named]
    for language in LANGUAGES:
        known = lexicon(language)
        article = "|".join((*known.mine, *known.articles))
        things = rf"\b(?:(?:(?:{article}) )?(?:erp|crm)|(?:{article}) (?:{'|'.join(known.things)}))\b"
        spans += [(*match.span(), language) for match in re.finditer(things, folded)]
        leads = known.tool_leads.finditer(folded)
        spans += [(*name.span(), language) for lead in leads if (name := _NAME.match(text, lead.end()))]
    spans = [_with_article(folded, *span, heard) for span in spans]
    end = 0
    for start, stop, language in sorted(spans, key=lambda span: (span[0], -span[1])):
        if start >= end:
            yield Handle("tool", text[start:stop], start, language)
            end = stop


def _with_article(folded: str, start: int, stop: int, language: Language, heard: Language | None) -> _Span:
    """In Spanish and Portuguese a tool has its article where people give it one: "o Excel"."""
    if heard not in {"es", "pt"}:
        return start, stop, language
    before = re.search(rf"\b(?:{'|'.join(lexicon(heard).articles)}) $", folded[max(0, start - 4) : start])
    return (start - len(before[0]), stop, heard) if before else (start, stop, language)


def _spans(text: str, folded: str, language: Language) -> Iterator[Handle]:
    known = lexicon(language)
    for match in re.finditer(rf"\b(?:{known.frequencies.pattern})\b", folded):
        yield Handle("frequency", text[slice(*match.span())], match.start(), language)
    for match in re.finditer(rf"\b(?:{known.people.pattern})\b", folded):
        yield Handle("people", text[slice(*match.span())], match.start(), language)
    counted = rf"\b(?:\d+(?:[.,]\d+)*|{'|'.join(known.numbers)})(?: ?%| ([a-z]{{3,}})\b{known.number_tail})"
    for match in re.finditer(counted, folded):
        noun = match[1] or "%"
        if noun in _LONG or noun in small() or _YEAR.match(match[0]):
            continue
        kind: Kind = "duration" if noun in known.durations else "number"
        yield Handle(kind, text[slice(*match.span())], match.start(), language)


def _clauses(text: str, folded: str, language: Language) -> Iterator[Handle]:
    known = lexicon(language)
    for start, end in clauses(text):
        clause = folded[start:end]
        if wish := known.wishes.search(clause):
            yield quoted(text, start + wish.start(), end, "wish", language)
        elif pain := known.pains.search(clause):
            yield around(text, (start, end), start + pain.start(), "pain", language)
        elif toil := known.toil.search(clause):
            yield around(text, (start, end), start + toil.start(), "toil", language)
        elif (at := _task(clause, language, text[start:end])) is not None:
            yield quoted(text, start + at, _task_ends(folded, start + at, end, language), "task", language)


def _task(clause: str, language: Language, said: str = "") -> int | None:
    """Where in a clause somebody says what they do; as it was said, an accent tells "llamó" from "llamo"."""
    known = lexicon(language)
    if known.no_tasks.search(clause):
        return None
    if language == "en":
        pattern = r"\b(?:i|we) (?:also |usually |mostly |then |often |always |normally )?([a-z]+)(?: |$)"
        match = re.search(pattern, clause)
        return match.start() if match and match[1] not in known.verbs and match[1] not in small() else None
    before = ""
    for match in re.finditer(r"[a-z]+", clause):
        if said[match.start() : match.end()].endswith(_PAST):
            continue
        if match[0] in known.verbs and before not in known.not_before and words(clause[match.end() :]):
            return match.start()
        before = match[0]
    return None


def _task_ends(folded: str, start: int, end: int, language: Language) -> int:
    """Where a task ends: before the next one; the things that are listed with it belong to it."""
    joints = "|".join(lexicon(language).joints)
    for joint in re.finditer(rf" (?:{joints}) ", folded[start:end]):
        first = [word.end() for word in re.finditer(r"\S+", folded[start + joint.end() : end])][1:2]
        if first and _task(folded[start + joint.end() : end], language) in range(first[0]):
            return start + joint.start()
    for more, stop in clauses(folded[end:]):
        listed = folded[end : end + more].strip() == "," and _lists(folded[end + more : end + stop], language)
        return end + stop if listed and len(words(folded[start : end + stop])) <= QUOTED else end
    return end


def _lists(clause: str, language: Language) -> bool:
    """Whether a clause is the end of a list: "packaging and sugar"."""
    first, *others = clause.split()
    joints = lexicon(language).joints
    return first not in joints and bool(joints.intersection(others)) and _task(clause, language) is None
