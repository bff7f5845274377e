"""What every revision file does: run the SQL that lies beside it."""

from pathlib import Path
from typing import Any, cast

import psycopg
from alembic import op


def connection() -> psycopg.Connection[Any]:
    """The connection that the schema versions run on, in their transaction."""
    return cast("psycopg.Connection[Any]", op.get_bind().connection.driver_connection)


def run_sql(revision_file: str, direction: str) -> None:
    """Run `NNNN_name.up.sql` or `NNNN_name.down.sql` as it stands, several statements and all."""
    connection().execute(Path(revision_file).with_suffix(f".{direction}.sql").read_bytes())
