"""A list whose rows are put in another order: picked up and carried by keys, or dragged with the mouse."""

# ruff: noqa: A002 - `id` is what Textual calls it

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.reactive import reactive

from tui.widgets.long_list import LongList
from tui.widgets.rows import Column, Rows, RowView

_HOLDING = "↕"


class ArrangeList(LongList):
    """Shows rows with their numbers. Posts Arranged with all ids in their new order when a row was put down.

    Space or Enter picks a row up and puts it down, the arrows carry it; Esc puts
    it back. Alt and an arrow moves it one place at once. Among rows that were
    looked for a place means nothing: all of them are shown again first.
    """

    HELP_KEY: ClassVar[str] = "help.arrange"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space,ideographic_space,enter", "hold"),
        Binding("alt+up,ctrl+up,shift+up", "nudge(-1)"),
        Binding("alt+down,ctrl+down,shift+down", "nudge(1)"),
    ]
    held: reactive[bool] = reactive(default=False)

    @dataclass
    class Arranged(Message):
        """The rows have another order; `moved` is the row that was carried."""

        list: ArrangeList
        row_ids: tuple[str, ...]
        moved: str

        @property
        def control(self) -> ArrangeList:
            return self.list

    @dataclass
    class Held(Message):
        """A row was picked up, or put down again."""

        list: ArrangeList
        row_id: str
        held: bool

    @dataclass
    class Whole(Message):
        """All rows are shown again: whatever was looked for is found."""

    def __init__(self, columns: Sequence[Column], *, empty: str = "", id: str | None = None) -> None:
        super().__init__((Column("", 6, priority=9, align="right"), *columns), empty=empty, id=id)
        self._order: list[RowView] = []
        self._before: list[RowView] = []
        self._dragging = False

    # Rows in and out

    @property
    def carrying(self) -> bool:
        """Whether a row is in somebody's hands, by key or by mouse."""
        return self.held or self._dragging

    def show_order(self, rows: Sequence[RowView]) -> None:
        """Show rows in their order, unless one is being carried: what is in somebody's hands stays there."""
        if self.carrying:
            return
        self._order = list(rows)
        self.show(self._order, keep=True)

    @property
    def row_ids(self) -> tuple[str, ...]:
        return tuple(row.id for row in self._order)

    def _row(self, index: int) -> RowView | None:
        row = super()._row(index)
        if row is None:
            return None
        carried = self.carrying and index == self.cursor
        return replace(row, cells=(f"{_HOLDING} {index + 1}" if carried else str(index + 1), *row.cells))

    def sift(self, text: str) -> None:
        if text != self._sieve and self.carrying:
            self._restore()
        super().sift(text)

    def _show_whole(self) -> bool:
        """Show all rows and stay on the chosen one; tells whether there is one."""
        if self._sieve:
            row_id = self.highlighted
            if row_id is None:
                return False
            self.sift("")
            self.move_to(self.row_ids.index(row_id))
            self.post_message(self.Whole())
        return bool(self._order)

    # Keys

    def action_hold(self) -> None:
        if not self._show_whole():
            return
        if self.held:
            self._put_down()
        else:
            self._pick_up()
            self.held = True
            self.refresh()
            self.post_message(self.Held(self, self._order[self.cursor].id, held=True))

    def action_move(self, by: int) -> None:
        if self.held:
            self._carry(self.cursor + by)
        else:
            super().action_move(by)

    def action_page(self, by: int) -> None:
        if self.held:
            self._carry(self.cursor + by * max(1, self.size.height - self._header - 1))
        else:
            super().action_page(by)

    def action_jump(self, to_end: bool) -> None:  # noqa: FBT001 - Textual passes it by position
        if self.held:
            self._carry(len(self._order) - 1 if to_end else 0)
        else:
            super().action_jump(to_end)

    def action_nudge(self, by: int) -> None:
        if self.held:
            self._carry(self.cursor + by)
            return
        if self._show_whole():
            self._pick_up()
            self._carry(self.cursor + by)
            self._put_down()

    def put_back(self) -> bool:
        """Let go of the carried row where it came from; tells whether one was carried."""
        if not self.held:
            return False
        row_id = self._order[self.cursor].id
        self._restore()
        self.post_message(self.Held(self, row_id, held=False))
        return True

    def _restore(self) -> None:
        row_id = self._order[self.cursor].id
        self._order = self._before
        self.held = self._dragging = False
        self.cursor = self.row_ids.index(row_id)
        self._redraw()

    def _pick_up(self) -> None:
        self._before = list(self._order)

    def _carry(self, place: int) -> None:
        place = max(0, min(place, len(self._order) - 1))
        if place == self.cursor:
            return
        row = self._order.pop(self.cursor)
        self._order.insert(place, row)
        self.cursor = place
        self._redraw()

    def _put_down(self) -> None:
        row_id = self._order[self.cursor].id
        was_held, self.held = self.held, False
        if [row.id for row in self._before] != list(self.row_ids):
            self.post_message(self.Arranged(self, self.row_ids, row_id))
        elif was_held:
            self.post_message(self.Held(self, row_id, held=False))
        self.refresh()

    def _redraw(self) -> None:
        self._whole = self._source = Rows(self._order)
        self._pages.clear()
        self._keep_cursor_in_view()
        self.refresh()
        self._tell_highlight()

    # Mouse

    def _place_at(self, y: int) -> int | None:
        """Return the place of the row at a line of the widget, the nearest one beyond either end."""
        if not self._order:
            return None
        return max(0, min(self.scroll_offset.y + y - self._header, len(self._order) - 1))

    def on_mouse_down(self, event: events.MouseDown) -> None:
        place = self._place_at(event.y)
        if event.button != 1 or place is None or event.y < self._header:
            return
        if self.held:
            self._carry(place)
            self._put_down()
            return
        self.move_to(place)
        if self._sieve:
            return
        self._pick_up()
        self._dragging = True
        self.capture_mouse()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        place = self._place_at(event.y)
        if self._dragging and place is not None:
            self._carry(place)

    def on_mouse_up(self) -> None:
        if self._dragging:
            self._dragging = False
            self.release_mouse()
            self._put_down()

    def on_mouse_release(self) -> None:
        """A dialog has come between, which gets to know when the button is let go: the row goes back."""
        if self._dragging:
            self._restore()

    def on_click(self, event: events.Click) -> None:
        event.prevent_default()  # pressing and letting go have done all there is to do
