"""The demo's fees: three years of bills of which ever more are paid, receipts that add up to the fen, and what has to be looked at."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from demos import WHENEVER, Demos
from simulation.devices import MORNING

from models.demo.fees_payers import (
    AWAY,
    GRIEVED,
    HARDSHIP,
    PROMISE_BROKEN,
    PROMISE_KEPT,
    PROMISED_TODAY,
    REFUSED,
    TAKEN_BACK,
    TWICE,
    WRONGLY_BILLED,
)
from models.fees.billing import draw_up
from models.fees.derivation import charge_of
from models.fees.entries import check
from models.fees.money import half_up
from models.fees.periods import Period, months_in, months_later
from models.fees.queries_accounts import balances, entries
from models.fees.queries_accounts_statement import statement_figures
from models.fees.queries_billing import billing_ground
from models.fees.queries_rates import latest_period, trend
from models.fees.receipt_code import parse_number
from models.store import Store

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOON = (MORNING + timedelta(hours=3)).astimezone(SHANGHAI)


@dataclass(frozen=True)
class Made:
    """A demo made at an instant."""

    store: Store
    compound_id: UUID
    now: datetime

    def ask(self, sql: str, *params: object) -> list[Any]:
        with self.store.read() as session:
            return [tuple(row) for row in session.connection().exec_driver_sql(sql, params)]

    def one(self, sql: str, *params: object) -> Any:
        ((found,),) = self.ask(sql, *params)
        return found


def make(folder: Path, demos: Demos, now: datetime) -> Iterator[Made]:
    store, compound_id = demos.opened(folder / "demo.linli", now)
    yield Made(store, compound_id, now)
    store.close()


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, demos: Demos) -> Iterator[Made]:
    yield from make(tmp_path_factory.mktemp("fees"), demos, NOON)


def test_the_rate_climbs_each_quarter_from_thirty_eight_to_eighty_seven_of_a_hundred(made: Made) -> None:
    with made.store.read() as session:
        last = latest_period(session, made.compound_id, made.now.date())
        assert last is not None
        climb = trend(session, made.compound_id, last, 20)
    assert len(climb) == 12
    rates = [tally.rate or 0 for _, tally in climb]
    assert all(before < after for before, after in pairwise(rates))
    assert 375_000 <= rates[0] <= 390_000
    assert 860_000 <= rates[-1] <= 880_000
    assert all(before.end == after.first for (before, _), (after, _) in pairwise(climb))


def test_every_bill_is_what_a_billing_run_would_draw_up_today(made: Made) -> None:
    """To the fen and with the same derivation; but for the one that was misread, which is reversed."""
    with made.store.read() as session:
        for since, until in made.ask("SELECT since, until FROM bill_run WHERE bills > 1"):
            period = Period(date.fromisoformat(since), date.fromisoformat(until))
            ground = billing_ground(session, made.compound_id, period, today=made.now.date())
            drawn = draw_up(replace(ground, billed={}), period, late=False)
            standing = made.ask(
                "SELECT b.household_id, b.item_id, b.since, b.gross_fen, b.discount_fen, b.amount_fen, b.tariff_id, b.sums"
                " FROM bill b JOIN charge_item i ON i.id = b.item_id WHERE b.reversed_on IS NULL"
                " AND b.since >= ? AND b.since < ? AND i.formula <> 'meter'",
                since,
                until,
            )
            told = {
                (
                    line.place.household_id.hex,
                    line.place.item_id.hex,
                    line.since.isoformat(),
                    line.gross_fen,
                    line.discount_fen,
                    line.amount_fen,
                    line.tariff_id.hex if line.tariff_id else None,
                    json.dumps(line.sums, sort_keys=True),
                )
                for line in drawn.lines
                if line.item != "门面水费"
            }
            assert {
                (*row[:-1], json.dumps(json.loads(row[-1]), sort_keys=True)) for row in standing
            } == told, period


def test_each_fen_of_every_bill_follows_from_its_own_lines(made: Made) -> None:
    for sums, gross, discount, amount in made.ask(
        "SELECT sums, gross_fen, discount_fen, amount_fen FROM bill"
    ):
        charge = charge_of(json.loads(sums))
        exact = sum(part.exact for part in charge.parts)
        assert half_up(exact.numerator, exact.denominator) == gross == charge.gross_fen
        assert sum(less.fen for less in charge.discounts) == discount
        assert gross - discount == amount


def test_every_receipt_adds_up_to_the_fen_and_bears_a_number_of_its_own(made: Made) -> None:
    receipts = made.ask(
        "SELECT number, amount_fen, lines, payment_id, collector FROM receipt ORDER BY issued_at"
    )
    assert len(receipts) >= 20
    for number, fen, lines, payment, _ in receipts:
        assert parse_number(number) == number
        told = json.loads(lines)
        assert (
            sum(line["fen"] for line in told)
            == fen
            == made.one("SELECT amount_fen FROM payment WHERE id = ?", payment)
        )
        for line in told:
            if line["bill"] is None:
                continue
            sums = charge_of(line["sums"])
            assert sums.gross_fen == line["billed_fen"]
            assert sums.discount_fen == line["discount_fen"]
            paid_before = sums.amount_fen - line["fen"] - line["left_fen"]
            assert paid_before >= 0
    assert len({number for number, *_ in receipts}) == len(receipts)
    assert len({collector for *_, collector in receipts}) == 2
    series = [number for number, *_ in receipts if number[3:6] != "M4T"]
    assert [int(number[7:]) for number in series] == list(range(1, len(series) + 1))


def test_one_bill_is_collected_twice_and_what_is_too_much_is_credit(made: Made) -> None:
    (flag,) = made.ask("SELECT params FROM flag WHERE code = 'payment.paid_twice'")
    first, second = made.ask(
        "SELECT p.amount_fen, p.free_fen, r.lines FROM payment p JOIN receipt r ON r.payment_id = p.id"
        " JOIN household h ON h.id = p.household_id WHERE h.code = ? ORDER BY p.paid_at",
        TWICE,
    )
    assert json.loads(flag[0]) == {"code": TWICE, "fen": first[0]}
    assert (first[1], second[1]) == (0, second[0])
    assert first[0] == second[0]
    assert [line["bill"] for line in json.loads(first[2])] == [line["bill"] for line in json.loads(second[2])]


def test_what_a_door_owes_is_its_bills_less_what_was_paid_on_them(made: Made) -> None:
    for owed, paid, amount, allocated, is_reversed in made.ask(
        "SELECT b.owed_fen, b.paid_fen, b.amount_fen, coalesce(sum(a.fen), 0), b.reversed_on IS NOT NULL"
        " FROM bill b LEFT JOIN allocation a ON a.bill_id = b.id GROUP BY b.id"
    ):
        assert paid == allocated
        assert owed == (0 if is_reversed else amount - paid) >= 0
    for amount, free, allocated in made.ask(
        "SELECT p.amount_fen, p.free_fen, coalesce(sum(a.fen), 0) FROM payment p"
        " LEFT JOIN allocation a ON a.payment_id = p.id GROUP BY p.id"
    ):
        assert free == amount - allocated >= 0


def test_some_owe_with_a_grievance_and_some_without(made: Made) -> None:
    owing = {
        code
        for (code,) in made.ask(
            "SELECT DISTINCT h.code FROM bill b JOIN household h ON h.id = b.household_id WHERE b.owed_fen > 0"
        )
    }
    open_ones = {
        code
        for (code,) in made.ask(
            "SELECT DISTINCT h.code FROM ticket t JOIN household h ON h.id = t.household_id"
            " WHERE t.state IN ('reported', 'accepted', 'in_progress', 'waiting', 'reopened')"
        )
    }
    assert len(owing & open_ones & set(GRIEVED)) >= 4
    assert {PROMISED_TODAY, PROMISE_BROKEN, HARDSHIP, REFUSED, AWAY} <= owing - open_ones


def test_promises_come_due_today_were_broken_and_kept(made: Made) -> None:
    promised = dict(
        made.ask(
            "SELECT h.code, d.promise_on FROM dunning d JOIN household h ON h.id = d.household_id WHERE d.promise_on IS NOT NULL"
        )
    )
    today = made.now.date()
    assert promised[PROMISED_TODAY] == today.isoformat()
    assert promised[PROMISE_BROKEN] < today.isoformat()
    assert promised[PROMISE_KEPT] < today.isoformat()

    def owed(code: str) -> int:
        return int(
            made.one(
                "SELECT sum(b.owed_fen) FROM bill b JOIN household h ON h.id = b.household_id WHERE h.code = ?",
                code,
            )
        )

    assert owed(PROMISE_KEPT) == 0
    assert min(owed(PROMISED_TODAY), owed(PROMISE_BROKEN), owed(HARDSHIP)) > 0


def test_concessions_wait_and_were_granted_by_somebody_else(made: Made) -> None:
    rows = made.ask("SELECT kind, state, asked_by_id = decided_by_id FROM concession ORDER BY kind, state")
    assert rows == [("deferral", "done", 0), ("discount", "asked", None), ("discount", "done", 0)]
    assert made.one("SELECT count(*) FROM bill WHERE discount_fen > 0") == 2


def test_one_wrong_bill_was_reversed_and_issued_again(made: Made) -> None:
    rows = made.ask(
        "SELECT b.amount_fen, b.paid_fen, b.reversal_reason FROM bill b JOIN household h ON h.id = b.household_id"
        " WHERE h.code = ? AND (b.reversed_on IS NOT NULL OR b.note <> '') ORDER BY b.reversed_on IS NULL",
        WRONGLY_BILLED,
    )
    (wrong, unpaid, why), (right, paid, _) = rows
    assert (unpaid, why) == (0, "建筑面积抄错")
    assert right == paid < wrong


def test_something_waits_for_a_second_person_or_for_an_owner(made: Made) -> None:
    assert made.ask(
        "SELECT r.state, h.code FROM reversal r JOIN payment p ON p.id = r.payment_id JOIN household h ON h.id = p.household_id"
    ) == [("asked", TAKEN_BACK)]
    assert made.one("SELECT count(*) FROM payment WHERE household_id IS NULL") == 1
    states = dict(made.ask("SELECT state, count(*) FROM expense GROUP BY state"))
    assert states.keys() == {"asked", "approved", "paid"}
    assert (states["asked"], states["approved"]) == (1, 1)
    rows = made.ask("SELECT state, direction FROM money_row")
    assert len(rows) >= 6
    assert {state for state, _ in rows} == {"open"}
    assert {direction for _, direction in rows} == {"in", "out"}


def test_expenses_were_approved_by_others_and_the_largest_by_two(made: Made) -> None:
    for fen, hands, own in made.ask(
        "SELECT e.fen, count(a.id), sum(a.person_id = e.asked_by_id) FROM expense e"
        " JOIN expense_approval a ON a.expense_id = e.id WHERE e.state = 'paid' GROUP BY e.id"
    ):
        assert hands == (2 if fen > 500_000 else 1)
        assert own == 0
    assert made.one("SELECT count(*) FROM expense WHERE fen > 500000 AND state = 'paid'") == 1


def test_cash_is_in_the_box_and_in_one_collectors_hands_still(made: Made) -> None:
    with made.store.read() as session:
        standing = balances(session, made.compound_id, made.now.date() + timedelta(days=1))
    assert all(fen >= 0 for account, fen in standing.items() if account.startswith("assets:"))
    assert standing["assets:box"] > 0
    cash = [fen for account, fen in standing.items() if account.startswith("assets:cash:")]
    assert max(cash) > 100_000


def test_the_journal_balances_entry_by_entry(made: Made) -> None:
    with made.store.read() as session:
        journal = list(entries(session, made.compound_id, until=made.now.date() + timedelta(days=1)))
    assert check(journal) == ()
    assert len(journal) > 2_000


def test_one_quarter_is_public_closed_and_as_the_books_say_it_still(made: Made) -> None:
    ((since, until, figures),) = made.ask("SELECT since, until, figures FROM statement")
    assert made.ask("SELECT until FROM closing") == [(until,)]
    period = Period(date.fromisoformat(since), date.fromisoformat(until))
    assert len(months_in(period)) == 3
    with made.store.read() as session:
        again = statement_figures(session, made.compound_id, period.first, period.end)
    told = json.loads(figures)
    changing = {"paid_fen", "rate_ppm"}  # what was paid for it since

    def fixed(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: fixed(one) for key, one in value.items() if key not in changing}
        return [fixed(one) for one in value] if isinstance(value, list) else value

    assert fixed(told) == fixed(json.loads(json.dumps(again)))


def test_no_amount_anywhere_is_a_float(made: Made) -> None:
    tables = (
        "bill",
        "payment",
        "allocation",
        "receipt",
        "expense",
        "movement",
        "hand_in",
        "money_row",
        "tariff",
        "statement",
    )
    for table in tables:
        for row in made.ask(f"SELECT * FROM {table}"):  # noqa: S608  # names written here
            assert not any(isinstance(cell, float) for cell in row), table
    texts = [
        *(
            row[0]
            for row in made.ask(
                "SELECT payload FROM operation WHERE kind GLOB 'fee.*' OR kind GLOB 'payment.*' OR kind GLOB 'expense.*'"
            )
        ),
        *(
            row[0]
            for row in made.ask(
                "SELECT sums FROM bill UNION ALL SELECT lines FROM receipt UNION ALL SELECT figures FROM statement"
            )
        ),
    ]

    def no_float(text: str) -> float:
        raise AssertionError(text)

    for text in texts:
        json.loads(text, parse_float=no_float)


@pytest.mark.parametrize("now", WHENEVER[1:], ids=str)
def test_whenever_it_is_made_it_is_the_same_three_years(
    tmp_path_factory: pytest.TempPathFactory, demos: Demos, now: datetime
) -> None:
    for made in make(tmp_path_factory.mktemp("whenever"), demos, now):
        test_the_rate_climbs_each_quarter_from_thirty_eight_to_eighty_seven_of_a_hundred(made)
        test_cash_is_in_the_box_and_in_one_collectors_hands_still(made)
        test_the_journal_balances_entry_by_entry(made)
        test_promises_come_due_today_were_broken_and_kept(made)
        assert made.one("SELECT max(until) FROM bill_run") <= months_later(now.date(), 3).isoformat()
        assert (
            made.one("SELECT count(*) FROM receipt WHERE paid_at > ?", now.astimezone(UTC).isoformat(" "))
            == 0
        )
        assert made.one("SELECT count(*) FROM operation WHERE happened_at > made_at") == 0
