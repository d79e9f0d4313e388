"""The list of what is doubtful about the sewer, for the command line."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from uuid import UUID

from sqlmodel import Session

from models.inspection.network_problems import network_problems
from models.listings import ListingRow, listing


@listing("network-problems", "code", "message", "points", "params", "cure")
def list_network_problems(session: Session, compound_id: UUID, _today: date) -> Iterator[ListingRow]:
    """Yield what is doubtful about the sewer, the gravest first. `message` is put in words by whoever prints it."""
    for one in network_problems(session, compound_id):
        yield {
            "code": one.problem.code,
            "message": "",
            "points": list(one.points),
            "params": dict(one.problem.params),
            "cure": None if one.cure is None else one.cure.value,
        }
