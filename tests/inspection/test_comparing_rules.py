from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.inspection.comparison import Change, Compared, Side, Turn, What, compare
from models.inspection.levels import Level
from models.inspection.rules import DEFECT_CODES

SIDES = st.builds(
    Side,
    st.sampled_from([None, "later word", *(level.value for level in Level)]),
    st.none() | st.integers(0, 400),
    st.none()
    | st.dictionaries(
        st.sampled_from(["SG", "silt", "cover_broken", "hole"]), st.none() | st.integers(1, 4), max_size=3
    ),
)
BORES = st.none() | st.integers(50, 1000)


def seen(level: str | None = "flowing", mud_mm: int | None = None, **defects: int | None) -> Side:
    return Side(level, mud_mm, defects)


def beside(then: Side | None, now: Side | None, diameter_mm: int | None = 300) -> Compared:
    return compare(then, now, diameter_mm=diameter_mm)


@given(SIDES, BORES)
def test_a_walk_beside_itself_is_neither_worse_nor_better(side: Side, bore: int | None) -> None:
    found = beside(side, side, bore)
    assert (found.worse, found.better) == ((), ())
    assert found.turn in {Turn.SAME, Turn.UNSEEN}


@given(SIDES, SIDES, BORES)
def test_turned_round_what_was_worse_is_better(one: Side, other: Side, bore: int | None) -> None:
    there, back = beside(one, other, bore), beside(other, one, bore)
    assert there.worse == back.better
    assert there.better == back.worse
    if not (there.worse and there.better):
        opposite = {Turn.WORSE: Turn.BETTER, Turn.BETTER: Turn.WORSE}
        assert back.turn is opposite.get(there.turn, there.turn)


@given(SIDES, BORES)
def test_what_one_walk_did_not_see_is_unknown(side: Side, bore: int | None) -> None:
    for found in (beside(None, side, bore), beside(side, None, bore), beside(None, None, bore)):
        assert found == Compared((), (), Turn.UNSEEN)


@given(SIDES, SIDES, BORES)
def test_a_cover_that_would_not_lift_hides_water_and_mud(one: Side, other: Side, bore: int | None) -> None:
    shut = Side(Level.UNOPENED, one.mud_mm, one.defects)
    found = beside(shut, other, bore)
    outside = set(DEFECT_CODES[: DEFECT_CODES.index("ladder")])
    assert {change.what for change in (*found.worse, *found.better)} <= {What.DEFECT}
    assert {change.defect for change in (*found.worse, *found.better)} <= outside


@pytest.mark.parametrize(
    ("then", "now", "steps"),
    [
        ("dry", "half", 2),
        ("flowing", "half", 1),
        ("flowing", "full", 2),
        ("half", "full", 1),
        ("full", "overflow", 1),
        ("dry", "overflow", 4),
    ],
)
def test_water_that_rose_to_half_the_pipe_or_higher_is_worse(then: str, now: str, steps: int) -> None:
    found = beside(seen(then), seen(now))
    assert (found.worse, found.turn) == ((Change(What.LEVEL, steps),), Turn.WORSE)
    assert beside(seen(now), seen(then)).turn is Turn.BETTER


def test_a_well_that_was_dry_and_now_runs_is_the_same() -> None:
    assert beside(seen("dry"), seen("flowing")).turn is Turn.SAME
    assert beside(seen("flowing"), seen("dry")).turn is Turn.SAME


@pytest.mark.parametrize(
    ("then", "now", "bore", "worse"),
    [
        (10, 29, 300, False),
        (10, 30, 300, True),
        (50, 61, 300, True),  # past a fifth of 300
        (50, 60, 300, False),
        (61, 70, 300, False),  # past it before
        (35, 41, 200, True),
        (50, 61, None, True),  # 300 where nobody knows
        (None, 400, 300, False),
        (100, 10, 300, False),
    ],
)
def test_mud_is_worse_when_it_grew_by_20_mm_or_past_a_fifth_of_the_pipe(
    then: int | None,
    now: int,
    bore: int | None,
    worse: bool,  # noqa: FBT001
) -> None:
    found = beside(seen(mud_mm=then), seen(mud_mm=now), bore)
    assert bool(found.worse) is worse
    if worse:
        assert then is not None
        assert found.worse == (Change(What.MUD, now - then),)


def test_a_defect_is_worse_when_it_is_new_or_graver() -> None:
    assert beside(seen(), seen(SG=2)).worse == (Change(What.DEFECT, 1, "SG"),)
    assert beside(seen(SG=1), seen(SG=3)).worse == (Change(What.DEFECT, 2, "SG"),)
    assert beside(seen(SG=3), seen(SG=3)).turn is Turn.SAME
    assert beside(seen(SG=None), seen(SG=3)).turn is Turn.SAME  # nobody knows how grave it was
    assert beside(seen(SG=3), seen()).better == (Change(What.DEFECT, 1, "SG"),)


def test_worse_wins_over_better() -> None:
    found = beside(seen("full", 10), seen("flowing", 90))
    assert (found.turn, bool(found.worse), bool(found.better)) == (Turn.WORSE, True, True)


def test_the_level_outweighs_defects_and_those_the_mud() -> None:
    order = [
        beside(seen("flowing", 0), seen("overflow", 0)),
        beside(seen("flowing", 0), seen("full", 100)),
        beside(seen("flowing", 0), seen("full", 0)),
        beside(seen(mud_mm=0), seen(SG=1)),
        beside(seen(mud_mm=0), seen(mud_mm=300)),
    ]
    weights = [found.severity for found in order]
    assert weights == sorted(weights, reverse=True)
