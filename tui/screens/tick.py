"""Tick some of several things: space, Enter, a digit or a click ticks one, F2 takes those that are ticked."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical

from tui import actions
from tui.actions import Action, action, variants
from tui.i18n import t
from tui.screens.base import Modal
from tui.widgets.bars import KeyBar, KeyView
from tui.widgets.long_list import LongList
from tui.widgets.picker import Option
from tui.widgets.rows import Column, RowView
from tui.widgets.text import Line, Mark, PushButton, Tone, set_border_title

_TICK = action("tick.tick", "space")
_ALL = action("tick.all", "f3")
_FEW = 9
_AROUND = 11  # lines of a dialog that are not the list
_MOST_LINES = 14


class Tick(Modal[tuple[str, ...]]):
    """Results in the ids of the ticked options in their order, or in None after Esc.

    `verb` is on the button, `about` stands above the list. With `needed`, at least one must be ticked: it
    is the sentence that says so.
    """

    ACTIONS: ClassVar[tuple[Action, ...]] = (_TICK, _ALL, actions.SAVE)
    AUTO_FOCUS = "#options"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(",".join(variants(str(digit))), f"number({digit})") for digit in range(1, _FEW + 1)
    ]

    def __init__(
        self,
        title: str,
        options: Sequence[Option],
        *,
        ticked: Collection[str] = (),
        verb: str,
        about: str = "",
        needed: str = "",
    ) -> None:
        super().__init__()
        self.heading = title
        self.purpose = t("tick.purpose")
        self._options = tuple(options)
        self._ticked = set(ticked)
        self._verb, self._about, self._needed = verb, about, needed

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog", id="tick") as dialog:
            set_border_title(dialog, self.heading)
            if self._about:
                yield Line(self._about, classes="detail")
            options = LongList(
                (
                    Column("", 4, priority=9),
                    Column("", 14, priority=9, grow=True),
                    Column("", 20, priority=6, grow=True),
                ),
                header=False,
                id="options",
            )
            room = self.app.size.height - _AROUND - bool(self._about)
            options.styles.height = max(3, min(_MOST_LINES, room, len(self._options)))
            yield options
            yield Line(id="said")
            with Horizontal(classes="buttons"):
                yield PushButton(self._verb, id="save", variant="primary")
            yield KeyBar()

    def key_views(self) -> tuple[KeyView, ...]:
        """Return the keys; F2 carries the verb of the button that it presses."""
        return tuple(
            replace(view, label=self._verb) if view.action_id == actions.SAVE.id else view
            for view in super().key_views()
        )

    def on_mount(self) -> None:
        self._draw()

    def _draw(self) -> None:
        self.query_one(LongList).show(
            [self._row(n, one) for n, one in enumerate(self._options, 1)], keep=True
        )

    def _row(self, number: int, option: Option) -> RowView:
        ticked = option.id in self._ticked
        box = "☑" if ticked else "☐"
        digit = str(number) if number <= _FEW else ""
        mark = Mark(box, digit, Tone.GOOD if ticked else Tone.PLAIN)
        return RowView(option.id, (mark, option.text, option.note))

    def why_not(self, action_id: str) -> str | None:
        if action_id == actions.SAVE.id and self._needed and not self._ticked:
            return self._needed
        return super().why_not(action_id)

    def _turn(self, option_id: str) -> None:
        self._ticked ^= {option_id}
        self._draw()
        self.refresh_keys()

    def on_long_list_picked(self, event: LongList.Picked) -> None:
        self._turn(event.row_id)

    def do_tick(self) -> None:
        highlighted = self.query_one(LongList).highlighted
        if highlighted is not None:
            self._turn(highlighted)

    def action_number(self, digit: int) -> None:
        if digit <= len(self._options):
            self._turn(self._options[digit - 1].id)

    def do_all(self) -> None:
        """Tick all; if all are ticked, none."""
        every = {option.id for option in self._options}
        self._ticked = set() if self._ticked >= every else every
        self._draw()
        self.refresh_keys()

    async def on_button_pressed(self) -> None:
        await self.action_act(actions.SAVE.id)

    def do_save(self) -> None:
        self.dismiss(tuple(option.id for option in self._options if option.id in self._ticked))
