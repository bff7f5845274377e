"""From one side to the other: writes are stopped, the rest is taken in, both sides are proved equal.

A cut-over hands over from the source to the target, a rollback the other way round.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from typing import Any

import psycopg

from arraigo.errors import ArraigoError, CheckFailed
from arraigo.move.relational.fingerprints import Fingerprint
from arraigo.move.relational.replication import fence, sequences, slots
from arraigo.move.relational.replication.followers import Follower, come_near
from arraigo.move.relational.replication.moment import Fingerprints
from arraigo.move.relational.replication.route import Connection, Route, Tell, Way
from arraigo.move.relational.replication.stamp import stamp
from arraigo.move.relational.replication.tally import Tally, Teller, Whole, both
from arraigo.move.reports import Check
from arraigo.postgres.translate import translate

State = dict[str, Any]
Save = Callable[[State], None]
Catalogs = Callable[[], Sequence[Check]]
_ATTEMPTS = 5  # to open again what was closed: a network that drops comes back, as a rule
_NAMED = 5  # tables or checks that a message names


@dataclass(frozen=True, slots=True)
class Words:
    """What the fence tells an application: what happened, and where to write instead."""

    message: str
    hint: str


@dataclass(frozen=True, slots=True)
class Handed:
    """What was proved behind the fence.

    Attributes:
        begun: `time.monotonic()` when writes were stopped.
        taker_lsn: Everything that came from the giver lies before this place in the taker's log.
        fingerprints: Each table's fingerprint, the same on both sides.
    """

    begun: float
    taker_lsn: str
    fingerprints: Fingerprints


class HandOver:
    """One hand-over, ready to be done in a moment.

    Args:
        route: The move.
        way: From whom to whom; the giver has a publication of that name.
        connections: To the giver and to the taker.
        follower: Takes in what the giver commits; None: nothing is followed, and both sides have stood still.
        tellers: The giver's and the taker's fingerprints.
        catalogs: Compares both catalogs; asked before, and in the pause only if one was changed in between.
        arrived: Told, in the pause, the place in the taker's log before which everything lies that came from the giver.
    """

    def __init__(
        self,
        route: Route,
        way: Way,
        connections: tuple[Connection, Connection],
        *,
        follower: Follower | None,
        tellers: tuple[Teller, Teller],
        catalogs: Catalogs | None,
        arrived: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._route, self._way, self._follower, self._catalogs = route, way, follower, catalogs
        self._giver, self._taker = connections
        self._schemas = sorted({table.schema for table in route.tables})
        self._tellers, self._arrived = tellers, arrived
        self._stamps: tuple[str, str]
        self._sequences: sequences.Reader

    @contextmanager
    def prepared(self, tell: Tell) -> Iterator[None]:
        """Do everything that can be done while writes go on.

        Raises:
            CheckFailed: The catalogs differ.
            Unavailable: The taker does not come along.
        """
        with ExitStack() as stack:
            self._come_near(tell)
            self._stamps = self._stamp()
            _refuse(self._catalogs() if self._catalogs else ())
            tell("measuring both sides")
            for teller in self._tellers:
                stack.enter_context(teller)
            both(_come_close, self._tellers, _nothing)
            self._come_near(tell)
            both(_come_close, self._tellers, _nothing)  # with what was written while the first took its time
            self._sequences = sequences.Reader(self._giver, self._route.sequences)
            yield

    def close_and_prove(self, words: Words, pass_hash: str = "") -> Handed:
        """Stop writes at the giver, and prove that the taker has everything; on any failure writes go on.

        Raises:
            CheckFailed: The two sides differ.
            Unavailable: Writes could not be stopped, or the taker does not come along.
        """
        try:
            begun = fence.put_up(
                self._giver, self._route.name, self._route.fenced,
                message=words.message, hint=words.hint, pass_hash=pass_hash,
            )  # fmt: skip
            lsn = slots.settle(self._giver)
            if self._follower is not None:
                self._follower.catch_up(lsn)
            ours, theirs, (taker_lsn, altered) = both(_now, self._tellers, self._beside)
            differ(ours, theirs, self._way)
            if altered and self._catalogs:
                _refuse(self._catalogs())
            return Handed(begun, taker_lsn, ours)
        except BaseException:
            reopen(self._route, self._way)
            raise

    def _beside(self) -> tuple[str, bool]:
        """What is done while both sides are measured; tells where the taker's log is, and whether to look closer."""
        taker_lsn = slots.settle(self._taker)
        sequences.put(self._taker, self._sequences.ahead())
        altered = self._stamp() != self._stamps
        self._arrived(taker_lsn)
        return taker_lsn, altered

    def _come_near(self, tell: Tell) -> None:
        if self._follower is not None:
            name = self._way.taker.name
            come_near(self._follower, self._giver, name, lambda: tell(f"waiting for {name} to take in the rest"))

    def _stamp(self) -> tuple[str, str]:
        return stamp(self._giver, self._schemas), stamp(self._taker, self._schemas)


