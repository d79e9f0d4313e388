"""What a ticket may become, when it is due, and what kinds of job there are: pure decisions and tables.

The state table is the one place that says which move is lawful from where.
Hours and urgencies of the built-in categories are our own judgement, not a
standard's: a compound keeps its own beside them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class State(StrEnum):
    """How a ticket stands."""

    REPORTED = "reported"
    ACCEPTED = "accepted"
    IN_PROGRESS = "in_progress"
    WAITING = "waiting"
    DONE = "done"
    CLOSED = "closed"
    REOPENED = "reopened"
    REJECTED = "rejected"
    DUPLICATE = "duplicate"
    CANCELLED = "cancelled"


class Move(StrEnum):
    """What is done to a ticket that may change its state."""

    ACCEPT = "accept"
    ASSIGN = "assign"
    RELEASE = "release"
    START = "start"
    WAIT = "wait"
    FINISH = "finish"
    RATE = "rate"
    CLOSE = "close"
    REOPEN = "reopen"
    REJECT = "reject"
    CANCEL = "cancel"
    JOIN = "join"
    PART = "part"


class EventKind(StrEnum):
    """What a line of a ticket's story tells; a move's line bears the move's name."""

    REPORT = "report"
    ACCEPT = "accept"
    ASSIGN = "assign"
    RELEASE = "release"
    START = "start"
    WAIT = "wait"
    FINISH = "finish"
    RATE = "rate"
    CLOSE = "close"
    REOPEN = "reopen"
    REJECT = "reject"
    CANCEL = "cancel"
    JOIN = "join"
    PART = "part"
    COMMENT = "comment"
    LOG = "log"
    CALL = "call"
    HANDOVER = "handover"
    TAKE = "take"
    DECLINE = "decline"
    KEEP = "keep"
    ATTACH = "attach"
    DETACH = "detach"
    GATHER = "gather"
    SETTLE = "settle"


class Urgency(StrEnum):
    """How much a job presses, the least first."""

    NORMAL = "normal"
    URGENT = "urgent"
    EMERGENCY = "emergency"


class Channel(StrEnum):
    """How a question came in, or how somebody was asked."""

    WALK_IN = "walk_in"
    PHONE = "phone"
    CHAT = "chat"
    INSPECTION = "inspection"
    VISIT = "visit"
    OTHER = "other"


class WaitFor(StrEnum):
    """What a job waits for."""

    PART = "part"
    PERSON = "person"
    CONTRACTOR = "contractor"
    WEATHER = "weather"
    OTHER = "other"


#: Somebody still has to do something about these.
OPEN: Final = frozenset({State.REPORTED, State.ACCEPTED, State.IN_PROGRESS, State.WAITING, State.REOPENED})
#: Whoever took the question in owns it while its ticket is one of these: done, but nobody has asked the requester, too.
UNANSWERED: Final = OPEN | {State.DONE}
#: Nobody has taken these.
UNCLAIMED: Final = frozenset({State.REPORTED, State.REOPENED})
#: These are over without having been done.
DROPPED: Final = frozenset({State.REJECTED, State.DUPLICATE, State.CANCELLED})

_ENDS = {Move.REJECT: State.REJECTED, Move.CANCEL: State.CANCELLED, Move.JOIN: State.DUPLICATE}
_WORK = {Move.WAIT: State.WAITING, Move.FINISH: State.DONE}

#: (state, move) -> the state it leads to. What is not here is not lawful.
MOVES: Final = MappingProxyType(
    {(state, move): to for state in OPEN for move, to in (_ENDS | _WORK).items()}
    | {(state, Move.START): State.IN_PROGRESS for state in OPEN - {State.IN_PROGRESS}}
    | {(state, move): State.ACCEPTED for state in UNCLAIMED for move in (Move.ACCEPT, Move.ASSIGN)}
    # Another hand joins a job that is under way without setting it back.
    | {
        (state, move): state
        for state in (State.ACCEPTED, State.IN_PROGRESS, State.WAITING)
        for move in (Move.ACCEPT, Move.ASSIGN)
    }
    | {
        (State.ACCEPTED, Move.RELEASE): State.REPORTED,
        (State.IN_PROGRESS, Move.RELEASE): State.REPORTED,
        (State.WAITING, Move.RELEASE): State.REPORTED,
        (State.REOPENED, Move.RELEASE): State.REOPENED,
        (State.DONE, Move.RATE): State.CLOSED,
        (State.CLOSED, Move.RATE): State.CLOSED,
        (State.DONE, Move.CLOSE): State.CLOSED,
        (State.DONE, Move.REOPEN): State.REOPENED,
        (State.CLOSED, Move.REOPEN): State.REOPENED,
        (State.REJECTED, Move.REOPEN): State.REOPENED,
        (State.CANCELLED, Move.REOPEN): State.REOPENED,
        (State.DUPLICATE, Move.PART): State.REPORTED,
    }
)


