"""Bills: those to be paid, those that are overdue, paid or reversed; found by door, period and item."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import ClassVar, Final
from uuid import UUID

from models.fees.billing_states import BillState
from models.fees.periods import Period, period_of
from models.fees.queries_billing_runs import BillsAsked
from tui.actions import Action, action
from tui.desk import Desk
from tui.fee_words import span_text
from tui.i18n import t
from tui.screens.changing import Ledger, Values
from tui.screens.fees import billing_store as store
from tui.screens.fees.billing_rows import bill_columns, bill_row
from tui.screens.fees.billing_scope import Named, read_door, read_items
from tui.screens.form import FormDialog
from tui.screens.tabbed import ListWords, Tab, Tabbed
from tui.widgets.fields import TextField
from tui.widgets.picker import Option
from tui.widgets.rows import Column, RowView

PICK = action("bills.pick", "enter")
PERIOD = action("bills.in_period", "f3")
ITEM = action("bills.of_item", "f4")
OPEN = action("bills.open", "f6", footer=False)
OVERDUE = action("bills.overdue", "f7", footer=False)
PAID = action("bills.paid", "f8", footer=False)
REVERSED = action("bills.reversed", "f9", footer=False)
_STATES: Final = {
    "open": BillState.OPEN,
    "overdue": BillState.OVERDUE,
    "paid": BillState.PAID,
    "reversed": BillState.REVERSED,
}


@dataclass(frozen=True, slots=True)
class BillRows:
    """The rows of one search among the bills of a tab."""

    state: BillState
    text: str
    period: Period | None
    item_id: UUID | None
    household_id: UUID | None

    def asked(self, today: date) -> BillsAsked:
        return BillsAsked(today, self.state, self.text, self.period, self.item_id, self.household_id)

    def count(self, desk: Desk) -> int:
        return store.read_bill_count(desk, self.asked(desk.today()))

    def page(self, desk: Desk, offset: int, limit: int) -> Sequence[RowView]:
        today = desk.today()
        return [bill_row(bill, today) for bill in store.read_bills(desk, self.asked(today), offset, limit)]


class Bills(Tabbed):
    """`household_id` shows one household's bills only."""

    ROOM: ClassVar[str] = "bills"
    PICK = PICK
    TABS: ClassVar[tuple[Tab, ...]] = (
        Tab("open", OPEN, "bills.tab.open", "bills.empty.open"),
        Tab("overdue", OVERDUE, "bills.tab.overdue", "bills.empty.overdue"),
        Tab("paid", PAID, "bills.tab.paid", "bills.empty.paid"),
        Tab("reversed", REVERSED, "bills.tab.reversed", "bills.empty.reversed"),
    )
    WORDS: ClassVar[ListWords] = ListWords("bills.hint", "bills.found_nothing", "bills.nothing_to_open")
    ACTIONS: ClassVar[tuple[Action, ...]] = (PICK, PERIOD, ITEM, OPEN, OVERDUE, PAID, REVERSED)

    def __init__(self, household_id: UUID | None = None, ledger: Ledger | None = None) -> None:
        super().__init__("", ledger)
        self._household_id = household_id
        self._period: Period | None = None
        self._item: Named | None = None
        self._door = ""

    @property
    def heading(self) -> str:
        parts = [
            super().heading,
            self._door,
            "" if self._period is None else span_text(self._period.first, self._period.end),
            "" if self._item is None else self._item.name,
        ]
        return " · ".join(part for part in parts if part)

    def on_mount(self) -> None:
        super().on_mount()
        if self._household_id is not None:
            self.ask(partial(read_door, household_id=self._household_id), self._name_door, latest="door")

    def _name_door(self, code: str) -> None:
        self._door = code
        self.refresh_frame()

    def list_columns(self, view: str) -> Sequence[Column]:
        del view
        return bill_columns()

    def list_rows(self, view: str, text: str) -> BillRows:
        item_id = None if self._item is None else self._item.id
        return BillRows(_STATES[view], text, self._period, item_id, self._household_id)

    def ask_counts(self) -> None:
        rows = {view: self.list_rows(view, "") for view in _STATES}

        def count(desk: Desk) -> dict[str, int]:
            return {view: one.count(desk) for view, one in rows.items()}

        self.ask(count, self.show_counts, latest="counts")

    def open_row(self, row_id: str) -> None:
        from tui.screens.fees.bills_card import BillCard

        self.app.push_screen(BillCard(UUID(row_id), self.ledger))

    # Tabs and filters

    def do_open(self) -> None:
        self.switch("open")

    def do_overdue(self) -> None:
        self.switch("overdue")

    def do_paid(self) -> None:
        self.switch("paid")

    def do_reversed(self) -> None:
        self.switch("reversed")

    def do_in_period(self) -> None:
        """Show the bills of one period only; nothing typed shows those of all."""
        field = TextField(
            "period",
            t("bills.period"),
            value="" if self._period is None else self._period.name,
            hint=t("bills.period_hint"),
            longest=30,
        )
        form = FormDialog(t("bills.period_which"), [field], refuse=_unclear, save=t("bills.show"))
        self._show_modal(form, self._in_period)

    def _in_period(self, values: Values) -> None:
        text = str(values["period"] or "")
        self._period = period_of(text) if text else None
        self._filter()

    def do_of_item(self) -> None:
        self.ask(read_items, self._choose_item, latest="items")

    def _choose_item(self, items: Sequence[Named]) -> None:
        known_items = {str(one.id): one for one in items}
        options = [
            Option("", t("bills.every_item")),
            *(Option(row, one.name) for row, one in known_items.items()),
        ]
        current = "" if self._item is None else str(self._item.id)
        self.choose(t("bills.item_which"), options, partial(self._of_item, known_items), current=current)

    def _of_item(self, items: dict[str, Named], chosen: str) -> None:
        self._item = items.get(chosen)
        self._filter()

    def _filter(self) -> None:
        self.reread()
        self.refresh_frame()


def _unclear(values: Values) -> str | None:
    text = str(values["period"] or "")
    try:
        if text:
            period_of(text)
    except ValueError:
        return t("cli.fees_period", text=text)
    return None
