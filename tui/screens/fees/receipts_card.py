"""One receipt as it was printed: its lines with how each came about, its check code, copies, and whether it holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import ClassVar
from uuid import UUID
from zoneinfo import ZoneInfo

from textual.app import ComposeResult
from textual.containers import VerticalScroll

from models.fees.money import capitals, yuan
from models.fees.operations import TREASURERS
from models.fees.queries import payment_lines, residents
from models.fees.queries_receipts import ReceiptLine, ReceiptSheet, receipt_sheets, receipts_of_payment
from models.fees.tables_money import Payment
from models.operations.envelope import Intent
from models.operations.perform import Outcome
from models.operations.roles import WORKERS
from models.tables import table_of
from tui import edge
from tui.actions import Action, action
from tui.desk import Desk
from tui.fee_sums import sum_lines
from tui.fee_words import method_word
from tui.i18n import t
from tui.receipt_words import remark_text
from tui.row_words import listed
from tui.screens.asking import known
from tui.screens.card import CardPage
from tui.screens.changing import Ledger, Values
from tui.screens.fees.receipts_rows import item_columns, item_row, state_mark, when_text
from tui.widgets.deeds import Deeds
from tui.widgets.facts import Fact, Facts
from tui.widgets.fields import TextField
from tui.widgets.long_list import LongList
from tui.widgets.rows import Column
from tui.widgets.text import Line, Mark, Tone

OPEN = action("receipt.open", "enter")
PRINT = action("receipt.print", "1", footer=False)
TEXT = action("receipt.text", "2", footer=False)
VOID = action("receipt.void", "3", footer=False)
ANEW = action("receipt.anew", "4", footer=False)
_REASON = 200


@dataclass(frozen=True, slots=True)
class View:
    """A receipt with what is around it: owners on the day, the other receipts of its payment, what whoever acts may do."""

    sheet: ReceiptSheet
    owners: tuple[str, ...]
    others: tuple[ReceiptLine, ...]
    reversed: bool
    works: bool
    keeps: bool
    zone: ZoneInfo


def look(desk: Desk, receipt_id: UUID) -> View | None:
    """Return a receipt as its card shows it, None where there is none."""
    compound_id, payment = desk.seat.compound_id, table_of(Payment)
    with desk.store.read() as session:
        found = receipt_sheets(session, compound_id, [receipt_id])
        if not found:
            return None
        (sheet,) = found
        home = sheet.line.household_id
        there = () if home is None else residents(session, compound_id, [home], sheet.paid_on).get(home, ())
        others = receipts_of_payment(session, compound_id, sheet.line.payment_id)
        paid = payment_lines(session, compound_id, payment.c.id == sheet.line.payment_id)
    return View(
        sheet,
        tuple(one.name for one in there if one.relation == "owner"),
        tuple(one for one in others if one.id != receipt_id),
        any(one.reversed_on is not None for one in paid),
        desk.may(WORKERS),
        desk.may(TREASURERS),
        ZoneInfo(desk.seat.zone),
    )


class ReceiptCard(CardPage):
    """The card of a receipt."""

    ROOM: ClassVar[str] = "receipt"
    OPEN: ClassVar[Action] = OPEN
    DEEDS: ClassVar[tuple[Action, ...]] = (PRINT, TEXT, VOID, ANEW)
    ACTIONS: ClassVar[tuple[Action, ...]] = (OPEN, *DEEDS)
    DEFAULT_CSS = """
    ReceiptCard #how { height: auto; max-height: 6; min-height: 1; color: $text-muted; padding: 0 1; background: $surface; }
    """

    def __init__(self, row_id: UUID, ledger: Ledger | None = None) -> None:
        super().__init__(row_id, ledger)
        self._view: View | None = None
        self._gone = False

    @property
    def heading(self) -> str:
        number = "" if self._view is None else self._view.sheet.line.number
        return f"{super().heading} {number}".strip()

    def tie_columns(self) -> Sequence[Column]:
        return item_columns()

    def no_ties(self) -> str:
        return t("receipt.no_lines")

    def body(self) -> ComposeResult:
        with VerticalScroll(id="facts"):
            yield Facts()
        yield LongList(self.tie_columns(), empty=self.no_ties(), id="ties")
        yield Line(id="how")
        yield Deeds()

    # -- what is shown

    def reread(self) -> None:
        self.ask(partial(look, receipt_id=self.row_id), self._show, latest="card")

    def _show(self, view: View | None) -> None:
        self._view, self._gone = view, view is None
        if view is not None:
            items = view.sheet.items
            self.show_card(_facts(view), [item_row(place, item) for place, item in enumerate(items)])
            self._tell_how()

    def on_long_list_highlighted(self) -> None:
        self._tell_how()
        super().on_long_list_highlighted()

    def _tell_how(self) -> None:
        """Derive the highlighted line, step by step."""
        view, place = self._view, self.highlighted
        lines: list[str] = []
        if view is not None and place is not None and int(place) < len(view.sheet.items):
            item = view.sheet.items[int(place)]
            lines = sum_lines(item.sums or {})
            lines = lines or [t("receipt.credit" if not item.item else "receipt.no_sums")]
            lines += filter(None, [remark_text(item)])
        self.query_one("#how", Line).show("\n".join(lines))

    # -- what can be done

    def why_not(self, action_id: str) -> str | None:
        if action_id in {OPEN.id, *(one.id for one in self.DEEDS)}:
            reason = self._why_not(action_id)
            if reason is not None:
                return reason
        return super().why_not(action_id)

    def _why_not(self, action_id: str) -> str | None:
        view = self._view
        if view is None:
            return t("receipt.none_here" if self._gone else "list.reading")
        void = view.sheet.line.voided_at is not None
        workers, keepers = (
            None if view.works else t("receipts.only_workers"),
            None if view.keeps else t("receipt.only_treasurers"),
        )
        standing = next((one.number for one in view.others if one.voided_at is None), None)
        anew = None
        if view.reversed:
            anew = t("receipt.reversed")
        elif not void:
            anew = t("receipt.void_first")
        elif standing is not None:
            anew = t("receipt.written_already", number=standing)
        reasons = {
            OPEN.id: t("receipt.no_door") if view.sheet.line.household_id is None else None,
            PRINT.id: workers,
            VOID.id: keepers or (t("receipt.void_already") if void else None),
            ANEW.id: workers or anew,
        }
        return reasons.get(action_id)

    def do_open(self) -> None:
        """Go to the door's till, where everything it owes and paid is told."""
        self.linli.enter("collect", household_id=known(self._view).sheet.line.household_id)

    def do_print(self) -> None:
        from tui.fee_papers import print_receipts

        print_receipts(self, [self.row_id], self.reread)

    def do_text(self) -> None:
        from tui.fee_papers import offer_receipt

        offer_receipt(self, self.row_id, known(self._view).sheet.line.number)

    def do_void(self) -> None:
        line = known(self._view).sheet.line

        def plan(values: Values) -> list[Intent]:
            return [Intent("payment.void_receipt", {"receipt": str(self.row_id), "reason": values["reason"]})]

        self.fill_in(
            t("receipt.void_title", number=line.number),
            [
                TextField(
                    id="reason",
                    label=t("receipt.void_reason"),
                    required=True,
                    longest=_REASON,
                    hint=t("receipt.void_hint"),
                )
            ],
            plan,
            lambda _values: t("receipt.voided", number=line.number),
            draft=f"void:{self.row_id}",
        )

    def do_anew(self) -> None:
        """Write another receipt for the same payment, under the next number, and show it."""
        new_id = edge.new_id()
        payload = {"payment": str(known(self._view).sheet.line.payment_id), "receipt": str(new_id)}

        def written(_outcome: Outcome) -> None:
            self.app.push_screen(ReceiptCard(new_id, self.ledger))

        self.change([Intent("payment.write_receipt", payload)], t("receipt.written"), written)


