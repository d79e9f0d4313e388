"""Survey: schedules and days of rain, words for print, and which rows each change is about."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.add_column("compound", sa.Column("print_head", sa.String(), nullable=False, server_default=sa.text("''")))
    op.add_column("compound", sa.Column("print_foot", sa.String(), nullable=False, server_default=sa.text("''")))
    op.create_table(
        "schedule",
        *_synced(),
        sa.Column("route_id", sa.Uuid(), nullable=False),
        sa.Column("every", sa.String(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("within_days", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["compound_id", "route_id"],
            ["route.compound_id", "route.id"],
            name=op.f("fk_schedule_route_id_route"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("compound_id", "id", name=op.f("pk_schedule")),
        sa.UniqueConstraint(
            "compound_id", "route_id", "every", name=op.f("uq_schedule_compound_id_route_id_every")
        ),
    )
    op.create_table(
        "rain",
        *_synced(),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("compound_id", "id", name=op.f("pk_rain")),
        sa.UniqueConstraint("compound_id", "day", name=op.f("uq_rain_compound_id_day")),
    )
    for table in ("schedule", "rain"):
        op.create_index(op.f(f"ix_{table}_compound_id_rev_id"), table, ["compound_id", "rev", "id"])


def _synced() -> list[sa.Column]:
    """Return the columns that every synced table has."""
    return [
        sa.Column("compound_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("rev", sa.BigInteger(), nullable=False),
        sa.Column("archived", sa.Boolean(), nullable=False),
        sa.Column("stamps", sa.JSON(), nullable=False),
    ]
