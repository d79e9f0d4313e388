"""What the survey map asks of the store; runs in worker threads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session

from models.inspection.draining import homes_at
from models.inspection.histories import Histories, histories, placed_wells, settled
from models.inspection.observed import Seen
from models.inspection.queries import PointView, point_card
from models.inspection.survey.scene import Laid, Scene
from models.inspection.survey.survey import survey
from models.tickets.on_map import Calls, MappedTicket, calls_on_map
from tui import edge
from tui.desk import Desk
from tui.screens.survey.words import marks_of
from tui.widgets.map_world import World, build
from tui.widgets.text import Mark


@dataclass(frozen=True, slots=True)
class Mapped:
    """A map ready to be drawn; `placed` counts the wells that a plan can show."""

    world: World
    marks: Mapping[str, Mark]
    placed: int
    calls: Calls

    @property
    def scene(self) -> Scene:
        return self.world.scene


def look(desk: Desk, walk_id: UUID | None, laid: Laid | None, *, called: bool = True) -> Mapped:
    """Return the map of a walk, of the newest if none is named, with the tickets marked on it if they are `called` for."""
    compound_id = desk.seat.compound_id
    with desk.store.read() as session:
        scene = survey(session, compound_id, walk_id, laid=laid)
        placed = placed_wells(session, compound_id)
        calls = calls_here(desk, session)
    if called:
        scene = calls.laid_on(scene)
    return Mapped(build(scene), marks_of(scene), placed, calls)


def calls_here(desk: Desk, session: Session) -> Calls:
    """Return the tickets to mark on a map as it is now."""
    return calls_on_map(session, desk.seat.compound_id, now=edge.clock(), today=desk.today())


@dataclass(frozen=True, slots=True)
class Well:
    """All about one well: what leads in and out, what drains there, what the last walks said of it, and what one did."""

    view: PointView
    told: Histories
    now: Seen | None
    homes: tuple[str, ...]
    tickets: tuple[MappedTicket, ...] = ()


def look_at_well(desk: Desk, point_id: UUID, walk_id: UUID | None) -> Well | None:
    """Return a well's card with what a walk said of it, None if there is no such point."""
    compound_id = desk.seat.compound_id
    with desk.store.read() as session:
        view = point_card(session, compound_id, point_id, last=1)
        if view is None:
            return None
        told = histories(session, compound_id, [point_id])
        # The walk may be older than those of the history.
        said = {} if walk_id is None else settled(session, compound_id, [walk_id], [point_id])
        now = next(iter(said.values()), None)
        tickets = calls_here(desk, session).at.get(point_id, ())
        return Well(view, told, now, homes_at(session, compound_id, point_id), tickets)
