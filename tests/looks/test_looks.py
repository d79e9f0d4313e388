"""Every screen, at three sizes, in both languages, is drawn as it was when somebody last looked at it.

`pytest tests/looks --draw` draws them anew; whoever does so looks at what changed.
"""

from __future__ import annotations

import difflib
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from stories.neighbours import rest
from textual.pilot import Pilot

from looks import seen
from looks.scenes import SCENES, SCROLLED, SIZES, Keys
from tui import i18n
from tui.app import LinliApp
from tui.desk import Desk
from tui.screens.base import Modal
from tui.themes import THEMES
from tui.widgets.task_list import TaskList

KEPT = Path(__file__).parent / "kept"
STILL_ROUNDS = 2
#: Sizes, each with the theme that is worn at it.
Views = tuple[tuple[tuple[int, int], str], ...]
#: What large print and ordinary print need for eyes that are no longer young (WCAG 2.2, AA).
LEAST_CONTRAST = 4.5


@asynccontextmanager
async def opened(theme: str, size: tuple[int, int]) -> AsyncIterator[tuple[LinliApp, Pilot[None]]]:
    """Open the app on the demo, with nothing that moves by itself."""
    app = LinliApp(Desk(Path("demo.db")), survives=False, theme=theme)
    app.animation_level = "none"
    async with app.run_test(size=size) as pilot:
        await still(pilot, app)
        yield app, pilot


async def visit(pilot: Pilot[None], app: LinliApp, keys: Keys) -> None:
    """Go from Home to where the keys lead, whatever was open before."""
    app.go_home()
    await rest(pilot, app)
    app.screen.query_one(TaskList).cursor = 0
    for key in keys:
        await pilot.press(key)
        await rest(pilot, app)
    await still(pilot, app)


async def still(pilot: Pilot[None], app: LinliApp) -> None:
    """Wait until nothing is asked any more and the picture stands."""
    before, same = "", 0
    while same < STILL_ROUNDS:
        await rest(pilot, app)
        now = seen.portrait(app)
        before, same = now, same + 1 if now == before else 0


def kept_in(language: str, size: tuple[int, int]) -> Path:
    return KEPT / f"{language}-{size[0]}x{size[1]}"


def themes(language: str) -> Iterator[tuple[tuple[int, int], str]]:
    """Yield every size with a theme: each theme is met with each language and each size."""
    turn = i18n.LANGUAGES.index(language)
    for place, size in enumerate(SIZES):
        yield size, THEMES[(turn + place) % len(THEMES)].name


async def seen_at(
    app: LinliApp, pilot: Pilot[None], name: str, views: Views
) -> AsyncIterator[tuple[int, int]]:
    """Go to a scene on the smallest terminal, then let that grow; yield each size once the scene is drawn at it.

    What stands under a dialog is laid out anew only when that is gone, so such a scene is opened anew instead.
    """
    anew = True
    for size, theme in views:
        if anew:
            app.go_home()
        app.wear(theme)
        await pilot.resize_terminal(*size)
        if anew:
            await visit(pilot, app, SCENES[name])
        else:
            await still(pilot, app)
        anew = isinstance(app.screen, Modal) or name in SCROLLED
        yield size


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize("language", i18n.LANGUAGES)
async def test_screens_look_as_they_did_and_can_be_read(
    language: str, request: pytest.FixtureRequest
) -> None:
    i18n.use(language, strict=True)
    draw = bool(request.config.getoption("--draw"))
    changed: list[str] = []
    faint: list[str] = []
    views = tuple(themes(language))
    async with opened(views[0][1], views[0][0]) as (app, pilot):
        for name in SCENES:
            async for size in seen_at(app, pilot, name, views):
                faint += [f"{name}, {said}" for said in seen.faint(app, LEAST_CONTRAST)]
                now = seen.portrait(app)
                folder = kept_in(language, size)
                file = folder / f"{name}.txt"
                before = file.read_text("utf-8") if file.exists() else "(never drawn)"
                if draw:
                    folder.mkdir(parents=True, exist_ok=True)
                    file.write_text(now, "utf-8")
                elif before != now:
                    changed += difflib.unified_diff(
                        before.splitlines(),
                        now.splitlines(),
                        f"kept {folder.name}/{name}",
                        "now",
                        lineterm="",
                    )
    assert not changed, "\n".join(changed)
    assert not faint


def test_no_portrait_is_kept_of_a_screen_that_is_gone() -> None:
    for language in i18n.LANGUAGES:
        for size in SIZES:
            drawn = {file.stem for file in kept_in(language, size).glob("*.txt")}
            assert drawn == set(SCENES)
