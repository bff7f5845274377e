"""What browsers kept: interviews, saved by the page, by a person out of the developer tools, or by `arraigo export`.

A file is one session, a list of them, an object of them by session id, either of these under `sessions`, or a whole
localStorage: an object of texts, of which some hold a session. A folder may hold several such files.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, cast

from arraigo.errors import InvalidInput
from arraigo.move.records.files import SourceFile, opened
from arraigo.move.records.forms import Form, held
from arraigo.move.records.found import Found
from arraigo.move.records.jsontext import Unfit, parse, shown
from arraigo.move.records.scan import RawRecord, Scanner
from arraigo.move.records.shape import Shape, shape_named
from arraigo.move.sources.spec import Source

_SHAPE = "interviews"
_HISTORY = "conversation_history"  # no session is without it
_NONE = "it holds no interview"


def find(source: Source) -> Found:
    """The files of sessions that a source names, and the keys of a localStorage that hold none.

    Raises:
        InvalidInput: There is no such file, or no session in it.
    """
    path, shape = Path(source.location), shape_named(_SHAPE)
    if not path.is_dir():
        file, ignored = _recognise(path, shape)
        return Found((file,), tuple(ignored))
    files: list[SourceFile] = []
    left: list[tuple[str, str]] = []
    for candidate in sorted(path.glob("*.json")):
        try:
            file, ignored = _recognise(candidate, shape)
        except InvalidInput as error:
            left.append((candidate.name, error.what))
        else:
            files.append(file)
            left += ignored
    if not files:
        why = "; ".join(reason for _, reason in left) or "there is no *.json in it"
        raise InvalidInput(f"nothing in the folder {path} can be moved: {why}", safe="nothing was moved")
    return Found(tuple(files), tuple(left))


def holds_session(text: str) -> bool:
    """Whether a text under a key of localStorage holds a session, or did before it was damaged."""
    return text.lstrip()[:1] in {"{", "["} and _HISTORY in text


def _recognise(path: Path, shape: Shape) -> tuple[SourceFile, list[tuple[str, str]]]:
    form = _form(path, shape)
    if form is None:
        raise InvalidInput(
            f"{path} holds no interviews",
            safe="nothing was moved",
            remedy=f"a session is an object with {_HISTORY!r}, and stands alone, in a list, or as text under a key",
        )
    left = [(f"the key {shown(key)} of {path.name}", _NONE) for key in _others(path)] if form.quoted else []
    return SourceFile.at(path, shape, form), left


def _form(path: Path, shape: Shape) -> Form | None:
    """By the first session in it; None: there is none."""
    for record in _scanned(path):
        # A session's own field at the top, be it cut off behind that: the file is the session.
        if record.key == _HISTORY or (record.key is None and record.raw.startswith(f'"{_HISTORY}"'.encode())):
            return Form(alone=True)
        if record.trouble:
            continue
        if record.raw.startswith(b'"'):
            if holds_session(held(record.raw)[0]):
                return Form(quoted=True, holds=holds_session)
        elif _HISTORY.encode() in record.raw:
            wrapped = record.position == 0 and record.key in shape.wrappers and not _is_session(record, shape)
            return Form(wrapper=record.key or "") if wrapped else Form()
    return None


def _others(path: Path) -> Iterator[str]:
    """The keys that hold no session."""
    for record in _scanned(path):
        text = not record.trouble and record.raw.startswith(b'"')
        if text and record.key is not None and not holds_session(held(record.raw)[0]):
            yield record.key


def _scanned(path: Path) -> Iterator[RawRecord]:
    with opened(path) as stream:
        yield from Scanner(cast("BinaryIO", stream), str(path))


def _is_session(record: RawRecord, shape: Shape) -> bool:
    try:
        return shape.fits(parse(record.raw))
    except Unfit:
        return False
