"""What the rooms of the books ask of the store."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from uuid import UUID

from sqlmodel import Session

from models.fees.entries import Entry
from models.fees.journal import moved
from models.fees.operations import APPROVERS, TREASURERS
from models.fees.periods import Cycle, Period, cycle_at, months_later
from models.fees.queries_accounts import (
    SheetLine,
    balances,
    begun_on,
    count_entries,
    flows,
    page_of_account,
    page_of_entries,
)
from models.fees.queries_accounts_books import (
    ClosingLine,
    MovementLine,
    PublishedLine,
    closings,
    count_movements,
    open_since,
    page_movements,
    published,
)
from models.fees.queries_accounts_names import AccountLine, added_accounts, names_of, places
from models.fees.rules import Side, holds_money
from tui.desk import Desk
from tui.fee_words import account_name

#: A day after every other: what is told as of now is told up to it.
AFTER_ALL = date.max


@dataclass(frozen=True, slots=True)
class Named:
    """Accounts by what they are called, as whoever keeps the books sees them."""

    names: Mapping[UUID, str]

    def word(self, account: str) -> str:
        """Return what an account is called."""
        return account_name(account, self.names)


@dataclass(frozen=True, slots=True)
class Books:
    """How the books stand now, and who looks at them."""

    today: date
    zone: str
    standing: Mapping[str, int]
    added: tuple[AccountLine, ...]
    places: tuple[str, ...]
    named: Named
    begun_on: date | None
    open_since: date | None
    closings: tuple[ClosingLine, ...]
    published: tuple[PublishedLine, ...]
    may_keep: bool
    may_reopen: bool

    @property
    def money_fen(self) -> int:
        """How much money there is in all places together."""
        return sum(fen for account, fen in self.standing.items() if holds_money(account))

    def added_on(self, side: Side) -> tuple[AccountLine, ...]:
        """Return the accounts that the compound added on one side."""
        return tuple(one for one in self.added if one.side is side)

    def public(self, span: Period) -> PublishedLine | None:
        """Return what was published of a span last, or None."""
        return next((one for one in self.published if (one.since, one.until) == (span.first, span.end)), None)

    def is_closed(self, span: Period) -> bool:
        """Tell whether nothing can be booked in a span any more."""
        return self.open_since is not None and self.open_since >= span.end


def look(desk: Desk) -> Books:
    """Read how the books stand."""
    compound_id = desk.seat.compound_id
    with desk.store.read() as session:
        standing = balances(session, compound_id, AFTER_ALL)
        added = added_accounts(session, compound_id)
        held = places(session, compound_id)
        named = Named(names_of(session, compound_id, {*standing, *held, *(one.code for one in added)}))
        begun, first = begun_on(session, compound_id), open_since(session, compound_id)
        closed, public = closings(session, compound_id), published(session, compound_id)
    return Books(
        desk.today(), desk.seat.zone, standing, added, held, named, begun, first, closed, public,
        desk.may(TREASURERS), desk.may(APPROVERS),
    )  # fmt: skip


def span_at(kind: Cycle, today: date, back: int) -> Period:
    """Return the cycle that lies `back` cycles before the present one."""
    return cycle_at(kind, months_later(cycle_at(kind, today).first, -back * kind.months))


# -- pages -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Lines:
    """A page of something, with what its accounts are called."""

    entries: tuple[Entry, ...] = ()
    sheet: tuple[SheetLine, ...] = ()
    movements: tuple[MovementLine, ...] = ()
    named: Named = Named({})


def _posted(entries: Sequence[Entry]) -> set[str]:
    return {posting.account for entry in entries for posting in entry.postings}


def journal_count(desk: Desk, span: Period, account: str = "") -> int:
    """Count the entries of a span, or those that touch an account."""
    with desk.store.read() as session:
        return count_entries(
            session, desk.seat.compound_id, since=span.first, until=span.end, account=account
        )


def journal_page(desk: Desk, span: Period, offset: int, limit: int) -> Lines:
    """Read a page of the journal."""
    compound_id = desk.seat.compound_id
    with desk.store.read() as session:
        found = page_of_entries(
            session, compound_id, since=span.first, until=span.end, offset=offset, limit=limit
        )
        return Lines(entries=found, named=Named(names_of(session, compound_id, _posted(found))))


class Sheet:
    """An account's sheet over a span. What stood there when it began is read once, however many pages are looked at."""

    def __init__(self, span: Period, account: str) -> None:
        self._span, self._account = span, account
        self._before_fen: int | None = None

    def _before(self, session: Session, compound_id: UUID) -> int:
        if self._before_fen is None:
            self._before_fen = balances(session, compound_id, self._span.first).get(self._account, 0)
        return self._before_fen

    def count(self, desk: Desk) -> int:
        """Count its entries."""
        return journal_count(desk, self._span, self._account)

    def page(self, desk: Desk, offset: int, limit: int) -> Lines:
        """Read a page of it."""
        compound_id = desk.seat.compound_id
        with desk.store.read() as session:
            found = page_of_account(
                session,
                compound_id,
                self._account,
                since=self._span.first,
                until=self._span.end,
                offset=offset,
                limit=limit,
                before_fen=self._before(session, compound_id),
            )
            names = names_of(session, compound_id, _posted([line.entry for line in found]))
            return Lines(sheet=found, named=Named(names))

    def ends(self, desk: Desk) -> tuple[int, int]:
        """Return what stood on the account when the span began, and when it ended."""
        compound_id, span = desk.seat.compound_id, self._span
        with desk.store.read() as session:
            before = self._before(session, compound_id)
            within = moved(flows(session, compound_id, since=span.first, until=span.end))
        return before, before + (within[self._account].fen if self._account in within else 0)


def movement_count(desk: Desk, span: Period) -> int:
    """Count the movements of a span."""
    with desk.store.read() as session:
        return count_movements(session, desk.seat.compound_id, span.first, span.end)


def movement_page(desk: Desk, span: Period, offset: int, limit: int) -> Lines:
    """Read a page of the movements of a span."""
    compound_id = desk.seat.compound_id
    with desk.store.read() as session:
        found = page_movements(session, compound_id, span.first, span.end, offset=offset, limit=limit)
        accounts = {account for one in found for account in (one.out_of, one.into)}
        return Lines(movements=found, named=Named(names_of(session, compound_id, accounts)))


Page = Callable[[Desk, int, int], Lines]


def journal_of(span: Period) -> tuple[Callable[[Desk], int], Page]:
    """Return what counts and what reads the journal of a span."""
    return partial(journal_count, span=span), lambda desk, offset, limit: journal_page(
        desk, span, offset, limit
    )


def movements_of(span: Period) -> tuple[Callable[[Desk], int], Page]:
    """Return what counts and what reads the movements of a span."""
    return partial(movement_count, span=span), lambda desk, offset, limit: movement_page(
        desk, span, offset, limit
    )
