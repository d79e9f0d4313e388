"""The public accounts (收支公示) of a span of days, by the money that came and went. Pure.

Opening balance, what came, what went, closing balance: for the whole and for each place where money lies. Nobody is
named: collectors' cash is one place, arrears are told by building, a payee who is a person is masked. `proved` is what
every line has to answer to before anybody sees it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date
from typing import Any, Final

from models.fees.journal import Code, Flow, moved
from models.fees.rules import (
    ADVANCE,
    OPENING,
    RECEIVABLE,
    SUSPENSE,
    WHOLE,
    Method,
    holds_money,
    money_account,
)
from models.problems import Problem

#: In whose hands cash is does not concern the public.
COLLECTORS: Final = "assets:cash"
#: The form in which figures are kept with what was published.
VERSION: Final = 1


@dataclass(frozen=True, slots=True)
class Place:
    """Where money lies. `name` is that of an account the compound added, else empty."""

    account: str
    name: str
    opening_fen: int
    came_fen: int
    went_fen: int
    closing_fen: int


@dataclass(frozen=True, slots=True)
class ItemLine:
    """What came for an item in the span; and of the bills for days of the span, what was billed and has been paid."""

    name: str
    received_fen: int
    billed_fen: int
    paid_fen: int

    @property
    def rate_ppm(self) -> int | None:
        return rate(self.paid_fen, self.billed_fen)


@dataclass(frozen=True, slots=True)
class AccountSum:
    """What came into, or was spent on, an account that the compound added."""

    account: str
    name: str
    fen: int


@dataclass(frozen=True, slots=True)
class Spent:
    """An expense that was paid (or, below 0, taken back) on a day; its payee is public or masked."""

    on: str
    account: str
    name: str
    voucher: str
    payee: str
    fen: int


@dataclass(frozen=True, slots=True)
class BuildingLine:
    """What households of a building owe at the end of the span, and how many doors that are."""

    building: str
    doors: int
    owed_fen: int


@dataclass(frozen=True, slots=True)
class Statement:
    """The public accounts. `until` is the first day after the span.

    `ahead_fen` is what came beyond any bill less what of such was used for bills since; `unclear_fen` what came that
    nobody is known for yet. `brought_fen` are balances that were entered in the span. At the end of it `credit_fen`
    belongs to households, `suspense_fen` to nobody knows whom.
    """

    since: str
    until: str
    items: tuple[ItemLine, ...]
    ahead_fen: int
    unclear_fen: int
    other: tuple[AccountSum, ...]
    brought_fen: int
    refunds_fen: int
    expenses: tuple[AccountSum, ...]
    spent: tuple[Spent, ...]
    places: tuple[Place, ...]
    buildings: tuple[BuildingLine, ...]
    credit_fen: int
    suspense_fen: int

    @property
    def opening_fen(self) -> int:
        return sum(place.opening_fen for place in self.places)

    @property
    def closing_fen(self) -> int:
        return sum(place.closing_fen for place in self.places)

    @property
    def fees_fen(self) -> int:
        """What households paid in the span, less what was taken back."""
        return sum(line.received_fen for line in self.items) + self.ahead_fen + self.unclear_fen

    @property
    def came_fen(self) -> int:
        return self.fees_fen + sum(line.fen for line in self.other) + self.brought_fen

    @property
    def went_fen(self) -> int:
        return self.refunds_fen + sum(line.fen for line in self.expenses)

    @property
    def billed_fen(self) -> int:
        return sum(line.billed_fen for line in self.items)

    @property
    def paid_fen(self) -> int:
        return sum(line.paid_fen for line in self.items)

    @property
    def rate_ppm(self) -> int | None:
        return rate(self.paid_fen, self.billed_fen)

    @property
    def owed_fen(self) -> int:
        return sum(line.owed_fen for line in self.buildings)

    @property
    def doors(self) -> int:
        return sum(line.doors for line in self.buildings)


def rate(paid_fen: int, billed_fen: int) -> int | None:
    """Return what part of what was billed has been paid, in parts of a million; None where nothing was billed.

    It is rounded down, so that all of it is all of it.
    """
    return paid_fen * WHOLE // billed_fen if billed_fen > 0 else None


def same_sums(one: Statement, other: Statement) -> bool:
    """Tell whether two statements tell of the same money: a name that was changed since is no change of the books."""
    return _amounts(one) == _amounts(other)


def _amounts(statement: Statement) -> dict[str, Any]:
    """Return every figure of a statement; those of lines without their order, which follows names."""
    found: dict[str, Any] = {}
    for name, value in asdict(statement).items():
        if isinstance(value, int):
            found[name] = value
        elif isinstance(value, tuple):
            found[name] = sorted([part for part in line.values() if isinstance(part, int)] for line in value)
    return found


# -- making ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Ground:
    """What a statement is made of: balances before and after, what moved between, and the lines that tell why."""

    since: date
    until: date
    before: Mapping[str, int]
    after: Mapping[str, int]
    flows: Sequence[Flow]
    items: tuple[ItemLine, ...]
    spent: tuple[Spent, ...]
    buildings: tuple[BuildingLine, ...]
    #: Names of added accounts by their code in the journal.
    names: Mapping[str, str]


def made(ground: Ground) -> Statement:
    """Return the public accounts. Raises ValueError if they do not add up: nobody is shown such."""
    flows = ground.flows
    fees = _sum(flows, {Code.PAYMENT, Code.PAYMENT_REVERSED}, _into_money)
    unclear = _sum(flows, {Code.PAYMENT, Code.PAYMENT_REVERSED}, _unclear) - _sum(flows, {Code.PLACED})
    allocated = _sum(flows, {Code.ALLOCATED})
    statement = Statement(
        since=ground.since.isoformat(),
        until=ground.until.isoformat(),
        items=ground.items,
        ahead_fen=fees - unclear - allocated,
        unclear_fen=unclear,
        other=_by_account(ground, "income:", {Code.MOVED, Code.MOVED_REVERSED}, -1),
        brought_fen=_sum(flows, {Code.MOVED, Code.MOVED_REVERSED}, _brought),
        refunds_fen=_sum(flows, {Code.REFUND}),
        expenses=_by_account(ground, "expenses:", {Code.EXPENSE, Code.EXPENSE_REVERSED}, 1),
        spent=ground.spent,
        places=_places(ground),
        buildings=ground.buildings,
        credit_fen=-ground.after.get(ADVANCE, 0),
        suspense_fen=-ground.after.get(SUSPENSE, 0),
    )
    wrong = proved(statement, ground)
    if wrong:
        raise ValueError(f"accounts that do not add up: {wrong[0].params}")
    return statement


def _into_money(flow: Flow) -> int:
    """Return what a flow adds to the money that lies somewhere."""
    gained = flow.fen if holds_money(flow.sides.debit) else 0
    return gained - (flow.fen if holds_money(flow.sides.credit) else 0)


def _unclear(flow: Flow) -> int:
    return _into_money(flow) if SUSPENSE in flow.sides else 0


def _brought(flow: Flow) -> int:
    return _into_money(flow) if OPENING in flow.sides else 0


def _whole(flow: Flow) -> int:
    return flow.fen


def _sum(flows: Iterable[Flow], codes: set[Code], of: Any = _whole) -> int:
    return sum(of(flow) for flow in flows if flow.code in codes)


def _by_account(ground: Ground, head: str, codes: set[Code], sign: int) -> tuple[AccountSum, ...]:
    changed = moved(flow for flow in ground.flows if flow.code in codes)
    return tuple(
        AccountSum(account, ground.names.get(account, ""), sign * one.fen)
        for account, one in sorted(changed.items(), key=lambda pair: _order(ground, pair[0]))
        if account.startswith(head) and (one.debit_fen or one.credit_fen)
    )


def _order(ground: Ground, account: str) -> tuple[int, str]:
    known = list(ground.names)
    return known.index(account) if account in ground.names else len(known), account


def _public(account: str) -> str:
    return COLLECTORS if account.startswith(f"{COLLECTORS}:") else account


def _places(ground: Ground) -> tuple[Place, ...]:
    changed = moved(_merged(ground.flows))
    before, after = _money(ground.before), _money(ground.after)
    accounts = {*before, *after, *(account for account in changed if holds_money(account))}
    found = []
    for account in sorted(accounts, key=lambda one: (_PLACES.get(one, len(_PLACES)), _order(ground, one))):
        came, went = (
            (changed[account].debit_fen, changed[account].credit_fen) if account in changed else (0, 0)
        )
        name = ground.names.get(account, "")
        found.append(Place(account, name, before.get(account, 0), came, went, after.get(account, 0)))
    return tuple(found)


_PLACES: Final = {
    account: place
    for place, account in enumerate(
        (
            "assets:box",
            COLLECTORS,
            *(money_account(one, None) for one in (Method.BANK, Method.WECHAT, Method.ALIPAY)),
        )
    )
}


def _merged(flows: Iterable[Flow]) -> Iterator[Flow]:
    """Yield flows with collectors' cash as one place; what goes from one collector to another stays in it."""
    for code, sides, fen in flows:
        debit, credit = _public(sides.debit), _public(sides.credit)
        if debit != credit:
            yield Flow(code, sides._replace(debit=debit, credit=credit), fen)


