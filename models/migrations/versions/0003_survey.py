"""Survey: schedules and days of rain, words for print, and which rows each change is about."""

import re
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.add_column(
        "compound", sa.Column("print_head", sa.String(), nullable=False, server_default=sa.text("''"))
    )
    op.add_column(
        "compound", sa.Column("print_foot", sa.String(), nullable=False, server_default=sa.text("''"))
    )
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
    op.create_index(
        op.f("ix_walk_compound_id_route_id_finished_at"), "walk", ["compound_id", "route_id", "finished_at"]
    )
    for table in ("schedule", "rain"):
        op.create_index(op.f(f"ix_{table}_compound_id_rev_id"), table, ["compound_id", "rev", "id"])
    _list_changes()


def _list_changes() -> None:
    op.create_table(
        "change",
        sa.Column("compound_id", sa.Uuid(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("n", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("doer_id", sa.Uuid(), nullable=False),
        sa.Column("recorder_id", sa.Uuid(), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.Column("leading", sa.Boolean(), nullable=False),
        sa.Column("operation_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("first_n", sa.BigInteger(), nullable=False),
        sa.Column("last_n", sa.BigInteger(), nullable=False),
        sa.Column("undoes", sa.Uuid(), nullable=True),
        sa.Column("undoes_change", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("compound_id", "at", "n", "id", "kind", "doer_id", name=op.f("pk_change")),
        sqlite_with_rowid=False,
    )
    leading = ["compound_id", "leading", "at", "n", "id"]
    op.create_index(op.f("ix_change_compound_id_leading_at_n_id"), "change", leading)
    for column in ("id", "undoes", "undoes_change"):
        op.create_index(op.f(f"ix_change_{column}"), "change", [column])
    op.create_table(
        "operation_about",
        sa.Column("compound_id", sa.Uuid(), nullable=False),
        sa.Column("row_id", sa.Uuid(), nullable=False),
        sa.Column("operation_id", sa.Uuid(), nullable=False),
        sa.Column("change_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("compound_id", "row_id", "operation_id", name=op.f("pk_operation_about")),
        sqlite_with_rowid=False,
    )
    connection = op.get_bind()
    # Servers keep no list of changes: it would cost whoever waits for a push.
    if connection.dialect.name == "sqlite" and not connection.exec_driver_sql("SELECT 1 FROM hosted").first():
        _fill(connection)


#: An id as a value of a payload in JSON; as a key it names a question that was answered.
_ID = re.compile(r'"([0-9a-fA-F]{32}|[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})"(?!\s*:)')
_AT_A_TIME = 2_000


def _fill(connection: sa.Connection) -> None:
    """List the operations that are there, which no undo has marked yet."""
    changes: dict[tuple[str, str], list[list[Any]]] = {}
    operations = connection.exec_driver_sql(
        "SELECT compound_id, id, device_id, n, coalesce(batch_id, group_id), kind, doer_id, recorder_id, payload, "
        "coalesce(at, made_at) FROM operation ORDER BY compound_id, coalesce(batch_id, group_id), n"
    )
    for part in operations.partitions(_AT_A_TIME):
        about: set[tuple[str, str, str, str]] = set()
        for compound, row_id, device, n, change, kind, doer, recorder, payload, at in part:
            facets = changes.setdefault((compound, change), [])
            facet = next((one for one in facets if one[4] == kind and one[5] == doer), None)
            if facet is None:
                first = facets[0] if facets else [compound, at, n, change]
                facets.append([*first[:4], kind, doer, recorder, device, not facets, row_id, 0, n, n])
                facet = facets[-1]
            facet[10] += 1
            facet[12] = n
            named = {one.replace("-", "").lower() for one in _ID.findall(payload)}
            about.update((compound, row, row_id, change) for row in named)
        if about:
            connection.exec_driver_sql("INSERT INTO operation_about VALUES (?, ?, ?, ?)", sorted(about))
    rows = [tuple(facet) for facets in changes.values() for facet in facets]
    for start in range(0, len(rows), _AT_A_TIME):
        connection.exec_driver_sql(
            f"INSERT INTO change VALUES ({'?, ' * 13}NULL, NULL)",  # noqa: S608  # question marks
            rows[start : start + _AT_A_TIME],
        )


def _synced() -> list[sa.Column[Any]]:
    """Return the columns that every synced table has."""
    return [
        sa.Column("compound_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("rev", sa.BigInteger(), nullable=False),
        sa.Column("archived", sa.Boolean(), nullable=False),
        sa.Column("stamps", sa.JSON(), nullable=False),
    ]
