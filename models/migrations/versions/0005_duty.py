"""Duty: posts and their templates, who can when, shifts and who is on them, check-in, hand-over, balances."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

from models.migrations.steps import index, refers, synced

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.add_column("operation", sa.Column("arrival", sa.Integer(), nullable=True))
    _behind()
    _roster()
    _presence()
    # Hours are counted over days: walks and what was told of tickets are found by time.
    index("ticket_event", "compound_id", "at")
    index("walk", "compound_id", "started_at")


def _behind() -> None:
    """What stands behind a roster."""
    op.create_table(
        "post",
        *synced(),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=True),
        sa.Column("keys", sa.String(), nullable=False),
        sa.Column("counts_cash", sa.Boolean(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("search", sa.String(), nullable=False),
        refers("post", "team_id", "team"),
        sa.PrimaryKeyConstraint("compound_id", "id", name=op.f("pk_post")),
        sa.UniqueConstraint("compound_id", "name", name=op.f("uq_post_compound_id_name")),
    )
    index("post", "compound_id", "rev", "id")
    op.create_table(
        "shift_template",
        *synced(),
        sa.Column("post_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("starts", sa.Integer(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("hands", sa.Integer(), nullable=False),
        sa.Column("needs", sa.JSON(), nullable=False),
        sa.Column("weekdays", sa.JSON(), nullable=False),
        sa.Column("weeks", sa.String(), nullable=False),
        sa.Column("month_days", sa.JSON(), nullable=False),
        sa.Column("days", sa.String(), nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=True),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        refers("shift_template", "post_id", "post"),
        refers("shift_template", "team_id", "team"),
        sa.PrimaryKeyConstraint("compound_id", "id", name=op.f("pk_shift_template")),
        sa.UniqueConstraint(
            "compound_id", "post_id", "name", name=op.f("uq_shift_template_compound_id_post_id_name")
        ),
    )
    index("shift_template", "compound_id", "rev", "id")
    op.create_table(
        "shift_exception",
        *synced(),
        sa.Column("template_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("held", sa.Boolean(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        refers("shift_exception", "template_id", "shift_template"),
        sa.PrimaryKeyConstraint("compound_id", "id", name=op.f("pk_shift_exception")),
        sa.UniqueConstraint(
            "compound_id", "template_id", "day", name=op.f("uq_shift_exception_compound_id_template_id_day")
        ),
    )
    index("shift_exception", "compound_id", "rev", "id")
    op.create_table(
        "special_day",
        *synced(),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("compound_id", "id", name=op.f("pk_special_day")),
        sa.UniqueConstraint("compound_id", "day", name=op.f("uq_special_day_compound_id_day")),
    )
    index("special_day", "compound_id", "rev", "id")
    op.create_table(
        "availability",
        *synced(),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("weekdays", sa.JSON(), nullable=False),
        sa.Column("starts", sa.Integer(), nullable=False),
        sa.Column("ends", sa.Integer(), nullable=False),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("note", sa.String(), nullable=False),
        refers("availability", "person_id", "person"),
        sa.PrimaryKeyConstraint("compound_id", "id", name=op.f("pk_availability")),
    )
    index("availability", "compound_id", "person_id")
    index("availability", "compound_id", "rev", "id")
    op.create_table(
        "duty_pair",
        *synced(),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("other_id", sa.Uuid(), nullable=False),
        sa.Column("together", sa.Boolean(), nullable=False),
        refers("duty_pair", "other_id", "person"),
        refers("duty_pair", "person_id", "person"),
        sa.PrimaryKeyConstraint("compound_id", "id", name=op.f("pk_duty_pair")),
        sa.UniqueConstraint(
            "compound_id", "person_id", "other_id", name=op.f("uq_duty_pair_compound_id_person_id_other_id")
        ),
    )
    index("duty_pair", "compound_id", "other_id")
    index("duty_pair", "compound_id", "rev", "id")
    op.create_table(
        "duty_share",
        *synced(),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("share", sa.Integer(), nullable=False),
        sa.Column("most_per_week", sa.Integer(), nullable=True),
        sa.Column("most_per_month", sa.Integer(), nullable=True),
        refers("duty_share", "person_id", "person"),
        sa.PrimaryKeyConstraint("compound_id", "id", name=op.f("pk_duty_share")),
        sa.UniqueConstraint("compound_id", "person_id", name=op.f("uq_duty_share_compound_id_person_id")),
    )
    index("duty_share", "compound_id", "rev", "id")
    op.create_table(
        "duty_ruling",
        *synced(),
        sa.Column("night", sa.Integer(), nullable=False),
        sa.Column("weekend", sa.Integer(), nullable=False),
        sa.Column("holiday", sa.Integer(), nullable=False),
        sa.Column("festival", sa.Integer(), nullable=False),
        sa.Column("rest_minutes", sa.Integer(), nullable=False),
        sa.Column("most_per_week", sa.Integer(), nullable=False),
        sa.Column("grace_minutes", sa.Integer(), nullable=False),
        sa.Column("no_show", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("compound_id", "id", name=op.f("pk_duty_ruling")),
    )
    index("duty_ruling", "compound_id", "rev", "id")


def _roster() -> None:
    """The roster itself."""
    op.create_table(
        "shift",
        *synced(),
        sa.Column("post_id", sa.Uuid(), nullable=False),
        sa.Column("template_id", sa.Uuid(), nullable=True),
        sa.Column("team_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("starts_at", UTCDateTime(), nullable=False),
        sa.Column("ends_at", UTCDateTime(), nullable=False),
        sa.Column("hands", sa.Integer(), nullable=False),
        sa.Column("needs", sa.JSON(), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        refers("shift", "post_id", "post"),
        refers("shift", "team_id", "team"),
        refers("shift", "template_id", "shift_template"),
        sa.PrimaryKeyConstraint("compound_id", "id", name=op.f("pk_shift")),
        sa.UniqueConstraint(
            "compound_id",
            "post_id",
            "starts_at",
            "name",
            name=op.f("uq_shift_compound_id_post_id_starts_at_name"),
        ),
    )
    index("shift", "compound_id", "day", "starts_at")
    index("shift", "compound_id", "rev", "id")
    index("shift", "compound_id", "starts_at", "id")
    index("shift", "compound_id", "state", "starts_at")
    index("shift", "compound_id", "team_id")
    index("shift", "compound_id", "template_id", "day")
    op.create_table(
        "assignment",
        *synced(),
        sa.Column("shift_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("starts_at", UTCDateTime(), nullable=False),
        sa.Column("ends_at", UTCDateTime(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("leaving", sa.Boolean(), nullable=False),
        sa.Column("locked", sa.Boolean(), nullable=False),
        sa.Column("absence", sa.String(), nullable=False),
        sa.Column("absence_words", sa.String(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        refers("assignment", "person_id", "person"),
        refers("assignment", "shift_id", "shift"),
        sa.PrimaryKeyConstraint("compound_id", "id", name=op.f("pk_assignment")),
        sa.UniqueConstraint(
            "compound_id", "shift_id", "person_id", name=op.f("uq_assignment_compound_id_shift_id_person_id")
        ),
    )
    index("assignment", "compound_id", "person_id", "starts_at")
    index("assignment", "compound_id", "rev", "id")
    index("assignment", "compound_id", "starts_at")
    op.create_table(
        "swap",
        *synced(),
        sa.Column("assignment_id", sa.Uuid(), nullable=False),
        sa.Column("asker_id", sa.Uuid(), nullable=False),
        sa.Column("to_id", sa.Uuid(), nullable=True),
        sa.Column("against_id", sa.Uuid(), nullable=True),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("asked_at", UTCDateTime(), nullable=False),
        sa.Column("answered_at", UTCDateTime(), nullable=True),
        sa.Column("answered_by_id", sa.Uuid(), nullable=True),
        sa.Column("answer", sa.String(), nullable=False),
        refers("swap", "against_id", "assignment"),
        refers("swap", "answered_by_id", "person"),
        refers("swap", "asker_id", "person"),
        refers("swap", "assignment_id", "assignment"),
        refers("swap", "to_id", "person"),
        sa.PrimaryKeyConstraint("compound_id", "id", name=op.f("pk_swap")),
    )
    index("swap", "compound_id", "against_id")
    index("swap", "compound_id", "answered_by_id")
    index("swap", "compound_id", "asker_id")
    index("swap", "compound_id", "assignment_id")
    index("swap", "compound_id", "rev", "id")
    index("swap", "compound_id", "state", "asked_at")
    index("swap", "compound_id", "to_id")
    op.create_table(
        "duty_balance",
        *synced(),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("before", sa.Integer(), nullable=False),
        sa.Column("fair", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("missed", sa.Integer(), nullable=False),
        sa.Column("owed", sa.Integer(), nullable=False),
        refers("duty_balance", "person_id", "person"),
        sa.PrimaryKeyConstraint("compound_id", "id", name=op.f("pk_duty_balance")),
        sa.UniqueConstraint(
            "compound_id", "person_id", "month", name=op.f("uq_duty_balance_compound_id_person_id_month")
        ),
    )
    index("duty_balance", "compound_id", "month")
    index("duty_balance", "compound_id", "rev", "id")


def _presence() -> None:
    """What happens at the post."""
    op.create_table(
        "checkin",
        *synced(),
        sa.Column("post_id", sa.Uuid(), nullable=True),
        sa.Column("shift_id", sa.Uuid(), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("guest", sa.String(), nullable=False),
        sa.Column("came_at", UTCDateTime(), nullable=False),
        sa.Column("left_at", UTCDateTime(), nullable=True),
        sa.Column("made_up", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("witness_id", sa.Uuid(), nullable=True),
        sa.Column("witness", sa.String(), nullable=False),
        sa.Column("recorder_id", sa.Uuid(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        refers("checkin", "person_id", "person"),
        refers("checkin", "post_id", "post"),
        refers("checkin", "shift_id", "shift"),
        refers("checkin", "witness_id", "person"),
        sa.PrimaryKeyConstraint("compound_id", "id", name=op.f("pk_checkin")),
    )
    index("checkin", "compound_id", "came_at", "id")
    index("checkin", "compound_id", "person_id", "came_at")
    index("checkin", "compound_id", "post_id")
    index("checkin", "compound_id", "rev", "id")
    index("checkin", "compound_id", "shift_id")
    index("checkin", "compound_id", "witness_id")
    op.create_table(
        "handover",
        *synced(),
        sa.Column("post_id", sa.Uuid(), nullable=True),
        sa.Column("shift_id", sa.Uuid(), nullable=True),
        sa.Column("checkin_id", sa.Uuid(), nullable=True),
        sa.Column("from_id", sa.Uuid(), nullable=True),
        sa.Column("to_id", sa.Uuid(), nullable=True),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("keys", sa.String(), nullable=False),
        sa.Column("cash", sa.Integer(), nullable=True),
        sa.Column("confirmed_at", UTCDateTime(), nullable=True),
        sa.Column("confirmed_by_id", sa.Uuid(), nullable=True),
        sa.Column("confirmed_words", sa.String(), nullable=False),
        sa.Column("confirmed_keys", sa.String(), nullable=False),
        sa.Column("confirmed_cash", sa.Integer(), nullable=True),
        refers("handover", "checkin_id", "checkin"),
        refers("handover", "confirmed_by_id", "person"),
        refers("handover", "from_id", "person"),
        refers("handover", "post_id", "post"),
        refers("handover", "shift_id", "shift"),
        refers("handover", "to_id", "person"),
        sa.PrimaryKeyConstraint("compound_id", "id", name=op.f("pk_handover")),
    )
    index("handover", "compound_id", "at", "id", "archived", "confirmed_at")
    index("handover", "compound_id", "checkin_id")
    index("handover", "compound_id", "confirmed_at", "at")
    index("handover", "compound_id", "confirmed_by_id")
    index("handover", "compound_id", "from_id")
    index("handover", "compound_id", "post_id")
    index("handover", "compound_id", "rev", "id")
    index("handover", "compound_id", "shift_id")
    index("handover", "compound_id", "to_id")
    op.create_table(
        "log_entry",
        *synced(),
        sa.Column("post_id", sa.Uuid(), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("handover_id", sa.Uuid(), nullable=True),
        sa.Column("search", sa.String(), nullable=False),
        refers("log_entry", "handover_id", "handover"),
        refers("log_entry", "person_id", "person"),
        refers("log_entry", "post_id", "post"),
        sa.PrimaryKeyConstraint("compound_id", "id", name=op.f("pk_log_entry")),
    )
    index("log_entry", "compound_id", "at", "id", "archived")
    index("log_entry", "compound_id", "handover_id")
    index("log_entry", "compound_id", "person_id", "at", "id", "archived")
    index("log_entry", "compound_id", "post_id", "at", "id", "archived")
    index("log_entry", "compound_id", "rev", "id")
