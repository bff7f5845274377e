"""A table's row as steps: a transition, a field, or a case with its results."""

import re
from collections.abc import Mapping, Sequence

from arraigo.apps.testplans.generator.checks.steps import Steps, of_sentences
from arraigo.apps.testplans.generator.checks.texts import say, small
from arraigo.apps.testplans.generator.understand.tables import ANY, sort
from arraigo.apps.testplans.generator.words import fold
from arraigo.apps.testplans.plan import Language

_SENTENCE = 7  # words
Cells = Mapping[str, str]


def of_row(cells: Cells, id_: str, language: Language) -> Steps:
    """The steps of a row; none where it has a single cell."""
    filled = {head: cell for head, cell in cells.items() if cell and cell != id_ and sort(head) != "skip"}
    sorts = {sort(head): cell for head, cell in filled.items()}
    made = Steps()
    if {"from", "event", "to"} <= set(sorts):
        _move(made, sorts["from"], sorts["event"], sorts["to"], filled, language)
    elif len(filled) > 1 and "field" in sorts:
        rest = ", ".join(cell for head, cell in filled.items() if sort(head) != "field")
        return of_sentences([f"{sorts['field']}: {rest}"], "", language)
    elif len(filled) > 1:
        _result(made, filled, language)
    return made


def of_rows(rows: Sequence[Cells], ids: Sequence[str], text: str, language: Language) -> Steps:
    """The steps of what leads to a table: its first row, one in the middle, its last."""
    made = Steps()
    for at in dict.fromkeys((0, len(rows) // 2, len(rows) - 1)):
        one = of_row(rows[at], ids[at], language)
        made.steps += one.steps
        made.data += one.data
    made.call(small(text.rstrip(".")), "decision_table")
    return made


def _move(made: Steps, source: str, event: str, target: str, cells: Cells, language: Language) -> None:
    more = [cell for head, cell in cells.items() if sort(head) not in {"from", "event", "to"} and fold(cell) not in ANY]
    made.add(say("state", language, state=source), "")
    given = small("; ".join(more))
    do = say("event_if" if more else "event", language, event=event, given=given)
    made.add(do, say("is_state", language, state=target))
    made.call(say("move", language, state=source, event=event, target=target), "state_transition")


def _result(made: Steps, cells: Cells, language: Language) -> None:
    heads = list(cells)
    keys = 1
    while keys < len(heads) - 1 and not re.search(r"\d", cells[heads[keys]]) and _few(cells[heads[keys]]):
        keys += 1
    data = ", ".join(f"{head} = {cells[head]}" for head in heads[:keys])
    results = [
        f"{head}: {cells[head]}" if _few(cells[head]) else small(cells[head].rstrip(".")) for head in heads[keys:]
    ]
    made.add(say("row", language, data=data), "; ".join(results))
    made.data.append(data)
    made.call(say("row_of", language, data=data), "decision_table")


def _few(cell: str) -> bool:
    return len(cell.split()) < _SENTENCE
