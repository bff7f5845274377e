import asyncio
from datetime import timedelta
import arraigo
from arraigo.settings import load
from support.gate import Gate
from support.databases import address
import pytest, logging

@pytest.fixture
def gate(server):
    g = Gate(server.url)
    yield g
    g.close()

async def drained(store, seconds=5):
    for _ in range(int(seconds*50)):
        if store.storage == "postgresql": return
        await asyncio.sleep(.02)
    raise AssertionError(store.pending)

async def test_all(server, database, tmp_path, gate, superuser, caplog):
    caplog.set_level(logging.INFO)
    s = load({"ARRAIGO_HOME": str(tmp_path/"h"), "DATABASE_URL": address(server,"arraigo_app",database,gate.query)})
    async with arraigo.open(s) as store:
        me = store.as_user("ana")
        talk = await me.conversations.create(title="x", external_id="t1")
        m = await me.messages.append(talk.id, role="user", content="uno")
        await me.state.set("a","b",{"x":1})
        assert m.stored == "database"
        gate.shut()
        m2 = await me.messages.append("t1", [("user","dos"),("assistant","tres")])
        print(m2)
        assert m2[0].stored == "journal"
        assert store.storage == "journal" and store.pending == 1
        assert [x.content for x in await me.messages.list(talk.id, last=2)] == ["dos","tres"]
        assert [x.content for x in await me.messages.list(talk.id)] == ["uno","dos","tres"]
        t2 = await me.conversations.create(title="y", external_id="t2")
        assert t2.stored == "journal"
        await me.messages.append(t2.id, role="user", content="hola")
        e = await me.state.update("a","b",{"y":2})
        assert e.value == {"x":1,"y":2} and e.stored=="journal", e
        assert await me.state.get("a","b") == {"x":1,"y":2}
        gate.open()
        await drained(store)
        assert [(x.sequence_number,x.content) for x in await me.messages.list(talk.id)] == [(1,"uno"),(2,"dos"),(3,"tres")]
        assert [(x.sequence_number,x.content) for x in await me.messages.list("t2")] == [(1,"hola")]
        assert await me.state.get("a","b") == {"x":1,"y":2}
        gate.shut()
        assert [(x.sequence_number,x.content) for x in await me.messages.list("t2")] == [(1,"hola")]
        print(superuser("select * from arraigo.quarantine"), superuser("select * from arraigo.journals"))
        print(caplog.text)
