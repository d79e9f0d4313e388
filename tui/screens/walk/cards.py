"""A walk under way: one card per point, Enter for normal, a digit for everything else."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar
from uuid import UUID

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal

from tui.actions import Action, bound_keys
from tui.i18n import t
from tui.screens.choose import Choose
from tui.screens.walk import actions as keys
from tui.screens.walk import store
from tui.screens.walk.answering import LISTS
from tui.screens.walk.safety import Safety
from tui.screens.walk.state import Walking
from tui.screens.walk.ticket import WalkTicketing
from tui.screens.walk.words import card_view, kind_word, pad, point_lines
from tui.widgets.answer_pad import AnswerPad
from tui.widgets.picker import Option
from tui.widgets.points_list import PointsList
from tui.widgets.search import Entry
from tui.widgets.text import Line, Tone, clean
from tui.widgets.tick_list import TickList
from tui.widgets.walk_card import WalkCard

_TALL_FROM = 22  # lines; below, the buttons are one line tall


class WalkCards(WalkTicketing):
    """The cards of one walk. `at` names the code of the point to begin with."""

    ROOM: ClassVar[str] = "walk_cards"
    CSS_PATH: ClassVar[str | Path] = "room.tcss"
    ACTIONS: ClassVar[tuple[Action, ...]] = keys.WALK_ACTIONS
    AUTO_FOCUS = ""
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (110, "-wide")]  # noqa: RUF012 - as Textual declares it
    # Before the focus, one by one: in a burst of keys the second must meet what the first has opened.
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(",".join(names), f"act('{action_id}')", id=action_id, show=False, priority=True)
        for action_id, names in bound_keys(keys.WALK_ACTIONS).items()
    ]

    def __init__(self, walk_id: UUID, *, at: str = "", warned: bool = False) -> None:
        super().__init__(walk_id)
        self._at = at
        self._warned = warned
        self._outdated = False

    def body(self) -> ComposeResult:
        with Horizontal(id="walk"):
            yield from self.card_area()
            yield PointsList(id="points")
        yield Line(id="no-points")

    # -- opening

    def on_mount(self) -> None:
        self.query_one("#no-points").display = False
        self.query_one("#typing").display = False

    def on_screen_resume(self) -> None:
        super().on_screen_resume()
        self._read()

    def news(self) -> None:
        """Show what others have seen, but never under somebody's hands: a card half answered stays as it is."""
        self._outdated = False
        self._read(if_idle=True)

    @property
    def _answering(self) -> bool:
        """Whether somebody is in the middle of a card."""
        return bool(self.panel) or (self.walking is not None and not self.walking.edit.empty)

    def _read(self, *, if_idle: bool = False) -> None:
        version, busy = self.version, self.writing > 0
        walk_id = self._walk_id
        self.ask(
            lambda desk: store.open_walk(desk, walk_id),
            lambda opened: self._take_up(opened, version, busy=busy, if_idle=if_idle),
            latest="walk",
        )

    def _take_up(self, opened: store.Opened | None, version: int, *, busy: bool, if_idle: bool) -> None:
        if opened is None:
            self.flash(t("walk.gone"), Tone.WARN)
            return
        before = self.walking
        if before is not None and (busy or self.writing or version != self.version):
            return  # what is on screen is newer than what was read
        if if_idle and self._answering:
            self._outdated = True
            return
        self._walk_id = opened.view.id
        self.recorder_id, self.recorder = opened.recorder_id, opened.recorder
        self.doer_id, self.doer = opened.doer_id, opened.doer
        walking = Walking(opened.view, opened.edits)
        walking.remember(opened.given, opened.recorder_id)
        if before is not None:
            walking.edits = {
                walking.places[before.cards[index].point_id]: edit
                for index, edit in before.edits.items()
                if before.cards[index].point_id in walking.places
            }
            here = before.card
            walking.index = 0 if here is None else walking.places.get(here.point_id, 0)
        self.walking = walking
        if self._at:
            self.go_to_code(self._at)
            self._at = ""
        self.refresh_frame()
        if not walking.cards:
            self.query_one("#no-points", Line).show(t("walk.no_points"))
            self.query_one("#no-points").display = True
            self.query_one("#walk").display = False
        self.draw()
        self.read_tickets()
        if before is None:
            self._first_words(walking)

    def _first_words(self, walking: Walking) -> None:
        finished = walking.view.finished_at is not None
        if walking.edits and not finished:
            self.flash(t("walk.draft_back"), Tone.WARN)
        elif walking.progress.seen and not finished:
            self.flash(t("walk.resumed", seen=walking.progress.seen, total=walking.progress.total))
        if walking.view.has_drains and not finished and not self._warned:
            self._warned = True
            self.app.push_screen(Safety(), self._warned_of_wells)

    def _warned_of_wells(self, goes_on: bool | None) -> None:  # noqa: FBT001 - a modal's result
        if not goes_on:
            self.dismiss()

    @property
    def heading(self) -> str:
        return self.walking.view.name if self.walking else super().heading

    # -- keys

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Leave every key to the line while words are typed into it, but for the one that reports them."""
        if action == "act" and self.typing and str(parameters[0]).startswith("walk."):
            return parameters[0] == keys.TICKET.id
        return super().check_action(action, parameters)

    async def action_act(self, action_id: str) -> None:
        if action_id.startswith("walk.") and self.walking is None:
            return
        await super().action_act(action_id)

    def why_not(self, action_id: str) -> str | None:
        walking = self.walking
        if walking is None or not action_id.startswith("walk."):
            return super().why_not(action_id)
        return self._why_not_here(walking, action_id) or super().why_not(action_id)

    def _why_not_here(self, walking: Walking, action_id: str) -> str | None:
        if not walking.cards and action_id not in {keys.SUMMARY.id, keys.DOER.id}:
            return t("walk.no_points")
        if self.finished and (action_id in keys.ANSWERING or action_id == keys.UNDO.id):
            return t("walk.is_finished")
        if self.panel and action_id in {keys.UNDO.id, keys.SKIP.id, keys.FIND.id}:
            return t("walk.close_first")
        if action_id == keys.CHECKLIST.id and not self.panel and not walking.questions(walking.index):
            return t("walk.no_checklist", kind=kind_word(walking.cards[walking.index].kind))
        if action_id == keys.UNDO.id and not walking.steps:
            return t("walk.nothing_to_undo")
        return None

    def on_key(self, event: events.Key) -> None:
        if self.typing and event.key in {"up", "down", "pageup", "pagedown"}:
            self.flash(t("walk.close_first"), Tone.WARN)

    def on_paste(self, event: events.Paste) -> None:
        if self.panel == "mud":
            self.type_mud(clean(event.text).strip())

    async def on_answer_pad_pressed(self, event: AnswerPad.Pressed) -> None:
        if self.panel and self.panel not in LISTS and event.action_id != keys.NORMAL.id:
            self.close_panel()
        await self.action_act(event.action_id)

    async def on_walk_card_pressed(self, event: WalkCard.Pressed) -> None:
        await self.action_act(event.row_id)

    def on_tick_list_ticked(self, event: TickList.Ticked) -> None:
        if not self.finished:
            self.tick(event.index)

    def on_tick_list_chose(self, event: TickList.Chose) -> None:
        if not self.finished:
            self.choose_on(event.index, event.choice_id)

    def on_points_list_chosen(self, event: PointsList.Chosen) -> None:
        self.go_to(event.index)

    def on_resize(self) -> None:
        self.draw()

    async def on_input_submitted(self, event: Entry.Submitted) -> None:
        event.stop()
        self.take_typed(clean(event.value))
        await self.action_act(keys.NORMAL.id)

    def on_input_changed(self, event: Entry.Changed) -> None:
        event.stop()
        self.take_typed(clean(event.value))

    # -- moving

    def go_on(self, index: int) -> None:
        walking = self._here()
        following = walking.next_unseen(index)
        if following is None:
            if not self.finished and walking.progress.total:
                self.do_summary()
            elif index + 1 < len(walking.cards):
                self.go_to(index + 1)
            return
        self.go_to(following)

    def go_to(self, index: int) -> None:
        """Show another card; what is half-typed on this one stays a draft."""
        walking = self._here()
        if self.panel:
            self.close_panel()
        left, walking.index = walking.index, max(0, min(index, len(walking.cards) - 1))
        if left != walking.index:
            self._say_what_is_open(left)
        self.draw()
        if self._outdated:
            self.news()

    def _say_what_is_open(self, index: int) -> None:
        """Say that a card was left with required questions open; nobody is held up by them."""
        walking = self._here()
        if self.finished or (walking.said[index] is None and index not in walking.edits):
            return
        left_open = walking.open_questions(index, walking.proposed(index))
        if left_open:
            self.flash(t("walk.left_open", code=walking.cards[index].code, n=len(left_open)), Tone.WARN)

    def go_to_code(self, code: str) -> None:
        """Show the card of a point by its code."""
        walking = self._here()
        index = next((place for place, card in enumerate(walking.cards) if card.code == code), None)
        if index is None:
            self.flash(t("walk.not_on_walk", code=code), Tone.WARN)
        else:
            self.go_to(index)

    def do_skip(self) -> None:
        walking = self._here()
        following = walking.next_unseen(walking.index)
        if following is None or following == walking.index:
            self.flash(t("walk.nothing_left"))
        else:
            self.go_to(following)

    def do_earlier(self) -> None:
        if self.panel in LISTS:
            self.move_cursor(-1)
        else:
            self.go_to(self._here().index - 1)

    def do_later(self) -> None:
        if self.panel in LISTS:
            self.move_cursor(1)
        else:
            self.go_to(self._here().index + 1)

    def do_less(self) -> None:
        if self.panel in LISTS:
            self.step_grade(-1)
        else:
            self.do_earlier()

    def do_more(self) -> None:
        if self.panel in LISTS:
            self.step_grade(1)
        else:
            self.do_later()

    def do_first(self) -> None:
        self.go_to(0)

    def do_last(self) -> None:
        self.go_to(len(self._here().cards) - 1)

    def do_find(self) -> None:
        walking = self._here()
        options = [
            Option(str(index), line.code, f"{line.mark}  {line.place}")
            for index, line in enumerate(point_lines(walking))
        ]
        modal = Choose(t("walk.find_title"), options, current=str(walking.index), typed=True)
        self._show_modal(modal, lambda chosen: self.go_to(int(chosen)))

    def do_summary(self) -> None:
        from tui.screens.walk.summary import WalkSummary

        if self.panel:
            self.close_panel()
        self.app.push_screen(WalkSummary(self._walk_id, self.go_to_code))

    def do_back(self) -> None:
        if not self.panel:
            if self.writing:
                # An answer that fails to be stored has to find its card, or it is lost.
                self.leaving = True
                self.flash(t("walk.still_saving"))
                return
            super().do_back()
            return
        asked = self.panel == "ask"
        if asked:
            self._answered_in_words()
        else:
            self.close_panel()
        if not self._here().edit.empty:
            self.flash(t("walk.kept"), Tone.WARN)

    # -- who

    def do_doer(self) -> None:
        self.ask(store.people, self._choose_doer)

    def _choose_doer(self, options: tuple[Option, ...]) -> None:
        names = {option.id: option.text for option in options}
        self.choose(
            t("walk.who_looks"),
            options,
            lambda chosen: self._look_as(chosen, names),
            current=str(self.doer_id),
        )

    def _look_as(self, person_id: str, names: Mapping[str, str]) -> None:
        self.doer_id, self.doer = UUID(person_id), names[person_id]
        alone = self.doer_id == self.recorder_id
        self.keep_draft(store.walk_subject(self._walk_id), None if alone else {"doer": self.doer_id.hex})
        self.flash(t("walk.now_looks", person=self.doer), Tone.GOOD)
        self.draw()

    # -- drawing

    def draw(self) -> None:
        walking = self.walking
        if walking is None or not self.is_mounted or not walking.cards:
            return
        self.query_one(WalkCard).view = card_view(
            walking, self.recorder, self.doer, tickets=self.ticket_rows()
        )
        buttons = self.query_one(AnswerPad)
        buttons.tall = self.size.height >= _TALL_FROM and self.panel not in LISTS
        buttons.rows = pad(walking, panel=self.panel, finished=self.finished)
        self.draw_ticks()
        points = self.query_one(PointsList)
        if self.has_class("-wide"):
            points.show(point_lines(walking), walking.index)
        self.refresh_keys()
