"""Words of an answer, quoted: a clause, a part of one, or the answer itself."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, TypeAlias

from arraigo.apps.interviews.interview import Language
from arraigo.apps.interviews.interviewer.reading.lexicon import lexicon, lexicons, small
from arraigo.apps.interviews.interviewer.reading.signs import likely
from arraigo.apps.interviews.interviewer.reading.text import clauses, fold, words

Kind: TypeAlias = Literal[
    "tool", "task", "duration", "number", "frequency", "pain", "toil", "people", "wish", "phrase", "remark"
]
OWN_WORDS = frozenset({"phrase", "remark"})
QUOTED = 12  # words of a clause that are quoted
_PHRASE = 6  # words of a short answer that is quoted whole
_REMARK = 4  # words that make a clause worth coming back to


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


def around(text: str, span: tuple[int, int], at: int, kind: Kind, language: Language) -> Handle:
    """A clause; of a long one, the part between its conjunctions that has this place."""
    start, end = span
    if len(text[start:end].split()) > QUOTED:
        pieces = re.finditer(r"\S+", text[start:end])
        joints = [start + word.start() for word in pieces if fold(word[0]) in lexicon(language).joints]
        start = max((joint for joint in joints if joint <= at), default=start)
        end = min((joint for joint in joints if joint > at), default=end)
    return quoted(text, start, end, kind, language)


def quoted(text: str, start: int, end: int, kind: Kind, language: Language) -> Handle:
    """A clause without its conjunction, cut after its first words: at another conjunction, if there is one."""
    known = lexicon(language)
    pieces = [(start + piece.start(), start + piece.end()) for piece in re.finditer(r"\S+", text[start:end])]
    while len(pieces) > 1 and fold(text[slice(*pieces[0])]) in known.joints - known.heads:
        del pieces[0]
    said = [fold(text[slice(*piece)]) for piece in pieces]
    at, whole = len(pieces), True
    if at > QUOTED:
        cuts = [
            [at for at in range(4, QUOTED + 1) if said[at] in joints] for joints in (known.joints, known.soft_joints)
        ]
        whole = bool(cuts[0] or cuts[1])
        at = (cuts[0] or cuts[1] or [QUOTED])[-1]
        while at > 1 and said[at - 1] in small():
            at -= 1
    return Handle(kind, text[pieces[0][0] : pieces[at - 1][1]], pieces[0][0], language, whole=whole)


def own_words(text: str, folded: str) -> Iterable[Handle]:
    """The answer itself where it is short, else the clause that says most."""
    said, language = words(folded), likely(text)
    if not set(said) - small():
        return ()
    stripped = text.strip().strip(".,;:!?…").strip()
    if len(said) <= _PHRASE and any(one.since.search(folded) for one in lexicons()):
        return ()
    if len(said) <= _PHRASE and "\n" not in stripped:
        return (Handle("phrase", stripped, text.index(stripped), language),)
    telling = [span for span in clauses(text) if not any(one.since.search(folded[slice(*span)]) for one in lexicons())]
    best = max(telling, key=lambda span: len(set(words(folded[slice(*span)])) - small()), default=(0, 0))
    if len(words(folded[slice(*best)])) < _REMARK:
        return ()
    return (quoted(text, *best, "remark", language),)
