"""Test plans over HTTP: configured, generated, looked up, gone on with."""

from support.testplans import ByHand, Tester


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
    assert (metadata["plan_id"], metadata["model_used"], metadata["total_test_cases"]) == (made["plan_id"], "offline", 2)
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
