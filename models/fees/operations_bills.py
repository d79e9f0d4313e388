"""Handlers of bills: issued as they were approved, reversed when they were wrong; and of what was said about paying them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, select

from models.community.doers import person_or_none
from models.community.tables import Household
from models.fees import payloads as p
from models.fees.operations import TREASURERS
from models.fees.purse import Purse
from models.fees.rules import BillKind, Ruling, Step, bill_key, step_missing
from models.fees.tables import Bill, BillRun, ChargeItem, FeeRuling, Tariff
from models.fees.tables_money import Allocation, Dunning
from models.operations.common import archiving, local_day, register_archiving
from models.operations.envelope import Intent
from models.operations.registry import Nature, intent, register
from models.operations.roles import WORKERS
from models.operations.verdicts import Merged, Refusal, Verdict
from models.operations.workspace import Workspace
from models.tables import table_of

_bill, _dunning, _allocation = table_of(Bill), table_of(Dunning), table_of(Allocation)
#: What a withdrawal of a run that was issued just now says.
_TAKEN_BACK = "run"


def _undo_issue(workspace: Workspace, given: p.IssueBills) -> list[Intent]:
    """Take back what one operation of a run issued. What credit paid as it was issued is credit again; what came later stays."""
    wanted = set()
    for row in given.rows:
        household, item = workspace.get(Household, row.household), workspace.get(ChargeItem, row.item)
        if household is not None and item is not None:
            wanted.add((household.id, item.id, row.kind.value, row.of, row.since, row.until))
    bills = [
        bill
        for bill in workspace.rows(Bill, _bill.c.run_id == given.run, _bill.c.reversed_on.is_(None))
        if (bill.household_id, bill.item_id, bill.kind, bill.of_id, bill.since, bill.until) in wanted
    ]
    if not bills:
        raise Refusal("undo.changed_since", field="")
    if any(_paid_since(workspace, bill) for bill in bills):
        raise Refusal("fee.paid_already")
    return [intent("fee.reverse", p.ReverseBills(bills=[bill.id for bill in bills], reason=_TAKEN_BACK))]


def _paid_since(workspace: Workspace, bill: Bill) -> bool:
    """Tell whether anything but the operation that issued a bill has paid some of it."""
    if not bill.paid_fen:
        return False
    later: dict[UUID, int] = defaultdict(int)
    for line in workspace.rows(Allocation, _allocation.c.bill_id == bill.id):
        if line.id != workspace.new_id(Allocation, f"{line.payment_id}:{bill.id}"):
            later[line.payment_id] += line.fen
    return any(later.values())


@register("fee.issue", p.IssueBills, may=TREASURERS, undo=_undo_issue)
def issue(workspace: Workspace, given: p.IssueBills) -> Verdict | None:
    """Issue bills. A household that was billed for that span already is not billed again; credit pays at once."""
    day = local_day(workspace)
    ruling = workspace.get(FeeRuling, workspace.shared_id(FeeRuling, ""))
    due_days = Ruling().due_days if ruling is None else ruling.due_days
    run = workspace.get(BillRun, given.run)
    lines = _known(workspace, given.rows)
    purse = Purse(workspace, [household.id for household, _, _ in lines], with_credit_only=True)
    standing = _standing(workspace, lines)
    charged = _charged_late(workspace, lines)
    booked = purse.day(day)
    added: list[Bill] = []
    for household, item, line in lines:
        beside = standing[household.id, item.id]
        if any(_same(bill, line) and bill.reversed_on is None for bill in beside):
            continue
        if line.kind is BillKind.LATE and line.sums.get("already", charged[line.of]) != charged[line.of]:
            continue  # on another laptop some of these days were charged meanwhile: the next run adds what is missing
        bill = Bill(
            compound_id=workspace.compound_id,
            id=workspace.shared_id(Bill, _name(household.id, item.id, line, beside)),
            household_id=household.id,
            item_id=item.id,
            tariff_id=line.tariff,
            run_id=given.run,
            kind=line.kind.value,
            of_id=line.of,
            since=line.since,
            until=line.until,
            gross_fen=line.gross_fen,
            discount_fen=line.discount_fen,
            amount_fen=line.amount_fen,
            owed_fen=line.amount_fen,
            due_on=line.due_on or line.since + timedelta(days=due_days),
            booked_on=booked,
            settled_on=None if line.amount_fen else day,
            sums=line.sums,
            note=line.note,
        )
        beside.append(bill)
        added.append(bill)
        if line.kind is BillKind.LATE:
            charged[line.of] += line.amount_fen
    if not added:
        return Merged(given.run)
    _count(workspace, given, run, added, day)
    for bill in added:
        workspace.add(bill)
        purse.bill(bill)
    for household_id in dict.fromkeys(bill.household_id for bill in added):
        purse.settle(household_id, on=day)
    return None


def _known(
    workspace: Workspace, rows: Sequence[p.BillLine]
) -> list[tuple[Household, ChargeItem, p.BillLine]]:
    """Return the lines with their households and items; one that names an unknown row refuses the whole."""
    workspace.preload(Household, [row.household for row in rows])
    workspace.preload(ChargeItem, [row.item for row in rows])
    workspace.preload(Tariff, [row.tariff for row in rows if row.tariff is not None])
    found = []
    for row in rows:
        household, item = (
            workspace.require(Household, row.household),
            workspace.require(ChargeItem, row.item),
        )
        if row.tariff is not None and workspace.get(Tariff, row.tariff) is None:
            raise Refusal("row.unknown", table="tariff", id=str(row.tariff))
        found.append((household, item, row))
    return found


def _standing(
    workspace: Workspace, lines: Sequence[tuple[Household, ChargeItem, p.BillLine]]
) -> dict[tuple[UUID, UUID], list[Bill]]:
    """Return the bills that households have for items over the days of some lines, those reversed too."""
    found: dict[tuple[UUID, UUID], list[Bill]] = defaultdict(list)
    rows = workspace.rows(
        Bill,
        _bill.c.household_id.in_({household.id for household, _, _ in lines}),
        _bill.c.since < max(line.until for _, _, line in lines),
        _bill.c.until > min(line.since for _, _, line in lines),
    )
    for row in rows:
        found[row.household_id, row.item_id].append(row)
    return found


def _charged_late(
    workspace: Workspace, lines: Sequence[tuple[Household, ChargeItem, p.BillLine]]
) -> dict[UUID | None, int]:
    """Return what was charged so far for paying the bills late that some lines charge for."""
    found: dict[UUID | None, int] = defaultdict(int)
    of = {line.of for _, _, line in lines if line.kind is BillKind.LATE and line.of is not None}
    if of:
        for bill in workspace.rows(Bill, _late_of(of)):
            found[bill.of_id] += bill.amount_fen
    return found


def _late_of(bills: Iterable[UUID]) -> ColumnElement[bool]:
    """Return what finds the charges for paying some bills late that hold."""
    return and_(
        _bill.c.of_id.in_(set(bills)), _bill.c.kind == BillKind.LATE.value, _bill.c.reversed_on.is_(None)
    )


def _same(bill: Bill, line: p.BillLine) -> bool:
    """Tell whether a bill asks for what a line asks for: the same item over days that both cover."""
    if bill.kind != line.kind.value:
        return False
    if line.kind is BillKind.LATE:
        return bill.of_id == line.of and bill.until == line.until
    if line.kind is BillKind.OPENING:
        return (bill.since, bill.until) == (line.since, line.until)
    return bill.since < line.until and bill.until > line.since


def _name(household: UUID, item: UUID, line: p.BillLine, beside: Sequence[Bill]) -> str:
    """Return what a bill is for: with how many like it were reversed before, so that a corrected one is another."""
    before = sum(
        bill.reversed_on is not None
        and (bill.kind, bill.since, bill.until, bill.of_id)
        == (line.kind.value, line.since, line.until, line.of)
        for bill in beside
    )
    return bill_key(
        household, item, line.kind.value, line.since, line.until, of_id=line.of, reversed_before=before
    )


def _count(
    workspace: Workspace, given: p.IssueBills, run: BillRun | None, added: Sequence[Bill], day: date
) -> None:
    bills, fen = len(added), sum(bill.amount_fen for bill in added)
    if run is not None:
        workspace.change(run, bills=run.bills + bills, fen=run.fen + fen)
        return
    workspace.add(
        BillRun(
            compound_id=workspace.compound_id,
            id=given.run,
            since=given.since,
            until=given.until,
            by_id=person_or_none(workspace, workspace.operation.doer_id),
            issued_on=day,
            bills=bills,
            fen=fen,
            words=given.words,
        )
    )


@register("fee.reverse", p.ReverseBills, may=TREASURERS)
def reverse(workspace: Workspace, given: p.ReverseBills) -> Verdict | None:
    """Take bills back, and what was charged for paying them late. What was paid on them is the household's credit, which pays what else it owes."""
    bills = [workspace.require(Bill, bill_id) for bill_id in given.bills]
    named = {bill.id for bill in bills}
    bills += [late for late in workspace.rows(Bill, _late_of(named)) if late.id not in named]
    purse = Purse(workspace, [bill.household_id for bill in bills])
    day, person = local_day(workspace), person_or_none(workspace, workspace.operation.doer_id)
    met = [bill for bill in bills if bill.reversed_on is not None]
    for bill in bills:
        if bill.reversed_on is not None:
            continue
        workspace.change(
            bill,
            reversed_on=max(purse.day(day), bill.booked_on),
            reversed_by_id=person,
            reversal_reason=given.reason,
            owed_fen=0,
            settled_on=None,
        )
        purse.free(bill, day)
        workspace.change(bill, settled_on=None)
    for household_id in dict.fromkeys(bill.household_id for bill in bills):
        purse.settle(household_id, on=day)
    return Merged(bills[0].id) if len(met) == len(bills) else None


