"""Which files hold records, and of which shape; what SOURCE says."""

import json
from pathlib import Path
from typing import Any

import pytest

from arraigo.errors import InvalidInput
from arraigo.move.records.files import SourceFile
from arraigo.move.sources.jsonfile import find
from arraigo.move.sources.spec import Source, parse
from support import exports
from support import legacy_files as files


def recognised(path: Path, shape: str = "") -> list[tuple[str, str, str]]:
    found = find(Source("json", str(path), shape)).files
    return [(file.name, file.shape.name, file.form.wrapper) for file in found if isinstance(file, SourceFile)]


@pytest.mark.parametrize(
    ("value", "shape", "wrapper"),
    [
        (files.conversations(3), "conversations", ""),
        (list(files.conversations(3).values()), "conversations", ""),
        ({"conversations": files.conversations(3)}, "conversations", "conversations"),
        ({"conversations": list(files.conversations(3).values())}, "conversations", "conversations"),
        ({"conversations": files.conversations(1)["c-0000"]}, "conversations", ""),  # an id like any other
        (files.threads(2), "threads", ""),
        (files.guests(2), "guests", ""),
        ({"5": {"name": "a"}, "6": {"name": "b", "labels": []}}, "guests", ""),
        ([None, 5, "x", {"messages": []}], "conversations", ""),
        (exports.chatgpt(6), "chatgpt", ""),
        (exports.chatgpt(6)[5:], "chatgpt", ""),
        ({"conversations": exports.chatgpt(2)}, "chatgpt", "conversations"),
        (exports.claude(6), "claude", ""),
        (exports.claude(6)[5:], "claude", ""),
    ],
)
def test_a_shape_is_recognised_by_its_records(tmp_path: Path, value: Any, shape: str, wrapper: str) -> None:
    path = files.write(tmp_path / "data.json", value)
    assert recognised(path) == [("data.json", shape, wrapper)]


def test_a_folder_gives_what_it_knows_and_names_the_rest(tmp_path: Path) -> None:
    files.write(tmp_path / "b.json", files.threads(1))
    files.write(tmp_path / "a.json", files.guests(2))
    files.write(tmp_path / "c.json", {"a": 1})
    (tmp_path / "d.json").write_text("")
    (tmp_path / "e.txt").write_text("{}")
    found = find(Source("json", str(tmp_path)))
    assert [file.name for file in found.files] == ["a.json", "b.json"]
    assert [name for name, _ in found.ignored] == ["c.json", "d.json"]
    assert "is empty" in found.ignored[1][1]


def test_of_an_account_only_the_conversations_are_taken_and_the_rest_is_named(tmp_path: Path) -> None:
    for name, value in (exports.CHATGPT_OTHERS | exports.CLAUDE_OTHERS).items():
        files.write(tmp_path / name, value)
    files.write(tmp_path / "conversations-000.json", exports.chatgpt(3))
    files.write(tmp_path / "conversations-001.json", exports.chatgpt(6)[3:])
    files.write(tmp_path / "conversations.json", exports.claude(2))
    found = find(Source("json", str(tmp_path)))
    assert [(file.name, file.shape.name) for file in found.files] == [
        ("conversations-000.json", "chatgpt"),
        ("conversations-001.json", "chatgpt"),
        ("conversations.json", "claude"),
    ]
    assert [name for name, _ in found.ignored] == sorted(exports.CHATGPT_OTHERS | exports.CLAUDE_OTHERS)


def test_a_named_shape_decides(tmp_path: Path) -> None:
    path = files.write(tmp_path / "x.json", {"a": {"b": 1}})
    assert recognised(path, "threads") == [("x.json", "threads", "")]
    wrapped = files.write(tmp_path / "y.json", {"conversations": [1]})
    assert recognised(wrapped, "conversations") == [("y.json", "conversations", "conversations")]
    with pytest.raises(InvalidInput, match="there is no shape 'x'; use one of"):
        recognised(path, "x")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "is empty"),
        ("{}", "holds no records"),
        ("[]", "holds no records"),
        ("hello", "an object or an array of records should begin here"),
        ('{"a": 1}', "does not look like any of chatgpt, claude, conversations, guests, interviews, threads"),
        ("[[[[", "does not look like any of"),
        ('{"mapping": {}, "title": "t"}', "does not look like any of"),
    ],
)
def test_what_holds_no_records_is_said_in_one_sentence(tmp_path: Path, text: str, reason: str) -> None:
    path = tmp_path / "x.json"
    path.write_text(text)
    with pytest.raises(InvalidInput, match=reason) as caught:
        recognised(path)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_what_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="there is no file"):
        recognised(tmp_path / "nowhere.json")
    with pytest.raises(InvalidInput, match=r"there is no \*\.json in it"):
        recognised(tmp_path)


def test_a_source_is_the_same_however_it_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files.write(tmp_path / "a.json", {})
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    wanted = Source("json", str(tmp_path / "a.json"))
    assert parse("json:a.json") == parse("json:./a.json") == parse("json:~/a.json") == parse(f"json:{tmp_path}/a.json")
    assert parse("json:a.json") == wanted
    assert parse("json:a.json?shape=guests") == Source("json", wanted.location, "guests")
    assert parse(str(parse("json:a.json?shape=guests"))) == parse("json:a.json?shape=guests")
    (tmp_path / "what?.json").write_text(json.dumps({}))
    assert parse("json:what?.json").location.endswith("what?.json")


def test_the_address_of_a_database_is_kept_without_its_password() -> None:
    given = "postgres://ana:geheim@db.example.com:5433/d%20b?sslmode=require&password=geheim"
    assert parse(given).location == "postgresql://ana@db.example.com:5433/d%20b?sslmode=require"
    assert parse(str(parse(given))) == parse(given)
    assert "geheim" not in repr(parse(given))


@pytest.mark.parametrize(
    "text",
    [
        *("json:", "a.json", "csv:a.csv", "", "json:a.json?shape=", "json:a.json?form=x"),
        *(
            "postgresql://u:geheim@h",
            "mysql://u:geheim@h/d",
            "localstorage:",
            "localstorage:x?employee=ana",
            "localstorage:x?shape=guests",
        ),
    ],
)
def test_other_sources_are_refused_with_the_forms_that_work_and_no_password(text: str) -> None:
    with pytest.raises(InvalidInput, match=r"json:|postgresql://|\?employee=UUID") as caught:
        parse(text)
    assert "geheim" not in str(caught.value)
