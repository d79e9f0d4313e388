"""From faults that come again to the ground under them: where their homes drain, and which covers to lift.

Ends in the intents of a walk over these wells: they are two features' operations, done as one group.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, select
from sqlmodel import Session

from models.inspection.draining import wells_of_buildings, wells_of_homes
from models.inspection.locating import locate_walk
from models.inspection.observed import OBSERVATION, POINT, rows_of, zone_of
from models.inspection.queries import ROUTE, route_view
from models.inspection.queries_network import pipes_page
from models.inspection.queries_schedules import names_beginning
from models.inspection.queries_walks import DRAINS, walk_row
from models.inspection.sewer import Network, Pipe, Well
from models.operations.envelope import Intent
from models.text import free_name
from models.tickets.downstream import Blocked, blocked_among, wells_between
from models.tickets.queries_repeats import RepeatLine
from models.tickets.repeats import Same
from models.tickets.rules import CATEGORIES

#: Built-in kinds of job that no well has anything to do with; what a compound's own are about nobody can tell.
DRY: Final = CATEGORIES.keys() - {"drain", "leak", "other"}


@dataclass(frozen=True, slots=True)
class GroundWell:
    """A well on the way: `struck` where a struck place drains in, `seen_at` when its water was last looked at since
    the trouble began, None if nobody has.
    """

    point_id: UUID
    code: str
    struck: bool
    level: str | None = None
    seen_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Drained:
    """A struck place and the wells it drains into; none where nobody has said."""

    place: str
    wells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ground:
    """What lies under repeats. `wells` are those to open, in walking order.

    `blocked` is what `walk`, which looked at them last, located there, `located_at` when it began.
    """

    drained: tuple[Drained, ...]
    wells: tuple[GroundWell, ...]
    blocked: Blocked | None = None
    walk: str = ""
    located_at: datetime | None = None

    @property
    def unseen(self) -> tuple[str, ...]:
        """The wells that nobody has looked at since the trouble began: they would decide."""
        return tuple(well.code for well in self.wells if well.seen_at is None)


def ground_under(session: Session, compound_id: UUID, lines: Sequence[RepeatLine]) -> Ground:
    """Return what lies under some repeats: their places' wells, those between them, and what the locator says."""
    if not lines:
        return Ground((), ())
    drained = _drained(session, compound_id, lines)
    network, ids = _network(session, compound_id)
    codes = {point_id: code for code, point_id in ids.items()}
    struck = [codes[well] for _, wells in drained for well in wells if well in codes]
    between = wells_between(network, struck)
    since = min(line.repeat.reports[0].opened_at for line in lines)
    seen = _seen_since(session, compound_id, [ids[code] for code in between], since)
    zone = zone_of(session, compound_id)
    wells = tuple(
        GroundWell(
            ids[code],
            code,
            code in struck,
            seen[ids[code]].level if ids[code] in seen else None,
            seen[ids[code]].at.astimezone(zone) if ids[code] in seen else None,
        )
        for code in between
    )
    told = tuple(Drained(place, tuple(codes[well] for well in of if well in codes)) for place, of in drained)
    walk = _looked_last(session, compound_id, [ids[code] for code in between])
    if walk is None:
        return Ground(told, wells)
    findings = locate_walk(session, compound_id, walk.id)
    blocked = blocked_among(between, findings.blockages)
    return Ground(told, wells, blocked, findings.walk, walk.started_at.astimezone(zone))


def _drained(
    session: Session, compound_id: UUID, lines: Sequence[RepeatLine]
) -> list[tuple[str, tuple[UUID, ...]]]:
    """Return the places of repeats with the wells that they drain into; a well drains into itself."""
    homes = {line.repeat.subject.id for line in lines if line.repeat.subject.same is Same.HOUSEHOLD} - {None}
    buildings = {line.building_id for line in lines} - {None}
    of_home = wells_of_homes(session, compound_id, [one for one in homes if one is not None])
    of_building = wells_of_buildings(session, compound_id, [one for one in buildings if one is not None])
    found: list[tuple[str, tuple[UUID, ...]]] = []
    for line in lines:
        subject = line.repeat.subject
        wells: tuple[UUID, ...] = ()
        if subject.same is Same.HOUSEHOLD and subject.id is not None and not _is_dry(line):
            wells = of_home.get(subject.id, ())
        elif (
            subject.same is Same.POINT
            and subject.id is not None
            and _is_drain(session, compound_id, subject.id)
        ):
            wells = (subject.id,)
        if not wells and line.building_id is not None and not _is_dry(line):
            wells = of_building.get(line.building_id, ())
        found.append((line.place, wells))
    return found


def _is_dry(line: RepeatLine) -> bool:
    return all(category in DRY for category in line.repeat.categories)


