"""Cash: what each collector should have in hand, what lies in the compound's box, and what was handed in. Fen.

What somebody has is what the books say of their account: cash they took and that was not taken back, less what they handed
in, and whatever else moved out of it or into it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlmodel import Session

from models.community.tables import Person
from models.fees.queries import PaymentLine, payment_lines
from models.fees.rules import BOX, Asked, Method, cash_of, collector_of
from models.fees.tables_money import Expense, HandIn, Movement, Payment, Refund
from models.tables import table_of

_payment, _hand_in, _refund = table_of(Payment), table_of(HandIn), table_of(Refund)
_movement, _expense, _person = table_of(Movement), table_of(Expense), table_of(Person)
_confirmer, _receiver = _person.alias("confirmer"), _person.alias("receiver")
#: How the account of any collector's cash begins.
_ANY_CASH: Final = cash_of(None).rpartition(":")[0] + ":"


@dataclass(frozen=True, slots=True)
class CashHeld:
    """What a collector should have: what they took, handed in, and what else went in or out. No collector: nobody knows who took it."""

    collector_id: UUID | None
    collector: str
    taken_fen: int = 0
    handed_fen: int = 0
    other_fen: int = 0
    payments: int = 0
    last_at: datetime | None = None
    waiting: int = 0

    @property
    def fen(self) -> int:
        """What should be in their hands now; below 0 where more was handed in than they took."""
        return self.taken_fen - self.handed_fen + self.other_fen


@dataclass(frozen=True, slots=True)
class BoxHeld:
    """What should lie in the compound's own box: handed in, less what was spent and given back, and what else moved."""

    handed_fen: int
    refunded_fen: int
    spent_fen: int
    moved_fen: int

    @property
    def fen(self) -> int:
        return self.handed_fen - self.refunded_fen - self.spent_fen + self.moved_fen


@dataclass(frozen=True, slots=True)
class HandInLine:
    """Cash that was handed in, with the names of those who gave, took and counted it."""

    id: UUID
    collector_id: UUID | None
    collector: str
    fen: int
    expected_fen: int
    counts: Mapping[str, int]
    to_id: UUID | None
    to: str
    handed_at: datetime
    words: str
    confirmed_at: datetime | None
    confirmed_by_id: UUID | None
    confirmed_by: str
    confirmed_fen: int | None

    @property
    def over_fen(self) -> int:
        """By how much more was handed in than should have been there; below 0: less."""
        return self.fen - self.expected_fen

    @property
    def found_over_fen(self) -> int:
        """By how much more whoever took it found than was said; below 0: less."""
        return 0 if self.confirmed_fen is None else self.confirmed_fen - self.fen


# -- what is there ---------------------------------------------------------------------------


def cash_held(session: Session, compound_id: UUID) -> tuple[CashHeld, ...]:
    """Return what everybody who ever took cash should have, whoever has most first."""
    return tuple(sorted(_held(session, compound_id), key=lambda one: (-one.fen, one.collector)))


def cash_of_person(session: Session, compound_id: UUID, person_id: UUID) -> CashHeld:
    """Return what one person should have."""
    found = next(_held(session, compound_id, person_id), None)
    return found or CashHeld(person_id, _names(session, compound_id, {person_id}).get(person_id, ""))


def _held(session: Session, compound_id: UUID, person_id: UUID | None = None) -> Iterator[CashHeld]:
    """Yield what collectors should have: one of them, or all."""
    found: dict[UUID | None, _Sums] = defaultdict(_Sums)
    own = [] if person_id is None else [_payment.c.collector_id == person_id]
    taken = select(
        _payment.c.collector_id, func.sum(_payment.c.amount_fen).label("fen"), func.count().label("n")
    ).where(
        _payment.c.compound_id == compound_id,
        _payment.c.method == Method.CASH.value,
        _payment.c.reversed_on.is_(None),
        _payment.c.archived.is_(False),
        *own,
    )
    for row in session.connection().execute(taken.group_by(_payment.c.collector_id)):
        sums = found[row.collector_id]
        sums.taken_fen, sums.payments = int(row.fen), row.n
    theirs = [] if person_id is None else [_hand_in.c.collector_id == person_id]
    handed = select(
        _hand_in.c.collector_id,
        func.sum(_hand_in.c.fen).label("fen"),
        func.max(_hand_in.c.handed_at).label("last_at"),
        (func.count() - func.count(_hand_in.c.confirmed_at)).label("waiting"),
    ).where(_hand_in.c.compound_id == compound_id, _hand_in.c.archived.is_(False), *theirs)
    for row in session.connection().execute(handed.group_by(_hand_in.c.collector_id)):
        sums = found[row.collector_id]
        sums.handed_fen, sums.last_at, sums.waiting = int(row.fen), row.last_at, row.waiting
    account = _ANY_CASH if person_id is None else cash_of(person_id)
    for code, fen in _moved(session, compound_id, account).items():
        found[collector_of(code)].other_fen += fen
    names = _names(session, compound_id, {one for one in found if one is not None})
    for collector_id, sums in found.items():
        name = "" if collector_id is None else names.get(collector_id, "")
        yield CashHeld(collector_id, name, **sums.told())


@dataclass(slots=True)
class _Sums:
    taken_fen: int = 0
    handed_fen: int = 0
    other_fen: int = 0
    payments: int = 0
    last_at: datetime | None = None
    waiting: int = 0

    def told(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__slots__}


