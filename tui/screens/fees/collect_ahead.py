"""Paying ahead: what some months more of an item come to, with the discount there is for that, and the bill for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from models.fees.billing import Run, RunLine, prepay_lines
from models.fees.billing_intents import issue_intents
from models.fees.derivation import ONCE
from models.fees.periods import Period, months_later
from models.fees.queries import BillLine
from models.fees.queries_billing import billing_ground
from models.operations.envelope import Intent
from tui import edge
from tui.desk import Desk
from tui.fee_words import short_span, sum_text
from tui.i18n import t
from tui.widgets.picker import Option

#: So many months ahead are offered.
MONTHS: Final = (1, 3, 6, 12)
#: What is billed already is looked for so many months ahead.
_FAR: Final = 24


@dataclass(frozen=True, slots=True)
class Ahead:
    """Some months of an item that are not billed yet."""

    run: Run
    line: RunLine
    months: int
    #: What the bill is called until it is issued and has an id of its own.
    bill: BillLine

    @property
    def intents(self) -> list[Intent]:
        """What issues the bill; the payment follows it in the same group."""
        return issue_intents(self.run, [self.line], edge.new_id, words=t("fee.desk.ahead_words"))


def offers(desk: Desk, *, household_id: UUID) -> tuple[Ahead, ...]:
    """Return what a door can pay ahead; what is read off meters or shared cannot be."""
    seat, today = desk.seat, desk.today()
    first = today.replace(day=1)
    with desk.store.read() as session:
        ground = billing_ground(
            session,
            seat.compound_id,
            Period(first, months_later(first, _FAR)),
            today=today,
            households=[household_id],
        )
    found = []
    for item in ground.items:
        if item.formula in ONCE:
            continue
        for months in MONTHS:
            run = prepay_lines(ground, household_id, item.id, months)
            # More than one line is a charge that changes hands within; that is billed, not paid ahead.
            if len(run.lines) == 1 and run.amount_fen > 0:
                line = run.lines[0]
                found.append(Ahead(run, line, months, _bill(line)))
    return tuple(found)


def _bill(line: RunLine) -> BillLine:
    """Return a line as the bill that it will be."""
    return BillLine(
        id=edge.new_id(),
        household_id=line.place.household_id,
        door=line.door,
        building_id=line.place.household_id,
        item_id=line.place.item_id,
        item=line.item,
        kind=line.kind.value,
        since=line.since,
        until=line.until,
        gross_fen=line.gross_fen,
        discount_fen=line.discount_fen,
        amount_fen=line.amount_fen,
        paid_fen=0,
        owed_fen=line.amount_fen,
        due_on=line.due_on,
        booked_on=line.since,
        settled_on=None,
        tariff_id=line.tariff_id,
        version=None,
        run_id=None,
        of_id=None,
        sums=line.sums,
        note=line.note,
        reversed_on=None,
        reversal_reason="",
    )


def options_of(found: Sequence[Ahead]) -> list[Option]:
    """Return what to choose from: how many months, until when, for how much."""
    return [
        Option(
            str(place),
            t("fee.desk.ahead_option", item=one.line.item, n=one.months, sum=sum_text(one.line.amount_fen)),
            _note(one.line),
        )
        for place, one in enumerate(found)
    ]


def _note(line: RunLine) -> str:
    span = short_span(line.since, line.until)
    if not line.discount_fen:
        return span
    return f"{span} · {t('fee.desk.ahead_less', sum=sum_text(line.discount_fen))}"
