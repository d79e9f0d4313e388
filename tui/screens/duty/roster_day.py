"""A day of the roster: its shifts, everybody on them, what they lack, and what can be done about each."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial
from typing import ClassVar, Final
from uuid import UUID

from textual.app import ComposeResult

from models.duty.queries import OnShift, ShiftLine
from models.duty.rules import Presence, ShiftState
from tui.actions import Action, action, shown_key
from tui.duty_words import (
    DRAFT_SIGN,
    GAP_SIGN,
    LOCK_SIGN,
    gap_text,
    needs_text,
    points_text,
    shift_name,
    shift_title,
    span_text,
)
from tui.i18n import t
from tui.screens.asking import known
from tui.screens.duty import roster_deeds as deeds
from tui.screens.duty.roster_deeds import ShiftDeeds
from tui.screens.duty.roster_store import Looked, look
from tui.screens.duty.roster_words import LEAVING_SIGN, MINE_SIGN, clash, day_heading, presence_mark
from tui.screens.points.base import Works
from tui.widgets.bars import KeyView
from tui.widgets.deeds import Deeds
from tui.widgets.long_list import LongList
from tui.widgets.picker import Option
from tui.widgets.rows import Column, RowView
from tui.widgets.text import Line, Mark, Tone

OPEN = action("roster_day.open", "enter")
EARLIER = action("roster_day.earlier", "left", "[")
LATER = action("roster_day.later", "right", "]")
_DAY: Final = timedelta(days=1)
_SHIFT, _PERSON, _GAP = "shift", "person", "gap"


class RosterDay(ShiftDeeds):
    """`shift_id` is the shift that is in front at first."""

    ROOM: ClassVar[str] = "roster_day"
    AUTO_FOCUS = "LongList"
    DEEDS: ClassVar[tuple[Action, ...]] = deeds.DEEDS
    ACTIONS: ClassVar[tuple[Action, ...]] = (OPEN, EARLIER, LATER, *deeds.DEEDS)
    DEFAULT_CSS = """
    RosterDay #what { height: 1; margin-bottom: 1; }
    RosterDay Deeds { margin-top: 1; }
    """

    def __init__(self, day: date, shift_id: UUID | None = None, ledger: Works | None = None) -> None:
        super().__init__(ledger)
        self._day = day
        self._wanted = shift_id
        self._looked: Looked | None = None

    @property
    def heading(self) -> str:
        named = day_heading(self._looked, self._day) if self._looked is not None else f"{self._day:%m-%d}"
        return f"{super().heading} · {named}"

    def body(self) -> ComposeResult:
        yield Line(id="what")
        yield LongList(
            (
                Column(t("roster_day.column.who"), 22, priority=9, grow=True),
                Column(t("roster_day.column.state"), 16, priority=8, grow=True),
                Column(t("roster_day.column.notes"), 16, priority=6, grow=True),
            ),
            empty=t("roster.no_shift"),
            id="shifts",
        )
        yield Deeds()

    def on_screen_resume(self) -> None:
        super().on_screen_resume()
        self.reread()

    def news(self) -> None:
        self.reread()

    def reread(self) -> None:
        self.read(partial(look, days=(self._day,), called_off=True), self._show, latest="day")

    def _show(self, looked: Looked) -> None:
        if looked.days != (self._day,):
            return
        self._looked = looked
        shown = self.query_one(LongList)
        rows = list(_rows(looked))
        shown.show(rows, keep=True)
        if self._wanted is not None:
            ids = [row.id for row in rows]
            wanted, self._wanted = f"{_SHIFT}:{self._wanted}", None
            if wanted in ids:
                shown.move_to(ids.index(wanted))
        self._say()
        self.refresh_frame()

    def _say(self) -> None:
        """Say all there is of the shift in front in a line."""
        line, said = self.line, ""
        if line is not None:
            parts = [shift_name(line), line.place, needs_text(line.needs), line.note]
            parts += [t("roster_day.weighs", n=points_text(line.points))]
            said = " · ".join(part for part in parts if part)
        self.query_one("#what", Line).show(said)

    def on_long_list_highlighted(self) -> None:
        self._say()
        self.refresh_keys()

    def on_long_list_emptied(self) -> None:
        self._say()
        self.refresh_keys()

    # What is in front

    @property
    def looked(self) -> Looked:
        return known(self._looked)

    def _front(self) -> tuple[str, UUID | None, UUID | None]:
        """Return what kind of row is in front, its shift, and somebody's place."""
        row_id = self.query_one(LongList).highlighted if self.is_mounted else None
        kind, shift, place, *_ = [*(row_id or "").split(":"), "", ""]
        return kind, UUID(shift) if shift else None, UUID(place) if place else None

    @property
    def line(self) -> ShiftLine | None:
        return None if self._looked is None else self._looked.line(self._front()[1])

    @property
    def person(self) -> OnShift | None:
        line, place = self.line, self._front()[2]
        return None if line is None else next((one for one in line.people if one.id == place), None)

    # Actions

    def why_not(self, action_id: str) -> str | None:
        if not action_id.startswith("roster_day."):
            return super().why_not(action_id)
        if self._looked is None:
            return t("list.reading")
        if action_id == OPEN.id and self.line is None:
            return t("roster_day.no_shift")
        return self.why_not_deed(action_id) or super().why_not(action_id)

    def key_views(self) -> tuple[KeyView, ...]:
        return tuple(view for view in super().key_views() if view.action_id != "register.undo")

    def deeds_here(self) -> tuple[Action, ...]:
        """Return what whoever looks may do at all: others than those who lead are not shown what is not theirs."""
        if self._looked is None or self._looked.leads:
            return self.DEEDS
        return (deeds.ABSENT, deeds.WHY, deeds.TAKE)

    def deed_views(self) -> tuple[KeyView, ...]:
        line, person = self.line, self.person
        other = {
            deeds.CANCEL.id: "roster_day.restore" if line is not None and line.called_off else "",
            deeds.LOCK.id: "roster_day.unlock" if person is not None and person.locked else "",
        }
        return tuple(
            KeyView(view.action_id, view.key, t(other[view.action_id]), view.reason)
            if other.get(view.action_id)
            else view
            for view in super().deed_views()
        )

    async def on_long_list_picked(self) -> None:
        await self.action_act(OPEN.id)

    def do_open(self) -> None:
        """Fill a gap at once; of anything else offer what can be done with it."""
        line = self.line
        if line is None:
            return
        if self._front()[0] == _GAP and self.looked.leads and not line.called_off:
            self.do_put()
            return
        of_person = (deeds.WHY, deeds.OFF, deeds.LOCK, deeds.ABSENT)
        of_shift = (deeds.PUT, deeds.TAKE, deeds.WHY, deeds.EDIT, deeds.CANCEL)
        offered = self.deeds_here()
        here = [one for one in (of_shift if self.person is None else of_person) if one in offered]
        views = {view.action_id: view for view in self.deed_views()}
        options = [Option(one.id, views[one.id].label, one.help, reason=views[one.id].reason) for one in here]
        person = self.person
        title = shift_title(line) if person is None else f"{person.name} · {shift_title(line)}"
        self.choose(title, options, self._do)

    async def _do(self, action_id: str) -> None:
        await self.action_act(action_id)

    def do_earlier(self) -> None:
        self._go_to(self._day - _DAY)

    def do_later(self) -> None:
        self._go_to(self._day + _DAY)

    def _go_to(self, day: date) -> None:
        self._day = day
        self._looked = None
        self.reread()
        self.refresh_frame()

    def do_why(self) -> None:
        from tui.screens.duty.why import ask_why

        line = self.line
        if line is not None:
            ask_why(self, line, self.person)


