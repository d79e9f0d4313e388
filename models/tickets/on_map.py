"""Tickets on the survey map: the open ones, and the faults that come again, at the wells that have to do with them.

A ticket stands at the well it is about or linked with; else at those its
household drains into, else its building. By way of a household or a building only
what water can have to do with is shown: a noisy neighbour says nothing of a drain.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import and_, select
from sqlmodel import Session

from models.community.searching import chunks
from models.inspection.draining import wells_of_buildings, wells_of_homes
from models.inspection.observed import rows_of
from models.inspection.queries_walks import DRAINS
from models.inspection.survey.scene import Scene, Spot
from models.tickets.between import DRY
from models.tickets.queries import BUILDING, HOUSEHOLD, POINT, TICKET
from models.tickets.queries_repeats import LINK, repeats
from models.tickets.rules import OPEN, State

_OPEN: Final = tuple(sorted(state.value for state in OPEN))


@dataclass(frozen=True, slots=True)
class MappedTicket:
    """A ticket at a well; `again` tells that it is one of a fault that came again."""

    id: UUID
    code: str
    what: str
    state: State
    opened_at: datetime
    again: bool


@dataclass(frozen=True, slots=True)
class Calls:
    """The tickets at each well, the newest first; `elsewhere` are places without a well, with how many each."""

    at: Mapping[UUID, tuple[MappedTicket, ...]] = field(default_factory=dict)
    elsewhere: tuple[tuple[str, int], ...] = ()

    def laid_on(self, scene: Scene) -> Scene:
        """Return a map with these marked on it."""
        return replace(
            scene,
            spots=tuple(map(self._told, scene.spots)),
            aside=tuple(map(self._told, scene.aside)),
            called_elsewhere=self.elsewhere,
        )

    def _told(self, spot: Spot) -> Spot:
        here = self.at.get(spot.id)
        if here is None:
            return spot
        still_open = sum(ticket.state in OPEN for ticket in here)
        return replace(spot, calls=still_open, again=any(ticket.again for ticket in here))


def calls_on_map(session: Session, compound_id: UUID, *, now: datetime, today: date) -> Calls:
    """Return the tickets to mark on the map; the cost follows those that are open, and those of the last days."""
    often = {
        report.id
        for line in repeats(session, compound_id, now=now, today=today)
        for report in line.repeat.reports
    }
    rows = _rows(session, compound_id, often)
    points = _wells_of_tickets(session, compound_id, rows)
    wet = [row for row in rows if row.category not in DRY and row.id not in points]
    homes = wells_of_homes(session, compound_id, {row.household_id for row in wet} - {None})
    without = {row.building_id for row in wet if row.household_id is None} - {None}
    buildings = wells_of_buildings(session, compound_id, without)
    at: dict[UUID, list[MappedTicket]] = {}
    elsewhere: dict[tuple[UUID | None, UUID | None, str], int] = {}
    for row in rows:
        wells: Collection[UUID] = points.get(row.id, ())
        if not wells and row.category not in DRY:
            wells = homes.get(row.household_id) or buildings.get(row.building_id) or ()
            if not wells and row.state in OPEN:
                place = (row.household_id, row.building_id, row.place)
                elsewhere[place] = elsewhere.get(place, 0) + 1
        ticket = MappedTicket(row.id, row.code, row.what, State(row.state), row.opened_at, row.id in often)
        for well in wells:
            at.setdefault(well, []).append(ticket)
    return Calls(
        {well: tuple(tickets) for well, tickets in at.items()}, _places(session, compound_id, elsewhere)
    )


def _rows(session: Session, compound_id: UUID, often: Iterable[UUID]) -> list[Any]:
    """Return the open tickets and those of faults that come again, the newest first, each once."""
    columns = [
        TICKET.c[name]
        for name in (
            *("id", "code", "what", "category", "state", "opened_at"),
            *("household_id", "building_id", "point_id", "place"),
        )
    ]
    living = [TICKET.c.compound_id == compound_id, TICKET.c.archived.is_(False)]
    found = {
        row.id: row for row in rows_of(session, select(*columns).where(*living, TICKET.c.state.in_(_OPEN)))
    }
    for part in chunks(sorted(often)):
        statement = select(*columns).where(*living, TICKET.c.id.in_(part))
        found.update((row.id, row) for row in rows_of(session, statement))
    return sorted(found.values(), key=lambda row: (row.opened_at, row.code), reverse=True)


def _wells_of_tickets(
    session: Session, compound_id: UUID, rows: Sequence[Any]
) -> dict[UUID, tuple[UUID, ...]]:
    """Return the wells and outfalls that tickets are about themselves."""
    about: dict[UUID, dict[UUID, None]] = {row.id: {} for row in rows}
    for row in rows:
        if row.point_id is not None:
            about[row.id][row.point_id] = None
    for part in chunks(about):
        statement = select(LINK.c.ticket_id, LINK.c.point_id).where(
            LINK.c.compound_id == compound_id,
            LINK.c.archived.is_(False),
            LINK.c.point_id.is_not(None),
            LINK.c.ticket_id.in_(part),
        )
        for row in rows_of(session, statement):
            about[row.ticket_id][row.point_id] = None
    drains: set[UUID] = set()
    for part in chunks({point for points in about.values() for point in points}):
        statement = select(POINT.c.id).where(
            and_(POINT.c.compound_id == compound_id, POINT.c.id.in_(part)),
            POINT.c.kind.in_(DRAINS),
            POINT.c.archived.is_(False),
        )
        drains.update(row.id for row in rows_of(session, statement))
    wells = {ticket: tuple(point for point in points if point in drains) for ticket, points in about.items()}
    return {ticket: points for ticket, points in wells.items() if points}


def _places(
    session: Session, compound_id: UUID, found: Mapping[tuple[UUID | None, UUID | None, str], int]
) -> tuple[tuple[str, int], ...]:
    """Return places by the names that people call them, and how many tickets each has."""
    codes: dict[UUID | None, str] = {}
    for table, ids in (
        (HOUSEHOLD, {home for home, _, _ in found} - {None}),
        (BUILDING, {building for _, building, _ in found} - {None}),
    ):
        for part in chunks(sorted(one for one in ids if one is not None)):
            statement = select(table.c.id, table.c.code).where(
                table.c.compound_id == compound_id, table.c.id.in_(part)
            )
            codes.update((row.id, row.code) for row in rows_of(session, statement))
    counted: dict[str, int] = {}
    for (home, building, place), number in found.items():
        # A place in nobody's building and without words has no name to be called by.
        name = codes.get(home) or " ".join(part for part in (codes.get(building, ""), place) if part)
        if name:
            counted[name] = counted.get(name, 0) + number
    return tuple(sorted(counted.items(), key=lambda one: (-one[1], one[0])))
