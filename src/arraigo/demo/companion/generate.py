"""The example's rows, table by table, in an order that their foreign keys allow: the same every time."""

from collections.abc import Callable, Iterator

from arraigo.demo.companion import analysis, calls, families, health, talk
from arraigo.demo.companion.chance import Chance, Row
from arraigo.demo.companion.world import World, embedding

VOLUMES = {
    "registrations": 500,
    "user_accounts": 500,
    "family_members": 1500,
    "dependents": 1500,
    "beneficiaries": 2000,
    "subscriptions": 500,
    "account_change_history": 2000,
    "pre_checkout_customers": 100,
    "ai_companions": 1,
    "behavioral_codes": 16,
    "companion_calls": 5000,
    "alma_conversations": 3000,
    "companion_memory": 5000,
    "companion_conversations": 3000,
    "scheduled_callbacks": 200,
    "scheduled_voice_calls": 300,
    "ai_voice_calls": 4000,
    "call_recordings": 4000,
    "call_transcripts": 4000,
    "call_extracted_info": 4000,
    "medical_history": 3000,
    "service_usage": 2000,
    "savings_records": 1000,
    "medication_catalog": 1000,
    "medication_reminders": 500,
    "medication_adherence": 500,
    "telemedicine_appointments": 800,
    "pharmacy_queries": 1500,
    "eligibility_checks": 1000,
    "urgent_notifications": 200,
    "keyword_analysis": 5000,
    "user_conversation_profiles": 1000,
    "user_facts": 3000,
    "user_demographics": 500,
    "collective_knowledge_base": 2000,
    "emerging_patterns": 500,
    "ai_brain_metrics": 10000,
    "escalations": 100,
    "priority_queue_cache": 100,
    "scheduled_calls": 300,
}
"""Rows per table of `public` at scale 1, in the order of their making; the companion and its codes do not multiply."""

_FIXED = {"ai_companions", "behavioral_codes"}
_Maker = Callable[[World, Chance, int], Iterator[Row]]


def volumes(scale: int) -> dict[str, int]:
    """Rows per table at that scale."""
    return {table: count if table in _FIXED else count * scale for table, count in VOLUMES.items()}


def tables(scale: int, *, pgvector: bool) -> Iterator[tuple[str, Iterator[Row]]]:
    """Every table with its rows; a table's rows must be taken before the next table is.

    Args:
        scale: How many times the documented volumes.
        pgvector: Whether vectors are pgvector's, or arrays.
    """
    world = World(scale, embedding("[", "]") if pgvector else embedding("{", "}"))
    yield "auth.users", families.users(world, Chance("users"), 500 * scale)
    yield "storage.buckets", iter([{"id": "grabaciones", "name": "grabaciones"}, {"id": "fotos", "name": "fotos 📷"}])
    yield "storage.objects", _files(world, Chance("objects"))
    for table, count in volumes(scale).items():
        yield f"public.{table}", _maker(table)(world, Chance(table), count)


def _maker(table: str) -> _Maker:
    for room in (families, talk, calls, health, analysis):
        maker: _Maker | None = getattr(room, table, None)
        if maker is not None:
            return maker
    raise AssertionError(table)


def _files(world: World, chance: Chance) -> Iterator[Row]:
    for number, user in enumerate(world.users[:20]):
        yield {"id": chance.uuid(), "bucket_id": "fotos", "name": f"familia/{number}/foto ñ.jpg", "owner": user}
