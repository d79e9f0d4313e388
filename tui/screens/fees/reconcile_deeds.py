"""What can be done with rows of bills: taken as proposed, as another door's, as a payment there is, or set aside.

A payment is no decision that undo takes back: who takes a row is asked before. Matching and setting aside are undone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from threading import Event
from typing import ClassVar
from uuid import UUID

from textual.message import Message

from models.fees.carrying import Carried, carry_out, one_by_one
from models.fees.queries import PaymentLine
from models.fees.queries_rows import RowLine, Shelf, payments_near
from models.fees.reconciling import Proposed, elsewhere
from models.fees.reconciling_taking import matching, setting_aside, taking, taking_all, taking_up
from models.operations.envelope import Intent
from models.operations.perform import Outcome
from tui.actions import Action, action
from tui.desk import Desk
from tui.fee_row_words import sum_of
from tui.fee_words import method_word, sum_text
from tui.i18n import t
from tui.screens.changing import Changing, Ledger
from tui.screens.fees.reconcile_rows import Held, Waiting, when_text
from tui.screens.picking import pick_household
from tui.widgets.fields import TextField
from tui.widgets.picker import Option
from tui.widgets.text import Line, Mark, Tone
from tui.words import refusal_text

ACCEPT = action("reconcile.accept", "1", footer=False)
OTHER_DOOR = action("reconcile.other_door", "2", footer=False)
SAME_PAYMENT = action("reconcile.same_payment", "3", footer=False)
SUSPENSE = action("reconcile.suspense", "4", footer=False)
ASIDE = action("reconcile.aside", "5", "delete", footer=False)
TAKE_UP = action("reconcile.take_up", "6", footer=False)
ALL = action("reconcile.all", "f6")
_WAITING = frozenset({ACCEPT.id, OTHER_DOOR.id, SAME_PAYMENT.id, SUSPENSE.id, ASIDE.id})
#: Rows that are taken together in one transaction: a power cut, or Esc, costs no more.
_AT_ONCE = 50


class RowDeeds(Changing):
    """The deeds of the room of rows."""

    ACTIONS: ClassVar[tuple[Action, ...]] = ()
    waiting: Waiting
    view: str

    @dataclass
    class Progress(Message):
        """Groups taken so far, of how many. Posted from the worker."""

        done: int
        total: int

    def __init__(self, ledger: Ledger | None = None) -> None:
        super().__init__(ledger)
        self.running = False
        self._stop = Event()
        #: What takes a change back that undo itself cannot: by its group.
        self._back: dict[UUID, Intent] = {}

    @property
    def seen(self) -> Held | None:
        """What waits, None while it is worked out."""
        return self.waiting.held

    @property
    def front(self) -> Proposed | RowLine | None:
        """The highlighted row."""
        raise NotImplementedError

    # What cannot be done, and why

    def why_not(self, action_id: str) -> str | None:
        if action_id in _WAITING or action_id in {TAKE_UP.id, ALL.id}:
            if self.seen is None or self.running:
                return t("register.reading")
            if not self.seen.may:
                return t("reconcile.workers_only")
            return self._why_not_row(action_id, self.seen)
        return super().why_not(action_id)

    def _why_not_row(self, action_id: str, held: Held) -> str | None:
        one = self.front
        taken_up, waits = action_id == TAKE_UP.id, isinstance(one, Proposed)
        reasons = (
            (action_id == ALL.id, "" if held.sure else t("reconcile.none_sure")),
            (one is None, t("reconcile.nothing_in_front")),
            (self.view == Shelf.OTHER, t("reconcile.never_payment")),
            (taken_up and waits, t("reconcile.waits_already")),
            (taken_up and isinstance(one, RowLine) and one.made, t("reconcile.made_of_row")),
            (not taken_up and not waits, t("reconcile.only_waiting")),
            (
                action_id == ACCEPT.id and isinstance(one, Proposed) and not one.is_settled,
                t("reconcile.not_proposed"),
            ),
        )
        return next((why for applies, why in reasons if applies), None) or None

    # One row

    def do_accept(self) -> None:
        """Take a row as it is proposed."""
        one = self.front
        if not isinstance(one, Proposed):
            return
        if one.proposal.payment_id is not None:
            self._match(one, one.proposal.payment_id, one.code)
        else:
            self._take(one)

    def _take(self, one: Proposed) -> None:
        payer, sum_ = one.row.party or t("reconcile.someone"), sum_text(one.row.fen)
        if one.proposal.household_id is None:
            question, said = "reconcile.take_suspense", t("reconcile.suspended_now", sum=sum_)
        else:
            question, said = "reconcile.take_one", t("reconcile.taken", door=one.code, sum=sum_)
        words = {"payer": payer, "sum": sum_}
        if one.proposal.household_id is not None:
            words["door"] = one.code

        def take() -> None:
            self.tell(lambda desk: desk.perform(taking(one)), partial(self._taken, said))

        self.confirm(t(question, **words), verb=t("reconcile.take_verb"), then=take)

    def _taken(self, said: str, outcome: Outcome) -> None:
        """Say what became of a payment; it is not for undo to take it back."""
        if outcome.refused is not None:
            self.flash(refusal_text(outcome.refused), Tone.BAD)
        else:
            self.flash(said, Tone.GOOD)
        self.reread()

    def do_other_door(self) -> None:
        one, held = self.front, self.seen
        if not isinstance(one, Proposed) or held is None:
            return

        def chosen(household_id: str) -> None:
            self._take(elsewhere(held.beneath, one, UUID(household_id)))

        self._show_modal(pick_household(t("reconcile.which_door")), chosen)

    def do_suspense(self) -> None:
        one, held = self.front, self.seen
        if isinstance(one, Proposed) and held is not None:
            self._take(elsewhere(held.beneath, one, None))

    def do_same_payment(self) -> None:
        one = self.front
        if not isinstance(one, Proposed):
            return

        def near(desk: Desk) -> tuple[PaymentLine, ...]:
            with desk.store.read() as session:
                return payments_near(session, desk.seat.compound_id, one.row.fen, one.row.at)

        self.ask(near, partial(self._choose_payment, one))

    def _choose_payment(self, one: Proposed, found: Sequence[PaymentLine]) -> None:
        if not found:
            self.flash(t("reconcile.no_payments_near"), Tone.WARN)
            return
        doors = {str(line.id): line.door or t("reconcile.suspended") for line in found}
        options = [
            Option(
                str(line.id),
                f"{doors[str(line.id)]}  {sum_text(line.amount_fen)}",
                "  ".join(
                    part
                    for part in (
                        when_text(line.paid_at),
                        method_word(line.method),
                        line.payer,
                        line.collector,
                        line.number,
                    )
                    if part
                ),
            )
            for line in found
        ]
        self.choose(
            t("reconcile.which_payment"),
            options,
            lambda chosen: self._match(one, UUID(chosen), doors[chosen]),
            current=None if one.proposal.payment_id is None else str(one.proposal.payment_id),
        )

    def _match(self, one: Proposed, payment_id: UUID, door: str) -> None:
        said = t("reconcile.matched", door=door, sum=sum_text(one.row.fen))
        self._decide(matching(one.id, payment_id), said, back=taking_up(one.id))

    def do_aside(self) -> None:
        one = self.front
        if not isinstance(one, Proposed):
            return
        said = t("reconcile.set_aside", sum=sum_text(one.row.fen))
        self.fill_in(
            t("reconcile.why_aside"),
            [TextField(id="reason", label=t("reconcile.reason"), required=True, longest=500)],
            lambda values: [setting_aside(one.id, str(values["reason"]))],
            lambda _values: said,
            draft=f"aside:{one.id}",
            save=ASIDE.label,
            then=partial(self._keep_back, taking_up(one.id)),
        )

    def do_take_up(self) -> None:
        one = self.front
        if not isinstance(one, RowLine):
            return
        back = (
            setting_aside(one.id, one.words) if one.payment_id is None else matching(one.id, one.payment_id)
        )
        self._decide(taking_up(one.id), t("reconcile.taken_up"), back=back)

    # Undo

    def _decide(self, intent: Intent, said: str, *, back: Intent) -> None:
        self.change([intent], said, partial(self._keep_back, back))

    def _keep_back(self, back: Intent, outcome: Outcome) -> None:
        if outcome.refused is None:
            self._back[outcome.group_id] = back

    def undoing(self, group_id: UUID) -> Callable[[Desk], Outcome]:
        back = self._back.get(group_id)
        return super().undoing(group_id) if back is None else lambda desk: desk.perform(back)

    # All that are sure

    def do_all(self) -> None:
        held = self.seen
        if held is None:
            return
        sure = held.sure

        def take() -> None:
            self._run(taking_all(sure))

        question = t("reconcile.take_all", n=len(sure), sum=sum_of(one.row for one in sure))
        if known := sum(one.proposal.payment_id is not None for one in sure):
            question = t("reconcile.known_among", question=question, n=known)
        self.confirm(question, verb=t("reconcile.take_verb"), then=take)

    def _run(self, intents: Sequence[Intent]) -> None:
        self.running = True
        self._stop.clear()
        groups = one_by_one(intents, size=_AT_ONCE)

        def run(desk: Desk) -> Carried:
            return carry_out(desk.store, groups, desk.acting(), self._heard)

        self.tell(run, self._ran, failed=self._failed)
        self.refresh_keys()

    def _heard(self, done: int, total: int) -> bool:
        # In the worker: a message crosses over to the screen.
        self.post_message(self.Progress(done, total))
        return not self._stop.is_set()

    def on_row_deeds_progress(self, event: Progress) -> None:
        if self.running:
            percent = event.done * 100 // max(1, event.total)
            said = Mark("◐", t("reconcile.taking", percent=percent), Tone.INFO)
            self.query_one("#told", Line).show(said)

    def _failed(self, _error: Exception) -> None:
        self.running = False
        self.reread()

    def _ran(self, carried: Carried) -> None:
        self.running = False
        if carried.refused is not None or carried.stopped:
            why = t("reconcile.stopped") if carried.refused is None else refusal_text(carried.refused)
            self.flash(t("reconcile.taken_some", n=carried.rows, of=carried.of, why=why), Tone.WARN)
        else:
            self.flash(t("reconcile.taken_all", n=carried.rows), Tone.GOOD)
        self.reread()

    def do_back(self) -> None:
        """Leave; while rows are taken, stop after those that are on their way."""
        if self.running and not self._stop.is_set():
            self._stop.set()
            self.flash(t("fee_import.stopping"))
            return
        super().do_back()
