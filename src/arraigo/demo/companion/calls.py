# ruff: noqa: D103, PLR2004 - each function makes the table of its name, all alike, and its numbers are that table's
"""Rows of the companion's calls: those to come, those that were made, and what is left of them."""

from collections.abc import Iterator
from datetime import time, timedelta
from hashlib import sha256
from typing import Any

from arraigo.demo.companion.chance import Chance, Row, as_json, words
from arraigo.demo.companion.world import Call, World

_CALL_TYPES = [
    *("seguimiento_diario", "seguimiento_diario", "chequeo_salud", "recordatorio_medicamento", "post_consulta"),
    *("bienvenida", "cumpleanos", "callback_solicitado", "crisis", "manual"),
]
_ENDS = ["completed"] * 7 + ["no_answer", "busy", "voicemail", "failed", "scheduled"]


def companion_calls(world: World, chance: Chance, count: int) -> Iterator[Row]:
    for number in range(count):
        person, at = chance.one(world.people), chance.when()
        urgency = chance.one([4, 5]) if number % 25 == 7 else chance.number(0, 3)
        back = number % 25 == 3  # one call in 25 asks for another
        call = Call(chance.uuid(), person, at, "completed" if back else chance.one(_ENDS), urgency)
        world.calls.append(call)
        yield _call(call, chance, back=back) | {"behavioral_codes_used": chance.maybe(chance.some(world.codes, 4), 0.9)}


def _call(call: Call, chance: Chance, *, back: bool) -> Row:
    spoke = call.status == "completed"
    seconds = chance.number(20, 1500) if spoke else None
    return {
        "id": call.id,
        "beneficiary_id": call.person.id,
        "registration_id": call.person.registration,
        "vapi_call_id": str(chance.uuid()) if spoke else None,
        "scheduled_at": chance.maybe(call.at),
        "started_at": call.at if spoke else None,
        "ended_at": call.at + timedelta(seconds=seconds) if seconds else None,
        "duration_seconds": seconds,
        "call_type": chance.one(_CALL_TYPES),
        "status": call.status,
        "attempt_number": chance.number(1, 3),
        "topics_discussed": chance.maybe(chance.some(words()["topic"], 3), 0.7),
        "sentiment_detected": chance.maybe(chance.one(["positivo", "neutro", "negativo"])),
        "transcript_summary": chance.said(1, 2) if spoke else None,
        "health_mentions": chance.maybe(as_json({"sintomas": chance.some(words()["symptom"], 2)}), 0.4),
        "medication_mentions": chance.maybe(as_json([{"nombre": chance.one(words()["substance"]), "dosis": 0.5}]), 0.3),
        "mood_assessment": chance.maybe(chance.one(words()["mood"])),
        "follow_up_required": call.urgency > 2,
        "follow_up_reason": chance.text(words()["remembered"]) if call.urgency > 2 else None,
        "urgency_level": call.urgency,
        "next_call_scheduled_at": chance.maybe(call.at + timedelta(days=chance.number(1, 9)), 0.5),
        "callback_requested": back,
        "callback_requested_at": call.at if back else None,
        "callback_delay_minutes": 90 if back else None,
        "call_quality_score": chance.maybe(chance.money(1, 5), 0.6),
        "notes": chance.maybe(chance.said(), 0.2),
        "created_at": call.at - timedelta(hours=chance.number(1, 48)),
    }


def scheduled_callbacks(world: World, chance: Chance, count: int) -> Iterator[Row]:
    for call in world.calls[3::25][:count]:
        status = chance.one(["pending", "done", "done", "missed", "cancelled"])
        yield {
            "id": chance.uuid(),
            "call_id": call.id,
            "beneficiary_id": call.person.id,
            "requested_at": call.at,
            "callback_at": call.at + timedelta(minutes=90),
            "reason": chance.maybe("¿Me puede llamar más tarde?"),
            "status": status,
            "attempts": 0 if status == "pending" else chance.number(1, 3),
        }


