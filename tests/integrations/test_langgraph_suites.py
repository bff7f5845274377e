"""What LangGraph asks of its own checkpointer and store on PostgreSQL, asked of ours."""

import pytest

from arraigo.settings import Settings
from integrations.suites.running import needs, run_suite

# The tests of langgraph itself that are given a checkpointer or a store, in two parts that take about the same time.
GRAPHS = ["tests/test_pregel.py", "tests/test_pregel_async.py", "tests/test_large_cases.py"]
MORE = [
    "tests/test_large_cases_async.py",
    "tests/test_checkpoint_migration.py",
    "tests/test_interrupt_state.py",
    "tests/test_interruption.py",
    "tests/test_prune_postgres.py",
    "tests/test_subgraph_persistence.py",
    "tests/test_subgraph_persistence_async.py",
    "tests/test_time_travel.py",
]

pytestmark = needs("langgraph", "langgraph")


@pytest.fixture
def environment(settings: Settings) -> dict[str, str]:
    return {"ARRAIGO_HOME": str(settings.home), "DATABASE_URL": settings.database_url or ""}


def test_our_checkpointer_and_store_pass_the_tests_of_theirs(environment: dict[str, str]) -> None:
    found = run_suite("langgraph-checkpoint-postgres", ["tests"], "langgraph_plugin", environment)
    assert found["passed"] >= 73


@pytest.mark.parametrize(("files", "least"), [(GRAPHS, 250), (MORE, 157)], ids=["graphs", "more"])
def test_graphs_pass_their_tests_on_our_checkpointer(files: list[str], least: int, environment: dict[str, str]) -> None:
    assert run_suite("langgraph", files, "langgraph_plugin", environment)["passed"] >= least
