"""What is asked at each kind of point: the kinds with their checklists, and ready ones to begin with."""

from __future__ import annotations

from functools import partial
from typing import ClassVar

from textual.app import ComposeResult

from models.inspection.queries_checklists import KindAsked
from models.operations.envelope import Intent
from models.operations.perform import Outcome
from tui.actions import Action, action
from tui.desk import Desk
from tui.i18n import t
from tui.screens.changing import Changing
from tui.screens.checklists import store
from tui.screens.register.words import listed
from tui.screens.walk.words import kind_word
from tui.widgets.deeds import Deeds
from tui.widgets.long_list import LongList
from tui.widgets.rows import Column, RowView
from tui.widgets.text import Mark, Tone

PICK = action("checklists.pick", "enter")
READY = action("checklists.ready", "1", footer=False)
READY_ALL = action("checklists.ready_all", "2", footer=False)


class ChecklistsScreen(Changing):
    """The kinds of points."""

    ROOM: ClassVar[str] = "checklists"
    AUTO_FOCUS = "#kinds"
    DEEDS: ClassVar[tuple[Action, ...]] = (READY, READY_ALL)
    ACTIONS: ClassVar[tuple[Action, ...]] = (PICK, *DEEDS)
    DEFAULT_CSS = """
    ChecklistsScreen Deeds { margin-top: 1; }
    """
    _kinds: tuple[KindAsked, ...] | None = None

    def body(self) -> ComposeResult:
        yield LongList(
            (
                Column(t("checklists.kind"), 16, priority=9),
                Column(t("checklists.points"), 8, priority=7, align="right"),
                Column(t("checklists.questions"), 14, priority=8),
                Column(t("checklists.asks"), 24, priority=5, grow=True),
            ),
            id="kinds",
        )
        yield Deeds()

    def on_screen_resume(self) -> None:
        self.reread()

    def news(self) -> None:
        self.reread()

    def reread(self) -> None:
        self.read(store.look, self._show, latest="kinds")

    def _show(self, kinds: tuple[KindAsked, ...]) -> None:
        first_time = self._kinds is None
        # What there is to look at comes first: nobody scrolls past empty kinds to the one in use.
        self._kinds = tuple(sorted(kinds, key=lambda made: not (made.points or made.questions)))
        self.query_one(LongList).show([_row(made) for made in self._kinds], keep=not first_time)
        self.refresh_frame()

    def on_long_list_highlighted(self) -> None:
        self.refresh_keys()

    @property
    def chosen(self) -> str | None:
        """The kind under the highlight."""
        return self.query_one(LongList).highlighted if self.is_mounted else None

    def why_not(self, action_id: str) -> str | None:
        if self._kinds is None and action_id.startswith("checklists."):
            return t("list.reading")
        if action_id == READY.id and (self.chosen is None or not store.has_examples(self.chosen)):
            return t("checklists.no_ready", kind=kind_word(self.chosen or ""))
        if action_id == READY_ALL.id and not self._in_use():
            return t("checklists.nothing_in_use")
        return super().why_not(action_id)

    def _in_use(self) -> tuple[str, ...]:
        return tuple(made.kind for made in self._kinds or () if made.points and store.has_examples(made.kind))

    def on_long_list_picked(self, event: LongList.Picked) -> None:
        from tui.screens.checklists.kind import ChecklistScreen

        self.app.push_screen(ChecklistScreen(event.row_id, self.ledger))

    def do_pick(self) -> None:
        self.query_one(LongList).action_pick()

    # Ready ones

    def do_ready(self) -> None:
        if self.chosen is not None:
            add_ready(self, (self.chosen,))

    def do_ready_all(self) -> None:
        add_ready(self, self._in_use())


def add_ready(room: Changing, kinds: tuple[str, ...]) -> None:
    """Add what is missing of the ready checklists of some kinds, and say so in a room."""

    def added(made: tuple[Outcome | None, int]) -> None:
        outcome, number = made
        if outcome is None:
            room.flash(t("checklists.all_there"))
        else:
            named = listed([kind_word(kind) for kind in kinds])
            room.note_change(outcome, t("checklists.added_ready", kinds=named, n=number))

    room.tell(partial(_adding_ready, kinds=kinds), added)


def _adding_ready(desk: Desk, *, kinds: tuple[str, ...]) -> tuple[Outcome | None, int]:
    """Add what is missing of the ready checklists, as one group; tell how many questions that were."""
    intents: list[Intent] = []
    for kind in kinds:
        intents += store.adding_examples(store.look_at(desk, kind))
    if not intents:
        return None, 0
    number = sum(intent.kind != "checklist.edit" for intent in intents)
    return desk.perform(*intents), number


def _row(made: KindAsked) -> RowView:
    if made.questions:
        asked = Mark("✓", t("checklists.n_questions", n=len(made.questions)), Tone.GOOD)
    elif store.has_examples(made.kind):
        asked = Mark("○", t("checklists.has_ready"), Tone.INFO if made.points else Tone.MUTED)
    else:
        asked = Mark("·", t("checklists.none"), Tone.MUTED)
    return RowView(
        made.kind,
        (
            kind_word(made.kind),
            str(made.points) if made.points else "—",
            asked,
            listed([question.text for question in made.questions]),
        ),
        muted=not made.points and not made.questions,
    )
