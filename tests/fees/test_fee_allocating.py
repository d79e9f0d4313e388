from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.fees.allocating import Allocation, OpenBill, allocate

FIRST = date(2026, 1, 1)


def bill(n: int, owed: int, *, month: int = 1, due: int = 28) -> OpenBill:
    return OpenBill(UUID(int=n), date(2026, month, due), date(2026, month, 1), owed)


def lines(found: Allocation) -> list[tuple[int, int]]:
    return [(bill_id.int, fen) for bill_id, fen in found.lines]


def test_the_oldest_bill_is_paid_first_and_what_is_left_is_credit() -> None:
    bills = [bill(1, 300, month=3), bill(2, 100, month=1), bill(3, 200, month=2)]
    assert lines(allocate(250, bills)) == [(2, 100), (3, 150)]
    assert allocate(1000, bills).rest_fen == 400
    assert allocate(1000, bills).spent_fen == 600


def test_bills_of_one_period_are_paid_by_their_due_day_and_then_by_id() -> None:
    bills = [bill(9, 100, due=20), bill(2, 100, due=25), bill(1, 100, due=20)]
    assert lines(allocate(300, bills)) == [(1, 100), (9, 100), (2, 100)]


def test_what_the_payer_names_comes_first_in_the_order_named() -> None:
    bills = [bill(1, 100, month=1), bill(2, 200, month=2), bill(3, 300, month=3)]
    assert lines(allocate(350, bills, [(UUID(int=3), 250), (UUID(int=2), 50)])) == [
        (3, 250),
        (2, 50),
        (1, 50),
    ]


def test_a_bill_named_never_gets_more_than_it_owes_and_the_rest_goes_on() -> None:
    bills = [bill(1, 100, month=1), bill(2, 200, month=2)]
    assert lines(allocate(260, bills, [(UUID(int=2), 999), (UUID(int=2), 999)])) == [(2, 200), (1, 60)]
    assert lines(allocate(260, bills, [(UUID(int=77), 260)])) == [(1, 100), (2, 160)]


def test_a_bill_named_in_part_may_get_more_when_its_turn_comes_and_has_one_line() -> None:
    bills = [bill(1, 100, month=1), bill(2, 200, month=2)]
    assert lines(allocate(250, bills, [(UUID(int=2), 30)])) == [(2, 150), (1, 100)]


def test_nothing_pays_nothing_and_less_is_refused() -> None:
    assert allocate(0, [bill(1, 100)]) == Allocation((), 0)
    assert allocate(50, [bill(1, 0), bill(2, -100)]) == Allocation((), 50)
    with pytest.raises(ValueError, match="below zero"):
        allocate(-1, [])


BILLS = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 900), st.integers(-50, 5000)), max_size=12).map(
    lambda told: [
        OpenBill(UUID(int=n), FIRST + timedelta(days=due), FIRST + timedelta(days=month * 30), owed)
        for n, (month, due, owed) in enumerate(told)
    ]
)
CHOSEN = st.lists(
    st.tuples(st.integers(0, 14).map(lambda n: UUID(int=n)), st.integers(-10, 4000)), max_size=6
)


@settings(max_examples=400, deadline=None)
@given(st.integers(0, 30_000), BILLS, CHOSEN, st.randoms(use_true_random=False))
def test_allocations_never_exceed_a_payment_nor_a_bill_and_leave_nothing_owed_beside_credit(
    amount: int, bills: Sequence[OpenBill], chosen: Sequence[tuple[UUID, int]], chance: object
) -> None:
    found = allocate(amount, bills, chosen)
    owed = {one.id: max(one.owed_fen, 0) for one in bills}
    assert found.spent_fen + found.rest_fen == amount
    assert found.rest_fen >= 0
    assert len({bill_id for bill_id, _ in found.lines}) == len(found.lines)
    assert all(0 < fen <= owed[bill_id] for bill_id, fen in found.lines)
    assert found.rest_fen == max(0, amount - sum(owed.values()))
    shuffled = list(bills)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert allocate(amount, shuffled, chosen) == found
    if not chosen:
        # Nobody younger gets a fen while somebody older lacks one.
        paid = dict(found.lines)
        in_order = sorted(bills, key=lambda one: (one.period_first, one.due_on, one.id))
        short = [one for one in in_order if owed[one.id] and paid.get(one.id, 0) < owed[one.id]]
        if short:
            later = in_order[in_order.index(short[0]) + 1 :]
            assert not any(one.id in paid for one in later)
