"""Places for labels beside the points of a plan, so that no label covers another label or a point. Pure.

A label stands right beside its point where it can, else at the end of a lead
line; where there is no room, all labels are made smaller, down to a size that can
still be read. What finds no place even then is left out and named.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from math import cos, hypot, pi, sin
from typing import Final

Point = tuple[float, float]

_CELL: Final = 40.0
_STEP: Final = 8.0
_ANGLES: Final = 16
_SHRINK: Final = 0.88
#: Lead lines, in heights of a label.
_LEADS: Final = (1.0, 1.6, 2.6, 4.0, 6.0, 9.0, 13.0, 18.0)


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle, its sides along the axes."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: Box) -> bool:
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )

    def holds(self, other: Box) -> bool:
        return (
            self.left <= other.left
            and self.top <= other.top
            and self.right >= other.right
            and self.bottom >= other.bottom
        )


@dataclass(frozen=True, slots=True)
class Wanted:
    """A label to place: what it says and the point it belongs to, which reaches `reach` around."""

    text: str
    at: Point
    reach: float


@dataclass(frozen=True, slots=True)
class Placed:
    """A label in its place. `lead` is where its lead line ends at the label, None without one."""

    wanted: Wanted
    box: Box
    lead: Point | None


@dataclass(frozen=True, slots=True)
class Labels:
    """Labels of one font size; `left_out` found no place."""

    size: float
    placed: tuple[Placed, ...]
    left_out: tuple[Wanted, ...]


@dataclass(slots=True)
class _Ground:
    """What is taken, found again by where it is."""

    boxes: dict[tuple[int, int], list[Box]] = field(default_factory=dict)
    dots: dict[tuple[int, int], list[Point]] = field(default_factory=dict)

    def take(self, box: Box) -> None:
        for cell in _cells(box):
            self.boxes.setdefault(cell, []).append(box)

    def dot(self, point: Point) -> None:
        self.dots.setdefault((int(point[0] // _CELL), int(point[1] // _CELL)), []).append(point)

    def taken(self, box: Box) -> bool:
        return any(box.meets(other) for cell in _cells(box) for other in self.boxes.get(cell, ()))

    def dots_in(self, box: Box) -> int:
        return sum(
            box.left <= x <= box.right and box.top <= y <= box.bottom
            for cell in _cells(box)
            for x, y in self.dots.get(cell, ())
        )


def place(
    wanted: Sequence[Wanted],
    lines: Sequence[tuple[Point, Point]],
    room: Box,
    *,
    width_of: Callable[[str], float],
    largest: float,
    smallest: float,
) -> Labels:
    """Place labels within `room`, the first ones first; `lines` are covered only where there is no better place.

    `width_of` gives the width of a text in a font of size 1. The points of all labels stay free.
    """
    at_worst = _placed(wanted, lines, room, width_of, smallest)
    if at_worst.left_out:
        return at_worst
    size = largest
    while size > smallest:
        labels = _placed(wanted, lines, room, width_of, size)
        if not labels.left_out:
            return labels
        size *= _SHRINK
    return at_worst


def _placed(
    wanted: Sequence[Wanted],
    lines: Sequence[tuple[Point, Point]],
    room: Box,
    width_of: Callable[[str], float],
    size: float,
) -> Labels:
    ground = _Ground()
    for label in wanted:
        (x, y), reach = label.at, label.reach
        if reach:
            ground.take(Box(x - reach, y - reach, x + reach, y + reach))
    for start, end in lines:
        for point in _along(start, end):
            ground.dot(point)
    placed: list[Placed] = []
    crowded: list[Wanted] = []
    for label in wanted:
        box = _beside(label, width_of(label.text) * size, size, room, ground)
        if box is None:
            crowded.append(label)
        else:
            ground.take(box)
            placed.append(Placed(label, box, None))
    left_out = []
    for label in crowded:
        far = _led_out(label, width_of(label.text) * size, size, room, ground)
        if far is None:
            left_out.append(label)
        else:
            ground.take(far.box)
            for x, y in _along(_edge(label, far.lead or label.at), far.lead or label.at):
                ground.take(Box(x - 0.5, y - 0.5, x + 0.5, y + 0.5))
            placed.append(far)
    return Labels(size, tuple(placed), tuple(left_out))


def _beside(label: Wanted, width: float, height: float, room: Box, ground: _Ground) -> Box | None:
    """Return the best place right beside a point: right, left, above, below, then the corners."""
    (x, y), gap = label.at, label.reach + height * 0.12
    # Beside the corners of what is kept free around the point, and close to its height.
    side, lift = label.reach + height * 0.04, gap * 0.4
    spots = (
        (x + gap, y - height / 2),
        (x - gap - width, y - height / 2),
        (x - width / 2, y - gap - height),
        (x - width / 2, y + gap),
        (x + side, y - lift - height),
        (x + side, y + lift),
        (x - side - width, y - lift - height),
        (x - side - width, y + lift),
    )
    best: tuple[float, Box] | None = None
    for rank, (left, top) in enumerate(spots):
        box = Box(left, top, left + width, top + height)
        if room.holds(box) and not ground.taken(box):
            cost = ground.dots_in(box) + rank * 0.25
            if best is None or cost < best[0]:
                best = (cost, box)
    return None if best is None else best[1]


def _led_out(label: Wanted, width: float, height: float, room: Box, ground: _Ground) -> Placed | None:
    """Return the nearest place at the end of a lead line that covers nothing and crosses no label."""
    x, y = label.at
    for far in _LEADS:
        for turn in range(_ANGLES):
            angle = 2 * pi * turn / _ANGLES
            mid_x = x + cos(angle) * (label.reach + far * height + width / 2)
            mid_y = y + sin(angle) * (label.reach + far * height)
            box = Box(mid_x - width / 2, mid_y - height / 2, mid_x + width / 2, mid_y + height / 2)
            if not room.holds(box) or ground.taken(box):
                continue
            lead = (min(max(x, box.left), box.right), min(max(y, box.top), box.bottom))
            start = _edge(label, lead)
            thin = (Box(px - 0.2, py - 0.2, px + 0.2, py + 0.2) for px, py in _along(start, lead))
            if not any(ground.taken(dot) for dot in thin):
                return Placed(label, box, lead)
    return None


def _edge(label: Wanted, towards: Point) -> Point:
    """Return where a lead line leaves its point's surroundings."""
    (x, y), (to_x, to_y) = label.at, towards
    far = hypot(to_x - x, to_y - y)
    if not far:
        return label.at
    # The corner of the square that is kept free lies this far out.
    reach = min(far, label.reach * 1.5)
    return x + (to_x - x) * reach / far, y + (to_y - y) * reach / far


def _along(start: Point, end: Point) -> Iterator[Point]:
    """Yield points on a line, close enough together that no label slips between."""
    (x, y), (to_x, to_y) = start, end
    pieces = max(1, int(hypot(to_x - x, to_y - y) / _STEP))
    return ((x + (to_x - x) * n / pieces, y + (to_y - y) * n / pieces) for n in range(pieces + 1))


def _cells(box: Box) -> Iterator[tuple[int, int]]:
    return (
        (column, row)
        for column in range(int(box.left // _CELL), int(box.right // _CELL) + 1)
        for row in range(int(box.top // _CELL), int(box.bottom // _CELL) + 1)
    )
