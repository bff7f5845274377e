"""Values on their way into SQL."""

from hypothesis import given
from hypothesis import strategies as st

from arraigo.move.relational.replication import rows

VALUES = st.lists(st.none() | st.text(st.characters(exclude_characters="\0"), max_size=8).map(str.encode), max_size=4)
BACK = {b"\\": b"\\", b"t": b"\t", b"n": b"\n", b"r": b"\r"}


def read_copied(line: bytes) -> list[bytes | None]:
    assert line.endswith(b"\n")
    assert line.count(b"\n") == 1
    found: list[bytes | None] = []
    for field in line[:-1].split(b"\t"):
        if field == rb"\N":
            found.append(None)
            continue
        pieces = field.split(b"\\\\")
        for escape, plain in BACK.items():
            if escape != b"\\":
                pieces = [piece.replace(b"\\" + escape, plain) for piece in pieces]
        found.append(b"\\".join(pieces))
    return found


@given(VALUES.filter(bool))
def test_a_row_for_copy_holds_what_was_given(values: list[bytes | None]) -> None:
    assert read_copied(rows.copied(values)) == values


def test_an_array_quotes_every_value() -> None:
    assert rows.array([b"NULL", None, b'a"b\\c', b"", b"{1,2}"]) == rb'{"NULL",NULL,"a\"b\\c","","{1,2}"}'


def test_a_constant_is_the_same_text_for_every_setting() -> None:
    assert rows.literal("it's") == "'it''s'"
    assert rows.literal("a\\'b") == "E'a\\\\''b'"
