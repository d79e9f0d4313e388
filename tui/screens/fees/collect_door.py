"""The till: what one door owes and why, and the money that is taken for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import ClassVar
from uuid import UUID
from zoneinfo import ZoneInfo

from textual.app import ComposeResult
from textual.containers import Horizontal

from models.fees.money import yuan
from models.fees.rules import Method
from models.operations.envelope import Intent
from models.operations.fields import LONGEST_NAME
from models.operations.perform import Outcome
from tui import edge
from tui.actions import Action, action, shown_key
from tui.fee_words import method_word, sum_text
from tui.i18n import t
from tui.row_words import listed
from tui.screens.asking import known
from tui.screens.base import LinliScreen
from tui.screens.fees import collect_store as store
from tui.screens.fees import collect_words as words
from tui.screens.fees.collect_ahead import Ahead, offers, options_of
from tui.screens.fees.collect_plan import METHODS, Plan, chosen_payload, typed_fen
from tui.screens.fees.collect_store import Taken, Till
from tui.widgets.choices import Choices
from tui.widgets.long_list import LongList
from tui.widgets.search import Entry
from tui.widgets.text import Line, PushButton, Tone, joined
from tui.words import refusal_text

TAKE = action("collect.take", "f2", "ctrl+s")
METHOD = action("collect.method", "f3")
CHOOSE = action("collect.choose", "f4")
AHEAD = action("collect.ahead", "f5")


class DoorTill(LinliScreen):
    """What a door owes, and an amount that is filled in with all of it. One key takes it, and never twice."""

    ROOM: ClassVar[str] = "till"
    AUTO_FOCUS = "#amount"
    ACTIONS: ClassVar[tuple[Action, ...]] = (TAKE, METHOD, CHOOSE, AHEAD)
    DEFAULT_CSS = """
    DoorTill #state, DoorTill #waits, DoorTill #last, DoorTill #how, DoorTill #plan { height: 1; }
    DoorTill #how { color: $text-muted; }
    DoorTill #bills { min-height: 3; }
    DoorTill .row { height: 1; }
    DoorTill .label { width: 14; color: $text-muted; }
    DoorTill #amount, DoorTill #given { width: 16; }
    DoorTill #payer { width: 24; }
    DoorTill #method { width: 1fr; }
    DoorTill #change { width: 1fr; padding-left: 2; }
    DoorTill #plan { text-style: bold; }
    DoorTill #payer-label { width: auto; padding: 0 1 0 2; color: $text-muted; }
    DoorTill.-tall #last, DoorTill.-tall #how { margin-bottom: 1; }
    DoorTill.-tall .row { margin-bottom: 1; }
    """

    def __init__(self, household_id: UUID) -> None:
        super().__init__()
        self.household_id = household_id
        self.till: Till | None = None
        self.plan = Plan(())
        #: What was taken here; nothing more is taken after it.
        self.taken: Taken | None = None
        self.ahead: Ahead | None = None
        self._taking = False
        self._filled = ""
        self._missing = False
        # One id for this payment, however often it is tried: the second try would be the same payment.
        self._payment_id, self._receipt_id = str(edge.new_id()), str(edge.new_id())

    def body(self) -> ComposeResult:
        yield Line(id="state")
        yield Line(id="waits")
        yield LongList(words.bill_columns(), empty=t("fee.desk.no_bills"), id="bills")
        yield Line(id="how")
        yield Line(id="last")
        yield Line(id="plan")
        with Horizontal(classes="row"):
            yield Line(t("fee.desk.amount_label"), classes="label")
            yield Entry(max_length=40, id="amount")
        with Horizontal(classes="row"):
            yield Line(t("fee.desk.method_label"), classes="label")
            yield Choices([(one.value, method_word(one)) for one in METHODS], Method.CASH.value, id="method")
        with Horizontal(classes="row"):
            yield Line(t("fee.desk.given_label"), classes="label")
            yield Entry(max_length=40, id="given")
            yield Line(id="change")
        with Horizontal(classes="row"):
            yield Line(t("fee.desk.payer_label"), classes="label")
            yield Entry(max_length=LONGEST_NAME, hint=t("fee.desk.payer_hint"), id="payer")
            yield PushButton(t("action.collect.take"), id="take", variant="primary")

    @property
    def heading(self) -> str:
        code = "" if self.till is None else self.till.account.code
        return f"{t('screen.till')} {code}".strip()

    # -- what is shown

    def on_screen_resume(self) -> None:
        self.reread()

    def news(self) -> None:
        self.reread()

    def reread(self) -> None:
        self.ask(partial(store.look, household_id=self.household_id), self._take_in, latest="till")

    def _take_in(self, till: Till | None) -> None:
        self._missing = till is None
        if till is None:
            self.query_one(LongList).empty = t("fee.desk.gone")
            self.query_one(LongList).show(())
            return
        self.till = till
        account = till.account
        if self.taken is not None:
            self.ahead = None  # it is a bill like any other now
        bills = account.bills if self.ahead is None else (*account.bills, self.ahead.bill)
        left_out = self.plan.left_out & {bill.id for bill in bills}
        self.plan = replace(self.plan, bills=bills, left_out=left_out)
        parts = [words.owed_mark(account), words.credit_mark(account), words.asked_mark(account)]
        names = listed([one.name for one in account.people]) or t("fee.desk.nobody")
        self.query_one("#state", Line).show(
            joined((f"{names}  ", "bold"), *[part for one in parts if one.word for part in (one, "  ")])
        )
        waits = self.query_one("#waits", Line)
        waits.show(words.grievance_mark(till.grievance))
        waits.display = till.grievance.fix_first
        self.query_one("#last", Line).show(words.last_text(account.payments, ZoneInfo(till.zone)))
        if self.taken is None:
            self._fill()
        self._show_bills()
        self._show_plan()
        self.refresh_frame()

    def _fill(self) -> None:
        """Fill in all that is meant, unless somebody has typed an amount."""
        amount = self.query_one("#amount", Entry)
        if amount.value not in {"", self._filled}:
            return
        self._filled = yuan(self.plan.asked_fen) if self.plan.asked_fen else ""
        amount.value = self._filled
        amount.action_select_all()

    def _show_bills(self) -> None:
        today = self.linli.context.today()
        left_out = self.plan.left_out
        rows = [words.bill_row(one, left_out=one.id in left_out, today=today) for one in self.plan.bills]
        self.query_one(LongList).show(rows, keep=True)

    def _show_plan(self) -> None:
        amount = typed_fen(self.query_one("#amount", Entry).value)
        given = typed_fen(self.query_one("#given", Entry).value)
        method = Method(self.query_one(Choices).chosen)
        self.plan = replace(self.plan, amount=amount, given=given, method=method)
        said = words.plan_mark(self.plan) if self.taken is None else words.taken_mark(self.taken)
        self.query_one("#plan", Line).show(said)
        self.query_one("#change", Line).show(words.change_mark(self.plan))
        self.query_one("#given", Entry).disabled = method is not Method.CASH
        self.refresh_keys()

    def on_input_changed(self) -> None:
        if self.till is not None:
            self._show_plan()

    def on_choices_changed(self) -> None:
        self._show_plan()

    def on_long_list_highlighted(self, event: LongList.Highlighted) -> None:
        bill = next((one for one in self.plan.bills if str(one.id) == event.row_id), None)
        self.query_one("#how", Line).show("" if bill is None else words.why_text(bill))

    def on_long_list_emptied(self) -> None:
        self.query_one("#how", Line).show("")

    # -- from field to field

    def on_input_submitted(self, event: Entry.Submitted) -> None:
        """Go on to the next; whoever is through stands on the button."""
        order = ["amount", "given", "payer", "take"]
        following = order[order.index(str(event.input.id)) + 1 :]
        following = [one for one in following if one != "given" or self.plan.method is Method.CASH]
        self.query_one(f"#{following[0]}").focus()

    def on_choices_settled(self) -> None:
        self.query_one("#given" if self.plan.method is Method.CASH else "#payer").focus()

    # -- which bills

    def on_long_list_picked(self, event: LongList.Picked) -> None:
        """Tick a bill, or leave it out; the amount follows as long as nobody has typed another."""
        if self.taken is not None:
            return
        bill_id = UUID(event.row_id)
        if self.ahead is not None:
            if bill_id != self.ahead.bill.id:
                self.flash(t("fee.desk.ahead_all"), Tone.WARN)
                return
            self._put_ahead(None)
            return
        self.plan = replace(self.plan, left_out=self.plan.left_out ^ {bill_id})
        self._fill()
        self._show_bills()
        self._show_plan()

    def do_choose(self) -> None:
        """Go to the bills, or from them back to the amount."""
        bills = self.query_one(LongList)
        if bills.has_focus:
            self.query_one("#amount").focus()
        else:
            bills.focus()
            self.flash(t("fee.desk.choose_hint", key=shown_key(CHOOSE.current_keys[0])))

    def do_method(self) -> None:
        choices = self.query_one(Choices)
        order = [one.value for one in METHODS]
        choices.take(order[(order.index(choices.chosen) + 1) % len(order)])

    # -- taking

    def why_not(self, action_id: str) -> str | None:
        reason = None
        if action_id in {TAKE.id, METHOD.id, CHOOSE.id, AHEAD.id}:
            reason = self._why_shut()
        if reason is None and action_id == TAKE.id:
            reason = self._why_not_take()
        if reason is None and action_id == AHEAD.id and not known(self.till).may_bill:
            reason = t("fee.desk.ahead_roles")
        if reason is None and action_id == CHOOSE.id and not self.plan.bills:
            reason = t("fee.desk.no_bills")
        return reason or super().why_not(action_id)

    def _why_shut(self) -> str | None:
        """Return why nothing can be done here at all."""
        if self._missing:
            return t("fee.desk.gone")
        if self.till is None:
            return t("fee.desk.reading")
        if self.taken is not None:
            return t("fee.desk.taken_already", number=self.taken.number)
        return None if self.till.may else t("fee.desk.only_workers")

    def _why_not_take(self) -> str | None:
        plan = self.plan
        if self._taking:
            return t("fee.desk.taking")
        if plan.amount.fen is None:
            return words.wrong_text(plan.amount) or t("fee.desk.type_amount")
        if plan.method is Method.CASH and plan.given.wrong:
            return words.wrong_text(plan.given)
        if self.ahead is not None and plan.amount.fen < plan.asked_fen:
            return t("fee.desk.ahead_whole", sum=sum_text(plan.asked_fen))
        change = plan.change_fen
        return t("fee.desk.too_little", sum=sum_text(-change)) if change is not None and change < 0 else None

    async def on_button_pressed(self) -> None:
        await self.action_act(TAKE.id)

    def do_take(self) -> None:
        plan = self.plan
        if plan.is_odd:
            self.confirm(
                t(
                    "fee.desk.odd",
                    sum=sum_text(plan.amount.fen or 0),
                    owed=sum_text(plan.asked_fen),
                    rest=sum_text(plan.allocation.rest_fen),
                ),
                verb=t("fee.desk.odd_verb", sum=sum_text(plan.amount.fen or 0)),
                safe_verb=t("fee.desk.odd_not"),
                then=self._take,
            )
        else:
            self._take()

    def _take(self) -> None:
        """Record the payment. A bill for months ahead goes before it, in one group with it."""
        if self._taking or self.taken is not None:
            return
        self._taking = True
        plan, till = self.plan, known(self.till)
        payment = {
            "id": self._payment_id,
            "receipt": self._receipt_id,
            "household": str(self.household_id),
            "fen": plan.amount.fen,
            "method": plan.method.value,
            "chosen": chosen_payload(plan.chosen),
            "payer": self.query_one("#payer", Entry).value.strip()[:LONGEST_NAME],
        }
        before = [] if self.ahead is None else self.ahead.intents
        intents = [*before, Intent("payment.record", payment)]
        given = plan.given.fen if plan.change_fen is not None else None

        def failed(_error: Exception) -> None:
            self._taking = False
            self.refresh_keys()

        def taken(outcome: Outcome) -> None:
            self._taking = False
            if outcome.refused is not None:
                self.flash(refusal_text(outcome.refused), Tone.BAD)
                return
            self._show_taken(store.taken_of(outcome, till.account.code, given))

        self.refresh_keys()
        self.tell(partial(store.take, intents=intents), taken, failed=failed)

    def _show_taken(self, taken: Taken) -> None:
        from tui.screens.fees.collect_taken import TakenReceipt

        self.taken = taken
        self.flash(t("fee.desk.taken", number=taken.number, sum=sum_text(taken.fen)), Tone.GOOD)
        self.reread()
        self.app.push_screen(TakenReceipt(taken), self._next)

    def _next(self, stay: bool | None) -> None:  # noqa: FBT001 - a modal's result
        if not stay:
            self.dismiss()

    # -- months ahead

    def do_ahead(self) -> None:
        self.ask(partial(offers, household_id=self.household_id), self._offer_ahead, latest="ahead")

    def _offer_ahead(self, found: Sequence[Ahead]) -> None:
        if not found:
            self.flash(t("fee.desk.no_ahead"), Tone.WARN)
            return
        title = t("fee.desk.ahead_title", door=known(self.till).account.code)
        self.choose(title, options_of(found), lambda chosen: self._put_ahead(found[int(chosen)]))

    def _put_ahead(self, ahead: Ahead | None) -> None:
        """Put months ahead beside what is owed, which is paid with them; or take them away again."""
        self.ahead = ahead
        bills = known(self.till).account.bills
        bills = bills if ahead is None else (*bills, ahead.bill)
        self.plan = replace(self.plan, bills=bills, left_out=frozenset())
        amount = self.query_one("#amount", Entry)
        amount.value = self._filled
        self._fill()
        amount.focus()
        self._show_bills()
        self._show_plan()
