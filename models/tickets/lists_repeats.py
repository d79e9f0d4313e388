"""The faults that come again as a list for the command line."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from uuid import UUID

from sqlmodel import Session

from models.inspection.observed import zone_of
from models.listings import ListingRow, listing
from models.tickets.queries_repeats import end_of, repeats


@listing(
    "repeats",
    "what",
    "subject",
    "categories",
    "tickets",
    "n",
    "first",
    "last",
    "case",
    "alarms",
)
def list_repeats(session: Session, compound_id: UUID, today: date) -> Iterator[ListingRow]:
    """Yield the faults that come again, those that alarm first; `n` is how often, `what` what is the same."""
    now = end_of(today, zone_of(session, compound_id))
    for line in repeats(session, compound_id, now=now, today=today):
        repeat = line.repeat
        yield {
            "what": repeat.subject.same.value,
            "subject": line.place,
            "categories": list(repeat.categories),
            "tickets": [report.code for report in repeat.reports],
            "n": repeat.times,
            "first": repeat.first.isoformat(),
            "last": repeat.last.isoformat(),
            "case": None if repeat.case is None else repeat.case.code,
            "alarms": repeat.alarms,
        }
