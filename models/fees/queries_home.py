"""What Home and the menu of fees say: what is owed, the rate of the latest period, what is promised for today, what waits for a second person.

Each figure is found by index among what is open or near: open bills, the last runs and the bills of one of them,
the promises of a day, the requests that nobody has answered.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Table, func, or_, select
from sqlmodel import Session

from models.fees.queries_promises import due_promises
from models.fees.rules import Asked, BillKind, ExpenseState, RowState
from models.fees.tables import Bill, BillRun, ChargeItem, Concession
from models.fees.tables_money import Expense, MoneyRow, Payment, Refund, Reversal
from models.files.money_files.rows import Direction
from models.operations.roles import Role
from models.tables import table_of

_bill, _run, _concession, _item = (table_of(one) for one in (Bill, BillRun, Concession, ChargeItem))
_expense, _row, _payment = (table_of(one) for one in (Expense, MoneyRow, Payment))
_reversal, _refund = table_of(Reversal), table_of(Refund)
#: Who may be the second person; Home says it before the kinds of operation are loaded.
MAY_DECIDE: Final = frozenset({Role.TREASURER, Role.COMMITTEE, Role.DIRECTOR})
#: Among so many runs the latest is looked for; one with fewer bills than half of the largest is an addition to another.
_RUNS: Final = 12


@dataclass(frozen=True, slots=True)
class Requests:
    """What waits for a second person, or for an approval; of the one who asks only what others have asked for."""

    reversals: int = 0
    refunds: int = 0
    expenses: int = 0
    concessions: int = 0

    @property
    def payments(self) -> int:
        """How many requests on payments wait: to take one back, to give money back."""
        return self.reversals + self.refunds


@dataclass(frozen=True, slots=True)
class Collected:
    """How much of the bills of a period [since, until) has been paid, in fen."""

    since: date
    until: date
    billed_fen: int
    paid_fen: int

    @property
    def percent(self) -> int:
        """The rate in whole percent, rounded down: 99.6 % is not all of it."""
        return self.paid_fen * 100 // self.billed_fen if self.billed_fen else 0


@dataclass(frozen=True, slots=True)
class HomeFees:
    """What is owed by how many doors, how the latest period stands, and what waits today.

    `promises` are those whose day has come and that were not kept. `rows` of bank files and `suspense` payments have no household yet.
    """

    owed_fen: int = 0
    doors: int = 0
    latest: Collected | None = None
    promises: int = 0
    requests: Requests = Requests()
    rows: int = 0
    suspense: int = 0


def home_fees(session: Session, compound_id: UUID, person_id: UUID | None, *, today: date) -> HomeFees:
    """Return what Home says of fees to whoever acts."""
    owed = _one(
        session,
        select(
            func.coalesce(func.sum(_bill.c.owed_fen), 0), func.count(func.distinct(_bill.c.household_id))
        ).where(_bill.c.compound_id == compound_id, _bill.c.owed_fen > 0, _bill.c.archived.is_(False)),
    )
    promised = due_promises(session, compound_id, today=today)
    return HomeFees(
        int(owed[0]),
        int(owed[1]),
        latest_collected(session, compound_id, today=today),
        promised.today + promised.broken,
        requests_waiting(session, compound_id, person_id),
        _count(
            session,
            _row,
            compound_id,
            _row.c.state == RowState.OPEN.value,
            _row.c.direction == Direction.IN.value,
        ),
        _count(session, _payment, compound_id, _payment.c.free_fen > 0, _payment.c.household_id.is_(None)),
    )


def charges_anything(session: Session, compound_id: UUID) -> bool:
    """Tell whether there is an item to bill at all; without one the first thing to do is to set one up."""
    return _count(session, _item, compound_id) > 0


def latest_collected(session: Session, compound_id: UUID, *, today: date) -> Collected | None:
    """Return how the latest period that was billed stands; None while nothing was billed."""
    runs = (
        session.connection()
        .execute(
            select(_run.c.since, _run.c.until, func.sum(_run.c.bills).label("bills"))
            .where(_run.c.compound_id == compound_id, _run.c.since <= today, _run.c.archived.is_(False))
            .group_by(_run.c.since, _run.c.until)
            .order_by(_run.c.since.desc(), _run.c.until)
            .limit(_RUNS)
        )
        .all()
    )
    most = max((run.bills for run in runs), default=0)
    found = next((run for run in runs if run.bills and run.bills * 2 >= most), None)
    if found is None:
        return None
    billed, paid = _one(
        session,
        select(
            func.coalesce(func.sum(_bill.c.amount_fen), 0), func.coalesce(func.sum(_bill.c.paid_fen), 0)
        ).where(
            _bill.c.compound_id == compound_id,
            _bill.c.since >= found.since,
            _bill.c.since < found.until,
            _bill.c.kind == BillKind.CHARGE.value,
            _bill.c.reversed_on.is_(None),
            _bill.c.archived.is_(False),
        ),
    )
    return Collected(found.since, found.until, int(billed), int(paid))


def requests_waiting(session: Session, compound_id: UUID, person_id: UUID | None) -> Requests:
    """Count what waits for somebody other than whoever asked for it."""

    def waiting(table: Table, state: str) -> int:
        asker = table.c.asked_by_id
        other: tuple[ColumnElement[bool], ...] = ()
        if person_id is not None:
            other = (or_(asker.is_(None), asker != person_id),)
        return _count(session, table, compound_id, table.c.state == state, *other)

    return Requests(
        waiting(_reversal, Asked.ASKED.value),
        waiting(_refund, Asked.ASKED.value),
        waiting(_expense, ExpenseState.ASKED.value),
        waiting(_concession, Asked.ASKED.value),
    )


def _count(session: Session, table: Table, compound_id: UUID, *conditions: ColumnElement[bool]) -> int:
    statement = select(func.count()).where(
        table.c.compound_id == compound_id, table.c.archived.is_(False), *conditions
    )
    return int(_one(session, statement)[0])


def _one(session: Session, statement: Any) -> Any:
    return session.connection().execute(statement).one()
