"""What stands on a point's card, as values: its facts, and a line for each pipe, home and observation."""

from __future__ import annotations

from models.inspection.observed import Seen
from models.inspection.queries import PointView
from models.inspection.queries_network import ConnectionLine, PipeLine
from tui.i18n import t
from tui.screens.points.words import (
    WELLS,
    depth_text,
    home_name,
    number_text,
    pipe_detail,
    place_text,
    seen_detail,
)
from tui.screens.register.words import archived_mark, building_word
from tui.screens.walk.words import day, kind_word, state_mark
from tui.widgets.facts import Fact
from tui.widgets.rows import Column, RowView


def columns() -> tuple[Column, ...]:
    """Return the columns of what hangs on a point."""
    return (
        Column(t("points.tie"), 10, priority=9),
        Column(t("points.tie_what"), 12, priority=8),
        Column(t("points.tie_detail"), 20, priority=7, grow=True),
        Column(t("points.tie_state"), 10, priority=6),
    )


def facts_of(card: PointView) -> tuple[Fact, ...]:
    point = card.point
    depth = f"{depth_text(point.depth_mm)} mm" if point.depth_mm is not None else ""
    ground = f"{number_text(point.ground_m)} m" if point.ground_m is not None else ""
    facts = [
        Fact(t("points.kind"), kind_word(point.kind)),
        Fact(t("points.building"), building_word(point.building) if point.building else ""),
        Fact(t("points.place"), place_text(point)),
        Fact(t("points.note"), point.note),
    ]
    if point.kind in WELLS:
        facts[2:2] = [Fact(t("points.depth"), depth), Fact(t("points.ground"), ground)]
    if point.archived:
        facts.insert(0, Fact(t("points.tie_state"), archived_mark()))
    return tuple(facts)


def ties_of(card: PointView) -> list[RowView]:
    """Return a line for each pipe in and out, each home that drains there, each route, and what was seen last."""
    return [
        *(_pipe(pipe, t("points.tie_in"), pipe.start) for pipe in card.incoming),
        *(_pipe(pipe, t("points.tie_out"), pipe.end) for pipe in card.outgoing),
        *(_home(connection) for connection in card.connections),
        *(
            RowView(f"route:{route_id}", (t("points.tie_route"), name, t("points.tie_on_route"), ""))
            for route_id, name in card.routes
        ),
        *(_seen(seen) for seen in card.observations),
    ]


def _pipe(pipe: PipeLine, word: str, other: str) -> RowView:
    return RowView(f"pipe:{pipe.id}", (word, other, pipe_detail(pipe), ""))


def _home(connection: ConnectionLine) -> RowView:
    kind = "points.tie_household" if connection.household else "points.tie_building"
    return RowView(f"home:{connection.id}", (t("points.tie_home"), home_name(connection), t(kind), ""))


def _seen(seen: Seen) -> RowView:
    said = " · ".join(part for part in (seen_detail(seen), seen.doer) if part)
    return RowView(f"seen:{seen.id}", (t("points.tie_seen"), day(seen.at), said, state_mark(seen.state)))
