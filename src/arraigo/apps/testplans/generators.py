"""Who generates cases: the offline techniques, or a language model with these behind it."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from arraigo.apps.testplans.plan import Configuration, Generation, Kept, Language, Requirement


@dataclass(frozen=True, slots=True)
class Situation:
    """What a generator works on.

    Attributes:
        kept: The cases that the plan has.
        instruction: What the user said; empty: go on.
        language: What people shall read.
    """

    requirements: Sequence[Requirement] = field(repr=False)
    configuration: Configuration = field(repr=False)
    language: Language
    instruction: str = field(default="", repr=False)
    kept: Sequence[Kept] = field(default=(), repr=False)


class Generator(Protocol):
    """Makes cases of requirements."""

    @property
    def name(self) -> str:
        """What answers say of who it was: `offline`, or a model's name."""

    async def generate(self, situation: Situation) -> tuple[Generation, str]:
        """The new cases, and the name of who made them in the end.

        Raises:
            InvalidInput: Nothing can be made of this.
        """


class Offline:
    """The techniques of ISO/IEC/IEEE 29119-4, in a thread of its own."""

    name = "offline"

    async def generate(self, situation: Situation) -> tuple[Generation, str]:
        """See `Generator.generate`."""
        from arraigo.apps.testplans.generator import generate  # noqa: PLC0415 - its words are read when it is needed

        made = await asyncio.to_thread(
            generate,
            situation.requirements,
            situation.configuration,
            instruction=situation.instruction,
            kept=situation.kept,
            language=situation.language,
        )
        return made, self.name
