"""Reads every kind of exported plan back: the cases with their steps, as the file has them."""

import csv
import io
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import openpyxl
import orjson
from gherkin.parser import Parser

from arraigo.apps.testplans.exports import Format, from_json
from arraigo.web.files import File

Rows = list[dict[str, str]]


@dataclass(frozen=True)
class Read:
    """A case as a file has it; `title` begins with its number."""

    title: str
    steps: tuple[str, ...]
    expected: str


def read(file: File, format: Format) -> list[Read]:
    """The cases of any file but a PDF."""
    return list(_READERS[format](file))


def rows(data: bytes) -> Rows:
    """The rows of a CSV file for another tool."""
    assert not data.startswith(b"\xef\xbb\xbf")
    csv.field_size_limit(10_000_000)
    return list(csv.DictReader(io.StringIO(data.decode(), newline=""), strict=True))


def unzipped(file: File) -> dict[str, bytes]:
    """The files in an archive."""
    with zipfile.ZipFile(io.BytesIO(file.data)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def sheets(file: File) -> dict[str, list[tuple[Any, ...]]]:
    """The sheets of a workbook, by name, as rows of values; every text is one, none a formula."""
    book = openpyxl.load_workbook(io.BytesIO(file.data))
    for sheet in book:
        for row in sheet.iter_rows():
            assert {cell.data_type for cell in row} <= {"s", "n"}
    return {
        sheet.title: [tuple("" if cell is None else cell for cell in row) for row in sheet.iter_rows(values_only=True)]
        for sheet in book
    }


def gherkin(data: bytes) -> Mapping[str, Any]:
    """The feature of a feature file."""
    feature: Mapping[str, Any] = Parser().parse(data.decode())["feature"]
    return feature


def _excel(file: File) -> Iterator[Read]:
    _, cases, steps = list(sheets(file).values())[:3]
    for case in cases[1:]:
        own = tuple(str(step[2]) for step in steps[1:] if step[0] == case[0])
        yield Read(f"{case[0]} {case[1]}", own, str(case[6]))


def _json(file: File) -> Iterator[Read]:
    for case in from_json(file.data).cases:
        yield Read(f"{case.testcase_number} {case.test_case_name}", case.test_steps, case.expected_results)


def _csv(file: File) -> Iterator[Read]:
    text = file.data.decode("utf-8-sig")
    for row in csv.DictReader(io.StringIO(text, newline=""), strict=True):
        steps = re.split(r"^\d+\. ", row["test_steps"], flags=re.MULTILINE)[1:]
        title = f"{row['testcase_number']} {row['test_case_name']}"
        yield Read(title, tuple(step.replace("\n   ", "\n") for step in steps), row["expected_results"])


def _stepwise(title: str, step: str, expected: str) -> Callable[[File], Iterator[Read]]:
    """A reader of files with one row a step, in which a case begins with its title."""

    def reader(file: File) -> Iterator[Read]:
        yield from _grouped(rows(file.data), title, step, expected)

    return reader


def _grouped(found: Rows, title: str, step: str, expected: str) -> Iterator[Read]:
    cases: list[Rows] = []
    for row in found:
        if row[title]:
            cases.append([])
        cases[-1].append(row)
    for case in cases:
        yield Read(case[0][title], tuple(row[step] for row in case), case[-1][expected])


def _xray(file: File) -> Iterator[Read]:
    for name, data in unzipped(file).items():
        if name.endswith(".csv"):
            tests = [row for row in rows(data) if row["Issue Type"] != "precondition"]
            yield from _grouped(tests, "Test Summary", "Action", "Result")


def _azure(file: File) -> Iterator[Read]:
    for case in _grouped(rows(file.data), "Title", "Step Action", "Step Expected"):
        yield Read(case.title, case.steps[1:], case.expected)  # the title has a row of its own


def _qase(file: File) -> Iterator[Read]:
    for row in rows(file.data):
        if row["title"]:
            actions, results = (_cell(row[column]) for column in ("steps_actions", "steps_result"))
            assert len(actions) == len(results) == len(_cell(row["steps_data"]))
            yield Read(row["title"], tuple(actions), results[-1])


def _cell(text: str) -> list[str]:
    found = [re.fullmatch(r"(\d+)\. (.*)", line) for line in text.removesuffix("\n").split("\n")]
    assert [int(line[1]) for line in found if line] == list(range(1, len(found) + 1))
    return [str(orjson.loads(line[2])) for line in found if line]


def _gherkin(file: File) -> Iterator[Read]:
    for child in gherkin(file.data)["children"]:
        scenario = child["scenario"]
        texts: dict[str, list[str]] = {"Context": [], "Action": [], "Outcome": []}
        kind = ""
        for step in scenario["steps"]:
            kind = kind if step["keywordType"] == "Conjunction" else step["keywordType"]
            argument = "\n" + step["docString"]["content"] if "docString" in step else ""
            texts[kind].append(step["text"] + argument)
        yield Read(scenario["name"], tuple(texts["Action"]), "".join(texts["Outcome"]))


_READERS: dict[Format, Callable[[File], Iterator[Read]]] = {
    "excel": _excel,
    "json": _json,
    "csv": _csv,
    "testrail": _stepwise("Title", "Steps (Step)", "Steps (Expected Result)"),
    "xray": _xray,
    "zephyr": _stepwise("Name", "Test Script (Step-by-Step) - Step", "Test Script (Step-by-Step) - Expected Result"),
    "azure": _azure,
    "qase": _qase,
    "gherkin": _gherkin,
}
