"""Somebody came instead of another: the place is swapped, and with it what the shift weighs. Runs in worker threads.

The request and the yes to it are two groups of one change: a yes is taken back before the request that it answers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from models.duty.queries import OnShift
from models.ids import NewId
from models.operations.drafts import drop_draft
from models.operations.envelope import Intent
from models.operations.perform import Outcome, perform
from models.operations.undo import undo
from tui import edge
from tui.desk import Desk

_ASK, _ACCEPT, _WITHDRAW = "swap.ask", "swap.accept", "swap.withdraw"


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that was made for somebody, whose place it is."""

    swap: str
    asker: UUID | None


def replacing(
    who: OnShift, by: str, words: str, *, new_id: NewId, at: datetime | None = None
) -> list[Intent]:
    """Return what gives somebody's place to another."""
    swap = str(new_id())
    asked = {"id": swap, "assignment": str(who.id), "to": by, "words": words}
    return [
        Intent(_ASK, asked, doer_id=who.person_id, happened_at=at),
        Intent(_ACCEPT, {"swap": swap}, doer_id=UUID(by), happened_at=at),
    ]


def asked_in(intents: Sequence[Intent]) -> tuple[Asked, ...]:
    """Return the requests among some intents."""
    return tuple(Asked(str(one.payload["id"]), one.doer_id) for one in intents if one.kind == _ASK)


def carry_out(desk: Desk, intents: Sequence[Intent], draft: str = "") -> Outcome:
    """Do all of it or nothing, and forget the draft with it; what becomes of it is what became of the last group."""
    asks = [one for one in intents if one.kind == _ASK]
    rest = [one for one in intents if one.kind != _ASK]
    batch = edge.new_id() if asks else None
    with desk.store.write() as session:
        savepoint = session.begin_nested()
        outcome = None
        for group in (asks, rest):
            if group and (outcome is None or outcome.refused is None):
                outcome = perform(session, group, desk.acting(), batch_id=batch)
        assert outcome is not None  # noqa: S101 - nobody asks for nothing
        if outcome.refused is not None:
            savepoint.rollback()
            return outcome
        savepoint.commit()
        if draft:
            drop_draft(session, desk.seat.compound_id, draft)
    return outcome


def take_back(desk: Desk, group_id: UUID, asked: Sequence[Asked]) -> Outcome:
    """Take back what `carry_out` did: first the yes, then the requests, in the name of those for whom they were made."""
    with desk.store.write() as session:
        outcome = undo(session, group_id, desk.acting())
        if outcome.refused is None and asked:
            back = [Intent(_WITHDRAW, {"swap": one.swap}, doer_id=one.asker) for one in asked]
            perform(session, back, desk.acting(), batch_id=outcome.group_id)
    return outcome
