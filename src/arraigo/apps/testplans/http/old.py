"""The endpoints that the old front end calls: to configure a plan, generate cases, and look conversations up."""

from typing import Annotated

from fastapi import APIRouter, Body, Query, Request
from fastapi.responses import Response

from arraigo.apps.testplans.http import answers, examples, shapes
from arraigo.apps.testplans.http.shared import OldRoute, Ref, planning, store_of
from arraigo.apps.testplans.http.types import Configure, Generate, Listing, TalkChanges
from arraigo.apps.testplans.rows import Talk
from arraigo.apps.testplans.talks import Filters, Talks
from arraigo.web.auth import own_store
from arraigo.web.routing import answer, by_example, shows

router = APIRouter(tags=["test plans"], route_class=OldRoute)

_ONE = "/api/conversation/{id}"
_Settings = Annotated[Configure, Body(openapi_examples=by_example(examples.CONFIGURE))]


async def _begin(request: Request, new: Configure) -> Talk:
    mine = await store_of(request, new.tester_id if new.tester_id is not None else new.user_id)
    return await mine.part(Talks).configure(new.configuration(), project=new.project_id, language=new.language)


@router.post(
    "/api/configure-plan",
    response_model=answers.Configured,
    responses=shows(200, examples.CONFIGURED, 404),
)
async def configure_plan(request: Request, new: _Settings) -> Response:
    """Begin a conversation about a test plan, with what it shall be like."""
    talk = await _begin(request, new)
    return answer(
        {
            "conversation_id": talk.id,
            "plan_configuration": shapes.configuration(talk.configuration),
            "project_id": talk.project_id,
            "status": "configured",
            "message": "Plan configuration saved successfully",
        }
    )


@router.post(
    "/api/generate-plan",
    response_model=answers.Generated,
    responses=shows(200, examples.GENERATED, 404, 409),
)
async def generate_plan(
    request: Request, asked: Annotated[Generate, Body(openapi_examples=by_example(examples.GENERATE))]
) -> Response:
    """Generate cases from the conversation's requirements, or go on with those there are, as you say.

    What you accepted or made by hand stays. `notes` say what could not be done, and why.
    """
    made = await planning(request, own_store(request)).generate(
        asked.conversation_id, asked.user_instructions.strip(), new_plan=asked.new_plan
    )
    return answer(shapes.round_(made))


@router.get(
    "/api/conversations",
    response_model=answers.TalkList,
    responses=shows(200, examples.CONVERSATIONS),
)
async def list_plan_conversations(request: Request, asked: Annotated[Listing, Query()]) -> Response:
    """Your conversations about test plans, the newest activity first, 50 at a time; `total` counts all that match."""
    mine = await store_of(request, asked.user_id)
    filters = Filters(asked.plan_type, asked.status, asked.since())  # type: ignore[arg-type] # made one by its validator
    found, total, following = await mine.part(Talks).list(filters, asked.cursor)
    return answer({"conversations": [shapes.listed(one) for one in found], "total": total, "next": following})


@router.post(
    "/api/conversation",
    status_code=201,
    response_model=answers.OneTalk,
    responses=shows(201, examples.CREATED, 404),
)
async def create_plan_conversation(request: Request, new: _Settings) -> Response:
    """The same as configure-plan, answered as a conversation."""
    talk = await _begin(request, new)
    body = {"conversation_id": talk.id, "conversation": shapes.talk(talk)}
    return answer(body, 201, {"Location": f"/api/conversation/{talk.id}"})


@router.get(_ONE, response_model=answers.WholeTalk, responses=shows(200, examples.CONVERSATION, 404))
async def get_plan_conversation(request: Request, ref: Ref) -> Response:
    """A conversation with all that was said, and its plans, the newest first."""
    return answer(shapes.whole_talk(await own_store(request).part(Talks).whole(ref)))


@router.put(_ONE, response_model=answers.OneTalk, responses=shows(200, examples.CHANGED, 404))
async def change_plan_conversation(
    request: Request, ref: Ref, changes: Annotated[TalkChanges, Body(openapi_examples=by_example(examples.CHANGES))]
) -> Response:
    """Change its title, its status, or what the plan shall be like; a plan that is there changes when it goes on."""
    talk = await own_store(request).part(Talks).change(ref, changes.changes())
    return answer({"conversation_id": talk.id, "conversation": shapes.talk(talk)})


@router.delete(_ONE, response_model=answers.Deleted, responses=shows(200, examples.DELETED, 404))
async def delete_plan_conversation(request: Request, ref: Ref) -> Response:
    """Delete a conversation with its documents, its plans, and all that was exported of them."""
    mine = own_store(request)
    talk = await mine.part(Talks).get(ref)
    await mine.conversations.delete(talk.id)
    return answer({"conversation_id": talk.id, "message": "Conversation deleted successfully"})
