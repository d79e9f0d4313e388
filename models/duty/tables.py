"""Tables of duty. Times are instants, days the compound's own; weights in points (rules.py), cash integer fen."""

from __future__ import annotations

from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

from sqlalchemy import JSON, Index, UniqueConstraint
from sqlmodel import Field

from models.tables import Synced, no_list, refers


class Post(Synced, table=True):
    """Where somebody serves: the station's desk, a patrol, a cleaning day.

    `team_id` is the pool that takes turns there, if it is one pool's. Where `counts_cash`, the
    hand-over asks for the cash; `keys` names what else is handed over.
    """

    __tablename__ = "post"
    __table_args__ = (refers("team_id", "team"), UniqueConstraint("compound_id", "name"))
    __natural_key__: ClassVar[tuple[str, ...]] = ("name",)

    name: str
    place: str = ""
    note: str = ""
    team_id: UUID | None = None
    keys: str = ""
    counts_cash: bool = False
    position: int = 0
    search: str = ""


class ShiftTemplate(Synced, table=True):
    """A shift as it comes again and again (rules.Template, rules.Pattern). `starts` is in minutes after midnight."""

    __tablename__ = "shift_template"
    __table_args__ = (
        refers("post_id", "post"),
        refers("team_id", "team"),
        UniqueConstraint("compound_id", "post_id", "name"),
    )
    __natural_key__: ClassVar[tuple[str, ...]] = ("post_id", "name")

    post_id: UUID
    name: str
    starts: int
    minutes: int
    hands: int = 1
    needs: list[str] = Field(default_factory=no_list, sa_type=JSON)
    weekdays: list[int] = Field(default_factory=no_list, sa_type=JSON)
    weeks: str = "all"
    month_days: list[int] = Field(default_factory=no_list, sa_type=JSON)
    days: str = "all"
    team_id: UUID | None = None
    since: date | None = None
    until: date | None = None
    position: int = 0


class ShiftException(Synced, table=True):
    """A day on which a template's shift is held though its pattern does not say so, or not held though it does."""

    __tablename__ = "shift_exception"
    __table_args__ = (
        refers("template_id", "shift_template"),
        UniqueConstraint("compound_id", "template_id", "day"),
    )
    __natural_key__: ClassVar[tuple[str, ...]] = ("template_id", "day")

    template_id: UUID
    day: date
    held: bool = False
    note: str = ""


class SpecialDay(Synced, table=True):
    """What a compound has set a day of the calendar to be (rules.DayKind), over what is known of it."""

    __tablename__ = "special_day"
    __table_args__ = (UniqueConstraint("compound_id", "day"),)
    __natural_key__: ClassVar[tuple[str, ...]] = ("day",)

    day: date
    kind: str
    name: str = ""


class Availability(Synced, table=True):
    """What somebody says of a span of time (rules.AvailabilityKind).

    It holds on `weekdays` (1 Monday to 7; none: every day) from `starts` to `ends`, minutes after
    midnight, over a half-open span of days.
    """

    __tablename__ = "availability"
    __table_args__ = (refers("person_id", "person"), Index(None, "compound_id", "person_id"))

    person_id: UUID
    kind: str
    weekdays: list[int] = Field(default_factory=no_list, sa_type=JSON)
    starts: int = 0
    ends: int = 1440
    since: date | None = None
    until: date | None = None
    note: str = ""


class DutyPair(Synced, table=True):
    """Two people who want to sit together, or must not. `person_id` is the smaller id of the two."""

    __tablename__ = "duty_pair"
    __table_args__ = (
        refers("person_id", "person"),
        refers("other_id", "person"),
        UniqueConstraint("compound_id", "person_id", "other_id"),
        Index(None, "compound_id", "other_id"),
    )
    __natural_key__: ClassVar[tuple[str, ...]] = ("person_id", "other_id")

    person_id: UUID
    other_id: UUID
    together: bool = True


class DutyShare(Synced, table=True):
    """How much of a plain share somebody takes, in percent, and how many shifts at most; None: as for all."""

    __tablename__ = "duty_share"
    __table_args__ = (refers("person_id", "person"), UniqueConstraint("compound_id", "person_id"))
    __natural_key__: ClassVar[tuple[str, ...]] = ("person_id",)

    person_id: UUID
    share: int = 100
    most_per_week: int | None = None
    most_per_month: int | None = None


class DutyRuling(Synced, table=True):
    """What a compound has set for all its duty (rules.Ruling); there is at most one."""

    __tablename__ = "duty_ruling"

    night: int
    weekend: int
    holiday: int
    festival: int
    rest_minutes: int
    most_per_week: int
    grace_minutes: int
    no_show: int


class Shift(Synced, table=True):
    """A shift on a day; archived when it was called off. `sequence` counts what of it has changed, as calendars ask.

    `points` is what it weighs for each of its hands.
    """

    __tablename__ = "shift"
    __table_args__ = (
        refers("post_id", "post"),
        refers("template_id", "shift_template"),
        refers("team_id", "team"),
        UniqueConstraint("compound_id", "post_id", "starts_at", "name"),
        Index(None, "compound_id", "starts_at", "id"),
        Index(None, "compound_id", "day", "starts_at"),
        Index(None, "compound_id", "template_id", "day"),
        Index(None, "compound_id", "state", "starts_at"),
        Index(None, "compound_id", "team_id"),
    )
    __natural_key__: ClassVar[tuple[str, ...]] = ("post_id", "starts_at", "name")

    post_id: UUID
    template_id: UUID | None = None
    team_id: UUID | None = None
    name: str
    day: date
    starts_at: datetime
    ends_at: datetime
    hands: int = 1
    needs: list[str] = Field(default_factory=no_list, sa_type=JSON)
    points: int = 0
    state: str = "draft"
    note: str = ""
    sequence: int = 0


