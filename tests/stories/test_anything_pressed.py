"""Whatever is pressed, pasted and clicked in whatever order, no room breaks and nothing odd reaches the terminal."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from neighbours import drawn, make_app
from register_desk import until
from textual import events
from textual.pilot import Pilot

from tui.app import LinliApp
from tui.widgets.text import clean, width

# Neither quits nor changes the language: the catalogue is the test's own.
KEYS = (
    *("up", "down", "left", "right", "enter", "enter", "escape", "tab", "shift+tab", "pagedown", "home", "end", "space"),
    *("delete", "insert", "backspace", "alt+up", "alt+down", "ctrl+z", *"1234567890", *"uwnl/+-"),
    *(f"f{number}" for number in range(1, 13)),
)  # fmt: skip
PASTED = (
    "[/b]",
    "[a栋]",
    "{x}",
    "W01-W40",
    "W01>W02 300, 3栋>W07",
    "很长" * 300,
    "１２３",
    "a\x00\x1b[31m\u202eb",
    "/",
    "-1",
)
SIZES = ((60, 18), (80, 24), (140, 40))
ROOMS = (
    *("map", "compare", "points", "routes", "schedules", "checklists", "changes", "inspection"),
    *("tickets", "tickets_board", "report_ticket", "ticket_cards", "roster"),
    *("posts", "duty_people", "duty_desk", "handovers", "log_book", "back_entry"),
    *("billing", "bills", "collect", "payments", "accounts", "expenses"),
)
TURNS = 25


@pytest.mark.parametrize("room", ROOMS)
async def test_no_order_of_keys_pastes_and_clicks_breaks_a_room(room: str, path: Path) -> None:
    chance = random.Random(room)
    app = make_app(path)
    async with app.run_test(size=chance.choice(SIZES)) as pilot:
        await until(pilot, lambda: app.status is not None)
        app.enter(room)
        for _ in range(TURNS):
            await do_something(pilot, app, chance)
            if len(app.screen_stack) == 1:
                app.enter(room)
            await pilot.pause()
            lines = drawn(app)
            assert {width(line) for line in lines} == {app.size.width}
            assert all(line == clean(line) for line in lines)
        assert app.errors == []


async def do_something(pilot: Pilot[None], app: LinliApp, chance: random.Random) -> None:
    match chance.choice(("keys", "keys", "keys", "click", "paste", "size")):
        case "keys":
            await pilot.press(*chance.choices(KEYS, k=3))
        case "click":
            place = chance.randrange(app.size.width), chance.randrange(app.size.height)
            await pilot.click(offset=place, times=chance.choice((1, 2)))
        case "paste":
            (app.focused or app.screen).post_message(events.Paste(chance.choice(PASTED)))
        case _:
            await pilot.resize_terminal(*chance.choice(SIZES))
