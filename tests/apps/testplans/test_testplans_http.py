"""Test plans over HTTP: configured, generated, looked up, gone on with."""

from typing import Any

import pytest

import arraigo
from arraigo.settings import Settings
from arraigo.web.tokens import issue
from support.testplans import CONFIGURE, ByHand, Tester

TABLES = (
    *("plan_configurations", "requirements", "test_plans", "test_cases", "test_case_requirements"),
    *("test_case_modifications", "plan_exports", "plan_work", "plan_coverage", "documents"),
)


async def test_a_plan_is_configured_generated_and_read_again(ana: Tester, generator: ByHand) -> None:
    talk = await ana.configure(tester_id="ana")
    document = await ana.upload(talk)
    assert (document["processing_status"], document["total_requirements"]) == ("processed", 3)
    assert document["processing_notes"] == ["una nota"]
    made = await ana.generate(talk, "Solo frontera")
    assert [case["testcase_number"] for case in made["generated_cases"]] == ["TC-001", "TC-002"]
    assert made["test_plan"]["coverage_metrics"] == {
        "target_coverage": 80,
        "actual_coverage": 66.67,
        "total_requirements": 3,
        "covered_requirements": 2,
    }
    assert made["system_response"] == "Agregué 2 casos."
    whole = await ana.ask("GET", f"/api/conversation/{talk}")
    assert [(said["role"], said["content"]) for said in whole["messages"]] == [
        ("system", "Conversación iniciada para plan de pruebas: Envíos"),
        ("user", "Solo frontera"),
        ("assistant", "Agregué 2 casos."),
    ]
    metadata = whole["messages"][2]["metadata"]
    assert (metadata["plan_id"], metadata["model_used"], metadata["total_test_cases"]) == (
        made["plan_id"],
        "offline",
        2,
    )
    assert metadata["processing_time_ms"] >= 0
    [plan] = whole["test_plans"]
    assert (plan["id"], plan["total_test_cases"], plan["accepted_cases"]) == (made["plan_id"], 2, 0)
    assert whole["conversation"]["username"] == "ana"
    assert whole["conversation"]["project_name"] == "Tienda en línea"
    [listed] = (await ana.ask("GET", "/api/conversations"))["conversations"]
    assert (listed["id"], listed["total_plans"], listed["total_test_cases"]) == (talk, 1, 2)
    coverage = await ana.ask("GET", f"/api/plans/{made['plan_id']}/coverage")
    assert [(one["id"], one["covered"], one["cases"]) for one in coverage["requirements"]] == [
        ("RF-01", True, ["TC-001"]),
        ("RF-02", True, ["TC-002"]),
        ("RF-03", False, []),
    ]
    assert coverage["requirements"][2]["why_not"] == "no se puede comprobar"
    assert generator.situations[0].instruction == "Solo frontera"


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("integracion", "INTEGRACIÓN"),
        ("Regresión", "REGRESIÓN"),
        ("REGRESIO\u0301N", "REGRESIÓN"),
        ("performance", "PERFORMANCE"),
    ],
)
async def test_plan_types_are_taken_without_accents(ana: Tester, written: str, kept: str) -> None:
    talk = await ana.configure(plan_type=written)
    for asked in (written, kept):
        listed = await ana.ask("GET", "/api/conversations", params={"plan_type": asked})
        assert [(one["id"], one["plan_type"]) for one in listed["conversations"]] == [(talk, kept)]


@pytest.mark.parametrize(
    "wrong",
    [
        {"plan_title": None},
        {"plan_title": "  "},
        {"plan_type": "UNIT"},
        {"coverage_percentage": 101},
        {"min_test_cases": 30},
        {"max_test_cases": 0},
        {"project_id": "x"},
        {"glossary": {"operations": 1}},
    ],
)
async def test_what_the_old_front_end_gets_wrong_is_a_400_that_names_the_field(ana: Tester, wrong: Any) -> None:
    problem = await ana.ask("POST", "/api/configure-plan", 400, json=CONFIGURE | wrong)
    name = next(iter(wrong))
    assert name in problem["detail"] or name in problem["errors"][0].get("pointer", "")
    assert (await ana.ask("GET", "/api/conversations"))["total"] == 0


