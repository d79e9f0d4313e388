"""The register, inspection, and the machinery of operations."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "alias",
        sa.Column("compound_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("rev", sa.BigInteger(), nullable=False),
        sa.Column("archived", sa.Boolean(), nullable=False),
        sa.Column("stamps", sa.JSON(), nullable=False),
        sa.Column("table_name", sa.String(), nullable=False),
        sa.Column("to_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("compound_id", "id", name=op.f("pk_alias")),
    )
    op.create_table(
        "building",
        sa.Column("compound_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("rev", sa.BigInteger(), nullable=False),
        sa.Column("archived", sa.Boolean(), nullable=False),
        sa.Column("stamps", sa.JSON(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("floors", sa.Integer(), nullable=True),
        sa.Column("has_lift", sa.Boolean(), nullable=True),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("search", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("compound_id", "id", name=op.f("pk_building")),
        sa.UniqueConstraint("compound_id", "code", name=op.f("uq_building_compound_id_code")),
    )
    op.create_table(
        "checklist_item",
        sa.Column("compound_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("rev", sa.BigInteger(), nullable=False),
        sa.Column("archived", sa.Boolean(), nullable=False),
        sa.Column("stamps", sa.JSON(), nullable=False),
        sa.Column("point_kind", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("required", sa.Boolean(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("compound_id", "id", name=op.f("pk_checklist_item")),
        sa.UniqueConstraint(
            "compound_id", "point_kind", "text", name=op.f("uq_checklist_item_compound_id_point_kind_text")
        ),
    )
    op.create_table(
        "compound",
        sa.Column("compound_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("rev", sa.BigInteger(), nullable=False),
        sa.Column("archived", sa.Boolean(), nullable=False),
        sa.Column("stamps", sa.JSON(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("zone", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("compound_id", "id", name=op.f("pk_compound")),
    )
    op.create_table(
        "conflict",
        sa.Column("compound_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("rev", sa.BigInteger(), nullable=False),
        sa.Column("archived", sa.Boolean(), nullable=False),
        sa.Column("stamps", sa.JSON(), nullable=False),
        sa.Column("table_name", sa.String(), nullable=False),
        sa.Column("row_id", sa.Uuid(), nullable=False),
        sa.Column("field", sa.String(), nullable=False),
        sa.Column("kept", sa.JSON(), nullable=False),
        sa.Column("lost", sa.JSON(), nullable=False),
        sa.Column("kept_by", sa.Uuid(), nullable=True),
        sa.Column("lost_by", sa.Uuid(), nullable=True),
        sa.Column("status", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("compound_id", "id", name=op.f("pk_conflict")),
    )
    op.create_table(
        "cursor",
        sa.Column("compound_id", sa.Uuid(), nullable=False),
        sa.Column("cursor", sa.BigInteger(), nullable=False),
        sa.Column("last_n", sa.BigInteger(), nullable=False),
        sa.Column("acked_n", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("compound_id", name=op.f("pk_cursor")),
    )
    op.create_table(
        "draft",
        sa.Column("compound_id", sa.Uuid(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("values", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("compound_id", "subject", name=op.f("pk_draft")),
    )
    op.create_table(
        "flag",
        sa.Column("compound_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("rev", sa.BigInteger(), nullable=False),
        sa.Column("archived", sa.Boolean(), nullable=False),
        sa.Column("stamps", sa.JSON(), nullable=False),
        sa.Column("operation_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("params", sa.JSON(), nullable=False),
        sa.Column("settled", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("compound_id", "id", name=op.f("pk_flag")),
    )
    op.create_table(
        "head",
        sa.Column("compound_id", sa.Uuid(), nullable=False),
        sa.Column("head", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("compound_id", name=op.f("pk_head")),
    )
    op.create_table(
        "operation",
        sa.Column("compound_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("rev", sa.BigInteger(), nullable=True),
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.Column("n", sa.BigInteger(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("batch_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("v", sa.Integer(), nullable=False),
        sa.Column("doer_id", sa.Uuid(), nullable=False),
        sa.Column("recorder_id", sa.Uuid(), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("needs", sa.JSON(), nullable=False),
        sa.Column("happened_at", UTCDateTime(), nullable=False),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.Column("seen", sa.BigInteger(), nullable=False),
        sa.Column("verdict", sa.String(), nullable=True),
        sa.Column("code", sa.String(), nullable=True),
        sa.Column("params", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("compound_id", "id", name=op.f("pk_operation")),
        sa.UniqueConstraint(
            "compound_id", "device_id", "n", name=op.f("uq_operation_compound_id_device_id_n")
        ),
    )
    op.create_index(
        op.f("ix_operation_compound_id_group_id"), "operation", ["compound_id", "group_id"], unique=False
    )
    op.create_index(
        op.f("ix_operation_compound_id_made_at_n"),
        "operation",
        ["compound_id", "made_at", "n"],
        unique=False,
    )
    op.create_index(op.f("ix_operation_compound_id_rev"), "operation", ["compound_id", "rev"], unique=False)
    op.create_table(
        "outbox",
        sa.Column("compound_id", sa.Uuid(), nullable=False),
        sa.Column("n", sa.BigInteger(), nullable=False),
        sa.Column("operation_id", sa.Uuid(), nullable=False),
        sa.Column("doubt", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("compound_id", "n", name=op.f("pk_outbox")),
    )
    op.create_table(
        "person",
        sa.Column("compound_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("rev", sa.BigInteger(), nullable=False),
        sa.Column("archived", sa.Boolean(), nullable=False),
        sa.Column("stamps", sa.JSON(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("sex", sa.String(), nullable=False),
        sa.Column("phones", sa.JSON(), nullable=False),
        sa.Column("skills", sa.JSON(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("search", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("compound_id", "id", name=op.f("pk_person")),
    )
    op.create_index(
        op.f("ix_person_compound_id_name_id_archived"),
        "person",
        ["compound_id", "name", "id", "archived"],
        unique=False,
    )
    op.create_table(
        "route",
        sa.Column("compound_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("rev", sa.BigInteger(), nullable=False),
        sa.Column("archived", sa.Boolean(), nullable=False),
        sa.Column("stamps", sa.JSON(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("search", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("compound_id", "id", name=op.f("pk_route")),
        sa.UniqueConstraint("compound_id", "name", name=op.f("uq_route_compound_id_name")),
    )
    op.create_table(
        "setting",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_setting")),
    )
    op.create_table(
        "shadow",
        sa.Column("compound_id", sa.Uuid(), nullable=False),
        sa.Column("row_id", sa.Uuid(), nullable=False),
        sa.Column("table_name", sa.String(), nullable=False),
        sa.Column("operation_id", sa.Uuid(), nullable=False),
        sa.Column("before", sa.JSON(none_as_null=True), nullable=True),
        sa.PrimaryKeyConstraint("compound_id", "row_id", "table_name", name=op.f("pk_shadow")),
    )
    op.create_table(
        "team",
        sa.Column("compound_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("rev", sa.BigInteger(), nullable=False),
        sa.Column("archived", sa.Boolean(), nullable=False),
        sa.Column("stamps", sa.JSON(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("search", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("compound_id", "id", name=op.f("pk_team")),
        sa.UniqueConstraint("compound_id", "name", name=op.f("uq_team_compound_id_name")),
    )
    op.create_table(
        "point",
        sa.Column("compound_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("rev", sa.BigInteger(), nullable=False),
        sa.Column("archived", sa.Boolean(), nullable=False),
        sa.Column("stamps", sa.JSON(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("building_id", sa.Uuid(), nullable=True),
        sa.Column("x_m", sa.Float(), nullable=True),
        sa.Column("y_m", sa.Float(), nullable=True),
        sa.Column("ground_m", sa.Float(), nullable=True),
        sa.Column("depth_mm", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("search", sa.String(), nullable=False),
        sa.Column("sort_key", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["compound_id", "building_id"],
            ["building.compound_id", "building.id"],
            name=op.f("fk_point_building_id_building"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("compound_id", "id", name=op.f("pk_point")),
        sa.UniqueConstraint("compound_id", "code", name=op.f("uq_point_compound_id_code")),
    )
    op.create_table(
        "responsibility",
        sa.Column("compound_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("rev", sa.BigInteger(), nullable=False),
        sa.Column("archived", sa.Boolean(), nullable=False),
        sa.Column("stamps", sa.JSON(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("building_id", sa.Uuid(), nullable=True),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("note", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["compound_id", "building_id"],
            ["building.compound_id", "building.id"],
            name=op.f("fk_responsibility_building_id_building"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["compound_id", "person_id"],
            ["person.compound_id", "person.id"],
            name=op.f("fk_responsibility_person_id_person"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("compound_id", "id", name=op.f("pk_responsibility")),
    )
    op.create_index(
        op.f("ix_responsibility_compound_id_person_id"),
        "responsibility",
        ["compound_id", "person_id"],
        unique=False,
    )
    op.create_table(
        "role_term",
        sa.Column("compound_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("rev", sa.BigInteger(), nullable=False),
        sa.Column("archived", sa.Boolean(), nullable=False),
        sa.Column("stamps", sa.JSON(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("building_id", sa.Uuid(), nullable=True),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["compound_id", "building_id"],
            ["building.compound_id", "building.id"],
            name=op.f("fk_role_term_building_id_building"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["compound_id", "person_id"],
            ["person.compound_id", "person.id"],
            name=op.f("fk_role_term_person_id_person"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("compound_id", "id", name=op.f("pk_role_term")),
    )
    op.create_index(
        op.f("ix_role_term_compound_id_person_id"), "role_term", ["compound_id", "person_id"], unique=False
    )
    op.create_table(
        "team_member",
        sa.Column("compound_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("rev", sa.BigInteger(), nullable=False),
        sa.Column("archived", sa.Boolean(), nullable=False),
        sa.Column("stamps", sa.JSON(), nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["compound_id", "person_id"],
            ["person.compound_id", "person.id"],
            name=op.f("fk_team_member_person_id_person"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["compound_id", "team_id"],
            ["team.compound_id", "team.id"],
            name=op.f("fk_team_member_team_id_team"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("compound_id", "id", name=op.f("pk_team_member")),
    )
    op.create_index(
        op.f("ix_team_member_compound_id_team_id"), "team_member", ["compound_id", "team_id"], unique=False
    )
    op.create_table(
        "unit",
        sa.Column("compound_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("rev", sa.BigInteger(), nullable=False),
        sa.Column("archived", sa.Boolean(), nullable=False),
        sa.Column("stamps", sa.JSON(), nullable=False),
        sa.Column("building_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["compound_id", "building_id"],
            ["building.compound_id", "building.id"],
            name=op.f("fk_unit_building_id_building"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("compound_id", "id", name=op.f("pk_unit")),
        sa.UniqueConstraint(
            "compound_id", "building_id", "code", name=op.f("uq_unit_compound_id_building_id_code")
        ),
    )
    op.create_table(
        "walk",
        sa.Column("compound_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("rev", sa.BigInteger(), nullable=False),
        sa.Column("archived", sa.Boolean(), nullable=False),
        sa.Column("stamps", sa.JSON(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("route_id", sa.Uuid(), nullable=True),
        sa.Column("started_at", UTCDateTime(), nullable=False),
        sa.Column("started_by", sa.Uuid(), nullable=False),
        sa.Column("finished_at", UTCDateTime(), nullable=True),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("search", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["compound_id", "route_id"],
            ["route.compound_id", "route.id"],
            name=op.f("fk_walk_route_id_route"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("compound_id", "id", name=op.f("pk_walk")),
        sa.UniqueConstraint(
            "compound_id", "name", "route_id", name=op.f("uq_walk_compound_id_name_route_id")
        ),
    )
    op.create_table(
        "household",
        sa.Column("compound_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("rev", sa.BigInteger(), nullable=False),
        sa.Column("archived", sa.Boolean(), nullable=False),
        sa.Column("stamps", sa.JSON(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("building_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("floor", sa.Integer(), nullable=True),
        sa.Column("area", sa.Integer(), nullable=True),
        sa.Column("indoor_area", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("layout", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("phones", sa.JSON(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("search", sa.String(), nullable=False),
        sa.Column("sort_key", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["compound_id", "building_id"],
            ["building.compound_id", "building.id"],
            name=op.f("fk_household_building_id_building"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["compound_id", "unit_id"],
            ["unit.compound_id", "unit.id"],
            name=op.f("fk_household_unit_id_unit"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("compound_id", "id", name=op.f("pk_household")),
        sa.UniqueConstraint("compound_id", "code", name=op.f("uq_household_compound_id_code")),
    )
    op.create_index(
        op.f("ix_household_compound_id_building_id"),
        "household",
        ["compound_id", "building_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_household_compound_id_sort_key_code_archived"),
        "household",
        ["compound_id", "sort_key", "code", "archived"],
        unique=False,
    )
    op.create_table(
        "observation",
        sa.Column("compound_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("rev", sa.BigInteger(), nullable=False),
        sa.Column("archived", sa.Boolean(), nullable=False),
        sa.Column("stamps", sa.JSON(), nullable=False),
        sa.Column("walk_id", sa.Uuid(), nullable=True),
        sa.Column("point_id", sa.Uuid(), nullable=True),
        sa.Column("level", sa.String(), nullable=True),
        sa.Column("mud_mm", sa.Integer(), nullable=True),
        sa.Column("defects", sa.JSON(), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("doer_id", sa.Uuid(), nullable=False),
        sa.Column("recorder_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["compound_id", "point_id"],
            ["point.compound_id", "point.id"],
            name=op.f("fk_observation_point_id_point"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["compound_id", "walk_id"],
            ["walk.compound_id", "walk.id"],
            name=op.f("fk_observation_walk_id_walk"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("compound_id", "id", name=op.f("pk_observation")),
    )
    op.create_index(
        op.f("ix_observation_compound_id_point_id_at"),
        "observation",
        ["compound_id", "point_id", "at"],
        unique=False,
    )
    op.create_index(
        op.f("ix_observation_compound_id_walk_id_point_id_at"),
        "observation",
        ["compound_id", "walk_id", "point_id", "at"],
        unique=False,
    )
    op.create_table(
        "pipe",
        sa.Column("compound_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("rev", sa.BigInteger(), nullable=False),
        sa.Column("archived", sa.Boolean(), nullable=False),
        sa.Column("stamps", sa.JSON(), nullable=False),
        sa.Column("from_id", sa.Uuid(), nullable=False),
        sa.Column("to_id", sa.Uuid(), nullable=False),
        sa.Column("diameter_mm", sa.Integer(), nullable=True),
        sa.Column("length_m", sa.Float(), nullable=True),
        sa.Column("material", sa.String(), nullable=False),
        sa.Column("system", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["compound_id", "from_id"],
            ["point.compound_id", "point.id"],
            name=op.f("fk_pipe_from_id_point"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["compound_id", "to_id"],
            ["point.compound_id", "point.id"],
            name=op.f("fk_pipe_to_id_point"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("compound_id", "id", name=op.f("pk_pipe")),
        sa.UniqueConstraint(
            "compound_id", "from_id", "to_id", name=op.f("uq_pipe_compound_id_from_id_to_id")
        ),
    )
    op.create_index(op.f("ix_pipe_compound_id_to_id"), "pipe", ["compound_id", "to_id"], unique=False)
    op.create_table(
        "route_stop",
        sa.Column("compound_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("rev", sa.BigInteger(), nullable=False),
        sa.Column("archived", sa.Boolean(), nullable=False),
        sa.Column("stamps", sa.JSON(), nullable=False),
        sa.Column("route_id", sa.Uuid(), nullable=False),
        sa.Column("point_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["compound_id", "point_id"],
            ["point.compound_id", "point.id"],
            name=op.f("fk_route_stop_point_id_point"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["compound_id", "route_id"],
            ["route.compound_id", "route.id"],
            name=op.f("fk_route_stop_route_id_route"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("compound_id", "id", name=op.f("pk_route_stop")),
        sa.UniqueConstraint(
            "compound_id", "route_id", "point_id", name=op.f("uq_route_stop_compound_id_route_id_point_id")
        ),
    )
    op.create_table(
        "walk_member",
        sa.Column("compound_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("rev", sa.BigInteger(), nullable=False),
        sa.Column("archived", sa.Boolean(), nullable=False),
        sa.Column("stamps", sa.JSON(), nullable=False),
        sa.Column("walk_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["compound_id", "person_id"],
            ["person.compound_id", "person.id"],
            name=op.f("fk_walk_member_person_id_person"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["compound_id", "walk_id"],
            ["walk.compound_id", "walk.id"],
            name=op.f("fk_walk_member_walk_id_walk"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("compound_id", "id", name=op.f("pk_walk_member")),
        sa.UniqueConstraint(
            "compound_id", "walk_id", "person_id", name=op.f("uq_walk_member_compound_id_walk_id_person_id")
        ),
    )
    op.create_table(
        "contact",
        sa.Column("compound_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("rev", sa.BigInteger(), nullable=False),
        sa.Column("archived", sa.Boolean(), nullable=False),
        sa.Column("stamps", sa.JSON(), nullable=False),
        sa.Column("household_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["compound_id", "household_id"],
            ["household.compound_id", "household.id"],
            name=op.f("fk_contact_household_id_household"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["compound_id", "person_id"],
            ["person.compound_id", "person.id"],
            name=op.f("fk_contact_person_id_person"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("compound_id", "id", name=op.f("pk_contact")),
    )
    op.create_index(
        op.f("ix_contact_compound_id_household_id"), "contact", ["compound_id", "household_id"], unique=False
    )
    op.create_index(
        op.f("ix_contact_compound_id_person_id"), "contact", ["compound_id", "person_id"], unique=False
    )
    op.create_table(
        "house_connection",
        sa.Column("compound_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("rev", sa.BigInteger(), nullable=False),
        sa.Column("archived", sa.Boolean(), nullable=False),
        sa.Column("stamps", sa.JSON(), nullable=False),
        sa.Column("point_id", sa.Uuid(), nullable=False),
        sa.Column("building_id", sa.Uuid(), nullable=True),
        sa.Column("household_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["compound_id", "building_id"],
            ["building.compound_id", "building.id"],
            name=op.f("fk_house_connection_building_id_building"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["compound_id", "household_id"],
            ["household.compound_id", "household.id"],
            name=op.f("fk_house_connection_household_id_household"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["compound_id", "point_id"],
            ["point.compound_id", "point.id"],
            name=op.f("fk_house_connection_point_id_point"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("compound_id", "id", name=op.f("pk_house_connection")),
    )
    op.create_index(
        op.f("ix_house_connection_compound_id_household_id"),
        "house_connection",
        ["compound_id", "household_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_house_connection_compound_id_point_id"),
        "house_connection",
        ["compound_id", "point_id"],
        unique=False,
    )
    op.create_table(
        "occupancy",
        sa.Column("compound_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("rev", sa.BigInteger(), nullable=False),
        sa.Column("archived", sa.Boolean(), nullable=False),
        sa.Column("stamps", sa.JSON(), nullable=False),
        sa.Column("household_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("relation", sa.String(), nullable=False),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["compound_id", "household_id"],
            ["household.compound_id", "household.id"],
            name=op.f("fk_occupancy_household_id_household"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["compound_id", "person_id"],
            ["person.compound_id", "person.id"],
            name=op.f("fk_occupancy_person_id_person"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("compound_id", "id", name=op.f("pk_occupancy")),
    )
    op.create_index(
        op.f("ix_occupancy_compound_id_household_id"),
        "occupancy",
        ["compound_id", "household_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_occupancy_compound_id_person_id"), "occupancy", ["compound_id", "person_id"], unique=False
    )
