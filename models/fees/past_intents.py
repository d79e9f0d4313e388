"""What bringing bills of the past in means, as groups of intents: a bill and what was paid on it stand or fall together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from itertools import groupby
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from models.fees.carrying import Group
from models.fees.derivation import Formula
from models.fees.payload_fields import MOST_ROWS
from models.fees.tables import BillRun
from models.files.fee_history import FeeRow
from models.ids import derived_id
from models.operations.envelope import Intent
from models.operations.fields import LONGEST_NAME

NOON = time(12)


@dataclass(frozen=True, slots=True)
class NewItem:
    """A charge item that the list names and nobody has set up: offered as one of a fixed price."""

    id: UUID
    name: str
    cycle: str
    line: int


@dataclass(slots=True)
class Wanted:
    """A bill that lines ask for, and what was paid on it."""

    household_id: UUID
    code: str
    item_id: UUID
    since: date
    until: date
    fen: int
    bill_id: UUID
    rows: list[FeeRow] = field(default_factory=list)
    stands: bool = False
    payments: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Standing:
    """A bill that there is."""

    id: UUID
    kind: str
    since: date
    until: date
    fen: int
    reversed: bool


def groups_of(
    items: Sequence[NewItem], wanted: Sequence[Wanted], *, compound_id: UUID, zone: ZoneInfo, now: datetime
) -> Iterator[Group]:
    """Yield the items that are new, then the bills of one first day after the other, each with what was paid on it."""
    if items:
        yield Group(tuple(_adding(item) for item in items), 0)
    for since, together in groupby(wanted, key=lambda one: one.since):
        for some in _at_most(MOST_ROWS, together):
            intents = []
            if bills := [one for one in some if not one.stands]:
                intents.append(_issuing(since, bills, compound_id=compound_id, zone=zone, now=now))
            payments = sorted(
                (payment for one in some for payment in one.payments),
                key=lambda one: (one["paid_at"], one["id"].hex),
            )
            for start in range(0, len(payments), MOST_ROWS):
                rows = [_as_json(payment) for payment in payments[start : start + MOST_ROWS]]
                intents.append(Intent("payment.bring", {"rows": rows}))
            yield Group(tuple(intents), len(some))


def _issuing(
    since: date, bills: Sequence[Wanted], *, compound_id: UUID, zone: ZoneInfo, now: datetime
) -> Intent:
    """Return what issues bills of one first day, on that day: so they stand in the books where they belong."""
    run = derived_id(compound_id, str(BillRun.__tablename__), f"past:{since}")
    day = datetime.combine(since, NOON, zone)
    rows = [
        {
            "household": str(one.household_id),
            "item": str(one.item_id),
            "since": one.since.isoformat(),
            "until": one.until.isoformat(),
            "gross_fen": one.fen,
            "amount_fen": one.fen,
            "note": one.rows[0].note[:LONGEST_NAME],
        }
        for one in bills
    ]
    until = max(one.until for one in bills)
    payload = {"run": str(run), "since": since.isoformat(), "until": until.isoformat(), "rows": rows}
    return Intent("fee.issue", payload, happened_at=min(day, now))


def _adding(item: NewItem) -> Intent:
    payload = {"id": str(item.id), "name": item.name, "formula": Formula.FIXED.value, "cycle": item.cycle}
    return Intent("fee.add_item", payload)


def _at_most(number: int, every: Iterable[Wanted]) -> Iterable[list[Wanted]]:
    rows = list(every)
    return (rows[start : start + number] for start in range(0, len(rows), number))


def _as_json(payment: dict[str, Any]) -> dict[str, Any]:
    chosen = [{"bill": str(one["bill"]), "fen": one["fen"]} for one in payment["chosen"]]
    plain = {
        name: None if payment[name] is None else str(payment[name])
        for name in ("id", "household", "collector")
    }
    return payment | plain | {"chosen": chosen, "paid_at": payment["paid_at"].isoformat()}