async def test_missing_input_is_a_400_and_an_unknown_address_or_method_404_and_405(ana: Tester) -> None:
    for path in ("/api/configure-plan", "/api/generate-plan", "/api/conversation"):
        assert "required" in (await ana.ask("POST", path, 400, json={}))["detail"].lower()
    talk = await ana.configure()
    await ana.ask("PUT", f"/api/conversation/{talk}", 400, json={})
    await ana.ask("PUT", f"/api/conversation/{talk}", 400, json={"status": "cancelled"})
    for wrong in ({"user_id": ""}, {"plan_type": "x"}, {"status": "x"}, {"date_from": "yesterday"}):
        await ana.ask("GET", "/api/conversations", 400, params=wrong)
    nobodys = "0199a3c8-0000-7000-8000-000000000000"
    await ana.ask("GET", f"/api/conversation/{nobodys}", 404)
    await ana.ask("POST", "/api/generate-plan", 404, json={"conversation_id": nobodys})
    await ana.ask("PATCH", "/api/conversation/x", 405, json={})
    await ana.ask("GET", "/api/generate-plan", 405)


async def test_unknown_fields_are_ignored_on_old_addresses_and_refused_on_new_ones(ana: Tester) -> None:
    talk = await ana.configure(theme="dark", session_id="s-1")
    await ana.upload(talk)
    made = await ana.generate(talk, extra=True)
    await ana.ask("PUT", f"/api/conversation/{talk}", json={"title": "Otro", "theme": "dark"})
    assert (await ana.ask("GET", "/api/conversations?theme=dark"))["total"] == 1
    plan, case = f"/api/plans/{made['plan_id']}", f"/api/cases/{made['generated_cases'][0]['id']}"
    await ana.ask("PATCH", plan, 422, json={"theme": "dark"})
    await ana.ask("PATCH", case, 422, json={"theme": "dark"})
    await ana.ask("POST", f"{plan}/cases", 422, json={"test_case_name": "x", "theme": "dark"})
    await ana.ask("POST", f"{plan}/exports", 422, json={"format": "csv", "theme": "dark"})
    await ana.ask("POST", f"{plan}/exports", 422, json={"format": "word"})
    assert (await ana.ask("GET", plan))["total_test_cases"] == 2


async def test_the_tester_is_who_the_token_says(ana: Tester, store: arraigo.Store) -> None:
    me = str(await store.as_user("bea").id())
    user = (await ana.ask("GET", f"/api/conversation/{await ana.configure()}"))["conversation"]["user_id"]
    for good in ("ana", user):
        await ana.configure(tester_id=good)
        assert (await ana.ask("GET", "/api/conversations", params={"user_id": good}))["total"] >= 1
    for bad in ("bea", me, "anonymous", "x"):
        await ana.ask("POST", "/api/configure-plan", 403, json=CONFIGURE | {"tester_id": bad})
        await ana.ask("GET", "/api/conversations", 403, params={"user_id": bad})


async def test_an_admin_may_act_for_another_user_by_id(ana: Tester, settings: Settings) -> None:
    talk = await ana.configure()
    user = (await ana.ask("GET", f"/api/conversation/{talk}"))["conversation"]["user_id"]
    ana.client.headers["Authorization"] = f"Bearer {issue(settings, 'root', roles=['admin'])}"
    assert (await ana.ask("GET", "/api/conversations"))["total"] == 0
    assert (await ana.ask("GET", "/api/conversations", params={"user_id": user}))["total"] == 1
    made = await ana.ask("POST", "/api/configure-plan", json=CONFIGURE | {"tester_id": user})
    await ana.ask("GET", f"/api/conversation/{made['conversation_id']}", 404)
    for nobody in ("0199a3c8-0000-7000-8000-000000000000", "ana"):
        await ana.ask("GET", "/api/conversations", 403, params={"user_id": nobody})


async def test_conversations_are_filtered_counted_and_paged_by_activity(ana: Tester) -> None:
    talks = [await ana.configure(plan_title=f"Plan {n}") for n in range(52)]
    await ana.upload(talks[0])
    await ana.generate(talks[0])
    await ana.generate(talks[0], new_plan=True)
    first = await ana.ask("GET", "/api/conversations")
    assert (len(first["conversations"]), first["total"]) == (50, 52)
    assert [one["id"] for one in first["conversations"]] == [talks[0], *reversed(talks[3:])]
    assert (first["conversations"][0]["total_plans"], first["conversations"][0]["total_test_cases"]) == (2, 4)
    rest = await ana.ask("GET", "/api/conversations", params={"cursor": first["next"]})
    assert [one["id"] for one in rest["conversations"]] == [talks[2], talks[1]]
    assert rest["next"] is None
    await ana.ask("PUT", f"/api/conversation/{talks[5]}", json={"status": "completed"})
    done = await ana.ask("GET", "/api/conversations", params={"status": "completed"})
    assert [one["id"] for one in done["conversations"]] == [talks[5]]
    assert (await ana.ask("GET", "/api/conversations", params={"date_from": "2020-01-01"}))["total"] == 52
    assert (await ana.ask("GET", "/api/conversations", params={"date_from": "2999-01-01T00:00:00Z"}))["total"] == 0


