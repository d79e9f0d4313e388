"""Bills drawn up from a store, issued, issued again, corrected, and drawn up on two laptops at once."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from simulation.devices import Clock, Ids, Laptop
from sqlalchemy import event

from models.fees.billing import Run, draw_up, told
from models.fees.billing_ground import Ground
from models.fees.billing_intents import correct_intents, issue_intents
from models.fees.periods import Period, period_of
from models.fees.queries_billing import billing_ground
from models.operations.perform import Outcome
from models.store import Store
from sync import exchange

MARCH = period_of("2026-03")
TODAY = date(2026, 3, 2)


def settle(laptop: Laptop, doors: int = 3) -> None:
    """Give a compound three households, a charge by area, water by meters and a shared lamp."""
    for n in range(1, doors + 1):
        owner = {"person": str(laptop.ids()), "occupancy": str(laptop.ids()), "name": f"业主{n}"}
        laptop.do(
            "household.add",
            id=str(laptop.ids()),
            code=f"{n}-1-101",
            area=10_000,
            occupants=[owner] if n < 3 else [],
        )
    for name, formula, price in (
        ("物业费", "area", 10_000),
        ("水费", "meter", 30_000),
        ("公摊电费", "shared_household", 0),
    ):
        laptop.do("fee.add_item", id=str(laptop.ids()), name=name, formula=formula)
        laptop.do("fee.set_tariff", id=str(laptop.ids()), item=name, price=price, since="2025-01-01")
    laptop.do("fee.add_meter", id=str(laptop.ids()), code="S-1", item="水费", household_id="1-1-101")
    for day, reading in (("2026-01-31", 10_000), ("2026-02-28", 15_000)):
        laptop.do("fee.read_meter", id=str(laptop.ids()), meter="S-1", reading=reading, read_on=day)
    laptop.do(
        "fee.share_cost",
        id=str(laptop.ids()),
        item="公摊电费",
        since="2026-03-01",
        until="2026-04-01",
        fen=1000,
    )


@pytest.fixture
def town(laptop: Laptop) -> Laptop:
    settle(laptop)
    return laptop


def read(laptop: Laptop, period: Period = MARCH, today: date = TODAY, **narrowed: Any) -> Ground:
    with laptop.store.read() as session:
        return billing_ground(session, laptop.compound_id, period, today=today, **narrowed)


def drawn(
    laptop: Laptop, period: Period = MARCH, households: Collection[UUID] | None = None, **narrowed: Any
) -> Run:
    return draw_up(read(laptop, period, **narrowed), period, households)


def issue(laptop: Laptop, run: Run) -> Outcome:
    outcome = laptop.together(*issue_intents(run, run.lines, laptop.ids))
    assert outcome.refused is None, outcome.refused
    return outcome


def bills(laptop: Laptop) -> list[tuple[Any, ...]]:
    return laptop.ask(
        "SELECT h.code, i.name, b.since, b.amount_fen, b.owed_fen FROM bill b JOIN household h ON h.id = b.household_id"
        " JOIN charge_item i ON i.id = b.item_id WHERE b.reversed_on IS NULL ORDER BY h.code, i.position, i.name, b.since"
    )


def door(laptop: Laptop, code: str) -> UUID:
    [(row_id,)] = laptop.ask("SELECT id FROM household WHERE code = ?", code)
    return UUID(row_id)


def test_what_is_drawn_up_is_issued_as_it_was_looked_at(town: Laptop) -> None:
    run = drawn(town)
    assert [(line.door, line.item, line.amount_fen) for line in run.lines] == [
        ("1-1-101", "公摊电费", 334), ("1-1-101", "水费", 1500), ("1-1-101", "物业费", 10_000),
        ("2-1-101", "公摊电费", 333), ("2-1-101", "物业费", 10_000),
        ("3-1-101", "公摊电费", 333), ("3-1-101", "物业费", 10_000),
    ]  # fmt: skip
    assert told(run.oddities) == {"no_owner": 1}
    issue(town, run)
    assert [(row[0], row[1], row[3]) for row in bills(town)] == [
        (line.door, line.item, line.amount_fen) for line in run.lines
    ]
    assert town.ask("SELECT bills, fen FROM bill_run") == [(7, run.amount_fen)]


def test_running_again_adds_only_what_is_missing(town: Laptop) -> None:
    part = drawn(town, households={door(town, "2-1-101")})
    issue(town, part)
    rest = drawn(town)
    assert (len(rest.lines), rest.billed) == (5, 2)
    # Whoever drew it up before and issues it only now adds nothing either.
    issue(town, replace(rest, lines=(*part.lines, *rest.lines)))
    assert len(bills(town)) == 7
    assert drawn(town).lines == ()
    assert drawn(town, period_of("2026-03")).billed == 7


def test_a_run_is_narrowed_by_building_item_and_household(town: Laptop) -> None:
    [(building,)] = town.ask("SELECT building_id FROM household WHERE code = '3-1-101'")
    assert {line.door for line in drawn(town, buildings=[UUID(building)]).lines} == {"3-1-101"}
    [(item,)] = town.ask("SELECT id FROM charge_item WHERE name = '水费'")
    assert [line.item for line in drawn(town, items=[UUID(item)]).lines] == ["水费"]


def test_a_share_is_the_same_whichever_households_are_drawn_up(town: Laptop) -> None:
    with town.store.read() as session:
        one = billing_ground(
            session, town.compound_id, MARCH, today=TODAY, households=[door(town, "2-1-101")]
        )
    [share] = [line for line in draw_up(one, MARCH).lines if line.item == "公摊电费"]
    assert share.amount_fen == 333


def test_the_next_bill_of_a_meter_begins_where_the_last_one_ended(town: Laptop) -> None:
    issue(town, drawn(town))
    town.do("fee.read_meter", id=str(town.ids()), meter="S-1", reading=18_000, read_on="2026-04-30")
    [water] = [line for line in drawn(town, period_of("2026-04")).lines if line.item == "水费"]
    assert water.amount_fen == 900


def test_a_correction_takes_one_bill_back_and_issues_another(town: Laptop) -> None:
    issue(town, drawn(town))
    [(bill_id,)] = town.ask(
        "SELECT b.id FROM bill b JOIN charge_item i ON i.id = b.item_id WHERE i.name = '水费'"
    )
    town.do("fee.read_meter", id=str(town.ids()), meter="S-1", reading=16_000, read_on="2026-03-31")
    again = drawn(town, leaving_out=UUID(bill_id))
    [line] = [line for line in again.lines if line.item == "水费"]
    assert line.amount_fen == 1800
    outcome = town.together(*correct_intents(UUID(bill_id), line, "抄错了", town.ids))
    assert outcome.refused is None
    assert [row[3] for row in bills(town) if row[1] == "水费"] == [1800]
    assert town.ask("SELECT reversal_reason, owed_fen FROM bill WHERE reversed_on IS NOT NULL") == [
        ("抄错了", 0)
    ]
    assert drawn(town).lines == ()


def test_what_was_granted_is_taken_off_once_it_was_approved(town: Laptop) -> None:
    person = town.do("person.add", id=str(town.ids()), name="委员").rows
    committee = town.ask("SELECT id FROM person WHERE name = '委员'")[0][0]
    assert person is not None
    town.do("role.grant", person="委员", role="committee", since="2020-01-01")
    given = {
        "household": "2-1-101",
        "kind": "discount",
        "ppm": 500_000,
        "since": "2026-01-01",
        "reason": "低保",
    }
    concession = str(town.ids())
    town.do("fee.ask_concession", {"id": concession, **given})
    deferral = str(town.ids())
    town.do(
        "fee.ask_concession",
        {
            "id": deferral,
            **given,
            "kind": "deferral",
            "ppm": 0,
            "defer_until": "2026-09-01",
            "household": "1-1-101",
        },
    )
    assert all(not line.discount_fen for line in drawn(town).lines)
    other = replace(town, person_id=UUID(committee))
    for one in (concession, deferral):
        other.do("fee.approve_concession", concession=one)
    run = drawn(town)
    assert [line.discount_fen for line in run.lines if line.door == "2-1-101"] == [167, 5000]
    assert {line.due_on for line in run.lines if line.door == "1-1-101"} == {date(2026, 9, 1)}


def test_paying_late_is_charged_where_the_rule_says_so(town: Laptop) -> None:
    town.do("fee.add_item", id=str(town.ids()), name="车位管理费", formula="fixed")
    town.do(
        "fee.set_tariff",
        id=str(town.ids()),
        item="车位管理费",
        price=1_000_000,
        since="2025-01-01",
        late_ppm=1000,
    )
    november = period_of("2025-11")
    [item] = [UUID(row[0]) for row in town.ask("SELECT id FROM charge_item WHERE name = '车位管理费'")]
    issue(town, drawn(town, november, items=[item]))
    run = drawn(town, items=[item])
    late = [line for line in run.lines if line.kind == "late"]
    # Due on 2025-12-01; late for 90 days on 2026-03-01.
    assert {line.amount_fen for line in late} == {900}
    assert len(late) == 3
    town.do(
        "payment.record",
        id=str(town.ids()),
        household="1-1-101",
        fen=10_000,
        method="cash",
        receipt=str(town.ids()),
    )
    issue(town, run)
    assert [line for line in drawn(town, items=[item]).lines if line.kind == "late"] == []
    april = drawn(town, period_of("2026-04"), items=[item], today=date(2026, 4, 2))
    again = sorted(
        (line.door, line.since.month, line.amount_fen) for line in april.lines if line.kind == "late"
    )
    # Whoever paid on the second of March was late for one day more; March itself is due on its last day.
    assert again == [
        ("1-1-101", 3, 10), ("1-1-101", 12, 10),
        ("2-1-101", 3, 10), ("2-1-101", 12, 310),
        ("3-1-101", 3, 10), ("3-1-101", 12, 310),
    ]  # fmt: skip


def test_a_run_of_thousands_of_bills_is_a_few_operations_and_one_undo(town: Laptop) -> None:
    run = drawn(town, period_of("2026"))
    many = replace(run, lines=run.lines * 40)
    intents = issue_intents(many, many.lines, town.ids)
    assert [len(one.payload["rows"]) for one in intents[:-1]] == [400] * (len(intents) - 1)
    assert sum(len(one.payload["rows"]) for one in intents) == len(many.lines) > 800
    outcome = town.together(*issue_intents(run, run.lines, town.ids))
    assert town.undo(outcome.group_id).refused is None
    assert bills(town) == []
    assert drawn(town, period_of("2026")).lines == run.lines


def test_it_is_read_in_as_many_statements_however_many_households_there_are(town: Laptop) -> None:
    def statements() -> int:
        seen: list[str] = []

        def note(*args: Any) -> None:
            seen.append(str(args[2]))

        engine = town.store.engine
        event.listen(engine, "before_cursor_execute", note)
        try:
            drawn(town)
        finally:
            event.remove(engine, "before_cursor_execute", note)
        return len(seen)

    few = statements()
    for n in range(10, 40):
        town.do("household.add", id=str(town.ids()), code=f"{n}-1-101", area=5000)
    issue(town, drawn(town))
    assert statements() == few < 20


# -- two laptops -------------------------------------------------------------------------


def meet(server: Store, *laptops: Laptop) -> None:
    """Let laptops reach the server one after the other, until each holds what all have done."""
    for _ in range(2):
        for laptop in laptops:
            with laptop.store.read() as session:
                push = exchange.outgoing(session, laptop.compound_id)
            with server.write() as session:
                exchange.receive(session, push)
        for laptop in laptops:
            with laptop.store.read() as session:
                device, cursor, acked = exchange.wanted(session, laptop.compound_id)
            with server.read() as session:
                page = exchange.page(
                    session, laptop.compound_id, device_id=device, after=cursor, acked_n=acked
                )
            with laptop.store.write() as session:
                exchange.take_page(session, page)


def test_two_laptops_that_bill_apart_make_one_set_of_bills(open_here: Callable[..., Store]) -> None:
    server, ids = open_here("server.linli"), Ids("apart")
    compound, director = ids(), ids()
    a, b = (Laptop(open_here(f"{name}.linli"), compound, director, Clock(), Ids(name)) for name in ("a", "b"))
    a.found()
    settle(a)
    meet(server, a, b)
    mine, yours = drawn(a), drawn(b, households={door(b, "2-1-101"), door(b, "3-1-101")})
    issue(a, mine)
    issue(b, yours)
    meet(server, b, a)
    assert [row[3] for row in bills(a)] == [line.amount_fen for line in mine.lines]
    assert bills(a) == bills(b)
    assert drawn(a).lines == drawn(b).lines == ()
