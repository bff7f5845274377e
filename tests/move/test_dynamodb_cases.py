"""Cases of moved iterations are cases: of plans that can be read, edited, exported, proved, and written back."""

import shutil
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

import arraigo
from arraigo import move
from arraigo.move.records import proving
from arraigo.settings import Settings
from support import dynamo
from support.http import bearer, client_of
from support.testplans import ByHand, Lines, Tester, write

Superuser = Callable[..., list[tuple[Any, ...]]]
FIRST, CASE = "018f0000-0000-7000-8000-000000000002", "018f0000-0000-7000-8000-000000000001"


def items() -> list[dynamo.Item]:
    """A session with two iterations, the second one by somebody who wrote some things otherwise."""
    first = dynamo.iteration(1, 1) | {
        "generated_cases": {
            "L": [
                dynamo.case("TC-001", id={"S": CASE}),
                dynamo.case("TC-002", priority={"S": "media"}, status={"S": "Aceptado"}, requirements={"S": "RF-02"}),
                dynamo.case("TC-007", requirements={"S": "RNF-03: Responde en menos de dos segundos"}),
            ]
        },
        "plan_id": {"S": FIRST},
    }
    second = dynamo.iteration(1, 2) | {
        "generated_cases": {
            "L": [
                {"M": {"test_case_name": {"S": "x" * 300}, "test_steps": {"S": "Abrir\nCerrar"}}},
                dynamo.case("TC-001", test_steps={"L": [{"M": {"action": {"S": "Abrir"}}}]}, priority={"S": "?"}),
                dynamo.case("TC-001", status={"S": "DISCARDED"}, created_by={"S": "MANUAL"}),
                {"S": "Solo un nombre"},
            ]
        }
    }
    return [dynamo.session(1), first, second, dynamo.iteration(77, 1), dynamo.session(2)]


@pytest.fixture
def old(tmp_path: Path) -> Path:
    dynamo.write_export(tmp_path / "old", "Old", items())
    return tmp_path / "old"


@pytest.fixture
async def ana(settings: Settings, store: arraigo.Store) -> AsyncIterator[Tester]:
    from arraigo.apps.testplans import http
    from arraigo.server import create_app

    app = create_app(settings, store=store)
    http.furnish(app, http.Workshop(ByHand(), Lines(), write))
    async with client_of(app) as client:
        client.headers.update(bearer(settings, "ana"))
        yield Tester(client)


def moved(old: Path, owner_url: str) -> move.Report:
    report = move.run(f"dynamodb-export:{old}", owner_url, user="ana")
    assert report.ok, report
    return report


