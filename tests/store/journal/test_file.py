"""The journal's file: what is acknowledged is on the disk, and nobody else can read it."""

import json
import resource
import signal
import subprocess
import sys
import textwrap
import threading
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arraigo.errors import BadSetting, Unavailable
from arraigo.store.journal.entries import Entry
from arraigo.store.journal.file import JournalFile
from arraigo.store.journal.sealing import Damaged, Seal

OWNER = uuid4()
SECRET = "s" * 32


def entry(content: str) -> Entry:
    return Entry("append", OWNER, datetime.now(UTC), {"conversation": str(UUID(int=1)), "content": content})


def put(file: JournalFile, written: Entry) -> None:
    done = file.append(written, needed=lambda: True)
    assert done


def put_many(file: JournalFile, entries: list[Entry]) -> None:
    for one in entries:
        put(file, one)


def contents(file: JournalFile) -> list[str]:
    head = file.head()
    if head is None:
        return []
    lines = file.read(head, 0, file.settled(), most=100)
    found = []
    while lines:
        found += [line.entry.values["content"] if line.entry else "damaged" for line in lines]
        lines = file.read(head, lines[-1].end, file.settled(), most=100)
    return found


@pytest.fixture(params=[None, SECRET], ids=["plain", "sealed"])
def file(request: pytest.FixtureRequest, tmp_path: Path) -> JournalFile:
    return JournalFile(tmp_path / "journal", Seal(request.param))


def test_nobody_else_can_read_it(file: JournalFile) -> None:
    put(file, entry("uno"))
    assert file.folder.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in file.folder.iterdir()} == {0o600}


def test_entries_come_back_in_their_order(file: JournalFile) -> None:
    for n in range(30):
        put(file, entry(f"{n} ñ\n" * n))
    assert contents(file) == [f"{n} ñ\n" * n for n in range(30)]


def test_what_is_not_needed_any_more_is_not_written(file: JournalFile) -> None:
    """Everything has come in while this waited for its turn: it goes to the database."""
    assert not file.append(entry("uno"), needed=lambda: False)
    assert file.size == 0
    put(file, entry("dos"))
    assert file.append(entry("tres"), needed=lambda: False)  # behind what is there
    assert contents(file) == ["dos", "tres"]


def test_two_processes_write_to_one_file(file: JournalFile, request: pytest.FixtureRequest) -> None:
    secret = SECRET if "sealed" in request.node.name else None
    files = [file, JournalFile(file.folder, Seal(secret))]
    threads = [
        threading.Thread(target=put_many, args=(files[n % 2], [entry(f"{n}-{i}") for i in range(50)])) for n in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = contents(file)
    assert len(found) == 300
    for n in range(6):
        assert [c for c in found if c.startswith(f"{n}-")] == [f"{n}-{i}" for i in range(50)]


@pytest.mark.parametrize("left", [b"p 0000", b"x" * 200_000])
def test_what_a_killed_writer_left_is_cut_off(file: JournalFile, left: bytes) -> None:
    put(file, entry("uno"))
    path = file.folder / "entries"
    path.write_bytes(path.read_bytes() + left)
    assert contents(file) == ["uno"]
    put(file, entry("dos"))
    assert contents(file) == ["uno", "dos"]
    path.write_bytes(b'{"arraigo_jour')  # killed in the first line
    assert contents(file) == []
    put(file, entry("tres"))
    assert contents(file) == ["tres"]


def test_a_damaged_line_is_told_from_the_others(file: JournalFile) -> None:
    for content in ("uno", "dos", "tres"):
        put(file, entry(content))
    path = file.folder / "entries"
    lines = path.read_bytes().splitlines(keepends=True)
    lines[2] = lines[2][:-5] + b"xxxx\n"
    path.write_bytes(b"".join(lines))
    assert contents(file) == ["uno", "damaged", "tres"]


def test_with_a_key_nothing_can_be_read_without_it(tmp_path: Path) -> None:
    put(JournalFile(tmp_path, Seal(SECRET)), entry("geheim"))
    assert b"geheim" not in (tmp_path / "entries").read_bytes()
    for other in (None, "o" * 32):
        with pytest.raises(BadSetting, match="ARRAIGO_JOURNAL_KEY"):
            contents(JournalFile(tmp_path, Seal(other)))
    plain = JournalFile(tmp_path / "plain", Seal())
    put(plain, entry("uno"))
    sealed = JournalFile(tmp_path / "plain", Seal(SECRET))
    put(sealed, entry("dos"))
    assert contents(sealed) == ["uno", "dos"]  # a key that was set meanwhile


def test_a_file_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    text = json.dumps({"arraigo_journal": 99, "id": "x"}) + "\n"
    (tmp_path / "entries").write_text(text)
    with pytest.raises(BadSetting, match="no journal of this version"):
        put(JournalFile(tmp_path, Seal()), entry("uno"))
    assert (tmp_path / "entries").read_text() == text


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(Unavailable, match="ARRAIGO_JOURNAL=off"):
        JournalFile(tmp_path / "file", Seal())


def test_on_a_full_disk_nothing_is_acknowledged_and_nothing_is_lost(tmp_path: Path) -> None:
    """A limit on the file's size stops a write in its middle, as a full disk does."""
    script = """
        import signal, sys
        from pathlib import Path
        from arraigo.errors import Unavailable
        from arraigo.store.journal.file import JournalFile
        from arraigo.store.journal.sealing import Seal
        from test_file import entry, put
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        file = JournalFile(Path(sys.argv[1]), Seal())
        for n in range(1000):
            try:
                put(file, entry(f"{n} " + "x" * 500))
            except Unavailable as error:
                assert "nothing of this was stored" in str(error)
                break
            print(n, flush=True)
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script), str(tmp_path)],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parent,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000)),
    )
    acknowledged = [int(line) for line in done.stdout.split()]
    assert 10 < len(acknowledged) < 100
    file = JournalFile(tmp_path, Seal())
    assert [int(content.split()[0]) for content in contents(file)] == acknowledged
    put(file, entry("there is room again"))
    assert contents(file)[-1] == "there is room again"
    assert signal.getsignal(signal.SIGXFSZ) is not None


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=10,
)


@given(json_values, st.booleans())
def test_an_entry_comes_back_as_it_was(value: object, sealed: bool) -> None:  # noqa: FBT001
    seal = Seal(SECRET if sealed else None)
    written = Entry("set_state", OWNER, datetime.now(UTC), {"namespace": "n", "value": value})
    line = seal.line(written, b"journal")
    assert line.count(b"\n") == 1
    assert seal.entry(line, b"journal") == written


@given(st.data(), st.booleans())
def test_a_changed_byte_is_noticed(data: st.DataObject, sealed: bool) -> None:  # noqa: FBT001
    seal = Seal(SECRET if sealed else None)
    line = bytearray(seal.line(entry("uno"), b"journal"))
    place = data.draw(st.integers(0, len(line) - 2))
    other = data.draw(st.integers(0, 255).filter(lambda byte: byte not in {line[place], ord("\n")}))
    same = bytes([line[place], other]).lower()
    line[place] = other
    if 2 <= place < 10 and same[0] == same[1]:  # an upper-case digit is the same digit
        return
    with pytest.raises((Damaged, BadSetting)):
        seal.entry(bytes(line), b"journal")
    with pytest.raises((Damaged, BadSetting)):
        seal.entry(seal.line(entry("uno"), b"another journal") if sealed else b"q x\n", b"journal")
