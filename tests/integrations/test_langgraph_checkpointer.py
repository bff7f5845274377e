"""LangGraph's checkpointers on the database."""

import asyncio
import random
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast
from uuid import uuid4

import pytest

import arraigo
from arraigo import sync
from arraigo.errors import Conflict, InvalidInput
from arraigo.settings import Settings
from support.databases import Servers, address, drop_database, make_database
from support.ways import Way, way_settings

pytest.importorskip("langgraph.checkpoint.conformance", reason="langgraph is not installed (make integrations)")

from langchain_core.messages import HumanMessage
from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.base import CheckpointTuple, empty_checkpoint
from langgraph.checkpoint.base.id import uuid6
from langgraph.checkpoint.conformance import checkpointer_test, validate
from langgraph.checkpoint.conformance.capabilities import ALL_CAPABILITIES
from langgraph.checkpoint.serde.types import _DeltaSnapshot

from arraigo.integrations.langgraph import ArraigoSaver, ArraigoStore, AsyncArraigoSaver, AsyncArraigoStore
from arraigo.integrations.langgraph.threads import AsyncThreads

Saver = ArraigoSaver | AsyncArraigoSaver
Ask = Callable[..., list[tuple[Any, ...]]]
ABSENT = object()  # of a channel that has a new version and no value


@pytest.fixture(params=["async", "sync"])
async def saver(request: pytest.FixtureRequest, me: arraigo.UserStore) -> Saver:
    if request.param == "async":
        return AsyncArraigoSaver(me)
    return ArraigoSaver(request.getfixturevalue("me_now"))


def config(thread: str = "t", id_: str | None = None, namespace: str = "") -> RunnableConfig:
    named = {"thread_id": thread, "checkpoint_ns": namespace}
    return {"configurable": named if id_ is None else {**named, "checkpoint_id": id_}}


def words(number: int) -> str:
    chance = random.Random(number)  # noqa: S311 - made-up texts
    return "".join(chance.choices("abcdefghij ", k=300))


async def put(
    saver: Saver,
    parent: RunnableConfig | None = None,
    values: dict[str, Any] | None = None,
    *,
    thread: str = "t",
    namespace: str = "",
    id_: str | None = None,
    metadata: dict[str, Any] | None = None,
) -> RunnableConfig:
    """A checkpoint with these values, each in a new version."""
    checkpoint = empty_checkpoint()
    checkpoint["id"] = id_ or str(uuid6())
    if parent is not None:
        tuple_ = await saver.aget_tuple(parent)
        assert tuple_ is not None
        checkpoint["channel_versions"] = dict(tuple_.checkpoint["channel_versions"])
    new = {channel: saver.get_next_version(None, None) for channel in values or {}}
    checkpoint["channel_values"] = {name: value for name, value in (values or {}).items() if value is not ABSENT}
    checkpoint["channel_versions"] |= new
    where = parent or config(thread, namespace=namespace)
    return await saver.aput(where, checkpoint, cast("Any", {"source": "loop", **(metadata or {})}), cast("Any", new))


async def values_of(saver: Saver, where: RunnableConfig) -> dict[str, Any]:
    found = await saver.aget_tuple(where)
    assert found is not None
    return found.checkpoint["channel_values"]


async def listed(saver: Saver, where: RunnableConfig | None = None, **named: Any) -> list[CheckpointTuple]:
    return [found async for found in saver.alist(where, **named)]


def id_of(where: RunnableConfig) -> str:
    return str(where["configurable"]["checkpoint_id"])


async def test_the_conformance_kit_says_full(store: arraigo.Store, settings: Settings) -> None:
    with sync.open(settings) as now:

        @checkpointer_test(name="AsyncArraigoSaver")
        async def with_asyncio() -> Any:
            yield AsyncArraigoSaver(store.as_user("ana"))

        @checkpointer_test(name="ArraigoSaver")
        async def without() -> Any:
            yield ArraigoSaver(now.as_user("bea"))

        for registered in (with_asyncio, without):
            report = await validate(registered)
            assert report.conformance_level() == "FULL"
            assert {name for name, result in report.results.items() if result.passed} == {
                capability.value for capability in ALL_CAPABILITIES
            }


