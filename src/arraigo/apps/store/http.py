"""The store over HTTP: everybody's own conversations and their messages."""

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import Body, Depends, Header, Path, Query, Request
from fastapi.responses import Response

from arraigo.apps.store import examples
from arraigo.apps.store.types import (
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
    Number,
    OneOrMany,
    Reading,
    Ref,
    Stored,
    WholeConversation,
)
from arraigo.ids import derived
from arraigo.store import UserStore
from arraigo.store.types import Conversation, Message, NewMessage
from arraigo.web.auth import Caller
from arraigo.web.problems import documented
from arraigo.web.routing import answer, guarded_router

router = guarded_router("conversations")


async def _mine(request: Request, caller: Caller) -> UserStore:
    store: UserStore = request.app.state.store.for_user(caller.user_id)
    return store


Mine = Annotated[UserStore, Depends(_mine)]


def _shows(status: int, example: Any, *problems: int) -> dict[int | str, dict[str, Any]]:
    return {status: {"content": {"application/json": {"example": example}}}} | documented(*problems)


def _conversation(talk: Conversation) -> dict[str, Any]:
    return {
        "id": talk.id,
        "conversation_id": talk.id,
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
    }


def _message(message: Message) -> dict[str, Any]:
    return {
        "id": message.id,
        "sequence_number": message.sequence_number,
        "role": message.role,
        "content": message.content,
        "metadata": message.metadata or {},
        "created_at": message.created_at,
        "edited_at": message.edited_at,
        "deleted_at": message.deleted_at,
    }
