"""Settings as people meet them: another language at once, colours tried on, keys moved, what a compound shares."""

from __future__ import annotations

from pathlib import Path

import pytest
from neighbours import copy_store
from register_desk import at, found, page, press, rest, rows, said, settled, until
from textual.widgets import Input

from models.operations.envelope import Intent
from tui import edge, i18n, preferences
from tui.actions import registered
from tui.app import ROOMS, LinliApp
from tui.desk import Desk
from tui.preferences import Preferences
from tui.screens.base import LinliScreen, Shell
from tui.screens.catalogue import every_screen
from tui.screens.choose import Choose
from tui.screens.help import Help
from tui.screens.home import HomeScreen
from tui.screens.settings.keys import KeysScreen, PressKey
from tui.screens.settings.room import SettingsScreen
from tui.screens.walk.cards import WalkCards
from tui.screens.walk.room import WalkScreen
from tui.widgets.flow import Flow
from tui.widgets.text import Line

# A room that tells which language was chosen looks different to whoever chose none.
TELLS = {"settings"}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return settled(tmp_path / "store.db")


async def test_another_language_is_spoken_at_once_on_this_screen_and_beneath(path: Path) -> None:
    async with at(path, "settings") as (app, pilot):
        await press(pilot, "1", "3")
        assert "Time zone" in page(app)
        assert "Now in English" in page(app)
        assert "Settings" in page(app).splitlines()[0]
        await press(pilot, "escape")
        assert isinstance(app.screen, HomeScreen)
        assert "this is what there is to do" in page(app)
        assert "Who is here" in page(app).splitlines()[-1]
    assert app.preferences.language == "en"


