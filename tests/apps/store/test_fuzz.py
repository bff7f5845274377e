"""Whatever is sent: no 5xx, no status and no shape that the description does not have."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.specs.openapi.checks import negative_data_rejection, positive_data_acceptance

from arraigo.apps.interviews.examples import EMPLOYEE
from arraigo.apps.state.examples import KEY, NAMESPACE
from arraigo.apps.store.examples import CONVERSATION_ID
from arraigo.postgres.embedded import EmbeddedServer
from arraigo.server import create_app
from arraigo.settings import Settings
from conftest import address, drop_database, make_database
from support.http import Serving, bearer, serving


@pytest.fixture(scope="module")
def fuzzed(
    server: EmbeddedServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Serving, dict[str, str]]]:
    """A real server on a database of its own, and the header of a good token."""
    home: Path = tmp_path_factory.mktemp("fuzz")
    name = make_database(server)
    chosen = Settings(home=home, database_url=address(server, "arraigo_app", name))
    with serving(chosen, home / "log") as found:
        headers = bearer(chosen, "ana", EMPLOYEE)
        prepare((found, headers))
        yield found, headers
    drop_database(server, name)
    assert '"failed"' not in (home / "log").read_text()


# What a JSON schema cannot say: no NUL characters, one of three parameters, an id that was put in on purpose.
BEYOND_THE_SCHEMA: list[Any] = [positive_data_acceptance, negative_data_rejection]
THERE: dict[str, str] = {}  # what the server chooses: a document's id, and a link to it
schema = schemathesis.openapi.from_dict(create_app(Settings(home=Path("nowhere"))).openapi())


def prepare(fuzzed: tuple[Serving, dict[str, str]]) -> None:
    """The description's own example is there, so that what is sent reaches the database."""
    found, headers = fuzzed
    talk = {"title": "x", "external_id": CONVERSATION_ID}
    messages = {"messages": [{"role": "user", "content": "x"}] * 2}
    httpx.post(f"{found.address}/conversations", json=talk, headers=headers)
    httpx.post(f"{found.address}/conversations/{CONVERSATION_ID}/messages", json=messages, headers=headers)
    httpx.put(f"{found.address}/state/{NAMESPACE}/{KEY}", json={"value": "x"}, headers=headers)
    form: Any = {"data": {"conversation_id": CONVERSATION_ID}, "files": {"file": ("x.txt", b"x")}}
    made = httpx.post(f"{found.address}/documents", headers=headers, **form).json()
    begun = httpx.post(f"{found.address}/interviews/start", json={}, headers=headers).json()["data"]
    THERE.update(document=made["id"], link=made["download_url"], interview=begun["interview_id"])


@schema.parametrize()
@settings(max_examples=15, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
def test_whatever_is_sent_is_answered_as_described(
    case: schemathesis.Case[Any], fuzzed: tuple[Serving, dict[str, str]]
) -> None:
    found, headers = fuzzed
    if len(f"{case.body!r}{case.query}{case.path_parameters}") % 2 == 0:
        kind = case.path.split("/")[1]
        named = {"documents": THERE["document"], "interviews": THERE["interview"]}.get(kind, CONVERSATION_ID)
        *_, token, filename = THERE["link"].split("/")
        there = {"id": named, "namespace": NAMESPACE, "key": KEY, "token": token, "filename": filename}
        case.path_parameters.update({name: there[name] for name in case.path_parameters if name in there})
        if isinstance(case.body, dict) and "conversation_id" in case.body:
            case.body["conversation_id"] = CONVERSATION_ID
        if isinstance(case.body, dict) and "interview_id" in case.body:
            case.body["interview_id"] = THERE["interview"]
    case.call_and_validate(base_url=found.address, headers=headers, excluded_checks=BEYOND_THE_SCHEMA)
    if case.method == "DELETE":
        prepare(fuzzed)
