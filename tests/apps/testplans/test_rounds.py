"""Rounds of generating: they go on with a plan, leave people's cases alone, and lose nothing when two come at once."""

import asyncio
from typing import Any

import arraigo
from arraigo.apps.testplans import http
from arraigo.apps.testplans.plan import Generation, Uncovered
from arraigo.server import create_app
from arraigo.settings import Settings
from support.http import bearer, client_of
from support.testplans import ByHand, Lines, Tester, case, until, write


async def test_a_round_goes_on_with_the_plan_and_another_plan_begins_when_it_is_asked_for(
    ana: Tester, generator: ByHand
) -> None:
    first = await ana.planned()
    talk = first["conversation_id"]
    second = await ana.generate(talk, "más casos")
    assert second["plan_id"] == first["plan_id"]
    assert [one["testcase_number"] for one in second["generated_cases"]] == ["TC-003", "TC-004"]
    assert [one["testcase_number"] for one in second["test_plan"]["test_cases"]] == [f"TC-00{n}" for n in (1, 2, 3, 4)]
    kept = generator.situations[1].kept
    assert [(one.case.test_case_name, one.status, one.case.requirements) for one in kept] == [
        ("RF-01 caso 1", "PROPOSED", ("RF-01",)),
        ("RF-02 caso 2", "PROPOSED", ("RF-02",)),
    ]
    assert kept[0].case.script[0].inputs == {"weight": 30, "note": None}
    third = await ana.generate(talk, new_plan=True)
    assert third["plan_id"] != first["plan_id"]
    assert generator.situations[2].kept == ()
    whole = await ana.ask("GET", f"/api/conversation/{talk}")
    assert [plan["id"] for plan in whole["test_plans"]] == [third["plan_id"], first["plan_id"]]
    fourth = await ana.generate(talk)
    assert fourth["plan_id"] == third["plan_id"]


async def test_what_the_generator_takes_out_goes_unless_people_have_decided(ana: Tester, generator: ByHand) -> None:
    made = await ana.planned()
    talk, plan = made["conversation_id"], made["plan_id"]
    await ana.generate(talk)
    hand = await ana.ask("POST", f"/api/plans/{plan}/cases", 201, json={"test_case_name": "x", "status": "PROPOSED"})
    cases = (await ana.ask("GET", f"/api/plans/{plan}"))["test_cases"]
    await ana.ask("PATCH", f"/api/cases/{cases[0]['id']}", json={"status": "ACCEPTED"})
    await ana.ask("PATCH", f"/api/cases/{cases[1]['id']}", json={"status": "MANUAL"})
    generator.made = Generation(cases=(), dropped=(*(one["id"] for one in cases), "x"), response="Listo.")
    generator.gate.clear()
    going = asyncio.create_task(ana.generate(talk, "quita los duplicados"))
    await until(lambda: len(generator.situations) == 3)
    await ana.ask("PATCH", f"/api/cases/{cases[2]['id']}", json={"test_data": "meanwhile"})
    generator.gate.set()
    left = (await going)["test_plan"]["test_cases"]
    assert [one["id"] for one in left] == [cases[0]["id"], cases[1]["id"], cases[2]["id"], hand["id"]]
    [gone] = (await ana.ask("GET", f"/api/cases/{cases[3]['id']}/modifications"))["modifications"][:1]
    assert gone["action"] == "DELETE"


async def test_links_to_what_is_no_requirement_are_left_out_and_reasons_and_notes_are_kept(
    ana: Tester, generator: ByHand
) -> None:
    talk = await ana.configure()
    await ana.upload(talk)
    generator.made = Generation(
        cases=(case("RF-01", "a", requirements=("RF-01", "RF-77")),),
        uncovered=(Uncovered(requirement="RF-02", why="no hay lugar"),),
        notes=("Hay menos casos que el mínimo.",),
    )
    made = await ana.generate(talk)
    assert made["generated_cases"][0]["requirement_ids"] == ["RF-01"]
    assert made["generated_cases"][0]["requirements"] == "RF-01, RF-77"
    assert made["notes"] == ["Hay menos casos que el mínimo."]
    assert made["system_response"] == "Plan generado con 1 casos de prueba"
    plan = await ana.ask("GET", f"/api/plans/{made['plan_id']}")
    assert plan["notes"] == made["notes"]
    why = {one["id"]: one.get("why_not") for one in (await coverage(ana, made))["requirements"]}
    assert why == {"RF-01": None, "RF-02": "no hay lugar", "RF-03": "ningún caso lo prueba"}