async def test_a_moved_plan_is_read_as_one_that_was_generated_here(old: Path, owner_url: str, ana: Tester) -> None:
    report = moved(old, owner_url)
    told = {one.what: one.count for one in report.transformations}
    assert told["cases with a priority of no known kind became MEDIA"] == 1
    assert told["plans of no known type became UNITARIAS"] == 1
    listed = (await ana.ask("GET", "/api/conversations"))["conversations"]
    assert sorted((one["total_plans"], one["total_test_cases"]) for one in listed) == [(0, 0), (1, 2), (2, 7)]
    whole = await ana.ask("GET", "/api/conversation/s-00001")
    newest, oldest = whole["test_plans"]
    assert (oldest["id"], oldest["title"], oldest["plan_type"]) == (
        FIRST,
        "Envío a domicilio 1",
        "INTEGRACIÓN",
    )
    assert (oldest["total_test_cases"], oldest["accepted_cases"]) == (3, 1)
    assert (oldest["target_coverage"], oldest["configuration"]["max_test_cases"]) == (81, 50)
    said = whole["messages"][1]["metadata"]
    assert {name: said[name] for name in ("plan_id", "model_used", "generated_cases", "processing_time_ms")} == {
        "plan_id": oldest["id"],
        "model_used": "model-1",
        "generated_cases": 3,
        "processing_time_ms": 1235,
    }
    plan = await ana.ask("GET", f"/api/plans/{oldest['id']}")
    one, two, three = plan["test_cases"]
    assert one["id"] == CASE
    assert [case["testcase_number"] for case in plan["test_cases"]] == ["TC-001", "TC-002", "TC-007"]
    assert one["test_steps"] == ["Abrir el formulario", "Dejar vacío el número", "Guardar"]
    assert (one["order_status"], one["custom_fields"]["weight"], one["custom_fields"]["tags"]) == (
        "CREADO",
        1.5,
        ["z", "a"],
    )
    assert (two["priority"], two["status"], two["requirement_ids"]) == ("MEDIA", "ACCEPTED", ["RF-02"])
    assert (three["technique"], three["created_by"], three["version"]) == ("scenario", "AI_AGENT", 1)
    other = (await ana.ask("GET", f"/api/plans/{newest['id']}"))["test_cases"]
    assert [case["testcase_number"] for case in other] == ["TC-002", "TC-001", "TC-003", "TC-004"]
    assert other[0]["test_steps"] == ["Abrir", "Cerrar"]
    assert (len(other[0]["test_case_name"]), other[3]["test_case_name"]) == (255, "Solo un nombre")
    assert other[1]["test_steps"] == ['{"action": "Abrir"}']
    assert (other[2]["status"], other[2]["technique"]) == ("DISCARDED", "manual")
    coverage = await ana.ask("GET", f"/api/plans/{oldest['id']}/coverage")
    assert [(one["id"], one["text"], one["cases"]) for one in coverage["requirements"]] == [
        ("RF-01", "RF-01", ["TC-001"]),
        ("RF-02", "RF-02", ["TC-001", "TC-002"]),
        ("RNF-03", "Responde en menos de dos segundos", ["TC-007"]),
    ]
    assert oldest["actual_coverage"] == 100
    report_ = await ana.ask("GET", "/api/reports")
    assert (report_["plans"]["total"], report_["cases"]["by_status"]["ACCEPTED"]) == (3, 1)
    found = await ana.ask("GET", "/search", params={"q": "domicilio"})
    assert found["hits"]


