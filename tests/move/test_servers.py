"""The same move on every server that Arraigo supports, by every kind of owner's connection."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest

from arraigo import move
from arraigo.errors import Unavailable
from support import legacy_files as files


@pytest.mark.parametrize("version", [15, 16])
def test_older_servers_give_the_same_fingerprints(
    all_servers: Any, version: int, tmp_path: Path, owner_url: str
) -> None:
    from conftest import address, drop_database, make_database

    files.write(tmp_path / "conversations.json", files.conversations(20))
    files.write(tmp_path / "guest-memory.json", files.guests(20))
    files.write(tmp_path / "threads-data.json", files.threads(20))
    server = all_servers.get(version)
    name = make_database(server)
    try:
        older = address(server, "postgres", name)
        report = move.run(f"json:{tmp_path}", older)
        assert report.ok
        newest = move.run(f"json:{tmp_path}", owner_url)
        assert [u.target_fingerprint for u in report.units] == [u.target_fingerprint for u in newest.units]
        assert move.rollback(report.run_id, older).ok
    finally:
        drop_database(server, name)


def test_an_owner_that_is_no_superuser_is_enough(
    owner_url: str, tmp_path: Path, superuser: Callable[..., list[tuple[Any, ...]]]
) -> None:
    """As on a managed server; it works under row-level security, where COPY into a table is refused."""
    superuser("DROP ROLE IF EXISTS move_login")
    superuser("CREATE ROLE move_login LOGIN IN ROLE arraigo_owner")
    try:
        url = owner_url.replace("postgres@", "move_login@")
        path = files.write(tmp_path / "conversations.json", files.conversations(10))
        report = move.run(f"json:{path}", url)
        assert report.ok
        assert move.rollback(report.run_id, url).ok
    finally:
        superuser("DROP ROLE move_login")


def test_a_database_without_the_schema_is_refused_with_what_to_do(
    owner_url: str, tmp_path: Path, superuser: Callable[..., list[tuple[Any, ...]]]
) -> None:
    path = files.write(tmp_path / "conversations.json", files.conversations(1))
    superuser("UPDATE arraigo.schema_version SET version_num = '0002'")
    with pytest.raises(Unavailable, match="run: arraigo db upgrade"):
        move.run(f"json:{path}", owner_url)


def test_a_server_that_is_away_is_unavailable(tmp_path: Path) -> None:
    path = files.write(tmp_path / "conversations.json", files.conversations(1))
    with pytest.raises(Unavailable):
        move.run(f"json:{path}", "postgresql://postgres@127.0.0.1:1/x")


def test_a_connection_that_is_lost_says_so_and_the_next_run_goes_on(
    owner_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("arraigo.move.records.batches.BATCH_BYTES", 2_000)
    path = files.write(tmp_path / "conversations.json", files.conversations(50))

    def cut(progress: move.Progress) -> None:
        if progress.records > 20:
            with psycopg.connect(owner_url, autocommit=True) as connection:
                connection.execute(
                    """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                        WHERE application_name LIKE 'arraigo move %' AND datname = current_database()"""
                )

    with pytest.raises(Unavailable):
        move.run(f"json:{path}", owner_url, progress=cut)
    report = move.run(f"json:{path}", owner_url)
    assert report.ok
    assert 0 < report.units[0].outcome["unchanged"] < 50
