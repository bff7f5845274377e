"""Seeded chance, and the words that it picks from: the same rows every time."""

import json
import tomllib
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache
from importlib.resources import files
from random import Random
from typing import Any, TypeVar
from uuid import UUID

T = TypeVar("T")
Row = dict[str, Any]

FIRST_DAY = datetime(2025, 1, 6, 6, tzinfo=UTC)
_SPAN = 370 * 86_400  # seconds; the last row is of January 2026


@cache
def words() -> dict[str, Any]:
    """The tables of words.toml."""
    return tomllib.loads(files("arraigo.demo.companion").joinpath("words.toml").read_text(encoding="utf-8"))


def as_json(value: Any) -> str:
    """JSON text for a jsonb column."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


class Chance:
    """Picks, in one table.

    Args:
        table: The same name picks the same.
    """

    def __init__(self, table: str) -> None:
        self.random = Random(f"cerca {table}")  # noqa: S311 - the same every time, on purpose

    def one(self, choices: Sequence[T]) -> T:
        """One of them."""
        return choices[int(self.random.random() * len(choices))]

    def some(self, choices: Sequence[T], most: int) -> list[T]:
        """None to `most` of them."""
        return [self.one(choices) for _ in range(self.number(0, most))]

    def happens(self, probability: float) -> bool:
        """Whether something does, this time."""
        return self.random.random() < probability

    def maybe(self, value: T, probability: float = 0.8) -> T | None:
        """The value, or NULL."""
        return value if self.random.random() < probability else None

    def number(self, least: int, most: int) -> int:
        """A whole number, both ends possible."""
        return least + int(self.random.random() * (most - least + 1))

    def uuid(self) -> UUID:
        """A UUID of version 4."""
        return UUID(int=self.random.getrandbits(128), version=4)

    def money(self, least: int, most: int) -> Decimal:
        """An amount with two decimals."""
        return Decimal(self.number(least * 100, most * 100)).scaleb(-2)

    def weight(self) -> Decimal:
        """Equal numbers that are not the same: 1, 1.0, 1.00."""
        return self.one(
            [Decimal(1), Decimal("1.0"), Decimal("1.00"), Decimal("0.50"), Decimal("0.5"), Decimal("1.250")]
        )

    def when(self) -> datetime:
        """An instant in the year of the example, to the microsecond."""
        return FIRST_DAY + timedelta(seconds=self.number(0, _SPAN), microseconds=self.number(0, 999_999))

    def day(self, first_year: int = 2025, last_year: int = 2025) -> date:
        """A day in those years, both included."""
        return date(self.number(first_year, last_year), self.number(1, 12), self.number(1, 28))

    def phone(self) -> str:
        """A number that nobody has."""
        return f"+57 300 000 {self.number(0, 9999):04}"

    def name(self) -> str:
        """A given name and a family's, both made up."""
        return f"{self.one(words()['given'])} {self.one(words()['family'])}"

    def text(self, phrases: Sequence[str]) -> str:
        """One of some phrases, its slots filled; one in forty is of the kind that breaks programs."""
        if self.happens(0.025):
            odd: str = self.one(words()["odd"])
            return odd
        return self.one(phrases).format_map(_Slots(self))

    def said(self, least: int = 1, most: int = 1) -> str:
        """What somebody says in that many sentences."""
        return " ".join(self.text(words()["said"]) for _ in range(self.number(least, most)))


class _Slots(dict[str, str]):
    def __init__(self, chance: Chance) -> None:
        self._chance = chance

    def __missing__(self, slot: str) -> str:
        return str(self._chance.one(words()["given" if slot in {"name", "other"} else slot]))
