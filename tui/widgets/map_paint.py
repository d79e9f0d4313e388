"""One screenful of a map: tiles, codes where there is room, the blockages, the chosen well. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from models.inspection.survey.scene import Run, Spot
from tui.blocked import LEAST_CHANCE, percent
from tui.widgets.map_lens import Detail
from tui.widgets.map_lines import ARROWS
from tui.widgets.map_sheet import Look, Sheet
from tui.widgets.map_tiles import Tiles
from tui.widgets.text import cut, fit, width

BLOCKED_SIGN: Final = "╳"
CALL_SIGN: Final = "⚑"
_LONGEST_CODE: Final = 14
#: With more wells than this on the screen only those get a code at which something is wrong.
_MANY: Final = 400
_MOST_LABELS: Final = 200


@dataclass(frozen=True, slots=True)
class Frame:
    """Which part of the map is on the screen, and what is chosen there. `left` and `top` are cells of the map."""

    left: int
    top: int
    width: int
    height: int
    picked: str | None = None


def draw(tiles: Tiles, frame: Frame) -> Sheet:
    """Return what stands on the screen; its cost follows the frame."""
    sheet = Sheet(frame.width, frame.height)
    if frame.width < 1 or frame.height < 1:
        return sheet
    tiles.lay_on(sheet, frame.left, frame.top)
    picked = None if frame.picked is None else tiles.world.spot(frame.picked)
    if tiles.lens.detail is Detail.CODES:
        _boxes(sheet, tiles, frame)
    # What matters most comes first: whatever follows keeps off it.
    _badges(sheet, tiles, frame)
    _picked(sheet, tiles, frame, picked)
    if tiles.lens.detail is not Detail.CODES:
        _labels(sheet, tiles, frame)
    return sheet


def cell_of(tiles: Tiles, spot: Spot) -> tuple[int, int]:
    """Return the map's cell in which a well's symbol stands."""
    x, y = tiles.lens.cell(tiles.world.at(spot))
    half = 0.5 if tiles.lens.detail is Detail.LINES else 0.0
    return int((x + half) // 1), int((y + half) // 1)


def _visible(tiles: Tiles, frame: Frame) -> Iterator[tuple[Spot, int, int]]:
    """Yield the wells on the screen with their cells there."""
    box = tiles.lens.box(
        frame.left - _LONGEST_CODE, frame.top - 1, frame.left + frame.width, frame.top + frame.height
    )
    for number in tiles.world.spots_in(box):
        spot = tiles.world.scene.spots[number]
        x, y = cell_of(tiles, spot)
        x, y = x - frame.left, y - frame.top
        if -spot.cells < x < frame.width and 0 <= y < frame.height:
            yield spot, x, y


def _named(tiles: Tiles, frame: Frame, codes: Iterable[str]) -> Iterator[tuple[Spot, int, int]]:
    """Yield some wells with their cells on the screen."""
    for code in codes:
        spot = tiles.world.spot(code)
        if spot is not None:
            x, y = cell_of(tiles, spot)
            yield spot, x - frame.left, y - frame.top


def _code_look(tiles: Tiles, spot: Spot) -> Look:
    if spot.behind:
        return Look.BEHIND
    return Look.UNSEEN if tiles.look(spot.code) is Look.UNSEEN else Look.CODE


def _boxes(sheet: Sheet, tiles: Tiles, frame: Frame) -> None:
    for spot, x, y in _visible(tiles, frame):
        sheet.write(x, y, fit(_boxed(tiles, spot), spot.cells), _code_look(tiles, spot))
        sheet.write(x, y, tiles.marks[spot.code].symbol, tiles.look(spot.code))
        if spot.called:
            _flag_box(sheet, spot, x, y, tiles.marks[spot.code].symbol)


def _flag_box(sheet: Sheet, spot: Spot, x: int, y: int, symbol: str) -> None:
    """Put the flag between a well's symbol and its code, and how many ask for help above or below where that is free."""
    look = Look.BAD if spot.again else Look.WARN
    sheet.write(x + width(symbol), y, CALL_SIGN, look)
    number = str(spot.calls)
    row = next((row for row in (y - 1, y + 1) if sheet.is_free(x, row, width(number) + 1)), None)
    if spot.calls > 1 and row is not None:
        sheet.write(x, row, f"{CALL_SIGN}{number}", look)


