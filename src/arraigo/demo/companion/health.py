# ruff: noqa: D103 - each function makes the table of its name, all alike, and its numbers are that table's
"""Rows of health: histories, services, medicines, urgencies."""

from collections.abc import Iterator
from datetime import date, time, timedelta
from decimal import Decimal
from typing import Any

from arraigo.demo.companion.chance import Chance, Row, as_json, words
from arraigo.demo.companion.world import World

_RECORDS = [
    *("condicion_cronica", "alergia", "cirugia", "hospitalizacion", "vacuna", "medicamento_actual"),
    *("antecedente_familiar", "consulta", "estudio", "receta"),
]
_SERVICES = [
    *("telemedicina", "farmacia", "farmacia", "consulta_presencial", "especialista", "laboratorio"),
    *("terapia_psicologica", "urgencia", "receta_electronica"),
]


def medical_history(world: World, chance: Chance, count: int) -> Iterator[Row]:
    for number in range(count):
        medicine = {"nombre": chance.one(words()["substance"]), "mg": chance.one([5, 10.0, 2.5]), "hasta": None}
        yield {
            "id": chance.uuid(),
            "beneficiary_id": chance.one(world.people).id,
            "record_type": chance.one(_RECORDS),
            "titulo": chance.one(words()["condition"]),
            "descripcion": chance.maybe(chance.said(1, 3), 0.7),
            "fecha_evento": chance.maybe(chance.day(1990, 2025)),
            "fecha_diagnostico": chance.maybe(chance.day(1960, 2025), 0.4),
            "is_chronic": chance.happens(0.35),
            "severity": chance.one(["leve", "moderado", "severo", "controlado", None]),
            "medicamentos": chance.maybe(as_json([medicine]), 0.5),
            "doctor_nombre": chance.maybe(f"Dra. {chance.name()}", 0.6),
            "institucion": chance.maybe(chance.one(words()["clinic"]), 0.6),
            "documentos_urls": chance.maybe([f"https://files.example.com/estudio-{number}.pdf", None], 0.2),
            "notas_companion": chance.maybe(chance.text(words()["remembered"]), 0.3),
            "is_verified": chance.happens(0.5),
            "created_at": chance.when(),
        }


def service_usage(world: World, chance: Chance, count: int) -> Iterator[Row]:
    for _ in range(count):
        person, kind = chance.one(world.people), chance.one(_SERVICES)
        world.visits.append((chance.uuid(), person))
        yield {
            "id": world.visits[-1][0],
            "registration_id": person.registration,
            "beneficiary_id": person.id,
            "service_type": kind,
            "service_provider": chance.maybe("Cerca Médica"),
            "service_date": chance.when(),
            "duration_minutes": chance.maybe(chance.number(5, 60)),
            "doctor_name": chance.maybe(f"Dr. {chance.name()}", 0.6),
            "diagnosis": None if kind == "farmacia" else chance.maybe(chance.one(words()["condition"])),
            "prescriptions": chance.maybe(as_json([{"de": chance.one(words()["substance"]), "cada_horas": 8}]), 0.4),
            **(_purchase(chance) if kind == "farmacia" else {}),
            "clinic_name": chance.maybe(chance.one(words()["clinic"]), 0.5),
            "status": chance.one(["completado"] * 6 + ["agendado", "en_proceso", "cancelado", "no_show"]),
            "rating": chance.maybe(chance.number(1, 5), 0.5),
            "feedback": chance.maybe(chance.said(), 0.3),
            "created_at": chance.when(),
        }


def _purchase(chance: Chance) -> dict[str, Any]:
    full, percent = chance.money(20, 1800), chance.one([Decimal("10.00"), Decimal("25.5"), Decimal(0)])
    paid = (full * (100 - percent) / 100).quantize(Decimal("0.01"))
    return {
        "pharmacy_name": chance.one(words()["pharmacy"]),
        "pharmacy_location": chance.one(words()["place"]),
        "productos": as_json([{"producto": chance.one(words()["substance"]), "piezas": chance.number(1, 4)}]),
        "total_sin_descuento": full,
        "total_con_descuento": paid,
        "ahorro": full - paid,
        "porcentaje_descuento": percent,
    }


def savings_records(world: World, chance: Chance, count: int) -> Iterator[Row]:
    families = len(world.prices)
    for number in range(count):
        before = chance.money(100, 5000)
        month = 1 + number // families
        yield {
            "id": chance.uuid(),
            "registration_id": number % families + 1,
            "month": date(2025, month, 1),
            "gasto_sin_plan": before,
            "gasto_con_plan": before * chance.one([Decimal(1), Decimal("0.5"), Decimal("0.75")]),
            "detalle": chance.maybe(as_json({"consultas": chance.number(0, 5), "total": float(before)})),
        }


