"""`arraigo export json`."""

import json
from pathlib import Path
from typing import Any

import pytest

import arraigo as library
from arraigo.settings import Settings
from support.commands import Command


@pytest.fixture
def people(settings: Settings) -> dict[str, Any]:
    """Two people, each with a conversation of the same external id."""
    with library.sync.open(settings) as store:
        talks = {}
        for name in ("ana", "bea"):
            me = store.as_user(name)
            talk = me.conversations.create(title=f"de {name}", external_id="mine", metadata={"n": 1})
            me.messages.append(talk.id, [("user", "hola 🙂"), ("assistant", "línea\nnueva")])
            me.messages.append(talk.id, role="user", content="fuera", metadata={"x": [1.5, None]})
            me.messages.delete(talk.id, 3)
            talks[name] = talk
        return talks


def test_everything_of_one_user_and_nothing_else(arraigo: Command, people: dict[str, Any], tmp_path: Path) -> None:
    file = tmp_path / "ana.json"
    done = arraigo("export", "json", "--user", "ana", "--to", file, "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {
        "file": str(file), "bytes": file.stat().st_size, "conversations": 1, "messages": 3
    }  # fmt: skip
    [talk] = json.loads(file.read_text(encoding="utf-8"))["conversations"]
    assert (talk["id"], talk["conversation_id"]) == (str(people["ana"].id),) * 2
    assert (talk["owner"], talk["title"], talk["external_id"]) == ("ana", "de ana", "mine")
    assert (talk["metadata"], talk["settings"]) == ({"n": 1}, {})
    assert [message["content"] for message in talk["messages"]] == ["hola 🙂", "línea\nnueva", ""]
    assert talk["messages"][2]["deleted_at"] is not None
    assert file.stat().st_mode & 0o777 == 0o600


@pytest.mark.usefixtures("people")
def test_everything_of_everybody(arraigo: Command, tmp_path: Path) -> None:
    file = tmp_path / "all.json"
    assert arraigo("export", "json", "--all", "--to", file).returncode == 0
    talks = json.loads(file.read_text(encoding="utf-8"))["conversations"]
    assert sorted(talk["owner"] for talk in talks) == ["ana", "bea"]


def test_one_conversation_by_id_or_by_its_owners_name_for_it(
    arraigo: Command, people: dict[str, Any], tmp_path: Path
) -> None:
    file = tmp_path / "one.json"
    assert arraigo("export", "json", "--conversation", str(people["bea"].id), "--to", file).returncode == 0
    assert len(json.loads(file.read_text(encoding="utf-8"))["conversations"]) == 1
    assert arraigo("export", "json", "--conversation", "mine", "--user", "bea", "--to", file).returncode == 0
    several = arraigo("export", "json", "--conversation", "mine", "--to", file)
    assert (several.returncode, "say whose: --user U" in several.stderr) == (2, True)
    assert arraigo("export", "json", "--conversation", "none", "--to", file).returncode == 2
    assert len(json.loads(file.read_text(encoding="utf-8"))["conversations"]) == 1


def test_an_export_of_nothing_is_an_empty_list(arraigo: Command, tmp_path: Path) -> None:
    file = tmp_path / "none.json"
    assert arraigo("export", "json", "--all", "--to", file).returncode == 0
    assert json.loads(file.read_text()) == {"conversations": []}
