"""What stops a move, and that the same command goes on."""

import os
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import psycopg
import pytest

from arraigo import move
from arraigo.errors import ArraigoError, CheckFailed, Unavailable
from arraigo.move.relational import building, copying, planning
from support.databases import Servers, address
from support.gate import Gate
from support.moves import databases, shop, sql, wrong
from support.servers import run_home


class _Stopped(Exception):
    """What a test stops a move with."""


def _after(calls: int) -> Callable[..., None]:
    """Progress that stops the move at its so-many-th report."""
    count = 0

    def tell(_now: object) -> None:
        nonlocal count
        count += 1
        if count == calls:
            raise _Stopped

    return tell


def _steps_that_fail(monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    """The first step of a kind is refused by the server."""
    ordered = building.order

    def order(*given: Any) -> building.Order:
        found = ordered(*given)
        steps = {"indexes": found.indexes.get("public.orders", []), "keys": found.keys, "rest": found.rest}[kind]
        steps.insert(0, building.Step("refused", "", "SELECT 1 / 0"))
        return found

    monkeypatch.setattr("arraigo.move.relational.engine.order", order)


@pytest.mark.parametrize("calls", [1, 2, 4, 6])
def test_a_move_that_was_stopped_goes_on_and_doubles_nothing(all_servers: Servers, calls: int) -> None:
    with databases(all_servers, 16, 18, shop) as (here, there):
        with pytest.raises(_Stopped):
            move.run(here, there, options=move.Options(jobs=1), progress=_after(calls))
        report = move.run(here, there)
        assert wrong(report) == {}
        assert sql(there, "SELECT count(*) FROM arraigo_move.runs") == [(1,)]


@pytest.mark.parametrize("kind", ["indexes", "keys", "rest"])
def test_what_was_built_is_kept(all_servers: Servers, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with databases(all_servers, 16, 18, shop) as (here, there):
        with monkeypatch.context() as patch:
            _steps_that_fail(patch, kind)
            with pytest.raises(ArraigoError) as caught:
                move.run(here, there)
            assert "\n" not in str(caught.value)
        before = sql(there, "SELECT step, at FROM arraigo_move.steps ORDER BY 1")
        assert move.run(here, there).ok
        assert set(before) <= set(sql(there, "SELECT step, at FROM arraigo_move.steps ORDER BY 1"))


def test_rows_that_changed_on_the_source_meanwhile_are_copied_again_and_others_kept(all_servers: Servers) -> None:
    with databases(all_servers, 16, 18, shop) as (here, there):
        assert move.run(here, there).ok
        sql(here, "UPDATE public.customers SET credit = 5 WHERE id = 9; DELETE FROM public.payments WHERE id = 4")
        untouched = "SELECT relfilenode FROM pg_class WHERE oid = 'public.orders'::regclass"
        before = sql(there, untouched)
        report = move.run(here, there)
        assert wrong(report) == {}
        assert sql(there, untouched) == before
        assert sql(there, "SELECT credit::text FROM public.customers WHERE id = 9") == [("5.00",)]


def test_a_table_made_on_the_source_while_it_is_copied_is_missed_and_then_brought(all_servers: Servers) -> None:
    with databases(all_servers, 16, 18, shop) as (here, there):
        made: list[object] = []

        def tell(_now: object) -> None:
            if not made:
                made.append(
                    sql(here, "CREATE TABLE public.late (id int PRIMARY KEY); INSERT INTO public.late VALUES (1)")
                )

        report = move.run(here, there, progress=tell)
        assert "public.late" in wrong(report)["tables"]
        report = move.run(here, there)
        assert wrong(report) == {}
        assert sql(there, "SELECT id FROM public.late") == [(1,)]


def test_a_table_cannot_be_dropped_while_it_is_copied(all_servers: Servers) -> None:
    with databases(all_servers, 16, 18, shop) as (here, there):
        refused: list[object] = []

        def tell(_now: object) -> None:
            if not refused:
                with pytest.raises(psycopg.errors.LockNotAvailable) as caught:
                    sql(here, "SET lock_timeout = '100ms'; DROP TABLE public.payments")
                refused.append(caught.value)

        assert move.run(here, there, progress=tell).ok
        assert refused


def test_a_table_dropped_on_the_source_after_a_stop_is_named(all_servers: Servers) -> None:
    with databases(all_servers, 16, 18, shop) as (here, there):
        with pytest.raises(_Stopped):
            move.run(here, there, options=move.Options(jobs=1), progress=_after(3))
        sql(here, "DROP TABLE public.payments")
        report = move.run(here, there)
        assert not report.ok
        assert "extra: public.payments" in wrong(report)["tables"]
        sql(there, "DROP TABLE public.payments")
        assert move.run(here, there).ok


def test_a_locked_table_on_the_source_ends_in_a_sentence(all_servers: Servers, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(planning, "_LOCK_WAIT", "200ms")
    with databases(all_servers, 16, 18, shop) as (here, there):
        with psycopg.connect(here) as other:
            other.execute("LOCK TABLE public.orders IN ACCESS EXCLUSIVE MODE")
            with pytest.raises(Unavailable, match=r"public\.orders is locked on the source"):
                move.run(here, there)
        assert move.run(here, there).ok


@pytest.mark.parametrize("side", ["source", "target"])
def test_a_network_that_drops_ends_in_a_sentence_and_the_move_goes_on(
    all_servers: Servers, side: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copying, "_BATCH", 1_000)
    monkeypatch.setattr(copying, "_TELL", 1_000)
    with databases(all_servers, 16, 18, shop) as (here, there):
        gate = Gate(here if side == "source" else there)
        try:
            urls = {"source": here, "target": there}
            urls[side] = address(all_servers.get(18), "postgres", urls[side].split("/")[3].split("?")[0], gate.query)
            shut: list[bool] = []

            def tell(now: move.Progress) -> None:
                if now.phase == "copy" and now.done > 20_000 and not shut:
                    shut.append(True)
                    gate.shut()

            with pytest.raises(Unavailable) as caught:
                move.run(urls["source"], urls["target"], progress=tell)
            assert "connection" in str(caught.value) or "nothing listens" in str(caught.value)
            gate.open()
            report = move.run(urls["source"], urls["target"])
            assert wrong(report) == {}
        finally:
            gate.close()


def test_a_reader_without_rights_is_told_which_table(all_servers: Servers) -> None:
    with databases(all_servers, 16, 18, shop) as (here, there):
        with suppress(psycopg.errors.DuplicateObject):
            sql(here, "CREATE ROLE move_reader LOGIN")
        sql(here, "GRANT SELECT ON public.customers, public.payments TO move_reader")
        sql(here, "GRANT SELECT ON ALL SEQUENCES IN SCHEMA public TO move_reader")
        try:
            with pytest.raises(Unavailable, match=r"permission denied for table orders"):
                move.run(here.replace("postgres@", "move_reader@"), there)
        finally:
            sql(here, "DROP OWNED BY move_reader")


def test_row_level_security_that_would_hide_rows_stops_the_move(all_servers: Servers) -> None:
    """A plain COPY would give no rows, and no error."""
    with databases(all_servers, 16, 18, shop) as (here, there):
        with suppress(psycopg.errors.DuplicateObject):
            sql(here, "CREATE ROLE move_reader LOGIN")
        sql(here, "GRANT SELECT ON ALL TABLES IN SCHEMA public TO move_reader")
        sql(here, "GRANT SELECT ON ALL SEQUENCES IN SCHEMA public TO move_reader")
        sql(here, "ALTER TABLE public.orders ENABLE ROW LEVEL SECURITY")
        try:
            with pytest.raises(Unavailable, match=r"row-level security"):
                move.run(
                    here.replace("postgres@", "move_reader@"),
                    there,
                    options=move.Options(accepted=("role move_reader",)),
                )
        finally:
            sql(here, "DROP OWNED BY move_reader")


def test_orphans_on_the_source_are_named_with_their_number(all_servers: Servers) -> None:
    with databases(all_servers, 16, 18, shop) as (here, there):
        sql(here, "SET session_replication_role = replica; DELETE FROM public.customers WHERE id = 77")
        with pytest.raises(CheckFailed, match=r"orders_customer_id_fkey.*10 rows"):
            move.run(here, there)
        sql(here, "DELETE FROM public.payments USING public.orders o WHERE order_id = o.id AND customer_id = 77")
        sql(here, "DELETE FROM public.orders WHERE customer_id = 77")
        assert move.run(here, there).ok


def test_two_moves_into_one_target_at_once_are_refused(all_servers: Servers, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("arraigo.move.records.target.LOCK_WAIT", "100ms")
    with databases(all_servers, 16, 18, shop) as (here, there):
        other: list[BaseException] = []

        def tell(_now: object) -> None:
            if not other:
                second = threading.Thread(target=lambda: other.append(_error(lambda: move.run(here, there))))
                second.start()
                second.join()

        assert move.run(here, there, progress=tell).ok
        assert isinstance(other[0], Unavailable)
        assert "another move" in str(other[0])


def _error(work: Callable[[], object]) -> BaseException:
    try:
        work()
    except Exception as error:  # noqa: BLE001 - the one that is asked for
        return error
    return AssertionError("nothing was refused")


@pytest.mark.skipif(os.geteuid() != 0, reason="a small disk of its own wants root")
def test_a_full_target_disk_ends_in_a_sentence_and_the_move_goes_on(all_servers: Servers) -> None:
    disk = run_home() / f"disk-{os.getpid()}"  # the server's own user must come there
    disk.mkdir(mode=0o777)
    if os.system(f"mount -t tmpfs -o size=12m,mode=777 tmpfs {disk} 2>/dev/null"):  # noqa: S605 - our own words
        pytest.skip("a small disk cannot be made here")
    try:
        with databases(all_servers, 16, 18, shop) as (here, there):
            sql(
                here, "CREATE TABLE public.big AS SELECT n, repeat(md5(n::text), 30) t FROM generate_series(1, 20000) n"
            )
            (disk / "space").mkdir(mode=0o700)
            owner = Path(all_servers.get(18).data_dir).stat()
            os.chown(disk / "space", owner.st_uid, owner.st_gid)
            name = f"small_{os.getpid()}"
            sql(there, f"CREATE TABLESPACE {name} LOCATION '{disk / 'space'}'")
            database = there.split("/")[3].split("?")[0]
            sql(there, f'ALTER DATABASE "{database}" SET default_tablespace = {name}')
            try:
                with pytest.raises(Unavailable, match="disk is full"):
                    move.run(here, there)
                os.system(f"mount -o remount,size=200m {disk}")  # noqa: S605 - our own words
                assert move.run(here, there).ok
            finally:
                for (table,) in sql(
                    there,
                    "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables WHERE schemaname = 'public'",
                ):
                    sql(there, f"DROP TABLE {table} CASCADE")
                sql(there, f"DROP TABLESPACE {name}")
    finally:
        os.system(f"umount {disk}")  # noqa: S605 - our own words
