"""Finding in lists that have no search of their own: a line that comes with `/` and goes with Esc."""

from __future__ import annotations

from tui.i18n import t
from tui.widgets.long_list import LongList
from tui.widgets.search import SearchBox


class SieveBox(SearchBox):
    """Sifts every list of its screen, so that a view that is switched to is sifted too; arrows go to the one shown."""

    def __init__(self) -> None:
        super().__init__("LongList", hint=t("list.sieve_hint"), id="sieve")

    def action_list(self, what: str, by: int = 0) -> None:
        self._target = next(
            f"#{one.id}" if one.id else "LongList" for one in self.screen.query(LongList) if one.display
        )
        super().action_list(what, by)

    def on_search_box_searched(self, event: SearchBox.Searched) -> None:
        event.stop()
        for one in self.screen.query(LongList):
            one.sift(event.text)

    def on_unmount(self) -> None:
        for one in self.screen.query(LongList):
            one.sift("")
