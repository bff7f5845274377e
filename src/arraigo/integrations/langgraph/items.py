"""The items of one user in the database, through the query door."""

from collections.abc import Iterable, Sequence
from typing import Any

from langgraph.store.base import Op, Result

from arraigo.integrations.langgraph.operations import plan, result
from arraigo.integrations.langgraph.threads import door
from arraigo.postgres.database import Ask
from arraigo.postgres.queries import load
from arraigo.store.stores import UserStore

QUERIES = load("arraigo.integrations.langgraph")


class AsyncItems:
    """What LangGraph's store keeps for somebody.

    Args:
        me: Whose.
    """

    def __init__(self, me: UserStore) -> None:
        self._access = door(me)

    async def do(self, ops: Iterable[Op], *, live: bool, sweep: bool) -> list[Result]:
        """All of them, or none: in one transaction and one round trip.

        Args:
            ops: What to do.
            live: Leave out what has expired.
            sweep: Delete what has expired, before anything else.
        """
        owner = await self._access.identity()
        known = list(ops)
        queries, order = plan(known, live=live)
        asked: list[Ask[Any]] = [Ask(QUERIES.sweep_items, {"owner": owner}, tuple)] if sweep else []
        answers: dict[int, int] = {}  # of which operation, and which answer that is
        for place in order:
            answers[place] = len(asked)
            asked += [Ask(getattr(QUERIES, name), values | {"owner": owner}, tuple) for name, values in queries[place]]
        found: list[list[Any]] = await self._access.database.fetch_all(asked, identity=owner) if asked else []
        return [_result(op, answers.get(place), found) for place, op in enumerate(known)]

    async def sweep(self) -> int:
        """Delete what has expired; how many items that were."""
        owner = await self._access.identity()
        found: list[tuple[int]] = await self._access.database.fetch(
            QUERIES.sweep_items, {"owner": owner}, tuple, identity=owner
        )
        return found[0][0]


def _result(op: Op, answer: int | None, found: Sequence[Sequence[Any]]) -> Result:
    return None if answer is None else result(op, found[answer])
