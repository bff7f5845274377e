"""The held-out systems are sound: references hold, no mutant is equivalent; and scripts are judged fairly."""

from statistics import mean
from typing import Any

import pytest
from bench.measures.testplans import detail
from bench.testplans import random_data
from bench.testplans.calibrating import chance
from bench.testplans.judging import Verdict, judged
from bench.testplans.measuring import Taken
from bench.testplans.mutating import faults
from bench.testplans.playing import agrees, machine
from bench.testplans.system import System, held_out
from bench.testplans.witnesses import kept

from arraigo.apps.testplans.plan import Expected, ScriptStep

SYSTEMS = held_out()
LISTS = [system for system in SYSTEMS if system.group == "held_out_lists"]
by_system = pytest.mark.parametrize("system", SYSTEMS, ids=lambda system: system.name)
by_list = pytest.mark.parametrize("system", LISTS, ids=lambda system: system.name)
Steps = list[tuple[str, dict[str, Any], dict[str, Any]]]

ODD: tuple[Any, ...] = (None, "", " ", "x", "12", -1, 0, 1.5, 1e300, True, [], [1], {}, {"a": 1}, "ñ" * 300)


def script(*steps: tuple[str, dict[str, Any], dict[str, Any]]) -> list[ScriptStep]:
    return [ScriptStep(operation=name, inputs=inputs, expected=Expected(**said)) for name, inputs, said in steps]


def one(name: str) -> System:
    return next(system for system in SYSTEMS if system.name == name)


@pytest.mark.parametrize("group", ["held_out", "held_out_lists"])
def test_a_group_has_at_least_three_systems_of_each_language_and_forty_mutants_of_each_system(group: str) -> None:
    systems = [system for system in SYSTEMS if system.group == group]
    languages = [system.language for system in systems]
    assert min(languages.count("es"), languages.count("en")) >= 3
    assert all(len({mutant.name for mutant in system.mutants}) == 40 for system in systems)


def test_random_data_of_full_size_kill_about_half_of_the_lists_mutants_as_they_did_in_the_pilot() -> None:
    assert 0.45 <= mean(chance(system, range(3)) for system in LISTS) <= 0.65


@by_list
def test_the_frozen_mutants_of_a_list_are_those_that_the_mutator_makes(system: System) -> None:
    made = {fault["name"]: fault for fault in faults(system.source)}
    for mutant in system.mutants:
        fault = made[mutant.name]
        assert mutant.source == system.source.replace(fault["old"], fault["new"])


@by_list
def test_a_list_s_reference_does_what_its_requirements_say_in_the_examples(system: System) -> None:
    examples = [[ScriptStep.model_validate(step) for step in steps] for steps in system.about["examples"]]
    assert judged(system, examples).wrong == ()


@by_system
def test_every_mutant_is_told_from_its_reference_by_its_witness(system: System) -> None:
    witnesses = kept(system)
    assert list(witnesses) == [mutant.name for mutant in system.mutants]
    verdict = judged(system, list(witnesses.values()))
    assert (verdict.wrong, verdict.survivors, verdict.kill, verdict.oracle) == ((), (), 1, 1)


@by_system
def test_a_document_can_be_opened(system: System) -> None:
    data, name = system.document()
    begins = {"md": b"# ", "pdf": b"%PDF", "docx": b"PK", "xlsx": b"PK"}
    assert data.startswith(begins[name.rpartition(".")[2]])


@by_system
def test_a_reference_has_an_answer_to_anything(system: System) -> None:
    reference = machine(system)
    opening = system.about["probes"][0][0]
    for name, operation in system.glossary.operations.items():
        for odd in ODD:
            steps = [
                (opening["operation"], opening["inputs"], {"accepted": True}),
                (name, dict.fromkeys(operation.fields, odd), {"accepted": False}),
                *((name, opening["inputs"] | {field: odd}, {"accepted": False}) for field in operation.fields),
            ]
            steps = [step for step in steps if step[1].keys() <= set(system.glossary.operations[step[0]].fields)]
            for answer in reference.play(script(*steps)):
                assert "error" not in answer
                Expected.model_validate(answer)


