"""A hand-in with its notes and coins, counted by whoever took it; and what one collector took since the last one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import ClassVar
from uuid import UUID
from zoneinfo import ZoneInfo

from models.fees.money import capitals, yuan
from models.fees.queries_cash import CashHeld, cash_of_person, cash_since
from models.fees.queries_receipts import receipts_of_payment
from models.operations.roles import WORKERS
from tui.actions import Action, action
from tui.desk import Desk
from tui.i18n import t
from tui.screens.asking import known
from tui.screens.card import CardPage
from tui.screens.changing import Changing, Ledger
from tui.screens.fees import cash_rows as r
from tui.screens.fees import cash_store as store
from tui.screens.fees.cash_store import Handed
from tui.screens.fees.receipts_rows import when_text
from tui.widgets.facts import Fact
from tui.widgets.rows import Column, RowView
from tui.widgets.text import Tone

TAKE = action("hand_in_card.take", "1", footer=False)
PRINT = action("hand_in_card.print", "2", footer=False)
HAND = action("held.hand", "1", footer=False)
RECEIPT = action("held.open", "enter")
#: Payments that a collector's card shows; more are in the room of payments.
_NEWEST = 200


class HandInCard(CardPage):
    """What was handed in, note by note."""

    ROOM: ClassVar[str] = "hand_in_card"
    OPEN: ClassVar[Action] = TAKE
    DEEDS: ClassVar[tuple[Action, ...]] = (TAKE, PRINT)
    ACTIONS: ClassVar[tuple[Action, ...]] = DEEDS

    def __init__(self, row_id: UUID, ledger: Ledger | None = None) -> None:
        super().__init__(row_id, ledger)
        self._handed: Handed | None = None
        self._gone = False

    def tie_columns(self) -> Sequence[Column]:
        return r.count_columns()

    def no_ties(self) -> str:
        return t("cash.no_counts")

    def reread(self) -> None:
        self.ask(partial(store.handed, hand_in_id=self.row_id), self._show, latest="card")

    def _show(self, handed: Handed | None) -> None:
        self._handed, self._gone = handed, handed is None
        if handed is not None:
            self.show_card(_facts(handed), r.count_rows(handed.line.counts))

    def why_not(self, action_id: str) -> str | None:
        if action_id in {TAKE.id, PRINT.id}:
            if self._handed is None:
                return t("cash.gone" if self._gone else "list.reading")
            if action_id == TAKE.id:
                return self._why_not_take(self._handed)
        return super().why_not(action_id)

    @staticmethod
    def _why_not_take(handed: Handed) -> str | None:
        line = handed.line
        if not handed.works:
            return t("cash.only_workers")
        if line.confirmed_at is not None:
            return t(
                "cash.counted_already", name=line.confirmed_by, at=when_text(line.confirmed_at, handed.zone)
            )
        if handed.me is not None and handed.me == line.collector_id:
            return t("cash.second_person")
        return None

    def do_take(self) -> None:
        from tui.screens.fees.cash_count import TakeIn

        self.app.push_screen(TakeIn(self.row_id, lambda said: self.flash(said, Tone.GOOD), self.ledger))

    def do_print(self) -> None:
        from tui.fee_papers import print_hand_in

        print_hand_in(self, self.row_id)


def _facts(handed: Handed) -> list[Fact]:
    line, zone = handed.line, handed.zone
    facts = [
        Fact(t("cash.column.who"), line.collector or t("cash.nobody")),
        Fact(t("cash.column.when"), when_text(line.handed_at, zone)),
        Fact(t("cash.handed_fen"), yuan(line.fen)),
        Fact(t("cash.column.should"), yuan(line.expected_fen)),
        Fact(t("fee_receipt.capitals"), capitals(line.fen)),
        Fact(t("cash.column.difference"), r.difference_mark(line)),
        Fact(t("cash.column.to"), line.to),
        Fact(t("receipts.column.state"), r.state_mark(line)),
    ]
    if line.confirmed_at is not None:
        facts.append(
            Fact(t("cash.confirmed_by"), f"{line.confirmed_by} {when_text(line.confirmed_at, zone)}")
        )
        facts.append(Fact(t("cash.found_fen"), yuan(line.confirmed_fen or 0)))
    if line.words:
        facts.append(Fact(t("cash.words"), line.words))
    return facts


@dataclass(frozen=True, slots=True)
class Seen:
    """What a collector should have, and what they took since they last handed in."""

    held: CashHeld
    rows: tuple[RowView, ...]
    works: bool
    zone: ZoneInfo


def _seen(desk: Desk, person_id: UUID) -> Seen:
    zone = ZoneInfo(desk.seat.zone)
    with desk.store.read() as session:
        held = cash_of_person(session, desk.seat.compound_id, person_id)
        lines = cash_since(session, desk.seat.compound_id, person_id, held.last_at, limit=_NEWEST)
    return Seen(held, tuple(r.taken_row(line, zone) for line in lines), desk.may(WORKERS), zone)


class HeldCard(CardPage):
    """One collector's cash."""

    ROOM: ClassVar[str] = "held"
    OPEN: ClassVar[Action] = RECEIPT
    DEEDS: ClassVar[tuple[Action, ...]] = (HAND,)
    ACTIONS: ClassVar[tuple[Action, ...]] = (RECEIPT, HAND)

    def __init__(self, row_id: UUID, ledger: Ledger | None = None) -> None:
        super().__init__(row_id, ledger)
        self._seen: Seen | None = None

    @property
    def heading(self) -> str:
        return super().heading if self._seen is None else f"{super().heading} · {self._seen.held.collector}"

    def tie_columns(self) -> Sequence[Column]:
        return r.columns(r.MINE)

    def no_ties(self) -> str:
        return t("cash.empty.mine")

    def reread(self) -> None:
        self.ask(partial(_seen, person_id=self.row_id), self._show, latest="card")

    def _show(self, seen: Seen) -> None:
        self._seen = seen
        held = seen.held
        facts = [
            Fact(t("cash.column.should"), yuan(held.fen)),
            Fact(t("cash.column.taken"), yuan(held.taken_fen)),
            Fact(t("cash.column.handed"), yuan(held.handed_fen)),
            Fact(t("cash.column.besides"), yuan(held.other_fen)),
            Fact(t("cash.column.last"), "" if held.last_at is None else when_text(held.last_at, seen.zone)),
            Fact(t("cash.uncounted"), str(held.waiting)),
        ]
        self.show_card(facts, seen.rows)

    def why_not(self, action_id: str) -> str | None:
        seen = self._seen
        if action_id == HAND.id:
            if seen is None:
                return t("list.reading")
            if not seen.works:
                return t("cash.only_workers")
            if seen.held.fen <= 0:
                return t("cash.nothing_in_hand", name=seen.held.collector)
        if action_id == RECEIPT.id and self.highlighted is None:
            return t("cash.nothing_in_front")
        return super().why_not(action_id)

    def do_open(self) -> None:
        open_receipt(self, UUID(known(self.highlighted)), self.ledger)

    def do_hand(self) -> None:
        from tui.screens.fees.cash_count import HandIn

        self.app.push_screen(HandIn(self.row_id, lambda said: self.flash(said, Tone.GOOD), self.ledger))


def open_receipt(screen: Changing, payment_id: UUID, ledger: Ledger) -> None:
    """Open the receipt of a payment that holds, else the last one that was made void."""

    def find(desk: Desk) -> UUID | None:
        with desk.store.read() as session:
            found = receipts_of_payment(session, desk.seat.compound_id, payment_id)
        standing = [one.id for one in found if one.voided_at is None]
        return next(iter(standing or [one.id for one in reversed(found)]), None)

    def show(receipt_id: UUID | None) -> None:
        from tui.screens.fees.receipts_card import ReceiptCard

        if receipt_id is None:
            screen.flash(t("cash.no_receipt"), Tone.WARN)
        else:
            screen.app.push_screen(ReceiptCard(receipt_id, ledger))

    screen.ask(find, show, latest="receipt")
