"""What the pages of hand-overs ask of the store and change in it; runs in worker threads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from models.duty.queries_handover import (
    HandOverLine,
    NextOn,
    TicketsToday,
    batons_of,
    batons_offered,
    handover_of,
    next_on,
    post_of_checkin,
    tickets_today,
)
from models.duty.queries_presence import Attendance, checkin_of
from models.operations.drafts import drop_draft, load_draft
from models.operations.envelope import Intent
from models.operations.perform import Outcome, perform
from models.tickets.queries import Asked, TicketLine
from tui import edge
from tui.desk import Desk
from tui.screens.duty.desk_store import everybody
from tui.screens.duty.times import moment
from tui.widgets.picker import Option


@dataclass(frozen=True, slots=True)
class Leaving:
    """Somebody who is about to go: what they hold, what the day knows of tickets, who is next, what was half-typed."""

    came: Attendance
    batons: tuple[TicketLine, ...]
    tickets: TicketsToday
    next: Sequence[NextOn]
    people: tuple[Option, ...]
    keys: str
    counts_cash: bool
    draft: Mapping[str, Any]
    zone: ZoneInfo
    today: date
    me: UUID | None
    now: datetime


@dataclass(frozen=True, slots=True)
class Left:
    """A hand-over, and what is offered to whoever looks at it."""

    line: HandOverLine
    offered: tuple[TicketLine, ...]
    me: UUID | None
    acting: str
    zone: ZoneInfo


def draft_of(checkin_id: UUID) -> str:
    """Name the draft of a hand-over."""
    return f"handover:{checkin_id.hex}"


def _asked(desk: Desk) -> Asked:
    return Asked(now=edge.clock(), today=desk.today())


def leaving(desk: Desk, checkin_id: UUID) -> Leaving | None:
    """Return what a hand-over shows; None when the check-in was taken back meanwhile."""
    seat, asked = desk.seat, _asked(desk)
    zone = ZoneInfo(seat.zone)
    with desk.store.read() as session:
        came = checkin_of(session, seat.compound_id, checkin_id)
        if came is None or came.person_id is None:
            return None
        post = post_of_checkin(session, seat.compound_id, checkin_id)
        return Leaving(
            came=came,
            batons=batons_of(session, seat.compound_id, came.person_id, asked),
            tickets=tickets_today(session, seat.compound_id, asked, since=moment(asked.today, 0, zone)),
            next=next_on(
                session,
                seat.compound_id,
                came.post_id,
                after=came.starts_at or came.came_at,
                without=came.person_id,
            ),
            people=tuple(one for one in everybody(desk) if one.id != str(came.person_id)),
            keys="" if post is None else post.keys,
            counts_cash=post is not None and post.counts_cash,
            draft=load_draft(session, seat.compound_id, draft_of(checkin_id)) or {},
            zone=zone,
            today=asked.today,
            me=seat.person_id,
            now=asked.now,
        )


def save(desk: Desk, intents: Sequence[Intent], checkin_id: UUID) -> Outcome:
    """Hand over and check out as one group, and forget the draft, in one transaction."""
    with desk.store.write() as session:
        outcome = perform(session, intents, desk.acting())
        if outcome.refused is None:
            drop_draft(session, desk.seat.compound_id, draft_of(checkin_id))
    return outcome


def left(desk: Desk, handover_id: UUID) -> Left | None:
    """Return a hand-over, with the questions that its giver offers to whoever acts here."""
    seat = desk.seat
    with desk.store.read() as session:
        line = handover_of(session, seat.compound_id, handover_id)
        if line is None:
            return None
        offered = (
            ()
            if seat.person_id is None
            else batons_offered(session, seat.compound_id, seat.person_id, _asked(desk))
        )
    theirs = tuple(one for one in offered if one.holder_id == line.from_id)
    return Left(line, theirs, seat.person_id, seat.person, ZoneInfo(seat.zone))
