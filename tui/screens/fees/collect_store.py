"""What the desk asks of the store."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from models.fees.queries import DoorAccount, door_account
from models.fees.queries_arrears_grievances import NO_GRIEVANCE, Grievance, grievances_of
from models.fees.queries_desk import DoorLine, count_doors, page_doors
from models.operations.envelope import Intent
from models.operations.perform import Outcome
from models.operations.roles import LEADERS, WORKERS, Role
from tui.desk import Desk


@dataclass(frozen=True, slots=True)
class Till:
    """What lies before whoever takes money at a door. `may` tells whether they may, `may_bill` whether they may bill ahead."""

    account: DoorAccount
    grievance: Grievance
    may: bool
    may_bill: bool
    zone: str


@dataclass(frozen=True, slots=True)
class Taken:
    """Money that was taken just now: what its receipt says, as it was made in the payment's own transaction."""

    payment_id: UUID
    receipt_id: UUID
    number: str
    door: str
    fen: int
    method: str
    lines: tuple[dict[str, Any], ...]
    given_fen: int | None = None
    #: Bills that the payer named and others had paid meanwhile.
    flagged: bool = False

    @property
    def credit_fen(self) -> int:
        """What of it no bill took."""
        return sum(int(line["fen"]) for line in self.lines if not line.get("bill"))


def count(desk: Desk, text: str) -> int:
    """Count the doors that a text names."""
    with desk.store.read() as session:
        return count_doors(session, desk.seat.compound_id, today=desk.today(), text=text)


def page(desk: Desk, text: str, offset: int, limit: int) -> Sequence[DoorLine]:
    """Return a page of the doors that a text names."""
    with desk.store.read() as session:
        return page_doors(
            session, desk.seat.compound_id, today=desk.today(), text=text, offset=offset, limit=limit
        )


def look(desk: Desk, *, household_id: UUID) -> Till | None:
    """Return what a door owes, and what it waits for; None where there is no such door."""
    seat = desk.seat
    may, may_bill = desk.may(WORKERS), desk.may(LEADERS | {Role.TREASURER})
    with desk.store.read() as session:
        account = door_account(session, seat.compound_id, household_id, today=desk.today())
        if account is None:
            return None
        waits = grievances_of(session, seat.compound_id, [household_id]).get(household_id, NO_GRIEVANCE)
    return Till(account, waits, may, may_bill, seat.zone)


def take(desk: Desk, intents: Sequence[Intent]) -> Outcome:
    """Record a payment, and what belongs to it, as one group."""
    return desk.perform(*intents)


def taken_of(outcome: Outcome, door: str, given_fen: int | None) -> Taken:
    """Return what was taken, out of the operation as it was filled in."""
    paid = next(one for one in outcome.operations if one.kind == "payment.record")
    payload = paid.payload
    return Taken(
        UUID(str(payload["id"])),
        UUID(str(payload["receipt"])),
        str(payload.get("receipt_no") or ""),
        door,
        int(payload["fen"]),
        str(payload["method"]),
        tuple(payload.get("printed") or ()),
        given_fen,
    )
