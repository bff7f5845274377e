"""State with expiry, over every way in."""

import asyncio
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

import arraigo
from arraigo.errors import ArraigoError, Conflict, InvalidInput, TooLarge

VALUES: list[Any] = [
    None,
    True,
    False,
    0,
    -1,
    "",
    "text 👩🏽‍🚀 مرحبا \\u0000 \u2028",
    [],
    {},
    [[], {}, "", None],
    {"": {"ñ.$ 🏠": [1, {"x": None}]}},
    [2**53 + 1, 2**64, -(10**40), 10**400, 1.10, 0.1, 1e-7, 5e-324, 1.7976931348623157e308, 1e22, -1.5e300],
    "x" * 262_142,
]
REFUSED: list[Any] = [
    {"marker"},
    b"marker",
    datetime(2026, 1, 1, tzinfo=UTC),
    Decimal(1),
    object(),
    float("nan"),
    [float("inf")],
    "marker\0",
    {"marker\0": 1},
    "marker\ud800",
    {1: "marker"},
    {"a": [{None: "marker"}]},
    {("marker", 1): 1},
    json.loads("[" * 300 + "]" * 300),
    10**5000,
    "marker" + "x" * 262_140,
]
NAMES = ["a", "x" * 255, "ñ 🏠", "a/b?c=d&e%20", "\\", " ", "\U0010ffff" * 255]
BAD_NAMES: list[Any] = ["", "x" * 256, "a\0", "\udc00", None, 7, b"a"]


async def expired(me: arraigo.UserStore, key: str = "k", value: Any = "old") -> None:
    """An entry whose time is over."""
    await me.state.set("n", key, value, ttl=0.001)
    await asyncio.sleep(0.02)


async def keys(me: arraigo.UserStore, namespace: str = "n", **asked: Any) -> list[str]:
    """All pages in one list."""
    found: list[str] = []
    cursor = None
    while True:
        page = await me.state.list(namespace, cursor=cursor, **asked)
        found += [entry.key for entry in page.items]
        if (cursor := page.next) is None:
            return found


async def test_values_come_back_as_they_are(me: arraigo.UserStore) -> None:
    for number, value in enumerate(VALUES):
        kept = await me.state.set("n", str(number), value)
        assert kept.value == value
        assert await me.state.entry("n", str(number)) == kept
    found = [await me.state.get("n", str(number), "default") for number in range(len(VALUES))]
    assert json.dumps(found) == json.dumps(VALUES)  # equal numbers of another kind would be written differently


async def test_any_text_can_be_a_name(me: arraigo.UserStore) -> None:
    for name in NAMES:
        await me.state.set(name, name, name)
        assert await me.state.get(name, name) == name
        assert await keys(me, name) == [name]


async def test_what_is_not_there_is_the_default(me: arraigo.UserStore) -> None:
    assert await me.state.get("n", "k") is None
    assert await me.state.get("n", "k", 7) == 7
    assert await me.state.entry("n", "k") is None
    assert await me.state.delete("n", "k") is None
    await me.state.set("n", "k", 1)
    assert await me.state.get("N", "k") is None
    assert await me.state.get("n", "K") is None


async def test_a_value_takes_the_place_of_the_one_before(me: arraigo.UserStore) -> None:
    first = await me.state.set("n", "k", {"a": 1}, ttl=60)
    second = await me.state.set("n", "k", [2])
    assert (second.value, second.expires_at, second.created_at) == ([2], None, first.created_at)
    assert second.version > first.version
    assert second.updated_at > first.updated_at
    assert await me.state.count("n") == 1


async def test_a_ttl_is_counted_from_now_in_seconds(me: arraigo.UserStore) -> None:
    for ttl in (3600, 0.5, 3_155_760_000):
        kept = await me.state.set("n", "k", 1, ttl=ttl)
        assert kept.expires_at is not None
        assert kept.expires_at - kept.updated_at == timedelta(seconds=ttl)


async def test_what_has_expired_is_not_there_for_any_method(me: arraigo.UserStore) -> None:
    await expired(me)
    version = (await me.state.set("n", "other", 1)).version
    assert await me.state.get("n", "k") is None
    assert await me.state.entry("n", "k") is None
    assert await me.state.delete("n", "k") is None
    assert await me.state.compare_and_set("n", "k", version, "new") is None
    assert (await keys(me), await keys(me, prefix="k")) == (["other"], [])
    assert (await me.state.count("n"), await me.state.count("n", prefix="k")) == (1, 0)
    assert await me.state.clear("n") == 1


async def test_what_has_expired_is_made_anew(me: arraigo.UserStore) -> None:
    ways: list[Callable[[], Any]] = [
        lambda: me.state.set("n", "k", {"b": 2}),
        lambda: me.state.update("n", "k", {"b": 2}),
        lambda: me.state.compare_and_set("n", "k", None, {"b": 2}),
    ]
    for anew in ways:
        await expired(me, value={"a": 1})
        made = await anew()
        assert (made.value, made.expires_at) == ({"b": 2}, None)
        assert made.created_at == made.updated_at


