"""DurableDict and DurableSet against a real dict and a real set; with asyncio and without."""

# ruff: noqa: D102 - the names are dict's and set's own, or say what a rule does

import asyncio
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, MutableMapping, MutableSet
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

import arraigo
from arraigo import sync
from arraigo.compat import AsyncDurableDict, AsyncDurableSet, DurableDict, DurableSet
from arraigo.errors import Conflict, InvalidInput, Unavailable
from arraigo.settings import Settings
from support.commands import clean_environment

T = TypeVar("T")
Dicts = Callable[[], MutableMapping[str, Any]]
Sets = Callable[[], MutableSet[str]]

TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=6)
KEYS = st.sampled_from(["a", "b", "ab", "573000000000@s.whatsapp.net", "ñ", "🏠", "\uffff", " ", "a/b"])
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=5,
)
BOUNDED = settings(
    max_examples=12, stateful_step_count=25, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
)
ODD_KEYS: list[Any] = [1, None, b"a", ("a",), "", "x" * 256, "\0", "\ud800"]


class BlockingDict(MutableMapping[str, Any]):
    """The asynchronous dict under the names of a dict."""

    def __init__(self, runner: asyncio.Runner, inner: AsyncDurableDict) -> None:
        self.run, self.inner = runner.run, inner

    def __getitem__(self, key: str) -> Any:
        missing = object()
        found = self.run(self.inner.get(key, missing))
        if found is missing:
            raise KeyError(key)
        return found

    def __setitem__(self, key: str, value: Any) -> None:
        self.run(self.inner.put(key, value))

    def __delitem__(self, key: str) -> None:
        self.run(self.inner.delete(key))

    def __contains__(self, key: object) -> bool:
        return self.run(self.inner.contains(key))

    def __iter__(self) -> Iterator[str]:
        return iter(self.run(listed(self.inner)))

    def __len__(self) -> int:
        return self.run(self.inner.count())

    def pop(self, key: str, *default: Any) -> Any:
        return self.run(self.inner.pop(key, *default))

    def popitem(self) -> tuple[str, Any]:
        return self.run(self.inner.popitem())

    def setdefault(self, key: str, default: Any = None) -> Any:
        return self.run(self.inner.setdefault(key, default))

    def update(self, *given: Any, **more: Any) -> None:
        self.run(self.inner.update(*given, **more))

    def clear(self) -> None:
        self.run(self.inner.clear())

    def items(self) -> Any:
        return self.run(self.inner.copy()).items()


class BlockingSet(MutableSet[str]):
    """The asynchronous set under the names of a set."""

    def __init__(self, runner: asyncio.Runner, inner: AsyncDurableSet) -> None:
        self.run, self.inner = runner.run, inner

    @classmethod
    def _from_iterable(cls, it: Iterable[Any]) -> set[Any]:
        return set(it)

    def add(self, value: str) -> None:
        self.run(self.inner.add(value))

    def discard(self, value: str) -> None:
        self.run(self.inner.discard(value))

    def remove(self, value: str) -> None:
        self.run(self.inner.remove(value))

    def pop(self) -> str:
        return self.run(self.inner.pop())

    def clear(self) -> None:
        self.run(self.inner.clear())

    def __contains__(self, value: object) -> bool:
        return self.run(self.inner.contains(value))

    def __iter__(self) -> Iterator[str]:
        return iter(self.run(listed(self.inner)))

    def __len__(self) -> int:
        return self.run(self.inner.count())


async def listed(several: AsyncIterator[T] | AsyncDurableDict | AsyncDurableSet) -> list[Any]:
    return [one async for one in several]


@pytest.fixture(scope="module")
def loop(common: Settings) -> Iterator[tuple[asyncio.Runner, arraigo.Store]]:
    """An event loop with the asynchronous store."""
    with asyncio.Runner() as runner:
        manager = arraigo.open(common)
        yield runner, runner.run(manager.__aenter__())
        runner.run(manager.__aexit__(None, None, None))


