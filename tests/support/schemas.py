"""The schema of a database as text, by the same tool that makes schema.sql."""

import importlib.util
from pathlib import Path
from typing import cast

from arraigo.postgres.embedded import EmbeddedServer
from arraigo.postgres.target import Target

ROOT = Path(__file__).parents[2]


def dumped(server: EmbeddedServer, url: str) -> str:
    """What schema.sql would say about that database."""
    spec = importlib.util.spec_from_file_location("schema_dump", ROOT / "tools" / "schema_dump.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return cast("str", module.dump(Target(url), server.bin_dir))
