"""Draw the pictures of README and docs from the demo compound: python tests/draw_pictures.py [folder]."""

from __future__ import annotations

import asyncio
import shutil
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape
from itertools import groupby
from pathlib import Path
from unittest.mock import patch

from rich.cells import cell_len
from textual.strip import Strip

from models.demo import make_demo
from models.inspection.survey.survey import survey
from models.store import open_store
from tui import edge, i18n
from tui.app import LinliApp
from tui.desk import Desk
from tui.paper.map_svg import Frame, map_svg

FOLDER = Path(__file__).parents[1] / "docs" / "pictures"
# Chinese cells are two Latin cells wide only in a font made for both.
CELL_W, CELL_H, EDGE, FONT_SIZE = 9.0, 21.0, 8.0, 16
FONT = "'Noto Sans Mono CJK SC', 'Sarasa Mono SC', ui-monospace, Menlo, Consolas, monospace"
SYMBOLS = "'DejaVu Sans Mono', Menlo, Consolas, monospace"
#: The demo is made on this morning, so that a picture drawn again is the same picture.
MORNING = datetime(2026, 3, 12, 2, 30, tzinfo=UTC)
SMALL, MIDDLE, WIDE = (80, 24), (100, 30), (118, 32)
Keys = tuple[str, ...]
#: Among keys: look on for a second.
WAIT = ""


@dataclass(frozen=True)
class Picture:
    """A screen of the demo, and the keys that lead there from Home; `bare` is a laptop without a compound."""

    name: str
    language: str
    size: tuple[int, int]
    keys: Keys = ()
    theme: str = ""
    bare: bool = False


_WALK: Keys = ("1", "enter", "enter")
_LAMP: Keys = ("1", "f4", "1", "f2", "1")
#: A roster of a week is made in a moment, but not between two keys.
_MADE: Keys = ("3", "2", "f2", "tab", *("backspace",) * 10, *"2026-03-22", "f2", WAIT, WAIT, WAIT)
_TICKET: Keys = ("2", "left", "left", "slash", *"kt76", "enter")
PICTURES: tuple[Picture, ...] = (
    Picture("home", "zh_CN", SMALL),
    Picture("first-steps", "zh_CN", (80, 18), ("1",), bare=True),
    Picture("walk", "zh_CN", WIDE, _WALK),
    Picture("checklist", "zh_CN", SMALL, _LAMP),
    Picture("summary", "zh_CN", (100, 34), (*_WALK, "4", "f3")),
    Picture("tickets", "zh_CN", SMALL, ("2", "left")),
    Picture("ticket", "zh_CN", MIDDLE, _TICKET),
    Picture("ticket-report", "zh_CN", SMALL, ("2", "f2", *"wgy", "enter", *"厨房下水堵")),
    Picture("ticket-figures", "zh_CN", SMALL, ("2", "f6", "1")),
    Picture("repeats", "zh_CN", SMALL, ("2", "f6", "2")),
    Picture("duty", "zh_CN", SMALL, ("3",)),
    Picture("desk", "zh_CN", (80, 16), ("3", "1")),
    Picture("handover", "zh_CN", SMALL, ("3", "1", "down", "f5")),
    Picture("roster", "zh_CN", (118, 34), ("3", "2")),
    Picture("roster-made", "zh_CN", MIDDLE, _MADE),
    Picture("fees", "zh_CN", SMALL, ("6",)),
    Picture("collect", "zh_CN", SMALL, ("6", "1", "enter")),
    Picture("arrears", "zh_CN", SMALL, ("6", "2")),
    Picture("billing", "zh_CN", SMALL, ("6", "6")),
    Picture("reconcile", "zh_CN", SMALL, ("6", "8")),
    Picture("rates", "zh_CN", (100, 30), ("6", "9", "1")),
    Picture("map", "zh_CN", MIDDLE, ("4", "1")),
    Picture("map-light", "zh_CN", MIDDLE, ("4", "1"), theme="linli-light"),
    Picture("schematic", "zh_CN", SMALL, ("4", "1", "f4")),
    Picture("compare", "zh_CN", SMALL, ("4", "6")),
    Picture("points", "zh_CN", SMALL, ("4", "2", "f5", *"W43-W45")),
    Picture("point", "zh_CN", (80, 18), ("4", "2", "down", "enter")),
    Picture("route", "zh_CN", SMALL, ("4", "3", "enter")),
    Picture("schedules", "zh_CN", (80, 16), ("4", "4")),
    Picture("register", "zh_CN", (100, 20), ("5", "l", "g", "y")),
    Picture("household", "zh_CN", (100, 26), ("5", "enter")),
    Picture("changes", "zh_CN", SMALL, ("7",)),
    Picture("settings", "zh_CN", SMALL, ("9",)),
    Picture("home-en", "en", SMALL),
    Picture("first-steps-en", "en", (80, 18), ("2",), bare=True),
    Picture("walk-en", "en", SMALL, _WALK),
    Picture("summary-en", "en", (100, 34), (*_WALK, "4", "f3")),
    Picture("tickets-en", "en", SMALL, ("2", "left")),
    Picture("ticket-en", "en", MIDDLE, _TICKET),
    Picture("duty-en", "en", SMALL, ("3",)),
    Picture("roster-en", "en", (118, 34), ("3", "2")),
    Picture("fees-en", "en", SMALL, ("6",)),
    Picture("collect-en", "en", SMALL, ("6", "1", "enter")),
    Picture("rates-en", "en", SMALL, ("6", "9", "1")),
    Picture("map-en", "en", MIDDLE, ("4", "1")),
    Picture("compare-en", "en", MIDDLE, ("4", "6")),
    Picture("schedules-en", "en", (80, 16), ("4", "4")),
    Picture("changes-en", "en", SMALL, ("7",)),
)

