"""Pure: where ADK's state is kept. `app:` belongs to everybody, `user:` to a user in an app, `temp:` to nobody."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple
from uuid import UUID

from google.adk.sessions.state import State
from pydantic_core import to_jsonable_python

from arraigo.integrations.cleaning import storable
from arraigo.postgres.arrays import text_array
from arraigo.store import checks

APP_STATES = "adk:app"  # of the app's own user
USERS = "adk:users"  # of the same: who has sessions in it


class Places(NamedTuple):
    """Whose the entries of one session's state are, and their namespaces."""

    owner: UUID
    house: UUID
    session_states: str
    user_states: str


def user_states(app: str) -> str:
    """The namespace of a user's state in an app."""
    return checks.text(f"adk:user:{app}", "the namespace of an app's state", most=255)


def as_columns(changes: Mapping[str, Any], places: Places) -> dict[str, str]:
    """A change of state as the columns that arraigo.set_states takes; `temp:` is left out.

    A value that JSON cannot hold is kept as its text, as ADK's own services do.

    Raises:
        TooLarge: A value has more than 256 KiB.
    """
    rows: list[tuple[UUID, str, str, str]] = []
    for name, value in storable(to_jsonable_python(dict(changes), fallback=str, inf_nan_mode="null")).items():
        place = _place(name, places)
        if place is None:
            continue
        owner, namespace, key = place
        checks.text(key, "a key of the state", most=255, least=1)
        rows.append((owner, namespace, key, checks.state_value(value, f"the state's {name!r:.80}")))
    return {
        "owners": text_array([str(row[0]) for row in rows]),
        "namespaces": text_array([row[1] for row in rows]),
        "keys": text_array([row[2] for row in rows]),
        "values": text_array([row[3] for row in rows]),
    }


def _place(name: str, places: Places) -> tuple[UUID, str, str] | None:
    if name.startswith(State.TEMP_PREFIX):
        return None
    if name.startswith(State.APP_PREFIX):
        return places.house, APP_STATES, name.removeprefix(State.APP_PREFIX)
    if name.startswith(State.USER_PREFIX):
        return places.owner, places.user_states, name.removeprefix(State.USER_PREFIX)
    return places.owner, places.session_states, name


def merged(found: Iterable[tuple[str, str, Any]], session_states: str, users: str) -> dict[str, Any]:
    """The state of one session out of rows of namespace, key and value, with ADK's prefixes."""
    prefixes = {session_states: "", users: State.USER_PREFIX, APP_STATES: State.APP_PREFIX}
    return {prefixes[namespace] + key: value for namespace, key, value in found if namespace in prefixes}
