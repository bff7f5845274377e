"""A Google ADK agent whose sessions survive the process: `python examples/adk/sessions.py`, twice.

    pip install 'arraigo[adk]'

The agent needs no model: it counts. Without DATABASE_URL its sessions are kept in the embedded PostgreSQL.
"""

import asyncio
from collections.abc import AsyncGenerator

from google.adk.agents import BaseAgent
from google.adk.agents.invocation_context import InvocationContext
from google.adk.events.event import Event
from google.adk.events.event_actions import EventActions
from google.adk.runners import Runner
from google.genai import types

from arraigo.integrations.adk import ArraigoSessionService

APP, USER, SESSION = "counter", "ana", "talk-1"


class Counter(BaseAgent):
    """Says how often it has been asked in this session, by this user, and by everybody."""

    async def _run_async_impl(self, ctx: InvocationContext) -> AsyncGenerator[Event, None]:
        names = ("asked", "user:asked", "app:asked")
        counts = {name: ctx.session.state.get(name, 0) + 1 for name in names}
        text = ", ".join(f"{name} {count}" for name, count in counts.items())
        yield Event(
            invocation_id=ctx.invocation_id,
            author=self.name,
            content=types.Content(role="model", parts=[types.Part(text=f"{text} 🙂")]),
            actions=EventActions(state_delta=counts),
        )


async def main() -> None:
    """Ask twice, and show what the session has by now."""
    async with ArraigoSessionService() as sessions:
        runner = Runner(app_name=APP, agent=Counter(name="counter"), session_service=sessions)
        if await sessions.get_session(app_name=APP, user_id=USER, session_id=SESSION) is None:
            await sessions.create_session(app_name=APP, user_id=USER, session_id=SESSION)
        for question in ("¿Cuántas van?", "¿Y ahora?"):
            message = types.Content(role="user", parts=[types.Part(text=question)])
            async for event in runner.run_async(user_id=USER, session_id=SESSION, new_message=message):
                print(event.author, event.content.parts[0].text if event.content and event.content.parts else "")
        found = await sessions.get_session(app_name=APP, user_id=USER, session_id=SESSION)
        print(len(found.events) if found else 0, "events in the session")


asyncio.run(main())
