import csv
import io
import re
import sys
from dataclasses import replace

import openpyxl
import orjson
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from arraigo.apps.testplans.exports import FORMATS, Format, from_json, render
from arraigo.apps.testplans.plan import Language
from arraigo.apps.testplans.views import CaseView, PlanView
from arraigo.errors import InvalidInput, Unavailable
from arraigo.web.downloads import SAFE_TYPES
from arraigo.web.files import visible
from support.plan_files import Read, read, rows, sheets, unzipped
from support.plan_views import PLAN, assembled, case_view, plan_view

LANGUAGES: tuple[Language, ...] = ("es", "en")
RECORDS: tuple[Format, ...] = ("excel", "json", "csv")
TOOLS: tuple[Format, ...] = ("testrail", "xray", "zephyr", "azure", "qase")
READABLE = tuple(kind for kind in FORMATS if kind != "pdf")
TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=60)
NASTY = (
    *("=1+1", "+1", "-5 °C", "@SUM(A1)", "\t=1", " =1", "'=1", '"', '""" a', "a\r\nb\rc\nd", "", " ", "\n", "a\n\n b"),
    *("\x01\x0b\x1b", "\ufffe", "\u2028x", "شارع ١٢", "\u202eab", "👩‍👩‍👧 ✓", "ß" * 200, "# c", "@t", "| a |", "* x"),
    *("Escenario: x", "Dado x", "Examples:", "<b>&amp;</b>", "_x0041_", "1. a\n2. b", "a,b;c", "\\n", "#let x = 1 [*]"),
)


def same(text: str) -> str:
    """What formats may change of a text: apostrophes that defuse, what XML cannot hold, blanks at ends of lines."""
    lines = re.split("\r\n|[\r\n\x85\u2028\u2029]", text)
    return "\n".join(" ".join(visible(line).replace("'", "").split()) for line in lines).strip()


def expected(case: CaseView, format: Format) -> Read:
    """How a case has to be read back."""
    most = {"testrail": 250, "azure": 128}.get(format, 255 if format in TOOLS else 1000)
    title = " ".join(same(f"{case.testcase_number} {case.test_case_name}").split())
    if len(title.encode("utf-16-le")) > 2 * most:
        title = title.encode("utf-16-le")[: 2 * most - 2].decode("utf-16-le", "ignore") + "…"
    steps = case.test_steps or (("",) if format in TOOLS else ())
    return Read(title, tuple(map(same, steps)), same(case.expected_results))


def found(view: PlanView, format: Format) -> list[Read]:
    """What is read back, without what formats may change."""
    cases = read(render(view, format), format)
    return [
        Read(" ".join(same(case.title).split()), tuple(map(same, case.steps)), same(case.expected)) for case in cases
    ]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("format", READABLE)
def test_every_format_has_the_same_cases_with_the_same_steps(format: Format, language: Language) -> None:
    view = plan_view(12, language)
    wanted = [case for case in view.cases if format in RECORDS or case.status != "DISCARDED"]
    read_back = found(view, format)
    assert len(read_back) == len(wanted) == (12 if format in RECORDS else 11)
    for case, back in zip(wanted, read_back, strict=True):
        if format == "azure" and case.test_steps:  # what has no column stands before the first step
            assert back.steps[0].endswith("\n\n" + case.test_steps[0])
            back = replace(back, steps=(case.test_steps[0], *back.steps[1:]))  # noqa: PLW2901 - compared as a whole
        elif format == "azure":
            back = replace(back, steps=("",))  # noqa: PLW2901
        assert back == expected(case, format)


