"""The books, read: sums by account without reading every entry, and the entries of a span of days a page at a time.

A `_Source` is a table whose rows are entries of one kind. It names the columns that decide its sides, so that sums are
taken by these in the database and `journal` alone says which accounts they belong to.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    Boolean,
    ColumnElement,
    CompoundSelect,
    FromClause,
    Label,
    Select,
    Subquery,
    and_,
    case,
    exists,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
)
from sqlmodel import Session

from models.community.searching import chunks
from models.community.tables import Household
from models.fees import journal
from models.fees.entries import Entry
from models.fees.journal import Code, Flow, Sides
from models.fees.payees import public_payee
from models.fees.periods import Period
from models.fees.rules import Asked, Method
from models.fees.tables import Bill, ChargeItem
from models.fees.tables_money import (
    Allocation,
    Expense,
    HandIn,
    Movement,
    Payment,
    Placing,
    Refund,
    Reversal,
)
from models.tables import table_of

_bill, _item, _payment, _allocation = (table_of(one) for one in (Bill, ChargeItem, Payment, Allocation))
_placing, _reversal, _refund, _hand_in = (table_of(one) for one in (Placing, Reversal, Refund, HandIn))
_movement, _expense, _household = (table_of(one) for one in (Movement, Expense, Household))


@dataclass(frozen=True)
class _Source:
    """Rows that are entries of one kind. `sides` takes the `keys` of a row, `say` its `words`."""

    code: Code
    row: FromClause
    on: ColumnElement[date]
    fen: ColumnElement[int]
    keys: tuple[ColumnElement[Any], ...]
    sides: Callable[..., Sides]
    words: tuple[ColumnElement[Any], ...]
    say: Callable[..., str]
    where: tuple[ColumnElement[bool], ...] = ()
    #: What `on` and `keys` need beside the row itself.
    beside: tuple[tuple[FromClause, ColumnElement[bool]], ...] = ()
    #: What only `words` need.
    told: tuple[tuple[FromClause, ColumnElement[bool]], ...] = ()

    def select(
        self, columns: Sequence[ColumnElement[Any]], compound_id: UUID, span: Span, *, told: bool = False
    ) -> Select[Any]:
        joined = self.row
        for other, on in (*self.beside, *(self.told if told else ())):
            joined = joined.outerjoin(other, on)
        conditions = [self.row.c.compound_id == compound_id, self.on < span.until, *self.where]
        if span.since is not None:
            conditions.append(self.on >= span.since)
        return select(*columns).select_from(joined).where(*conditions)


@dataclass(frozen=True, slots=True)
class Span:
    """Days from `since` (None: from the beginning) up to but not including `until`."""

    since: date | None
    until: date


def _beside(row: FromClause, column: str, other: FromClause) -> tuple[FromClause, ColumnElement[bool]]:
    return other, and_(other.c.compound_id == row.c.compound_id, other.c.id == row.c[column])


def _said(*parts: object) -> str:
    return " ".join(str(part) for part in parts if part)


def _bill_words(door: str | None, item: str | None, since: date, until: date) -> str:
    return _said(door, item, Period(since, until).name)


def _spent_words(payee: str, voucher: str, words: str) -> str:
    return _said(public_payee(payee), voucher, words)


def _back(sides: Callable[..., Sides]) -> Callable[..., Sides]:
    return lambda *keys: sides(*keys).back


def _paid(method: str, collector_id: UUID | None, known: bool) -> Sides:  # noqa: FBT001 - a row's column
    return journal.paid(method, collector_id, known=known)


_bill_keys = (_bill.c.kind, _bill.c.item_id)
_bill_told = (_beside(_bill, "household_id", _household), _beside(_bill, "item_id", _item))
_bill_said = (_household.c.code, _item.c.name, _bill.c.since, _bill.c.until)
#: Only cash lies with whoever took it.
_collector = case((_payment.c.method == Method.CASH.value, _payment.c.collector_id), else_=null()).label(
    "collector"
)
#: Whether its household was known when it came: what was placed later came into suspense.
_known = and_(
    _payment.c.household_id.is_not(None),
    ~exists().where(_placing.c.compound_id == _payment.c.compound_id, _placing.c.payment_id == _payment.c.id),
).label("known")
_home = _payment.c.household_id.is_not(None).label("home")
_payment_home = _beside(_payment, "household_id", _household)
_spent_keys = (_expense.c.account_id, _expense.c.paid_from)
_spent_said = (_expense.c.payee, _expense.c.voucher, _expense.c.words)

_SOURCES: Final = (
    _Source(
        Code.BILL, _bill, _bill.c.booked_on, _bill.c.amount_fen, _bill_keys, journal.billed,
        _bill_said, _bill_words, (_bill.c.amount_fen != 0,), (), _bill_told,
    ),
    _Source(
        Code.BILL_REVERSED, _bill, _bill.c.reversed_on, _bill.c.amount_fen, _bill_keys, _back(journal.billed),
        (*_bill_said, _bill.c.reversal_reason),
        lambda *said: _said(_bill_words(*said[:-1]), said[-1]), (_bill.c.amount_fen != 0,), (), _bill_told,
    ),
    _Source(
        Code.PAYMENT, _payment, _payment.c.booked_on, _payment.c.amount_fen,
        (_payment.c.method, _collector, _known), _paid,
        (_household.c.code, _payment.c.reference), _said, (), (), (_payment_home,),
    ),
    _Source(
        Code.PAYMENT_REVERSED, _reversal, _reversal.c.booked_on, _payment.c.amount_fen,
        (_payment.c.method, _collector, _home), _back(_paid),
        (_household.c.code, _reversal.c.reason), _said, (_reversal.c.state == Asked.DONE.value,),
        (_beside(_reversal, "payment_id", _payment),), (_payment_home,),
    ),
    _Source(
        Code.PLACED, _placing, _placing.c.booked_on, _placing.c.fen, (), journal.placed,
        (_household.c.code,), _said, (), (), (_beside(_placing, "household_id", _household),),
    ),
    _Source(
        Code.ALLOCATED, _allocation, _allocation.c.booked_on, _allocation.c.fen, (), journal.allocated,
        _bill_said, _bill_words, (_allocation.c.bill_id.is_not(None), _allocation.c.fen != 0), (),
        (_beside(_allocation, "bill_id", _bill), *_bill_told),
    ),
    _Source(
        Code.REFUND, _refund, _refund.c.booked_on, _refund.c.fen, (_refund.c.method,), journal.refunded,
        (_household.c.code, _refund.c.reason), _said, (_refund.c.state == Asked.DONE.value,), (),
        (_beside(_refund, "household_id", _household),),
    ),
    _Source(
        Code.HAND_IN, _hand_in, _hand_in.c.booked_on, _hand_in.c.fen, (_hand_in.c.collector_id,),
        journal.handed_in, (_hand_in.c.words,), _said,
    ),
    _Source(
        Code.MOVED, _movement, _movement.c.booked_on, _movement.c.fen,
        (_movement.c.into, _movement.c.out_of), Sides, (_movement.c.voucher, _movement.c.words), _said,
    ),
    _Source(
        Code.MOVED_REVERSED, _movement, _movement.c.reversed_on, _movement.c.fen,
        (_movement.c.out_of, _movement.c.into), Sides,
        (_movement.c.voucher, _movement.c.words, _movement.c.reversal_reason), _said,
    ),
    _Source(
        Code.EXPENSE, _expense, _expense.c.booked_on, _expense.c.fen, _spent_keys, journal.spent,
        _spent_said, _spent_words,
    ),
    _Source(
        Code.EXPENSE_REVERSED, _expense, _expense.c.reversed_on, _expense.c.fen, _spent_keys,
        _back(journal.spent), (*_spent_said, _expense.c.reversal_reason),
        lambda *said: _said(_spent_words(*said[:-1]), said[-1]),
    ),
)  # fmt: skip


# -- sums --------------------------------------------------------------------------------


def flows(session: Session, compound_id: UUID, *, since: date | None = None, until: date) -> tuple[Flow, ...]:
    """Return what moved between which accounts from `since` (None: ever) up to but not including `until`, summed."""
    return tuple(flow for source, _, flow in _flows(session, compound_id, Span(since, until)))


def _flows(
    session: Session, compound_id: UUID, span: Span
) -> Iterator[tuple[_Source, tuple[Any, ...], Flow]]:
    for source in _SOURCES:
        chosen = source.select([*source.keys, func.sum(source.fen)], compound_id, span)
        for *keys, fen in session.connection().execute(chosen.group_by(*source.keys)):
            if fen is not None:  # without keys there is a row even of nothing
                yield source, tuple(keys), Flow(source.code, source.sides(*keys), int(fen))


def balances(session: Session, compound_id: UUID, until: date) -> dict[str, int]:
    """Return what stands on each account when a day begins, in fen; those with nothing on them are left out."""
    found = journal.moved(flows(session, compound_id, until=until))
    return {account: one.fen for account, one in sorted(found.items()) if one.fen}


def begun_on(session: Session, compound_id: UUID) -> date | None:
    """Return the day of the first entry, or None while there is none."""
    found = [
        session.connection().execute(chosen).scalar()
        for chosen in (
            source.select([func.min(source.on)], compound_id, Span(None, date.max)) for source in _SOURCES
        )
    ]
    return min((day for day in found if day is not None), default=None)


# -- entries -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SheetLine:
    """An entry on the sheet of an account: what it adds there, and what stands there after it."""

    entry: Entry
    fen: int
    after_fen: int


def entries(
    session: Session, compound_id: UUID, *, since: date | None = None, until: date
) -> tuple[Entry, ...]:
    """Return every entry from `since` (None: ever) up to but not including `until`, oldest first."""
    span = Span(since, until)
    found = [one for source in _SOURCES for one in _read(session, compound_id, source, span).values()]
    return tuple(sorted(found, key=lambda one: (one.on, one.key)))


def count_entries(
    session: Session, compound_id: UUID, *, since: date | None = None, until: date, account: str = ""
) -> int:
    """Return how many entries there are in a span, or how many touch an account."""
    lines = _lines(session, compound_id, Span(since, until), account)
    if lines is None:
        return 0
    return int(session.connection().execute(select(func.count()).select_from(lines)).scalar_one())


def page_of_entries(
    session: Session, compound_id: UUID, *, since: date | None = None, until: date, offset: int, limit: int
) -> tuple[Entry, ...]:
    """Return a page of the entries of a span, newest first."""
    span = Span(since, until)
    lines = _lines(session, compound_id, span, "")
    if lines is None:
        return ()
    chosen = select(lines.c.source, lines.c.id).order_by(*_newest(lines)).limit(limit).offset(offset)
    wanted = [(int(source), row_id) for source, row_id in session.connection().execute(chosen)]
    found = _by_place(session, compound_id, span, wanted)
    return tuple(found[place] for place in wanted)


def page_of_account(
    session: Session,
    compound_id: UUID,
    account: str,
    *,
    since: date | None = None,
    until: date,
    offset: int,
    limit: int,
) -> tuple[SheetLine, ...]:
    """Return a page of an account's sheet over a span, newest first, with what stood on it after each entry."""
    span = Span(since, until)
    lines = _lines(session, compound_id, span, account)
    if lines is None:
        return ()
    before = 0 if since is None else balances(session, compound_id, since).get(account, 0)
    running = func.sum(lines.c.fen).over(order_by=(lines.c.on, lines.c.source, lines.c.id), rows=(None, 0))
    chosen = (
        select(lines.c.source, lines.c.id, lines.c.fen, running)
        .order_by(*_newest(lines))
        .limit(limit)
        .offset(offset)
    )
    rows = [
        (int(source), row_id, int(fen), int(sum_))
        for source, row_id, fen, sum_ in session.connection().execute(chosen)
    ]
    found = _by_place(session, compound_id, span, [(source, row_id) for source, row_id, _, _ in rows])
    return tuple(SheetLine(found[source, row_id], fen, before + after) for source, row_id, fen, after in rows)


