"""A card: facts above, below them everything that ties this one to others, and what can be done with it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar
from uuid import UUID

from textual.app import ComposeResult
from textual.containers import VerticalScroll

from tui.actions import Action
from tui.screens.changing import Changing, Ledger
from tui.widgets.deeds import Deeds
from tui.widgets.facts import Fact, Facts
from tui.widgets.long_list import LongList
from tui.widgets.rows import Column, RowView


class CardPage(Changing):
    """The card of one row. It is read again when it comes to the top, after each change and on news.

    A card sets DEEDS, what its digits do, and OPEN, what Enter does with the
    highlighted tie; both are in ACTIONS. It gives the columns of its ties and what is
    said without any, reads itself in `reread` and hands what came to `show_card`. A
    deed on a tie looks at `highlighted`; `why_not` says what a deed lacks.
    """

    OPEN: ClassVar[Action]
    DEFAULT_CSS = """
    CardPage #facts { height: auto; max-height: 55%; scrollbar-size-vertical: 1; margin-bottom: 1; }
    CardPage.-short #facts { margin-bottom: 0; }
    CardPage #facts:focus { background: $surface; }
    CardPage Deeds { margin-top: 1; }
    CardPage.-short Deeds { margin-top: 0; }
    """

    def __init__(self, row_id: UUID, ledger: Ledger | None = None) -> None:
        super().__init__(ledger)
        self.row_id = row_id

    def tie_columns(self) -> Sequence[Column]:
        """Return the columns of the list of ties."""
        raise NotImplementedError

    def no_ties(self) -> str:
        """Return what stands in place of the ties while there are none."""
        raise NotImplementedError

    def body(self) -> ComposeResult:
        with VerticalScroll(id="facts"):
            yield Facts()
        yield LongList(self.tie_columns(), empty=self.no_ties(), id="ties")
        yield Deeds()

    def on_mount(self) -> None:
        self.query_one(LongList).focus()

    def on_screen_resume(self) -> None:
        self.reread()

    def news(self) -> None:
        self.reread()

    def show_card(self, facts: Sequence[Fact], ties: Sequence[RowView]) -> None:
        """Show what was read; the highlight stays on its tie."""
        self.query_one(Facts).show(facts)
        self.query_one(LongList).show(ties, keep=True)
        self.refresh_frame()

    @property
    def highlighted(self) -> str | None:
        """The id of the highlighted tie, None before there is one."""
        return self.query_one(LongList).highlighted if self.is_mounted else None

    def on_long_list_highlighted(self) -> None:
        self.refresh_keys()

    async def on_long_list_picked(self) -> None:
        await self.action_act(self.OPEN.id)
