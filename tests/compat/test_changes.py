"""What a save does to the messages that are kept, decided without a database."""

from hypothesis import given
from hypothesis import strategies as st

from arraigo.compat.changes import Changes, Kept, changes
from arraigo.compat.documents import Piece

SAYINGS = st.lists(st.tuples(st.sampled_from("ua"), st.sampled_from("xyz")), max_size=8)


def pieces(said: list[tuple[str, str]]) -> list[Piece]:
    return [Piece(role, content, {}, f"{role}{content}".encode()) for role, content in said]


def kept(said: list[tuple[str, str]]) -> list[Kept]:
    """Numbered 1, 3, 5, …: what lies between was deleted before."""
    return [Kept(2 * n + 1, role, f"{role}{content}".encode()) for n, (role, content) in enumerate(said)]


def talk(text: str) -> list[tuple[str, str]]:
    return [(word[0], word[1:]) for word in text.split()]


def decided(before: str, after: str) -> Changes:
    return changes(kept(talk(before)), pieces(talk(after)))


@given(SAYINGS, SAYINGS)
def test_doing_it_gives_what_was_given(before: list[tuple[str, str]], after: list[tuple[str, str]]) -> None:
    """Roles stay what they were; numbers stand in order."""
    old, new = kept(before), pieces(after)
    found = changes(old, new)
    there = {one.number: (one.role, one.digest) for one in old}
    for place in found.edits:
        number = found.numbers[place]
        assert number is not None
        assert there[number] == (new[place].role, there[number][1])
        there[number] = (new[place].role, new[place].digest)
    for number in found.deletions:
        del there[number]
    numbers = [n for n in found.numbers if n is not None]
    assert numbers == sorted(there) == sorted(set(numbers))
    assert [there[n] for n in numbers] == [(piece.role, piece.digest) for piece in new[: len(numbers)]]
    assert found.numbers[len(numbers) :] == [None] * (len(new) - len(numbers))


@given(SAYINGS, SAYINGS)
def test_what_grew_is_appended_and_nothing_else_is_done(
    before: list[tuple[str, str]], more: list[tuple[str, str]]
) -> None:
    found = changes(kept(before), pieces(before + more))
    assert (found.edits, found.deletions) == ([], [])
    assert found.numbers == [one.number for one in kept(before)] + [None] * len(more)


def test_an_answer_that_was_made_anew_is_an_edit() -> None:
    assert decided("ux ay", "ux az") == Changes([1, 3], edits=[1])


def test_what_was_cut_off_is_deleted() -> None:
    assert decided("ux ay uz", "ux") == Changes([1], deletions=[3, 5])
    assert decided("ux ay", "") == Changes([], deletions=[1, 3])


def test_a_window_that_moves_on_deletes_its_beginning_and_appends_its_end() -> None:
    assert decided("u1 a2 u3 a4", "u3 a4 u5") == Changes([5, 7, None], deletions=[1, 3])


def test_behind_something_inserted_all_is_appended_anew() -> None:
    assert decided("ux ay", "ux uz ay") == Changes([1, None, None], deletions=[3])


def test_another_role_is_another_message() -> None:
    assert decided("ux ay", "ax uy") == Changes([None, None], deletions=[1, 3])
