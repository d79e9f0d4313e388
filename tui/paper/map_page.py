"""The survey map as a page to print: the map on sheets of its own, then what it tells, then every well."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from math import ceil
from typing import Final

from models.inspection.rules import State
from models.inspection.survey.scene import Scene, Spot
from tui.i18n import t
from tui.paper import findings, glyphs, signs
from tui.paper.map_svg import Frame, map_sheets
from tui.paper.markup import Markup, joined, tag
from tui.paper.page import (
    A4,
    HEAD_EDGE_MM,
    HEAD_LINE_MM,
    HEAD_SIZE_MM,
    MOST_HEAD_MM,
    Sheet,
    page,
    points,
    section,
    table,
)

_BANNER_MM: Final = 23.0
_SAFETY_MM: Final = 1.5
_CLASSES: Final = {State.NORMAL: "good", State.WATCH: "warn", State.BAD: "bad", State.UNOPENED: "info"}


def map_page(
    scene: Scene,
    *,
    sheet: Sheet = A4,
    head: str = "",
    foot: str = "",
    names: Collection[str] = (),
    masked: bool = False,
) -> str:
    """Return a self-contained HTML page on landscape sheets.

    Homes stand in it by their numbers alone. In what people wrote, phone numbers and the
    names in `names` are masked; with `masked` it is left out. `head` and `foot` are the compound's own words.
    """
    paper = sheet.landscape
    title = findings.title(scene)
    body = joined(*_map(scene, paper, head), *_told(scene), _wells(scene, names, masked=masked))
    return page(title, body, sheet=paper, head=head, foot=foot)


def _map(scene: Scene, paper: Sheet, head: str) -> Iterator[Markup]:
    wide, high = paper.inner_mm
    frame = Frame(wide, high - _BANNER_MM - _head_mm(head, wide) - _SAFETY_MM, titled=False)
    yield tag(
        "header",
        tag("h1", findings.title(scene)),
        *(tag("p", said) for said in findings.subtitle(scene)),
        tag("p", findings.headline(scene), class_="lead alert" if scene.blockages else "lead"),
        class_="banner",
    )
    for drawing in map_sheets(scene, frame):
        yield tag("figure", drawing)


def _head_mm(head: str, wide: float) -> float:
    """Return how high the printed head is."""
    lines = head.strip().splitlines()
    if not lines:
        return 0.0
    rows = sum(max(1, ceil(glyphs.width_of(said) * HEAD_SIZE_MM / wide)) for said in lines)
    return min(MOST_HEAD_MM + HEAD_EDGE_MM, rows * HEAD_LINE_MM + HEAD_EDGE_MM)


def _told(scene: Scene) -> Iterator[Markup]:
    yield section(t("walk.report.blockages"), *_blockages(scene))
    for title, sentences in findings.parts(scene):
        if title != t("walk.report.blockages"):
            yield section(title, *(tag("p", said) for said in sentences))


def _blockages(scene: Scene) -> Iterator[Markup]:
    if not scene.blockages:
        yield tag("p", findings.headline(scene))
    for blockage in scene.blockages:
        where, also, reasons = findings.told(blockage)
        yield tag("p", where, class_="alert")
        if also:
            yield tag("p", also)
        if reasons:
            yield points(reasons)


def _wells(scene: Scene, names: Collection[str], *, masked: bool) -> Markup:
    headings = (
        *(t("paper.map.well"), t("paper.map.name"), t("paper.map.state"), t("paper.map.level")),
        *(t("paper.map.mud"), t("paper.map.defects"), t("paper.map.note"), t("paper.map.homes")),
    )
    rows = (_row(spot, names, masked=masked) for spot in findings.wells(scene))
    return section(t("paper.map.wells"), table(headings, rows, kinds="ktkknttn"))


def _row(spot: Spot, names: Collection[str], *, masked: bool) -> tuple[str, ...]:
    mark = f"{signs.state_symbol(spot)} {signs.word_of(spot)}"
    return (
        spot.code,
        findings.public_note(spot.name, names),
        tag("span", mark, class_="muted" if spot.state is None else _CLASSES[spot.state]),
        signs.level_of(spot),
        "" if spot.mud_mm is None else str(spot.mud_mm),
        signs.defects_of(spot),
        "" if masked else tag("span", findings.public_note(spot.note, names), class_="note"),
        str(spot.households) if spot.households else "",
    )