def tellers(route: Route, way: Way, logged: tuple[bool, bool]) -> tuple[Teller, Teller]:
    """The giver's and the taker's fingerprints; by their logs where these are decoded."""
    first, second = (
        Tally(
            side,
            (route.forward if side is route.source else route.back).name,
            route.proved(side),
            any_encoding=route.any_encoding,
        )
        if told
        else Whole(side, route.proved(side), any_encoding=route.any_encoding)
        for side, told in zip((way.giver, way.taker), logged, strict=True)
    )
    return first, second


def reopen(route: Route, way: Way) -> None:
    """Let applications write at the giver again.

    Raises:
        ArraigoError: The giver is away, so that it still refuses writes.
    """
    for attempt in range(_ATTEMPTS):
        try:
            with way.giver.connect() as connection:
                fence.take_down(connection, route.name)
        except (psycopg.Error, ArraigoError) as error:
            if attempt + 1 < _ATTEMPTS:
                time.sleep(attempt)
                continue
            cause = error if isinstance(error, ArraigoError) else translate(error, where=way.giver.name)
            raise type(cause)(
                f"{way.giver.name} could not be opened again: {cause.what}",
                safe="it still refuses writes, and nothing was changed",
                remedy="run the same command again as soon as it can be reached",
            ) from error
        else:
            return


def forget(route: Route, way: Way, save: Save, state: State) -> None:
    """Keep that nothing has changed, if the giver is open again; where that is not known, a next run sees to it."""
    with suppress(psycopg.Error, ArraigoError), way.giver.connect() as connection:
        if not fence.stands(connection, route.name):
            save(state)


def differ(ours: Fingerprints, theirs: Fingerprints, way: Way) -> None:
    """Refuse two sides that are not the same.

    Raises:
        CheckFailed: They differ; names the tables.
    """
    wrong = [label for label in ours if ours[label] != theirs.get(label)]
    if wrong:
        named = ", ".join(_difference(label, ours[label], theirs.get(label), way) for label in wrong[:_NAMED])
        more = f" and {len(wrong) - _NAMED} more" if len(wrong) > _NAMED else ""
        raise CheckFailed(
            f"{len(wrong)} of {len(ours)} tables differ: {named}{more}",
            safe=f"{way.giver.name} takes writes again, and nothing was changed",
            remedy="run: arraigo move verify",
        )


def _difference(label: str, one: Fingerprint, other: Fingerprint | None, way: Way) -> str:
    if other is None or one.rows == other.rows:
        return f"{label} ({one.rows} rows, other contents)"
    return f"{label} ({one.rows} rows at {way.giver.name}, {other.rows} at {way.taker.name})"


def _refuse(checks: Sequence[Check]) -> None:
    wrong = [check for check in checks if not check.ok]
    if wrong:
        named = ", ".join(f"{check.name} ({check.detail or check.found})" for check in wrong[:_NAMED])
        raise CheckFailed(
            f"the two databases are not alike: {named}",
            safe="writes go on as before, and nothing was changed",
            remedy="run: arraigo move verify",
        )


def _come_close(teller: Teller) -> None:
    teller.come_close()


def _now(teller: Teller) -> Fingerprints:
    return teller.now()


def _nothing() -> None:
    """Be what is done beside."""