def medication_catalog(world: World, chance: Chance, count: int) -> Iterator[Row]:
    for number in range(1, count + 1):
        world.medications.append(chance.uuid())
        price = chance.money(15, 900)
        substance = words()["substance"][number % len(words()["substance"])]
        yield {
            "id": world.medications[-1],
            "clave": f"M{number:07}",
            "nombre": substance,
            "principio_activo": substance.lower(),
            "presentacion": f"{chance.one(words()['form'])} {number} mg",
            "laboratorio": chance.maybe("Laboratorios Peñasquito"),
            "precio_lista": price,
            "precio_descuento": chance.one([price, price / 2, Decimal("0.00")]),
            "requiere_receta": chance.happens(0.4),
            "sinonimos": chance.maybe(chance.some([substance.upper(), f"{substance} «forte»", "genérico"], 2)),
            "contraindicaciones": chance.maybe(as_json({"embarazo": chance.happens(0.3), "edad_minima": 12}), 0.6),
        }


def medication_reminders(world: World, chance: Chance, count: int) -> Iterator[Row]:
    for _ in range(count):
        world.reminders.append(chance.uuid())
        starts = chance.day()
        yield {
            "id": world.reminders[-1],
            "beneficiary_id": chance.one(world.people).id,
            "medication_id": chance.one(world.medications),
            "dosis": chance.one(["1 tableta", "½ tableta", "10 gotas", "una cucharada"]),
            "horarios": [time(hour) for hour in chance.one([(8,), (8, 20), (6, 14, 22)])],
            "starts_on": starts,
            "ends_on": chance.maybe(starts + timedelta(days=chance.number(0, 90)), 0.5),
            "is_active": chance.happens(0.8),
        }


def medication_adherence(world: World, chance: Chance, count: int) -> Iterator[Row]:
    states = ["tomada", "tomada", "tarde", "omitida"]
    for number in range(count):
        yield {
            "id": number + 1,
            "reminder_id": world.reminders[number % len(world.reminders)],
            "due_at": chance.when(),
            "state": chance.one(states),
            "states_before": chance.maybe([*chance.some(states, 3), None]),
            "note": chance.maybe(chance.said(), 0.2),
        }


def telemedicine_appointments(world: World, chance: Chance, count: int) -> Iterator[Row]:
    for number in range(count):
        visit, person = world.visits[number]
        at = chance.when()
        yield {
            "id": chance.uuid(),
            "beneficiary_id": person.id,
            "service_usage_id": chance.maybe(visit, 0.6),
            "doctor": chance.maybe(f"Dra. {chance.name()}"),
            "specialty": chance.one(words()["specialty"]),
            "slot": f"[{at.isoformat()},{(at + timedelta(minutes=30)).isoformat()})",
            "motive": chance.maybe(chance.said()),
            "status": chance.one(["agendada", "confirmada", "hecha", "cancelada"]),
            "video_url": chance.maybe(f"https://video.example.com/{number}"),
            "vitals": chance.maybe(as_json({"presion": "120/80", "temperatura": chance.one([36.5, 37, 38.0])}), 0.5),
        }


def pharmacy_queries(world: World, chance: Chance, count: int) -> Iterator[Row]:
    for _ in range(count):
        person = chance.one(world.people)
        yield {
            "id": chance.uuid(),
            "registration_id": person.registration,
            "beneficiary_id": chance.maybe(person.id),
            "medication_id": chance.maybe(chance.one(world.medications)),
            "question": f"¿Dónde consigo {chance.one(words()['substance'])} cerca de {chance.one(words()['place'])}?",
            "answer": chance.maybe(chance.one(words()["pharmacy"])),
            "results": chance.maybe(as_json([{"farmacia": chance.one(words()["pharmacy"]), "km": 1.0}]), 0.6),
            "near": chance.maybe(f"({chance.random.uniform(-117, -87)},{chance.random.uniform(15, 32)})"),
            "radius_km": chance.maybe(chance.weight()),
            "asked_at": chance.when(),
        }


def eligibility_checks(world: World, chance: Chance, count: int) -> Iterator[Row]:
    for number in range(count):
        yield {
            "id": number + 1,
            "beneficiary_id": chance.one(world.people).id,
            "provider": chance.one(["Cerca Médica", "Red Amanecer"]),
            "member_number": chance.maybe(f"A{number}"),
            "eligible": chance.one([True, True, False, None]),
            "response": chance.one(['{"ok": true,  "ok": false}', '{ "saldo": 1.0 }', '{"saldo":1e2}', None]),
            "valid_during": chance.one(["[2025-01-01 00:00+00,infinity)", "[2025-03-01 00:00+00,)", "empty", None]),
            "checked_at": chance.when(),
        }


def urgent_notifications(world: World, chance: Chance, count: int) -> Iterator[Row]:
    for call in world.calls[7::25][:count]:
        sent = call.at + timedelta(minutes=1)
        yield {
            "id": chance.uuid(),
            "call_id": call.id,
            "beneficiary_id": call.person.id,
            "level": call.urgency,
            "title": "Llamada urgente 🚨",
            "message": chance.maybe(f"{call.person.name} dijo: {chance.one(words()['symptom'])}"),
            "channels": chance.one([["whatsapp", "llamada"], ["whatsapp"], ["sms", "correo"], []]),
            "sent_at": chance.maybe(sent, 0.9),
            "acknowledged_at": chance.maybe(sent + timedelta(minutes=chance.number(1, 90)), 0.7),
            "created_at": call.at,
        }