@pytest.fixture(params=["without asyncio", "with asyncio"])
def dicts(request: pytest.FixtureRequest, house: sync.Store, fresh: Callable[[], str]) -> Dicts:
    if request.param == "without asyncio":
        return lambda: DurableDict(fresh(), store=house)
    runner, store = request.getfixturevalue("loop")
    return lambda: BlockingDict(runner, AsyncDurableDict(fresh(), store=store))


@pytest.fixture(params=["without asyncio", "with asyncio"])
def sets(request: pytest.FixtureRequest, house: sync.Store, fresh: Callable[[], str]) -> Sets:
    if request.param == "without asyncio":
        return lambda: DurableSet(fresh(), store=house)
    runner, store = request.getfixturevalue("loop")
    return lambda: BlockingSet(runner, AsyncDurableSet(fresh(), store=store))


def outcome(act: Callable[[], Any]) -> Any:
    """What it gives, or that it has no such key."""
    try:
        return act()
    except KeyError:
        return KeyError


class LikeADict(RuleBasedStateMachine):
    """Does the same to both, and finds the same in both."""

    make: Dicts

    def __init__(self) -> None:
        super().__init__()
        self.mine, self.model = self.make(), dict[str, Any]()

    def both(self, act: Callable[[MutableMapping[str, Any]], Any]) -> None:
        assert outcome(lambda: act(self.mine)) == outcome(lambda: act(self.model))

    @rule(key=KEYS, value=VALUES)
    def set_item(self, key: str, value: Any) -> None:
        self.both(lambda d: d.__setitem__(key, value))

    @rule(key=KEYS)
    def get(self, key: str) -> None:
        self.both(lambda d: (d.get(key), d.get(key, 7), key in d))
        self.both(lambda d: d[key])

    @rule(key=KEYS)
    def delete(self, key: str) -> None:
        self.both(lambda d: d.__delitem__(key))

    @rule(key=KEYS, default=st.none() | VALUES)
    def pop(self, key: str, default: Any) -> None:
        self.both(lambda d: d.pop(key, default))
        self.both(lambda d: d.pop(key))

    @rule(key=KEYS, value=VALUES)
    def setdefault(self, key: str, value: Any) -> None:
        self.both(lambda d: (d.setdefault(key, value), d.setdefault(key)))

    @rule(other=st.dictionaries(KEYS, VALUES, max_size=4), c=VALUES)
    def update(self, other: dict[str, Any], c: Any) -> None:
        self.both(lambda d: (d.update(other), d.update(list(other.items()), c=c)))

    @rule()
    def popitem(self) -> None:
        first = outcome(self.mine.popitem)
        assert first == ((min(self.model), self.model.pop(min(self.model))) if self.model else KeyError)

    @rule()
    def clear(self) -> None:
        self.both(lambda d: d.clear())

    @invariant()
    def the_same_is_in_both(self) -> None:
        assert len(self.mine) == len(self.model)
        assert list(self.mine) == sorted(self.model)
        assert dict(self.mine.items()) == self.model
        assert self.mine == self.model


class LikeASet(RuleBasedStateMachine):
    """The same for sets."""

    make: Sets

    def __init__(self) -> None:
        super().__init__()
        self.mine, self.model = self.make(), set[str]()

    def both(self, act: Callable[[Any], Any]) -> None:
        assert outcome(lambda: act(self.mine)) == outcome(lambda: act(self.model))

    @rule(key=KEYS)
    def add(self, key: str) -> None:
        self.both(lambda s: s.add(key))

    @rule(key=KEYS)
    def discard(self, key: str) -> None:
        self.both(lambda s: (s.discard(key), key in s))

    @rule(key=KEYS)
    def remove(self, key: str) -> None:
        self.both(lambda s: s.remove(key))

    @rule(others=st.sets(KEYS, max_size=4))
    def operators(self, others: set[str]) -> None:
        self.both(lambda s: (s | others, s & others, s - others, s ^ others, s <= others, s.isdisjoint(others)))

    @rule(others=st.sets(KEYS, max_size=4), which=st.sampled_from(["__ior__", "__iand__", "__isub__", "__ixor__"]))
    def change(self, others: set[str], which: str) -> None:
        self.both(lambda s: getattr(s, which)(others) is s)

    @rule()
    def pop(self) -> None:
        first = outcome(self.mine.pop)
        assert first == (min(self.model) if self.model else KeyError)
        self.model.discard(first)

    @rule()
    def clear(self) -> None:
        self.both(lambda s: s.clear())

    @invariant()
    def the_same_is_in_both(self) -> None:
        assert len(self.mine) == len(self.model)
        assert list(self.mine) == sorted(self.model)
        assert self.mine == self.model


