"""Type a paper sheet back in: Enter beside each name that came as planned, a digit for everything else, F2 keeps all of it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import ClassVar
from uuid import UUID

from models.operations.envelope import Intent
from models.operations.fields import LONGEST_NAME
from models.operations.perform import MOST_IN_A_GROUP, Outcome
from tui import actions, edge
from tui.actions import Action, action
from tui.desk import Desk
from tui.i18n import t
from tui.screens.asking import known
from tui.screens.duty import back_entry_rows as r
from tui.screens.duty import back_entry_store as store
from tui.screens.duty.back_entry_sheet import SheetPage
from tui.screens.duty.back_entry_state import (
    How,
    Said,
    SheetLine,
    extra_key,
    intents_of,
    read_times,
    with_times,
)
from tui.screens.duty.desk_replacing import Asked, asked_in, carry_out, take_back
from tui.screens.picking import NEW_PERSON, pick_person
from tui.widgets.bars import KeyView
from tui.widgets.text import Tone
from tui.words import refusal_text

CAME = action("back_entry.came", "enter")
TIMES = action("back_entry.times", "1", footer=False)
NO_SHOW = action("back_entry.no_show", "2", footer=False)
EXCUSED = action("back_entry.excused", "3", footer=False)
ANOTHER = action("back_entry.another", "4", footer=False)
EXTRA = action("back_entry.extra", "5", footer=False)
UNSAY = action("back_entry.unsay", "0", footer=False)
WEEK = action("back_entry.week", "f3", footer=False)
POST = action("back_entry.post", "f5", footer=False)
DAY = action("back_entry.day", "f6", footer=False)
BEFORE = action("back_entry.before", "left", "[", footer=False)
NEXT = action("back_entry.next", "right", "]", footer=False)
_DEEDS = (TIMES, NO_SHOW, EXCUSED, ANOTHER, EXTRA, UNSAY, WEEK, POST, DAY)
_OF_A_LINE = frozenset(one.id for one in (CAME, TIMES, NO_SHOW, EXCUSED, ANOTHER, UNSAY))
_OF_THE_ROSTER = frozenset(one.id for one in (NO_SHOW, EXCUSED, ANOTHER))
_OF_WHO_CAME = frozenset(one.id for one in (CAME, TIMES, ANOTHER, EXTRA))
_TURNING = frozenset(one.id for one in (WEEK, POST, DAY, BEFORE, NEXT))


class BackEntry(SheetPage):
    """The shifts of a day or a week, row by row, as they stand on the printed sheet."""

    ROOM: ClassVar[str] = "back_entry"
    DEEDS: ClassVar[tuple[Action, ...]] = _DEEDS
    ACTIONS: ClassVar[tuple[Action, ...]] = (CAME, actions.SAVE, *_DEEDS, BEFORE, NEXT)

    # -- what can be done

    def why_not(self, action_id: str) -> str | None:
        if self.sheet is None and action_id in {one.id for one in self.ACTIONS}:
            return t("list.reading")
        if action_id in _OF_A_LINE | {EXTRA.id}:
            return self._line_lacks(action_id, self.line)
        if action_id in _TURNING and self.marks:
            return t("back_entry.save_first")
        if action_id == actions.SAVE.id and not self.marks:
            return t("back_entry.nothing_to_save")
        return super().why_not(action_id)

    def _line_lacks(self, action_id: str, line: SheetLine | None) -> str | None:
        if line is None:
            return t("back_entry.choose_line")
        lacks = {
            "back_entry.recorded_already": action_id in _OF_A_LINE and line.recorded,
            "back_entry.not_on_it": action_id in _OF_THE_ROSTER and line.who is None,
            "back_entry.came_already": action_id in _OF_THE_ROSTER and line.came,
            "back_entry.to_come": action_id in _OF_WHO_CAME and self._is_to_come(line),
            "back_entry.nothing_said": action_id == UNSAY.id and line.key not in self.marks,
        }
        return next((t(key) for key, lacking in lacks.items() if lacking), None)

    def _is_to_come(self, line: SheetLine) -> bool:
        return line.shift.starts_at > known(self.sheet).now

    def key_views(self) -> tuple[KeyView, ...]:
        return tuple(view for view in super().key_views() if not view.action_id.endswith(".undo"))

    async def on_long_list_picked(self) -> None:
        await self.action_act(CAME.id)

    # -- what stands on the sheet

    def _mark(self, key: str, said: Said | None) -> None:
        """Note what is said of a line, and go on to the next of which nothing is."""
        if said is None:
            self.marks.pop(key, None)
        else:
            self.marks[key] = said
        self.draw()
        self.keep_soon()
        if said is not None:
            here = next((at for at, line in enumerate(self.lines) if line.key == key), 0)
            self.step(here)

    def do_came(self) -> None:
        line = known(self.line)
        before = self.marks.get(line.key)
        stays = before is not None and before.how in {How.EXTRA, How.ANOTHER}
        self._mark(line.key, before if stays else Said(How.CAME))

    def do_times(self) -> None:
        line = known(self.line)

        def typed(text: str) -> str | None:
            times = read_times(text)
            if times is None:
                return t("back_entry.not_times")
            self._mark(line.key, with_times(self.marks.get(line.key), *times))
            return None

        self.prompt(t("back_entry.ask_times", person=self._who(line)), typed)

    def do_no_show(self) -> None:
        self._mark(known(self.line).key, Said(How.NO_SHOW))

    def do_excused(self) -> None:
        line = known(self.line)

        def typed(text: str) -> str | None:
            if not text:
                return t("duty_desk.reason_needed")
            self._mark(line.key, Said(How.EXCUSED, words=text[:LONGEST_NAME]))
            return None

        self.prompt(t("back_entry.ask_reason", person=self._who(line)), typed)

    def do_another(self) -> None:
        line = known(self.line)
        without = "" if line.who is None else str(line.who.person_id)
        title = t("duty_desk.title.replace", person=self._who(line))
        self._show_modal(pick_person(title, without=without), partial(self._name_other, line))

    def _name_other(self, line: SheetLine, chosen: str) -> None:
        if line.who is not None and chosen == str(line.who.person_id):
            self.flash(t("duty_desk.same_person"), Tone.WARN)
            return
        words = t("back_entry.other_words")
        self._with_name(
            chosen, lambda name: self._mark(line.key, Said(How.ANOTHER, None, None, words, chosen, name))
        )

    def _with_name(self, person: str, then: Callable[[str], object]) -> None:
        self.ask(partial(r.name_of, person_id=UUID(person)), then)

    def do_extra(self) -> None:
        line = known(self.line)
        title = t("back_entry.who_besides", shift=r.shift_words(line.shift))
        self._show_modal(pick_person(title, new=True), partial(self._name_extra, line))

    def _name_extra(self, line: SheetLine, chosen: str) -> None:
        key = extra_key(line.shift, self.marks)
        if not chosen.startswith(NEW_PERSON):
            self._with_name(chosen, lambda name: self._mark(key, Said(How.EXTRA, person=chosen, name=name)))
            return
        name = chosen.removeprefix(NEW_PERSON)
        if name:
            self._mark(key, Said(How.EXTRA, name=name[:LONGEST_NAME]))
            return

        def typed(text: str) -> str | None:
            if not text:
                return t("back_entry.name_needed")
            self._mark(key, Said(How.EXTRA, name=text[:LONGEST_NAME]))
            return None

        self.prompt(t("back_entry.ask_guest"), typed)

    def do_unsay(self) -> None:
        self._mark(known(self.line).key, None)

    def _who(self, line: SheetLine) -> str:
        said = self.marks.get(line.key)
        return line.who.name if line.who is not None else "" if said is None else said.name

    # -- saving

    def do_save(self) -> None:
        sheet = known(self.sheet)
        if self.saving:
            return
        now = edge.clock()
        intents: list[Intent] = []
        for line in self.lines:
            said = self.marks.get(line.key)
            if said is not None:
                intents += intents_of(line, said, sheet.zone, now=now, new_id=edge.new_id)
        if len(intents) > MOST_IN_A_GROUP:
            self.flash(t("back_entry.too_many", n=MOST_IN_A_GROUP), Tone.WARN)
            return
        self.saving = True

        def failed(_error: Exception) -> None:
            self.saving = False

        n = len(self.marks)
        self.tell(
            partial(carry_out, intents=intents, draft=store.DRAFT),
            lambda outcome: self._saved(outcome, n, asked_in(intents)),
            failed=failed,
        )

    def _saved(self, outcome: Outcome, n: int, asked: tuple[Asked, ...]) -> None:
        self.saving = False
        if outcome.refused is not None:
            self.flash(refusal_text(outcome.refused), Tone.BAD)
            return
        self.kept()
        self.asked[outcome.group_id] = asked
        self.marks = {}
        self.note_change(outcome, t("back_entry.saved", n=n))

    def undoing(self, group_id: UUID) -> Callable[[Desk], Outcome]:
        return partial(take_back, group_id=group_id, asked=self.asked.get(group_id, ()))
