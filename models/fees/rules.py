"""What holds for all fees: the words money is kept in, who may approve what, and how a household is asked to pay. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final
from uuid import UUID

from models.operations.roles import Role

#: Rates are parts of a million.
WHOLE: Final = 1_000_000
#: A hundred million yuan, in fen: no sum that a compound handles is larger.
MOST_FEN: Final = 10_000_000_000
#: A bank row is matched by itself from this score on, unless the compound says otherwise.
BULK_SCORE: Final = 85


class BillKind(StrEnum):
    """What a bill asks for: a period's charge, a late charge on another bill, or what was owed before there were bills."""

    CHARGE = "charge"
    LATE = "late"
    OPENING = "opening"


def bill_key(
    household_id: UUID,
    item_id: UUID,
    kind: str,
    since: date,
    until: date,
    *,
    of_id: UUID | None = None,
    reversed_before: int = 0,
) -> str:
    """Return what a bill's id is derived from: what it is for, and how many like it were reversed before."""
    return f"{household_id}:{item_id}:{kind}:{of_id}:{since}:{until}:{reversed_before}"


class Method(StrEnum):
    """How money came or went. `opening` is credit that somebody had before there were books."""

    CASH = "cash"
    WECHAT = "wechat"
    ALIPAY = "alipay"
    BANK = "bank"
    OTHER = "other"
    OPENING = "opening"


class Asked(StrEnum):
    """What became of a request that a second person answers."""

    ASKED = "asked"
    DONE = "done"
    DECLINED = "declined"


class ConcessionKind(StrEnum):
    """What a household is granted: less to pay, or later to pay (hardship)."""

    DISCOUNT = "discount"
    DEFERRAL = "deferral"


class ExpenseState(StrEnum):
    """How far an expense has come."""

    ASKED = "asked"
    APPROVED = "approved"
    DECLINED = "declined"
    PAID = "paid"
    REVERSED = "reversed"


class RowState(StrEnum):
    """What became of a row of a bank's or a platform's file."""

    OPEN = "open"
    MATCHED = "matched"
    ASIDE = "aside"


class Way(StrEnum):
    """How a household was asked to pay."""

    VISIT = "visit"
    PHONE = "phone"
    MESSAGE = "message"
    LETTER = "letter"


class Step(StrEnum):
    """The steps of dunning in the order the law wants them: a demand comes before a claim (民法典 944)."""

    TALK = "talk"
    REMINDER = "reminder"
    NOTICE = "notice"
    DEMAND = "demand"
    CLAIM = "claim"


class Answer(StrEnum):
    """What a household said when it was asked."""

    NONE = "none"
    PROMISED = "promised"
    GRIEVANCE = "grievance"
    HARDSHIP = "hardship"
    REFUSED = "refused"
    AWAY = "away"


class Side(StrEnum):
    """On which side of the books an account that a compound added stands."""

    EXPENSE = "expense"
    INCOME = "income"
    MONEY = "money"


class MovementKind(StrEnum):
    """Money that moved without a bill: what was there at the beginning, from one account to another, other income."""

    OPENING = "opening"
    TRANSFER = "transfer"
    INCOME = "income"


#: The accounts that every compound has, where money lies. A collector's cash has one of its own.
BOX: Final = "assets:box"
MONEY: Final = {
    Method.WECHAT: "assets:wechat",
    Method.ALIPAY: "assets:alipay",
    Method.BANK: "assets:bank",
    Method.OTHER: "assets:other",
    Method.OPENING: "equity:opening",
}
RECEIVABLE: Final = "assets:receivable"
ADVANCE: Final = "liabilities:advance"
SUSPENSE: Final = "liabilities:suspense"
OPENING: Final = "equity:opening"
_CASH: Final = "assets:cash:"
_NOBODY: Final = "unknown"
_SIDES: Final = {Side.EXPENSE: "expenses", Side.INCOME: "income", Side.MONEY: "assets:account"}


def cash_of(person_id: UUID | None) -> str:
    """Return the account of the cash that somebody has taken and not handed in."""
    return _CASH + (_NOBODY if person_id is None else person_id.hex)


def collector_of(account: str) -> UUID | None:
    """Return whose cash an account holds, or None."""
    if not account.startswith(_CASH) or account == _CASH + _NOBODY:
        return None
    return UUID(account.removeprefix(_CASH))


def money_account(method: Method, collector_id: UUID | None) -> str:
    """Return the account that money taken in some way lies in."""
    return cash_of(collector_id) if method is Method.CASH else MONEY[method]


def income_of(item_id: UUID) -> str:
    """Return the account of what a charge item brings in."""
    return f"income:{item_id.hex}"


def account_code(side: Side, account_id: UUID) -> str:
    """Return the code in the journal of an account that the compound added."""
    return f"{_SIDES[side]}:{account_id.hex}"


def holds_money(account: str) -> bool:
    """Tell whether an account is a place where money lies, rather than a claim."""
    return account.startswith("assets:") and account != RECEIVABLE


@dataclass(frozen=True, slots=True)
class Approval:
    """Up to how much (fen; None: any amount) how many people of some roles have to approve an expense."""

    up_to_fen: int | None
    roles: tuple[Role, ...]
    hands: int = 1


#: What is built in: the treasurer up to 500 yuan, a member of the committee up to 5,000, beyond that two of them.
APPROVALS: Final = (
    Approval(50_000, (Role.TREASURER, Role.COMMITTEE, Role.DIRECTOR)),
    Approval(500_000, (Role.COMMITTEE, Role.DIRECTOR)),
    Approval(None, (Role.COMMITTEE, Role.DIRECTOR), 2),
)


def approval_for(fen: int, approvals: Sequence[Approval] = APPROVALS) -> Approval:
    """Return what an expense needs: the first line that covers it, else the last, which no amount is beyond."""
    for one in approvals:
        if one.up_to_fen is None or fen <= one.up_to_fen:
            return one
    return approvals[-1] if approvals else APPROVALS[-1]


def approved(needed: Approval, given: Iterable[frozenset[Role]]) -> bool:
    """Tell whether those who approved, each with the roles they held, are enough."""
    return sum(bool(roles & set(needed.roles)) for roles in given) >= needed.hands


@dataclass(frozen=True, slots=True)
class Ruling:
    """What a compound has set for all its fees; this is what is built in.

    `due_days` after a period begins its bill is due; a household that is billed `twice_ppm` of what it was
    billed before is odd; `target_ppm` is the collection rate aimed at. From `bulk_score` on, rows of a bank's
    file are taken without a look at each. `payee` stands on receipts and letters.
    """

    due_days: int = 30
    target_ppm: int = 950_000
    twice_ppm: int = 2_000_000
    bulk_score: int = BULK_SCORE
    payee: str = ""
    pay_to: str = ""
    approvals: tuple[Approval, ...] = APPROVALS


#: The steps in their order: which may be taken once those before it were.
STEPS: Final = tuple(Step)


def next_step(taken: Iterable[Step]) -> Step:
    """Return the step that comes after those taken; after the last it is the last again."""
    done = set(taken)
    reached = max((STEPS.index(one) for one in done), default=-1)
    return STEPS[min(reached + 1, len(STEPS) - 1)]


def step_missing(step: Step, taken: Iterable[Step]) -> Step | None:
    """Return the step that has to come first, or None: a claim needs a demand in writing before it."""
    if step is Step.CLAIM and Step.DEMAND not in set(taken):
        return Step.DEMAND
    return None
