"""google-adk: `DatabaseSessionService` on asyncpg."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from uuid import uuid4

from google.adk.events import Event
from google.adk.sessions import DatabaseSessionService
from google.adk.sessions.base_session_service import GetSessionConfig
from google.genai.types import Content, Part
from sqlalchemy import text as sql
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from bench.peers import Peer, Talk
from bench.world import CONTENT, WRITERS

_APP, _USER = "bench", "ana"
_COPIES = sql(  # so many more of a session's first event: one by one, ten thousand of them take half a minute
    """
INSERT INTO events SELECT (jsonb_populate_record(first, jsonb_build_object(
         'id', gen_random_uuid()::text, 'timestamp', first.timestamp + n * interval '1 microsecond'))).*
  FROM events AS first, generate_series(1, :copies) AS n WHERE first.session_id = :session
"""
)


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Peer]:
    """Its tables, and an engine with a connection for each writer."""
    engine = create_async_engine(url.replace("postgresql", "postgresql+asyncpg", 1), pool_size=WRITERS)
    try:
        yield Peer(
            "DatabaseSessionService.append_event", 6, partial(_talk, engine, DatabaseSessionService(db_engine=engine))
        )
    finally:
        await engine.dispose()


async def _talk(engine: AsyncEngine, service: DatabaseSessionService, messages: int) -> Talk:
    session = await service.create_session(app_name=_APP, user_id=_USER, session_id=str(uuid4()))
    if messages:
        await service.append_event(session, _event(CONTENT))
        async with engine.begin() as connection:
            await connection.execute(_COPIES, {"copies": messages - 1, "session": session.id})

    async def read(config: GetSessionConfig | None = None) -> list[Event]:
        found = await service.get_session(app_name=_APP, user_id=_USER, session_id=session.id, config=config)
        return [] if found is None else found.events

    async def everything() -> list[str]:
        return [_text(event) for event in await read()]

    return Talk(
        append=lambda: service.append_event(session, _event(CONTENT)),
        last=lambda: read(GetSessionConfig(num_recent_events=50)),
        say=lambda text: service.append_event(session, _event(text)),
        everything=everything,
    )


def _event(text: str) -> Event:
    return Event(author="user", invocation_id="i", content=Content(role="user", parts=[Part(text=text)]))


def _text(event: Event) -> str:
    parts = event.content.parts if event.content else None
    return (parts[0].text if parts else None) or ""
