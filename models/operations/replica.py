"""Keeping the replica invariant: server rows at the cursor, plus own unjudged operations replayed.

Pulled rows are never laid over a row that an unjudged operation has touched:
first the shadows put the confirmed rows back, then the page is written, then
the operations that still wait are applied again, in the order they were made.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from uuid import UUID

from sqlalchemy import delete, func, insert, or_, update
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from models.operations import log
from models.operations.in_order import Bench, apply_in_order
from models.operations.tables import OperationRow, OutboxRow, ShadowRow
from models.operations.verdicts import Held, Judgement, Rejected
from models.tables import Json, Synced, synced_models, table_of, values_from_json

__all__ = ["Judgement", "put_shadows_back", "replay", "take", "upsert"]


def take(
    session: Session,
    compound_id: UUID,
    *,
    rows: Mapping[str, Sequence[Mapping[str, Json]]],
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
    touched: dict[str, list[ShadowRow]] = {}
    for shadow in session.exec(select(ShadowRow).where(ShadowRow.compound_id == compound_id)).all():
        touched.setdefault(shadow.table_name, []).append(shadow)
    for name, shadows in touched.items():
        before = [shadow.before for shadow in shadows if shadow.before is not None]
        _remove(session, models[name], compound_id, [shadow.row_id for shadow in shadows])
        _insert(session, models[name], before)
    session.connection().execute(delete(table_of(ShadowRow)).where(col(ShadowRow.compound_id) == compound_id))
    session.expire_all()


def upsert(session: Session, model: type[Synced], rows: Sequence[Mapping[str, Json]]) -> None:
    """Write server rows over what is here; a row that is newer here stays.

    Two rows may have changed names with each other since the last page. Laid
    over one by one they would clash, so then the old ones leave first.
    """
    if not rows:
        return
    savepoint = session.begin_nested()
    try:
        _lay_over(session, model, rows)
    except IntegrityError:
        savepoint.rollback()
        newer = _newer_here(session, model, rows)
        rows = [row for row in rows if UUID(str(row["id"])) not in newer]
        compound_id = UUID(str(rows[0]["compound_id"]))
        _remove(session, model, compound_id, [UUID(str(row["id"])) for row in rows])
        _insert(session, model, rows)
    else:
        savepoint.commit()
    session.expire_all()


def _lay_over(session: Session, model: type[Synced], rows: Sequence[Mapping[str, Json]]) -> None:
    table = table_of(model)
    connection = session.connection()
    statement = sqlite.insert(table)  # pages are laid over on laptops only
    statement = statement.on_conflict_do_update(
        index_elements=["compound_id", "id"],
        set_={
            c.name: statement.excluded[c.name] for c in table.columns if c.name not in {"compound_id", "id"}
        },
        where=statement.excluded.rev >= table.c.rev,
    )
    connection.execute(statement, [values_from_json(model, row) for row in rows])


def _newer_here(session: Session, model: type[Synced], rows: Sequence[Mapping[str, Json]]) -> set[UUID]:
    table = table_of(model)
    newer: set[UUID] = set()
    for row in rows:
        statement = select(table.c.rev).where(
            table.c.compound_id == UUID(str(row["compound_id"])), table.c.id == UUID(str(row["id"]))
        )
        standing = session.connection().execute(statement).scalar()
        if standing is not None and standing > row["rev"]:
            newer.add(UUID(str(row["id"])))
    return newer


def _remove(session: Session, model: type[Synced], compound_id: UUID, row_ids: Sequence[UUID]) -> None:
    table = table_of(model)
    for start in range(0, len(row_ids), 500):
        chunk = row_ids[start : start + 500]
        session.connection().execute(
            delete(table).where(table.c.compound_id == compound_id, table.c.id.in_(chunk))
        )


def _insert(session: Session, model: type[Synced], rows: Sequence[Mapping[str, Json]]) -> None:
    if rows:
        session.connection().execute(insert(table_of(model)), [values_from_json(model, row) for row in rows])


def _settle(session: Session, compound_id: UUID, judgements: Iterable[Judgement]) -> None:
    """Write verdicts into the log; what is judged for good leaves the outbox."""
    operation, outbox = table_of(OperationRow), table_of(OutboxRow)
    connection = session.connection()
    for judgement in judgements:
        if judgement.verdict != "held":
            connection.execute(
                delete(outbox).where(
                    outbox.c.compound_id == compound_id, outbox.c.operation_id == judgement.operation_id
                )
            )
        connection.execute(
            update(operation)
            .where(
                operation.c.compound_id == compound_id,
                operation.c.id == judgement.operation_id,
                # A page that was overtaken on its way may still call held what is long settled.
                or_(operation.c.verdict.is_(None), operation.c.verdict == "held"),
            )
            .values(
                verdict=judgement.verdict,
                rev=judgement.rev,
                code=judgement.code,
                params=dict(judgement.params),
            )
        )
    session.expire_all()
    cursor = log.cursor_of(session, compound_id)
    waiting = connection.execute(
        select(func.min(outbox.c.n)).where(outbox.c.compound_id == compound_id)
    ).scalar()
    # Up to the first that waits: the verdict of one that was held comes late, and must still be asked for.
    cursor.acked_n = cursor.last_n if waiting is None else waiting - 1
    session.add(cursor)
    session.flush()


def replay(session: Session, compound_id: UUID) -> None:
    """Apply again what still waits. A group that fails now stays in the outbox, with the doubt marked."""
    waiting = log.unjudged(session, compound_id)
    verdicts = apply_in_order(Bench(session, compound_id, head=None), log.groups_of(waiting))
    doubts: dict[str | None, list[UUID]] = {}
    for operation, verdict in zip(waiting, chain.from_iterable(verdicts), strict=True):
        doubt = verdict.code if isinstance(verdict, Rejected | Held) else None
        doubts.setdefault(doubt, []).append(operation.id)
    for doubt, operation_ids in doubts.items():
        _mark(session, compound_id, operation_ids, doubt)


def _mark(session: Session, compound_id: UUID, operation_ids: Sequence[UUID], doubt: str | None) -> None:
    outbox = table_of(OutboxRow)
    for start in range(0, len(operation_ids), 500):
        session.connection().execute(
            update(outbox)
            .where(
                outbox.c.compound_id == compound_id,
                outbox.c.operation_id.in_(operation_ids[start : start + 500]),
                outbox.c.doubt.is_distinct_from(doubt),
            )
            .values(doubt=doubt)
        )
