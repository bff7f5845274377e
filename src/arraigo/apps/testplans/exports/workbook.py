"""A plan as an Excel workbook. Imported only where xlsxwriter is installed."""

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from arraigo.apps.testplans.exports.labels import Labels
from arraigo.apps.testplans.exports.texts import (
    clean,
    custom,
    cut,
    figures,
    labels_of,
    moment,
    numbered,
    placed,
    settings,
    traced,
    why_not,
)
from arraigo.apps.testplans.views import PlanView
from arraigo.web.files import defused

_MOST = 32_767  # characters in a cell
_INK, _PALE, _LINE = "#1F2A37", "#EEF1F5", "#D5DAE1"
_GREEN, _RED = ("#D9F2E0", "#14532D"), ("#FBDADA", "#7F1D1D")
_AMBER, _GREY = ("#FDF0D0", "#713F12"), ("#E5E7EB", "#4B5563")


def as_excel(view: PlanView, *, include_metadata: bool) -> bytes:
    """Sheets for the summary, the cases, their steps, the coverage; with metadata, the configuration and the log.

    Every text is a cell of text, whatever it begins with. One that is longer than Excel takes (32,767 characters) ends
    in three dots; the sheet of steps has each step in a cell of its own.
    """
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    labels = labels_of(view)
    book.set_properties({"title": clean(view.plan.title), "author": "", "created": view.plan.updated_at})
    writer = _Writer(book, labels)
    _summary(writer, view)
    _cases(writer, view, include_metadata=include_metadata)
    _steps(writer, view)
    _coverage(writer, view)
    if include_metadata:
        head = [(labels.setting, 28), (labels.value, 100)]
        writer.table(labels.configuration, head, [[name, value] for name, value in settings(view)])
        _changes(writer, view)
    book.close()
    return out.getvalue()


@dataclass(slots=True)
class _Style:
    """One look of a cell, and the same where the text begins like a formula (quotePrefix)."""

    plain: Format
    quoted: Format


class _Writer:
    """Writes cells of one workbook."""

    def __init__(self, book: Any, labels: Labels) -> None:
        self.book, self.labels = book, labels
        text = {"text_wrap": True, "valign": "top", "border": 1, "border_color": _LINE}
        self.text = self._style(text)
        self.strong = self._style(text | {"bold": True, "bg_color": _PALE})
        self.title = self._style({"bold": True, "font_size": 18, "font_color": _INK})
        self.head = book.add_format(
            {
                "bold": True,
                "font_color": "#FFFFFF",
                "bg_color": _INK,
                "valign": "vcenter",
                "text_wrap": True,
                "border": 1,
            }
        )
        self.number = book.add_format(text)

    def _style(self, known: dict[str, Any]) -> _Style:
        return _Style(self.book.add_format(known), self.book.add_format(known | {"quote_prefix": True}))

    def colours(self, pair: tuple[str, str]) -> Format:
        """What a conditional format paints."""
        return self.book.add_format({"bg_color": pair[0], "font_color": pair[1]})

    def put(self, sheet: Worksheet, row: int, column: int, value: str | int, style: _Style | None = None) -> None:
        """A number as such, all else as text."""
        style = style or self.text
        if isinstance(value, int):
            sheet.write_number(row, column, value, self.number)
            return
        text = cut(clean(value), _MOST)
        plain = text[:1].isalnum() or defused(text) == text
        sheet.write_string(row, column, text, style.plain if plain else style.quoted)

    def table(
        self, name: str, head: Sequence[tuple[str, float]], rows: Iterable[Sequence[str | int]]
    ) -> tuple[Worksheet, int]:
        """A sheet of rows under heads that stay, with filters; and the number of its last row."""
        sheet = self.book.add_worksheet(name)
        for column, (label, width) in enumerate(head):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, clean(label), self.head)
        last = 0
        for last, values in enumerate(rows, 1):
            for column, value in enumerate(values):
                self.put(sheet, last, column, value)
        sheet.set_row(0, 24)
        sheet.freeze_panes(1, 2)
        sheet.autofilter(0, 0, max(last, 1), len(head) - 1)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
        return sheet, last

    def paint(self, sheet: Worksheet, column: int, last: int, colours: dict[str, tuple[str, str]]) -> None:
        """Colours for the values of a column, which stay true when somebody edits the sheet."""
        for value, pair in colours.items():
            rule = {"type": "cell", "criteria": "==", "value": f'"{value}"', "format": self.colours(pair)}
            sheet.conditional_format(1, column, max(last, 1), column, rule)