WAYS = [Way(user="postgres"), Way(pooled=True), Way(user="postgres", pooled=True), Way(version=16), Way(version=15)]


@pytest.mark.parametrize("way", WAYS, ids=str)
async def test_it_says_so_whoever_asks_through_whatever_on_any_server(
    way: Way, all_servers: Servers, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    server = all_servers.get(way.version)
    query = request.getfixturevalue("bouncer") if way.pooled else None
    name = make_database(server)
    try:
        async with arraigo.open(way_settings(way, tmp_path, address(server, way.user, name, query))) as store:

            @checkpointer_test(name=str(way))
            async def made() -> Any:
                yield AsyncArraigoSaver(store.as_user("ana"))

            assert (await validate(made)).conformance_level() == "FULL"
            items = AsyncArraigoStore(store.as_user("ana"))
            await items.aput(("n",), "k", {"v": [1]})
            assert [item.value for item in await items.asearch((), filter={"v": [1]})] == [{"v": [1]}]
            assert await items.alist_namespaces(suffix=("n",)) == [("n",)]
            assert await AsyncArraigoStore(store.as_user("bea")).asearch(()) == []
    finally:
        drop_database(server, name)


async def test_a_thread_is_there_after_a_restart(settings: Settings) -> None:
    messages = [HumanMessage(words(n), id=str(n)) for n in range(100)]
    async with arraigo.open(settings) as first:
        where = await put(AsyncArraigoSaver(first.as_user("ana")), values={"messages": messages, "n": 3})
    async with arraigo.open(settings) as second:
        again = AsyncArraigoSaver(second.as_user("ana"))
        assert await values_of(again, config()) == {"messages": messages, "n": 3}
        assert (await listed(again))[0].config == where
    with sync.open(settings) as third:
        found = ArraigoSaver(third.as_user("ana")).get_tuple(config())
        assert found is not None
        assert found.checkpoint["channel_values"]["messages"] == messages


async def test_nobody_sees_or_touches_another_users_thread(store: arraigo.Store) -> None:
    mine, theirs = AsyncArraigoSaver(store.as_user("ana")), AsyncArraigoSaver(store.as_user("bea"))
    long = [words(n) for n in range(50)]
    where = await put(theirs, values={"a": long}, metadata={"run_id": "r"})
    await theirs.aput_writes(where, [("a", "x")], "task")
    before = await listed(theirs)
    assert await mine.aget_tuple(where) is None
    assert await mine.aget_tuple(config()) is None
    assert await listed(mine) == await listed(mine, where) == await listed(mine, filter={"run_id": "r"}) == []
    assert await mine.aget_delta_channel_history(config=where, channels=["a"]) == {"a": {"writes": []}}
    await mine.adelete_for_runs(["r"])
    await mine.aprune(["t"])
    await mine.aprune(["t"], strategy="delete")
    await mine.acopy_thread("t", "copy")
    await mine.adelete_thread("t")
    assert await mine.aget_tuple(config("copy")) is None
    assert await listed(theirs) == before
    # The same names, and the same pieces, are one's own.
    await put(mine, values={"a": long[:40]})
    await mine.aput_writes(where, [("a", "mine")], "task")
    await mine.adelete_thread("t")
    assert await listed(theirs) == before


async def test_a_step_on_a_long_thread_writes_a_few_rows(saver: Saver, superuser: Ask) -> None:
    messages = [HumanMessage(words(n), id=str(n)) for n in range(1000)]
    where = await put(saver, values={"messages": messages})
    (before,) = superuser("SELECT count(*) FROM arraigo.langgraph_pieces")[0]
    assert before > 200
    for number in range(10):
        messages = [*messages, HumanMessage(words(5000 + number), id=str(5000 + number))]
        where = await put(saver, where, {"messages": messages})
    (after,) = superuser("SELECT count(*) FROM arraigo.langgraph_pieces")[0]
    assert after - before <= 10 * 6
    assert (await values_of(saver, where))["messages"] == messages


async def test_any_change_of_a_long_list_is_kept(saver: Saver) -> None:
    """Also those of which the new pieces are not at the end, so that the database asks for them."""
    value = [words(n) for n in range(300)]
    versions = [value, value[150:], ["first", *value], [*value[:100], "x", *value[101:]], value[::-1], value[:1] * 500]
    where, kept = None, []
    for version in versions:
        where = await put(saver, where, {"a": version})
        kept.append((where, version))
    for where, version in kept:
        assert (await values_of(saver, where))["a"] == version


async def test_values_are_shared_between_checkpoints_by_version(saver: Saver) -> None:
    first = await put(saver, values={"a": [words(n) for n in range(9)], "b": "x" * 1000, "c": 1})
    second = await put(saver, first, {"b": "y" * 1000})
    assert await values_of(saver, second) == {"a": [words(n) for n in range(9)], "b": "y" * 1000}
    assert (await values_of(saver, first))["b"] == "x" * 1000


async def test_puts_at_once_lose_nothing(saver: Saver) -> None:
    """Branches of one thread that share most pieces, and writes beside them."""
    start = [words(n) for n in range(100)]
    parent = await put(saver, values={"a": start})

    async def branch(number: int) -> tuple[RunnableConfig, list[str]]:
        value = [*start[: 50 + number], *(words(1000 + number + n) for n in range(5))]
        where = await put(saver, parent, {"a": value})
        await saver.aput_writes(where, [("a", number), ("b", None)], f"task {number}")
        return where, value

    for where, value in await asyncio.gather(*map(branch, range(24))):
        found = await saver.aget_tuple(where)
        assert found is not None
        assert found.checkpoint["channel_values"]["a"] == value
        assert len(found.pending_writes or []) == 2
        assert found.parent_config == parent


async def test_the_same_writes_at_once_are_there_once(saver: Saver) -> None:
    where = await put(saver)
    await asyncio.gather(*(saver.aput_writes(where, [("a", 1), ("b", 2)], "task", "path") for _ in range(10)))
    found = await saver.aget_tuple(where)
    assert found is not None
    assert found.pending_writes == [("task", "a", 1), ("task", "b", 2)]


async def test_writes_may_come_before_their_checkpoint(saver: Saver) -> None:
    where = config("early", "1ef00000-0000-6000-8000-000000000000")
    await saver.aput_writes(where, [("a", 1)], "task")
    assert await saver.aget_tuple(where) is None
    await put(saver, thread="early", id_=id_of(where))
    found = await saver.aget_tuple(where)
    assert found is not None
    assert found.pending_writes == [("task", "a", 1)]


async def test_writes_come_in_the_order_in_which_they_were_done(saver: Saver) -> None:
    where = await put(saver)
    for task, path in (("b", "2"), ("a", "3"), ("c", "1"), ("z", "")):
        await saver.aput_writes(where, [("x", task), ("y", task)], task, path)
    found = await saver.aget_tuple(where)
    assert found is not None
    assert [task for task, channel, _ in found.pending_writes or [] if channel == "x"] == ["z", "c", "b", "a"]


async def test_a_listing_goes_over_pages_and_threads(saver: Saver) -> None:
    where = None
    for number in range(230):
        where = await put(
            saver, where, {"a": [words(n) for n in range(max(0, number - 20), number)]}, metadata={"step": number}
        )
    await put(saver, thread="other", namespace="child:1")
    found = await listed(saver, config())
    assert [one.metadata["step"] for one in found] == list(range(229, -1, -1))
    assert found[0].checkpoint["channel_values"]["a"] == [words(n) for n in range(209, 229)]
    assert len(await listed(saver)) == 231
    assert [one.metadata["step"] for one in await listed(saver, config(), before=found[3].config, limit=2)] == [
        225,
        224,
    ]
    assert len(await listed(saver, config(), limit=150)) == 150
    assert await listed(saver, config(), limit=0) == []
    assert [one.metadata["step"] for one in await listed(saver, filter={"step": 7})] == [7]
    assert len(await listed(saver, {"configurable": {"thread_id": "other"}})) == 1
    assert [one.config for one in await listed(saver, found[9].config)] == [found[9].config]


async def test_checkpoints_of_two_threads_with_one_id_are_both_listed(saver: Saver) -> None:
    where = None
    for _ in range(120):
        where = await put(saver, where)
    await saver.acopy_thread("t", "copy")
    assert len({str(one.config) for one in await listed(saver)}) == 240


async def test_pruning_deletes_what_nothing_leads_to_and_nothing_else(saver: Saver, superuser: Ask) -> None:
    where, value = None, [words(n) for n in range(200)]
    for number in range(20):
        value = [*value, words(900 + number)]
        where = await put(
            saver, where, {"a": value} if number % 2 else {"a": value, "b": [words(n) for n in range(30)]}
        )
        await saver.aput_writes(where, [("a", number)], "task")
    assert where is not None
    before = await saver.aget_tuple(where)
    alone = await put(saver, values=await values_of(saver, where), thread="alone")
    await saver.aprune(["t", "nobody's", "t"])
    after = await saver.aget_tuple(where)
    assert before is not None
    assert after == before._replace(parent_config=None)
    assert await values_of(saver, alone) == before.checkpoint["channel_values"]
    counts = superuser(
        "SELECT (SELECT count(*) FROM arraigo.langgraph_checkpoints c WHERE c.thread_id = t.id),"
        " (SELECT count(*) FROM arraigo.langgraph_pieces p WHERE p.thread_id = t.id),"
        " (SELECT count(*) FROM arraigo.langgraph_writes w WHERE w.thread_id = t.id)"
        " FROM arraigo.langgraph_threads t ORDER BY t.name"
    )
    assert counts[1][:2] == counts[0][:2], "a pruned thread has what one that was made so has"
    assert counts[1][2] == 1
    await saver.aprune(["t"], strategy="delete")
    await saver.adelete_thread("alone")
    for table in ("threads", "checkpoints", "pieces", "writes"):
        assert superuser(f"SELECT count(*) FROM arraigo.langgraph_{table}") == [(0,)], table


async def test_pruning_beside_puts_loses_nothing(store: arraigo.Store) -> None:
    """What a put relies on is not swept away under it, and what comes in meanwhile stays."""
    saver = AsyncArraigoSaver(store.as_user("ana"))
    start = [words(n) for n in range(100)]
    done = asyncio.Event()

    async def writer(namespace: str) -> list[str]:
        value, where = start, None
        for number in range(30):
            # Half of what was there goes, and comes back: pieces that a sweep has just taken away.
            value = [*start[: 50 if number % 2 else 100], words(number)]
            where = await put(saver, where, {"a": value}, namespace=namespace)
            assert (await values_of(saver, where))["a"] == value
        return value

    async def pruner() -> int:
        count = 0
        while not done.is_set():
            try:
                await saver.aprune(["t"])
            except Conflict as error:  # no moment of rest among the writers
                assert "new checkpoints" in str(error)  # noqa: PT017 - it may come or not
            count += 1
        return count

    pruning = [asyncio.create_task(pruner()) for _ in range(2)]
    values = await asyncio.gather(*(writer(f"n{number}") for number in range(4)))
    done.set()
    assert min(await asyncio.gather(*pruning)) > 0
    for number, value in enumerate(values):
        assert (await values_of(saver, config(namespace=f"n{number}")))["a"] == value


@pytest.mark.parametrize("what", ["pieces", "threads"])
async def test_a_put_waits_for_a_sweep_and_then_looks_what_is_left(saver: Saver, superuser: Ask, what: str) -> None:
    """Whoever clears a thread up has it locked; what a put relied on is gone when it gets its turn."""
    value = [words(n) for n in range(100)]
    await put(saver, values={"a": value})
    superuser("BEGIN")
    superuser("SELECT FROM arraigo.langgraph_threads FOR UPDATE")
    putting = asyncio.create_task(put(saver, values={"a": [*value, "new"]}))
    while superuser("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'") == [(0,)]:
        assert not putting.done()
        await asyncio.sleep(0.01)
    superuser(f"DELETE FROM arraigo.langgraph_{what}")
    superuser("COMMIT")
    assert (await values_of(saver, await putting))["a"] == [*value, "new"]


async def test_a_subgraphs_call_is_pruned_with_the_checkpoint_it_was_begun_under(saver: Saver) -> None:
    older = await put(saver)
    head = await put(saver, older)
    begun = {
        "finished:1": id_of(older),
        "interrupted:2": id_of(head),
        "running:3": str(uuid6()),
        "kept_between_calls": id_of(older),
    }
    for namespace, root in begun.items():
        first = await put(saver, namespace=namespace, metadata={"parents": {"": root}})
        await put(saver, first, metadata={"parents": {"": root}})
    await saver.aprune(["t"])
    found = await listed(saver, {"configurable": {"thread_id": "t"}})
    assert sorted(str(one.config["configurable"]["checkpoint_ns"]) for one in found) == sorted(
        ["", "interrupted:2", "running:3", "kept_between_calls"]
    )


async def chain(saver: Saver, *, steps: int = 8, seed: int = 2) -> list[RunnableConfig]:
    """A thread whose channel keeps what changed, with a whole value at one step."""
    found: list[RunnableConfig] = []
    for step in range(steps):
        values = {"a": _DeltaSnapshot([words(n) for n in range(step)]) if step == seed else ABSENT}
        metadata: dict[str, Any] = {"step": step}
        if step != seed:
            metadata["counters_since_delta_snapshot"] = {"a": [1, abs(step - seed)]}
        where = await put(saver, found[-1] if found else None, values, metadata=metadata)
        await saver.aput_writes(where, [("a", f"w{step}"), ("b", 0)], "task")
        found.append(where)
    return found


async def test_the_history_of_a_channel_goes_back_to_its_last_whole_value(saver: Saver) -> None:
    found = await chain(saver)
    history = (await saver.aget_delta_channel_history(config=found[-1], channels=["a", "b"]))["a"]
    assert history["seed"] == _DeltaSnapshot([words(0), words(1)])
    assert [value for _, _, value in history["writes"]] == ["w2", "w3", "w4", "w5", "w6"]
    newest = await saver.aget_delta_channel_history(config=config(), channels=["a"])
    assert newest["a"] == history
    early = (await saver.aget_delta_channel_history(config=found[1], channels=["a"]))["a"]
    assert early == {"writes": [("task", "a", "w0")]}
    assert await saver.aget_delta_channel_history(config=config("nobody's"), channels=["a"]) == {"a": {"writes": []}}
    assert await saver.aget_delta_channel_history(config=found[1], channels=[]) == {}


async def test_a_long_history_is_read_in_pages(saver: Saver) -> None:
    found = await chain(saver, steps=270)
    history = (await saver.aget_delta_channel_history(config=found[-1], channels=["a"]))["a"]
    assert [value for _, _, value in history["writes"]] == [f"w{step}" for step in range(2, 269)]


async def test_pruning_keeps_what_the_newest_checkpoint_is_rebuilt_from(saver: Saver) -> None:
    found = await chain(saver)
    before = await saver.aget_delta_channel_history(config=found[-1], channels=["a"])
    await saver.aprune(["t"])
    assert await saver.aget_delta_channel_history(config=found[-1], channels=["a"]) == before
    assert [one.metadata["step"] for one in await listed(saver)] == [7, 6, 5, 4, 3, 2]


async def test_runs_that_later_checkpoints_are_rebuilt_from_are_not_deleted(saver: Saver) -> None:
    first = await put(saver, values={"a": _DeltaSnapshot([1])}, metadata={"run_id": "one"})
    await put(saver, first, {"a": ABSENT}, metadata={"run_id": "two", "counters_since_delta_snapshot": {"a": [1, 1]}})
    plain = await put(saver, thread="plain", metadata={"run_id": "one"})
    with pytest.raises(Conflict, match="rebuilt"):
        await saver.adelete_for_runs(["one"])
    assert len(await listed(saver)) == 3
    await saver.adelete_for_runs(["two", "one"])
    assert await listed(saver) == []
    assert await saver.aget_tuple(plain) is None


async def test_deleting_runs_sweeps_and_leaves_no_parent_that_is_gone(saver: Saver, superuser: Ask) -> None:
    first = await put(saver, values={"a": [words(n) for n in range(50)]}, metadata={"run_id": "one"})
    second = await put(saver, first, {"a": ["x"]}, metadata={"run_id": "two"})
    await saver.adelete_for_runs(["one"])
    found = await saver.aget_tuple(second)
    assert found is not None
    assert found.parent_config is None
    assert await values_of(saver, second) == {"a": ["x"]}
    assert superuser("SELECT count(*) FROM arraigo.langgraph_pieces") == [(1,)]


async def test_a_copy_has_everything_and_a_life_of_its_own(saver: Saver) -> None:
    found = await chain(saver)
    sub = await put(saver, namespace="child:1", values={"a": [words(n) for n in range(50)]})
    await saver.acopy_thread("t", "copy")
    await saver.acopy_thread("t", "t")
    copied = await listed(saver, {"configurable": {"thread_id": "copy"}})
    assert len(copied) == len(found) + 1
    await saver.adelete_thread("t")
    assert await listed(saver, {"configurable": {"thread_id": "t"}}) == []
    again = await listed(saver, {"configurable": {"thread_id": "copy"}})
    assert again == copied
    assert await values_of(saver, config("copy", id_of(sub), "child:1")) == {"a": [words(n) for n in range(50)]}
    history = await saver.aget_delta_channel_history(config=config("copy", id_of(found[-1])), channels=["a"])
    assert len(history["a"]["writes"]) == 5


async def test_a_checkpoint_that_is_put_again_is_the_later_one(saver: Saver) -> None:
    first = await put(saver, values={"a": 1}, metadata={"step": 1})
    await put(saver, values={"a": 2}, id_=id_of(first), metadata={"step": 2})
    found = await listed(saver)
    assert [(one.checkpoint["channel_values"], one.metadata["step"]) for one in found] == [({"a": 2}, 2)]


async def test_bad_input_is_said_in_one_sentence_and_nothing_is_kept(saver: Saver) -> None:
    checkpoint = empty_checkpoint()
    bad: Any
    for bad in (
        config(""),
        config("x" * 256),
        config("a\0b"),
        config("\ud800"),
        config("t", namespace="x" * 1501),
        config("t", namespace="\0"),
        {"configurable": {}},
    ):
        with pytest.raises(InvalidInput):
            await saver.aput(bad, checkpoint, {}, {})
        with pytest.raises(InvalidInput):
            await saver.aget_tuple(bad)
    for metadata in ({"x": {"y": float("nan")}}, {"x": {"y": "\0"}}, {"x": object()}, {"x": ["y" * (1 << 20)]}):
        with pytest.raises(InvalidInput):
            await saver.aput(config(), checkpoint, cast("Any", metadata), {})
    checkpoint["id"] = "x" * 256
    with pytest.raises(InvalidInput):
        await saver.aput(config(), checkpoint, {}, {})
    with pytest.raises(TypeError, match="thread_ids"):
        await saver.aprune("t")
    with pytest.raises(ValueError, match="keep_all"):
        await saver.aprune(["t"], strategy="keep_all")
    assert await listed(saver) == []


async def test_a_handle_of_the_other_kind_is_refused(me: arraigo.UserStore, me_now: sync.UserStore) -> None:
    mine: Any = me
    now: Any = me_now
    kind: Any
    for kind, handle in (
        (ArraigoSaver, mine),
        (ArraigoStore, mine),
        (AsyncArraigoSaver, now),
        (AsyncArraigoStore, now),
        (ArraigoSaver, "ana"),
    ):
        with pytest.raises(InvalidInput, match="as_user"):
            kind(handle)


async def test_versions_grow_and_branches_do_not_share_them(saver: Saver) -> None:
    one: Any = saver.get_next_version(None, None)
    branches: set[Any] = {saver.get_next_version(one, None) for _ in range(100)}
    assert len(branches) == 100
    assert min(branches) > one
    theirs = "00000000000000000000000000000007.0123456789"
    assert str(saver.get_next_version(theirs, None)).startswith("00000000000000000000000000000008.")


async def test_the_async_one_answers_other_threads_and_not_its_own(me: arraigo.UserStore) -> None:
    saver = AsyncArraigoSaver(me)
    where = await put(saver, values={"a": 1})
    with pytest.raises(asyncio.InvalidStateError, match="with await"):
        saver.get_tuple(where)

    def elsewhere() -> None:
        assert saver.get_tuple(where) is not None
        assert len(list(saver.list(None))) == 1
        saver.put_writes(where, [("a", 1)], "task")
        saver.copy_thread("t", "copy")
        saver.prune(["copy"])
        assert saver.get_delta_channel_history(config=where, channels=["a"]) == {"a": {"writes": []}}
        saver.delete_for_runs(["x"])
        saver.delete_thread("copy")
        assert saver.put(where, empty_checkpoint(), {}, {})["configurable"]["thread_id"] == "t"

    await asyncio.to_thread(elsewhere)
    assert len(await listed(saver)) == 2


async def test_a_put_gives_up_when_the_thread_is_cleared_up_again_and_again(me: arraigo.UserStore) -> None:
    """A database that never has what it was sent; no sweep does that."""
    threads = AsyncThreads(me)

    async def never(query: str, values: dict[str, Any], make: Any) -> list[Any]:  # noqa: ARG001
        return [[[uuid4()]]]

    threads._fetch = never  # type: ignore[method-assign]
    saver = AsyncArraigoSaver(me)
    saver._threads = threads
    with pytest.raises(Conflict, match="not stored"):
        await saver.aput(config(), empty_checkpoint(), {}, {})


WRITER = """
import random, sys
import arraigo
from arraigo.integrations.langgraph import ArraigoSaver
from langgraph.checkpoint.base import empty_checkpoint
from langgraph.checkpoint.base.id import uuid6

with arraigo.sync.open() as store:
    saver = ArraigoSaver(store.as_user("ana"))
    where, value = {"configurable": {"thread_id": "t", "checkpoint_ns": ""}}, []
    while True:
        value = [*value, f"{len(value)} " + "x" * random.randrange(3000)]
        checkpoint = empty_checkpoint()
        checkpoint["id"] = str(uuid6())
        checkpoint["channel_values"] = {"a": value}
        checkpoint["channel_versions"] = {"a": len(value)}
        where = saver.put(where, checkpoint, {"step": len(value)}, {"a": len(value)})
        print(len(value), flush=True)
"""


@pytest.fixture
def killed(settings: Settings) -> list[int]:
    """How far each of some writers got, that were killed in the middle of what they did."""
    done = []
    environment = {"ARRAIGO_HOME": str(settings.home), "DATABASE_URL": settings.database_url or ""}
    for count in (5, 30):
        writer = subprocess.Popen(
            [sys.executable, "-c", WRITER],
            stdout=subprocess.PIPE,
            env={"PATH": "/usr/bin", "PYTHONPATH": ":".join(sys.path), **environment},
            text=True,
        )
        assert writer.stdout
        for line in writer.stdout:
            if int(line) >= count:
                writer.send_signal(signal.SIGKILL)
                break
        rest = writer.stdout.read().split()
        writer.wait()
        writer.stdout.close()
        done.append(int(rest[-1]) if rest else count)
    return done


async def test_of_a_killed_writer_every_checkpoint_is_whole(killed: list[int], me: arraigo.UserStore) -> None:
    """And what it was told is kept is there."""
    found = await listed(AsyncArraigoSaver(me))
    for one in found:
        value = one.checkpoint["channel_values"]["a"]
        assert [element.split(" ")[0] for element in value] == [str(n) for n in range(one.metadata["step"])]
    steps = [one.metadata["step"] for one in found]
    assert all(set(range(1, count + 1)) <= set(steps) for count in killed)
