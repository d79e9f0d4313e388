"""A roster made, to be looked at before anything is written: what it lacks and why, who carries how much, what changes."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from threading import Event
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.containers import VerticalScroll

from models.operations.perform import Outcome
from tui.actions import Action, action
from tui.duty_words import day_text
from tui.i18n import t
from tui.screens.base import LinliScreen
from tui.screens.duty.generate_store import Made, Reasons, reasons, save
from tui.screens.duty.generate_words import result_lines
from tui.screens.duty.roster_sheet import RosterSheet
from tui.screens.duty.roster_thread import waited_for
from tui.widgets.text import Tone
from tui.words import refusal_text

if TYPE_CHECKING:
    from tui.screens.duty.roster import Roster

SAVE = action("roster_result.save", "f2", "ctrl+s")
AGAIN = action("roster_result.again", "f3")


class RosterResult(LinliScreen):
    """Nothing of it is in the store until it is saved. `room` is the roster it was made from."""

    ROOM: ClassVar[str] = "roster_result"
    AUTO_FOCUS = "#result"
    ACTIONS: ClassVar[tuple[Action, ...]] = (SAVE, AGAIN)
    DEFAULT_CSS = """
    RosterResult #result { height: 1fr; scrollbar-size-vertical: 1; }
    """

    def __init__(self, made: Made, room: Roster) -> None:
        super().__init__()
        self._made = made
        self._room = room
        self._gone = Event()
        self._saving = False
        self._reasons: Reasons | None = None

    @property
    def heading(self) -> str:
        span = t("duty.from_to", first=day_text(self._made.wish.first), last=day_text(self._made.wish.last))
        return f"{super().heading} · {span}"

    def body(self) -> ComposeResult:
        with VerticalScroll(id="result"):
            yield RosterSheet()

    def on_mount(self) -> None:
        self._show()
        if self._made.roster.gaps:
            question = partial(reasons, made=self._made, gone=self._gone)
            self.contact(waited_for(question), self._know_why, self.linli.report)

    def on_unmount(self) -> None:
        self._gone.set()

    def _know_why(self, found: Reasons) -> None:
        self._reasons = found
        self._show()

    def _show(self) -> None:
        self.query_one(RosterSheet).made = partial(result_lines, self._made, self._reasons)

    def on_screen_resume(self) -> None:
        super().on_screen_resume()
        self._show()

    # What can be done

    def why_not(self, action_id: str) -> str | None:
        if action_id in {SAVE.id, AGAIN.id} and self._saving:
            return t("register.saving")
        return super().why_not(action_id)

    def do_save(self) -> None:
        """Write it as a draft: shifts, places and a pause in one change."""
        self._saving = True
        self.tell(partial(save, made=self._made), self._saved, failed=self._failed)

    def _failed(self, _error: Exception) -> None:
        self._saving = False

    def _saved(self, outcomes: Sequence[Outcome]) -> None:
        self._saving = False
        refused = next((one.refused for one in outcomes if one.refused is not None), None)
        if refused is not None:
            self.flash(refusal_text(refused), Tone.BAD)
            self._room.note_changes(outcomes, t("result.saved"))
            return
        self.dismiss()
        if outcomes:
            self._room.note_changes(outcomes, t("result.saved"))
        else:
            self._room.flash(t("register.nothing_changed"))

    def do_again(self) -> None:
        """Make it once more, with other days or more time."""
        room = self._room
        self.dismiss()
        room.call_after_refresh(room.do_again)
