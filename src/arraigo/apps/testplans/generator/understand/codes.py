"""Messages that a document names by a code: "M1", and a table that says what is shown for it."""

import re
from collections.abc import Sequence
from dataclasses import replace

from arraigo.apps.testplans.generator.model import Barred, Check, Limit, Move, System
from arraigo.apps.testplans.generator.understand.passages import cells_of
from arraigo.apps.testplans.generator.words import fold
from arraigo.apps.testplans.plan import Requirement

_CODE = re.compile(r"[A-Z]{1,4}[-_ ]?\d{1,4}")
_SHOWN = re.compile(r"\b(?:messages?|mensajes?|texts?|textos?|shown|avisos?|notices?|reads)\b")


def spelled(requirements: Sequence[Requirement], system: System) -> None:
    """Put the words of each message in the place of its code."""
    shown: dict[str, str] = {}
    for cells in filter(None, map(cells_of, requirements)):
        code = next((cell.strip() for cell in cells.values() if _CODE.fullmatch(cell.strip())), None)
        words = [cell.strip() for head, cell in cells.items() if _SHOWN.search(fold(head)) and cell.strip() != code]
        if code and len(cells) == 2 and len(words) == 1:
            shown[code] = words[0]
    for place, rule in enumerate(system.rules):
        if isinstance(rule, (Check, Move, Barred, Limit)) and rule.message in shown:
            system.rules[place] = replace(rule, message=shown[rule.message])
