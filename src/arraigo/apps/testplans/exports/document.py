"""A test plan as a PDF. Imported only where typst and pypdf are installed."""

import io
from collections.abc import Iterator, Mapping, Sequence
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

import orjson
import typst
from pypdf import PdfReader, PdfWriter
from pypdf.generic import NameObject, TextStringObject

from arraigo.apps.testplans.exports.paper import BREAK, Part, around, cover, parts
from arraigo.apps.testplans.exports.texts import one_line
from arraigo.apps.testplans.views import PlanView

_CHAPTER, _SECTION = 1, 2
_Entry = tuple[int, str, int]  # level, label, page from 1


def as_pdf(view: PlanView, *, include_metadata: bool) -> bytes:
    """To be handed in: a cover, contents, a summary, the coverage of each requirement, and the cases that stand.

    With metadata, the configuration and the log of changes, too. It is laid out in parts that begin on a new page, so
    that a plan of thousands of cases takes megabytes of memory, not gigabytes.
    """
    front = cover(view, include_metadata=include_metadata)
    shown = list(parts(view, include_metadata=include_metadata))
    volume = PdfWriter()
    with as_file(files(__package__).joinpath("document.typ")) as layout:
        press = _Press(layout, around(view))
        # The cover is laid out twice: first to know how many pages its contents take.
        contents = [entry for part in shown for entry in _contents(part, [])]
        data, bookmarks = press.laid_out("cover", 1, front | {"contents": contents})
        before, contents = len(PdfReader(io.BytesIO(data)).pages), []
        for part in shown:
            page = before + len(volume.pages) + 1
            data, entries = press.laid_out(part.kind, page, {"heading": part.heading, "rows": part.rows})
            volume.append(io.BytesIO(data), import_outline=False)
            bookmarks += entries
            contents += _contents(part, entries)
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

    def laid_out(self, kind: str, page: int, rest: Mapping[str, Any]) -> tuple[bytes, list[_Entry]]:
        """A part as a PDF whose first page has this number, and where its headings are."""
        data = orjson.dumps({**self._known, **rest, "kind": kind, "first-page": page}).decode()
        compiler = typst.Compiler(self._layout, font_paths=self._fonts, sys_inputs={"data": data})
        made = compiler.compile(format="pdf")
        found = orjson.loads(compiler.query("<entry>", field="value"))
        return made, [(level, label, page - 1 + at) for level, label, at in found]


def _contents(part: Part, entries: Sequence[_Entry]) -> Iterator[_Entry]:
    """What the contents say of a part; its pages are 0 while they are not known."""
    sections = [page for level, _, page in entries if level == _SECTION] or [0] * len(part.named)
    if part.heading:
        yield _CHAPTER, part.heading, entries[0][2] if entries else 0
    for label, page in zip(part.named, sections, strict=False):
        yield _SECTION, label, page


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
