"""What follows for money when two households, or two people, turn out to be one."""

from __future__ import annotations

from itertools import combinations

from models.community.tables import Household, Person
from models.fees.purse import Purse
from models.fees.rules import BillKind, cash_of
from models.fees.tables import Bill
from models.fees.tables_money import Expense, Movement
from models.operations.common import SEQUELS, local_day
from models.operations.workspace import Workspace
from models.tables import table_of

_bill, _movement, _expense = table_of(Bill), table_of(Movement), table_of(Expense)


def _households(workspace: Workspace, _: Household, target: Household) -> None:
    """Let the credit of one pay what the other owed. Days that both were billed for are flagged: one bill is too much."""
    purse = Purse(workspace, [target.id])
    bills = workspace.rows(
        Bill,
        _bill.c.household_id == target.id,
        _bill.c.kind == BillKind.CHARGE.value,
        _bill.c.reversed_on.is_(None),
    )
    twice = sum(
        one.item_id == other.item_id and one.since < other.until and other.since < one.until
        for one, other in combinations(bills, 2)
    )
    if twice:
        workspace.flag("fee.billed_twice", code=target.code, n=twice)
    purse.settle(target.id, on=local_day(workspace))


def _people(workspace: Workspace, source: Person, target: Person) -> None:
    """Let cash that was moved to or from somebody be that of whom they turned out to be."""
    old, new = cash_of(source.id), cash_of(target.id)
    for row in workspace.rows(Movement, (_movement.c.out_of == old) | (_movement.c.into == old)):
        workspace.change(
            row,
            out_of=new if row.out_of == old else row.out_of,
            into=new if row.into == old else row.into,
        )
    for spent in workspace.rows(Expense, _expense.c.paid_from == old):
        workspace.change(spent, paid_from=new)


SEQUELS["household"] = _households
SEQUELS["person"] = _people
