"""The survey map as one SVG drawing: title, map, wells without a place, scale, legend. Needs nothing beside itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from models.inspection.survey.scene import Laid, Scene, Spot
from tui.i18n import t
from tui.paper import findings, glyphs, signs
from tui.paper.glyphs import MM, Line, Stroke
from tui.paper.labels import Box
from tui.paper.map_plan import SMALLEST, Plan, Window
from tui.paper.map_schematic import schematics
from tui.paper.markup import Markup, joined, tag
from tui.paper.page import A4, FONTS

_ROW: Final = 52.0
_LETTERS: Final = 26.0
_SIGN: Final = 11.0
_AFTER: Final = 46.0
_BAR: Final = 620.0
_TITLE, _SUBTITLE, _HEADLINE = 52.0, 30.0, 36.0
_ASIDE_ROW: Final = 44.0
_EDGE: Final = 14.0
_MARGIN: Final = 40.0
_MOST_TILES: Final = 6
#: On a screen a drawing can be enlarged.
_ON_A_SCREEN: Final = 4.0


@dataclass(frozen=True, slots=True)
class Frame:
    """The size of a drawing in mm, and whether its title stands in it."""

    width_mm: float
    height_mm: float
    titled: bool = True

    @property
    def width(self) -> float:
        return self.width_mm * MM

    @property
    def height(self) -> float:
        return self.height_mm * MM


WHOLE_A4: Final = Frame(*A4.landscape.inner_mm)


def map_svg(scene: Scene, frame: Frame = WHOLE_A4) -> str:
    """Return the whole map as one SVG file, however small its letters must become."""
    (drawing,) = _sheets(scene, frame, several=False)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{drawing}\n'


def map_sheets(scene: Scene, frame: Frame) -> tuple[Markup, ...]:
    """Return the map as drawings of this size: one where that can be read, else as many as it takes."""
    return tuple(_sheets(scene, frame, several=True))


def _sheets(scene: Scene, frame: Frame, *, several: bool) -> Iterator[Markup]:
    legend, legend_height = _legend(scene, frame.width - (_BAR if scene.laid is Laid.PLAN else 0.0))
    title, top = _title(scene, frame) if frame.titled else (joined(), 0.0)
    aside, aside_width = _aside(scene.aside, frame.height - top - legend_height)
    room = Box(_EDGE, top, frame.width - aside_width - _EDGE, frame.height - legend_height - 15)
    feet = tag("g", legend, transform=f"translate(0 {frame.height - legend_height:.1f})")
    beside = tag("g", aside, transform=f"translate({frame.width - aside_width:.1f} {top:.1f})")

    def whole(inside: Markup, n: int = 1, of: int = 1) -> Markup:
        return _drawing(scene, frame, joined(title, inside, beside, feet), n, of)

    if scene.laid is Laid.SCHEMATIC:
        sheets = schematics(scene, room, several=several)
        for n, sheet in enumerate(sheets, start=1):
            yield whole(sheet.drawn(), n, len(sheets))
        if not sheets:
            yield whole(joined())
        return
    plan = Plan(scene, room, smallest=SMALLEST if several else _ON_A_SCREEN)
    tiles = _tiles(scene, room) if several and plan.labels.left_out else {}
    overview = Plan(scene, room, sparse=True) if tiles else plan
    frames = overview.outlined(list(tiles))
    bar_at = (frame.width - 20, frame.height - 12)
    yield whole(joined(overview.drawn(), frames, overview.scale_bar(*bar_at)), 1, 1 + len(tiles))
    for n, part in enumerate(tiles.values(), start=2):
        yield whole(joined(_clipped(part.drawn(), room), part.scale_bar(*bar_at)), n, 1 + len(tiles))


def _tiles(scene: Scene, room: Box) -> dict[Window, Plan]:
    """Return the plan in larger pieces, on which every label finds its place if that takes no more than 36."""
    for n in range(2, _MOST_TILES + 1):
        windows = [w for w in Window.whole(scene).split(n) if any(map(w.holds, scene.spots))]
        tiles: dict[Window, Plan] = {}
        for window in windows:
            tiles[window] = Plan(scene, room, window)
            if tiles[window].labels.left_out and n < _MOST_TILES:
                break
        else:
            return tiles
    return {}


def _clipped(inside: Markup, room: Box) -> Markup:
    wide, high = room.right - room.left, room.bottom - room.top
    return tag(
        "svg",
        inside,
        x=room.left,
        y=room.top,
        width=wide,
        height=high,
        viewBox=f"{room.left:g} {room.top:g} {wide:g} {high:g}",
    )


def _drawing(scene: Scene, frame: Frame, inside: Markup, n: int, of: int) -> Markup:
    sheet = t("paper.map.sheet", n=n, of=of) if of > 1 else ""
    # A page has its own margins; a drawing by itself needs one.
    margin = _MARGIN if frame.titled else 0.0
    wide, high = frame.width + 2 * margin, frame.height + 2 * margin
    said = " ".join([*findings.subtitle(scene), findings.headline(scene), sheet]).strip()
    return tag(
        "svg",
        tag("title", findings.title(scene)),
        tag("desc", said),
        glyphs.definitions(),
        tag("rect", x=-margin, y=-margin, width=wide, height=high, fill="#fff"),
        inside,
        *(
            [glyphs.text(sheet, (frame.width, 30), _LETTERS, anchor="end", colour=glyphs.FAINT)]
            if sheet
            else []
        ),
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"{-margin:g} {-margin:g} {wide:g} {high:g}",
        width=f"{wide / MM:g}mm",
        height=f"{high / MM:g}mm",
        font_family=FONTS.replace('"', "'"),
        role="img",
    )


def _title(scene: Scene, frame: Frame) -> tuple[Markup, float]:
    """Return the heading and how high it is."""
    y = _TITLE
    lines = [glyphs.text(findings.title(scene), (0, y), _TITLE, bold=True, most=frame.width)]
    for said in findings.subtitle(scene):
        y += _SUBTITLE * 1.6
        lines.append(glyphs.text(said, (0, y), _SUBTITLE, most=frame.width))
    y += _HEADLINE * 1.5
    colour = glyphs.RED if scene.blockages else glyphs.INK
    lines.append(
        glyphs.text(findings.headline(scene), (0, y), _HEADLINE, colour=colour, bold=True, most=frame.width)
    )
    return joined(*lines), y + 30


def _aside(spots: Sequence[Spot], high: float) -> tuple[Markup, float]:
    """Return the wells that have no place in a plan, in columns, and how wide these are; those beyond a third are counted."""
    if not spots:
        return joined(), 0.0
    rows = max(1, int((high - 2 * _ASIDE_ROW) / _ASIDE_ROW) - 1)
    wide = max(glyphs.width_of(glyphs.short(spot.code)) for spot in spots) * _LETTERS + 3 * _SIGN + 20
    columns = max(1, min(-(-len(spots) // rows), int(800 / wide)))
    shown = spots[: rows * columns]
    title = t("paper.map.aside", n=len(spots))
    pieces = [glyphs.text(title, (0, _LETTERS * 1.2), _LETTERS, bold=True)]
    for n, spot in enumerate(shown):
        x, y = (n // rows) * wide + _SIGN, (n % rows + 2) * _ASIDE_ROW
        pieces += _entry(spot, x, y)
    if len(shown) < len(spots):
        more = t("paper.map.and_others", n=len(spots) - len(shown))
        pieces.append(glyphs.text(more, (0, (rows + 2) * _ASIDE_ROW), _LETTERS))
    return joined(*pieces), max(columns * wide, glyphs.width_of(title) * _LETTERS) + 20


def _entry(spot: Spot, x: float, y: float) -> list[Markup]:
    return [
        glyphs.well(signs.sign_of(spot), signs.colour_of(spot), (x, y - _SIGN * 0.8), _SIGN),
        glyphs.text(glyphs.short(spot.code), (x + 1.6 * _SIGN, y), _LETTERS),
    ]


def _legend(scene: Scene, wide: float) -> tuple[Markup, float]:
    """Return the legend, wrapped to a width, and how high it is. Of lines only those that the map has are explained."""
    x, y = 3.0, _ROW * 0.7
    pieces = []
    for draw, sample, word in _entries(scene):
        needed = sample + 12 + glyphs.width_of(word) * _LETTERS
        if x > _EDGE and x + needed > wide:
            x, y = 3.0, y + _ROW * 0.85
        pieces.append(tag("g", draw(), transform=f"translate({x:.1f} {y - _LETTERS * 0.34:.1f})"))
        pieces.append(glyphs.text(word, (x + sample + 12, y), _LETTERS))
        x += needed + _AFTER
    return joined(*pieces), y + _ROW * 0.4


def _entries(scene: Scene) -> Iterator[tuple[Callable[[], Markup], float, str]]:
    """Yield what draws a sample beginning at 0, 0, how long that is, and its meaning."""
    for sign, colour, word in signs.legend(calls=bool(scene.called)):
        yield (lambda s=sign, c=colour: glyphs.well(s, c, (_SIGN, 0), _SIGN)), 2 * _SIGN, word  # type: ignore[misc]
    blocked = findings.likeliest(scene)
    lines = {glyphs.line_of(run, blocked) for run in scene.runs}
    yield _sample(Line.PLAIN), 110, t("paper.map.legend.flow")
    for line, word in (
        (Line.BLOCKED, t("paper.map.legend.blocked")),
        (Line.MAYBE, t("paper.map.legend.maybe")),
        (Line.BEHIND, t("paper.map.legend.behind")),
    ):
        if line in lines:
            yield _sample(line), 110, word
    if any(run.system == "rain" for run in scene.runs):
        yield _sample(Line.PLAIN, rain=True), 110, t("paper.map.legend.rain")
    if any(run.backwards for run in scene.runs):
        yield _sample(Line.PLAIN, loop=True), 110, t("paper.map.legend.loop")


def _sample(line: Line, *, rain: bool = False, loop: bool = False) -> Callable[[], Markup]:
    return lambda: glyphs.pipes([Stroke(((0.0, 0.0), (110.0, 0.0)), line, rain, loop, 0.0)], 3.0)
