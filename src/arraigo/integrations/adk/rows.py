"""One user's ADK sessions in the database: a session is a conversation, an event is a message."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from urllib.parse import quote
from uuid import UUID

from google.adk.events.event import Event

from arraigo.errors import Unavailable
from arraigo.ids import uuid7
from arraigo.integrations.adk.events import kept, message_id, said
from arraigo.integrations.adk.states import Places, as_columns, user_states
from arraigo.postgres.database import Ask
from arraigo.postgres.queries import load
from arraigo.store import checks
from arraigo.store.access import Access
from arraigo.store.context import conversation_id
from arraigo.store.types import Message

_QUERIES = load("arraigo.integrations.adk")
States = list[tuple[str, str, Any]]  # namespace, key, value


class Head(NamedTuple):
    """What a session's conversation says of it: names and the namespace of its state, the last event's time."""

    names: dict[str, str]
    updated: float
    last_sequence: int


class Rows:
    """One user's sessions, and the state kept under that user.

    Args:
        access: The user's (`UserStore.part`).
    """

    def __init__(self, access: Access) -> None:
        self._access = access

    async def create(self, names: Mapping[str, str], state: Mapping[str, Any], *, house: UUID, now: float) -> bool:
        """Make a session with its first state; False where there is one of that name."""
        owner = await self._access.identity()
        states = f"adk:session:{uuid7().hex}"
        places = Places(owner, house, states, user_states(names["app"]))
        id_, external_id = await self.id(names["app"], names["session"])
        values = {
            "id": id_,
            "owner": owner,
            "title": checks.text(f"{names['app']} {names['session']}"[:500], "title", most=500),
            "metadata": {"adk": {**names, "states": states}, "adk_updated": now},
            "external_id": external_id,
            "states": states,
            **as_columns(state, places),
        }
        asked = [Ask(_QUERIES.create_session, values, tuple), Ask(_QUERIES.first_states, values, tuple)]
        return bool((await self._access.database.fetch_all(asked, identity=owner))[0])

    async def id(self, app: str, session: str) -> tuple[UUID, str]:
        """The conversation's id, and the name it follows from."""
        external_id = checks.text(f"adk:{quote(app, safe='')}:{session}", "app and session id", most=255)
        return conversation_id(self._access.key, await self._access.identity(), external_id), external_id

    async def head(self, app: str, session: str) -> Head | None:
        """What is known of a session, without its events."""
        values = {"id": (await self.id(app, session))[0]}
        owner = await self._access.identity()
        found = await self._access.database.fetch(_QUERIES.session, values, _head, identity=owner)
        return found[0] if found else None

    async def read(
        self, app: str, session: str, *, after: float | None, limit: int | None
    ) -> tuple[Head, States, list[Message]] | None:
        """A session, the state of it and of its user, and its messages, the newest first."""
        owner = await self._access.identity()
        values = {
            "id": (await self.id(app, session))[0],
            "owner": owner,
            "user_states": user_states(app),
            "after": after,
            "limit": limit,
        }
        asked: list[Ask[Any]] = [
            Ask(_QUERIES.session, values, _head),
            Ask(_QUERIES.states_of_session, values, tuple),
            Ask(_QUERIES.events, values, Message._make),
        ]
        heads, states, messages = await self._access.database.fetch_all(asked, identity=owner)
        return (heads[0], states, messages) if heads else None

    async def of_app(self, app: str) -> tuple[list[Head], States]:
        """All sessions in an app, and their state and their user's."""
        owner = await self._access.identity()
        values = {"owner": owner, "app": app, "user_states": user_states(app)}
        asked: list[Ask[Any]] = [
            Ask(_QUERIES.sessions, values, _head),
            Ask(_QUERIES.states_of_sessions, values, tuple),
        ]
        heads, states = await self._access.database.fetch_all(asked, identity=owner)
        return heads, states

    async def states(self, namespace: str) -> States:
        """What is kept under this user in one namespace."""
        owner = await self._access.identity()
        values = {"owner": owner, "namespace": namespace}
        return await self._access.database.fetch(_QUERIES.states, values, _state, identity=owner)

    async def append(self, head: Head, event: Event, *, expected: int, house: UUID) -> tuple[str, int]:
        """Append an event and change the state with it; what became of it, and the last number now."""
        owner = await self._access.identity()
        app = head.names["app"]
        id_, _ = await self.id(app, head.names["session"])
        journal = self._access.journal
        if journal is not None and journal.holds(id_):
            raise Unavailable(
                f"what was written to session {head.names['session']!r:.80} while the database was away comes in first",
                safe="nothing was changed",
                remedy="try again",
            )
        role, content = said(event)
        message, metadata = message_id(event.id), kept(event)
        places = Places(owner, house, head.names["states"], user_states(app))
        values = {
            "owner": owner,
            "id": id_,
            "expected": expected,
            "event": message,
            "role": role,
            "content": content,
            "metadata": metadata,
            "information": {"adk_updated": event.timestamp},
            **as_columns(event.actions.state_delta or {}, places),
        }
        outcome, number, at = await self._access.database.call(_QUERIES.append_event, values, _outcome)
        if outcome == "stored" and journal is not None:  # what this process has seen, it can read while that is away
            journal.talks.appended(owner, id_, [Message(message, number, role, content, metadata, at, None, None)])
        return outcome, number


def _head(values: Sequence[Any]) -> Head:
    names, updated, last_sequence = values
    return Head(names, float(updated), last_sequence)


def _state(values: Sequence[Any]) -> tuple[str, str, Any]:
    namespace, key, value = values
    return namespace, key, value


def _outcome(values: Sequence[Any]) -> tuple[str, int, datetime]:
    outcome, number, at = values
    return outcome, number, at