def _boxed(tiles: Tiles, spot: Spot) -> str:
    symbol = tiles.marks[spot.code].symbol
    gap = (CALL_SIGN if spot.called else " ") if spot.cells > width(symbol) + width(spot.code) else ""
    return f"{symbol}{gap}{spot.code}"


def _labels(sheet: Sheet, tiles: Tiles, frame: Frame) -> None:
    """Write codes beside their wells: the telling ones first, none over a symbol or another code."""
    at_blockage = {code for pipe in tiles.likeliest for code in pipe} | tiles.called
    found = _named(tiles, frame, at_blockage) if tiles.lens.crowded else _visible(tiles, frame)
    shown = [entry for entry in found if entry[0].code != frame.picked]
    few = len(shown) <= _MANY and not tiles.lens.crowded

    def rank(entry: tuple[Spot, int, int]) -> tuple[int, int]:
        spot = entry[0]
        return (0 if spot.code in at_blockage else 1 if spot.outfall else 2, -tiles.look(spot.code))

    for number, (spot, x, y) in enumerate(sorted(shown, key=rank)):
        telling = spot.code in at_blockage
        if not telling and (not few or number >= _MOST_LABELS):
            break
        text = _label(spot)
        for over_pipes in (False, True) if telling else (False,):
            place = next((p for p in _places(text, x, y) if _room(sheet, *p, over_pipes=over_pipes)), None)
            if place is not None:
                sheet.write(place[0], place[1], text, _code_look(tiles, spot))
                if spot.called:
                    flagged = place[0] + width(cut(spot.code, _LONGEST_CODE))
                    sheet.write(flagged, place[1], _flag(spot), Look.BAD if spot.again else Look.WARN)
                break


def _label(spot: Spot) -> str:
    """Return what stands beside a well: its code, and a flag with how many ask for help there."""
    return cut(spot.code, _LONGEST_CODE) + _flag(spot)


def _flag(spot: Spot) -> str:
    return f"{CALL_SIGN}{spot.calls or ''}" if spot.called else ""


def _places(text: str, x: int, y: int) -> Iterator[tuple[int, int, int]]:
    """Yield where a code may stand: apart from its symbol, which many fonts draw wider than its cell, else close."""
    cells = width(text)
    yield x + 2, y, cells
    yield x - cells - 1, y, cells
    yield x - cells // 2, y - 1, cells
    yield x - cells // 2, y + 1, cells
    yield x + 1, y, cells
    yield x - cells, y, cells


def _room(sheet: Sheet, x: int, y: int, cells: int, *, over_pipes: bool) -> bool:
    if not 0 <= y < sheet.height or x < 0 or x + cells > sheet.width:
        return False
    most = Look.PIPE if over_pipes else Look.NONE
    row = sheet.chars[y]
    if (x and row[x - 1].isalnum()) or (x + cells < sheet.width and row[x + cells].isalnum()):
        return False  # two codes that touch read as one
    return all(look <= most for look in sheet.looks[y][x : x + cells])


def _picked(sheet: Sheet, tiles: Tiles, frame: Frame, spot: Spot | None) -> None:
    """Draw the chosen well bright, its code beside it whatever it covers."""
    if spot is None:
        return
    x, y = cell_of(tiles, spot)
    x, y = x - frame.left, y - frame.top
    if not (0 <= x < frame.width and 0 <= y < frame.height):
        return
    symbol = tiles.marks[spot.code].symbol
    if tiles.lens.detail is Detail.CODES:
        sheet.write(x, y, fit(_boxed(tiles, spot), spot.cells), Look.PICKED)
        return
    text = _label(spot)
    places = list(_places(text, x, y))
    free = (p for over in (False, True) for p in places if _room(sheet, *p, over_pipes=over))
    fallback = (p for p in places if _off_badges(sheet, *p))
    to_x, to_y, cells = next(free, None) or next(fallback, places[0])
    if sheet.looks[y][x] is not Look.BADGE:
        sheet.put(x, y, symbol, Look.PICKED)
    sheet.write(to_x, to_y, text, Look.PICKED)
    if to_y == y:
        for gap in range(min(x + 1, to_x + cells), max(x, to_x)):
            sheet.put(gap, y, " ", Look.PICKED)


