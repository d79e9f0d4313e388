"""A day of the roster: somebody is put on and taken off, one falls ill, and anybody may ask why it is them."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import pytest
from register_desk import fill, page, press, rest, rows, said, until
from roster_desk import NOW, RosterDesk, day
from textual.pilot import Pilot

from models.operations.envelope import Intent
from tui import edge, i18n
from tui.app import LinliApp
from tui.screens.duty.generate_result import RosterResult
from tui.screens.duty.roster_day import RosterDay
from tui.screens.duty.why import Why
from tui.widgets.form import PickLine
from tui.widgets.long_list import LongList
from tui.widgets.month_calendar import MonthCalendar
from tui.widgets.text import width


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store in which December is published."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(edge, "clock", lambda: NOW)
        desk = RosterDesk(tmp_path_factory.mktemp("days") / "store.db")
        desk.draft(NOW.date(), day(31), publish=True)
    return desk.path


@pytest.fixture
def desk(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RosterDesk:
    monkeypatch.setattr(edge, "clock", lambda: NOW)
    return RosterDesk.again(made, tmp_path / "store.db")


def day_room(app: LinliApp) -> RosterDay:
    assert isinstance(app.screen, RosterDay), app.screen
    return app.screen


async def open_day(pilot: Pilot[None], number: int) -> None:
    await press(pilot, *str(number), "enter")


async def test_digits_go_to_a_day_and_enter_opens_it(desk: RosterDesk) -> None:
    async with desk.room(month=day(1)) as (app, pilot):
        await press(pilot, "1", "2")
        assert app.screen.query_one(MonthCalendar).day == day(12)
        await press(pilot, "7")
        assert app.screen.query_one(MonthCalendar).day == day(7)
        await press(pilot, "2", "3", "enter")
        assert "12-23 周三" in page(app)
        await press(pilot, "right")
        assert "12-24 周四" in page(app)


async def test_arrows_pass_over_the_end_of_the_month_and_pgdn_turns_it(desk: RosterDesk) -> None:
    async with desk.room() as (app, pilot):
        assert "2026年11月" in page(app)
        await press(pilot, "down", "down")
        assert "2026年12月" in page(app)
        await pilot.press("pageup")
        await rest(pilot)
        assert "2026年11月" in page(app)


async def test_holidays_and_the_marks_of_a_day_are_told_in_words(desk: RosterDesk) -> None:
    async with desk.room(month=day(1)) as (app, pilot):
        text = page(app)
        assert "1 元旦" in text
        assert "▲ 缺人" in text
        assert "★ 我的班" in text
        await press(pilot, "pagedown", "1")
        assert "01-01 周五 元旦" in page(app)


async def test_somebody_is_taken_off_and_the_best_is_put_on_and_both_are_undone(desk: RosterDesk) -> None:
    before = desk.on(day(3), "早班")
    async with desk.room(month=day(1)) as (app, pilot):
        await open_day(pilot, 3)
        await press(pilot, "down", "2")
        assert "撤下" in said(app)
        assert len(desk.on(day(3), "早班")) == 1
        assert "▲ 空位" in page(app)
        shown = day_room(app).query_one(LongList)
        ids = [shown._row(number).id for number in range(shown.count or 0)]  # type: ignore[union-attr]
        shown.move_to(next(number for number, row in enumerate(ids) if row.startswith("gap")))
        await press(pilot, "enter")
        text = page(app)
        assert "小时" in text  # how far each is from their share
        assert "其他人…" in text
        await press(pilot, "2")
        assert "安排" in said(app)
        assert len(desk.on(day(3), "早班")) == 2
        await press(pilot, "u", "u")
        assert desk.on(day(3), "早班") == before


async def test_a_place_is_locked_and_a_shift_is_changed_called_off_and_added(desk: RosterDesk) -> None:
    async with desk.room(month=day(1)) as (app, pilot):
        await open_day(pilot, 3)
        await press(pilot, "down", "3")
        assert "■ 锁定" in page(app)
        await press(pilot, "up", "4")
        await fill(pilot, "ends", "12:30")
        await fill(pilot, "hands", "3")
        await press(pilot, "f2")
        assert "8:30–12:30" in page(app)
        assert "2/3 人 缺1人" in page(app)
        [(points,)] = rows(desk.path, "select points from shift where day = '2026-12-03' and name = '早班'")
        assert points == 400
        await press(pilot, "5")
        await fill(pilot, "words", "下大雪")
        await press(pilot, "f2")
        assert "− 已取消" in page(app)
        await press(pilot, "u")
        assert "2/3 人 缺1人" in page(app)
        await press(pilot, "7")
        await fill(pilot, "name", "大扫除")
        await fill(pilot, "starts", "0900")
        await fill(pilot, "ends", "11")
        await press(pilot, "f2")
        assert "9:00–11:00 服务台 大扫除" in page(app)
        await press(pilot, "u", "u", "u")
        assert "8:30–11:30 服务台 早班" in page(app)
        assert "9:00–11:00 服务台 大扫除      − 已取消" in page(app)
        assert "锁定" not in page(app).split("说明")[1].split("安排人")[0]


async def test_a_shift_that_was_called_off_is_held_after_all(desk: RosterDesk) -> None:
    before = desk.on(day(3), "早班")
    async with desk.room(month=day(1)) as (app, pilot):
        await open_day(pilot, 3)
        await press(pilot, "5", "f2")
        assert "取消了" in said(app)
        await press(pilot, "down", "up", "5")
        assert "恢复了" in said(app)
    assert desk.on(day(3), "早班") == before


async def test_two_places_at_one_time_are_named_in_both(desk: RosterDesk) -> None:
    [(early, late)] = rows(
        desk.path,
        "select a.id, b.id from shift a join shift b on b.day = a.day and b.name = '午班' "
        "where a.name = '早班' and a.day = '2026-12-04'",
    )
    both = desk.on(day(4), "午班")[0]
    one = desk.on(day(4), "早班")[0]
    places = rows(
        desk.path, "select a.id, a.shift_id, p.name from assignment a join person p on p.id = a.person_id"
    )
    place = next(row for row, shift, name in places if (shift, name) == (early, one))
    desk.perform(Intent("duty.unassign", {"assignment": str(UUID(str(place)))}))
    payload = {"shift": str(UUID(str(early))), "person": desk.people[both]}
    desk.perform(Intent("duty.assign", {"id": str(edge.new_id()), **payload}))
    times = {"starts_at": "2026-12-04T01:00:00+00:00", "ends_at": "2026-12-04T04:00:00+00:00"}
    before = {"starts_at": "2026-12-04T06:00:00+00:00", "ends_at": "2026-12-04T09:00:00+00:00"}
    desk.perform(Intent("shift.edit", {"shift": str(UUID(str(late))), "old": before, "new": times}))
    async with desk.room(month=day(1)) as (app, pilot):
        await press(pilot, "4")
        assert page(app).count(f"!{both}") == 2
        await press(pilot, "enter")
        assert "! 同时在服务台 午班" in page(app)
        assert "! 同时在服务台 早班" in page(app)


async def test_an_illness_changes_as_little_as_it_can_and_notes_the_pause(desk: RosterDesk) -> None:
    before = {
        (number, name): desk.on(day(number), name) for number in range(1, 32) for name in ("早班", "午班")
    }
    who = desk.on(day(3), "早班")[0]
    async with desk.room(month=day(1)) as (app, pilot):
        await press(pilot, "3", "f7")
        app.screen.query_one(PickLine).value = desk.people[who]
        await fill(pilot, "first", "2026-12-03")
        await fill(pilot, "last", "2026-12-05")
        await press(pilot, "f2")
        await until(pilot, lambda: isinstance(app.screen, RosterResult))
        assert f"{who} →" in page(app)
        await press(pilot, "f2")
    after = {key: desk.on(day(key[0]), key[1]) for key in before}
    moved = [key for key in before if before[key] != after[key]]
    held = [key for key in before if who in before[key] and 3 <= key[0] <= 5]
    assert who not in after[3, "早班"]
    assert len(moved) == len(held)  # nothing but what they had on these days
    found = rows(desk.path, "select kind, since, until from availability where kind = 'pause'")
    assert found == [("pause", "2026-12-03", "2026-12-06")]


async def test_an_illness_is_published_as_what_changes_and_taken_back_whole(desk: RosterDesk) -> None:
    before = desk.on(day(3), "早班")
    async with desk.room(month=day(1)) as (app, pilot):
        await press(pilot, "3", "f7")
        app.screen.query_one(PickLine).value = desk.people[before[0]]
        await fill(pilot, "last", "2026-12-03")
        await press(pilot, "f2")
        await until(pilot, lambda: isinstance(app.screen, RosterResult))
        await press(pilot, "f2", "f6")
        text = page(app)
        assert "2 个人有变动" in text
        assert "新增" not in text
        assert f"{before[0]}  − 服务台 早班 12-03" in text
        await press(pilot, "escape", "u")
        assert "已撤销" in said(app)
    assert desk.on(day(3), "早班") == before
    assert rows(desk.path, "select id from availability where kind = 'pause' and not archived") == []


async def test_why_me_tells_what_it_would_cost_and_whom_it_would_touch(desk: RosterDesk) -> None:
    who = desk.on(day(3), "早班")[0]
    desk.sits(who)
    async with desk.room(month=day(1)) as (app, pilot):
        await open_day(pilot, 3)
        await press(pilot, "down", "8")
        await until(pilot, lambda: "要动到" in page(app))
        text = page(app)
        assert f"如果{who}不上 12-03 周四 服务台 早班" in text
        assert "不会多缺人" in text
        assert "应摊" in text
        await press(pilot, "f2")
        await press(pilot, "1")
        await until(pilot, lambda: "如果让" in page(app) or "不能上" in page(app))
        await press(pilot, "escape")
        assert isinstance(app.screen, RosterDay)


async def test_why_a_place_is_empty_names_who_is_barred_by_what_and_the_smallest_relaxation(
    desk: RosterDesk,
) -> None:
    for name in desk.people:
        if name not in desk.on(day(3), "早班"):
            term = {
                "person": desk.people[name],
                "kind": "cannot",
                "since": "2026-12-03",
                "until": "2026-12-04",
            }
            desk.perform(Intent("availability.add", {"id": str(edge.new_id()), **term}))
    desk.perform(Intent("shift.edit", desk.more_hands(day(3), "早班", 3)))
    async with desk.room(month=day(1)) as (app, pilot):
        await open_day(pilot, 3)
        await press(pilot, "8")
        await until(pilot, lambda: "最少要放宽" in page(app))
        text = page(app)
        assert "5 人说了不能来" in text
        assert "破例上" in text


async def test_a_volunteer_takes_an_open_place_and_the_committees_deeds_are_not_theirs(
    desk: RosterDesk,
) -> None:
    desk.perform(Intent("shift.edit", desk.more_hands(day(3), "早班", 3)))
    free = next(name for name in desk.people if name not in desk.on(day(3), "早班") and name != "王德胜")
    desk.sits(free)
    async with desk.room(month=day(1)) as (app, pilot):
        await open_day(pilot, 3)
        assert "撤下" not in page(app)
        await press(pilot, "2")
        assert "排班由委员会来做" in said(app)
        await press(pilot, "9")
        assert "归您了" in said(app)
        assert free in desk.on(day(3), "早班")


async def test_everything_is_done_with_the_mouse_as_well(desk: RosterDesk) -> None:
    async with desk.room(month=day(1)) as (app, pilot):
        await click_on(pilot, app, " 10 ")
        assert app.screen.query_one(MonthCalendar).day == day(10)
        await click_on(pilot, app, ">10")
        assert "12-10 周四" in page(app)
        await click_on(pilot, app, "8 为什么")
        assert isinstance(app.screen, Why)
        await press(pilot, "escape", "escape")
        await click_on(pilot, app, "周表")
        assert "8:30–11:30" in page(app)
        await click_on(pilot, app, "PgDn 往后翻")
        assert "周四 17" in page(app)


async def click_on(pilot: Pilot[None], app: LinliApp, text: str) -> None:
    lines = page(app).splitlines()
    row = next(number for number, line in enumerate(lines) if text in line)
    await pilot.click(offset=(width(lines[row][: lines[row].index(text)]) + 1, row))
    await rest(pilot)


@pytest.mark.parametrize("language", i18n.LANGUAGES)
@pytest.mark.parametrize("size", [(60, 18), (80, 24), (100, 30), (140, 40)])
async def test_the_roster_fills_every_size_with_whole_lines(
    desk: RosterDesk, language: str, size: tuple[int, int]
) -> None:
    i18n.use(language, strict=True)
    odd = "[/b] [a栋] {x} １２３"
    desk.perform(
        Intent("post.edit", {"post": desk.post, "old": {"name": "服务台"}, "new": {"name": odd}}),
        Intent("person.edit", {"person": desk.people["张三"], "old": {"name": "张三"}, "new": {"name": odd}}),
    )
    async with desk.room(size, month=day(1)) as (app, pilot):
        for key in ("down", "f3", "right", "down", "f3", "f3", "9", "enter", "down", "escape", "pagedown"):
            await press(pilot, key)
            assert {width(line) for line in page(app).splitlines()} == {size[0]}
