"""Judging: the server gives each group its place in the compound's one order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from itertools import count, groupby
from uuid import UUID

from sqlalchemy import func
from sqlalchemy import select as core_select
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from models.operations import log
from models.operations.envelope import Operation
from models.operations.in_order import Bench, apply_in_order
from models.operations.tables import HeadRow, OperationRow
from models.operations.verdicts import (
    Duplicate,
    Held,
    Rejected,
    Verdict,
    verdict_code,
    verdict_name,
    verdict_params,
)
from models.tables import table_of


def judge(
    session: Session, operations: Sequence[Operation], *, received_at: datetime | None = None
) -> list[Verdict]:
    """Judge one group and return its verdicts; see `judge_all`."""
    judged = judge_all(session, operations[0].compound_id, [operations], received_at=received_at)
    return [verdict for verdict, _ in judged[0]]


def judge_all(
    session: Session,
    compound_id: UUID,
    groups: Sequence[Sequence[Operation]],
    *,
    received_at: datetime | None = None,
) -> list[list[tuple[Verdict, int | None]]]:
    """Apply groups in order, each whole or not at all; store and return their verdicts, with the rev each took.

    An operation met before gets `Duplicate` and changes nothing; what was said of
    it is in the log. When one decision is rejected, every decision of its group
    is, for the same reason, and its facts are applied without them. An operation
    whose `needs` are held is held too; one whose `needs` were rejected is tried,
    and refused only if it cannot stand alone.
    """
    row = lock(session, compound_id)
    bench = Bench(session, compound_id, row.head)
    met = _verdicts_of(session, compound_id, (o.id for group in groups for o in group))
    needs = {need for group in groups for operation in group for need in operation.needs}
    bench.held = {
        key for key, verdict in _verdicts_of(session, compound_id, needs).items() if verdict == "held"
    }
    fresh = [[operation for operation in group if operation.id not in met] for group in groups]
    judged = iter(apply_in_order(bench, [group for group in fresh if group]))
    places = count(row.head + 1)
    waiting: Iterator[int] | None = None
    answers: list[list[tuple[Verdict, int | None]]] = []
    rows = []
    for group, new in zip(groups, fresh, strict=True):
        verdicts = dict(zip((o.id for o in new), next(judged) if new else (), strict=True))
        answer: list[tuple[Verdict, int | None]] = []
        for operation in group:
            verdict = verdicts.get(operation.id)
            if verdict is None:
                answer.append((_DUPLICATE, None))
                continue
            rev = next(places) if _takes_a_place(verdict) else None
            answer.append((verdict, rev))
            arrival = None
            if isinstance(verdict, Held):
                waiting = waiting or count(_last_arrival(session, compound_id) + 1)
                arrival = next(waiting)
            rows.append(
                log.to_values(operation, rev=rev, verdict=verdict, received_at=received_at, arrival=arrival)
            )
        answers.append(answer)
    log.keep(session, rows, listed=False)
    _keep_head(row, bench, next(places))
    return answers


def judge_again(session: Session, compound_id: UUID) -> list[OperationRow]:
    """Judge what is held once more, in the order it came; return what is held no longer."""
    row_of_head = lock(session, compound_id)
    bench = Bench(session, compound_id, row_of_head.head)
    held = session.exec(
        select(OperationRow)
        .where(OperationRow.compound_id == compound_id, OperationRow.verdict == "held")
        # As they came: a laptop's clock may have been set back between two, and the second needs the first.
        .order_by(
            col(OperationRow.arrival).is_not(None),  # what an earlier version held has none
            col(OperationRow.arrival),
            col(OperationRow.received_at),
            col(OperationRow.device_id),
            col(OperationRow.n),
        )
    ).all()
    bench.held = {row.id for row in held}
    places = count(row_of_head.head + 1)
    settled: list[OperationRow] = []
    for _, rows_of_group in groupby(held, key=lambda row: row.group_id):
        rows = list(rows_of_group)
        bench.held -= {row.id for row in rows}
        verdicts = apply_in_order(bench, [[log.from_row(row) for row in rows]])[0]
        for row, verdict in zip(rows, verdicts, strict=True):
            row.rev = next(places) if _takes_a_place(verdict) else None
            row.verdict, row.code = verdict_name(verdict), verdict_code(verdict)
            row.params = verdict_params(verdict)
            session.add(row)
            if row.verdict != "held":
                settled.append(row)
        session.flush()
    _keep_head(row_of_head, bench, next(places))
    return settled


def _last_arrival(session: Session, compound_id: UUID) -> int:
    """Return the place of the last of what is held, 0 when nothing is."""
    table = table_of(OperationRow)
    last = core_select(func.max(table.c.arrival)).where(
        table.c.compound_id == compound_id, table.c.verdict == "held"
    )
    return session.connection().execute(last).scalar() or 0


def lock(session: Session, compound_id: UUID) -> HeadRow:
    """Return the compound's head; whoever holds it is the only one to give out revs."""
    head = session.get(HeadRow, compound_id, with_for_update=True)
    if head is None:
        # Two pushes may be a compound's first: on PostgreSQL the second waits here for the first to commit.
        with suppress(IntegrityError), session.begin_nested():
            session.add(HeadRow(compound_id=compound_id))
        head = session.get_one(HeadRow, compound_id, with_for_update=True)
    return head


_DUPLICATE = Duplicate()


def _takes_a_place(verdict: Verdict) -> bool:
    return not isinstance(verdict, Rejected | Held)


def _keep_head(row: HeadRow, bench: Bench, after: int) -> None:
    """Write the head and the digests, in the caller's transaction."""
    if bench.head is None or bench.head + 1 != after:
        raise RuntimeError(f"the head is at {bench.head}, and the next rev would be {after}")
    row.head = bench.head
    bench.session.add(row)
    bench.session.flush()
    bench.tally.keep(bench.session, bench.compound_id)


def _verdicts_of(
    session: Session, compound_id: UUID, operation_ids: Iterable[UUID]
) -> dict[UUID, str | None]:
    """Return the verdicts of those operations that are in the log."""
    table = table_of(OperationRow)
    wanted = list(operation_ids)
    found: dict[UUID, str | None] = {}
    for start in range(0, len(wanted), 500):
        statement = core_select(table.c.id, table.c.verdict).where(
            table.c.compound_id == compound_id, table.c.id.in_(wanted[start : start + 500])
        )
        found.update({row.id: row.verdict for row in session.connection().execute(statement)})
    return found
