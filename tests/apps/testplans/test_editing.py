"""Cases are changed, decided on, ordered and deleted; the log has it all, and every line of it can be taken back."""

import asyncio
from typing import Any

import pytest

from support.testplans import Tester

SIX = (
    *("address_master_status", "cache_availability", "manual_modal_status", "address_fields"),
    *("address_standardization", "order_status"),
)


@pytest.fixture
async def made(ana: Tester) -> Any:
    return await ana.planned()


async def log(ana: Tester, case: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await ana.ask("GET", f"/api/cases/{case}/modifications"))["modifications"]
    return found


def first(made: Any) -> str:
    return str(made["generated_cases"][0]["id"])


async def test_every_changed_field_is_a_line_of_the_log_with_who_and_from_what_to_what(ana: Tester, made: Any) -> None:
    case = first(made)
    changes = {
        "test_case_name": "Otro nombre",
        "test_steps": ["Uno.", "Dos."],
        "requirements": "RF-02 y rf-03, no RF-01.5",
        "order_status": "CREADO",
        "script": [{"operation": "quote", "inputs": {"a": None}, "expected": {"accepted": False, "message": "no"}}],
    }
    changed = await ana.ask("PATCH", f"/api/cases/{case}", json=changes)
    assert {name: changed[name] for name in changes} == changes
    assert changed["requirement_ids"] == ["RF-02", "RF-03"]
    lines = await log(ana, case)
    found = {(one["field_name"], one["old_value"], one["new_value"]) for one in lines if one["action"] == "UPDATE"}
    assert found == {
        ("test_case_name", "RF-01 caso 1", "Otro nombre"),
        ("test_steps", '["Probar RF-01 caso 1."]', '["Uno.", "Dos."]'),
        ("requirements", "RF-01", changes["requirements"]),
        ("custom_fields", "{}", '{"order_status": "CREADO"}'),
        next(one for one in found if one[0] == "script"),
    }
    links = {
        (one["action"], one["old_value"], one["new_value"]) for one in lines if one["field_name"] == "requirement_link"
    }
    assert links == {
        ("CREATE", None, "RF-01"),
        ("DELETE", "RF-01", None),
        ("CREATE", None, "RF-02"),
        ("CREATE", None, "RF-03"),
    }
    assert {one["username"] for one in lines} == {"ana"}
    assert lines[-1]["field_name"] in {"test_case", "requirement_link"}


async def test_a_change_that_changes_nothing_is_no_line_and_no_version(ana: Tester, made: Any) -> None:
    case = made["generated_cases"][0]
    before = await log(ana, case["id"])
    again = {name: case[name] for name in ("test_case_name", "test_steps", "requirements", "priority")}
    assert (await ana.ask("PATCH", f"/api/cases/{case['id']}", json=again))["version"] == 1
    assert await log(ana, case["id"]) == before


async def test_the_six_fields_of_addresses_and_orders_are_at_the_top_and_go_with_null(ana: Tester, made: Any) -> None:
    case = f"/api/cases/{first(made)}"
    assert {name: (await ana.ask("GET", case))[name] for name in SIX} == dict.fromkeys(SIX)
    changed = await ana.ask("PATCH", case, json={name: name.upper() for name in SIX})
    assert {name: changed[name] for name in SIX} == {name: name.upper() for name in SIX} == changed["custom_fields"]
    changed = await ana.ask("PATCH", case, json={"order_status": None})
    assert "order_status" not in changed["custom_fields"]
    assert changed["order_status"] is None
    await ana.ask("PATCH", case, 422, json={"order_status": 1})


async def test_what_somebody_else_has_changed_is_not_overwritten(ana: Tester, made: Any) -> None:
    case = f"/api/cases/{first(made)}"
    got = await ana.client.get(case)
    etag = {"If-Match": got.headers["etag"]}
    answers = await asyncio.gather(
        *(ana.client.patch(case, json={"test_data": f"{n}"}, headers=etag) for n in range(8))
    )
    assert sorted(answer.status_code for answer in answers) == [200] + [412] * 7
    await ana.ask("DELETE", case, 412, headers=etag)
    await ana.ask("PATCH", case, 422, json={"test_data": "x"}, headers={"If-Match": "x"})
    await ana.ask("PATCH", case, json={"test_data": "x"}, headers={"If-Match": "*"})
    fresh = {"If-Match": (await ana.client.get(case)).headers["etag"]}
    await ana.ask("DELETE", case, 204, headers=fresh)
    await ana.ask("DELETE", case, 404)
    await ana.ask("PATCH", case, 404, json={"test_data": "x"}, headers=fresh)


