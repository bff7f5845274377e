"""What a file of a browser's sessions is recognised as, and what of it is none."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arraigo.errors import InvalidInput
from arraigo.move.records import opening
from arraigo.move.records.files import SourceFile
from arraigo.move.records.forms import Form
from arraigo.move.sources.localstorage import find, holds_session
from arraigo.move.sources.spec import KINDS, Source, parse
from support import legacy_files as files

EMPLOYEE = files.EMPLOYEE
SESSIONS = files.sessions(3)
TEXTS = {one["session_id"]: json.dumps(one) for one in SESSIONS}
QUOTED = Form(quoted=True, holds=holds_session)
FORMS: list[tuple[Any, Form]] = [
    (SESSIONS, Form()),
    ({one["session_id"]: one for one in SESSIONS}, Form()),
    ({"sessions": SESSIONS}, Form("sessions")),
    ({"interviews": {one["session_id"]: one for one in SESSIONS}}, Form("interviews")),
    ({"sessions": SESSIONS[0]}, Form()),  # whose name that is
    (SESSIONS[0], Form(alone=True)),
    (dict(reversed(SESSIONS[0].items())), Form(alone=True)),
    ({"x": "1", **TEXTS}, QUOTED),
    (list(TEXTS.values()), QUOTED),
    ({"broken": "{", "cut": TEXTS["s-0001"][:-4]}, QUOTED),
]


@pytest.mark.parametrize(("value", "form"), FORMS)
def test_the_form_is_seen_in_the_file(tmp_path: Path, value: Any, form: Form) -> None:
    path = files.write(tmp_path / "saved.json", value)
    (file,) = find(Source("localstorage", str(path))).files
    assert isinstance(file, SourceFile)
    assert (file.form, file.shape.name) == (form, "interviews")


def test_what_holds_no_session_is_named_with_its_key_and_why(tmp_path: Path) -> None:
    files.write(tmp_path / "a.json", {"theme": "dark", **TEXTS, "nul": '{"a": "\0"}', "lone": "\ud83d"})
    files.write(tmp_path / "b.json", SESSIONS[0])
    files.write(tmp_path / "c.json", {"theme": "dark"})
    found = find(Source("localstorage", str(tmp_path)))
    assert [file.name for file in found.files] == ["a.json", "b.json"]
    assert dict(found.ignored) == {
        "the key 'theme' of a.json": "it holds no interview",
        "the key 'nul' of a.json": "it holds no interview",
        "the key 'lone' of a.json": "it holds no interview",
        "c.json": f"{tmp_path}/c.json holds no interviews",
    }


@given(text=st.text(max_size=30), inside=st.booleans())
def test_a_text_holds_a_session_when_it_is_json_that_speaks_of_one(text: str, *, inside: bool) -> None:
    held = json.dumps({text: 1, "conversation_history" if inside else "history": []})
    assert holds_session(held) == (inside or "conversation_history" in text)
    assert not holds_session(f"x{held}")


def test_a_source_says_whose_it_is_in_one_form(tmp_path: Path) -> None:
    path = files.write(tmp_path / "a.json", SESSIONS)
    found = parse(f"localstorage:{path}?employee={EMPLOYEE.upper()}")
    assert found == Source("localstorage", str(path), options={"employee": EMPLOYEE})
    assert parse(str(found)) == found
    assert found != parse(f"localstorage:{path}")
    with pytest.raises(InvalidInput, match=r"'ana' is no UUID; write it as \?employee=UUID"):
        parse(f"localstorage:{path}?employee=ana")


def test_every_kind_of_source_has_somebody_who_finds_it() -> None:
    assert {*opening.FINDERS, *opening.ITEMS} == set(KINDS)
