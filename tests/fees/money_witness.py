"""What has to hold of a compound's money on every laptop and on the server, whatever happened and whoever has heard of it."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, MutableMapping
from datetime import date
from typing import Any
from uuid import UUID

from simulation.devices import Laptop
from simulation.reading import dump

from models.fees.entries import check
from models.fees.periods import Cycle, cycle_at, cycles_over
from models.fees.queries_accounts import balances, entries
from models.fees.queries_rates import By, rates
from models.fees.rules import ADVANCE, RECEIVABLE, SUSPENSE
from models.operations.envelope import Intent
from models.store import Store

FIRST = date(2026, 1, 1)
LAST = date(2030, 1, 1)
YEAR = cycle_at(Cycle.YEAR, FIRST)
#: What each receipt said when it was seen first.
Receipts = MutableMapping[str, tuple[object, ...]]


class Broken(AssertionError):  # noqa: N818
    """Something that has to hold whatever happens does not."""


def holds(truth: object, *said: object) -> None:
    """Say what is broken unless it holds. Tests that break the code on purpose wait for this and nothing else."""
    if not truth:
        raise Broken(*said)


def witness(store: Store, compound: UUID, receipts: Receipts) -> None:
    """Look at everything that has to hold of money in a store, whoever has heard of what."""
    with store.read() as session:

        def ask(sql: str) -> list[tuple[Any, ...]]:
            return [tuple(row) for row in session.connection().exec_driver_sql(sql)]

        allocations_fit(ask)
        doors_add_up(ask)
        bills_stand_once(ask)
        rows_have_one_payment(ask)
        receipts_stay(ask, receipts)
        nothing_is_a_float(ask)
        journal = entries(session, compound, until=LAST)
        holds(check(journal) == (), "a journal with problems", check(journal))
        books_say_the_same(ask, balances(session, compound, LAST))


Ask = Callable[[str], list[tuple[Any, ...]]]


def allocations_fit(ask: Ask) -> None:
    """What a payment went to and what is free of it is the payment; what a bill took and owes is the bill."""
    for payment, amount, free, is_reversed, spent in ask(
        "SELECT p.id, p.amount_fen, p.free_fen, p.reversed_on IS NOT NULL, coalesce(sum(a.fen), 0) FROM payment p"
        " LEFT JOIN allocation a ON a.payment_id = p.id GROUP BY p.id"
    ):
        holds(0 <= spent <= amount, "allocations exceed a payment", payment, spent, amount)
        holds(
            free == (0 if is_reversed else amount - spent), "what is free of a payment", payment, free, spent
        )
        holds(not (is_reversed and spent), "a payment that was taken back pays still", payment, spent)
    for bill, amount, paid, owed, is_reversed, taken in ask(
        "SELECT b.id, b.amount_fen, b.paid_fen, b.owed_fen, b.reversed_on IS NOT NULL, coalesce(sum(a.fen), 0)"
        " FROM bill b LEFT JOIN allocation a ON a.bill_id = b.id GROUP BY b.id"
    ):
        holds(paid == taken, "what is paid of a bill", bill, paid, taken)
        holds(
            0 <= paid <= (0 if is_reversed else amount), "a bill took more than it asks", bill, paid, amount
        )
        holds(owed == (0 if is_reversed else amount - paid), "what is owed of a bill", bill, owed, paid)
    holds(
        not ask(
            "SELECT 1 FROM allocation a JOIN payment p ON p.id = a.payment_id JOIN bill b ON b.id = a.bill_id"
            " GROUP BY p.id, b.id HAVING p.household_id IS NOT b.household_id AND sum(a.fen) <> 0"
        ),
        "a door's money pays another's bill",
    )


def doors_add_up(ask: Ask) -> None:
    """A door's balance is its bills less its payments that hold, and the refunds it got; nobody owes and has credit at once."""
    sums: dict[str, int] = defaultdict(int)
    for door, fen in [
        *ask("SELECT household_id, amount_fen FROM bill WHERE reversed_on IS NULL"),
        *ask(
            "SELECT household_id, -amount_fen FROM payment WHERE reversed_on IS NULL AND household_id IS NOT NULL"
        ),
        *ask("SELECT household_id, fen FROM refund WHERE state = 'done'"),
    ]:
        sums[door] += fen
    owed = dict(ask("SELECT household_id, sum(owed_fen) FROM bill GROUP BY household_id"))
    free = dict(
        ask("SELECT household_id, sum(free_fen) FROM payment WHERE household_id IS NOT NULL GROUP BY 1")
    )
    for door in {*sums, *owed, *free}:
        balance = owed.get(door, 0) - free.get(door, 0)
        holds(balance == sums[door], "a door's balance", door, balance, sums[door])
        holds(not (owed.get(door, 0) and free.get(door, 0)), "owes and has credit", door, owed, free)


def bills_stand_once(ask: Ask) -> None:
    """No door is charged twice for a day of an item."""
    holds(
        not ask(
            "SELECT 1 FROM bill a JOIN bill b ON a.household_id = b.household_id AND a.item_id = b.item_id AND a.id < b.id"
            " WHERE a.kind = 'charge' AND b.kind = 'charge' AND a.reversed_on IS NULL AND b.reversed_on IS NULL"
            " AND a.since < b.until AND b.since < a.until"
        ),
        "billed twice",
    )


