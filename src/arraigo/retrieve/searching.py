"""Search over one user's messages and titles, and the index behind it.

A search sees everything that was acknowledged: what is not indexed yet it reads as it stands, and when that is much, it
indexes some of it (docs/guides/search.md).
"""

import json
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from arraigo.errors import InvalidInput
from arraigo.postgres.arrays import text_array
from arraigo.postgres.database import Ask
from arraigo.postgres.queries import load
from arraigo.retrieve import query as queries
from arraigo.retrieve.cursors import Place, from_cursor, to_cursor
from arraigo.retrieve.snippets import pieces
from arraigo.retrieve.types import Found, Hit, Neighbour
from arraigo.store import checks
from arraigo.store.access import Access
from arraigo.store.context import Ref
from arraigo.store.stores import Store, UserStore

MAX_HITS = 100
MAX_CONTEXT = 5
_WORTH_INDEXING = 64  # messages that a search reads as they stand in less time than it takes to index them
_AT_ONCE = 1_000
_PATIENCE = 1.0  # seconds that a search gives to what it found unindexed
_OWNERS = 500
_LANGUAGES = {"es": "Spanish", "en": "English", "pt": "Portuguese"}
_FIRST = UUID(int=0)
_QUERIES = load("arraigo.retrieve")


async def search(
    user: UserStore,
    query: str,
    *,
    conversation: Ref | None = None,
    kind: str | None = None,
    role: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    context: int = 0,
    limit: int = 20,
    cursor: str | None = None,
) -> Found:
    """Find what a user's messages and titles say; the best hits first, the newer of two that are equal.

    Words are stemmed in Spanish, English and Portuguese, and have no accents and no case. All of them have to be there;
    `"words in a row"`, `-not` and `or` as in a web search. Where nothing says it as it is asked, words that are spelled
    nearly so are looked for, and parts of codes.

    Args:
        user: Whose messages.
        query: At most 1,000 characters and 32 words.
        conversation: Only in this one.
        kind: Only in conversations of this kind.
        role: Only what this role said; no titles then.
        since: Only what was made then or later; with a time zone.
        until: Only what was made before.
        context: How many messages before and after each hit to give with it, 0 to 5.
        limit: How many hits, 1 to 100.
        cursor: The last page's `next`.

    Raises:
        InvalidInput: There is nothing to look for in it, or a value is outside its limits.
        NotFound: There is no such conversation.
    """
    asked = queries.read(query)
    if not 0 <= context <= MAX_CONTEXT:
        raise InvalidInput(f"a context of {context} is not possible: 0 to {MAX_CONTEXT}")
    place = None if cursor is None else from_cursor(cursor)
    filters = {
        "kind": None if kind is None else checks.one_of(kind, "kind", checks.KINDS),
        "role": None if role is None else checks.one_of(role, "role", checks.ROLES),
        "since": _aware(since, "since"),
        "until": _aware(until, "until"),
        "conversation": None if conversation is None else (await user.conversations.get(conversation)).id,
        "limit": checks.limit(limit, MAX_HITS) + 1,
    }
    access = user.part(_as_it_is)
    found = await _found(access, asked, filters, place)
    similar = place is not None and place.similar
    if not found and place is None and not asked.exact and (like := await _like(access, asked)):
        found = await _found(access, asked, filters, place, like)
        similar = bool(found)
    hits = found[:limit]
    if context:
        hits = await _with_neighbours(access, hits, context)
    more = len(found) > limit
    note = None if hits else await _note(access, asked)
    return Found(hits, _next(hits[-1], similar=similar) if more else None, similar, note)


async def index(store: Store, *, thorough: bool = False, patience: float | None = None) -> int:
    """Index what anybody has and is not indexed yet; how many messages and titles those were.

    Searches find them before, only slower. `arraigo worker` does this every minute.

    Args:
        store: What to index.
        thorough: Whether to look at what has been silent since long ago, too.
        patience: After how many seconds to stop; when all is done, if not given.
    """
    database = store._database  # noqa: SLF001 - the worker's own question
    started, done, after = time.monotonic(), 0, _FIRST
    while True:
        values = {"thorough": thorough, "after": after, "limit": _OWNERS}
        owners: list[tuple[UUID]] = await database.fetch(_QUERIES.owners_behind, values, tuple)
        for (owner,) in owners:
            left = None if patience is None else patience - (time.monotonic() - started)
            access = store.for_user(owner).part(_as_it_is)
            done += await _index(access, thorough=thorough, patience=left)
        if len(owners) < _OWNERS or (patience is not None and time.monotonic() - started > patience):
            return done
        after = owners[-1][0]


