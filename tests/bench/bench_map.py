"""How long a key takes on the survey map: python tests/bench/bench_map.py [wells ...].

Measures in this process, without a terminal: each key goes through the app, and
the time counts until every line of the canvas is drawn again.
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import time
from pathlib import Path

from textual.app import App, ComposeResult

sys.path.insert(0, str(Path(__file__).parents[1] / "tui"))

from map_scenes import marks_of, town

from models.inspection.survey.scene import Laid, Scene
from tui import i18n
from tui.widgets.map_canvas import MapCanvas
from tui.widgets.map_world import build

SIZE = (140, 40)
MOVES = ("right", "down", "right", "up", "left", "down", "down", "left") * 10
PANS = ("shift+right", "shift+down", "shift+left", "shift+up") * 10


class Room(App[None]):
    def compose(self) -> ComposeResult:
        yield MapCanvas()


def milliseconds(seconds: list[float]) -> str:
    return f"{statistics.median(seconds) * 1000:6.1f} {max(seconds) * 1000:7.1f}"


async def timed(app: App[None], key: str) -> float:
    """Return how long a key takes until the canvas is drawn."""
    canvas = app.query_one(MapCanvas)
    started = time.perf_counter()
    binding = canvas._bindings.key_to_bindings[key][0]
    await app.run_action(binding.action, default_namespace=canvas)
    for line in range(canvas.size.height):
        canvas.render_line(line)
    return time.perf_counter() - started


def zoomed(app: App[None], by: int) -> float:
    """Return how long it takes to look closer; without `by`, at the whole map."""
    canvas = app.query_one(MapCanvas)
    started = time.perf_counter()
    if by:
        canvas.zoom(by)
    else:
        canvas.show_whole()
    for line in range(canvas.size.height):
        canvas.render_line(line)
    return time.perf_counter() - started


async def measure(made: Scene, wells: int) -> None:
    started = time.perf_counter()
    world, marks = build(made), marks_of(made)
    built = time.perf_counter() - started
    app = Room()
    async with app.run_test(size=SIZE) as pilot:
        canvas = app.query_one(MapCanvas)
        started = time.perf_counter()
        canvas.show(world, marks, made.spots[len(made.spots) // 2].code)
        for line in range(canvas.size.height):
            canvas.render_line(line)
        shown = time.perf_counter() - started
        canvas.focus()
        await pilot.pause()
        zooms, moves, pans = [zoomed(app, 0)], [], []
        while True:
            moves += [await timed(app, key) for key in MOVES]
            pans += [await timed(app, key) for key in PANS]
            if not canvas.can_zoom_in:
                break
            zooms.append(zoomed(app, 1))
        print(
            f"{wells:7} {made.laid.value:10} {built * 1000:8.1f} {shown * 1000:8.1f}   "
            f"{milliseconds(moves)}   {milliseconds(pans)}   {milliseconds(zooms)}"
        )


async def main() -> None:
    i18n.use("en")
    print(f"milliseconds at {SIZE[0]}x{SIZE[1]}: median and longest over all zooms")
    print("  wells laid          index    first      move              pan               zoom")
    for wells in [int(text) for text in sys.argv[1:]] or [42, 2_000, 10_000]:
        for laid in Laid:
            await measure(town(wells, laid=laid), wells)


if __name__ == "__main__":
    asyncio.run(main())
