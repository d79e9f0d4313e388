"""Sync: what laptops and servers remember of each other, and an index on rev for whoever catches up."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

revision = "0002"
down_revision = "0001"

SYNCED = (
    "alias",
    "building",
    "checklist_item",
    "compound",
    "conflict",
    "contact",
    "flag",
    "house_connection",
    "household",
    "observation",
    "occupancy",
    "person",
    "pipe",
    "point",
    "responsibility",
    "role_term",
    "route",
    "route_stop",
    "team",
    "team_member",
    "unit",
    "walk",
    "walk_member",
)


def upgrade() -> None:
    for table in SYNCED:
        op.create_index(op.f(f"ix_{table}_compound_id_rev_id"), table, ["compound_id", "rev", "id"])
    op.create_table(
        "chain",
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.Column("compound_id", sa.Uuid(), nullable=False),
        sa.Column("enrolled_at", UTCDateTime(), nullable=False),
        sa.Column("last_n", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("device_id", "compound_id", name=op.f("pk_chain")),
    )
    op.create_index(op.f("ix_chain_compound_id"), "chain", ["compound_id"])
    op.create_table(
        "device",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("last_seen", UTCDateTime(), nullable=True),
        sa.Column("revoked_at", UTCDateTime(), nullable=True),
        sa.Column("replaces", sa.Uuid(), nullable=True),
        sa.Column("version", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_device")),
    )
    op.create_index(op.f("ix_device_token_hash"), "device", ["token_hash"], unique=True)
    op.create_table(
        "digest",
        sa.Column("compound_id", sa.Uuid(), nullable=False),
        sa.Column("table_name", sa.String(), nullable=False),
        sa.Column("n", sa.BigInteger(), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("compound_id", "table_name", name=op.f("pk_digest")),
    )
    op.create_table(
        "enrolment",
        sa.Column("code_hash", sa.String(), nullable=False),
        sa.Column("compound_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("expires_at", UTCDateTime(), nullable=False),
        sa.Column("used_at", UTCDateTime(), nullable=True),
        sa.Column("device_id", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("code_hash", name=op.f("pk_enrolment")),
    )
    op.create_table(
        "hosted",
        sa.Column("compound_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("pristine", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("compound_id", name=op.f("pk_hosted")),
    )
    op.create_table(
        "known_device",
        sa.Column("compound_id", sa.Uuid(), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("enrolled_at", UTCDateTime(), nullable=False),
        sa.Column("last_seen", UTCDateTime(), nullable=True),
        sa.Column("revoked_at", UTCDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("compound_id", "device_id", name=op.f("pk_known_device")),
    )
    op.create_table(
        "link",
        sa.Column("compound_id", sa.Uuid(), nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("token", sa.String(), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.Column("epoch", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("trouble", sa.String(), nullable=True),
        sa.Column("enrolled_at", UTCDateTime(), nullable=False),
        sa.Column("last_contact", UTCDateTime(), nullable=True),
        sa.Column("last_attempt", UTCDateTime(), nullable=True),
        sa.Column("history", sa.BigInteger(), nullable=False),
        sa.Column("up", sa.BigInteger(), nullable=False),
        sa.Column("down", sa.BigInteger(), nullable=False),
        sa.Column("busy_until", UTCDateTime(), nullable=True),
        sa.Column("busy_with", sa.String(), nullable=False),
        sa.Column("repaired_at", UTCDateTime(), nullable=True),
        sa.Column("devices_tag", sa.String(), nullable=False),
        sa.Column("missed", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("compound_id", name=op.f("pk_link")),
    )
    op.create_table(
        "stage",
        sa.Column("compound_id", sa.Uuid(), nullable=False),
        sa.Column("epoch", sa.String(), nullable=False),
        sa.Column("afresh", sa.Boolean(), nullable=False),
        sa.Column("base", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("compound_id", name=op.f("pk_stage")),
    )
    op.create_table(
        "staged_page",
        sa.Column("compound_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("compound_id", "place", name=op.f("pk_staged_page")),
    )
    op.create_table(
        "tray",
        sa.Column("compound_id", sa.Uuid(), nullable=False),
        sa.Column("operation_id", sa.Uuid(), nullable=False),
        sa.Column("settled", sa.String(), nullable=True),
        sa.Column("by", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("compound_id", "operation_id", name=op.f("pk_tray")),
    )
    op.create_index(op.f("ix_tray_compound_id_settled"), "tray", ["compound_id", "settled"])
    op.add_column("conflict", sa.Column("settled_by", sa.Uuid(), nullable=True))
    op.add_column("operation", sa.Column("at", UTCDateTime(), nullable=True))
    op.add_column("operation", sa.Column("received_at", UTCDateTime(), nullable=True))
    op.create_index(op.f("ix_operation_compound_id_verdict"), "operation", ["compound_id", "verdict"])
    op.add_column("outbox", sa.Column("segment", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("outbox", sa.Column("shift_ms", sa.BigInteger(), nullable=False, server_default="0"))
