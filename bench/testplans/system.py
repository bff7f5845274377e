"""A system to test: its document, the names that scripts use, how it behaves, and the ways in which it is broken."""

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from arraigo.apps.testplans.plan import Glossary

PROSE = Path(__file__).with_name("held_out")
LISTS = Path(__file__).with_name("held_out_lists")
DEVELOPMENT = Path(__file__).parents[2] / "tests" / "apps" / "testplans" / "systems"


@dataclass(frozen=True)
class Mutant:
    """The reference with one fault.

    Attributes:
        name: Unique in a system.
        rule: Where the document says otherwise.
        source: The whole reference, the fault in it.
    """

    name: str
    rule: str
    source: str


@dataclass(frozen=True)
class System:
    """A folder of `held_out/` or `held_out_lists/`, or of the development systems."""

    folder: Path

    @property
    def name(self) -> str:
        """The folder's."""
        return self.folder.name

    @property
    def group(self) -> str:
        """The folder that it is in with others of its kind."""
        return self.folder.parent.name

    @cached_property
    def about(self) -> Mapping[str, Any]:
        """`system.toml`: language, what it is in one line, and plausible values per field for random data."""
        return tomllib.loads((self.folder / "system.toml").read_text(encoding="utf-8"))

    @property
    def language(self) -> Literal["es", "en"]:
        """Of the document."""
        return "es" if self.about["language"] == "es" else "en"

    @cached_property
    def glossary(self) -> Glossary:
        """The names that scripts use."""
        return Glossary.model_validate(json.loads((self.folder / "glossary.json").read_text(encoding="utf-8")))

    @cached_property
    def source(self) -> str:
        """The reference's text: one class, `Reference`, a method per operation."""
        return (self.folder / "reference.py").read_text(encoding="utf-8")

    @cached_property
    def mutants(self) -> tuple[Mutant, ...]:
        """`mutants.toml`: each replaces a piece of the reference that is there once.

        Raises:
            ValueError: A piece is not there, or more than once.
        """
        listed = tomllib.loads((self.folder / "mutants.toml").read_text(encoding="utf-8"))["mutant"]
        return tuple(Mutant(one["name"], one["rule"], self._broken(one)) for one in listed)

    def _broken(self, mutant: Mapping[str, str]) -> str:
        if (found := self.source.count(mutant["old"])) != 1:
            raise ValueError(f"{self.name}: what {mutant['name']!r} replaces is there {found} times")
        return self.source.replace(mutant["old"], mutant["new"])

    def document(self) -> tuple[bytes, str]:
        """The document as a user would upload it, and its file name.

        A `document.typ` is made a PDF, a `document.py` makes a DOCX, or what its `NAME` says.
        """
        if (plain := self.folder / "document.md").exists():
            return plain.read_bytes(), plain.name
        if (typeset := self.folder / "document.typ").exists():
            import typst  # noqa: PLC0415 - of the extra `documents`

            made = typst.compile(typeset)
            assert isinstance(made, bytes)
            return made, "document.pdf"
        names: dict[str, Any] = {}
        written = self.folder / "document.py"
        exec(compile(written.read_text(encoding="utf-8"), written, "exec"), names)  # noqa: S102 - our own file
        office: bytes = names["made"]()
        return office, names.get("NAME", "document.docx")


def held_out() -> tuple[System, ...]:
    """Those that nobody who works on the generator reads, group by group and by name."""
    return (*_systems(PROSE), *_systems(LISTS))


def development() -> tuple[System, ...]:
    """Those that anybody may read, by name."""
    return _systems(DEVELOPMENT)


def _systems(folder: Path) -> tuple[System, ...]:
    return tuple(System(one) for one in sorted(folder.iterdir()) if (one / "system.toml").exists())
