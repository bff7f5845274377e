"""Test plans: a generator, a reader and exports by hand, and a tester who talks to the server."""

import asyncio
import csv
import io
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx

from arraigo.apps.testplans.generators import Situation
from arraigo.apps.testplans.plan import (
    Case,
    Expected,
    Extraction,
    Generation,
    Place,
    Requirement,
    ScriptStep,
    Uncovered,
)
from arraigo.apps.testplans.views import PlanView
from arraigo.errors import InvalidInput
from arraigo.web.files import File

DOCUMENT = """# Envíos
RF-01 El sistema debe aceptar pesos de 1 a 30 kg.
RF-02 El sistema debe rechazar destinos que no conoce.
RF-03 El sistema debe ser agradable.
"""
CONFIGURE: dict[str, Any] = {
    "plan_title": "Envíos",
    "plan_type": "UNITARIAS",
    "coverage_percentage": 80,
    "min_test_cases": 1,
    "max_test_cases": 20,
    "project_context": "Tienda en línea\nCalcula el costo de los envíos.",
}


class Lines:
    """A reader: each line that begins with a code is a requirement; a document that says so cannot be read."""

    def __init__(self) -> None:
        self.read_so_far = 0
        self.gate = asyncio.Event()
        self.gate.set()

    async def read(self, data: bytes, filename: str, content_type: str) -> Extraction:  # noqa: ARG002 - as Reader
        """See `Reader.read`."""
        await self.gate.wait()
        self.read_so_far += 1
        text = data.decode()
        if "ILEGIBLE" in text:
            raise InvalidInput("the PDF is encrypted")
        found = [
            Requirement(id=line.split()[0], text=line.partition(" ")[2], place=Place(section="Envíos", line=number))
            for number, line in enumerate(text.splitlines(), 1)
            if re.match(r"[A-Z]+-\d", line)
        ]
        return Extraction(language="es", text=text, requirements=tuple(found), notes=("una nota",))


def case(code: str, name: str, **more: Any) -> Case:
    """A case of one requirement."""
    values: dict[str, Any] = {
        "test_case_name": name,
        "test_steps": (f"Probar {name}.",),
        "expected_results": "Se acepta.",
        "requirements": (code,),
        "technique": "boundary_value_2",
        "script": (
            ScriptStep(operation="quote", inputs={"weight": 30, "note": None}, expected=Expected(accepted=True)),
        ),
    }
    return Case(**(values | more))


@dataclass
class ByHand:
    """A generator: one case for each requirement that is testable, numbered on; it notes what it was given.

    Attributes:
        gate: Held shut, rounds wait.
        made: What to answer next, in the place of its own.
    """

    name: str = "offline"
    situations: list[Situation] = field(default_factory=list)
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    made: Generation | None = None

    def __post_init__(self) -> None:
        self.gate.set()

    async def generate(self, situation: Situation) -> tuple[Generation, str]:
        """See `Generator.generate`."""
        self.situations.append(situation)
        await self.gate.wait()
        if self.made is not None:
            return self.made, self.name
        round_ = len(situation.kept)
        testable = [one for one in situation.requirements if "agradable" not in one.text]
        cases = tuple(case(one.id, f"{one.id} caso {round_ + n}") for n, one in enumerate(testable, 1))
        uncovered = tuple(
            Uncovered(requirement=one.id, why="no se puede comprobar")
            for one in situation.requirements
            if one not in testable
        )
        return Generation(cases=cases, uncovered=uncovered, response=f"Agregué {len(cases)} casos."), self.name


def write(plan: PlanView, format: str, include_metadata: bool) -> File:  # noqa: FBT001 - as Render
    """An export: a line for each case, and one for each change."""
    if format == "pdf":
        raise InvalidInput("this plan has no PDF")
    rows = io.StringIO()
    writer = csv.writer(rows)
    writer.writerows([one.testcase_number, one.test_case_name] for one in plan.cases)
    if include_metadata:
        writer.writerows([one.field_name, one.action] for one in plan.modifications)
    return File(f"plan.{format}.csv", "text/csv", rows.getvalue().encode())


async def until(true: Callable[[], Any]) -> None:
    """Wait until it is so."""
    async with asyncio.timeout(20):
        while not true():  # noqa: ASYNC110 - what is waited for knows no events
            await asyncio.sleep(0.01)


class Tester:
    """Somebody who tests, over HTTP."""

    __test__ = False

    def __init__(self, client: httpx.AsyncClient) -> None:
        self.client = client

    async def ask(self, method: str, path: str, status: int = 200, **sent: Any) -> Any:
        """What is answered, which has this status."""
        answer = await self.client.request(method, path, **sent)
        assert answer.status_code == status, answer.text
        return answer.json() if answer.content else None

    async def configure(self, **changes: Any) -> str:
        """A conversation about a plan; its id."""
        made = await self.ask("POST", "/api/configure-plan", json=CONFIGURE | changes)
        return str(made["conversation_id"])

    async def upload(self, talk: str, text: str = DOCUMENT, name: str = "requisitos.md") -> dict[str, Any]:
        """A document, once it is read."""
        added = await self.ask(
            "POST", f"/api/conversation/{talk}/documents", 202, files={"file": (name, text.encode())}
        )
        assert added["processing_status"] == "pending"
        return await self.processed(talk, added["id"])

    async def processed(self, talk: str, document: str) -> dict[str, Any]:
        """The document, once it is processed."""
        async with asyncio.timeout(20):
            while True:
                listed = (await self.ask("GET", f"/api/conversation/{talk}/documents"))["documents"]
                found: dict[str, Any] = next(one for one in listed if one["id"] == document)
                if found["processing_status"] != "pending":
                    return found
                await asyncio.sleep(0.02)

    async def generate(self, talk: str, instruction: str = "", **more: Any) -> Any:
        """A round."""
        body = {"conversation_id": talk, "user_instructions": instruction} | more
        return await self.ask("POST", "/api/generate-plan", json=body)

    async def planned(self) -> Any:
        """A generated plan of two cases."""
        talk = await self.configure()
        await self.upload(talk)
        return await self.generate(talk)
