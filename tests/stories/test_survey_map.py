"""The survey map, from the walk that noted levels to the text in the chat group."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from uuid import UUID

import pytest
from neighbours import ODD, PEOPLE, drawn, looking, make_app, new, page, press, rest
from textual.pilot import Pilot

from models.operations.envelope import Intent
from tui import i18n
from tui.actions import key_name
from tui.app import LinliApp
from tui.desk import Desk
from tui.screens.chat_text import ChatText
from tui.screens.survey.compare import CompareWalks
from tui.screens.survey.room import SurveyMap
from tui.screens.survey.well import WellCard
from tui.widgets.map_canvas import MapCanvas
from tui.widgets.map_panel import MapPanel
from tui.widgets.text import width

#: Full down to W05, low from W06 on.
BLOCKED = {f"W{n:02}": "full" if n < 6 else "flowing" for n in range(1, 12)}


def point_ids(desk: Desk) -> dict[str, str]:
    with desk.store.read() as session:
        found = session.connection().exec_driver_sql("SELECT code, id FROM point")
        return {str(code): str(row_id) for code, row_id in found}


def walk(path: Path, levels: Mapping[str, str], *, name: str = "春季普查", note: str = "") -> None:
    with looking(path) as desk:
        points, walk_id = point_ids(desk), new()
        do(desk, "walk.start", id=walk_id, name=name)
        for code, level in levels.items():
            do(desk, "walk.observe", id=new(), walk=walk_id, point=points[code], level=level, note=note)


def do(desk: Desk, kind: str, /, **payload: object) -> None:
    outcome = desk.perform(Intent(kind, payload))
    assert outcome.refused is None, outcome.refused


def survey_wells(path: Path, *, but: str = "") -> None:
    """Give each well its place, one every 20 m to the east; `but` gets none."""
    with looking(path) as desk:
        for number, (code, row_id) in enumerate(sorted(point_ids(desk).items())):
            if code != but and code[:1] in "WO":
                do(desk, "point.edit", point=row_id, old={"x_m": None, "y_m": None},
                   new={"x_m": number * 20.0, "y_m": number % 3 * 8.0})  # fmt: skip


async def enter(pilot: Pilot[None], app: LinliApp) -> SurveyMap:
    await rest(pilot, app)
    app.enter("map")
    await rest(pilot, app)
    assert isinstance(app.screen, SurveyMap)
    return app.screen


def picked(app: LinliApp) -> str | None:
    return app.screen.query_one(MapCanvas).picked


async def test_the_map_opens_at_the_blockage_and_names_it(path: Path) -> None:
    walk(path, BLOCKED)
    app = make_app(path)
    async with app.run_test() as pilot:
        await enter(pilot, app)
        assert picked(app) == "W05"
        assert "W05 → W06" in drawn(app)[1]
        assert "堵在 W05 → W06" in page(app)
        assert "已看 11/47 口" in drawn(app)[1]


@pytest.mark.parametrize("language", ["zh_CN", "en"])
@pytest.mark.parametrize("size", [(80, 24), (140, 40), (60, 20)])
async def test_the_map_is_drawn_in_every_size(path: Path, language: str, size: tuple[int, int]) -> None:
    walk(path, BLOCKED)
    i18n.use(language, strict=True)
    app = make_app(path)
    async with app.run_test(size=size) as pilot:
        screen = await enter(pilot, app)
        assert "W05" in page(app)
        assert "╳" in page(app)
        shown = [panel for panel in screen.query(MapPanel) if panel.size.width]
        assert len(shown) == 1
        await press(pilot, app, ["0", "+", "-", "f1", "escape"])
        assert app.screen is screen


async def test_full_width_keys_do_as_well(path: Path) -> None:
    from textual import events

    walk(path, BLOCKED)
    app = make_app(path)
    async with app.run_test() as pilot:
        screen = await enter(pilot, app)
        canvas = screen.query_one(MapCanvas)
        await press(pilot, app, ["0"])
        widths = [_map_width(canvas)]
        for char in "＋－＝－":
            app.post_message(events.Key(key_name(char), char))
            await rest(pilot, app)
            widths.append(_map_width(canvas))
        assert widths[0] == widths[2] == widths[4] < widths[1] == widths[3]


def _map_width(canvas: MapCanvas) -> int:
    assert canvas._view is not None
    return canvas._view.lens.width


async def test_tab_goes_from_blockage_to_blockage(path: Path) -> None:
    walk(path, {**BLOCKED, "W20": "full", "W21": "full", "W22": "full", "W23": "dry", "W24": "dry"})
    app = make_app(path)
    async with app.run_test() as pilot:
        await enter(pilot, app)
        first = picked(app)
        await press(pilot, app, ["tab"])
        second = picked(app)
        await press(pilot, app, ["n"])
        assert {first, second} == {"W05", "W22"}
        assert picked(app) == first
        assert "1/2" in drawn(app)[-2]
        await pilot.click("#what")
        await rest(pilot, app)
        assert picked(app) == second


async def test_enter_opens_the_card_of_the_well_and_esc_leads_back(path: Path) -> None:
    walk(path, {"W05": "flowing"}, name="去年")
    walk(path, BLOCKED, note="[/b] 井盖旁有车")
    app = make_app(path)
    async with app.run_test() as pilot:
        screen = await enter(pilot, app)
        await press(pilot, app, ["enter"])
        assert isinstance(app.screen, WellCard)
        text = page(app)
        assert "[/b] 井盖旁有车" in text
        assert "▂▆" in text  # flowing, then full
        assert "W04 → 本井 W05" in text
        await press(pilot, app, ["escape"])
        assert app.screen is screen
        assert picked(app) == "W05"


async def test_the_card_tells_of_a_walk_older_than_its_chart(path: Path) -> None:
    walk(path, {"W05": "overflow"}, name="最早", note="漫到路上")
    for number in range(13):
        walk(path, {"W05": "flowing"}, name=f"第{number}次")
    app = make_app(path)
    async with app.run_test() as pilot:
        await rest(pilot, app)
        with looking(path) as desk, desk.store.read() as session:
            found = session.connection().exec_driver_sql("SELECT id FROM walk WHERE name = '最早'")
            walk_id = UUID(found.scalar_one())
        app.enter("map", walk_id=walk_id, code="W05")
        await rest(pilot, app)
        await press(pilot, app, ["enter"])
        assert "漫到路上" in page(app)
        assert "最近 12 次巡检" in page(app)


@pytest.mark.parametrize("size", [(80, 24), (140, 40)])
async def test_odd_codes_and_names_are_shown_as_they_are(path: Path, size: tuple[int, int]) -> None:
    app = make_app(path)
    async with app.run_test(size=size) as pilot:
        screen = await enter(pilot, app)
        for code in (made.upper() for made in ODD):
            screen.query_one(MapCanvas).pick(code)
            await rest(pilot, app)
            assert code in page(app)
            await press(pilot, app, ["enter"])
            assert code in drawn(app)[0]
            assert f"备注{code.lower()}" in page(app)
            await press(pilot, app, ["escape"])


async def test_the_mouse_chooses_and_opens(path: Path) -> None:
    walk(path, BLOCKED)
    app = make_app(path)
    async with app.run_test() as pilot:
        await enter(pilot, app)
        line = next(n for n, text in enumerate(drawn(app)) if "W03" in text)
        column = width(drawn(app)[line].split("W03")[0])
        await pilot.click(offset=(column, line))
        await rest(pilot, app)
        assert picked(app) == "W03"
        await pilot.click(offset=(column, line))
        await rest(pilot, app)
        assert isinstance(app.screen, WellCard)


async def test_a_click_on_a_tool_does_what_its_key_does(path: Path) -> None:
    walk(path, BLOCKED)
    app = make_app(path)
    async with app.run_test() as pilot:
        await enter(pilot, app)
        line = next(n for n, text in enumerate(drawn(app)) if "F4" in text)
        assert "示意图" not in drawn(app)[line]
        await pilot.click(offset=(width(drawn(app)[line].split("找井")[0]), line))
        await rest(pilot, app)
        assert not isinstance(app.screen, SurveyMap)


async def test_without_coordinates_there_is_no_plan_and_the_key_says_why(path: Path) -> None:
    walk(path, BLOCKED)
    app = make_app(path)
    async with app.run_test() as pilot:
        await enter(pilot, app)
        await press(pilot, app, ["f4"])
        assert "没有一口井有坐标" in drawn(app)[-2]


async def test_a_well_without_coordinates_is_not_lost(path: Path) -> None:
    survey_wells(path, but="W09")
    walk(path, BLOCKED)
    app = make_app(path)
    async with app.run_test() as pilot:
        screen = await enter(pilot, app)
        assert "m  N▴" in page(app)
        assert "没坐标的井 5 口" in page(app)
        assert screen._mapped is not None
        place = screen._mapped.scene.unplaced.index("W09") + 1
        await press(pilot, app, ["f6", str(place)])
        panel = next(panel for panel in screen.query(MapPanel) if panel.size.width)
        assert panel.view is not None
        assert (panel.view.code, panel.view.mark.word) == ("W09", "畅")
        await press(pilot, app, ["enter"])
        assert isinstance(app.screen, WellCard)
        await press(pilot, app, ["escape", "f4"])
        assert "示意图，水往右流" in drawn(app)[-2]
        assert picked(app) == "W09"


async def test_any_well_is_found_by_its_code(path: Path) -> None:
    walk(path, BLOCKED)
    app = make_app(path)
    async with app.run_test() as pilot:
        await enter(pilot, app)
        await press(pilot, app, ["/", "w", "3", "3", "enter"])
        assert picked(app) == "W33"
        assert "W33" in page(app)


async def test_without_a_walk_the_network_is_drawn_all_the_same(tmp_path: Path) -> None:
    path = tmp_path / "new.db"
    with looking(path) as desk:
        desk.found("耐火小区", "王德胜")
        first, second = new(), new()
        do(desk, "point.add", id=first, code="W1")
        do(desk, "point.add", id=second, code="OUT", kind="outfall")
        do(desk, "pipe.add", id=new(), start=first, end=second)
    app = make_app(path)
    async with app.run_test() as pilot:
        await enter(pilot, app)
        assert "还没有巡检过" in drawn(app)[1]
        assert "W1" in page(app)
        await press(pilot, app, ["tab"])
        assert "还没有看过井" in drawn(app)[-2]
        await press(pilot, app, ["f2"])
        assert "还没有巡检可说" in drawn(app)[-2]


async def test_without_wells_the_map_says_where_they_come_from(tmp_path: Path) -> None:
    path = tmp_path / "new.db"
    with looking(path) as desk:
        desk.found("耐火小区", "王德胜")
    app = make_app(path)
    async with app.run_test() as pilot:
        await enter(pilot, app)
        assert "导入" in page(app)
        await press(pilot, app, ["enter", "tab", "+", "-", "0", "f2", "f3", "f4", "f6", "left", "u", "d"])
        assert isinstance(app.screen, SurveyMap)


async def test_a_walk_without_levels_is_told(path: Path) -> None:
    app = make_app(path)
    async with app.run_test() as pilot:
        await enter(pilot, app)
        assert "这次没有记水位" in drawn(app)[1]


async def test_another_walk_is_chosen_by_its_name(path: Path) -> None:
    walk(path, {"W01": "overflow"}, name="大雨后")
    walk(path, BLOCKED)
    app = make_app(path)
    async with app.run_test() as pilot:
        await enter(pilot, app)
        await press(pilot, app, ["f3", "2"])
        assert "大雨后" in drawn(app)[1]
        assert "已看 1/47 口" in drawn(app)[1]


async def test_what_goes_to_the_chat_group_names_nobody(path: Path) -> None:
    walk(path, BLOCKED, note="张三家门口")
    app = make_app(path)
    async with app.run_test() as pilot:
        await enter(pilot, app)
        await press(pilot, app, ["f2", "1"])
        assert isinstance(app.screen, ChatText)
        said = app.screen._text
        assert "W05 → W06" in said
        assert not any(name in said for name in PEOPLE)
        await press(pilot, app, ["escape", "enter", "f2"])
        assert isinstance(app.screen, ChatText)
        assert "W05" in app.screen._text
        assert not any(name in app.screen._text for name in PEOPLE)


@pytest.mark.parametrize(("key", "suffix"), [("3", ".html"), ("4", ".html"), ("5", ".svg")])
async def test_the_map_is_saved_beside_the_documents_and_covers_nothing_there(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, key: str, suffix: str
) -> None:
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    (tmp_path / f"春季普查{suffix}").write_text("mine")
    walk(path, BLOCKED, note="张三家门口 [/b]")
    app = make_app(path)
    async with app.run_test(size=(240, 24)) as pilot:
        await enter(pilot, app)
        await press(pilot, app, ["f2", key])
        assert f"春季普查_2{suffix}" in drawn(app)[-2]
    assert (tmp_path / f"春季普查{suffix}").read_text() == "mine"
    said = (tmp_path / f"春季普查_2{suffix}").read_text("utf-8")
    assert "W05" in said
    assert not any(name in said for name in PEOPLE)


async def test_what_comes_by_sync_is_drawn_where_one_looks(path: Path) -> None:
    walk(path, BLOCKED)
    app = make_app(path)
    async with app.run_test() as pilot:
        screen = await enter(pilot, app)
        screen.query_one(MapCanvas).pick("W08")
        with looking(path) as desk, desk.store.read() as session:
            walk_id = (
                session.connection()
                .exec_driver_sql("SELECT id FROM walk WHERE name = '春季普查'")
                .scalar_one()
            )
        with looking(path) as desk:
            do(desk, "walk.observe", id=new(), walk=walk_id, point=point_ids(desk)["W08"], level="overflow")
        screen.news()
        await rest(pilot, app)
        assert picked(app) == "W08"
        assert "▲ 溢" in page(app)


async def test_the_other_walk_is_a_key_away(path: Path) -> None:
    walk(path, {"W01": "dry"}, name="去年")
    walk(path, BLOCKED)
    app = make_app(path)
    async with app.run_test() as pilot:
        await enter(pilot, app)
        await press(pilot, app, ["f5"])
        assert isinstance(app.screen, CompareWalks)
        assert "去年" in page(app)
