"""The store over HTTP: everybody's own conversations and their messages."""

from typing import Annotated, Any

from fastapi import Body, Header, Path, Query, Request
from fastapi.responses import Response

from arraigo.apps.store import examples
from arraigo.apps.store.types import (
    MAX_BIGINT,
    MAX_MESSAGES,
    ConversationChanges,
    ConversationList,
    ConversationOut,
    Listing,
    MessageChanges,
    MessageList,
    MessageOut,
    NewConversation,
    NewMessages,
    OneOrMany,
    Reading,
    Stored,
    WholeConversation,
)
from arraigo.ids import derived
from arraigo.store.types import Conversation, Message, NewMessage
from arraigo.web.auth import caller, own_store
from arraigo.web.problems import documented
from arraigo.web.routing import JOURNALLED, answer, by_example, guarded_router, kept, shows

router = guarded_router("conversations")

Ref = Annotated[
    str,
    Path(
        alias="id",
        min_length=1,
        max_length=255,
        description="the conversation's id, or your external_id for it",
        openapi_examples=by_example(examples.CONVERSATION_ID),
    ),
]
Number = Annotated[
    int, Path(alias="sequence_number", ge=1, le=MAX_BIGINT, description="which message", openapi_examples=by_example(2))
]
Once = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=255,
        description="the same key again, with the same messages, stores nothing twice; for messages without ids",
    ),
]

_STORED: dict[int | str, dict[str, Any]] = {
    201: {
        "content": {
            "application/json": {
                "examples": {
                    "one": {"summary": "one message", "value": examples.STORED_ONE},
                    "many": {"summary": "several messages", "value": examples.STORED_MANY},
                }
            }
        }
    }
}
_STATUS = {"database": 201, "journal": 202}
_TAKEN = JOURNALLED[202]["description"]
_TAKEN_CONVERSATION = shows(202, examples.CONVERSATION | {"stored": "journal"})
_TAKEN_CONVERSATION[202] |= {"description": _TAKEN, "model": ConversationOut}
_TAKEN_MESSAGES = shows(202, examples.TAKEN)
_TAKEN_MESSAGES[202] |= {"description": _TAKEN, "model": Stored}


def _conversation(talk: Conversation) -> dict[str, Any]:
    return {
        "id": talk.id,
        "conversation_id": talk.external_id or str(talk.id),
        "project_id": talk.project_id,
        "kind": talk.kind,
        "title": talk.title,
        "status": talk.status,
        "language": talk.language,
        "settings": talk.settings,
        "metadata": talk.metadata,
        "external_id": talk.external_id,
        "last_sequence": talk.last_sequence,
        "created_at": talk.created_at,
        "updated_at": talk.updated_at,
        "completed_at": talk.completed_at,
        "stored": talk.stored,
    }


def _message(message: Message) -> dict[str, Any]:
    return {
        "id": message.id,
        "sequence_number": message.sequence_number or None,
        "role": message.role,
        "content": message.content,
        "metadata": message.metadata or {},
        "created_at": message.created_at,
        "edited_at": message.edited_at,
        "deleted_at": message.deleted_at,
    }


@router.get(
    "/conversations",
    response_model=ConversationList,
    responses=shows(200, examples.CONVERSATIONS),
)
async def list_conversations(request: Request, asked: Annotated[Listing, Query()]) -> Response:
    """Your conversations, the newest activity first."""
    mine = own_store(request)
    page = await mine.conversations.list(status=asked.status, kind=asked.kind, limit=asked.limit, cursor=asked.cursor)
    body: dict[str, Any] = {
        "conversations": [_conversation(talk) for talk in page.items],
        "next": page.next,
    }
    if asked.total:
        body["total"] = await mine.conversations.count(status=asked.status, kind=asked.kind)
    return answer(body)


@router.post(
    "/conversations",
    status_code=201,
    response_model=ConversationOut,
    responses=shows(201, examples.CONVERSATION, 404, 409) | _TAKEN_CONVERSATION,
)
async def create_conversation(
    request: Request, new: Annotated[NewConversation, Body(openapi_examples=by_example(examples.NEW_CONVERSATION))]
) -> Response:
    """Make a conversation. One of this external_id that you have already is a 409 that names it."""
    mine = own_store(request)
    talk = await mine.conversations.create(**new.model_dump())
    return answer(_conversation(talk), _STATUS[talk.stored], {"Location": f"/conversations/{talk.id}"})


