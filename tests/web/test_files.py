import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from arraigo.web.files import File, defused, markdown, markdown_line, visible

CELLS = st.text(st.sampled_from("a1 =+-@＝'\"\t\r\n;,.\x01\xa0\ufeff")) | st.text()  # noqa: RUF001 - a wide one
PROSE = st.text(st.sampled_from("ab1 \t\n\r*_`~#>|\\[]()!<>&;:/.+-=$@\"'{}^\x00")) | st.text()
BLANK = "".join(map(chr, range(33))) + "\x85\xa0\u2003\u2028\u3000\ufeff"
COMPUTES = tuple("=+-@＝＋－＠")  # noqa: RUF001 - the wide ones are meant
BREAKS = ("\t", "\r", "\n")


def restored(cell: str, *, anywhere: bool = False) -> str:
    """A cell's text again: one apostrophe less wherever one stands before what could be a formula."""
    pieces = re.split(r"([;\t\r\n])" if anywhere else r"([\t\r\n])", cell)
    for place in range(0, len(pieces) if anywhere else 1, 2):
        rest = pieces[place][1:].lstrip(BLANK + "'")
        breaks = place == 0 and not rest and "".join(pieces[1:2]) in BREAKS
        if pieces[place].startswith("'") and (rest.startswith(COMPUTES) or breaks):
            pieces[place] = pieces[place][1:]
    return "".join(pieces)


@given(CELLS)
@example("=1+1")
@example(" \t=1")
@example("'=1")
@example("''")
@example("\r\n-")
@example("\r'=")
def test_no_cell_begins_like_a_formula_and_every_one_can_be_had_back(text: str) -> None:
    for anywhere in (False, True):
        cell = defused(text, anywhere=anywhere)
        assert not cell.startswith(BREAKS)
        assert not cell.lstrip(BLANK).startswith(COMPUTES)
        assert restored(cell, anywhere=anywhere) == text


@given(CELLS)
def test_nor_does_any_where_a_spreadsheet_splits_at_other_places(text: str) -> None:
    for cell in re.split(r"[;\t\r\n]", defused(text, anywhere=True)):
        assert not cell.lstrip(BLANK).startswith(COMPUTES)


def test_what_is_no_formula_is_left_alone() -> None:
    for text in ("", "40 minutos", "it's - well - fine", "'quoted'", "a=b", "a;b", "uno\ndos"):
        assert defused(text, anywhere=True) == text
    assert defused("uno\n- dos") == "uno\n- dos"
    assert defused("uno\n- dos", anywhere=True) == "uno\n'- dos"


def test_long_runs_of_blanks_take_no_longer_than_others() -> None:
    many = 300_000
    for text in ("\t" * many, " " * many, "'" * many, "\n" * many, " \n" * many, ";" * many, "1" * many):
        assert len(defused(text, anywhere=True)) <= 2 * len(text) + 1
        assert visible(text) == text
        markdown(text)
        markdown_line(text)


def test_control_characters_are_shown_as_their_pictures() -> None:
    assert visible("a\x00b\x1b[0m\x7f\ufffe\ud800\t\r\n\U0001f600") == "a␀b␛[0m␡\ufffd\ufffd\t\r\n\U0001f600"


def rendered(source: str) -> list[str]:
    """The paragraphs of some Markdown; anything in it but text and line breaks fails."""
    tokens = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(source)
    assert {token.type for token in tokens} <= {"paragraph_open", "inline", "paragraph_close"}
    return ["".join(_plain(child) for child in token.children or []) for token in tokens if token.type == "inline"]


def _plain(token: Token) -> str:
    assert token.type in {"text", "text_special", "hardbreak"}
    return "\n" if token.type == "hardbreak" else token.content


def compared(paragraphs: list[str]) -> list[str]:
    """Without the indentation, and without the wide blanks that this parser takes from a paragraph's ends."""
    plain = ["\n".join(line.lstrip("\xa0") for line in paragraph.split("\n")).strip() for paragraph in paragraphs]
    return [paragraph for paragraph in plain if paragraph]


def expected(text: str) -> list[str]:
    lines = [line.strip(" \t") for line in re.split(r"\r\n|\r|\n", visible(text))]
    return re.split(r"\n{2,}", "\n".join(lines).strip("\n"))


@given(PROSE)
@example("- una\n- dos\n\n1. tres\n2) cuatro\n    código\n\tmás")
@example("<script>alert(1)</script> &copy; ![x](http://example.com) **a** ~~b~~ `c`")
@example("titulo\n===\n\n---\n\n# uno\n\n| a |\n| - |")
@example("[a]: http://example.com")
@example("```\nx\n```")
@example("fin\\")
@example("\\\n\\")
def test_any_text_is_shown_as_it_is_in_markdown(text: str) -> None:
    assert compared(rendered(markdown(text))) == compared(expected(text))


@given(PROSE)
def test_and_on_one_line(text: str) -> None:
    line = markdown_line(text)
    assert "\n" not in line
    assert rendered(line) == ([" ".join(visible(text).split())] if line else [])
    tokens = MarkdownIt("commonmark").parse(f"# {line}")
    assert [token.type for token in tokens] == ["heading_open", "inline", "heading_close"]
    assert "".join(map(_plain, tokens[1].children or [])) == " ".join(visible(text).split())


@pytest.mark.parametrize("text", ["http://example.com", "https://example.com", "WWW.example.com"])
def test_nothing_becomes_a_link(text: str) -> None:
    assert text not in markdown(text)


def test_indentation_is_kept() -> None:
    assert markdown("si:\n  no\n\tquizá") == "si:\\\n&nbsp;&nbsp;no\\\n&nbsp;&nbsp;&nbsp;&nbsp;quizá"


def test_a_file_does_not_show_what_is_in_it() -> None:
    assert "secreto" not in repr(File("a.md", "text/markdown", b"secreto"))
