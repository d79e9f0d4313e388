"""Choosing the spreadsheet to import: the newest ones are listed, any path can be typed or dropped."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import ClassVar

from textual import events
from textual.app import ComposeResult

from models.problems import Problem
from tui.actions import Action, action
from tui.desk import Desk
from tui.i18n import t
from tui.screens.base import LinliScreen
from tui.screens.register.files import (
    FoundFile,
    completions,
    expanded,
    looks_like_path,
    path_of,
    recent_files,
)
from tui.screens.register.import_plan import Preview, Unreadable, look_at
from tui.screens.register.import_preview import ImportPreview
from tui.widgets.long_list import LongList
from tui.widgets.rows import Column, RowView
from tui.widgets.search import SearchBox, folded
from tui.widgets.text import Line, Tone
from tui.words import problem_text

PICK = action("import.pick", "enter")


class PathBox(SearchBox):
    """A line for a name or a path; a dropped file stands alone in it."""

    @property
    def sought(self) -> str:
        return folded(self.value)  # a path may begin with a slash

    def on_paste(self, event: events.Paste) -> None:
        if looks_like_path(event.text):
            # The path takes the place of what was typed: half a name before it makes no path.
            event.prevent_default()
            event.stop()
            self.value = path_of(event.text.splitlines()[0])
            self.cursor_position = len(self.value)


class ImportScreen(LinliScreen):
    """Choose a file; the preview opens on top of it."""

    ROOM: ClassVar[str] = "import"
    AUTO_FOCUS = "#path"
    ACTIONS: ClassVar[tuple[Action, ...]] = (PICK,)
    DEFAULT_CSS = """
    ImportScreen #path { margin: 1 0; }
    ImportScreen.-short #path { margin: 0 0 1 0; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._recent: tuple[FoundFile, ...] = ()
        self._shown: dict[str, FoundFile] = {}

    def body(self) -> ComposeResult:
        yield Line(t("import.choose"), id="choose_line")
        yield PathBox("#files", hint=t("import.path_hint"), id="path")
        yield LongList(
            (
                Column(t("import.file"), 20, priority=9, grow=True),
                Column(t("import.folder"), 18, priority=6),
                Column(t("import.when"), 16, priority=7),
                Column(t("import.size"), 8, priority=4, align="right"),
            ),
            empty=t("import.no_files"),
            lit=True,
            id="files",
        )

    def on_mount(self) -> None:
        self.run_worker(self._scan, thread=True)

    def _scan(self) -> None:
        found = recent_files()
        self.post_message(self.Answered(self._show_recent, found))

    def _show_recent(self, found: tuple[FoundFile, ...]) -> None:
        self._recent = found
        self._show(found)

    def _show(self, found: tuple[FoundFile, ...]) -> None:
        self._shown = {str(entry.path): entry for entry in found}
        self.query_one(LongList).show([_row(entry) for entry in found])

    def on_search_box_searched(self) -> None:
        text = self.query_one(PathBox).value
        if not looks_like_path(text):
            wanted = folded(text)
            self._show(tuple(entry for entry in self._recent if wanted in folded(entry.path.name)))
            return

        def complete(_desk: Desk) -> tuple[FoundFile, ...]:
            return completions(text)

        self.ask(complete, self._show, latest="files")

    def on_search_box_entered(self, event: SearchBox.Entered) -> None:
        """Open the file whose path was typed whole, else what is highlighted."""
        text = self.query_one(PathBox).value
        if looks_like_path(text) and expanded(text).is_file():
            event.prevent_default()  # the shell would pick the highlighted row as well
            self._look(expanded(text))
        elif looks_like_path(text) and not expanded(text).is_dir() and not self._shown:
            event.prevent_default()
            self.flash(t("import.no_such_file", path=path_of(text)), Tone.WARN)

    def on_long_list_picked(self, event: LongList.Picked) -> None:
        found = self._shown.get(event.row_id)
        if found is None:
            return
        if found.is_folder:
            box = self.query_one(PathBox)
            box.value = f"{found.path}/"
            box.cursor_position = len(box.value)
            box.focus()
        else:
            self._look(found.path)

    def do_pick(self) -> None:
        self.query_one(LongList).action_pick()

    # Reading

    def _look(self, path: Path) -> None:
        self.flash(t("import.looking", name=path.name))

        def look(desk: Desk) -> Preview | Unreadable:
            return look_at(desk, path)

        # A large file takes seconds; Esc leaves it, and another file takes its place.
        self.ask(look, self._looked, latest="look")

    def _looked(self, found: Preview | Unreadable) -> None:
        if isinstance(found, Unreadable):
            first, more = problem_text(_worded(found.problems[0])), len(found.problems) - 1
            self.flash(t("import.and_more", first=first, n=more) if more else first, Tone.BAD)
            return
        self.flash("")
        preview = ImportPreview(found)

        def left(_nothing: None) -> None:
            if preview.report is not None:
                self.dismiss()  # done: there is nothing more to choose

        self.app.push_screen(preview, left)


def _worded(problem: Problem) -> Problem:
    """Return a problem that names the kind of a wrong file in words, where there is one."""
    kind = problem.params.get("kind")
    words = {"binary": "import.kind_binary", "program": "import.kind_program", "device": "import.kind_device"}
    return replace(problem, params={**problem.params, "kind": t(words[kind])}) if kind in words else problem


def _row(entry: FoundFile) -> RowView:
    folder = str(entry.path.parent)
    home = str(Path.home())
    shown = "~" + folder.removeprefix(home) if folder.startswith(home) else folder
    if entry.is_folder:
        return RowView(str(entry.path), (f"{entry.path.name}/", shown, "", ""))
    return RowView(str(entry.path), (entry.path.name, shown, _when(entry.changed), _size(entry.size)))


def _when(changed: datetime) -> str:
    return f"{changed.astimezone():%Y-%m-%d %H:%M}"


def _size(size: int) -> str:
    return f"{max(1, size // 1024)} KB" if size < 1024 * 1024 else f"{size / 1024 / 1024:.1f} MB"
