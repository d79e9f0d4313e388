"""What a billing run comes to, from values alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.fees.billing import Run, RunLine, draw_up, prepay_lines, told
from models.fees.billing_ground import (
    Billed,
    Cost,
    Deferral,
    Door,
    Granted,
    Ground,
    Item,
    MeterLine,
    MeterRead,
    Overdue,
    Place,
    Space,
)
from models.fees.derivation import Formula, charge_of
from models.fees.periods import Cycle, Period, period_of
from models.fees.rules import BillKind
from models.fees.tariffs import Discount, Rule

TODAY = date(2026, 11, 10)
NOVEMBER, QUARTER = period_of("2026-11"), period_of("2026-Q4")
A, B, C = (UUID(int=n) for n in (1, 2, 3))
ITEM, OTHER = UUID(int=101), UUID(int=102)
DOORS = (
    Door(A, "1-1-101", "1", "住宅", 8950, 7000),
    Door(B, "1-1-102", "1", "住宅", 10_000, 8000),
    Door(C, "2-1-101", "2", "商铺", 6000, 5000),
)


def item(formula: Formula = Formula.AREA, price: int = 12_000, **more: Any) -> Item:
    ruled = {name: more.pop(name) for name in list(more) if name in Rule.__dataclass_fields__}
    values: dict[str, Any] = {"since": date(2020, 1, 1)} | ruled
    rule = Rule(UUID(int=7), 1, formula, price, **values)
    return Item(ITEM, "物业费", formula, **({"rules": (rule,)} | more))


def ground(*items: Item, **more: Any) -> Ground:
    values: dict[str, Any] = {"doors": DOORS, "bearers": DOORS} | more
    return Ground(TODAY, 30, 2_000_000, items=items or (item(),), **values)


def amounts(run: Run) -> dict[str, int]:
    return {line.door: line.amount_fen for line in run.lines}


def codes(run: Run) -> list[tuple[str, str]]:
    return [(one.code, one.door) for one in run.oddities]


def only(run: Run) -> RunLine:
    [line] = run.lines
    return line


# -- what is charged ---------------------------------------------------------------------


def test_every_door_is_charged_by_its_area_and_each_line_tells_how_it_came() -> None:
    run = draw_up(ground(), NOVEMBER)
    assert amounts(run) == {"1-1-101": 10740, "1-1-102": 12000, "2-1-101": 7200}
    assert (run.amount_fen, run.doors, run.billed, codes(run)) == (29940, 3, 0, [])
    line = run.lines[0]
    assert charge_of(line.sums).amount_fen == line.amount_fen == line.gross_fen - line.discount_fen
    assert line.due_on == date(2026, 12, 1)


def test_a_period_bills_every_cycle_that_overlaps_it() -> None:
    monthly, quarterly = item(), replace(item(cycle=Cycle.QUARTER), id=OTHER, name="垃圾清运")
    run = draw_up(ground(monthly, quarterly), QUARTER, {A})
    assert [(line.item, line.since.month, line.until.month) for line in run.lines] == [
        ("物业费", 10, 11), ("物业费", 11, 12), ("物业费", 12, 1), ("垃圾清运", 10, 1),
    ]  # fmt: skip
    assert [line.item for line in draw_up(ground(monthly, quarterly), NOVEMBER, {A}).lines] == [
        "物业费",
        "垃圾清运",
    ]


def test_kinds_and_buildings_say_who_is_charged_and_a_weight_of_nothing_who_is_not() -> None:
    assert set(amounts(draw_up(ground(item(kinds=frozenset({"商铺"}))), NOVEMBER))) == {"2-1-101"}
    assert set(amounts(draw_up(ground(item(buildings=frozenset({"2"}))), NOVEMBER))) == {"2-1-101"}
    left_out = ground(weights={Place(A, ITEM): 0})
    assert set(amounts(draw_up(left_out, NOVEMBER))) == {"1-1-102", "2-1-101"}


def test_what_is_read_counts_from_the_reading_billed_last() -> None:
    readings = (
        MeterRead(date(2026, 9, 28), 100_000),
        MeterRead(date(2026, 10, 28), 110_000),
        # Came late: on paper before the last bill was drawn up, typed in after it.
        MeterRead(date(2026, 10, 31), 111_000),
        MeterRead(date(2026, 12, 1), 120_500),
        MeterRead(date(2026, 12, 2), 999_000),
    )
    last = Billed(UUID(int=9), date(2026, 10, 1), date(2026, 11, 1), 5000, (110_000,))
    metered = ground(
        item(Formula.METER, 30_000),
        meters={Place(A, ITEM): (MeterLine("S-1", readings),)},
        billed={Place(A, ITEM): (last,)},
    )
    line = only(draw_up(metered, NOVEMBER))
    assert (line.amount_fen, charge_of(line.sums).parts[0].reading) == (3150, (110_000, 120_500))


def test_a_first_bill_counts_from_the_first_reading_and_a_new_meter_counts_anew() -> None:
    readings = (
        MeterRead(date(2026, 8, 1), 5_000),
        MeterRead(date(2026, 11, 3), 8_000),
        MeterRead(date(2026, 11, 3), 0, restarted=True),
        MeterRead(date(2026, 11, 30), 2_000),
    )
    metered = ground(item(Formula.METER, 10_000), meters={Place(A, ITEM): (MeterLine("S-1", readings),)})
    assert only(draw_up(metered, NOVEMBER)).amount_fen == 300 + 200


@pytest.mark.parametrize(
    ("readings", "code"),
    [
        ((), "no_reading"),
        ((MeterRead(date(2026, 10, 1), 5),), "no_reading"),
        ((MeterRead(date(2026, 10, 1), 5), MeterRead(date(2026, 11, 30), 4)), "reading_falls"),
    ],
)
def test_a_meter_without_a_sound_reading_is_told_of_and_not_charged(
    readings: tuple[MeterRead, ...], code: str
) -> None:
    lines = {Place(A, ITEM): (MeterLine("S-1", readings),)}
    run = draw_up(ground(item(Formula.METER), meters=lines), NOVEMBER)
    assert (run.lines, codes(run)) == ((), [(code, "1-1-101")])


@pytest.mark.parametrize(
    ("formula", "shares"),
    [
        (Formula.SHARED_HOUSEHOLD, [3334, 3333, 3333]),
        (Formula.SHARED_AREA, [3587, 4008, 2405]),
        (Formula.SHARED_WEIGHT, [6000, 2000, 2000]),
    ],
)
def test_a_shared_cost_is_shared_to_the_fen_among_all_whoever_is_billed(
    formula: Formula, shares: list[int]
) -> None:
    shared = ground(
        item(formula),
        costs={
            ITEM: (Cost(date(2026, 11, 1), 6000), Cost(date(2026, 11, 5), 4000), Cost(date(2026, 12, 1), 9))
        },
        weights={Place(A, ITEM): 3},
    )
    assert [line.amount_fen for line in draw_up(shared, NOVEMBER).lines] == shares
    narrowed = replace(shared, doors=DOORS[2:])
    assert only(draw_up(narrowed, NOVEMBER)).amount_fen == shares[2]


def test_spaces_are_charged_for_the_months_in_which_they_were_held() -> None:
    spaces = (Space("P1", since=date(2026, 11, 1)), Space("P2", date(2026, 11, 2), date(2026, 12, 31)))
    parked = ground(item(Formula.PARKING, 2_000_000, cycle=Cycle.QUARTER), spaces={Place(A, ITEM): spaces})
    run = draw_up(parked, QUARTER)
    assert [(line.since.month, line.until.month, line.amount_fen) for line in run.lines] == [
        (11, 12, 20_000),
        (12, 1, 40_000),
    ]
    stands = Billed(UUID(int=9), date(2026, 11, 1), date(2026, 12, 1), 20_000)
    again = draw_up(replace(parked, billed={Place(A, ITEM): (stands,)}), QUARTER)
    assert ([line.since.month for line in again.lines], again.billed) == ([12], 1)


# -- what is odd -------------------------------------------------------------------------


def test_what_a_charge_lacks_is_told_by_door() -> None:
    bare = tuple(replace(door, area=None, indoor_area=None) for door in DOORS)
    inside = replace(item(Formula.INDOOR_AREA), id=OTHER)
    run = draw_up(ground(item(), inside, doors=bare[:1]), NOVEMBER)
    assert codes(run) == [("no_area", "1-1-101"), ("no_indoor_area", "1-1-101")]
    shared = ground(
        item(Formula.SHARED_AREA),
        doors=bare[:1],
        bearers=(bare[0], DOORS[1]),
        costs={ITEM: (Cost(date(2026, 11, 1), 100),)},
    )
    assert codes(draw_up(shared, NOVEMBER)) == [("no_area", "1-1-101")]


def test_what_a_whole_cycle_lacks_is_told_once() -> None:
    assert codes(draw_up(ground(item(since=date(2027, 1, 1))), NOVEMBER)) == [("no_tariff", "")]
    assert codes(draw_up(ground(item(Formula.SHARED_HOUSEHOLD)), NOVEMBER)) == [("no_cost", "")]
    nobody = ground(item(Formula.SHARED_AREA), bearers=(), costs={ITEM: (Cost(date(2026, 11, 1), 5),)})
    assert codes(draw_up(nobody, NOVEMBER)) == [("no_bearer", "")]
    late_start = draw_up(ground(item(cycle=Cycle.QUARTER, since=date(2026, 11, 1))), QUARTER, {A})
    assert codes(late_start) == [("tariff_gap", "")]
    assert only(late_start).amount_fen == 2 * 10740


def test_twice_the_last_amount_is_odd_and_a_fen_less_is_not() -> None:
    def last(fen: int, since: date = date(2026, 10, 1)) -> Run:
        before = Billed(UUID(int=9), since, date(2026, 11, 1), fen)
        return draw_up(ground(billed={Place(A, ITEM): (before,)}), NOVEMBER, {A})

    assert codes(last(5370)) == [("twice", "1-1-101")]
    assert only(last(5370)).odd == ("twice",)
    assert codes(last(5371)) == []
    # A quarter was three times as much as a month is.
    assert codes(last(3 * 5371, date(2026, 8, 1))) == []
    assert codes(last(3 * 5370, date(2026, 8, 1))) == [("twice", "1-1-101")]
    assert codes(last(0)) == []


def test_a_household_that_nobody_owns_is_billed_and_told_of_once() -> None:
    unowned = (replace(DOORS[0], owned=False),)
    run = draw_up(ground(item(), replace(item(), id=OTHER), doors=unowned), QUARTER)
    assert (len(run.lines), codes(run)) == (6, [("no_owner", "1-1-101")])


def test_discounts_and_deferrals_reach_only_whom_they_were_granted_to() -> None:
    half = Discount(UUID(int=50), date(2026, 1, 1), None, ppm=500_000, words="低保")
    later = Deferral(None, date(2026, 11, 1), date(2026, 12, 1), date(2027, 3, 1))
    run = draw_up(
        ground(
            granted={A: (Granted(ITEM, half),), B: (Granted(OTHER, half),)},
            deferrals={
                A: (later,),
                B: (replace(later, until=None, since=date(2026, 11, 2)),),
                C: (replace(later, since=date(2026, 1, 1), until=date(2026, 11, 1)),),
            },
        ),
        NOVEMBER,
    )
    assert amounts(run) == {"1-1-101": 5370, "1-1-102": 12000, "2-1-101": 7200}
    assert [line.due_on for line in run.lines] == [date(2027, 3, 1), date(2026, 12, 1), date(2026, 12, 1)]
    assert codes(run) == [("deferral", "1-1-101")]


def test_a_charge_of_nothing_is_kept_and_told_of() -> None:
    free = Discount(UUID(int=50), date(2026, 1, 1), None, ppm=1_000_000)
    run = draw_up(ground(granted={A: (Granted(None, free),)}), NOVEMBER, {A})
    assert (only(run).amount_fen, codes(run)) == (0, [("zero", "1-1-101")])


# -- what is billed already, and ahead ---------------------------------------------------


def as_billed(run: Run) -> dict[Place, tuple[Billed, ...]]:
    found: dict[Place, tuple[Billed, ...]] = {}
    for n, line in enumerate(run.lines):
        one = Billed(UUID(int=1000 + n), line.since, line.until, line.amount_fen)
        found[line.place] = (*found.get(line.place, ()), one)
    return found


@given(st.sets(st.sampled_from([A, B, C])), st.sets(st.sampled_from([A, B, C])))
@settings(max_examples=30, deadline=None)
def test_drawing_up_again_adds_only_what_is_missing(first: set[UUID], then: set[UUID]) -> None:
    standing = ground(item(), replace(item(cycle=Cycle.QUARTER), id=OTHER))
    once = draw_up(standing, QUARTER, first)
    again = draw_up(replace(standing, billed=as_billed(once)), QUARTER, then)
    whole = {line.key: line.amount_fen for line in draw_up(standing, QUARTER, first | then).lines}
    both = [line.key for run in (once, again) for line in run.lines]
    assert sorted(both) == sorted(whole)
    assert again.billed == told(again.oddities)["billed"] == 4 * len(first & then)


def test_what_is_paid_ahead_begins_where_the_last_bill_ends_and_is_cheaper() -> None:
    early = item(prepay_months=6, prepay_ppm=100_000)
    december = Billed(UUID(int=9), date(2026, 12, 1), date(2027, 1, 1), 10740)
    standing = ground(early, billed={Place(A, ITEM): (december,)})
    line = only(prepay_lines(standing, A, ITEM, 6))
    assert (line.since, line.until) == (date(2027, 1, 1), date(2027, 7, 1))
    assert (line.gross_fen, line.discount_fen) == (6 * 10740, 6 * 1074)
    assert only(prepay_lines(standing, A, ITEM, 5)).discount_fen == 0
    assert only(prepay_lines(standing, B, ITEM, 1)).since == date(2026, 11, 1)


def test_what_is_left_of_a_cycle_that_was_paid_ahead_in_part_is_billed() -> None:
    standing = ground(item(cycle=Cycle.QUARTER))
    ahead = prepay_lines(standing, A, ITEM, 4)
    assert (only(ahead).since, only(ahead).until) == (date(2026, 10, 1), date(2027, 2, 1))
    then = draw_up(replace(standing, billed=as_billed(ahead)), period_of("2027-Q1"), {A})
    assert (only(then).since, only(then).until, then.billed) == (date(2027, 2, 1), date(2027, 4, 1), 1)
    assert only(then).amount_fen == 2 * 10740


def test_a_charge_for_a_whole_cycle_is_not_billed_again_for_a_part_of_it() -> None:
    stands = Billed(UUID(int=9), date(2026, 11, 1), date(2026, 12, 1), 500)
    shared = item(Formula.SHARED_HOUSEHOLD, cycle=Cycle.QUARTER)
    costs = {ITEM: (Cost(date(2026, 10, 1), 900),)}
    run = draw_up(ground(shared, costs=costs, billed={Place(A, ITEM): (stands,)}), QUARTER, {A})
    assert (run.lines, run.billed) == ((), 1)


def test_what_is_metered_or_shared_cannot_be_paid_ahead() -> None:
    run = prepay_lines(ground(item(Formula.METER)), A, ITEM, 6)
    assert (run.lines, codes(run)) == ((), [("not_ahead", "")])


# -- paying late -------------------------------------------------------------------------


def late(*steps: tuple[date, int], already: int = 0, **more: Any) -> Run:
    dear = item(late_ppm=1_000, late_grace_days=5)
    debt = Overdue(
        UUID(int=77), Place(A, ITEM), dear.rules[0], date(2026, 8, 1), date(2026, 8, 31), steps, already
    )
    return draw_up(ground(dear, overdue=(debt,), **more), NOVEMBER, {A})


def of_kind(run: Run, kind: BillKind) -> list[RunLine]:
    return [line for line in run.lines if line.kind is kind]


def test_paying_late_is_charged_after_grace_up_to_the_period_and_never_twice() -> None:
    [line] = of_kind(late((date(2026, 8, 1), 10_000)), BillKind.LATE)
    # From 2026-09-05 to 2026-11-01 are 57 days.
    assert (line.amount_fen, line.since, line.until) == (570, date(2026, 9, 5), date(2026, 11, 1))
    assert (line.of_id, line.tariff_id) == (UUID(int=77), UUID(int=7))
    assert of_kind(late((date(2026, 8, 1), 10_000), already=570), BillKind.LATE) == []
    paid = late((date(2026, 8, 1), 10_000), (date(2026, 9, 6), 0))
    assert [line.amount_fen for line in of_kind(paid, BillKind.LATE)] == [10]


def test_who_was_granted_time_is_not_late() -> None:
    mercy = {A: (Deferral(None, date(2026, 1, 1), None, date(2026, 12, 31)),)}
    assert of_kind(late((date(2026, 8, 1), 10_000), deferrals=mercy), BillKind.LATE) == []


def test_two_runs_of_one_month_charge_the_same_days_for_being_late() -> None:
    steps = ((date(2026, 8, 1), 10_000),)
    dear = item(late_ppm=1_000)
    debt = Overdue(UUID(int=77), Place(A, ITEM), dear.rules[0], date(2026, 8, 1), date(2026, 8, 31), steps)
    runs = [
        draw_up(
            replace(ground(dear, overdue=(debt,)), today=day),
            Period(date(2026, 12, 1), date(2027, 1, 1)),
            {A},
        )
        for day in (date(2026, 11, 3), date(2026, 11, 28))
    ]
    assert (
        len({(line.key, line.until, line.amount_fen) for run in runs for line in of_kind(run, BillKind.LATE)})
        == 1
    )
