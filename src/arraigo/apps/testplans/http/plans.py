"""Plans: read, exported, added to, decided on."""

from typing import Annotated, Any

from fastapi import Body, Query, Request
from fastapi.responses import Response

from arraigo.apps.testplans.cases import Cases, Chosen
from arraigo.apps.testplans.exporting import Export, Exports
from arraigo.apps.testplans.http import answers, examples, shapes
from arraigo.apps.testplans.http.shared import ETAG, ExportId, PlanId, exports, tag, work
from arraigo.apps.testplans.http.types import Decide, NewCase, NewExport, Order, PlanChanges, Reporting
from arraigo.apps.testplans.reading import Plans
from arraigo.apps.testplans.reports import Reports
from arraigo.web.auth import own_store
from arraigo.web.routing import answer, by_example, guarded_router, rooted, shows

router = guarded_router("test plans")

_MADE = shows(201, examples.MANUAL_CASE, 404)
_MADE[201] |= {"headers": ETAG}
_EXPORTED = shows(201, examples.EXPORT, 404)
_EXPORTED[202] = {
    "description": "It is being written",
    "model": answers.ExportOut,
    "content": {"application/json": {"example": examples.PENDING_EXPORT}},
}


@router.get("/api/plans/{id}", response_model=answers.WholePlan, responses=shows(200, examples.PLAN, 404))
async def get_plan(request: Request, id: PlanId) -> Response:
    """A plan with its cases, in the order that people gave them."""
    return answer(shapes.whole_plan(await own_store(request).part(Plans).get(id)))


@router.patch("/api/plans/{id}", response_model=answers.PlanOut, responses=shows(200, examples.PLAN_CHANGED, 404))
async def change_plan(
    request: Request, id: PlanId, changes: Annotated[PlanChanges, Body(openapi_examples=by_example(examples.ACTIVE))]
) -> Response:
    """Say how far a plan is, or call it otherwise."""
    return answer(shapes.plan(await own_store(request).part(Plans).change(id, **changes.model_dump())))


@router.get(
    "/api/plans/{id}/coverage", response_model=answers.CoverageOut, responses=shows(200, examples.COVERAGE, 404)
)
async def get_coverage(request: Request, id: PlanId) -> Response:
    """What a plan covers: by requirement and by technique; and why not, where no case does."""
    return answer(shapes.coverage((await own_store(request).part(Plans).get(id)).coverage))


@router.post("/api/plans/{id}/cases", status_code=201, response_model=answers.CaseOut, responses=_MADE)
async def add_case(
    request: Request, id: PlanId, new: Annotated[NewCase, Body(openapi_examples=by_example(examples.NEW_CASE))]
) -> Response:
    """Add a case made by hand. The fields of the plan's project go beside the others."""
    mine = own_store(request).part(Cases)
    made = await mine.add(id, new.model_dump(mode="json", exclude_unset=True))
    headers = tag(made.version) | {"Location": f"/api/cases/{made.id}"}
    return answer(shapes.case(made, await mine.fields(made)), 201, headers)


@router.post("/api/plans/{id}/decide", response_model=answers.Decided, responses=shows(200, examples.DECIDED, 404))
async def decide(
    request: Request, id: PlanId, decision: Annotated[Decide, Body(openapi_examples=by_example(examples.DECIDE))]
) -> Response:
    """Accept or discard many cases at once: those that are named, or those that are alike. All of it, or nothing."""
    where = decision.where
    chosen = Chosen(decision.case_ids) if where is None else Chosen(None, **where.model_dump())
    changed = await own_store(request).part(Cases).decide(id, chosen, decision.status)
    return answer({"changed": len(changed), "case_ids": changed})


@router.post("/api/plans/{id}/order", response_model=answers.Ordered, responses=shows(200, examples.ORDERED, 404))
async def order(
    request: Request, id: PlanId, wanted: Annotated[Order, Body(openapi_examples=by_example(examples.ORDER))]
) -> Response:
    """Put cases into an order: they take the places that they have together. Their numbers stay."""
    return answer({"case_ids": await own_store(request).part(Cases).order(id, wanted.case_ids)})


@router.post("/api/plans/{id}/exports", status_code=201, response_model=answers.ExportOut, responses=_EXPORTED)
async def export_plan(
    request: Request, id: PlanId, new: Annotated[NewExport, Body(openapi_examples=by_example(examples.NEW_EXPORT))]
) -> Response:
    """Make a file of a plan, kept for a day. A plan of more than 500 cases is written in the background: 202."""
    mine = exports(request)
    made = await mine.add(id, new.format, include_metadata=new.include_metadata)
    pending = made.status == "pending"
    if pending:
        work(request).come()
    body = await _export(request, mine, made)
    return answer(body, 202 if pending else 201, {"Location": f"/api/exports/{made.id}"})


@router.get("/api/exports/{id}", response_model=answers.ExportOut, responses=shows(200, examples.EXPORT, 404, 410))
async def get_export(request: Request, id: ExportId) -> Response:
    """An export, with a link to its bytes once it is ready, for whoever has the link, until it expires."""
    mine = exports(request)
    made = await mine.get(id)
    return answer(await _export(request, mine, made))


@router.get("/api/reports", response_model=answers.Report, responses=shows(200, examples.REPORT))
async def get_reports(request: Request, asked: Annotated[Reporting, Query()]) -> Response:
    """Figures over all of your plans: plans, cases, and how requirement coverage grew (days of UTC)."""
    return answer(await own_store(request).part(Reports).get(asked.days))


async def _export(request: Request, mine: Exports, made: Export) -> dict[str, Any]:
    link = await mine.link(made)
    return shapes.export(made, None if link is None else rooted(request, link.path))