def _facts(view: View) -> list[Fact]:
    sheet, line = view.sheet, view.sheet.line
    facts = [
        Fact(t("fee_receipt.number"), line.number),
        Fact(t("receipts.column.state"), state_mark(line)),
        Fact(t("fee_receipt.door"), line.door or t("fee_receipt.no_door")),
        Fact(t("fee_receipt.paid_at"), when_text(line.paid_at, view.zone)),
        Fact(t("fee_receipt.owner"), listed(view.owners)),
        Fact(t("fee_receipt.payer"), line.payer),
        Fact(t("fee_receipt.total"), yuan(line.amount_fen)),
        Fact(t("fee_receipt.method"), method_word(line.method)),
        Fact(t("fee_receipt.capitals"), capitals(line.amount_fen)),
        Fact(t("fee_receipt.collector"), line.collector),
        Fact(t("fee_receipt.digest"), sheet.digest),
    ]
    if line.words:
        facts.append(Fact(t("fee_receipt.words"), line.words))
    if line.voided_at is not None:
        at = f"{line.voided_at.astimezone(view.zone):%Y-%m-%d}"
        facts.append(
            Fact(t("receipts.column.reason"), t("fee_receipt.void_why", at=at, reason=line.void_reason))
        )
    if view.reversed:
        facts.append(Fact(t("receipt.part.payment"), Mark("✗", t("receipt.reversed_word"), Tone.BAD)))
    if view.others:
        numbers = [one.number + (f"（{t('receipts.void')}）" if one.voided_at else "") for one in view.others]
        facts.append(Fact(t("receipt.others"), listed(numbers)))
    return facts
