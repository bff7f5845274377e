"""`GET /search`."""

from typing import Annotated, Any

from fastapi import Query, Request
from fastapi.responses import Response

from arraigo import retrieve
from arraigo.apps.search import examples
from arraigo.apps.search.types import FoundOut, Searching
from arraigo.retrieve import Hit
from arraigo.web.auth import own_store
from arraigo.web.routing import answer, guarded_router, shows

router = guarded_router("search")


@router.get("/search", response_model=FoundOut, responses=shows(200, examples.FOUND, 404))
async def search(request: Request, asked: Annotated[Searching, Query()]) -> Response:
    """What your messages and titles say, the best hits first; whatever was acknowledged is found."""
    found = await retrieve.search(
        own_store(request),
        asked.q,
        conversation=asked.conversation_id,
        kind=asked.kind,
        role=asked.role,
        since=asked.since,
        until=asked.until,
        context=asked.context,
        limit=asked.limit,
        cursor=asked.cursor,
    )
    hits = [_hit(hit) for hit in found.hits]
    return answer({"hits": hits, "next": found.next, "similar": found.similar, "note": found.note})


def _hit(hit: Hit) -> dict[str, Any]:
    return {
        "conversation_id": hit.conversation_id,
        "title": hit.title,
        "external_id": hit.external_id,
        "kind": hit.kind,
        "sequence_number": hit.sequence_number,
        "message_id": hit.message_id,
        "role": hit.role,
        "created_at": hit.created_at,
        "rank": round(hit.rank, 6),
        "snippet": [piece._asdict() for piece in hit.snippet],
        "before": [one._asdict() for one in hit.before],
        "after": [one._asdict() for one in hit.after],
    }
