"""Small charts in the height of a line: how mud and level went from walk to walk. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from textual.content import Content

from models.inspection.levels import Level
from tui.widgets.text import Tone, joined, tone_style

_EIGHTHS: Final = "▁▂▃▄▅▆▇█"
_PARTS: Final = "▏▎▍▌▋▊▉█"
_COLUMN: Final = " " + _EIGHTHS
NOTHING: Final = "·"
#: The five levels as steps of water; a cover that would not lift is no height.
_STEPS: Final = {
    Level.DRY: "▁",
    Level.FLOWING: "▂",
    Level.HALF: "▄",
    Level.FULL: "▆",
    Level.OVERFLOW: "█",
    Level.UNOPENED: "✕",
}
_TONES: Final = {
    Level.DRY: Tone.GOOD,
    Level.FLOWING: Tone.GOOD,
    Level.HALF: Tone.WARN,
    Level.FULL: Tone.BAD,
    Level.OVERFLOW: Tone.BAD,
    Level.UNOPENED: Tone.INFO,
}


def mud_chart(depths: Sequence[int | None], most: int) -> str:
    """Return depths as eight steps up to `most`; one that nobody measured is a dot."""
    top = max(most, 1)
    return "".join(
        NOTHING if depth is None else _EIGHTHS[max(0, min(7, -(-depth * 8 // top) - 1))] for depth in depths
    )


def level_chart(levels: Sequence[str | None]) -> str:
    """Return levels as steps of water; one that nobody noted is a dot."""
    return "".join(_STEPS[Level(level)] if level in set(Level) else NOTHING for level in levels)


def level_tone(level: str | None) -> Tone:
    """Return what a level's colour says."""
    return _TONES[Level(level)] if level in set(Level) else Tone.MUTED


def coloured_levels(levels: Sequence[str | None]) -> Content:
    """Return the chart of levels with each step in its colour."""
    return joined(*((level_chart([level]), tone_style(level_tone(level))) for level in levels))


def bar(value: int, most: int, cells: int) -> str:
    """Return a level bar of at most `cells` cells in which `most` is the whole; something is never drawn as nothing."""
    if value <= 0 or most <= 0:
        return ""
    eighths = max(1, min(cells * 8, round(value * cells * 8 / most)))
    whole, part = divmod(eighths, 8)
    return "█" * whole + (_PARTS[part - 1] if part else "")


def column_rows(values: Sequence[int], most: int, each: int, rows: int) -> list[list[str]]:
    """Return columns of eighths from the highest row to the lowest; something is never drawn as nothing."""
    steps = [0 if value <= 0 or most <= 0 else max(1, round(value * rows * 8 / most)) for value in values]
    gap = " " if each > 1 else ""
    return [
        [_COLUMN[max(0, min(8, step - 8 * below))] * max(1, each - 1) + gap for step in steps]
        for below in reversed(range(rows))
    ]
