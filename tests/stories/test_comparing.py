"""This year beside last year, on the screen."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

import pytest
from neighbours import PEOPLE, drawn, looking, make_app, new, page, press, rest
from textual.pilot import Pilot

from models.operations.envelope import Intent
from tui import edge, i18n
from tui.app import LinliApp
from tui.screens.chat_text import ChatText
from tui.screens.survey.compare import CompareWalks
from tui.screens.survey.well import WellCard
from tui.widgets.long_list import LongList

LAST_YEAR = {"W01": ("flowing", 20), "W02": ("full", 90), "W03": ("flowing", 10), "W04": ("flowing", 0)}
THIS_YEAR = {"W01": ("full", 120), "W02": ("flowing", 20), "W03": ("flowing", 15)}


def walk(path: Path, name: str, seen: Mapping[str, tuple[str, int]], *, days_ago: int) -> None:
    at = edge.clock() - timedelta(days=days_ago)
    with looking(path) as desk:
        walk_id = new()
        with desk.store.read() as session:
            found = session.connection().exec_driver_sql("SELECT code, id FROM point").all()
        points = {str(code): str(row_id) for code, row_id in found}
        intents = [Intent("walk.start", {"id": walk_id, "name": name}, happened_at=at)]
        for code, (level, mud) in seen.items():
            payload = {"id": new(), "walk": walk_id, "point": points[code], "level": level, "mud_mm": mud}
            intents.append(Intent("walk.observe", payload, happened_at=at))
        assert desk.perform(*intents).refused is None


@pytest.fixture
def two(path: Path) -> Path:
    walk(path, "去年", LAST_YEAR, days_ago=370)
    walk(path, "今年", THIS_YEAR, days_ago=1)
    return path


async def enter(pilot: Pilot[None], app: LinliApp) -> CompareWalks:
    await rest(pilot, app)
    app.enter("compare")
    await rest(pilot, app)
    assert isinstance(app.screen, CompareWalks)
    return app.screen


def codes(app: LinliApp) -> list[str]:
    """Return the codes of the wells on the screen, from top to bottom."""
    words = [line.replace(">", " ").split() for line in drawn(app)]
    return [line[0] for line in words if line and line[0][:1] == "W" and line[0][1:].isdigit()]


async def test_what_got_worse_is_shown_first_and_the_sums_above(two: Path) -> None:
    app = make_app(two)
    async with app.run_test() as pilot:
        await enter(pilot, app)
        assert codes(app) == ["W01"]
        assert "今年" in drawn(app)[1]
        assert "去年" in drawn(app)[1]
        for said in ("变差 1", "变好 1", "没变 1", "没法比 1", "全部 4"):
            assert said in drawn(app)[2]
        assert "畅 → 满" in page(app)
        assert "+100" in page(app)


async def test_digits_choose_what_is_shown(two: Path) -> None:
    app = make_app(two)
    async with app.run_test() as pilot:
        await enter(pilot, app)
        for key, shown in (
            ("2", ["W02"]),
            ("3", ["W03"]),
            ("4", ["W04"]),
            ("5", ["W01", "W02", "W03", "W04"]),
        ):
            await press(pilot, app, [key])
            assert codes(app) == shown


async def test_small_charts_show_how_it_went(two: Path) -> None:
    app = make_app(two)
    async with app.run_test(size=(140, 40)) as pilot:
        await enter(pilot, app)
        await press(pilot, app, ["5"])
        line = next(line for line in drawn(app) if "W01" in line)
        assert "▂▆" in line
        assert "█" in line


async def test_typing_narrows_the_list_and_esc_widens_it_again(two: Path) -> None:
    app = make_app(two)
    async with app.run_test() as pilot:
        screen = await enter(pilot, app)
        await press(pilot, app, ["5", "/", "w", "0", "3"])
        await pilot.pause(0.2)
        await rest(pilot, app)
        assert codes(app) == ["W03"]
        await press(pilot, app, ["escape"])
        assert app.screen is screen
        assert codes(app) == ["W01", "W02", "W03", "W04"]
        await press(pilot, app, ["escape"])
        assert app.screen is not screen


async def test_enter_opens_the_card_of_the_well(two: Path) -> None:
    app = make_app(two)
    async with app.run_test() as pilot:
        await enter(pilot, app)
        await press(pilot, app, ["enter"])
        assert isinstance(app.screen, WellCard)
        assert "W01" in drawn(app)[0]


async def test_another_pair_is_chosen_by_key(two: Path) -> None:
    walk(two, "上月", {"W01": ("overflow", 120)}, days_ago=30)
    app = make_app(two)
    async with app.run_test() as pilot:
        await enter(pilot, app)
        await press(pilot, app, ["f4", "2"])
        assert "上月" in drawn(app)[1]
        assert "变好 1" in drawn(app)[2]
        await press(pilot, app, ["f3", "2"])
        assert drawn(app)[1].strip().startswith("上月")


async def test_what_is_copied_names_nobody(two: Path) -> None:
    app = make_app(two)
    async with app.run_test() as pilot:
        await enter(pilot, app)
        await press(pilot, app, ["f2"])
        assert isinstance(app.screen, ChatText)
        said = app.screen._text
        assert "变差 1 口，变好 1 口，没变 1 口，没法比 1 口" in said
        assert "W01  水位 畅 → 满、积泥 +100 毫米" in said
        assert "W02  水位 满 → 畅、积泥 -70 毫米" in said
        assert not any(name in said for name in PEOPLE)


@pytest.mark.parametrize("language", ["zh_CN", "en"])
async def test_one_walk_alone_says_that_there_is_nothing_to_compare(path: Path, language: str) -> None:
    i18n.use(language, strict=True)
    app = make_app(path)
    async with app.run_test() as pilot:
        screen = await enter(pilot, app)
        assert screen.query_one(LongList).empty in page(app)
        await press(pilot, app, ["f2", "f3", "f4", "/", "enter"])
        assert app.screen is screen
    walk(path, "今年", THIS_YEAR, days_ago=1)
    app = make_app(path)
    async with app.run_test() as pilot:
        screen = await enter(pilot, app)
        await press(pilot, app, ["f2"])
        assert i18n.t("compare.only_one_hint")[:20] in drawn(app)[-2]
