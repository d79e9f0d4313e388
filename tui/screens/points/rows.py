"""The lists of points as values: columns, and pages of rows read from the store."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import KW_ONLY, dataclass

from models.inspection import queries
from models.inspection.observed import around
from models.inspection.queries import PointLine
from tui.desk import Desk
from tui.i18n import t
from tui.screens.points.words import (
    OTHERS,
    WELLS,
    depth_text,
    kinds_meant,
    number_text,
    place_text,
)
from tui.screens.register.words import archived_mark, building_word, listed
from tui.screens.walk.words import kind_word
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


@dataclass(frozen=True, slots=True)
class SoughtPoints:
    """The rows of a view that hold a text."""

    view: str
    text: str
    _: KW_ONLY
    archived: bool

    def count(self, desk: Desk) -> int:
        kinds = KINDS[self.view]
        with desk.store.read() as session:
            return queries.count_points(
                session,
                desk.seat.compound_id,
                kinds=kinds,
                text=self.text,
                meant=kinds_meant(self.text, kinds),
                archived=self.archived,
            )

    def page(self, desk: Desk, offset: int, limit: int) -> Sequence[RowView]:
        view, kinds, compound_id = self.view, KINDS[self.view], desk.seat.compound_id
        with desk.store.read() as session:
            lines = queries.points_page(
                session,
                compound_id,
                kinds=kinds,
                text=self.text,
                meant=kinds_meant(self.text, kinds),
                archived=self.archived,
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
