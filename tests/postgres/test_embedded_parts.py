"""The parts of the embedded server that need no server."""

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arraigo.errors import Unavailable
from arraigo.postgres.embedded.postmaster import PidFile, alive, parse_pid_file
from arraigo.postgres.embedded.registry import Hold, turn, unused
from arraigo.postgres.embedded.socket import fits
from arraigo.postgres.embedded.trouble import explained, last_fatal, unavailable

WHOLE = b"4711\n/home/x/data\n1700000000\n5432\n/home/x/socket\n\n  5432001     32768\nready   \n"


def test_a_pid_file_gives_process_socket_and_status() -> None:
    assert parse_pid_file(WHOLE) == PidFile(4711, Path("/home/x/socket"), "ready")


@given(st.integers(0, len(WHOLE)))
def test_a_pid_file_that_is_being_written_never_gives_more_than_it_says(length: int) -> None:
    found = parse_pid_file(WHOLE[:length])
    assert (found is None) == (length == 0)
    assert found is None or found.status in {"", "r", "re", "rea", "read", "ready"}


@given(st.binary())
def test_any_content_of_a_pid_file_is_read_without_an_error(content: bytes) -> None:
    found = parse_pid_file(content)
    assert found is None or found.pid > 0


def test_this_very_process_is_not_taken_for_a_server(tmp_path: Path) -> None:
    assert not alive(PidFile(os.getpid(), tmp_path, "ready"), tmp_path)
    assert not alive(None, tmp_path)


def test_the_last_fatal_line_is_the_reason() -> None:
    words = (
        "2024-01-01 00:00:00.000 UTC [7] 00000 LOG:  starting\n"
        "2024-01-01 00:00:00.000 UTC [7] 42704 FATAL:  the first\n"
        '2024-01-01 00:00:00.000 UTC [7] 58P01 FATAL:  could not open file "global/pg_control": none\n'
        "2024-01-01 00:00:00.000 UTC [7] 00000 LOG:  shut down\n"
    )
    assert last_fatal(words) == 'could not open file "global/pg_control": none'
    assert last_fatal("initdb: error: invalid locale name\n") == "invalid locale name"
    assert last_fatal("") == "it ended without a word"


@pytest.mark.parametrize(
    ("words", "cause"),
    [
        ("FATAL:  could not write: No space left on device", "the disk is full"),
        ("initdb: error: could not create directory: Read-only file system", "the disk is read-only"),
        ('FATAL:  could not access "x": Permission denied', "no right to it"),
        ("could not look up effective user ID 4242: user does not exist", "user id 4242 has no name"),
        ("FATAL:  something else", "something else"),
    ],
)
def test_common_causes_are_said_in_one_sentence_that_names_the_folder(words: str, cause: str, tmp_path: Path) -> None:
    error = unavailable("start the database", tmp_path, words, safe="the data is untouched")
    assert f"cannot start the database in {tmp_path}: {cause}" in str(error)
    assert "\n" not in str(error)
    assert error.remedy


def test_an_error_of_the_system_is_explained(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="the disk is full") as caught, explained("keep it", tmp_path):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), tmp_path / "file")
    assert str(tmp_path / "file") in caught.value.what


def test_a_hold_counts_once_for_each_user_and_goes_with_its_release(tmp_path: Path) -> None:
    first, second = Hold(tmp_path), Hold(tmp_path)
    first.release()
    first.release()
    assert not unused(tmp_path)
    second.release()
    assert unused(tmp_path)


def test_one_at_a_time_has_the_turn_and_the_next_is_told_to_wait(tmp_path: Path) -> None:
    code = (
        "import sys\nfrom pathlib import Path\nfrom arraigo.postgres.embedded.registry import turn\n"
        "with turn(Path(sys.argv[1]), lambda line: print(line, flush=True)): print('mine', flush=True)"
    )
    with turn(tmp_path / "lock"):
        other = subprocess.Popen([sys.executable, "-c", code, tmp_path / "lock"], stdout=subprocess.PIPE, text=True)
        assert other.stdout
        assert "waiting" in other.stdout.readline()
    assert other.communicate()[0] == "mine\n"


@pytest.mark.parametrize("odd", ["a,b", 'a"b', "a\nb", "x" * 90])
def test_a_path_that_a_socket_cannot_have_is_recognised(odd: str) -> None:
    assert not fits(Path("/tmp") / odd)  # noqa: S108 - never made
    assert fits(Path("/tmp/ordinary and ñandú"))  # noqa: S108 - never made


def test_windows_is_told_in_one_sentence() -> None:
    code = (
        "import sys, arraigo.postgres\n"
        "for name in [name for name in sys.modules if 'embedded' in name]: del sys.modules[name]\n"
        "sys.modules |= {'fcntl': None, 'pwd': None}; sys.platform = 'win32'\n"
        "from arraigo.postgres.embedded import start\n"
        "start('anywhere')"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert said.stderr.splitlines()[-1].endswith("does not run on Windows yet; set DATABASE_URL")