@settings(deadline=None, max_examples=30)
@given(st.lists(TEXT, min_size=2, max_size=6))
@example(list(NASTY))
@example(["=" * 30_000, "a " * 15_000])
@pytest.mark.parametrize("format", READABLE)
def test_any_text_stays_text_in_every_format(format: Format, texts: list[str]) -> None:
    cases = [
        case_view(
            *(number,),
            test_case_name=text[:255] or "x",
            test_case_description=text,
            preconditions=texts[0],
            test_data=text,
            test_steps=tuple(texts),
            expected_results=text,
            requirements=text,
            custom_fields={"campo": text},
        )
        for number, text in enumerate(texts, 1)
    ]
    view = assembled(
        cases, title=texts[0] or "=x", project=texts[1], case_fields={"campo": texts[1]}, notes=tuple(texts)
    )
    read_back = found(view, format)
    assert len(read_back) == len(cases)
    for case, back in zip(cases, read_back, strict=True):
        wanted = expected(case, format)
        if format == "gherkin":  # a step that says nothing is none
            wanted = replace(wanted, steps=tuple(step for step in wanted.steps if step))
            assert tuple(step for step in back.steps if step) == wanted.steps
            assert (back.title, back.expected) == (wanted.title, wanted.expected)
        elif format == "azure":
            assert (back.title, len(back.steps)) == (wanted.title, len(wanted.steps))
            assert back.steps[1:] == wanted.steps[1:]
        else:
            assert back == wanted


@pytest.mark.parametrize("format", ["csv", *TOOLS])
def test_no_cell_that_a_spreadsheet_opens_begins_a_formula(format: Format) -> None:
    texts = ('=HYPERLINK("http://example.com")', "+1", "-1", "@SUM(1)", "\t=1", " =1")
    cases = [
        case_view(
            n, test_case_name=text, preconditions=text, test_data=text, test_steps=(text, text), expected_results=text
        )
        for n, text in enumerate(texts, 1)
    ]
    file = render(assembled(cases, title="=1+1", case_fields={"=2": "=2"}), format)
    files = unzipped(file).items() if format == "xray" else [(file.name, file.data)]
    for name, data in files:
        if name.endswith(".csv"):
            for row in csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")):
                for cell in row:
                    assert not re.match(r"\s*[=+\-@\t\r\n]", cell), cell


def test_json_reads_back_into_the_same_plan() -> None:
    for language in LANGUAGES:
        view = plan_view(9, language)
        assert from_json(render(view, "json", include_metadata=True).data) == view


def test_json_without_metadata_has_neither_the_configuration_nor_the_log() -> None:
    view = plan_view()
    data = render(view, "json").data
    assert b"example.com" not in data
    assert {"configuration", "modifications"}.isdisjoint(orjson.loads(data))
    back = from_json(data)
    assert (back.cases, back.requirements, back.coverage) == (view.cases, view.requirements, view.coverage)
    assert back.configuration.plan_title == view.plan.title


@pytest.mark.parametrize("data", [b"", b"[]", b"{}", b'{"plan": 3}', b'{"plan": {"title": "x"}}', b"\xff"])
def test_what_is_no_exported_plan_is_refused_in_a_sentence(data: bytes) -> None:
    with pytest.raises(InvalidInput, match="no exported test plan"):
        from_json(data)


def test_a_csv_opens_with_its_accents_and_has_the_fields_of_the_seed() -> None:
    view = plan_view()
    file = render(view, "csv")
    assert file.data.startswith(b"\xef\xbb\xbf")
    table = list(csv.DictReader(io.StringIO(file.data.decode("utf-8-sig"), newline="")))
    assert list(table[0])[:3] == ["testcase_number", "test_case_name", "test_case_description"]
    assert table[0]["address_master_status"] == "VALID"
    assert table[2]["status"] == "DISCARDED"
    assert table[0]["test_steps"].split("\n")[1] == "2. Ingresar 1 en el campo monto y 12 en el campo plazo."
    metadata = csv.DictReader(io.StringIO(render(view, "csv", include_metadata=True).data.decode("utf-8-sig")))
    assert next(iter(metadata))["id"] == str(view.cases[0].id)


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_plan_without_cases_or_requirements_is_a_file_too(format: Format, language: Language) -> None:
    file = render(assembled([], language=language), format, include_metadata=True)
    assert file.data
    if format != "pdf":
        assert read(file, format) == []


def test_names_and_types_of_files_tell_nothing_of_anybody() -> None:
    view = plan_view(1, "en")
    files = [render(view, kind) for kind in FORMATS]
    endings = (".xlsx", ".pdf", ".json", ".csv", "-testrail.csv", "-xray.zip", "-zephyr.csv", "-azure.csv", "-qase.csv")
    assert [file.name for file in files] == [f"test-plan-{PLAN}{ending}" for ending in (*endings, ".feature")]
    assert {file.media_type for file in files} <= SAFE_TYPES


