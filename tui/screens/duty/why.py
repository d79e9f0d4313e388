"""Why somebody is on a shift, why somebody is not, why nobody is: asked of the solver, told in plain words."""

from __future__ import annotations

from functools import partial
from threading import Event
from typing import Any, ClassVar
from uuid import UUID

from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll

from models.duty.queries import OnShift, ShiftLine
from tui.actions import Action, action
from tui.duty_words import shift_title
from tui.i18n import t
from tui.screens.base import Modal, Shell
from tui.screens.duty import why_store
from tui.screens.duty.roster_candidates import candidate_option
from tui.screens.duty.roster_sheet import Made, RosterSheet, paragraph
from tui.screens.duty.roster_thread import waited_for
from tui.screens.duty.why_store import AskedGap, AskedPair
from tui.screens.duty.why_words import gap_lines, pair_lines
from tui.widgets.bars import KeyBar
from tui.widgets.text import Line, Tone, set_border_title

SOMEBODY = action("why.somebody", "f2", "1")


def ask_why(screen: Shell[Any], line: ShiftLine, person: OnShift | None) -> None:
    """Ask why somebody is on a shift, or why nobody else is."""
    if screen.app.screen is screen:
        screen.app.push_screen(Why(line, person))


class Why(Modal[None]):
    """Tells about `person` on a shift, or about who is not on it. It stops asking when it is left."""

    ACTIONS: ClassVar[tuple[Action, ...]] = (SOMEBODY,)
    DEFAULT_CSS = """
    Why #why { width: 76; }
    Why #told { height: auto; max-height: 60vh; min-height: 4; scrollbar-size-vertical: 1; }
    """

    def __init__(self, line: ShiftLine, person: OnShift | None) -> None:
        super().__init__()
        self.heading = shift_title(line)
        self.purpose = t("why.purpose")
        self._line = line
        self._person = person
        self._gone = Event()
        self._gap: AskedGap | None = None
        self._asking = True

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog", id="why") as dialog:
            set_border_title(dialog, self.heading)
            with VerticalScroll(id="told"):
                yield RosterSheet()
            yield Line(id="said")
            yield KeyBar()

    def on_mount(self) -> None:
        self.query_one("#told").focus()
        shift, day = self._line.id, self._line.day
        if self._person is None:
            question = partial(why_store.ask_gap, day=day, shift_id=shift, cancelled=self._gone.is_set)
            self._begin(t("why.asking_gap"))
            self.contact(waited_for(question), self._tell_gap, self._failed)
        else:
            pair = (shift, self._person.person_id)
            self._begin(t("why.asking", person=self._person.name))
            asked = partial(why_store.ask_why, day=day, pair=pair, cancelled=self._gone.is_set)
            self.contact(
                waited_for(asked),
                partial(self._tell_pair, self._person.name, on=True),
                self._failed,
            )

    def on_unmount(self) -> None:
        self._gone.set()

    def why_not(self, action_id: str) -> str | None:
        if action_id == SOMEBODY.id and self._asking:
            return t("why.still_asking")
        return super().why_not(action_id)

    def _begin(self, said: str) -> None:
        self._asking = True
        self._show(lambda cells: paragraph(f"… {said}", cells, "$text-muted"))

    def _show(self, made: Made) -> None:
        self.query_one(RosterSheet).made = made
        self.query_one("#told", VerticalScroll).scroll_home(animate=False)
        self.refresh_keys()

    def _failed(self, error: Exception) -> None:
        self._asking = False
        self.linli.report(error)
        self.flash(t("why.failed"), Tone.BAD)

    def _tell_gap(self, asked: AskedGap) -> None:
        self._asking, self._gap = False, asked
        self._show(partial(gap_lines, asked))

    def _tell_pair(self, person: str, asked: AskedPair, *, on: bool) -> None:
        self._asking = False
        self._show(partial(pair_lines, asked, person, self.heading, on=on))

    # Somebody else

    def do_somebody(self) -> None:
        """Ask why somebody who is not on the shift is not."""
        question = partial(why_store.who_could, day=self._line.day, shift_id=self._line.id)
        self.ask(question, self._choose)

    def _choose(self, could: tuple[why_store.Standing, tuple[Any, ...]]) -> None:
        standing, found = could
        options = [candidate_option(one, standing) for one in found]
        if not options:
            self.flash(t("why.nobody_else"), Tone.WARN)
            return
        self.choose(
            t("why.whom"), options, lambda chosen: self._ask_not(UUID(chosen), standing.name(UUID(chosen)))
        )

    def _ask_not(self, person_id: UUID, name: str) -> None:
        pair = (self._line.id, person_id)
        self._begin(t("why.asking_not", person=name))
        asked = partial(why_store.ask_why_not, day=self._line.day, pair=pair, cancelled=self._gone.is_set)
        self.contact(
            waited_for(asked),
            partial(self._tell_pair, name, on=False),
            self._failed,
        )
