"""A payment's card: where each fen went, its receipts, and what two people can do about it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import ClassVar

from models.fees.queries_desk_payments import PaymentStory
from models.fees.rules import Method
from models.operations.envelope import Intent
from models.operations.fields import LONGEST_NOTE
from models.operations.perform import Outcome
from tui import edge
from tui.actions import Action, action
from tui.fee_words import method_word, sum_text
from tui.i18n import t
from tui.screens.asking import known
from tui.screens.card import CardPage
from tui.screens.changing import UNDO, Values
from tui.screens.fees import payment_store as store
from tui.screens.fees.collect_plan import typed_fen
from tui.screens.fees.collect_words import wrong_text
from tui.screens.fees.payment_words import facts_of, went_columns, went_rows
from tui.screens.fees.payments import why_not_decide
from tui.screens.picking import pick_household
from tui.widgets.bars import KeyView
from tui.widgets.fields import ChoiceField, Field, TextField, Value
from tui.widgets.rows import Column
from tui.widgets.text import Tone
from tui.words import refusal_text

OPEN = action("payment.open", "enter")
PRINT = action("payment.print", "1", footer=False)
TEXT = action("payment.text", "2", footer=False)
REVERSE = action("payment.ask_reversal", "3", footer=False)
AGREE = action("payment.agree", "4", footer=False)
DECLINE = action("payment.decline", "5", footer=False)
REFUND = action("payment.ask_refund", "6", footer=False)
PLACE = action("payment.place", "7", footer=False)
WRITE = action("payment.write_receipt", "8", footer=False)
DOOR = action("payment.door", "9", footer=False)


class PaymentPage(CardPage):
    """One payment. Nothing here is undone: a payment is taken back by two people."""

    ROOM: ClassVar[str] = "payment"
    OPEN: ClassVar[Action] = OPEN
    DEEDS: ClassVar[tuple[Action, ...]] = (
        PRINT, TEXT, REVERSE, AGREE, DECLINE, REFUND, PLACE, WRITE, DOOR,
    )  # fmt: skip
    ACTIONS: ClassVar[tuple[Action, ...]] = (OPEN, *DEEDS)
    _card: store.Card | None = None
    _gone = False

    @property
    def story(self) -> PaymentStory:
        """What is shown; actions wait until it is read."""
        return known(self._card).story

    @property
    def heading(self) -> str:
        if self._card is None:
            return super().heading
        payment = self.story.payment
        return t("payments.heading", door=payment.door or "—", sum=sum_text(payment.amount_fen))

    def tie_columns(self) -> Sequence[Column]:
        return went_columns()

    def no_ties(self) -> str:
        return t("payments.went_nowhere")

    def reread(self) -> None:
        self.read(partial(store.card, payment_id=self.row_id), self._show, latest="payment")

    def _show(self, card: store.Card | None) -> None:
        self._gone = card is None
        if card is None:
            self.flash(t("payments.gone"), Tone.WARN)
            return
        self._card = card
        self.show_card(facts_of(card.story, card.zone), went_rows(card.story))

    # -- keys

    def key_views(self) -> tuple[KeyView, ...]:
        return tuple(view for view in super().key_views() if view.action_id != UNDO.id)

    def why_not(self, action_id: str) -> str | None:
        if action_id == UNDO.id:
            return t("payments.no_undo")
        if not action_id.startswith("payment."):
            return super().why_not(action_id)
        if self._card is None:
            return t("payments.gone") if self._gone else t("fee.desk.reading")
        return self._why_not(action_id, self._card) or super().why_not(action_id)

    def _why_not(self, action_id: str, card: store.Card) -> str | None:
        story, power = card.story, card.power
        payment, holding = story.payment, [one for one in story.receipts if not one.voided]
        needs_hands = {REVERSE.id, REFUND.id, PLACE.id, WRITE.id, PRINT.id}
        because = {
            OPEN.id: None if payment.household_id else t("payments.no_door"),
            DOOR.id: None if payment.household_id else t("payments.no_door"),
            PRINT.id: None if story.receipts else t("payments.no_receipt"),
            TEXT.id: None if story.receipts else t("payments.no_receipt"),
            REVERSE.id: t("payments.asked_already") if story.asked else None,
            REFUND.id: None if story.credit_fen else t("payments.no_credit"),
            PLACE.id: t("payments.has_door", door=payment.door) if payment.household_id else None,
            WRITE.id: t("payments.has_receipt", number=holding[0].number) if holding else None,
        }
        if action_id in {AGREE.id, DECLINE.id}:
            if story.asked is None:
                return t("payments.nothing_asked")
            if action_id == AGREE.id:
                return why_not_decide(story.asked, power)
            return None if power.decides else t("payments.only_seconds")
        if action_id in needs_hands and not power.works:
            return t("fee.desk.only_workers")
        if payment.reversed_on is not None and action_id in {REVERSE.id, PLACE.id, WRITE.id}:
            return t("payments.is_reversed")
        return because.get(action_id)

    # -- changes: no ledger, since nothing of money is undone by a key

    def note_change(self, outcome: Outcome, said: str) -> bool:
        if outcome.refused is not None:
            self.flash(refusal_text(outcome.refused), Tone.BAD)
            return False
        self.flash(said, Tone.GOOD)
        self.reread()
        return True

    def do_ask_reversal(self) -> None:
        request = str(edge.new_id())

        def plan(values: Values) -> Sequence[Intent]:
            payload = {"id": request, "payment": str(self.row_id), "reason": str(values["reason"])}
            return [Intent("payment.ask_reversal", payload)]

        self.fill_in(
            t("payments.reversal_title", sum=sum_text(self.story.payment.amount_fen)),
            [_reason(t("payments.reversal_hint"))],
            plan,
            lambda _values: t("payments.reversal_asked"),
            draft=f"reversal:{self.row_id}",
            save=t("action.payment.ask_reversal"),
        )

    def do_agree(self) -> None:
        asked = known(self.story.asked)
        payment = self.story.payment
        self.confirm(
            t(
                "payments.agree_question",
                sum=sum_text(payment.amount_fen),
                door=payment.door,
                reason=asked.reason[:200],
            ),
            verb=t("payments.agree_verb"),
            safe_verb=t("payments.agree_not"),
            then=lambda: self.change(
                [Intent("payment.reverse", {"reversal": str(asked.id)})], t("payments.agreed")
            ),
        )

    def do_decline(self) -> None:
        asked = known(self.story.asked)
        self.change([Intent("payment.keep", {"reversal": str(asked.id)})], t("payments.declined"))

    def do_ask_refund(self) -> None:
        story, request = self.story, str(edge.new_id())

        def enough(value: Value) -> str | None:
            typed = typed_fen(str(value))
            if typed.fen is None:
                return wrong_text(typed)
            credit = sum_text(story.credit_fen)
            return t("payments.over_credit", sum=credit) if typed.fen > story.credit_fen else None

        def plan(values: Values) -> Sequence[Intent]:
            payload = {
                "id": request,
                "household": str(story.payment.household_id),
                "fen": typed_fen(str(values["sum"])).fen,
                "method": str(values["method"]),
                "reason": str(values["reason"]),
            }
            return [Intent("payment.ask_refund", payload)]

        ways = tuple((one.value, method_word(one)) for one in Method if one is not Method.OPENING)
        self.fill_in(
            t("payments.refund_form", door=story.payment.door, sum=sum_text(story.credit_fen)),
            [
                TextField(
                    "sum",
                    t("payments.refund_sum"),
                    value=sum_text(story.credit_fen),
                    required=True,
                    check=enough,
                ),
                ChoiceField(
                    "method", t("payments.method"), value=Method.CASH.value, options=ways, required=True
                ),
                _reason(t("payments.refund_hint")),
            ],
            plan,
            lambda _values: t("payments.refund_asked"),
            draft=f"refund:{self.row_id}",
            save=t("action.payment.ask_refund"),
        )

    def do_place(self) -> None:
        def place(household_id: str) -> None:
            payload = {"payment": str(self.row_id), "household": household_id}
            self.change([Intent("payment.place", payload)], t("payments.placed"))

        self._show_modal(pick_household(t("payments.place_title")), place)

    # -- receipts

    def do_write_receipt(self) -> None:
        payload = {"payment": str(self.row_id), "receipt": str(edge.new_id())}

        def done(outcome: Outcome) -> None:
            number = outcome.operations[0].payload.get("receipt_no", "") if outcome.operations else ""
            self.note_change(outcome, t("payments.receipt_written", number=number))

        self.tell(lambda desk: desk.perform(Intent("payment.write_receipt", payload)), done)

    def do_print(self) -> None:
        from tui.fee_papers import print_receipts

        print_receipts(self, [self.story.receipts[0].id], self.reread)

    def do_text(self) -> None:
        from tui.fee_papers import offer_receipt

        receipt = self.story.receipts[0]
        offer_receipt(self, receipt.id, receipt.number)

    # -- elsewhere

    def do_door(self) -> None:
        self.linli.enter("collect", household_id=self.story.payment.household_id)

    def do_open(self) -> None:
        """Open the bills of the door."""
        self.linli.enter("bills", household_id=self.story.payment.household_id)


def _reason(hint: str) -> Field:
    return TextField("reason", t("payments.reason"), required=True, longest=LONGEST_NOTE, hint=hint)
