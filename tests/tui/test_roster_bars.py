"""The bars under a roster that was made: as long as their room, whatever somebody owes."""

from __future__ import annotations

import pytest

from tui.screens.duty.generate_words import _bar


@pytest.mark.parametrize(
    ("points", "fair"), [(0, 0), (300, 900), (900, 300), (300, -400), (0, -400), (900, 900), (450, 9000)]
)
def test_a_bar_takes_its_room_and_no_more(points: int, fair: int) -> None:
    within, over, left = _bar(points, fair, 900, 30)
    assert len(within + over + left) == 30


def test_somebody_who_is_ahead_carries_all_of_it_over_their_share() -> None:
    assert _bar(300, -400, 900, 30)[:2] == ("", "▒" * 10)
