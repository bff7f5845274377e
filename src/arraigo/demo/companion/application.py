"""Cerca's application at work: it writes without rest, and remembers what the database has acknowledged."""

import threading
import time
from collections import Counter
from typing import Any, Self
from uuid import uuid4

from arraigo.errors import Unavailable
from arraigo.move.relational.sessions import connected
from arraigo.postgres.target import Target

A_SECOND = 50
"""Writes."""
_AGAIN = 0.005  # seconds until a refused write is tried again
_PATIENCE = 60.0
_REFUSED = "25006"  # read_only_sql_transaction: what a fence says
_CALL = """
INSERT INTO public.companion_calls (id, beneficiary_id, registration_id, vapi_call_id, call_type, status,
                                    started_at, callback_requested)
SELECT %s, id, registration_id, 'app-' || %s, 'manual', 'in_progress', pg_catalog.now(), true
  FROM public.beneficiaries WHERE id = %s"""
_HEARD = """
INSERT INTO public.call_extracted_info (call_id, beneficiary_id, info_type, payload)
SELECT id, beneficiary_id, 'animo', pg_catalog.jsonb_build_object('app', %s::integer)
  FROM public.companion_calls WHERE id = %s"""
_ENDED = """
UPDATE public.companion_calls SET status = 'completed', ended_at = pg_catalog.now(), notes = %s::text WHERE id = %s"""
_SUMMARY = "UPDATE public.alma_conversations SET summary = 'app ' || %s WHERE id = %s"
# A call asks for a callback, which a trigger makes: one, on whichever side the application wrote.
_FOUND = """
SELECT 'call ' || vapi_call_id, coalesce(notes, '') FROM public.companion_calls WHERE vapi_call_id LIKE 'app-%'
UNION ALL
SELECT 'callback ' || c.vapi_call_id, '' FROM public.scheduled_callbacks b
  JOIN public.companion_calls c ON c.id = b.call_id WHERE c.vapi_call_id LIKE 'app-%'
UNION ALL
SELECT 'heard ' || (payload ->> 'app'), '' FROM public.call_extracted_info WHERE payload ? 'app'
UNION ALL
SELECT 'summary ' || id, summary FROM public.alma_conversations WHERE summary LIKE 'app %'"""


class Application:
    """A thread that writes as the role `service_role`, some fifty transactions a second.

    A write that a fence refuses is tried again until it is taken, where `move_to` says.

    Attributes:
        made: How many writes were acknowledged.
        refused: How often one was refused.
        waited: The longest time, in seconds, between two that were acknowledged.
    """

    def __init__(self, target: Target) -> None:
        self.made = self.refused = 0
        self.waited = 0.0
        self._target = target
        self._marks: dict[str, str] = {}
        self._people: list[Any] = []
        self._talks: list[Any] = []
        self._call: Any = None
        self._last = time.monotonic()
        self._failure: BaseException | None = None
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="application", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._end()
        if kind is None:
            self._complain()

    def move_to(self, target: Target) -> None:
        """Write there from now on."""
        self._target = target

    def write(self, count: int) -> None:
        """Wait until so many more writes were acknowledged.

        Raises:
            Unavailable: None is taken for a minute.
            BaseException: What ended the application.
        """
        wanted, until = self.made + count, time.monotonic() + _PATIENCE
        while self.made < wanted and self._thread.is_alive():
            if time.monotonic() > until:
                raise Unavailable(f"{self._target.where} took none of the application's writes for a minute")
            time.sleep(0.01)
        self._complain()

    def missing(self, target: Target) -> tuple[int, int]:
        """How many acknowledged writes are not there, and how many marks are there that should not be, or twice.

        To be asked when it has stopped.
        """
        with connected(target) as connection:
            found = Counter((str(mark), str(value)) for mark, value in connection.execute(_FOUND.encode()))
        wanted = Counter(self._marks.items())
        return (wanted - found).total(), (found - wanted).total()

    def _end(self) -> None:
        self._stop.set()
        self._thread.join()

    def _complain(self) -> None:
        if self._failure is not None:
            raise self._failure

    def _run(self) -> None:
        try:
            while not self._stop.is_set():
                self._write_at(self._target)
        except BaseException as error:  # noqa: BLE001 - raised where somebody waits for it
            self._failure = error

    def _write_at(self, target: Target) -> None:
        with connected(target, name="cerca") as connection:
            connection.execute(b"SET ROLE service_role")
            if not self._people:
                self._people = _ids(connection, "beneficiaries")
                self._talks = _ids(connection, "alma_conversations")
            while not self._stop.is_set() and self._target is target:
                self._stop.wait(1 / A_SECOND if self._taken(connection) else _AGAIN)

    def _taken(self, connection: Any) -> bool:
        """Whether the next write was acknowledged."""
        number = self.made + 1
        statement, values, marks = self._next(number)
        try:
            connection.execute(statement.encode(), values)
        except Exception as error:
            if getattr(error, "sqlstate", None) != _REFUSED:
                raise
            self.refused += 1
            return False
        self._marks |= marks
        now = time.monotonic()
        if self.made:
            self.waited = max(self.waited, now - self._last)
        self.made, self._last = number, now
        return True

    def _next(self, number: int) -> tuple[str, list[Any], dict[str, str]]:
        """A call begins, something is heard, it ends, and an older conversation gets a summary."""
        call, step = divmod(number - 1, 4)
        if step == 0:
            self._call = uuid4()
            person = self._people[number % len(self._people)]
            return _CALL, [self._call, str(call), person], {f"call app-{call}": "", f"callback app-{call}": ""}
        if step == 1:
            return _HEARD, [number, self._call], {f"heard {number}": ""}
        if step == 2:  # noqa: PLR2004 - the third
            return _ENDED, [number, self._call], {f"call app-{call}": str(number)}
        talk = self._talks[number % len(self._talks)]
        return _SUMMARY, [number, talk], {f"summary {talk}": f"app {number}"}


def _ids(connection: Any, table: str) -> list[Any]:
    asked = f"SELECT id FROM public.{table} ORDER BY id LIMIT 100"  # noqa: S608 - our own names
    return [found for (found,) in connection.execute(asked.encode())]
