"""Expenses: what waits for approval or payment, what was paid; written down here, decided on each one's page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, ClassVar, Final
from uuid import UUID

from models.fees.money import yuan
from models.fees.queries_accounts_expenses import ExpenseLine
from models.fees.rules import ExpenseState, Side
from models.operations.envelope import Intent
from models.operations.fields import LONGEST_NAME
from tui import edge
from tui.actions import Action, action
from tui.desk import Desk
from tui.fee_words import expense_word
from tui.i18n import t
from tui.screens.changing import Ledger
from tui.screens.fees import accounts_forms as forms
from tui.screens.fees import expenses_store as store
from tui.screens.fees.expenses_store import DONE, OPEN
from tui.screens.form import Values
from tui.screens.tabbed import ListWords, Tab, Tabbed
from tui.widgets.fields import Field, PickField, TextField
from tui.widgets.picker import Option
from tui.widgets.rows import Column, RowView
from tui.widgets.text import Mark, Tone

PICK = action("expenses.pick", "enter")
RECORD = action("expenses.record", "f2")
ACCOUNT = action("expenses.add_account", "f6", footer=False)
_OPEN = action("expenses.open", "f3", footer=False)
_DONE = action("expenses.done", "f4", footer=False)
_MARKS: Final = {
    ExpenseState.ASKED: ("○", Tone.WARN),
    ExpenseState.APPROVED: ("◐", Tone.INFO),
    ExpenseState.PAID: ("✓", Tone.GOOD),
    ExpenseState.DECLINED: ("×", Tone.MUTED),
    ExpenseState.REVERSED: ("↺", Tone.MUTED),
}


def state_mark(state: ExpenseState) -> Mark:
    """Return how far an expense has come."""
    symbol, tone = _MARKS[state]
    return Mark(symbol, expense_word(state.value), tone)


@dataclass(frozen=True, slots=True)
class ExpenseRows:
    """The expenses of a tab as rows."""

    found: store.Expenses

    def count(self, desk: Desk) -> int:
        return self.found.count(desk)

    def page(self, desk: Desk, offset: int, limit: int) -> Sequence[RowView]:
        return [_row(line) for line in self.found.page(desk, offset, limit)]


def _row(line: ExpenseLine) -> RowView:
    what = " ".join(part for part in (line.payee, line.words) if part)
    cells = (
        line.spent_on.isoformat(), state_mark(line.state), line.account, what, line.voucher, yuan(line.fen),
    )  # fmt: skip
    return RowView(str(line.id), cells, muted=line.state in {ExpenseState.DECLINED, ExpenseState.REVERSED})


class Expenses(Tabbed):
    """Expenses in two tabs: those that wait, and those that are done with."""

    ROOM: ClassVar[str] = "expenses"
    TABS: ClassVar[tuple[Tab, ...]] = (
        Tab(OPEN, _OPEN, "expense.tab.open", "expense.empty.open"),
        Tab(DONE, _DONE, "expense.tab.done", "expense.empty.done"),
    )
    WORDS: ClassVar[ListWords] = ListWords("expense.hint", "expense.found_nothing", "expense.nothing_to_open")
    PICK: ClassVar[Action] = PICK
    ACTIONS: ClassVar[tuple[Action, ...]] = (PICK, RECORD, ACCOUNT, _OPEN, _DONE)

    def __init__(self, view: str = "", ledger: Ledger | None = None) -> None:
        super().__init__(view, ledger)
        self._seen: store.Seen | None = None

    def list_columns(self, view: str) -> Sequence[Column]:
        del view
        return (
            Column(t("accounts.column.day"), 10, priority=9),
            Column(t("accounts.column.state"), 10, priority=9),
            Column(t("accounts.column.account"), 10, priority=7),
            Column(t("accounts.column.words"), 16, priority=8, grow=True),
            Column(t("accounts.column.voucher"), 10, priority=5),
            Column(t("accounts.column.amount"), 12, priority=9, align="right"),
        )

    def list_rows(self, view: str, text: str) -> ExpenseRows:
        return ExpenseRows(store.Expenses(view, text))

    def ask_counts(self) -> None:
        self.ask(store.counts, self.show_counts, latest="counts")
        self.ask(store.look, self._show_seen, latest="seen")

    def _show_seen(self, seen: store.Seen) -> None:
        self._seen = seen
        self.refresh_keys()

    def open_row(self, row_id: str) -> None:
        from tui.screens.fees.expense_page import ExpensePage

        self.app.push_screen(ExpensePage(UUID(row_id), self.ledger))

    def why_not(self, action_id: str) -> str | None:
        if action_id in {RECORD.id, ACCOUNT.id}:
            if self._seen is None:
                return t("list.reading")
            if action_id == RECORD.id and not self._seen.may_record:
                return t("expense.keepers_only")
            if not self._seen.may_keep and (action_id == ACCOUNT.id or not self._seen.accounts):
                return t("expense.no_account" if action_id == RECORD.id else "accounts.treasurers_only")
        return super().why_not(action_id)

    def do_open(self) -> None:
        self.switch(OPEN)

    def do_done(self) -> None:
        self.switch(DONE)

    def do_add_account(self) -> None:
        self._add_account(t("expense.new_account"))

    def _add_account(self, title: str, *, record: bool = False) -> None:
        def added(_outcome: object) -> None:
            if record:
                self.ask(store.look, self._record_with, latest="seen")

        self.fill_in(
            title,
            forms.account_fields(Side.EXPENSE),
            partial(forms.account_intents, side=Side.EXPENSE),
            lambda values: t("accounts.account_added", name=str(values["name"])),
            draft="account:expense",
            then=added,
        )

    def _record_with(self, seen: store.Seen) -> None:
        self._seen = seen
        self.do_record()

    def do_record(self) -> None:
        seen = self._seen
        if seen is None:
            return
        if not seen.accounts:
            self._add_account(t("expense.account_first"), record=True)
            return
        self.fill_in(
            t("expense.record_title"),
            _fields(seen),
            _recorded,
            lambda values: t("expense.recorded", fen=yuan(forms.fen_typed(values))),
            draft="expense",
        )


def _fields(seen: store.Seen) -> list[Field]:
    accounts = tuple(Option(str(one.id), one.name) for one in seen.accounts)
    voucher, words = forms.words_fields(t("expense.form.words"))
    return [
        forms.amount_field(),
        PickField(
            id="account",
            label=t("accounts.column.account"),
            options=accounts,
            required=True,
            value=accounts[0].id if len(accounts) == 1 else "",
        ),
        TextField(
            id="payee", label=t("expense.form.payee"), longest=LONGEST_NAME, hint=t("expense.form.payee_hint")
        ),
        voucher,
        words,
        forms.day_field(t("expense.form.day"), seen.today),
    ]


def _recorded(values: Values) -> Sequence[Intent]:
    payload: dict[str, Any] = {
        "id": str(edge.new_id()),
        "account": str(values["account"]),
        "fen": forms.fen_typed(values),
        "spent_on": str(values["day"]),
        "payee": str(values["payee"] or ""),
        "voucher": str(values["voucher"] or ""),
        "words": str(values["words"] or ""),
    }
    return [Intent("expense.record", payload)]
