from arraigo.postgres.jobs import make_objects
from arraigo.postgres.revision import connection, run_sql

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    make_objects(connection())
    run_sql(__file__, "up")


def downgrade() -> None:
    run_sql(__file__, "down")
