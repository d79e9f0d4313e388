"""What `/` does on every screen, and what Esc does about it."""

from __future__ import annotations

from typing import Any

from textual.widget import Widget

from tui.i18n import t
from tui.screens.base import Shell
from tui.widgets.long_list import LongList
from tui.widgets.search import SearchBox
from tui.widgets.sieve_box import SieveBox
from tui.widgets.text import Tone


def find(screen: Shell[Any]) -> None:
    """Go to the search line of a screen; a list without one gets one until Esc."""
    boxes = [box for box in screen.query(SearchBox) if box.display]
    lists = [one for one in screen.query(LongList) if one.display]
    if boxes:
        boxes[0].focus()
    elif lists:
        box = SieveBox()
        above: Widget = lists[0]
        while isinstance(above.parent, Widget) and above.parent.id != "body":
            above = above.parent  # a list may stand beside something else
        screen.mount(box, before=above)
        box.focus()
    else:
        screen.flash(t("list.nothing_to_find"), Tone.WARN)


def stop_finding(screen: Shell[Any]) -> None:
    """Take away the search line that a list was given."""
    screen.query("#sieve").remove()
    for shown in screen.query(LongList):
        if shown.display:
            shown.focus()
