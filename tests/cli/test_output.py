"""What is printed: plain in a pipe, harmless everywhere."""

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arraigo.cli.output import megabytes, paragraph, plain, printable
from arraigo.cli.progress import Lines, line
from arraigo.move import Progress
from support.commands import PROGRAM, Command


@given(st.text())
def test_nothing_printable_can_steer_a_terminal(text: str) -> None:
    shown = printable(text)
    assert all(char == "\n" or char.isprintable() for char in shown)
    assert printable("ñ 🙂 normal") == "ñ 🙂 normal"


def test_an_escape_sequence_is_shown_as_its_letters() -> None:
    assert printable("\x1b[31mrojo\udc80") == "\\x1b[31mrojo\\udc80"


def test_a_plain_table_has_its_numbers_on_the_right_and_no_blanks_at_the_end() -> None:
    lines = plain(("name", "n"), [["a", "1"], ["bb", "1,000"]], [False, True])
    assert lines == ["name      n", "a         1", "bb    1,000"]


@pytest.mark.parametrize(("size", "said"), [(0, "0.0 kB"), (1_234, "1.2 kB"), (34_500_000, "34.5 MB")])
def test_sizes_are_for_people(size: int, said: str) -> None:
    assert megabytes(size) == said


def test_a_line_says_rows_megabytes_speed_and_time_left() -> None:
    said = line(Progress("copy", "x.json", 10_000_000, 40_000_000, 1234), 2.0)
    assert said == "copy x.json: 1,234 rows, 10.0 MB of 40.0 MB, 5.0 MB/s, 6 s left"


def test_a_line_of_an_unknown_end_does_not_guess() -> None:
    assert line(Progress("backup", "x", 0, 0, 0), 0.0) == "backup x: 0 rows, 0.0 kB"
    assert line(Progress("make", "x", 0, 0, 1234), 2.0) == "make x: 1,234 rows"
    assert line(Progress("writes are refused", "", 0, 0, 0), 2.0) == "writes are refused"


def test_what_has_no_size_or_no_end_is_told_by_what_there_is() -> None:
    assert line(Progress("make", "x", 0, 0, 1234), 2.0) == "make x: 1,234 rows"
    assert line(Progress("back", "x", 0, 2_000_000, 12), 2.0) == "back x: 12 rows, 2.0 MB of log behind"


def test_words_are_said_at_once() -> None:
    said: list[str] = []
    tell = Lines(said.append, lambda: 0.0)
    tell(Progress("copy", "x", 1, 2, 3))
    tell(Progress("measuring both sides", "", 0, 0, 0))
    assert said == ["measuring both sides"]


def test_a_sentence_is_one_line_in_a_pipe(capsys: pytest.CaptureFixture[str]) -> None:
    paragraph("word " * 60 + "end", "", "--accept 'a b'")
    assert capsys.readouterr().out == "word " * 60 + "end; --accept 'a b'\n"


def test_plain_progress_is_a_line_every_five_seconds_at_most() -> None:
    now = 0.0
    said: list[str] = []
    tell = Lines(said.append, lambda: now)
    for step in range(120):
        now = step / 10
        tell(Progress("copy", "x.json", step, 120, step))
    assert len(said) == 2


def test_in_a_pipe_nothing_is_coloured(process: Command, conversations: Path) -> None:
    for arguments in (("move", "run", f"json:{conversations}"), ("move", "status"), ("doctor",)):
        done = process(*arguments)
        assert done.returncode == 0, done.stderr
        assert "\x1b" not in done.stdout + done.stderr


def test_on_a_terminal_there_are_bars(environment: dict[str, str], conversations: Path) -> None:
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [*PROGRAM, "move", "run", f"json:{conversations}"],
        env=environment | {"TERM": "xterm-256color", "COLUMNS": "100"},
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
    )
    os.close(theirs)
    shown = b""
    while True:
        try:
            chunk = os.read(ours, 65_536)
        except OSError:  # Linux says so when the last writer is gone
            break
        if not chunk:
            break
        shown += chunk
    os.close(ours)
    assert process.wait() == 0
    assert b"\x1b[" in shown
    assert "━".encode() in shown
    assert b"rows" in shown


def test_a_terminal_of_another_encoding_gets_escapes(process: Command, tmp_path: Path) -> None:
    done = process("move", "plan", f"json:{tmp_path}/añ🙂.json", PYTHONIOENCODING="ascii")
    assert done.returncode == 2
    assert "a\\xf1\\U0001f642.json" in done.stderr


def test_the_program_can_be_called_as_a_module() -> None:
    done = subprocess.run([sys.executable, "-m", "arraigo", "--version"], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("arraigo ")
