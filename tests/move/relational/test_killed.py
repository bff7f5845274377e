"""The mover killed with SIGKILL, wherever it is, and run again."""

import subprocess
import time

from support.commands import PROGRAM, clean_environment
from support.databases import Servers
from support.moves import databases, shop, sql

_ROWS = "SELECT count(*), sum(hashtextextended(t::text, 7)) FROM public.{} t"
_TABLES = ("customers", "orders", "payments", "more")
_STAGE = "SELECT count(*) FROM arraigo_move.steps"


def _rows(url: str) -> list[object]:
    return [sql(url, "SET TimeZone = 'UTC'; " + _ROWS.format(name)) for name in _TABLES]


def test_killed_at_any_moment_and_run_again_nothing_is_lost_doubled_or_changed(all_servers: Servers) -> None:
    with databases(all_servers, 16, 18, shop) as (here, there):
        sql(here, "CREATE TABLE public.more AS SELECT n AS id, md5(n::text) AS text FROM generate_series(1, 60000) n")
        sql(here, "ALTER TABLE public.more ADD PRIMARY KEY (id); CREATE INDEX ON public.more (text)")
        command = [*PROGRAM, "move", "run", here, "--to", there, "--jobs", "1"]
        stages = set()
        # It dies a little later each time, and goes on from where it was, so that every stage has its turn.
        for wanted in range(1, 9):
            with subprocess.Popen(
                command, env=clean_environment(), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
            ) as process:
                while process.poll() is None and sql(there, _STAGE)[0][0] < wanted * 4:
                    time.sleep(0.002)
                process.kill()
            stages.add(sql(there, _STAGE)[0][0])
        done = subprocess.run(command, env=clean_environment(), capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        assert "right, verified; 0 lost, 0 extra, 0 changed" in done.stdout
        assert len(stages) > 3
        assert _rows(there) == _rows(here)
        assert sql(there, "SELECT count(*) FROM arraigo_move.runs") == [(1,)]