def after(state: State, move: Move) -> State | None:
    """Return the state that a move leads to, or None when it is not lawful from there."""
    return MOVES.get((state, move))


def lawful(state: State) -> tuple[Move, ...]:
    """Return the moves that may be made from a state, in the order of `Move`."""
    return tuple(move for move in Move if (state, move) in MOVES)


@dataclass(frozen=True, slots=True)
class Category:
    """A kind of job: how soon it shall be taken and done, in hours, when it is as urgent as it usually is.

    `skill` is what its doers should have said they can do, empty when anybody can.
    """

    code: str
    accept_hours: int = 24
    finish_hours: int = 120
    urgency: Urgency = Urgency.NORMAL
    skill: str = ""


OTHER: Final = Category("other")
_BUILT_IN: Final = (
    Category("drain", 4, 48, Urgency.URGENT),
    Category("water", 4, 48, Urgency.URGENT),
    Category("power", 2, 24, Urgency.URGENT),
    Category("lamp", 24, 72),
    Category("lift", 1, 24, Urgency.EMERGENCY),
    Category("leak", 8, 120),
    Category("door", 24, 72),
    Category("road", 24, 240),
    Category("green", 48, 240),
    Category("rubbish", 8, 24),
    Category("noise", 8, 72),
    Category("dispute", 24, 168),
    Category("safety", 1, 24, Urgency.EMERGENCY),
    Category("parking", 24, 120),
    Category("elder", 24, 72),
    Category("paper", 24, 120),
    OTHER,
)
#: The kinds of job everybody has, by code, in the order they are offered.
CATEGORIES: Final = MappingProxyType({category.code: category for category in _BUILT_IN})

_RANK: Final = {urgency: rank for rank, urgency in enumerate(Urgency)}


def rank(urgency: Urgency | str) -> int:
    """Return how much an urgency presses, from 0."""
    return _RANK[Urgency(urgency)]


def scaled(hours: int, *, usual: Urgency, urgency: Urgency) -> timedelta:
    """Return a deadline: half the time for each step more urgent than usual, twice for each step less; an hour at least."""
    return timedelta(hours=max(hours * 2.0 ** (rank(usual) - rank(urgency)), 1))


def accept_due(category: Category, urgency: Urgency, opened_at: datetime) -> datetime:
    """Return when somebody should have taken a job."""
    return opened_at + scaled(category.accept_hours, usual=category.urgency, urgency=urgency)


def finish_due(category: Category, urgency: Urgency, opened_at: datetime) -> datetime:
    """Return when a job should be done."""
    return opened_at + scaled(category.finish_hours, usual=category.urgency, urgency=urgency)


def overdue(state: State, due_at: datetime, wait_until: date | None, *, now: datetime, today: date) -> bool:
    """Tell whether a job is late. One that waits for a day is not late before that day is over."""
    if state not in OPEN or now <= due_at:
        return False
    return not (state is State.WAITING and wait_until is not None and today <= wait_until)


@dataclass(frozen=True, slots=True)
class Ruling:
    """What a compound has set for its tickets.

    `repeats` reports of one fault within `repeat_days` days are a repeat. A
    score of `low_score` or less is asked about.
    """

    repeats: int = 3
    repeat_days: int = 30
    low_score: int = 2


BEST_SCORE: Final = 5
MOST_HANDS: Final = 50


@dataclass(frozen=True, slots=True)
class Words:
    """What two reports are compared by."""

    pairs: frozenset[str] = field(default_factory=frozenset)


def words_of(text: str) -> Words:
    """Return the pairs of neighbouring characters of a folded text: Chinese has no spaces between words."""
    return Words(frozenset(text[at : at + 2] for at in range(len(text) - 1)) or frozenset({text} - {""}))


def likeness(one: Words, other: Words) -> float:
    """Return how alike two texts are, 0 to 1: the shared pairs against the fewer of the two."""
    fewer = min(len(one.pairs), len(other.pairs))
    return len(one.pairs & other.pairs) / fewer if fewer else 0.0
