"""The one door: bytes in, requirements out."""

import re

from arraigo.apps.testplans.plan import Extraction
from arraigo.apps.testplans.requirements.blocks import Reading
from arraigo.apps.testplans.requirements.drafts import requirements_of
from arraigo.apps.testplans.requirements.gathering import drafts_of
from arraigo.apps.testplans.requirements.mending import words_of
from arraigo.apps.testplans.requirements.notes import told
from arraigo.apps.testplans.requirements.reading import docx, html, pdf, plain, xlsx
from arraigo.apps.testplans.requirements.reading.formats import NAMES, Format, named, recognised
from arraigo.apps.testplans.requirements.words.language import language_of
from arraigo.errors import ArraigoError, InvalidInput, TooLarge

_MOST_BYTES = 100 * 2**20
_MOST_TEXT = 20 * 2**20  # of a text file
_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([A-Za-z0-9_:-]{2,40})", re.IGNORECASE)


def extract(data: bytes, filename: str, content_type: str = "") -> Extraction:
    """The requirements in a document, in Spanish or English.

    Args:
        data: The file: PDF, DOCX, XLSX, Markdown, text or HTML, recognised by what it holds.
        filename: Decides where the bytes do not: between text and Markdown.
        content_type: The same, where the name says nothing.

    Raises:
        InvalidInput: It cannot be read, and why: encrypted, scanned without text, broken, mislabelled, too large,
            of too many pages, not UTF-8, empty.
        Unavailable: What reads this format is not installed.
    """
    if len(data) > _MOST_BYTES:
        raise TooLarge(f"the file has {len(data) // 2**20} MB, more than {_MOST_BYTES // 2**20}")
    format_ = recognised(data, filename, content_type)
    try:
        return _extraction(_read(data, format_, filename, content_type), format_, named(filename, content_type))
    except ArraigoError:
        raise
    except Exception as reason:
        # Whatever a reader makes of broken bytes: a broken file, never a broken service.
        raise InvalidInput(f"the {NAMES[format_]} file is broken: it cannot be read") from reason


def _read(data: bytes, format_: Format, filename: str, content_type: str) -> Reading:
    if format_ == "pdf":
        return pdf.read(data)
    if format_ == "docx":
        return docx.read(data)
    if format_ == "xlsx":
        return xlsx.read(data)
    text = _decoded(data, format_)
    if format_ == "html":
        return html.read(text)
    unsure = named(filename, content_type) is None or format_ == "text"
    return plain.read(text, markdown=format_ == "markdown" or (unsure and plain.looks_like_markdown(text)))


def _decoded(data: bytes, format_: Format) -> str:
    if len(data) > _MOST_TEXT:
        raise TooLarge(f"the file has {len(data) // 2**20} MB of text, more than {_MOST_TEXT // 2**20}")
    encoding = "utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    declared = _CHARSET.search(data[:2048]) if format_ == "html" else None
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as reason:
        if declared:
            return _as_declared(data, declared.group(1).decode("ascii"))
        raise InvalidInput(
            f"the file is not UTF-8 text (byte {reason.start} is not)", remedy="save it as UTF-8, or send a PDF or DOCX"
        ) from reason


def _as_declared(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except (UnicodeDecodeError, LookupError) as reason:
        raise InvalidInput(f"the file is not in the encoding that it declares ({encoding})") from reason


def _extraction(reading: Reading, format_: Format, promised: Format | None) -> Extraction:
    if not reading.blocks:
        raise InvalidInput(f"the {NAMES[format_]} file has no text in it")
    language = language_of(" ".join(words_of(reading.blocks)))
    drafts, left_out = drafts_of(reading.blocks)
    requirements, repeated = requirements_of(drafts, language)
    notes = [*reading.notes, *(("left_out", heading) for heading in left_out)]
    notes += [("repeated_id", identity) for identity in repeated]
    if promised not in (None, format_) and format_ in ("pdf", "docx", "xlsx", "html"):
        notes.append(("other_format", NAMES[format_]))
    if not requirements:
        notes.append(("none", ""))
    return Extraction(
        language=language,
        text=reading.text,
        requirements=requirements,
        notes=tuple(dict.fromkeys(told(key, about, language) for key, about in notes)),
    )
