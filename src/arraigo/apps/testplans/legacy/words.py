"""What old assistants call a priority, a state, or who made a case; and which requirements they name."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from arraigo.apps.testplans.linking import plain
from arraigo.move.records.attributes import text_of
from arraigo.move.records.jsontext import Json


@dataclass(frozen=True, slots=True)
class Words:
    """A closed list, and the ways in which it is written; capitals and accents do not count.

    Attributes:
        otherwise: What stands for a word that is none of them, and for none.
        told: What is counted of a word that is none of them.
    """

    known: Mapping[str, str]
    otherwise: str
    told: str

    def read(self, value: Json, notes: Counter[str]) -> str:
        """What an attribute says."""
        word = text_of(value)
        found = self.known.get(word) if word is not None else self.otherwise
        if found is None:
            found = self.known.get(plain(word or ""))
        if found is None:
            notes[self.told] += 1
            return self.otherwise
        return found


def _words(otherwise: str, told: str, **spellings: str) -> Words:
    known = {word: cell for cell, words in spellings.items() for word in (cell, *words.split())}
    return Words({**known, "": otherwise}, otherwise, told)


PRIORITIES = _words(
    "MEDIA",
    "cases with a priority of no known kind became MEDIA",
    ALTA="alta high critica critical urgente urgent p0 p1",
    MEDIA="media medium normal p2",
    BAJA="baja low p3 p4",
)
STATUSES = _words(
    "PROPOSED",
    "cases with a status of no known kind became PROPOSED",
    PROPOSED="proposed propuesto pending pendiente draft borrador generated generado new nuevo",
    ACCEPTED="accepted aceptado approved aprobado",
    DISCARDED="discarded descartado rejected rechazado deleted eliminado",
    MANUAL="manual",
)
MAKERS = _words(
    "AI_AGENT",
    "cases made by somebody of no known kind became AI_AGENT's",
    AI_AGENT="ai_agent ai ia agent agente llm model modelo",
    MANUAL="manual user usuario human humano tester",
)

# RF-01, REQ-001, RNF-2.1, HU12: it begins with a capital and ends in digits.
_CODE = re.compile(r"(?<![\w-])[A-Z][A-Za-z]{0,7}(?:[-_][A-Za-z]{1,8}){0,2}[-_]?\d{1,6}(?:[.\-_]\d{1,4}){0,4}(?![\w-])")
_SAYS = re.compile(r"\s*[:-]\s*(\S[^\n]{9,3999})")  # behind a code: the requirement's own words


def named_in(text: str) -> Iterator[tuple[str, str]]:
    """The requirements that a text names, each once, with what it says of them; empty: nothing."""
    seen = set()
    codes = list(_CODE.finditer(text))
    for number, found in enumerate(codes):
        if found[0] not in seen:
            seen.add(found[0])
            end = codes[number + 1].start() if number + 1 < len(codes) else len(text)
            said = _SAYS.match(text, found.end(), end)
            yield found[0], said[1].rstrip(" ,;") if said else ""
