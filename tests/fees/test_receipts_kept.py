"""A receipt's number is given once and never changes; what stands on it is checked part by part."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from simulation.devices import Ids, Laptop, other_process
from simulation.pair import Pair, make_pair, person
from sqlalchemy import update

from models.fees.derivation import Formula
from models.fees.periods import period_of
from models.fees.queries_receipts import (
    Checked,
    ReceiptAsked,
    ReceiptSheet,
    check_receipt,
    count_receipts,
    every_receipt,
    find_receipts,
    page_receipts,
    receipt_sheets,
    receipts_by_id,
    receipts_numbered,
    receipts_of_payment,
)
from models.fees.tables_money import Receipt
from models.fees.tariffs import Rule, charge
from models.operations.envelope import Intent
from models.operations.perform import perform
from models.replication.identity import become
from models.store import Store, open_store
from models.tables import table_of

DOOR, OTHER_DOOR = "3-1-502", "11-1-502"
QUARTER = period_of("2026-Q1")
SUMS = charge([Rule(UUID(int=1), 1, Formula.AREA, 12_000, date(2020, 1, 1))], QUARTER, quantity=8950)


@pytest.fixture
def desk(laptop: Laptop) -> Laptop:
    furnish(laptop)
    return laptop


def furnish(laptop: Laptop) -> None:
    for code in (DOOR, OTHER_DOOR):
        laptop.do("household.add", code=code, area=8950)
    laptop.do("fee.add_item", name="物业费", formula="area", cycle="quarter")
    line: dict[str, Any] = {
        "item": "物业费",
        "since": "2026-01-01",
        "until": "2026-04-01",
        "sums": SUMS.sums(),
    }
    line |= {"gross_fen": SUMS.gross_fen, "amount_fen": SUMS.amount_fen}
    rows = [line | {"household": code} for code in (DOOR, OTHER_DOOR)]
    laptop.do("fee.issue", since="2026-01-01", until="2026-04-01", rows=rows)


def pay(laptop: Laptop, fen: int = 32_220, door: str = DOOR, **more: Any) -> UUID:
    """Record a payment, and return its receipt's id."""
    receipt: UUID = laptop.ids()
    payload = {"id": str(laptop.ids()), "household": door, "fen": fen, "receipt": str(receipt), **more}
    laptop.do("payment.record", payload)
    return receipt


def numbers(laptop: Laptop) -> list[str]:
    return [str(number) for (number,) in laptop.ask("SELECT number FROM receipt ORDER BY number")]


def sheet(laptop: Laptop, receipt: UUID) -> ReceiptSheet:
    with laptop.store.read() as session:
        (found,) = receipt_sheets(session, laptop.compound_id, [receipt])
    return found


def check(laptop: Laptop, text: str) -> Checked:
    with laptop.store.read() as session:
        return check_receipt(session, laptop.compound_id, text)


class PowerCutError(Exception):
    """What ends a write before it is committed."""


# -- numbers ---------------------------------------------------------------------------------


def test_a_write_that_breaks_before_it_is_committed_gives_its_number_back(desk: Laptop) -> None:
    pay(desk, 100)
    intent = Intent("payment.record", {"id": str(desk.ids()), "fen": 5, "receipt": str(desk.ids())})

    def cut_off() -> None:
        with desk.store.write() as session:
            assert perform(session, [intent], desk.acting).refused is None
            raise PowerCutError

    with pytest.raises(PowerCutError):
        cut_off()
    pay(desk, 200)
    assert [number[-6:] for number in numbers(desk)] == ["000001", "000002"]