def _off_badges(sheet: Sheet, x: int, y: int, cells: int) -> bool:
    """Tell whether a code, and the gap before it, would leave the blockages as they are."""
    if not 0 <= y < sheet.height or x < 0 or x + cells > sheet.width:
        return False
    return Look.BADGE not in sheet.looks[y][max(0, x - 1) : x + cells + 1]


def _badges(sheet: Sheet, tiles: Tiles, frame: Frame) -> None:
    """Mark where the pipe is blocked and how likely that is; at the edge, where to look for it."""
    for number, blockage in enumerate(tiles.world.scene.blockages):
        for run in _runs_of(tiles, blockage.pipes, number):
            _badge(sheet, tiles, frame, run)


def _runs_of(tiles: Tiles, pipes: tuple[tuple[str, str], ...], blockage: int) -> list[Run]:
    """Return the pipes that a blockage may sit in, the likeliest last, so that nothing covers it."""
    found = [
        run
        for start, _ in pipes
        for number in tiles.world.outgoing.get(start, ())
        if (run := tiles.world.scene.runs[number]).blockage == blockage
    ]
    unique = {(run.start, run.end): run for run in found if run.chance >= LEAST_CHANCE}
    return sorted(unique.values(), key=lambda run: run.chance)


def _badge(sheet: Sheet, tiles: Tiles, frame: Frame, run: Run) -> None:
    chance = f"{percent(run.chance)}%"
    blocked = (run.start, run.end) in tiles.likeliest
    look = Look.BADGE if blocked else Look.MAYBE
    x, y, room = _middle(tiles, run)
    x, y = x - frame.left, y - frame.top
    if not (0 <= x < frame.width and 0 <= y < frame.height):
        if blocked:
            _pointer(sheet, frame, x, y)
        return
    texts = (
        (f" {BLOCKED_SIGN} {chance} ", f"{BLOCKED_SIGN}{chance}", BLOCKED_SIGN)
        if blocked
        else (f"?{chance}", "?")
    )
    if tiles.lens.detail is Detail.LINES and not tiles.lens.crowded and blocked:
        room = max(room, len(texts[1]))
    text = next((text for text in texts if width(text) <= room), texts[-1])
    if tiles.lens.detail is Detail.CODES and text == texts[-1]:
        at = x - width(chance) // 2
        row = next((row for row in (y - 1, y + 1) if sheet.is_free(at, row, width(chance))), None)
        if row is not None:
            sheet.write(at, row, chance, Look.BLOCKED if blocked else Look.MAYBE)
    start = max(0, min(x - width(text) // 2, frame.width - width(text)))
    sheet.write(start, y, text, look)


def _middle(tiles: Tiles, run: Run) -> tuple[int, int, int]:
    """Return the cell in the middle of a pipe's longest level piece, and how many cells are free there."""
    half = 0.5 if tiles.lens.detail is Detail.LINES else 0.0
    cells = [tiles.lens.cell(place) for place in tiles.world.path(run)]
    pieces = list(pairwise(cells)) or [(cells[0], cells[0])]

    def level(piece: tuple[tuple[float, float], tuple[float, float]]) -> tuple[float, float]:
        (x1, y1), (x2, y2) = piece
        return abs(x2 - x1), abs(y2 - y1)

    (x1, y1), (x2, y2) = max(pieces, key=level)
    return int(((x1 + x2) / 2 + half) // 1), int(((y1 + y2) / 2 + half) // 1), max(1, int(abs(x2 - x1)) - 1)


def _pointer(sheet: Sheet, frame: Frame, x: int, y: int) -> None:
    """Say at the edge of the screen on which side a blockage lies."""
    upright, level = (0, -1 if y < 0 else 1), (-1 if x < 0 else 1, 0)
    way = upright if 0 <= x < frame.width else level
    text = f"{BLOCKED_SIGN}{ARROWS[way]}" if way != (-1, 0) else f"{ARROWS[way]}{BLOCKED_SIGN}"
    at_x = max(0, min(x, frame.width - 2))
    at_y = max(0, min(y, frame.height - 1))
    sheet.write(at_x, at_y, text, Look.BADGE)
