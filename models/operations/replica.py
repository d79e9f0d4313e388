"""Keeping the replica invariant: server rows at the cursor, plus own unjudged operations replayed.

Pulled rows are never laid over a row that an unjudged operation has touched:
first the shadows put the confirmed rows back, then the page is written, then
the operations that still wait are applied again, in the order they were made.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain, repeat
from typing import Any, cast
from uuid import UUID

from sqlalchemy import ColumnElement, bindparam, delete, func, insert, or_, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, SQLModel, col, select

from models.operations import log
from models.operations.digest import Tally
from models.operations.in_order import Bench, apply_in_order
from models.operations.rows import Rows
from models.operations.tables import DigestRow, OperationRow, OutboxRow, ShadowRow, TrayRow
from models.operations.verdicts import Held, Judgement, Rejected
from models.tables import (
    Json,
    Synced,
    defaults,
    raw,
    raw_defaults,
    synced_models,
    table_of,
    values_from_json,
)

__all__ = ["Judgement", "put_shadows_back", "replay", "take", "upsert"]


def take(
    session: Session,
    compound_id: UUID,
    *,
    pages: Sequence[Sequence[Rows]],
    judgements: Iterable[Judgement],
    head: int,
    afresh: bool = False,
) -> None:
    """Take the pages of a pull and its verdicts in, in the caller's one transaction.

    Where pages repeat a row, the one with the highest rev counts. Rows of tables
    this version does not know are the caller's to park. `afresh` lets the pages
    replace all that the server had confirmed before. `head` becomes the cursor.
    """
    put_shadows_back(session, compound_id)
    tally = Tally()
    if afresh:
        _clear(session, compound_id)
    for name, model in synced_models().items():
        upsert(
            session,
            model,
            compound_id,
            [part for page in pages for part in page if part.table == name],
            tally,
        )
    tally.keep(session, compound_id)
    said = list(judgements)
    if afresh:
        judge_anew(session, compound_id, said)
    _settle(session, compound_id, said)
    cursor = log.cursor_of(session, compound_id)
    cursor.cursor = head if afresh else max(cursor.cursor, head)
    session.add(cursor)
    session.flush()
    replay(session, compound_id)


def _clear(session: Session, compound_id: UUID) -> None:
    models: list[type[SQLModel]] = [*synced_models().values(), DigestRow]
    for table in map(table_of, models):
        session.connection().execute(delete(table).where(table.c.compound_id == compound_id))
    session.expire_all()


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


def upsert(
    session: Session, model: type[Synced], compound_id: UUID, parts: Sequence[Rows], tally: Tally
) -> None:
    """Write server rows over what is here; a row that is newer here stays.

    Rows go in the form SQLite stores, past SQLAlchemy's types: a laptop takes many
    at once. Two rows may have changed names with each other since the last page.
    Laid over one by one they would clash, so then the old ones leave first. There
    is no savepoint around it: SQLite takes ever longer for an update that may
    have to be undone beneath foreign keys.
    """
    standing, latest = _latest(session, model, compound_id, parts)
    if not latest:
        return
    groups: dict[tuple[str, ...], list[Sequence[Any]]] = {}
    for row_id, (rev, columns, row) in latest.items():
        groups.setdefault(columns, []).append(row)
        tally.moved(table_of(model).name, UUID(row_id), standing.get(row_id, 0), rev)
    try:
        _lay_over(session, model, groups)
    except IntegrityError:
        _remove(session, model, compound_id, [UUID(row_id) for row_id in latest])
        _lay_over(session, model, groups)
    session.expire_all()


def _latest(
    session: Session, model: type[Synced], compound_id: UUID, parts: Sequence[Rows]
) -> tuple[dict[str, int], dict[str, tuple[int, tuple[str, ...], Sequence[Any]]]]:
    """Return the revs of rows that are here, and of those that come the latest ones that are not older."""
    latest: dict[str, tuple[int, tuple[str, ...], Sequence[Any]]] = {}
    for part in parts:
        columns = tuple(part.columns)
        place, rev_place = columns.index("id"), columns.index("rev")
        for row in part.rows:
            row_id, rev = str(row[place]), cast("int", row[rev_place])
            if row_id not in latest or rev >= latest[row_id][0]:
                latest[row_id] = (rev, columns, row)
    standing = _revs(session, model, compound_id, list(latest))
    newer = {row_id: found for row_id, found in latest.items() if found[0] >= standing.get(row_id, 0)}
    return standing, newer


def _lay_over(
    session: Session, model: type[Synced], groups: Mapping[tuple[str, ...], Sequence[Sequence[Any]]]
) -> None:
    for columns, rows in groups.items():
        write = _writer(model, columns)
        session.connection().exec_driver_sql(write.statement, write.values(rows))


def _revs(session: Session, model: type[Synced], compound_id: UUID, row_ids: Sequence[str]) -> dict[str, int]:
    """Return the revs of rows that are here, by id as SQLite keeps it."""
    name = table_of(model).name
    found: dict[str, int] = {}
    for start in range(0, len(row_ids), 500):
        chunk = row_ids[start : start + 500]
        marks = ", ".join("?" * len(chunk))
        statement = f"SELECT id, rev FROM {name} WHERE compound_id = ? AND id IN ({marks})"  # noqa: S608
        rows = session.connection().exec_driver_sql(statement, (compound_id.hex, *chunk))
        found.update({row[0]: row[1] for row in rows})
    return found


@dataclass(frozen=True, slots=True)
class _Writer:
    """How rows of one table that came with certain columns are laid over what SQLite holds."""

    table: str
    statement: str
    places: tuple[int | None, ...]
    turns: tuple[Callable[[Any], Any] | None, ...]
    defaults: tuple[Any, ...]

    def values(self, rows: Sequence[Sequence[Json]]) -> list[tuple[Any, ...]]:
        """Return the rows as the driver takes them."""
        columns: list[Iterable[Any]] = []
        came = list(zip(*rows, strict=True))
        for place, turn, default in zip(self.places, self.turns, self.defaults, strict=True):
            if place is None:
                columns.append(repeat(default, len(rows)))
            else:
                columns.append(came[place] if turn is None else map(turn, came[place]))
        return list(zip(*columns, strict=True))


@cache
def _writer(model: type[Synced], columns: tuple[str, ...]) -> _Writer:
    table = table_of(model)
    names = [column.name for column in table.columns]
    # A column may be called by a word of SQL: movement.into.
    quoted = [f'"{name}"' for name in names]
    sets = ", ".join(f"{name} = excluded.{name}" for name in quoted if name not in {'"compound_id"', '"id"'})
    blank = {name: default for name, default in raw_defaults(model).items() if name not in columns}
    return _Writer(
        table=table.name,
        statement=f"INSERT INTO {table.name} ({', '.join(quoted)}) VALUES ({', '.join('?' * len(names))}) "  # noqa: S608
        f"ON CONFLICT (compound_id, id) DO UPDATE SET {sets}",
        places=tuple(columns.index(name) if name in columns else None for name in names),
        turns=tuple(raw(column) for column in table.columns),
        defaults=tuple(blank.get(name) for name in names),
    )


def _remove(session: Session, model: type[Synced], compound_id: UUID, row_ids: Sequence[UUID]) -> None:
    table = table_of(model)
    for start in range(0, len(row_ids), 500):
        chunk = row_ids[start : start + 500]
        session.connection().execute(
            delete(table).where(table.c.compound_id == compound_id, table.c.id.in_(chunk))
        )


def _insert(session: Session, model: type[Synced], rows: Sequence[Mapping[str, Json]]) -> None:
    if rows:
        blank = defaults(model)  # an older version wrote it without the newer columns
        values = [blank | values_from_json(model, row) for row in rows]
        session.connection().execute(insert(table_of(model)), values)


def judge_anew(session: Session, compound_id: UUID, judgements: Sequence[Judgement]) -> bool:
    """Write what a restored server says of operations that had a verdict already, other than then.

    Tells whether own ones wait now that had been judged: the caller replays them.
    """
    _write(session, compound_id, judgements, col(OperationRow.verdict).is_not(None))
    device, waits = log.device_id(session), False
    for said in judgements:
        row = session.get(OperationRow, (compound_id, said.operation_id))
        if row is None or row.device_id != device:
            continue
        refused = session.get(TrayRow, (compound_id, row.id))
        if said.verdict == "rejected" and refused is None:
            session.add(TrayRow(compound_id=compound_id, operation_id=row.id))
        if said.verdict != "rejected" and refused is not None and refused.settled is None:
            session.delete(refused)
        if said.verdict == "held" and session.get(OutboxRow, (compound_id, row.n)) is None:
            session.add(OutboxRow(compound_id=compound_id, n=row.n, operation_id=row.id))
            waits = True
    session.flush()
    return waits


def _settle(session: Session, compound_id: UUID, judgements: Iterable[Judgement]) -> None:
    """Write verdicts into the log; what is judged for good leaves the outbox, what is refused goes to the tray."""
    said = list({judgement.operation_id: judgement for judgement in judgements}.values())
    outbox = table_of(OutboxRow)
    connection = session.connection()
    if said:
        own = _waiting(session, compound_id, [judgement.operation_id for judgement in said])
        final = [judgement for judgement in said if judgement.verdict != "held"]
        # A page that was overtaken on its way may still call held what is long settled.
        verdict = col(OperationRow.verdict)
        _write(session, compound_id, said, or_(verdict.is_(None), verdict == "held"))
        refused = {j.operation_id for j in final if j.verdict == "rejected" and j.operation_id in own}
        if refused:
            # A restored server may refuse once more what a person has dealt with.
            dealt_with: Sequence[UUID] = session.exec(
                select(TrayRow.operation_id).where(TrayRow.compound_id == compound_id)
            ).all()
            refused -= set(dealt_with)
        if refused:
            connection.execute(
                insert(table_of(TrayRow)),
                [{"compound_id": compound_id, "operation_id": operation_id} for operation_id in refused],
            )
        gone = [own[judgement.operation_id] for judgement in final if judgement.operation_id in own]
        for start in range(0, len(gone), 500):
            connection.execute(
                delete(outbox).where(
                    outbox.c.compound_id == compound_id, outbox.c.n.in_(gone[start : start + 500])
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


def _write(
    session: Session, compound_id: UUID, judgements: Sequence[Judgement], where: ColumnElement[bool]
) -> None:
    """Write what is said of operations into the log, where that fits what stands there."""
    if not judgements:
        return
    operation = table_of(OperationRow)
    session.connection().execute(
        update(operation)
        .where(operation.c.compound_id == compound_id, operation.c.id == bindparam("key"), where)
        .values({name: bindparam(f"new_{name}") for name in ("verdict", "rev", "code", "params")}),
        [
            {
                "key": judgement.operation_id,
                "new_verdict": judgement.verdict,
                "new_rev": judgement.rev,
                "new_code": judgement.code,
                "new_params": dict(judgement.params),
            }
            for judgement in judgements
        ],
    )


def _waiting(session: Session, compound_id: UUID, operation_ids: Sequence[UUID]) -> dict[UUID, int]:
    """Return which of these operations are in the outbox, with their places there."""
    outbox = table_of(OutboxRow)
    statement = select(outbox.c.operation_id, outbox.c.n).where(outbox.c.compound_id == compound_id)
    wanted = set(operation_ids)
    return {
        row.operation_id: row.n
        for row in session.connection().execute(statement)
        if row.operation_id in wanted
    }


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
