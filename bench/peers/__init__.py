"""What others do with the same message, through their own public interfaces, on the same server, just as durable.

Their tables are in a database of their own. A peer that is slow makes fewer calls in a round; one that is not
installed, or breaks, is named and left out: our measures are taken all the same.
"""

import gc
import importlib
import math
import os
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from arraigo.postgres import schema
from arraigo.postgres.target import Target
from bench.harness import Call, Outcome, Side, ratios
from bench.world import World

DATABASE = "peers"
_MODULES = {
    "langchain-postgres": "bench.peers.on_langchain",
    "openai-agents": "bench.peers.on_openai_agents",
    "google-adk": "bench.peers.on_adk",
    "langgraph": "bench.peers.on_langgraph",
    "chainlit": "bench.peers.on_chainlit",
}


@dataclass(frozen=True)
class Talk:
    """One conversation as a peer has it.

    Attributes:
        append: Appends one message of 200 bytes.
        last: Reads the last fifty.
        say: Appends a message of that text.
        everything: The texts of all messages, in the peer's order.
    """

    append: Call
    last: Call
    say: Callable[[str], Awaitable[object]]
    everything: Callable[[], Awaitable[list[str]]]


@dataclass(frozen=True)
class Peer:
    """One of the others, open.

    Attributes:
        what: What is called, for the reader of the figures.
        slower: It makes so many times fewer calls in a round than we do.
        talk: Makes a conversation of so many messages; given the name of one that is there, another writer of it.
        start: With how many messages its conversation begins.
        shared: Whether several may write to one conversation at once.
    """

    what: str
    slower: int
    talk: Callable[..., Awaitable[Talk]]
    start: int = 10
    shared: bool = True

    def calls(self, ours: int, *, least: int = 5) -> int:
        """How many calls it makes where we make so many."""
        return max(least, ours // self.slower)


@dataclass
class Peers:
    """Those that are here, by name; and why the others are not."""

    here: dict[str, Peer] = field(default_factory=dict)
    left_out: dict[str, str] = field(default_factory=dict)

    def side(self, name: str, side: Side) -> Side:
        """That peer's side of a measure; should it break, it is left out, and the measure goes on."""

        async def taken() -> float:
            if name in self.left_out:
                return math.nan
            try:
                return await side()
            except Exception as error:  # noqa: BLE001 - theirs; ours is measured all the same
                self._leave_out(name, error)
                return math.nan

        return taken

    async def talks(self, messages: int | None = None, *, shared: bool = False) -> dict[str, Talk]:
        """A conversation of each; None: of as many messages as it begins with."""
        made = {}
        for name, peer in self.here.items():
            if shared and not peer.shared:
                continue
            try:
                made[name] = await peer.talk(peer.start if messages is None else messages)
            except Exception as error:  # noqa: BLE001 - as above
                self._leave_out(name, error)
        return made

    def beside(
        self, outcome: Outcome, found: Mapping[str, Sequence[float]], over: Mapping[str, Sequence[float]] | None = None
    ) -> Outcome:
        """The outcome with their figures, each over the floor's (or over its own) of the same round."""
        peers: dict[str, Any] = {}
        for name, peer in self.here.items():
            outcome.detail.pop(name, None)  # they have a place of their own
            outcome.detail.pop(f"{name} at 10", None)
            if name in found and name not in self.left_out:
                by_round = ratios(found[name], over[name] if over else found["floor"])
                figures = {"median": round(median(found[name]), 1), "ratio": round(median(by_round), 2)}
                peers[name] = {"what": peer.what, **figures}
        outcome.detail["peers"] = peers
        if self.left_out:
            outcome.detail["peers left out"] = dict(self.left_out)
        return outcome

    def _leave_out(self, name: str, error: Exception) -> None:
        traceback.print_exception(error)
        self.left_out[name] = f"{type(error).__name__}: {error}"


@asynccontextmanager
async def opened(world: World, names: Sequence[str] = tuple(_MODULES)) -> AsyncIterator[Peers]:
    """Those of these names who are installed, on a database of their own."""
    owner = Target(world.targets.owner.as_database(DATABASE))
    schema.create_database(owner)
    found = Peers()
    os.environ.setdefault("CHAINLIT_APP_ROOT", str(world.settings.home))  # chainlit writes files where it runs
    async with AsyncExitStack() as stack:
        for name in names:
            try:
                module = importlib.import_module(_MODULES[name])
                found.here[name] = await stack.enter_async_context(module.opened(owner.url))
            except ModuleNotFoundError as error:
                found.left_out[name] = f"{error.name} is not installed (make integrations)"
            except Exception as error:  # noqa: BLE001 - theirs
                found._leave_out(name, error)  # noqa: SLF001 - of this module
        gc.freeze()  # what they have loaded is not to be looked through in anybody's time
        yield found