async def test_projects_come_from_the_first_line_of_the_context_or_by_id(ana: Tester, store: arraigo.Store) -> None:
    first, second = await ana.configure(), await ana.configure(project_context="Tienda en línea\nOtra cosa")
    projects = [(await ana.ask("GET", f"/api/conversation/{talk}"))["conversation"] for talk in (first, second)]
    assert projects[0]["project_id"] == projects[1]["project_id"]
    assert projects[1]["project_context"] == "Tienda en línea\nOtra cosa"
    none = await ana.configure(project_context="")
    assert (await ana.ask("GET", f"/api/conversation/{none}"))["conversation"]["project_id"] is None
    theirs = await store.as_user("bea").projects.create(name="x")
    await ana.ask("POST", "/api/configure-plan", 404, json=CONFIGURE | {"project_id": str(theirs.id)})


async def test_a_conversation_is_changed_and_what_is_not_given_stays(ana: Tester) -> None:
    talk = await ana.configure()
    changes = {"title": "Envíos 2", "project_context": "x", "max_test_cases": 7, "plan_type": "regresion"}
    changed = (await ana.ask("PUT", f"/api/conversation/{talk}", json=changes))["conversation"]
    assert changed == (await ana.ask("GET", f"/api/conversation/{talk}"))["conversation"]
    assert {name: changed[name] for name in changes} == changes | {"plan_type": "REGRESIÓN"}
    assert (changed["min_test_cases"], changed["coverage_percentage"], changed["status"]) == (1, 80, "active")
    await ana.ask("PUT", f"/api/conversation/{talk}", 400, json={"min_test_cases": 8})


async def test_a_conversation_of_another_kind_is_no_test_plan_and_one_without_settings_can_get_them(
    ana: Tester,
) -> None:
    chat = (await ana.ask("POST", "/conversations", 201, json={"title": "x"}))["id"]
    await ana.ask("GET", f"/api/conversation/{chat}", 404)
    bare = (
        await ana.ask("POST", "/conversations", 201, json={"title": "x", "kind": "test_plan", "external_id": "s-1"})
    )["id"]
    assert (await ana.ask("GET", "/api/conversation/s-1"))["conversation"]["plan_type"] is None
    await ana.ask("POST", "/api/generate-plan", 409, json={"conversation_id": "s-1"})
    await ana.ask("PUT", f"/api/conversation/{bare}", 400, json={"max_test_cases": 5})
    await ana.ask("PUT", f"/api/conversation/{bare}", json={"plan_type": "UNITARIAS"})
    made = await ana.generate("s-1")
    assert made["generated_cases"] == []
    assert "no tiene requisitos" in made["notes"][0]


async def test_deleting_a_conversation_takes_everything_with_it(ana: Tester, superuser: Any) -> None:
    made = await ana.planned()
    await ana.ask("POST", f"/api/plans/{made['plan_id']}/exports", 201, json={"format": "csv"})
    await ana.ask("DELETE", f"/api/conversation/{made['conversation_id']}")
    await ana.ask("GET", f"/api/conversation/{made['conversation_id']}", 404)
    await ana.ask("GET", f"/api/plans/{made['plan_id']}", 404)
    for table in TABLES:
        assert superuser(f"SELECT count(*) FROM arraigo.{table}") == [(0,)], table


async def test_reports_count_plans_cases_and_coverage_by_day(ana: Tester, superuser: Any) -> None:
    made = await ana.planned()
    superuser("UPDATE arraigo.plan_coverage SET day = day - 3")
    case = made["generated_cases"][0]["id"]
    await ana.ask("PATCH", f"/api/cases/{case}", json={"status": "DISCARDED"})
    report = await ana.ask("GET", "/api/reports")
    assert report["plans"] == {"total": 1, "by_type": {"UNITARIAS": 1}, "by_status": {"draft": 1}}
    assert report["cases"]["by_status"] == {"DISCARDED": 1, "PROPOSED": 1}
    assert report["requirements"] == {"total": 3, "covered": 1, "coverage": 33.33}
    assert [(day["covered"], day["total"]) for day in report["coverage_over_time"]] == [(2, 3), (1, 3)]
    assert len((await ana.ask("GET", "/api/reports", params={"days": 1}))["coverage_over_time"]) == 1
