"""Files that cannot be read are refused in one sentence; bytes of any kind are never worse than that."""

import zipfile
import zlib
from io import BytesIO

import pypdf
import pytest
import typst
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from arraigo.apps.testplans.requirements import extract
from arraigo.apps.testplans.requirements.reading import pdf
from arraigo.errors import InvalidInput, TooLarge
from support.papers import ENGLISH, SPANISH
from support.papers.office import as_docx, as_xlsx
from support.papers.printing import as_pdf
from support.papers.rendering import as_html, as_markdown


def _zip(parts: dict[str, bytes]) -> bytes:
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return stream.getvalue()


def _encrypted() -> bytes:
    writer = pypdf.PdfWriter(BytesIO(typst.compile(b"The system must be locked.")))
    writer.encrypt("a password", algorithm="AES-256")
    stream = BytesIO()
    writer.write(stream)
    return stream.getvalue()


def _scanned() -> bytes:
    return typst.compile(b"#rect(width: 5cm, height: 5cm, fill: gray) #pagebreak() #circle(radius: 2cm)")


_DOCUMENT = b"<w:document xmlns:w='http://schemas.openxmlformats.org/wordprocessingml/2006/main'><w:body>"
_BOMB = b"<!DOCTYPE a [<!ENTITY b 'bb'><!ENTITY c '&b;&b;&b;&b;'>]>" + _DOCUMENT + b"&c;</w:body></w:document>"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500)


@pytest.mark.parametrize(
    ("data", "name", "reason"),
    [
        (b"", "a.md", "empty"),
        (b" \n\n\t", "a.txt", "empty"),
        (b"# ", "a.md", "no text"),
        (_encrypted(), "a.pdf", "password"),
        (_scanned(), "a.pdf", "scanned"),
        (b"%PDF-1.7\nnothing", "a.pdf", "broken|no text"),
        (b"The system must run.", "a.pdf", "named as PDF and is none"),
        (b"The system must run.", "a.docx", "named as DOCX"),
        ("El sistema podrá.".encode("latin-1"), "a.txt", "not UTF-8"),
        (b"\x89PNG\r\n\x1a\n" + bytes(90), "a.txt", "an image"),
        (_OLE, "a.doc", "old format"),
        (_OLE + "EncryptedPackage".encode("utf-16-le"), "a.docx", "password"),
        (_zip({"a.txt": b"must"}), "a.docx", "neither"),
        (_zip({"word/document.xml": b"<not xml"}), "a.docx", "broken"),
        (_zip({"word/document.xml": _BOMB}), "a.docx", "declares a document type"),
        (_zip({"xl/workbook.xml": b"<a/>"}), "a.xlsx", "broken"),
        (as_docx(ENGLISH)[:9000], "a.docx", "cut or damaged"),
        (b"{\\rtf1 must}", "a.rtf", "RTF"),
    ],
)
def test_a_bad_file_is_refused_with_its_reason(data: bytes, name: str, reason: str) -> None:
    with pytest.raises(InvalidInput, match=reason) as refused:
        extract(data, name)
    assert "\n" not in str(refused.value)


def test_a_zip_bomb_is_refused_before_it_is_unpacked() -> None:
    with pytest.raises(TooLarge, match="unpacks"):
        extract(_zip({"word/document.xml": _DOCUMENT + b" " * (100 * 2**20)}), "a.docx")


def test_a_pdf_with_a_part_that_unpacks_to_too_much_is_refused() -> None:
    bomb = zlib.compress(bytes(130 * 2**20), 9)
    writer = pypdf.PdfWriter(BytesIO(typst.compile(b"The system must.")))
    stream = BytesIO()
    writer.write(stream)
    part = b"\n9 0 obj << /Filter /FlateDecode /Length %d >> stream\n%b\nendstream endobj\n" % (len(bomb), bomb)
    with pytest.raises(TooLarge, match="unpacks"):
        extract(stream.getvalue() + part, "a.pdf")


