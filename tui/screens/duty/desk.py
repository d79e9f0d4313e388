"""The station's morning: who is on today, who is there, who is late; one key or a name checks in."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, ClassVar
from uuid import UUID

from textual import events
from textual.app import ComposeResult
from textual.message import Message

from models.duty.queries import ShiftLine
from models.duty.rules import late_minutes
from models.operations.envelope import Intent
from models.operations.fields import LONGEST_NAME
from models.operations.perform import Outcome
from tui import edge
from tui.actions import Action, action, shown_key
from tui.desk import Desk
from tui.duty_words import late_text, shift_name, span_text
from tui.i18n import t
from tui.screens.asking import known
from tui.screens.changing import UNDO, Changing, Values
from tui.screens.duty import desk_fields as f
from tui.screens.duty import desk_rows as r
from tui.screens.duty import desk_store as store
from tui.screens.duty.desk_replacing import Asked, asked_in, carry_out, replacing, take_back
from tui.screens.duty.desk_rows import DeskRow, Sort
from tui.screens.duty.desk_store import CheckedIn, Known, Morning
from tui.screens.duty.times import clock_of
from tui.screens.picking import pick_person
from tui.widgets.bars import KeyView
from tui.widgets.deeds import Deeds
from tui.widgets.long_list import LongList
from tui.widgets.picker import Option
from tui.widgets.search import SearchBox
from tui.widgets.text import Line, Tone

PICK = action("duty_desk.pick", "enter")
MAKE_UP = action("duty_desk.make_up", "f2", footer=False)
ABSENT = action("duty_desk.absent", "f3", footer=False)
REPLACE = action("duty_desk.replace", "f4", footer=False)
LEAVE = action("duty_desk.leave", "f5", footer=False)
CONFIRM = action("duty_desk.confirm", "f6", footer=False)
LOG = action("duty_desk.log", "f7", footer=False)
_DEEDS = (MAKE_UP, ABSENT, REPLACE, LEAVE, CONFIRM, LOG, UNDO)
_DIGITS = "123456789"


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


class CheckInDesk(Changing):
    """Whoever comes presses the digit beside their name, or types it; then this laptop is theirs."""

    ROOM: ClassVar[str] = "duty_desk"
    AUTO_FOCUS = "#who"
    DEEDS: ClassVar[tuple[Action, ...]] = _DEEDS
    ACTIONS: ClassVar[tuple[Action, ...]] = (PICK, *_DEEDS[:-1])
    DEFAULT_CSS = """
    CheckInDesk #head { height: 1; color: $text-muted; margin-bottom: 1; }
    CheckInDesk.-short #head { margin-bottom: 0; }
    CheckInDesk #who { margin-bottom: 1; }
    CheckInDesk.-tall Deeds { margin-top: 1; }
    """

    def __init__(self) -> None:
        super().__init__()
        self.morning: Morning | None = None
        self._people: tuple[Known, ...] = ()
        self._rows: dict[str, DeskRow] = {}
        self._before: dict[UUID, UUID | None] = {}
        self._asked: dict[UUID, tuple[Asked, ...]] = {}
        self._told: UUID | None = None
        self._searching = self._pick_after = self._coming = False

    def body(self) -> ComposeResult:
        yield Line(id="head")
        yield DeskSearch("#desk", hint=t("duty_desk.hint"), id="who")
        listed = LongList(r.columns(), lit=True, id="desk")
        listed.can_focus = False
        yield listed
        yield Deeds()

    # -- what is shown

    def on_screen_resume(self) -> None:
        self.reread()
        done = self.ledger.done
        if done and done[-1][0] != self._told:  # done on a page that was left just now
            self._told = done[-1][0]
            self.say_saved(done[-1][1])

    def news(self) -> None:
        self.reread()

    def reread(self) -> None:
        self.read(store.look, self._take, latest="look")

    def _take(self, morning: Morning) -> None:
        self.morning = morning
        self.query_one("#head", Line).show(r.head_words(morning))
        self._show()

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
        reason = self._lacks(action_id, self.row)
        return reason or super().why_not(action_id)

    def _lacks(self, action_id: str, row: DeskRow | None) -> str | None:
        if action_id == PICK.id and row is None:
            return t("duty_desk.nobody_in_front")
        if action_id == MAKE_UP.id and (row is None or row.sort is Sort.CAME or not _may_have_come(row)):
            return t("duty_desk.make_up_whom")
        if action_id in {ABSENT.id, REPLACE.id} and (row is None or not _may_be_absent(row)):
            return t("duty_desk.choose_awaited")
        if action_id == LEAVE.id and (row is None or not row.there):
            return t("duty_desk.choose_there")
        if action_id == CONFIRM.id and self.morning is not None and not self.morning.waiting:
            return t("duty_desk.none_waiting")
        return None

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

    def on_desk_search_numbered(self, event: DeskSearch.Numbered) -> None:
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
        elif row.who is not None and not row.awaited:
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
            self._before[came.outcome.group_id] = came.before
        self.query_one(DeskSearch).value = ""
        said = self._came_words(came, row.name, shift)
        if self.note_change(came.outcome, said):
            self._told = came.outcome.group_id

    def _came_words(self, came: CheckedIn, name: str, shift: ShiftLine | None) -> str:
        zone = known(self.morning).zone
        late = "" if shift is None else late_text(late_minutes(shift.starts_at, came.at))
        said = t("duty_desk.checked_in", person=name, time=clock_of(came.at, zone), late=late and f" {late}")
        if came.acts:
            return said + t("duty_desk.acts_now", person=name)
        return said

    def undoing(self, group_id: UUID) -> Callable[[Desk], Outcome]:
        if group_id in self._before:
            return partial(store.take_back, group_id=group_id, before=self._before[group_id])
        if group_id in self._asked:
            return partial(take_back, group_id=group_id, asked=self._asked[group_id])
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
        self._told = outcome.group_id
        self.query_one(DeskSearch).value = ""

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
            self._asked[outcome.group_id] = asked_in(intents)
            if self.note_change(outcome, t("duty_desk.replaced", person=row.name)):
                self._clear(outcome)

        self.tell(partial(carry_out, intents=intents), made)

    # -- going, taking over, the book

    def do_leave(self) -> None:
        row = known(self.row)
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

    def do_log(self) -> None:
        self.linli.enter("log_book")


def _may_have_come(row: DeskRow) -> bool:
    return row.who is None or row.who.came_at is None


def _may_be_absent(row: DeskRow) -> bool:
    return row.who is not None and row.who.came_at is None
