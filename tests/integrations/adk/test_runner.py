"""A real Runner with agents that need no model."""

import subprocess
import sys
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import pytest

import arraigo
from arraigo.settings import Settings
from integrations.adk.kit import (
    A,
    ArraigoSessionService,
    BaseAgent,
    Event,
    EventActions,
    ParallelAgent,
    Runner,
    S,
    types,
)
from support.commands import clean_environment

EXAMPLE = Path(__file__).parents[3] / "examples" / "adk" / "sessions.py"


class Counter(BaseAgent):
    """Counts in the session's state, and hands something on in `temp:`."""

    async def _run_async_impl(self, ctx: Any) -> AsyncGenerator[Event, None]:
        for _ in range(3):
            count = ctx.session.state.get(self.name, 0) + 1
            yield Event(
                invocation_id=ctx.invocation_id,
                author=self.name,
                branch=ctx.branch,
                content=types.Content(role="model", parts=[types.Part(text=f"{self.name} {count}")]),
                actions=EventActions(state_delta={self.name: count, f"temp:{self.name}": count}),
            )


async def ask(service: ArraigoSessionService, agent: Any, text: str) -> list[str]:
    runner = Runner(app_name="app", agent=agent, session_service=service)
    message = types.Content(role="user", parts=[types.Part(text=text)])
    return [
        str(event.content.parts[0].text)
        async for event in runner.run_async(user_id="ana", session_id="s1", new_message=message)
        if event.content and event.content.parts
    ]


async def test_an_agent_goes_on_where_another_process_stopped(store: arraigo.Store) -> None:
    service = ArraigoSessionService(store)
    await service.create_session(**S)
    assert await ask(service, Counter(name="uno"), "¿Cuántas? 🥑") == ["uno 1", "uno 2", "uno 3"]
    assert await ask(ArraigoSessionService(store), Counter(name="uno"), "¿Y ahora?") == ["uno 4", "uno 5", "uno 6"]
    found = await service.get_session(**S)
    assert found is not None
    assert found.state == {"uno": 6}
    assert [event.author for event in found.events] == ["user", "uno", "uno", "uno"] * 2
    me = store.as_user("ana")
    talk = (await me.conversations.list()).items[0]
    assert [m.content for m in await me.messages.list(talk.id, last=4)] == ["¿Y ahora?", "uno 4", "uno 5", "uno 6"]


@pytest.mark.filterwarnings("ignore:ParallelAgent is deprecated")
async def test_agents_side_by_side_lose_no_event(store: arraigo.Store) -> None:
    service = ArraigoSessionService(store)
    await service.create_session(**S)
    agents: list[BaseAgent] = [Counter(name=f"a{number}") for number in range(4)]
    said = await ask(service, ParallelAgent(name="todos", sub_agents=agents), "¡Ya!")
    assert sorted(said) == [f"a{agent} {count}" for agent in range(4) for count in (1, 2, 3)]
    found = await service.get_session(**S)
    assert found is not None
    assert len(found.events) == 13
    assert found.state == {f"a{number}": 3 for number in range(4)}
    assert (await service.list_sessions(**A)).sessions[0].id == "s1"


def test_the_example_runs_and_goes_on(settings: Settings) -> None:
    environment = clean_environment() | {
        "ARRAIGO_HOME": str(settings.home),
        "DATABASE_URL": settings.database_url or "",
    }
    outputs = [
        subprocess.run([sys.executable, EXAMPLE], env=environment, capture_output=True, text=True, check=True).stdout
        for _ in range(2)
    ]
    assert "asked 2, user:asked 2, app:asked 2 🙂\n4 events" in outputs[0]
    assert "asked 4, user:asked 4, app:asked 4 🙂\n8 events" in outputs[1]
