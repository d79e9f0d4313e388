"""A compound whose money moves at random: bills, payments, reversals, refunds, cash, expenses, closed books."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from random import Random
from typing import Any
from uuid import UUID

from simulation.devices import Laptop

from models.fees.rules import BOX, OPENING, Side, account_code

FIRST = date(2026, 1, 1)
_FORMULAS = {"物业费": "area", "停车费": "fixed"}
_METHODS = ("cash", "wechat", "alipay", "bank", "other", "opening")


def account(laptop: Laptop, side: Side, name: str) -> str:
    """Add an account, and return its code in the journal."""
    made = laptop.ids()
    laptop.do("fee.add_account", id=str(made), side=side.value, name=name)
    return account_code(side, made)


@dataclass
class Books:
    """What acts at random need to know of what was done before."""

    laptop: Laptop
    random: Random
    doors: list[str] = field(default_factory=list)
    items: list[str] = field(default_factory=list)
    spent_on: list[str] = field(default_factory=list)
    places: list[str] = field(default_factory=list)
    other: str = ""
    second: Laptop | None = None
    month: int = 0

    def __post_init__(self) -> None:
        laptop = self.laptop
        for building in (1, 2, 10):
            for flat in (1, 2):
                self.doors.append(f"{building}-1-10{flat}")
                laptop.do("household.add", code=self.doors[-1])
        for name, formula in _FORMULAS.items():
            self.items.append(str(laptop.ids()))
            laptop.do("fee.add_item", id=self.items[-1], name=name, formula=formula)
        for name in ("维修", "保洁"):
            self.spent_on.append(str(UUID(account(laptop, Side.EXPENSE, name).rpartition(":")[2])))
        self.places = [BOX, "assets:bank", "assets:wechat", account(laptop, Side.MONEY, "维修基金")]
        self.other = account(laptop, Side.INCOME, "广告费")
        treasurer = laptop.ids()
        laptop.do("person.add", id=str(treasurer), name="陈会计")
        laptop.do("role.grant", person=str(treasurer), role="committee", since="2020-01-01")
        self.second = replace(laptop, person_id=treasurer)

    def fen(self) -> int:
        return self.random.choice((1, 99, 12_345, 30_000, 100_000))

    def pick(self, sql: str) -> str | None:
        """Return a row's id that a question finds, at random."""
        rows = sorted(row[0] for row in self.laptop.ask(sql))
        return str(UUID(self.random.choice(rows))) if rows else None

    def go(self, times: int) -> None:
        """Do so many things at random, hours or weeks apart. What is refused is refused."""
        acts: list[Callable[[], Any]] = [
            self._bill, self._bill, self._pay, self._pay, self._pay, self._suspense, self._place, self._reverse_payment,
            self._reverse_bill, self._refund, self._hand_in, self._move, self._earn, self._bring, self._reverse_move,
            self._spend, self._spend, self._reverse_spending, self._close,
        ]  # fmt: skip
        for _ in range(times):
            self.random.choice(acts)()
            self.laptop.clock.now += timedelta(hours=self.random.choice((1, 30, 200)))

    def _bill(self) -> None:
        first = date(2026 + self.month // 12, self.month % 12 + 1, 1)
        self.month += 1
        until = (first + timedelta(days=32)).replace(day=1)
        kind = self.random.choice(("charge", "charge", "charge", "opening"))
        fen = self.random.choice((0, 8_000, 33_333))
        line = {"item": self.random.choice(self.items), "kind": kind, "gross_fen": fen, "amount_fen": fen}
        span = {"since": first.isoformat(), "until": until.isoformat()}
        doors = self.random.sample(self.doors, 4)
        rows = [line | span | {"household": door} for door in doors]
        self.laptop.do("fee.issue", run=str(self.laptop.ids()), rows=rows, **span)

    def _pay(self) -> None:
        door, method = self.random.choice(self.doors), self.random.choice(_METHODS)
        self._record(household=door, method=method)

    def _suspense(self) -> None:
        self._record(method=self.random.choice(_METHODS[:-1]))

    def _record(self, **fields: Any) -> None:
        who = self.random.choice((self.laptop, self.second or self.laptop))
        if (
            fields["method"] == "opening"
        ):  # credit from before there were books is brought in, nobody takes it
            [(home,)] = self.laptop.ask("SELECT id FROM household WHERE code = ?", fields["household"])
            row = {"id": str(who.ids()), "household": str(UUID(home)), "fen": self.fen(), "method": "opening"}
            who.do("payment.bring", rows=[row | {"paid_at": who.clock.now.isoformat()}])
            return
        who.do("payment.record", fen=self.fen(), receipt=str(who.ids()), receipt_no=None, **fields)

    def _place(self) -> None:
        payment = self.pick("SELECT id FROM payment WHERE household_id IS NULL AND reversed_on IS NULL")
        if payment is not None:
            self.laptop.do("payment.place", payment=payment, household=self.random.choice(self.doors))

    def _twice(self, ask: str, asked: dict[str, Any], grant: str, name: str) -> None:
        made = str(self.laptop.ids())
        self.laptop.attempt(ask, id=made, reason="错了", **asked)
        (self.second or self.laptop).attempt(grant, {name: made})

    def _reverse_payment(self) -> None:
        payment = self.pick("SELECT id FROM payment WHERE reversed_on IS NULL")
        if payment is not None:
            self._twice("payment.ask_reversal", {"payment": payment}, "payment.reverse", "reversal")

    def _refund(self) -> None:
        household = self.pick(
            "SELECT household_id FROM payment WHERE free_fen > 0 AND household_id IS NOT NULL"
        )
        if household is not None:
            asked = {"household": household, "fen": 1, "method": self.random.choice(_METHODS[:-1])}
            self._twice("payment.ask_refund", asked, "payment.refund", "refund")

    def _reverse_bill(self) -> None:
        bill = self.pick("SELECT id FROM bill WHERE reversed_on IS NULL")
        if bill is not None:
            self.laptop.do("fee.reverse", bills=[bill], reason="面积错了")

    def _hand_in(self) -> None:
        (self.second or self.laptop).do("payment.hand_in", fen=self.fen())

    def _move(self) -> None:
        out_of, into = self.random.sample(self.places, 2)
        self.laptop.do("fee.move", out_of=out_of, into=into, fen=self.fen())

    def _earn(self) -> None:
        into = self.random.choice(self.places)
        self.laptop.do("fee.move", kind="income", out_of=self.other, into=into, fen=self.fen())

    def _bring(self) -> None:
        sides = [OPENING, self.random.choice(self.places)]
        self.random.shuffle(sides)
        self.laptop.do("fee.move", kind="opening", out_of=sides[0], into=sides[1], fen=self.fen())

    def _reverse_move(self) -> None:
        movement = self.pick("SELECT id FROM movement WHERE reversed_on IS NULL")
        if movement is not None:
            self.laptop.do("fee.reverse_move", movement=movement, reason="记错了")

    def _spend(self) -> None:
        made = str(self.laptop.ids())
        self.laptop.do(
            "expense.record", id=made, account=self.random.choice(self.spent_on), fen=self.fen(),
            payee=self.random.choice(("张三丰", "利民五金店", "")), voucher=f"2026-{self.random.randrange(99)}",
        )  # fmt: skip
        (self.second or self.laptop).attempt("expense.approve", expense=made)
        self.laptop.do("expense.pay", expense=made, out_of=self.random.choice(self.places))

    def _reverse_spending(self) -> None:
        expense = self.pick("SELECT id FROM expense WHERE state = 'paid'")
        if expense is not None:
            (self.second or self.laptop).do("expense.reverse", expense=expense, reason="退货")

    def _close(self) -> None:
        if self.random.random() < 0.3:
            self.laptop.attempt(
                "fee.close", until=(self.laptop.clock.now.date() - timedelta(days=5)).isoformat()
            )
