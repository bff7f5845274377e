"""The document as an authority's analyst keeps it: a workbook with a sheet of requirements, one of fields, one of fees."""

# ruff: noqa: E501 - the sentences of a document

import io

import xlsxwriter

NAME = "document.xlsx"
_ABOUT = (
    ("Drone flight permits: requirements register",),
    ("Coastal Aviation Authority, Digital Services",),
    ("One permit file holds one request. Pilot training, insurance and fines are handled by other systems.",),
    ("Sheets: Requirements, Fields, Fees",),
)
_REQUIREMENTS = (
    ("ID", "Topic", "Requirement", "Priority"),
    (
        "DR-01",
        "Request",
        'A pilot requests a permit by filling in all fields of the sheet Fields that are marked as required. An empty required field, or a value that is not allowed there, is refused with "Invalid entry".',
        "Must",
    ),
    (
        "DR-02",
        "Request",
        'The take-off mass has to suit the class: at most 249 g in C0, 899 g in C1, 3,999 g in C2 and 24,999 g in C3. Otherwise the request is refused with "Mass does not match class".',
        "Must",
    ),
    (
        "DR-03",
        "Request",
        'Drones of class C3 are not allowed in an urban zone. The message is "Class not allowed here".',
        "Must",
    ),
    (
        "DR-04",
        "Request",
        'Over an urban zone the flight height is limited to 60 m; more is refused with "Too high".',
        "Must",
    ),
    (
        "DR-05",
        "Request",
        'Flights in a nature reserve start no earlier than 10:00 and no later than 16:00. Any other start time there is refused with "Reserve closed".',
        "Must",
    ),
    (
        "DR-06",
        "Request",
        'With more than 50 spectators a safety officer is needed: if there is none, the request is refused with "Safety officer needed".',
        "Must",
    ),
    (
        "DR-07",
        "Request",
        "DR-01 is checked first, then DR-02 to DR-06 in their order. Only the first problem is reported.",
        "Should",
    ),
    (
        "DR-08",
        "Request",
        "When nothing is wrong, the file changes from draft to granted and the fee is shown. A file takes only one request.",
        "Must",
    ),
    ("DR-09", "Fee", "The basic fee depends on zone and class; see the sheet Fees.", "Must"),
    ("DR-10", "Fee", "Flights of more than 30 minutes pay 0.35 for every minute above 30.", "Must"),
    (
        "DR-11",
        "Fee",
        "If the flight starts at 20:00 or later, or before 06:00, the sum of DR-09 and DR-10 is raised by 50 %.",
        "Must",
    ),
    (
        "DR-12",
        "Fee",
        "For spectators, 2.00 is added for each group of 10 or part of it. This is not subject to DR-11.",
        "Must",
    ),
    ("DR-13", "Fee", "The fee is rounded up to the next multiple of 0.50.", "Must"),
    (
        "DR-14",
        "Fee",
        "Example: C1 in an urban zone at 20:30, 40 minutes, 25 spectators: 24.00 + 3.50 = 27.50; raised by 50 % = 41.25; + 6.00 = 47.25; the fee is 47.50.",
        "Info",
    ),
    (
        "DR-15",
        "Report",
        'After the flight the pilot reports the minutes flown (whole number, 0 to 300) and the number of incidents (whole number, 0 to 10). This is possible only while the permit is granted. Values outside these limits are refused with "Invalid entry".',
        "Must",
    ),
    (
        "DR-16",
        "Report",
        "Without incidents the file becomes completed. With one or two incidents it becomes under review. With three or more it becomes suspended.",
        "Must",
    ),
    (
        "DR-17",
        "Report",
        "The report shows the surcharge for the minutes flown beyond the duration requested: 1.50 per minute, never more than 60.00. If there are none, it is 0.",
        "Must",
    ),
    (
        "DR-18",
        "Review",
        "An inspector closes a file that is under review with the decision clear or sanction. With clear the file becomes completed, with sanction suspended. Other decisions are refused.",
        "Must",
    ),
    (
        "DR-19",
        "Withdrawal",
        'A granted permit can be withdrawn with at least 2 hours\' notice (the hours are given as a number, 0 or more). With less notice it is refused with "Too late to withdraw" and the permit stays granted. A file whose permit was withdrawn is withdrawn.',
        "Must",
    ),
    (
        "DR-20",
        "General",
        "What is not possible in the current state of the file is refused, and the state remains.",
        "Must",
    ),
)
_FIELDS = (
    ("Field", "Type", "Required", "Allowed values"),
    ("pilot licence", "text", "yes", "two capital letters followed by 8 digits, e.g. FR20451877"),
    ("drone class", "list", "yes", "C0, C1, C2, C3"),
    ("take-off mass", "whole number, grams", "yes", "50 to 24,999"),
    ("flight height", "whole number, metres", "yes", "1 to 120"),
    ("zone", "list", "yes", "open, urban, nature reserve"),
    ("start time", "time", "yes", "HH:MM (24 h)"),
    ("duration", "whole number, minutes", "yes", "5 to 180"),
    ("spectators", "whole number", "yes", "0 to 500"),
    ("safety officer", "yes/no", "yes", ""),
)
_FEES = (
    ("Zone", "C0 and C1", "C2", "C3"),
    ("open", 8.0, 12.0, 20.0),
    ("urban", 24.0, 36.0, "not allowed"),
    ("nature reserve", 30.0, 45.0, 70.0),
)


def made() -> bytes:
    """The XLSX."""
    written = io.BytesIO()
    with xlsxwriter.Workbook(written, {"in_memory": True}) as book:
        bold = book.add_format({"bold": True})
        for name, rows in (("About", _ABOUT), ("Requirements", _REQUIREMENTS), ("Fields", _FIELDS), ("Fees", _FEES)):
            sheet = book.add_worksheet(name)
            for at, row in enumerate(rows):
                sheet.write_row(at, 0, row, bold if at == 0 else None)
    return written.getvalue()
