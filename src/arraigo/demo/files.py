"""The demo's legacy files on disk, each in the layout of the program that it pretends to come from."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from arraigo.demo.conversations import conversations
from arraigo.demo.people import guests, threads
from arraigo.errors import Unavailable

CONVERSATIONS, PEOPLE = 200, 400  # at scale 1


@dataclass(frozen=True)
class Recipe:
    """How one file is made: its name, its records at a scale, and how its program writes JSON."""

    name: str
    records: Callable[[int], dict[str, Any]]
    layout: dict[str, Any]


RECIPES = (
    Recipe("conversations.json", lambda scale: conversations(CONVERSATIONS * scale), {"indent": 2}),
    Recipe("threads-data.json", lambda scale: threads(PEOPLE * scale), {"indent": 2}),
    Recipe("guest-memory.json", lambda scale: guests(PEOPLE * scale), {"separators": (",", ":")}),
)


def make_files(home: Path, scale: int = 1) -> tuple[Path, ...]:
    """The files, in `<home>/demo` (`demo-x3` for a scale of 3). One that is there is left alone.

    Raises:
        Unavailable: The folder cannot be written.
    """
    folder = home / ("demo" if scale == 1 else f"demo-x{scale}")
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return tuple(_made(folder / recipe.name, recipe, scale) for recipe in RECIPES)
    except OSError as error:
        why = (error.strerror or type(error).__name__).lower()
        raise Unavailable(
            f"the demo's files cannot be written to {folder}: {why}", remedy="set ARRAIGO_HOME to another folder"
        ) from error


def _made(path: Path, recipe: Recipe, scale: int) -> Path:
    if not path.exists():
        draft = path.with_name(path.name + ".new")
        draft.write_text(json.dumps(recipe.records(scale), ensure_ascii=False, **recipe.layout), encoding="utf-8")
        draft.replace(path)
    return path
