"""What a survey map shows, ready to be drawn: in a terminal, as SVG, on paper.

A plan has local metres, x to the east and y to the north. A schematic has the
cells of a terminal, x to the right and y down: a well's box begins at `x`, is
`cells` wide and one row high (a symbol, a blank, the code), no two boxes overlap, and
no pipe runs through one. A pipe's path leads from the cell right of its upper well's
box to the cell left of its lower well's box, through the cells at its corners.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from models.inspection.locator import Blockage
from models.inspection.rules import State
from models.problems import Problem

Place = tuple[float, float]


class Laid(StrEnum):
    """How the wells got their places."""

    PLAN = "plan"
    SCHEMATIC = "schematic"


@dataclass(frozen=True, slots=True)
class Spot:
    """A well or outfall on the map. `state` is None where this walk noted nothing.

    `behind` tells that it has no way out but through a located blockage;
    `silted` that its mud is past a fifth of the pipe. `households` counts the homes that
    drain into it, directly or through a building. `calls` counts those who ask for help
    there, and `again` tells that they did so repeatedly; no walk knows of either: whoever
    knows lays them on the map.
    """

    id: UUID
    code: str
    name: str
    outfall: bool
    x: float
    y: float
    cells: int
    state: State | None
    level: str | None
    mud_mm: int | None
    silted: bool
    defects: tuple[str, ...]
    note: str
    at: datetime | None
    behind: bool
    households: int
    calls: int = 0
    again: bool = False

    @property
    def called(self) -> bool:
        """Whether somebody asks for help here, or did so again and again."""
        return bool(self.calls) or self.again


@dataclass(frozen=True, slots=True)
class Run:
    """A pipe as drawn, from well to well along `path` in the direction of flow.

    `chance` is how likely the located blockage `blockage` (its index) sits in
    it, 0 where none does. `behind` tells that it leads only to a blockage.
    `backwards` marks a link that closes a loop and so cannot run with the others.
    """

    start: str
    end: str
    path: tuple[Place, ...]
    diameter_mm: int | None
    length_m: float | None
    system: str
    chance: float
    blockage: int | None
    behind: bool
    backwards: bool


@dataclass(frozen=True, slots=True)
class Scene:
    """The whole map. `width` and `height` enclose every box and path, which begin at 0, 0.

    `unplaced` are wells without coordinates, which a plan cannot show; they are not in
    `spots` but in `aside`, where their x and y mean nothing, and the pipes that lead to or from
    them are not in `runs` but in `loose`, without a path. `open_next` names the wells to open
    next, the one that tells most first. `problems` are the network's and the walk's.
    `called_elsewhere` are places, with how many calls each, that no well on the map stands for.
    """

    laid: Laid
    width: float
    height: float
    spots: tuple[Spot, ...]
    runs: tuple[Run, ...]
    blockages: tuple[Blockage, ...]
    compound: str
    walk_id: UUID | None
    walk: str
    began: datetime | None
    ended: datetime | None
    seen: int
    unplaced: tuple[str, ...]
    problems: tuple[Problem, ...]
    aside: tuple[Spot, ...] = ()
    loose: tuple[Run, ...] = ()
    open_next: tuple[str, ...] = ()
    called_elsewhere: tuple[tuple[str, int], ...] = ()

    @property
    def called(self) -> tuple[Spot, ...]:
        """The wells at which somebody asks for help, the most calls first."""
        found = [spot for spot in (*self.spots, *self.aside) if spot.called]
        return tuple(sorted(found, key=lambda spot: (not spot.again, -spot.calls)))
