import csv
import io
import re
import sys
import zipfile
from datetime import timedelta, timezone

import docx
import orjson
import pytest
from docx.oxml.ns import qn
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from arraigo.apps.interviews.exports import FORMATS, data, transcript
from arraigo.apps.interviews.exports.labels import LABELS
from arraigo.apps.interviews.interview import Language, Role, Whole
from arraigo.errors import Unavailable
from arraigo.web.downloads import SAFE_TYPES
from arraigo.web.files import visible
from support.interviews import START, interview, said, talk

LANGUAGES: tuple[Language, ...] = ("es", "en", "pt")
TEXTS = st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")), max_size=5)


def rows(whole: Whole) -> list[dict[str, str]]:
    text = transcript(whole, "csv").data.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


def paragraphs(whole: Whole, style: str) -> list[str]:
    document = docx.Document(io.BytesIO(transcript(whole, "docx").data))
    return [paragraph.text for paragraph in document.paragraphs if paragraph.style and paragraph.style.name == style]


def quoted(whole: Whole) -> list[str]:
    """What stands in the quotations of the Markdown."""
    found: list[str] = []
    for token in MarkdownIt("commonmark").parse(transcript(whole, "markdown").data.decode()):
        if token.type == "blockquote_open":
            found.append("")
        elif token.type == "inline" and token.level > 1 and found:
            found[-1] += "".join(child.content or "\n" for child in token.children or []) + "\n\n"
    return [text.removesuffix("\n\n") for text in found]


def test_the_data_are_those_of_the_seed() -> None:
    whole = talk()
    known = data(whole)
    assert list(known) == [
        *("interview_id", "employee_id", "session_id", "language", "technical_level", "status", "started_at"),
        *("completed_at", "total_questions", "total_user_responses", "duration_minutes", "conversation_history"),
        "summary",
    ]
    assert (known["total_questions"], known["total_user_responses"], known["duration_minutes"]) == (3, 3, 24.25)
    assert known["conversation_history"][1] == {
        "role": "user",
        "content": whole.messages[1].content,
        "timestamp": START + timedelta(minutes=4),
        "sequence_number": 2,
    }
    assert known["summary"] == whole.interview.summary


def test_the_json_file_holds_the_same_with_times_in_utc() -> None:
    bogota = timezone(timedelta(hours=-5))
    whole = Whole(interview(started_at=START.astimezone(bogota)), said(["Hola"]))
    found = orjson.loads(transcript(whole, "json").data)
    assert found == orjson.loads(orjson.dumps(data(whole), option=orjson.OPT_UTC_Z))
    assert found["started_at"] == found["conversation_history"][0]["timestamp"] == "2026-03-09T14:00:00Z"


@pytest.mark.parametrize(
    ("changes", "spoken", "questions", "answers", "minutes"),
    [
        ({"status": "in_progress", "completed_at": None, "pending": 3}, 3, 2, 1, 8),
        ({"status": "in_progress", "completed_at": None, "pending": None}, 2, 1, 1, 4),
        ({"status": "cancelled", "completed_at": None, "pending": None}, 3, 2, 1, 8),
        ({"pending": 3}, 3, 2, 1, 24.25),  # ended by somebody, before the last question was answered
        ({"completed_at": START - timedelta(days=1)}, 1, 1, 0, 0),
        ({"completed_at": None}, 0, 0, 0, 0),
    ],
)
def test_questions_answers_and_minutes_are_counted_for_what_was_put_and_said(
    changes: dict[str, object], spoken: int, questions: int, answers: int, minutes: float
) -> None:
    known = data(Whole(interview(**changes), said(["Bien."] * spoken)))  # type: ignore[arg-type]
    assert known["total_questions"] == questions
    assert known["total_user_responses"] == answers
    assert known["duration_minutes"] == minutes


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_format_has_every_message_as_it_was_said(language: Language) -> None:
    whole = talk(language)
    contents = [message.content for message in whole.messages]
    assert [
        item["content"] for item in orjson.loads(transcript(whole, "json").data)["conversation_history"]
    ] == contents
    assert [re.sub(r"^'", "", row["content"], flags=re.MULTILINE) for row in rows(whole)] == contents
    assert paragraphs(whole, "Said") == contents
    assert quoted(whole) == contents


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_words_around_it_are_in_its_language(language: Language) -> None:
    labels = LABELS[language]
    text = transcript(talk(language), "markdown").data.decode()
    document = docx.Document(io.BytesIO(transcript(talk(language), "docx").data))
    headings = [item.text for item in document.paragraphs if item.style and item.style.name.startswith("Head")]
    assert re.findall(r"^#+ (.*)$", text, re.MULTILINE)[1:] == headings
    assert headings[0] == labels.summary
    assert headings[-1] == labels.transcript
    facts = {row.cells[0].text: row.cells[1].text for row in document.tables[0].rows}
    assert facts[labels.language] == labels.languages[language]
    assert facts[labels.level] == labels.levels["intermediate"]
    assert facts[labels.status] == labels.statuses["completed"]
    assert labels.session not in facts
    for name, value in facts.items():
        assert f"- **{name}:** {value}\n" in text
    assert labels.without_points["refused"] in text
    assert paragraphs(talk(language), "Note") == [labels.without_points["refused"], labels.without_points["cut"]]
    assert paragraphs(talk(language), "Speaker")[1].startswith(f"{labels.roles['user']} [2] · 2026-03-09 14:04 UTC")


