"""Interviews over HTTP, in the envelope that seed 1's clients know. An employee has their own, and nobody else's."""

import asyncio
from collections.abc import Callable
from http import HTTPStatus
from typing import Annotated, Any, TypeVar
from uuid import UUID

from fastapi import Body, FastAPI, Header, Path, Query, Request
from fastapi.responses import Response

from arraigo.apps.interviews import examples, exports
from arraigo.apps.interviews.context import ContextAway
from arraigo.apps.interviews.interview import Interview, Whole
from arraigo.apps.interviews.interviewer import rules
from arraigo.apps.interviews.interviewer.types import State
from arraigo.apps.interviews.migrating import AlreadyThere, Migrating
from arraigo.apps.interviews.service import Filters, Interviews, Office, of_employee
from arraigo.apps.interviews.turns import HOLD, Answered, pending_question
from arraigo.apps.interviews.types import (
    Asked,
    Continue,
    Export,
    InterviewOut,
    Listing,
    Migrate,
    Start,
    StatusChange,
    WholeInterview,
)
from arraigo.errors import AccessDenied
from arraigo.store import UserStore
from arraigo.store.access import Access
from arraigo.web.auth import caller, own_store
from arraigo.web.envelope import Envelope, done, enveloped_router, shows_enveloped
from arraigo.web.problems import problem
from arraigo.web.routing import by_example

T = TypeVar("T")
PREFIX = "/interviews"
router = enveloped_router("interviews")  # in whose addresses an id is a UUID: `export` is none

Id = Annotated[UUID, Path(alias="id", description="the interview", openapi_examples=by_example(examples.ID))]
Once = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=255,
        description="the same key again gives the same interview",
    ),
]


def furnish(app: FastAPI, office: Office) -> None:
    """Tell the routes who asks."""
    app.state.interviews = office


@router.post(
    f"{PREFIX}/start",
    status_code=201,
    response_model=Envelope[Asked],
    responses=shows_enveloped(201, examples.QUESTION, "the interview has begun", 404, 409),
)
async def start(
    request: Request, new: Annotated[Start, Body(openapi_examples=by_example(examples.START))], once: Once = None
) -> Response:
    """Begin an interview: its first question is asked and stored."""
    mine = await _interviews(request, new.employee_id)
    try:
        asked = await mine.start(new.language, new.technical_level, once=once)
    except ContextAway as away:
        return problem(503, str(away))
    return _asked(request, asked, "the interview has begun", 201)


@router.post(
    f"{PREFIX}/continue",
    response_model=Envelope[Asked],
    responses=shows_enveloped(200, examples.NEXT, "the answer is stored", 404, 409),
)
async def go_on(
    request: Request, answer: Annotated[Continue, Body(openapi_examples=by_example(examples.ANSWER))]
) -> Response:
    """Answer the question that waits; the next one comes back. The same answer again is one answer and one question."""
    mine = await _interviews(request)
    asked = await mine.answer(
        answer.interview_id, answer.user_response, message_id=answer.message_id, arrived=request.state.arrived
    )
    if answer.message_id is None:
        await asyncio.sleep(HOLD.total_seconds())
        await mine.note_delivery(asked, delivered=not await request.is_disconnected())
    return _asked(request, asked, "the interview is over" if asked.is_final else "the answer is stored")


@router.post(
    f"{PREFIX}/{{id:uuid}}/resume",
    response_model=Envelope[Asked],
    responses=shows_enveloped(200, examples.WAITING, "this question waits", 404, 409),
)
async def resume(request: Request, id: Id) -> Response:
    """The question that waits for its answer. One is put where none waits, as an interview may come from a browser."""
    return _asked(request, await (await _interviews(request)).resume(id), "this question waits")


_EXPORTED = shows_enveloped(200, examples.EXPORTED, "the interview, whole", 404)
_EXPORTED[200]["content"] |= {
    media: {"schema": {"type": "string"}, "example": shown} for media, shown in examples.TRANSCRIPTS.items()
}


@router.post(
    f"{PREFIX}/export",
    response_model=Envelope[dict[str, Any]],
    responses=_EXPORTED,
)
async def export(
    request: Request, asked: Annotated[Export, Body(openapi_examples=by_example(examples.EXPORT))]
) -> Response:
    """An interview as data, or as a transcript in Markdown, CSV or DOCX; made of what is stored alone."""
    whole = await (await _interviews(request)).get(asked.interview_id)
    if asked.format == "json":
        return done(exports.data(whole), "the interview, whole")
    file = await asyncio.to_thread(exports.transcript, whole, asked.format)
    return Response(file.data, 200, {"Content-Disposition": f'attachment; filename="{file.name}"'}, file.media_type)


_TAKEN = shows_enveloped(201, examples.MIGRATED, "the interview is stored", 404, 409)
_TAKEN |= shows_enveloped(200, examples.MIGRATED | {"total_messages": 4}, "the interview has grown")


@router.post(
    f"{PREFIX}/migrate",
    status_code=201,
    response_model=Envelope[InterviewOut],
    responses=_TAKEN,
)
async def migrate(
    request: Request,
    session: Annotated[Migrate, Body(openapi_examples=by_example(examples.MIGRATE))],  # noqa: ARG001 - read to the digit below
) -> Response:
    """Take over a session that a browser kept, once: 409 names the interview that it is, and says if it differs.

    One that went on in the browser, and not here, is taken again as far as it is new: 200.
    """
    mine = await _mine(request)
    try:
        taken = await mine(Migrating).migrate(await request.body())
    except ContextAway as away:
        return problem(503, str(away))
    except AlreadyThere as there:
        return problem(409, str(there), data={"interview_id": there.interview_id, "same": there.same})
    one = (await mine(Interviews).get(taken.interview_id)).interview
    if taken.grown:
        return done(_interview(one), "the interview has grown")
    return done(_interview(one), "the interview is stored", 201, headers={"Location": f"{PREFIX}/{one.id}"})


