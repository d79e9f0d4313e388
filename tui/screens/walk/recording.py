"""How answers and drafts of a walk reach the store, and what happens when they do not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from models.operations.perform import Outcome
from tui import edge, words
from tui.desk import Desk
from tui.i18n import t
from tui.screens.walk import store
from tui.screens.walk.panels import WalkPanels
from tui.screens.walk.state import Answer, Edit, Step
from tui.screens.walk.words import said_text
from tui.widgets.text import Tone


class WalkRecording(WalkPanels):
    """Writes in the order of the keys, without a key waiting for a write.

    An answer stands on the screen at once. One that could not be stored is half-typed again.
    `writing` counts the writes under way, `version` the changes so far, and
    `leaving` remembers an Esc that waits for the writes.
    """

    def __init__(self, walk_id: UUID) -> None:
        super().__init__()
        self._walk_id = walk_id
        self.writing = 0
        self.leaving = False
        self.version = 0
        self._went_back = False
        self._drafts: dict[str, Mapping[str, Any] | None] = {}
        self._flushing = False
        self.recorder_id = self.doer_id = walk_id
        self.recorder = self.doer = ""

    def keep(self, edit: Edit) -> None:
        walking = self._here()
        walking.change(edit)
        subject = store.point_subject(walking.view.id, walking.cards[walking.index].point_id)
        self.keep_draft(subject, None if edit.empty else edit.to_json())
        self.draw()

    def keep_draft(self, subject: str, values: Mapping[str, Any] | None) -> None:
        self.version += 1
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

    def record(self, index: int, answer: Answer) -> None:
        walking = self._here()
        subject = store.point_subject(walking.view.id, walking.cards[index].point_id)
        step = walking.say(index, answer, new=edge.new_id(), doer=self.doer, at=edge.clock())
        intent = store.observing(walking, step, self.doer_id)
        self.version += 1
        self.writing += 1
        self.forget_draft(subject)
        self.tell(
            lambda desk: store.record(desk, step, intent, subject),
            lambda outcome: self._recorded(step, outcome),
            failed=lambda _error: self.not_recorded(step),
        )

    def forget_draft(self, subject: str) -> None:
        """Write no draft of a card whose answer is on its way to be recorded."""
        self._went_back = False
        self._drafts.pop(subject, None)

    def _recorded(self, step: Step, outcome: Outcome) -> None:
        if outcome.refused is None:
            self.written()
            return
        self.flash(words.refusal_text(outcome.refused), Tone.BAD)
        self.not_recorded(step)

    def written(self) -> None:
        """Count a write as done; whoever wanted to leave meanwhile leaves."""
        self.writing -= 1
        self._leave_if_done()

    def _leave_if_done(self) -> None:
        """Go back, when somebody asked for it while answers were still being stored."""
        if self.leaving and not self.writing:
            self.leaving = False
            self.do_back()

    def not_recorded(self, step: Step) -> None:
        """Put what could not be stored back on its card, and go to the first such card."""
        walking = self._here()
        self.writing -= 1
        self.leaving = False
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
        self.version += 1
        self.writing += 1
        self.tell(
            lambda desk: store.take_back(desk, step),
            lambda outcome: self._taken_back(step, outcome),
            failed=lambda _error: self._not_taken_back(step),
        )
        code, stands = walking.cards[step.index].code, said_text(walking, step.index)
        self.flash(t("walk.undone", code=code, said=stands))
        self.draw()

    def _taken_back(self, step: Step, outcome: Outcome | None) -> None:
        self.writing -= 1
        if outcome is None or outcome.refused is None:
            self._leave_if_done()
            return
        self.leaving = False
        self.flash(words.refusal_text(outcome.refused), Tone.BAD)
        self._here().put_back(step)
        self.draw()

    def _not_taken_back(self, step: Step) -> None:
        self.writing -= 1
        self.leaving = False
        walking = self._here()
        walking.put_back(step)
        walking.steps.append(step)
        self.draw()
