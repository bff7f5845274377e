"""Transcripts of an interview, to take away."""

from collections.abc import Callable
from typing import Any, Literal, get_args

import orjson

from arraigo.apps.interviews.exports.facts import data
from arraigo.apps.interviews.exports.labels import LABELS
from arraigo.apps.interviews.exports.written import as_csv, as_markdown
from arraigo.apps.interviews.interview import Whole
from arraigo.errors import Unavailable
from arraigo.web.files import File

__all__ = ["FORMATS", "Format", "data", "transcript"]

Format = Literal["json", "markdown", "csv", "docx"]
FORMATS: tuple[Format, ...] = get_args(Format)


def transcript(whole: Whole, format: Format) -> File:
    """The interview as a file, in its own language; its name names nobody.

    Writing a long one as DOCX takes seconds of computing: away from the event loop, then.

    Raises:
        Unavailable: DOCX wants python-docx (the extra documents), which is not installed.
    """
    ending, media_type, write = _WAYS[format]
    about = whole.interview
    return File(f"{LABELS[about.language].file}-{about.id}.{ending}", media_type, write(whole))


def _as_json(whole: Whole) -> bytes:
    known: dict[str, Any] = data(whole)
    return orjson.dumps(known, option=orjson.OPT_INDENT_2 | orjson.OPT_UTC_Z | orjson.OPT_APPEND_NEWLINE)


def _as_docx(whole: Whole) -> bytes:
    try:
        from arraigo.apps.interviews.exports.document import as_docx  # noqa: PLC0415 - an extra
    except ModuleNotFoundError as error:
        raise Unavailable(
            f"a transcript as DOCX wants the extra documents ({error.name} is not installed)",
            safe="JSON, Markdown and CSV want nothing more",
            remedy="run: pip install 'arraigo[documents]'",
        ) from None
    return as_docx(whole)


_WAYS: dict[Format, tuple[str, str, Callable[[Whole], bytes]]] = {
    "json": ("json", "application/json", _as_json),
    "markdown": ("md", "text/markdown", as_markdown),
    "csv": ("csv", "text/csv", as_csv),
    "docx": ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", _as_docx),
}
