"""`ConversationStore` while its database is away: it goes on, and has it all afterwards."""

import time
from collections.abc import Iterator

import pytest

import arraigo
from arraigo.compat import ConversationStore
from arraigo.errors import Unavailable
from arraigo.postgres.embedded import EmbeddedServer
from arraigo.settings import Settings, load
from support.databases import address
from support.gate import Gate

HELLO = {"role": "user", "content": "hola"}
ANSWER = {"role": "assistant", "content": "¿qué tal?"}
MORE = {"role": "user", "content": "bien"}


@pytest.fixture
def kept(server: EmbeddedServer, database: str, gate: Gate, settings: Settings) -> Iterator[arraigo.sync.Store]:
    url = address(server, "arraigo_app", database, gate.query)
    environment = {"ARRAIGO_HOME": str(settings.home), "DATABASE_URL": url, "ARRAIGO_JOURNAL": "on"}
    with arraigo.sync.open(load(environment)) as store:
        yield store


def came_in(store: arraigo.sync.Store) -> None:
    until = time.monotonic() + 20
    while store.pending:
        assert time.monotonic() < until
        time.sleep(0.02)


def talk(*messages: dict[str, str], title: str = "x") -> dict[str, object]:
    return {"title": title, "messages": [dict(message) for message in messages], "settings": {}}


def said(found: dict[str, object] | None) -> list[object]:
    assert found is not None
    messages = found["messages"]
    assert isinstance(messages, list)
    return [message["content"] for message in messages]


def test_saving_and_reading_go_on(kept: arraigo.sync.Store, gate: Gate) -> None:
    old = ConversationStore("ana", store=kept)
    old.save_conversation("a", talk(HELLO))
    old.save_conversation("gone", talk(HELLO))
    old = ConversationStore("ana", store=kept)
    kept.as_user("ana").conversations.create(title="x", external_id="read")
    kept.as_user("ana").messages.append("read", [("user", "uno"), ("user", "dos")])
    assert set(old.get_all_conversations()) == {"a", "gone", "read"}  # as its program does when it starts
    gate.shut()
    assert not old.is_available()
    assert old.save_conversation("a", talk(HELLO, ANSWER))
    assert old.save_conversation("a", talk(HELLO, ANSWER, MORE))
    assert old.save_conversation("new", talk(HELLO))
    assert old.save_conversation("new", talk(HELLO, ANSWER))
    assert old.delete_conversation("gone")
    for _ in range(2):
        assert said(old.get_conversation("a")) == ["hola", "¿qué tal?", "bien"]
        assert said(old.get_conversation("new")) == ["hola", "¿qué tal?"]
        assert old.get_conversation("gone") is None
        assert {name: len(said(found)) for name, found in old.get_all_conversations().items()} == {
            "a": 3,
            "new": 2,
            "read": 2,
        }
        gate.open()
        came_in(kept)
    assert old.save_conversation("a", talk(HELLO, ANSWER, MORE, HELLO))
    assert old.save_conversation("new", talk(HELLO))  # the answer was taken back
    again = ConversationStore("ana", store=kept)
    assert said(again.get_conversation("a")) == ["hola", "¿qué tal?", "bien", "hola"]
    assert said(again.get_conversation("new")) == ["hola"]
    me = kept.as_user("ana")
    assert [m.sequence_number for m in me.messages.list("a")] == [1, 2, 3, 4]


def test_what_it_has_not_seen_waits_for_the_database(kept: arraigo.sync.Store, gate: Gate) -> None:
    kept.as_user("ana").conversations.create(title="x", external_id="a")
    gate.shut()
    old = ConversationStore("ana", store=kept)
    with pytest.raises(Unavailable):  # whether there is one, only the database knows
        old.save_conversation("b", talk(HELLO))
    gate.open()
    came_in(kept)
    assert old.save_conversation("b", talk(HELLO))