async def test_every_change_of_a_case_can_be_taken_back_from_the_last_to_the_first(ana: Tester, made: Any) -> None:
    case = first(made)
    path = f"/api/cases/{case}"
    states = [await ana.ask("GET", path)]
    all_changes: tuple[dict[str, Any], ...] = (
        {"test_steps": ["Uno."], "priority": "ALTA"},
        {"requirements": "RF-02"},
        {"address_fields": "calle"},
        {"script": []},
        {"status": "ACCEPTED"},
    )
    states += [await ana.ask("PATCH", path, json=changes) for changes in all_changes]
    await ana.ask("DELETE", path, 204)
    undone = 0
    for line in await log(ana, case):
        if line["field_name"] == "test_case" and line["action"] == "CREATE":
            continue
        body = {"modification_id": line["id"]}
        answer = await ana.client.post(f"{path}/undo", json=body)
        if answer.status_code == 409:  # a link that the requirements' text took with it already
            assert line["field_name"] == "requirement_link"
            continue
        assert answer.status_code == 200, answer.text
        undone += 1
        if undone == 1:
            assert _same(answer.json()["case"]) == _same(states[-1])
        if undone > 30:
            break
    assert _same(await ana.ask("GET", path)) == _same(states[0]) | {"requirement_ids": []}


def _same(case: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in case.items() if name not in {"version", "updated_at"}}


async def test_a_change_on_which_another_one_followed_is_not_taken_back(ana: Tester, made: Any) -> None:
    case = first(made)
    await ana.ask("PATCH", f"/api/cases/{case}", json={"priority": "ALTA"})
    await ana.ask("PATCH", f"/api/cases/{case}", json={"priority": "BAJA"})
    lines = [one for one in await log(ana, case) if one["field_name"] == "priority"]
    await ana.ask("POST", f"/api/cases/{case}/undo", 409, json={"modification_id": lines[1]["id"]})
    await ana.ask("POST", f"/api/cases/{case}/undo", json={"modification_id": lines[0]["id"]})
    assert (await ana.ask("POST", f"/api/cases/{case}/undo", json={"modification_id": lines[1]["id"]}))["case"]
    assert (await ana.ask("GET", f"/api/cases/{case}"))["priority"] == "MEDIA"
    other = "0199a3c8-0000-7000-8000-000000000000"
    await ana.ask("POST", f"/api/cases/{case}/undo", 404, json={"modification_id": other})


async def test_taking_back_that_a_case_was_made_deletes_it_and_a_deletion_brings_back_its_links(
    ana: Tester, made: Any
) -> None:
    case, plan = first(made), made["plan_id"]
    [made_line] = [one for one in await log(ana, case) if one["field_name"] == "test_case"]
    undone = await ana.ask("POST", f"/api/cases/{case}/undo", json={"modification_id": made_line["id"]})
    assert undone == {"case": None}
    assert (await ana.ask("GET", f"/api/plans/{plan}/coverage"))["covered_requirements"] == 1
    deletion = (await log(ana, case))[0]
    back = await ana.ask("POST", f"/api/cases/{case}/undo", json={"modification_id": deletion["id"]})
    assert (back["case"]["testcase_number"], back["case"]["requirement_ids"]) == ("TC-001", ["RF-01"])
    assert (await ana.ask("GET", f"/api/plans/{plan}/coverage"))["covered_requirements"] == 2
    await ana.ask("POST", f"/api/cases/{case}/undo", 409, json={"modification_id": deletion["id"]})


async def test_manual_cases_are_numbered_on_and_numbers_are_never_given_again(ana: Tester, made: Any) -> None:
    plan = made["plan_id"]
    new = {"test_case_name": "A mano", "requirements": "RF-03", "order_status": "X"}
    case = await ana.ask("POST", f"/api/plans/{plan}/cases", 201, json=new)
    assert (case["testcase_number"], case["status"], case["created_by"]) == ("TC-003", "MANUAL", "MANUAL")
    assert (case["requirement_ids"], case["order_status"], case["technique"]) == (["RF-03"], "X", "manual")
    await ana.ask("DELETE", f"/api/cases/{case['id']}", 204)
    again = await ana.ask("POST", f"/api/plans/{plan}/cases", 201, json=new)
    assert again["testcase_number"] == "TC-004"
    more = await ana.generate(made["conversation_id"])
    assert [one["testcase_number"] for one in more["generated_cases"]] == ["TC-005", "TC-006"]
    await ana.ask("POST", f"/api/plans/{plan}/cases", 422, json={"test_case_name": " "})
    await ana.ask("POST", f"/api/plans/{plan}/cases", 422, json={"status": "MANUAL"})