@pytest.mark.parametrize(("format", "package"), [("excel", "xlsxwriter"), ("pdf", "typst"), ("pdf", "pypdf")])
def test_without_an_extra_one_sentence_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, format: Format, package: str
) -> None:
    for name in ("workbook", "document"):
        monkeypatch.delitem(sys.modules, f"arraigo.apps.testplans.exports.{name}", raising=False)
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(Unavailable, match=rf"{package} is not installed.*; run: pip install 'arraigo\[documents\]'"):
        render(plan_view(1), format)
    assert render(plan_view(1), "csv").data


def test_the_workbook_has_its_sheets_in_the_language_of_the_plan() -> None:
    view = plan_view(12)
    found_sheets = sheets(render(view, "excel", include_metadata=True))
    assert list(found_sheets) == ["Resumen", "Casos de prueba", "Pasos", "Cobertura", "Configuración", "Cambios"]
    assert list(sheets(render(plan_view(12, "en"), "excel"))) == ["Summary", "Test cases", "Steps", "Coverage"]
    by_requirement = {row[0]: row for row in found_sheets["Cobertura"][1:]}
    assert by_requirement["RF-004"][3:5] == ("No", 0)
    assert "no se mide" in by_requirement["RF-004"][7]
    covered = next(known for known in view.coverage.requirements if known.covered)
    assert by_requirement[covered.requirement.id][3:6] == ("Sí", len(covered.cases), ", ".join(covered.cases))
    assert len(found_sheets["Cambios"]) == 1 + len(view.modifications)
    assert ("Casos", "12") in [row[:2] for row in found_sheets["Resumen"]]


def test_what_begins_like_a_formula_stays_text_in_a_workbook_that_somebody_edits() -> None:
    file = render(assembled([case_view(1, test_case_name="=1+1", test_data="-5 °C", preconditions="a=1")]), "excel")
    sheet = openpyxl.load_workbook(io.BytesIO(file.data))["Casos de prueba"]
    assert [
        (cell.value, cell.data_type, bool(cell.quotePrefix)) for cell in (sheet["B2"], sheet["E2"], sheet["D2"])
    ] == [
        ("=1+1", "s", True),
        ("-5 °C", "s", True),
        ("a=1", "s", False),
    ]


def test_heads_stay_and_have_filters_and_coverage_has_colours() -> None:
    book = openpyxl.load_workbook(io.BytesIO(render(plan_view(12), "excel").data))
    cases, coverage = book["Casos de prueba"], book["Cobertura"]
    assert (cases.freeze_panes, cases.auto_filter.ref) == ("C2", "A1:M13")
    assert {str(rule.sqref) for rule in coverage.conditional_formatting} == {"D2:D5"}


def test_a_text_longer_than_a_cell_ends_in_dots_and_its_steps_are_whole() -> None:
    long = "paso largo " * 2_700  # 29,700 characters
    view = assembled([case_view(1, test_steps=(long, long), expected_results="🙂" * 20_000)])
    found_sheets = list(sheets(render(view, "excel")).values())
    cell = found_sheets[1][1]
    assert (len(cell[5]), cell[5][-1]) == (32_767, "…")
    assert len(cell[6].encode("utf-16-le")) <= 2 * 32_767
    assert [row[2] for row in found_sheets[2][1:]] == [long, long]


def test_the_headers_of_other_tools_are_theirs_whatever_the_language() -> None:
    for language in LANGUAGES:
        view = plan_view(2, language)
        headers = {kind: render(view, kind).data.split(b"\n")[0].decode() for kind in TOOLS if kind != "xray"}
        assert headers["azure"] == (
            "ID,Work Item Type,Title,Test Step,Step Action,Step Expected,Area Path,Assigned To,State"
        )
        assert headers["qase"].startswith(
            "v2.id,title,description,preconditions,postconditions,tags,priority,severity,"
        )
        assert headers["qase"].endswith("suite_id,suite_parent_id,suite,suite_without_cases,parameters,is_muted")
        assert headers["zephyr"].startswith("Key,Name,Status,Precondition,Objective,Folder,Priority,Component,Labels,")
        assert headers["testrail"] == (
            "Title,Section,Type,Priority,References,Preconditions,Steps (Step),Steps (Expected Result)"
        )
    for kind in TOOLS:
        data = render(plan_view(3), kind).data
        assert kind == "xray" or b"\r" not in data


