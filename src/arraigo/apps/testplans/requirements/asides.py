"""What a document says beside its statements: kept with the next one, examples with the one before them."""

import re
from collections.abc import Sequence
from dataclasses import replace

from arraigo.apps.testplans.plan import Beside, Row
from arraigo.apps.testplans.requirements.drafts import LONGEST, Draft
from arraigo.apps.testplans.requirements.sections import Sections
from arraigo.apps.testplans.requirements.words.statements import is_about

_TABLE = re.compile(r"\b(?:tabla|table|matriz|matrix)\b", re.IGNORECASE)


class Asides:
    """Waits for a statement to stand with."""

    def __init__(self, sections: Sections) -> None:
        self._sections = sections
        self._waiting: list[Beside] = []

    def tell(self, text: str, row: Row | None = None) -> None:
        """Something that states nothing by itself, for the next statement."""
        if text.strip() and (row or not is_about(text) or _TABLE.search(text)):
            self._waiting.append(Beside(text=text[:LONGEST], section=self._sections.path, row=row))

    def example(self, text: str, found: list[Draft], row: Row | None = None) -> None:
        """A worked example, for the statement before it; where there is none, for the next one."""
        if not text.strip():
            return
        example = Beside(text=text[:LONGEST], kind="example", section=self._sections.path, row=row)
        if found:
            found[-1] = replace(found[-1], beside=(*found[-1].beside, example))
        else:
            self._waiting.append(example)

    def taken(self) -> tuple[Beside, ...]:
        """All that waits, for the statement that has come."""
        made = tuple(self._waiting)
        self._waiting.clear()
        return made

    def closed(self, found: Sequence[Draft]) -> list[Draft]:
        """The statements at the document's end: what still waits stands with the last one."""
        made = list(found)
        if made:
            made[-1] = replace(made[-1], beside=made[-1].beside + self.taken())
        return made
