"""A test plan as a PDF. Imported only where typst and pypdf are installed."""

import io
from collections.abc import Iterator, Mapping, Sequence
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any, cast

import orjson
import typst
from pypdf import PdfReader, PdfWriter
from pypdf.generic import NameObject, TextStringObject

from arraigo.apps.testplans.exports.paper import BREAK, Part, around, cover, parts
from arraigo.apps.testplans.exports.texts import one_line
from arraigo.apps.testplans.views import PlanView

_CHAPTER, _SECTION = 1, 2
_KEPT = 10  # compilations for which typst keeps in memory what it computed for one
_Heading = tuple[int, int]  # level, page from 1
_Entry = tuple[int, str, int]  # level, label, page


def as_pdf(view: PlanView, *, include_metadata: bool) -> bytes:
    """To be handed in: a cover, contents, a summary, the coverage of each requirement, and the cases that stand.

    With metadata, the configuration and the log of changes, too. It is laid out in parts that begin on a new page, so
    that a plan of thousands of cases takes megabytes of memory, not gigabytes.
    """
    front = cover(view, include_metadata=include_metadata)
    shown = list(parts(view, include_metadata=include_metadata))
    volume, contents, bookmarks = PdfWriter(), list[_Entry](), list[_Entry]()
    with as_file(files(__package__).joinpath("document.typ")) as layout:
        press = _Press(layout, around(view))
        # The cover is laid out twice: first to know how many pages its contents take.
        unknown = [entry for part in shown for entry in _entries(part, part.named, _somewhere(part))]
        data, found = press.laid_out("cover", 1, front | {"contents": unknown})
        bookmarks += [(_CHAPTER, label, page) for label, (_, page) in zip(front["chapters"], found, strict=True)]
        before = len(PdfReader(io.BytesIO(data)).pages)
        for part in shown:
            page = before + len(volume.pages) + 1
            data, found = press.laid_out(part.kind, page, {"heading": part.heading, "rows": part.rows})
            volume.append(io.BytesIO(data), import_outline=False)
            contents += _entries(part, part.named, found)
            bookmarks += _entries(part, part.titles, found)
        data, _ = press.laid_out("cover", 1, front | {"contents": contents})
        volume.merge(0, io.BytesIO(data), import_outline=False)
    return _bound(volume, bookmarks, view)


class _Press:
    """Lays out parts of one document.

    Args:
        layout: The layout's file: typst answers queries of files alone.
        known: What all parts need.
    """

    def __init__(self, layout: Path, known: Mapping[str, Any]) -> None:
        self._layout, self._known, self._fonts = layout, known, typst.Fonts()
        self._nothing = typst.Compiler(font_paths=self._fonts)

    def laid_out(self, kind: str, page: int, rest: Mapping[str, Any]) -> tuple[bytes, list[_Heading]]:
        """A part as a PDF whose first page has this number, and its headings."""
        data = orjson.dumps({**self._known, **rest, "kind": kind, "first-page": page}).decode()
        compiler = typst.Compiler(self._layout, font_paths=self._fonts, sys_inputs={"data": data})
        made = cast("bytes", compiler.compile(format="pdf"))
        found = orjson.loads(compiler.query("<headings>", field="value", one=True))
        for _ in range(_KEPT):  # so that it forgets this part before the next: a third of a gigabyte less
            self._nothing.compile(b"", format="svg")
        return made, [(level, page - 1 + at) for level, at in found]


def _entries(part: Part, labels: Sequence[str], headings: Sequence[_Heading]) -> Iterator[_Entry]:
    """The chapter that a part begins, and sections of it: of each heading, or of the first alone, by these labels."""
    if part.heading:
        yield _CHAPTER, part.heading, headings[0][1]
    sections = [page for level, page in headings if level == _SECTION]
    for label, page in zip(labels, sections, strict=False):
        yield _SECTION, label, page


def _somewhere(part: Part) -> list[_Heading]:
    return [(_CHAPTER, 0), *([(_SECTION, 0)] * len(part.named))]


def _bound(volume: PdfWriter, bookmarks: Sequence[_Entry], view: PlanView) -> bytes:
    chapter = None
    for level, label, page in bookmarks:
        title = label.replace(BREAK, "")
        if level == _CHAPTER:
            chapter = volume.add_outline_item(title=title, page_number=page - 1)
        else:
            volume.add_outline_item(title=title, page_number=page - 1, parent=chapter)
    volume.metadata = {
        "/Title": one_line(view.plan.title),
        "/CreationDate": f"D:{view.plan.updated_at:%Y%m%d%H%M%S}+00'00'",
        "/Producer": "Arraigo",
    }
    volume.root_object[NameObject("/Lang")] = TextStringObject(view.language)
    out = io.BytesIO()
    volume.write(out)
    return out.getvalue()