async def coverage(ana: Tester, made: Any) -> Any:
    return await ana.ask("GET", f"/api/plans/{made['plan_id']}/coverage")


async def test_without_an_instruction_no_users_message_is_stored(ana: Tester) -> None:
    made = await ana.planned()
    whole = await ana.ask("GET", f"/api/conversation/{made['conversation_id']}")
    assert [said["role"] for said in whole["messages"]] == ["system", "assistant"]


async def test_rounds_at_once_come_one_after_the_other(ana: Tester, generator: ByHand) -> None:
    talk = await ana.configure()
    await ana.upload(talk)
    made = await asyncio.gather(*(ana.generate(talk, f"instrucción {n}") for n in range(5)))
    assert len({one["plan_id"] for one in made}) == 1
    numbers = [case["testcase_number"] for one in made for case in one["generated_cases"]]
    assert sorted(numbers) == [f"TC-{n:03}" for n in range(1, 11)]
    assert [len(situation.kept) for situation in generator.situations] == [0, 2, 4, 6, 8]
    said = [message["content"] for message in (await ana.ask("GET", f"/api/conversation/{talk}"))["messages"]]
    assert len([one for one in said if one.startswith("instrucción")]) == 5


async def test_rounds_at_once_on_two_servers_lose_nothing(
    ana: Tester, generator: ByHand, settings: Settings, store: arraigo.Store
) -> None:
    talk = await ana.configure()
    await ana.upload(talk)
    other = create_app(settings, store=store)
    theirs = ByHand()
    http.furnish(other, http.Workshop(theirs, Lines(), write))
    async with client_of(other) as client:
        client.headers.update(bearer(settings, "ana"))
        generator.gate.clear()
        slow = asyncio.create_task(ana.generate(talk, "uno"))
        await until(lambda: generator.situations)
        quick = await Tester(client).generate(talk, "dos")
        generator.gate.set()
        late = await slow
    assert late["plan_id"] == quick["plan_id"]
    assert [len(one.kept) for one in generator.situations] == [0, 2]
    assert [one["testcase_number"] for one in late["generated_cases"]] == ["TC-003", "TC-004"]


async def test_a_conversation_that_is_deleted_meanwhile_is_a_404(ana: Tester, generator: ByHand) -> None:
    talk = await ana.configure()
    generator.gate.clear()
    going = asyncio.create_task(ana.client.post("/api/generate-plan", json={"conversation_id": talk}))
    await until(lambda: generator.situations)
    await ana.ask("DELETE", f"/api/conversation/{talk}")
    generator.gate.set()
    assert (await going).status_code == 404


async def test_everything_is_there_in_a_new_process(ana: Tester, settings: Settings) -> None:
    made = await ana.planned()
    case_id = made["generated_cases"][0]["id"]
    await ana.ask("PATCH", f"/api/cases/{case_id}", json={"status": "ACCEPTED"})
    paths = (
        f"/api/conversation/{made['conversation_id']}",
        f"/api/plans/{made['plan_id']}",
        f"/api/plans/{made['plan_id']}/coverage",
        f"/api/cases/{case_id}/modifications",
        "/api/reports",
    )
    before = [await ana.ask("GET", path) for path in paths]
    async with client_of(create_app(settings)) as client:
        client.headers.update(bearer(settings, "ana"))
        assert [await Tester(client).ask("GET", path) for path in paths] == before


async def test_the_language_is_the_conversations_or_the_requirements(ana: Tester, generator: ByHand) -> None:
    talk = await ana.configure(language="en")
    await ana.upload(talk)
    made = await ana.generate(talk)
    assert generator.situations[0].language == "en"
    plan = await ana.ask("GET", f"/api/plans/{made['plan_id']}")
    assert (plan["language"], plan["case_fields"]["order_status"]) == ("en", "Order status")
