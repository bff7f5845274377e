"""What Chainlit asks of its own data layers, asked of ours."""

from pathlib import Path

from arraigo.settings import Settings
from integrations.suites.running import needs, run_suite

FILES = [
    "tests/data/test_sql_alchemy.py",
    "tests/data/test_chainlit_data_layer.py",
    "tests/data/test_get_data_layer.py",
]


@needs("chainlit", "chainlit")
def test_our_data_layer_passes_the_tests_of_chainlit(settings: Settings, tmp_path: Path) -> None:
    environment = {
        "ARRAIGO_HOME": str(settings.home),
        "DATABASE_URL": settings.database_url or "",
        "CHAINLIT_APP_ROOT": str(tmp_path),
        # Its archive has the tests without their settings; ours, further up, are not meant for them.
        "PYTEST_ADDOPTS": "-c pyproject.toml --asyncio-mode=auto",
    }
    found = run_suite("chainlit", FILES, "chainlit_plugin", environment)
    found.pop("warning", None)  # theirs: a socket that a slow machine closes late
    assert found == {"passed": 15, "deselected": 7}