@router.get(
    "/conversations/{id}",
    response_model=WholeConversation,
    responses=shows(200, examples.WHOLE, 404),
)
async def get_conversation(request: Request, ref: Ref) -> Response:
    """One conversation with its last 1,000 messages, ascending; with cursor as `before`, older ones are read."""
    mine = own_store(request)
    talk = await mine.conversations.get(ref)
    messages = await mine.messages.list(talk.id, last=MAX_MESSAGES)
    older = messages[0].sequence_number if messages and messages[0].sequence_number > 1 else None
    return answer({**_conversation(talk), "messages": [_message(message) for message in messages], "cursor": older})


@router.patch(
    "/conversations/{id}",
    response_model=ConversationOut,
    responses=shows(200, examples.CHANGED, 404),
)
async def change_conversation(
    request: Request,
    ref: Ref,
    changes: Annotated[ConversationChanges, Body(openapi_examples=by_example(examples.CONVERSATION_CHANGES))],
) -> Response:
    """Change what is given, and nothing else."""
    mine = own_store(request)
    return answer(_conversation(await mine.conversations.update(ref, **changes.model_dump(exclude_unset=True))))


@router.delete("/conversations/{id}", status_code=204, response_class=Response, responses=documented(404) | JOURNALLED)
async def delete_conversation(request: Request, ref: Ref) -> Response:
    """Delete a conversation and all that hangs under it."""
    mine = own_store(request)
    return kept(await mine.conversations.delete(ref))


@router.post(
    "/conversations/{id}/messages",
    status_code=201,
    response_model=Stored,
    responses=_STORED | documented(404, 409) | _TAKEN_MESSAGES,
)
async def append_messages(
    request: Request,
    ref: Ref,
    body: Annotated[
        OneOrMany,
        Body(
            openapi_examples={
                "one": {"summary": "one message", "value": examples.NEW_MESSAGE},
                "many": {"summary": "several messages", "value": examples.NEW_MESSAGES},
            }
        ),
    ],
    once: Once = None,
) -> Response:
    """Append one message or several. They get the next numbers, and stay together."""
    mine = own_store(request)
    new = body.messages if isinstance(body, NewMessages) else [body]
    identities = [message.id for message in new]
    if once is not None:
        ref = str((await mine.conversations.get(ref)).id)  # the same key counts under both of its names
        identities = [
            identity or derived(caller(request).user_id.bytes, "message", ref, once, str(place))
            for place, identity in enumerate(identities)
        ]
    stored = await mine.messages.append(
        ref,
        [
            NewMessage(message.role, message.content, identity, message.metadata)
            for message, identity in zip(new, identities, strict=True)
        ],
    )
    where = stored[0].stored
    return answer({"stored": where, "messages": [_message(message) for message in stored]}, _STATUS[where])


@router.get(
    "/conversations/{id}/messages",
    response_model=MessageList,
    responses=shows(200, examples.MESSAGES, 404),
)
async def list_messages(request: Request, ref: Ref, asked: Annotated[Reading, Query()]) -> Response:
    """Messages, ascending: the last 50, or as asked. What has been read stays a prefix of what comes later."""
    mine = own_store(request)
    limit = asked.limit or 50
    if asked.after is not None:
        messages = await mine.messages.list(ref, after=asked.after, limit=limit)
    elif asked.before is not None:
        talk = await mine.conversations.get(ref)
        before = min(asked.before, talk.last_sequence + 1)
        first = max(before - limit, 1)  # numbers have no gaps
        messages = []
        if first < before:
            messages = await mine.messages.list(talk.id, after=first - 1, limit=before - first)
    else:
        messages = await mine.messages.list(ref, last=asked.last or 50)
    return answer({"messages": [_message(message) for message in messages]})


@router.patch(
    "/conversations/{id}/messages/{sequence_number}",
    response_model=MessageOut,
    responses=shows(200, examples.EDITED, 404, 409),
)
async def change_message(
    request: Request,
    ref: Ref,
    number: Number,
    changes: Annotated[MessageChanges, Body(openapi_examples=by_example(examples.MESSAGE_CHANGES))],
) -> Response:
    """Change what a message says; what it said before is kept. A deleted message is a 409."""
    mine = own_store(request)
    return answer(_message(await mine.messages.edit(ref, number, content=changes.content, metadata=changes.metadata)))


@router.delete(
    "/conversations/{id}/messages/{sequence_number}",
    status_code=204,
    response_class=Response,
    responses=documented(404, 409) | JOURNALLED,
)
async def delete_message(request: Request, ref: Ref, number: Number) -> Response:
    """Take away what a message says. Its number stays as a tombstone, and is never used again."""
    mine = own_store(request)
    return kept(await mine.messages.delete(ref, number))