class Assignment(Synced, table=True):
    """Somebody on a shift; archived when they no longer are. `starts_at` and `ends_at` are the shift's.

    A published one that the next draft leaves out is `leaving`: it holds until that draft is published. A
    `locked` one is a person's decision, which no roster made by the computer takes away.
    """

    __tablename__ = "assignment"
    __table_args__ = (
        refers("shift_id", "shift"),
        refers("person_id", "person"),
        UniqueConstraint("compound_id", "shift_id", "person_id"),
        Index(None, "compound_id", "person_id", "starts_at"),
        Index(None, "compound_id", "starts_at"),
    )
    __natural_key__: ClassVar[tuple[str, ...]] = ("shift_id", "person_id")

    shift_id: UUID
    person_id: UUID
    starts_at: datetime
    ends_at: datetime
    state: str = "draft"
    leaving: bool = False
    locked: bool = False
    absence: str = ""
    absence_words: str = ""
    sequence: int = 0


class Swap(Synced, table=True):
    """A request to be covered on a shift, or to swap it for another's; `to_id` None asks everybody."""

    __tablename__ = "swap"
    __table_args__ = (
        refers("assignment_id", "assignment"),
        refers("against_id", "assignment"),
        refers("asker_id", "person"),
        refers("to_id", "person"),
        refers("answered_by_id", "person"),
        Index(None, "compound_id", "assignment_id"),
        Index(None, "compound_id", "against_id"),
        Index(None, "compound_id", "state", "asked_at"),
        Index(None, "compound_id", "answered_by_id"),
        Index(None, "compound_id", "asker_id"),
        Index(None, "compound_id", "to_id"),
    )

    assignment_id: UUID
    asker_id: UUID
    to_id: UUID | None = None
    against_id: UUID | None = None
    words: str = ""
    state: str = "open"
    asked_at: datetime
    answered_at: datetime | None = None
    answered_by_id: UUID | None = None
    answer: str = ""


class CheckIn(Synced, table=True):
    """Somebody who came to serve, whether the roster knew it or not; a guest has a name only.

    `made_up` tells that it was written down afterwards, with a reason and a witness.
    """

    __tablename__ = "checkin"
    __table_args__ = (
        refers("post_id", "post"),
        refers("shift_id", "shift"),
        refers("person_id", "person"),
        refers("witness_id", "person"),
        Index(None, "compound_id", "came_at", "id"),
        Index(None, "compound_id", "shift_id"),
        Index(None, "compound_id", "person_id", "came_at"),
        Index(None, "compound_id", "post_id"),
        Index(None, "compound_id", "witness_id"),
    )

    post_id: UUID | None = None
    shift_id: UUID | None = None
    person_id: UUID | None = None
    guest: str = ""
    came_at: datetime
    left_at: datetime | None = None
    made_up: bool = False
    reason: str = ""
    witness_id: UUID | None = None
    witness: str = ""
    recorder_id: UUID
    words: str = ""


class HandOver(Synced, table=True):
    """What somebody left behind at the end of a shift, and what the next person found. Cash in fen."""

    __tablename__ = "handover"
    __table_args__ = (
        refers("post_id", "post"),
        refers("shift_id", "shift"),
        refers("checkin_id", "checkin"),
        refers("from_id", "person"),
        refers("to_id", "person"),
        refers("confirmed_by_id", "person"),
        # With all that a list is counted and passed over by.
        Index(None, "compound_id", "at", "id", "archived", "confirmed_at"),
        Index(None, "compound_id", "confirmed_at", "at"),
        Index(None, "compound_id", "confirmed_by_id"),
        Index(None, "compound_id", "post_id"),
        Index(None, "compound_id", "from_id"),
        Index(None, "compound_id", "to_id"),
        Index(None, "compound_id", "checkin_id"),
        Index(None, "compound_id", "shift_id"),
    )

    post_id: UUID | None = None
    shift_id: UUID | None = None
    checkin_id: UUID | None = None
    from_id: UUID | None = None
    to_id: UUID | None = None
    at: datetime
    words: str = ""
    keys: str = ""
    cash: int | None = None
    confirmed_at: datetime | None = None
    confirmed_by_id: UUID | None = None
    confirmed_words: str = ""
    confirmed_keys: str = ""
    confirmed_cash: int | None = None


class LogEntry(Synced, table=True):
    """A line of the station's log book."""

    __tablename__ = "log_entry"
    __table_args__ = (
        refers("post_id", "post"),
        refers("person_id", "person"),
        refers("handover_id", "handover"),
        Index(None, "compound_id", "at", "id", "archived"),
        Index(None, "compound_id", "post_id", "at", "id", "archived"),
        Index(None, "compound_id", "person_id", "at", "id", "archived"),
        Index(None, "compound_id", "handover_id"),
    )

    post_id: UUID | None = None
    person_id: UUID | None = None
    at: datetime
    kind: str = "note"
    words: str = ""
    handover_id: UUID | None = None
    search: str = ""


class DutyBalance(Synced, table=True):
    """What somebody owed at the end of a settled month, and how that came: all in points.

    `owed` = what they owed before + `fair` - `done` + `missed` (what no-shows cost on top). `month` is its first day.
    """

    __tablename__ = "duty_balance"
    __table_args__ = (
        refers("person_id", "person"),
        UniqueConstraint("compound_id", "person_id", "month"),
        Index(None, "compound_id", "month"),
    )
    __natural_key__: ClassVar[tuple[str, ...]] = ("person_id", "month")

    person_id: UUID
    month: date
    before: int = 0
    fair: int = 0
    done: int = 0
    missed: int = 0
    owed: int = 0
