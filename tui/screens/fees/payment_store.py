"""What the rooms of payments ask of the store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select

from models.community.tables import Household
from models.fees.queries_asked import AskedLine, asked_lines
from models.fees.queries_desk_payments import (
    Collector,
    PaymentStory,
    Wanted,
    collectors,
    count_payments,
    page_payments,
    payment_story,
    sums_by_method,
)
from models.fees.queries_home import MAY_DECIDE
from models.operations.roles import WORKERS
from models.tables import table_of
from tui.desk import Desk
from tui.screens.fees.payment_words import PAYMENTS, REQUESTS, SUSPENSE, payment_row, request_id, request_row
from tui.widgets.rows import RowView

_household = table_of(Household)


@dataclass(frozen=True, slots=True)
class Power:
    """Who acts, and what they may: do work on payments, be the second person."""

    person_id: UUID | None
    works: bool
    decides: bool


@dataclass(frozen=True, slots=True)
class Room:
    """What the room of payments holds, and what whoever acts may do there."""

    counts: Mapping[str, int]
    #: What the list comes to when it is narrowed: of each method how many, and the sum.
    sums: Mapping[str, tuple[int, int]]
    requests: Mapping[str, AskedLine]
    doors: Mapping[UUID, str]
    collectors: tuple[Collector, ...]
    power: Power


@dataclass(frozen=True, slots=True)
class Card:
    """A payment's card."""

    story: PaymentStory
    power: Power
    zone: ZoneInfo


def power_of(desk: Desk) -> Power:
    """Return what whoever acts may do."""
    return Power(desk.seat.person_id, desk.may(WORKERS), desk.may(MAY_DECIDE))


def look(desk: Desk, *, wanted: Wanted) -> Room:
    """Return how much each list holds, and what waits for a second person."""
    seat, today, power = desk.seat, desk.today(), power_of(desk)
    aside, narrowed = Wanted(wanted.text, suspense=True), replace(wanted, text="")
    with desk.store.read() as session:
        asked = asked_lines(session, seat.compound_id)
        homes = {one.household_id for one in asked if one.household_id is not None}
        codes = select(_household.c.id, _household.c.code).where(
            _household.c.compound_id == seat.compound_id, _household.c.id.in_(homes)
        )
        doors = {row.id: row.code for row in session.connection().execute(codes)}
        counts = {
            PAYMENTS: count_payments(session, seat.compound_id, wanted, today=today),
            REQUESTS: len(asked),
            SUSPENSE: count_payments(session, seat.compound_id, aside, today=today),
        }
        return Room(
            counts,
            # Only a narrowed list says what it comes to: the sum of all would be read for nobody.
            {} if narrowed == Wanted() else sums_by_method(session, seat.compound_id, wanted, today=today),
            {request_id(one): one for one in asked},
            doors,
            collectors(session, seat.compound_id),
            power,
        )


def card(desk: Desk, *, payment_id: UUID) -> Card | None:
    """Return a payment's card; None where there is no such payment."""
    seat, power = desk.seat, power_of(desk)
    with desk.store.read() as session:
        story = payment_story(session, seat.compound_id, payment_id)
    return None if story is None else Card(story, power, ZoneInfo(seat.zone))


def sums(desk: Desk, *, wanted: Wanted) -> dict[str, tuple[int, int]]:
    """Return of each method how many payments there are, and their sum."""
    with desk.store.read() as session:
        return sums_by_method(session, desk.seat.compound_id, wanted, today=desk.today())


class PaymentRows:
    """The rows of one of the lists."""

    def __init__(self, view: str, wanted: Wanted) -> None:
        self._view, self._wanted = view, wanted

    def count(self, desk: Desk) -> int:
        with desk.store.read() as session:
            if self._view == REQUESTS:
                return len(asked_lines(session, desk.seat.compound_id))
            return count_payments(session, desk.seat.compound_id, self._wanted, today=desk.today())

    def page(self, desk: Desk, offset: int, limit: int) -> Sequence[RowView]:
        zone, today = ZoneInfo(desk.seat.zone), desk.today()
        if self._view == REQUESTS:
            room = look(desk, wanted=Wanted())
            shown = list(room.requests.values())[offset : offset + limit]
            return [
                request_row(
                    one, room.doors.get(one.household_id, "") if one.household_id else "", zone, today
                )
                for one in shown
            ]
        with desk.store.read() as session:
            lines = page_payments(
                session,
                desk.seat.compound_id,
                self._wanted,
                today=today,
                offset=offset,
                limit=limit,
            )
        return [payment_row(line, zone, today) for line in lines]
