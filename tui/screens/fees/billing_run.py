"""A run that was issued: what it came to, what is paid of it, its bills, and taking it back."""

from __future__ import annotations

from functools import partial
from typing import ClassVar
from uuid import UUID

from textual.app import ComposeResult

from models.fees.queries_billing_runs import BillsAsked
from tui.actions import Action, action
from tui.desk import Desk
from tui.fee_words import span_text, sum_text
from tui.i18n import t
from tui.screens.asking import known
from tui.screens.changing import Ledger, Values
from tui.screens.fees import billing_store as store
from tui.screens.fees.billing_reason import ForGood
from tui.screens.fees.billing_rows import bill_columns, bill_row
from tui.screens.fees.billing_store import Issued
from tui.widgets.deeds import Deeds
from tui.widgets.facts import Fact, Facts
from tui.widgets.long_list import LongList
from tui.widgets.picker import Option
from tui.widgets.rows import RowView

OPEN = action("billing_run.open", "enter")
WITHDRAW = action("billing_run.withdraw", "1", footer=False)


class BillingRun(ForGood):
    """One run; its bills stand in the order of doors."""

    ROOM: ClassVar[str] = "billing_run"
    AUTO_FOCUS = "#bills"
    DEEDS: ClassVar[tuple[Action, ...]] = (WITHDRAW,)
    ACTIONS: ClassVar[tuple[Action, ...]] = (OPEN, WITHDRAW)
    DEFAULT_CSS = """
    BillingRun Facts { margin-bottom: 1; }
    BillingRun Deeds { margin-top: 1; }
    BillingRun.-short Deeds { margin-top: 0; }
    """

    def __init__(self, run_id: UUID, ledger: Ledger | None = None) -> None:
        super().__init__(ledger)
        self.run_id = run_id
        self._issued: Issued | None = None

    @property
    def heading(self) -> str:
        run = None if self._issued is None else self._issued.run
        return super().heading if run is None else f"{super().heading} {span_text(run.since, run.until)}"

    def body(self) -> ComposeResult:
        yield Facts()
        yield LongList(bill_columns(), empty=t("billing_run.no_bills"), id="bills")
        yield Deeds()

    def on_screen_resume(self) -> None:
        self.reread()

    def news(self) -> None:
        self.reread()

    def reread(self) -> None:
        self.read(partial(store.read_run, run_id=self.run_id), self._show, latest="run")

    def _show(self, issued: Issued | None) -> None:
        if issued is None:
            self.flash(t("billing_run.gone"))
            return
        self._issued = issued
        run = issued.run
        self.query_one(Facts).show(
            [
                Fact(t("billing.column.issued"), run.issued_on.isoformat()),
                Fact(t("billing.column.by"), run.by),
                Fact(t("billing_run.issued"), t("billing_run.n", n=run.bills, fen=sum_text(run.fen))),
                Fact(
                    t("billing_run.holding"), t("billing_run.n", n=run.holding, fen=sum_text(run.holding_fen))
                ),
                Fact(t("billing_run.paid"), t("billing_run.n", n=run.paid_bills, fen=sum_text(run.paid_fen))),
                Fact(t("billing.column.owed"), sum_text(run.owed_fen)),
                *([Fact(t("billing_run.words"), run.words)] if run.words else []),
            ]
        )
        asked = BillsAsked(issued.today, run_id=self.run_id)

        def page(desk: Desk, offset: int, limit: int) -> list[RowView]:
            return [bill_row(bill, issued.today) for bill in store.read_bills(desk, asked, offset, limit)]

        self.query_one(LongList).show(
            self.source(partial(store.read_bill_count, asked=asked), page), keep=True
        )
        self.refresh_frame()

    def on_long_list_highlighted(self) -> None:
        self.refresh_keys()

    async def on_long_list_picked(self) -> None:
        await self.action_act(OPEN.id)

    def why_not(self, action_id: str) -> str | None:
        if action_id == OPEN.id and (not self.is_mounted or self.query_one(LongList).highlighted is None):
            return t("billing_run.no_bills")
        if action_id == WITHDRAW.id:
            if self._issued is None:
                return t("list.reading")
            if not self._issued.may:
                return t("billing.treasurers_only")
            if not self._issued.run.holding:
                return t("billing_run.nothing_holds")
        return super().why_not(action_id)

    def do_open(self) -> None:
        from tui.screens.fees.bills_card import BillCard

        self.app.push_screen(BillCard(UUID(known(self.query_one(LongList).highlighted)), self.ledger))

    def do_withdraw(self) -> None:
        """Take the run back. Where some of it is paid, somebody says whether that goes with it."""
        run = known(self._issued).run
        if not run.paid_bills:
            self._reason(paid=True)
            return
        unpaid = run.holding - run.paid_bills
        options = [
            Option(
                "unpaid",
                t("billing_run.withdraw_unpaid", n=unpaid),
                reason=None if unpaid else t("billing_run.all_paid"),
            ),
            Option("all", t("billing_run.withdraw_all", n=run.holding, fen=sum_text(run.paid_fen))),
        ]
        self.choose(
            t("billing_run.withdraw_which"), options, lambda chosen: self._reason(paid=chosen == "all")
        )

    def _reason(self, *, paid: bool) -> None:
        draft = f"withdraw:{self.run_id}"

        def told(values: Values) -> None:
            reason = str(values["reason"])
            self.ask(
                partial(store.withdrawing, run_id=self.run_id, reason=reason, paid=paid),
                lambda intents: self.do_for_good(intents, t("billing_run.withdrawn"), draft),
            )

        self.ask_reason(t("action.billing_run.withdraw"), told, draft=draft)
