"""LangGraph's stores on the database."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

import arraigo
from arraigo.errors import InvalidInput

pytest.importorskip("langgraph", reason="langgraph is not installed (make integrations)")

from langgraph.store.base import (
    GetOp,
    InvalidNamespaceError,
    Item,
    ListNamespacesOp,
    MatchCondition,
    PutOp,
    SearchOp,
    TTLConfig,
)

from arraigo.integrations.langgraph import ArraigoStore, AsyncArraigoStore

Store = ArraigoStore | AsyncArraigoStore
Ask = Callable[..., list[tuple[Any, ...]]]
Make = Callable[..., Store]


@pytest.fixture(params=["async", "sync"])
async def make(request: pytest.FixtureRequest, me: arraigo.UserStore) -> Make:
    if request.param == "async":
        return lambda **named: AsyncArraigoStore(me, **named)
    mine = request.getfixturevalue("me_now")
    return lambda **named: ArraigoStore(mine, **named)


@pytest.fixture
async def items(make: Make) -> Store:
    return make()


async def keys(items: Store, *prefix: str, **named: Any) -> list[str]:
    return [item.key for item in await items.asearch(prefix, **named)]


async def test_an_item_is_kept_changed_and_deleted(items: Store) -> None:
    value = {"tema": "café 🙂", "n": [1, 2.5, 1e300, None, True, 10**40], "deep": {"a": {"b": [{}]}}}
    await items.aput(("memories", "ana"), "k", value)
    found = await items.aget(("memories", "ana"), "k")
    assert isinstance(found, Item)
    assert (found.namespace, found.key, found.value) == (("memories", "ana"), "k", value)
    await items.aput(("memories", "ana"), "k", {"tema": "té"})
    changed = await items.aget(("memories", "ana"), "k")
    assert changed is not None
    assert changed.value == {"tema": "té"}
    assert changed.created_at == found.created_at < changed.updated_at
    await items.adelete(("memories", "ana"), "k")
    await items.adelete(("memories", "ana"), "k")
    assert await items.aget(("memories", "ana"), "k") is None


async def test_nobody_sees_or_touches_another_users_items(store: arraigo.Store) -> None:
    mine, theirs = AsyncArraigoStore(store.as_user("ana")), AsyncArraigoStore(store.as_user("bea"))
    await theirs.aput(("n",), "k", {"de": "Bea"}, ttl=5)
    assert await mine.aget(("n",), "k") is None
    assert await mine.asearch(()) == []
    assert await mine.alist_namespaces() == []
    await mine.adelete(("n",), "k")
    assert await mine.sweep_ttl() == 0
    await mine.aput(("n",), "k", {"de": "Ana"})
    found = await theirs.aget(("n",), "k")
    assert found is not None
    assert found.value == {"de": "Bea"}


async def test_a_search_goes_through_a_namespace_and_all_below_it(items: Store) -> None:
    for namespace in [("a",), ("a", "b"), ("a", "b", "c"), ("ab",), ("a-b",), ("a b", "c"), ("b",)]:
        await items.aput(namespace, ".".join(namespace), {"n": len(namespace)})
    assert sorted(await keys(items, "a")) == ["a", "a.b", "a.b.c"]
    assert sorted(await keys(items, "a", "b")) == ["a.b", "a.b.c"]
    assert len(await keys(items)) == 7
    assert await keys(items, "x") == []
    assert await keys(items, limit=2) == ["b", "a b.c"], "the last changed first"
    assert await keys(items, limit=2, offset=6) == ["a"]


FILTERS: list[tuple[dict[str, Any], str]] = [
    ({}, "abcde"),
    ({"kind": "x"}, "ab"),
    ({"kind": "x", "n": 2}, "b"),
    ({"n": {"$gt": 1}}, "bc"),
    ({"n": {"$gte": 2, "$lt": 10}}, "b"),
    ({"n": {"$lte": 10}}, "abc"),
    ({"n": {"$ne": 1}}, "bcde"),
    ({"n": {"$eq": 10}}, "c"),
    ({"n": 10.0}, "c"),
    ({"n": "10"}, "d"),
    ({"kind": {"$gt": "x"}}, "c"),
    ({"kind": None}, "de"),
    ({"deep": {"a": 1}}, "e"),
    ({"deep": {"a": {"$gte": 1}, "b": [1, 2]}}, "e"),
    ({"deep": {"b": [1]}}, ""),
    ({"deep": {"$eq": {"a": 1, "b": [1, 2]}}}, "e"),
    ({"n": {"$gt": "1"}}, "d"),
    ({"nothing": {"$gt": 1}}, ""),
]


async def test_a_filter_finds_what_it_says(items: Store) -> None:
    values: dict[str, dict[str, Any]] = {
        "a": {"kind": "x", "n": 1},
        "b": {"kind": "x", "n": 2},
        "c": {"kind": "y", "n": 10},
        "d": {"n": "10"},
        "e": {"deep": {"a": 1, "b": [1, 2]}},
    }
    await items.abatch([PutOp(("n",), key, value) for key, value in values.items()])
    for wanted, expected in FILTERS:
        assert "".join(sorted(await keys(items, "n", filter=wanted))) == expected, wanted


async def test_namespaces_are_listed_by_their_labels(items: Store) -> None:
    known = [("a", "x", "v1"), ("a", "y", "v1"), ("a", "y", "v2"), ("a-b",), ("b", "x"), ("*",)]
    await items.abatch([PutOp(namespace, "k", {}) for namespace in known])
    assert await items.alist_namespaces() == sorted(known)
    assert await items.alist_namespaces(prefix=("a",)) == known[:3]
    assert await items.alist_namespaces(prefix=("a", "*", "v1")) == known[:2]
    assert await items.alist_namespaces(suffix=("v1",)) == known[:2]
    assert await items.alist_namespaces(suffix=("x", "*")) == [known[0]]
    assert await items.alist_namespaces(prefix=("a",), suffix=("v2",)) == [known[2]]
    assert await items.alist_namespaces(prefix=("a",), max_depth=2) == [("a", "x"), ("a", "y")]
    assert await items.alist_namespaces(limit=2, offset=1) == sorted(known)[1:3]
    assert await items.alist_namespaces(prefix=("a", "x", "v1", "z")) == []


async def test_a_batch_is_done_as_a_whole_and_reads_first(items: Store) -> None:
    await items.aput(("n",), "k", {"v": 1})
    found = await items.abatch(
        [
            PutOp(("n",), "k", {"v": 2}),
            GetOp(("n",), "k"),
            PutOp(("n",), "k", {"v": 3}),
            SearchOp(("n",)),
            ListNamespacesOp((MatchCondition("prefix", ("n",)),)),
            PutOp(("n",), "gone", {}),
            PutOp(("n",), "gone", None),
        ]
    )
    assert isinstance(found[1], Item)
    assert found[1].value == {"v": 1}
    assert [found[0], found[2], found[4], found[5]] == [None, None, [("n",)], None]
    assert (await keys(items, "n"), (await items.asearch(("n",)))[0].value) == (["k"], {"v": 3})
    with pytest.raises(InvalidNamespaceError):
        await items.abatch([PutOp(("n",), "new", {}), PutOp(("n.m",), "k", {})])
    assert await items.aget(("n",), "new") is None
    assert await items.abatch([]) == []


async def test_bad_input_is_said_in_one_sentence_and_spoils_nothing_beside_it(items: Store) -> None:
    bad: list[Any] = [
        items.aput(("n",), "k", {"v": float("nan")}),
        items.aput(("n",), "k", {"v": "a\0b"}),
        items.aput(("n",), "k", {"v": object()}),
        items.aput(("n",), "k" * 1501, {}),
        items.aput(("n", "x" * 1500), "k", {}),
        items.aput(("n",), "k", {}, ttl=0),
        items.aput(("n",), "k", {}, ttl=-1.0),
        items.asearch((), limit=-1),
        items.asearch((), offset=-1),
    ]
    found = await asyncio.gather(items.aput(("n",), "good", {"v": 1}), *bad, return_exceptions=True)
    assert found[0] is None
    assert all(isinstance(error, InvalidInput) for error in found[1:])
    with pytest.raises(ValueError, match=r"\$like"):
        await items.asearch((), filter={"v": {"$like": "x"}})
    assert await keys(items) == ["good"]


async def test_an_index_is_refused_in_one_sentence(make: Make) -> None:
    with pytest.raises(InvalidInput, match="no vector search"):
        make(index={"dims": 3, "embed": lambda texts: [[0.0] * 3 for _ in texts]})
    items = make()
    await items.aput(("n",), "k", {"v": 1}, index=["v"])
    assert await keys(items, "n", query="x") == ["k"]


def expire(superuser: Ask, key: str = "k") -> None:
    superuser("UPDATE arraigo.langgraph_items SET expires_at = now() - interval '1 second' WHERE key = %s", key)


def minutes_left(superuser: Ask) -> dict[str, float | None]:
    return dict(
        superuser("SELECT key, (extract(epoch FROM expires_at - now()) / 60)::float8 FROM arraigo.langgraph_items")  # type: ignore[arg-type]
    )


async def test_a_time_to_live_begins_anew_at_every_use(make: Make, superuser: Ask) -> None:
    config: TTLConfig = {"default_ttl": 10, "refresh_on_read": True}
    items = make(ttl=config)
    await items.aput(("n",), "default", {})
    await items.aput(("n",), "own", {}, ttl=60)
    await items.aput(("n",), "forever", {}, ttl=None)

    def late() -> None:
        superuser("UPDATE arraigo.langgraph_items SET expires_at = expires_at - interval '5 minutes'")

    def left() -> dict[str, int | None]:
        return {key: None if found is None else round(found) for key, found in minutes_left(superuser).items()}

    late()
    assert left() == {"default": 5, "own": 55, "forever": None}
    await items.aget(("n",), "default")
    assert left()["default"] == 10
    late()
    await items.aget(("n",), "default", refresh_ttl=False)
    await items.asearch(("n",), refresh_ttl=False)
    assert left() == {"default": 5, "own": 50, "forever": None}
    await items.asearch(("n",))
    assert left() == {"default": 10, "own": 60, "forever": None}
    changed = await items.aget(("n",), "own")
    assert changed is not None
    assert changed.created_at == changed.updated_at, "a use is no change"


async def test_what_has_expired_is_there_until_it_is_swept_unless_told_otherwise(make: Make, superuser: Ask) -> None:
    items, strict = make(), make(ttl={"omit_expired": True})
    await items.aput(("n",), "k", {}, ttl=1)
    await items.aput(("m",), "stays", {}, ttl=1)
    expire(superuser)
    assert await items.aget(("n",), "k", refresh_ttl=False) is not None
    assert await items.alist_namespaces() == [("m",), ("n",)]
    assert await strict.aget(("n",), "k") is None
    assert await keys(strict) == ["stays"]
    assert await strict.alist_namespaces() == [("m",)]
    assert (minutes_left(superuser)["k"] or 0) < 0, "no read brings it back"
    swept = items.sweep_ttl()
    assert (swept if isinstance(swept, int) else await swept) == 1
    assert await items.aget(("n",), "k") is None
    assert await keys(items) == ["stays"]


async def test_a_store_sweeps_beside_what_it_does_when_it_is_time(make: Make, superuser: Ask) -> None:
    often, never = make(ttl={"sweep_interval_minutes": 0}), make(ttl={})
    for items, left in ((never, 1), (often, 0)):
        await items.aput(("n",), "k", {}, ttl=1)
        expire(superuser)
        await items.aget(("other",), "x")
        assert superuser("SELECT count(*) FROM arraigo.langgraph_items") == [(left,)]


async def test_the_worker_sweeps_everybodys_items(store: arraigo.Store, superuser: Ask) -> None:
    for name in ("ana", "bea"):
        items = AsyncArraigoStore(store.as_user(name))
        await items.aput(("n",), "k", {}, ttl=1)
        await items.aput(("n",), "stays", {}, ttl=1)
    expire(superuser)
    assert [await store.sweep_items(limit=1) for _ in range(3)] == [1, 1, 0]
    assert superuser("SELECT key FROM arraigo.langgraph_items") == [("stays",)] * 2


async def test_a_thousand_calls_at_once_are_answered(items: Store) -> None:
    await asyncio.gather(*(items.aput(("n",), str(number), {"n": number}) for number in range(1000)))
    found = await asyncio.gather(*(items.aget(("n",), str(number)) for number in range(1000)))
    assert [item.value["n"] for item in found if item is not None] == list(range(1000))


async def test_the_async_one_answers_other_threads_and_not_its_own(me: arraigo.UserStore) -> None:
    items = AsyncArraigoStore(me)
    with pytest.raises(asyncio.InvalidStateError):
        items.get(("n",), "k")

    def elsewhere() -> None:
        items.put(("n",), "k", {"v": 1})
        assert items.get(("n",), "k") is not None
        assert len(items.search(("n",))) == 1
        assert items.list_namespaces() == [("n",)]
        items.delete(("n",), "k")

    await asyncio.to_thread(elsewhere)