def _summary(writer: _Writer, view: PlanView) -> None:
    labels, found = writer.labels, figures(view)
    sheet = writer.book.add_worksheet(labels.summary)
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, 1, 60)
    writer.put(sheet, 0, 0, view.plan.title, writer.title)
    sheet.set_row(0, 30)
    row = 2
    for label, value in found.facts:
        writer.put(sheet, row, 0, label, writer.strong)
        writer.put(sheet, row, 1, value)
        row += 1
    for heading, counted in found.groups:
        row += 1
        sheet.write_string(row, 0, heading, writer.head)
        sheet.write_string(row, 1, labels.total_cases, writer.head)
        first = row + 1
        for name, many in counted:
            row += 1
            writer.put(sheet, row, 0, name)
            writer.put(sheet, row, 1, many)
        if counted:
            sheet.conditional_format(first, 1, row, 1, {"type": "data_bar", "bar_color": "#8FB3D9"})
        row += 1
    if view.plan.notes:
        row += 1
        sheet.write_string(row, 0, labels.notes, writer.head)
        sheet.write_string(row, 1, "", writer.head)
        for number, note in enumerate(view.plan.notes, 1):
            row += 1
            writer.put(sheet, row, 0, number)
            writer.put(sheet, row, 1, note)


def _cases(writer: _Writer, view: PlanView, *, include_metadata: bool) -> None:
    labels = writer.labels
    head = [
        *((labels.number, 10), (labels.name, 40), (labels.description, 44), (labels.preconditions, 34)),
        *((labels.test_data, 34), (labels.steps, 60), (labels.expected, 44), (labels.requirements, 16)),
        *((labels.priority, 11), (labels.technique, 26), (labels.status, 13), (labels.created_by, 13)),
        *((label, 22) for label in view.case_fields.values()),
    ]
    if include_metadata:
        head += [("ID", 38), (labels.version, 9), (labels.created, 22), (labels.updated, 22)]
    rows: Iterable[list[str | int]] = (
        [
            *(case.testcase_number, case.test_case_name, case.test_case_description, case.preconditions),
            *(case.test_data, numbered(case.test_steps), case.expected_results, traced(case)),
            *(labels.priorities[case.priority], labels.techniques[case.technique], labels.statuses[case.status]),
            labels.makers[case.created_by],
            *(custom(case, field) for field in view.case_fields),
            *((str(case.id), case.version, moment(case.created_at), moment(case.updated_at)) * include_metadata),
        ]
        for case in view.cases
    )
    sheet, last = writer.table(labels.cases, head, rows)
    priorities, statuses = labels.priorities, labels.statuses
    writer.paint(sheet, 8, last, {priorities["ALTA"]: _RED, priorities["MEDIA"]: _AMBER})
    writer.paint(sheet, 10, last, {statuses["ACCEPTED"]: _GREEN, statuses["DISCARDED"]: _GREY})


def _steps(writer: _Writer, view: PlanView) -> None:
    labels = writer.labels
    head = [(labels.number, 10), (labels.step_number, 6), (labels.step, 90), (labels.name, 60)]
    writer.table(
        labels.steps,
        head,
        (
            [case.testcase_number, number, step, case.test_case_name]
            for case in view.cases
            for number, step in enumerate(case.test_steps, 1)
        ),
    )


def _coverage(writer: _Writer, view: PlanView) -> None:
    labels = writer.labels
    head = [
        *((labels.requirement, 14), (labels.statement, 70), (labels.place, 24), (labels.covered, 10)),
        *((labels.case_count, 10), (labels.cases, 30), (labels.by_technique, 34), (labels.why_not, 40)),
    ]
    rows: Iterable[list[str | int]] = (
        [
            *(known.requirement.id, known.requirement.text, placed(known.requirement, labels)),
            *(labels.yes if known.covered else labels.no, len(known.cases), ", ".join(known.cases)),
            *(", ".join(labels.techniques[used] for used in known.techniques), why_not(known)),
        ]
        for known in view.coverage.requirements
    )
    sheet, last = writer.table(labels.coverage, head, rows)
    writer.paint(sheet, 3, last, {labels.yes: _GREEN, labels.no: _RED})


def _changes(writer: _Writer, view: PlanView) -> None:
    labels = writer.labels
    head = [
        *((labels.when, 20), (labels.number, 10), (labels.field, 22), (labels.action, 12), (labels.who, 20)),
        *((labels.old, 50), (labels.new, 50)),
    ]
    rows = (
        [
            *(moment(change.created_at), change.testcase_number, change.field_name, labels.actions[change.action]),
            *(change.username or str(change.modified_by or ""), change.old_value or "", change.new_value or ""),
        ]
        for change in view.modifications
    )
    writer.table(labels.changes, head, rows)
