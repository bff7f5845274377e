"""Whatever is sent: no 5xx, no status and no shape that the description does not have."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.specs.openapi.checks import negative_data_rejection, positive_data_acceptance

from arraigo.postgres.embedded import EmbeddedServer
from arraigo.server import create_app
from arraigo.settings import Settings
from conftest import address, drop_database, make_database
from support.http import Serving, bearer, serving
from support.testplans import CONFIGURE


@pytest.fixture(scope="module")
def fuzzed(
    server: EmbeddedServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Serving, dict[str, str]]]:
    """A real server on a database of its own, and the header of a good token."""
    home: Path = tmp_path_factory.mktemp("fuzz")
    name = make_database(server)
    chosen = Settings(home=home, database_url=address(server, "arraigo_app", name))
    with serving(chosen, home / "log") as found:
        prepare((found, bearer(chosen, "ana")))
        yield found, bearer(chosen, "ana")
    drop_database(server, name)
    assert '"failed"' not in (home / "log").read_text()


# What a JSON schema cannot say: no NUL characters, which of two fields are there, names of the project's own fields.
BEYOND_THE_SCHEMA: list[Any] = [positive_data_acceptance, negative_data_rejection]
THERE: dict[str, str] = {}
KINDS = {"conversation": "talk", "plans": "plan", "cases": "case", "exports": "export"}
whole = create_app(Settings(home=Path("nowhere"))).openapi()
whole["paths"] = {path: item for path, item in whole["paths"].items() if path.startswith("/api/")}
schema = schemathesis.openapi.from_dict(whole)


def prepare(fuzzed: tuple[Serving, dict[str, str]]) -> None:
    """There is one of each, so that what is sent reaches the database."""
    found, headers = fuzzed

    def post(path: str, body: Any) -> Any:
        return httpx.post(f"{found.address}{path}", json=body, headers=headers).json()

    talk = post("/api/configure-plan", CONFIGURE)["conversation_id"]
    plan = post("/api/generate-plan", {"conversation_id": talk})["plan_id"]
    case = post(f"/api/plans/{plan}/cases", {"test_case_name": "x"})["id"]
    export = post(f"/api/plans/{plan}/exports", {"format": "csv"})["id"]
    THERE.update(talk=talk, plan=plan, case=case, export=export)


@schema.parametrize()
@settings(max_examples=12, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
def test_whatever_is_sent_is_answered_as_described(
    case: schemathesis.Case[Any], fuzzed: tuple[Serving, dict[str, str]]
) -> None:
    found, headers = fuzzed
    if len(f"{case.body!r}{case.query}{case.path_parameters}") % 2 == 0:
        kind = KINDS.get(case.path.split("/")[2], "")
        if "id" in case.path_parameters:
            case.path_parameters["id"] = THERE[kind]
        if isinstance(case.body, dict):
            given: dict[str, Any] = {"conversation_id": THERE["talk"], "case_ids": [THERE["case"]]}
            case.body.update({name: value for name, value in given.items() if name in case.body})
    case.call_and_validate(base_url=found.address, headers=headers, excluded_checks=BEYOND_THE_SCHEMA)
    if case.method == "DELETE":
        prepare(fuzzed)