def rows_have_one_payment(ask: Ask) -> None:
    """A row of a file is one payment at the most, and a file that is read again adds nothing."""
    holds(not ask("SELECT 1 FROM money_row GROUP BY key HAVING count(*) > 1"), "a row is there twice")
    holds(
        not ask(
            "SELECT 1 FROM payment WHERE row_id IS NOT NULL AND reversed_on IS NULL GROUP BY row_id HAVING count(*) > 1"
        ),
        "two payments of one row",
    )
    for row, state, payment in ask(
        "SELECT r.id, r.state, p.id FROM money_row r LEFT JOIN payment p ON p.id = r.payment_id"
    ):
        holds((state == "matched") == (payment is not None), "a row's state", row, state, payment)


def receipts_stay(ask: Ask, receipts: Receipts) -> None:
    """No number is given twice, and what was printed once stays as it was; lines are the payment to the fen."""
    seen: dict[str, str] = {}
    for row_id, number, payment, fen, lines, printed in ask(
        "SELECT r.id, r.number, r.payment_id, r.amount_fen, r.lines, p.amount_fen FROM receipt r JOIN payment p ON p.id = r.payment_id"
    ):
        holds(seen.setdefault(number, row_id) == row_id, "a number was given twice", number)
        told = json.loads(lines)
        said = (number, payment, fen, json.dumps(told, sort_keys=True))
        holds(receipts.setdefault(row_id, said) == said, "a receipt changed", receipts[row_id], said)
        whole = sum(line["fen"] for line in told)
        holds(whole == fen == printed, "a receipt does not add up", number, whole, fen, printed)


def nothing_is_a_float(ask: Ask) -> None:
    """No amount is a float: in no row and in no payload."""

    def refuse(text: str) -> float:
        raise Broken("a float", text)

    for table in (
        "bill",
        "payment",
        "allocation",
        "receipt",
        "refund",
        "expense",
        "movement",
        "hand_in",
        "money_row",
        "bill_run",
    ):
        for row in ask(f"SELECT * FROM {table}"):  # noqa: S608  # names written here
            for cell in row:
                holds(not isinstance(cell, float), "a float", table, cell)
                if isinstance(cell, str) and cell.startswith(("[", "{")):
                    json.loads(cell, parse_float=refuse)
    for (payload,) in ask(
        "SELECT payload FROM operation WHERE kind GLOB 'fee.*' OR kind GLOB 'payment.*' OR kind GLOB 'expense.*'"
    ):
        json.loads(payload, parse_float=refuse)


def books_say_the_same(ask: Ask, standing: dict[str, int]) -> None:
    """Claims, advances and suspense in the books are what bills and payments say."""
    [(owed,)] = ask("SELECT coalesce(sum(owed_fen), 0) FROM bill")
    [(free,)] = ask("SELECT coalesce(sum(free_fen), 0) FROM payment WHERE household_id IS NOT NULL")
    [(unclear,)] = ask(
        "SELECT coalesce(sum(amount_fen), 0) FROM payment WHERE household_id IS NULL AND reversed_on IS NULL"
    )
    books = (standing.get(RECEIVABLE, 0), -standing.get(ADVANCE, 0), -standing.get(SUSPENSE, 0))
    holds(books == (owed, free, unclear), "the books say otherwise", books, (owed, free, unclear))
    holds(sum(standing.values()) == 0, "the books do not balance", standing)


def totals_agree(store: Store, compound: UUID) -> None:
    """By building, by volunteer and by item a period comes to the same; and the months together are the year."""
    year = defaultdict(int)
    with store.read() as session:
        for period in (*cycles_over(Cycle.MONTH, YEAR), YEAR):
            tables = [rates(session, compound, period, by=by, today=FIRST) for by in By]
            totals = {(table.total.billed_fen, table.total.received_fen) for table in tables}
            for table in tables:
                lines = [line.tally for line in table.lines]
                totals.add((sum(line.billed_fen for line in lines), sum(line.received_fen for line in lines)))
            holds(len(totals) == 1, "totals differ", period, totals)
            [(billed, received)] = totals
            year["billed", period == YEAR] += billed
            year["received", period == YEAR] += received
        span = "reversed_on IS NULL AND kind = 'charge'"
        sql = f"SELECT coalesce(sum(amount_fen), 0), coalesce(sum(paid_fen), 0) FROM bill WHERE {span}"  # noqa: S608
        [bills] = session.connection().exec_driver_sql(sql)
        for whole in (False, True):
            holds(
                (year["billed", whole], year["received", whole]) == tuple(bills),
                "the year's totals",
                year,
                bills,
            )


def heard_again(laptop: Laptop, rows: list[dict[str, Any]]) -> None:
    """Payments that are recorded once more, and a file that is read once more, change no row of money."""
    money = ("bill", "payment", "allocation", "money_row")

    def standing() -> dict[str, object]:
        told = dump(laptop.store, laptop.compound_id)
        return {table: told.get(table) for table in money}

    before = standing()
    if rows:
        laptop.together(Intent("payment.import", {"platform": "wechat", "rows": rows}))
    for kind, payload in laptop.ask(
        "SELECT kind, payload FROM operation WHERE kind IN ('payment.record', 'payment.bring')"
        " AND verdict IN ('accepted', 'merged') ORDER BY n"
    ):
        laptop.together(Intent(kind, json.loads(payload)))
    after = standing()
    holds(
        after == before, "heard again, something changed", [one for one in money if after[one] != before[one]]
    )
