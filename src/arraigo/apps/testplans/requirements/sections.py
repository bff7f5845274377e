"""Where in a document one is: the headings above, what kind of part it is, and the id that a heading gives."""

import re
from collections.abc import Sequence

from arraigo.apps.testplans.requirements.blocks import Block, Heading
from arraigo.apps.testplans.requirements.words.marks import IDENTIFIED
from arraigo.apps.testplans.requirements.words.sections import Part, part_of

_LONGEST = 120  # characters of a heading in a path


class Sections:
    """The headings above the block at hand.

    Attributes:
        part: What kind of part it is: the outermost heading that says so decides.
        id: The id in a heading above; empty where none has one.
        left_out: Headings of parts without requirements, as they came.
    """

    def __init__(self, blocks: Sequence[Block]) -> None:
        levels = [block.level for block in blocks if isinstance(block, Heading)]
        # One heading above all others is the document's title: every path would begin with it.
        self._title = levels[0] if levels and levels.count(levels[0]) == 1 and levels[0] == min(levels) else 0
        self._headings = len(levels) - bool(self._title)
        self._above: list[tuple[Heading, Part, str]] = []
        self.left_out: list[str] = []

    def enter(self, heading: Heading) -> None:
        """Go on under that heading."""
        if heading.level == self._title:
            self._title = 0
            if not part_of(heading.text):
                return
        while self._above and self._above[-1][0].level >= heading.level:
            self._above.pop()
        identity, _ = identified(heading.text)
        part = part_of(heading.text)
        if part not in ("", "informative", "contents") and not self.part:
            self.left_out.append(heading.text)
        self._above.append((heading, part, "" if _is_numbered(identity) else identity))

    @property
    def path(self) -> str:
        """The headings, as "2 Pagos > 2.1 Límites"."""
        return " > ".join(heading.text[:_LONGEST] for heading, _, _ in self._above)

    @property
    def part(self) -> Part:
        """What kind of part this is."""
        found = [part for _, part, _ in self._above if part]
        return next((part for part in found if part != "informative"), found[0] if found else "")

    @property
    def preamble(self) -> bool:
        """Before the first section of a document that has sections: who wrote it, for whom, what for."""
        return not self._above and self._headings > 1

    @property
    def id(self) -> str:
        """The id that a heading above gives."""
        return next((identity for _, _, identity in reversed(self._above) if identity), "")


def _is_numbered(identity: str) -> bool:
    """As sections are: 2.5, A.1."""
    return bool(re.match(r"(?:[A-Z]\.)?\d", identity))


def identified(text: str) -> tuple[str, str]:
    """The id that the text begins with and what follows it; ("", text) where it begins with none."""
    found = IDENTIFIED.match(text)
    if not found:
        return "", text
    identity, rest = " ".join(found.group("id").split()), text[found.end() :].strip()
    if _is_numbered(identity) and (not rest[:1].isupper() or len(rest.split()) < 3):  # noqa: PLR2004 - "2.5 MB is"
        return "", text
    return re.sub(r"\s*([#º])\s*", r"\1", identity), rest