#: The same of two laptops that worked apart and have met; the keys lead there from Home.
OF_TWO: tuple[tuple[str, str, tuple[int, int], Keys], ...] = (
    ("sync", "zh_CN", (100, 24), ("8",)),
    ("sync-en", "en", (100, 24), ("8",)),
    ("conflict", "zh_CN", (80, 18), ("8", "enter", "3")),
    ("conflict-en", "en", (80, 18), ("8", "enter", "3")),
)


async def draw_demo(demo: Path, shown: Picture, folder: Path) -> None:
    """Draw a picture of a copy of the demo, on the morning it was made."""
    i18n.use(shown.language)
    store = folder / f"{shown.name}.db"
    if not shown.bare:
        shutil.copy(demo, store)
    with patch.object(edge, "clock", lambda: MORNING), patch.object(edge, "laptop_name", lambda: "station"):
        app = LinliApp(Desk(store), theme=shown.theme)
        drawn = await draw_on(app, shown.language, shown.size, shown.keys)
    keep(shown.name, drawn)


async def draw_on(app: LinliApp, language: str, size: tuple[int, int], keys: Keys) -> str:
    """Return the screen to which the keys lead as SVG."""
    i18n.use(language)
    async with app.run_test(size=size) as pilot:
        await pilot.pause(2.0)
        for key in keys:
            if key != WAIT:
                await pilot.press(key)
            await pilot.pause(1.0)
        await pilot.pause(1.0)
        return picture(app.screen._compositor.render_strips(), *size, page=app.theme_variables["background"])


async def draw_of_two() -> None:
    """Draw what the people of two laptops see after they worked apart."""
    sys.path.append(str(Path(__file__).parent / "stories"))
    from town import quarrel, settled_town

    i18n.use("zh_CN")
    for name, language, size, keys in OF_TWO:
        with tempfile.TemporaryDirectory() as place, settled_town(Path(place)) as (town, hall, station):
            await quarrel(town, hall, station)
            drawn = await draw_on(town.app(station), language, size, keys)
        keep(name, drawn)


def draw_map(demo: Path) -> None:
    """Draw the demo's survey map as it is printed, a little smaller."""
    i18n.use("zh_CN")
    desk = Desk(demo)
    desk.open()
    with desk.store.read() as session:
        scene = survey(session, desk.seat.compound_id)
    desk.close()
    keep("survey-map", map_svg(scene, Frame(200.0, 140.0)))


