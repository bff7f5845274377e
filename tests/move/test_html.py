"""The page for people: self-contained, in both languages, and safe."""

from html.parser import HTMLParser
from pathlib import Path

from arraigo import move
from support import legacy_files as files


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
