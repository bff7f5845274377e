"""The pure parts: queries, snippets, cursors; and that Python and the database read a text alike."""

import unicodedata
from datetime import UTC
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from arraigo.ids import uuid7
from arraigo.retrieve.cursors import Place, from_cursor, to_cursor
from arraigo.retrieve.query import plain, read
from arraigo.retrieve.snippets import pieces
from arraigo.retrieve.types import Piece

STORABLE = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=60)


@pytest.mark.parametrize(
    ("query", "text", "words"),
    [
        ("Cambio de DIRECCIÓN", "cambio de direccion", ("cambio", "de", "direccion")),
        ('"año nuevo" -navidad', '"ano nuevo" -navidad', ("ano", "nuevo")),
        ("ABC-4711/X", '"abc 4711 x"', ("abc", "4711", "x")),
        ("-abc-1 uno", '-"abc 1" uno', ("uno",)),
        ("uno or or dos or", "uno or dos", ("uno", "dos")),
        ("or uno", "uno", ("uno",)),
        ('uno "or" dos', 'uno "or" dos', ("uno", "or", "dos")),
        ('uno "dos tres', 'uno "dos tres"', ("uno", "dos", "tres")),
        ("--uno dos", "-uno dos", ("dos",)),
        ("uno uno", "uno uno", ("uno",)),
    ],
)
def test_a_query_is_read_as_a_web_search(query: str, text: str, words: tuple[str, ...]) -> None:
    assert read(query)[:2] == (text, words)


@given(STORABLE)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=300, deadline=None)
def test_python_and_the_database_see_the_same_words(superuser: Any, text: str) -> None:
    assume("Cn" not in map(unicodedata.category, text))  # the server may know letters that this Python does not
    [(found, length, words)] = superuser(
        "SELECT arraigo.search_plain(c), length(c), (arraigo.search_vector(NULL, c)).words::text"
        " FROM arraigo.search_composed(%s) AS c",
        text,
    )
    assert len(found) == length
    assert found.lower().split() == plain(text)
    assert words is not None


@given(st.lists(st.tuples(st.text(st.characters(exclude_characters="\x02\x03"), max_size=5), st.booleans())))
def test_a_snippet_has_all_of_the_text_and_its_hits(parts: list[tuple[str, bool]]) -> None:
    text = "".join(part for part, _ in parts)
    marked = "".join(f"\x02{part}\x03" if hit else part for part, hit in parts)
    found = pieces(text, marked, cut_before=False, cut_behind=False)
    assert "".join(part.text for part in found) == text
    assert "".join(part.text for part in found if part.hit) == "".join(part for part, hit in parts if hit)
    assert all(part.text for part in found)
    assert all(one.hit != other.hit for one, other in pairwise(found))


def test_a_cut_snippet_says_so() -> None:
    found = pieces("la dirección", "la \x02direccion\x03", cut_before=True, cut_behind=True)
    assert found == (Piece("…la ", False), Piece("dirección", True), Piece("…", False))


@given(
    st.floats(0, 1, width=32),
    st.datetimes(timezones=st.just(UTC)),
    st.integers(0, 2**63 - 1),
)
def test_a_cursor_comes_back(rank: float, moment: Any, number: int) -> None:
    for similar in (False, True):
        place = Place(similar, rank, moment, uuid7(), number)
        assert from_cursor(to_cursor(place)) == place
