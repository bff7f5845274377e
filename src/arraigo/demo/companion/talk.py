# ruff: noqa: D103 - each function makes the table of its name, all alike
"""Rows of the companion: how it behaves, what it said and what it remembers."""

from collections.abc import Iterator

from arraigo.demo.companion.chance import Chance, Row, as_json, words
from arraigo.demo.companion.world import World

_WITH_VECTOR = 250  # one row in so many: a vector is 6 kB


def ai_companions(world: World, chance: Chance, count: int) -> Iterator[Row]:
    it = words()["companion"]
    for _ in range(count):
        world.companion = chance.uuid()
        yield {
            "id": world.companion,
            "agent_id": it["agent_id"],
            "agent_name": it["name"],
            "personality_type": "maternal",
            "voice_id": "voz-alma-1",
            "specialization": "acompañamiento",
            "description": it["description"],
            "backstory": it["backstory"],
            "default_arquetipo": "vecina",
            "tono_default": "calido",
            "vapi_assistant_id": str(chance.uuid()),
            "total_calls": 5000 * world.scale,
            "average_satisfaction": "4.70",
            "is_default": True,
            "created_at": chance.when(),
        }


def behavioral_codes(world: World, chance: Chance, count: int) -> Iterator[Row]:
    it = words()["companion"]
    for number, code in enumerate(words()["codes"][:count], 1):
        category, tone, formality, name, when = code["of"]
        anyone, elder, young = code["say"]
        world.codes.append(chance.uuid())
        yield {
            "id": world.codes[-1],
            "agent_id": it["agent_id"],
            "agent_name": it["name"],
            "code": f"BC{number:03}",
            "name": name,
            "category": category,
            "description": f"{when}.",
            "trigger_conditions": as_json({"cuando": when, "prioridad": number % 5, "umbral": 0.75}),
            "response_adulto_mayor": elder,
            "response_mujer_joven": chance.maybe(young),
            "response_default": anyone,
            "variaciones_regionales": as_json({"norte": anyone.upper(), "sur": None}),
            "frases_mexicanas": ["ándele", "ahorita", "¿mande?"][: number % 4],
            "frases_evitar": chance.maybe(["cálmese", 'no es "nada"', "le toca, {nombre}"]),
            "tono": tone,
            "nivel_formalidad": formality,
            "embeddings_vector": world.vector(chance),
            "ejemplos_uso": as_json([{"dice": chance.said(), "responde": anyone}]),
            "version": 1 + number % 2,
            "created_at": chance.when(),
        }


def alma_conversations(world: World, chance: Chance, count: int) -> Iterator[Row]:
    before = None
    for number in range(count):
        call = chance.one(world.calls)
        id_ = chance.uuid()
        yield {
            "id": id_,
            "beneficiary_id": call.person.id,
            "companion_id": world.companion,
            "call_id": chance.maybe(call.id),
            "continues_id": before if number % 4 == 0 else None,
            "channel": chance.one(["voz", "voz", "whatsapp", "web"]),
            "messages": as_json([{"de": who, "texto": chance.said()} for who in ("alma", "persona", "alma")]),
            "summary": chance.maybe(chance.said(), 0.6),
            "mood_before": chance.maybe(chance.number(1, 10)),
            "mood_after": chance.maybe(chance.number(1, 10)),
            "cost": chance.maybe(chance.weight()),
            "embedding": world.vector(chance) if number % _WITH_VECTOR == 0 else None,
            "started_at": call.at,
        }
        before = id_


def companion_memory(world: World, chance: Chance, count: int) -> Iterator[Row]:
    for number in range(count):
        call = chance.one(world.calls)
        yield {
            "id": chance.uuid(),
            "beneficiary_id": call.person.id,
            "companion_id": world.companion,
            "source_call_id": chance.maybe(call.id),
            "kind": chance.one(["gusto", "familia", "salud", "rutina", "fecha", "temor"]),
            "content": chance.text(words()["remembered"]),
            "importance": chance.one([0.0, 0.1, 0.5, 0.7, 1.0]),
            "tags": chance.some(words()["tag"], 3),
            "embedding": world.vector(chance) if number % _WITH_VECTOR == 0 else None,
            "expires_at": chance.maybe(chance.one(["infinity", "2027-01-01 00:00:00+00"]), 0.2),
            "created_at": call.at,
        }


def companion_conversations(world: World, chance: Chance, count: int) -> Iterator[Row]:
    people = len(world.people)
    for number in range(count):
        person, turn = world.people[number % people], number // people + 1
        yield {
            "id": number + 1,
            "beneficiary_id": person.id,
            "agent_id": words()["companion"]["agent_id"],
            "turn": turn,
            "speaker": chance.one(["companion", "beneficiario", "sistema"]),
            "content": chance.said(1, 3),
            "codes": chance.maybe([f"BC{chance.number(1, 16):03}"], 0.4),
            "said_at": chance.when(),
        }
