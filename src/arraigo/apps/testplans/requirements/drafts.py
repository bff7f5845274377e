"""Statements as they were found, and their ids in the end."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from arraigo.apps.testplans.plan import Beside, Language, Place, Requirement, Row
from arraigo.apps.testplans.requirements.words.language import language_of
from arraigo.apps.testplans.requirements.words.sentences import sentences_of
from arraigo.apps.testplans.requirements.words.statements import kind_of, strength, why_not_testable

_LONGEST_ID = 60
_NUMBERED = re.compile(r"[-_. ]?\d[\w.]*$")
LONGEST = 4000  # characters of a requirement's text


@dataclass(frozen=True, slots=True)
class Draft:
    """A statement and where it was found.

    Attributes:
        id: The document's; empty where it has none.
        stated: The id is written right there, not taken from what is above.
        scope: The id that a heading above gives.
        row: Where it is a table's.
        lead: The sentence before its list.
        beside: What was said since the statement before, and examples of this one.
    """

    id: str
    text: str
    section: str
    page: int | None
    line: int
    stated: bool = False
    scope: str = ""
    row: Row | None = None
    lead: str = ""
    beside: tuple[Beside, ...] = ()


def requirements_of(drafts: Sequence[Draft], language: Language) -> tuple[tuple[Requirement, ...], tuple[str, ...]]:
    """The drafts as requirements with unique ids, and the ids that the document gives more than once."""
    kept = _qualified(list(_once(_short_enough(drafts))))
    ids = _ids(kept)
    made = tuple(_requirement(draft, identity, language) for draft, identity in zip(kept, ids, strict=True))
    stated = Counter(draft.id for draft in kept if draft.stated)
    return made, tuple(identity for identity, count in stated.items() if count > 1)


def _requirement(draft: Draft, identity: str, otherwise: Language) -> Requirement:
    language = language_of(draft.text, otherwise)
    why = why_not_testable(draft.text, language)
    return Requirement(
        id=identity,
        text=draft.text,
        place=Place(page=draft.page, section=draft.section, line=draft.line),
        language=language,
        kind=kind_of(draft.text, draft.section),
        testable=not why,
        why_not=why,
        row=draft.row,
        lead=draft.lead,
        beside=draft.beside,
    )


def _short_enough(drafts: Sequence[Draft]) -> Iterator[Draft]:
    for draft in drafts:
        if len(draft.text) <= LONGEST:
            yield draft
            continue
        part = ""
        for sentence in sentences_of(draft.text):
            if part and len(part) + len(sentence) >= LONGEST:
                yield replace(draft, text=part)
                part, draft = "", replace(draft, beside=())  # noqa: PLW2901 - said once
            part = f"{part} {sentence}".strip()[:LONGEST]
        yield replace(draft, text=part)


def _once(drafts: Iterator[Draft]) -> Iterator[Draft]:
    """Each statement once; a row that only names a requirement that is written out elsewhere is none."""
    found = list(drafts)
    written = {draft.id for draft in found if draft.id and not draft.row}
    seen: set[tuple[str, str]] = set()
    left: tuple[Beside, ...] = ()  # what stood beside one that is left out
    for draft in found:
        key = (draft.id, draft.text.casefold())
        named = draft.row and draft.stated and draft.id in written and strength(draft.text) != "strong"
        if key in seen or ("", key[1]) in seen or named:
            left += draft.beside
            continue
        seen.add(key)
        yield replace(draft, beside=left + draft.beside)
        left = ()


def _qualified(drafts: list[Draft]) -> list[Draft]:
    """Ids that begin anew under each heading with an id (AC1 of TK-1, AC1 of TK-2) with that before them."""
    scopes: dict[str, set[str]] = {}
    for draft in drafts:
        if draft.stated:
            scopes.setdefault(draft.id, set()).add(draft.scope)
    anew = {
        _NUMBERED.sub("", identity)
        for identity, under in scopes.items()
        if len(under) > 1 and all(under) and identity not in under
    }
    return [
        replace(draft, id=f"{draft.scope}-{draft.id}")
        if draft.stated and draft.scope and draft.id != draft.scope and _NUMBERED.sub("", draft.id) in anew
        else draft
        for draft in drafts
    ]


def _ids(drafts: Sequence[Draft]) -> list[str]:
    given = [draft.id[: _LONGEST_ID - 8] for draft in drafts]
    taken = {identity for identity in given if identity}
    counts = Counter[str]()
    made: list[str] = []
    number = 0
    for identity in given:
        if identity:
            counts[identity] += 1
            made.append(identity if counts[identity] == 1 else _next(identity, counts, taken))
            continue
        number += 1
        while f"REQ-{number:03d}" in taken:
            number += 1
        made.append(f"REQ-{number:03d}")
    return made


def _next(identity: str, counts: Counter[str], taken: set[str]) -> str:
    while f"{identity}-{counts[identity]}" in taken:
        counts[identity] += 1
    taken.add(f"{identity}-{counts[identity]}")
    return f"{identity}-{counts[identity]}"
