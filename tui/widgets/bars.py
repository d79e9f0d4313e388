"""The lines that frame every screen: title above, status and keys below."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from textual import events
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from tui.actions import Action, shown_key
from tui.context import Status
from tui.i18n import t
from tui.widgets.status_words import status_marks
from tui.widgets.text import Mark, Tone, cut, joined, plain, tone_style, width

MOST_KEYS = 6
_SEPARATOR = " · "


class TitleBar(Widget):
    """App name, compound and screen title on the left, the date on the right."""

    DEFAULT_CSS = """
    TitleBar { height: 1; padding: 0 1; background: $panel; color: $foreground; }
    """
    ALLOW_SELECT: ClassVar[bool] = False
    heading: reactive[str] = reactive("")
    compound: reactive[str] = reactive("")
    today: reactive[date | None] = reactive(None)

    def render(self) -> Content:
        cells = self.size.width
        day = _day(self.today) if self.today else ""
        room = cells - width(day) - 2
        name = t("app.name")
        place = self.compound if width(name + self.compound + self.heading) + 8 <= room else ""
        left = joined((name, "bold $primary"), (f"  {place}" if place else "", "$text-muted"))
        heading = cut(self.heading, max(0, room - left.cell_length - 3))
        left = joined(left, ("  ›  " if place else "  ", "$text-muted"), (heading, "bold"))
        gap = " " * max(0, cells - left.cell_length - width(day))
        return joined(left, gap, (day, "$text-muted"))


def _day(day: date) -> str:
    return t(
        "date.short",
        month=day.month,
        month_name=t(f"date.month.{day.month}"),
        day=day.day,
        weekday=t(f"date.weekday.{day.isoweekday()}"),
    )


class StatusLine(Widget):
    """One docked line: what just happened on the left, who acts and how sync stands on the right.

    A message stays until the next action, because one that fades is missed. If
    both do not fit, the message wins.
    """

    DEFAULT_CSS = """
    StatusLine { height: 1; padding: 0 1; background: $surface; }
    """
    status: reactive[Status | None] = reactive(None)
    message: reactive[tuple[str, Tone]] = reactive(("", Tone.PLAIN))
    failed: reactive[bool] = reactive(default=False)

    def render(self) -> Content:
        cells = self.size.width
        text, tone = self.message
        symbol = {Tone.GOOD: "√ ", Tone.WARN: "! ", Tone.BAD: "× "}.get(tone, "")
        left = cut(symbol + text, cells)
        right = self._right(cells - width(left) - (2 if left else 0), alone=not left)
        gap = " " * max(0, cells - width(left) - right.cell_length)
        return joined((left, tone_style(tone)), gap, right)

    def _right(self, room: int, *, alone: bool) -> Content:
        """Return as much as there is room for: the person's name gives way first, then what matters least."""
        marks = self._marks()
        person = cut(self.status.person, 24) if self.status is not None else ""
        parts = [Mark("", person), *marks] if person else marks
        while parts:
            line = Content(_SEPARATOR).join([plain(part, _quiet(part)) for part in parts])
            if line.cell_length <= room:
                return line
            if len(parts) > len(marks):
                parts = marks
            elif len(parts) == 1 and alone:
                return plain(cut(str(parts[0]), room), _quiet(parts[0]))
            else:
                parts = parts[:-1]
        return Content("")

    def _marks(self) -> list[Mark]:
        if self.failed:
            return [Mark("", t("status.closed"))]
        if self.status is None:
            return [Mark("", t("status.opening"))]
        return status_marks(self.status)


def _quiet(mark: Mark) -> str:
    return "$text-muted" if mark.tone is Tone.PLAIN else tone_style(mark.tone)


@dataclass(frozen=True, slots=True)
class KeyView:
    """An entry of the key bar. `reason` says why the key does nothing just now."""

    action_id: str
    key: str
    label: str
    reason: str | None = None


class KeyBar(Widget):
    """At most six keys on one line; each can be clicked."""

    DEFAULT_CSS = """
    KeyBar { height: 1; padding: 0 1; background: $panel; pointer: pointer; }
    """
    ALLOW_SELECT: ClassVar[bool] = False
    keys: reactive[tuple[KeyView, ...]] = reactive(())

    @dataclass
    class Pressed(Message):
        action_id: str

    def _placed(self) -> list[tuple[int, KeyView, str]]:
        """Return start, entry and label of each entry; labels give way before entries do."""
        shown = self.keys[:MOST_KEYS]
        cells = self.size.width
        gap = 3
        while gap > 1 and sum(_length(view) + gap for view in shown) > cells + gap:
            gap -= 1
        spare = cells - sum(_length(view) + gap for view in shown) + gap
        placed: list[tuple[int, KeyView, str]] = []
        start = 0
        for view in shown:
            label = (
                view.label if spare >= 0 else cut(view.label, max(4, cells // len(shown) - len(view.key) - 2))
            )
            placed.append((start, view, label))
            start += width(f"{view.key} {label}") + gap
        return placed

    def render(self) -> Content:
        line = Content("")
        for start, view, label in self._placed():
            line = line.append(" " * (start - line.cell_length))
            if view.reason is None:
                line = line.append(joined((view.key, "bold $accent"), f" {label}"))
            else:
                line = line.append(plain(f"{view.key} {label}", "$text-disabled"))
        return line

    def on_click(self, event: events.Click) -> None:
        x = event.x - self.styles.padding.left
        for start, view, label in self._placed():
            if start <= x < start + width(f"{view.key} {label}"):
                self.post_message(self.Pressed(view.action_id))
                return


def _length(view: KeyView) -> int:
    return width(f"{view.key} {view.label}")


def key_view(action: Action, reason: str | None = None) -> KeyView:
    return KeyView(action.id, shown_key(action.current_keys[0]), action.label, reason)
