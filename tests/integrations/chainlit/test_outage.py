"""A chat while the database is away."""

import pytest

import arraigo
from arraigo.errors import Unavailable
from arraigo.postgres.embedded import EmbeddedServer
from arraigo.settings import load
from integrations.chainlit.chats import ArraigoDataLayer, Feedback, User, chat, step
from support.databases import address
from support.gate import Gate, came_in


async def test_what_is_said_meanwhile_is_kept_and_comes_in_by_itself(
    server: EmbeddedServer, database: str, gate: Gate, tmp_path_factory: pytest.TempPathFactory
) -> None:
    settings = load(
        {
            "ARRAIGO_HOME": str(tmp_path_factory.mktemp("home")),
            "DATABASE_URL": address(server, "arraigo_app", database, gate.query),
            "ARRAIGO_JOURNAL": "on",
        }
    )
    async with arraigo.open(settings) as store:
        layer = ArraigoDataLayer(store)
        ana = await layer.create_user(User(identifier="ana"))
        with chat(ana):
            await layer.create_step(step("m1", "antes"))
            gate.shut()
            await layer.create_step(step("m2", "durante 🥑", "assistant_message"))
            with pytest.raises(Unavailable):
                await layer.upsert_feedback(Feedback(forId="m1", value=1, threadId="t1"))
        with chat(ana, "t2"):
            await layer.create_step(step("m3", "un hilo nuevo", threadId="t2"))
        gate.open()
        await came_in(store)
        with chat(ana):
            for name, said in (("t1", ["antes", "durante 🥑"]), ("t2", ["un hilo nuevo"])):
                thread = await layer.get_thread(name)
                assert thread is not None
                assert [one["output"] for one in thread["steps"]] == said
            await layer.update_step(step("m2", "después", "assistant_message"))
