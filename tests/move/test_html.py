"""The page for people: self-contained, in both languages, and safe."""

from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest

from arraigo import move
from support import legacy_files as files
from support.databases import Servers
from support.moves import databases, shop, sql
from support.pairs import two_that_follow

ODD = 'CREATE TABLE public."<b>odd</b>" (id int PRIMARY KEY, "<i>" text); INSERT INTO public."<b>odd</b>" VALUES (1)'


class _Page(HTMLParser):
    """What the page loads, and whether its tags match."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.links: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.links += [f"{value}" for name, value in attrs if name in {"src", "href"}]
        if tag not in {"meta", "br"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def read(report: move.Report) -> _Page:
    """The page, as a browser sees it."""
    page = _Page()
    page.feed(move.report_html(report))
    assert page.open == []
    assert page.links == []
    return page


def test_what_a_source_says_is_shown_as_text(tmp_path: Path, owner_url: str) -> None:
    path = tmp_path / "<img src=x>.json"
    bad = {"<script>alert(1)</script>": {"messages": "x"}, "<b>": 5}
    files.write(path, files.conversations(3) | bad)
    report = move.run(f"json:{path}", owner_url)
    html = move.report_html(report)
    page = _Page()
    page.feed(html)
    assert page.open == []
    assert page.links == []
    assert "<script" not in html
    assert "<script>alert(1)</script>" in page.text
    assert "No está todo, o no es igual" in page.text
    assert "Something is missing" in page.text
    assert f"{report.run_id}" in page.text


def test_a_right_move_says_so(tmp_path: Path, owner_url: str) -> None:
    report = move.run(f"json:{files.write(tmp_path / 'guest-memory.json', files.guests(3))}", owner_url)
    html = move.report_html(report)
    assert "Todo está, y es igual" in html
    assert report.units[0].source_fingerprint[:16] in html
    assert "dates without an offset" in html


@pytest.fixture(scope="module")
def moved(all_servers: Servers) -> Iterator[tuple[str, str, move.Report]]:
    """A shop that was moved without one of its keys, with a table whose name is HTML."""
    with databases(all_servers, 16, 18, shop) as (here, there):
        sql(here, ODD)
        left = move.Options(excluded=("public.customers",), accepted=("foreign key public.orders *",))
        yield here, there, move.run(here, there, options=left)


def test_a_database_s_page_says_what_each_check_means_and_what_was_left_behind(
    moved: tuple[str, str, move.Report],
) -> None:
    page = read(moved[2])
    assert "Todo está, y es igual" in page.text
    for check in moved[2].checks:
        assert check.name in page.text
    for said in ("quién ve qué filas", "who sees which rows", "cada valor de cada fila"):
        assert said in page.text
    assert "foreign key public.orders orders_customer_id_fkey was left out" in page.text
    assert page.text.index("What was left behind, accepted") < page.text.index("orders_customer_id_fkey was left out")
    assert "PostgreSQL 16" in page.text
    assert "volver es seguir usándolo" in page.text
    assert "public.orders" in page.text


def test_what_failed_comes_first_and_each_difference_has_its_line(moved: tuple[str, str, move.Report]) -> None:
    _, there, before = moved
    sql(
        there, 'UPDATE public."<b>odd</b>" SET "<i>" = 1; DROP INDEX public.orders_with_note, public.orders_by_customer'
    )
    report = move.verify(before.run_id, there)
    html = move.report_html(report)
    page = read(report)
    assert "No está todo, o no es igual" in page.text
    assert page.text.index("indexes") < page.text.index("tables")
    lines = [f"<li>missing: public.{name}</li>" for name in ("orders_by_customer", "orders_with_note")]
    assert all(line in html for line in lines)
    assert "<b>odd" not in html
    assert 'public."<b>odd</b>"' in page.text


@pytest.fixture
def followed() -> Iterator[tuple[str, str]]:
    with two_that_follow() as urls:
        yield urls


def test_a_cut_over_is_shown_with_its_pause_its_rows_and_its_way_back(followed: tuple[str, str]) -> None:
    here, there = followed
    report = move.run(here, there, options=move.Options(follow=True))
    assert "el destino sigue al origen" in read(report).text
    sql(here, "INSERT INTO public.t VALUES (3)")
    cut = move.cutover(report.run_id, there)
    assert [(unit.source_rows, unit.target_rows) for unit in cut.units] == [(3, 3)]
    page = read(cut)
    assert "The target has taken over" in page.text
    assert f"Writes refused for{next(one.found for one in cut.checks if one.name == 'pause')}" in page.text
    assert f"arraigo move rollback {cut.run_id}" in page.text
    assert "the source follows the target by a subscription of its own" in page.text
    again = move.verify(cut.run_id, there)
    assert (again.phase, again.ok) == ("cut_over", True)
    assert "the source follows the target" in read(again).text
    assert "Back at the source" in read(move.rollback(cut.run_id, there)).text
    assert read(move.rollback(cut.run_id, there)).text.count("the target refuses writes") == 1