def test_it_behaves_like_a_dict(dicts: Dicts) -> None:
    class Tried(LikeADict):
        make = staticmethod(dicts)

    run_state_machine_as_test(Tried, settings=BOUNDED)


def test_it_behaves_like_a_set(sets: Sets) -> None:
    class Tried(LikeASet):
        make = staticmethod(sets)

    run_state_machine_as_test(Tried, settings=BOUNDED)


def test_nothing_is_found_under_what_cannot_be_a_key_and_nothing_is_kept_there(dicts: Dicts, sets: Sets) -> None:
    mine, all_of_them = dicts(), sets()
    for key in ODD_KEYS:
        assert key not in mine
        assert key not in all_of_them
        assert mine.get(key, 7) == 7
        assert mine.pop(key, 7) == 7
        all_of_them.discard(key)
        for attempt in (lambda: mine[key], lambda: mine.__delitem__(key), lambda: all_of_them.remove(key)):  # noqa: B023 - called at once
            with pytest.raises(KeyError):
                attempt()
        for attempt in (lambda: mine.__setitem__(key, 1), lambda: mine.setdefault(key), lambda: all_of_them.add(key)):  # noqa: B023
            with pytest.raises(InvalidInput, match="key"):
                attempt()
    assert (len(mine), len(all_of_them)) == (0, 0)


def test_what_json_cannot_hold_is_refused(dicts: Dicts) -> None:
    mine = dicts()
    for value in (object(), {1: "x"}, {"x"}, b"x", float("nan"), "\ud800", "x" * 300_000):
        with pytest.raises(InvalidInput, match="value"):
            mine["k"] = value
    assert mine == {}
    mine["k"] = (1, (2,))
    assert mine["k"] == [1, [2]]


def test_many_values_are_read_in_pages(house: sync.Store, fresh: Callable[[], str]) -> None:
    mine = DurableDict(fresh(), store=house)
    for number in range(401):
        mine[f"{number:03}"] = number
    assert list(mine.values()) == list(range(401))
    assert mine.copy() == {f"{number:03}": number for number in range(401)}
    assert 400 in mine.values()
    assert 401 not in mine.values()
    assert ("007", 7) in mine.items()


def test_a_value_is_kept_for_the_time_of_its_dict_or_for_its_own(house: sync.Store, fresh: Callable[[], str]) -> None:
    name = fresh()
    mine = DurableDict(name, ttl=0.001, store=house)
    state = house.as_user("legacy").state
    mine["gone"] = mine.setdefault("gone too", 1)
    mine.merge("gone as well", {"a": 1})
    mine.put("an hour", 1, ttl=3600)
    mine.put("for good", 1, ttl=None)
    time.sleep(0.02)
    assert list(mine) == ["an hour", "for good"]
    assert [entry.expires_at is None for entry in state.list(name).items] == [False, True]
    assert (mine.get("gone"), "gone" in mine, mine.pop("gone", 7), len(mine)) == (None, False, 7, 2)
    assert mine.setdefault("gone", 2) == 2
    processing = DurableSet(fresh(), ttl=0.001, store=house)
    processing.add("gone")
    processing.put("an hour", ttl=3600)
    time.sleep(0.02)
    assert set(processing) == {"an hour"} == processing.copy()