@pytest.mark.parametrize("room", sorted(set(ROOMS) - {"home"} - TELLS))
async def test_an_open_room_in_another_language_looks_as_if_it_had_been_opened_in_it(
    path: Path, room: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = edge.clock()
    monkeypatch.setattr(edge, "clock", lambda: now)  # a room may tell the minute
    async with at(path, room) as (app, pilot):
        await app.speak("en")
        await rest(pilot)
        turned = page(app)
    i18n.use("en", strict=True)
    async with at(path, room) as (app, _pilot):
        assert turned == page(app)


async def test_what_was_typed_and_chosen_stays_in_another_language(path: Path) -> None:
    async with at(path) as (app, pilot):
        await press(pilot, *"zs")
        before = page(app)
        assert "李四" not in before
        await app.speak("en")
        await rest(pilot)
        assert app.screen.query_one(Input).value == "zs"
        assert "张三" in page(app)
        assert "李四" not in page(app)


async def test_colours_are_tried_on_under_the_cursor_and_kept_by_enter_only(path: Path) -> None:
    async with at(path, "settings") as (app, pilot):
        await press(pilot, "2", "down")
        assert app.theme == "linli-light"
        await press(pilot, "escape")
        assert app.theme == "linli-dark"
        await press(pilot, "2", "down", "down", "enter")
        assert app.theme == "linli-contrast"
        assert "深色高对比" in page(app)
    assert app.preferences.theme == "linli-contrast"


async def test_a_leader_changes_the_time_zone_for_all_and_takes_it_back(path: Path) -> None:
    async with at(path, "settings") as (app, pilot):
        await press(pilot, "4")
        assert isinstance(app.screen, Choose)
        assert "耐火小区" in page(app)
        await press(pilot, "escape", "4")
        await press(pilot, *"urum", "enter")
        assert "Asia/Urumqi" in page(app)
        await until(pilot, lambda: app.status is not None and app.status.zone == "Asia/Urumqi")
        await press(pilot, "u")
        assert "Asia/Shanghai" in page(app)
        assert "已撤销" in said(app)
    assert rows(path, "SELECT zone FROM compound") == [("Asia/Shanghai",)]


async def test_who_leads_nothing_is_told_so_and_changes_nothing(path: Path) -> None:
    desk = Desk(path)
    desk.open()
    person = edge.new_id()
    assert desk.perform(Intent("person.add", {"id": str(person), "name": "小李"})).refused is None
    desk.act_as(person)
    desk.close()
    async with at(path, "settings") as (app, pilot):
        await press(pilot, "4")
        assert isinstance(app.screen, SettingsScreen)
        assert "主任、委员" in said(app)


async def test_words_for_print_are_the_compounds_and_half_typed_ones_wait(path: Path) -> None:
    async with at(path, "settings") as (app, pilot):
        await press(pilot, "5", *"Naihuo", "escape", "5")
        assert "Naihuo" in page(app)
        await press(pilot, "f2")
        assert "已填" in page(app)
    assert rows(path, "SELECT print_head, print_foot FROM compound") == [("Naihuo", "")]


async def test_half_typed_words_for_print_outlive_the_app(path: Path) -> None:
    async with at(path, "settings") as (app, pilot):
        await press(pilot, "5", *"Naihuo")
    async with at(path, "settings") as (app, pilot):
        await press(pilot, "5")
        assert "Naihuo" in page(app)


async def test_settings_open_before_there_is_a_compound(tmp_path: Path) -> None:
    async with at(tmp_path / "new.db", "settings") as (app, pilot):
        await press(pilot, "4")
        assert "先新建小区" in said(app)
        await press(pilot, "8")
        assert "MIT" in page(app)


async def test_a_key_is_moved_by_pressing_it_and_given_back(path: Path) -> None:
    async with at(path, "settings") as (app, pilot):
        await press(pilot, "3")
        assert isinstance(app.screen, KeysScreen)
        await until(pilot, lambda: "换配色" in page(app))
        await press(pilot, *"hps", "enter")
        assert isinstance(app.screen, PressKey)
        for taken, reason in (("enter", "固定"), ("5", "固定"), ("f9", "全部命令")):
            await press(pilot, taken)
            assert reason in page(app), taken
        await press(pilot, "f11")
        assert app.preferences.keys == {"shell.theme": ("f11",)}
        assert "F11" in page(app)
        await press(pilot, "f8")
        assert app.theme == "linli-dark"
        await press(pilot, "f11")
        assert app.theme == "linli-light"
        await press(pilot, "f4")
        assert app.preferences.keys == {}
        await press(pilot, "f8")
        assert app.theme == "linli-contrast"


async def test_back_and_help_keep_their_keys(path: Path) -> None:
    async with at(path, "settings") as (app, pilot):
        await press(pilot, "3")
        await until(pilot, lambda: "换配色" in page(app))
        await press(pilot, *"bangzhu", "enter", "f11")
        assert "不能换" in page(app)
        await press(pilot, "escape")
        assert app.preferences.keys == {}


async def test_what_a_user_prefers_is_kept_in_a_file_and_worn_from_the_first_paint(
    path: Path, tmp_path: Path
) -> None:
    file = tmp_path / "mine" / "settings.json"
    app = LinliApp(Desk(path), survives=False, keep=lambda kept: preferences.save(kept, file))
    async with app.run_test() as pilot:
        await until(pilot, lambda: app.status is not None)
        await press(pilot, "f8")
        await until(pilot, file.exists)
    found = preferences.load(file)
    assert found.preferences.theme == "linli-light"
    app = LinliApp(Desk(path), survives=False, kept=found.preferences)
    assert app.theme == "linli-light"
    async with app.run_test() as pilot:
        assert app.theme == "linli-light"
        await until(pilot, lambda: app.status is not None)


async def test_a_broken_file_is_said_on_the_first_screen(path: Path) -> None:
    app = LinliApp(Desk(path), survives=False, warned=i18n.t("settings.set_aside", path="x.broken"))
    async with app.run_test() as pilot:
        await until(pilot, lambda: app.status is not None)
        assert "x.broken" in page(app)


async def test_preferences_that_cannot_be_written_are_told_and_hold_until_the_end(path: Path) -> None:
    app = LinliApp(
        Desk(path), survives=False, keep=lambda kept: preferences.save(kept, Path("/proc/no/s.json"))
    )
    async with app.run_test() as pilot:
        await until(pilot, lambda: app.status is not None)
        await press(pilot, "f8")
        assert app.theme == "linli-light"
        assert "×" in page(app).splitlines()[-2]
        assert app.errors == []


async def test_a_walk_under_way_goes_on_in_another_language(tmp_path: Path, compound: Path) -> None:
    walked = copy_store(compound, tmp_path / "walked.db")
    async with at(walked, "walk") as (app, pilot):
        await press(pilot, "enter")
        await until(pilot, lambda: not isinstance(app.screen, WalkScreen))
        await press(pilot, "enter")
        await until(pilot, lambda: isinstance(app.screen, WalkCards))
        await press(pilot, "2")
        before = app.screen
        app.enter("settings")
        await rest(pilot)
        await press(pilot, "1", "3", "escape")
        assert app.screen is before
        await until(pilot, lambda: "Back" in page(app).splitlines()[-1])
        assert "返回" not in page(app)
        await press(pilot, "u", "3")
        assert app.errors == []


@pytest.mark.parametrize("room", sorted(ROOMS))
async def test_f1_tells_the_purpose_and_the_keys_of_every_room(path: Path, room: str) -> None:
    async with at(path, room) as (app, pilot):
        about = app.screen
        assert isinstance(about, LinliScreen)
        await press(pilot, "f1")
        assert isinstance(app.screen, Help)
        shown = " ".join(str(line.content) for line in app.screen.query(Line))
        shown += " ".join(flow._text for flow in app.screen.query(Flow))
        assert about.purpose in shown
        for made in about.actions_here():
            assert made.help in shown, made.id
        await press(pilot, "f1")
        assert app.screen is about
        for language in ("zh_CN", "en"):
            await app.speak(language)
            await rest(pilot)
            assert "…" not in page(app).splitlines()[-1], language


async def test_a_name_that_looks_like_markup_is_harmless_in_settings(tmp_path: Path) -> None:
    odd = tmp_path / "odd.db"
    found(odd, name="[/b] [a栋] {x}")
    async with at(odd, "settings") as (app, pilot):
        for key in ("4", "5", "6", "8"):
            await press(pilot, key)
            assert "…" in page(app) or "[" in page(app)
            await press(pilot, "escape")
        await press(pilot, "5", *"[/b]", "f2")
        assert rows(odd, "SELECT print_head FROM compound") == [("[/b]",)]


@pytest.mark.parametrize("keys", [("f5",), ("escape",), ("\x01",), ("ctrl+",)])
async def test_a_file_that_gives_everything_one_key_still_lets_people_in_out_and_helps(
    path: Path, keys: tuple[str, ...]
) -> None:
    every_screen()
    app = LinliApp(Desk(path), survives=False, kept=Preferences(keys=dict.fromkeys(registered(), keys)))
    async with app.run_test() as pilot:
        await until(pilot, lambda: app.status is not None)
        for room in ("points", "map", "settings", "register"):
            app.enter(room)
            await rest(pilot)
            await press(pilot, "f1")
            assert isinstance(app.screen, Help)
            await press(pilot, "escape", "escape")
            assert isinstance(app.screen, HomeScreen), room
        app.use_keymap({})
    assert app.errors == []


async def test_an_answer_that_comes_while_a_screen_is_drawn_anew_is_shown_after_it(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with at(path, "settings") as (app, pilot):
        home = app.screen_stack[0]
        assert isinstance(home, HomeScreen)
        recompose, told = home.recompose, list[int]()

        async def slowly() -> None:
            home.post_message(Shell.Answered(told.append, 1))
            await rest(pilot)
            assert told == []
            await recompose()

        monkeypatch.setattr(home, "recompose", slowly)
        await app.speak("en")
        await rest(pilot)
        assert told == [1]