def _rows(looked: Looked) -> Iterator[RowView]:
    """Yield a day's shifts, beneath each who is on it and a row for each hand that it lacks."""
    for line in sorted(looked.lines, key=lambda line: line.called_off):
        yield _shift_row(line, looked)
        if line.called_off:
            continue
        for one in line.people:
            yield _person_row(one, line, looked)
        for number in range(line.missing):
            said = Mark(GAP_SIGN, t("roster_day.open_place"), Tone.BAD)
            hint = t("roster_day.fill_it") if looked.leads else t("roster_day.take_it", key=shown_key("9"))
            yield RowView(f"{_GAP}:{line.id}::{number}", (f"   {said}", said, hint))


def _shift_row(line: ShiftLine, looked: Looked) -> RowView:
    title = f"{span_text(line.starts_at, line.ends_at, looked.zone)} {shift_name(line)}"
    count = t("roster_day.count", there=line.staying, hands=line.hands)
    if line.called_off:
        state = Mark("−", t("roster_day.off"), Tone.MUTED)
    elif line.gap:
        state = Mark(GAP_SIGN, f"{count} {gap_text(line)}", Tone.BAD)
    elif line.too_many:
        state = Mark("!", f"{count} {t('roster.too_many', n=line.staying - line.hands)}", Tone.WARN)
    else:
        state = Mark("√", count, Tone.GOOD)
    draft = line.state is ShiftState.DRAFT
    notes = Mark(DRAFT_SIGN, t("duty.state.draft"), Tone.WARN) if draft else line.note
    return RowView(f"{_SHIFT}:{line.id}", (title, state, notes), muted=line.called_off)


def _person_row(one: OnShift, line: ShiftLine, looked: Looked) -> RowView:
    me = one.person_id == looked.me
    name = f"   {MINE_SIGN + ' ' if me else ''}{one.name}"
    notes = [f"{LOCK_SIGN} {t('roster.sign.locked')}"] if one.locked and looked.leads else []
    if one.leaving:
        notes.append(f"{LEAVING_SIGN} {t('roster.sign.leaving')}")
    elif one.state is ShiftState.DRAFT and line.state is ShiftState.PUBLISHED:
        notes.append(f"{DRAFT_SIGN} {t('duty.state.draft')}")
    notes += [one.absence_words] if one.absence_words else []
    other = None if one.leaving else clash(one, line, looked)
    if other is not None:
        return RowView(
            f"{_PERSON}:{line.id}:{one.id}",
            (name, Mark("!", t("roster_day.clash", shift=shift_name(other)), Tone.BAD), " ".join(notes)),
        )
    state = presence_mark(one) if one.presence is not Presence.COMING else ""
    return RowView(f"{_PERSON}:{line.id}:{one.id}", (name, state, " ".join(notes)))