def test_fields_are_merged_where_the_value_is(house: sync.Store, fresh: Callable[[], str]) -> None:
    mine = DurableDict(fresh(), ttl=3600, store=house)
    assert mine.merge("k", {"a": 1}) == {"a": 1}
    assert mine.merge("k", {"b": 2}) == {"a": 1, "b": 2} == mine["k"]
    mine["l"] = [1]
    with pytest.raises(Conflict):
        mine.merge("l", {"b": 2})


def test_a_copy_that_was_read_is_no_way_to_change_what_is_kept(house: sync.Store, fresh: Callable[[], str]) -> None:
    mine = DurableDict(fresh(), store=house)
    mine["k"] = [1]
    mine["k"].append(2)
    assert mine["k"] == [1]


def test_two_of_the_same_name_are_the_same_and_users_are_apart(house: sync.Store, fresh: Callable[[], str]) -> None:
    name = fresh()
    one, same, other = (DurableDict(name, user, store=house) for user in ("ana", "ana", "bea"))
    one["k"] = 1
    assert same.copy() == {"k": 1}
    assert other.copy() == {}
    assert repr(one) == f"DurableDict('{name}', user='ana')"


def test_of_many_who_take_the_same_one_gets_it(house: sync.Store, fresh: Callable[[], str]) -> None:
    mine = DurableDict(fresh(), store=house)
    names = [str(number) for number in range(20)]
    mine.update(dict.fromkeys(names, 1))
    with ThreadPoolExecutor(6) as threads:
        taken = list(threads.map(lambda name: mine.pop(name, None), names * 3))
        assert taken.count(1) == 20
        mine.update(dict.fromkeys(names, 1))
        assert sorted(threads.map(lambda _: mine.popitem()[0], range(20))) == sorted(names)
        assert set(threads.map(lambda number: mine.setdefault("k", number), range(12))) == {mine["k"]}


def test_a_bad_namespace_or_time_is_refused_at_once(house: sync.Store) -> None:
    for kind in (DurableDict, DurableSet):
        with pytest.raises(InvalidInput, match="namespace"):
            kind("", store=house)
        with pytest.raises(InvalidInput, match="ttl"):
            kind("n", ttl=0, store=house)


async def test_the_asynchronous_ones_open_the_environments_store(
    environment: dict[str, str], monkeypatch: pytest.MonkeyPatch, fresh: Callable[[], str]
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    name = fresh()
    mine = AsyncDurableDict(name, user="ana", ttl=60)
    with pytest.raises(Unavailable, match=rf"AsyncDurableDict\('{name}', user='ana'\) is not open"):
        await mine.get("k")
    for number in (1, 2):
        async with mine:
            assert await mine.get("k", 0) == number - 1
            await mine.put("k", number)
            await mine.put("l", 1, ttl=0.001)
            assert await mine.merge("m", {"a": number}) == {"a": number}
    async with AsyncDurableDict(name, user="ana") as same, AsyncDurableSet(fresh(), user="ana") as processing:
        assert await same.copy() == {"k": 2, "m": {"a": 2}}
        assert await listed(same.items()) == [("k", 2), ("m", {"a": 2})]
        await processing.add("x")
        assert await processing.copy() == {"x"}


FORKING = """
import os
from arraigo.compat import DurableDict

mine = DurableDict("forks", ttl=600)
mine["parent"] = 1
if child := os.fork():
    assert os.waitpid(child, 0)[1] == 0
    print(sorted(mine))
else:
    mine["child"] = mine["parent"]
    os._exit(0)
"""


def test_one_without_a_store_opens_the_environments_and_survives_a_fork(environment: dict[str, str]) -> None:
    for found in (["child", "parent"], ["child", "parent"]):  # and the process
        done = subprocess.run(
            [sys.executable, "-W", "error", "-c", FORKING],
            env=clean_environment() | environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert (done.stdout, done.stderr) == (f"{found}\n", "")
