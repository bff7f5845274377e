"""Plans that somebody could have, of any size, in two languages, and ones with any text in them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from pydantic import JsonValue

from arraigo.apps.testplans.plan import (
    Configuration,
    Expected,
    Glossary,
    Language,
    Operation,
    Place,
    Priority,
    Requirement,
    ScriptStep,
    Technique,
)
from arraigo.apps.testplans.views import (
    CaseView,
    Coverage,
    Covered,
    Modification,
    PlanRow,
    PlanView,
)

START = datetime(2026, 3, 9, 14, 0, tzinfo=UTC)
PLAN, TALK, USER = (UUID(f"0195a000-0000-7000-8000-0000000000{last}") for last in ("01", "02", "aa"))
_PRIORITIES: tuple[Priority, ...] = ("ALTA", "MEDIA", "BAJA")
_TECHNIQUES: tuple[Technique, ...] = ("boundary_value_3", "decision_table", "state_transition", "scenario", "security")
_WORDS: dict[Language, dict[str, Any]] = {
    "es": {
        "title": "Créditos de consumo: pruebas del módulo de solicitudes",
        "project": "Banca de ejemplo",
        "section": "2 Solicitudes > 2.1 Límites",
        "statement": "El monto solicitado debe estar entre 500 y 20.000, ambos incluidos; fuera de ese rango la"
        " solicitud se rechaza con el mensaje «Monto fuera de rango».",
        "why": "No dice nada que se pueda comprobar: «agradable» no se mide.",
        "name": "El monto {n} en el límite superior del rango se acepta",
        "description": "Comprueba que un valor en el límite del rango permitido se acepta sin error, según la regla"
        " del documento de requisitos; los demás campos llevan valores válidos.",
        "preconditions": "El cliente tiene una cuenta activa y ha iniciado sesión.",
        "data": "monto = {n}; plazo = 12; tipo = fijo; ingresos = 4.500",
        "steps": (
            "Abrir el formulario de solicitud de crédito.",
            "Ingresar {n} en el campo monto y 12 en el campo plazo.",
            "Enviar la solicitud.",
            "Revisar el mensaje y el estado de la solicitud.",
        ),
        "expected": "La solicitud se acepta, sin mensaje de error, y su estado pasa a «En estudio».",
        "note": "No hay casos para RF-004: no dice nada que se pueda comprobar.",
        "field": "Estado de la dirección maestra",
    },
    "en": {
        "title": "Parcel rates: tests of the quoting service",
        "project": "Sample Parcels",
        "section": "3 Rates > 3.2 Weight bands",
        "statement": "The weight of a parcel must be between 0.1 kg and 30 kg, both included; a parcel outside these"
        " limits is refused with the message “Weight not accepted”.",
        "why": "It states nothing that can be tried: “pleasant” is not measured.",
        "name": "A weight of {n} at the upper limit of its band is quoted",
        "description": "Checks that a value at the limit of the permitted range is taken without an error, by the rule"
        " of the requirements; all other fields have valid values.",
        "preconditions": "The customer is signed in and has an open basket.",
        "data": "weight = {n}; zone = 2; service = express; insured = yes",
        "steps": (
            "Open the form for a quote.",
            "Enter {n} as the weight and 2 as the zone.",
            "Ask for the quote.",
            "Read the price and the message.",
        ),
        "expected": "The parcel is quoted, without an error message, and the quote is “Open”.",
        "note": "There are no cases for RF-004: it states nothing that can be tried.",
        "field": "State of the master address",
    },
}


def plan_view(cases: int = 7, language: Language = "es") -> PlanView:
    """A plan of so many cases: most with four steps, one without any, one discarded; a log; a field of its own."""
    words = _WORDS[language]
    requirements = tuple(_requirement(number, words, language) for number in range(1, max(5, cases // 10)))
    return assembled(
        [_case(number, words, requirements) for number in range(1, cases + 1)],
        requirements,
        language,
        title=words["title"],
        project=words["project"],
        case_fields={"address_master_status": words["field"]},
        notes=(words["note"],),
    )


def assembled(
    cases: Sequence[CaseView],
    requirements: Sequence[Requirement] = (),
    language: Language = "es",
    *,
    title: str = "Plan",
    project: str | None = None,
    case_fields: Mapping[str, str] | None = None,
    notes: tuple[str, ...] = (),
) -> PlanView:
    """These cases as a plan, with its coverage counted and a log of how they were made and one was changed."""
    tests: dict[str, list[CaseView]] = {known.id: [] for known in requirements}
    kept = [case for case in cases if case.status != "DISCARDED"]
    for case in kept:
        for link in case.links:
            tests[link].append(case)
    covered = tuple(_covered(known, tests[known.id]) for known in requirements)
    count = sum(known.covered for known in covered)
    percentage = Decimal(round(100 * count / len(covered), 2)).quantize(Decimal("0.01")) if covered else Decimal(0)
    used = [case.technique for case in kept]
    configuration = Configuration(
        plan_title=title,
        coverage_percentage=80,
        min_test_cases=1,
        max_test_cases=50,
        project_context=f"{project}\nexample.com",
        glossary=Glossary(operations={"solicitar": Operation(fields=("monto", "plazo"))}),
    )
    plan = PlanRow(
        *(PLAN, TALK, title, "UNITARIAS", "active", 80, percentage, len(covered), count, configuration),
        *({known.requirement.id: known.why_not for known in covered if known.why_not}, notes, len(cases)),
        *(sum(case.status == "ACCEPTED" for case in cases), START, START + timedelta(days=2, hours=3)),
    )
    techniques = {name: used.count(name) for name in sorted(set(used), key=used.count, reverse=True)}
    return PlanView(
        plan=plan,
        configuration=configuration,
        language=language,
        project=project,
        case_fields=case_fields or {},
        requirements=tuple(requirements),
        cases=tuple(cases),
        coverage=Coverage(80, percentage, len(covered), count, covered, techniques),
        modifications=tuple(_log(cases)),
    )


def case_view(number: int, **changes: Any) -> CaseView:
    """The least of a case: a name, a step, what is expected."""
    case = CaseView(
        id=UUID(int=number),
        conversation_id=TALK,
        plan_id=PLAN,
        testcase_number=f"TC-{number:03}",
        position=number,
        test_case_name=f"Caso {number}",
        test_case_description="",
        preconditions="",
        test_data="",
        test_steps=("Uno",),
        expected_results="Bien",
        requirements="",
        links=(),
        technique="manual",
        script=(),
        custom_fields={},
        priority="MEDIA",
        status="PROPOSED",
        created_by="MANUAL",
        version=1,
        created_at=START,
        updated_at=START,
    )
    return replace(case, **changes)


def _requirement(number: int, words: Mapping[str, Any], language: Language) -> Requirement:
    testable = number % 4 != 0
    return Requirement(
        id=f"RF-{number:03}",
        text=words["statement"],
        place=Place(page=1 + number // 6, section=words["section"], line=number),
        language=language,
        testable=testable,
        why_not="" if testable else words["why"],
    )


def _case(number: int, words: Mapping[str, Any], requirements: Sequence[Requirement]) -> CaseView:
    testable = [known.id for known in requirements if known.testable]
    links = tuple(sorted({testable[number % len(testable)], testable[number * 7 % len(testable)]}))
    inputs: dict[str, JsonValue] = {"monto": number, "plazo": 12, "tipo": "fijo"}
    return case_view(
        number,
        test_case_name=words["name"].format(n=number),
        test_case_description=words["description"],
        preconditions=words["preconditions"],
        test_data=words["data"].format(n=number),
        test_steps=() if number == 5 else tuple(step.format(n=number) for step in words["steps"]),
        expected_results=words["expected"],
        requirements=", ".join(links),
        links=links,
        technique=_TECHNIQUES[number % len(_TECHNIQUES)],
        script=(
            ScriptStep(operation="solicitar", inputs=inputs, expected=Expected(accepted=True, state="EN_ESTUDIO")),
        ),
        custom_fields={"address_master_status": "VALID"} if number % 2 else {},
        priority=_PRIORITIES[number % 3],
        status="DISCARDED" if number == 3 else "ACCEPTED" if number % 2 else "PROPOSED",
        created_by="MANUAL" if number == 5 else "AI_AGENT",
        version=2,
    )


def _covered(known: Requirement, cases: Sequence[CaseView]) -> Covered:
    techniques = tuple(dict.fromkeys(case.technique for case in cases))
    return Covered(known, tuple(case.testcase_number for case in cases), techniques, "" if cases else known.why_not)


def _log(cases: Sequence[CaseView]) -> list[Modification]:
    made = [
        Modification(
            *(
                UUID(int=1000 + number),
                case.id,
                case.testcase_number,
                "test_case",
                None,
                f'{{"n": {number}}}',
                "CREATE",
            ),
            *(USER, "ana", START + timedelta(seconds=number)),
        )
        for number, case in enumerate(cases)
    ]
    changed = [
        Modification(
            *(UUID(int=900_000), case.id, case.testcase_number, "status", "PROPOSED", case.status, "UPDATE"),
            *(None, None, START + timedelta(hours=1)),
        )
        for case in cases[:1]
    ]
    return made + changed
