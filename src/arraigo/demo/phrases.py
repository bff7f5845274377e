"""What the demo's people say, out of phrases.toml, chosen by a seeded source of chance."""

import re
import tomllib
from functools import cache
from importlib.resources import files
from random import Random
from typing import Any

_SLOT = re.compile(r"\{\{(\w+)\}\}")
_STICKY = {"given", "family", "city", "street", "product", "table", "language"}


@cache
def phrases() -> dict[str, Any]:
    """The tables of phrases.toml."""
    return tomllib.loads(files("arraigo.demo").joinpath("phrases.toml").read_text(encoding="utf-8"))


class Voice:
    """Speaks in one conversation: whom and what it is about stays the same.

    Args:
        seed: The same seed says the same.
    """

    def __init__(self, seed: str) -> None:
        self.chance = Random(seed)  # noqa: S311 - the same every time, on purpose
        self._about: dict[str, str] = {}

    def fill(self, text: str) -> str:
        """A phrase with its slots filled."""
        return _SLOT.sub(lambda slot: self._word(slot[1]), text)

    def one(self, choices: list[str]) -> str:
        """One of some phrases, filled."""
        return self.fill(self.chance.choice(choices))

    def happens(self, probability: float) -> bool:
        """Whether something does, this time."""
        return self.chance.random() < probability

    def long_text(self, language: str) -> str:
        """A document that somebody pasted: 20 to 200 paragraphs of about 300 characters."""
        return "\n\n".join(self.fill(phrases()["long"][language]) for _ in range(self.chance.randint(20, 200)))

    def odd_text(self) -> str:
        """A text of the kind that breaks programs."""
        text: str = self.chance.choice(phrases()["odd"]["texts"])
        return text

    def _word(self, slot: str) -> str:
        if slot == "number":
            return str(self.chance.randint(100, 9999))
        if slot == "small":
            return str(self.chance.randint(2, 9))
        word = self._about.get(slot) or str(self.chance.choice(phrases()["slots"][slot]))
        if slot in _STICKY:
            self._about[slot] = word
        return word
