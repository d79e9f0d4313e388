"""`/` finds on every screen that lists something, and the palette leads everywhere."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from neighbours import drawn, make_app, page
from neighbours import rest as settle
from register_desk import rest
from textual.pilot import Pilot

from tui import i18n
from tui.app import ROOMS, LinliApp
from tui.screens.base import LinliScreen
from tui.screens.choose import Choose
from tui.screens.palette import Palette, _label, ranked
from tui.screens.points.card import PointScreen
from tui.screens.register.person import PersonScreen
from tui.screens.walk.room import WalkScreen
from tui.widgets.long_list import LongList
from tui.widgets.picker import Option
from tui.widgets.rows import RowView
from tui.widgets.search import SearchBox
from tui.widgets.text import width


async def press(pilot: Pilot[None], _app: LinliApp, keys: Sequence[str]) -> None:
    """Press keys and wait for what they start, a search among it."""
    await pilot.press(*keys)
    await rest(pilot)


def shown(app: object) -> list[LongList]:
    return [one for one in app.screen.query(LongList) if one.display and one.size.height]  # type: ignore[attr-defined]


@pytest.mark.parametrize("room", sorted(ROOMS))
async def test_a_slash_finds_in_whatever_a_room_lists(path: Path, room: str) -> None:
    app = make_app(path)
    async with app.run_test() as pilot:
        await settle(pilot, app)
        for key in ("slash", "ideographic_comma", "fullwidth_solidus"):
            if room != "home":
                app.enter(room)
            await settle(pilot, app)
            await finds(pilot, app, key, types=key == "slash")
            await leave(pilot, app)


async def finds(pilot: Pilot[None], app: LinliApp, key: str, *, types: bool) -> None:
    """Press a key that finds: the line takes what is typed. Type what nothing is called, and see nothing."""
    screen = app.screen
    assert isinstance(screen, LinliScreen)
    own = isinstance(screen.focused, SearchBox)
    if shown(app) and not own:
        await press(pilot, app, [key])
        if any(made.verb == "find" and screen.why_not(made.id) for made in screen.actions_here()):
            return  # there is nothing to find yet, which is said
        assert isinstance(app.screen.focused, SearchBox), key
    if not types:
        return  # the line is the same, whichever key led there
    for one in shown(app):
        await press(pilot, app, [*"qqqq"])
        # A room that takes in what is in no register offers the very words.
        left = [one._row(index) for index in range(one.count or 0)]
        assert [row for row in left if row is None or not offers(row, sought(app)[0])] == [], key
    assert {width(line) for line in drawn(app)} == {80}


def offers(row: RowView, words: str) -> bool:
    return any(words in str(cell) for cell in row.cells)


async def leave(pilot: Pilot[None], app: LinliApp) -> None:
    """Go home, with nothing sought any more."""
    for _ in range(4):
        if len(app.screen_stack) > 1 or sought(app):
            await press(pilot, app, ["escape"])
    assert len(app.screen_stack) == 1
    assert not sought(app)


def sought(app: LinliApp) -> list[str]:
    return [one.value for one in app.screen.query(SearchBox) if one.value]


async def test_a_list_without_a_search_gets_one_until_esc(path: Path) -> None:
    app = make_app(path)
    async with app.run_test() as pilot:
        await settle(pilot, app)
        app.enter("walk")
        await settle(pilot, app)
        (walks,) = shown(app)
        all_of_them = walks.count
        assert all_of_them
        await press(pilot, app, ["slash", *"qqqq"])
        assert walks.count == 0
        await press(pilot, app, ["escape"])
        assert isinstance(app.screen, WalkScreen)
        assert walks.count == all_of_them
        assert walks.has_focus
        await press(pilot, app, ["escape"])
        assert not isinstance(app.screen, WalkScreen)


@pytest.mark.parametrize(("typed", "room"), [
    ("xj", "walk"), ("xunjian", "walk"), ("sz", "settings"), ("drbg", "import"), ("tongbu", "sync"),
])  # fmt: skip
async def test_a_room_is_found_by_initials_and_by_whole_pinyin(path: Path, typed: str, room: str) -> None:
    app = make_app(path)
    async with app.run_test() as pilot:
        await settle(pilot, app)
        await press(pilot, app, ["f9"])
        assert isinstance(app.screen, Palette)
        await press(pilot, app, [*typed, "enter"])
        assert getattr(app.screen, "ROOM", "") == room


@pytest.mark.parametrize("language", i18n.LANGUAGES)
async def test_every_command_and_every_room_is_found_by_its_name(path: Path, language: str) -> None:
    i18n.use(language, strict=True)
    app = make_app(path)
    async with app.run_test() as pilot:
        await settle(pilot, app)
        await press(pilot, app, ["f9"])
        palette = app.screen
        assert isinstance(palette, Palette)
        kinds = {option.id.partition(":")[2] for option in palette._commands if option.id.startswith("room:")}
        assert kinds == set(ROOMS) - {"home"}
        for option in palette._commands:
            names = option.search.split()
            assert language == "en" or any(name.isascii() for name in names), option
            for name in (_label(option.id), *names):
                assert option in ranked(palette._commands, name), (option, name)


def test_what_begins_with_the_text_comes_before_what_only_holds_it() -> None:
    i18n.use("en", strict=True)
    options = [
        Option("act:shell.help", "Help", "what to save"),
        Option("act:shell.theme", "Colours", "", "unsave"),
        Option("act:shell.save", "Save", ""),
    ]
    assert [option.id for option in ranked(options, "sav")] == [
        "act:shell.save",
        "act:shell.theme",
        "act:shell.help",
    ]


async def test_a_point_and_a_person_open_from_the_palette(path: Path) -> None:
    app = make_app(path)
    async with app.run_test() as pilot:
        await settle(pilot, app)
        await press(pilot, app, ["f9", *"zhangsan", "enter"])
        assert isinstance(app.screen, PersonScreen)
        assert "张三" in page(app)
        await press(pilot, app, ["escape", "f9", *"w2", "enter"])
        assert isinstance(app.screen, PointScreen)
        assert "W2" in page(app)
        await press(pilot, app, ["escape", "f9", *"qqqq"])
        assert isinstance(app.screen, Choose)
        assert "没有找到" in page(app)
