"""Figures over all of one user's plans."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from arraigo.apps.testplans.talks import QUERIES
from arraigo.postgres.database import Ask
from arraigo.store.access import Access

MOST_DAYS = 366


class Reports:
    """One user's."""

    def __init__(self, access: Access) -> None:
        self._access = access

    async def get(self, days: int = 90) -> dict[str, Any]:
        """Plans, cases, requirement coverage now, and at the end of each of the last days on which it changed (UTC)."""
        owner = await self._access.identity()
        since = (datetime.now(UTC) - timedelta(days=days)).date()
        values = {"owner": owner, "since": since, "limit": MOST_DAYS}
        asked: list[Ask[Any]] = [
            Ask(query, values, tuple)
            for query in (QUERIES.plan_types, QUERIES.case_figures, QUERIES.coverage_now, QUERIES.coverage_by_day)
        ]
        plans, cases, [(total, covered)], history = await self._access.database.fetch_all(asked, identity=owner)
        return {
            "plans": {"total": _sum(plans), "by_type": _by(plans, 0), "by_status": _by(plans, 1)},
            "cases": {
                "total": _sum(cases),
                "by_status": _by(cases, 0),
                "by_priority": _by(cases, 1),
                "by_technique": _by(cases, 2),
                "by_created_by": _by(cases, 3),
            },
            "requirements": _covered(total, covered),
            "coverage_over_time": [{"date": day, **_covered(total, covered)} for day, total, covered in history],
        }


def _covered(total: int, covered: int) -> dict[str, Any]:
    return {"total": total, "covered": covered, "coverage": round(100 * covered / total, 2) if total else 0.0}


def _sum(rows: Sequence[Sequence[Any]]) -> int:
    return sum(row[-1] for row in rows)


def _by(rows: Sequence[Sequence[Any]], column: int) -> dict[str, int]:
    found: Counter[str] = Counter()
    for row in rows:
        found[row[column]] += row[-1]
    return dict(found.most_common())
