"""A room that nobody touches does nothing: a laptop on its battery, a fan that does not turn."""

from __future__ import annotations

import asyncio
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from simulation.devices import Ids, Laptop
from stories.neighbours import rest
from textual.widget import Widget

from looks.test_looks import opened, still
from models.store import open_store
from tui import i18n
from tui.app import ROOMS
from tui.themes import THEMES

#: Looks at a room that is left alone, and so many redraws in all are none: a cursor blinks.
_LOOKS, _ENOUGH = 8, 6


def empty(path: Path) -> None:
    """Make a store with a compound that has nothing but its founder."""
    ids = Ids("rest")
    store = open_store(path, new_id=ids)
    Laptop(store, ids(), ids(), ids=ids).found()
    store.close()


@pytest.mark.parametrize("full", [True, False], ids=["demo", "empty"])
async def test_every_room_rests(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, full: bool
) -> None:
    i18n.use("en", strict=True)
    if full:
        request.getfixturevalue("demo")
    else:
        empty(tmp_path / "demo.db")
    drawn: Counter[str] = Counter()
    refresh = Widget.refresh

    def counted(self: Widget, *regions: Any, **options: Any) -> Widget:
        drawn[type(self).__name__] += 1
        return refresh(self, *regions, **options)

    monkeypatch.setattr(Widget, "refresh", counted)
    restless = {}
    async with opened(THEMES[0].name, (80, 24)) as (app, pilot):
        for room in ROOMS:
            app.go_home()
            await rest(pilot, app)
            if room != "home":
                app.enter(room)
            await still(pilot, app)
            drawn.clear()
            for _ in range(_LOOKS):
                await asyncio.sleep(0.01)
                await rest(pilot, app)
            if drawn.total() > _ENOUGH:
                restless[room] = dict(drawn)
    assert not restless
