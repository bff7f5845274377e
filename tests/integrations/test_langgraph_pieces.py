"""Lists as trees of pieces, and checkpoints as rows, without a database."""

import enum
import random
from collections import deque
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

pytest.importorskip("langgraph", reason="langgraph is not installed (make integrations)")

from langchain_core.messages import AIMessage, HumanMessage, ToolMessage
from langgraph.checkpoint.base import Checkpoint, empty_checkpoint
from langgraph.checkpoint.serde.encrypted import EncryptedSerializer
from langgraph.checkpoint.serde.jsonplus import JsonPlusSerializer
from langgraph.checkpoint.serde.types import _DeltaSnapshot

from arraigo.integrations.langgraph.pieces import CHUNK, LONGEST, TOP, WIDEST, Piece, Tree, read
from arraigo.integrations.langgraph.rows import Draft, Saved, checkpoint_of

SERDE = JsonPlusSerializer()
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.floats(allow_nan=False) | st.binary() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)
TEXTS = st.text(st.characters(codec="utf-8"), max_size=10)
# How large the elements are: chunks hold many, some, or one.
SIZES = st.sampled_from([0, 50, 300, 2000])


class Colour(enum.Enum):
    """A class of one's own."""

    RED = "red"


class Numbers(list[int]):
    """A list that is no plain list."""


class Pieces(dict[UUID, Piece]):
    """What the database does: it keeps pieces, and asks for children that it has not."""

    def put(self, tree: Tree) -> int:
        """How many round trips it took."""
        sent, trips = tree.likely(), 1
        while missing := self._missing(tree, sent):
            sent |= tree.below(missing)
            trips += 1
        self.update(sent)
        return trips

    def _missing(self, tree: Tree, sent: dict[UUID, Piece]) -> list[UUID]:
        children = {*tree.top, *(child for piece in sent.values() for child in piece.children or ())}
        return [child for child in children if child not in sent and child not in self]


def test_any_list_comes_back_as_the_serialiser_itself_would_give_it() -> None:
    @given(st.lists(VALUES, max_size=30), SIZES)
    @settings(deadline=None)
    def comes_back(value: list[Any], size: int) -> None:
        value = [[element, "x" * size] for element in value]
        tree = Tree(value, SERDE.dumps_typed)
        assert read(tree.top, tree.below(tree.top), SERDE.loads_typed) == SERDE.loads_typed(SERDE.dumps_typed(value))

    comes_back()


EDITS = st.one_of(
    st.tuples(st.just("append"), st.integers(0, 5)),
    st.tuples(st.just("put in front"), st.integers(0, 2)),
    st.tuples(st.just("replace"), st.integers(0, 1000)),
    st.tuples(st.just("remove"), st.integers(0, 1000)),
    st.tuples(st.just("cut the end off"), st.integers(0, 1000)),
    st.tuples(st.just("cut the beginning off"), st.integers(0, 1000)),
    st.tuples(st.just("double"), st.just(0)),
)


def edited(value: list[str], edit: tuple[str, int], size: int) -> list[str]:  # noqa: PLR0911 - a table
    """The list after an edit: what, and how much of it or where."""
    what, number = edit
    place = number % (len(value) + 1)
    fresh = [f"{len(value)} {number} {n} " + "x" * size for n in range(number)]
    match what:
        case "append":
            return [*value, *fresh]
        case "put in front":
            return [*fresh, *value]
        case "replace":
            return [*value[:place], "y" * size, *value[place + 1 :]]
        case "remove":
            return [*value[:place], *value[place + 1 :]]
        case "cut the end off":
            return value[:place]
        case "cut the beginning off":
            return value[place:]
        case _:
            return value * 2


@given(st.integers(0, 60), SIZES, st.lists(EDITS, max_size=12))
@settings(deadline=None)
def test_after_any_edits_every_version_is_there(length: int, size: int, edits: list[tuple[str, int]]) -> None:
    there = Pieces()
    versions = [[f"{n} " + "x" * size for n in range(length)]]
    for edit in edits:
        versions.append(edited(versions[-1], edit, size)[:2000])
    tops = []
    for version in versions:
        tree = Tree(version, SERDE.dumps_typed)
        assert there.put(tree) <= 3
        tops.append(tree.top)
    assert all(child in there for piece in there.values() for child in piece.children or ())
    for version, top in zip(versions, tops, strict=True):
        assert read(top, there, SERDE.loads_typed) == version


def words(number: int, size: int = 300) -> str:
    return "".join(random.Random(number).choices("abcdefghij ", k=size))  # noqa: S311 - made-up texts


def message(number: int, size: int = 200) -> HumanMessage:
    return HumanMessage(words(number, size), id=str(number))


@pytest.mark.parametrize("length", [10, 100, 1000, 5000])
@pytest.mark.parametrize("edit", ["append", "replace the last", "put in front", "remove", "replace"])
def test_a_new_version_has_a_few_new_pieces_however_long_the_list_is(length: int, edit: str) -> None:
    there, value = Pieces(), [words(number) for number in range(length)]
    chance = random.Random(length)  # noqa: S311 - made-up edits
    there.put(Tree(value, SERDE.dumps_typed))
    sizes, counts, trips = [], [], []
    for number in range(20):
        fresh = words(100_000 + number)
        match edit:
            case "append":
                value = [*value, fresh]
            case "replace the last":
                value = [*value[:-1], fresh]
            case "put in front":
                value = [fresh, *value]
            case "replace":
                value = list(value)
                value[chance.randrange(len(value))] = fresh
            case _ if len(value) > 1:
                value = list(value)
                del value[chance.randrange(len(value))]
        tree, before = Tree(value, SERDE.dumps_typed), set(there)
        trips.append(there.put(tree))
        new = [piece for name, piece in there.items() if name not in before]
        counts.append(len(new))
        sizes.append(sum(len(piece.body or b"") + 16 * len(piece.children or ()) for piece in new))
    assert sum(counts) / 20 <= 5
    assert sum(sizes) / 20 <= 5 * CHUNK
    assert trips == [1] * 20 or edit not in {"append", "replace the last"}