def _is_drain(session: Session, compound_id: UUID, point_id: UUID) -> bool:
    statement = select(POINT.c.kind).where(POINT.c.compound_id == compound_id, POINT.c.id == point_id)
    return any(row.kind in DRAINS for row in rows_of(session, statement))


def _network(session: Session, compound_id: UUID) -> tuple[Network, dict[str, UUID]]:
    """Return the living sewer, and the ids of its wells by code."""
    statement = (
        select(POINT.c.id, POINT.c.code, POINT.c.kind)
        .where(POINT.c.compound_id == compound_id, POINT.c.archived.is_(False), POINT.c.kind.in_(DRAINS))
        .order_by(POINT.c.sort_key, POINT.c.id)
    )
    points = rows_of(session, statement)
    ids: dict[str, UUID] = {}
    for row in points:
        ids.setdefault(row.code, row.id)
    pipes = [Pipe(pipe.start, pipe.end) for pipe in pipes_page(session, compound_id)]
    return Network.build([Well(row.code, kind=row.kind) for row in points], pipes), ids


def _seen_since(
    session: Session, compound_id: UUID, wells: Collection[UUID], since: datetime
) -> dict[UUID, Row[Any]]:
    """Return the newest look at the water of each of some wells, of those since a moment."""
    statement = (
        select(OBSERVATION.c.point_id, OBSERVATION.c.level, OBSERVATION.c.at)
        .where(
            OBSERVATION.c.compound_id == compound_id,
            OBSERVATION.c.point_id.in_(sorted(wells)),
            OBSERVATION.c.archived.is_(False),
            OBSERVATION.c.level.is_not(None),
            OBSERVATION.c.at >= since,
        )
        .order_by(OBSERVATION.c.at, OBSERVATION.c.id)
    )
    return {row.point_id: row for row in rows_of(session, statement)}


def _looked_last(session: Session, compound_id: UUID, wells: Collection[UUID]) -> Row[Any] | None:
    """Return the walk that looked last at the water of any of some wells."""
    statement = (
        select(OBSERVATION.c.walk_id)
        .where(
            OBSERVATION.c.compound_id == compound_id,
            OBSERVATION.c.point_id.in_(sorted(wells)),
            OBSERVATION.c.archived.is_(False),
            OBSERVATION.c.level.is_not(None),
            OBSERVATION.c.walk_id.is_not(None),
        )
        .order_by(OBSERVATION.c.at.desc(), OBSERVATION.c.id.desc())
        .limit(1)
    )
    found = rows_of(session, statement)
    return walk_row(session, compound_id, found[0].walk_id) if found else None


# -- walking there -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Checking:
    """A walk over wells: the intents that begin it, to be performed as one group, and its id."""

    walk_id: UUID
    walk: str
    intents: tuple[Intent, ...]


def checking_walk(
    session: Session,
    compound_id: UUID,
    wells: Sequence[UUID],
    *,
    route: str,
    walk: str,
    may_add_routes: bool,
    new_id: Callable[[], UUID],
) -> Checking:
    """Return what begins a walk over wells in their order, on a route of their own.

    A route that was made for the same wells before is walked again; one of that
    name with other wells keeps it, and the new one gets a number. Whoever may not
    add routes walks without one, over every point: `walk` is its name, made free too.
    """
    walk_id = new_id()
    if not may_add_routes:
        free = free_name(walk, names_beginning(session, compound_id, None, walk))
        return Checking(walk_id, free, (Intent("walk.start", {"id": str(walk_id), "name": free}),))
    statement = select(ROUTE.c.id, ROUTE.c.name, ROUTE.c.archived).where(
        ROUTE.c.compound_id == compound_id, ROUTE.c.name.startswith(route, autoescape=True)
    )
    made = rows_of(session, statement)
    standing = next(
        (row.id for row in made if not row.archived and _stops(session, compound_id, row.id) == list(wells)),
        None,
    )
    starting: dict[str, Any] = {"id": str(walk_id)}
    if standing is not None:
        free = free_name(walk, names_beginning(session, compound_id, standing, walk))
        starting |= {"name": free, "route": str(standing)}
        return Checking(walk_id, free, (Intent("walk.start", starting),))
    route_id = new_id()
    adding = {
        "id": str(route_id),
        "name": free_name(route, {row.name for row in made}),
        "stops": [str(well) for well in wells],
    }
    starting |= {"name": walk, "route": str(route_id)}
    return Checking(walk_id, walk, (Intent("route.add", adding), Intent("walk.start", starting)))


def _stops(session: Session, compound_id: UUID, route_id: UUID) -> list[UUID]:
    view = route_view(session, compound_id, route_id)
    return [] if view is None else [stop.point_id for stop in view.stops]
