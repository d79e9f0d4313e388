"""Shapes of the map as SVG: the signs of wells, pipes, arrows. Told apart without colour too.

Lengths are in tenths of a millimetre, because browsers enlarge what is set in a
font of less than twelve units.
"""

from __future__ import annotations

import itertools
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import hypot
from typing import Final

from models.inspection.survey.scene import Run, Spot
from tui.blocked import LEAST_CHANCE
from tui.paper.labels import Point
from tui.paper.markup import Markup, joined, line, number, tag
from tui.paper.signs import Sign, call_colour

MM: Final = 10.0
INK: Final = "#111"
RED: Final = "#c00018"
ORANGE: Final = "#b86e00"
PIPE: Final = "#3a4a5a"
RAIN: Final = "#2457a6"
BEHIND: Final = "#f0b8ad"
FAINT: Final = "#777"
_LONGEST: Final = 24

#: Signs in a circle of radius 10, in the current colour.
_SHAPES: Final[dict[Sign, tuple[tuple[str, str], ...]]] = {
    Sign.FLOWING: (("ring", ""), ("stroke", "M-5 0.5L-1.5 4.5L5.5 -4.5")),
    Sign.DRY: (("ring", ""), ("stroke", "M-5 0H5")),
    Sign.HALF: (("ring", ""), ("fill", "M-9 0A9 9 0 0 0 9 0Z")),
    Sign.FULL: (("disc", ""),),
    Sign.OVERFLOW: (("fill", "M0 -11L10.5 8H-10.5Z"),),
    Sign.UNOPENED: (("box", ""), ("stroke", "M-5 -5L5 5M-5 5L5 -5")),
    Sign.MORE: (("diamond", ""), ("stroke", "M0 -6V1.5M0 5V5.6")),
    Sign.BAD: (("fill", "M-9 -9H9V9H-9Z"),),
    Sign.UNSEEN: (("open", ""),),
    Sign.CALLS: (("stroke", "M-6 10V-9"), ("fill", "M-6 -10L9 -5L-6 1Z")),
    Sign.OUTFALL: (("box", ""), ("stroke", "M-6 -2.5q3 -4 6 0t6 0M-6 4q3 -4 6 0t6 0")),
}


class Line(StrEnum):
    """What a pipe is to a blockage."""

    PLAIN = "plain"
    BEHIND = "behind"
    MAYBE = "maybe"
    BLOCKED = "blocked"


@dataclass(frozen=True, slots=True)
class Stroke:
    """A pipe to draw: its corners on the sheet, what it is, whether it carries rain and closes a loop."""

    points: tuple[Point, ...]
    line: Line
    rain: bool
    loop: bool
    chance: float


def line_of(run: Run, blocked: frozenset[tuple[str, str]]) -> Line:
    """Return what a pipe is; the likeliest pipe of a blockage is the blocked one."""
    if (run.start, run.end) in blocked:
        return Line.BLOCKED
    if run.chance >= LEAST_CHANCE:
        return Line.MAYBE
    return Line.BEHIND if run.behind else Line.PLAIN


def definitions() -> Markup:
    """Return the signs, once per drawing."""
    return tag("defs", *(tag("g", *_pieces(sign), id=f"sign-{sign.name.lower()}") for sign in Sign))


def _pieces(sign: Sign) -> Iterator[Markup]:
    for kind, path in _SHAPES[sign]:
        match kind:
            case "ring":
                yield tag("circle", r=9, fill="#fff", stroke="currentColor", stroke_width=2)
            case "open":
                yield tag(
                    "circle",
                    r=8,
                    fill="#fff",
                    stroke="currentColor",
                    stroke_width=1.4,
                    stroke_dasharray="3 2",
                )
            case "disc":
                yield tag("circle", r=10, fill="currentColor")
            case "box":
                yield tag("path", d="M-9 -9H9V9H-9Z", fill="#fff", stroke="currentColor", stroke_width=2)
            case "diamond":
                yield tag(
                    "path", d="M0 -12L12 0L0 12L-12 0Z", fill="#fff", stroke="currentColor", stroke_width=2
                )
            case "stroke":
                yield tag(
                    "path",
                    d=path,
                    fill="none",
                    stroke="currentColor",
                    stroke_width=2.6,
                    stroke_linecap="round",
                )
            case _:
                yield tag("path", d=path, fill="currentColor")


def well(sign: Sign, colour: str, at: Point, radius: float) -> Markup:
    """Return a well's sign."""
    moved = f"translate({number(at[0])} {number(at[1])}) scale({radius / 10:.3f})"
    return tag("use", href=f"#sign-{sign.name.lower()}", transform=moved, color=colour)


def calls(spot: Spot, at: Point, radius: float) -> Markup:
    """Return the flag of a well where somebody asks for help, above it to the right, with how many do."""
    colour = call_colour(spot)
    x, y = at[0] + radius * 0.9, at[1] - radius * 1.5
    flag = well(Sign.CALLS, colour, (x, y), radius * 0.85)
    if not spot.calls:
        return flag
    number_at = (x + radius * 0.7, y + radius * 0.3)
    return joined(flag, text(str(spot.calls), number_at, radius * 1.3, colour=colour, bold=True, halo=True))


