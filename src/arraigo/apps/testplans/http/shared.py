"""What the routes of test plans share."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Annotated, Any
from uuid import UUID
from weakref import WeakValueDictionary

from fastapi import Header, Path, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response

from arraigo.apps.testplans.exporting import Exports, Render, render
from arraigo.apps.testplans.generators import Generator, Offline
from arraigo.apps.testplans.http import examples
from arraigo.apps.testplans.planning import Planning
from arraigo.apps.testplans.reader import ProcessReader, Reader
from arraigo.apps.testplans.talks import Talks
from arraigo.apps.testplans.work import Work
from arraigo.errors import AccessDenied, InvalidInput, TooLarge
from arraigo.store import Store, UserStore
from arraigo.web.auth import caller, own_store
from arraigo.web.problems import documented, invalid, problem
from arraigo.web.routing import GuardedRoute, by_example


@dataclass(frozen=True, slots=True)
class Workshop:
    """What all test plans of one server share: who generates, who reads documents, who writes exports."""

    generator: Generator = field(default_factory=Offline)
    reader: Reader = field(default_factory=ProcessReader)
    write: Render = render
    turns: WeakValueDictionary[UUID, asyncio.Lock] = field(default_factory=WeakValueDictionary)


class OldRoute(GuardedRoute):
    """A route that an old front end calls: it knows 400 for what is missing or wrong."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        options["responses"] = documented(400) | (options.get("responses") or {})
        super().__init__(path, endpoint, **options)

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler, with 400 in the place of 422."""
        handle = super().get_route_handler()

        async def lenient(request: Request) -> Response:
            try:
                return await handle(request)
            except RequestValidationError as error:
                return invalid(error, 400)
            except TooLarge:
                raise
            except InvalidInput as error:
                return problem(400, str(error))

        return lenient


Ref = Annotated[
    str,
    Path(
        alias="id",
        min_length=1,
        max_length=255,
        description="the conversation's id, or its external_id",
        openapi_examples=by_example(examples.CONVERSATION_ID),
    ),
]
PlanId = Annotated[UUID, Path(alias="id", description="the plan", openapi_examples=by_example(examples.PLAN_ID))]
CaseId = Annotated[UUID, Path(alias="id", description="the case", openapi_examples=by_example(examples.CASE_ID))]
ExportId = Annotated[UUID, Path(alias="id", description="the export", openapi_examples=by_example(examples.EXPORT_ID))]
IfMatch = Annotated[
    str | None,
    Header(
        alias="If-Match",
        pattern=r'^(\*|"[0-9]{1,18}")$',
        description="the ETag that was seen: 412 if the case has changed since",
    ),
]


def workshop(request: Request) -> Workshop:
    """The server's."""
    found: Workshop = request.app.state.testplans
    return found


def work(request: Request) -> Work:
    """What the server does in the background."""
    found: Work = request.app.state.testplans_work
    return found


def planning(request: Request, mine: UserStore) -> Planning:
    """The caller's rounds of generating."""
    shop = workshop(request)
    return mine.part(lambda access: Planning(access, shop.generator, shop.turns))


def exports(request: Request) -> Exports:
    """The caller's exports."""
    shop = workshop(request)
    return own_store(request).part(lambda access: Exports(access, shop.write))


async def store_of(request: Request, name: str | None) -> UserStore:
    """The store of the user who is named: the caller, or for an admin anybody, by id.

    Raises:
        AccessDenied: It is somebody else, and the caller is no admin.
    """
    mine = own_store(request)
    if name is None:
        return mine
    try:
        await mine.part(Talks).check_is_me(name)
    except AccessDenied:
        theirs = _theirs(request, name)
        if theirs is None:
            raise
        await theirs.part(Talks).check_is_me(name)
        return theirs
    return mine


def _theirs(request: Request, name: str) -> UserStore | None:
    if "admin" not in caller(request).roles:
        return None
    store: Store = request.app.state.store
    try:
        return store.for_user(UUID(name))
    except ValueError:
        return None


def version(etag: str | None) -> int | None:
    """Which version a case has to have."""
    return None if etag in (None, "*") else int(etag.strip('"'))


def tag(version: int) -> dict[str, str]:
    """The ETag of a case."""
    return {"ETag": f'"{version}"'}


ETAG: dict[str, Any] = {"ETag": {"description": "its version, for If-Match", "schema": {"type": "string"}}}
