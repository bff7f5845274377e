"""A store behind a gate that can be shut, with a journal."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

import arraigo
from arraigo.postgres.embedded import EmbeddedServer
from arraigo.settings import Settings, load
from support.databases import address
from support.gate import Gate
from support.ways import opened


@pytest.fixture
def behind(server: EmbeddedServer, database: str, gate: Gate, tmp_path: Path) -> Settings:
    return load(
        {
            "ARRAIGO_HOME": str(tmp_path / "home"),
            "DATABASE_URL": address(server, "arraigo_app", database, gate.query),
            "ARRAIGO_JOURNAL": "on",
        }
    )


@pytest.fixture(params=[False, True], ids=["async", "sync"])
async def kept(request: pytest.FixtureRequest, behind: Settings) -> AsyncIterator[arraigo.Store]:
    async with opened(behind, twin=request.param) as store:
        yield store