RESERVED = {"pitch": "tent", "adults": 2, "children": 2, "dogs": 1, "electricity": False}
LOAN = {"numero_documento": "10203040", "edad": 40, "antiguedad_meses": 36, "puntaje": 800, "nomina": "no"}
PARCEL = {"zone": "B", "service": "standard", "weight_kg": 2.1, "declared_value": 100, "insured": True}
LIBRARY: Steps = [
    ("afiliar", {"edad": 30, "correo": "m@example.com", "categoria": "general"}, {"accepted": True, "state": "activa"}),
    ("prestar", {"codigo_ejemplar": "LB-0102", "dias": 10}, {"accepted": True, "value": 1}),
    ("prestar", {"codigo_ejemplar": "AV-0007", "dias": 3}, {"accepted": True, "value": 2}),
    (
        "devolver",
        {"codigo_ejemplar": "LB-0102", "dias_retraso": 8},
        {"accepted": True, "value": 4000, "state": "activa"},
    ),
    (
        "devolver",
        {"codigo_ejemplar": "AV-0007", "dias_retraso": 6},
        {"accepted": True, "value": 11200, "state": "suspendida"},
    ),
    ("pagar_multa", {"valor": 11200}, {"accepted": True, "value": 0, "state": "activa"}),
]
PARKED = (
    ("carro", "ABC123", 130, 0, 13_500),
    ("carro", "ABC123", 130, 2, 9_000),
    ("moto", "ABC12D", 1_500, 0, 17_200),
)
PARKING: list[tuple[str, Steps]] = [
    (
        "parking_garage",
        [
            ("emitirTiquete", {"tipoVehiculo": vehicle, "placa": plate}, {"accepted": True}),
            ("pagar", {"minutos": minutes, "sellos": stamps, "medioPago": "qr"}, {"accepted": True, "value": total}),
        ],
    )
    for vehicle, plate, minutes, stamps, total in PARKED
]
EXAMPLES: list[tuple[str, Steps]] = [
    (
        "campsite",
        [
            (
                "reserve",
                RESERVED | {"arrival": "2027-06-29", "departure": "2027-07-03"},
                {"accepted": True, "value": 94, "state": "reserved"},
            )
        ],
    ),
    (
        "consumer_loan",
        [
            (
                "radicar_solicitud",
                LOAN | {"ingresos_mensuales": 5e6, "monto": 12e6, "plazo_meses": 24, "tipo_contrato": "indefinido"},
                {"accepted": True, "value": 668_000},
            )
        ],
    ),
    (
        "course_subscription",
        [
            (
                "subscribe",
                {"plan": "Profesional", "billing_period": "mensual", "seats": 2, "coupon": "AMI15"},
                {"accepted": True, "value": 159_817},
            )
        ],
    ),
    ("library_lending", LIBRARY),
    (
        "parcel_rates",
        [
            (
                "quote",
                PARCEL | dict.fromkeys(("length_cm", "width_cm", "height_cm"), 20),
                {"accepted": True, "value": 11.51},
            )
        ],
    ),
    *PARKING,
    (
        "thermostat",
        [
            ("switchOn", {}, {"accepted": True, "value": 20, "state": "idle"}),
            ("reportRoomTemperature", {"roomTemperature": 19.5}, {"accepted": True, "state": "heating"}),
            ("reportRoomTemperature", {"roomTemperature": 20}, {"accepted": True, "state": "heating"}),
            ("reportRoomTemperature", {"roomTemperature": 20.5}, {"accepted": True, "state": "idle"}),
            ("setTarget", {"temperature": 22}, {"accepted": True, "value": 22, "state": "idle"}),
            ("reportRoomTemperature", {"roomTemperature": 20.5}, {"accepted": True, "state": "heating"}),
        ],
    ),
]


@pytest.mark.parametrize(("name", "steps"), EXAMPLES, ids=[f"{name}-{n}" for n, (name, _) in enumerate(EXAMPLES)])
def test_a_reference_does_what_the_document_gives_as_an_example(name: str, steps: Steps) -> None:
    assert judged(one(name), [script(*steps)]).wrong == ()


def test_a_measure_s_detail_has_the_means_of_each_group_of_systems() -> None:
    def came_to(name: str, killed: int) -> Taken:
        survivors = tuple(f"{n}" for n in range(40 - killed))
        verdict = Verdict(1, right=killed, steps=40, stated=1, wrong=(), survivors=survivors, mutants=40)
        return Taken(one(name), requirements=1, cases=1, ours=verdict, chance=(0.1, killed / 40, 1.0))

    systems = tuple(came_to(*each) for each in (("campsite", 4), ("thermostat", 8), ("train_fares", 20)))
    groups = detail(systems)["groups"]
    assert groups["held_out"] == {"killed": 0.15, "killed by random data": 0.15, "right": 0.15, "systems": 2}
    assert groups["held_out_lists"] == {"killed": 0.5, "killed by random data": 0.5, "right": 0.5, "systems": 1}


def test_what_an_expectation_does_not_state_is_not_compared() -> None:
    answer = {"accepted": False, "state": "en mora", "message": "No le quedan pausas"}
    assert agrees(Expected(accepted=False), answer)
    assert agrees(Expected(accepted=False, state="EN_MORA", message="No le quedan pausas."), answer)
    assert not agrees(Expected(accepted=True), answer)
    assert not agrees(Expected(accepted=False, value=0), answer)
    assert not agrees(Expected(accepted=False, message="Sin pausas"), answer)


def test_numbers_agree_by_value_and_not_with_texts_or_truth() -> None:
    assert agrees(Expected(accepted=True, value=94), {"accepted": True, "value": 94.0})
    assert not agrees(Expected(accepted=True, value=94), {"accepted": True, "value": 94.01})
    assert not agrees(Expected(accepted=True, value="94"), {"accepted": True, "value": 94})
    assert not agrees(Expected(accepted=True, value=True), {"accepted": True, "value": 1})


def test_an_operation_or_a_field_that_is_not_there_agrees_with_nothing() -> None:
    steps = script(("fly", {}, {"accepted": False}), ("cancel", {"why": "rain"}, {"accepted": False}))
    verdict = judged(one("campsite"), [steps])
    assert (verdict.right, verdict.steps, verdict.kill) == (0, 2, 0)


def test_a_script_that_is_wrong_about_the_reference_kills_nothing() -> None:
    system = one("consumer_loan")
    wrong = [
        step.model_copy(update={"expected": Expected(accepted=False)}) for step in kept(system)["eighteen is too young"]
    ]
    assert judged(system, [wrong]).survivors == tuple(mutant.name for mutant in system.mutants)


def test_random_data_are_the_same_for_the_same_seed_and_always_right() -> None:
    system = one("thermostat")
    scripts = random_data.drawn(system, [1, 4, 2], 7)
    assert scripts == random_data.drawn(system, [1, 4, 2], 7)
    assert [len(steps) for steps in scripts] == [1, 4, 2]
    assert judged(system, scripts).oracle == 1