def _newest(lines: Subquery) -> tuple[ColumnElement[Any], ...]:
    return lines.c.on.desc(), lines.c.source.desc(), lines.c.id.desc()


def _lines(session: Session, compound_id: UUID, span: Span, account: str) -> Subquery | None:
    """Return (source, id, on, fen) of the entries of a span; with an account those that touch it, and what they add."""
    parts: list[Select[Any]] = []
    if not account:
        for number, source in enumerate(_SOURCES):
            parts.append(source.select(_columns(number, source, source.fen), compound_id, span))
    else:
        touching: dict[tuple[int, int], list[tuple[Any, ...]]] = defaultdict(list)
        for source, keys, flow in _flows(session, compound_id, span):
            number = _SOURCES.index(source)
            for sign, side in ((1, flow.sides.debit), (-1, flow.sides.credit)):
                if side == account:
                    touching[number, sign].append(keys)
        for (number, sign), held in touching.items():
            source = _SOURCES[number]
            chosen = source.select(_columns(number, source, source.fen * sign), compound_id, span)
            parts.append(chosen.where(_one_of(source, held)) if source.keys else chosen)
    if not parts:
        return None
    together: Select[Any] | CompoundSelect[Any] = parts[0] if len(parts) == 1 else union_all(*parts)
    return together.subquery("lines")


