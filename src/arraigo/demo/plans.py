"""Tables of DynamoDB as an assistant for test plans kept them: sessions, iterations with their cases, uploads."""

from datetime import UTC, datetime, timedelta
from typing import Any

from arraigo.demo.phrases import Voice

Item = dict[str, Any]
_FIRST_DAY = datetime(2025, 2, 3, 9, tzinfo=UTC)
_TYPES = ("UNITARIAS", "INTEGRACIÓN", "PERFORMANCE", "REGRESIÓN")
_STATUSES = ("PROPOSED", "ACCEPTED", "DISCARDED")
_FIELDS = ("direccion", "importe", "cantidad", "fecha de entrega", "código postal")


def sessions(count: int) -> list[Item]:
    """So many; the first ones are the same however many are asked for."""
    return [_session(number) for number in range(1, count + 1)]


def iterations(count: int) -> list[Item]:
    """Those of as many sessions: one to three of each."""
    return [_iteration(number, turn) for number in range(1, count + 1) for turn in range(1, number % 3 + 2)]


def uploads(count: int) -> list[Item]:
    """What was meant to go away by itself, and will in some years."""
    return [
        {"data_key": _s(f"upload-{number}"), "parts": {"NS": [str(number), "0.5"]}, "ttl": _n(4102444800 + number)}
        for number in range(1, count + 1)
    ]


def _session(number: int) -> Item:
    voice = Voice(f"plan {number}")
    begun = _FIRST_DAY + timedelta(hours=5.7 * number)
    return {
        "session_id": _s(_name(number)),
        "tester_id": _s(f"tester-{number % 5}"),
        "status": _s("completed" if number % 4 == 0 else "configured"),
        "plan_configuration": {
            "M": {
                "plan_title": _s(voice.fill("Entregas en {{city}} {{emoji}}")),
                "plan_type": _s(_TYPES[number % 4] if number % 9 else "regresion"),
                "coverage_percentage": _n(70 + number % 30),
                "min_test_cases": _n(2),
                "max_test_cases": _n(40),
                "project_context": _s(voice.fill("Pedidos de {{product}}\nSe entregan en {{street}}.")),
            }
        },
        "created_at": _s(begun.isoformat()),
        "updated_at": _s((begun + timedelta(minutes=number % 50)).isoformat()),
        "labels": {"SS": ["entregas", f"equipo-{number % 3}"]},
    }


def _iteration(number: int, turn: int) -> Item:
    voice = Voice(f"plan {number}.{turn}")
    begun = _FIRST_DAY + timedelta(hours=5.7 * number, minutes=10 * turn)
    return {
        "session_id": _s(_name(number)),
        "iteration_number": _n(turn),
        "user_instructions": _s(voice.fill("Más casos límite para RF-0{{small}}, por favor")),
        "system_response": _s(f"Plan generado con {3 + number % 4} casos de prueba"),
        "generated_cases": {"L": [{"M": _case(voice, place)} for place in range(1, 4 + number % 4)]},
        "created_at": _s(begun.isoformat()),
        "model_used": _s("offline-1"),
        "processing_time_ms": _n(voice.chance.randint(200, 9000)),
    }


def _case(voice: Voice, place: int) -> Item:
    field = voice.chance.choice(_FIELDS)
    limit = voice.chance.randint(1, 90)
    return {
        "testcase_number": _s(f"TC-{place:03}"),
        "test_case_name": _s(f"{field}: {limit} está en el límite"),
        "test_case_description": _s(f"El valor más alto que se acepta de {field}."),
        "preconditions": _s("Hay un pedido abierto."),
        "test_data": _s(f"{field}={limit}"),
        "test_steps": {"L": [_s("Abrir el pedido"), _s(f"Escribir {limit} en {field}"), _s("Guardar")]},
        "expected_results": _s("El pedido se guarda."),
        "requirements": _s(f"RF-0{voice.chance.randint(1, 9)}"),
        "order_status": _s("ABIERTO"),
        "priority": _s(voice.chance.choice(("ALTA", "MEDIA", "BAJA"))),
        "status": _s(voice.chance.choice(_STATUSES)),
        "created_by": _s("AI_AGENT"),
        "confidence": _n(f"0.{voice.chance.randint(10, 99)}0"),
    }


def _name(number: int) -> str:
    return f"{Voice(f'session {number}').chance.getrandbits(64):016x}"


def _s(text: str) -> Item:
    return {"S": text}


def _n(number: float | str) -> Item:
    return {"N": str(number)}
