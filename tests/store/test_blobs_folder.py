"""What only a folder has: modes, and being there or not."""

from pathlib import Path

import pytest

from arraigo.errors import Unavailable
from arraigo.store.blobs import Blobs

KEY = "owner/talk/document"


def left(folder: Path) -> list[Path]:
    return list(folder.rglob("*"))


async def test_files_are_readable_by_their_user_alone(tmp_path: Path) -> None:
    await Blobs(str(tmp_path / "a" / "blobs")).write(KEY, b"x", 1)
    modes = {path: path.stat().st_mode & 0o777 for path in (tmp_path / "a").rglob("*")}
    assert {mode for path, mode in modes.items() if path.is_dir()} == {0o700}
    assert {mode for path, mode in modes.items() if path.is_file()} == {0o600}


async def test_a_folder_that_was_there_keeps_its_mode(tmp_path: Path) -> None:
    shared = tmp_path / "shared"
    shared.mkdir(mode=0o750)
    shared.chmod(0o750)
    await Blobs(str(shared)).write(KEY, b"x", 1)
    assert shared.stat().st_mode & 0o777 == 0o750
    assert (shared / "owner").stat().st_mode & 0o777 == 0o700


async def test_a_folder_that_is_not_there_is_never_taken_for_an_empty_one(tmp_path: Path) -> None:
    """A worker on another machine, or a disk that is not mounted, would forget what is to be removed."""
    blobs = Blobs(str(tmp_path / "blobs"))
    for attempt in (blobs.delete([KEY]), blobs.size(KEY)):
        with pytest.raises(Unavailable, match="is not there"):
            await attempt
    await blobs.write(KEY, b"x", 1)
    (tmp_path / "blobs").rename(tmp_path / "elsewhere")
    with pytest.raises(Unavailable, match="is not there"):
        await blobs.delete([KEY])
    assert (tmp_path / "elsewhere" / KEY).exists()


async def test_a_file_in_the_place_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "blobs").touch()
    with pytest.raises(Unavailable, match=f"the blobs at {tmp_path}/blobs cannot be written: file exists"):
        await Blobs(str(tmp_path / "blobs")).write(KEY, b"x", 1)
    with pytest.raises(Unavailable, match="not a directory"):
        await Blobs(str(tmp_path / "blobs" / "below")).make_ready()


async def test_what_a_crash_left_of_writing_goes_too(tmp_path: Path) -> None:
    blobs = Blobs(str(tmp_path))
    await blobs.write(KEY, b"x", 1)
    (tmp_path / f"{KEY}#1").write_bytes(b"half")
    await blobs.delete([KEY, "owner/talk/never"])
    assert left(tmp_path) == []
