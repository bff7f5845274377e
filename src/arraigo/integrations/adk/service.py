"""Google ADK's `BaseSessionService`: a session is a conversation, an event is a message, state is state."""

import asyncio
import copy
from types import TracebackType
from typing import Any, Self
from weakref import WeakValueDictionary

from google.adk.errors._stale_session_error import StaleSessionError
from google.adk.errors.already_exists_error import AlreadyExistsError
from google.adk.errors.session_not_found_error import SessionNotFoundError
from google.adk.events.event import Event
from google.adk.platform import time as platform_time
from google.adk.platform import uuid as platform_uuid
from google.adk.sessions.base_session_service import BaseSessionService, GetSessionConfig, ListSessionsResponse
from google.adk.sessions.session import Session

from arraigo.errors import Conflict, NotFound
from arraigo.integrations.adk.events import event_of, message_id
from arraigo.integrations.adk.rows import Head, Rows, States
from arraigo.integrations.adk.states import APP_STATES, USERS, merged, user_states
from arraigo.integrations.people import People
from arraigo.store import Store, UserStore


class ArraigoSessionService(BaseSessionService):
    """Sessions that outlive the process, each visible to its own user like any other conversation.

    Args:
        store: An open store; without one, the environment's is opened at the first use, and closed by `close`.
        provider: Who vouches for ADK's user ids; without it they are the store's local users (`store.as_user`).
    """

    def __init__(self, store: Store | None = None, *, provider: str | None = None) -> None:
        self._people = People(store, provider)
        # Agents of one invocation share a Session object: one append brings it up to date before the next looks at it.
        self._locks: WeakValueDictionary[tuple[str, str, str], asyncio.Lock] = WeakValueDictionary()

    async def close(self) -> None:
        """Close the store, if it was opened here."""
        await self._people.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def create_session(
        self,
        *,
        app_name: str,
        user_id: str,
        state: dict[str, Any] | None = None,
        session_id: str | None = None,
    ) -> Session:
        """Make a session.

        Raises:
            AlreadyExistsError: There is one of this id.
        """
        session_id = (session_id or "").strip() or platform_uuid.new_uuid()
        user, house = await self._people.user(user_id), await self._house(app_name)
        await house.state.set(USERS, user_id, value=True)
        names = {"app": app_name, "user": user_id, "session": session_id}
        now = platform_time.get_time()
        if not await user.part(Rows).create(names, state or {}, house=await house.id(), now=now):
            raise AlreadyExistsError(f"Session with id {session_id} already exists.")
        made = await self.get_session(app_name=app_name, user_id=user_id, session_id=session_id)
        if made is None:
            raise _missing(session_id)
        return made

    async def get_session(
        self, *, app_name: str, user_id: str, session_id: str, config: GetSessionConfig | None = None
    ) -> Session | None:
        """The session with its events, oldest first, and its state; None where there is none."""
        config = config or GetSessionConfig()
        user, house = await self._people.user(user_id), await self._house(app_name)
        found = await user.part(Rows).read(
            app_name, session_id.strip(), after=config.after_timestamp or None, limit=config.num_recent_events
        )
        if found is None:
            return None
        head, states, messages = found
        states += await house.part(Rows).states(APP_STATES)
        return _session(head, states, [event_of(message, app_name) for message in reversed(messages)])

    async def list_sessions(self, *, app_name: str, user_id: str | None = None) -> ListSessionsResponse:
        """A user's sessions, or everybody's, without their events; the last to change comes last."""
        house = (await self._house(app_name)).part(Rows)
        users = [user_id] if user_id is not None else [key for _, key, _ in await house.states(USERS)]
        app_states = await house.states(APP_STATES)
        found: list[Session] = []
        for name in users:
            heads, states = await (await self._people.user(name)).part(Rows).of_app(app_name)
            found += [_session(head, states + app_states, []) for head in heads]
        return ListSessionsResponse(sessions=sorted(found, key=lambda s: (s.last_update_time, s.user_id, s.id)))

    async def delete_session(self, *, app_name: str, user_id: str, session_id: str) -> None:
        """Delete a session with its events and its own state; nothing where there is none."""
        user = await self._people.user(user_id)
        rows, session_id = user.part(Rows), session_id.strip()
        head = await rows.head(app_name, session_id)
        if head is None:
            return
        try:
            await user.conversations.delete((await rows.id(app_name, session_id))[0])
        except NotFound:  # somebody was quicker
            return
        await user.state.clear(head.names["states"])

    async def get_user_state(self, *, app_name: str, user_id: str) -> dict[str, Any]:
        """A user's state in an app, without the prefix."""
        rows = (await self._people.user(user_id)).part(Rows)
        return {key: value for _, key, value in await rows.states(user_states(app_name))}

    async def append_event(self, session: Session, event: Event) -> Event:
        """Append an event and change the state with it, all or nothing.

        Raises:
            Conflict: Another event of this id is there.
            SessionNotFoundError: There is no such session.
            StaleSessionError: Somebody has written to it since this `session` was read.
        """
        if event.partial:
            return event
        self._apply_temp_state(session, event)
        event = self._trim_temp_delta_state(event)
        name = (session.app_name, session.user_id, session.id)
        lock = self._locks.get(name) or self._locks.setdefault(name, asyncio.Lock())
        async with lock:
            await self._append(session, event)
        if any(known.id == event.id for known in session.events):  # the same event once more
            return event
        return self._commit_event_to_session(session, event)

    async def _append(self, session: Session, event: Event) -> None:
        user, house = await self._people.user(session.user_id), await self._house(session.app_name)
        rows = user.part(Rows)
        head = await rows.head(session.app_name, session.id)
        if head is None:
            raise _missing(session.id)
        expected = await _expected(rows, head, session)
        outcome, number = await rows.append(head, event, expected=expected, house=await house.id())
        if outcome == "missing":
            raise _missing(session.id)
        if outcome == "stale":
            raise _stale(session.id)
        if outcome == "conflict":
            raise Conflict(
                f"event {event.id!r:.80} of session {session.id!r:.80} is there already with other content",
                safe="it was left as it is",
                remedy="give each event an id of its own",
            )
        session.last_update_time = event.timestamp
        session._storage_update_marker = str(number)  # noqa: SLF001 - ADK's own mark of what a Session has seen

    async def _house(self, app: str) -> UserStore:
        """The app's own user: what `app:` names is shared by all its users, and belongs to none of them."""
        return await self._people.house(f"adk:{app}")


