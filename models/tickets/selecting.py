"""Which tickets a list asks for, and in which order, as SQL.

What is open is found by index, however many are closed; so is whatever belongs to
a household, a building, a point or a person. A search looks at every ticket of its view.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, CompoundSelect, and_, case, false, func, not_, or_, select, union_all
from sqlmodel import Session

from models.codes import building_part
from models.community.searching import Throughout, contains, holding, names_room
from models.community.tables import Building, Household, Person, Team, TeamMember
from models.inspection.observed import words
from models.inspection.tables import Point
from models.tables import table_of
from models.text import fold, normalise
from models.tickets.codes import spelled
from models.tickets.rules import OPEN, UNANSWERED, UNCLAIMED, State, Urgency, rank
from models.tickets.tables import Ticket, TicketCategory, TicketHand

BUILDING, HOUSEHOLD, PERSON = table_of(Building), table_of(Household), table_of(Person)
POINT, TEAM, MEMBER = table_of(Point), table_of(Team), table_of(TeamMember)
TICKET, HAND, CATEGORY = table_of(Ticket), table_of(TicketHand), table_of(TicketCategory)

_OPEN: Final = tuple(sorted(state.value for state in OPEN))
_UNCLAIMED: Final = tuple(sorted(state.value for state in UNCLAIMED))
_ENDED: Final = tuple(sorted(state.value for state in State if state not in UNANSWERED))
_LONGEST_NUMBER: Final = 9
#: Who calls again is found by the last digits that the telephone shows.
_LEAST_OF_A_PHONE: Final = 4


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


#: What presses most comes first in these.
_PRESSING: Final = frozenset({View.OPEN, View.BOARD, View.OVERDUE, View.MINE})


@dataclass(frozen=True, slots=True)
class Asked:
    """What a list of tickets is asked for, at a moment.

    `person_id` is who asks: theirs are the tickets they hold the baton of, are
    asked to take over, or do. `suiting` keeps of the board what their teams and
    skills are for, `mine` of any view what is theirs, `states` what stands so;
    `about_id` what somebody asked, answers for or does. `incident_id`, `parent_id`, `household_id` and
    `point_id` keep what belongs there. Archived tickets are shown alone, or not at all.
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
    archived: bool = False


