from __future__ import annotations

import time
from collections.abc import Sequence

import pytest
from harness import COLUMNS, ODD_TEXTS, MemoryContext, Wells, make_app
from hypothesis import given
from hypothesis import strategies as st
from test_shell import drawn, settle
from textual.pilot import Pilot

from tui.app import LinliApp
from tui.widgets.long_list import PAGE, LongList
from tui.widgets.rows import GAP, Column, Rows, RowView, layout
from tui.widgets.search import SearchBox


@given(
    st.lists(
        st.builds(Column, st.just("x"), st.integers(1, 20), st.integers(0, 9), st.booleans()),
        min_size=1,
        max_size=8,
    ),
    st.integers(1, 120),
)
def test_columns_fit_and_the_least_important_go_first(columns: list[Column], cells: int) -> None:
    placed = layout(columns, cells)
    kept = [index for index, _ in placed]
    assert kept == sorted(kept)
    assert kept[0] == 0
    assert sum(width for _, width in placed) + GAP * (len(placed) - 1) <= cells
    dropped = set(range(len(columns))) - set(kept)
    for index in dropped:
        assert all(columns[index].priority <= columns[other].priority for other in kept[1:])


async def opened(app: LinliApp, pilot: Pilot[None]) -> LongList:
    app.enter("wells")
    await settle(pilot)
    return app.screen.query_one(LongList)


async def test_the_cost_follows_the_rows_on_screen() -> None:
    context = MemoryContext(rows=100_000)
    app = make_app(context)
    async with app.run_test() as pilot:
        wells = await opened(app, pilot)
        assert context.asked == [f"0+{PAGE}"]
        start = time.perf_counter()
        for _ in range(30):
            await pilot.press("pagedown")
        await pilot.press("end")
        await settle(pilot)
        assert time.perf_counter() - start < 15
        assert wells.highlighted == "w99999"
        assert "W100000"[:5] in "\n".join(drawn(app))
        assert len(context.asked) < 15


@pytest.mark.parametrize(
    ("keys", "row"),
    [
        (["down", "down", "up"], "w1"),
        (["j", "ｊ", "k"], "w1"),
        (["end"], "w9999"),
        (["end", "up", "home"], "w0"),
        (["pagedown", "pageup"], "w0"),
        (["up"], "w0"),
    ],
)
async def test_keys_move_the_highlight(keys: list[str], row: str) -> None:
    app = make_app()
    async with app.run_test() as pilot:
        wells = await opened(app, pilot)
        await pilot.press(*keys)
        await settle(pilot)
        assert wells.highlighted == row


async def test_one_click_selects_and_a_second_opens() -> None:
    app = make_app()
    async with app.run_test() as pilot:
        wells = await opened(app, pilot)
        screen = app.screen
        assert isinstance(screen, Wells)
        await pilot.click(LongList, offset=(5, 4))
        await settle(pilot)
        assert (wells.highlighted, screen.picked) == ("w3", [])
        await pilot.click(LongList, offset=(5, 4))
        await settle(pilot)
        assert screen.picked == ["w3"]
        await pilot.click(LongList, offset=(5, 0))
        await pilot.press("down", "enter")
        assert screen.picked == ["w3", "w4"]


async def test_a_search_box_hands_arrows_and_enter_to_its_list() -> None:
    app = make_app()
    async with app.run_test() as pilot:
        await opened(app, pilot)
        screen = app.screen
        assert isinstance(screen, Wells)
        screen.query_one(SearchBox).focus()
        await pilot.press("down", "down", "pagedown", "pageup", "enter")
        await settle(pilot)
        assert screen.picked == ["w2"]


async def test_reloading_stays_on_the_row_even_if_it_moved() -> None:
    app = make_app()
    async with app.run_test() as pilot:
        wells = await opened(app, pilot)
        rows = [RowView(f"r{index}", (str(index),)) for index in range(50)]
        wells.show(rows)
        wells.move_to(20)
        wells.show([RowView("new", ("new",)), *rows], keep=True)
        assert wells.highlighted == "r20"
        wells.show(Rows(rows[:5]), keep=True)
        assert wells.highlighted == "r4"
        wells.show([])
        assert wells.highlighted is None
        await pilot.pause()
        assert "这里还没有内容" in "\n".join(drawn(app))
        await pilot.press("down", "end", "pagedown", "enter")


async def test_a_state_is_a_symbol_and_a_word() -> None:
    app = make_app()
    async with app.run_test(size=(40, 24)) as pilot:
        await opened(app, pilot)
        page = "\n".join(drawn(app))
        assert "● 满" in page
        assert "备注" not in page
        assert "W01" in page


@pytest.mark.parametrize("text", ODD_TEXTS)
async def test_odd_text_is_drawn_verbatim_in_a_list(text: str) -> None:
    app = make_app()
    async with app.run_test(size=(100, 24)) as pilot:
        wells = await opened(app, pilot)
        wells.show([RowView("odd", (text,) * len(COLUMNS)), RowView("short", ("x",))])
        await pilot.pause()
        for line in drawn(app):
            line.encode()
        if text.startswith("["):
            assert text in "\n".join(drawn(app))


async def test_a_page_that_cannot_be_read_is_reported() -> None:
    class Broken(Rows):
        def page(self, offset: int, limit: int) -> Sequence[RowView]:
            raise OSError(offset, limit)

    class NotMemory:
        def count(self) -> int:
            return 10

        page = Broken.page

    app = make_app(survives=True)
    async with app.run_test() as pilot:
        wells = await opened(app, pilot)
        wells.show(NotMemory())  # type: ignore[arg-type]
        await settle(pilot)
        assert [type(error) for error in app.errors] == [OSError]
