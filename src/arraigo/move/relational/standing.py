"""How far a run is that goes on by itself: what one server is still behind the other."""

from arraigo.move.records.ledger import Run
from arraigo.move.relational import runs, takeover
from arraigo.move.relational.replication import following
from arraigo.move.relational.replication.subscription import Lag
from arraigo.move.relational.sessions import connected, source_at
from arraigo.postgres.target import Target


def lag(this: Run, address: str, target: Target) -> Lag | None:
    """How far the target is behind the source, or after a cut-over the source behind the target.

    None where no server follows the other by itself.

    Raises:
        Unavailable: One side cannot be used.
    """
    back = this.phase == "cut_over" and this.options.get("cutover", {}).get("back") == "native"
    if not back and this.phase != "following":
        return None
    at = source_at(address)
    with connected(target) as home, connected(at) as read:
        route = takeover.route_as_planned(this.run_id, at, target, home, read, runs.options_of(this))
    return following.lag(route, back=back)
