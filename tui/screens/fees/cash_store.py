"""What the rooms of cash ask of the store; runs in worker threads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from models.community.queries_people import people_for_picker
from models.fees.operations import TREASURERS
from models.fees.queries_cash import (
    BoxHeld,
    CashHeld,
    HandInLine,
    box_held,
    cash_held,
    cash_of_person,
    cash_since,
    count_cash_since,
    count_hand_ins,
    hand_in_line,
    page_hand_ins,
)
from models.operations.drafts import load_draft
from models.operations.roles import WORKERS
from tui.desk import Desk
from tui.row_words import listed, role_word
from tui.screens.fees import cash_rows as r
from tui.widgets.picker import Option
from tui.widgets.rows import RowView


@dataclass(frozen=True, slots=True)
class Boxes:
    """What everybody should have, what lies in the compound's box, and who looks."""

    held: tuple[CashHeld, ...]
    box: BoxHeld
    me: UUID | None
    my_name: str
    works: bool
    zone: ZoneInfo

    def of(self, person_id: UUID | None) -> CashHeld:
        """Return what somebody should have; nothing where they never took cash."""
        found = next((one for one in self.held if one.collector_id == person_id), None)
        return found or CashHeld(person_id, self.my_name if person_id == self.me else "")

    @property
    def out_fen(self) -> int:
        """What is in people's hands."""
        return sum(one.fen for one in self.held)

    @property
    def waiting(self) -> int:
        """How many hand-ins nobody has counted yet."""
        return sum(one.waiting for one in self.held)


def boxes(desk: Desk) -> Boxes:
    """Return what the room of cash shows."""
    seat = desk.seat
    with desk.store.read() as session:
        held, box = cash_held(session, seat.compound_id), box_held(session, seat.compound_id)
    return Boxes(held, box, seat.person_id, seat.person, desk.may(WORKERS), ZoneInfo(seat.zone))


def rows_of_boxes(found: Boxes) -> list[RowView]:
    """Return everybody's cash as rows, the compound's box first."""
    return [r.box_row(found.box), *(r.held_row(one, found.zone) for one in found.held)]


def count_taken(desk: Desk, *, held: CashHeld) -> int:
    """Count the cash that somebody took since they last handed in."""
    if held.collector_id is None:
        return 0
    with desk.store.read() as session:
        return count_cash_since(session, desk.seat.compound_id, held.collector_id, held.last_at)


def page_taken(desk: Desk, offset: int, limit: int, *, held: CashHeld) -> Sequence[RowView]:
    """Return a page of it, the newest first."""
    if held.collector_id is None:
        return ()
    with desk.store.read() as session:
        lines = cash_since(
            session, desk.seat.compound_id, held.collector_id, held.last_at, offset=offset, limit=limit
        )
    return [r.taken_row(line, ZoneInfo(desk.seat.zone)) for line in lines]


def count_handed(desk: Desk) -> int:
    """Count what was handed in."""
    with desk.store.read() as session:
        return count_hand_ins(session, desk.seat.compound_id)


def page_handed(desk: Desk, offset: int, limit: int) -> Sequence[RowView]:
    """Return a page of what was handed in, the newest first."""
    with desk.store.read() as session:
        lines = page_hand_ins(session, desk.seat.compound_id, offset=offset, limit=limit)
    return [r.hand_in_row(line, ZoneInfo(desk.seat.zone)) for line in lines]


# -- counting --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Counting:
    """What a page of counting begins with: whose cash, what should be there, who may take it, what was half-typed."""

    name: str
    should_fen: int
    draft: Mapping[str, Any]
    people: tuple[Option, ...] = ()


def handing_in(desk: Desk, person_id: UUID, draft: str) -> Counting:
    """Return what somebody who hands in begins with; those who keep the books come first among who may take it."""
    compound_id = desk.seat.compound_id
    with desk.store.read() as session:
        held = cash_of_person(session, compound_id, person_id)
        kept = load_draft(session, compound_id, draft)
        people = people_for_picker(session, compound_id, today=desk.today())
    first = sorted(people, key=lambda one: TREASURERS.isdisjoint(one.roles))
    options = tuple(
        Option(str(one.id), one.name, listed([role_word(role) for role in one.roles]), one.search)
        for one in first
        if one.id != person_id
    )
    return Counting(held.collector, held.fen, kept or {}, options)


@dataclass(frozen=True, slots=True)
class Handed:
    """A hand-in, and what whoever looks at it may do."""

    line: HandInLine
    me: UUID | None
    works: bool
    zone: ZoneInfo


def handed(desk: Desk, hand_in_id: UUID) -> Handed | None:
    """Return a hand-in as its card shows it, None where there is none."""
    with desk.store.read() as session:
        line = hand_in_line(session, desk.seat.compound_id, hand_in_id)
    if line is None:
        return None
    return Handed(line, desk.seat.person_id, desk.may(WORKERS), ZoneInfo(desk.seat.zone))


def taking(desk: Desk, hand_in_id: UUID, draft: str) -> Counting | None:
    """Return what whoever counts a hand-in begins with."""
    with desk.store.read() as session:
        line = hand_in_line(session, desk.seat.compound_id, hand_in_id)
        kept = load_draft(session, desk.seat.compound_id, draft)
    return None if line is None else Counting(line.collector, line.fen, kept or {})