def box_held(session: Session, compound_id: UUID) -> BoxHeld:
    """Return what should lie in the compound's box."""
    spent = _sum(session, _expense.c.fen, *_spending(compound_id), _expense.c.paid_from == BOX)
    moved = _moved(session, compound_id, BOX).get(BOX, 0)
    return BoxHeld(
        handed_fen=_sum(
            session, _hand_in.c.fen, _hand_in.c.compound_id == compound_id, _hand_in.c.archived.is_(False)
        ),
        refunded_fen=_sum(
            session,
            _refund.c.fen,
            _refund.c.compound_id == compound_id,
            _refund.c.state == Asked.DONE.value,
            _refund.c.method == Method.CASH.value,
        ),
        spent_fen=spent,
        moved_fen=moved + spent,
    )


def _moved(session: Session, compound_id: UUID, account: str) -> dict[str, int]:
    """Return what movements and expenses left on an account, or on all whose codes begin so."""
    found: dict[str, int] = defaultdict(int)
    moving = (_movement.c.compound_id == compound_id, _movement.c.reversed_on.is_(None))
    for column, total, sign, conditions in (
        (_movement.c.into, _movement.c.fen, 1, moving),
        (_movement.c.out_of, _movement.c.fen, -1, moving),
        (_expense.c.paid_from, _expense.c.fen, -1, _spending(compound_id)),
    ):
        statement = (
            select(column.label("code"), func.sum(total).label("fen"))
            .where(*conditions, column.startswith(account, autoescape=True))
            .group_by(column)
        )
        for row in session.connection().execute(statement):
            found[row.code] += sign * int(row.fen)
    return found


def _spending(compound_id: UUID) -> tuple[ColumnElement[bool], ...]:
    """Return what makes an expense one that was paid, and not taken back."""
    return (
        _expense.c.compound_id == compound_id,
        _expense.c.booked_on.is_not(None),
        _expense.c.reversed_on.is_(None),
    )


def _sum(session: Session, column: ColumnElement[int], *conditions: ColumnElement[bool]) -> int:
    statement = select(func.coalesce(func.sum(column), 0)).where(*conditions)
    return int(session.connection().execute(statement).scalar_one())


def _names(session: Session, compound_id: UUID, ids: set[UUID]) -> dict[UUID, str]:
    if not ids:
        return {}
    statement = select(_person.c.id, _person.c.name).where(
        _person.c.compound_id == compound_id, _person.c.id.in_(ids)
    )
    return {row.id: row.name for row in session.connection().execute(statement)}


def cash_since(
    session: Session,
    compound_id: UUID,
    person_id: UUID,
    since: datetime | None,
    *,
    limit: int,
    offset: int = 0,
) -> tuple[PaymentLine, ...]:
    """Return the cash that somebody took after a moment, the newest first; without one, ever."""
    return payment_lines(session, compound_id, *_taken_by(person_id, since), limit=limit, offset=offset)


def count_cash_since(session: Session, compound_id: UUID, person_id: UUID, since: datetime | None) -> int:
    """Count what `cash_since` pages through."""
    conditions = (_payment.c.compound_id == compound_id, _payment.c.archived.is_(False))
    statement = select(func.count()).select_from(_payment).where(*conditions, *_taken_by(person_id, since))
    return int(session.connection().execute(statement).scalar_one())


def _taken_by(person_id: UUID, since: datetime | None) -> list[ColumnElement[bool]]:
    later = [] if since is None else [_payment.c.paid_at > since]
    return [_payment.c.collector_id == person_id, _payment.c.method == Method.CASH.value, *later]


# -- what was handed in ----------------------------------------------------------------------


def count_hand_ins(session: Session, compound_id: UUID) -> int:
    """Count what `page_hand_ins` pages through."""
    statement = (
        select(func.count())
        .select_from(_hand_in)
        .where(_hand_in.c.compound_id == compound_id, _hand_in.c.archived.is_(False))
    )
    return int(session.connection().execute(statement).scalar_one())


def page_hand_ins(
    session: Session, compound_id: UUID, *, offset: int = 0, limit: int = 50
) -> tuple[HandInLine, ...]:
    """Return a page of what was handed in, the newest first."""
    statement = _lines(compound_id).order_by(_hand_in.c.handed_at.desc(), _hand_in.c.id.desc())
    rows = session.connection().execute(statement.offset(offset).limit(limit)).mappings()
    return tuple(_line(row) for row in rows)


def hand_in_line(session: Session, compound_id: UUID, hand_in_id: UUID) -> HandInLine | None:
    """Return one, None where there is none."""
    statement = _lines(compound_id).where(_hand_in.c.id == hand_in_id)
    return next((_line(row) for row in session.connection().execute(statement).mappings()), None)


def _lines(compound_id: UUID) -> Select[Any]:
    def named(person: Any, column: str) -> ColumnElement[bool]:
        return and_(person.c.compound_id == compound_id, person.c.id == _hand_in.c[column])

    return (
        select(
            *(column for column in _hand_in.c if column.name in HandInLine.__dataclass_fields__),
            _person.c.name.label("collector"),
            _receiver.c.name.label("to"),
            _confirmer.c.name.label("confirmed_by"),
        )
        .outerjoin_from(_hand_in, _person, named(_person, "collector_id"))
        .outerjoin(_receiver, named(_receiver, "to_id"))
        .outerjoin(_confirmer, named(_confirmer, "confirmed_by_id"))
        .where(_hand_in.c.compound_id == compound_id, _hand_in.c.archived.is_(False))
    )


def _line(row: Any) -> HandInLine:
    names = ("collector", "to", "confirmed_by")
    told: dict[str, Any] = {name: row[name] for name in HandInLine.__dataclass_fields__}
    return HandInLine(**(told | {name: row[name] or "" for name in names}))
