"""Choose one thing: by typing a part of it or its pinyin, by arrows, digit or click."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical

from tui.actions import Action, action, variants
from tui.i18n import t
from tui.screens.base import Modal
from tui.widgets.bars import KeyBar
from tui.widgets.long_list import LongList
from tui.widgets.picker import Option, matching, option_rows
from tui.widgets.rows import Column
from tui.widgets.search import SearchBox
from tui.widgets.text import Line, Tone, set_border_title, width

FEW = 9  # up to here a digit chooses and nothing need be typed
_AROUND = 10  # lines of a dialog that are not the list
_PICK = action("choose.pick", "enter")


class Choose(Modal[str]):
    """Results in the id of the chosen option, or in None after Esc.

    Up to nine options carry digits, unless `typed` asks for the search box.
    """

    ACTIONS: ClassVar[tuple[Action, ...]] = (_PICK,)
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(",".join(variants(str(digit))), f"number({digit})") for digit in range(1, FEW + 1)
    ]

    def __init__(
        self, title: str, options: Sequence[Option], *, current: str | None = None, typed: bool = False
    ) -> None:
        super().__init__()
        self.heading = title
        self.purpose = t("choose.purpose")
        self._options = tuple(options)
        self._shown: Sequence[Option] = self._options
        self._current = current
        self._few = len(self._options) <= FEW and not typed

    def compose(self) -> ComposeResult:
        noted = any(option.note or option.reason for option in self._options)
        longest = max((width(option.text) for option in self._options[:200]), default=0)
        columns = (
            *((Column("", 1, priority=9),) if self._few else ()),
            Column("", min(longest, 30) if noted else 10, priority=8, grow=not noted),
            *((Column("", 10, grow=True),) if noted else ()),
        )
        with Vertical(classes="dialog", id="choose") as dialog:
            set_border_title(dialog, self.heading)
            if not self._few:
                yield SearchBox("#options", hint=t("choose.hint"), id="search")
            options = LongList(columns, header=False, empty=t("choose.none"), lit=True, id="options")
            options.styles.height = max(3, min(len(self._options), 16, self.app.size.height - _AROUND))
            options.can_focus = self._few
            yield options
            yield Line(id="said")
            yield KeyBar()

    def on_mount(self) -> None:
        self._show(self._options)
        for index, option in enumerate(self._options):
            if option.id == self._current:
                self.query_one(LongList).move_to(index)

    def _show(self, options: Sequence[Option]) -> None:
        self._shown = options
        self.query_one(LongList).show(option_rows(options, numbered=self._few))

    def on_search_box_searched(self, event: SearchBox.Searched) -> None:
        self._show(matching(self._options, event.text))

    def on_long_list_picked(self, event: LongList.Picked) -> None:
        self._take(event.row_id)

    def do_pick(self) -> None:
        self.query_one(LongList).action_pick()

    def action_number(self, digit: int) -> None:
        if self._few and digit <= len(self._options):
            self._take(self._options[digit - 1].id)

    def _take(self, option_id: str) -> None:
        option = next(option for option in self._options if option.id == option_id)
        if option.reason is None:
            self.dismiss(option_id)
        else:
            self.flash(option.reason, Tone.WARN)
