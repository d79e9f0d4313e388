"""What an import would do, before it does anything: four lists, and two buttons with verbs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.message import Message

from models.importing import ImportReport, carry_out
from tui.actions import Action, action, shown_key
from tui.desk import Desk
from tui.i18n import t
from tui.screens.base import LinliScreen
from tui.screens.register.import_plan import ADDED, CHANGED, PROBLEMS, UNCHANGED, Preview, problem_rows
from tui.widgets.long_list import LongList
from tui.widgets.rows import Column, Rows
from tui.widgets.tabs import View, ViewTabs
from tui.widgets.text import Line, Mark, PushButton, Tone, plain

SHOW_ADDED = action("import.show_added", "1", footer=False)
SHOW_CHANGED = action("import.show_changed", "2", footer=False)
SHOW_UNCHANGED = action("import.show_unchanged", "3", footer=False)
SHOW_PROBLEMS = action("import.show_problems", "4", footer=False)


_VIEWS = {
    ADDED: (SHOW_ADDED, "import.added"),
    CHANGED: (SHOW_CHANGED, "import.changed"),
    UNCHANGED: (SHOW_UNCHANGED, "import.unchanged"),
    PROBLEMS: (SHOW_PROBLEMS, "import.problems"),
}
_EMPTY = {
    ADDED: "import.none_added",
    CHANGED: "import.none_changed",
    UNCHANGED: "import.none_unchanged",
    PROBLEMS: "import.none_problems",
}
_ARROWS = {"up": ("move", -1), "down": ("move", 1), "pageup": ("page", -1), "pagedown": ("page", 1)}


class ImportPreview(LinliScreen):
    """The plan of an import. Nothing is written before its button is pressed."""

    ROOM: ClassVar[str] = "import_preview"
    AUTO_FOCUS = "#leave"
    ACTIONS: ClassVar[tuple[Action, ...]] = (SHOW_ADDED, SHOW_CHANGED, SHOW_UNCHANGED, SHOW_PROBLEMS)
    DEFAULT_CSS = """
    ImportPreview #summary { margin-bottom: 1; }
    ImportPreview ViewTabs { margin-bottom: 1; }
    ImportPreview.-short ViewTabs { margin-bottom: 0; }
    ImportPreview LongList { display: none; }
    ImportPreview LongList.-shown { display: block; }
    ImportPreview #detail { height: auto; max-height: 3; color: $text-muted; }
    ImportPreview .buttons { margin: 1 0 0 0; align-horizontal: left; }
    """

    @dataclass
    class Progress(Message):
        """Groups written so far, of how many. Posted from the worker."""

        done: int
        total: int

    def __init__(self, preview: Preview) -> None:
        super().__init__()
        self.preview = preview
        self.importing = False
        self.report: ImportReport | None = None
        self._view = next((view for view in _VIEWS if preview.rows[view]), ADDED)

    def body(self) -> ComposeResult:
        yield Line(self._summary(), id="summary")
        yield ViewTabs(self._views(), self._view)
        code, line = (
            Column(t("register.code"), 11, priority=9),
            Column(t("import.line"), 6, priority=5, align="right"),
        )
        people = Column(t("import.people"), 20, priority=8, grow=True)
        columns: dict[str, Sequence[Column]] = {
            ADDED: (
                code,
                people,
                Column(t("register.area"), 12, priority=7, align="right"),
                Column(t("register.floor"), 5, priority=4, align="right"),
                line,
            ),
            CHANGED: (
                code,
                Column(t("register.name"), 8, priority=7),
                Column(t("import.field"), 9, priority=8),
                Column(t("import.old_new"), 24, priority=8, grow=True),
                line,
            ),
            UNCHANGED: (code, people, line),
            PROBLEMS: (
                Column(t("register.state"), 10, priority=9),
                Column(t("import.what"), 30, priority=8, grow=True),
            ),
        }
        if self.preview.drains:
            code = Column(t("import.drain"), 15, priority=9)
            says = Column(t("import.says"), 20, priority=8, grow=True)
            changes = (code, *columns[CHANGED][2:])
            columns |= {ADDED: (code, says, line), CHANGED: changes, UNCHANGED: (code, says, line)}
        for view in _VIEWS:
            yield LongList(columns[view], self._source(view), empty=t(_EMPTY[view]), lit=True, id=view)
        yield Line(id="detail")
        with Horizontal(classes="buttons"):
            yield PushButton(t("import.leave"), id="leave", variant="primary")
            if self.preview.does_something:
                yield PushButton(self._verb(), id="do", variant="warning")

    def on_mount(self) -> None:
        self._show_view(self._view)

    def _verb(self) -> str:
        if self.preview.writes:
            return t("import.do", n=self.preview.writes)
        return t("import.do_buildings")

    def _source(self, view: str) -> Rows:
        return Rows(self.preview.rows[view])

    def _views(self) -> tuple[View, ...]:
        plan = self.preview.plan
        counts = {
            ADDED: plan.added,
            CHANGED: plan.changed,
            UNCHANGED: plan.unchanged,
            PROBLEMS: len(self.preview.rows[PROBLEMS]),
        }
        return tuple(
            View(view, shown_key(made.current_keys[0]), t(key), str(counts[view]))
            for view, (made, key) in _VIEWS.items()
        )

    def _summary(self) -> Mark:
        plan = self.preview.plan
        if not self.preview.does_something:
            nothing = "import.no_new_drains" if self.preview.drains else "import.nothing_to_do"
            return Mark("√", t(nothing, name=self.preview.name, n=plan.unchanged), Tone.GOOD)
        return Mark("○", t("import.not_yet", name=self.preview.name))

    # Views

    @property
    def shown(self) -> LongList:
        return self.query_one(f"#{self._view}", LongList)

    def _show_view(self, view: str) -> None:
        self._view = view
        self.query_one(ViewTabs).current = view
        for one in _VIEWS:
            self.query_one(f"#{one}").set_class(one == view, "-shown")
        self._show_detail()

    def _show_detail(self) -> None:
        """Show the highlighted row whole where its column may be too narrow for it."""
        shown = self.shown.highlighted
        rows = self.preview.rows[self._view]
        row = (
            next((row for row in rows if row.id == shown), None)
            if self._view in {CHANGED, PROBLEMS}
            else None
        )
        text = "" if row is None else str(row.cells[-1] if self._view == PROBLEMS else row.cells[-2])
        self.query_one("#detail", Line).show(text)

    def on_long_list_highlighted(self) -> None:
        self._show_detail()

    def on_view_tabs_chosen(self, event: ViewTabs.Chosen) -> None:
        self._show_view(event.view_id)

    def do_show_added(self) -> None:
        self._show_view(ADDED)

    def do_show_changed(self) -> None:
        self._show_view(CHANGED)

    def do_show_unchanged(self) -> None:
        self._show_view(UNCHANGED)

    def do_show_problems(self) -> None:
        self._show_view(PROBLEMS)

    def on_key(self, event: events.Key) -> None:
        """Let arrows move through the list while a button has the focus, and left and right change buttons."""
        if not isinstance(self.focused, PushButton):
            return
        if event.key in _ARROWS:
            event.stop()
            what, by = _ARROWS[event.key]
            (self.shown.action_move if what == "move" else self.shown.action_page)(by)
        elif event.key in {"left", "right"}:
            event.stop()
            buttons = list(self.query(PushButton))
            place = buttons.index(self.focused) + (1 if event.key == "right" else -1)
            if 0 <= place < len(buttons):
                buttons[place].focus()

    # Doing it

    def on_button_pressed(self, event: PushButton.Pressed) -> None:
        if event.button.id == "do":
            self._import()
        else:
            self.do_back()

    def do_back(self) -> None:
        """Leave. An import that runs goes on: half of it would help nobody."""
        if self.importing:
            self.linli.call_later(self.linli.flash, t("import.goes_on"), Tone.INFO)
        super().do_back()

    def _import(self) -> None:
        if self.importing or self.report is not None:
            return
        self.importing = True
        for button in self.query(PushButton):
            button.disabled = True
        self.query_one("#summary", Line).show(Mark("◐", t("import.writing", percent=0), Tone.INFO))
        plan = self.preview.plan

        def write(desk: Desk) -> ImportReport:
            return carry_out(desk.store, plan, desk.acting(), progress=self._note_progress)

        self.tell(write, self._done, failed=self._failed)

    def _note_progress(self, done: int, total: int) -> None:
        # In the worker: a message crosses over to the screen.
        self.post_message(self.Progress(done, total))

    def on_import_preview_progress(self, event: Progress) -> None:
        if self.importing:
            percent = event.done * 100 // max(1, event.total)
            self.query_one("#summary", Line).show(Mark("◐", t("import.writing", percent=percent), Tone.INFO))

    def _failed(self, _error: Exception) -> None:
        self.importing = False
        self.query_one("#summary", Line).show(Mark("×", t("import.stopped"), Tone.BAD))
        for button in self.query(PushButton):
            button.disabled = False

    def _done(self, report: ImportReport) -> None:
        self.importing = False
        self.report = report
        late = len(report.problems) - len(self.preview.plan.problems)
        self.preview = replace(
            self.preview, rows={**self.preview.rows, PROBLEMS: problem_rows(report.problems)}
        )
        self.query_one(f"#{PROBLEMS}", LongList).show(self.preview.rows[PROBLEMS])
        self.query_one(ViewTabs).views = self._views()
        said = t(
            "import.done_drains" if self.preview.drains else "import.done",
            added=report.added,
            changed=report.changed,
            unchanged=report.unchanged,
            problems=len(report.problems),
        )
        tone = Tone.WARN if late > 0 else Tone.GOOD
        self.query_one("#summary", Line).show(Mark("√" if tone is Tone.GOOD else "!", said, tone))
        for button in self.query("#do"):
            button.remove()
        leave = self.query_one("#leave", PushButton)
        leave.label = plain(t("import.back"))
        leave.disabled = False
        leave.focus()
