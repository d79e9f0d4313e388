"""What operations on tickets carry: reporting, moves, batons, work."""

from __future__ import annotations

from datetime import date
from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, BeforeValidator, Field, StrictBool
from pydantic_core import PydanticCustomError

from models.community.payloads import BuildingRef, HouseholdRef, PersonRef, TeamRef
from models.inspection.payloads import ObservationRef, PointRef
from models.operations.fields import Line, Name, Note, Phone
from models.operations.registry import Allotted, EditPayload, Payload, Ref, RowId
from models.tickets.codes import spelled
from models.tickets.rules import BEST_SCORE, MOST_HANDS, Channel, State, Urgency, WaitFor

LONGEST_CODE = 24
#: A week of work, day and night, in one line.
MOST_MINUTES = 7 * 24 * 60
#: Ten million yuan, in fen.
MOST_COST = 1_000_000_000

TicketRef = Annotated[UUID, Ref("ticket")]
EventRef = Annotated[UUID, Ref("ticket_event")]
IncidentRef = Annotated[UUID, Ref("incident")]


def _code(value: str) -> str:
    code = spelled(value)
    if not code:
        raise PydanticCustomError("ticket_code", "not a ticket's code")
    return code


def _or_other(value: object) -> object:
    return "other" if value in ("", None) else value


#: A ticket's short name; the laptop that reports it allots the next one.
TicketCode = Annotated[str, Field(max_length=LONGEST_CODE), AfterValidator(_code), Allotted("ticket")]
#: A built-in category's code or the name of one of the compound's own.
CategoryCode = Annotated[Name, BeforeValidator(_or_other)]
Minutes = Annotated[int, Field(ge=0, le=MOST_MINUTES)]
Fen = Annotated[int, Field(ge=0, le=MOST_COST)]
Reason = Annotated[Note, Field(min_length=1)]


class TicketFields(Payload):
    """What may be changed of a ticket: what is asked, by whom, where, and how much it presses."""

    what: Note = ""
    category: CategoryCode = "other"
    urgency: Urgency = Urgency.NORMAL
    requester_id: PersonRef | None = None
    requester_name: Line = ""
    requester_phone: Phone | None = None
    household_id: HouseholdRef | None = None
    building_id: BuildingRef | None = None
    point_id: PointRef | None = None
    place: Line = ""
    team_id: TeamRef | None = None
    wanted_hands: int = Field(default=1, ge=1, le=MOST_HANDS)
    accept_due_at: AwareDatetime | None = None
    due_at: AwareDatetime | None = None


class ReportTicket(TicketFields):
    """Take a question in. Without a deadline the category's holds; `urgency` None means as urgent as such usually is.

    `holder` has the baton; without one it is whoever took the question in. Where an
    incident strikes, the ticket attaches itself, unless `alone`.
    """

    id: RowId
    code: TicketCode | None = None
    what: Reason
    urgency: Urgency | None = None  # type: ignore[assignment]  # nobody has said
    channel: Channel = Channel.WALK_IN
    holder: PersonRef | None = None
    incident: IncidentRef | None = None
    alone: StrictBool = False
    observations: list[ObservationRef] = Field(default_factory=list, max_length=50)


class EditTicket(EditPayload):
    """Change a ticket field by field."""

    target: ClassVar[str] = "ticket"
    table: ClassVar[str] = "ticket"
    ticket: TicketRef
    old: TicketFields = TicketFields()
    new: TicketFields


class MoveTicket(Payload):
    """A move: `id` names its line in the story, `was` the state that its maker saw, if they say."""

    id: RowId
    ticket: TicketRef
    was: State | None = None
    words: Note = ""


class AssignTicket(MoveTicket):
    """Give a job to somebody."""

    person: PersonRef


class ReleaseTicket(MoveTicket):
    """Give a job back; `person` when it is somebody else who cannot do it."""

    person: PersonRef | None = None


class WaitTicket(MoveTicket):
    """Let a job wait until a day, for something or somebody."""

    until: date
    wait_for: WaitFor = WaitFor.OTHER
    person: PersonRef | None = None


class FinishTicket(MoveTicket):
    """Say that a job is done. `recheck` asks for a look at its point on the next walk."""

    minutes: Minutes = 0
    cost: Fen = 0
    parts: Line = ""
    recheck: StrictBool = False


class RateTicket(MoveTicket):
    """What the requester says of it: a score from 1 to 5 and words, and how they were asked."""

    score: int = Field(ge=1, le=BEST_SCORE)
    channel: Channel = Channel.VISIT


