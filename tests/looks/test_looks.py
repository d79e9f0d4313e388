"""Every screen, at three sizes, in both languages, is drawn as it was when somebody last looked at it.

`pytest tests/looks --draw` draws them anew; whoever does so looks at what changed.
"""

from __future__ import annotations

import difflib
import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from stories.neighbours import rest
from textual.pilot import Pilot

from looks import seen
from looks.scenes import SCENES, SIZES, Keys
from tui import i18n
from tui.app import LinliApp
from tui.desk import Desk
from tui.themes import THEMES
from tui.widgets.task_list import TaskList

KEPT = Path(__file__).parent / "kept"
STILL_ROUNDS = 2
#: Language, size, theme.
View = tuple[str, tuple[int, int], str]
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


def views() -> Iterator[View]:
    """Yield every language at every size, each theme with each language and each size."""
    for turn, language in enumerate(i18n.LANGUAGES):
        for place, size in enumerate(SIZES):
            yield language, size, THEMES[(turn + place) % len(THEMES)].name


@pytest.mark.parametrize("view", list(views()), ids=lambda view: f"{view[0]}-{view[1][0]}x{view[1][1]}")
async def test_screens_look_as_they_did_and_can_be_read(
    view: View, demo: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    language, size, theme = view
    i18n.use(language, strict=True)
    shutil.copy(demo, tmp_path / "demo.db")
    draw = bool(request.config.getoption("--draw"))
    folder = kept_in(language, size)
    changed: list[str] = []
    faint: list[str] = []
    async with opened(theme, size) as (app, pilot):
        for name, keys in SCENES.items():
            await visit(pilot, app, keys)
            faint += [f"{name}, {said}" for said in seen.faint(app, LEAST_CONTRAST)]
            now = seen.portrait(app)
            file = folder / f"{name}.txt"
            before = file.read_text("utf-8") if file.exists() else "(never drawn)"
            if draw:
                folder.mkdir(parents=True, exist_ok=True)
                file.write_text(now, "utf-8")
            elif before != now:
                changed += difflib.unified_diff(
                    before.splitlines(), now.splitlines(), f"kept {folder.name}/{name}", "now", lineterm=""
                )
    assert not changed, "\n".join(changed)
    assert not faint


def test_no_portrait_is_kept_of_a_screen_that_is_gone() -> None:
    for language in i18n.LANGUAGES:
        for size in SIZES:
            drawn = {file.stem for file in kept_in(language, size).glob("*.txt")}
            assert drawn == set(SCENES)
