"""The demo's made-up files: the same every time, and as strange as real ones."""

import json
import unicodedata
from pathlib import Path
from typing import Any

import pytest

from arraigo.demo import make_files
from arraigo.demo.conversations import conversations
from arraigo.demo.people import guests, threads
from arraigo.errors import Unavailable


def test_the_files_are_the_same_every_time(tmp_path: Path) -> None:
    one, other = make_files(tmp_path / "one"), make_files(tmp_path / "other")
    assert [path.name for path in one] == ["conversations.json", "threads-data.json", "guest-memory.json"]
    assert [path.read_bytes() for path in one] == [path.read_bytes() for path in other]


def test_a_file_that_is_there_is_left_alone(tmp_path: Path) -> None:
    first = make_files(tmp_path)[0]
    first.write_text("{}")
    make_files(tmp_path)
    assert first.read_text() == "{}"


def test_a_larger_scale_has_the_smaller_one_in_it() -> None:
    for made in (conversations, threads, guests):
        small, large = made(20), made(60)
        assert len(large) > 2 * len(small)
        assert small.items() <= large.items()


def test_conversations_have_a_believable_size_and_what_real_ones_have() -> None:
    made = conversations(200)
    texts = [message["content"] for talk in made.values() for message in talk["messages"]]
    assert len(made) == 200
    assert len(texts) > 3000
    everything = "".join(texts)
    for needed in ("¿", "ñ", "🙂", "```python", "```sql", "\u200d", "\u2028", "السلام", "Where"):
        assert needed in everything
    assert "" in texts
    assert max(len(text) for text in texts) > 20_000
    assert any(unicodedata.normalize("NFC", text) != text for text in texts)
    assert any(talk["messages"] == [] for talk in made.values())
    assert any(talk.get("settings", 0) is None for talk in made.values())
    assert {_form(talk["created_at"]) for talk in made.values()} == {"day", "Z", "offset", "naive"}


def test_people_have_dates_of_every_form_and_names_that_are_missing() -> None:
    seen = [guest["lastInteraction"] for guest in guests(400).values()]
    assert {type(value) for value in seen} == {str, int, type(None)}
    assert any(thread["userName"] is None for thread in threads(400).values())
    assert any(guest["labels"] is None for guest in guests(400).values())
    assert any(guest["labels"] == [] for guest in guests(400).values())


def test_numbers_and_threads_are_nobody_elses() -> None:
    made = threads(3000)
    assert all(number.startswith("57300000") for number in made)
    assert len({thread["threadId"] for thread in made.values()}) == len(made)


def test_the_files_can_be_read_by_any_json_reader(tmp_path: Path) -> None:
    for path in make_files(tmp_path):
        found: dict[str, Any] = json.loads(path.read_bytes())
        assert found


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("a file")
    with pytest.raises(Unavailable, match="cannot be written"):
        make_files(tmp_path / "home")


def _form(date: str) -> str:
    if len(date) == len("2025-01-27"):
        return "day"
    return "Z" if date.endswith("Z") else "offset" if date.endswith("-05:00") else "naive"
