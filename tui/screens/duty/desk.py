"""The station's morning: who is on today, who is there, who is late; one key or a name checks in."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, ClassVar

from textual import events
from textual.app import ComposeResult
from textual.message import Message

from models.duty.queries import ShiftLine
from models.duty.rules import late_minutes
from models.operations.fields import LONGEST_NAME
from tui import edge
from tui.actions import Action, action, shown_key
from tui.duty_words import late_text, shift_name, span_text
from tui.i18n import t
from tui.screens.asking import known
from tui.screens.changing import UNDO
from tui.screens.duty import desk_rows as r
from tui.screens.duty import desk_store as store
from tui.screens.duty.desk_deeds import MAKE_UP, SHEET, DeskDeeds
from tui.screens.duty.desk_rows import DeskRow, Sort
from tui.screens.duty.desk_store import CheckedIn, Known, Morning
from tui.screens.duty.times import clock_of
from tui.widgets.bars import KeyView
from tui.widgets.deeds import Deeds
from tui.widgets.long_list import LongList
from tui.widgets.picker import Option
from tui.widgets.search import SearchBox
from tui.widgets.text import Line, Tone, joined

PICK = action("duty_desk.pick", "enter")
_DIGITS = "0123456789"
_A_MINUTE = 60.0  # seconds


class DeskSearch(SearchBox):
    """A search line in which a digit before anything else is a key: no name begins with one."""

    @dataclass
    class Numbered(Message):
        """A digit was pressed on the empty line."""

        digit: int

    def on_key(self, event: events.Key) -> None:
        digit = unicodedata.normalize("NFKC", event.character or "")
        if not self.value and digit and digit in _DIGITS:
            event.stop()
            event.prevent_default()
            self.post_message(self.Numbered(int(digit)))


class CheckInDesk(DeskDeeds):
    """Whoever comes presses the digit beside their name, or types it; then this laptop is theirs."""

    ROOM: ClassVar[str] = "duty_desk"
    AUTO_FOCUS = "#who"
    ACTIONS: ClassVar[tuple[Action, ...]] = (PICK,)
    DEFAULT_CSS = """
    CheckInDesk #head { height: 1; margin-bottom: 1; }
    CheckInDesk.-short #head { margin-bottom: 0; }
    CheckInDesk #who { margin-bottom: 1; }
    CheckInDesk.-tall Deeds { margin-top: 1; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._people: tuple[Known, ...] = ()
        self._rows: dict[str, DeskRow] = {}
        self._searching = self._pick_after = self._coming = False

    def body(self) -> ComposeResult:
        yield Line(id="head")
        yield DeskSearch("#desk", hint=t("duty_desk.hint"), id="who")
        listed = LongList(r.columns(), lit=True, id="desk")
        listed.can_focus = False
        yield listed
        yield Deeds()

    # -- what is shown

    def on_mount(self) -> None:
        self.set_interval(_A_MINUTE, self._tick)

    def _tick(self) -> None:
        """Look again while nobody does anything: the laptop lies open all morning, and people grow late."""
        if self.is_current:
            self.reread()

    def on_screen_resume(self) -> None:
        self.reread()
        done = self.ledger.done
        if done and done[-1][0] != self.told:  # done on a page that was left just now
            self.told = done[-1][0]
            self.say_saved(done[-1][1])

    def news(self) -> None:
        self.reread()

    def reread(self) -> None:
        self.read(store.look, self._take, latest="look")

    def _take(self, morning: Morning) -> None:
        first = self.morning is None
        self.morning = morning
        marks = [part for mark in r.head_marks(morning) for part in (" · ", mark)]
        self.query_one("#head", Line).show(joined(*marks[1:]))
        self._show()
        if first:  # those who have been there are past; whoever is awaited may stand before the laptop
            rows = list(self._rows.values())
            waiting = r.numbered(rows, morning)
            self.query_one(LongList).move_to(rows.index(waiting[0]) if waiting else 0)

    def clear_typed(self) -> None:
        self.query_one(DeskSearch).value = ""

    @property
    def typed(self) -> str:
        """What stands in the line, as it was typed."""
        return self.query_one(DeskSearch).value.strip()

    def _show(self) -> None:
        morning = self.morning
        if morning is None:
            return
        typed = self.typed
        rows = r.found(morning, self._people, typed) if typed else r.todays(morning)
        self._rows = {row.id: row for row in rows}
        listed = self.query_one(LongList)
        listed.empty = t("duty_desk.empty" if morning.posts else "duty_desk.no_post")
        listed.show(r.views(rows, morning, digits=not typed), keep=True)
        self.refresh_keys()

    def on_search_box_searched(self, event: SearchBox.Searched) -> None:
        text = event.text
        self._searching, self._pick_after = bool(text), False
        self.query_one(LongList).cursor = 0
        if text:
            self.read(partial(store.suggest, text=text), self._take_people, latest="people")
        else:
            self._people = ()
            self._show()

    def _take_people(self, people: tuple[Known, ...]) -> None:
        self._searching, self._people = False, people
        self._show()
        if self._pick_after:
            self._pick_after = False
            self.query_one(LongList).action_pick()

    def on_search_box_entered(self, event: SearchBox.Entered) -> None:
        if self._searching:  # Enter means what the search is about to find
            event.prevent_default()
            self._pick_after = True
        elif not self._rows:
            self.flash(t("duty_desk.nobody_in_front"), Tone.WARN)

    def on_long_list_highlighted(self) -> None:
        self.refresh_keys()

    @property
    def row(self) -> DeskRow | None:
        """The highlighted row."""
        return self._rows.get(self.query_one(LongList).highlighted or "") if self.is_mounted else None

    # -- what can be done

    def why_not(self, action_id: str) -> str | None:
        if action_id in {one.id for one in self.ACTIONS} and self.morning is None:
            return t("list.reading")
        if action_id == PICK.id and self.row is None:
            return t("duty_desk.nobody_in_front")
        return super().why_not(action_id)

    def key_views(self) -> tuple[KeyView, ...]:
        # It stands among the deeds, with the key that works while somebody types.
        return tuple(view for view in super().key_views() if view.action_id != UNDO.id)

    def deed_views(self) -> tuple[KeyView, ...]:
        key = shown_key(self.undo_key())
        return tuple(
            KeyView(view.action_id, key, view.label, view.reason) if view.action_id == UNDO.id else view
            for view in super().deed_views()
        )

    # -- checking in

    async def on_desk_search_numbered(self, event: DeskSearch.Numbered) -> None:
        if not event.digit:
            await self.action_act(SHEET.id)
            return
        self.flash("")
        if self.morning is None:
            return
        rows = r.numbered(list(self._rows.values()), self.morning)
        if event.digit <= len(rows):
            self._come(rows[event.digit - 1])
        else:
            self.flash(t("duty_desk.no_such_digit", n=event.digit), Tone.WARN)

    async def on_long_list_picked(self) -> None:
        await self.action_act(PICK.id)

    def do_pick(self) -> None:
        row = self.row
        if row is None:
            return
        if row.there:
            self.do_leave()
        elif row.who is not None and not row.awaited and not _may_come_again(row, known(self.morning)):
            self.flash(t("duty_desk.been_there", person=row.name), Tone.WARN)
        elif row.shift is not None and row.shift.ends_at <= known(self.morning).now:
            self.flash(t("duty_desk.over", key=shown_key(MAKE_UP.current_keys[0])), Tone.WARN)
        elif row.sort is Sort.CAME:
            self.flash(t("duty_desk.been_there", person=row.name), Tone.WARN)
        else:
            self._come(row)

    def _come(self, row: DeskRow) -> None:
        """Check somebody in: at their own shift, else where they say they help."""
        morning = known(self.morning)
        going = morning.going()
        own = row.shift
        if own is not None and (own in going or not going):
            self._check_in(row, shift=own)
        elif own is None and len(going) == 1:
            self._check_in(row, shift=going[0])
        elif going:
            # Whoever comes hours before their own shift has come to help at another, or to be early indeed.
            self._ask_where(row, going if own is None else (*going, own))
        elif len(morning.posts) > 1:
            options = [Option(str(one.id), one.name) for one in morning.posts]
            title = t("duty_desk.helps_where", person=row.name)
            self.choose(title, options, lambda chosen: self._check_in(row, post=chosen))
        else:
            self._check_in(row, post=str(morning.posts[0].id) if morning.posts else "")

    def _ask_where(self, row: DeskRow, shifts: Sequence[ShiftLine]) -> None:
        zone = known(self.morning).zone
        options = [
            Option(str(one.id), shift_name(one), span_text(one.starts_at, one.ends_at, zone))
            for one in shifts
        ]
        by_id = {str(one.id): one for one in shifts}
        title = t("duty_desk.helps_where", person=row.name)
        self.choose(title, options, lambda chosen: self._check_in(row, shift=by_id[chosen]))

    def _check_in(self, row: DeskRow, *, shift: ShiftLine | None = None, post: str = "") -> None:
        if self._coming:
            return  # a second Enter while the first is on its way
        self._coming = True
        payload: dict[str, Any] = {"id": str(edge.new_id())}
        if shift is not None:
            payload["shift"] = str(shift.id)
        elif post:
            payload["post"] = post
        if row.person_id is None:
            payload["guest"] = row.name[:LONGEST_NAME]

        def failed(_error: Exception) -> None:
            self._coming = False

        self.tell(
            partial(store.check_in, payload=payload, person_id=row.person_id),
            lambda came: self._came(came, row, shift),
            failed=failed,
        )

    def _came(self, came: CheckedIn, row: DeskRow, shift: ShiftLine | None) -> None:
        self._coming = False
        if came.acts:
            self.before[came.outcome.group_id] = came.before
        self.query_one(DeskSearch).value = ""
        # Nobody awaits whoever comes to help: they are not late.
        said = self._came_words(came, row.name, None if row.who is None else shift)
        if self.note_change(came.outcome, said):
            self.told = came.outcome.group_id

    def _came_words(self, came: CheckedIn, name: str, shift: ShiftLine | None) -> str:
        zone = known(self.morning).zone
        late = "" if shift is None else late_text(late_minutes(shift.starts_at, came.at))
        said = t("duty_desk.checked_in", person=name, time=clock_of(came.at, zone), late=late and f" {late}")
        if came.acts:
            return said + t("duty_desk.acts_now", person=name)
        return said


def _may_come_again(row: DeskRow, morning: Morning) -> bool:
    """Tell whether somebody has gone from a shift that still goes on."""
    gone = row.who is not None and row.who.left_at is not None
    return gone and row.shift is not None and row.shift.ends_at > morning.now