def tickets_where(session: Session, compound_id: UUID, asked: Asked) -> list[ColumnElement[bool]]:
    """Return the conditions on the ticket table."""
    conditions: list[ColumnElement[bool]] = [
        TICKET.c.compound_id == compound_id,
        TICKET.c.archived.is_(asked.archived),
        *_seen_in(session, compound_id, asked),
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
    conditions += [or_(*_ways(compound_id, word)) for word in words(normalise(asked.text))]
    return conditions


def ticket_order(asked: Asked) -> tuple[ColumnElement[Any], ...]:
    """Return the order of a view; what a search names by its code or number stands before the rest."""
    first = _named(asked.text)
    # By the index of their order, the few that are asked for would be looked for among all.
    opened_at = Throughout(TICKET.c.opened_at) if _is_narrow(asked) else TICKET.c.opened_at
    if asked.view in _PRESSING:
        pressing = case(
            {urgency.value: rank(urgency) for urgency in Urgency}, value=TICKET.c.urgency, else_=0
        )
        if asked.view is View.MINE and asked.person_id is not None:
            # What waits for their yes comes before what they have in hand.
            first = [*first, case((TICKET.c.offered_to_id == asked.person_id, 0), else_=1)]
        return *first, pressing.desc(), TICKET.c.opened_at, TICKET.c.id
    if asked.view is View.WAITING:
        return *first, TICKET.c.wait_until, TICKET.c.opened_at, TICKET.c.id
    if asked.view is View.CALL_BACK:
        return *first, Throughout(TICKET.c.done_at), TICKET.c.id
    return *first, opened_at.desc(), TICKET.c.id.desc()


def contains_column(column: ColumnElement[Any], wanted: ColumnElement[Any]) -> ColumnElement[bool]:
    """Tell whether one column's text holds another's."""
    return column.contains(wanted, autoescape=False)


# -- a view --------------------------------------------------------------------------------


def _is_narrow(asked: Asked) -> bool:
    """Tell whether an index leads to the few tickets that somebody or some place has to do with."""
    places = (asked.building_id, asked.household_id, asked.point_id, asked.parent_id, asked.incident_id)
    narrowed = asked.mine or asked.view is View.MINE or asked.about_id is not None or asked.only is not None
    return narrowed or any(place is not None for place in places)


def unanswered() -> ColumnElement[bool]:
    """Tell whether a ticket is done and nobody has asked how it was.

    What is part of a case is answered with it: its requester is asked once, about the whole.
    """
    return and_(TICKET.c.state == State.DONE.value, TICKET.c.parent_id.is_(None))


def _seen_in(session: Session, compound_id: UUID, asked: Asked) -> list[ColumnElement[bool]]:
    """Return the conditions of a view."""
    is_open = TICKET.c.state.in_(_OPEN)
    if asked.view is View.BOARD:
        return [is_open, _wants_hands(compound_id), *_suits(session, compound_id, asked)]
    waits = and_(TICKET.c.state == State.WAITING.value, TICKET.c.wait_until >= asked.today)
    seen: dict[View, list[ColumnElement[bool]]] = {
        View.OPEN: [is_open],
        View.MINE: [or_(is_open, unanswered()), _mine(compound_id, asked)],
        View.OVERDUE: [is_open, TICKET.c.due_at < asked.now, not_(func.coalesce(waits, false()))],
        View.WAITING: [TICKET.c.state == State.WAITING.value],
        View.CALL_BACK: [unanswered()],
        # Nearly all are: the index of their order passes over the rest sooner than that of states puts them in order.
        View.ENDED: [Throughout(TICKET.c.state).in_(_ENDED)],
        View.ALL: [],
    }
    return seen[asked.view]


def _mine(compound_id: UUID, asked: Asked) -> ColumnElement[bool]:
    """Keep what somebody holds the baton of, is asked to take over, or does, each way through an index of its own."""
    held = (
        select(TICKET.c.id).where(TICKET.c.compound_id == compound_id, TICKET.c[column] == asked.person_id)
        for column in ("holder_id", "offered_to_id")
    )
    doing = (
        select(HAND.c.ticket_id)
        .join(TICKET, and_(TICKET.c.compound_id == compound_id, TICKET.c.id == HAND.c.ticket_id))
        .where(*_hand_of(compound_id, asked.person_id), TICKET.c.state.in_(_OPEN))
    )
    return TICKET.c.id.in_(union_all(*held, doing))


def _about(compound_id: UUID, person_id: UUID) -> CompoundSelect[Any]:
    """Return the tickets of a person, each way through an index of its own."""
    of_theirs = (
        select(TICKET.c.id).where(TICKET.c.compound_id == compound_id, TICKET.c[column] == person_id)
        for column in ("requester_id", "holder_id")
    )
    return union_all(*of_theirs, select(HAND.c.ticket_id).where(*_hand_of(compound_id, person_id)))


def _hand_of(compound_id: UUID, person_id: UUID | None) -> tuple[ColumnElement[bool], ...]:
    return HAND.c.compound_id == compound_id, HAND.c.person_id == person_id, HAND.c.archived.is_(False)


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


def _suits(session: Session, compound_id: UUID, asked: Asked) -> list[ColumnElement[bool]]:
    """Keep jobs of a team of theirs, of a kind whose skill they have said they have, or that ask for neither.

    Kinds and skills are few, and read first: no database finds a word in a
    JSON list in another's way, and two spellings of one skill are one.
    """
    if not asked.suiting or asked.person_id is None:
        return []
    connection = session.connection()
    person = select(PERSON.c.skills).where(
        PERSON.c.compound_id == compound_id, PERSON.c.id == asked.person_id
    )
    skills = {fold(skill) for skill in connection.execute(person).scalar() or ()}
    set_here = select(CATEGORY.c.code, CATEGORY.c.skill).where(
        CATEGORY.c.compound_id == compound_id, CATEGORY.c.archived.is_(False), CATEGORY.c.skill != ""
    )
    wanting = {row.code: fold(row.skill) in skills for row in connection.execute(set_here)}
    teams = select(MEMBER.c.team_id).where(
        MEMBER.c.compound_id == compound_id,
        MEMBER.c.person_id == asked.person_id,
        holding(MEMBER, asked.today),
    )
    return [
        or_(
            TICKET.c.team_id.in_(teams),
            TICKET.c.category.in_(sorted(code for code, can in wanting.items() if can)),
            and_(TICKET.c.team_id.is_(None), TICKET.c.category.not_in(sorted(wanting))),
        )
    ]


# -- a search ------------------------------------------------------------------------------


def _ways(compound_id: UUID, word: str) -> Iterator[ColumnElement[bool]]:
    """Yield what a word of a search may mean: words, pinyin, names and codes; a number; a home; a building; a phone."""
    number = _number(word)
    if number is not None:
        yield TICKET.c.number == number
        if word.startswith("#"):
            return
    yield contains(TICKET.c.search, word)
    home = names_room(HOUSEHOLD.c.code, word)
    if home is not None:
        homes = select(HOUSEHOLD.c.id).where(HOUSEHOLD.c.compound_id == compound_id, home)
        yield TICKET.c.household_id.in_(homes)
    if word.isdecimal() and len(word) >= _LEAST_OF_A_PHONE:
        called = select(PERSON.c.id).where(
            PERSON.c.compound_id == compound_id, contains(PERSON.c.search, word)
        )
        yield TICKET.c.requester_id.in_(called)
    building = building_part(word)
    if building is not None and number is None:
        named = select(BUILDING.c.id).where(
            BUILDING.c.compound_id == compound_id, BUILDING.c.code == building
        )
        yield TICKET.c.building_id.in_(named)


def _number(word: str) -> int | None:
    """Return the server's number that a word may be (`1287`, `#1287`, `1287号`)."""
    digits = word.removeprefix("#").removesuffix("号")
    return int(digits) if digits.isdecimal() and len(digits) <= _LONGEST_NUMBER else None


def _named(text: str) -> list[ColumnElement[int]]:
    """Return what puts a ticket first whose code or number a search spells."""
    sought = words(normalise(text))
    if not any(map(str.isdecimal, text)):
        return []
    spelt = TICKET.c.code.in_([*map(spelled, sought), spelled("".join(sought))])
    numbers = [number for word in sought if (number := _number(word)) is not None]
    return [case((or_(spelt, TICKET.c.number.in_(numbers)) if numbers else spelt, 0), else_=1)]
