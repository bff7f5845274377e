"""A data layer on a database of the test's own, and two people who have signed in."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

import arraigo


@pytest.fixture
async def layer(store: arraigo.Store, tmp_path: Path) -> AsyncIterator[Any]:
    from integrations.chainlit.chats import ArraigoDataLayer, ObstoreStorage

    made = ArraigoDataLayer(store, storage=ObstoreStorage(tmp_path / "files"))
    yield made
    await made.close()


@pytest.fixture
async def ana(layer: Any) -> Any:
    from integrations.chainlit.chats import User

    return await layer.create_user(User(identifier="ana", metadata={"role": "cook"}))


@pytest.fixture
async def bea(layer: Any) -> Any:
    from integrations.chainlit.chats import User

    return await layer.create_user(User(identifier="bea"))
