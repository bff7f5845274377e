"""A server that a cut-over has closed is a source like any other."""

from arraigo import move
from support.databases import Servers
from support.moves import databases, shop, sql, wrong


def test_the_fence_of_another_move_does_not_move(all_servers: Servers) -> None:
    with (
        databases(all_servers, 16, 18, shop) as (here, there),
        databases(all_servers, 16, 18, lambda _: None) as (_, elsewhere),
    ):
        assert move.cutover(move.run(here, there).run_id, there).ok
        report = move.run(here, elsewhere)
        assert wrong(report) == {}
        assert sql(elsewhere, "SELECT count(*) FROM pg_trigger WHERE tgname LIKE 'arraigo%'") == [(0,)]
        assert sql(elsewhere, "UPDATE public.customers SET credit = 1 WHERE id = 1 RETURNING id") == [(1,)]