def test_the_summary_gives_its_quotes_with_their_numbers_and_none_twice() -> None:
    text = transcript(talk(), "markdown").data.decode()
    assert "- Soy coordinadora de despachos \\[2\\]\n" in text
    assert "- Excel “tardo unos 40 minutos cada mañana.” \\[4\\]\n" in text
    assert paragraphs(talk(), "List Bullet") == [
        "Soy coordinadora de despachos\xa0[2]",
        "Excel “tardo unos 40 minutos cada mañana.”\xa0[4]",
    ]


def test_an_interview_without_a_word_is_a_transcript_too() -> None:
    whole = Whole(interview(session_id="=1+1|*a*\x01"), ())
    assert rows(whole) == []
    assert paragraphs(whole, "Note") == ["No se dijo nada."]
    text = transcript(whole, "markdown").data.decode()
    assert "No se dijo nada." in text
    assert "- **Sesión:** \\=1+1\\|\\*a\\*␁\n" in text
    assert LABELS["es"].summary not in text


def test_a_csv_opens_in_a_spreadsheet_with_its_accents_and_without_a_formula() -> None:
    roles: tuple[Role, ...] = ("user",)
    file = transcript(Whole(interview(), said(["=1+1", "@SUM(1)", "\t=1", "-5 °C", "ñ; =1"], roles)), "csv")
    assert file.data.startswith(b"\xef\xbb\xbf")
    assert file.data.count(b"\r\n") == 6
    text = file.data.decode("utf-8-sig")
    found = [row["content"] for row in csv.DictReader(io.StringIO(text, newline=""))]
    assert found == ["'=1+1", "'@SUM(1)", "'\t'=1", "'-5 °C", "ñ;' =1"]


@settings(deadline=None, max_examples=40)
@given(TEXTS)
@example(["\r\n", "a\rb\nc\r\nd", "\x0b\x0c\x1b", " a ", "\ufffe\uffff", "", "\t", "<w:p/>&amp;", "\U0001d538\u202e"])
def test_any_text_comes_back_from_every_format(texts: list[str]) -> None:
    roles: tuple[Role, ...] = ("user", "system", "tool", "assistant")
    whole = Whole(interview(), said(texts, roles))
    found = rows(whole)
    assert [row["content"].replace("'", "") for row in found] == [text.replace("'", "") for text in texts]
    assert [row["sequence_number"] for row in found] == [str(number + 1) for number in range(len(texts))]
    breaks = [re.sub(r"\r\n|\r", "\n", visible(text)) for text in texts]
    assert paragraphs(whole, "Said") == breaks
    assert len(quoted(whole)) == len(texts)
    assert len(orjson.loads(transcript(whole, "json").data)["conversation_history"]) == len(texts)


def test_the_document_has_numbers_on_its_pages_a_title_and_nobody_as_its_author() -> None:
    file = transcript(talk(), "docx")
    document = docx.Document(io.BytesIO(file.data))
    footer = document.sections[0].footer.paragraphs[0]._p
    assert [field.get(qn("w:instr")) for field in footer.findall(qn("w:fldSimple"))] == ["PAGE", "NUMPAGES"]
    assert "".join(text.text or "" for text in footer.iter(qn("w:t"))) == "Página 1 de 1"
    known = document.core_properties
    assert (known.title, known.author, known.last_modified_by, known.comments, known.language) == (
        "Entrevista 0195a000-0000-7000-8000-000000000001",
        *("", "", "", "es-CO"),
    )
    assert known.created == talk().interview.updated_at
    with zipfile.ZipFile(io.BytesIO(file.data)) as archive:
        assert archive.testzip() is None


def test_names_and_types_of_files_tell_nothing_of_anybody() -> None:
    files = [transcript(talk("en"), kind) for kind in FORMATS]
    assert [file.name for file in files] == [
        f"interview-0195a000-0000-7000-8000-000000000001.{ending}" for ending in ("json", "md", "csv", "docx")
    ]
    assert {file.media_type for file in files} <= SAFE_TYPES


def test_without_python_docx_one_sentence_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.startswith("arraigo.apps.interviews.exports.")]:
        if name.endswith((".document", ".layout")):
            monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "docx", None)
    monkeypatch.setitem(sys.modules, "docx.document", None)
    with pytest.raises(Unavailable, match=r"wants the extra documents .*; run: pip install 'arraigo\[documents\]'"):
        transcript(talk(), "docx")
    assert transcript(talk(), "csv").data
