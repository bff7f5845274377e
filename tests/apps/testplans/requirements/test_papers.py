"""The two made-up papers in every format: what has to be found, where, and what must not be."""

from collections.abc import Callable
from functools import cache

import pytest

from arraigo.apps.testplans.plan import Extraction, Requirement
from arraigo.apps.testplans.requirements import extract
from support.papers import ENGLISH, SPANISH, Paper
from support.papers.office import as_docx, as_xlsx
from support.papers.printing import as_pdf
from support.papers.rendering import as_html, as_markdown, as_text

_MADE: dict[str, Callable[[Paper], bytes]] = {
    "pdf": as_pdf,
    "docx": as_docx,
    "xlsx": as_xlsx,
    "md": as_markdown,
    "txt": as_text,
    "html": as_html,
}
_PAPERS = {paper.language: paper for paper in (SPANISH, ENGLISH)}
every_paper = pytest.mark.parametrize("language", sorted(_PAPERS))
every_format = pytest.mark.parametrize("ending", sorted(_MADE))


@cache
def _extracted(language: str, ending: str) -> Extraction:
    paper = _PAPERS[language]
    return extract(_MADE[ending](paper), f"{paper.name}.{ending}")


def _by_id(extraction: Extraction) -> dict[str, Requirement]:
    return {requirement.id: requirement for requirement in extraction.requirements}


@every_paper
@every_format
def test_every_id_of_the_document_is_kept_and_is_there_once(language: str, ending: str) -> None:
    extraction = _extracted(language, ending)
    ids = [requirement.id for requirement in extraction.requirements]
    assert set(_PAPERS[language].ids) <= set(ids)
    assert len(ids) == len(set(ids))


@every_paper
@every_format
def test_statements_are_whole_and_plain(language: str, ending: str) -> None:
    extraction = _extracted(language, ending)
    by_id = _by_id(extraction)
    for identity, words in _PAPERS[language].said:
        where = [by_id[identity]] if identity else extraction.requirements
        assert any(words in requirement.text for requirement in where), (identity, words, [one.text for one in where])


@every_paper
@every_format
def test_contents_headers_glossaries_histories_and_examples_are_no_requirements(language: str, ending: str) -> None:
    texts = [requirement.text for requirement in _extracted(language, ending).requirements]
    assert [(trap, text) for trap in _PAPERS[language].traps for text in texts if trap in text] == []


@every_paper
@every_format
def test_a_requirement_has_its_place(language: str, ending: str) -> None:
    extraction, paper = _extracted(language, ending), _PAPERS[language]
    by_id = _by_id(extraction)
    for identity, heading in paper.sections.items():
        if ending != "xlsx" or not identity.startswith(("TF", "PR")):  # there a sheet of their own
            assert heading in by_id[identity].place.section
    lines = [line for page in extraction.text.split("\f") for line in page.split("\n")]
    for identity in ("RNF 2", "TF-17", "8.1.3", "NFR 2", "PR-17"):
        if identity in by_id:
            assert identity in lines[by_id[identity].place.line - 1]


@every_paper
@every_format
def test_what_cannot_be_tried_is_marked_with_the_reason(language: str, ending: str) -> None:
    marked = [one for one in _extracted(language, ending).requirements if not one.testable]
    for words in _PAPERS[language].untestable:
        assert any(words in one.text and one.why_not for one in marked)
    assert all(one.why_not == "" for one in _extracted(language, ending).requirements if one.testable)


@every_paper
@every_format
def test_the_language_is_known(language: str, ending: str) -> None:
    extraction = _extracted(language, ending)
    assert extraction.language == language
    assert sum(one.language != language for one in extraction.requirements) == 0


@every_paper
def test_a_printed_paper_has_ten_pages_and_its_requirements_tell_theirs(language: str) -> None:
    extraction = _extracted(language, "pdf")
    pages = extraction.text.split("\f")
    assert len(pages) >= 10
    for requirement in extraction.requirements:
        page = requirement.place.page
        assert page is not None
        if requirement.id.startswith(("TF", "PR")):
            assert requirement.id in pages[page - 1]


@every_paper
def test_every_format_gives_the_same_ids(language: str) -> None:
    printed = set(_by_id(_extracted(language, "pdf")))
    for ending in ("docx", "md", "txt", "html"):
        assert set(_by_id(_extracted(language, ending))) == printed
