"""What the screens share on which rows are put in another order."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from models.operations.perform import Outcome
from tui.actions import BACK, Action
from tui.desk import Desk
from tui.screens.changing import Changing
from tui.screens.finding import stop_finding
from tui.widgets.arrange_list import ArrangeList


class Arranging(Changing):
    """A screen with an ArrangeList. HOLD is its action that picks a row up."""

    HOLD: ClassVar[Action]
    _writing = 0

    @property
    def arranged(self) -> ArrangeList:
        return self.query_one(ArrangeList)

    @property
    def may_show(self) -> bool:
        """Whether what was read may be shown: what is carried, or just being written, is newer."""
        return not self._writing and not self.arranged.carrying

    async def action_act(self, action_id: str) -> None:
        """Put a carried row back before anything else is done; Esc does only that: nobody means to leave with it."""
        if self.arranged.held and action_id != self.HOLD.id:
            self.arranged.put_back()
            if action_id == BACK.id:
                return
        await super().action_act(action_id)

    def do_hold(self) -> None:
        self.arranged.action_hold()

    def on_long_list_highlighted(self) -> None:
        self.refresh_keys()

    def on_arrange_list_whole(self) -> None:
        stop_finding(self)

    def write_order(self, change: Callable[[Desk], Outcome], said: str) -> None:
        """Write another order; each step can be undone by itself."""
        self._writing += 1

        def written(outcome: Outcome) -> None:
            self._writing -= 1
            if not self.note_change(outcome, said):
                self.reread()

        def failed(_error: Exception) -> None:
            self._writing -= 1
            self.reread()

        self.tell(change, written, failed=failed)
