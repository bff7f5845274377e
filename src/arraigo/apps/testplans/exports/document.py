"""A test plan as a PDF. Imported only where typst and pypdf are installed."""

import io
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any, cast

import orjson
import typst
from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, DecodedStreamObject, DictionaryObject, NameObject, TextStringObject

from arraigo.apps.testplans.exports.paper import BREAK, Part, around, cover, parts
from arraigo.apps.testplans.exports.texts import labels_of, one_line
from arraigo.apps.testplans.views import PlanView

_CHAPTER, _SECTION = 1, 2
_AT_ONCE = 2  # parts; each more takes some forty megabytes
_KEPT = 10  # compilations for which typst keeps in memory what it computed for one
_Heading = tuple[int, int]  # level, page of its part from 1
_Entry = tuple[int, str, int]  # level, label, page of the document from 1
_FOLIO = NameObject("/Folio")


def as_pdf(view: PlanView, *, include_metadata: bool) -> bytes:
    """To be handed in: a cover, contents, a summary, the coverage of each requirement, and the cases that stand.

    With metadata, the configuration and the log of changes, too. It is laid out in parts that begin on a new page, so
    that a plan of thousands of cases takes megabytes of memory, not gigabytes.
    """
    front = cover(view, include_metadata=include_metadata)
    shown = list(parts(view, include_metadata=include_metadata))
    volume, contents, bookmarks = PdfWriter(), list[_Entry](), list[_Entry]()
    with (
        as_file(files(__package__).joinpath("document.typ")) as layout,
        ThreadPoolExecutor(_AT_ONCE) as pool,
    ):
        press = _Press(layout, around(view))
        # The cover is laid out twice: first to know how many pages its contents take.
        unknown = [entry for part in shown for entry in _entries(part, part.named, _somewhere(part), 0)]
        first = pool.submit(press.laid_out, "cover", front | {"contents": unknown})
        made = pool.map(press.part, shown)
        data, found = first.result()
        bookmarks += [(_CHAPTER, label, page) for label, (_, page) in zip(front["chapters"], found, strict=True)]
        covers = len(PdfReader(io.BytesIO(data)).pages)
        for part, (data, found) in zip(shown, made, strict=True):
            before = covers + len(volume.pages)
            contents += _entries(part, part.named, found, before)
            bookmarks += _entries(part, part.titles, found, before)
            volume.append(io.BytesIO(data), import_outline=False)
        data, _ = press.laid_out("cover", front | {"contents": contents})
        volume.merge(0, io.BytesIO(data), import_outline=False)
    _number(volume, labels_of(view).page)
    return _bound(volume, bookmarks, view)


class _Press:
    """Lays out parts of one document.

    Args:
        layout: The layout's file: typst answers queries of files alone.
        known: What all parts need.
    """

    def __init__(self, layout: Path, known: Mapping[str, Any]) -> None:
        self._layout, self._known, self._fonts = layout, known, typst.Fonts()

    def part(self, part: Part) -> tuple[bytes, list[_Heading]]:
        """A part behind the cover."""
        return self.laid_out(part.kind, {"heading": part.heading, "rows": part.rows})

    def laid_out(self, kind: str, rest: Mapping[str, Any]) -> tuple[bytes, list[_Heading]]:
        """A part as a PDF, and where its headings are."""
        data = orjson.dumps({**self._known, **rest, "kind": kind}).decode()
        compiler = typst.Compiler(self._layout, font_paths=self._fonts, sys_inputs={"data": data})
        made = cast("bytes", compiler.compile(format="pdf"))
        found = orjson.loads(compiler.query("<headings>", field="value", one=True))
        nothing = typst.Compiler(font_paths=self._fonts)
        for _ in range(_KEPT // _AT_ONCE):  # so that it forgets this part soon: a third of a gigabyte less
            nothing.compile(b"", format="svg")
        return made, [(level, page) for level, page in found]


def _entries(part: Part, labels: Sequence[str], headings: Sequence[_Heading], before: int) -> Iterator[_Entry]:
    """The chapter that a part begins, and sections of it: of each heading, or of the first alone, by these labels."""
    if part.heading:
        yield _CHAPTER, part.heading, before + headings[0][1]
    sections = [page for level, page in headings if level == _SECTION]
    for label, page in zip(labels, sections, strict=False):
        yield _SECTION, label, before + page


def _somewhere(part: Part) -> list[_Heading]:
    return [(_CHAPTER, 0), *([(_SECTION, 0)] * len(part.named))]


def _number(volume: PdfWriter, word: str) -> None:
    """Write the pages' numbers at their feet, but for the first: only here they are known."""
    names = {"/Type": "/Font", "/Subtype": "/Type1", "/BaseFont": "/Helvetica", "/Encoding": "/WinAnsiEncoding"}
    font = volume._add_object(DictionaryObject({NameObject(key): NameObject(name) for key, name in names.items()}))  # noqa: SLF001 - pypdf has no other way
    for number, page in enumerate(volume.pages[1:], 2):
        foot = DecodedStreamObject()
        text = f"{word} {number}".encode("cp1252")
        foot.set_data(b"q 0.36 0.4 0.45 rg BT /Folio 7.5 Tf 500 34 Td (" + text + b") Tj ET Q\n")
        page[NameObject("/Contents")] = ArrayObject([volume._add_object(foot), page.raw_get("/Contents")])  # noqa: SLF001
        resources = cast("DictionaryObject", page["/Resources"])
        fonts = cast("DictionaryObject", resources.setdefault(NameObject("/Font"), DictionaryObject()).get_object())
        fonts[_FOLIO] = font


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
