"""The state that this process has seen, for reading while the database is away: in memory, as much as fits."""

import threading
from collections import OrderedDict
from datetime import datetime
from uuid import UUID

from arraigo.store.journal import results
from arraigo.store.journal.entries import Entry
from arraigo.store.types import Entry as StateEntry

_MOST = 2_000

Place = tuple[UUID, str, str]  # owner, namespace, key


class States:
    """By owner, namespace and key; what was used last stays longest. Safe for threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._states: OrderedDict[Place, StateEntry | None] = OrderedDict()

    def saw(self, place: Place, entry: StateEntry | None) -> None:
        """The database gave this; None: there is none."""
        with self._lock:
            self._put(place, entry)

    def cleared(self, owner: UUID, namespace: str) -> None:
        """Nothing is left in a namespace."""
        with self._lock:
            for place in [place for place in self._states if place[:2] == (owner, namespace)]:
                self._states[place] = None

    def take(self, entry: Entry) -> None:
        """The journal took this."""
        namespace = entry.values["namespace"]
        if entry.kind == "clear_states":
            self.cleared(entry.owner, namespace)
            return
        place = entry.owner, namespace, entry.values["key"]
        with self._lock:
            self._put(place, results.state(entry, self._states.get(place)))

    def at(self, place: Place, now: datetime) -> tuple[StateEntry | None] | None:
        """The value, or that there is none; None: not seen here."""
        with self._lock:
            if place not in self._states:
                return None
            self._states.move_to_end(place)
            entry = self._states[place]
        expired = entry is not None and entry.expires_at is not None and entry.expires_at <= now
        return (None if expired else entry,)

    def count(self, owner: UUID, namespace: str) -> int:
        """How many values of a namespace were seen here."""
        with self._lock:
            return sum(entry is not None and place[:2] == (owner, namespace) for place, entry in self._states.items())

    def _put(self, place: Place, entry: StateEntry | None) -> None:
        self._states[place] = entry
        self._states.move_to_end(place)
        if len(self._states) > _MOST:
            self._states.popitem(last=False)
