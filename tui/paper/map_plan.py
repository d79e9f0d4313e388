"""The plan as SVG: wells where they are, at one scale, north up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import hypot, log10
from statistics import median
from typing import Final

from models.inspection.rules import State
from models.inspection.survey.scene import Scene, Spot
from tui.blocked import percent
from tui.i18n import t
from tui.paper import glyphs, signs
from tui.paper.findings import likeliest
from tui.paper.glyphs import Line, Stroke
from tui.paper.labels import Box, Labels, Placed, Point, Wanted, place
from tui.paper.markup import Markup, joined, tag

#: Sizes of letters in tenths of a millimetre: comfortable, and the smallest that can be read.
_LARGEST, SMALLEST = 34.0, 17.0
_SIDE, _END = 130.0, 55.0
#: Where labels find no room, wells are drawn smaller, in parts of their usual size.
_RADII: Final = (1.0, 0.75, 0.55)
_USUAL_WIDTH: Final = 2770.0
_A_FEW: Final = 0.2
_CLOSEST: Final = 100.0
_LONGEST_BAR: Final = 400.0
#: Stands in a label between a code and how many ask for help there: the room of the flag. No code holds such blanks.
_FLAG: Final = "\u2003\u2003"


@dataclass(frozen=True, slots=True)
class Window:
    """The part of a plan that is drawn, in metres."""

    left: float
    bottom: float
    right: float
    top: float

    @classmethod
    def whole(cls, scene: Scene) -> Window:
        return cls(0.0, 0.0, scene.width, scene.height)

    def split(self, n: int) -> Iterator[Window]:
        """Yield n times n windows from the north-west on."""
        wide, high = (self.right - self.left) / n, (self.top - self.bottom) / n
        for row in range(n):
            for column in range(n):
                left, top = self.left + column * wide, self.top - row * high
                yield Window(left, top - high, left + wide, top)

    def holds(self, spot: Spot) -> bool:
        return self.left <= spot.x <= self.right and self.bottom <= spot.y <= self.top


class Plan:
    """A plan that has been laid out in a box of the sheet.

    With `sparse` only outfalls and the wells at blockages have labels.
    """

    def __init__(
        self,
        scene: Scene,
        room: Box,
        window: Window | None = None,
        *,
        smallest: float = SMALLEST,
        sparse: bool = False,
    ) -> None:
        self._room, self._smallest, self._sparse = room, smallest, sparse
        self._window = window or Window.whole(scene)
        wide, high = self._window.right - self._window.left, self._window.top - self._window.bottom
        across = (room.right - room.left - 2 * _SIDE) / wide if wide else _CLOSEST
        along = (room.bottom - room.top - 2 * _END) / high if high else _CLOSEST
        self.scale = min(across, along, _CLOSEST)
        self._x = (room.left + room.right - wide * self.scale) / 2
        self._y = (room.top + room.bottom + high * self.scale) / 2
        self._spots = [spot for spot in scene.spots if self._window.holds(spot)]
        shown = {spot.code for spot in self._spots}
        self._runs = [run for run in scene.runs if run.start in shown or run.end in shown]
        blocked = likeliest(scene)
        self._strokes = [
            Stroke(
                tuple(map(self._on_sheet, run.path)),
                glyphs.line_of(run, blocked),
                run.system == "rain",
                run.backwards,
                run.chance,
            )
            for run in self._runs
        ]
        # On a larger sheet, which is looked at from further away, everything is larger.
        self._enlarged = min(1.5, max(1.0, (room.right - room.left) / _USUAL_WIDTH))
        for smaller in _RADII:
            self._radius = self._fitting_radius() * smaller
            self.labels = self._place()
            # Where a great part finds no room, smaller wells do not help.
            if not 0 < len(self.labels.left_out) <= len(self._spots) * _A_FEW:
                break

    def _on_sheet(self, at: Point) -> Point:
        return (
            self._x + (at[0] - self._window.left) * self.scale,
            self._y - (at[1] - self._window.bottom) * self.scale,
        )

    def _fitting_radius(self) -> float:
        lengths = [
            hypot(b[0] - a[0], b[1] - a[1]) for a, b in (stroke.points for stroke in self._strokes) if a != b
        ]
        most = 15.0 * self._enlarged
        return min(most, max(6.0, 0.22 * median(lengths))) if lengths else most

    def _place(self) -> Labels:
        """Place the chances first, then the wells at blockages, then those in a bad state."""
        chances = [
            Wanted(
                f"{percent(stroke.chance)}%",
                glyphs.middle(stroke.points),
                self._radius * (1.4 if stroke.line is Line.BLOCKED else 0.5),
            )
            for stroke in self._strokes
            if stroke.line in {Line.BLOCKED, Line.MAYBE}
        ]
        at_blockage = {code for run in self._runs if run.chance for code in (run.start, run.end)}
        urgent = {State.BAD: 1, State.WATCH: 2, State.UNOPENED: 2}
        ordered = sorted(
            self._spots,
            key=lambda spot: (
                0 if spot.code in at_blockage else urgent.get(spot.state, 3) if spot.state else 3
            ),
        )
        if self._sparse:
            ordered = [spot for spot in ordered if spot.code in at_blockage or spot.outfall]
        wells = [
            Wanted(_label_of(spot), self._on_sheet((spot.x, spot.y)), self._radius * 1.1) for spot in ordered
        ]
        lines = [
            (a, b) for stroke in self._strokes for a, b in zip(stroke.points, stroke.points[1:], strict=False)
        ]
        return place(
            [*chances, *wells],
            lines,
            self._room,
            width_of=glyphs.width_of,
            largest=_LARGEST * self._enlarged,
            smallest=self._smallest,
        )

    def drawn(self) -> Markup:
        """Return pipes, wells and labels."""
        thick = max(2.0, self._radius * 0.28)
        wells = (
            glyphs.well(
                signs.sign_of(spot), signs.colour_of(spot), self._on_sheet((spot.x, spot.y)), self._radius
            )
            for spot in self._spots
        )
        labelled = {label.wanted.text for label in self.labels.placed}
        flags = (
            glyphs.calls(spot, self._on_sheet((spot.x, spot.y)), self._radius)
            for spot in self._spots
            if spot.called and _label_of(spot) not in labelled
        )
        labels = list(map(self._label, self.labels.placed))
        return joined(
            glyphs.pipes(self._strokes, thick),
            *(lead for lead, _ in labels),
            *wells,
            *(said for _, said in labels),
            *flags,
        )

    def _label(self, label: Placed) -> tuple[Markup, Markup]:
        """Return the lead line, empty without one, and the text."""
        box, size = label.box, self.labels.size
        if _FLAG in label.wanted.text:
            return self._lead(label), self._flagged(label)
        # The foot of the letters is about a fifth above the lower edge.
        said = glyphs.text(
            label.wanted.text,
            ((box.left + box.right) / 2, box.bottom - size * 0.16),
            size,
            anchor="middle",
            colour=glyphs.RED if label.wanted.text.endswith("%") else glyphs.INK,
            bold=label.wanted.text.endswith("%"),
            halo=True,
            most=box.right - box.left,
        )
        return self._lead(label), said

    def _lead(self, label: Placed) -> Markup:
        if label.lead is None:
            return joined()
        (x, y), (to_x, to_y) = label.wanted.at, label.lead
        return tag("line", x1=x, y1=y, x2=to_x, y2=to_y, stroke=glyphs.FAINT, stroke_width=1.2)

    def _flagged(self, label: Placed) -> Markup:
        """Return a code with the flag behind it, and how many ask for help there."""
        box, size = label.box, self.labels.size
        code, _, number = label.wanted.text.partition(_FLAG)
        spot = next(spot for spot in self._spots if _label_of(spot) == label.wanted.text)
        colour, foot = signs.call_colour(spot), box.bottom - size * 0.16
        behind = box.left + glyphs.width_of(code) * size
        return joined(
            glyphs.text(code, (box.left, foot), size, halo=True, most=behind - box.left),
            glyphs.well(signs.Sign.CALLS, colour, (behind + size * 0.55, foot - size * 0.32), size * 0.42),
            glyphs.text(number, (behind + size * 1.05, foot), size, colour=colour, bold=True, halo=True),
        )

    def outlined(self, windows: Sequence[Window]) -> Markup:
        """Return frames around parts of the plan, each with the number of its sheet."""
        pieces = []
        for n, window in enumerate(windows, start=2):
            left, top = self._on_sheet((window.left, window.top))
            right, bottom = self._on_sheet((window.right, window.bottom))
            size = {"width": right - left, "height": bottom - top}
            pieces.append(
                tag("rect", x=left, y=top, **size, fill="none", stroke=glyphs.FAINT, stroke_dasharray="8 8")
            )
            pieces.append(
                glyphs.text(str(n), (left + 8, top + 40), 36, colour=glyphs.FAINT, bold=True, halo=True)
            )
        return joined(*pieces)

    def scale_bar(self, right: float, foot: float) -> Markup:
        """Return a bar of a round length with its metres, and an arrow to the north."""
        metres = _round_length(_LONGEST_BAR / self.scale)
        left, length = right - metres * self.scale, metres * self.scale
        bar = tag(
            "path",
            d=f"M{left:.1f} {foot - 12:.1f}v12h{length:.1f}v-12",
            fill="none",
            stroke=glyphs.INK,
            stroke_width=2.5,
        )
        north = left - 60
        return joined(
            bar,
            glyphs.text(
                t("paper.map.metres", m=f"{metres:g}"), (left + length / 2, foot - 8), 24, anchor="middle"
            ),
            tag("path", d=f"M{north:.1f} {foot - 46:.1f}l14 46l-14 -12l-14 12z", fill=glyphs.INK),
            glyphs.text(t("paper.map.north"), (north - 20, foot - 10), 24, anchor="end"),
        )


def _label_of(spot: Spot) -> str:
    """Return what stands beside a well: its code, and room for the flag where somebody asks for help."""
    code = glyphs.short(spot.code)
    return f"{code}{_FLAG}{spot.calls or ''}" if spot.called else code


def _round_length(most: float) -> float:
    """Return the longest of 1, 2, 5, 10, 20, … metres that is not above `most`."""
    power: float = 10.0 ** int(log10(most) // 1) if most > 0 else 1.0
    return next(power * step for step in (5.0, 2.0, 1.0) if power * step <= most * 1.000001)
