"""Tickets as lists, the claim board, the search and the ticket page see them.

A list's cost follows the page that is shown: names and codes are looked up for
its rows only. What is open is found by index, however many are closed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, CompoundSelect, and_, case, exists, func, not_, or_, select, union
from sqlmodel import Session

from models.community.searching import chunks, contains, holding
from models.community.tables import Building, Household, Person, Team, TeamMember
from models.inspection.tables import Point
from models.tables import table_of
from models.text import normalise
from models.tickets.rules import OPEN, UNANSWERED, UNCLAIMED, Ruling, State, Urgency, overdue, rank
from models.tickets.tables import Ticket, TicketCategory, TicketHand, TicketRuling

BUILDING, HOUSEHOLD, PERSON = table_of(Building), table_of(Household), table_of(Person)
POINT, TEAM, MEMBER = table_of(Point), table_of(Team), table_of(TeamMember)
TICKET, HAND, CATEGORY = table_of(Ticket), table_of(TicketHand), table_of(TicketCategory)
RULING = table_of(TicketRuling)

_OPEN: Final = tuple(sorted(state.value for state in OPEN))
_UNCLAIMED: Final = tuple(sorted(state.value for state in UNCLAIMED))
_ENDED: Final = tuple(sorted(state.value for state in State if state not in UNANSWERED))


class View(StrEnum):
    """Which tickets a list shows."""

    OPEN = "open"
    MINE = "mine"
    BOARD = "board"
    OVERDUE = "overdue"
    WAITING = "waiting"
    CALL_BACK = "call_back"
    ENDED = "ended"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Asked:
    """What a list of tickets is asked for, at a moment.

    `person_id` is who asks: theirs are the tickets they hold the baton of, are
    asked to take over, or do. `suiting` keeps of the board what their teams and
    skills are for, `mine` of any view what is theirs, `states` what stands so;
    `about_id` what somebody asked, answers for or does. `incident_id`, `parent_id`, `household_id` and
    `point_id` keep what belongs there.
    """

    now: datetime
    today: date
    view: View = View.OPEN
    person_id: UUID | None = None
    suiting: bool = False
    mine: bool = False
    states: frozenset[State] = frozenset()
    about_id: UUID | None = None
    text: str = ""
    category: str = ""
    building_id: UUID | None = None
    household_id: UUID | None = None
    point_id: UUID | None = None
    parent_id: UUID | None = None
    incident_id: UUID | None = None
    only: frozenset[UUID] | None = None


@dataclass(frozen=True, slots=True)
class Hand:
    """Somebody on a job."""

    person_id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class TicketLine:
    """A ticket in a list. `requester` is a name from the register, or as somebody gave it."""

    id: UUID
    code: str
    number: int | None
    what: str
    category: str
    urgency: Urgency
    state: State
    state_at: datetime
    requester_id: UUID | None
    requester: str
    phone: str
    household_id: UUID | None
    household: str
    building_id: UUID | None
    building: str
    point_id: UUID | None
    point: str
    place: str
    team_id: UUID | None
    team: str
    opened_at: datetime
    accept_due_at: datetime
    due_at: datetime
    accepted_at: datetime | None
    done_at: datetime | None
    closed_at: datetime | None
    wait_until: date | None
    wait_for: str
    holder_id: UUID | None
    holder: str
    offered_to_id: UUID | None
    offered_to: str
    hands: tuple[Hand, ...]
    wanted_hands: int
    parent_id: UUID | None
    is_case: bool
    incident_id: UUID | None
    reopened: int
    score: int | None
    minutes: int
    cost: int
    visits: int
    recheck_at: datetime | None
    channel: str
    overdue: bool
    archived: bool

    @property
    def where(self) -> str:
        """The most exact place that is known, as people write it."""
        return self.household or self.point or self.place or self.building

    @property
    def too_many(self) -> bool:
        """Whether more have claimed it than it wants: two did so without knowing of each other."""
        return self.state in OPEN and len(self.hands) > self.wanted_hands


def ruling(session: Session, compound_id: UUID) -> Ruling:
    """Return what the compound has set for its tickets, or what holds where it has set nothing."""
    row = session.connection().execute(select(RULING).where(RULING.c.compound_id == compound_id)).first()
    return Ruling() if row is None else Ruling(row.repeats, row.repeat_days, row.low_score)


def count_tickets(session: Session, compound_id: UUID, asked: Asked) -> int:
    """Count what `page_tickets` pages through."""
    statement = select(func.count()).select_from(TICKET).where(*_where(compound_id, asked))
    return int(session.connection().execute(statement).scalar_one())


def page_tickets(
    session: Session, compound_id: UUID, asked: Asked, *, offset: int = 0, limit: int = 50
) -> tuple[TicketLine, ...]:
    """Return a page of tickets: on the board and among what is open the most pressing first, else the newest first."""
    statement = (
        select(TICKET)
        .where(*_where(compound_id, asked))
        .order_by(*_order(asked.view))
        .offset(offset)
        .limit(limit)
    )
    return ticket_lines(session, compound_id, session.connection().execute(statement).all(), asked)


def every_ticket(session: Session, compound_id: UUID, asked: Asked) -> Iterator[TicketLine]:
    """Yield all tickets of a list, oldest first, holding a few hundred at a time."""
    statement = select(TICKET).where(*_where(compound_id, asked)).order_by(TICKET.c.opened_at, TICKET.c.id)
    for part in session.connection().execute(statement).partitions(500):
        yield from ticket_lines(session, compound_id, part, asked)


def one_ticket(session: Session, compound_id: UUID, ticket_id: UUID, asked: Asked) -> TicketLine | None:
    """Return a ticket, archived or not; None when there is none."""
    statement = select(TICKET).where(TICKET.c.compound_id == compound_id, TICKET.c.id == ticket_id)
    lines = ticket_lines(session, compound_id, session.connection().execute(statement).all(), asked)
    return lines[0] if lines else None


def ticket_lines(
    session: Session, compound_id: UUID, rows: Sequence[Any], asked: Asked
) -> tuple[TicketLine, ...]:
    """Return rows of the ticket table with the names of what they refer to."""
    named = _Names(session, compound_id)
    people = named.of(PERSON, "name", rows, "requester_id", "holder_id", "offered_to_id")
    homes = named.of(HOUSEHOLD, "code", rows, "household_id")
    buildings = named.of(BUILDING, "code", rows, "building_id")
    points = named.of(POINT, "code", rows, "point_id")
    teams = named.of(TEAM, "name", rows, "team_id")
    hands = _hands(session, compound_id, [row.id for row in rows])
    return tuple(
        TicketLine(
            id=row.id,
            code=row.code,
            number=row.number,
            what=row.what,
            category=row.category,
            urgency=Urgency(row.urgency),
            state=State(row.state),
            state_at=row.state_at,
            requester_id=row.requester_id,
            requester=people.get(row.requester_id, row.requester_name),
            phone=row.requester_phone,
            household_id=row.household_id,
            household=homes.get(row.household_id, ""),
            building_id=row.building_id,
            building=buildings.get(row.building_id, ""),
            point_id=row.point_id,
            point=points.get(row.point_id, ""),
            place=row.place,
            team_id=row.team_id,
            team=teams.get(row.team_id, ""),
            opened_at=row.opened_at,
            accept_due_at=row.accept_due_at,
            due_at=row.due_at,
            accepted_at=row.accepted_at,
            done_at=row.done_at,
            closed_at=row.closed_at,
            wait_until=row.wait_until,
            wait_for=row.wait_for,
            holder_id=row.holder_id,
            holder=people.get(row.holder_id, ""),
            offered_to_id=row.offered_to_id,
            offered_to=people.get(row.offered_to_id, ""),
            hands=hands.get(row.id, ()),
            wanted_hands=row.wanted_hands,
            parent_id=row.parent_id,
            is_case=row.is_case,
            incident_id=row.incident_id,
            reopened=row.reopened,
            score=row.score,
            minutes=row.minutes,
            cost=row.cost,
            visits=row.visits,
            recheck_at=row.recheck_at,
            channel=row.channel,
            overdue=overdue(State(row.state), row.due_at, row.wait_until, now=asked.now, today=asked.today),
            archived=row.archived,
        )
        for row in rows
    )


class _Names:
    """Looks up names and codes for the rows of a page, each table once."""

    def __init__(self, session: Session, compound_id: UUID) -> None:
        self._session = session
        self._compound_id = compound_id

    def of(self, table: Any, column: str, rows: Sequence[Any], *fields: str) -> dict[UUID | None, str]:
        wanted = {getattr(row, field) for row in rows for field in fields} - {None}
        found: dict[UUID | None, str] = {}
        for part in chunks(sorted(wanted)):
            statement = select(table.c.id, table.c[column]).where(
                table.c.compound_id == self._compound_id, table.c.id.in_(part)
            )
            found.update((row[0], row[1]) for row in self._session.connection().execute(statement))
        return found


def _hands(session: Session, compound_id: UUID, ids: Sequence[UUID]) -> dict[UUID, tuple[Hand, ...]]:
    found: dict[UUID, tuple[Hand, ...]] = {}
    for part in chunks(ids):
        statement = (
            select(HAND.c.ticket_id, HAND.c.person_id, PERSON.c.name)
            .join(PERSON, and_(PERSON.c.compound_id == compound_id, PERSON.c.id == HAND.c.person_id))
            .where(HAND.c.compound_id == compound_id, HAND.c.ticket_id.in_(part), HAND.c.archived.is_(False))
            .order_by(HAND.c.since, HAND.c.id)
        )
        for row in session.connection().execute(statement):
            found[row.ticket_id] = (*found.get(row.ticket_id, ()), Hand(row.person_id, row.name))
    return found


def _where(compound_id: UUID, asked: Asked) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [
        TICKET.c.compound_id == compound_id,
        TICKET.c.archived.is_(False),
        *_seen_in(compound_id, asked),
    ]
    for name in ("building_id", "household_id", "point_id", "parent_id", "incident_id"):
        wanted = getattr(asked, name)
        if wanted is not None:
            conditions.append(TICKET.c[name] == wanted)
    if asked.category:
        conditions.append(TICKET.c.category == asked.category)
    if asked.mine:
        conditions.append(_mine(compound_id, asked))
    if asked.about_id is not None:
        conditions.append(TICKET.c.id.in_(_about(compound_id, asked.about_id)))
    if asked.states:
        conditions.append(TICKET.c.state.in_(sorted(state.value for state in asked.states)))
    if asked.only is not None:
        conditions.append(TICKET.c.id.in_(asked.only))
    conditions += [contains(TICKET.c.search, word) for word in normalise(asked.text).split()]
    return conditions


def _seen_in(compound_id: UUID, asked: Asked) -> list[ColumnElement[bool]]:
    """Return the conditions of a view."""
    is_open = TICKET.c.state.in_(_OPEN)
    waits = and_(TICKET.c.state == State.WAITING.value, TICKET.c.wait_until >= asked.today)
    seen: dict[View, list[ColumnElement[bool]]] = {
        View.OPEN: [is_open],
        View.MINE: [TICKET.c.state.in_((*_OPEN, State.DONE.value)), _mine(compound_id, asked)],
        View.BOARD: [is_open, _wants_hands(compound_id), *_suits(compound_id, asked)],
        View.OVERDUE: [is_open, TICKET.c.due_at < asked.now, not_(func.coalesce(waits, False))],
        View.WAITING: [TICKET.c.state == State.WAITING.value],
        View.CALL_BACK: [TICKET.c.state == State.DONE.value],
        # Named one by one: what is "not open" no index can find.
        View.ENDED: [TICKET.c.state.in_(_ENDED)],
        View.ALL: [],
    }
    return seen[asked.view]


def _mine(compound_id: UUID, asked: Asked) -> ColumnElement[bool]:
    doing = select(HAND.c.ticket_id).where(
        HAND.c.compound_id == compound_id, HAND.c.person_id == asked.person_id, HAND.c.archived.is_(False)
    )
    return or_(
        TICKET.c.holder_id == asked.person_id,
        TICKET.c.offered_to_id == asked.person_id,
        and_(TICKET.c.state.in_(_OPEN), TICKET.c.id.in_(doing)),
    )


def _about(compound_id: UUID, person_id: UUID) -> CompoundSelect[Any]:
    """Return the tickets of a person, each way through an index of its own."""
    of_theirs = (
        select(TICKET.c.id).where(TICKET.c.compound_id == compound_id, TICKET.c[column] == person_id)
        for column in ("requester_id", "holder_id")
    )
    doing = select(HAND.c.ticket_id).where(
        HAND.c.compound_id == compound_id, HAND.c.person_id == person_id, HAND.c.archived.is_(False)
    )
    return union(*of_theirs, doing)


def _wants_hands(compound_id: UUID) -> ColumnElement[bool]:
    """Tell whether a job has nobody yet, or fewer than it wants."""
    on_it = (
        select(func.count())
        .select_from(HAND)
        .where(HAND.c.compound_id == compound_id, HAND.c.ticket_id == TICKET.c.id, HAND.c.archived.is_(False))
        .correlate(TICKET)
        .scalar_subquery()
    )
    return or_(TICKET.c.state.in_(_UNCLAIMED), on_it < TICKET.c.wanted_hands)


def _suits(compound_id: UUID, asked: Asked) -> list[ColumnElement[bool]]:
    """Keep jobs without a team, of a team of theirs, or of a kind whose skill they have said they have."""
    if not asked.suiting or asked.person_id is None:
        return []
    teams = select(MEMBER.c.team_id).where(
        MEMBER.c.compound_id == compound_id,
        MEMBER.c.person_id == asked.person_id,
        holding(MEMBER, asked.today),
    )
    # Skills are a JSON list of words that people typed: each is looked for as it is written there.
    skilled = exists(
        select(CATEGORY.c.id).where(
            CATEGORY.c.compound_id == compound_id,
            CATEGORY.c.code == TICKET.c.category,
            CATEGORY.c.archived.is_(False),
            CATEGORY.c.skill != "",
            PERSON.c.compound_id == compound_id,
            PERSON.c.id == asked.person_id,
            contains_column(PERSON.c.search, CATEGORY.c.skill),
        )
    )
    return [or_(TICKET.c.team_id.is_(None), TICKET.c.team_id.in_(teams), skilled)]


def contains_column(column: ColumnElement[Any], wanted: ColumnElement[Any]) -> ColumnElement[bool]:
    """Tell whether one column's text holds another's."""
    return column.contains(wanted, autoescape=False)


def _order(view: View) -> tuple[Any, ...]:
    if view in {View.OPEN, View.BOARD, View.OVERDUE, View.MINE}:
        pressing = case(
            {urgency.value: rank(urgency) for urgency in Urgency}, value=TICKET.c.urgency, else_=0
        )
        return pressing.desc(), TICKET.c.opened_at, TICKET.c.id
    if view is View.WAITING:
        return TICKET.c.wait_until, TICKET.c.opened_at, TICKET.c.id
    if view is View.CALL_BACK:
        return TICKET.c.done_at, TICKET.c.id
    return TICKET.c.opened_at.desc(), TICKET.c.id.desc()
