"""Rows of a bill's file and the payments they are: which are new, whose they probably are, and what taking one means.

What rows are compared with is read in a fixed number of statements, however many rows there are. The id of a payment
made from a row is derived from the row: two laptops that take the same row make one payment.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from sqlalchemy import RowMapping, func, select
from sqlmodel import Session

from models.community.tables import Household, Occupancy, Person
from models.fees.carrying import Group
from models.fees.matching import propose
from models.fees.payload_fields import MOST_ROWS
from models.fees.proposals import Proposal, Reason, Rival
from models.fees.reconciling_ground import Footing, footing
from models.fees.rules import MOST_FEN, RowState
from models.fees.tables import Bill
from models.fees.tables_money import MoneyRow as Stored
from models.fees.tables_money import Payment
from models.files.money_files.rows import CHINA, Direction, MoneyFile, MoneyRow, Platform
from models.ids import derived_id
from models.operations.envelope import Intent
from models.problems import Problem
from models.tables import table_of

_household, _occupancy, _person = (table_of(one) for one in (Household, Occupancy, Person))
_bill, _payment, _row = (table_of(one) for one in (Bill, Payment, Stored))
#: As long as a row's key may be, in letters.
LONGEST_KEY = 200


@dataclass(frozen=True, slots=True)
class Known:
    """A row that stands in the store already, what became of it, and whose payment it is."""

    id: UUID
    state: str
    household_id: UUID | None


@dataclass(frozen=True, slots=True)
class Compared:
    """A file beside the store: the rows that are new, those that are known (by their keys), and what is wrong with others."""

    platform: Platform | None
    name: str
    new: tuple[MoneyRow, ...]
    old: tuple[MoneyRow, ...]
    known: Mapping[str, Known]
    problems: tuple[Problem, ...]

    @property
    def rows(self) -> tuple[MoneyRow, ...]:
        """All rows in the order of the file."""
        return tuple(sorted((*self.new, *self.old), key=lambda row: row.row))


@dataclass(frozen=True, slots=True)
class Proposed:
    """A stored row that waits, with what is proposed for it.

    `bills` says how much of it would go to which bill; empty: the oldest first. `taken_back` counts the payments
    that were made of this row before and taken back.
    """

    id: UUID
    row: MoneyRow
    proposal: Proposal
    code: str = ""
    bills: tuple[tuple[UUID, int], ...] = ()
    taken_back: int = 0

    @property
    def is_settled(self) -> bool:
        """Whether it is said whose it is, or which payment."""
        return self.proposal.household_id is not None or self.proposal.payment_id is not None

    def is_sure(self, score: int) -> bool:
        """Whether it may be taken without a look at it."""
        return self.is_settled and self.proposal.score >= score


# -- the file beside the store -----------------------------------------------------------


def row_id(compound_id: UUID, key: str) -> UUID:
    """Return the id of a file's row, which is the same on every laptop."""
    return derived_id(compound_id, str(Stored.__tablename__), key)


def compare(session: Session, compound_id: UUID, file: MoneyFile, name: str = "") -> Compared:
    """Return which rows of a file are new. Amounts beyond what any compound handles are problems of their lines."""
    wrong = {row.row: problem for row in file.rows if (problem := _too_much(row)) is not None}
    rows = [row for row in file.rows if row.row not in wrong]
    problems = sorted((*file.problems, *wrong.values()), key=lambda problem: problem.line or 0)
    standing: dict[UUID, Known] = {}
    if rows:
        statement = (
            select(_row.c.id, _row.c.state, _payment.c.household_id)
            .outerjoin_from(
                _row,
                _payment,
                (_payment.c.compound_id == compound_id) & (_payment.c.id == _row.c.payment_id),
            )
            .where(
                _row.c.compound_id == compound_id,
                _row.c.at.between(min(row.at for row in rows), max(row.at for row in rows)),
            )
        )
        standing = {row[0]: Known(*row) for row in session.connection().execute(statement)}
    new, old, known = [], [], {}
    for row in rows:
        found = standing.get(row_id(compound_id, row.key))
        if found is None:
            new.append(row)
        else:
            old.append(row)
            known[row.key] = found
    return Compared(file.platform, name, tuple(new), tuple(old), known, tuple(problems))


def _too_much(row: MoneyRow) -> Problem | None:
    """Return why a row cannot be kept, which no platform's own file is known for."""
    if row.fen > MOST_FEN:
        return Problem("money.too_large", row.row)
    if len(row.key) > LONGEST_KEY:
        return Problem("text.too_long", row.row, params={"length": len(row.key), "limit": LONGEST_KEY})
    return None


def bringing(found: Compared) -> tuple[Group, ...]:
    """Return what keeps the new rows of a file, so many at a time that a power cut costs few."""
    groups = []
    for start in range(0, len(found.new), MOST_ROWS):
        rows = found.new[start : start + MOST_ROWS]
        payload = {
            "platform": str(found.platform),
            "file": found.name[:LONGEST_KEY],
            "rows": [_payload(row) for row in rows],
        }
        groups.append(Group((Intent("payment.import", payload),), len(rows)))
    return tuple(groups)