async def test_a_moved_plan_is_edited_exported_and_gone_on_with(
    old: Path, owner_url: str, ana: Tester, superuser: Superuser
) -> None:
    moved(old, owner_url)
    plan = (await ana.ask("GET", "/api/conversation/s-00001"))["test_plans"][0]["id"]
    case = (await ana.ask("GET", f"/api/plans/{plan}"))["test_cases"][1]
    changed = await ana.ask("PATCH", f"/api/cases/{case['id']}", json={"status": "ACCEPTED", "order_status": "ENVIADO"})
    assert (changed["version"], changed["order_status"], changed["custom_fields"]["weight"]) == (2, "ENVIADO", 1.5)
    log = (await ana.ask("GET", f"/api/cases/{case['id']}/modifications"))["modifications"]
    assert {(one["action"], one["field_name"], one["username"]) for one in log} == {
        ("CREATE", "test_case", None),
        ("CREATE", "requirement_link", None),
        ("UPDATE", "status", "ana"),
        ("UPDATE", "custom_fields", "ana"),
    }
    added = await ana.ask("POST", f"/api/plans/{plan}/cases", 201, json={"test_case_name": "A mano"})
    assert added["testcase_number"] == "TC-005"
    export = await ana.ask("POST", f"/api/plans/{plan}/exports", 201, json={"format": "csv"})
    text = (await ana.client.get(export["download_url"])).text
    assert [line.split(",")[0] for line in text.splitlines()] == ["TC-002", "TC-001", "TC-003", "TC-004", "TC-005"]
    await ana.upload("s-00001", "RF-01 El sistema debe pedir el número.\nRF-02 Otra cosa.\n")
    texts = (await ana.ask("GET", "/api/conversation/s-00001/requirements"))["requirements"]
    assert {one["id"]: one["text"] for one in texts} == {
        "RF-01": "El sistema debe pedir el número.",
        "RF-02": "Otra cosa.",
        "RNF-03": "Responde en menos de dos segundos",
    }
    made = await ana.generate("s-00001", "más")
    assert made["plan_id"] == plan
    assert [one["testcase_number"] for one in made["generated_cases"]] == ["TC-006", "TC-007", "TC-008"]
    assert superuser("SELECT rounds FROM arraigo.plan_configurations WHERE plan_type = 'INTEGRACIÓN'") == [(1,)]


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        ("UPDATE arraigo.test_cases SET expected_results = 'x' WHERE {c}", "s-00001 (TC-002)"),
        ("UPDATE arraigo.test_cases SET test_steps = test_steps - 0 WHERE {c}", "s-00001 (TC-002)"),
        (
            "UPDATE arraigo.test_cases SET custom_fields = custom_fields || '{{\"weight\": 1.500}}' WHERE {c}",
            "(TC-002)",
        ),
        ("UPDATE arraigo.test_cases SET priority = 'BAJA' WHERE {c}", "s-00001 (TC-002)"),
        ("UPDATE arraigo.test_cases SET technique = 'pairwise' WHERE {c}", "s-00001 (TC-002)"),
        ("UPDATE arraigo.test_cases SET testcase_number = 'TC-9' WHERE {c}", "s-00001 (TC-002)"),
        ("UPDATE arraigo.test_cases SET position = 99 WHERE {c}", "s-00001 (TC-002)"),
        ("DELETE FROM arraigo.test_cases WHERE {c}", "s-00001 (TC-002)"),
        ("DELETE FROM arraigo.test_case_requirements WHERE requirement = 'RF-01'", "s-00001"),
        ("UPDATE arraigo.requirements SET statement = 'x' WHERE code = 'RF-01'", "s-00001"),
        (
            "UPDATE arraigo.test_plans SET status = 'archived' WHERE id = '018f0000-0000-7000-8000-000000000002'",
            "s-00001",
        ),
        ("DELETE FROM arraigo.test_plans WHERE id = '{p}'", "s-00001"),
        ("UPDATE arraigo.plan_configurations SET max_test_cases = 51 WHERE plan_type = 'INTEGRACIÓN'", "s-00001"),
    ],
)
def test_what_is_changed_behind_our_back_is_named(
    old: Path, owner_url: str, superuser: Superuser, statement: str, named: str
) -> None:
    run = moved(old, owner_url)
    plan = f"test_plan_id = '{FIRST}' AND testcase_number = 'TC-002'"
    superuser(statement.format(c=plan, p=FIRST))
    report = move.verify(run.run_id, owner_url)
    assert (report.ok, report.changed) == (False, 1)
    assert any(named in check.detail for check in report.checks), report.checks


async def test_what_was_edited_and_added_goes_back_and_the_rest_as_it_was(
    old: Path, owner_url: str, ana: Tester, tmp_path: Path
) -> None:
    run = moved(old, owner_url)
    first = (await ana.ask("GET", f"/api/plans/{FIRST}"))["test_cases"]
    await ana.ask("PATCH", f"/api/cases/{first[1]['id']}", json={"status": "DISCARDED", "order_status": "ENVIADO"})
    await ana.ask("PATCH", f"/api/cases/{first[2]['id']}", json={"requirements": "RF-01"})
    await ana.ask("DELETE", f"/api/cases/{first[0]['id']}", 204)
    newest = (await ana.ask("GET", "/api/conversation/s-00001"))["test_plans"][0]["id"]
    await ana.ask("POST", f"/api/plans/{newest}/cases", 201, json={"test_case_name": "A mano"})
    await ana.upload("s-00001")
    await ana.generate("s-00001", "más", new_plan=True)
    talk = await ana.configure()
    await ana.upload(talk)
    await ana.generate(talk)
    into = tmp_path / "into"
    back = move.rollback(run.run_id, owner_url, to=str(into))
    assert back.ok, back
    (home,) = (into / "AWSDynamoDB").iterdir()
    written = dynamo.read_export(home)
    before = {_name(item): item for item in items()}
    after = {_name(item): item for item in written}
    session = after.pop(("s-00001", None))
    assert session | {"updated_at": None} == before.pop(("s-00001", None)) | {"updated_at": None}
    assert {name for name in before if before[name] != after[name]} == {("s-00001", "1"), ("s-00001", "2")}
    cases = after["s-00001", "1"]["generated_cases"]["L"]
    was = before["s-00001", "1"]["generated_cases"]["L"]
    assert cases == [
        {"M": was[1]["M"] | {"status": {"S": "DISCARDED"}, "order_status": {"S": "ENVIADO"}}},
        {"M": was[2]["M"] | {"requirements": {"S": "RF-01"}}},
    ]
    *same, new = after["s-00001", "2"]["generated_cases"]["L"]
    assert same == before["s-00001", "2"]["generated_cases"]["L"]
    assert (new["M"]["test_case_name"], new["M"]["created_by"]) == ({"S": "A mano"}, {"S": "MANUAL"})
    third = after["s-00001", "3"]
    assert [one["M"]["testcase_number"]["S"] for one in third["generated_cases"]["L"]] == ["TC-001", "TC-002", "TC-003"]
    assert third["model_used"] == {"S": "offline"}
    assert set(after) - set(before) == {("s-00001", "3"), (talk, None), (talk, "1"), (talk, "2")}

    # As an export of its own it becomes the same plans again.
    other = move.run(f"dynamodb-export:{into}", owner_url, user="otra")
    assert other.ok, other


