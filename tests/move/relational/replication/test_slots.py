"""The places in a log between which everything is told."""

import psycopg
import pytest

from arraigo.move.relational.replication import slots
from support.databases import Servers, address

FLUSHED = "SELECT pg_current_wal_flush_lsn() >= %s::pg_lsn"


@pytest.mark.parametrize("version", [15, 16, 18])
def test_what_was_committed_without_waiting_for_the_disk_is_on_it_once_the_log_is_settled(
    all_servers: Servers, version: int
) -> None:
    url = address(all_servers.get(version), "postgres", "postgres")
    with psycopg.connect(url, autocommit=True) as writer, psycopg.connect(url, autocommit=True) as reader:
        writer.execute("SET synchronous_commit = off")
        for _ in range(30):
            writer.execute("SELECT pg_logical_emit_message(true, 'test', 'as a commit of an apply worker')")
            place = slots.settle(reader)
            assert reader.execute(FLUSHED, [place]).fetchone() == (True,)
