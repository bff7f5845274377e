"""python -m bench.plan_export FORMAT CASES: export a made-up plan in a process of its own; print what it took."""

import json
import resource
import sys
import time
from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID

from arraigo.apps.testplans.exports import FORMATS, render
from arraigo.apps.testplans.plan import Configuration, Place, Requirement
from arraigo.apps.testplans.views import CaseView, Coverage, Covered, PlanRow, PlanView

_AT = datetime(2026, 3, 9, tzinfo=UTC)
_IDS = UUID(int=1), UUID(int=2)
_STATEMENT = (
    "El monto solicitado debe estar entre 500 y 20.000, ambos incluidos; fuera de ese rango la solicitud se rechaza"
    " con el mensaje «Monto fuera de rango»."
)
_STEPS = (
    "Abrir el formulario de solicitud de crédito con la sesión de un cliente activo.",
    "Ingresar {n} en el campo monto, 12 en el campo plazo y «fijo» en el tipo de interés.",
    "Adjuntar el comprobante de ingresos de los últimos tres meses.",
    "Enviar la solicitud.",
    "Revisar el mensaje y el estado de la solicitud.",
)


def plan(cases: int) -> PlanView:
    """A plan of so many cases, with a requirement for each ten of them."""
    requirements = tuple(
        Requirement(id=f"RF-{n:03}", text=_STATEMENT, place=Place(page=n, section="2 Solicitudes > 2.1 Límites"))
        for n in range(1, cases // 10 + 1)
    )
    made = tuple(_case(n, requirements[n % len(requirements)].id) for n in range(1, cases + 1))
    numbers: dict[str, list[str]] = {known.id: [] for known in requirements}
    for case in made:
        numbers[case.requirements].append(case.testcase_number)
    covered = tuple(Covered(known, tuple(numbers[known.id]), ("boundary_value_3",)) for known in requirements)
    many, all_of_it = len(requirements), Decimal(100)
    configuration = Configuration(plan_title="Créditos", coverage_percentage=80, min_test_cases=1, max_test_cases=cases)
    row = PlanRow(
        *(*_IDS, "Créditos de consumo", "UNITARIAS", "active", 80, all_of_it, many, many, configuration),
        *({}, (), cases, 0, _AT, _AT),
    )
    coverage = Coverage(80, all_of_it, many, many, covered, {"boundary_value_3": cases})
    return PlanView(row, configuration, "es", "Banca de ejemplo", {}, requirements, made, coverage)


def _case(n: int, requirement: str) -> CaseView:
    return CaseView(
        id=UUID(int=n),
        conversation_id=_IDS[1],
        plan_id=_IDS[0],
        testcase_number=f"TC-{n:03}",
        position=n,
        test_case_name=f"El monto {n} en el límite superior del rango se acepta",
        test_case_description="Comprueba que un valor en el límite del rango permitido se acepta, según la regla del"
        " documento; los demás campos llevan valores válidos.",
        preconditions="El cliente tiene una cuenta activa y ha iniciado sesión.",
        test_data=f"monto = {n}; plazo = 12; tipo = fijo; ingresos = 4.500",
        test_steps=tuple(step.format(n=n) for step in _STEPS),
        expected_results="La solicitud se acepta, sin mensaje de error, y su estado pasa a «En estudio».",
        requirements=requirement,
        links=(requirement,),
        technique="boundary_value_3",
        script=(),
        custom_fields={},
        priority="ALTA",
        status="PROPOSED",
        created_by="AI_AGENT",
        version=1,
        created_at=_AT,
        updated_at=_AT,
    )


def main() -> None:
    """Export, and say how long it took and how much memory the process had at most."""
    name = next(known for known in FORMATS if known == sys.argv[1])
    view = plan(int(sys.argv[2]))
    began = time.perf_counter()
    file = render(view, name)
    seconds = time.perf_counter() - began
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": round(seconds, 2), "MB": round(most), "kB of file": len(file.data) // 1000}))


if __name__ == "__main__":
    main()
