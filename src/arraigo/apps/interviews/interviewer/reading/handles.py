"""What in an answer can be taken up: a tool, a task, a number, a pain, people, a wish and more; or its own words."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal, TypeAlias

from arraigo.apps.interviews.interview import Language
from arraigo.apps.interviews.interviewer.reading.lexicon import LANGUAGES, lexicon, small
from arraigo.apps.interviews.interviewer.reading.signs import spoken
from arraigo.apps.interviews.interviewer.reading.text import LONGEST, clauses, fold, words

Kind: TypeAlias = Literal[
    "tool", "task", "duration", "number", "frequency", "pain", "people", "wish", "phrase", "remark"
]
_Span: TypeAlias = tuple[int, int, Language]
OWN_WORDS = frozenset({"phrase", "remark"})
_QUOTED = 12  # words of a clause that are quoted
_LONGEST = 120  # characters of a handle
_PHRASE = 6  # words of a short answer that is quoted whole
_REMARK = 4  # words that make a clause worth coming back to
_LONG = frozenset(  # units that say since when, rather than how much
    (
        *("ano", "anos", "mes", "meses", "semana", "semanas", "dia", "dias", "veces", "vezes"),
        *("year", "years", "month", "months", "week", "weeks", "day", "days", "times"),
    )
)
_NAME = re.compile(r"[A-Z][\w+#-]*(?: [A-Z0-9][\w+#-]*)?")
_YEAR = re.compile(r"(?:19|20)\d\d\b")


@dataclass(frozen=True, slots=True)
class Handle:
    """Words of an answer, exactly as they stand there.

    Attributes:
        start: Where they stand.
        language: The one that they were recognised in.
        whole: Whether they end where the sense does; else they were cut for their length.
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
    heard = spoken(text)
    found: list[Handle] = [*_tools(text, folded, heard)]
    for language in (heard,) if heard else LANGUAGES:
        found += _spans(text, folded, language)
        found += _clauses(text, folded, language)
    found.sort(key=lambda handle: (handle.start, -len(handle.text)))
    once: dict[tuple[Kind, str], Handle] = {}
    for handle in (*found, *_own_words(text, folded)):
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
    counted = rf"\b(?:\d[\d.,]*|{'|'.join(known.numbers)})(?: ?%| ([a-z]{{3,}})\b{known.number_tail})"
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
            yield _quoted(text, start + wish.start(), end, "wish", language)
        elif pain := known.pains.search(clause):
            yield _around(text, (start, end), start + pain.start(), language)
        elif (at := _task(clause, language)) is not None:
            yield _quoted(text, start + at, _task_ends(folded, start + at, end, language), "task", language)


def _task(clause: str, language: Language) -> int | None:
    """Where in a clause somebody says what they do."""
    known = lexicon(language)
    if language == "en":
        pattern = r"\b(?:i|we) (?:also |usually |mostly |then |often |always |normally )?([a-z]+)(?: |$)"
        match = re.search(pattern, clause)
        return match.start() if match and match[1] not in known.verbs and match[1] not in small() else None
    for match in re.finditer(r"[a-z]+", clause):
        if match[0] in known.verbs and words(clause[match.end() :]):
            return match.start()
    return None


def _task_ends(folded: str, start: int, end: int, language: Language) -> int:
    """Where a task ends: before the next one; the things that are listed with it belong to it."""
    joints = "|".join(lexicon(language).joints)
    for joint in re.finditer(rf" (?:{joints}) ", folded[start:end]):
        first = [word.end() for word in re.finditer(r"\S+", folded[start + joint.end() : end])][1:2]
        if first and _task(folded[start + joint.end() : end], language) in range(first[0]):
            return start + joint.start()
    for more, stop in clauses(folded[end:]):
        listed = folded[end : end + more].strip() == "," and _task(folded[end + more : end + stop], language) is None
        return end + stop if listed and len(words(folded[start : end + stop])) <= _QUOTED else end
    return end


def _around(text: str, span: tuple[int, int], at: int, language: Language) -> Handle:
    """A clause; of a long one, the part between its conjunctions that has this place."""
    start, end = span
    if len(text[start:end].split()) > _QUOTED:
        pieces = re.finditer(r"\S+", text[start:end])
        joints = [start + word.start() for word in pieces if fold(word[0]) in lexicon(language).joints]
        start = max((joint for joint in joints if joint <= at), default=start)
        end = min((joint for joint in joints if joint > at), default=end)
    return _quoted(text, start, end, "pain", language)


def _quoted(text: str, start: int, end: int, kind: Kind, language: Language) -> Handle:
    """A clause without its conjunction, cut after its first words: at another conjunction, if there is one."""
    joints = lexicon(language).joints
    pieces = [(start + piece.start(), start + piece.end()) for piece in re.finditer(r"\S+", text[start:end])]
    while len(pieces) > 1 and fold(text[slice(*pieces[0])]) in joints:
        del pieces[0]
    said = [fold(text[slice(*piece)]) for piece in pieces]
    at, cuts = len(pieces), [at for at in range(4, min(_QUOTED, len(pieces) - 1) + 1) if said[at] in joints]
    if whole := at <= _QUOTED or bool(cuts):
        at = at if at <= _QUOTED else cuts[-1]
    else:
        at = _QUOTED
        while at > 1 and said[at - 1] in small():
            at -= 1
    return Handle(kind, text[pieces[0][0] : pieces[at - 1][1]], pieces[0][0], language, whole=whole)


def _own_words(text: str, folded: str) -> Iterable[Handle]:
    """The answer itself where it is short, else the clause that says most."""
    said, language = words(folded), spoken(text) or "en"
    if not set(said) - small():
        return ()
    stripped = text.strip().strip(".,;:!?…").strip()
    if len(said) <= _PHRASE and "\n" not in stripped:
        return (Handle("phrase", stripped, text.index(stripped), language),)
    best = max(clauses(text), key=lambda span: len(set(words(folded[slice(*span)])) - small()))
    if len(words(folded[slice(*best)])) < _REMARK:
        return ()
    return (_quoted(text, *best, "remark", language),)
