"""One fingerprint for any number of records, whatever order they come in."""

from hypothesis import given
from hypothesis import strategies as st

from arraigo.move.records.fingerprint import Fingerprint, digest

DIGESTS = st.lists(st.binary(min_size=32, max_size=32))


def of(digests: list[bytes]) -> Fingerprint:
    found = Fingerprint()
    for one in digests:
        found = found.add(one)
    return found


@given(DIGESTS)
def test_order_does_not_matter(digests: list[bytes]) -> None:
    turned = sorted(digests, key=lambda one: one[::-1])
    assert of(digests) == of(turned)


@given(DIGESTS, DIGESTS)
def test_parts_can_be_merged(one: list[bytes], other: list[bytes]) -> None:
    assert of(one).merge(of(other)) == of(one + other)


def test_a_doubled_pair_is_seen() -> None:
    """An exclusive or would cancel it out."""
    a, b = digest("a", b"1"), digest("b", b"2")
    assert of([a, b]).hash != of([a, b, a, a]).hash
    assert of([a, a]).hash != of([b, b]).hash
    assert of([a, a, b]).hash != of([a, b, b]).hash


def test_key_and_record_do_not_run_into_each_other() -> None:
    assert digest("ab", b"c") != digest("a", b"bc")


def test_the_hash_is_64_hexadecimal_digits() -> None:
    assert Fingerprint().hash == "0" * 64
    assert len(of([digest("k", b"{}")]).hash) == 64
