"""Who carries how much of a roster: bars to one scale, whatever anybody owed before."""

from __future__ import annotations

from uuid import UUID

from models.duty.solver.problem import Burden
from tui import i18n
from tui.screens.duty.generate_words import spread_lines
from tui.widgets.text import width


def burden(number: int, points: int, fair: float) -> Burden:
    return Burden(UUID(int=number), points, fair, fair - points, shifts=1)


def test_bars_stand_to_one_scale_also_for_whoever_is_far_ahead_or_behind() -> None:
    i18n.use("zh_CN", strict=True)
    burdens = [
        burden(1, 600, 600),
        burden(2, 300, -349),
        burden(3, 0, 2000),
        burden(4, 900, 450),
        burden(5, 0, 0),
    ]
    names = {one.worker: f"人{number}" for number, one in enumerate(burdens, 1)}
    title, *bars, key = [line.plain for line in spread_lines(burdens, names, 78)]
    assert "各人分担" in title
    assert "应摊的份额" in key
    assert [bar[:2] for bar in bars] == [
        "人4",
        "人1",
        "人2",
        "人3",
    ]  # who has nothing to do with it is left out
    assert len({width(bar[: bar.index(" 班") - 1]) for bar in bars}) == 1
    assert max(width(bar) for bar in bars) <= 78
    assert "█" not in bars[2]  # all of it is over a share that was served before
    assert bars[3].count("│") == 1
