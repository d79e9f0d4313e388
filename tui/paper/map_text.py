"""The survey map as text: the schematic in box characters, what was found below it. To be sent or printed.

It wants a font whose Chinese characters are as wide as two Latin ones.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from rich.cells import cell_len

from models.inspection.survey.scene import Run, Scene
from tui.blocked import LEAST_CHANCE
from tui.i18n import t
from tui.paper import findings, signs
from tui.paper.bands import Band, Cell, bands_of, narrowest, steps
from tui.paper.markup import line

WIDTH: Final = 100

_LEFT, _RIGHT, _UP, _DOWN = (-1, 0), (1, 0), (0, -1), (0, 1)
_SHAPES: Final = (
    {_LEFT, _RIGHT}, {_UP, _DOWN}, {_LEFT, _DOWN}, {_LEFT, _UP}, {_RIGHT, _DOWN}, {_RIGHT, _UP},
    {_LEFT, _RIGHT, _DOWN}, {_LEFT, _RIGHT, _UP}, {_UP, _DOWN, _LEFT}, {_UP, _DOWN, _RIGHT},
    {_LEFT, _RIGHT, _UP, _DOWN},
)  # fmt: skip
_STROKES: Final = {
    look: {frozenset(shape): character for shape, character in zip(_SHAPES, characters, strict=True)}
    for look, characters in {
        "plain": "─│┐┘┌└┬┴┤├┼",
        "blocked": "━┃┓┛┏┗┳┻┫┣╋",
        "behind": "═║╗╝╔╚╦╩╣╠╬",
    }.items()
}
#: No line begins with these.
_NOT_FIRST: Final = frozenset("、，。；：）》”！？")
_BLOCKED, _MAYBE, _ARROW, _OVER = "╳", "?", ">", "│"


def map_text(scene: Scene, *, width: int = WIDTH, head: str = "", foot: str = "") -> str:
    """Return the map of a schematic scene and what it tells, in lines of at most `width` cells.

    `head` and `foot` are the compound's own words, above and below everything.
    """
    blocked = findings.likeliest(scene)
    lines = [*head.strip().splitlines(), findings.title(scene), *findings.subtitle(scene), ""]
    said: list[str] = [wrapped for text in lines for wrapped in _wrapped(text, width)]
    bands = _bands(scene, width)
    for band in bands:
        said += [*_drawn(band, blocked), ""]
    if any(band.goes_on for band in bands):
        said += [*_wrapped(t("paper.map.letters"), width), ""]
    said += [*_legend(width, calls=bool(scene.called)), ""]
    for title, sentences in findings.parts(scene):
        said.append(title)
        said += [f"  {wrapped}" for text in sentences for wrapped in _wrapped(text, width - 2)]
        said.append("")
    said += [wrapped for text in foot.strip().splitlines() for wrapped in _wrapped(text, width)]
    return "\n".join(text.rstrip() for text in said).rstrip() + "\n"


def _bands(scene: Scene, width: int) -> tuple[Band, ...]:
    """Return bands that leave room for the letters at their cuts; where nothing is cut they need none."""
    letters = 0
    while True:
        room = width if scene.width <= width else width - 2 * (letters + 1)
        bands = bands_of(scene, max(room, narrowest(scene)))
        longest = max((len(cut.letter) for band in bands for cut in band.goes_on), default=0)
        if longest <= letters or scene.width <= width:
            return bands
        letters = longest


def _drawn(band: Band, blocked: frozenset[tuple[str, str]]) -> Iterator[str]:
    """Yield the lines of one band."""
    canvas = _strokes(band, blocked)
    for spot in band.spots:
        # The blank between sign and code holds the flag, so that a box is never wider for it.
        text = line(f"{signs.sign_of(spot)}{signs.Sign.CALLS if spot.called else ' '}{spot.code}")
        fitted = text + " " * max(0, spot.cells - cell_len(text))
        canvas[int(spot.x), int(spot.y)] = fitted[: _fitting(fitted, spot.cells)]
    comes_in = {cut.row: f"{cut.letter}{_ARROW}" for cut in band.comes_in}
    goes_on = {cut.row: f"{_ARROW}{cut.letter}" for cut in band.goes_on}
    margin = max(map(len, comes_in.values()), default=0)
    rows: dict[int, list[tuple[int, str]]] = {}
    for (x, y), text in sorted(canvas.items()):
        rows.setdefault(y, []).append((x, text))
    for row in range(band.top, band.bottom):
        text = comes_in.get(row, "").rjust(margin)
        at = band.left
        for x, piece in rows.get(row, ()):
            text += " " * (x - at) + piece
            at = x + cell_len(piece)
        if row in goes_on:
            mark = goes_on[row]
            text += " " * (band.right - at) + (mark[1:] if text.endswith(_ARROW) else mark)
        yield text.rstrip()


def _strokes(band: Band, blocked: frozenset[tuple[str, str]]) -> dict[Cell, str]:
    """Return the characters of the pipes in a band."""
    ways: dict[Cell, set[Cell]] = {}
    looks: dict[Cell, set[str]] = {}
    corners: set[Cell] = set()
    marks: dict[Cell, str] = {}
    for run in band.runs:
        look = _look(run, blocked)
        for (x, y), (to_x, to_y) in steps(run):
            step = ((to_x > x) - (to_x < x), (to_y > y) - (to_y < y))
            corners |= {(x, y), (to_x, to_y)}
            for cell in _cells_between((x, y), (to_x, to_y)):
                if band.left <= cell[0] < band.right:
                    looks.setdefault(cell, set()).add(look)
                    ways.setdefault(cell, set()).update(
                        way
                        for way, there in (
                            (step, cell != (to_x, to_y)),
                            ((-step[0], -step[1]), cell != (x, y)),
                        )
                        if there
                    )
        first, last = ((int(x), int(y)) for x, y in (run.path[0], run.path[-1]))
        # The box is left of the first cell and right of the last one.
        ways.setdefault(first, set()).add(_LEFT)
        ways.setdefault(last, set()).add(_RIGHT)
        marks[last] = _ARROW
        if look == "blocked" or run.chance >= LEAST_CHANCE:
            marks[first] = _BLOCKED if look == "blocked" else _MAYBE
    drawn: dict[Cell, str] = {}
    for cell, look_here in looks.items():
        shape = frozenset(ways[cell])
        if len(shape) == len(_SHAPES[-1]) and cell not in corners:
            drawn[cell] = _OVER
        else:
            strokes = _STROKES[next(iter(look_here)) if len(look_here) == 1 else "plain"]
            drawn[cell] = strokes.get(shape, strokes[frozenset({_LEFT, _RIGHT})])
    drawn.update({cell: mark for cell, mark in marks.items() if cell in looks})
    return drawn


def _cells_between(start: Cell, end: Cell) -> Iterator[Cell]:
    (x, y), (to_x, to_y) = start, end
    length = max(abs(to_x - x), abs(to_y - y))
    step = ((to_x > x) - (to_x < x), (to_y > y) - (to_y < y))
    return ((x + step[0] * n, y + step[1] * n) for n in range(length + 1))


def _look(run: Run, blocked: frozenset[tuple[str, str]]) -> str:
    if (run.start, run.end) in blocked:
        return "blocked"
    return "behind" if run.behind else "plain"


def _legend(width: int, *, calls: bool) -> Iterator[str]:
    """Yield the legend, no symbol torn from its meaning."""
    pairs = [
        *((str(sign), word) for sign, _, word in signs.legend(calls=calls)),
        (f"{_BLOCKED}━", t("paper.map.legend.blocked")),
        (f"{_MAYBE}─", t("paper.map.legend.maybe")),
        ("══", t("paper.map.legend.behind")),
        (f"──{_ARROW}", t("paper.map.legend.flow")),
    ]
    row = ""
    for symbol, word in pairs:
        entry = f"{symbol} {word}"
        if row and cell_len(row) + 3 + cell_len(entry) > width:
            yield row
            row = entry
        else:
            row += "   " * bool(row) + entry
    yield row


def _wrapped(text: str, width: int) -> Iterator[str]:
    """Yield a text in lines of at most `width` cells; a word or a number stays whole where it can."""
    rest = line(text)
    while cell_len(rest) > width:
        most = cut = max(1, _fitting(rest, width))
        while cut > most // 2 and _of_one_word(rest[cut - 1], rest[cut]):
            cut -= 1
        if cut <= most // 2:
            cut = most
        yield rest[:cut].rstrip()
        rest = rest[cut:].lstrip()
    yield rest


def _of_one_word(before: str, after: str) -> bool:
    return after in _NOT_FIRST or (
        before.isascii() and after.isascii() and not before.isspace() and not after.isspace()
    )


def _fitting(text: str, width: int) -> int:
    """Return how many characters of a text fit into `width` cells."""
    used = 0
    for place, character in enumerate(text):
        used += cell_len(character)
        if used > width:
            return place
    return len(text)
