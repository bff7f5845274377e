"""The parts of an Office document, which is a zip file of XML, with limits to what a small file may unpack to."""

import re
import zipfile
from collections.abc import Sequence
from io import BytesIO
from xml.etree import ElementTree as ET

from arraigo.errors import InvalidInput, TooLarge

_MOST_PARTS = 10_000
_MOST_BYTES = 256 * 2**20  # of all parts
_MOST_OF_ONE = 96 * 2**20  # of one part of XML: what a tree of it takes is ten times as much
_ENCRYPTED = 0x1
_DTD = re.compile(rb"<!\x00?(?:DOCTYPE|D\x00O\x00C\x00T\x00Y\x00P\x00E)")


def parts_of(data: bytes) -> Sequence[str]:
    """The names of the parts.

    Raises:
        InvalidInput: It is no zip file, is encrypted, or unpacks to too much.
    """
    with _opened(data) as archive:
        return archive.namelist()


def checked(data: bytes) -> None:
    """Whether it can be read safely; reads every part once, so that each is whole.

    Raises:
        InvalidInput: A part is broken, or declares a document type: entities that unpack to more entities.
    """
    with _opened(data) as archive:
        for info in archive.infolist():
            if info.filename.endswith((".xml", ".rels")) and _DTD.search(_bytes(archive, info.filename)):
                raise InvalidInput(f"the part {info.filename!r} of the document declares a document type")


def xml(data: bytes, name: str) -> ET.Element | None:
    """A part as a tree; None where there is none of that name.

    Raises:
        InvalidInput: The part is no XML.
    """
    with _opened(data) as archive:
        if name not in archive.namelist():
            return None
        try:
            return ET.fromstring(_bytes(archive, name))  # noqa: S314 - `checked` lets no document type through
        except (ET.ParseError, ValueError, LookupError) as reason:
            raise InvalidInput(f"the part {name!r} of the document is broken") from reason


def _opened(data: bytes) -> zipfile.ZipFile:
    try:
        archive = zipfile.ZipFile(BytesIO(data))
    except (zipfile.BadZipFile, ValueError, OSError, EOFError, NotImplementedError) as reason:
        raise InvalidInput("the file is broken: it begins as an Office document and is cut or damaged") from reason
    infos = archive.infolist()
    if any(info.flag_bits & _ENCRYPTED for info in infos):
        raise InvalidInput("the document is encrypted with a password", remedy="send it without one")
    largest = max((info.file_size for info in infos if info.filename.endswith((".xml", ".rels"))), default=0)
    if len(infos) > _MOST_PARTS or sum(info.file_size for info in infos) > _MOST_BYTES or largest > _MOST_OF_ONE:
        raise TooLarge(f"the document unpacks to more than {_MOST_BYTES // 2**20} MB: it is not read")
    return archive


def _bytes(archive: zipfile.ZipFile, name: str) -> bytes:
    try:
        return archive.read(name)  # never more than the size it declares
    except Exception as reason:
        raise InvalidInput(f"the part {name!r} of the document is broken") from reason
