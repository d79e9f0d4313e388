"""Requests and gaps: what a yes would do stands beneath, one key says it; a place given away twice is settled by choice."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from post_desk import NOW, add_shift, do, person, sits, station
from post_desk import at as moment
from register_desk import ODD, at, page, press, rest, rows, said
from sewer_desk import hit
from test_duty_mine_home import place as place_of
from town import Other, Town, on, other_laptop, sees, settled_town, until

from tui import edge, i18n, syncing
from tui.screens.chat_text import ChatText
from tui.screens.duty.swaps import Swaps
from tui.screens.sync.conflict import ConflictScreen
from tui.widgets.map_panel import MapPanel
from tui.widgets.text import width

SWAPS = "select state from swap order by asked_at, id"


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """李四 asks 赵六 to cover on the 18th, 张三 asks everybody for the 17th; the 19th lacks somebody."""
    monkeypatch.setattr(edge, "clock", lambda: NOW)
    path = station(tmp_path / "store.db")
    early = add_shift(path, moment(14, days=5), "张三", name="晚班")
    late = add_shift(path, moment(14, days=6), "李四", name="晚班")
    add_shift(path, moment(8, 30, days=7), name="空班")
    do(path, "swap.ask", assignment=place_of(path, late, "李四"), to=person(path, "赵六"), words=ODD)
    do(path, "swap.ask", assignment=place_of(path, early, "张三"))
    sits(path, "赵六")
    return path


def on_shift(path: Path, day: str, name: str) -> list[str]:
    found = rows(
        path,
        "select p.name from assignment a join shift s on s.id = a.shift_id join person p on p.id = a.person_id "  # noqa: S608
        f"where not a.archived and s.day = '{day}' and s.name = '{name}' order by p.name",
    )
    return [one for (one,) in found]


def panel(app: Any) -> str:
    return str(next(iter(app.screen.query(MapPanel))).view)


async def test_one_key_says_yes_and_the_shift_changes_hands_until_it_is_undone(store: Path) -> None:
    async with at(store, "swaps") as (app, pilot):
        assert isinstance(app.screen, Swaps)
        assert app.screen.view == "to_me"
        assert "请人替 03-18 周三 服务台 晚班" in page(app)
        assert ODD in panel(app)
        await press(pilot, "1")
        assert "已答应李四" in said(app)
        assert on_shift(store, "2026-03-18", "晚班") == ["赵六"]
        await hit(pilot, "ctrl+z")
        assert on_shift(store, "2026-03-18", "晚班") == ["李四"]


async def test_no_is_said_by_one_key_and_stands_among_what_was_answered(store: Path) -> None:
    async with at(store, "swaps") as (app, pilot):
        await press(pilot, "2")
        assert "已谢绝李四" in said(app)
        await hit(pilot, "e")
        assert "赵六 已谢绝" in page(app)
        await press(pilot, "1")
        assert "已经答复过了" in said(app)
    assert sorted(rows(store, SWAPS)) == [("declined",), ("open",)]


async def test_what_a_yes_would_hurt_is_told_before_it_is_said(store: Path) -> None:
    sits(store, "王德胜")
    add_shift(store, moment(18, days=6), "赵六", name="夜班", hours=4)
    sits(store, "赵六")
    async with at(store, "swaps", size=(140, 40)) as (app, pilot):
        await rest(pilot)
        assert "前后间隔太短" in panel(app)
        assert "欠" in panel(app)


async def test_whoever_asked_everybody_is_covered_by_whoever_says_yes_first(store: Path) -> None:
    async with at(store, "swaps", view="covers") as (app, pilot):
        assert "张三" in page(app)
        await press(pilot, "2")
        assert "不用谢绝" in said(app)
        await press(pilot, "1")
        assert on_shift(store, "2026-03-17", "晚班") == ["赵六"]
    sits(store, "张三")
    async with at(store, "swaps", view="asked") as (app, pilot):
        assert "您没有等答复的请求" in page(app)


async def test_ones_own_request_is_withdrawn_here_and_by_nobody_else(store: Path) -> None:
    async with at(store, "swaps", view="covers") as (app, pilot):
        await press(pilot, "4")
        assert "只能由本人撤回" in said(app)
    sits(store, "张三")
    async with at(store, "swaps", view="asked") as (app, pilot):
        await press(pilot, "1")
        assert "您自己的请求" in said(app)
        await press(pilot, "4")
        assert "已撤回" in said(app)
    assert sorted(rows(store, SWAPS)) == [("open",), ("withdrawn",)]


async def test_a_gap_is_taken_by_a_volunteer_and_filled_by_the_committee_alone(store: Path) -> None:
    async with at(store, "swaps", view="gaps") as (app, pilot):
        assert "▲ 缺1人" in page(app)
        await press(pilot, "3")
        assert "由委员或主任安排" in said(app)
        await press(pilot, "1")
        assert on_shift(store, "2026-03-19", "空班") == ["赵六"]
        assert "四个星期内不缺人" in page(app)
        await hit(pilot, "ctrl+z")
    sits(store, "王德胜")
    async with at(store, "swaps", view="gaps") as (app, pilot):
        await press(pilot, "3", "1")
        assert "已安排" in said(app)
    assert len(on_shift(store, "2026-03-19", "空班")) == 1


async def test_gaps_and_requests_go_to_the_chat_group_masked(store: Path) -> None:
    async with at(store, "swaps") as (app, pilot):
        await press(pilot, "f5")
        assert isinstance(app.screen, ChatText)
        text = app.screen._text
        assert "03-19" in text
        assert "03-17 周二 服务台 晚班 14:00–17:00 张*" in text
        assert "张三" not in text


async def test_a_search_keeps_what_holds_the_text_and_says_so_when_nothing_does(store: Path) -> None:
    async with at(store, "swaps") as (app, pilot):
        await hit(pilot, "slash")
        await press(pilot, "03-18")
        assert "李四" in page(app)
        await press(pilot, "x")
        assert "没有含" in page(app)


@pytest.mark.parametrize("language", i18n.LANGUAGES)
@pytest.mark.parametrize("size", [(80, 24), (140, 40)])
async def test_no_line_is_wider_than_the_terminal(store: Path, language: str, size: tuple[int, int]) -> None:
    i18n.use(language, strict=True)
    async with at(store, "swaps", size) as (app, pilot):
        for _ in range(6):
            await hit(pilot, "right")
            assert all(width(line) <= size[0] for line in page(app).splitlines())
        await pilot.click("ViewTabs", offset=(3, 0))
        await rest(pilot)
        assert app.screen.view == "to_me"  # type: ignore[attr-defined]


# -- two laptops -------------------------------------------------------------------------

Place = tuple[Town, Other, Path]


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    monkeypatch.setattr(syncing, "SOON", 0.05)
    with settled_town(tmp_path) as settled:
        yield settled


async def given_twice(town: Town, hall: Other, path: Path) -> None:
    """Let two laptops put 罗铁生 on two shifts of one time, without knowing of each other."""
    who, post = str(edge.new_id()), str(edge.new_id())
    hall.do("person.add", id=who, name="罗铁生")
    hall.do("role.grant", id=str(edge.new_id()), person=who, role="volunteer", since="2020-01-01")
    hall.do("post.add", id=post, name="服务台")
    starts = edge.clock().replace(minute=0, second=0, microsecond=0) + timedelta(days=2)
    shifts = []
    for name in ("早班", ODD):
        shifts.append(str(edge.new_id()))
        hall.do(
            "shift.add",
            id=shifts[-1],
            post=post,
            name=name,
            day=starts.date().isoformat(),
            starts_at=starts.isoformat(),
            ends_at=(starts + timedelta(hours=2)).isoformat(),
            published=True,
        )
    await hall.sync()
    with other_laptop(town, path) as here:
        await here.sync()
        hall.do("duty.assign", id=str(edge.new_id()), shift=shifts[0], person=who)
        here.do("duty.assign", id=str(edge.new_id()), shift=shifts[1], person=who)
        await hall.sync()
        await here.sync()
        here.desk.act_as(UUID(who))


async def test_a_place_given_away_twice_apart_is_told_to_both_and_settled_side_by_side(place: Place) -> None:
    town, hall, path = place
    await given_twice(town, hall, path)
    app = town.app(path)
    async with on(app) as pilot:
        await sees(pilot, "您的班有 1 处冲突要定")
        app.enter("swaps", view="clashes")
        await sees(pilot, "! 罗铁生同时两个班", "服务台 早班", "5 定一个")
        await until(pilot, lambda: app.screen.front is not None)  # type: ignore[attr-defined]
        await pilot.press("1")
        await sees(pilot, "两边要定一个：按 5")
        await pilot.press("5")
        await until(pilot, lambda: isinstance(app.screen, ConflictScreen))
        await sees(pilot, "同一个人同时排了两个班", "1 上这一班", "罗铁生", "早班")
        await pilot.press("1")
        await until(pilot, lambda: app.status.waits.conflicts == 0)  # type: ignore[union-attr]
        await sees(pilot, "保留了 罗铁生")
        await pilot.press("escape")
        await sees(pilot, "没有排重的班")
        app.enter("changes")
        await sees(pilot, "时间冲突", "早班 罗铁生")
    assert len(rows(path, "select id from assignment where not archived")) == 1


async def accepted_twice(town: Town, hall: Other, path: Path) -> None:
    """Let 王德胜 and 周满秀 both say yes to what 罗铁生 asks everybody, without knowing of each other."""
    asker, taker, post = (str(edge.new_id()) for _ in range(3))
    for row_id, name in ((asker, "罗铁生"), (taker, "周满秀")):
        hall.do("person.add", id=row_id, name=name)
        hall.do("role.grant", id=str(edge.new_id()), person=row_id, role="volunteer", since="2020-01-01")
    hall.do("post.add", id=post, name="服务台")
    starts = edge.clock().replace(minute=0, second=0, microsecond=0) + timedelta(days=2)
    shift, place, swap = (str(edge.new_id()) for _ in range(3))
    hall.do(
        "shift.add",
        id=shift,
        post=post,
        name="早班",
        day=starts.date().isoformat(),
        starts_at=starts.isoformat(),
        ends_at=(starts + timedelta(hours=2)).isoformat(),
        published=True,
    )
    hall.do("duty.assign", id=place, shift=shift, person=asker)
    hall.do("swap.ask", id=swap, assignment=place)
    await hall.sync()
    with other_laptop(town, path) as here:
        await here.sync()
        here.desk.act_as(UUID(taker))
        hall.do("swap.accept", swap=swap)
        here.do("swap.accept", swap=swap)
        await hall.sync()
        await here.sync()


async def test_of_two_who_said_yes_apart_both_are_told_and_one_is_chosen(place: Place) -> None:
    town, hall, path = place
    await accepted_twice(town, hall, path)
    app = town.app(path)
    async with on(app) as pilot:
        await sees(pilot, "您的班有 1 处冲突要定")
        app.enter("swaps", view="clashes")
        await sees(pilot, "两人都答应了", "王德胜", "周满秀")
        await until(pilot, lambda: app.screen.front is not None)  # type: ignore[attr-defined]
        await pilot.press("5")
        await until(pilot, lambda: isinstance(app.screen, ConflictScreen))
        await sees(pilot, "选由谁上", "1 由这位上", "王德胜", "周满秀", "罗铁生")
        await pilot.press("2")
        await until(pilot, lambda: app.status.waits.conflicts == 0)  # type: ignore[union-attr]
        await pilot.press("escape")
        await sees(pilot, "没有排重的班")
    named = "select p.name from assignment a join person p on p.id = a.person_id where not a.archived"
    assert rows(path, named) == [("周满秀",)]
