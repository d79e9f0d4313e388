"""A screen as text: its lines, then what each line's colours mean, so that both can be compared and read."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from rich.cells import cell_len
from rich.color import Color
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from tui.app import LinliApp

#: Colours with a meaning, by the theme's variable.
_MEANT = {
    "text-success": "good",
    "text-warning": "warn",
    "text-error": "bad",
    "text-primary": "info",
    "text-muted": "muted",
    "text-disabled": "shut",
}


def lines(strips: list[Strip]) -> list[str]:
    """Return what stands on the terminal, without the blanks behind it."""
    return ["".join(segment.text for segment in strip).rstrip() for strip in strips]


def portrait(app: LinliApp) -> str:
    """Return the lines, and beneath them the runs of cells whose colour says something."""
    meanings = {app.theme_variables[name].lower(): word for name, word in _MEANT.items()}
    cursor = app.theme_variables["block-cursor-background"].lower()
    strips, said = _strips(app), []
    for number, strip in enumerate(strips, 1):
        runs = [
            f"{start}+{cells} {meaning}"
            for start, cells, meaning in _runs(strip, meanings, cursor)
            if meaning
        ]
        if runs:
            said.append(f"{number}: {', '.join(runs)}")
    return "\n".join([*lines(strips), "", "-- colours", *said, ""])


def faint(app: LinliApp, least: float) -> list[str]:
    """Return the words written in a colour too near to the one behind it, with the contrast (WCAG 2.2)."""
    found = []
    for number, strip in enumerate(_on_top(app), 1):
        for segment in strip:
            style = segment.style
            if style is None or not any(character.isalnum() for character in segment.text):
                continue
            fore, back = _colours(style)
            if fore is None or back is None:
                continue
            ratio = contrast(fore, back)
            if ratio < least:
                found.append(f"line {number}: {segment.text.strip()!r} {ratio:.2f}")
    return found


def contrast(fore: Color, back: Color) -> float:
    """Return the contrast ratio of two colours, 1 to 21."""
    lighter, darker = sorted((_luminance(fore), _luminance(back)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: Color) -> float:
    triplet = colour.get_truecolor()
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (value / 255 for value in triplet)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _strips(app: LinliApp) -> list[Strip]:
    return app.screen._compositor.render_strips()


def _on_top(app: LinliApp) -> list[Strip]:
    """Return what the person is looking at: of a dialog, not what lies dimmed behind it."""
    dialogs = list(app.screen.query(".dialog"))
    if not dialogs:
        return _strips(app)
    region = dialogs[0].region
    return [strip.crop(region.x, region.right) for strip in _strips(app)[region.y : region.bottom]]


def _colours(style: Style) -> tuple[Color | None, Color | None]:
    return (style.bgcolor, style.color) if style.reverse else (style.color, style.bgcolor)


def _runs(strip: Strip, meanings: dict[str, str], cursor: str) -> Iterator[tuple[int, int, str]]:
    at = 0
    for meaning, run in groupby(strip, lambda segment: _meaning(segment, meanings, cursor)):
        cells = sum(cell_len(segment.text) for segment in run)
        yield at, cells, meaning
        at += cells


def _meaning(segment: Segment, meanings: dict[str, str], cursor: str) -> str:
    style = segment.style
    if style is None:
        return ""
    fore, back = _colours(style)
    if back is not None and back.triplet is not None and back.triplet.hex == cursor:
        return "cursor"
    if not segment.text.strip() or fore is None or fore.triplet is None:
        return ""
    return meanings.get(fore.triplet.hex, "")
