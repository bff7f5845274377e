"""The entries of a list as statements, each with the sentences that lead to it."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from arraigo.apps.testplans.requirements.blocks import Item
from arraigo.apps.testplans.requirements.sections import identified
from arraigo.apps.testplans.requirements.words.marks import ends_a_sentence
from arraigo.apps.testplans.requirements.words.sections import begins_an_example
from arraigo.apps.testplans.requirements.words.statements import is_about, leads, strength

_FEW_WORDS = 4
_NAMES_ALL = re.compile(
    r"\b(?:are|is one of|be one of|son|es un[oa] de|ser un[oa] de|sea un[oa] de)\b[^:]{0,30}:$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of a list as a statement.

    Attributes:
        text: Made whole with the sentences that lead to it.
        lead: Those, with which the text begins.
        id: Its own; empty where it has none.
        counts: It states something.
        example: It is one.
        leads: It ends in a colon, and nothing in the list follows it.
    """

    item: Item
    text: str
    lead: str = ""
    id: str = ""
    counts: bool = True
    example: bool = False
    leads: bool = False


def spoken(run: Sequence[Item], lead: str, counts: Callable[[str], bool]) -> list[Entry]:
    """A list's entries, each with what leads to it; where one of them states something, those like it do too.

    Args:
        run: The entries that follow each other.
        lead: The sentence before them that ends in a colon; empty where there is none.
        counts: Whether a sentence of this section states something.
    """
    if lead and _is_closed(run):
        text = f"{lead} {'; '.join(item.text.rstrip('.;,') for item in run)}."
        return [Entry(run[0], text, lead, counts=counts(text) or leads(lead) or bool(_NAMES_ALL.search(lead)))]
    made = list(_entries(run, lead, counts))
    if not any(entry.counts for entry in made):
        return made
    return [replace(entry, counts=True) if _is_sentence(entry) else entry for entry in made]


def _is_sentence(entry: Entry) -> bool:
    plain = not entry.example and not entry.leads and not entry.text.endswith("?") and not is_about(entry.text)
    return plain and len(entry.text.split()) > _FEW_WORDS


def _entries(run: Sequence[Item], lead: str, counts: Callable[[str], bool]) -> Iterator[Entry]:
    above: dict[int, str] = {}
    for at, item in enumerate(run):
        for deeper in [depth for depth in above if depth >= item.depth]:
            del above[deeper]
        identity, text = _identified(item)
        if begins_an_example(text):
            yield Entry(item, text, counts=False, example=True)
            continue
        last = at + 1 == len(run)
        if (text.endswith(":") and not last) or (not last and run[at + 1].depth > item.depth):
            above[item.depth] = text.rstrip(" .:") + ":"
            continue
        leading = [lead, *(above[depth] for depth in sorted(above)), text]
        before = " ".join(one for one, following in pairwise(leading) if not _is_title(one, following))
        whole = _stopped(f"{before} {text}".strip())
        if text.endswith(":"):
            yield Entry(item, whole, counts=False, leads=True)
        else:
            yield Entry(item, whole, before, identity, bool(identity) or counts(whole) or leads(before))


def _is_closed(run: Sequence[Item]) -> bool:
    """Names and nothing said of them: a list of what there is."""
    return len(run) > 1 and all(
        item.depth == run[0].depth
        and len(item.text.split()) <= _FEW_WORDS
        and ":" not in item.text
        and not identified(item.text)[0]
        and not strength(item.text)
        for item in run
    )


def _is_title(lead: str, text: str) -> bool:
    """A few words that only name what follows ("Acceptance criteria:"), before what is a sentence without them."""
    if not lead:
        return True
    sentence = text[:1].isupper() and len(text.split()) > _FEW_WORDS and bool(strength(text))
    return sentence and lead[:1].isupper() and len(lead.split()) <= _FEW_WORDS and not strength(lead)


def lists_in(run: Sequence[Item]) -> list[list[Item]]:
    """The entries list by list: another kind of marker begins another list."""
    made: list[list[Item]] = []
    for item in run:
        if made and (item.depth > made[-1][0].depth or _kind(item) == _kind(made[-1][0])):
            made[-1].append(item)
        else:
            made.append([item])
    return made


def _kind(item: Item) -> str:
    """Digits, letters or bullets."""
    return "1" if any(one.isdigit() for one in item.marker) else "a" if any(map(str.isalpha, item.marker)) else ""


def _identified(item: Item) -> tuple[str, str]:
    identity, text = identified(item.text)
    if identity:
        return identity, text
    marked, rest = identified(f"{item.marker.strip('().:')} {item.text}")
    return (marked, rest) if marked and rest == item.text else ("", item.text)


def _stopped(text: str) -> str:
    text = text.rstrip(" ;,")
    for word in (" y", " o", " e", " and", " or"):
        text = (
            text.removesuffix(word).rstrip(" ;,")
            if text.endswith(("; " + word.strip(), ";" + word, "," + word))
            else text
        )
    return text if ends_a_sentence(text) else f"{text}."
