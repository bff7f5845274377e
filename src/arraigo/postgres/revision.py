"""What every revision file does: run the SQL that lies beside it."""

from pathlib import Path
from typing import cast

import psycopg
from alembic import op


def run_sql(revision_file: str, direction: str) -> None:
    """Run `NNNN_name.up.sql` or `NNNN_name.down.sql` as it stands, several statements and all."""
    sql = Path(revision_file).with_suffix(f".{direction}.sql").read_bytes()
    connection = cast("psycopg.Connection[object]", op.get_bind().connection.driver_connection)
    connection.execute(sql)
