from __future__ import annotations

import pytest
from harness import ODD_TEXTS
from hypothesis import given
from hypothesis import strategies as st
from textual.app import App, ComposeResult

from models.inspection.levels import Level
from models.inspection.rules import DEFECT_CODES, PointKind, State
from tui import i18n
from tui.screens.walk.state import Answer
from tui.screens.walk.words import (
    DEFECT_ORDER,
    SYMBOLS,
    answer_mark,
    defect_text,
    kind_word,
    level_word,
    state_mark,
)
from tui.widgets.answer_pad import AnswerPad, PadKey
from tui.widgets.flow import flowed
from tui.widgets.points_list import PointLine, PointsList
from tui.widgets.text import Mark, width
from tui.widgets.tick_list import Choice, TickLine, TickList
from tui.widgets.walk_card import CardRow, CardView, WalkCard

TEXTS = st.text(alphabet=st.sampled_from("堵在W07 、，；（）→1-101abc 毫米"), max_size=200)


@given(TEXTS, st.integers(4, 60), st.integers(0, 2))
def test_flowing_text_loses_nothing_and_never_runs_over(text: str, cells: int, indent: int) -> None:
    lines = flowed(text, cells, indent)
    assert all(width(line.rstrip()) <= cells for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())


def test_a_code_is_not_broken_and_a_comma_begins_no_line() -> None:
    lines = flowed("还没看 16 个：W28、W29、W30、W31、W32", 17, 2)
    assert lines == ["还没看 16 个：", "  W28、W29、W30、", "  W31、W32"]


def test_every_level_has_a_symbol_of_its_own_and_every_state_a_word(each_language: str) -> None:
    assert each_language
    assert len(set(SYMBOLS.values())) == len(Level)
    assert all(width(symbol) == 1 for symbol in SYMBOLS.values())
    for level in Level:
        assert level_word(level.value)
        for state in State:
            assert answer_mark(Answer(level.value), state).word
    assert len({state_mark(state).word for state in State}) == len(State)
    assert all(kind_word(kind.value) != kind.value or each_language == "en" for kind in PointKind)


def test_every_defect_stands_in_the_list_once_and_has_a_word(each_language: str) -> None:
    assert sorted(DEFECT_ORDER) == sorted(DEFECT_CODES)
    words = [defect_text(code) for code in DEFECT_ORDER]
    assert len(set(words)) == len(words)
    if each_language == "zh_CN":
        assert not any(word.isascii() for word in words)


@pytest.mark.parametrize("text", ODD_TEXTS)
@pytest.mark.parametrize("size", [(80, 24), (30, 12), (9, 5)])
async def test_odd_text_is_drawn_in_every_widget(text: str, size: tuple[int, int]) -> None:
    class Room(App[None]):
        def compose(self) -> ComposeResult:
            yield WalkCard()
            yield TickList()
            yield AnswerPad()
            yield PointsList()

    i18n.use("zh_CN")
    app = Room()
    async with app.run_test(size=size) as pilot:
        app.query_one(WalkCard).view = CardView(
            text,
            text,
            text,
            text,
            3,
            7,
            (CardRow(text, (text, Mark("●", text), (text, "bold")), id="x", most=2),),
        )
        app.query_one(TickList).show(text, [TickLine(Mark("[ ]", text), text, (Choice("1", text),))] * 12, 10)
        app.query_one(AnswerPad).rows = (
            (PadKey("a", "1", text), PadKey("b", "2", Mark("●", text), chosen=True)),
        )
        app.query_one(PointsList).show([PointLine(text, Mark("●", text), text, half_typed=True)] * 500, 300)
        await pilot.pause()
        for strip in app.screen._compositor.render_strips():
            line = "".join(segment.text for segment in strip)
            assert width(line) == size[0]
            line.encode()
