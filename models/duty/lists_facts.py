"""Lists of what people said and did about duty: their time, requests to swap, check-ins, hand-overs, the log book."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select, Table, and_, select
from sqlmodel import Session

from models.duty.lists import clock, day_text, moment, row_id
from models.duty.queries import CHECKIN, PERSON, PLACE, POST, SHIFT
from models.duty.tables import Availability, HandOver, LogEntry, Swap
from models.inspection.observed import rows_of
from models.listings import ListingRow, listing
from models.tables import table_of

_SAID, _SWAP, _HANDED, _LOG = table_of(Availability), table_of(Swap), table_of(HandOver), table_of(LogEntry)


@listing(
    "availability",
    "id",
    "person",
    "person_id",
    "kind",
    "weekdays",
    "starts",
    "ends",
    "since",
    "until",
    "note",
    "archived",
)
def list_availability(session: Session, compound_id: UUID, _today: date) -> Iterator[ListingRow]:
    """Yield what people say about their time, person by person; `until` is the first day it no longer holds."""
    named = _join(_SAID, compound_id, person=(PERSON, "person_id"))
    for row in rows_of(session, named.order_by(_SAID.c.archived, PERSON.c.name, _SAID.c.id)):
        yield {
            "id": str(row.id),
            "person": row.person,
            "person_id": str(row.person_id),
            "kind": row.kind,
            "weekdays": list(row.weekdays),
            "starts": clock(row.starts),
            "ends": clock(row.ends),
            "since": day_text(row.since),
            "until": day_text(row.until),
            "note": row.note,
            "archived": row.archived,
        }


@listing(
    "swaps",
    "id",
    "asked_at",
    "asker",
    "asker_id",
    "day",
    "shift",
    "post",
    "assignment_id",
    "to",
    "to_id",
    "against",
    "against_id",
    "words",
    "state",
    "answered_at",
    "answered_by",
    "answered_by_id",
    "answer",
    "archived",
)
def list_swaps(session: Session, compound_id: UUID, _today: date) -> Iterator[ListingRow]:
    """Yield requests to swap or to be covered, oldest first. `against` is the day and the shift offered in return."""
    theirs, other = PLACE.alias("theirs"), SHIFT.alias("other")
    named = _join(
        _SWAP,
        compound_id,
        asker=(PERSON.alias("asker"), "asker_id"),
        to=(PERSON.alias("to_whom"), "to_id"),
        answered_by=(PERSON.alias("answerer"), "answered_by_id"),
    )
    statement = (
        named.outerjoin(PLACE, _is(PLACE, compound_id, _SWAP.c.assignment_id))
        .outerjoin(SHIFT, _is(SHIFT, compound_id, PLACE.c.shift_id))
        .outerjoin(POST, _is(POST, compound_id, SHIFT.c.post_id))
        .outerjoin(theirs, _is(theirs, compound_id, _SWAP.c.against_id))
        .outerjoin(other, _is(other, compound_id, theirs.c.shift_id))
        .add_columns(
            SHIFT.c.day,
            SHIFT.c.name.label("shift"),
            POST.c.name.label("post"),
            other.c.day.label("other_day"),
            other.c.name.label("other_shift"),
        )
        .order_by(_SWAP.c.asked_at, _SWAP.c.id)
    )
    for row in rows_of(session, statement):
        against = "" if row.other_day is None else f"{row.other_day.isoformat()} {row.other_shift}".strip()
        yield {
            "id": str(row.id),
            "asked_at": moment(row.asked_at),
            "asker": row.asker,
            "asker_id": str(row.asker_id),
            "day": day_text(row.day),
            "shift": row.shift or "",
            "post": row.post or "",
            "assignment_id": str(row.assignment_id),
            "to": row.to or "",
            "to_id": row_id(row.to_id),
            "against": against,
            "against_id": row_id(row.against_id),
            "words": row.words,
            "state": row.state,
            "answered_at": moment(row.answered_at),
            "answered_by": row.answered_by or "",
            "answered_by_id": row_id(row.answered_by_id),
            "answer": row.answer,
            "archived": row.archived,
        }


@listing(
    "checkins",
    "id",
    "came_at",
    "left_at",
    "person",
    "person_id",
    "guest",
    "day",
    "shift",
    "shift_id",
    "post",
    "post_id",
    "made_up",
    "reason",
    "witness",
    "witness_id",
    "recorder",
    "recorder_id",
    "words",
    "archived",
)
def list_checkins(session: Session, compound_id: UUID, _today: date) -> Iterator[ListingRow]:
    """Yield who came, oldest first, what was taken back, too. `day` is the shift's; `made_up` was written down afterwards."""
    named = _join(
        CHECKIN,
        compound_id,
        person=(PERSON, "person_id"),
        seen_by=(PERSON.alias("witnessing"), "witness_id"),
        recorder=(PERSON.alias("recording"), "recorder_id"),
        shift=(SHIFT, "shift_id"),
        post=(POST, "post_id"),
    )
    statement = named.add_columns(SHIFT.c.day).order_by(CHECKIN.c.came_at, CHECKIN.c.id)
    for row in rows_of(session, statement):
        yield {
            "id": str(row.id),
            "came_at": moment(row.came_at),
            "left_at": moment(row.left_at),
            "person": row.person or "",
            "person_id": row_id(row.person_id),
            "guest": row.guest,
            "day": day_text(row.day),
            "shift": row.shift or "",
            "shift_id": row_id(row.shift_id),
            "post": row.post or "",
            "post_id": row_id(row.post_id),
            "made_up": row.made_up,
            "reason": row.reason,
            "witness": row.seen_by or row.witness,
            "witness_id": row_id(row.witness_id),
            "recorder": row.recorder or "",
            "recorder_id": str(row.recorder_id),
            "words": row.words,
            "archived": row.archived,
        }