async def _expected(rows: Rows, head: Head, session: Session) -> int:
    """The number of the last message that the caller has seen.

    Raises:
        StaleSessionError: A session that was not read here has missed something.
    """
    marker = session._storage_update_marker  # noqa: SLF001 - see above
    if marker is not None and marker.isdecimal():
        return int(marker)
    if head.updated > session.last_update_time:
        found = await rows.read(session.app_name, session.id, after=None, limit=1)
        last = found[2][0].id if found and found[2] else None
        if last != (message_id(session.events[-1].id) if session.events else None):
            raise _stale(session.id)
    return head.last_sequence


def _session(head: Head, states: States, events: list[Event]) -> Session:
    names = head.names
    session = Session(
        id=names["session"],
        app_name=names["app"],
        user_id=names["user"],
        state=copy.deepcopy(merged(states, names["states"], user_states(names["app"]))),
        events=events,
        last_update_time=head.updated,
    )
    session._storage_update_marker = str(head.last_sequence)  # noqa: SLF001 - see above
    return session


def _missing(session: str) -> SessionNotFoundError:
    return SessionNotFoundError(f"Session {session} not found.")


def _stale(session: str) -> StaleSessionError:
    return StaleSessionError(
        f"Session {session} has been modified in storage since this copy of it was read: read it again, then append."
    )