def test_a_pdf_of_too_many_pages_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "MOST_PAGES", 5)
    with pytest.raises(TooLarge, match="more than 5"):
        extract(as_pdf(SPANISH), "a.pdf")


def test_a_sheet_that_claims_every_cell_is_read_at_once() -> None:
    stream = BytesIO()
    book = xlsxwriter.Workbook(stream)
    sheet = book.add_worksheet()
    sheet.write(1_048_575, 16_383, "The system must not walk the empty cells.")
    sheet.merge_range(0, 0, 0, 1, "It may merge them.")
    book.close()
    with zipfile.ZipFile(stream) as archive:
        parts = {name: archive.read(name).replace(b'"A1:B1"', b'"A1:XFD1048576"') for name in archive.namelist()}
    assert any("must not walk" in one.text for one in extract(_zip(parts), "a.xlsx").requirements)


@pytest.mark.parametrize("name", ["a.pdf", "a.txt", "a", "a.xlsx", "no name.bin"])
def test_the_content_decides_before_the_name(name: str) -> None:
    extraction = extract(as_docx(ENGLISH), name)
    assert "REQ-3.2" in {one.id for one in extraction.requirements}
    assert any("DOCX" in note for note in extraction.notes) == name.endswith(("pdf", "txt", "xlsx"))


_FILES = [
    as_docx(ENGLISH),
    as_xlsx(ENGLISH),
    as_markdown(SPANISH),
    as_html(SPANISH),
    typst.compile(b"The system must."),
]
_NAMES = st.sampled_from(["a.pdf", "a.docx", "a.xlsx", "a.md", "a.txt", "a.html", "a", ""])
_quick = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def _reads_or_refuses(data: bytes, name: str) -> None:
    try:
        extraction = extract(data, name)
    except InvalidInput:
        return
    assert "\x00" not in extraction.text
    extraction.model_dump_json().encode()


@_quick
@given(st.binary(max_size=400), _NAMES)
def test_any_bytes_are_read_or_refused(data: bytes, name: str) -> None:
    _reads_or_refuses(data, name)


@_quick
@given(st.text(max_size=400), _NAMES)
def test_any_text_is_read_or_refused(text: str, name: str) -> None:
    _reads_or_refuses(text.encode("utf-8", "surrogatepass"), name)


_LINES = st.sampled_from(
    [
        *("# A", "## 1.1 B", "El sistema debe pagar:", "- uno", "  - dos", "1. tres", "| a | b |", "|---|---|", ""),
        *("| | $x$ |", "RF-01 Si $\\leq$ o y 4.", "Ejemplo:", "| a", "```", "---", "===", "\f", "a   b   c", "a\tb"),
        *("RF-01", "+---+", "<ul><li>", "2.1", "Tabla 1. A", ": ", "* ", "$$", "\\frac{", "10^{999}"),
    ]
)


@_quick
@given(st.lists(_LINES, max_size=25), _NAMES)
def test_any_order_of_marks_is_read(lines: list[str], name: str) -> None:
    _reads_or_refuses("\n".join(lines).encode(), name)


@_quick
@given(st.sampled_from(_FILES), st.integers(0), st.binary(min_size=1, max_size=30), st.booleans())
def test_a_damaged_file_is_read_or_refused(data: bytes, at: int, put: bytes, cut: bool) -> None:  # noqa: FBT001
    place = at % len(data)
    _reads_or_refuses(data[:place] + put + (b"" if cut else data[place + len(put) :]), "a")


@pytest.mark.parametrize("mark", ["1. ", "a\n", "|a|\n", "<a b=", "<!--", "a  b  c\n", '"', "$a", "\\text{", "RF-1 "])
@pytest.mark.parametrize("name", ["a.md", "a.html"])
def test_much_of_one_mark_is_read_in_one_go(mark: str, name: str) -> None:
    """Each took minutes once, or would: time that grows with the square of the length."""
    _reads_or_refuses((mark * (30_000 // len(mark))).encode(), name)
