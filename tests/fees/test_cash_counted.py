"""What a collector should have in hand is what the books say of their account, whatever happened."""

from __future__ import annotations

from datetime import date
from random import Random
from typing import Any
from uuid import UUID

import pytest
from account_books import Books
from simulation.devices import Laptop
from simulation.pair import person

from models.fees.queries_accounts import balances
from models.fees.queries_cash import (
    box_held,
    cash_held,
    cash_of_person,
    cash_since,
    count_cash_since,
    count_hand_ins,
    hand_in_line,
    page_hand_ins,
)
from models.fees.rules import BOX, cash_of

LATER = date(2100, 1, 1)


def pay(laptop: Laptop, fen: int, method: str = "cash") -> str:
    row_id = str(laptop.ids())
    payload: dict[str, Any] = {"id": row_id, "fen": fen, "method": method, "receipt": str(laptop.ids())}
    laptop.do("payment.record", payload, receipt_no=None)
    return row_id


def held(laptop: Laptop) -> dict[str, int]:
    with laptop.store.read() as session:
        return {one.collector: one.fen for one in cash_held(session, laptop.compound_id)}


@pytest.mark.parametrize("seed", range(3))
def test_after_anything_that_happens_cash_is_what_the_journal_says(laptop: Laptop, seed: int) -> None:
    books = Books(laptop, Random(seed))
    assert books.second is not None
    cash = (cash_of(laptop.person_id), cash_of(books.second.person_id), cash_of(None))
    books.places += cash[:2]  # money is moved into collectors' hands, and spent out of them, too
    books.go(70)
    with laptop.store.read() as session:
        found = cash_held(session, laptop.compound_id)
        box = box_held(session, laptop.compound_id)
        kept = balances(session, laptop.compound_id, LATER)
        for one in found:
            if one.collector_id is not None:
                assert cash_of_person(session, laptop.compound_id, one.collector_id) == one
    told = {cash_of(one.collector_id): one.fen for one in found} | {BOX: box.fen}
    assert {account: fen for account, fen in told.items() if fen} == {
        account: fen for account, fen in kept.items() if account in {*cash, BOX}
    }
    assert any(one.other_fen for one in found)


def test_cash_is_in_the_hands_of_who_took_it_until_it_is_handed_in_or_taken_back(laptop: Laptop) -> None:
    laptop.do("person.add", id=str(laptop.ids()), name="李委员")
    laptop.do("role.grant", person="李委员", role="committee", since="2020-01-01")
    wrong = pay(laptop, 5_000)
    pay(laptop, 12_000)
    pay(laptop, 70_000, "wechat")
    assert held(laptop) == {"王德胜": 17_000}
    request = str(laptop.ids())
    laptop.do("payment.ask_reversal", id=request, payment=wrong, reason="收错人")
    laptop.person_id, director = person(laptop, "李委员"), laptop.person_id
    laptop.do("payment.reverse", reversal=request)
    pay(laptop, 300)
    assert held(laptop) == {"王德胜": 12_000, "李委员": 300}
    laptop.person_id = director
    laptop.do(
        "payment.hand_in",
        id=str(laptop.ids()),
        fen=11_950,
        expected_fen=12_000,
        to="李委员",
        counts={"5000": 2, "1950": 1},
    )
    assert held(laptop) == {"李委员": 300, "王德胜": 50}
    with laptop.store.read() as session:
        assert box_held(session, laptop.compound_id).fen == 11_950


def test_what_was_taken_since_the_last_hand_in_is_told_newest_first(laptop: Laptop) -> None:
    pay(laptop, 100)
    laptop.do("payment.hand_in", id=str(laptop.ids()), fen=100, expected_fen=100)
    mine = [pay(laptop, fen) for fen in (200, 300)]
    pay(laptop, 400, "bank")
    with laptop.store.read() as session:
        compound, me = laptop.compound_id, laptop.person_id
        last = cash_of_person(session, compound, me).last_at
        lines = cash_since(session, compound, me, last, limit=10)
        assert [str(line.id) for line in lines] == list(reversed(mine))
        assert count_cash_since(session, compound, me, last) == 2
        assert count_cash_since(session, compound, me, None) == 3
        assert cash_of_person(session, compound, laptop.ids()).fen == 0


def test_a_hand_in_keeps_who_gave_took_and_counted_and_what_differs(laptop: Laptop) -> None:
    laptop.do("person.add", id=str(laptop.ids()), name="刘会计")
    laptop.do("role.grant", person="刘会计", role="treasurer", since="2020-01-01")
    pay(laptop, 10_000)
    row_id = laptop.ids()
    laptop.do(
        "payment.hand_in",
        id=str(row_id),
        fen=9_900,
        expected_fen=10_000,
        to="刘会计",
        counts={"5000": 1, "4900": 1},
    )
    with laptop.store.read() as session:
        (waiting,) = cash_held(session, laptop.compound_id)
    assert (waiting.fen, waiting.waiting) == (100, 1)
    laptop.person_id = person(laptop, "刘会计")
    laptop.do("payment.confirm_hand_in", hand_in=str(row_id), fen=9_800, words="少一张")
    with laptop.store.read() as session:
        (line,) = page_hand_ins(session, laptop.compound_id)
        assert hand_in_line(session, laptop.compound_id, row_id) == line
        assert hand_in_line(session, laptop.compound_id, UUID(int=0)) is None
        assert count_hand_ins(session, laptop.compound_id) == 1
    assert (line.collector, line.to, line.confirmed_by) == ("王德胜", "刘会计", "刘会计")
    assert (line.over_fen, line.found_over_fen, line.words) == (-100, -100, "少一张")
    assert laptop.ask("SELECT code FROM flag") == [("fee.count_differs",)]
