"""The list of doors that owe, for the command line."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date
from uuid import UUID

from sqlmodel import Session

from models.fees.queries_arrears import ArrearsAsked, ArrearsLine, ArrearsView, every_arrears
from models.listings import ListingRow, listing


@listing(
    "arrears",
    "household",
    "household_id",
    "building",
    "owners",
    "contact",
    "contact_id",
    "owed_fen",
    "due_fen",
    "bills",
    "since",
    "due_on",
    "fix_first",
    "pause",
    "open_tickets",
    "unrated_tickets",
    "rating",
    "talks",
    "last_talk_at",
    "last_way",
    "last_step",
    "last_answer",
    "last_words",
    "promise_on",
    "promise_fen",
    "promise_paid_fen",
    "promise",
    "deferred_until",
)
def list_arrears(session: Session, compound_id: UUID, today: date) -> Iterator[ListingRow]:
    """Yield the doors that owe anything, by door. `due_fen` of `owed_fen` is past its day and was not deferred.

    `pause` tells why a door is not dunned now, empty when it may be; `promise` what became of the last promise.
    """
    asked = ArrearsAsked(today, ArrearsView.ALL)
    for line in every_arrears(session, compound_id, asked):
        yield _row(line)


def _row(line: ArrearsLine) -> ListingRow:
    door, talk, promise = line.door, line.talk, line.promise
    return {
        "household": line.code,
        "household_id": str(line.id),
        "building": line.building,
        "owners": list(line.owners),
        "contact": line.contact,
        "contact_id": None if line.contact_id is None else str(line.contact_id),
        "owed_fen": door.owed_fen,
        "due_fen": door.due_fen,
        "bills": door.bills,
        "since": _day(door.since),
        "due_on": _day(door.due_on),
        "fix_first": door.fix_first,
        "pause": "" if line.pause is None else line.pause.value,
        "open_tickets": [one.code for one in line.grievance.open],
        "unrated_tickets": [one.code for one in line.grievance.unrated],
        "rating": line.grievance.rating,
        "talks": line.talks,
        "last_talk_at": None if talk is None else talk.at.astimezone(UTC).isoformat(timespec="seconds"),
        "last_way": "" if talk is None else talk.way,
        "last_step": "" if talk is None else talk.step,
        "last_answer": "" if talk is None else talk.answer,
        "last_words": "" if talk is None else talk.words,
        "promise_on": None if promise is None else promise.on.isoformat(),
        "promise_fen": None if promise is None else promise.fen,
        "promise_paid_fen": None if promise is None else promise.paid_fen,
        "promise": "" if promise is None else promise.state.value,
        "deferred_until": _day(line.deferred_until),
    }


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
