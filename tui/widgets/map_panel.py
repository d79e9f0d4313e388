"""What there is to say of the chosen well: a column beside the map, or a strip under it."""

# ruff: noqa: A002 - `id` is what Textual calls it

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Final

from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from tui.widgets.flow import flowed
from tui.widgets.text import ELLIPSIS, Mark, Tone, cut, fit, joined, plain, tone_style, width

_STRIP: Final = 5  # a panel no higher than this is a strip
_LABEL_MOST: Final = 10
_GAP: Final = 2


@dataclass(frozen=True, slots=True)
class PanelRow:
    """A labelled text; in a strip it stands without its label where `bare`."""

    label: str
    text: str
    tone: Tone = Tone.PLAIN
    bare: bool = False


@dataclass(frozen=True, slots=True)
class PanelView:
    """A well: its code and name, its state, an alarm if there is one, and the rest by rows."""

    code: str
    title: str
    mark: Mark
    alarm: str = ""
    rows: tuple[PanelRow, ...] = ()


class MapPanel(Widget):
    """Draws a PanelView in whatever room there is, and what the symbols mean in what is left."""

    ALLOW_SELECT: ClassVar[bool] = False
    DEFAULT_CSS = """
    MapPanel { width: 1fr; height: 1fr; text-wrap: nowrap; }
    """
    view: reactive[PanelView | None] = reactive(None)
    legend: reactive[tuple[Mark, ...]] = reactive(())

    def __init__(self, *, empty: str = "", id: str | None = None) -> None:
        super().__init__(id=id)
        self._empty = empty

    def render(self) -> Content:
        cells, height = self.content_size.width, self.content_size.height
        if cells < 1 or height < 1:
            return Content("")
        if self.view is None:
            lines = [plain(line, "$text-muted") for line in flowed(self._empty, cells)]
        elif height <= _STRIP:
            lines = _strip(self.view, cells)
        else:
            lines = _column(self.view, cells)
        if len(lines) > height:
            lines = lines[:height]
            lines[-1] = plain(cut(lines[-1].plain, cells - 1).rstrip(ELLIPSIS) + ELLIPSIS)
        if height > _STRIP:
            legend = _legend(self.legend, cells)
            room = height - len(lines)
            if legend and room > len(legend):
                lines += [Content("")] * (room - len(legend)) + legend
        return Content("\n").join(lines)


def _head(view: PanelView, cells: int) -> Content:
    code = cut(view.code, max(4, cells // 2))
    title = cut(view.title, max(0, cells - width(code) - 3))
    badge = "bold $block-cursor-foreground on $block-cursor-background"
    return joined((f" {code} ", badge), (f" {title}", "bold"))


def _strip(view: PanelView, cells: int) -> list[Content]:
    """Return the head with the state behind it, and everything else flowing on."""
    alarm = cut(view.alarm, cells // 2)
    head = _head(view, cells - width(str(view.mark)) - width(alarm) - 2 * _GAP)
    first = joined(head, " " * _GAP, view.mark, " " * _GAP, (alarm, tone_style(Tone.BAD)))
    said = " · ".join(row.text if row.bare else f"{row.label} {row.text}" for row in view.rows if row.text)
    return [first, *(plain(line) for line in flowed(said, cells))]


def _column(view: PanelView, cells: int) -> list[Content]:
    lines = [_head(view, cells), plain(view.mark)]
    if view.alarm:
        lines += [plain(line, tone_style(Tone.BAD)) for line in flowed(view.alarm, cells)]
    lines.append(Content(""))
    label = min(max((width(row.label) for row in view.rows), default=0), _LABEL_MOST) + _GAP
    for row in view.rows:
        for number, line in enumerate(flowed(row.text or "—", max(4, cells - label))):
            head = fit("" if number else row.label, label)
            lines.append(joined((head, "$text-muted"), (line, tone_style(row.tone))))
    return lines


def _legend(marks: Sequence[Mark], cells: int) -> list[Content]:
    """Return what the symbols mean, as many beside each other as fit."""
    lines: list[Content] = []
    for mark in marks:
        if not lines or lines[-1].cell_length + _GAP + width(str(mark)) > cells:
            lines.append(plain(mark))
        else:
            lines[-1] = joined(lines[-1], " " * _GAP, mark)
    return lines
