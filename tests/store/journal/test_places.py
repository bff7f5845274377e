from pathlib import Path

import pytest

from arraigo.settings import load
from arraigo.store.journal.places import decide, file_system

MOUNTS = """\
22 1 0:20 / / rw,relatime - overlay overlay rw
23 22 0:21 / /proc rw - proc proc rw
24 22 8:1 / /var/lib rw,relatime shared:1 - ext4 /dev/sda1 rw
25 24 0:22 / /var/lib/with\\040space rw - tmpfs tmpfs rw
"""


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/somewhere/else", "overlay"),
        ("/var/lib/arraigo/home", "ext4"),
        ("/var/library", "overlay"),
    ],
)
def test_the_innermost_mount_counts(path: str, kind: str, tmp_path: Path) -> None:
    (tmp_path / "mounts").write_text(MOUNTS)
    assert file_system(Path(path), tmp_path / "mounts") == kind


def test_where_nobody_says_the_disk_stays(tmp_path: Path) -> None:
    assert file_system(tmp_path, tmp_path / "none") == ""


def test_it_is_as_the_setting_says_and_off_where_the_disk_ends_with_the_process(tmp_path: Path) -> None:
    on = {"ARRAIGO_HOME": str(tmp_path), "ARRAIGO_JOURNAL": "on"}
    function = {"AWS_LAMBDA_FUNCTION_NAME": "f"}
    assert decide(load(on), function).on
    assert not decide(load({**on, "ARRAIGO_JOURNAL": "off"}), {}).on
    assert not decide(load({"ARRAIGO_HOME": str(tmp_path)}), function).on
    memory = decide(load({"ARRAIGO_HOME": "/dev/shm/arraigo"}), {})  # noqa: S108 - nothing is written
    assert (memory.on, "tmpfs" in memory.why) == (False, True)
