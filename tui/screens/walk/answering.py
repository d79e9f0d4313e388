"""What the digits and Enter say of a point, whatever kind it is and whatever is open on its card."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from models.inspection.levels import Level
from models.inspection.queries import QuestionLine
from tui.i18n import t
from tui.screens.walk import actions as keys
from tui.screens.walk.questions import TYPED
from tui.screens.walk.recording import WalkRecording
from tui.screens.walk.state import Answer, overlay, unread_part, unreadable
from tui.screens.walk.words import level_mark, said_text
from tui.widgets.text import Tone

LISTS = frozenset({"defects", "checklist"})


class WalkAnswering(WalkRecording):
    """The screen proper says where to go on."""

    def go_on(self, index: int) -> None:
        """Go to the next unseen point after one, or to the summary."""
        raise NotImplementedError

    #: The card and its required questions that Enter has asked for: a second Enter leaves them open.
    _prompted: tuple[int, frozenset[UUID]] = (-1, frozenset())

    @property
    def finished(self) -> bool:
        """Whether the walk is closed, so that nothing can be answered."""
        return self.walking is not None and self.walking.view.finished_at is not None

    # -- digits

    def _digit(self, action_id: str) -> bool:
        """Give a digit to what is open, if anything is."""
        digit = keys.DIGITS[action_id]
        if self.panel == "mud":
            self.type_mud(str(digit))
        elif self.panel in LISTS:
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
            kept = unread_part(walking.edit, walking.questions(index))
            self.record(index, answer)
            if not kept.empty:
                self.keep(kept)
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
        if panel == "ask" and not self._prompting:
            self._answered_in_words()
            return
        if panel:
            self.close_panel()
        if panel == "ask":
            panel, self._prompting = "", False
        edit, said = walking.edit, walking.said[index]
        if (edit.empty and said is not None) or self.finished:
            self.go_on(index)
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
        left_open = walking.open_questions(index, answer)
        if not drain and self._prompt(index, left_open):
            return
        self.record(index, answer)
        told = t("walk.stored", code=walking.cards[index].code, said=said_text(walking, index))
        self.go_on(index)
        if left_open:
            self.flash(t("walk.stored_open", said=told, n=len(left_open)), Tone.WARN)
        else:
            self.flash(told, Tone.GOOD)

    def _prompt(self, index: int, left_open: Sequence[QuestionLine]) -> bool:
        """Ask once for a required answer that only typing can give; tell whether there was one to ask for."""
        card, asked = self._prompted
        known = asked if card == index else frozenset()
        question = next((made for made in left_open if made.answer in TYPED and made.id not in known), None)
        if question is None:
            return False
        self._prompted = (index, known | {question.id})
        self.open_question(question)
        self._prompting = True
        self.flash(t("walk.required", question=question.text))
        return True

    def _complain(self, wrong: str) -> None:
        walking = self._here()
        if wrong == "mud":
            self.open_mud()
            self.flash(t("walk.mud_wrong"), Tone.BAD)
            return
        question = next(made for made in walking.questions(walking.index) if str(made.id) == wrong)
        self.open_question(question)
        self._prompting = True
        self.flash(t("form.not_a_number"), Tone.BAD)

    def _answered_in_words(self) -> None:
        cursor, asking = self._cursor, self._from_list
        self.close_panel()
        if asking:
            self.open_list("checklist")
            self._cursor = min(cursor + 1, self._most() - 1)
            self.draw()
