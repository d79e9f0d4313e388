"""Tables of tickets. Times are instants, costs integer fen, work in minutes."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import JSON, Index, UniqueConstraint
from sqlmodel import Field

from models.tables import Synced, no_mapping, refers


class TicketCategory(Synced, table=True):
    """What a compound has set for a kind of job: a built-in one by its code, or one of its own by its name."""

    __tablename__ = "ticket_category"
    __table_args__ = (refers("team_id", "team"), UniqueConstraint("compound_id", "code"))
    __natural_key__: ClassVar[tuple[str, ...]] = ("code",)

    code: str
    accept_hours: int
    finish_hours: int
    urgency: str
    team_id: UUID | None = None
    skill: str = ""
    position: int = 0


class TicketRuling(Synced, table=True):
    """What a compound has set for all its tickets (rules.Ruling); there is at most one."""

    __tablename__ = "ticket_ruling"

    repeats: int
    repeat_days: int
    low_score: int


class Incident(Synced, table=True):
    """One trouble of many households: `words` are what volunteers say when somebody asks.

    Without a category it takes in whatever is reported from its buildings; without buildings it is the whole compound's.
    """

    __tablename__ = "incident"
    __table_args__ = (Index(None, "compound_id", "ended_at"),)

    name: str
    words: str = ""
    category: str = ""
    started_at: datetime
    expected_at: datetime | None = None
    ended_at: datetime | None = None
    ended_words: str = ""
    search: str = ""


class IncidentBuilding(Synced, table=True):
    """A building that an incident strikes."""

    __tablename__ = "incident_building"
    __table_args__ = (
        refers("incident_id", "incident"),
        refers("building_id", "building"),
        UniqueConstraint("compound_id", "incident_id", "building_id"),
    )
    __natural_key__: ClassVar[tuple[str, ...]] = ("incident_id", "building_id")

    incident_id: UUID
    building_id: UUID


class Ticket(Synced, table=True):
    """A question that somebody brought, until it is answered.

    `code` is the short name it gets at once on the laptop, `number` the one the
    server gives it. `holder_id` has the baton: took the question in and owns it
    until it is answered; `offered_to_id` is asked to take it over. `parent_id`
    is the ticket it is a duplicate of, or the case (`is_case`) it belongs to.
    `minutes`, `cost` (fen) and `visits` are the sums of its story.
    """

    __tablename__ = "ticket"
    __table_args__ = (
        refers("requester_id", "person"),
        refers("household_id", "household"),
        refers("building_id", "building"),
        refers("point_id", "point"),
        refers("team_id", "team"),
        refers("holder_id", "person"),
        refers("offered_to_id", "person"),
        refers("parent_id", "ticket"),
        refers("incident_id", "incident"),
        Index(None, "compound_id", "code"),
        Index(None, "compound_id", "number"),
        Index(None, "compound_id", "opened_at", "id", "archived", "state"),
        Index(None, "compound_id", "state", "archived", "id"),
        Index(None, "compound_id", "household_id", "opened_at"),
        Index(None, "compound_id", "building_id", "opened_at"),
        Index(None, "compound_id", "point_id", "opened_at"),
        Index(None, "compound_id", "holder_id", "state"),
        Index(None, "compound_id", "offered_to_id"),
        Index(None, "compound_id", "requester_id"),
        Index(None, "compound_id", "parent_id"),
        Index(None, "compound_id", "team_id"),
        Index(None, "compound_id", "incident_id"),
        Index(None, "compound_id", "done_at"),
    )
    __sensitive__: ClassVar[frozenset[str]] = frozenset({"requester_phone"})

    code: str
    number: int | None = None
    what: str
    category: str
    urgency: str
    channel: str
    state: str
    state_at: datetime
    requester_id: UUID | None = None
    requester_name: str = ""
    requester_phone: str = ""
    household_id: UUID | None = None
    building_id: UUID | None = None
    point_id: UUID | None = None
    place: str = ""
    team_id: UUID | None = None
    wanted_hands: int = 1
    opened_at: datetime
    accept_due_at: datetime
    due_at: datetime
    accepted_at: datetime | None = None
    done_at: datetime | None = None
    closed_at: datetime | None = None
    wait_until: date | None = None
    wait_for: str = ""
    holder_id: UUID | None = None
    offered_to_id: UUID | None = None
    parent_id: UUID | None = None
    is_case: bool = False
    incident_id: UUID | None = None
    reopened: int = 0
    score: int | None = None
    minutes: int = 0
    cost: int = 0
    visits: int = 0
    recheck_at: datetime | None = None
    search: str = ""


class TicketHand(Synced, table=True):
    """Somebody who does, or did, the job of a ticket; archived when they gave it back."""

    __tablename__ = "ticket_hand"
    __table_args__ = (
        refers("ticket_id", "ticket"),
        refers("person_id", "person"),
        UniqueConstraint("compound_id", "ticket_id", "person_id"),
        Index(None, "compound_id", "person_id", "archived"),
    )
    __natural_key__: ClassVar[tuple[str, ...]] = ("ticket_id", "person_id")

    ticket_id: UUID
    person_id: UUID
    since: datetime


class TicketEvent(Synced, table=True):
    """A line of a ticket's story. Never changed: what was taken back is archived.

    `stood` is false of a move that somebody else had overtaken: it is told, and
    changed nothing. `before` and `after` hold the columns of the ticket that it
    changed, as JSON, and under `hands` who was on the job: what taking it back goes by.
    `ticket_id` is None only when a fact named a ticket that nobody knows.
    """

    __tablename__ = "ticket_event"
    __table_args__ = (
        refers("ticket_id", "ticket"),
        refers("person_id", "person"),
        refers("other_id", "ticket"),
        Index(None, "compound_id", "ticket_id", "at"),
        Index(None, "compound_id", "at"),
        # A page of pulled rows takes the old ones away first: without these each looks for its events among all.
        Index(None, "compound_id", "person_id"),
        Index(None, "compound_id", "other_id"),
    )

    ticket_id: UUID | None = None
    kind: str
    at: datetime
    doer_id: UUID
    recorder_id: UUID
    words: str = ""
    from_state: str = ""
    to_state: str = ""
    stood: bool = True
    person_id: UUID | None = None
    other_id: UUID | None = None
    channel: str = ""
    score: int | None = None
    minutes: int = 0
    cost: int = 0
    parts: str = ""
    until: date | None = None
    before: dict[str, Any] = Field(default_factory=no_mapping, sa_type=JSON)
    after: dict[str, Any] = Field(default_factory=no_mapping, sa_type=JSON)


class TicketLink(Synced, table=True):
    """A point, or something seen at one, that a ticket is about besides its own place."""

    __tablename__ = "ticket_link"
    __table_args__ = (
        refers("ticket_id", "ticket"),
        refers("point_id", "point"),
        refers("observation_id", "observation"),
        UniqueConstraint("compound_id", "ticket_id", "point_id", "observation_id"),
        Index(None, "compound_id", "point_id"),
        Index(None, "compound_id", "observation_id"),
    )
    __natural_key__: ClassVar[tuple[str, ...]] = ("ticket_id", "point_id", "observation_id")

    ticket_id: UUID
    point_id: UUID | None = None
    observation_id: UUID | None = None
