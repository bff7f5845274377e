"""Everybody's own state over HTTP; with ETags, so that nobody overwrites what somebody else has just changed."""

from typing import Annotated, Any

from fastapi import Body, Header, Path, Query, Request
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from arraigo.apps.state import examples
from arraigo.apps.state.types import Listing, NewState, StateList, StateOut
from arraigo.errors import InvalidInput, NotFound
from arraigo.store.types import Entry
from arraigo.web.auth import own_store
from arraigo.web.problems import documented
from arraigo.web.routing import JOURNALLED, answer, by_example, guarded_router, kept, shows

router = guarded_router("state")
_ONE = "/state/{namespace}/{key:path}"  # a key may have slashes


Namespace = Annotated[
    str,
    Path(
        min_length=1,
        max_length=255,
        description="what the keys belong to; in an address without a slash",
        openapi_examples=by_example(examples.NAMESPACE),
    ),
]
Key = Annotated[
    str,
    Path(min_length=1, max_length=255, description="the value's name there", openapi_examples=by_example(examples.KEY)),
]
IfMatch = Annotated[
    str | None,
    Header(alias="If-Match", pattern=r'^"[0-9]{1,19}"$', description="the ETag that was seen: 412 if it has changed"),
]
IfNoneMatch = Annotated[
    str | None, Header(alias="If-None-Match", pattern=r"^\*$", description="`*`: 412 if there is a value already")
]
_KEPT: dict[int | str, dict[str, Any]] = {
    204: {"headers": {"ETag": {"description": "its version, for If-Match", "schema": {"type": "string"}}}}
}


@router.get("/state/{namespace}", response_model=StateList, responses=shows(200, examples.ENTRIES))
async def list_state(request: Request, namespace: Namespace, asked: Annotated[Listing, Query()]) -> Response:
    """The values of a namespace, by key."""
    page = await own_store(request).state.list(
        namespace, prefix=asked.prefix, limit=asked.limit, cursor=asked.cursor or None
    )
    return answer({"entries": [_entry(entry) for entry in page.items], "next": page.next})


@router.get(_ONE, response_model=StateOut, responses=shows(200, examples.VALUE, 404))
async def get_state(request: Request, namespace: Namespace, key: Key) -> Response:
    """One value. What has expired is not there."""
    entry = await own_store(request).state.entry(namespace, key)
    if entry is None:
        raise _missing(namespace, key)
    return answer({"value": entry.value, "expires_at": entry.expires_at}, headers=_etag(entry))


@router.put(
    _ONE,
    status_code=204,
    response_class=Response,
    responses=_KEPT | documented(412) | JOURNALLED,
)
async def put_state(
    request: Request,
    namespace: Namespace,
    key: Key,
    new: Annotated[NewState, Body(openapi_examples=by_example(examples.NEW))],
    if_match: IfMatch = None,
    if_none_match: IfNoneMatch = None,
) -> Response:
    """Keep a value, in the place of the one before and of its expiry."""
    state = own_store(request).state
    if if_match is not None and if_none_match is not None:
        raise InvalidInput("If-Match and If-None-Match are given together", remedy="give one of them")
    entry: Entry | None
    if if_match is None and if_none_match is None:
        entry = await state.set(namespace, key, new.value, ttl=new.ttl_seconds)
    else:
        entry = await state.compare_and_set(namespace, key, _version(if_match), new.value, ttl=new.ttl_seconds)
    if entry is None:
        raise HTTPException(412)
    return kept(entry.stored, _etag(entry))


@router.delete(_ONE, status_code=204, response_class=Response, responses=documented(404, 412) | JOURNALLED)
async def delete_state(request: Request, namespace: Namespace, key: Key, if_match: IfMatch = None) -> Response:
    """Delete a value."""
    gone = await own_store(request).state.delete(namespace, key, expected_version=_version(if_match))
    if gone is None:
        raise _missing(namespace, key) if if_match is None else HTTPException(412)
    return kept(gone.stored)


def _entry(entry: Entry) -> dict[str, Any]:
    return {
        "key": entry.key,
        "value": entry.value,
        "version": entry.version,
        "expires_at": entry.expires_at,
        "updated_at": entry.updated_at,
    }


def _missing(namespace: str, key: str) -> NotFound:
    return NotFound(f"there is no {key!r:.80} in {namespace!r:.80}")


def _etag(entry: Entry) -> dict[str, str]:
    return {"ETag": f'"{entry.version}"'}


def _version(etag: str | None) -> int | None:
    return None if etag is None else int(etag.strip('"'))
