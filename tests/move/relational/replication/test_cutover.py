"""A cut-over and a rollback under writes, on two real servers."""

import pytest

from arraigo.move.relational.replication.cutover import cutover
from arraigo.move.relational.replication.rollback import rollback
from support.follow import Writer, pair


@pytest.mark.parametrize(("older", "newer"), [(16, 18), (15, 18)])
def test_nothing_is_lost_or_doubled_there_and_back(older: int, newer: int) -> None:
    with pair(older, newer) as move, Writer(move.source) as writer:
        move.copy_and_follow()
        cut = cutover(move.route, move.state, move.save)
        writer.move_to(move.target)
        assert cut.pause < 5
        returned = rollback(move.route, move.state, move.save)
        writer.move_to(move.source)
        writer.__exit__()
        writer.check(move.source)
        assert returned.discarded == ()
