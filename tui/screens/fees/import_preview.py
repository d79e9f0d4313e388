"""What a file of fees would add, before it does: a list for each kind of line, and buttons with verbs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from threading import Event
from typing import ClassVar, overload

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.message import Message

from models.fees.carrying import Carried, Group, carry_out
from models.problems import Problem
from tui.actions import Action, action, shown_key
from tui.desk import Desk
from tui.i18n import t
from tui.screens.base import LinliScreen
from tui.widgets.button_keys import step_between_buttons
from tui.widgets.long_list import LongList
from tui.widgets.rows import Column, RowView
from tui.widgets.tabs import View, ViewTabs
from tui.widgets.text import Line, Mark, PushButton, Tone, plain
from tui.words import problem_text, refusal_text

FIRST = action("fee_import.show_first", "1", footer=False)
SECOND = action("fee_import.show_second", "2", footer=False)
THIRD = action("fee_import.show_third", "3", footer=False)
FOURTH = action("fee_import.show_fourth", "4", footer=False)
_SHOWN = (FIRST, SECOND, THIRD, FOURTH)
_ARROWS = {"up": ("move", -1), "down": ("move", 1), "pageup": ("page", -1), "pagedown": ("page", 1)}


class Made(Sequence[RowView]):
    """Rows that are put into words when they come into view: a bill may have ten thousand."""

    def __init__(self, number: int, make: Callable[[int], RowView]) -> None:
        self._places = range(number)
        self._make = make

    def __len__(self) -> int:
        return len(self._places)

    @overload
    def __getitem__(self, at: int) -> RowView: ...

    @overload
    def __getitem__(self, at: slice) -> list[RowView]: ...

    def __getitem__(self, at: int | slice) -> RowView | list[RowView]:
        if isinstance(at, slice):
            return [self._make(place) for place in self._places[at]]
        return self._make(self._places[at])


@dataclass(frozen=True, slots=True)
class Part:
    """A list of the preview: its name and what it says when it is empty, in words, its columns and its rows.

    `detail` says under the list what the columns of a row, named by its id, may be too narrow for.
    """

    id: str
    label: str
    empty: str
    columns: tuple[Column, ...]
    rows: Sequence[RowView] = field(repr=False)
    detail: Callable[[str], str] = lambda _row_id: ""


@dataclass(frozen=True, slots=True)
class Offer:
    """What a file comes to: a sentence, the lists, and what its button writes, which has no verb where that is nothing.

    `groups` is asked for what to write when the button is pressed; `why_not` says why whoever acts may not press it.
    """

    said: Mark
    parts: tuple[Part, ...]
    verb: str
    groups: Callable[[], Sequence[Group]] = field(repr=False)
    done: Callable[[int], str]
    why_not: str = ""


class FilePreview(LinliScreen):
    """The lists of an offer. Nothing is written before its button is pressed, and Esc stops between groups."""

    AUTO_FOCUS = "#leave"
    ACTIONS: ClassVar[tuple[Action, ...]] = _SHOWN
    DEFAULT_CSS = """
    FilePreview #summary { height: auto; margin-bottom: 1; }
    FilePreview ViewTabs { margin-bottom: 1; }
    FilePreview.-short ViewTabs { margin-bottom: 0; }
    FilePreview LongList { display: none; }
    FilePreview LongList.-shown { display: block; }
    FilePreview #detail { height: auto; max-height: 3; color: $text-muted; }
    FilePreview .buttons { margin: 1 0 0 0; align-horizontal: left; }
    """

    @dataclass
    class Progress(Message):
        """Groups written so far, of how many. Posted from the worker."""

        done: int
        total: int

    def __init__(self, offer: Offer) -> None:
        super().__init__()
        self.offer = offer
        self.writing = False
        self.carried: Carried | None = None
        self._stop = Event()
        self._view = next((part.id for part in offer.parts if part.rows), offer.parts[0].id)

    def body(self) -> ComposeResult:
        yield Line(self.offer.said, id="summary")
        views = [
            View(part.id, shown_key(made.current_keys[0]), part.label, str(len(part.rows)))
            for made, part in zip(_SHOWN, self.offer.parts, strict=False)
        ]
        yield ViewTabs(views, self._view)
        for part in self.offer.parts:
            yield LongList(part.columns, empty=part.empty, lit=True, id=part.id)
        yield Line(id="detail")
        with Horizontal(classes="buttons"):
            leave = t("import.leave" if self.offer.verb else "import.back")
            yield PushButton(leave, id="leave", variant="primary")
            if self.offer.verb:
                button = PushButton(self.offer.verb, id="do", variant="warning")
                button.disabled = bool(self.offer.why_not)
                yield button

    def on_mount(self) -> None:
        for part in self.offer.parts:
            self.query_one(f"#{part.id}", LongList).show(part.rows)
        self._show_view(self._view)
        if self.offer.why_not and self.offer.verb:
            self.flash(self.offer.why_not, Tone.WARN)

    # Lists

    def _show_view(self, view: str) -> None:
        self._view = view
        self.query_one(ViewTabs).current = view
        for part in self.offer.parts:
            self.query_one(f"#{part.id}").set_class(part.id == view, "-shown")
        self._show_detail()

    def _show_detail(self) -> None:
        part = next(part for part in self.offer.parts if part.id == self._view)
        shown = self.query_one(f"#{self._view}", LongList).highlighted
        self.query_one("#detail", Line).show(part.detail(shown) if shown else "")

    def on_long_list_highlighted(self) -> None:
        self._show_detail()

    def on_view_tabs_chosen(self, event: ViewTabs.Chosen) -> None:
        self._show_view(event.view_id)

    def why_not(self, action_id: str) -> str | None:
        shown = [made.id for made in _SHOWN]
        if action_id in shown and shown.index(action_id) >= len(self.offer.parts):
            return t("reconcile.nothing_in_front")
        return super().why_not(action_id)

    def _show_nth(self, place: int) -> None:
        self._show_view(self.offer.parts[place].id)

    def do_show_first(self) -> None:
        self._show_nth(0)

    def do_show_second(self) -> None:
        self._show_nth(1)

    def do_show_third(self) -> None:
        self._show_nth(2)

    def do_show_fourth(self) -> None:
        self._show_nth(3)

    def on_key(self, event: events.Key) -> None:
        """Let arrows move through the list while a button has the focus, and left and right change buttons."""
        step_between_buttons(self, self.focused, event)
        if isinstance(self.focused, PushButton) and event.key in _ARROWS:
            event.stop()
            what, by = _ARROWS[event.key]
            shown = self.query_one(f"#{self._view}", LongList)
            (shown.action_move if what == "move" else shown.action_page)(by)

    # Writing

    def on_button_pressed(self, event: PushButton.Pressed) -> None:
        if event.button.id == "do":
            self._write()
        else:
            self.do_back()

    def do_back(self) -> None:
        """Leave; while something is written, stop after the group that is on its way."""
        if self.writing and not self._stop.is_set():
            self._stop.set()
            self._say(Mark("◐", t("fee_import.stopping"), Tone.INFO))
            return
        super().do_back()

    def _say(self, said: Mark) -> None:
        self.query_one("#summary", Line).show(said)

    def _write(self) -> None:
        if self.writing or self.carried is not None:
            return
        self.writing = True
        for button in self.query(PushButton):
            button.disabled = True
        self._say(Mark("◐", t("fee_import.writing", percent=0), Tone.INFO))
        groups = self.offer.groups

        def write(desk: Desk) -> Carried:
            return carry_out(desk.store, groups(), desk.acting(), self._heard)

        self.tell(write, self._written, failed=self._failed)

    def _heard(self, done: int, total: int) -> bool:
        # In the worker: a message crosses over to the screen.
        self.post_message(self.Progress(done, total))
        return not self._stop.is_set()

    def on_file_preview_progress(self, event: Progress) -> None:
        if self.writing and not self._stop.is_set():
            percent = event.done * 100 // max(1, event.total)
            self._say(Mark("◐", t("fee_import.writing", percent=percent), Tone.INFO))

    def _failed(self, _error: Exception) -> None:
        self.writing = False
        self._stop.clear()
        self._say(Mark("×", t("import.stopped"), Tone.BAD))
        for button in self.query(PushButton):
            button.disabled = False

    def _written(self, carried: Carried) -> None:
        self.writing = False
        self.carried = carried
        if carried.refused is not None:
            why = refusal_text(carried.refused)
            self._say(Mark("!", t("fee_import.refused", n=carried.rows, of=carried.of, why=why), Tone.WARN))
        elif carried.stopped:
            self._say(Mark("!", t("fee_import.stopped", n=carried.rows, of=carried.of), Tone.WARN))
        else:
            self._say(Mark("√", self.offer.done(carried.rows), Tone.GOOD))
        for button in self.query("#do"):
            button.remove()
        leave = self.query_one("#leave", PushButton)
        leave.label = plain(t("import.back"))
        leave.disabled = False
        leave.focus()


def problem_part(problems: tuple[Problem, ...], notes: frozenset[str]) -> Part:
    """Return the list of what is wrong with a file; `notes` are the codes that cost no line."""
    columns = (
        Column(t("register.state"), 10, priority=9),
        Column(t("import.what"), 30, priority=8, grow=True),
    )
    details = {str(number): problem_text(problem) for number, problem in enumerate(problems)}
    note, costs = Mark("·", t("import.note"), Tone.MUTED), Mark("!", t("import.costs"), Tone.WARN)
    rows = tuple(
        RowView(row_id, (note if problem.code in notes else costs, text))
        for (row_id, text), problem in zip(details.items(), problems, strict=True)
    )
    name, empty = t("fee_import.problems"), t("fee_import.none_problems")
    return Part("problems", name, empty, columns, rows, lambda row_id: details[row_id])
