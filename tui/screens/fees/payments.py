"""Payments: all of them under a search line, what waits for a second person, and what lies in suspense."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from typing import ClassVar
from uuid import UUID

from models.fees.queries_asked import AskedLine
from models.fees.queries_desk_payments import Wanted
from models.fees.rules import Method
from models.operations.envelope import Intent
from models.operations.perform import Outcome
from tui.actions import Action, action
from tui.fee_words import method_word, sum_text
from tui.i18n import t
from tui.screens.changing import UNDO
from tui.screens.chat_text import offer_text
from tui.screens.fees import payment_store as store
from tui.screens.fees.payment_words import (
    PAYMENTS,
    REFUND,
    REQUESTS,
    SUSPENSE,
    columns_of,
    filter_text,
    sums_text,
)
from tui.screens.tabbed import ListWords, Tab, Tabbed
from tui.widgets.picker import Option
from tui.widgets.rows import Column
from tui.widgets.text import Tone
from tui.words import refusal_text

SHOW_PAYMENTS = action("payments.show_payments", "f2", footer=False)
SHOW_REQUESTS = action("payments.show_requests", "f3", footer=False)
SHOW_SUSPENSE = action("payments.show_suspense", "f6", footer=False)
PICK = action("payments.pick", "enter")
FILTER = action("payments.filter", "f4")
OUT = action("payments.out", "f5")
TAKE = action("payments.take", "f7")
_DAYS = {"today": 1, "week": 7, "month": 31}


class Payments(Tabbed):
    """The three lists. `view` is the one to begin with."""

    ROOM: ClassVar[str] = "payments"
    PICK: ClassVar[Action] = PICK
    TABS: ClassVar[tuple[Tab, ...]] = (
        Tab(PAYMENTS, SHOW_PAYMENTS, "payments.tab_payments", "payments.empty_payments"),
        Tab(REQUESTS, SHOW_REQUESTS, "payments.tab_requests", "payments.empty_requests"),
        Tab(SUSPENSE, SHOW_SUSPENSE, "payments.tab_suspense", "payments.empty_suspense"),
    )
    WORDS: ClassVar[ListWords] = ListWords(
        hint="payments.hint",
        found_nothing="payments.found_nothing",
        nothing_to_open="payments.nothing_to_open",
    )
    ACTIONS: ClassVar[tuple[Action, ...]] = (
        PICK, FILTER, OUT, TAKE, SHOW_PAYMENTS, SHOW_REQUESTS, SHOW_SUSPENSE,
    )  # fmt: skip

    def __init__(self, view: str = "") -> None:
        super().__init__(view)
        self.wanted = Wanted()
        self._collector = ""
        self._room: store.Room | None = None

    # -- lists

    def list_columns(self, view: str) -> Sequence[Column]:
        return columns_of(view)

    def list_rows(self, view: str, text: str) -> store.PaymentRows:
        return store.PaymentRows(view, self._asked(view, text))

    def _asked(self, view: str, text: str) -> Wanted:
        return Wanted(text, suspense=True) if view == SUSPENSE else replace(self.wanted, text=text)

    def ask_counts(self) -> None:
        wanted = self._asked(PAYMENTS, self.sought)
        self.read(partial(store.look, wanted=wanted), self._take_in, latest="counts")

    def _take_in(self, room: store.Room) -> None:
        self._room = room
        self.show_counts(room.counts)
        narrowed = filter_text(self.wanted, self._collector)
        if narrowed:
            total = sum(fen for _, fen in room.sums.values())
            self.flash(t("payments.narrowed", to=narrowed, n=room.counts[PAYMENTS], sum=sum_text(total)))

    def open_row(self, row_id: str) -> None:
        kind, _, request = row_id.partition(":")
        asked = None if self._room is None else self._room.requests.get(row_id)
        if kind == REFUND and asked is not None:
            self._offer_refund(asked)
            return
        payment_id = asked.payment_id if asked is not None else None if request else UUID(row_id)
        if payment_id is not None:
            from tui.screens.fees.payment_page import PaymentPage

            self.app.push_screen(PaymentPage(payment_id))

    # -- a refund is decided here: there is no more to it than its line

    def _offer_refund(self, asked: AskedLine) -> None:
        room = self._room
        if room is None:
            return
        door = room.doors.get(asked.household_id, "") if asked.household_id else ""
        why = why_not_decide(asked, room.power)
        options = [
            Option("payment.refund", t("payments.refund_yes", sum=sum_text(asked.fen)), reason=why),
            Option(
                "payment.keep_credit",
                t("payments.refund_no"),
                reason=None if room.power.decides else t("payments.only_seconds"),
            ),
        ]
        title = t("payments.refund_title", sum=sum_text(asked.fen), door=door, reason=asked.reason[:40])
        self.choose(title, options, partial(self._decide_refund, asked))

    def _decide_refund(self, asked: AskedLine, kind: str) -> None:
        said = t("payments.refunded" if kind == "payment.refund" else "payments.kept")

        def done(outcome: Outcome) -> None:
            if outcome.refused is not None:
                self.flash(refusal_text(outcome.refused), Tone.BAD)
            else:
                self.flash(said, Tone.GOOD)
            self.reread()

        self.tell(lambda desk: desk.perform(Intent(kind, {"refund": str(asked.id)})), done)

    # -- actions

    def why_not(self, action_id: str) -> str | None:
        if action_id == FILTER.id and self._room is None:
            return t("fee.desk.reading")
        if action_id in {FILTER.id, OUT.id} and self.view != PAYMENTS:
            return t("payments.only_payments")
        if action_id == UNDO.id:
            return t("payments.no_undo")
        return super().why_not(action_id)

    def do_show_payments(self) -> None:
        self.switch(PAYMENTS)

    def do_show_requests(self) -> None:
        self.switch(REQUESTS)

    def do_show_suspense(self) -> None:
        self.switch(SUSPENSE)

    def do_take(self) -> None:
        self.linli.enter("collect")

    def do_out(self) -> None:
        """Copy what the list comes to as a text for the chat group: sums alone, neither a name nor a door."""
        narrowed = filter_text(self.wanted, "") or t("payments.filter_all")

        def offer(sums: Mapping[str, tuple[int, int]]) -> None:
            text = sums_text(narrowed, sums)
            offer_text(self, f"{t('screen.payments')} {narrowed}", text)

        self.ask(partial(store.sums, wanted=self._asked(PAYMENTS, self.sought)), offer, latest="out")

    def do_filter(self) -> None:
        room = self._room
        people = () if room is None else room.collectors
        options = [
            Option("all", t("payments.filter_all")),
            *(Option(f"day:{name}", t(f"payments.filter_{name}")) for name in _DAYS),
            *(Option(f"method:{one.value}", method_word(one)) for one in Method if one is not Method.OPENING),
            *(Option(f"by:{one.id}", t("payments.filter_by", person=one.name)) for one in people),
        ]
        self.choose(t("payments.filter_title"), options, self._narrow)

    def _narrow(self, chosen: str) -> None:
        """Narrow the list by one thing more, or take all back."""
        kind, _, value = chosen.partition(":")
        if kind == "all":
            self.wanted, self._collector = Wanted(), ""
            self.flash("")
        elif kind == "day":
            since, until = days_of(value, self.linli.context.today())
            self.wanted = replace(self.wanted, since=since, until=until)
        elif kind == "method":
            self.wanted = replace(self.wanted, method=value)
        else:
            people = () if self._room is None else self._room.collectors
            self._collector = next((one.name for one in people if str(one.id) == value), "")
            self.wanted = replace(self.wanted, collector_id=UUID(value))
        self._fill()
        self.ask_counts()


def days_of(name: str, today: date) -> tuple[date, date]:
    """Return the days of today, of this week from Monday on, or of this month; half-open."""
    if name == "today":
        return today, today + timedelta(days=1)
    if name == "week":
        monday = today - timedelta(days=today.weekday())
        return monday, monday + timedelta(days=_DAYS["week"])
    first = today.replace(day=1)
    return first, (first + timedelta(days=_DAYS["month"])).replace(day=1)


def why_not_decide(asked: AskedLine, power: store.Power) -> str | None:
    """Return why whoever acts cannot be the second person, or None if they can."""
    if not power.decides:
        return t("payments.only_seconds")
    if power.person_id is not None and power.person_id == asked.asked_by_id:
        return t("payments.not_oneself")
    return None
