"""How a file was written, so that it can be written again: byte for byte after json.dump or JSON.stringify."""

import hashlib
import io
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from arraigo.move.records.forms import Form
from arraigo.move.records.jsontext import Json, Layout, dump, parse
from arraigo.move.records.scan import Container, Scanner
from arraigo.move.records.shape import Shape

_FIRST_LINE = re.compile(r"[\[{](\r?\n)([ \t]*)")
_LAST_LINE = re.compile(r"\n([ \t]*)[\]}]\Z")
_COLON = re.compile(r'[\[{\s]*+"(?:[^"\\]|\\.)*"(\s*:\s*)')


def detect(raw: bytes) -> Layout | None:
    """The layout of one record; None where it says nothing (a number, an empty object)."""
    value = parse(raw)
    if not isinstance(value, dict | list) or not value:
        return None
    text = raw.decode()
    colon = _COLON.match(text)
    key = colon[1] if colon else ": "
    first, last = _FIRST_LINE.match(text), _LAST_LINE.search(text)
    if first and last:
        return Layout(key=key, newline=first[1], indent=first[2].removeprefix(last[1]), base=last[1])
    likely, other = (", ", ",") if key.endswith(" ") else (",", ", ")
    for layout in (Layout(key=key, item=item, ascii=escape) for item in (likely, other) for escape in (False, True)):
        if dump(value, layout) == text:
            return replace(layout, ascii=False)
    return Layout(key=key, item=likely)


@dataclass(frozen=True, slots=True)
class Frame:
    """How a file of records is written: what stands around them, and how each is laid out."""

    kind: str = "object"
    wrapper: str = ""
    head: str = "{"
    colon: str = ": "
    between: str = ","
    tail: str = "}"
    layout: Layout = field(default_factory=Layout)
    quoted: bool = False

    @classmethod
    def of(cls, container: Container, layout: Layout) -> "Frame":
        """What was read; what a cut-off file or a single record did not show is made to match.

        Escapes alone, with no other character behind ASCII in the whole file, are a habit.
        """
        layout = replace(layout, ascii=container.ascii_only and container.escapes)
        if container.kind == "alone":
            return cls(kind="alone", head=container.head.decode(), tail=container.tail.decode(), layout=layout)
        head = container.head.decode()
        gap = head[len(head.rstrip()) :]
        line = "\n" if "\n" in gap else ""
        closers = ("}" if container.kind == "object" else "]") + ("}" if container.wrapper else "")
        return cls(
            kind=container.kind,
            wrapper=container.wrapper,
            head=head,
            colon=container.colon.decode() or layout.key,
            between=container.between.decode() or "," + (gap if line else layout.item[1:]),
            tail=container.tail.decode() or line + closers,
            layout=layout,
            quoted=container.quoted,
        )

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> "Frame":
        """From what `to_json` gave."""
        return cls(**{**value, "layout": Layout(**value["layout"])})

    def to_json(self) -> dict[str, Any]:
        """For the ledger."""
        return asdict(self)

    def member(self, key: str, value: Json) -> str:
        """One record as it stands in this file."""
        text = dump(value, replace(self.layout, ascii=self.layout.ascii and not self.quoted))
        if self.quoted:
            text = dump(text, self.layout)
        return f"{dump(key, self.layout)}{self.colon}{text}" if self.kind == "object" else text

    def named(self, shape: Shape, key: str, value: Json) -> str:
        """What it is called when it is read again: without a name beside it, a record says that itself."""
        return key if self.kind == "object" else shape.key(value)

    def verbatim(self, key: str | None, raw: bytes) -> bytes:
        """One record whose bytes are kept; without a key they have it already."""
        if self.kind != "object" or key is None:
            return raw
        return f"{dump(key, self.layout)}{self.colon}".encode() + raw

    def holding(self, records: int) -> "Frame":
        """The same for so many: what was one record becomes a list where there are others beside it, or none."""
        if self.kind != "alone" or records == 1:
            return self
        return Frame("array", head="[", tail="]\n", layout=self.layout)

    @property
    def form(self) -> Form:
        """How such a file is read."""
        return Form(self.wrapper, alone=self.kind == "alone", quoted=self.quoted)

    def as_read(self, _shape: Shape, text: bytes) -> bytes | None:
        """The digest of what will be read where this stands; None when no program could read the file then."""
        file = b"{%b}" % text if self.kind == "object" else b"[%b]" % text
        try:
            json.loads(file)  # as forgiving as the programs that read the file before
            records = list(Scanner(io.BytesIO(file), "a record"))
        except (ValueError, RecursionError):
            return None
        return hashlib.sha256(records[0].raw).digest() if len(records) == 1 else None

    @property
    def empty(self) -> str:
        """The file without any record."""
        return self.head.rstrip() + self.tail.lstrip()
