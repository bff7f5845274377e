"""Sessions while the database is away."""

from pathlib import Path

import pytest

import arraigo
from arraigo.errors import Unavailable
from arraigo.postgres.embedded import EmbeddedServer
from arraigo.settings import load
from integrations.adk.kit import ArraigoSessionService, S, event
from support.databases import address
from support.gate import Gate, came_in


async def test_nothing_is_acknowledged_meanwhile_and_what_others_wrote_comes_first(
    server: EmbeddedServer, database: str, gate: Gate, tmp_path: Path
) -> None:
    settings = load(
        {
            "ARRAIGO_HOME": str(tmp_path / "home"),
            "DATABASE_URL": address(server, "arraigo_app", database, gate.query),
            "ARRAIGO_JOURNAL": "on",
        }
    )
    async with arraigo.open(settings) as store:
        service = ArraigoSessionService(store)
        session = await service.create_session(**S)
        me = store.as_user("ana")
        talk = (await me.conversations.list()).items[0]
        await me.messages.list(talk.id, last=5)
        await service.append_event(session, event("antes"))
        gate.shut()
        with pytest.raises(Unavailable):
            await service.append_event(session, event("durante"))
        assert [message.content for message in await me.messages.list(talk.id, last=5)] == ["antes"]
        await me.messages.append(talk.id, role="assistant", content="de otra persona")
        gate.open()
        await came_in(store)
        found = await service.get_session(**S)
        assert found is not None
        assert [e.content.parts[0].text for e in found.events if e.content and e.content.parts] == [
            "antes",
            "de otra persona",
        ]
        await service.append_event(found, event("después"))