def _name(item: dynamo.Item) -> tuple[str, str | None]:
    return item["session_id"]["S"], item.get("iteration_number", {}).get("N")


def test_an_export_with_cases_goes_back_byte_for_byte_and_comes_again(old: Path, owner_url: str) -> None:
    run = moved(old, owner_url)
    report = move.rollback(run.run_id, owner_url)
    assert report.ok, report
    (home,) = (one for one in (old / "AWSDynamoDB").iterdir() if "before" not in one.name)
    assert dynamo.alike(dynamo.read_export(home), items())
    again = move.run(f"dynamodb-export:{old}", owner_url, user="ana")
    assert [unit.outcome for unit in again.units] == [{"there already": 3}]


def test_a_case_that_changed_in_the_source_stays_the_same_case(
    tmp_path: Path, owner_url: str, superuser: Superuser
) -> None:
    first = items()
    source = tmp_path / "source"
    dynamo.write_export(source, "Old", first)
    moved(source, owner_url)
    cases = "SELECT id, testcase_number, version, expected_results FROM arraigo.test_cases ORDER BY id"
    log = "SELECT id FROM arraigo.test_case_modifications ORDER BY id"
    before, logged = superuser(cases), superuser(log)
    second = items()
    held = second[1]["generated_cases"]["L"]
    held[1]["M"]["expected_results"] = {"S": "Otra cosa"}
    del held[2]
    held.append(dynamo.case("TC-009"))
    shutil.rmtree(source)
    dynamo.write_export(source, "Old", second)
    report = moved(source, owner_url)
    assert report.units[0].outcome == {"unchanged": 2, "updated": 1}
    after = superuser(cases)
    (gone,) = {row[0] for row in before} - {row[0] for row in after}
    new = [row[1:] for row in after if row[0] not in {one[0] for one in before}]
    assert new == [("TC-009", 1, "Se pide el número")]
    changed = [row[1:] for row in after if row not in before and row[1] == "TC-002"]
    assert changed == [("TC-002", 2, "Otra cosa")]
    assert len([row for row in after if row in before]) == len(before) - 2
    assert set(logged) < set(superuser(log))
    told = "SELECT action, field_name, new_value FROM arraigo.test_case_modifications WHERE action <> 'CREATE'"
    assert superuser(f"{told} AND test_case_id = %s", gone) == [("DELETE", "test_case", None)]
    assert superuser(f"{told} AND action = 'UPDATE'") == [("UPDATE", "expected_results", "Otra cosa")]


def test_rows_are_proved_cell_by_cell_without_building_the_record_anew(
    old: Path, owner_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = moved(old, owner_url)
    monkeypatch.setattr(proving, "_weigh", None)
    assert move.verify(run.run_id, owner_url).ok