async def test_an_update_changes_what_it_names_and_keeps_the_expiry(me: arraigo.UserStore) -> None:
    first = await me.state.set("n", "k", {"a": 1, "b": {"c": 1}}, ttl=60)
    second = await me.state.update("n", "k", {"b": {"d": 2}, "e": None})
    assert second.value == {"a": 1, "b": {"d": 2}, "e": None}
    assert second.expires_at == first.expires_at
    assert second.version > first.version
    assert (await me.state.update("n", "k", {})).value == second.value
    assert (await me.state.update("n", "k", {}, ttl=9)).expires_at == first.expires_at
    new = await me.state.update("n", "new", {"a": 1}, ttl=60)
    assert new.value == {"a": 1}
    assert new.expires_at == new.updated_at + timedelta(seconds=60)


async def test_updates_at_once_lose_no_field(me: arraigo.UserStore) -> None:
    await asyncio.gather(*(me.state.update("n", "k", {str(number): number}) for number in range(40)))
    assert await me.state.get("n", "k") == {str(number): number for number in range(40)}


async def test_an_update_wants_an_object_on_both_sides(me: arraigo.UserStore) -> None:
    for value in (None, 7, "text", [1]):
        await me.state.set("n", "k", value)
        with pytest.raises(Conflict, match="no object"):
            await me.state.update("n", "k", {"a": 1})
        with pytest.raises(InvalidInput, match="change"):
            await me.state.update("n", "k", value)  # type: ignore[arg-type] # that is the test
        assert await me.state.get("n", "k") == value


async def test_an_update_has_the_limit_of_the_whole(me: arraigo.UserStore) -> None:
    await me.state.set("n", "k", {"a": "x" * 200_000})
    with pytest.raises(TooLarge):
        await me.state.update("n", "k", {"b": "x" * 100_000})
    assert (await me.state.update("n", "k", {"a": "x" * 250_000})).value == {"a": "x" * 250_000}


async def test_a_version_that_somebody_has_changed_is_not_replaced(me: arraigo.UserStore) -> None:
    first = await me.state.set("n", "k", 1, ttl=60)
    second = await me.state.compare_and_set("n", "k", first.version, 2)
    assert second is not None
    assert (second.value, second.expires_at) == (2, None)
    assert await me.state.compare_and_set("n", "k", first.version, 3) is None
    assert await me.state.compare_and_set("n", "k", None, 3) is None
    assert await me.state.delete("n", "k", expected_version=first.version) is None
    assert await me.state.entry("n", "k") == second
    assert await me.state.delete("n", "k", expected_version=second.version) == second
    assert await me.state.compare_and_set("n", "k", second.version, 3) is None
    third = await me.state.compare_and_set("n", "k", None, 3, ttl=60)
    assert third is not None
    assert third.expires_at is not None


async def test_a_version_is_not_seen_twice_when_an_entry_is_made_again(me: arraigo.UserStore) -> None:
    seen = []
    for _ in range(5):
        await me.state.set("n", "k", 1)
        seen.append((await me.state.set("n", "k", 2)).version)
        await me.state.delete("n", "k")
    assert seen == sorted(set(seen))


async def test_of_many_who_compare_and_set_each_change_counts_once(me: arraigo.UserStore) -> None:
    async def add_one() -> None:
        while True:
            entry = await me.state.entry("n", "k")
            count, version = (entry.value, entry.version) if entry else (0, None)
            if await me.state.compare_and_set("n", "k", version, count + 1):
                return

    await asyncio.gather(*(add_one() for _ in range(12)))
    assert await me.state.get("n", "k") == 12


async def test_a_deleted_value_is_handed_out_once(me: arraigo.UserStore) -> None:
    await me.state.set("n", "k", [1])
    gone = await asyncio.gather(*(me.state.delete("n", "k") for _ in range(8)))
    assert [entry.value for entry in gone if entry] == [[1]]


async def test_a_namespace_is_listed_by_key_in_pages(me: arraigo.UserStore) -> None:
    names = sorted(["b", "a", "a/1", "a/2", "ab", "ñ", "🏠", "A", "\uffff", *(f"k{n:03}" for n in range(30))])
    for name in names:
        await me.state.set("n", name, name)
    await me.state.set("m", "other", 1)
    for limit in (1, 7, 39, 1000):
        assert await keys(me, limit=limit) == names
    for prefix in ("a", "a/", "k01", "ñ", "🏠", "", "zz", "\uffff"):
        wanted = [name for name in names if name.startswith(prefix)]
        assert await keys(me, prefix=prefix, limit=2) == wanted
        assert await me.state.count("n", prefix=prefix) == len(wanted)


