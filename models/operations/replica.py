"""Keeping the replica invariant: server rows at the cursor, plus own unjudged operations replayed.

Pulled rows are never laid over a row that an unjudged operation has touched:
first the shadows put the confirmed rows back, then the page is written, then
the operations that still wait are applied again, in the order they were made.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import delete, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from models.operations import log
from models.operations.apply import apply
from models.operations.envelope import Operation
from models.operations.tables import OperationRow, OutboxRow, ShadowRow
from models.operations.verdicts import Held, Rejected
from models.operations.workspace import Workspace
from models.tables import Json, Synced, synced_models, table_of, values_from_json


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the server said of one of this laptop's operations."""

    operation_id: UUID
    n: int
    verdict: str
    rev: int | None
    code: str | None
    params: Mapping[str, Any]


def take(
    session: Session,
    compound_id: UUID,
    *,
    rows: Mapping[str, Sequence[dict[str, Json]]],
    judgements: Iterable[Judgement],
    head: int,
) -> None:
    """Take a page of server rows and verdicts in, in the caller's one transaction.

    `rows` maps table names to rows as `to_json` writes them; rows of tables
    this version does not know are the caller's to park. `head` becomes the cursor.
    """
    put_shadows_back(session, compound_id)
    for name, model in synced_models().items():
        upsert(session, model, rows.get(name, ()))
    _settle(session, compound_id, judgements)
    cursor = log.cursor_of(session, compound_id)
    cursor.cursor = max(cursor.cursor, head)
    session.add(cursor)
    session.flush()
    replay(session, compound_id)


def put_shadows_back(session: Session, compound_id: UUID) -> None:
    """Undo every unjudged operation's rows, whatever order they were written in."""
    models = synced_models()
    connection = session.connection()
    for shadow in session.exec(select(ShadowRow).where(ShadowRow.compound_id == compound_id)).all():
        model = models[shadow.table_name]
        table = table_of(model)
        this_row = (table.c.compound_id == compound_id) & (table.c.id == shadow.row_id)
        if shadow.before is None:
            connection.execute(delete(table).where(this_row))
        else:
            connection.execute(update(table).where(this_row).values(values_from_json(model, shadow.before)))
    connection.execute(delete(table_of(ShadowRow)).where(col(ShadowRow.compound_id) == compound_id))
    session.expire_all()


def upsert(session: Session, model: type[Synced], rows: Sequence[dict[str, Json]]) -> None:
    """Write server rows over what is here; a row that is newer here stays."""
    if not rows:
        return
    table = table_of(model)
    connection = session.connection()
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    statement = dialect.insert(table)
    statement = statement.on_conflict_do_update(
        index_elements=["compound_id", "id"],
        set_={
            c.name: statement.excluded[c.name] for c in table.columns if c.name not in {"compound_id", "id"}
        },
        where=statement.excluded.rev >= table.c.rev,
    )
    connection.execute(statement, [values_from_json(model, row) for row in rows])


def _settle(session: Session, compound_id: UUID, judgements: Iterable[Judgement]) -> None:
    operation, outbox = table_of(OperationRow), table_of(OutboxRow)
    connection = session.connection()
    cursor = log.cursor_of(session, compound_id)
    for judgement in judgements:
        if judgement.verdict != "held":
            connection.execute(
                delete(outbox).where(outbox.c.compound_id == compound_id, outbox.c.n == judgement.n)
            )
            cursor.acked_n = max(cursor.acked_n, judgement.n)
        connection.execute(
            update(operation)
            .where(operation.c.compound_id == compound_id, operation.c.id == judgement.operation_id)
            .values(
                verdict=judgement.verdict,
                rev=judgement.rev,
                code=judgement.code,
                params=dict(judgement.params),
            )
        )
    session.add(cursor)
    session.flush()


def replay(session: Session, compound_id: UUID) -> None:
    """Apply again what still waits. A group that fails now stays in the outbox, with the doubt marked."""
    for group in log.groups_of(log.unjudged(session, compound_id)):
        _mark(session, group, _replay_group(session, group))


def _replay_group(session: Session, group: Sequence[Operation]) -> str | None:
    workspace = Workspace(session, group[0].compound_id, keep_shadows=True)
    savepoint = session.begin_nested()
    try:
        for operation in group:
            verdict = apply(workspace, operation, rev=None)
            if isinstance(verdict, Rejected | Held):
                savepoint.rollback()
                return verdict.code
        workspace.flush()
    except IntegrityError:
        savepoint.rollback()
        return "row.clash"
    savepoint.commit()
    return None


def _mark(session: Session, group: Sequence[Operation], doubt: str | None) -> None:
    outbox = table_of(OutboxRow)
    session.connection().execute(
        update(outbox)
        .where(
            outbox.c.compound_id == group[0].compound_id,
            outbox.c.n >= group[0].n,
            outbox.c.n <= group[-1].n,
        )
        .values(doubt=doubt)
    )
