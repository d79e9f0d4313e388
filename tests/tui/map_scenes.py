"""Scenes for the tests of the map, laid out as the real ones are."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from itertools import pairwise
from uuid import UUID

from models.inspection.levels import Level
from models.inspection.locator import Blockage
from models.inspection.rules import State, state_of
from models.inspection.survey.layout import plan, schematic
from models.inspection.survey.scene import Laid, Place, Run, Scene, Spot
from models.text import fold
from tui.screens.survey.words import marks_of
from tui.widgets.map_world import World, build
from tui.widgets.text import width

Link = tuple[str, str]


def scene(
    links: Sequence[Link],
    *,
    levels: Mapping[str, str] | None = None,
    places: Mapping[str, Place] | None = None,
    blocked: Mapping[Link, float] | None = None,
    behind: Sequence[str] = (),
    lone: Sequence[str] = (),
) -> Scene:
    """Return the map of some pipes: a plan where places are given, else a schematic."""
    codes = list(dict.fromkeys([code for link in links for code in link] + list(lone)))
    levels, blocked = levels or {}, blocked or {}
    cells = {code: 2 + width(code) for code in codes}
    laid = plan({code: places.get(code) for code in codes}, links) if places else schematic(cells, links)
    spots = [
        _spot(number, code, laid.places.get(code), cells[code], levels.get(code), behind=code in behind)
        for number, code in enumerate(codes)
    ]
    runs = [
        Run(*link, path, 300, 20.0, "foul", blocked.get(link, 0.0), 0 if link in blocked else None,
            link[0] in behind and link not in blocked, backwards=False)
        for link, path in zip(links, laid.paths, strict=True)
    ]  # fmt: skip
    found = (
        (Blockage(tuple(blocked), tuple(blocked.values()), max(blocked.values()), (), tuple(behind)),)
        if blocked
        else ()
    )
    placed = {spot.code for spot in spots if spot.code in laid.places}
    return Scene(
        Laid.PLAN if places else Laid.SCHEMATIC,
        laid.width,
        laid.height,
        tuple(spot for spot in spots if spot.code in placed),
        tuple(run for run in runs if run.path),
        found,
        "耐火小区",
        UUID(int=1),
        "春检",
        None,
        None,
        len(levels),
        tuple(code for code in codes if code not in placed),
        (),
        tuple(spot for spot in spots if spot.code not in placed),
        tuple(run for run in runs if not run.path),
    )


def _spot(
    number: int, code: str, place: Place | None, cells: int, level: str | None, *, behind: bool
) -> Spot:
    x, y = place or (0.0, 0.0)
    state: State | None = None if level is None else state_of(level=level)
    return Spot(
        UUID(int=number + 1), code, f"{code}旁", fold(code).startswith("out"), x, y, cells,
        state, level, None, silted=False, defects=(), note="", at=None, behind=behind, households=0,
    )  # fmt: skip


def world(*args: object, **options: object) -> World:
    return build(scene(*args, **options))  # type: ignore[arg-type]


def chain(count: int) -> list[Link]:
    """Return pipes from W1 to W2 and so on into OUT."""
    codes = [f"W{number}" for number in range(1, count + 1)] + ["OUT"]
    return list(pairwise(codes))


def town(count: int, *, laid: Laid, seed: int = 1) -> Scene:
    """Return a sewer that has grown by chance over a grid of streets, half walked, blocked once."""
    chance = random.Random(seed)
    cells = [(0, 0)]
    taken = set(cells)
    links: list[Link] = []
    while len(cells) < count:
        near = cells[-1] if chance.random() < 0.3 else chance.choice(cells[-max(30, len(cells) // 2) :])
        step = chance.choice(((1, 0), (0, 1), (-1, 0), (0, -1)))
        cell = (near[0] + step[0], near[1] + step[1])
        if cell not in taken:
            taken.add(cell)
            links.append((f"W{len(cells):05}", f"W{cells.index(near):05}"))
            cells.append(cell)
    places = {
        f"W{number:05}": (x * 20 + chance.uniform(-5, 5), y * 20 + chance.uniform(-5, 5))
        for number, (x, y) in enumerate(cells)
    }
    levels = {
        code: chance.choice(["flowing"] * 8 + [level.value for level in Level])
        for code in places
        if chance.random() < 0.6
    }
    blocked = links[count // 3]
    return scene(
        links,
        levels=levels,
        places=places if laid is Laid.PLAN else None,
        blocked={blocked: 0.7},
        behind=blocked[:1],
    )


__all__ = ["chain", "marks_of", "scene", "town", "world"]
