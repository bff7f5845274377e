"""What the tables of the example know of each other while they are made."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from arraigo.demo.companion.chance import Chance

DIMENSIONS = 1536


@dataclass(frozen=True, slots=True)
class Person:
    """Someone who is cared for, of one registration."""

    id: UUID
    registration: int
    name: str


@dataclass(frozen=True, slots=True)
class Call:
    """A call of the companion."""

    id: UUID
    person: Person
    at: datetime
    status: str
    urgency: int


@dataclass(slots=True)
class World:
    """Rows that later tables refer to; each table's maker adds its own.

    Attributes:
        scale: How many times the documented volumes.
        vector: An embedding as the server takes it: pgvector's text, or an array's.
    """

    scale: int
    vector: Callable[[Chance], str]
    users: list[UUID] = field(default_factory=list)
    prices: list[Decimal] = field(default_factory=list)
    accounts: list[UUID] = field(default_factory=list)
    members: list[tuple[int, int]] = field(default_factory=list)  # id, registration
    people: list[Person] = field(default_factory=list)
    companion: UUID | None = None
    codes: list[UUID] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    medications: list[UUID] = field(default_factory=list)
    visits: list[tuple[UUID, Person]] = field(default_factory=list)
    reminders: list[UUID] = field(default_factory=list)
    voice_calls: list[tuple[UUID, Person]] = field(default_factory=list)


def embedding(opening: str, closing: str) -> Callable[[Chance], str]:
    """Makes vectors between -1 and 1, four decimals each, between those two signs."""

    def made(chance: Chance) -> str:
        numbers = (f"{chance.random.uniform(-1, 1):.4f}" for _ in range(DIMENSIONS))
        return opening + ",".join(numbers) + closing

    return made
