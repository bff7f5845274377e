"""Named queries: `:name` becomes `$n`, and nothing else does."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import arraigo
from arraigo.postgres.queries import Queries, load, parse

names = st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True)
# Pieces that hold something like a parameter and are none.
others = st.sampled_from(
    [
        "'a:b'",
        "'it''s :x'",
        "''",
        "x::text",
        "x::text[]",
        "'::' || y",
        '":quoted"',
        "a[1:2]",
        "E'x'",
        "$$ :x ' $$",
        "-- :comment\n",
    ]
)


def body(sql: bytes) -> str:
    return re.sub(r"^/\* \w+ \*/ ", "", sql.decode())


@given(st.lists(st.one_of(names.map(":{}".format), others, st.just("\n"), st.just(",")), max_size=12))
def test_every_parameter_is_numbered_in_the_order_it_comes_first(pieces: list[str]) -> None:
    found = parse("q", "SELECT " + " ".join(pieces))
    wanted = list(dict.fromkeys(piece[1:] for piece in pieces if piece[0] == ":"))
    assert found.parameters == tuple(wanted)
    expected = [f"${wanted.index(p[1:]) + 1}" if p[0] == ":" else p for p in pieces if not p.startswith("--")]
    assert body(found.sql).split() == ["SELECT", *" ".join(expected).split()]


def test_a_name_may_have_digits() -> None:
    assert parse("q", "SELECT :a1, :a2, :a").parameters == ("a1", "a2", "a")


def test_a_text_keeps_its_line_ends() -> None:
    assert parse("q", "SELECT 'a\n  b'").sql == b"/* q */ SELECT 'a\n  b'"


def test_comments_and_the_last_semicolon_go() -> None:
    assert parse("q", "-- what for\nSELECT 1 -- :x\n  AS a;\n").sql == b"/* q */ SELECT 1    AS a"


def test_reads_and_functions_may_be_repeated_and_writes_may_not() -> None:
    assert all(parse("q", text).repeatable for text in ("SELECT 1", "SELECT\n1", "-- note\n  SELECT f(:a)"))
    assert not any(parse("q", text).repeatable for text in ("INSERT INTO x", "DELETE FROM x", "WITH x AS (DELETE"))


def test_an_unknown_name_says_which_there_are() -> None:
    with pytest.raises(AttributeError, match="no query named 'nope'; there are one, two"):
        _ = Queries({"one": parse("one", "SELECT 1"), "two": parse("two", "SELECT 2")}).nope


FILES = sorted(file for file in Path(arraigo.__file__).parent.rglob("*.sql") if "-- name: " in file.read_text())


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # Chainlit's own, when ours beside it is imported
@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}-{file.stem}")
def test_every_file_of_queries_is_read_whole(file: Path) -> None:
    package = ".".join(file.parent.relative_to(Path(arraigo.__file__).parents[1]).parts)
    text = file.read_text(encoding="utf-8")
    declared = re.findall(r"^-- name: (.*)$", text, re.MULTILINE)
    assert len(declared) == len(set(declared)) == text.count("-- name:")
    for name in declared:
        query = getattr(load(package, file.name), name)
        assert query.name == name
        assert body(query.sql).split()[0] in {"SELECT", "INSERT", "UPDATE", "DELETE", "WITH", "DO", "SET"}
        assert ";" not in re.sub(r"\$\$.*\$\$", "", body(query.sql), flags=re.DOTALL)
