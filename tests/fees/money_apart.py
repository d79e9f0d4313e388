"""Three laptops that bill, collect and take back apart, meet over a server in any order, and hear things twice.

`live` tells one random history; money_witness says what has to hold of it.
"""

from __future__ import annotations

import shutil
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

from money_witness import FIRST, heard_again, holds, totals_agree, witness
from simulation.devices import Clock, Ids, Laptop
from simulation.reading import dump
from simulation.world import difference

from models.fees.periods import Cycle, cycle_at
from models.fees.rules import BOX
from models.operations.envelope import Intent
from models.operations.tables import Setting
from models.store import Store, open_store
from sync import exchange

DOORS = ("1-1-101", "1-1-102", "2-1-101", "2-1-102")
ITEMS = ("物业费", "停车费")
ROLES = ("treasurer", "committee", "volunteer")
PLACES = ("server", "a", "b", "c")
#: How long a history is.
ACTS = 60


@dataclass
class Apart:
    """The laptops, the server between them, and chance."""

    random: Random
    server: Store
    laptops: list[Laptop]
    people: dict[str, UUID]
    #: What each receipt said when it was seen first.
    receipts: dict[str, tuple[object, ...]] = field(default_factory=dict)
    rows: list[dict[str, Any]] = field(default_factory=list)
    issued: list[dict[str, Any]] = field(default_factory=list)
    refused: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    @property
    def compound(self) -> UUID:
        return self.laptops[0].compound_id

    @property
    def stores(self) -> list[Store]:
        return [self.server, *(laptop.store for laptop in self.laptops)]

    def close(self) -> None:
        for store in self.stores:
            store.close()

    def push(self, laptop: Laptop) -> exchange.Push:
        """Let the server hear what a laptop did; now and then it hears it twice."""
        with laptop.store.read() as session:
            push = exchange.outgoing(session, laptop.compound_id)
        for _ in range(self.random.choice((1, 1, 2))):
            with self.server.write() as session:
                exchange.receive(session, push)
        return push

    def pull(self, laptop: Laptop) -> None:
        """Let a laptop hear what the server has; now and then it hears it twice."""
        with laptop.store.read() as session:
            device, cursor, acked = exchange.wanted(session, laptop.compound_id)
        with self.server.read() as session:
            page = exchange.page(session, laptop.compound_id, device_id=device, after=cursor, acked_n=acked)
        for _ in range(self.random.choice((1, 1, 2))):
            with laptop.store.write() as session:
                exchange.take_page(session, page)

    def meet(self) -> None:
        """Let all reach the server in some order, until all know the same."""
        order = self.random.sample(self.laptops, len(self.laptops))
        for _ in range(2):
            for laptop in order:
                self.push(laptop)
            for laptop in order:
                self.pull(laptop)
        rows = dump(self.server, self.compound)
        for laptop in self.laptops:
            own = dump(laptop.store, self.compound)
            holds(own == rows, "laptops differ", difference(own, rows))

    def go(self) -> None:
        """Do things at random, hours or weeks apart, and let laptops meet now and then."""
        acts: list[Callable[[Laptop], None]] = [
            self._bill, self._bill, self._bill_again, self._pay, self._pay, self._pay, self._suspense, self._bring,
            self._place, self._ask_reversal, self._ask_reversal, self._reverse, self._reverse, self._reverse, self._keep, self._ask_refund, self._refund,
            self._wrong_bill, self._corrected, self._void, self._write_receipt, self._reprint, self._import, self._of_row,
            self._match, self._take_up, self._spend, self._approve, self._pay_expense, self._reverse_expense, self._hand_in,
            self._move, self._close,
        ]  # fmt: skip
        for n in range(ACTS):
            laptop = self.random.choice(self.laptops)
            laptop.person_id = self.random.choice(list(self.people.values()))
            laptop.clock.now += timedelta(hours=self.random.choice((1, 30, 130)))
            self.random.choice(acts)(laptop)
            road = self.random.random()
            if road < 0.2:
                self.push(laptop)
            if 0.1 < road < 0.3:
                self.pull(laptop)
            if n % 20 == 19:
                witness(laptop.store, self.compound, self.receipts)

    def do(self, laptop: Laptop, kind: str, **fields: Any) -> None:
        """Try something; a refusal is an answer."""
        outcome = laptop.attempt(kind, fields)
        if not hasattr(outcome, "refused") or outcome.refused is not None:
            self.refused[kind] += 1

    def pick(self, laptop: Laptop, sql: str) -> str | None:
        """Return one of the ids that a question finds."""
        found = sorted(str(row[0]) for row in laptop.ask(sql))
        return str(UUID(self.random.choice(found))) if found else None

    def fen(self) -> int:
        return self.random.choice((1, 333, 8_000, 12_345, 30_000))

    def _bill(self, laptop: Laptop) -> None:
        first = cycle_at(Cycle.MONTH, FIRST + timedelta(days=self.random.randrange(300)))
        span = {"since": first.first.isoformat(), "until": first.end.isoformat()}
        fens = (8_000, 8_000, 9_999, 0)
        rows: list[dict[str, Any]] = []
        for door in self.random.sample(DOORS, 3):
            gross = self.random.choice(fens)
            less = gross // 3 if self.random.random() < 0.3 else 0
            row = {
                "household": door,
                "item": self.random.choice(ITEMS),
                "gross_fen": gross,
                "discount_fen": less,
            }
            rows.append(row | {"amount_fen": gross - less} | span)
        run = {"run": str(laptop.ids()), "rows": rows, **span}
        self.issued.append(run)
        self.do(laptop, "fee.issue", **run)

    def _bill_again(self, laptop: Laptop) -> None:
        if self.issued:
            self.do(laptop, "fee.issue", **self.random.choice(self.issued) | {"run": str(laptop.ids())})

    def _chosen(self, laptop: Laptop, door: str, fen: int) -> list[dict[str, Any]]:
        bill = self.pick(
            laptop,
            f"SELECT b.id FROM bill b JOIN household h ON h.id = b.household_id WHERE h.code = '{door}' AND b.owed_fen > 0",  # noqa: S608
        )
        return [] if bill is None or self.random.random() < 0.5 else [{"bill": bill, "fen": max(fen // 2, 1)}]

    def _pay(self, laptop: Laptop) -> None:
        door, fen = self.random.choice(DOORS), self.fen()
        method = self.random.choice(("cash", "wechat"))
        chosen = self._chosen(laptop, door, fen)
        self.do(laptop, "payment.record", household=door, fen=fen, method=method, chosen=chosen)

    def _suspense(self, laptop: Laptop) -> None:
        self.do(laptop, "payment.record", fen=self.fen(), method="bank", receipt_no=None)

    def _bring(self, laptop: Laptop) -> None:
        rows = [
            {
                "id": str(laptop.ids()),
                "household": self.random.choice((*DOORS, None)),
                "fen": self.fen(),
                "method": "cash",
                "paid_at": (laptop.clock.now - timedelta(days=self.random.randrange(60))).isoformat(),
            }
            for _ in range(3)
        ]
        self.do(laptop, "payment.bring", rows=rows)
        if self.random.random() < 0.5:
            self.do(laptop, "payment.bring", rows=rows)

    def _place(self, laptop: Laptop) -> None:
        payment = self.pick(
            laptop, "SELECT id FROM payment WHERE household_id IS NULL AND reversed_on IS NULL"
        )
        if payment:
            self.do(laptop, "payment.place", payment=payment, household=self.random.choice(DOORS))

    def _ask_reversal(self, laptop: Laptop) -> None:
        payment = self.pick(laptop, "SELECT id FROM payment WHERE reversed_on IS NULL")
        if payment:
            self.do(laptop, "payment.ask_reversal", payment=payment, reason="记错了")

    def _reverse(self, laptop: Laptop) -> None:
        asked = self.pick(laptop, "SELECT id FROM reversal WHERE state = 'asked'")
        if asked:
            self.do(laptop, "payment.reverse", reversal=asked)

    def _keep(self, laptop: Laptop) -> None:
        asked = self.pick(laptop, "SELECT id FROM reversal")
        if asked:
            self.do(laptop, "payment.keep", reversal=asked)

    def _ask_refund(self, laptop: Laptop) -> None:
        household = self.pick(
            laptop, "SELECT household_id FROM payment WHERE free_fen > 0 AND household_id IS NOT NULL"
        )
        if household:
            fen = self.random.choice((1, 200))
            self.do(laptop, "payment.ask_refund", household=household, fen=fen, reason="多交了")

    def _refund(self, laptop: Laptop) -> None:
        asked = self.pick(laptop, "SELECT id FROM refund WHERE state = 'asked'")
        if asked:
            self.do(laptop, "payment.refund", refund=asked)

    def _wrong_bill(self, laptop: Laptop) -> None:
        bill = self.pick(laptop, "SELECT id FROM bill WHERE reversed_on IS NULL")
        if bill:
            self.do(laptop, "fee.reverse", bills=[bill], reason="面积错了")

    def _corrected(self, laptop: Laptop) -> None:
        """Reverse a bill and issue another one in its place, as one group."""
        found = laptop.ask(
            "SELECT id, household_id, item_id, since, until FROM bill WHERE reversed_on IS NULL ORDER BY id"
        )
        if not found:
            return
        bill, household, item, since, until = self.random.choice(found)
        span = {"since": since, "until": until}
        row = {
            "household": str(UUID(household)),
            "item": str(UUID(item)),
            "gross_fen": 7_777,
            "amount_fen": 7_777,
        } | span
        laptop.together(
            Intent("fee.reverse", {"bills": [str(UUID(bill))], "reason": "面积错了"}),
            Intent("fee.issue", {"run": str(laptop.ids()), "rows": [row], **span}),
        )

    def _void(self, laptop: Laptop) -> None:
        receipt = self.pick(laptop, "SELECT id FROM receipt WHERE voided_at IS NULL")
        if receipt:
            self.do(laptop, "payment.void_receipt", receipt=receipt, reason="写坏了")

    def _write_receipt(self, laptop: Laptop) -> None:
        payment = self.pick(laptop, "SELECT id FROM payment")
        if payment:
            self.do(laptop, "payment.write_receipt", payment=payment)

    def _reprint(self, laptop: Laptop) -> None:
        receipt = self.pick(laptop, "SELECT id FROM receipt")
        if receipt:
            self.do(laptop, "payment.reprint", receipt=receipt)

    def _import(self, laptop: Laptop) -> None:
        n = len(self.rows)
        new = [
            {"key": f"wechat|{n + k}", "order_no": str(n + k), "direction": "in", "fen": self.fen(), "at": laptop.clock.now.isoformat()}
            for k in range(2)
        ]  # fmt: skip
        self.rows += new
        some = [*new, *self.random.sample(self.rows, min(3, len(self.rows)))]
        self.do(
            laptop, "payment.import", platform="wechat", rows=list({row["key"]: row for row in some}.values())
        )

    def _of_row(self, laptop: Laptop) -> None:
        """Accept a row of a file as a payment: two laptops may do so apart."""
        found = laptop.ask("SELECT id, fen FROM money_row WHERE state = 'open' ORDER BY id")
        if found:
            row, fen = self.random.choice(found)
            door = self.random.choice(DOORS)
            self.do(
                laptop,
                "payment.record",
                household=door,
                fen=fen,
                method="wechat",
                row=str(UUID(row)),
                receipt_no=None,
            )

    def _match(self, laptop: Laptop) -> None:
        row = self.pick(laptop, "SELECT id FROM money_row WHERE state = 'open'")
        payment = self.pick(laptop, "SELECT id FROM payment WHERE reversed_on IS NULL AND row_id IS NULL")
        if row and payment:
            self.do(laptop, "payment.match", row=row, payment=payment)

    def _take_up(self, laptop: Laptop) -> None:
        row = self.pick(laptop, "SELECT id FROM money_row WHERE state <> 'open'")
        if row:
            self.do(laptop, "payment.take_up", row=row)

    def _spend(self, laptop: Laptop) -> None:
        self.do(
            laptop,
            "expense.record",
            account="维修",
            fen=self.random.choice((999, 60_000, 600_000)),
            voucher="单",
        )

    def _approve(self, laptop: Laptop) -> None:
        expense = self.pick(laptop, "SELECT id FROM expense WHERE state = 'asked'")
        if expense:
            self.do(laptop, "expense.approve", expense=expense)

    def _pay_expense(self, laptop: Laptop) -> None:
        expense = self.pick(laptop, "SELECT id FROM expense")
        if expense:
            self.do(laptop, "expense.pay", expense=expense, out_of=BOX)

    def _reverse_expense(self, laptop: Laptop) -> None:
        expense = self.pick(laptop, "SELECT id FROM expense WHERE state = 'paid'")
        if expense:
            self.do(laptop, "expense.reverse", expense=expense, reason="退货")

    def _hand_in(self, laptop: Laptop) -> None:
        self.do(laptop, "payment.hand_in", fen=self.fen())

    def _move(self, laptop: Laptop) -> None:
        self.do(laptop, "fee.move", out_of=BOX, into="assets:bank", fen=self.fen())

    def _close(self, laptop: Laptop) -> None:
        if self.random.random() < 0.4:
            self.do(laptop, "fee.close", until=(laptop.clock.now.date() - timedelta(days=20)).isoformat())


@dataclass(frozen=True)
class Founded:
    """A compound on three laptops and a server, as files: founding it anew for each history would take half the time."""

    folder: Path
    compound: UUID
    people: dict[str, UUID]


def found(folder: Path) -> Founded:
    """Found a compound on one of three laptops, with people of every office, and let the others learn of it."""
    template = folder / "template.linli"
    open_store(template, new_id=Ids("template")).close()
    made = Founded(folder, Ids("compound")(), {role: Ids(role)() for role in ("director", *ROLES)})
    for name in PLACES:
        shutil.copy(template, folder / f"{name}.linli")
    apart = _opened(made, folder, -1)
    for store in apart.stores:
        with store.write() as session:
            device = session.get(Setting, "device")
            assert device is not None
            device.value = Ids(store.path.stem)().hex
            session.add(device)
    first = apart.laptops[0]
    first.found()
    for code in DOORS:
        first.do("household.add", code=code, area=8_000)
    for role in ROLES:
        first.do("person.add", id=str(made.people[role]), name=f"某{role}")
        first.do("role.grant", person=str(made.people[role]), role=role, since="2020-01-01")
    for name in ITEMS:
        first.do("fee.add_item", name=name, formula="area")
    first.do("fee.add_account", side="expense", name="维修")
    apart.meet()
    apart.close()
    return made


def _opened(founded: Founded, folder: Path, seed: int) -> Apart:
    server, *stores = (open_store(folder / f"{name}.linli", new_id=Ids(f"{seed}/{name}")) for name in PLACES)
    director = founded.people["director"]
    laptops = [
        Laptop(store, founded.compound, director, Clock(), Ids(f"{seed}:{n}"))
        for n, store in enumerate(stores)
    ]
    return Apart(Random(seed), server, laptops, founded.people)


def live(founded: Founded, folder: Path, seed: int) -> None:
    """Tell one history to its end, and look at everything."""
    folder.mkdir()
    for name in PLACES:
        shutil.copy(founded.folder / f"{name}.linli", folder)
    made = _opened(founded, folder, seed)
    try:
        made.go()
        made.meet()  # then all hold the same
        witness(made.server, made.compound, made.receipts)
        totals_agree(made.server, made.compound)
        made.laptops[0].person_id = made.people["director"]
        heard_again(made.laptops[0], made.rows)
    finally:
        made.close()
