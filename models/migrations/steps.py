"""What migrations that add synced tables are made of. Never changed: migrations that were run rest on it."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op


def synced() -> list[sa.Column[Any]]:
    """Return the columns that every synced table has."""
    return [
        sa.Column("compound_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("rev", sa.BigInteger(), nullable=False),
        sa.Column("archived", sa.Boolean(), nullable=False),
        sa.Column("stamps", sa.JSON(), nullable=False),
    ]


def refers(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    """Return a reference within the compound, checked at the commit."""
    return sa.ForeignKeyConstraint(
        ["compound_id", column],
        [f"{to}.compound_id", f"{to}.id"],
        name=op.f(f"fk_{table}_{column}_{to}"),
        initially="DEFERRED",
        deferrable=True,
    )


def index(table: str, *columns: str) -> None:
    """Add an index, named as the tables name theirs."""
    op.create_index(op.f(f"ix_{table}_{'_'.join(columns)}"), table, list(columns))
