"""Somebody looks at their shifts: who covers, who swaps, what is open, and when they are away."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from post_desk import NOW, add_shift, do, person, sits, station
from post_desk import at as moment
from register_desk import ODD, at, fill, page, press, rows, said
from sewer_desk import hit

from models.operations.envelope import Intent
from tui import edge, i18n
from tui.desk import Desk
from tui.screens.chat_text import ChatText
from tui.screens.choose import Choose
from tui.screens.duty.my_shifts import MyShifts
from tui.widgets.long_list import LongList
from tui.widgets.text import width


def perform(path: Path, kind_: str, **payload: Any) -> None:
    """Do something at the desk as whoever sits there."""
    desk = Desk(path)
    desk.open()
    assert desk.perform(Intent(kind_, {"id": str(edge.new_id())} | payload)).refused is None
    desk.close()


def more(path: Path, *given: Any, **named: Any) -> None:
    """Let the director add a shift while somebody else sits there."""
    sits(path, "王德胜")
    add_shift(path, *given, **named)
    sits(path, "赵六")


def calendars(folder: Path) -> list[str]:
    return [file.read_text("utf-8") for file in folder.glob("*.ics")]


ASKED = "select s.state, coalesce(p.name, ''), s.against_id is not null from swap s left join person p on p.id = s.to_id"


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(edge, "clock", lambda: NOW)
    path = station(tmp_path / "store.db")
    add_shift(path, moment(8, 30, days=3), "赵六", name="周末班")
    add_shift(path, moment(14, days=5), "张三", name="晚班")
    gone = add_shift(path, moment(8, 30, days=-5), "赵六", name="昨班")
    do(path, "duty.check_in", shift=gone, person=person(path, "赵六"), when=moment(8, 42, days=-5))
    sits(path, "赵六")
    return path


async def test_what_comes_and_what_was_stand_with_how_it_went(store: Path) -> None:
    async with at(store, "my_shifts") as (app, pilot):
        text = page(app)
        assert "往后的 2" in text
        assert "值过的 1" in text
        assert "◷ 今天" in text
        assert "○ 3 天后" in text
        assert "值班账" in text
        await hit(pilot, "right")
        assert "✓ 已值 迟到12分" in page(app)
        assert "(1 请人替)" in page(app)
        await press(pilot, "1")
        assert "已经开始或过去" in said(app)


async def test_anybody_is_asked_for_cover_by_two_keys_and_the_request_is_withdrawn_by_one(
    store: Path,
) -> None:
    async with at(store, "my_shifts") as (app, pilot):
        await hit(pilot, "down")
        await press(pilot, "1")
        assert isinstance(app.screen, Choose)
        await press(pilot, "1")
        assert "已请大家替03-15 周日 服务台 周末班" in said(app)
        assert "⇄ 已请大家替" in page(app)
        assert rows(store, ASKED) == [("open", "", 0)]
        await press(pilot, "1")
        assert "已经问了" in said(app)
        await press(pilot, "5")
        assert rows(store, ASKED) == [("withdrawn", "", 0)]
        await hit(pilot, "ctrl+z")
        assert rows(store, ASKED) == [("open", "", 0)]


async def test_who_cannot_cover_is_shown_with_the_reason_and_not_taken(store: Path) -> None:
    perform(store, "availability.add", person=person(store, "李四"), kind="cannot", since="2026-03-15")
    async with at(store, "my_shifts") as (app, pilot):
        await hit(pilot, "down")
        await press(pilot, "1")
        options = app.screen.query_one(LongList)
        texts = [str(options._row(index).cells) for index in range(options.count or 0)]  # type: ignore[union-attr]
        [barred] = [index for index, text in enumerate(texts) if "李四" in text]
        assert "说过不能来" in texts[barred]
        await press(pilot, str(barred + 1))
        assert isinstance(app.screen, Choose)
        assert not rows(store, ASKED)
        [free] = [index for index, text in enumerate(texts) if "张三" in text]
        await press(pilot, str(free + 1))
        assert "已请张三" in page(app)
    assert rows(store, ASKED) == [("open", "张三", 0)]


async def test_a_shift_is_swapped_for_a_colleagues_that_fits_both(store: Path) -> None:
    async with at(store, "my_shifts") as (app, pilot):
        await hit(pilot, "down")
        await press(pilot, "2")
        assert "张三 03-17 周二 晚班" in page(app)
        assert "两边都合适" in page(app)
        await press(pilot, "1")
        assert "已问：拿03-15 周日 服务台 周末班换张三 03-17 周二 晚班" in said(app)
    assert rows(store, ASKED) == [("open", "张三", 1)]


async def test_an_open_place_is_taken_and_one_of_the_same_time_is_not_offered(store: Path) -> None:
    more(store, moment(9, days=4), name="空班")
    more(store, moment(9, days=3), name="同时")
    async with at(store, "my_shifts") as (app, pilot):
        await press(pilot, "3")
        assert "同一时间有别的班" in page(app)
        await press(pilot, "1")
        assert isinstance(app.screen, Choose)
        await press(pilot, "2")
        assert "已认领03-16 周一 服务台 空班" in said(app)
        assert "往后的 3" in page(app)
        await hit(pilot, "ctrl+z")
        assert "往后的 2" in page(app)


async def test_two_keys_say_that_somebody_cannot_on_the_day_of_a_shift(store: Path) -> None:
    async with at(store, "my_shifts") as (app, pilot):
        await hit(pilot, "down")
        await press(pilot, "4", "1")
        assert "03-15 周日" in said(app)
    kept = rows(store, "select kind, since, until from availability where not archived")
    assert kept == [("cannot", "2026-03-15", "2026-03-16")]


async def test_a_pause_goes_on_until_somebody_ends_it_and_a_day_is_one_day(store: Path) -> None:
    async with at(store, "my_shifts") as (app, pilot):
        await press(pilot, "4", "3")
        await fill(pilot, "first", "2026-04-01")
        await fill(pilot, "note", "[/b] [a栋]")
        await press(pilot, "f2")
        await press(pilot, "4", "2")
        await fill(pilot, "first", "2026-04-05")
        await fill(pilot, "last", "2026-04-01")
        await press(pilot, "f2")
        assert "早于第一天" in page(app)
        await fill(pilot, "last", "")
        await press(pilot, "f2")
    kept = rows(store, "select kind, since, until, note from availability where not archived order by since")
    assert kept == [("pause", "2026-04-01", None, "[/b] [a栋]"), ("cannot", "2026-04-05", "2026-04-06", "")]


async def test_somebody_elses_shifts_are_for_all_to_see_and_for_them_or_the_committee_to_change(
    store: Path,
) -> None:
    async with at(store, "my_shifts", person_id=None) as (app, pilot):
        await press(pilot, "f3")
        await press(pilot, "zs", "enter")
        assert isinstance(app.screen, MyShifts)
        assert app.screen.heading == "张三的班"
        assert "晚班" in page(app)
        for key in ("1", "4"):
            await press(pilot, key)
            assert "请本人或委员来" in said(app)
        await press(pilot, "3")
        assert "认领只能自己来" in said(app)
    sits(store, "王德胜")
    async with at(store, "my_shifts") as (app, pilot):
        await press(pilot, "6")
        await press(pilot, "zs", "enter")
        await hit(pilot, "down")
        await press(pilot, "1", "1")
        assert "已请大家替" in said(app)


async def test_enter_offers_what_can_be_done_about_a_shift(store: Path) -> None:
    async with at(store, "my_shifts") as (app, pilot):
        await hit(pilot, "down", "enter")
        assert "在排班表里看" in page(app)
        assert "没有发出请求" in page(app)
        await press(pilot, "1")
        assert "请谁替" in page(app)


async def test_shifts_leave_as_a_calendar_file_or_masked_for_the_chat_group(
    store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    async with at(store, "my_shifts") as (app, pilot):
        await press(pilot, "f5", "2")
        assert isinstance(app.screen, ChatText)
        assert "赵* 往后的班" in page(app)
        assert "赵六" not in app.screen._text
        assert "03-15 周日 服务台 周末班 8:30–11:30" in app.screen._text
        await press(pilot, "escape", "f5", "1")
    assert ["BEGIN:VEVENT" in text for text in calendars(tmp_path)] == [True]


@pytest.mark.parametrize("language", i18n.LANGUAGES)
@pytest.mark.parametrize("size", [(80, 24), (140, 40)])
async def test_no_line_is_wider_than_the_terminal(store: Path, language: str, size: tuple[int, int]) -> None:
    i18n.use(language, strict=True)
    more(store, moment(9, days=9), "赵六", "张三", name=ODD)
    async with at(store, "my_shifts", size) as (app, pilot):
        for key in ("down", "right", "left"):
            await hit(pilot, key)
            assert all(width(line) <= size[0] for line in page(app).splitlines())