async def test_many_cases_are_decided_on_at_once_all_or_nothing(ana: Tester, made: Any) -> None:
    path = f"/api/plans/{made['plan_id']}/decide"
    ids = [case["id"] for case in made["generated_cases"]]
    stranger = "0199a3c8-0000-7000-8000-000000000000"
    await ana.ask("POST", path, 404, json={"case_ids": [ids[0], stranger], "status": "ACCEPTED"})
    assert {case["status"] for case in (await ana.ask("GET", f"/api/plans/{made['plan_id']}"))["test_cases"]} == {
        "PROPOSED"
    }
    decided = await ana.ask("POST", path, json={"case_ids": [ids[0], ids[0]], "status": "ACCEPTED"})
    assert decided == {"changed": 1, "case_ids": [ids[0]]}
    for where, expected in (
        ({"requirement": "RF-02"}, [ids[1]]),
        ({"status": "ACCEPTED", "priority": "MEDIA"}, [ids[0]]),
        ({"technique": "security"}, []),
        ({"created_by": "MANUAL"}, []),
        ({"status": "DISCARDED"}, []),
    ):
        found = await ana.ask("POST", path, json={"where": where, "status": "DISCARDED"})
        assert found["case_ids"] == expected, where
    assert sorted((await ana.ask("POST", path, json={"where": {}, "status": "PROPOSED"}))["case_ids"]) == sorted(ids)
    await ana.ask("POST", path, 422, json={"status": "ACCEPTED"})
    await ana.ask("POST", path, 422, json={"case_ids": ids, "where": {}, "status": "ACCEPTED"})
    assert [one["new_value"] for one in await log(ana, ids[1]) if one["field_name"] == "status"] == [
        "PROPOSED",
        "DISCARDED",
    ]


async def test_cases_are_ordered_among_themselves_and_keep_their_numbers(ana: Tester, made: Any) -> None:
    plan = made["plan_id"]
    for n in range(3):
        await ana.ask("POST", f"/api/plans/{plan}/cases", 201, json={"test_case_name": f"m{n}"})
    one, two, three, four, five = [case["id"] for case in (await ana.ask("GET", f"/api/plans/{plan}"))["test_cases"]]
    ordered = await ana.ask("POST", f"/api/plans/{plan}/order", json={"case_ids": [five, four, three, two, one]})
    assert ordered["case_ids"] == [five, four, three, two, one]
    ordered = await ana.ask("POST", f"/api/plans/{plan}/order", json={"case_ids": [one, four]})
    assert ordered["case_ids"] == [five, one, three, two, four]
    numbers = [case["testcase_number"] for case in (await ana.ask("GET", f"/api/plans/{plan}"))["test_cases"]]
    assert numbers == ["TC-005", "TC-001", "TC-003", "TC-002", "TC-004"]
    await ana.ask("POST", f"/api/plans/{plan}/order", 422, json={"case_ids": [one, one]})
    stranger = "0199a3c8-0000-7000-8000-000000000000"
    await ana.ask("POST", f"/api/plans/{plan}/order", 404, json={"case_ids": [two, stranger]})
    [line] = [line for line in await log(ana, five) if line["field_name"] == "position"]
    await ana.ask("POST", f"/api/cases/{five}/undo", json={"modification_id": line["id"]})


async def test_a_discarded_case_covers_nothing(ana: Tester, made: Any) -> None:
    await ana.ask("PATCH", f"/api/cases/{first(made)}", json={"status": "DISCARDED"})
    plan = await ana.ask("GET", f"/api/plans/{made['plan_id']}")
    assert (plan["covered_requirements"], plan["actual_coverage"]) == (1, 33.33)
    coverage = await ana.ask("GET", f"/api/plans/{made['plan_id']}/coverage")
    assert coverage["requirements"][0]["why_not"] == "ningún caso lo prueba"
    assert coverage["techniques"] == {"boundary_value_2": 1}


async def test_a_plan_is_called_and_marked_as_people_say(ana: Tester, made: Any) -> None:
    plan = f"/api/plans/{made['plan_id']}"
    changed = await ana.ask("PATCH", plan, json={"status": "active", "title": "Otro"})
    assert (changed["status"], changed["title"]) == ("active", "Otro")
    await ana.ask("PATCH", plan, 422, json={"status": "accepted"})
