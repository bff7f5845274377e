"""What commands print: facts on standard output, how far they are and what is wrong on standard error.

Colours and lines are for terminals; a pipe gets plain text. Nothing that somebody else wrote (a key, a name) can
reach the terminal as a control character.
"""

import json
import sys
import textwrap
from collections.abc import Iterable, Sequence
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

_NARROW = 40
Cell = str | int | bool | None
_out = Console(highlight=False, markup=False, emoji=False, soft_wrap=True)
_err = Console(highlight=False, markup=False, emoji=False, soft_wrap=True, stderr=True)


def error_console() -> Console:
    """Where progress is drawn."""
    return _err


def tolerate_encodings() -> None:
    """Print what the terminal's encoding lacks as an escape, rather than fail."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


def say(text: str = "", style: str = "") -> None:
    """A line of the answer."""
    _out.print(Text(printable(text), style))


def on_terminal() -> bool:
    """Whether a person reads the answer as it comes."""
    return _out.is_terminal


def paragraph(text: str, style: str = "", *more: str) -> None:
    """A sentence of the answer: one line in a pipe, on a terminal broken between words.

    Args:
        text: The sentence.
        style: As rich takes it.
        more: How it goes on, perhaps with what people copy: on a terminal each has a line of its own, unbroken.
    """
    if not on_terminal():
        say("; ".join(filter(None, (text, *more))), style)
        return
    width = max(_out.width, _NARROW)
    lines = textwrap.wrap(text, width, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False)
    for line in lines or [""]:
        say(line, style)
    for part in filter(None, more):
        say(f"  {part}", style)


def note(text: str) -> None:
    """A line about what is going on."""
    _err.print(Text(printable(text), "dim"))


def err(text: str) -> None:
    """What went wrong."""
    _err.print(Text(printable(text)))


def raw(text: str) -> None:
    """Exactly this, for programs."""
    sys.stdout.write(text + "\n")


def as_json(value: Any) -> None:
    """A value for programs."""
    raw(json.dumps(value, ensure_ascii=False, indent=2, default=str))


def table(headers: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    """Rows under headers; numbers stand on the right."""
    cells = [list(row) for row in rows]
    right = [
        all(isinstance(row[column], int) and not isinstance(row[column], bool) for row in cells)
        for column in range(len(headers))
    ]
    texts = [[_text(cell) for cell in row] for row in cells]
    if not _out.is_terminal:
        for line in plain(headers, texts, right):
            raw(line)
        return
    drawn = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    for header, to_right in zip(headers, right, strict=True):
        drawn.add_column(header, justify="right" if to_right else "left", overflow="fold")
    for row in texts:
        drawn.add_row(*(Text(cell, _style(cell)) for cell in row))
    _out.print(drawn)


def plain(headers: Sequence[str], rows: Sequence[Sequence[str]], right: Sequence[bool]) -> list[str]:
    """The lines of a table without lines."""
    everything = [list(headers), *rows]
    widths = [max(len(row[column]) for row in everything) for column in range(len(headers))]
    return [
        "  ".join(
            cell.rjust(width) if to_right else cell.ljust(width)
            for cell, width, to_right in zip(row, widths, right, strict=True)
        ).rstrip()
        for row in everything
    ]


def printable(text: str) -> str:
    """The text, with control characters but line ends shown as escapes."""
    return "".join(
        char if char.isprintable() or char == "\n" else char.encode("unicode_escape", "backslashreplace").decode()
        for char in text
    )


def megabytes(size: float) -> str:
    """A number of bytes for people."""
    return f"{size / 1e6:,.1f} MB" if size >= 100_000 else f"{size / 1e3:,.1f} kB"  # noqa: PLR2004 - 0.1 MB


def counted(number: int, what: str) -> str:
    """A number of things."""
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def example(command: str) -> str:
    """How a command is called, for the end of its help."""
    return f"\b\nExample:\n  {command}\n"


def _text(cell: Cell) -> str:
    if isinstance(cell, bool):
        return "yes" if cell else "NO"
    if isinstance(cell, int):
        return f"{cell:,}"
    return "" if cell is None else printable(cell)


def _style(cell: str) -> str:
    return {"yes": "green", "NO": "bold red"}.get(cell, "")
