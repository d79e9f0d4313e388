"""Tickets: questions and their story, who does them, incidents, and what a compound has set for them."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

from models.migrations.steps import index, refers, synced

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "ticket_category",
        *synced(),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("accept_hours", sa.Integer(), nullable=False),
        sa.Column("finish_hours", sa.Integer(), nullable=False),
        sa.Column("urgency", sa.String(), nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=True),
        sa.Column("skill", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        refers("ticket_category", "team_id", "team"),
        sa.PrimaryKeyConstraint("compound_id", "id", name=op.f("pk_ticket_category")),
        sa.UniqueConstraint("compound_id", "code", name=op.f("uq_ticket_category_compound_id_code")),
    )
    index("ticket_category", "compound_id", "rev", "id")
    op.create_table(
        "ticket_ruling",
        *synced(),
        sa.Column("repeats", sa.Integer(), nullable=False),
        sa.Column("repeat_days", sa.Integer(), nullable=False),
        sa.Column("low_score", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("compound_id", "id", name=op.f("pk_ticket_ruling")),
    )
    index("ticket_ruling", "compound_id", "rev", "id")
    op.create_table(
        "incident",
        *synced(),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("started_at", UTCDateTime(), nullable=False),
        sa.Column("expected_at", UTCDateTime(), nullable=True),
        sa.Column("ended_at", UTCDateTime(), nullable=True),
        sa.Column("ended_words", sa.String(), nullable=False),
        sa.Column("search", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("compound_id", "id", name=op.f("pk_incident")),
    )
    index("incident", "compound_id", "ended_at")
    index("incident", "compound_id", "rev", "id")
    op.create_table(
        "incident_building",
        *synced(),
        sa.Column("incident_id", sa.Uuid(), nullable=False),
        sa.Column("building_id", sa.Uuid(), nullable=False),
        refers("incident_building", "building_id", "building"),
        refers("incident_building", "incident_id", "incident"),
        sa.PrimaryKeyConstraint("compound_id", "id", name=op.f("pk_incident_building")),
        sa.UniqueConstraint(
            "compound_id",
            "incident_id",
            "building_id",
            name=op.f("uq_incident_building_compound_id_incident_id_building_id"),
        ),
    )
    index("incident_building", "compound_id", "rev", "id")
    op.create_table(
        "ticket",
        *synced(),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("urgency", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("state_at", UTCDateTime(), nullable=False),
        sa.Column("requester_id", sa.Uuid(), nullable=True),
        sa.Column("requester_name", sa.String(), nullable=False),
        sa.Column("requester_phone", sa.String(), nullable=False),
        sa.Column("household_id", sa.Uuid(), nullable=True),
        sa.Column("building_id", sa.Uuid(), nullable=True),
        sa.Column("point_id", sa.Uuid(), nullable=True),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=True),
        sa.Column("wanted_hands", sa.Integer(), nullable=False),
        sa.Column("opened_at", UTCDateTime(), nullable=False),
        sa.Column("accept_due_at", UTCDateTime(), nullable=False),
        sa.Column("due_at", UTCDateTime(), nullable=False),
        sa.Column("accepted_at", UTCDateTime(), nullable=True),
        sa.Column("done_at", UTCDateTime(), nullable=True),
        sa.Column("closed_at", UTCDateTime(), nullable=True),
        sa.Column("wait_until", sa.Date(), nullable=True),
        sa.Column("wait_for", sa.String(), nullable=False),
        sa.Column("holder_id", sa.Uuid(), nullable=True),
        sa.Column("offered_to_id", sa.Uuid(), nullable=True),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("is_case", sa.Boolean(), nullable=False),
        sa.Column("incident_id", sa.Uuid(), nullable=True),
        sa.Column("reopened", sa.Integer(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=True),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("cost", sa.Integer(), nullable=False),
        sa.Column("visits", sa.Integer(), nullable=False),
        sa.Column("recheck_at", UTCDateTime(), nullable=True),
        sa.Column("search", sa.String(), nullable=False),
        refers("ticket", "building_id", "building"),
        refers("ticket", "holder_id", "person"),
        refers("ticket", "household_id", "household"),
        refers("ticket", "incident_id", "incident"),
        refers("ticket", "offered_to_id", "person"),
        refers("ticket", "parent_id", "ticket"),
        refers("ticket", "point_id", "point"),
        refers("ticket", "requester_id", "person"),
        refers("ticket", "team_id", "team"),
        sa.PrimaryKeyConstraint("compound_id", "id", name=op.f("pk_ticket")),
    )
    index("ticket", "compound_id", "building_id", "opened_at")
    index("ticket", "compound_id", "code")
    index("ticket", "compound_id", "done_at")
    index("ticket", "compound_id", "holder_id", "state")
    index("ticket", "compound_id", "household_id", "opened_at")
    index("ticket", "compound_id", "incident_id")
    index("ticket", "compound_id", "number")
    index("ticket", "compound_id", "offered_to_id")
    index("ticket", "compound_id", "opened_at", "id", "archived", "state")
    index("ticket", "compound_id", "parent_id")
    index("ticket", "compound_id", "point_id", "opened_at")
    index("ticket", "compound_id", "requester_id")
    index("ticket", "compound_id", "rev", "id")
    index("ticket", "compound_id", "state", "archived", "id")
    index("ticket", "compound_id", "team_id")
    op.create_table(
        "ticket_hand",
        *synced(),
        sa.Column("ticket_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("since", UTCDateTime(), nullable=False),
        refers("ticket_hand", "person_id", "person"),
        refers("ticket_hand", "ticket_id", "ticket"),
        sa.PrimaryKeyConstraint("compound_id", "id", name=op.f("pk_ticket_hand")),
        sa.UniqueConstraint(
            "compound_id",
            "ticket_id",
            "person_id",
            name=op.f("uq_ticket_hand_compound_id_ticket_id_person_id"),
        ),
    )
    index("ticket_hand", "compound_id", "person_id", "archived")
    index("ticket_hand", "compound_id", "rev", "id")
    op.create_table(
        "ticket_event",
        *synced(),
        sa.Column("ticket_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("doer_id", sa.Uuid(), nullable=False),
        sa.Column("recorder_id", sa.Uuid(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("from_state", sa.String(), nullable=False),
        sa.Column("to_state", sa.String(), nullable=False),
        sa.Column("stood", sa.Boolean(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("other_id", sa.Uuid(), nullable=True),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=True),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("cost", sa.Integer(), nullable=False),
        sa.Column("parts", sa.String(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        refers("ticket_event", "other_id", "ticket"),
        refers("ticket_event", "person_id", "person"),
        refers("ticket_event", "ticket_id", "ticket"),
        sa.PrimaryKeyConstraint("compound_id", "id", name=op.f("pk_ticket_event")),
    )
    index("ticket_event", "compound_id", "other_id")
    index("ticket_event", "compound_id", "person_id")
    index("ticket_event", "compound_id", "rev", "id")
    index("ticket_event", "compound_id", "ticket_id", "at")
    op.create_table(
        "ticket_link",
        *synced(),
        sa.Column("ticket_id", sa.Uuid(), nullable=False),
        sa.Column("point_id", sa.Uuid(), nullable=True),
        sa.Column("observation_id", sa.Uuid(), nullable=True),
        refers("ticket_link", "observation_id", "observation"),
        refers("ticket_link", "point_id", "point"),
        refers("ticket_link", "ticket_id", "ticket"),
        sa.PrimaryKeyConstraint("compound_id", "id", name=op.f("pk_ticket_link")),
        sa.UniqueConstraint(
            "compound_id",
            "ticket_id",
            "point_id",
            "observation_id",
            name=op.f("uq_ticket_link_compound_id_ticket_id_point_id_observation_id"),
        ),
    )
    index("ticket_link", "compound_id", "observation_id")
    index("ticket_link", "compound_id", "point_id")
    index("ticket_link", "compound_id", "rev", "id")
