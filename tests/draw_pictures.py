"""Draw the pictures of README and docs from the demo compound: python tests/draw_pictures.py [folder]."""

from __future__ import annotations

import asyncio
import re
import sys
import tempfile
from collections.abc import Iterator
from html import escape
from pathlib import Path

from rich.cells import cell_len
from textual.strip import Strip

from models.inspection.survey.survey import survey
from tui import i18n
from tui.app import LinliApp
from tui.desk import Desk
from tui.paper.map_svg import Frame, map_svg

FOLDER = Path(__file__).parents[1] / "docs" / "pictures"
# Chinese cells are two Latin cells wide only in a font made for both.
CELL_W, CELL_H, EDGE, FONT_SIZE = 9.0, 21.0, 8.0, 16
FONT = "'Noto Sans Mono CJK SC', 'Sarasa Mono SC', ui-monospace, Menlo, Consolas, monospace"
SYMBOLS = "'DejaVu Sans Mono', Menlo, Consolas, monospace"
#: Name, language, size, and the keys that lead there from Home; a number waits.
PICTURES: tuple[tuple[str, str, tuple[int, int], tuple[str | float, ...]], ...] = (
    ("home", "zh_CN", (80, 24), ()),
    ("home-en", "en", (80, 24), ()),
    ("walk", "zh_CN", (118, 32), ("1", 1.0, "enter", 1.0, "enter", 1.0)),
    ("walk-en", "en", (80, 24), ("1", 1.0, "enter", 1.0, "enter", 1.0)),
    ("summary", "zh_CN", (100, 34), ("1", 1.0, "enter", 1.0, "enter", 1.0, "4", 0.5, "f3", 1.5)),
    ("summary-en", "en", (100, 34), ("1", 1.0, "enter", 1.0, "enter", 1.0, "4", 0.5, "f3", 1.5)),
    ("register", "zh_CN", (100, 24), ("2", 1.0, "l", "g", "y", 1.0)),
    ("household", "zh_CN", (100, 30), ("2", 1.0, "enter", 1.0)),
)

#: The same of two laptops that worked apart and have met; the keys lead there from Home.
OF_TWO: tuple[tuple[str, str, tuple[int, int], tuple[str | float, ...]], ...] = (
    ("sync", "zh_CN", (100, 24), ("6", 1.0)),
    ("sync-en", "en", (100, 24), ("6", 1.0)),
    ("conflict", "zh_CN", (80, 18), ("6", 1.0, "enter", 1.0, "3", 0.5)),
    ("conflict-en", "en", (80, 18), ("6", 1.0, "enter", 1.0, "3", 0.5)),
)


async def draw(store: Path, language: str, size: tuple[int, int], keys: tuple[str | float, ...]) -> str:
    """Return a screen as SVG."""
    return await draw_on(LinliApp(Desk(store, demo=True)), language, size, keys)


async def draw_on(app: LinliApp, language: str, size: tuple[int, int], keys: tuple[str | float, ...]) -> str:
    i18n.use(language)
    async with app.run_test(size=size) as pilot:
        await pilot.pause(1.5)
        for key in keys:
            if isinstance(key, float):
                await pilot.pause(key)
            else:
                await pilot.press(key)
        await pilot.pause(1.0)
        return picture(app.screen._compositor.render_strips(), *size)


async def draw_of_two(folder: Path) -> None:
    """Draw what the people of two laptops see after they worked apart."""
    sys.path.append(str(Path(__file__).parent / "stories"))
    from town import quarrel, settled_town

    i18n.use("zh_CN")
    for name, language, size, keys in OF_TWO:
        with tempfile.TemporaryDirectory() as place, settled_town(Path(place)) as (town, hall, station):
            await quarrel(town, hall, station)
            drawn = await draw_on(town.app(station), language, size, keys)
        (folder / f"{name}.svg").write_text(drawn, "utf-8")
        print(folder / f"{name}.svg")


def draw_map(folder: Path) -> None:
    """Draw the demo's survey map as it is printed, a little smaller."""
    i18n.use("zh_CN")
    with tempfile.TemporaryDirectory() as place:
        desk = Desk(Path(place) / "demo.db", demo=True)
        desk.open()
        with desk.store.read() as session:
            scene = survey(session, desk.seat.compound_id)
        desk.close()
    (folder / "survey-map.svg").write_text(map_svg(scene, Frame(200.0, 140.0)), "utf-8")
    print(folder / "survey-map.svg")


def picture(strips: list[Strip], columns: int, lines: int) -> str:
    """Return lines of a terminal as SVG, each run of text held to the cells it takes.

    The toolkit's own export counts characters where it should count cells, so
    that Chinese text is squeezed to half its width.
    """
    width, height = columns * CELL_W + 2 * EDGE, lines * CELL_H + 2 * EDGE
    drawn = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}">',
        f"<style>text{{font:{FONT_SIZE}px {FONT};white-space:pre}}.b{{font-weight:bold}}</style>",
        f'<rect width="{width}" height="{height}" rx="8" fill="#14181b"/>',
    ]
    for line, strip in enumerate(strips):
        cell = 0
        for segment in strip:
            style = segment.style
            fore, back = (None, None) if style is None else (style.color, style.bgcolor)
            if style is not None and style.reverse:
                fore, back = back, fore
            x, y = EDGE + cell * CELL_W, EDGE + line * CELL_H
            cells = cell_len(segment.text)
            if back is not None and back.triplet is not None:
                drawn.append(
                    f'<rect x="{x:g}" y="{y:g}" width="{cells * CELL_W + 0.5:g}" height="{CELL_H + 0.5:g}" '
                    f'fill="{back.triplet.hex}"/>'
                )
            colour = fore.triplet.hex if fore is not None and fore.triplet is not None else "#e0e0e0"
            bold = ' class="b"' if style is not None and style.bold else ""
            drawn.extend(_runs(segment.text, x, y + CELL_H * 0.76, f'{bold} fill="{colour}"'))
            cell += cells
    return "\n".join([*drawn, "</svg>", ""])


def _runs(text: str, x: float, y: float, look: str) -> Iterator[str]:
    for run in re.findall(r"[\x21-\x7e]+|[^\x21-\x7e]", text):
        cells = cell_len(run)
        if run.strip():
            # A font made for both scripts draws ● as wide as 口; it takes one cell.
            held = f' style="font-family:{SYMBOLS}"' if cells == 1 and not run.isascii() else ""
            yield f'<text x="{x:g}" y="{y:g}" textLength="{cells * CELL_W:g}"{held}{look}>{escape(run)}</text>'
        x += cells * CELL_W


async def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    for name, language, size, keys in PICTURES:
        with tempfile.TemporaryDirectory() as place:
            drawn = await draw(Path(place) / "demo.db", language, size, keys)
        (folder / f"{name}.svg").write_text(drawn, "utf-8")
        print(folder / f"{name}.svg")
    await draw_of_two(folder)
    draw_map(folder)


if __name__ == "__main__":
    asyncio.run(main())
