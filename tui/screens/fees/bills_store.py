"""What a bill's card asks: the bill with what paid it, and what would stand in its place if it were drawn up anew."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from models.fees.billing import RunLine, drawn_again
from models.fees.billing_ground import Place
from models.fees.periods import Period
from models.fees.queries import BillLine, PaymentLine, allocated, bill_lines, payment_lines
from models.fees.queries_billing import billing_ground
from models.fees.rules import BillKind
from models.fees.tables import Bill
from models.fees.tables_money import Payment
from models.tables import table_of
from tui.desk import Desk
from tui.screens.fees.billing_store import may_bill

_bill, _payment = table_of(Bill), table_of(Payment)


@dataclass(frozen=True, slots=True)
class Paid:
    """Some of a payment that lies on the bill."""

    payment: PaymentLine
    fen: int


@dataclass(frozen=True, slots=True)
class Story:
    """A bill and what paid it. `may`: whoever acts may take it back."""

    bill: BillLine
    payments: tuple[Paid, ...]
    today: date
    zone: str
    may: bool


@dataclass(frozen=True, slots=True)
class Redrawn:
    """What would stand in a bill's place as things are now; None where that cannot be worked out."""

    line: RunLine | None


def look(desk: Desk, bill_id: UUID) -> Story | None:
    """Read a bill, or None where there is no such bill."""
    compound_id = desk.seat.compound_id
    with desk.store.read() as session:
        bill = next(iter(bill_lines(session, compound_id, _bill.c.id == bill_id)), None)
        if bill is None:
            return None
        lying = {line.payment_id: line.fen for line in allocated(session, compound_id, bills=[bill_id])}
        payments = payment_lines(session, compound_id, _payment.c.id.in_(lying)) if lying else ()
    paid = tuple(Paid(one, lying[one.id]) for one in payments)
    return Story(bill, paid, desk.today(), desk.seat.zone, may_bill(desk))


def redraw(desk: Desk, bill: BillLine) -> Redrawn:
    """Draw up anew what a bill charges, as if it had never been issued."""
    if bill.kind != BillKind.CHARGE.value:
        return Redrawn(None)
    period = Period(bill.since, bill.until)
    with desk.store.read() as session:
        ground = billing_ground(
            session,
            desk.seat.compound_id,
            period,
            today=desk.today(),
            items=[bill.item_id],
            households=[bill.household_id],
            leaving_out=bill.id,
        )
    return Redrawn(drawn_again(ground, Place(bill.household_id, bill.item_id), period))


def corrected(bill: BillLine, redrawn: Redrawn, fen: int, reason: str) -> RunLine:
    """Return the line that takes a bill's place: as it was drawn up anew, else an amount that somebody set, with the reason."""
    if redrawn.line is not None and redrawn.line.amount_fen == fen:
        return replace(redrawn.line, note=reason)
    return RunLine(
        Place(bill.household_id, bill.item_id),
        bill.door,
        "",
        bill.item,
        bill.since,
        bill.until,
        gross_fen=fen,
        discount_fen=0,
        amount_fen=fen,
        due_on=bill.due_on,
        tariff_id=bill.tariff_id,
        kind=BillKind(bill.kind),
        of_id=bill.of_id,
        note=reason,
    )