def keep(name: str, drawn: str) -> None:
    path = _folder() / f"{name}.svg"
    path.write_text(drawn, "utf-8")
    print(path)


def _folder() -> Path:
    return Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER


def picture(strips: list[Strip], columns: int, lines: int, page: str = "#14181b") -> str:
    """Return lines of a terminal as SVG, each character held to the cells it takes.

    The toolkit's own export counts characters where it should count cells, so
    that Chinese text is squeezed to half its width.
    """
    width, height = columns * CELL_W + 2 * EDGE, lines * CELL_H + 2 * EDGE
    fonts = (
        f"text{{font:{FONT_SIZE}px {FONT};white-space:pre}}.b{{font-weight:bold}}.s{{font-family:{SYMBOLS}}}"
    )
    drawn = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" width="{width:g}">',
        f"<style>{fonts}</style>",
        f'<rect width="{width:g}" height="{height:g}" rx="8" fill="{page}"/>',
    ]
    for line, strip in enumerate(strips):
        cells = [
            (fore, back, bold, character) for fore, back, bold, text in _spans(strip) for character in text
        ]
        drawn.extend(_backs(cells, EDGE + line * CELL_H, page.lower()))
        drawn.extend(_words(cells, EDGE + (line + 0.76) * CELL_H))
    return "\n".join([*drawn, "</svg>", ""])


_Cell = tuple[str, str, bool, str]  # colour, colour behind it, bold, character


def _spans(strip: Strip) -> Iterator[_Cell]:
    for segment in strip:
        style = segment.style
        fore, back = (None, None) if style is None else (style.color, style.bgcolor)
        if style is not None and style.reverse:
            fore, back = back, fore
        yield (
            "#e0e0e0" if fore is None or fore.triplet is None else fore.triplet.hex,
            "" if back is None or back.triplet is None else back.triplet.hex,
            style is not None and bool(style.bold),
            segment.text,
        )


def _backs(cells: list[_Cell], y: float, page: str) -> Iterator[str]:
    x = EDGE
    for back, run in groupby(cells, lambda cell: cell[1]):
        wide = sum(cell_len(cell[3]) for cell in run) * CELL_W
        if back and back != page:
            yield f'<rect x="{x:g}" y="{y:g}" width="{wide + 0.5:g}" height="{CELL_H + 0.5:g}" fill="{back}"/>'
        x += wide


def _words(cells: list[_Cell], y: float) -> Iterator[str]:
    """Yield each run of one look and one script; every character that is not ASCII has a place of its own."""
    x = EDGE
    for (fore, bold, kind), run in groupby(cells, lambda cell: (cell[0], cell[2], _kind(cell[3]))):
        text = "".join(cell[3] for cell in run)
        places = []
        for character in text:
            places.append(x)
            x += cell_len(character) * CELL_W
        if kind == "blank":
            continue
        # A font made for both scripts draws ● as wide as 口; it takes one cell.
        look = " ".join(name for name, wears in (("b", bold), ("s", kind == "symbol")) if wears)
        look = f' class="{look}"' if look else ""
        if kind == "ascii":
            where = f'x="{places[0]:g}" textLength="{x - places[0]:g}"'
        else:
            where = f'x="{" ".join(f"{place:g}" for place in places)}"'
        yield f'<text {where} y="{y:g}"{look} fill="{fore}">{escape(text)}</text>'


def _kind(character: str) -> str:
    if character.isspace():
        return "blank"
    if character.isascii():
        return "ascii"
    return "symbol" if cell_len(character) == 1 else "wide"


async def main() -> None:
    _folder().mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as place:
        demo = Path(place) / "demo.db"
        store = open_store(demo, new_id=edge.new_id)
        make_demo(store, clock=lambda: MORNING, new_id=edge.new_id)
        store.close()
        draw_map(demo)
        for shown in PICTURES:
            await draw_demo(demo, shown, Path(place))
    await draw_of_two()


if __name__ == "__main__":
    asyncio.run(main())
