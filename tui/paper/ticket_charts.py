"""Small charts of figures for paper: columns week by week, a bar of parts, a bar in a cell of a table. All SVG, all grey-proof."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Final

from tui.paper.glyphs import width_of
from tui.paper.markup import Markup, joined, tag

INK, MUTED, LINE = "#111", "#555", "#999"
#: What was taken is drawn pale with an edge, what was done dark: apart in grey too.
TAKEN, DONE, LATE = "#cfdcf0", "#1b5e36", "#c00018"
_SMALL: Final = 2.6
#: Labels stand so many times their width from each other.
_APART: Final = 1.15


@dataclass(frozen=True, slots=True)
class Pair:
    """Two columns beside each other over their label; `late` of the second is marked."""

    label: str
    taken: int
    done: int
    late: int = 0


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a whole: what it is, how many, and its colour."""

    label: str
    n: int
    colour: str


def columns(pairs: Sequence[Pair], *, width: float = 190.0, height: float = 46.0) -> Markup:
    """Return pairs of columns over a line, as wide and high as that many mm; numbers stand on them where there is room."""
    most = max([1, *(max(pair.taken, pair.done) for pair in pairs)])
    step = width / max(1, len(pairs))
    foot, top = height - 6.0, 5.0
    tall = (foot - top) / most
    thick = min(8.0, step * 0.36)
    # As many labels as stand apart: each, every second, and so on.
    widest = max((width_of(pair.label) for pair in pairs), default=0.0) * _SMALL * _APART
    every = max(1, ceil(widest / step))
    drawn = [
        _column(pair, step * (n + 0.5), thick=thick, foot=foot, tall=tall) for n, pair in enumerate(pairs)
    ]
    labels = [
        _text(pair.label, step * (n + 0.5), height - 1.6, MUTED)
        for n, pair in enumerate(pairs)
        if n % every == 0
    ]
    line = tag("line", x1=0, y1=foot, x2=width, y2=foot, stroke=LINE, stroke_width=0.3)
    return _svg(joined(*drawn, line, *labels), width, height)


def _column(pair: Pair, middle: float, *, thick: float, foot: float, tall: float) -> Markup:
    left = middle - thick
    parts = [
        tag("title", f"{pair.label}: {pair.taken} / {pair.done}"),
        _box(left, foot - pair.taken * tall, thick, pair.taken * tall, TAKEN, edge="#2457a6"),
        _box(left + thick, foot - pair.done * tall, thick, pair.done * tall, DONE),
        _box(left + thick, foot - pair.late * tall, thick, pair.late * tall, LATE),
    ]
    if thick >= 2 * _SMALL:
        parts += [
            _text(str(value), left + thick * (at + 0.5), foot - value * tall - 0.8, INK)
            for at, value in enumerate((pair.taken, pair.done))
            if value
        ]
    return tag("g", *parts)


def shares(parts: Sequence[Share], *, width: float = 190.0) -> Markup:
    """Return one bar made of parts, with their names and numbers beneath; nothing of nothing."""
    whole = sum(part.n for part in parts)
    if not whole:
        return joined()
    return _svg(joined(*_shares(parts, whole, width)), width, 13.0)


def _shares(parts: Sequence[Share], whole: int, width: float) -> Iterator[Markup]:
    left = 0.0
    slot = width / len(parts)
    for at, part in enumerate(parts):
        wide = width * part.n / whole
        yield _box(left, 0.5, wide, 5.0, part.colour, edge=INK)
        left += wide
        yield _box(slot * at, 8.4, 2.6, 2.6, part.colour, edge=INK)
        yield _text(f"{part.label} {part.n}", slot * at + 3.6, 10.8, INK, anchor="start")


def bar(n: int, most: int, colour: str = DONE, *, width: float = 22.0) -> Markup:
    """Return a bar for a cell of a table, `most` as long as the cell."""
    long = width * n / max(1, most)
    edge = "#2457a6" if colour == TAKEN else None
    return _svg(_box(0, 0.6, long, 2.6, colour, edge=edge), width, 3.6)


def _svg(inside: Markup, width: float, height: float) -> Markup:
    return tag(
        "svg",
        inside,
        xmlns="http://www.w3.org/2000/svg",
        width=f"{width:g}mm",
        height=f"{height:g}mm",
        viewBox=f"0 0 {width:g} {height:g}",
    )


def _box(x: float, y: float, width: float, height: float, colour: str, *, edge: str | None = None) -> Markup:
    if width <= 0 or height <= 0:
        return joined()
    return tag(
        "rect",
        x=x,
        y=y,
        width=width,
        height=height,
        fill=colour,
        stroke=edge,
        stroke_width=None if edge is None else 0.2,
    )


def _text(said: str, x: float, y: float, colour: str, *, anchor: str = "middle") -> Markup:
    return tag("text", said, x=x, y=y, font_size=_SMALL, fill=colour, text_anchor=anchor)
