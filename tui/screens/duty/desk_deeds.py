"""What can be done at the desk beside checking in: a check-in made up, an absence, another who came, going, taking over."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import ClassVar
from uuid import UUID

from models.operations.envelope import Intent
from models.operations.perform import Outcome
from tui import edge
from tui.actions import Action, action
from tui.desk import Desk
from tui.i18n import t
from tui.screens.asking import known
from tui.screens.changing import UNDO, Changing, Values
from tui.screens.duty import desk_fields as f
from tui.screens.duty import desk_store as store
from tui.screens.duty.desk_replacing import Asked, asked_in, carry_out, replacing, take_back
from tui.screens.duty.desk_rows import DeskRow, Sort, todays
from tui.screens.duty.desk_store import Morning
from tui.screens.picking import pick_person
from tui.widgets.picker import Option
from tui.widgets.text import Tone

MAKE_UP = action("duty_desk.make_up", "f2", footer=False)
ABSENT = action("duty_desk.absent", "f3", footer=False)
REPLACE = action("duty_desk.replace", "f4", footer=False)
LEAVE = action("duty_desk.leave", "f5", footer=False)
CONFIRM = action("duty_desk.confirm", "f6", footer=False)
LOG = action("duty_desk.log", "f7", footer=False)
SHEET = action("duty_desk.sheet", "0", footer=False)
_DEEDS = (MAKE_UP, ABSENT, REPLACE, LEAVE, CONFIRM, LOG, SHEET, UNDO)


class DeskDeeds(Changing):
    """The deeds of whoever is highlighted. A subclass shows the day in `morning`, and says which `row` that is."""

    DEEDS: ClassVar[tuple[Action, ...]] = _DEEDS
    ACTIONS: ClassVar[tuple[Action, ...]] = _DEEDS[:-1]

    def __init__(self) -> None:
        super().__init__()
        self.morning: Morning | None = None
        #: Who acted before somebody checked in, by the group that did it; so does undoing it know.
        self.before: dict[UUID, UUID | None] = {}
        self.asked: dict[UUID, tuple[Asked, ...]] = {}
        #: The change that the status line has told of.
        self.told: UUID | None = None

    @property
    def row(self) -> DeskRow | None:
        """The highlighted row."""
        raise NotImplementedError

    @property
    def leaver(self) -> DeskRow | None:
        """Who goes: whoever is highlighted, if they are on duty, else whoever acts."""
        row, morning = self.row, self.morning
        if row is not None and row.there:
            return row
        if morning is None or morning.me is None:
            return None
        return next((one for one in todays(morning) if one.there and one.person_id == morning.me), None)

    def clear_typed(self) -> None:
        """Empty the line that names are typed into."""
        raise NotImplementedError

    def why_not(self, action_id: str) -> str | None:
        if action_id in {one.id for one in _DEEDS} and self.morning is None:
            return t("list.reading")
        return self._lacks(action_id, self.row) or super().why_not(action_id)

    def _lacks(self, action_id: str, row: DeskRow | None) -> str | None:
        if action_id == MAKE_UP.id and (row is None or row.sort is Sort.CAME or not _may_have_come(row)):
            return t("duty_desk.make_up_whom")
        if action_id in {ABSENT.id, REPLACE.id} and (row is None or not _may_be_absent(row)):
            return t("duty_desk.choose_awaited")
        if action_id == LEAVE.id and self.leaver is None:
            return t("duty_desk.choose_there")
        if action_id == CONFIRM.id and self.morning is not None and not self.morning.waiting:
            return t("duty_desk.none_waiting")
        return None

    def undoing(self, group_id: UUID) -> Callable[[Desk], Outcome]:
        if group_id in self.before:
            return partial(store.take_back, group_id=group_id, before=self.before[group_id])
        if group_id in self.asked:
            return partial(take_back, group_id=group_id, asked=self.asked[group_id])
        return super().undoing(group_id)

    # -- what was forgotten, who did not come

    def do_make_up(self) -> None:
        self.ask(store.everybody, partial(self._make_up, known(self.row)))

    def _make_up(self, row: DeskRow, people: tuple[Option, ...]) -> None:
        morning = known(self.morning)
        fields = f.make_up_fields(row, morning, people)

        def plan(values: Values) -> list[Intent]:
            return [f.made_up(values, row, morning)]

        def said(values: Values) -> str:
            return t("duty_desk.made_up_for", person=row.name, time=str(values["came"]))

        key = row.who.id if row.who is not None else row.person_id or row.name
        self.fill_in(
            t("duty_desk.title.make_up", person=row.name),
            fields,
            plan,
            said,
            draft=f"duty-made-up:{key}",
            refuse=lambda values: f.wrong_times(values, row, morning, now=edge.clock()),
            then=self._clear,
        )

    def _clear(self, outcome: Outcome) -> None:
        self.told = outcome.group_id
        self.clear_typed()

    def do_absent(self) -> None:
        row = known(self.row)
        who = known(row.who)
        self.fill_in(
            t("duty_desk.title.absent", person=row.name),
            f.absence_fields(who),
            lambda values: f.absent(values, who),
            lambda values: t(f"duty_desk.said.{values['absence']}", person=row.name),
            draft=f"duty-absent:{who.id}",
            refuse=f.lacks_reason,
        )

    def do_replace(self) -> None:
        row = known(self.row)
        title = t("duty_desk.title.replace", person=row.name)
        self._show_modal(pick_person(title, without=str(row.person_id)), partial(self._replace, row))

    def _replace(self, row: DeskRow, chosen: str) -> None:
        if chosen == str(row.person_id):
            self.flash(t("duty_desk.same_person"), Tone.WARN)
            return
        shift = known(row.shift)
        intents = replacing(known(row.who), chosen, t("duty_desk.replaced_words"), new_id=edge.new_id)
        if edge.clock() < shift.ends_at:
            came = {"id": str(edge.new_id()), "shift": str(shift.id), "person": chosen}
            intents.append(Intent("duty.check_in", came, doer_id=UUID(chosen)))

        def made(outcome: Outcome) -> None:
            self.asked[outcome.group_id] = asked_in(intents)
            if self.note_change(outcome, t("duty_desk.replaced", person=row.name)):
                self._clear(outcome)

        self.tell(partial(carry_out, intents=intents), made)

    # -- going, taking over, the book

    def do_leave(self) -> None:
        row = known(self.leaver)
        checkin = known(row.checkin_id)
        if row.person_id is None:
            self.change(
                [Intent("duty.check_out", {"checkin": str(checkin)})],
                t("duty_desk.checked_out", person=row.name),
            )
            return
        from tui.screens.duty.handover import HandOverPage

        self.app.push_screen(HandOverPage(checkin, self.ledger))

    def do_confirm(self) -> None:
        waiting = known(self.morning).waiting
        if len(waiting) > 1:
            self.linli.enter("handovers")
            return
        from tui.screens.duty.handover_card import HandOverCard

        self.app.push_screen(HandOverCard(waiting[0].id, self.ledger))

    def do_sheet(self) -> None:
        self.linli.enter("back_entry")

    def do_log(self) -> None:
        self.linli.enter("log_book")


def _may_have_come(row: DeskRow) -> bool:
    return row.who is None or row.who.came_at is None


def _may_be_absent(row: DeskRow) -> bool:
    return row.who is not None and row.who.came_at is None
