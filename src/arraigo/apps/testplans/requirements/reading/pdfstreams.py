"""What the compressed parts of a PDF unpack to, before anybody unpacks them whole."""

import re
import zlib

from arraigo.errors import TooLarge

MOST_BYTES = 128 * 2**20  # of one part; images do not count, nobody looks into them
_STREAM = re.compile(rb"stream\r?\n")
_TWICE = re.compile(rb"/(?:FlateDecode|Fl)\s*/(?:FlateDecode|Fl)\b")
_IMAGE = re.compile(rb"/Subtype\s*/Image")
_DICTIONARY = 400  # bytes before a stream in which its dictionary says that it is an image
_CHUNK = 64 * 2**10
_ZLIB = 0x78  # the first byte of nearly all deflated streams


def checked(data: bytes) -> None:
    """Whether it can be unpacked safely.

    Raises:
        TooLarge: A small part of it unpacks to a huge one.
    """
    if _TWICE.search(data):
        raise TooLarge("the PDF has parts that are compressed twice: they are not read")
    for found in _STREAM.finditer(data):
        start = found.end()
        before = data[max(0, found.start() - _DICTIONARY) : found.start()].rsplit(b"endobj", 1)[-1]
        if data[start : start + 1] == bytes([_ZLIB]) and not _IMAGE.search(before):
            _unpacked(data, start)


def _unpacked(data: bytes, start: int) -> None:
    stream = zlib.decompressobj()
    size, at, rest = 0, start, b""
    try:
        while not stream.eof and (rest or at < len(data)):
            if not rest:
                rest, at = data[at : at + _CHUNK], at + _CHUNK
            size += len(stream.decompress(rest, 2**20))
            rest = stream.unconsumed_tail
            if size > MOST_BYTES:
                raise TooLarge(f"a part of the PDF unpacks to more than {MOST_BYTES // 2**20} MB: it is not read")
    except zlib.error:
        return  # broken, or no deflated stream: its reader says so
