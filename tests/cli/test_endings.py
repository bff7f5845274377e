"""How commands end: exit codes and sentences."""

import errno
import subprocess
from pathlib import Path

import pytest
import typer

from arraigo import errors
from arraigo.cli.endings import meaning
from support.commands import PROGRAM, Command


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (errors.CheckFailed("x"), 1),
        (errors.InvalidInput("x"), 2),
        (errors.BadSetting("x"), 2),
        (errors.TooLarge("x"), 2),
        (errors.NotFound("x"), 2),
        (errors.AccessDenied("x"), 2),
        (errors.Conflict("x"), 2),
        (errors.Unavailable("x"), 3),
        (errors.ArraigoError("x"), 3),
        (OSError(errno.ENOSPC, "No space left on device", "/f"), 3),
        (OSError(errno.EACCES, "Permission denied", "/f"), 2),
        (KeyboardInterrupt(), 130),
        (typer.Abort(), 130),
        (typer.BadParameter("x"), 2),
        (ZeroDivisionError(), 70),
    ],
    ids=repr,
)
def test_every_error_has_its_exit_code(error: BaseException, code: int) -> None:
    assert meaning(error)[0] == code


def test_an_error_of_ours_says_what_is_safe_and_what_to_do() -> None:
    error = errors.Unavailable("it is away", safe="nothing was changed", remedy="try again")
    assert meaning(error) == (3, "it is away; nothing was changed; try again")


def test_a_fault_does_not_show_what_it_was_about() -> None:
    assert "hunter2" not in meaning(ValueError("hunter2"))[1]


BAD = [
    ([], 2, "Usage: arraigo"),
    (["nonsense"], 2, "no such command"),
    (["db"], 2, "missing command; see: arraigo db --help"),
    (["move", "run"], 2, "missing argument 'SOURCE'; see: arraigo move run --help"),
    (["move", "run", "json:/nowhere.json"], 2, "there is no file /nowhere.json"),
    (["move", "run", "postgresql://u:hunter2@h"], 2, "names no database"),
    (["move", "run", "json:{file}", "--follow"], 2, "--follow is for moving whole databases"),
    (["move", "plan", "json:{file}", "--expect", "x"], 2, "--expect is for moving whole databases"),
    (["move", "verify", "nothing"], 2, "there is no move 'nothing'"),
    (["move", "status", "--to", "mysql://u:hunter2@h/d"], 2, "--to is not a PostgreSQL address"),
    (["move", "status", "--to", "postgresql://u:hunter2@127.0.0.1:1/d"], 3, "nothing listens at 127.0.0.1:1"),
    (["db", "downgrade", "7777"], 2, "7777"),
    (["db", "restore", "/nowhere"], 2, "/nowhere cannot be read"),
    (["db", "restore", "{file}"], 2, "is no backup"),
    (["db", "backup", "/nowhere/x"], 2, "/nowhere/x cannot be written"),
    (["export", "json", "--to", "{folder}/x"], 2, "give one of --conversation ID, --user U, --all"),
    (["export", "json", "--all", "--user", "ana", "--to", "{folder}/x"], 2, "--all goes alone"),
    (["export", "json", "--all", "--to", "{folder}"], 2, " is not a file"),
    (["export", "json", "--user", "nobody", "--to", "{folder}/x"], 2, "there is no user 'nobody'"),
    (["token", "--user", "ana", "--employee", "7"], 2, "--employee"),
    (["token", "--user", "ana", "--hours", "0"], 2, "0 hours"),
    (["serve", "--host", "no.such.host.invalid", "--port", "0"], 2, "no.such.host.invalid"),
    (["demo", "--scale", "0"], 2, "--scale"),
]


@pytest.mark.parametrize(("arguments", "code", "words"), BAD, ids=lambda value: str(value)[:60])
def test_bad_use_ends_with_a_sentence_and_its_exit_code(
    arraigo: Command, conversations: Path, arguments: list[str], code: int, words: str
) -> None:
    done = arraigo(*(argument.format(file=conversations, folder=conversations.parent) for argument in arguments))
    assert (done.returncode, done.stdout) == (code, "")
    assert words in done.stderr
    assert "hunter2" not in done.stderr


def test_a_process_ends_with_the_exit_code(process: Command) -> None:
    for arguments, code in ((["db", "status"], 0), (["move", "verify", "x"], 2), (["nonsense"], 2)):
        assert process(*arguments).returncode == code


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"DATABASE_URL": "nonsense"}, 2),
        ({"DATABASE_URL": "postgresql://127.0.0.1:1/x", "ARRAIGO_MIGRATION_URL": ""}, 3),
    ],
    ids=str,
)
def test_a_bad_environment_is_told_in_a_sentence(arraigo: Command, changes: dict[str, str], code: int) -> None:
    done = arraigo("db", "status", **changes)
    assert done.returncode == code
    assert len(done.stderr.strip().splitlines()) == 1


def test_debug_shows_the_traceback_wherever_it_stands(arraigo: Command) -> None:
    for arguments in (("--debug", "move", "verify", "x"), ("move", "verify", "x", "--debug")):
        done = arraigo(*arguments)
        assert done.returncode == 2
        assert "Traceback" in done.stderr


def test_a_reader_that_goes_away_is_no_complaint(environment: dict[str, str]) -> None:
    reading = subprocess.Popen(
        [*PROGRAM, "--help"], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert reading.stdout is not None
    reading.stdout.close()
    assert reading.stderr is not None
    assert reading.stderr.read() == ""
    reading.stderr.close()
    assert reading.wait() == 141