# -- asking to pay -----------------------------------------------------------------------


def owed_by(workspace: Workspace, household_id: UUID) -> int:
    """Return what a household owes, in fen."""
    workspace.flush()
    statement = select(func.coalesce(func.sum(_bill.c.owed_fen), 0)).where(
        _bill.c.compound_id == workspace.compound_id,
        _bill.c.household_id == household_id,
        _bill.c.owed_fen + 0 > 0,
        _bill.c.archived.is_(False),
    )
    return int(workspace.session.connection().execute(statement).scalar_one())


@register("fee.remind", p.Remind, nature=Nature.FACT, may=WORKERS, undo=archiving("dunning"))
def remind(workspace: Workspace, given: p.Remind) -> Verdict | None:
    """Keep that a household was asked to pay. A claim without a demand before it is flagged."""
    if workspace.get(Dunning, given.id) is not None:
        return Merged(given.id)
    household = workspace.get(Household, given.household)
    if household is None:
        workspace.flag("fee.household_unknown", household=str(given.household))
        return None
    taken = workspace.rows(Dunning, _dunning.c.household_id == household.id, _dunning.c.archived.is_(False))
    missing = step_missing(given.step, [Step(row.step) for row in taken])
    if missing is not None:
        workspace.flag("fee.step_missing", code=household.code, step=missing.value)
    values: dict[str, Any] = given.model_dump(exclude={"id", "household"})
    values |= {"way": given.way.value, "step": given.step.value, "answer": given.answer.value}
    workspace.add(
        Dunning(
            compound_id=workspace.compound_id,
            id=given.id,
            household_id=household.id,
            at=workspace.operation.happened_at,
            by_id=person_or_none(workspace, workspace.operation.doer_id),
            owed_fen=owed_by(workspace, household.id),
            **values,
        )
    )
    return None


register_archiving("dunning", Dunning, may=WORKERS)
