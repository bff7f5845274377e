# ruff: noqa: ARG001, D103, PLR2004 - each function makes the table of its name, all alike, and its numbers are that table's
"""Rows of what is learnt: words, facts, patterns, measures, and the queue of cases."""

import math
from collections.abc import Iterator
from datetime import timedelta

from arraigo.demo.companion.chance import FIRST_DAY, Chance, Row, as_json, words
from arraigo.demo.companion.families import family_code
from arraigo.demo.companion.world import World


def keyword_analysis(world: World, chance: Chance, count: int) -> Iterator[Row]:
    for number in range(count):
        yield {
            "id": number + 1,
            "call_id": chance.maybe(chance.one(world.calls).id),
            "keyword": chance.one(words()["topic"] + words()["symptom"] + words()["tag"]),
            "category": chance.maybe(chance.one(["salud", "familia", "ánimo"])),
            "frequency": chance.number(1, 40),
            "relevance": chance.maybe(chance.random.random()),
            "contexts": chance.maybe([chance.said()], 0.3),
            "analyzed_at": chance.when(),
        }


def user_conversation_profiles(world: World, chance: Chance, count: int) -> Iterator[Row]:
    for number in range(count):
        hour = chance.number(6, 12)
        yield {
            "id": chance.uuid(),
            "beneficiary_id": world.people[2 * number].id,
            "style": chance.one(["platicadora", "breve", "bromista", "reservado"]),
            "pace": chance.maybe(chance.money(0, 3)),
            "favourite_topics": chance.maybe(chance.some(words()["topic"], 3)),
            "traits": as_json({"humor": chance.random.random(), "paciencia": chance.one([0, 1, 0.0])}),
            "active_hours": chance.maybe(f"[{hour},{hour + 8})"),
            "embedding": world.vector(chance) if number % 200 == 0 else None,
        }


def user_facts(world: World, chance: Chance, count: int) -> Iterator[Row]:
    for number in range(1, count + 1):
        call = chance.one(world.calls)
        yield {
            "id": number,
            "beneficiary_id": call.person.id,
            "call_id": chance.maybe(call.id),
            "supersedes_id": number - 5 if number % 10 == 0 else None,
            "subject": call.person.name,
            "predicate": chance.one(["vive en", "toma", "quiere a", "teme a", "cumple el"]),
            "object": chance.maybe(chance.text(["{place}", "{substance}", "{other}"]), 0.95),
            "weight": chance.weight(),
            "is_current": number % 10 != 5,
            "learned_at": call.at,
        }


def user_demographics(world: World, chance: Chance, count: int) -> Iterator[Row]:
    for number in range(1, count + 1):
        yield {
            "id": number,
            "codigo_familia": family_code(number),
            "country": chance.one(["MX", "US"]),
            "age_band": chance.maybe(chance.one(["18-29", "30-44", "45-59", "60+"])),
            "household_size": chance.maybe(chance.number(1, 9)),
            "income_band": chance.maybe(chance.one(["bajo", "medio", "prefiere no decir"])),
            "education": chance.maybe(chance.one(["primaria", "secundaria", "preparatoria", "técnica"])),
            "languages": chance.maybe(["es", chance.one(["en", "nah", "zap"])]),
            "attributes": chance.maybe(as_json({"remesas": {"al_mes": chance.number(0, 4), "año": 2025}}), 0.5),
            "collected_on": chance.day(),
        }


def collective_knowledge_base(world: World, chance: Chance, count: int) -> Iterator[Row]:
    for number in range(count):
        yield {
            "id": chance.uuid(),
            "title": f"{chance.one(words()['condition'])}: lo que funciona ({number + 1})",
            "content": "\n\n".join(chance.said(1, 3) for _ in range(400 if number % 500 == 250 else 2)),
            "category": chance.one(["salud", "compañía", "trámites"]),
            "tags": chance.some(words()["tag"], 4),
            "sources": chance.number(1, 300),
            "quality": chance.maybe(chance.random.random()),
            "embedding": world.vector(chance) if number % 250 == 0 else None,
            "created_at": chance.when(),
        }


def emerging_patterns(world: World, chance: Chance, count: int) -> Iterator[Row]:
    for number in range(count):
        seen = chance.when()
        yield {
            "id": chance.uuid(),
            "name": f"{chance.one(words()['symptom'])} y {chance.one(words()['mood'])} #{number + 1}",
            "description": chance.maybe(chance.said()),
            "evidence": as_json({"llamadas": chance.number(2, 90), "zonas": chance.some(words()["place"], 3)}),
            "support": chance.number(0, 500),
            "lift": chance.maybe(chance.one([1.5, 0.1 + 0.2, 1e-300, 1e300])),
            "seen_between": chance.maybe(f"[{seen.isoformat()},)"),
            "status": chance.one(["nuevo", "confirmado", "descartado"]),
        }


def ai_brain_metrics(world: World, chance: Chance, count: int) -> Iterator[Row]:
    odd = {500: math.nan, 1500: math.inf, 2500: -math.inf, 3500: -0.0}
    for number in range(1, count + 1):
        yield {
            "id": number,
            "metric": chance.one(["latencia_ms", "tokens", "aciertos", "costo_usd"]),
            "value": odd.get(number, chance.random.uniform(0, 900)),
            "unit": chance.maybe(chance.one(["ms", "%", "USD"])),
            "labels": as_json({"modelo": chance.one(["interno-1", "interno-2"]), "región": "sur"}),
            "measured_at": FIRST_DAY + timedelta(minutes=30 * number / world.scale),
        }


def escalations(world: World, chance: Chance, count: int) -> Iterator[Row]:
    for call in world.calls[7::50][:count]:
        solved = chance.happens(0.6)
        yield {
            "id": chance.uuid(),
            "call_id": call.id,
            "beneficiary_id": call.person.id,
            "level": call.urgency,
            "reason": chance.said(),
            "assigned_to": chance.maybe(chance.name()),
            "resolution": chance.said() if solved else None,
            "opened_at": call.at,
            "resolved_at": call.at + timedelta(hours=chance.number(1, 72)) if solved else None,
        }


def priority_queue_cache(world: World, chance: Chance, count: int) -> Iterator[Row]:
    for number in range(count):
        yield {
            "beneficiary_id": world.people[20 * number].id,
            "position": number + 1,
            "priority": chance.weight() * (count - number),
            "reasons": as_json(chance.some(words()["symptom"], 2)),
            "computed_at": chance.when(),
        }
