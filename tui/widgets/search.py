"""A line to type a search into while the arrows move through the list beneath."""

# ruff: noqa: A002 - `id` is what Textual calls it

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.timer import Timer
from textual.widgets import Input

from tui.widgets.long_list import LongList
from tui.widgets.text import clean, plain

PAUSE = 0.12  # seconds within which letters belong together: one search for all that follow the first


class Entry(Input):
    """A one-line input that keeps what is typed when it gets the focus back."""

    DEFAULT_CSS = """
    Entry, Entry:focus {
        border: none; height: 1; padding: 0 1; background: $surface;
    }
    Entry:focus { background: $panel; }
    """

    def __init__(
        self,
        value: str = "",
        *,
        hint: str = "",
        max_length: int = 0,
        password: bool = False,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        super().__init__(
            clean(value),
            placeholder=plain(hint).plain,
            max_length=max_length,
            password=password,
            select_on_focus=False,
            id=id,
            classes=classes,
        )

    def validate_value(self, value: str) -> str:
        """Keep out what could steer the terminal: a paste brings whatever was copied."""
        return clean(value)

    def on_paste(self, event: events.Paste) -> None:
        """Take all lines of a paste into the one, and of one that is too long what there is room for."""
        event.prevent_default()
        event.stop()
        text = " ".join(line for line in event.text.splitlines() if line)
        if self.max_length:
            text = text[: max(0, self.max_length - len(self.value) + len(self.selected_text))]
        if text:
            self.replace(text, *self.selection)


class SearchBox(Entry):
    """Posts Searched at the first letter and once typing pauses; hands arrows and Enter to `target`'s LongList."""

    HELP_KEY: ClassVar[str] = "help.search"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "list('move', -1)"),
        Binding("down", "list('move', 1)"),
        Binding("pageup", "list('page', -1)"),
        Binding("pagedown", "list('page', 1)"),
        Binding("enter", "list('pick')"),
    ]

    @dataclass
    class Searched(Message):
        """`text` is NFKC-normalised, case-folded and stripped."""

        box: SearchBox
        text: str

        @property
        def control(self) -> SearchBox:
            return self.box

    @dataclass
    class Entered(Message):
        """Enter was pressed: the highlighted row of `target` is to be opened.

        It follows Searched on the same way, so the list has the new rows by then.
        """

        target: str

    def __init__(self, target: str, *, hint: str = "", id: str | None = None) -> None:
        super().__init__(hint=hint, id=id)
        self._target = target
        self._pause: Timer | None = None
        self._told = ""

    @property
    def sought(self) -> str:
        """What is looked for: a person who begins every search with a slash means what follows it."""
        return folded(self.value).removeprefix("/").lstrip()

    def watch_value(self, _value: str) -> None:
        if not self.is_mounted:
            return
        if self._pause is None:
            self._tell()  # nobody is in the midst of typing: no need to wait
        else:
            self._pause.stop()
        self._pause = self.set_timer(PAUSE, self._paused)

    def _paused(self) -> None:
        self._pause = None
        self._tell()

    def _tell(self) -> None:
        text = self.sought
        if text != self._told:
            self._told = text
            self.post_message(self.Searched(self, text))

    def action_list(self, what: str, by: int = 0) -> None:
        if what == "pick":
            self._tell()
            self.post_message(self.Entered(self._target))
            return
        target = self.screen.query_one(self._target, LongList)
        if what == "move":
            target.action_move(by)
        else:
            target.action_page(by)


def folded(text: str) -> str:
    """Return `text` as searches compare it: full-width letters and case make no difference."""
    return unicodedata.normalize("NFKC", text).casefold().strip()
