"""What a route's page asks the store: the route, what is not yet on it, and other orders for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from models.inspection import queries
from models.inspection.ordering import along_flow, length, merged_order, shortest_way
from models.inspection.queries import PointLine, RouteView
from models.inspection.queries_network import pipes_page
from models.operations.envelope import Intent
from models.operations.perform import Outcome
from tui.desk import Desk


@dataclass(frozen=True, slots=True)
class RoutePage:
    """A route. `metres` is how far it leads where every point has co-ordinates, else None."""

    route: RouteView
    walked_at: datetime | None
    metres: int | None


@dataclass(frozen=True, slots=True)
class Left:
    """The points that are not on a route, by kind, in the order people count them."""

    kinds: Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Sorted:
    """Another order, and what it saves in metres; `reason` says why there is none."""

    stops: tuple[str, ...] = ()
    before: int = 0
    after: int = 0
    reason: str = ""


def look(desk: Desk, route_id: UUID) -> RoutePage | None:
    compound_id = desk.seat.compound_id
    with desk.store.read() as session:
        view = queries.route_view(session, compound_id, route_id)
        if view is None:
            return None
        lines = queries.routes(session, compound_id, archived=view.archived)
        places = queries.places_of(session, compound_id, [stop.point_id for stop in view.stops])
    walked = next((line.walked_at for line in lines if line.id == route_id), None)
    order = [stop.point_id for stop in view.stops]
    whole = len(order) > 1 and all(stop in places for stop in order)
    return RoutePage(view, walked, round(length(order, places)) if whole else None)


def left_out(desk: Desk, route_id: UUID) -> Left:
    compound_id = desk.seat.compound_id
    with desk.store.read() as session:
        view = queries.route_view(session, compound_id, route_id)
        points = queries.points_page(session, compound_id)
    standing = set() if view is None else {stop.point_id for stop in view.stops}
    return _by_kind([point for point in points if point.id not in standing])


def _by_kind(points: Sequence[PointLine]) -> Left:
    kinds: dict[str, list[str]] = {}
    for point in points:
        kinds.setdefault(point.kind, []).append(str(point.id))
    return Left(kinds)


def sorted_by(desk: Desk, stops: Sequence[str], how: str) -> Sorted:
    """Return the stops by code, along the flow or the shortest way."""
    compound_id, ids = desk.seat.compound_id, [UUID(stop) for stop in stops]
    with desk.store.read() as session:
        places = queries.places_of(session, compound_id, ids)
        in_order = queries.ids_in_order(session, compound_id, ids)
        pipes = pipes_page(session, compound_id) if how == "flow" else ()
    if how == "code":
        return Sorted(_text(in_order))
    if how == "flow":
        # Ties go by code, so that two people who sort the same route get the same order.
        order = along_flow(in_order, [(pipe.from_id, pipe.to_id) for pipe in pipes])
        joined = {end for pipe in pipes for end in (pipe.from_id, pipe.to_id)}
        return Sorted(_text(order)) if joined.intersection(ids) else Sorted(reason="no_pipes")
    if sum(one in places for one in ids) < 2:  # noqa: PLR2004 - a way has two ends
        return Sorted(reason="no_places")
    way = shortest_way(ids, places)
    return Sorted(_text(way), round(length(ids, places)), round(length(way, places)))


def arrange(desk: Desk, *, route_id: UUID, before: Sequence[str], stops: Sequence[str]) -> Outcome:
    """Give a route another order; what somebody has added or taken out since `before` was read stays so."""
    with desk.store.read() as session:
        view = queries.route_view(session, desk.seat.compound_id, route_id)
    standing = tuple(before) if view is None else _text([stop.point_id for stop in view.stops])
    payload = {
        "route": str(route_id),
        "stops": merged_order(before, stops, standing),
        "before": [*standing],
    }
    return desk.perform(Intent("route.arrange", {**payload}))


def _text(order: Sequence[UUID]) -> tuple[str, ...]:
    return tuple(str(one) for one in order)