def pipes(strokes: Sequence[Stroke], thick: float) -> Markup:
    """Return pipes, what lies behind a blockage under all others, blocked ones on top."""
    under = [
        _path(stroke, BEHIND, thick * 4.5, cap="round") for stroke in strokes if stroke.line is Line.BEHIND
    ]
    ranks = list(Line)
    plain = [
        piece
        for stroke in sorted(strokes, key=lambda stroke: ranks.index(stroke.line))
        for piece in _pipe(stroke, thick)
    ]
    return joined(*under, *plain)


def _pipe(stroke: Stroke, thick: float) -> Iterator[Markup]:
    arrow_at = 0.5
    match stroke.line:
        case Line.BLOCKED:
            yield _path(stroke, RED, thick * 3.2, dash=(thick * 5, thick * 3))
            arm = min(thick * 4.5, max(thick * 2.2, _length(stroke.points) * 0.28))
            yield _cross(_at(stroke.points, 0.5), arm, arm * 0.4)
            arrow_at = 0.82
        case Line.MAYBE:
            yield _path(stroke, ORANGE, thick * 2.4, dash=(thick * 2.5, thick * 2.5))
        case _:
            colour, dash = (RAIN if stroke.rain else PIPE), None
            if stroke.loop:
                dash = (thick, thick * 2)
            elif stroke.rain:
                dash = (thick * 7, thick * 2)
            yield _path(stroke, colour, thick, dash=dash)
    colour = {Line.BLOCKED: RED, Line.MAYBE: ORANGE}.get(stroke.line, RAIN if stroke.rain else PIPE)
    yield from _arrow(stroke.points, arrow_at, thick * 3.4, colour)


def _path(
    stroke: Stroke,
    colour: str,
    width: float,
    *,
    dash: tuple[float, float] | None = None,
    cap: str | None = None,
) -> Markup:
    points = " ".join(f"{number(x)},{number(y)}" for x, y in stroke.points)
    return tag(
        "polyline",
        points=points,
        fill="none",
        stroke=colour,
        stroke_width=width,
        stroke_linejoin="round",
        stroke_linecap=cap,
        stroke_dasharray=None if dash is None else f"{number(dash[0])} {number(dash[1])}",
    )


def _cross(at: Point, arm: float, width: float) -> Markup:
    x, y = at
    shape = "".join(
        f"M{number(x - dx)} {number(y - arm)}L{number(x + dx)} {number(y + arm)}" for dx in (arm, -arm)
    )
    return joined(
        tag("path", d=shape, stroke="#fff", stroke_width=width * 2.2, stroke_linecap="round"),
        tag("path", d=shape, stroke=RED, stroke_width=width, stroke_linecap="round"),
    )


def _arrow(points: Sequence[Point], share: float, size: float, colour: str) -> Iterator[Markup]:
    """Yield an arrow head that far along a pipe; none where the pipe is too short for it."""
    length = _length(points)
    if length < size * 3:
        return
    x, y = _at(points, share)
    before = _at(points, max(0.0, share - 2.0 / length))
    dx, dy = x - before[0], y - before[1]
    far = hypot(dx, dy) or 1.0
    dx, dy = dx / far * size, dy / far * size
    tip = (x + dx / 2, y + dy / 2)
    base = (x - dx / 2, y - dy / 2)
    corners = (tip, (base[0] - dy * 0.45, base[1] + dx * 0.45), (base[0] + dy * 0.45, base[1] - dx * 0.45))
    yield tag("polygon", points=" ".join(f"{number(a)},{number(b)}" for a, b in corners), fill=colour)


def _length(points: Sequence[Point]) -> float:
    return sum(hypot(b[0] - a[0], b[1] - a[1]) for a, b in itertools.pairwise(points))


def _at(points: Sequence[Point], share: float) -> Point:
    """Return the point that far along a line, 0 to 1."""
    left = _length(points) * share
    for (x, y), (to_x, to_y) in itertools.pairwise(points):
        piece = hypot(to_x - x, to_y - y)
        if piece >= left and piece:
            return x + (to_x - x) * left / piece, y + (to_y - y) * left / piece
        left -= piece
    return points[-1]


def middle(points: Sequence[Point]) -> Point:
    """Return the point half way along a pipe."""
    return _at(points, 0.5)


def text(
    said: str,
    at: Point,
    size: float,
    *,
    anchor: str | None = None,
    colour: str = INK,
    bold: bool = False,
    halo: bool = False,
    most: float | None = None,
) -> Markup:
    """Return text on one line, its foot at `at`; squeezed where it would be wider than `most`."""
    plain = line(said)
    squeezed = most is not None and width_of(plain) * size > most
    return tag(
        "text",
        plain,
        x=at[0],
        y=at[1],
        font_size=size,
        fill=colour,
        text_anchor=anchor,
        font_weight="bold" if bold else None,
        textLength=most if squeezed else None,
        lengthAdjust="spacingAndGlyphs" if squeezed else None,
        stroke="#fff" if halo else None,
        stroke_width=size * 0.22 if halo else None,
        paint_order="stroke" if halo else None,
    )


def short(code: str) -> str:
    """Return a code as it stands beside a well: whole, unless it is longer than any label should be."""
    plain = line(code)
    return plain if len(plain) <= _LONGEST else plain[: _LONGEST - 1] + "…"


def width_of(said: str) -> float:
    """Return how wide a text is in a font of size 1: not less than in any common font."""
    return sum(_wide(character) for character in said)


def _wide(character: str) -> float:
    if unicodedata.east_asian_width(character) in "WFA":
        return 1.0
    if character in "MWmw@%":
        return 0.95
    if character.isupper():
        return 0.72
    return 0.6
