"""A small register made by operations, and a person in front of it."""

from __future__ import annotations

import atexit
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from shutil import copyfile, rmtree
from tempfile import mkdtemp
from typing import Any

import pytest
from neighbours import rows as rows  # noqa: PLC0414  # for those who ask from here
from textual.pilot import Pilot

from models.operations.envelope import Intent
from tui import edge
from tui.app import LinliApp
from tui.desk import Desk
from tui.widgets.bars import StatusLine
from tui.widgets.form import Form
from tui.widgets.long_list import LongList
from tui.widgets.search import SearchBox

#: Before any story's own time.
FOUNDED = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)
ODD = "[/b] [a栋] １２３"


def household(code: str, owner: str = "", phone: str = "", **fields: Any) -> Intent:
    payload: dict[str, Any] = {"id": str(edge.new_id()), "code": code, **fields}
    if owner:
        payload["occupants"] = [
            {
                "person": str(edge.new_id()),
                "occupancy": str(edge.new_id()),
                "name": owner,
                "phones": [phone] if phone else [],
                "since": "2019-03-01",
            }
        ]
    return Intent("household.add", payload)


def found(path: Path, *intents: Intent, name: str = "耐火小区") -> None:
    """Make a compound whose director is 王德胜, and perform what is asked for."""
    desk = Desk(path)
    desk.open()
    assert desk.found(name, "王德胜").refused is None
    for outcome in desk.perform_all(intents):
        assert outcome.refused is None, outcome.refused
    desk.close()


@cache
def _template() -> Path:
    path = Path(mkdtemp(prefix="linli-register-")) / "store.db"
    atexit.register(rmtree, path.parent, ignore_errors=True)
    # Whichever story comes first: each has a clock of its own, and roles hold since the day of founding.
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(edge, "clock", lambda: FOUNDED)
        found(path, *neighbours())
    return path


def settled(path: Path) -> Path:
    """Put a register with five households at `path`."""
    copyfile(_template(), path)
    return path


def neighbours() -> list[Intent]:
    return [
        household("1-1-101", "张三", "13800000001", floor=1, area=8950, status="自住", note="独居\n耳背"),
        household("1-1-102", "李四", "13800000002", floor=1, area=10_000),
        household("1-10-101", "王五", "13800000003"),
        household("1-2-302", "赵六", "13800000004"),
        household("2-1-501", "张三", "13900000009"),
    ]


@asynccontextmanager
async def at(
    path: Path, room: str = "register", size: tuple[int, int] = (80, 24), **options: Any
) -> AsyncIterator[tuple[LinliApp, Pilot[None]]]:
    """Open the app on the store and enter a room."""
    app = LinliApp(Desk(path), survives=False)
    async with app.run_test(size=size) as pilot:
        await until(pilot, lambda: app.status is not None)
        await rest(pilot)
        if getattr(app.screen, "ROOM", "") != room:  # a new laptop leads to its first steps by itself
            app.enter(room, **options)
        await rest(pilot)
        yield app, pilot
        assert app.errors == []


async def until(pilot: Pilot[None], true: Callable[[], object], seconds: float = 8) -> None:
    """Wait until something holds; a page may be on its way from the store."""
    for _ in range(int(seconds / 0.02)):
        if true():
            await pilot.pause()
            return
        await pilot.pause(0.02)
    raise AssertionError(page(pilot.app))


async def rest(pilot: Pilot[None]) -> None:
    """Wait for searches, questions and changes that are on their way."""
    quiet = 0
    while quiet < 3:  # one message may start what the next look would miss
        await pilot.pause(0.02)
        busy = _searching(pilot) or any(worker.is_running for worker in pilot.app.workers)
        quiet = 0 if busy else quiet + 1


def _searching(pilot: Pilot[None]) -> bool:
    return any(box.sought != box._told for box in pilot.app.screen.query(SearchBox))


async def press(pilot: Pilot[None], *keys: str) -> None:
    """Press keys, a text one character at a time, and wait each time for what they start."""
    for key in keys:
        await pilot.press(*([key] if key in NAMED else list(key)))
        if key != "backspace":
            await rest(pilot)
    await rest(pilot)


NAMED = frozenset(
    [
        "enter",
        "escape",
        "tab",
        "up",
        "down",
        "left",
        "right",
        "backspace",
        "home",
        "end",
        "pagedown",
        "insert",
    ]
    + [f"f{number}" for number in range(1, 13)]
)


def page(app: Any) -> str:
    """Return the screen as it stands on the terminal."""
    strips = app.screen._compositor.render_strips()
    return "\n".join("".join(segment.text for segment in strip) for strip in strips)


def said(app: LinliApp) -> str:
    return next(
        str(screen.query_one(StatusLine).message[0])
        for screen in app.screen_stack[::-1]
        if screen.query(StatusLine)
    )


def listed(app: LinliApp) -> list[str]:
    """Return the first cells of the list on screen."""
    shown = next(one for one in app.screen.query(LongList) if one.display)
    rows = [shown._row(index) for index in range(shown.count or 0)]
    return [str(row.cells[0]) for row in rows if row is not None]


async def fill(pilot: Pilot[None], field: str, text: str) -> None:
    """Put a text into a field as if it had been typed over what stood there."""
    control: Any = pilot.app.screen.query_one(Form).row(field).control
    control.focus()
    await pilot.pause()
    if hasattr(control, "clear"):
        control.clear()
        # The pilot cannot press 、 or ．, which every Chinese keyboard has.
        control.insert_text_at_cursor(text)
        await rest(pilot)
    else:
        control.take(text)
        await rest(pilot)