class GiveReason(MoveTicket):
    """A move that owes the requester a reason."""

    words: Reason


class JoinTicket(MoveTicket):
    """Say that a ticket asks what another asks already."""

    into: TicketRef


class CommentTicket(Payload):
    """Something to remember about a ticket."""

    id: RowId
    ticket: TicketRef
    words: Reason


class CallBack(CommentTicket):
    """Somebody asked the requester and got no rating: what came of it."""

    words: Note = ""
    channel: Channel = Channel.PHONE


class LogWork(Payload):
    """A visit: what the doer did, in minutes, with parts and what they cost in fen."""

    id: RowId
    ticket: TicketRef
    words: Note = ""
    minutes: Minutes = 0
    cost: Fen = 0
    parts: Line = ""


class HandOver(Payload):
    """Ask somebody by name to take the baton over."""

    id: RowId
    ticket: TicketRef
    to: PersonRef
    words: Note = ""


class AnswerOffer(Payload):
    """Take the baton over, or decline it."""

    id: RowId
    ticket: TicketRef
    words: Note = ""


class NameEvent(Payload):
    """Names a line of a ticket's story."""

    event: EventRef


class LinkTicket(Payload):
    """Say that a ticket is about a point, or about something seen there, besides its own place."""

    id: RowId
    ticket: TicketRef
    point: PointRef | None = None
    observation: ObservationRef | None = None


class GatherTickets(Payload):
    """Open a case over several tickets of one fault. Those that are open go on as duplicates of it when `join`."""

    id: RowId
    code: TicketCode | None = None
    what: Reason
    tickets: list[TicketRef] = Field(min_length=1, max_length=100)
    join: StrictBool = False


class IncidentFields(Payload):
    """What may be changed of an incident."""

    name: Name = "?"
    words: Note = ""
    category: Line = ""
    expected_at: AwareDatetime | None = None


class OpenIncident(IncidentFields):
    """Say once what strikes many households."""

    id: RowId
    name: Name
    buildings: list[BuildingRef] = Field(default_factory=list, max_length=200)


class EditIncident(EditPayload):
    """Change an incident field by field."""

    target: ClassVar[str] = "incident"
    table: ClassVar[str] = "incident"
    incident: IncidentRef
    old: IncidentFields = IncidentFields()
    new: IncidentFields


class StrikeBuildings(Payload):
    """Say which buildings an incident strikes. `before` is what its maker saw, and what an undo goes back to."""

    incident: IncidentRef
    buildings: list[BuildingRef] = Field(max_length=200)
    before: list[UUID] | None = Field(default=None, max_length=200)


class EndIncident(Payload):
    """Say that it is over, and what volunteers say now."""

    incident: IncidentRef
    words: Note = ""


class NameIncident(Payload):
    """Names an incident."""

    incident: IncidentRef


class AttachTicket(Payload):
    """Let a ticket be one of an incident's."""

    id: RowId
    ticket: TicketRef
    incident: IncidentRef


class DetachTicket(Payload):
    """Take a ticket out of its incident."""

    id: RowId
    ticket: TicketRef


class CategoryFields(Payload):
    """What may be changed of a kind of job; deadlines in hours."""

    accept_hours: int = Field(default=24, ge=1, le=24 * 365)
    finish_hours: int = Field(default=120, ge=1, le=24 * 365)
    urgency: Urgency = Urgency.NORMAL
    team_id: TeamRef | None = None
    skill: Line = ""
    position: int = Field(default=0, ge=0, le=1_000)


class AddCategory(CategoryFields):
    """Set the deadlines and team of a kind of job: a built-in one, or one of the compound's own."""

    id: RowId
    code: CategoryCode


class EditCategory(EditPayload):
    """Change a kind of job field by field."""

    target: ClassVar[str] = "category"
    table: ClassVar[str] = "ticket_category"
    category: Annotated[UUID, Ref("ticket_category")]
    old: CategoryFields = CategoryFields()
    new: CategoryFields


class SetRuling(Payload):
    """Set what counts as a repeat, and as a low score; `before` is what an undo goes back to."""

    repeats: int = Field(ge=2, le=50)
    repeat_days: int = Field(ge=1, le=366)
    low_score: int = Field(ge=0, le=BEST_SCORE)
    before: list[int] | None = Field(default=None, min_length=3, max_length=3)
