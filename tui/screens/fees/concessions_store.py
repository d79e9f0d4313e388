"""What the room of concessions reads, and what changes them, as intents; runs in worker threads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from models.fees.operations import APPROVERS, TREASURERS
from models.fees.queries_setup import ConcessionLine, ItemLine, concessions_of, items_of
from models.operations.envelope import Intent
from models.operations.roles import WORKERS
from tui import edge
from tui.desk import Desk


@dataclass(frozen=True, slots=True)
class Concessions:
    """Every concession; who looks, and whether they may ask, decide and end."""

    rows: tuple[ConcessionLine, ...]
    items: tuple[ItemLine, ...]
    today: date
    person_id: UUID | None
    may_ask: bool
    may_decide: bool
    may_end: bool

    def row(self, row_id: str | None) -> ConcessionLine | None:
        return next((row for row in self.rows if str(row.id) == row_id), None)


def look(desk: Desk) -> Concessions:
    """Return every concession."""
    with desk.store.read() as session:
        rows = concessions_of(session, desk.seat.compound_id)
        items = items_of(session, desk.seat.compound_id)
    return Concessions(
        rows,
        tuple(item for item in items if not item.archived),
        desk.today(),
        desk.seat.person_id,
        desk.may(WORKERS),
        desk.may(APPROVERS),
        desk.may(TREASURERS),
    )


def asking(household: str, wanted: Mapping[str, Any]) -> list[Intent]:
    """Return what asks for a concession."""
    payload = {name: value for name, value in wanted.items() if value not in (None, "", 0)}
    return [Intent("fee.ask_concession", {"id": str(edge.new_id()), "household": household, **payload})]


def deciding(row: ConcessionLine, *, approve: bool, words: str) -> list[Intent]:
    """Return what approves or declines."""
    kind = "fee.approve_concession" if approve else "fee.decline_concession"
    return [Intent(kind, {"concession": str(row.id), "words": words})]


def ending(row: ConcessionLine, today: date) -> list[Intent]:
    """Return what ends a concession from today."""
    return [Intent("concession.end", {"concession": str(row.id), "until": today.isoformat()})]