def _columns(number: int, source: _Source, fen: ColumnElement[int]) -> tuple[ColumnElement[Any], ...]:
    return (
        literal(number).label("source"),
        source.row.c.id.label("id"),
        source.on.label("on"),
        fen.label("fen"),
    )


def _one_of(source: _Source, held: Iterable[tuple[Any, ...]]) -> ColumnElement[bool]:
    """Return that a row's keys are some of these; the accounts of a row depend on nothing else."""
    return or_(
        *(and_(*(_is(key, value) for key, value in zip(source.keys, keys, strict=True))) for keys in held)
    )


def _is(key: ColumnElement[Any], value: Any) -> ColumnElement[bool]:
    expression: ColumnElement[Any] = key.element if isinstance(key, Label) else key
    if value is None:
        return expression.is_(None)
    same: ColumnElement[bool] = expression == value
    if isinstance(key.type, Boolean):
        same = expression if value else ~expression
    return same


def _by_place(
    session: Session, compound_id: UUID, span: Span, wanted: Iterable[tuple[int, UUID]]
) -> dict[tuple[int, UUID], Entry]:
    ids: dict[int, list[UUID]] = defaultdict(list)
    for number, row_id in wanted:
        ids[number].append(row_id)
    return {
        (number, row_id): one
        for number, some in ids.items()
        for chunk in chunks(some)
        for row_id, one in _read(session, compound_id, _SOURCES[number], span, chunk).items()
    }


def _read(
    session: Session, compound_id: UUID, source: _Source, span: Span, ids: Sequence[UUID] | None = None
) -> dict[UUID, Entry]:
    columns = [source.row.c.id, source.on, source.fen, *source.keys, *source.words]
    chosen = source.select(columns, compound_id, span, told=True)
    if ids is not None:
        chosen = chosen.where(source.row.c.id.in_(ids))
    split = len(source.keys)
    return {
        row_id: journal.entry(
            row_id, on, Flow(source.code, source.sides(*rest[:split]), fen), source.say(*rest[split:])
        )
        for row_id, on, fen, *rest in session.connection().execute(chosen)
    }