async def test_a_namespace_is_cleared_alone(me: arraigo.UserStore, you: arraigo.UserStore) -> None:
    for whose in (me, you):
        for namespace in ("n", "m"):
            for key in ("a", "b"):
                await whose.state.set(namespace, key, 1)
    assert await me.state.clear("n") == 2
    assert await me.state.clear("n") == 0
    assert (await me.state.count("n"), await me.state.count("m"), await you.state.count("n")) == (0, 2, 2)


async def test_what_cannot_be_kept_is_refused_in_a_sentence_without_its_words(me: arraigo.UserStore) -> None:
    for value in REFUSED:
        for attempt in (
            me.state.set("n", "k", value),
            me.state.update("n", "k", {"x": value}),
            me.state.compare_and_set("n", "k", None, value),
        ):
            with pytest.raises(InvalidInput) as caught:
                await attempt
            assert "marker" not in str(caught.value)
            assert len(str(caught.value)) < 200
    assert await me.state.count("n") == 0


async def test_too_much_for_the_database_alone_is_refused_too(me: arraigo.UserStore) -> None:
    """PostgreSQL writes 5e-324 with 326 characters."""
    with pytest.raises(ArraigoError):
        await me.state.set("n", "k", [5e-324] * 1000)


async def test_what_cannot_be_a_name_is_refused(me: arraigo.UserStore) -> None:
    for bad in BAD_NAMES:
        for attempt in (
            me.state.get(bad, "k"),
            me.state.get("n", bad),
            me.state.set(bad, "k", 1),
            me.state.set("n", bad, 1),
            me.state.update("n", bad, {}),
            me.state.compare_and_set("n", bad, None, 1),
            me.state.delete("n", bad),
            me.state.list(bad),
            me.state.count(bad),
            me.state.clear(bad),
        ):
            with pytest.raises(InvalidInput):
                await attempt


async def test_what_makes_no_sense_is_refused(me: arraigo.UserStore) -> None:
    for ttl in (0, -1, float("nan"), float("inf"), 10**5000, "60", True):
        with pytest.raises(InvalidInput, match="ttl"):
            await me.state.set("n", "k", 1, ttl=ttl)  # type: ignore[arg-type] # that is the test
    for version in (0, -1, 2**63, 10**5000, "1", True):
        with pytest.raises(InvalidInput, match="version"):
            await me.state.compare_and_set("n", "k", version, 1)  # type: ignore[arg-type] # that is the test
    for asked in ({"limit": 0}, {"limit": 1001}, {"cursor": "no"}, {"cursor": "_w"}, {"cursor": ""}, {"prefix": "\0"}):
        with pytest.raises(InvalidInput):
            await me.state.list("n", **asked)


def test_what_it_says_of_itself_has_no_value() -> None:
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    assert "secret" not in repr(arraigo.Entry("n", "k", "secret", 1, None, moment, moment))


# Sweeping, which is everybody's: on a database of this test's own.


async def test_a_sweep_deletes_what_has_expired_of_all_users_and_nothing_else(
    store: arraigo.Store, superuser: Any
) -> None:
    for name in ("ana", "bea"):
        me = store.as_user(name)
        for key in ("a", "b", "c"):
            await me.state.set("n", key, 1, ttl=60)
        await me.state.set("n", "for good", 1)
        await me.state.set("n", "later", 1, ttl=3600)
    superuser("UPDATE arraigo.states SET expires_at = now() WHERE key IN ('a', 'b', 'c')")
    assert [await store.sweep_state(limit=limit) for limit in (4, 4, 4)] == [4, 2, 0]
    assert superuser("SELECT key FROM arraigo.states ORDER BY key") == [("for good",)] * 2 + [("later",)] * 2


async def test_a_sweep_waits_for_nobody(store: arraigo.Store, superuser: Any) -> None:
    """Somebody holds one of the rows; the others go."""
    me = store.as_user("ana")
    for key in ("a", "b"):
        await me.state.set("n", key, 1, ttl=60)
    superuser("UPDATE arraigo.states SET expires_at = now()")
    superuser("BEGIN")
    superuser("SELECT FROM arraigo.states WHERE key = 'a' FOR UPDATE")
    assert await asyncio.wait_for(store.sweep_state(), 10) == 1
    superuser("ROLLBACK")
    assert await store.sweep_state() == 1


async def test_sweeps_at_once_count_each_row_once(store: arraigo.Store, superuser: Any) -> None:
    me = store.as_user("ana")
    await asyncio.gather(*(me.state.set("n", str(key), 1, ttl=60) for key in range(100)))
    superuser("UPDATE arraigo.states SET expires_at = now()")
    assert sum(await asyncio.gather(*(store.sweep_state(limit=30) for _ in range(6)))) == 100


async def test_a_sweep_has_a_limit(store: arraigo.Store) -> None:
    for limit in (0, -1, 10_001):
        with pytest.raises(InvalidInput):
            await store.sweep_state(limit=limit)
