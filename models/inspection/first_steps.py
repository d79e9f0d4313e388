"""How far a new compound has been set up, and whether somebody still wants to be shown the way."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import func, select
from sqlmodel import Session

from models.community import queries as community
from models.inspection import queries_walks
from models.inspection.tables import Route, Schedule
from models.operations.tables import Setting
from models.tables import table_of


@dataclass(frozen=True, slots=True)
class FirstSteps:
    """What is there so far. `dismissed` once somebody said that they need no guide."""

    households: int = 0
    workers: int = 0
    points: int = 0
    routes: int = 0
    schedules: int = 0
    dismissed: bool = False

    @property
    def wanted(self) -> bool:
        """Whether to show the way: something is missing, and nobody has sent the guide away."""
        # Who founded the compound is the first who has something to do there.
        done = self.households and self.workers > 1 and self.points and self.routes
        return not (self.dismissed or done)


def first_steps(session: Session, compound_id: UUID, *, today: date) -> FirstSteps:
    """Count what has been entered; its cost does not grow with what is stored beyond counting."""
    places = community.home_counts(session, compound_id, today=today)
    return steps_after(session, compound_id, places, queries_walks.home_counts(session, compound_id))


def steps_after(
    session: Session, compound_id: UUID, places: community.HomeCounts, rounds: queries_walks.HomeCounts
) -> FirstSteps:
    """Return how far it is, for whoever has counted already."""
    return FirstSteps(
        places.households,
        places.workers,
        rounds.points,
        _count(session, compound_id, Route),
        _count(session, compound_id, Schedule),
        session.get(Setting, _key(compound_id)) is not None,
    )


def dismiss(session: Session, compound_id: UUID) -> None:
    """Show the way no more on this laptop. Needs a write session."""
    session.merge(Setting(key=_key(compound_id), value=True))


def _count(session: Session, compound_id: UUID, model: type[Route | Schedule]) -> int:
    table = table_of(model)
    statement = select(func.count()).where(table.c.compound_id == compound_id, table.c.archived.is_(False))
    return int(session.connection().execute(statement).scalar_one())


def _key(compound_id: UUID) -> str:
    return f"first_steps:{compound_id.hex}"
