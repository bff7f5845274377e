"""Pure: files for people to take away, in which what somebody wrote stays text."""

import re
from dataclasses import dataclass, field
from itertools import groupby

# What makes a spreadsheet compute, also as wide characters, and the blanks that may come before it. Apostrophes are
# counted with the blanks, so that the one that is added can always be told from those that were there.
_COMPUTES = r"=+\-@\uff1d\uff0b\uff0d\uff20"
_BLANKS = r"(?:[^\S\t\r\n]|['\x00-\x08\x0e-\x1f\ufeff])*+"
_AT_THE_START = re.compile(rf"^(?={_BLANKS}[{_COMPUTES}\t\r\n])")
_ANYWHERE = re.compile(rf"{_AT_THE_START.pattern}|(?<=[;\t\r\n])(?={_BLANKS}[{_COMPUTES}])")

# What XML 1.0 cannot hold (section 2.2), and DEL.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")

_LINE_END = re.compile(r"\r\n|\r|\n")
_INLINE = re.compile(r"[\\`*_\[\]<>&~|#$]|:(?=//)|(?<=\bwww)\.", re.IGNORECASE)  # the last two make links
_LINE_START = re.compile(r"^(\d{1,9})([.)])(?=[ \t]|$)|^([-+=:])")
_INDENT = re.compile(r"^[ \t]+")


@dataclass(frozen=True, slots=True)
class File:
    """A file to hand out (`web.downloads.as_attachment` makes its headers)."""

    name: str
    media_type: str
    data: bytes = field(repr=False)


def defused(text: str, *, anywhere: bool = False) -> str:
    """A text for a cell of a CSV file, so that no spreadsheet takes it for a formula.

    An apostrophe goes in front of a text that begins like one (=, +, -, @, a tab, a line break), whatever blanks and
    apostrophes come first. To have the text back, take one apostrophe away wherever one stands in such a place.

    Args:
        text: What somebody wrote.
        anywhere: Also after each `;`, tab and line break within the text: there a spreadsheet of a country where the
            list separator is another one starts a new cell, since quotes in the middle of a cell mean nothing to it.
    """
    return (_ANYWHERE if anywhere else _AT_THE_START).sub("'", text)


def visible(text: str) -> str:
    """The text with what XML cannot hold made visible: control characters as their pictures, all else as U+FFFD."""
    return _CONTROL.sub(_picture, text)


def _picture(found: re.Match[str]) -> str:
    code = ord(found[0])
    if code < 0x20:  # noqa: PLR2004 - the pictures stand in the same order from U+2400
        return chr(0x2400 + code)
    return "\u2421" if found[0] == "\x7f" else "\ufffd"


def markdown(text: str) -> str:
    """Paragraphs of Markdown (CommonMark, and what is widespread beyond it) that show this text and nothing else.

    Lines and indentation are kept; blank lines at both ends go, and several in between are one.
    """
    lines = _LINE_END.split(visible(text))
    paragraphs = (list(group) for blank, group in groupby(lines, lambda line: not line.strip(" \t")) if not blank)
    return "\n\n".join("\\\n".join(map(_line, paragraph)) for paragraph in paragraphs)


def markdown_line(text: str) -> str:
    """The same as one line: for a heading, an item, a cell of a table. All blanks become single spaces."""
    return _line(" ".join(visible(text).split()))


def _line(line: str) -> str:
    indent = _INDENT.match(line)
    start = indent[0].expandtabs(4) if indent else ""
    rest = _INLINE.sub(r"\\\g<0>", line.strip(" \t"))
    return "&nbsp;" * len(start) + _LINE_START.sub(r"\g<1>\\\g<2>\g<3>", rest)
