"""Reading runs that were issued, and the bills that people look for: pages and counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, select
from sqlmodel import Session

from models.community.searching import contains, names_room
from models.community.tables import Household, Person
from models.fees.billing_states import BillState
from models.fees.periods import Period
from models.fees.queries import BillLine, bill_lines
from models.fees.tables import Bill, BillRun
from models.tables import table_of

_run, _bill, _household, _person = (table_of(one) for one in (BillRun, Bill, Household, Person))


@dataclass(frozen=True, slots=True)
class RunRow:
    """A run as it was issued, and how its bills stand: `holding` of `bills` were not reversed since."""

    id: UUID
    since: date
    until: date
    issued_on: date
    by: str
    bills: int
    fen: int
    words: str
    holding: int
    holding_fen: int
    paid_fen: int
    owed_fen: int
    paid_bills: int


def count_runs(session: Session, compound_id: UUID) -> int:
    """Return how many runs were issued."""
    statement = select(func.count()).select_from(_run).where(*_living(compound_id))
    return int(session.connection().execute(statement).scalar_one())


def page_runs(
    session: Session,
    compound_id: UUID,
    *conditions: ColumnElement[bool],
    offset: int = 0,
    limit: int = 100,
) -> tuple[RunRow, ...]:
    """Return runs, the latest period first, with the sums of their bills."""
    statement = (
        select(_run, _person.c.name.label("by"))
        .outerjoin_from(
            _run, _person, and_(_person.c.compound_id == compound_id, _person.c.id == _run.c.by_id)
        )
        .where(*_living(compound_id), *conditions)
        .order_by(_run.c.since.desc(), _run.c.issued_on.desc(), _run.c.id.desc())
        .limit(limit)
        .offset(offset)
    )
    connection = session.connection()
    rows = connection.execute(statement).all()
    sums = (
        select(
            _bill.c.run_id,
            func.count().label("holding"),
            func.sum(_bill.c.amount_fen).label("holding_fen"),
            func.sum(_bill.c.paid_fen).label("paid_fen"),
            func.sum(_bill.c.owed_fen).label("owed_fen"),
            func.count().filter(_bill.c.paid_fen > 0).label("paid_bills"),
        )
        .where(
            _bill.c.compound_id == compound_id,
            _bill.c.run_id.in_([row.id for row in rows]),
            _bill.c.reversed_on.is_(None),
            _bill.c.archived.is_(False),
        )
        .group_by(_bill.c.run_id)
    )
    held = {row.run_id: row for row in connection.execute(sums)}
    return tuple(_row(row, held.get(row.id)) for row in rows)


def run_row(session: Session, compound_id: UUID, run_id: UUID) -> RunRow | None:
    """Return one run, or None where there is no such run."""
    return next(iter(page_runs(session, compound_id, _run.c.id == run_id)), None)


def bills_to_withdraw(session: Session, compound_id: UUID, run_id: UUID, *, paid: bool) -> list[UUID]:
    """Return the bills of a run that hold: all of them, or only those on which nothing was paid."""
    statement = select(_bill.c.id).where(
        _bill.c.compound_id == compound_id,
        _bill.c.run_id == run_id,
        _bill.c.reversed_on.is_(None),
        _bill.c.archived.is_(False),
        *([] if paid else [_bill.c.paid_fen == 0]),
    )
    return list(session.connection().execute(statement.order_by(_bill.c.id)).scalars())


def _living(compound_id: UUID) -> list[ColumnElement[bool]]:
    return [_run.c.compound_id == compound_id, _run.c.archived.is_(False)]


def _row(row: Any, held: Any) -> RunRow:
    return RunRow(
        row.id,
        row.since,
        row.until,
        row.issued_on,
        row.by or "",
        row.bills,
        row.fen,
        row.words,
        *(
            0 if held is None else int(getattr(held, name))
            for name in ("holding", "holding_fen", "paid_fen", "owed_fen", "paid_bills")
        ),
    )


# -- bills -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class BillsAsked:
    """Which bills somebody looks for. `state` None means all; `text` is folded and names doors or people."""

    today: date
    state: BillState | None = None
    text: str = ""
    period: Period | None = None
    item_id: UUID | None = None
    household_id: UUID | None = None
    run_id: UUID | None = None


def count_bills(session: Session, compound_id: UUID, asked: BillsAsked) -> int:
    """Return how many bills there are of what is asked for."""
    joined = _bill.join(
        _household,
        and_(_household.c.compound_id == compound_id, _household.c.id == _bill.c.household_id),
    )
    source = joined if asked.text else _bill
    statement = (
        select(func.count())
        .select_from(source)
        .where(_bill.c.compound_id == compound_id, _bill.c.archived.is_(False), *_wanted(asked))
    )
    return int(session.connection().execute(statement).scalar_one())


def page_bills(
    session: Session, compound_id: UUID, asked: BillsAsked, offset: int, limit: int
) -> tuple[BillLine, ...]:
    """Return a page of them: of a door or a run in the order of doors, else the latest first."""
    by_door: Sequence[Any] = (_household.c.sort_key, _household.c.code, _bill.c.since, _bill.c.id)
    # Within one day doors are put in order; what is not on screen is not.
    order = by_door if asked.run_id is not None else (_bill.c.since.desc(), *by_door)
    return bill_lines(session, compound_id, *_wanted(asked), order=order, limit=limit, offset=offset)


def _wanted(asked: BillsAsked) -> list[ColumnElement[bool]]:
    conditions = _standing(asked.state, asked.today)
    if asked.period is not None:
        conditions += [_bill.c.since < asked.period.end, _bill.c.until > asked.period.first]
    for column, wanted in (
        (_bill.c.item_id, asked.item_id),
        (_bill.c.household_id, asked.household_id),
        (_bill.c.run_id, asked.run_id),
    ):
        if wanted is not None:
            conditions.append(column == wanted)
    if asked.text:
        spelled = names_room(_household.c.code, asked.text)
        conditions.append(contains(_household.c.search, asked.text) if spelled is None else spelled)
    return conditions


def _standing(state: BillState | None, today: date) -> list[ColumnElement[bool]]:
    """Return the conditions of a state; those that are open are so whether or not some of them was paid."""
    if state is BillState.REVERSED:
        return [_bill.c.reversed_on.is_not(None)]
    if state is BillState.PAID:
        return [_bill.c.reversed_on.is_(None), _bill.c.owed_fen == 0]
    if state is BillState.OVERDUE:
        return [_bill.c.owed_fen > 0, _bill.c.due_on < today]
    if state is BillState.OPEN:
        return [_bill.c.owed_fen > 0]
    if state is BillState.PART:
        return [_bill.c.owed_fen > 0, _bill.c.paid_fen > 0]
    return []