def _money(balances: Mapping[str, int]) -> dict[str, int]:
    found: dict[str, int] = {}
    for account, fen in balances.items():
        if holds_money(account):
            found[_public(account)] = found.get(_public(account), 0) + fen
    return found


# -- proving -----------------------------------------------------------------------------


def proved(statement: Statement, ground: Ground) -> tuple[Problem, ...]:
    """Return the totals that do not agree with the journal, each with how much is amiss; none is how it should be."""
    return tuple(
        Problem("statement.off", params={"line": line, "off_fen": off})
        for line, off in _differences(statement, ground)
        if off
    )


def _differences(statement: Statement, ground: Ground) -> Iterator[tuple[str, int]]:
    yield "total", statement.opening_fen + statement.came_fen - statement.went_fen - statement.closing_fen
    for place in statement.places:
        yield place.account, place.opening_fen + place.came_fen - place.went_fen - place.closing_fen
    yield "items", sum(line.received_fen for line in statement.items) - _sum(ground.flows, {Code.ALLOCATED})
    yield "receivable", statement.owed_fen - ground.after.get(RECEIVABLE, 0)
    spent: dict[str, int] = {line.account: line.fen for line in statement.expenses}
    for one in statement.spent:
        spent[one.account] = spent.get(one.account, 0) - one.fen
    yield from spent.items()
    # What households have to their credit grew by what came ahead and what they brought, less what went back.
    grown = ground.before.get(ADVANCE, 0) - ground.after.get(ADVANCE, 0)
    opened = _sum(ground.flows, {Code.PAYMENT, Code.PAYMENT_REVERSED}, _opened)
    yield "credit", statement.ahead_fen + opened - statement.refunds_fen - grown


