"""Cases: read, changed, deleted, and every change of them taken back."""

from typing import Annotated

from fastapi import Body, Query, Request
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from arraigo.apps.testplans.cases import Cases
from arraigo.apps.testplans.http import answers, examples, shapes
from arraigo.apps.testplans.http.shared import ETAG, CaseId, IfMatch, tag, version
from arraigo.apps.testplans.http.types import CaseChanges, Logged, Undo
from arraigo.apps.testplans.views import CaseView
from arraigo.web.auth import own_store
from arraigo.web.problems import documented
from arraigo.web.routing import answer, by_example, guarded_router, shows

router = guarded_router("test plans")

_SHOWN = shows(200, examples.CASE, 404)
_SHOWN[200] |= {"headers": ETAG}
_CHANGED = shows(200, examples.CHANGED_CASE, 404, 412)
_CHANGED[200] |= {"headers": ETAG}


async def _answer(mine: Cases, case: CaseView) -> Response:
    return answer(shapes.case(case, await mine.fields(case)), headers=tag(case.version))


@router.get("/api/cases/{id}", response_model=answers.CaseOut, responses=_SHOWN)
async def get_case(request: Request, id: CaseId) -> Response:
    """One case."""
    mine = own_store(request).part(Cases)
    return await _answer(mine, await mine.get(id))


@router.patch("/api/cases/{id}", response_model=answers.CaseOut, responses=_CHANGED)
async def change_case(
    request: Request,
    id: CaseId,
    changes: Annotated[CaseChanges, Body(openapi_examples=by_example(examples.CASE_CHANGES))],
    if_match: IfMatch = None,
) -> Response:
    """Change what is given, and nothing else. With If-Match, what somebody else has just changed is not overwritten."""
    mine = own_store(request).part(Cases)
    changed = await mine.change(id, changes.model_dump(mode="json", exclude_unset=True), version(if_match))
    if changed is None:
        raise HTTPException(412)
    return await _answer(mine, changed)


@router.delete("/api/cases/{id}", status_code=204, response_class=Response, responses=documented(404, 412))
async def delete_case(request: Request, id: CaseId, if_match: IfMatch = None) -> Response:
    """Delete a case. Its log stays, and with it the way back."""
    if not await own_store(request).part(Cases).delete(id, version(if_match)):
        raise HTTPException(412)
    return Response(status_code=204)


@router.get(
    "/api/cases/{id}/modifications",
    response_model=answers.ModificationList,
    responses=shows(200, examples.MODIFICATIONS, 404),
)
async def list_modifications(request: Request, id: CaseId, asked: Annotated[Logged, Query()]) -> Response:
    """What was changed of a case, the newest first: also of one that is deleted."""
    found = await own_store(request).part(Cases).modifications(id, asked.limit)
    return answer({"modifications": [shapes.modification(one) for one in found]})


@router.post("/api/cases/{id}/undo", response_model=answers.Undone, responses=shows(200, examples.UNDONE, 404, 409))
async def undo(
    request: Request, id: CaseId, change: Annotated[Undo, Body(openapi_examples=by_example(examples.UNDO))]
) -> Response:
    """Take one change back, a deletion too. 409 where what was changed has changed again since."""
    mine = own_store(request).part(Cases)
    case = await mine.undo(id, change.modification_id)
    return answer({"case": None if case is None else shapes.case(case, await mine.fields(case))})
