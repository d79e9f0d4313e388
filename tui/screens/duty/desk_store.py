"""What the desk of check-ins asks of the store and changes in it; runs in worker threads."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select

from models.community.queries import people_for_picker
from models.community.queries_found import people_of
from models.community.queries_people import people_where
from models.duty.queries import PERSON, POST, ShiftLine, shifts_at
from models.duty.queries_handover import HandOverLine, waiting_handovers
from models.duty.queries_presence import Attendance, came_besides, on_duty_now
from models.duty.rules import Presence
from models.operations.envelope import Intent
from models.operations.perform import Outcome
from models.operations.roles import WORKERS
from models.operations.workspace import Workspace
from models.text import fold
from tui import edge
from tui.desk import Desk
from tui.i18n import t
from tui.row_words import listed
from tui.screens.duty.times import moment
from tui.widgets.picker import Option

#: So long before a shift begins, whoever comes is taken to have come for it.
_EARLY: Final = timedelta(hours=2)
#: Of so many whom a text may name the best are shown.
_MOST_LOOKED_AT: Final = 300
_MOST_FOUND: Final = 30
#: Who stands so to a shift has yet to come.
AWAITED: Final = frozenset({Presence.COMING, Presence.MISSING})


@dataclass(frozen=True, slots=True)
class PostView:
    """A post as people choose it."""

    id: UUID
    name: str
    keys: str
    counts_cash: bool


@dataclass(frozen=True, slots=True)
class Morning:
    """A day at the posts, as it stands at a moment.

    `besides` came without a shift, or are still there from a shift of the day before: they forgot to check out.
    """

    now: datetime
    today: date
    zone: ZoneInfo
    me: UUID | None
    acting: str
    shifts: tuple[ShiftLine, ...]
    besides: tuple[Attendance, ...]
    posts: tuple[PostView, ...]
    waiting: tuple[HandOverLine, ...]

    def going(self) -> tuple[ShiftLine, ...]:
        """Return the shifts at which somebody who comes now may help."""
        return tuple(shift for shift in self.shifts if shift.starts_at - _EARLY <= self.now < shift.ends_at)


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody whom a text may name."""

    id: UUID
    name: str
    note: str


@dataclass(frozen=True, slots=True)
class CheckedIn:
    """What became of a check-in: who acts now, and who acted before."""

    outcome: Outcome
    at: datetime
    before: UUID | None
    acts: bool


def look(desk: Desk) -> Morning:
    """Return the day at all posts."""
    seat, now, today = desk.seat, edge.clock(), desk.today()
    zone = ZoneInfo(seat.zone)
    first, last = moment(today, 0, zone), moment(today + timedelta(days=1), 0, zone)
    with desk.store.read() as session:
        shifts = shifts_at(session, seat.compound_id, first, last, now=now)
        besides = came_besides(session, seat.compound_id, first, last)
        known = {one.checkin_id for one in besides}
        still = tuple(
            one
            for one in on_duty_now(session, seat.compound_id, now=now)
            if one.checkin_id not in known and one.shift_id not in {shift.id for shift in shifts}
        )
        posts = session.connection().execute(
            select(POST.c.id, POST.c.name, POST.c["keys"], POST.c.counts_cash)
            .where(POST.c.compound_id == seat.compound_id, POST.c.archived.is_(False))
            .order_by(POST.c.position, POST.c.name, POST.c.id)
        )
        return Morning(
            now,
            today,
            zone,
            seat.person_id,
            seat.person,
            shifts,
            still + besides,
            tuple(PostView(row.id, row.name, row.keys, row.counts_cash) for row in posts),
            waiting_handovers(session, seat.compound_id, now=now),
        )


def suggest(desk: Desk, text: str) -> tuple[Known, ...]:
    """Return the people of the register whom a text may name: whose name or initials it is, then whose it begins."""
    compound_id, today = desk.seat.compound_id, desk.today()
    with desk.store.read() as session:
        wanted = people_where(compound_id, today, text=text, role=None, team=None, archived=False)
        rows = session.connection().execute(
            select(PERSON.c.id, PERSON.c.search)
            .where(*wanted)
            .order_by(PERSON.c.name, PERSON.c.id)
            .limit(_MOST_LOOKED_AT)
        )
        ranked = sorted(rows, key=lambda row: _rank(row.search.split(), fold(text)))
        lines = people_of(session, compound_id, [row.id for row in ranked[:_MOST_FOUND]], today=today)
    return tuple(
        Known(
            line.id,
            line.name,
            listed([*(t(f"role.{role.value}") for role in line.roles), *line.households]),
        )
        for line in lines
    )


def _rank(names: list[str], text: str) -> int:
    return 0 if text in names else 1 if any(name.startswith(text) for name in names) else 2


def everybody(desk: Desk) -> tuple[Option, ...]:
    """Return who may be a witness: everybody in the register."""
    with desk.store.read() as session:
        people = people_for_picker(session, desk.seat.compound_id, today=desk.today(), workers_only=False)
    return tuple(
        Option(str(one.id), one.name, listed([t(f"role.{role.value}") for role in one.roles]), one.search)
        for one in people
    )


def may_act(desk: Desk, person_id: UUID) -> bool:
    """Tell whether somebody has a role in which they may do things here."""
    with desk.store.read() as session:
        workspace = Workspace(session, desk.seat.compound_id, keep_shadows=False)
        return not workspace.roles(person_id, desk.today()).isdisjoint(WORKERS)


def check_in(desk: Desk, payload: dict[str, Any], person_id: UUID | None) -> CheckedIn:
    """Let somebody check in, and act at this laptop from now on, if they have a role to act in."""
    before, now = desk.seat.person_id, edge.clock()
    acts = person_id is not None and may_act(desk, person_id)
    if person_id is not None:
        payload = payload | {"person": str(person_id)}
        if acts:
            desk.act_as(person_id)
    outcome = desk.perform(Intent("duty.check_in", payload, doer_id=person_id if acts else None))
    if outcome.refused is not None and acts and before is not None:
        desk.act_as(before)
    return CheckedIn(outcome, now, before, acts)


def take_back(desk: Desk, group_id: UUID, before: UUID | None) -> Outcome:
    """Undo a check-in; whoever acted before acts again."""
    outcome = desk.undo(group_id)
    if outcome.refused is None and before is not None:
        desk.act_as(before)
    return outcome


def posts_of(desk: Desk) -> tuple[Option, ...]:
    """Return the posts as they are chosen from."""
    with desk.store.read() as session:
        return tuple(
            Option(str(row.id), row.name, row.place, row.search)
            for row in session.connection().execute(
                select(POST.c.id, POST.c.name, POST.c.place, POST.c.search)
                .where(POST.c.compound_id == desk.seat.compound_id, POST.c.archived.is_(False))
                .order_by(POST.c.position, POST.c.name, POST.c.id)
            )
        )
