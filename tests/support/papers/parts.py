"""What a paper is made of, for any format."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True)
class Title:
    """A heading; the number is part of the text in every format."""

    level: int
    text: str


@dataclass(frozen=True)
class Text:
    """A paragraph."""

    text: str


@dataclass(frozen=True)
class Points:
    """A list; an entry that is a tuple has entries of its own under its first."""

    entries: tuple[str | tuple[str, ...], ...]
    ordered: bool = False


@dataclass(frozen=True)
class Grid:
    """A table."""

    caption: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


Part: TypeAlias = Title | Text | Points | Grid


@dataclass(frozen=True)
class Paper:
    """A document and what has to be found in it.

    Attributes:
        ids: Every id that the document gives to a requirement.
        said: Words that have to be in the requirement of that id (or in any one: the empty id).
        traps: Words that no requirement may have.
        sections: For an id, a heading that its place has to name.
        untestable: Words of statements that are marked so.
    """

    language: str
    name: str
    title: str
    contents: str
    history: Grid
    parts: tuple[Part, ...]
    ids: tuple[str, ...]
    said: tuple[tuple[str, str], ...]
    traps: tuple[str, ...]
    sections: Mapping[str, str]
    untestable: tuple[str, ...]
    header: str
    footer: str
