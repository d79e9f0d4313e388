"""What is owed by building and by who visits: sums over the doors of a list, so that they always add up to it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session

from models.community.tables import Building
from models.fees.queries_arrears import ArrearsAsked, ArrearsView, OwedDoor, find_doors, visitors_of
from models.fees.queries_promises import pressing_promises
from models.tables import table_of

_building = table_of(Building)


@dataclass(frozen=True, slots=True)
class Total:
    """What some doors owe, in fen; `due_fen` is past its day, `fix_first` of the doors wait for something.

    `id` is the building's or the volunteer's, None of the doors that nobody visits; `name` a code or a name.
    """

    id: UUID | None
    name: str
    doors: int
    owed_fen: int
    due_fen: int
    fix_first: int


@dataclass(frozen=True, slots=True)
class Totals:
    """The same doors summed in three ways."""

    whole: Total
    buildings: tuple[Total, ...]
    volunteers: tuple[Total, ...]


def total_of(doors: Iterable[OwedDoor], *, row_id: UUID | None = None, name: str = "") -> Total:
    """Return the sums over some doors."""
    every = tuple(doors)
    return Total(
        row_id,
        name,
        len(every),
        sum(one.owed_fen for one in every),
        sum(one.due_fen for one in every),
        sum(one.fix_first for one in every),
    )


def arrears_totals(session: Session, compound_id: UUID, asked: ArrearsAsked) -> Totals:
    """Return what the doors of a list owe, by building in their order and by volunteer, whoever has most first."""
    return totals_of(session, compound_id, find_doors(session, compound_id, asked).doors(), today=asked.today)


def totals_of(session: Session, compound_id: UUID, doors: Sequence[OwedDoor], *, today: date) -> Totals:
    """Return what some doors owe."""
    visitors = visitors_of(session, compound_id, [one.household_id for one in doors], today=today)
    codes = select(_building.c.id, _building.c.code).where(_building.c.compound_id == compound_id)
    names = {row.id: row.code for row in session.connection().execute(codes)}
    by_building: dict[UUID, list[OwedDoor]] = {}
    by_person: dict[tuple[UUID | None, str], list[OwedDoor]] = {}
    for door in doors:
        by_building.setdefault(door.building_id, []).append(door)
        by_person.setdefault(visitors.get(door.household_id, (None, "")), []).append(door)
    buildings = (total_of(of, row_id=one, name=names.get(one, "")) for one, of in by_building.items())
    volunteers = (total_of(of, row_id=one, name=name) for (one, name), of in by_person.items())
    return Totals(
        total_of(doors),
        tuple(sorted(buildings, key=lambda one: (len(one.name), one.name))),
        # Doors that nobody visits stand last: somebody has to be found for them.
        tuple(sorted(volunteers, key=lambda one: (one.id is None, -one.due_fen, one.name, str(one.id)))),
    )


def count_of(
    session: Session, compound_id: UUID, doors: Sequence[OwedDoor], *, today: date
) -> dict[ArrearsView, int]:
    """Return how many of all the doors that owe each list shows, without finding them list by list."""
    promised = pressing_promises(session, compound_id, today=today)
    return {
        ArrearsView.DOORS: sum(one.due_fen > 0 for one in doors),
        ArrearsView.FIX_FIRST: sum(one.fix_first for one in doors),
        ArrearsView.PROMISES: sum(one.household_id in promised for one in doors),
        ArrearsView.LATER: sum(one.due_fen == 0 for one in doors),
        ArrearsView.ALL: len(doors),
    }
