"""A bill: how it came to its amount, what paid it; taking it back, and putting another in its place."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import ClassVar
from uuid import UUID
from zoneinfo import ZoneInfo

from models.fees.billing_intents import correct_intents, reverse_intents
from models.fees.billing_states import BillState, state_of
from models.fees.money import fen_of
from tui import edge
from tui.actions import Action, action
from tui.fee_sums import sum_lines
from tui.fee_words import method_word, span_text, sum_text
from tui.i18n import t
from tui.screens.asking import known
from tui.screens.card import CardPage
from tui.screens.changing import Ledger, Values
from tui.screens.fees.billing_reason import ForGood
from tui.screens.fees.billing_rows import bill_item, state_mark
from tui.screens.fees.bills_store import Redrawn, Story, corrected, look, redraw
from tui.screens.fees.money_fields import amount_field
from tui.widgets.facts import Fact
from tui.widgets.rows import Column, RowView
from tui.widgets.text import Mark, Tone

OPEN = action("bill.open", "enter")
CORRECT = action("bill.correct", "1", footer=False)
REVERSE = action("bill.reverse", "2", footer=False)
DOOR = action("bill.door", "3", footer=False)
RUN = action("bill.run", "4", footer=False)


class BillCard(CardPage, ForGood):
    """One bill. What paid it stands below.

    CardPage stands first of the two bases: Textual takes the looks of the first one only.
    """

    ROOM: ClassVar[str] = "bill"
    OPEN = OPEN
    DEEDS: ClassVar[tuple[Action, ...]] = (CORRECT, REVERSE, DOOR, RUN)
    ACTIONS: ClassVar[tuple[Action, ...]] = (OPEN, *DEEDS)

    def __init__(self, bill_id: UUID, ledger: Ledger | None = None) -> None:
        super().__init__(bill_id, ledger)
        self._story: Story | None = None

    @property
    def heading(self) -> str:
        if self._story is None:
            return super().heading
        bill = self._story.bill
        return f"{super().heading} {bill.door} {bill_item(bill)} {span_text(bill.since, bill.until)}"

    @property
    def story(self) -> Story:
        """What is shown; deeds wait until it is read."""
        return known(self._story)

    def tie_columns(self) -> Sequence[Column]:
        return (
            Column(t("bill.column.paid_on"), 10, priority=9),
            Column(t("bill.column.fen"), 12, priority=9, align="right"),
            Column(t("bill.column.method"), 8, priority=7),
            Column(t("bill.column.of"), 12, priority=5, align="right"),
            Column(t("bill.column.number"), 14, priority=6),
            Column(t("bill.column.payer"), 8, priority=4, grow=True),
        )

    def no_ties(self) -> str:
        return t("bill.unpaid")

    # What is shown

    def reread(self) -> None:
        self.read(partial(look, bill_id=self.row_id), self._show, latest="card")

    def _show(self, story: Story | None) -> None:
        if story is None:
            self.flash(t("bill.gone"), Tone.WARN)
            return
        self._story = story
        self.show_card(_facts(story), [_tie(story, row) for row in range(len(story.payments))])

    # What can be done

    def why_not(self, action_id: str) -> str | None:
        if self._story is None:
            return (
                t("list.reading")
                if action_id in {made.id for made in self.DEEDS}
                else super().why_not(action_id)
            )
        if action_id in {CORRECT.id, REVERSE.id}:
            if not self._story.may:
                return t("billing.treasurers_only")
            if self._story.bill.reversed_on is not None:
                return t("bill.reversed_already")
        if action_id == RUN.id and self._story.bill.run_id is None:
            return t("bill.no_run")
        if action_id == OPEN.id and self.highlighted is None:
            return t("bill.unpaid")
        return super().why_not(action_id)

    def do_open(self) -> None:
        """Go from a payment to the door whose it is."""
        self.do_door()

    def do_door(self) -> None:
        self.linli.enter("collect", household_id=self.story.bill.household_id)

    def do_run(self) -> None:
        from tui.screens.fees.billing_run import BillingRun

        self.app.push_screen(BillingRun(known(self.story.bill.run_id), self.ledger))

    def do_reverse(self) -> None:
        draft = f"reverse:{self.row_id}"
        bill_id, said = self.row_id, t("bill.reversed", fen=sum_text(self.story.bill.amount_fen))

        def told(values: Values) -> None:
            self.do_for_good(reverse_intents([bill_id], str(values["reason"])), said, draft)

        self.ask_reason(t("action.bill.reverse"), told, draft=draft)

    def do_correct(self) -> None:
        """Work the bill out anew, as things stand now, and let somebody put that or another amount in its place."""
        self.ask(partial(redraw, bill=self.story.bill), self._ask_amount, latest="redraw")

    def _ask_amount(self, redrawn: Redrawn) -> None:
        bill, draft = self.story.bill, f"correct:{self.row_id}"
        anew = None if redrawn.line is None else redrawn.line.amount_fen
        hint = t("bill.anew_none") if anew is None else t("bill.anew", fen=sum_text(anew))
        amount = amount_field(
            "amount", t("bill.amount"), bill.amount_fen if anew is None else anew, hint=hint, least=0
        )

        def told(values: Values) -> None:
            reason, fen = str(values["reason"]), fen_of(str(values["amount"]))
            line = corrected(bill, redrawn, fen, reason)
            if line.amount_fen == bill.amount_fen and dict(line.sums) == dict(bill.sums):
                self.flash(t("bill.same"), Tone.WARN)
                return
            said = t("bill.corrected", old=sum_text(bill.amount_fen), new=sum_text(fen))
            self.do_for_good(correct_intents(bill.id, line, reason, edge.new_id), said, draft)

        self.ask_reason(t("action.bill.correct"), told, amount, draft=draft)


def _facts(story: Story) -> list[Fact]:
    bill = story.bill
    facts = [
        Fact(t("bill.amount"), sum_text(bill.amount_fen)),
        Fact(t("billing.column.state"), state_mark(bill, story.today)),
        Fact(t("billing.column.owed"), sum_text(bill.owed_fen)),
        Fact(t("billing.column.due"), bill.due_on.isoformat()),
        Fact(t("bill.booked"), bill.booked_on.isoformat()),
    ]
    if bill.discount_fen:
        facts.append(
            Fact(
                t("bill.discount"),
                t("bill.of_gross", fen=sum_text(bill.discount_fen), gross=sum_text(bill.gross_fen)),
            )
        )
    if state_of(bill, story.today) is BillState.REVERSED:
        said = f"{bill.reversed_on}  {bill.reversal_reason}"
        facts.append(Fact(t("bill.why_reversed"), Mark("×", said, Tone.MUTED)))
    told = sum_lines(bill.sums) or [bill.note or t("bill.by_hand")]
    facts.append(Fact(t("bill.how"), "\n".join(told)))
    if bill.note and bill.sums:
        facts.append(Fact(t("bill.note"), bill.note))
    return facts


def _tie(story: Story, at: int) -> RowView:
    paid = story.payments[at]
    when = paid.payment.paid_at.astimezone(ZoneInfo(story.zone))
    cells = (
        f"{when:%Y-%m-%d}",
        sum_text(paid.fen),
        method_word(paid.payment.method),
        sum_text(paid.payment.amount_fen),
        paid.payment.number,
        paid.payment.payer,
    )
    return RowView(str(paid.payment.id), cells)
