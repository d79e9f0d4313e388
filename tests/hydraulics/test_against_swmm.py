"""The locator against EPA SWMM: water computed by the field's own engine, fixed seeds."""

from __future__ import annotations

import pytest

pytest.importorskip("pyswmm")

from tests.hydraulics.judge import Marks, ask, lifts_until_decided, mark, network_of, stands_full
from tests.hydraulics.scenarios import Scenario, make_scenario, noted

# pyswmm and its toolkit warn about their own wrappers when imported.
pytestmark = pytest.mark.filterwarnings("ignore")

SIZES = (10, 14, 20, 30)


def towns(count: int, *, blockages: int, kinds: tuple[str, ...] = ()) -> list[Scenario]:
    return [
        make_scenario(9000 + number, blockages=blockages, kinds=kinds, wells=SIZES[number % len(SIZES)])
        for number in range(count)
    ]


@pytest.fixture(scope="module")
def one_blockage() -> list[Scenario]:
    """One pipe blocked, the water at the crown or higher above it, in towns whose pipes are wide enough.

    Above a pipe that is too narrow the water stands as if it were blocked, every day: no level tells them apart.
    """
    return [
        town
        for town in towns(36, blockages=1)
        if any(stands_full(town, ends) for ends in town.visible)
        and not {"full", "overflow"} & set(town.normal_levels.values())
    ]


@pytest.fixture(scope="module")
def several_blockages() -> list[Scenario]:
    return towns(16, blockages=3, kinds=("tiny", "rough", "closed"))


@pytest.fixture(scope="module")
def sound_towns() -> list[Scenario]:
    return [town for town in towns(16, blockages=0) if not {"full", "overflow"} & set(town.levels.values())]


def marks_of(towns: list[Scenario], *, unseen: float = 0.0, misread: float = 0.0) -> list[Marks]:
    return [mark(towns, heights=heights, unseen=unseen, misread=misread) for heights in (True, False)]


def test_the_towns_are_enough_to_judge_by(one_blockage: list[Scenario]) -> None:
    assert len(one_blockage) >= 16


def test_one_blockage_with_every_well_seen_is_always_first(one_blockage: list[Scenario]) -> None:
    for marks in marks_of(one_blockage):
        assert marks.full_first == marks.full


def test_with_a_third_unseen_the_blockage_is_mostly_among_the_candidates(
    one_blockage: list[Scenario],
) -> None:
    for marks in marks_of(one_blockage, unseen=0.3):
        assert marks.full_named >= 0.8 * marks.full


def test_misread_levels_seldom_hide_a_blockage(one_blockage: list[Scenario]) -> None:
    for marks in marks_of(one_blockage, misread=0.08):
        assert marks.full_named >= 0.75 * marks.full


def test_sound_towns_raise_hardly_an_alarm_and_no_sure_one(sound_towns: list[Scenario]) -> None:
    for marks in marks_of(sound_towns):
        # A lone well at half is named, however low the chance: a missed blockage costs more than one lifted cover.
        assert marks.sound_alarms <= 0.15 * marks.sound
        assert marks.sound_alarms_sure <= 0.025 * marks.sound


def test_several_blockages_are_mostly_all_found(several_blockages: list[Scenario]) -> None:
    for marks in marks_of(several_blockages):
        assert marks.several >= 15
        assert marks.several_first >= 0.8 * marks.several
        assert marks.false_sure <= 0.1 * marks.scenarios


def test_sure_answers_are_right(
    one_blockage: list[Scenario], several_blockages: list[Scenario], sound_towns: list[Scenario]
) -> None:
    answers = right = 0
    for unseen, misread in ((0.0, 0.0), (0.3, 0.05)):
        for marks in marks_of(
            [*one_blockage, *several_blockages, *sound_towns], unseen=unseen, misread=misread
        ):
            answers += marks.by_confidence[9][0]
            right += marks.by_confidence[9][1]
    assert right >= 0.9 * answers


def test_following_the_advice_needs_less_than_half_the_covers(one_blockage: list[Scenario]) -> None:
    advised = chance = 0
    for town in one_blockage[:12]:
        levels = noted(town, unseen=0.6, misread=0.0, seed=town.seed)
        advised += lifts_until_decided(town, levels, heights=False, follow=True, seed=1)[0]
        chance += lifts_until_decided(town, levels, heights=False, follow=False, seed=1)[0]
    assert advised < 0.5 * chance


def test_nothing_is_asked_where_everything_is_seen(one_blockage: list[Scenario]) -> None:
    for town in one_blockage[:10]:
        assert ask(network_of(town.town, heights=True), town.levels).open_next == ()
