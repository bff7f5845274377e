"""Decisions of the command line that need no database."""

import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arraigo.cli.archive import Contents
from arraigo.cli.hiding import hidden_in
from arraigo.cli.writing import whole
from arraigo.errors import InvalidInput
from arraigo.postgres.programs import environment, parted
from arraigo.postgres.target import Target


@pytest.mark.parametrize(
    ("argument", "shown"),
    [
        ("postgresql://ana:hunter2@db.example.com/x", "postgresql://ana:***@db.example.com/x"),
        ("--to=postgres://ana:hunt:er2@h:5432/x?a=b", "--to=postgres://ana:***@h:5432/x?a=b"),
        (
            "postgresql://h/x?user=a&password=hunter2&sslmode=require",
            "postgresql://h/x?user=a&password=***&sslmode=require",
        ),
        ("postgresql://ana@h/x", "postgresql://ana@h/x"),
        ("json:conversations.json", "json:conversations.json"),
        ("ana:hunter2@example.com", "ana:hunter2@example.com"),
    ],
)
def test_only_passwords_are_hidden(argument: str, shown: str) -> None:
    assert hidden_in(argument) == shown


@pytest.mark.parametrize(
    ("url", "address", "password"),
    [
        ("postgresql://a:p%2Fw@h:1/d", "postgresql://a@h:1/d", "p/w"),
        ("postgresql://a@h/d?sslmode=require", "postgresql://a@h/d?sslmode=require", None),
        ("postgresql://a@/d?host=/run/x&password=p", "postgresql://a@/d?host=%2Frun%2Fx", "p"),
        ("postgresql://a@/d?options=-c%20a%3Db", "postgresql://a@/d?options=-c%20a%3Db", None),
    ],
)
def test_an_address_is_parted_from_its_password(url: str, address: str, password: str | None) -> None:
    assert parted(Target(url)) == (address, password)


def test_a_keys_password_is_refused_since_no_variable_carries_it() -> None:
    with pytest.raises(InvalidInput, match="sslpassword"):
        parted(Target("postgresql://a@h/d?sslpassword=x"))


def test_programs_get_none_of_our_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ARRAIGO_JWT_SECRET", "hunter2")
    monkeypatch.setenv("DB_PASSWORD", "hunter2")
    assert "hunter2" not in environment(None).values()


ROW = st.text(st.characters(codec="utf-8", exclude_characters="\n\r"), max_size=20).filter(lambda row: row != "\\.")


@given(st.dictionaries(st.sampled_from(["a", "b", '"Odd name"']), st.lists(ROW, max_size=5)))
def test_the_rows_of_every_table_in_a_script_are_counted(tables: dict[str, list[str]]) -> None:
    script = ["SET transaction_timeout = 0;\n", "CREATE TABLE x ();\n"]
    for name, rows in tables.items():
        script += [f"COPY arraigo.{name} (one, two) FROM stdin;\n", *(f"{row}\n" for row in rows), "\\.\n", "\n"]
    contents = Contents()
    passed = list(contents.read(text.encode() for text in script))
    assert contents.rows == {f"arraigo.{name}": len(rows) for name, rows in tables.items()}
    assert passed == [text.encode() for text in script[1:]]


def test_rows_that_look_like_commands_are_rows() -> None:
    contents = Contents()
    lines = [b"COPY a.b (c) FROM stdin;\n", b"COPY a.x (c) FROM stdin;\n", b"SET transaction_timeout = 0;\n", b"\\.\n"]
    assert list(contents.read(lines)) == lines
    assert contents.rows == {"a.b": 2}


def test_the_schema_version_is_read_on_the_way() -> None:
    contents = Contents()
    list(contents.read([b"COPY arraigo.schema_version (version_num) FROM stdin;\n", b"0004\n", b"\\.\n"]))
    assert contents.version == "0004"


def test_a_file_is_there_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_text("old")
    with pytest.raises(ZeroDivisionError), whole(path) as stream:
        stream.write(b"%d" % (1 // 0))
    assert [(entry.name, entry.read_text()) for entry in tmp_path.iterdir()] == [("x", "old")]
    with whole(path) as stream:
        stream.write(b"new")
    assert path.read_text() == "new"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_what_is_no_file_is_not_replaced(tmp_path: Path) -> None:
    for place in (tmp_path, Path("/dev/null"), tmp_path / "missing" / "x"):
        with pytest.raises(InvalidInput), whole(place):
            pass
