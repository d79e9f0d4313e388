"""What there is to say of a day, in whatever room there is."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from tui.i18n import t
from tui.screens.duty.roster_store import Looked
from tui.screens.duty.roster_words import day_lines, legend
from tui.widgets.text import plain


class DayPanel(Widget):
    """Draws a day; a click opens it. What finds no room is counted."""

    ALLOW_SELECT: ClassVar[bool] = False
    DEFAULT_CSS = """
    DayPanel { width: 1fr; height: 1fr; text-wrap: nowrap; pointer: pointer; }
    """
    looked: Looked | None = None
    day: date | None = None

    class Clicked(Message):
        """Somebody wants to see the whole day."""

    def show(self, looked: Looked, day: date) -> None:
        self.looked, self.day = looked, day
        self.refresh()

    def on_click(self) -> None:
        self.post_message(self.Clicked())

    def render(self) -> Content:
        cells, height = self.content_size.width, self.content_size.height
        if self.looked is None or self.day is None or cells < 1 or height < 1:
            return Content("")
        parts = day_lines(self.looked, self.day, cells)
        lines: list[Content] = []
        for number, part in enumerate(parts):
            left = len(parts) - number
            # The last line of all is kept for what is left over, unless nothing is.
            if len(lines) + len(part) > height - (left > 1):
                lines.append(plain(t("roster.more_shifts", n=left), "$text-muted"))
                break
            lines += part
        said = legend(self.looked.on(self.day), cells, leads=self.looked.leads)
        room = height - len(lines)
        if room > len(said):
            lines += [Content("")] * (room - len(said)) + [plain(line, "$text-muted") for line in said]
        return Content("\n").join(lines[:height])