def _payload(row: MoneyRow) -> dict[str, str | int]:
    return {
        "key": row.key,
        "order_no": row.order_no,
        "direction": row.direction.value,
        "fen": row.fen,
        "at": row.at.isoformat(),
        "kind": row.kind,
        "party": row.party,
        "account": row.account,
        "remark": row.remark,
    }


# -- what is proposed --------------------------------------------------------------------


def proposals(session: Session, compound_id: UUID, *, today: date) -> tuple[tuple[Proposed, ...], Footing]:
    """Return what is proposed for each stored row that waits, the surest first, and what it was compared with."""
    waiting = list(_waiting(session, compound_id))
    rows = [row for _, row, _ in waiting]
    beneath = footing(session, compound_id, rows, today=today)
    found = [
        proposed(beneath, one, stored, taken_back)
        for one, (stored, _, taken_back) in zip(propose(rows, beneath.ground), waiting, strict=True)
    ]
    found.sort(key=lambda one: (-one.proposal.score, not one.is_settled, one.row.at, one.id.hex))
    return tuple(found), beneath


def for_file(
    session: Session, compound_id: UUID, found: Compared, *, today: date
) -> tuple[tuple[Proposed, ...], Footing]:
    """Return what is proposed for each row of a file, in its order; what a known row became stands for a proposal."""
    rows = found.rows
    beneath = footing(session, compound_id, rows, today=today)
    made = []
    for one in propose(rows, beneath.ground):
        known = found.known.get(one.row.key)
        settled = one
        if known is not None and known.state == RowState.MATCHED.value:
            settled = replace(
                one,
                household_id=known.household_id,
                score=100,
                reasons=(Reason("payment.order"),),
                rivals=(),
                bills=(),
            )
        made.append(proposed(beneath, settled, row_id(compound_id, one.row.key)))
    return tuple(made), beneath


def proposed(beneath: Footing, one: Proposal, stored: UUID, taken_back: int = 0) -> Proposed:
    """Return a proposal with the code of its door and how much would go to which bill."""
    return Proposed(
        stored,
        one.row,
        one,
        beneath.code(one.household_id),
        _shares(beneath, one.household_id, one.bills, one.row.fen),
        taken_back,
    )


def elsewhere(beneath: Footing, one: Proposed, household_id: UUID | None) -> Proposed:
    """Return a row as somebody says that it is another door's (None: nobody knows whose), with the bills it fits there."""
    due = None if household_id is None else beneath.ground.dues.get(household_id, {}).get(one.row.fen)
    bills = () if due is None else due.bills
    said = Proposal(one.row, household_id, bills=bills, score=100)
    return proposed(beneath, said, one.id, one.taken_back)


def rival_code(beneath: Footing, rival: Rival) -> str:
    """Return the code of a door that a row may belong to as well."""
    return beneath.code(rival.household_id)


def _shares(
    beneath: Footing, household_id: UUID | None, bills: Sequence[UUID], fen: int
) -> tuple[tuple[UUID, int], ...]:
    if household_id is None or not bills:
        return ()
    owed = {bill.id: bill.owed_fen for bill in beneath.bills.get(household_id, ())}
    shares, left = [], fen
    for bill_id in bills:
        part = min(owed.get(bill_id, 0), left)
        if part > 0:
            shares.append((bill_id, part))
            left -= part
    return tuple(shares)


def _waiting(session: Session, compound_id: UUID) -> Iterator[tuple[UUID, MoneyRow, int]]:
    """Yield the open rows of money that came in, in the order of their time, and how often a payment of each was taken back."""
    taken_back = (
        select(_payment.c.row_id, func.count().label("n"))
        .where(
            _payment.c.compound_id == compound_id,
            _payment.c.row_id.is_not(None),
            _payment.c.reversed_on.is_not(None),
        )
        .group_by(_payment.c.row_id)
        .subquery()
    )
    statement = (
        select(_row, taken_back.c.n)
        .outerjoin_from(_row, taken_back, taken_back.c.row_id == _row.c.id)
        .where(
            _row.c.compound_id == compound_id,
            _row.c.state == RowState.OPEN.value,
            _row.c.direction == Direction.IN.value,
            _row.c.archived.is_(False),
        )
        .order_by(_row.c.at, _row.c.id)
    )
    for number, found in enumerate(session.connection().execute(statement).mappings()):
        yield found["id"], as_file_row(found, number), found["n"] or 0


def as_file_row(found: RowMapping, number: int = 0) -> MoneyRow:
    """Return a stored row as it stood in its file; `number` stands for its line."""
    return MoneyRow(
        platform=Platform(found["platform"]),
        order_no=found["order_no"],
        merchant_no="",
        direction=Direction(found["direction"]),
        fen=found["fen"],
        at=found["at"].astimezone(CHINA),
        kind=found["kind"],
        party=found["party"],
        account=found["account"],
        remark=found["remark"],
        row=number,
    )
