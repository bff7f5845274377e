"""A schema as pg_dump writes it: one program knows every object of every version."""

import tempfile
from collections.abc import Sequence

from arraigo.errors import Unavailable
from arraigo.move.relational.statements import Entry, entries
from arraigo.postgres import programs
from arraigo.postgres.relay import reaching
from arraigo.postgres.target import Target

_OPTIONS = (
    "--schema-only", "--no-password", "--no-tablespaces", "--no-publications", "--no-subscriptions",
    "--no-security-labels", "--no-large-objects", "--lock-wait-timeout=30s",
)  # fmt: skip


def schema_of(
    source: Target, snapshot: str, *, without_schemas: Sequence[str] = (), without_tables: Sequence[str] = ()
) -> list[Entry]:
    """Everything that the source defines, as it was in a snapshot.

    Args:
        source: The database.
        snapshot: As pg_export_snapshot() gave it.
        without_schemas: Names of schemas that stay behind.
        without_tables: Labels of tables that stay behind.

    Raises:
        Unavailable: pg_dump could not read it.
    """
    left = [f'--exclude-schema="{_pattern(name)}"' for name in without_schemas]
    left += [f"--exclude-table={_table_pattern(label)}" for label in without_tables]
    with tempfile.TemporaryFile() as words, tempfile.TemporaryFile() as script, reaching(source) as plain:
        started = programs.start(
            plain, "pg_dump", f"--snapshot={snapshot}", *_OPTIONS, *left, stdout=script, stderr=words
        )
        with programs.running(started) as process:
            code = process.wait()
        if code:
            words.seek(0)
            said = words.read().decode("utf-8", "replace").strip().splitlines() or ["it does not say why"]
            why = next((line for line in said if "error:" in line), said[-1]).partition("error: ")[2] or said[-1]
            raise Unavailable(
                f"pg_dump could not read the schema of {source.where}: {why}",
                safe="nothing was changed",
                remedy="connect as a user who may read every table, or leave tables out with --exclude",
            )
        script.seek(0)
        return entries(script.read().decode())


def _pattern(name: str) -> str:
    """A name within quotes, in which nothing stands for something else."""
    return name.replace('"', '""')


def _table_pattern(label: str) -> str:
    """A label is quoted only where it must be; letters, digits and underscores mean themselves."""
    return label.replace("$", r"\$")
