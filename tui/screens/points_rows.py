"""The lists of points as values: columns, and pages of rows read from the store."""

from __future__ import annotations

from collections.abc import Sequence

from models.inspection import queries
from models.inspection.observed import around
from models.inspection.queries import PointLine
from tui.desk import Desk
from tui.i18n import t
from tui.screens.points_words import (
    OTHERS,
    WELLS,
    depth_text,
    kinds_meant,
    number_text,
    place_text,
)
from tui.screens.register_words import archived_mark, building_word, listed
from tui.screens.walk_words import kind_word
from tui.widgets.rows import Column, RowView

WELLS_VIEW, OTHERS_VIEW = "wells", "others"
KINDS = {WELLS_VIEW: WELLS, OTHERS_VIEW: OTHERS}


def columns_of(view: str) -> tuple[Column, ...]:
    """Return the columns of a view; the least needed go first on a narrow terminal."""
    if view == WELLS_VIEW:
        return (
            Column(t("points.code"), 9, priority=9),
            Column(t("points.kind"), 10, priority=6),
            Column(t("points.name"), 12, priority=5, grow=True),
            Column(t("points.flows_to"), 10, priority=8, grow=True),
            Column(t("points.building"), 11, priority=4),
            Column(t("points.depth_short"), 7, priority=7, align="right"),
            Column(t("points.ground_short"), 8, priority=3, align="right"),
            Column(t("points.place_short"), 16, priority=2, align="right"),
        )
    return (
        Column(t("points.code"), 9, priority=9),
        Column(t("points.kind"), 12, priority=8),
        Column(t("points.name"), 14, priority=7, grow=True),
        Column(t("points.building"), 11, priority=6),
        Column(t("points.place_short"), 16, priority=3, align="right"),
        Column(t("points.note"), 12, priority=4, grow=True),
    )


def count_rows(desk: Desk, view: str, text: str, *, archived: bool = False) -> int:
    kinds = KINDS[view]
    with desk.store.read() as session:
        return queries.count_points(
            session,
            desk.seat.compound_id,
            kinds=kinds,
            text=text,
            meant=kinds_meant(text, kinds),
            archived=archived,
        )


def page_rows(
    desk: Desk, view: str, text: str, offset: int, limit: int, *, archived: bool = False
) -> Sequence[RowView]:
    kinds, compound_id = KINDS[view], desk.seat.compound_id
    with desk.store.read() as session:
        lines = queries.points_page(
            session,
            compound_id,
            kinds=kinds,
            text=text,
            meant=kinds_meant(text, kinds),
            archived=archived,
            offset=offset,
            limit=limit,
        )
        beside = around(session, compound_id, [line.id for line in lines]) if view == WELLS_VIEW else {}
    return [_row(line, view, beside[line.id].downstream if line.id in beside else ()) for line in lines]


def _row(line: PointLine, view: str, down: Sequence[str]) -> RowView:
    kind = f"{kind_word(line.kind)} {archived_mark()}" if line.archived else kind_word(line.kind)
    building = building_word(line.building) if line.building else ""
    if view == WELLS_VIEW:
        cells = (
            line.code,
            kind,
            line.name,
            listed(down),
            building,
            depth_text(line.depth_mm),
            number_text(line.ground_m),
            place_text(line),
        )
        return RowView(str(line.id), cells, muted=line.archived)
    return RowView(
        str(line.id),
        (line.code, kind, line.name, building, place_text(line), line.note),
        muted=line.archived,
    )
