"""A walk under way: one card per point, Enter for normal, a digit for everything else."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar
from uuid import UUID

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal

from models.inspection.levels import Level
from models.operations.perform import Outcome
from tui import edge, words
from tui.actions import Action, bound_keys
from tui.desk import Desk
from tui.i18n import t
from tui.screens import walk_actions as keys
from tui.screens import walk_store as store
from tui.screens.choose import Choose
from tui.screens.walk_panels import WalkPanels
from tui.screens.walk_safety import Safety
from tui.screens.walk_state import Answer, Edit, Step, Walking, overlay, unreadable
from tui.screens.walk_words import card_view, kind_word, level_mark, pad, point_lines
from tui.widgets.answer_pad import AnswerPad
from tui.widgets.picker import Option
from tui.widgets.points_list import PointsList
from tui.widgets.search import Entry
from tui.widgets.text import Line, Tone, clean
from tui.widgets.tick_list import TickList
from tui.widgets.walk_card import WalkCard

_LISTS = frozenset({"defects", "checklist"})
_TALL_FROM = 22  # lines; below, the buttons are one line tall


class WalkCards(WalkPanels):
    """The cards of one walk. `at` names the code of the point to begin with."""

    ROOM: ClassVar[str] = "walk_cards"
    CSS_PATH: ClassVar[str | Path] = "walk.tcss"
    ACTIONS: ClassVar[tuple[Action, ...]] = keys.WALK_ACTIONS
    AUTO_FOCUS = ""
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (110, "-wide")]  # noqa: RUF012 - as Textual declares it
    # Before the focus, one by one: in a burst of keys the second must meet what the first has opened.
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(",".join(names), f"act('{action_id}')", id=action_id, show=False, priority=True)
        for action_id, names in bound_keys(keys.WALK_ACTIONS).items()
    ]

    def __init__(self, walk_id: UUID, *, at: str = "", warned: bool = False) -> None:
        super().__init__()
        self._walk_id = walk_id
        self._at = at
        self._warned = warned
        self._writing = 0
        self._version = 0
        self._went_back = False
        self._drafts: dict[str, Mapping[str, Any] | None] = {}
        self._flushing = False
        self.recorder_id = self.doer_id = walk_id
        self.recorder = self.doer = ""

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
        version = self._version
        walk_id = self._walk_id
        self.ask(
            lambda desk: store.open_walk(desk, walk_id),
            lambda opened: self._take_up(opened, version),
            latest="walk",
        )

    def _take_up(self, opened: store.Opened | None, version: int) -> None:
        if opened is None:
            self.flash(t("walk.gone"), Tone.WARN)
            return
        before = self.walking
        if before is not None and (self._writing or version != self._version):
            return  # what is on screen is newer than what was read
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

    @property
    def finished(self) -> bool:
        """Whether the walk is closed, so that nothing can be answered."""
        return self.walking is not None and self.walking.view.finished_at is not None

    # -- keys

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Leave every key to the line while words are typed into it."""
        if action == "act" and self.typing and str(parameters[0]).startswith("walk."):
            return False
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
        if self.panel and self.panel not in _LISTS and event.action_id != keys.NORMAL.id:
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

    # -- digits

    def _digit(self, action_id: str) -> bool:
        """Give a digit to what is open, if anything is."""
        digit = keys.DIGITS[action_id]
        if self.panel == "mud":
            self.type_mud(str(digit))
        elif self.panel in _LISTS:
            self.tick_number(digit)
        else:
            return False
        return True

    def _level(self, action_id: str, level: Level) -> None:
        walking = self._here()
        if self._digit(action_id):
            return
        if not walking.is_drain(walking.index):
            self._number(keys.DIGITS[action_id])
            return
        index = walking.index
        answer = overlay(walking.standing(index), walking.edit, walking.questions(index))
        answer = Answer(level.value, answer.mud_mm, answer.defects, answer.answers, answer.note)
        if walking.said[index] is None or answer != walking.standing(index):
            wrong = walking.edit.mud if unreadable(walking.edit) == "mud" else None
            self._record(index, answer)
            if wrong is not None:
                self.keep(Edit(mud=wrong))
        self.flash(t("walk.noted", code=walking.cards[index].code, level=str(level_mark(level))), Tone.GOOD)
        self.draw()

    def _number(self, digit: int) -> None:
        walking = self._here()
        if digit <= len(walking.questions(walking.index)):
            self.tick(digit - 1)
        else:
            self.flash(t("walk.no_such_question"), Tone.WARN)

    def do_dry(self) -> None:
        self._level(keys.DRY.id, Level.DRY)

    def do_flowing(self) -> None:
        self._level(keys.FLOWING.id, Level.FLOWING)

    def do_half(self) -> None:
        self._level(keys.HALF.id, Level.HALF)

    def do_full(self) -> None:
        self._level(keys.FULL.id, Level.FULL)

    def do_overflow(self) -> None:
        self._level(keys.OVERFLOW.id, Level.OVERFLOW)

    def do_unopened(self) -> None:
        self._level(keys.UNOPENED.id, Level.UNOPENED)

    def do_mud(self) -> None:
        walking = self._here()
        if self._digit(keys.MUD.id):
            return
        if walking.is_drain(walking.index):
            self.open_mud()
        else:
            self._number(keys.DIGITS[keys.MUD.id])

    def do_defects(self) -> None:
        walking = self._here()
        if self._digit(keys.DEFECTS.id):
            return
        if walking.is_drain(walking.index):
            self.open_list("defects")
        else:
            self.mark_trouble()

    def do_checklist(self) -> None:
        if not self._digit(keys.CHECKLIST.id):
            self.open_list("checklist")

    def do_note(self) -> None:
        if not self._digit(keys.NOTE.id):
            self.open_note()

    def do_erase(self) -> None:
        if self.panel == "mud":
            self.erase_mud()

    # -- Enter

    def do_normal(self) -> None:
        """Record what is on the card, or that all is normal, and go on."""
        walking = self._here()
        index, panel = walking.index, self.panel
        if panel == "ask":
            self._answered_in_words()
            return
        if panel:
            self.close_panel()
        edit, said = walking.edit, walking.said[index]
        if (edit.empty and said is not None) or self.finished:
            self._go_on(index)
            return
        if panel and edit.empty:
            return
        drain = walking.is_drain(index)
        if panel and drain and said is None and edit.level is None:
            self.flash(t("walk.level_first"), Tone.WARN)
            return
        base = walking.fine(index) if said is None else said.answer
        questions = walking.questions(index)
        wrong = unreadable(edit, questions)
        if wrong is not None:
            self._complain(wrong)
            return
        answer = overlay(base, edit, questions)
        open_question = walking.missing(index, answer)
        if open_question is not None:
            self.open_question(open_question)
            self.flash(t("walk.required", question=open_question.text), Tone.WARN)
            return
        self._record(index, answer)
        self._go_on(index)

    def _complain(self, wrong: str) -> None:
        walking = self._here()
        if wrong == "mud":
            self.open_mud()
            self.flash(t("walk.mud_wrong"), Tone.BAD)
            return
        question = next(made for made in walking.questions(walking.index) if str(made.id) == wrong)
        self.open_question(question)
        self.flash(t("form.not_a_number"), Tone.BAD)

    def _answered_in_words(self) -> None:
        walking = self._here()
        drain = walking.is_drain(walking.index)
        cursor = self._cursor
        self.close_panel()
        if drain:
            self.open_list("checklist")
            self._cursor = cursor
            self.draw()

    async def on_input_submitted(self, event: Entry.Submitted) -> None:
        event.stop()
        self.take_typed(clean(event.value))
        await self.action_act(keys.NORMAL.id)

    def on_input_changed(self, event: Entry.Changed) -> None:
        event.stop()
        self.take_typed(clean(event.value))

    # -- moving

    def _go_on(self, index: int) -> None:
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
        walking.index = max(0, min(index, len(walking.cards) - 1))
        self.draw()

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
        if self.panel in _LISTS:
            self.move_cursor(-1)
        else:
            self.go_to(self._here().index - 1)

    def do_later(self) -> None:
        if self.panel in _LISTS:
            self.move_cursor(1)
        else:
            self.go_to(self._here().index + 1)

    def do_less(self) -> None:
        if self.panel in _LISTS:
            self.step_grade(-1)
        else:
            self.do_earlier()

    def do_more(self) -> None:
        if self.panel in _LISTS:
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
        from tui.screens.walk_summary import WalkSummary

        if self.panel:
            self.close_panel()
        self.app.push_screen(WalkSummary(self._walk_id, self.go_to_code))

    def do_back(self) -> None:
        if not self.panel:
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
        self._keep_draft(store.walk_subject(self._walk_id), None if alone else {"doer": self.doer_id.hex})
        self.flash(t("walk.now_looks", person=self.doer), Tone.GOOD)
        self.draw()

    # -- what is written

    def keep(self, edit: Edit) -> None:
        walking = self._here()
        walking.change(edit)
        subject = store.point_subject(walking.view.id, walking.cards[walking.index].point_id)
        self._keep_draft(subject, None if edit.empty else edit.to_json())
        self.draw()

    def _keep_draft(self, subject: str, values: Mapping[str, Any] | None) -> None:
        self._version += 1
        self._drafts[subject] = values
        if not self._flushing:
            self._flushing = True
            self.tell(self._write_drafts)

    def _write_drafts(self, desk: Desk) -> None:
        """Write what was typed since; in the write thread, so it is whatever is newest by then."""
        self._flushing = False
        taken: dict[str, Mapping[str, Any] | None] = {}
        while self._drafts:
            subject, values = self._drafts.popitem()
            taken[subject] = values
        try:
            store.keep_drafts(desk, taken)
        except Exception:
            self._drafts = taken | self._drafts
            raise

    def _record(self, index: int, answer: Answer) -> None:
        walking = self._here()
        subject = store.point_subject(walking.view.id, walking.cards[index].point_id)
        step = walking.say(index, answer, new=edge.new_id(), doer=self.doer, at=edge.clock())
        intent = store.observing(walking, step, self.doer_id)
        self._version += 1
        self._writing += 1
        self._went_back = False
        self._drafts.pop(subject, None)
        self.tell(
            lambda desk: store.record(desk, step, intent, subject),
            lambda outcome: self._recorded(step, outcome),
            failed=lambda _error: self._not_recorded(step),
        )

    def _recorded(self, step: Step, outcome: Outcome) -> None:
        if outcome.refused is None:
            self._writing -= 1
            return
        self.flash(words.refusal_text(outcome.refused), Tone.BAD)
        self._not_recorded(step)

    def _not_recorded(self, step: Step) -> None:
        """Put what could not be stored back on its card, and go to the first such card."""
        walking = self._here()
        self._writing -= 1
        walking.fail(step)
        edit = walking.edits.get(step.index)
        if edit is not None:
            point_id = walking.cards[step.index].point_id
            self._drafts[store.point_subject(walking.view.id, point_id)] = edit.to_json()
        if not self._went_back:
            self._went_back = True
            walking.index = step.index
        self.draw()

    def do_undo(self) -> None:
        walking = self._here()
        step = walking.take_back()
        if step is None:
            return
        self._version += 1
        self._writing += 1
        self.tell(
            lambda desk: store.take_back(desk, step),
            lambda outcome: self._taken_back(step, outcome),
            failed=lambda _error: self._not_taken_back(step),
        )
        self.flash(t("walk.undone", code=walking.cards[step.index].code))
        self.draw()

    def _taken_back(self, step: Step, outcome: Outcome | None) -> None:
        self._writing -= 1
        if outcome is None or outcome.refused is None:
            return
        self.flash(words.refusal_text(outcome.refused), Tone.BAD)
        self._here().put_back(step)
        self.draw()

    def _not_taken_back(self, step: Step) -> None:
        self._writing -= 1
        walking = self._here()
        walking.put_back(step)
        walking.steps.append(step)
        self.draw()

    # -- drawing

    def draw(self) -> None:
        walking = self.walking
        if walking is None or not self.is_mounted or not walking.cards:
            return
        self.query_one(WalkCard).view = card_view(walking, self.recorder, self.doer)
        buttons = self.query_one(AnswerPad)
        buttons.tall = self.size.height >= _TALL_FROM and self.panel not in _LISTS
        buttons.rows = pad(walking, panel=self.panel, finished=self.finished)
        self.draw_ticks()
        points = self.query_one(PointsList)
        if self.has_class("-wide"):
            points.show(point_lines(walking), walking.index)
        self.refresh_keys()
