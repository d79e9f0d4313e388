from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest
from harness import ODD_TEXTS, MemoryContext, make_app
from test_shell import drawn, settle
from textual.app import ComposeResult

from models.operations.pending import Writer
from tui import i18n
from tui.screens.base import LinliScreen
from tui.screens.sync.words import Where, bytes_words, content_words, ids_in, value_words
from tui.widgets.text import width
from tui.widgets.versus import Side, Versus

HOME, LAPTOP = UUID(int=1), UUID(int=2)
NAMES = {HOME: "1-1-101"}


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("area", 8950, "89.5 m²"),
        ("indoor_area", 10_000, "100 m²"),
        ("phones", ["13800000001", "0731-5551234"], "13800000001、0731-5551234"),
        ("phones", [], "（空）"),
        ("note", "", "（空）"),
        ("floor", None, "（空）"),
        ("floor", 3, "3"),
        ("floor", 0, "0"),
        ("has_lift", True, "是"),
        ("has_lift", False, "否"),
        ("sex", "female", "女"),
        ("kind", "well", "检查井"),
        ("kind", "商铺", "商铺"),
        ("depth_mm", 1500, "1500 毫米"),
        ("length_m", 12.5, "12.5 米"),
        ("ground_m", 40.0, "40 米"),
        ("level", "full", "满"),
        ("building_id", str(HOME), "1-1-101"),
        ("building_id", HOME.hex, "1-1-101"),
        ("building_id", str(UUID(int=9)), "（本机没有）"),
        ("note", "[/b] [a栋]", "[/b] [a栋]"),
        ("odd", {"area": 100}, "面积 1 m²"),
    ],
)
def test_a_value_is_told_as_the_forms_tell_it(field: str, value: Any, words: str) -> None:
    assert value_words(field, value, NAMES) == words


def test_what_an_entry_wanted_is_told_without_its_own_id_and_without_blanks() -> None:
    payload = {"id": str(HOME), "household": str(HOME), "old": {"area": 1}, "new": {"area": 200, "note": ""}}
    assert content_words(payload, NAMES) == [("住户", "1-1-101"), ("面积", "2 m²")]
    assert set(ids_in({"a": [str(HOME)], "b": {"c": LAPTOP.hex}, "d": "x" * 32})) == {HOME, LAPTOP}


def test_data_is_told_in_a_unit_that_leaves_few_digits() -> None:
    told = [bytes_words(n) for n in (0, 1023, 1024, 150 * 1024, 5 * 1024**2, 2048 * 1024**2)]
    assert told == ["0 B", "1023 B", "1.0 KB", "150 KB", "5.0 MB", "2,048 MB"]


def test_who_wrote_is_told_as_far_as_anybody_knows() -> None:
    where = Where("Asia/Shanghai", date(2026, 11, 22), {LAPTOP: "居委会电脑"}, HOME, {})
    at = datetime(2026, 11, 22, 6, 2, tzinfo=UTC)
    winner = Writer(HOME, "张三", at, LAPTOP, "household.edit")
    assert where.writer(winner) == "张三 · 14:02 · 居委会电脑"
    assert where.writer(Writer(HOME, "张三", at, HOME)) == "张三 · 14:02 · 这台电脑"
    assert where.writer(Writer()) == "不知道是谁写的"
    # The loser's own entry is not always known: then it is not said to be the winner's.
    assert where.loser(winner, winner) == "之前写的"
    assert where.loser(winner, Writer(LAPTOP, "李四", at, HOME)) == "李四 · 14:02 · 这台电脑"


class Two(LinliScreen):
    ROOM = "home"

    def __init__(self, value: str = "") -> None:
        super().__init__()
        self.value = value
        self.chosen: list[str] = []

    def body(self) -> ComposeResult:
        yield Versus()

    def on_mount(self) -> None:
        self.query_one(Versus).sides = tuple(
            Side(key, key, "取", self.value, ("谁写的", "什么时候")) for key in "12"
        )

    def on_versus_chosen(self, event: Versus.Chosen) -> None:
        self.chosen.append(event.action_id)


@pytest.mark.parametrize("size", [(80, 24), (140, 40), (44, 12), (44, 7)])
@pytest.mark.parametrize("value", [*ODD_TEXTS, "x" * 200_000])
async def test_two_values_fit_whatever_stands_in_them(size: tuple[int, int], value: str) -> None:
    app = make_app(MemoryContext())
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        app.push_screen(Two(value))
        await pilot.pause()
        lines = drawn(app)
        assert all(width(line) <= size[0] for line in lines)
        assert any("1 取" in line for line in lines)
        if size[1] > 10:
            assert sum("谁写的" in line for line in lines) == (2 if size[0] < 60 else 1)


async def test_a_click_takes_the_side_it_meets_beside_or_beneath() -> None:
    i18n.use("zh_CN", strict=False)
    for size, second in (((80, 24), (60, 2)), ((44, 20), (5, 12))):
        app = make_app(MemoryContext())
        async with app.run_test(size=size) as pilot:
            await settle(pilot)
            screen = Two("值")
            app.push_screen(screen)
            await pilot.pause()
            await pilot.click(Versus, offset=(5, 1))
            await pilot.click(Versus, offset=second)
            await pilot.pause()
            assert screen.chosen == ["1", "2"]
