from arraigo.postgres.revision import run_sql

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    run_sql(__file__, "up")


def downgrade() -> None:
    run_sql(__file__, "down")