@router.get(
    PREFIX,
    response_model=Envelope[list[InterviewOut]],
    responses=shows_enveloped(200, [examples.INTERVIEW], "1 interview", pagination=examples.PAGE),
)
async def list_interviews(request: Request, asked: Annotated[Listing, Query()]) -> Response:
    """Your interviews, the newest first, a page at a time."""
    mine = await _interviews(request, asked.employee_id)
    filters = Filters(asked.status, asked.language, asked.start(), asked.end())
    found, total = await mine.list(filters, page=asked.page, page_size=asked.page_size)
    pages = {
        "page": asked.page,
        "page_size": asked.page_size,
        "total_items": total,
        "total_pages": -(-total // asked.page_size),
    }
    said = f"{total} interview" + "s" * (total != 1)
    return done([_interview(one) for one in found], said, pagination=pages)


@router.get(
    f"{PREFIX}/{{id:uuid}}",
    response_model=Envelope[WholeInterview],
    responses=shows_enveloped(200, examples.WHOLE, "the interview with its messages", 404),
)
async def get_interview(request: Request, id: Id) -> Response:
    """One of your interviews with its messages in order, and the question that waits."""
    whole = await (await _interviews(request)).get(id)
    return done(_whole(request, whole), "the interview with its messages")


@router.patch(
    f"{PREFIX}/{{id:uuid}}",
    response_model=Envelope[InterviewOut],
    responses=shows_enveloped(200, examples.CANCELLED, "the interview is cancelled", 404, 409),
)
async def change_status(
    request: Request, id: Id, change: Annotated[StatusChange, Body(openapi_examples=by_example(examples.STATUS))]
) -> Response:
    """End an interview, or take a cancelled one up again. What is completed stays so."""
    changed = await (await _interviews(request)).change_status(id, change.status)
    return done(_interview(changed), f"the interview is {changed.status.replace('_', ' ')}")


async def _interviews(request: Request, wanted: UUID | None = None) -> Interviews:
    """The caller's (see _mine)."""
    return (await _mine(request, wanted))(Interviews)


async def _mine(request: Request, wanted: UUID | None = None) -> Callable[[Callable[[Access, UUID, Office], T]], T]:
    """What belongs to the caller, by the employee that their token names.

    Raises:
        AccessDenied: It names none, or another one than is wanted; or their user is not active any more.
    """
    named = caller(request).employee_id
    try:
        employee = UUID(named or "")
    except ValueError:
        raise AccessDenied(
            "the token's employee_id is no UUID" if named else "the token names no employee",
            remedy="sign in with a token whose claim employee_id is the employee's UUID",
        ) from None
    if wanted is not None and wanted != employee:
        raise AccessDenied("the employee_id is not the token's", remedy="leave it out")
    owner, active = await of_employee(own_store(request), employee)
    if not active:
        raise AccessDenied("this employee's user is not active any more", remedy="ask an administrator")
    office: Office = request.app.state.interviews
    store: UserStore = request.app.state.store.for_user(owner)
    return lambda make: store.part(lambda access: make(access, employee, office))


def _interview(one: Interview) -> dict[str, Any]:
    return {
        "id_interview": one.id,
        "interview_id": one.id,
        "employee_id": one.employee_id,
        "session_id": one.session_id,
        "language": one.language,
        "technical_level": one.technical_level,
        "status": one.status,
        "started_at": one.started_at,
        "completed_at": one.completed_at,
        "created_at": one.created_at,
        "updated_at": one.updated_at,
        "total_messages": one.messages,
    }


def _whole(request: Request, whole: Whole) -> dict[str, Any]:
    pending = pending_question(whole)
    return _interview(whole.interview) | {
        "pending_question": pending and {"content": pending.content, "sequence_number": pending.number},
        "progress": _progress(request, whole.interview),
        "summary": whole.interview.summary,
        "messages": [
            {
                "id_message": said.id,
                "role": said.role,
                "content": said.content,
                "sequence_number": said.number,
                "created_at": said.created_at,
            }
            for said in whole.messages
        ],
    }


def _progress(request: Request, one: Interview) -> dict[str, int]:
    state = State.model_validate(one.state)
    office: Office = request.app.state.interviews
    return {"questions": state.asked, "topics_done": rules.done(office.plan, state), "topics": len(office.plan.topics)}


def _asked(request: Request, asked: Answered, message: str, status: int = 200) -> Response:
    one = asked.interview
    data = {
        "interview_id": one.id,
        "question": asked.question.content,
        "sequence_number": asked.question.number,
        "is_final": asked.is_final,
        "repeated": asked.repeated,
        "status": one.status,
        "language": one.language,
        "technical_level": one.technical_level,
        "progress": _progress(request, one),
        "summary": one.summary if asked.is_final else None,
    }
    headers = {"Location": f"{PREFIX}/{one.id}"} if status == HTTPStatus.CREATED else None
    return done(data, message, status, headers=headers)