def _opened(flow: Flow) -> int:
    """Return what a flow adds to what households had to their credit before there were books."""
    if flow.sides.debit == OPENING:
        return flow.fen if flow.sides.credit == ADVANCE else 0
    return -flow.fen if flow.sides.credit == OPENING and flow.sides.debit == ADVANCE else 0


# -- as it is kept -----------------------------------------------------------------------

_LINES: Final[dict[str, type[Any]]] = {
    "items": ItemLine,
    "other": AccountSum,
    "expenses": AccountSum,
    "spent": Spent,
    "places": Place,
    "buildings": BuildingLine,
}


def figures_of(statement: Statement) -> dict[str, Any]:
    """Return a statement as plain JSON: what is kept with a publication, and what `statement_of` reads again."""
    return {
        "version": VERSION,
        **asdict(statement),
        "totals": {
            name: getattr(statement, name)
            for name in (
                "opening_fen",
                "came_fen",
                "went_fen",
                "closing_fen",
                "fees_fen",
                "billed_fen",
                "paid_fen",
                "rate_ppm",
                "owed_fen",
            )
        },
    }


def statement_of(figures: Mapping[str, Any]) -> Statement | None:
    """Return the statement that was kept, or None where a later version or another hand wrote it."""
    if figures.get("version") != VERSION:
        return None
    try:
        values: dict[str, Any] = {
            one.name: tuple(_LINES[one.name](**line) for line in figures[one.name])
            if one.name in _LINES
            else figures[one.name]
            for one in fields(Statement)
        }
    except (KeyError, TypeError):
        return None
    return Statement(**values)