@listing(
    "handovers",
    "id",
    "at",
    "post",
    "post_id",
    "day",
    "shift",
    "shift_id",
    "checkin_id",
    "from",
    "from_id",
    "to",
    "to_id",
    "words",
    "keys",
    "cash_fen",
    "confirmed_at",
    "confirmed_by",
    "confirmed_by_id",
    "confirmed_words",
    "confirmed_keys",
    "confirmed_cash_fen",
    "archived",
)
def list_handovers(session: Session, compound_id: UUID, _today: date) -> Iterator[ListingRow]:
    """Yield what was handed over and what the next one found, oldest first; cash in fen."""
    named = _join(
        _HANDED,
        compound_id,
        giver=(PERSON, "from_id"),
        taker=(PERSON.alias("taking"), "to_id"),
        confirmed_by=(PERSON.alias("confirming"), "confirmed_by_id"),
        shift=(SHIFT, "shift_id"),
        post=(POST, "post_id"),
    )
    statement = named.add_columns(SHIFT.c.day).order_by(_HANDED.c.at, _HANDED.c.id)
    for row in rows_of(session, statement):
        yield {
            "id": str(row.id),
            "at": moment(row.at),
            "post": row.post or "",
            "post_id": row_id(row.post_id),
            "day": day_text(row.day),
            "shift": row.shift or "",
            "shift_id": row_id(row.shift_id),
            "checkin_id": row_id(row.checkin_id),
            "from": row.giver or "",
            "from_id": row_id(row.from_id),
            "to": row.taker or "",
            "to_id": row_id(row.to_id),
            "words": row.words,
            "keys": row.keys,
            "cash_fen": row.cash,
            "confirmed_at": moment(row.confirmed_at),
            "confirmed_by": row.confirmed_by or "",
            "confirmed_by_id": row_id(row.confirmed_by_id),
            "confirmed_words": row.confirmed_words,
            "confirmed_keys": row.confirmed_keys,
            "confirmed_cash_fen": row.confirmed_cash,
            "archived": row.archived,
        }


@listing(
    "log", "id", "at", "post", "post_id", "person", "person_id", "kind", "words", "handover_id", "archived"
)
def list_log(session: Session, compound_id: UUID, _today: date) -> Iterator[ListingRow]:
    """Yield the lines of the log book, oldest first, those taken back, too."""
    named = _join(_LOG, compound_id, person=(PERSON, "person_id"), post=(POST, "post_id"))
    for row in rows_of(session, named.order_by(_LOG.c.at, _LOG.c.id)):
        yield {
            "id": str(row.id),
            "at": moment(row.at),
            "post": row.post or "",
            "post_id": row_id(row.post_id),
            "person": row.person or "",
            "person_id": row_id(row.person_id),
            "kind": row.kind,
            "words": row.words,
            "handover_id": row_id(row.handover_id),
            "archived": row.archived,
        }


def _join(table: Table, compound_id: UUID, **named: tuple[Any, str]) -> Select[Any]:
    """Return the statement for a table's rows with the names of what they refer to, each under its own label."""
    statement = select(table, *(other.c.name.label(label) for label, (other, _) in named.items()))
    statement = statement.select_from(table)
    for other, column in named.values():
        statement = statement.outerjoin(other, _is(other, compound_id, table.c[column]))
    return statement.where(table.c.compound_id == compound_id)


def _is(table: Any, compound_id: UUID, reference: Any) -> Any:
    return and_(table.c.compound_id == compound_id, table.c.id == reference)
