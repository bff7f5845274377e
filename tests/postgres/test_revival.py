"""The embedded server is ours alone: nobody else starts it again when it has died."""

import os
import signal
from pathlib import Path

import pytest

import arraigo
from arraigo.postgres.embedded import start
from arraigo.settings import Settings, load


@pytest.fixture
def home(tmp_path: Path) -> Settings:
    return load({"ARRAIGO_HOME": str(tmp_path / "home")})


def kill_the_server(settings: Settings) -> None:
    with start(settings.home) as server:
        os.kill(int((server.data_dir / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)


async def test_a_killed_server_is_started_again_by_the_next_call(home: Settings) -> None:
    async with arraigo.open(home) as store:
        me = store.as_user("ana")
        talk = await me.conversations.create(title="before")
        await me.messages.append(talk.id, role="user", content="before")
        kill_the_server(home)
        after = await me.messages.append(talk.id, role="user", content="after")
        assert after.sequence_number == 2
        assert [message.content for message in await me.messages.list(talk.id)] == ["before", "after"]


def test_the_twin_starts_a_killed_server_again_too(home: Settings) -> None:
    with arraigo.sync.open(home) as store:
        me = store.as_user("ana")
        talk = me.conversations.create(title="before")
        kill_the_server(home)
        assert me.conversations.get(talk.id).title == "before"


def test_a_server_that_was_let_go_is_not_started_again(home: Settings) -> None:
    server = start(home.home)
    server.close()
    with pytest.raises(arraigo.errors.Unavailable, match="closed"):
        server.revive()
    assert not (server.data_dir / "postmaster.pid").exists()
