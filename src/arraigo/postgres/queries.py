"""Named queries in .sql files.

    -- name: conversation_by_id
    -- What it is for, when the name does not say it.
    SELECT … FROM arraigo.conversations WHERE id = :id

`load(__package__)` gives them as `Queries`, one attribute each, their `:names` turned into the server's `$1`.
"""

import re
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files

_NAME = re.compile(r"^-- name: (\w+)\n", re.MULTILINE)
# What is left as it is: texts, quoted names, casts. Then comments and line ends, which go, and the parameters.
_TOKEN = re.compile(r"""('(?:[^']|'')*'|"[^"]*"|\$\$.*?\$\$|::)|--[^\n]*|\n|:([a-z][a-z0-9_]*)""", re.DOTALL)


@dataclass(frozen=True)
class Query:
    """One statement: its text with `$n` and the names of its parameters, in that order."""

    name: str
    sql: bytes
    parameters: tuple[str, ...]

    @cached_property
    def repeatable(self) -> bool:
        """Whether running it twice is running it once: reads, and functions made for it."""
        return self.sql.split(maxsplit=4)[3] == b"SELECT"


class Queries:
    """The queries of one file, by name."""

    def __init__(self, by_name: dict[str, Query]) -> None:
        self._by_name = by_name

    def __getattr__(self, name: str) -> Query:
        try:
            return self._by_name[name]
        except KeyError:
            raise AttributeError(f"no query named {name!r}; there are {', '.join(self._by_name)}") from None


def parse(name: str, text: str) -> Query:
    """Turn `:name` into `$n`."""
    parameters: list[str] = []

    def number(match: re.Match[str]) -> str:
        kept, parameter = match.groups()
        if parameter is None:
            return kept or (" " if match[0] == "\n" else "")
        if parameter not in parameters:
            parameters.append(parameter)
        return f"${parameters.index(parameter) + 1}"

    sql = _TOKEN.sub(number, text).strip().rstrip(";")
    return Query(name, f"/* {name} */ {sql}".encode(), tuple(parameters))


@cache
def load(package: str, file: str = "queries.sql") -> Queries:
    """Read the named queries of a package's .sql file."""
    text = files(package).joinpath(file).read_text(encoding="utf-8")
    pieces = _NAME.split(text)[1:]
    return Queries({name: parse(name, body) for name, body in zip(pieces[::2], pieces[1::2], strict=True)})
