"""Which format bytes are in: by what they hold first, by their name where that says nothing."""

from typing import Literal, TypeAlias

from arraigo.apps.testplans.requirements.reading.zips import parts_of
from arraigo.errors import InvalidInput

Format: TypeAlias = Literal["pdf", "docx", "xlsx", "html", "markdown", "text"]

NAMES: dict[Format, str] = {
    "pdf": "PDF",
    "docx": "DOCX",
    "xlsx": "XLSX",
    "html": "HTML",
    "markdown": "Markdown",
    "text": "text",
}
_ENDINGS: dict[str, Format] = {
    "pdf": "pdf",
    "docx": "docx",
    "docm": "docx",
    "xlsx": "xlsx",
    "xlsm": "xlsx",
    "html": "html",
    "htm": "html",
    "xhtml": "html",
    "md": "markdown",
    "markdown": "markdown",
    "txt": "text",
    "text": "text",
}
_TYPES: dict[str, Format] = {
    "application/pdf": "pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "text/html": "html",
    "application/xhtml+xml": "html",
    "text/markdown": "markdown",
    "text/plain": "text",
}
_OTHERS = {
    b"{\\rtf": "an RTF file",
    b"\x89PNG": "an image",
    b"\xff\xd8\xff": "an image",
    b"GIF8": "an image",
    b"II*\x00": "an image",
    b"MM\x00*": "an image",
    b"\x1f\x8b": "a compressed file",
    b"Rar!": "a compressed file",
    b"7z\xbc\xaf": "a compressed file",
}
_REMEDY = "send a PDF, DOCX, XLSX, Markdown, HTML or UTF-8 text file"
_LOOKED_AT = 1024  # bytes: where a PDF may begin, and what an HTML page says first


def named(filename: str, content_type: str) -> Format | None:
    """What the name says, else the content type; None where neither is known."""
    ending = filename.rsplit(".", 1)[-1].strip().lower() if "." in filename else ""
    return _ENDINGS.get(ending) or _TYPES.get(content_type.split(";", maxsplit=1)[0].strip().lower())


def recognised(data: bytes, filename: str, content_type: str) -> Format:
    """The format of the bytes.

    Raises:
        InvalidInput: They are in none of the six, or not in the one that the name promises.
    """
    if not data.strip():
        raise InvalidInput("the file is empty")
    head = data[:_LOOKED_AT]
    if b"%PDF-" in head:
        return "pdf"
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _office(data)
    if data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        raise _ole(data)
    for start, what in _OTHERS.items():
        if data.startswith(start):
            raise InvalidInput(f"the file is {what}, not a document with text", remedy=_REMEDY)
    return _text(head, named(filename, content_type))


def _office(data: bytes) -> Format:
    names = parts_of(data)
    if "word/document.xml" in names or any(name.startswith("word/document") for name in names):
        return "docx"
    if any(name.startswith("xl/workbook") and name.endswith(".xml") for name in names):
        return "xlsx"
    if any(name.startswith("xl/") and name.endswith(".bin") for name in names):
        raise InvalidInput("the file is a binary workbook (.xlsb)", remedy="save it as .xlsx")
    raise InvalidInput("the file is an archive, and neither a DOCX nor an XLSX document", remedy=_REMEDY)


def _ole(data: bytes) -> InvalidInput:
    if "EncryptedPackage".encode("utf-16-le") in data:
        return InvalidInput("the document is encrypted with a password", remedy="send it without one")
    return InvalidInput("the file is in an old format of Office", remedy="save it as .docx or .xlsx")


def _text(head: bytes, promised: Format | None) -> Format:
    if promised in ("pdf", "docx", "xlsx"):
        raise InvalidInput(f"the file is named as {NAMES[promised]} and is none, or it is broken", remedy=_REMEDY)
    start = head.replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").lower()
    if start.startswith((b"<!doctype html", b"<html", b"<?xml")) or (b"<html" in start and start.startswith(b"<!--")):
        return "html"
    if promised is None and start.startswith((b"<head", b"<body", b"<h1", b"<p>", b"<div", b"<table")):
        return "html"
    return promised or "text"