def _as_it_is(access: Access) -> Access:
    """The query door in a user's name."""
    return access


async def _index(access: Access, *, thorough: bool = False, patience: float | None = None) -> int:
    """Index what a user has, a piece at a time, each in a transaction of its own."""
    started, done = time.monotonic(), 0
    values = {"thorough": thorough, "least": 0, "limit": _AT_ONCE}
    while patience is None or time.monotonic() - started < patience:
        [(step,)] = await access.database.fetch(_QUERIES.index, values, tuple, identity=await access.identity())
        done += step
        if step < _AT_ONCE:
            break
    return done


async def _found(
    access: Access,
    asked: queries.Asked,
    filters: dict[str, Any],
    place: Place | None,
    like: str | None = None,
) -> list[Hit]:
    """The hits behind a place, one more than the page has."""
    if place is not None and place.similar:
        like = await _like(access, asked)
    values = {**filters, "query": asked.text, "like": like} | {
        "rank": place and place.rank,
        "time": place and place.created_at,
        "talk": place and place.conversation_id,
        "number": place and place.number,
    }
    step, rows = await access.database.fetch_all(
        [
            Ask(_QUERIES.index, {"thorough": False, "least": _WORTH_INDEXING, "limit": _AT_ONCE}, tuple),
            Ask[Any](_QUERIES.search, values, tuple),
        ],
        identity=await access.identity(),
    )
    if step[0][0] == _AT_ONCE:
        await _index(access, patience=_PATIENCE)
    return [_hit(row) for row in rows]


async def _like(access: Access, asked: queries.Asked) -> str | None:
    """For each word of a query those that are spelled nearly so, as the function wants it; None when there are none."""
    values = {"words": text_array(asked.words)}
    found: list[tuple[str, list[str]]] = await access.database.fetch(
        _QUERIES.like, values, tuple, identity=await access.identity()
    )
    if not any(like for _, like in found):
        return None
    return json.dumps([{"word": word, "like": like} for word, like in found])


async def _with_neighbours(access: Access, hits: list[Hit], reach: int) -> list[Hit]:
    said = [(place, hit) for place, hit in enumerate(hits) if hit.sequence_number is not None]
    owner = await access.identity()
    values = {
        "conversations": text_array(str(hit.conversation_id) for _, hit in said),
        "numbers": text_array(str(hit.sequence_number) for _, hit in said),
        "owner": owner,
        "reach": reach,
    }
    rows: list[Sequence[Any]] = await access.database.fetch(_QUERIES.around, values, tuple, identity=owner)
    found = list(hits)
    for number, (place, hit) in enumerate(said, start=1):
        beside = [Neighbour(*row[1:]) for row in rows if row[0] == number]
        before = [one for one in beside if one.sequence_number < (hit.sequence_number or 0)]
        found[place] = replace(hit, before=tuple(before), after=tuple(beside[len(before) :]))
    return found


def _hit(row: Sequence[Any]) -> Hit:
    talk, title, external_id, kind, number, message, role, made, rank, piece, marked, cut_before, cut_behind = row
    snippet = pieces(piece, marked, cut_before=cut_before, cut_behind=cut_behind)
    return Hit(talk, title, external_id, kind, number, message, role, made, rank, snippet)


def _next(last: Hit, *, similar: bool) -> str:
    return to_cursor(Place(similar, last.rank, last.created_at, last.conversation_id, last.sequence_number or 0))


async def _note(access: Access, asked: queries.Asked) -> str | None:
    """Why there is nothing, when that may lie in the query."""
    heard: list[tuple[str]] = await access.database.fetch(_QUERIES.heard, {"query": asked.text}, tuple)
    silent = [name for language, name in _LANGUAGES.items() if (language,) not in heard]
    if not silent:
        return None
    return f"in {' and '.join(silent)} these words are in nearly every text, and are not searched for"


def _aware(moment: datetime | None, what: str) -> datetime | None:
    if moment is not None and moment.tzinfo is None:
        raise InvalidInput(f"{what} has no time zone", remedy="give one, such as datetime(…, tzinfo=UTC)")
    return moment
