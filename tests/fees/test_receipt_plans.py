"""What the rooms of receipts and cash cost: an index leads to what is shown."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from simulation.devices import MORNING, Laptop
from simulation.plans import plans, read_whole
from sqlmodel import Session

from models.fees import queries_cash as cash
from models.fees import queries_receipts as receipts
from models.fees.queries_receipts import ReceiptAsked

GROWING = ("payment", "receipt", "hand_in")


def test_receipts_and_what_one_person_has_in_hand_are_found_by_an_index(laptop: Laptop) -> None:
    for _ in range(3):
        laptop.do("payment.record", fen=900, receipt=str(laptop.ids()), id=str(laptop.ids()))
    laptop.do("payment.hand_in", fen=900, id=str(laptop.ids()))
    [(number, receipt, payment)] = laptop.ask("SELECT number, id, payment_id FROM receipt LIMIT 1")
    me = laptop.person_id
    newest, one = ReceiptAsked(), ReceiptAsked(text=number)
    questions: dict[str, Callable[[Session, UUID], object]] = {
        "count": lambda s, c: receipts.count_receipts(s, c, newest),
        "days": lambda s, c: receipts.count_receipts(s, c, ReceiptAsked(since=MORNING)),
        "number": lambda s, c: receipts.find_receipts(s, c, one),
        "page of a number": lambda s, c: receipts.page_receipts(s, c, one),
        "card": lambda s, c: receipts.receipt_sheets(s, c, [UUID(receipt)]),
        "of a payment": lambda s, c: receipts.receipts_of_payment(s, c, UUID(payment)),
        "checking": lambda s, c: receipts.check_receipt(s, c, number),
        "my cash": lambda s, c: cash.cash_of_person(s, c, me),
        "since": lambda s, c: cash.cash_since(s, c, me, MORNING, limit=50),
        "how much since": lambda s, c: cash.count_cash_since(s, c, me, MORNING),
    }
    found = {
        name: [step for plan in plans(laptop, question) for step in read_whole(plan, GROWING)]
        for name, question in questions.items()
    }
    assert {name: steps for name, steps in found.items() if steps} == {}
    pages: tuple[Callable[[Session, UUID], object], ...] = (
        lambda s, c: receipts.page_receipts(s, c, newest),
        cash.page_hand_ins,
    )
    # A page goes along the index of its order and ends where it is full: at most those of one moment are sorted.
    assert [plan for page in pages for plan in plans(laptop, page) if "B-TREE FOR ORDER BY" in plan] == []