def scheduled_voice_calls(world: World, chance: Chance, count: int) -> Iterator[Row]:
    for _ in range(count):
        world.voice_calls.append((chance.uuid(), chance.one(world.people)))
        yield {
            "id": world.voice_calls[-1][0],
            "beneficiary_id": world.voice_calls[-1][1].id,
            "companion_id": world.companion,
            "call_type": chance.one(_CALL_TYPES),
            "preferred_time": time(chance.number(7, 19), chance.one([0, 15, 30])),
            "weekdays": sorted({chance.number(1, 7) for _ in range(3)}),
            "next_at": chance.maybe(chance.when()),
            "paused_during": chance.maybe(chance.one(["[2025-12-20,2026-01-07)", "empty", "(,2025-03-01)"]), 0.2),
        }


def ai_voice_calls(world: World, chance: Chance, count: int) -> Iterator[Row]:
    for number in range(count):
        call = world.calls[number]
        cost = chance.money(0, 3)
        yield {
            "id": chance.uuid(),
            "call_id": None if number % 70 == 0 else call.id,
            "vapi_call_id": f"llamada-{number + 1:07}",
            "direction": "inbound" if number % 20 == 0 else "outbound",
            "phone_to": chance.phone(),
            "status": "completed" if call.status == "completed" else "failed",
            "ended_reason": chance.maybe(chance.one(["colgó la persona", "silencio", "sin red"])),
            "started_at": call.at,
            "ended_at": call.at + timedelta(seconds=chance.number(0, 1500)),
            "cost": cost,
            "cost_breakdown": as_json({"voz": float(cost), "modelo": chance.one([1, 1.5, 0.25]), "red": 0}),
        }


def call_recordings(world: World, chance: Chance, count: int) -> Iterator[Row]:
    for number, call in enumerate(world.calls[:count]):
        yield {
            "id": chance.uuid(),
            "call_id": call.id,
            "storage_path": f"grabaciones/{call.at:%Y/%m}/{call.id}.ogg",
            "sha256": sha256(call.id.bytes).digest(),
            "size_bytes": 2**40 if number == 0 else chance.number(1, 9_000_000),
            "duration": chance.maybe(timedelta(seconds=chance.number(1, 1500), milliseconds=chance.number(0, 999))),
            "consent": chance.happens(0.95),
            "retained_until": chance.one(["infinity", "2030-12-31", "2028-02-29"]),
        }


def call_transcripts(world: World, chance: Chance, count: int) -> Iterator[Row]:
    for number, call in enumerate(world.calls[:count]):
        said = [chance.said() for _ in range(500 if number % 1000 == 500 else chance.number(3, 8))]
        segments: list[dict[str, Any]] = [
            {"s": 4.5 * place, "quien": "alma" if place % 2 == 0 else "persona", "palabras": len(text.split())}
            for place, text in enumerate(said)
        ]
        yield {
            "id": chance.uuid(),
            "call_id": call.id,
            "full_text": "\n".join(said),
            "segments": as_json(segments),
            "word_count": sum(segment["palabras"] for segment in segments),
        }


def call_extracted_info(world: World, chance: Chance, count: int) -> Iterator[Row]:
    for number in range(count):
        call = chance.one(world.calls)
        payload = {"que": chance.one(words()["symptom"]), "desde_dias": chance.number(0, 40), "citas": None}
        yield {
            "id": number + 1,
            "call_id": call.id,
            "beneficiary_id": call.person.id,
            "info_type": chance.one(["sintoma", "medicamento", "animo", "familia", "cita", "otro"]),
            "payload": as_json(payload | {"literal": chance.said()}),
            "confidence": chance.maybe(chance.one(["1.000", "0.5", "0.875"])),
            "reviewed": chance.happens(0.2),
        }


def scheduled_calls(world: World, chance: Chance, count: int) -> Iterator[Row]:
    for number in range(count):
        voice, person = world.voice_calls[number % len(world.voice_calls)]
        yield {
            "id": number + 1,
            "registration_id": person.registration,
            "beneficiary_id": chance.maybe(person.id),
            "voice_call_id": chance.maybe(voice, 0.6),
            "kind": chance.one(_CALL_TYPES),
            "payload": as_json({"intento": chance.number(1, 3), "canal": "voz"}),
            "run_at": chance.when(),
            "status": chance.one(["waiting", "waiting", "running", "done", "failed"]),
            "attempts": chance.number(0, 3),
            "locked_by": chance.maybe("obrero-1", 0.1),
        }
