"""What other projects ask of their own implementations, asked of ours."""

from importlib.metadata import PackageNotFoundError, version
from urllib.parse import quote

import pytest

from arraigo.postgres.embedded import EmbeddedServer
from arraigo.settings import Settings
from integrations.suites.running import needs, run_suite
from suites import SUITES, pinned
from support.servers import socket_of

SESSIONS = [
    "tests/memory/test_session.py",
    "tests/memory/test_session_limit.py",
    "tests/extensions/memory/test_sqlalchemy_session.py",
    "tests/extensions/memory/test_encrypt_session.py",
    "tests/memory/test_openai_responses_compaction_session.py",
    "tests/test_soft_cancel.py",
]


@pytest.fixture
def environment(settings: Settings) -> dict[str, str]:
    return {"ARRAIGO_HOME": str(settings.home), "DATABASE_URL": settings.database_url or ""}


@pytest.mark.parametrize("package", SUITES)
def test_a_suite_is_that_of_the_package_which_is_installed(package: str) -> None:
    try:
        installed = version(package)
    except PackageNotFoundError:
        pytest.skip(f"{package} is not installed (make integrations)")
    assert pinned(package)[0] == installed


@needs("agents", "openai-agents")
def test_our_session_passes_the_tests_of_openai_agents(environment: dict[str, str]) -> None:
    found = run_suite("openai-agents", SESSIONS, "openai_agents_plugin", environment)
    assert found["passed"] >= 230
    assert found["deselected"] <= 65


@needs("langchain_postgres", "langchain-postgres")
def test_our_history_passes_the_tests_of_langchain_postgres(
    environment: dict[str, str], server: EmbeddedServer, database: str
) -> None:
    folder, port = socket_of(server.url)
    theirs = {
        "POSTGRES_HOST": quote(folder, safe=""),
        "POSTGRES_PORT": str(port),
        "POSTGRES_USER": "postgres",
        "POSTGRES_DB": database,
    }
    files = ["tests/unit_tests/v1/test_chat_histories.py"]
    assert run_suite("langchain-postgres", files, "langchain_postgres_plugin", environment | theirs) == {"passed": 2}
