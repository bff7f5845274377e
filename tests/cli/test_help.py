"""Help: every command has it, with an example of itself, and the manual has every command."""

import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.core import TyperGroup

from arraigo import __version__
from arraigo.cli.program import app
from support.commands import Command

MANUAL = Path(__file__).parents[2] / "docs" / "cli.md"


def commands() -> Iterator[tuple[str, str]]:
    """Every command's path and its help."""

    def walk(context: Any) -> Iterator[tuple[str, str]]:
        yield context.command_path, context.get_help()
        if isinstance(context.command, TyperGroup):
            for name, command in context.command.commands.items():
                yield from walk(command.make_context(name, [], parent=context, resilient_parsing=True))

    yield from walk(typer.main.get_command(app).make_context("arraigo", [], resilient_parsing=True))


@pytest.mark.parametrize(("path", "text"), list(commands()), ids=[path for path, _ in commands()])
def test_every_command_has_an_example_of_itself_in_its_help(path: str, text: str) -> None:
    example = text.rpartition("Example:")[2].strip()
    words = [word for word in shlex.split(example) if "=" not in word]
    assert words[: len(path.split())] == path.split()


@pytest.mark.parametrize("path", [path for path, _ in commands()])
def test_every_command_is_in_the_manual(path: str) -> None:
    assert f"# {path}\n" in MANUAL.read_text(encoding="utf-8")


def test_the_contracts_commands_are_there() -> None:
    wanted = {
        *("demo", "serve", "worker", "token", "doctor", "export json"),
        *(f"db {name}" for name in ("upgrade", "downgrade", "status", "backup", "restore", "psql")),
        *(f"move {name}" for name in ("plan", "run", "status", "verify", "rollback", "report")),
    }
    assert wanted <= {path.removeprefix("arraigo ") for path, _ in commands()}


def test_the_version_is_printed(arraigo: Command) -> None:
    done = arraigo("--version")
    assert (done.returncode, done.stdout, done.stderr) == (0, f"arraigo {__version__}\n", "")


def test_help_in_a_pipe_has_no_colours_and_no_boxes(arraigo: Command) -> None:
    done = arraigo("move", "run", "--help")
    assert done.returncode == 0
    assert not set(done.stdout) & set("\x1b│╭─")
