"""`arraigo move` for whole databases, as a person sees it."""

import json
import re

from support.commands import Command
from support.databases import Servers
from support.moves import databases, shop, sql
from support.pairs import two_that_follow


def test_what_stands_in_the_way_is_said_with_its_way_out(arraigo: Command, all_servers: Servers) -> None:
    with databases(all_servers, 16, 18, shop) as (here, there):
        planned = arraigo("move", "plan", here, "--to", there, "--exclude", "public.customers")
        assert planned.returncode == 1
        [line] = [line for line in planned.stdout.splitlines() if line.startswith("cannot move: ")]
        assert line.startswith("cannot move: foreign key public.orders orders_customer_id_fkey: ")
        assert line.endswith("do without it: --accept 'foreign key public.orders orders_customer_id_fkey'")
        assert "left out: public.customers: left out with --table or --exclude" in planned.stdout


def test_each_difference_is_a_line_that_names_its_check(arraigo: Command, all_servers: Servers) -> None:
    with databases(all_servers, 16, 18, shop) as (here, there):
        report = json.loads(arraigo("move", "run", here, "--to", there, "--json").stdout)
        sql(there, "DROP INDEX public.orders_with_note, public.orders_by_customer")
        done = arraigo("move", "verify", report["run_id"], "--to", there)
        assert done.returncode == 1
        assert "check indexes: missing: public.orders_by_customer\n" in done.stdout
        assert "check indexes: missing: public.orders_with_note\n" in done.stdout
        assert done.stdout.count("public.orders ") == 1  # its line of the table of both sides
        status = arraigo("move", "status", "--to", there).stdout
        assert re.search(r"verified|failed", status)
        assert "user" not in status.splitlines()[0]


def test_status_says_how_far_behind_who_is_and_what_comes_next(arraigo: Command) -> None:
    with two_that_follow() as (here, there):
        report = json.loads(arraigo("move", "run", here, "--to", there, "--follow", "--json").stdout)
        run = report["run_id"]
        said = arraigo("move", "status", run, "--to", there).stdout
        assert re.search(r"the target is (.* of log|an unknown way) behind", said)
        assert f"take over with: arraigo move cutover {run}" in said
        cut = arraigo("move", "cutover", run, "--to", there)
        assert re.search(r"writes were refused for \d+\.\d\d s", cut.stdout)
        said = arraigo("move", "status", run, "--to", there).stdout
        assert "the way back: the source follows the target by a subscription of its own" in said
        assert re.search(r"the source is (.* of log|an unknown way) behind", said)
        assert f"go back with: arraigo move rollback {run}" in said
        assert arraigo("move", "rollback", run, "--to", there).returncode == 0


def test_an_address_that_is_empty_is_not_taken_for_none(arraigo: Command) -> None:
    done = arraigo("move", "status", "--to", "")
    assert done.returncode == 2
    assert "the address that was given is empty" in done.stderr
