import io
import itertools
import re

import pypdf
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from arraigo.apps.testplans.exports import render
from arraigo.apps.testplans.plan import Language
from arraigo.apps.testplans.views import PlanView
from support.plan_views import assembled, case_view, plan_view


def pages(view: PlanView, *, include_metadata: bool = False) -> list[str]:
    reader = pypdf.PdfReader(io.BytesIO(render(view, "pdf", include_metadata=include_metadata).data))
    return [page.extract_text() for page in reader.pages]


def flat(text: str) -> str:
    return re.sub(r"[\s\u200b]+", "", text)


@pytest.mark.parametrize("language", ["es", "en"])
def test_a_document_has_every_case_that_stands_with_its_steps_in_order(language: Language) -> None:
    view = plan_view(12, language)
    text = flat("".join(pages(view)))
    at = text.rindex(flat(f"{view.cases[0].testcase_number} {view.cases[0].test_case_name}"))
    for case in view.cases:
        title = flat(f"{case.testcase_number} {case.test_case_name}")
        if case.status == "DISCARDED":
            assert title not in text
            continue
        at = text.index(title, at)
        for number, step in enumerate(case.test_steps, 1):
            at = text.index(flat(f"{number}{step}"), at)
        at = text.index(flat(case.expected_results), at)


@pytest.fixture(scope="module")
def long() -> pypdf.PdfReader:
    """A document laid out in several parts."""
    return pypdf.PdfReader(io.BytesIO(render(plan_view(130), "pdf", include_metadata=True).data))


def test_the_contents_and_the_bookmarks_name_the_right_pages(long: pypdf.PdfReader) -> None:
    texts = [page.extract_text() for page in long.pages]
    chapter = r"^(Resumen|Configuración|Cobertura|Casos de prueba|Cambios)[ .]+(\d+)$"
    chapters = dict(re.findall(chapter, texts[1], re.MULTILINE))
    assert len(chapters) == 5
    for name, page in chapters.items():
        assert name in texts[int(page) - 1]
    parts = re.findall(r"^(TC-\d+) . (TC-\d+)[ .]+(\d+)$", texts[1], re.MULTILINE)
    assert [first for first, _, _ in parts] == ["TC-001", "TC-052", "TC-102"]  # TC-003 is discarded
    assert [last for _, last, _ in parts] == ["TC-051", "TC-101", "TC-130"]
    for first, _, page in parts:
        assert f"{first} El monto" in texts[int(page) - 1]
    titles = [item.title for item in long.outline if not isinstance(item, list)]
    assert titles == ["Resumen", "Configuración", "Cobertura", "Casos de prueba", "Cambios"]
    (cases,) = [item for item in long.outline if isinstance(item, list)]
    assert len(cases) == 129
    for item in cases[::40]:
        assert not isinstance(item, list)
        at = long.get_destination_page_number(item)
        assert at is not None
        assert str(item.title)[:20] in texts[at]


def test_pages_are_numbered_through_all_parts(long: pypdf.PdfReader) -> None:
    numbers = [re.findall(r"^Página (\d+)$", page.extract_text(), re.MULTILINE) for page in long.pages]
    assert numbers == [[]] + [[str(page)] for page in range(2, len(numbers) + 1)]


def test_the_document_names_its_title_and_language_and_no_author() -> None:
    reader = pypdf.PdfReader(io.BytesIO(render(plan_view(2, "en"), "pdf").data))
    assert reader.metadata is not None
    assert reader.metadata.title == "Parcel rates: tests of the quoting service"
    assert reader.metadata.author is None
    assert str(reader.root_object["/Lang"]) == "en"


def test_what_looks_like_markup_is_text_and_endless_words_stay_on_the_page() -> None:
    nasty = '#import "x": y\n*a* _b_ $x^2$ `c` @ref <label> \\ // = Title #sys.inputs.data'
    endless = "x" * 3_000
    case = case_view(
        1, test_case_name=nasty, preconditions=nasty, test_steps=(nasty, endless), expected_results="👍 مرحبا\x01"
    )
    texts = pages(assembled([case], title=nasty, notes=(nasty,), project=nasty), include_metadata=True)
    text = flat("".join(texts))
    assert text.count(flat(nasty.split("\n")[1])) >= 5
    assert text.count("x" * 3_000) >= 1 or text.count("x") >= 3_000


def test_metadata_are_shown_where_they_are_asked_for() -> None:
    view = plan_view(3)
    without, with_them = "".join(pages(view)), "".join(pages(view, include_metadata=True))
    assert "solicitar(monto, plazo)" in with_them
    assert "PROPOSED" in with_them
    assert "solicitar(monto, plazo)" not in without
    assert "PROPOSED" not in without


@settings(deadline=None, max_examples=10)
@given(st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")), min_size=1, max_size=4))
@example(["\u202eab", "\x01\x0b", "a" * 30_000, "\r\n\r", "\u2028", "\ufffe", "e\u0301" * 50, "\ufeff", "\u00ad"])
def test_any_text_can_be_laid_out(texts: list[str]) -> None:
    cases = [
        case_view(n, test_case_name=text[:255] or "x", test_data=text, test_steps=tuple(texts), expected_results=text)
        for n, text in enumerate(texts, 1)
    ]
    view = assembled(cases, title=texts[0], notes=tuple(texts))
    reader = pypdf.PdfReader(io.BytesIO(render(view, "pdf", include_metadata=True).data))
    (found,) = [
        part
        for before, part in itertools.pairwise(reader.outline)
        if isinstance(part, list) and not isinstance(before, list) and before.title == "Casos de prueba"
    ]
    assert len(found) == len(cases)