def test_a_thousand_equal_elements_are_no_chunk_of_a_thousand() -> None:
    for element in ("x", 0, None, "y" * 100):
        tree = Tree([element] * 20_000, SERDE.dumps_typed)
        pieces = tree.below(tree.top)
        assert len(tree.top) <= TOP
        assert max(len(piece.body or b"") for piece in pieces.values()) <= 2 * LONGEST
        assert max(len(piece.children or ()) for piece in pieces.values()) <= WIDEST
        assert read(tree.top, pieces, SERDE.loads_typed) == [element] * 20_000


def test_a_large_element_has_a_chunk_of_its_own() -> None:
    picture = "z" * 100_000
    tree = Tree([message(1, 10), picture, message(2, 10)], SERDE.dumps_typed)
    bodies = [SERDE.loads_typed((piece.type, piece.body or b"")) for piece in tree.below(tree.top).values()]
    assert [picture] in bodies


def test_what_stands_in_a_list_twice_is_made_twice() -> None:
    value = [{"a": ["x" * CHUNK]}] * 3
    tree = Tree(value, SERDE.dumps_typed)
    found = read(tree.top, tree.below(tree.top), SERDE.loads_typed)
    assert found == value
    assert found[0] is not found[1]


def long(value: list[Any]) -> list[Any]:
    """More than a chunk of it."""
    return [*value, *(message(number) for number in range(50))]


STRANGE: dict[str, Any] = {
    "none": None,
    "bool": True,
    "int": -(2**63),
    "float": 1e300,
    "minus zero": -0.0,
    "text": "NUL \0 and half \ud83d 🙂",
    "long text": "x" * 10_000,
    "bytes": b"\x00\xff",
    "bytearray": bytearray(b"ab"),
    "tuple": (1, [2, (3,)]),
    "set": {1, 2},
    "deque": deque([1, 2]),
    "enum": Colour.RED,
    "uuid": uuid4(),
    "time": datetime(2026, 3, 1, 12, tzinfo=UTC),
    "decimal": Decimal("1.10"),
    "list of numbers": [1, 2, 3],
    "empty list": [],
    "list of a list": [[[]]],
    "list that is no plain list": Numbers([1, 2]),
    "long list that is no plain list": Numbers(range(1000, 2000)),
    "long list": long([1, None, (1, 2), b"x", bytearray(b"x"), {"a": 1}, {1}, Colour.RED, [[1]], "\0"]),
    "long list of lists": long([[message(n) for n in range(20)]]),
    "messages": [HumanMessage("a", id="1"), AIMessage("b", id="2"), ToolMessage("c", tool_call_id="3", id="4")],
    "snapshot": _DeltaSnapshot([1, 2]),
    "long snapshot": _DeltaSnapshot(long([])),
    "snapshot of a dict": _DeltaSnapshot({"a": 1}),
}


def round_trip(serde: Any, values: dict[str, Any]) -> tuple[Draft, Checkpoint]:
    checkpoint = empty_checkpoint()
    checkpoint["channel_values"] = values
    versions: dict[str, int | float | str] = dict.fromkeys(values, 7)
    checkpoint["channel_versions"] = versions
    draft = Draft(serde, "", checkpoint, versions)
    pieces = draft.likely()
    pieces |= draft.below([child for piece in pieces.values() for child in piece.children or ()])
    return draft, checkpoint_of(serde, Saved("t", "", "1", None, draft.blob, {}, pieces, []))


@pytest.mark.filterwarnings("ignore:.*unregistered type.*")
@pytest.mark.parametrize("name", STRANGE)
def test_a_value_comes_back_as_the_serialiser_itself_would_give_it(name: str) -> None:
    expected = SERDE.loads_typed(SERDE.dumps_typed(STRANGE[name]))
    found = round_trip(SERDE, {name: STRANGE[name]})[1]["channel_values"][name]
    assert (type(found), repr(found)) == (type(expected), repr(expected))


def test_long_lists_and_snapshots_of_them_share_their_pieces() -> None:
    draft, _ = round_trip(SERDE, {"a": long([]), "b": _DeltaSnapshot(long([])), "c": long([])})
    tops = [(piece.type, piece.children) for piece in draft.likely().values() if piece.type in {"list", "snapshot"}]
    assert sorted(kind for kind, _ in tops) == ["list", "list", "snapshot"]
    assert len({top for _, top in tops}) == 1


class Backwards:
    """A cipher that is none, and that never writes the same thing twice the same way."""

    def __init__(self) -> None:
        self.count = 0

    def encrypt(self, plaintext: bytes) -> tuple[str, bytes]:
        """Each time in another way."""
        self.count += 1
        return "backwards", self.count.to_bytes(4) + plaintext[::-1]

    def decrypt(self, ciphername: str, ciphertext: bytes) -> bytes:
        """The text again."""
        assert ciphername == "backwards"
        return ciphertext[4:][::-1]


def test_what_is_encrypted_is_kept_whole() -> None:
    draft, found = round_trip(EncryptedSerializer(Backwards(), SERDE), {"messages": long([]), "key": "secret"})
    assert found["channel_values"] == {"messages": long([]), "key": "secret"}
    assert all(piece.children is None for piece in draft.likely().values())
    assert b"secret" not in draft.blob[1]
