"""Duty: posts and their templates, who can when, shifts and who is on them, check-in, hand-over, balances."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.add_column("operation", sa.Column("arrival", sa.Integer(), nullable=True))
    _behind()
    _roster()
    _presence()
    # Hours are counted over days: walks and what was told of tickets are found by time.
    _index("ticket_event", "compound_id", "at")
    _index("walk", "compound_id", "started_at")


def _behind() -> None:
    """What stands behind a roster."""
    op.create_table(
        "post",
        *_synced(),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=True),
        sa.Column("keys", sa.String(), nullable=False),
        sa.Column("counts_cash", sa.Boolean(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("search", sa.String(), nullable=False),
        _refers("post", "team_id", "team"),
        sa.PrimaryKeyConstraint("compound_id", "id", name=op.f("pk_post")),
        sa.UniqueConstraint("compound_id", "name", name=op.f("uq_post_compound_id_name")),
    )
    _index("post", "compound_id", "rev", "id")
    op.create_table(
        "shift_template",
        *_synced(),
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
        _refers("shift_template", "post_id", "post"),
        _refers("shift_template", "team_id", "team"),
        sa.PrimaryKeyConstraint("compound_id", "id", name=op.f("pk_shift_template")),
        sa.UniqueConstraint(
            "compound_id", "post_id", "name", name=op.f("uq_shift_template_compound_id_post_id_name")
        ),
    )
    _index("shift_template", "compound_id", "rev", "id")
    op.create_table(
        "shift_exception",
        *_synced(),
        sa.Column("template_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("held", sa.Boolean(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        _refers("shift_exception", "template_id", "shift_template"),
        sa.PrimaryKeyConstraint("compound_id", "id", name=op.f("pk_shift_exception")),
        sa.UniqueConstraint(
            "compound_id", "template_id", "day", name=op.f("uq_shift_exception_compound_id_template_id_day")
        ),
    )
    _index("shift_exception", "compound_id", "rev", "id")
    op.create_table(
        "special_day",
        *_synced(),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("compound_id", "id", name=op.f("pk_special_day")),
        sa.UniqueConstraint("compound_id", "day", name=op.f("uq_special_day_compound_id_day")),
    )
    _index("special_day", "compound_id", "rev", "id")
    op.create_table(
        "availability",
        *_synced(),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("weekdays", sa.JSON(), nullable=False),
        sa.Column("starts", sa.Integer(), nullable=False),
        sa.Column("ends", sa.Integer(), nullable=False),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("note", sa.String(), nullable=False),
        _refers("availability", "person_id", "person"),
        sa.PrimaryKeyConstraint("compound_id", "id", name=op.f("pk_availability")),
    )
    _index("availability", "compound_id", "person_id")
    _index("availability", "compound_id", "rev", "id")
    op.create_table(
        "duty_pair",
        *_synced(),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("other_id", sa.Uuid(), nullable=False),
        sa.Column("together", sa.Boolean(), nullable=False),
        _refers("duty_pair", "other_id", "person"),
        _refers("duty_pair", "person_id", "person"),
        sa.PrimaryKeyConstraint("compound_id", "id", name=op.f("pk_duty_pair")),
        sa.UniqueConstraint(
            "compound_id", "person_id", "other_id", name=op.f("uq_duty_pair_compound_id_person_id_other_id")
        ),
    )
    _index("duty_pair", "compound_id", "other_id")
    _index("duty_pair", "compound_id", "rev", "id")
    op.create_table(
        "duty_share",
        *_synced(),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("share", sa.Integer(), nullable=False),
        sa.Column("most_per_week", sa.Integer(), nullable=True),
        sa.Column("most_per_month", sa.Integer(), nullable=True),
        _refers("duty_share", "person_id", "person"),
        sa.PrimaryKeyConstraint("compound_id", "id", name=op.f("pk_duty_share")),
        sa.UniqueConstraint("compound_id", "person_id", name=op.f("uq_duty_share_compound_id_person_id")),
    )
    _index("duty_share", "compound_id", "rev", "id")
    op.create_table(
        "duty_ruling",
        *_synced(),
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
    _index("duty_ruling", "compound_id", "rev", "id")


def _roster() -> None:
    """The roster itself."""
    op.create_table(
        "shift",
        *_synced(),
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
        _refers("shift", "post_id", "post"),
        _refers("shift", "team_id", "team"),
        _refers("shift", "template_id", "shift_template"),
        sa.PrimaryKeyConstraint("compound_id", "id", name=op.f("pk_shift")),
        sa.UniqueConstraint(
            "compound_id",
            "post_id",
            "starts_at",
            "name",
            name=op.f("uq_shift_compound_id_post_id_starts_at_name"),
        ),
    )
    _index("shift", "compound_id", "day", "starts_at")
    _index("shift", "compound_id", "rev", "id")
    _index("shift", "compound_id", "starts_at", "id")
    _index("shift", "compound_id", "state", "starts_at")
    _index("shift", "compound_id", "team_id")
    _index("shift", "compound_id", "template_id", "day")
    op.create_table(
        "assignment",
        *_synced(),
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
        _refers("assignment", "person_id", "person"),
        _refers("assignment", "shift_id", "shift"),
        sa.PrimaryKeyConstraint("compound_id", "id", name=op.f("pk_assignment")),
        sa.UniqueConstraint(
            "compound_id", "shift_id", "person_id", name=op.f("uq_assignment_compound_id_shift_id_person_id")
        ),
    )
    _index("assignment", "compound_id", "person_id", "starts_at")
    _index("assignment", "compound_id", "rev", "id")
    _index("assignment", "compound_id", "starts_at")
    op.create_table(
        "swap",
        *_synced(),
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
        _refers("swap", "against_id", "assignment"),
        _refers("swap", "answered_by_id", "person"),
        _refers("swap", "asker_id", "person"),
        _refers("swap", "assignment_id", "assignment"),
        _refers("swap", "to_id", "person"),
        sa.PrimaryKeyConstraint("compound_id", "id", name=op.f("pk_swap")),
    )
    _index("swap", "compound_id", "against_id")
    _index("swap", "compound_id", "answered_by_id")
    _index("swap", "compound_id", "asker_id")
    _index("swap", "compound_id", "assignment_id")
    _index("swap", "compound_id", "rev", "id")
    _index("swap", "compound_id", "state", "asked_at")
    _index("swap", "compound_id", "to_id")
    op.create_table(
        "duty_balance",
        *_synced(),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("before", sa.Integer(), nullable=False),
        sa.Column("fair", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("missed", sa.Integer(), nullable=False),
        sa.Column("owed", sa.Integer(), nullable=False),
        _refers("duty_balance", "person_id", "person"),
        sa.PrimaryKeyConstraint("compound_id", "id", name=op.f("pk_duty_balance")),
        sa.UniqueConstraint(
            "compound_id", "person_id", "month", name=op.f("uq_duty_balance_compound_id_person_id_month")
        ),
    )
    _index("duty_balance", "compound_id", "month")
    _index("duty_balance", "compound_id", "rev", "id")


def _presence() -> None:
    """What happens at the post."""
    op.create_table(
        "checkin",
        *_synced(),
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
        _refers("checkin", "person_id", "person"),
        _refers("checkin", "post_id", "post"),
        _refers("checkin", "shift_id", "shift"),
        _refers("checkin", "witness_id", "person"),
        sa.PrimaryKeyConstraint("compound_id", "id", name=op.f("pk_checkin")),
    )
    _index("checkin", "compound_id", "came_at", "id")
    _index("checkin", "compound_id", "person_id", "came_at")
    _index("checkin", "compound_id", "post_id")
    _index("checkin", "compound_id", "rev", "id")
    _index("checkin", "compound_id", "shift_id")
    _index("checkin", "compound_id", "witness_id")
    op.create_table(
        "handover",
        *_synced(),
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
        _refers("handover", "checkin_id", "checkin"),
        _refers("handover", "confirmed_by_id", "person"),
        _refers("handover", "from_id", "person"),
        _refers("handover", "post_id", "post"),
        _refers("handover", "shift_id", "shift"),
        _refers("handover", "to_id", "person"),
        sa.PrimaryKeyConstraint("compound_id", "id", name=op.f("pk_handover")),
    )
    _index("handover", "compound_id", "at", "id", "archived", "confirmed_at")
    _index("handover", "compound_id", "checkin_id")
    _index("handover", "compound_id", "confirmed_at", "at")
    _index("handover", "compound_id", "confirmed_by_id")
    _index("handover", "compound_id", "from_id")
    _index("handover", "compound_id", "post_id")
    _index("handover", "compound_id", "rev", "id")
    _index("handover", "compound_id", "shift_id")
    _index("handover", "compound_id", "to_id")
    op.create_table(
        "log_entry",
        *_synced(),
        sa.Column("post_id", sa.Uuid(), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("handover_id", sa.Uuid(), nullable=True),
        sa.Column("search", sa.String(), nullable=False),
        _refers("log_entry", "handover_id", "handover"),
        _refers("log_entry", "person_id", "person"),
        _refers("log_entry", "post_id", "post"),
        sa.PrimaryKeyConstraint("compound_id", "id", name=op.f("pk_log_entry")),
    )
    _index("log_entry", "compound_id", "at", "id", "archived")
    _index("log_entry", "compound_id", "handover_id")
    _index("log_entry", "compound_id", "person_id", "at", "id", "archived")
    _index("log_entry", "compound_id", "post_id", "at", "id", "archived")
    _index("log_entry", "compound_id", "rev", "id")


def _synced() -> list[sa.Column[Any]]:
    """Return the columns that every synced table has."""
    return [
        sa.Column("compound_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("rev", sa.BigInteger(), nullable=False),
        sa.Column("archived", sa.Boolean(), nullable=False),
        sa.Column("stamps", sa.JSON(), nullable=False),
    ]


def _refers(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["compound_id", column],
        [f"{to}.compound_id", f"{to}.id"],
        name=op.f(f"fk_{table}_{column}_{to}"),
        initially="DEFERRED",
        deferrable=True,
    )


def _index(table: str, *columns: str) -> None:
    op.create_index(op.f(f"ix_{table}_{'_'.join(columns)}"), table, list(columns))