def test_testrail_and_zephyr_have_what_belongs_to_a_case_on_its_first_row_alone() -> None:
    view = plan_view(1)
    testrail = rows(render(view, "testrail").data)
    assert [row["Title"] != "" for row in testrail] == [True, False, False, False]
    assert testrail[0]["Priority"] == "Medium"
    assert "Datos de prueba: monto = 1" in testrail[0]["Preconditions"]
    assert all(not any([row["Section"], row["Type"], row["References"]]) for row in testrail[1:])
    zephyr = rows(render(view, "zephyr").data)
    assert (zephyr[0]["Status"], zephyr[0]["Priority"], zephyr[1]["Status"]) == ("Draft", "Normal", "")
    assert zephyr[0]["Folder"] == "/Créditos de consumo: pruebas del módulo de solicitudes"
    assert zephyr[0]["Test Script (Step-by-Step) - Test Data"].startswith("monto = 1")


def test_azure_never_has_a_step_on_the_row_of_a_title() -> None:
    table = rows(render(plan_view(4), "azure").data)
    for row in table:
        assert bool(row["Title"]) == (row["Work Item Type"] == "Test Case") == (row["State"] == "Design")
        assert bool(row["Title"]) != bool(row["Test Step"])
        assert not row["ID"]
    assert [row["Test Step"] for row in table][:6] == ["", "1", "2", "3", "4", ""]


def test_a_name_that_is_too_long_for_a_tool_is_whole_elsewhere() -> None:
    name = "Nombre muy largo " * 15
    view = assembled([case_view(1, test_case_name=name.strip())])
    title, first = rows(render(view, "azure").data)
    assert len(title["Title"]) == 128
    assert title["Title"].endswith("…")
    assert first["Step Action"].startswith(name.strip())


def test_qase_has_its_suite_first_and_no_blank_choice() -> None:
    table = rows(render(plan_view(3), "qase").data)
    assert (table[0]["suite_id"], table[0]["suite_without_cases"], table[0]["title"]) == ("1", "1", "")
    assert [row["v2.id"] for row in table] == ["", "1", "2"]
    for row in table[1:]:
        for column in ("priority", "severity", "type", "behavior", "automation", "status", "is_flaky", "layer"):
            assert row[column] == row[column].lower() != ""
        assert (row["steps_type"], row["is_muted"], row["suite"]) == ("classic", "no", table[0]["suite"])
    assert [row["status"] for row in table[1:]] == ["actual", "draft"]


def test_xray_files_have_at_most_a_thousand_issues_and_no_case_is_split() -> None:
    cases = [
        case_view(n, preconditions=f"Antes {n // 2}" if n % 3 else "", test_steps=("a", "b"), priority="ALTA")
        for n in range(1, 1_500)
    ]
    files = unzipped(render(assembled(cases), "xray"))
    configuration = orjson.loads(files.pop("xray-import-configuration.json"))
    assert list(files) == ["xray-1.csv", "xray-2.csv", "xray-3.csv"]
    titles = []
    for data in files.values():
        table = rows(data)
        assert len({row["Issue ID"] for row in table}) <= 1_000
        before = {row["Issue ID"]: row for row in table if row["Issue Type"] == "precondition"}
        assert {row["Test Type"] for row in table} == {"Manual"}
        for row in table:
            assert row["Issue ID"] not in before or row["Issue Type"] == "precondition"
            if row["Issue Type"] == "test":
                titles.append(row["Test Summary"])
                assert row["Test Priority"] == "2"
                number = int(row["Test Summary"].split()[-1])
                known = before[row["Precondition"]]["Unstructured Definition"] if row["Precondition"] else ""
                assert known == (f"Antes {number // 2}" if number % 3 else "")
    assert titles == [f"TC-{n:03} Caso {n}" for n in range(1, 1_500)]
    header = next(iter(files.values())).split(b"\n")[0].decode().split(",")
    mapped = {
        header[known["column.index"]]: known["jira.field"]["id"] for known in configuration["config.field.mappings"]
    }
    assert mapped["Issue ID"] == "__xray_testId"
    assert mapped["Action"] == "__xray_step_action"
    assert len(mapped) == 10
    assert configuration["config.list.delimiter"] == ";"
