import time
import uuid
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from arraigo.ids import derived, uuid7

parts = st.lists(st.text(alphabet=st.characters(exclude_categories=["Cs"])), max_size=4)


def test_a_new_id_has_the_version_the_variant_and_the_time() -> None:
    before = time.time_ns() // 1_000_000
    made = uuid7()
    after = time.time_ns() // 1_000_000
    assert (made.version, made.variant) == (7, uuid.RFC_4122)
    assert before <= made.int >> 80 <= after


def test_new_ids_sort_by_the_millisecond_and_do_not_repeat() -> None:
    made = [uuid7() for _ in range(10_000)]
    assert [id_.int >> 80 for id_ in made] == sorted(id_.int >> 80 for id_ in made)
    assert len(set(made)) == len(made)


def test_every_random_bit_is_used() -> None:
    made = [uuid7().int for _ in range(200)]
    ever_set, always_set = 0, -1
    for value in made:
        ever_set |= value
        always_set &= value
    fixed = (0xF << 76) | (0b11 << 62)
    changing = ((1 << 80) - 1) & ~fixed
    assert ever_set & changing == changing
    assert always_set & changing == 0


@given(st.binary(min_size=1, max_size=100), parts)
def test_a_derived_id_is_the_same_each_time(key: bytes, names: list[str]) -> None:
    made = derived(key, *names)
    assert made == derived(key, *names)
    assert (made.version, made.variant) == (8, uuid.RFC_4122)


@given(parts, parts)
def test_a_derived_id_says_where_one_part_ends(one: list[str], other: list[str]) -> None:
    """("a", "bc") and ("ab", "c") are different things."""
    assert (derived(b"key", *one) == derived(b"key", *other)) == (one == other)


def test_a_derived_id_takes_the_key_to_compute() -> None:
    assert derived(b"key one", "conversation", "ana", "1") != derived(b"key two", "conversation", "ana", "1")


def test_a_derived_id_stays_what_it_was_in_earlier_versions() -> None:
    """Conversations are found by it: another way of computing it would lose them."""
    assert derived(b"k" * 32, "conversation", "0" * 36, "x") == UUID("dc685912-ce3d-889e-a16b-0bbb5dd1f685")
