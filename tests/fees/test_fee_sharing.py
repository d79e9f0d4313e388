from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.fees.sharing import Share, share, shares

WEIGHTS = st.lists(st.integers(0, 20_000), min_size=1, max_size=40).filter(any)


@settings(max_examples=400, deadline=None)
@given(st.integers(-(10**9), 10**9), WEIGHTS)
def test_shares_are_the_cost_and_each_within_a_fen_of_its_due(total: int, weights: list[int]) -> None:
    fens = share(total, weights)
    assert sum(fens) == total
    for fen, weight in zip(fens, weights, strict=True):
        assert abs(fen - Fraction(total * weight, sum(weights))) < 1
        assert weight or not fen


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 10**9), WEIGHTS)
def test_who_weighs_more_never_bears_less(total: int, weights: list[int]) -> None:
    borne = sorted(zip(weights, share(total, weights), strict=True))
    assert [fen for _, fen in borne] == sorted(fen for _, fen in borne)


def test_fen_left_over_go_to_the_largest_remainders_and_of_equal_ones_to_the_earlier() -> None:
    assert share(100, [1, 1, 1]) == (34, 33, 33)
    assert share(101, [1, 1, 1]) == (34, 34, 33)
    assert share(10, [6, 3, 1, 0]) == (6, 3, 1, 0)
    assert share(100, [50, 1, 49, 1]) == (49, 1, 49, 1)
    assert share(-100, [1, 1, 1]) == (-34, -33, -33)


def test_a_cost_that_nobody_bears_and_a_weight_below_zero_are_refused() -> None:
    assert share(0, [0, 0]) == (0, 0)
    assert share(0, []) == ()
    with pytest.raises(ValueError, match="nobody"):
        share(1, [0, 0])
    with pytest.raises(ValueError, match="below zero"):
        share(100, [3, -1])


def test_a_share_knows_what_it_was_worked_out_from() -> None:
    assert shares(100, [2, 1]) == (Share(67, 100, 2, 3), Share(33, 100, 1, 3))
