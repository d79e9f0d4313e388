"""Carrying what people owe over the end of a month."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlmodel import Session

from models.duty import payloads as p
from models.duty.balances import LEAVE, Account
from models.duty.queries import SHIFT
from models.duty.queries_balances import BALANCE, Books, books, next_month, published
from models.inspection.observed import rows_of, zone_of
from models.operations.envelope import Intent
from models.operations.registry import intent


def settled_from(session: Session, compound_id: UUID, month: date) -> datetime:
    """Return when a month can be settled: half a day after its last shift has ended, and not before it is over."""
    over = datetime.combine(next_month(month), datetime.min.time(), zone_of(session, compound_id))
    last = (
        session.connection()
        .execute(select(func.max(SHIFT.c.ends_at)).where(*published(compound_id, month, next_month(month))))
        .scalar()
    )
    return over if last is None else max(over, last + LEAVE)


def settle_intents(session: Session, compound_id: UUID, month: date, *, now: datetime) -> list[Intent]:
    """Return what settles a month, named by its first day; nothing while it is not over, or nobody served.

    Months after it that were settled before are settled anew: what they began with may be another sum now. Months
    before it that nobody has settled are part of what was owed before.
    """
    if now < settled_from(session, compound_id, month):
        return []
    later = [row.month for row in rows_of(session, _settled_after(compound_id, month))]
    months = [month, *later]
    whole = books(session, compound_id, now=now, before=month, until=next_month(months[-1]))
    return [one for each in months for one in _settle(whole, each)]


def _settled_after(compound_id: UUID, month: date) -> Select[tuple[date]]:
    return (
        select(BALANCE.c.month)
        .where(BALANCE.c.compound_id == compound_id, BALANCE.c.archived.is_(False), BALANCE.c.month > month)
        .distinct()
        .order_by(BALANCE.c.month)
    )


def _settle(whole: Books, month: date) -> Iterator[Intent]:
    before = whole.accounts(until=month)
    after = whole.accounts(until=next_month(month))
    lines = [_line(person, before.get(person, Account()), after[person]) for person in sorted(after)]
    lines = [line for line in lines if any((line.before, line.fair, line.done, line.missed))]
    for start in range(0, len(lines), p.MOST_ROWS):
        part = lines[start : start + p.MOST_ROWS]
        yield intent("duty.settle", p.SettleMonth(month=month, lines=part))


def _line(person: UUID, before: Account, after: Account) -> p.BalanceLine:
    return p.BalanceLine(
        person=person,
        before=before.owed,
        fair=after.fair - before.fair,
        done=after.done - before.done,
        missed=after.missed - before.missed,
        owed=after.owed,
    )
