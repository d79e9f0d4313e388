"""Making a draft of a roster, publishing it and settling its months: what has to be done for it, as operations."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import zip_longest
from typing import TypeVar
from uuid import UUID

from sqlmodel import Session

from models.duty import payloads_roster as p
from models.duty.drafting_ground import DraftShift, Ground, Place, Sick
from models.duty.needs import spell_need
from models.duty.payload_fields import MOST_ROWS
from models.duty.queries_drafting import ground, unpublished
from models.duty.queries_settling import settle_intents
from models.duty.solver.problem import Roster
from models.ids import NewId
from models.operations.envelope import Intent
from models.operations.registry import intent

__all__ = [
    "DraftShift",
    "Ground",
    "Place",
    "Sick",
    "fill_intents",
    "ground",
    "plan_intents",
    "publish_intents",
    "settle_intents",
]

T = TypeVar("T")


def plan_intents(here: Ground) -> list[Intent]:
    """Return what lets the templates' shifts stand as drafts, and calls off those that no template gives any more."""
    shifts = [
        p.PlannedShift(
            template=one.template_id,
            day=one.day,
            starts_at=one.starts_at,
            ends_at=one.ends_at,
            hands=one.hands,
            needs=[spell_need(need) for need in one.needs],
            points=one.points,
        )
        for one in here.planned
    ]
    return [
        intent("duty.plan", p.PlanShifts(shifts=part, cancel=cancel))
        for part, cancel in _together(shifts, here.called_off)
    ]


def fill_intents(here: Ground, roster: Roster, new_id: NewId) -> list[Intent]:
    """Return what puts people where a roster has them, and takes off those whom it leaves out.

    Places that stay are not touched. Whoever is taken off is so before anybody is put on: nobody is in two places.
    """
    held = {pair: place for pair, place in here.places.items() if not place.leaving}
    goes = [(pair, place) for pair, place in held.items() if pair not in roster.pairs and not place.stays]
    back = [place.id for pair, place in here.places.items() if place.leaving and pair in roster.pairs]
    put = [
        p.Put(id=new_id(), shift=slot, person=person)
        for slot, person in sorted(
            roster.pairs - here.places.keys(), key=lambda pair: (here.shifts[pair[0]].starts_at, pair)
        )
    ]
    unlocked = [
        intent("duty.lock", p.LockAssignment(assignment=place.id, locked=False))
        for _, place in goes
        if place.locked
    ]
    taken = list(_together([place.id for _, place in goes], back))
    if len(taken) <= 1 and len(put) <= MOST_ROWS:  # the usual draft is one line of history
        drop, again = taken[0] if taken else ((), ())
        whole = [(put, drop, again)] if put or drop or again else []
    else:
        whole = [([], drop, again) for drop, again in taken]
        whole += [(part, (), ()) for part, _ in _together(put, ())]
    return [
        *unlocked,
        *(
            intent("duty.fill", p.FillShifts(put=list(on), drop=list(off), back=list(again)))
            for on, off, again in whole
        ),
    ]


def publish_intents(session: Session, compound_id: UUID, first: date, last: date) -> list[Intent]:
    """Return what makes the draft of some days everybody's: exactly what stands there now."""
    waiting = unpublished(session, compound_id, first, last)
    places = [*waiting.places, *waiting.leaving]
    going = set(waiting.leaving)
    return [
        intent(
            "duty.publish",
            p.Publish(
                shifts=list(shifts),
                assignments=[one for one in part if one not in going],
                leaving=[one for one in part if one in going],
            ),
        )
        for shifts, part in _together(waiting.shifts, places)
    ]


def _together(one: Sequence[T], other: Sequence[UUID]) -> Iterator[tuple[list[T], list[UUID]]]:
    """Yield two lists side by side, in parts that an operation has room for."""
    parts = zip_longest(_parts(one), _parts(other), fillvalue=())
    return ((list(first), list(second)) for first, second in parts)


def _parts(rows: Sequence[T]) -> list[Sequence[T]]:
    return [rows[start : start + MOST_ROWS] for start in range(0, len(rows), MOST_ROWS)]