KILLED = """
import os, signal, sys
from pathlib import Path
from uuid import UUID
from simulation.devices import Ids, Laptop
from models.operations.envelope import Intent
from models.operations.perform import perform
from models.operations.registry import load_kinds
from models.store import open_store
load_kinds()
ids = Ids("killed")
store = open_store(Path(sys.argv[1]), new_id=ids)
laptop = Laptop(store, UUID(sys.argv[2]), UUID(sys.argv[3]), ids=ids)
with store.write() as session:
    made = perform(session, [Intent("payment.record", {"id": str(ids()), "fen": 5, "receipt": str(ids())})], laptop.acting)
    print(made.operations[0].payload["receipt_no"], flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there nobody is killed by a signal")
def test_a_process_killed_before_it_commits_leaves_no_number_behind(desk: Laptop) -> None:
    pay(desk, 100)
    ids = (str(desk.compound_id), str(desk.person_id))
    dead = subprocess.run(
        [sys.executable, "-c", KILLED, str(desk.path), *ids],
        env=other_process(),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert dead.returncode == -9, dead.stderr
    lost = dead.stdout.strip()
    assert lost[-6:] == "000002"
    pay(desk, 200)
    assert numbers(desk) == [lost[:-6] + "000001", lost]


def test_two_apps_on_one_store_never_give_one_number_twice(desk: Laptop) -> None:
    """Both count in the store, in the transaction that writes the payment."""
    other = Laptop(
        open_store(desk.path, new_id=Ids("other app")), desk.compound_id, desk.person_id, ids=Ids("o")
    )
    with ThreadPoolExecutor(2) as apps:
        done = [apps.submit(pay, app, 100) for _ in range(10) for app in (desk, other)]
    assert all(one.exception() is None for one in done)
    other.store.close()
    assert [number[-6:] for number in numbers(desk)] == [f"{n:06d}" for n in range(1, 21)]


def test_a_copied_store_that_becomes_another_device_begins_another_series(pair: Pair) -> None:
    pay(pair.a, 100)
    (first,) = numbers(pair.a)
    with pair.a.store.write() as session:
        become(session, pair.a.ids())
    pay(pair.a, 200)
    pay(pair.a, 300)
    (series,) = {number[:6] for number in numbers(pair.a)} - {first[:6]}
    assert sorted(numbers(pair.a)) == sorted([first, f"{series}-000001", f"{series}-000002"])


@pytest.fixture
def pair(open_here: Callable[..., Store]) -> Pair:
    made = make_pair(open_here)
    furnish(made.a)
    made.meet()
    return made


def test_two_laptops_apart_number_in_series_of_their_own_and_both_keep_them(pair: Pair) -> None:
    pay(pair.a, 100)
    pay(pair.b, 100, OTHER_DOOR)
    (here,), (there,) = numbers(pair.a), numbers(pair.b)
    assert here != there
    assert here[-6:] == there[-6:] == "000001"
    pair.meet()
    pay(pair.b, 100)
    pair.meet()
    assert numbers(pair.a) == sorted([here, there, there[:-1] + "2"])


def test_numbers_begin_anew_with_the_year(desk: Laptop) -> None:
    pay(desk)
    desk.clock.now = datetime(2026, 12, 31, 16, 30, tzinfo=UTC)  # already 2027 in Shanghai
    pay(desk, 100)
    assert [number[:2] + number[-6:] for number in numbers(desk)] == ["26000001", "27000001"]


def test_a_number_never_changes_whatever_becomes_of_its_payment(desk: Laptop) -> None:
    desk.do("person.add", id=str(desk.ids()), name="李委员")
    desk.do("role.grant", person="李委员", role="committee", since="2020-01-01")
    receipt = pay(desk)
    before = sheet(desk, receipt)
    [(payment,)] = desk.ask("SELECT id FROM payment")
    desk.do("payment.reprint", receipt=str(receipt))
    desk.do("payment.void_receipt", receipt=str(receipt), reason="写错了")
    again = desk.ids()
    desk.do("payment.write_receipt", payment=str(UUID(payment)), receipt=str(again))
    request = str(desk.ids())
    desk.do("payment.ask_reversal", id=request, payment=str(UUID(payment)), reason="收错人")
    desk.person_id = person(desk, "李委员")
    desk.do("payment.reverse", reversal=request)
    after = sheet(desk, receipt)
    assert (after.line.number, after.items, after.digest) == (before.line.number, before.items, before.digest)
    assert (after.line.copies, after.line.void_reason) == (1, "写错了")
    anew = sheet(desk, again)
    assert anew.line.number[-6:] == "000002"
    assert anew.line.voided_at is not None
    with desk.store.read() as session:
        told = receipts_of_payment(session, desk.compound_id, before.line.payment_id)
    assert [one.id for one in told] == [receipt, again]
    assert check(desk, anew.qr).reversed_on is not None


# -- checking --------------------------------------------------------------------------------


def test_a_genuine_receipt_agrees_in_every_part(desk: Laptop) -> None:
    made = sheet(desk, pay(desk))
    found = check(desk, made.qr)
    assert found.holds
    assert [part.code for part in found.parts] == [
        "paid_on",
        "amount",
        "door",
        "digest",
        "lines_sum",
        "payment",
    ]
    assert made.items[0].sums == SUMS.sums()


@pytest.mark.parametrize(
    ("part", "old", "new"),
    [
        ("paid_on", "/2026-03-02/", "/2026-03-03/"),
        ("amount", "/322.20/", "/322.21/"),
        ("door", "/3-1-502/", "/3-1-503/"),
    ],
)
def test_a_part_altered_on_the_paper_is_named_with_what_both_say(
    desk: Laptop, part: str, old: str, new: str
) -> None:
    made = sheet(desk, pay(desk))
    assert old in made.qr
    found = check(desk, made.qr.replace(old, new))
    assert not found.holds
    assert [one.code for one in found.differing] == [part]


def test_another_number_on_the_paper_is_unknown_or_is_another_receipt(desk: Laptop) -> None:
    first, second = sheet(desk, pay(desk)), sheet(desk, pay(desk, 100, OTHER_DOOR))
    found = check(desk, first.qr.replace("-000001/", "-000002/"))
    assert found.sheet is not None
    assert found.sheet.line.id == second.line.id
    assert {"amount", "door", "digest"} <= {part.code for part in found.differing}
    unknown = check(desk, first.qr.replace("-000001/", "-000009/"))
    assert (unknown.sheet, unknown.holds) == (None, False)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("number", "26-XXX-000001"),
        ("amount_fen", 32_219),
        ("door", "3-1-503"),
        ("paid_at", datetime(2026, 2, 1, 4, tzinfo=UTC)),
        ("lines", "item"),
        ("lines", "since"),
        ("lines", "fen"),
        ("lines", "left_fen"),
        ("lines", "note"),
        ("lines", "sums"),
    ],
)
def test_whatever_is_altered_in_the_store_no_longer_fits_the_paper(
    desk: Laptop, field: str, value: Any
) -> None:
    receipt = pay(desk)
    paper = sheet(desk, receipt)
    table = table_of(Receipt)
    with desk.store.write() as session:
        if field == "lines":
            [(kept,)] = session.connection().execute(table.select().with_only_columns(table.c.lines))
            old = kept[0][value]
            new: Any = (
                {"parts": []} if value == "sums" else old + 1 if isinstance(old, int) else f"{old}"[:-1] + "2"
            )
            value = [kept[0] | {value: new}]
        session.connection().execute(update(table).values({field: value}))
    found = check(desk, paper.qr)
    assert not found.holds
    assert found.sheet is None if field == "number" else "digest" in {part.code for part in found.differing}


def test_a_void_receipt_agrees_but_does_not_hold(desk: Laptop) -> None:
    receipt = pay(desk)
    desk.do("payment.void_receipt", receipt=str(receipt), reason="写错了")
    found = check(desk, sheet(desk, receipt).qr)
    assert (found.differing, found.holds) == ((), False)


def test_what_was_typed_or_sent_on_is_read_all_the_same(desk: Laptop) -> None:
    made = sheet(desk, pay(desk))
    number = made.line.number
    wide = "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in made.qr)
    for text in (
        f" {made.qr}\n",
        made.qr.lower(),
        wide,
        made.qr[:20] + "\n" + made.qr[20:],
        number,
        number.lower().replace("-", " "),
    ):
        assert check(desk, text).holds, text


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("hello", "receipt.number_unclear"),
        ("", "receipt.number_unclear"),
        ("a/b", "receipt.text_unclear"),
        ("LINLI1/26-K7Q-000001/2026-13-99/1.00/3-1-502/1AB", "receipt.text_unclear"),
        ("LINLI1/nothing/2026-01-01/1.00/3-1-502/1AB", "receipt.text_unclear"),
        ("LINLI1/26-K7Q-000001/2026-01-01/1.005/3-1-502/1AB", "receipt.text_unclear"),
    ],
)
def test_a_text_that_is_no_receipts_says_so_by_a_code(desk: Laptop, text: str, code: str) -> None:
    with pytest.raises(ValueError, match=code):
        check(desk, text)


def test_of_receipts_that_bear_one_number_the_one_that_fits_is_meant_and_the_other_is_told(
    desk: Laptop,
) -> None:
    first = sheet(desk, pay(desk))
    twin = pay(desk, 100, OTHER_DOOR, receipt_no=first.line.number)
    for one in (first, sheet(desk, twin)):
        found = check(desk, one.qr)
        assert found.sheet is not None
        assert (found.sheet.line.id, found.twins, found.holds) == (one.line.id, 1, True)


# -- finding ---------------------------------------------------------------------------------


def test_receipts_are_found_by_number_door_payer_collector_and_day(desk: Laptop) -> None:
    first = pay(desk, 100, payer="欧阳建平")
    desk.clock.now += timedelta(days=3)
    second = pay(desk, 200, OTHER_DOOR, payer="[/b]%")
    desk.do("payment.void_receipt", receipt=str(first), reason="写错了")
    number = sheet(desk, second).line.number

    def ids(asked: ReceiptAsked) -> list[UUID]:
        with desk.store.read() as session:
            found = find_receipts(session, desk.compound_id, asked).ids(0, 10)
            lines = page_receipts(session, desk.compound_id, asked)
            assert count_receipts(session, desk.compound_id, asked) == len(lines)
            assert receipts_by_id(session, desk.compound_id, found) == lines
        return [line.id for line in lines]

    both = [second, first]
    assert ids(ReceiptAsked()) == both
    for text, found in {
        number: [second],
        number.lower().replace("-", ""): [second],
        number[:6]: both,
        "3栋1单元502": [first],
        "3-1-502": [first],
        "11-1": [second],
        "欧阳": [first],
        "[/b]%": [second],
        "王德胜": both,
        "wds": both,
        "%": [second],
        "没有": [],
    }.items():
        assert ids(ReceiptAsked(text=text)) == found, text
    midnight = desk.clock.now - timedelta(hours=2)
    assert ids(ReceiptAsked(since=midnight)) == [second]
    assert ids(ReceiptAsked(until=midnight)) == [first]
    assert ids(ReceiptAsked(void=True)) == [first]
    assert ids(ReceiptAsked(collector="王德胜")) == both
    with desk.store.read() as session:
        assert [one.line.id for one in every_receipt(session, desk.compound_id)] == [first, second]
        assert receipts_numbered(session, desk.compound_id, "26-ZZZ-000001") == ()
