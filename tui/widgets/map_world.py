"""A scene made ready to be looked at: which wells and pipes are where, and which well is next to which.

Built once for each scene, in a worker. Every question reads the buckets near
what it asks about, so that its cost follows the screen and not the sewer.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, TypeVar

from models.inspection.survey.scene import Laid, Place, Run, Scene, Spot

#: How many wells a bucket holds on the average.
_PER_BUCKET: Final = 6
#: A cell of a terminal is about twice as high as it is wide.
ASPECT: Final = 2.0
#: Sideways counts this much more than ahead when the next well in a direction is looked for.
_ASIDE: Final = 2.0

Box = tuple[float, float, float, float]
_Key = TypeVar("_Key")
Bucket = tuple[int, int]
LEFT, RIGHT, UP, DOWN = (-1, 0), (1, 0), (0, -1), (0, 1)


@dataclass(frozen=True, slots=True)
class World:
    """A scene with its indexes. `y` grows downwards here, in the plan too: `at` and `path` turn it."""

    scene: Scene
    number: Mapping[str, int]
    outgoing: Mapping[str, tuple[int, ...]]
    incoming: Mapping[str, tuple[int, ...]]
    bucket_w: float
    bucket_h: float
    spot_buckets: Mapping[Bucket, tuple[int, ...]]
    run_buckets: Mapping[Bucket, tuple[int, ...]]

    @property
    def plan(self) -> bool:
        return self.scene.laid is Laid.PLAN

    @property
    def size(self) -> tuple[float, float]:
        """Width and height, never nothing, so that one can divide by them."""
        return max(self.scene.width, 1.0), max(self.scene.height, 1.0)

    def at(self, spot: Spot) -> Place:
        """Return where a well's symbol stands."""
        return (spot.x, self.scene.height - spot.y) if self.plan else (spot.x, spot.y)

    def path(self, run: Run) -> tuple[Place, ...]:
        """Return the points of a pipe, with the flow."""
        if not self.plan:
            return run.path
        height = self.scene.height
        return tuple((x, height - y) for x, y in run.path)

    def spot(self, code: str) -> Spot | None:
        number = self.number.get(code)
        return None if number is None else self.scene.spots[number]

    def spots_in(self, box: Box) -> list[int]:
        """Return the numbers of the wells in a box, and of some around it, in the scene's order."""
        return sorted(self._in(self.spot_buckets, box))

    def runs_in(self, box: Box) -> list[int]:
        """Return the numbers of the pipes that may cross a box, in the scene's order."""
        return sorted(self._in(self.run_buckets, box))

    def _in(self, buckets: Mapping[Bucket, tuple[int, ...]], box: Box) -> set[int]:
        found: set[int] = set()
        left, top = self._bucket(box[0], box[1])
        right, bottom = self._bucket(box[2], box[3])
        if (right - left + 1) * (bottom - top + 1) > len(buckets):
            for (column, row), numbers in buckets.items():
                if left <= column <= right and top <= row <= bottom:
                    found.update(numbers)
            return found
        for column in range(left, right + 1):
            for row in range(top, bottom + 1):
                found.update(buckets.get((column, row), ()))
        return found

    def _bucket(self, x: float, y: float) -> Bucket:
        return math.floor(x / self.bucket_w), math.floor(y / self.bucket_h)

    # Neighbours

    def below(self, code: str) -> list[str]:
        """Return the wells that water from here runs to next."""
        return [self.scene.runs[number].end for number in self.outgoing.get(code, ())]

    def above(self, code: str) -> list[str]:
        """Return the wells whose water comes here next."""
        return [self.scene.runs[number].start for number in self.incoming.get(code, ())]

    def next_to(self, code: str, way: tuple[int, int]) -> str | None:
        """Return the well that an arrow leads to, None if there is none that way.

        In a schematic the water runs to the right, so right is the next well
        downstream and left the one upstream. In a plan a pipe that leads that way comes first.
        """
        spot = self.spot(code)
        if spot is None:
            return None
        if not self.plan and way in {LEFT, RIGHT}:
            near = self.below(code) if way == RIGHT else self.above(code)
        else:
            near = [
                other for other in (*self.below(code), *self.above(code)) if self._leads(spot, other, way)
            ]
        if self.plan or way in {LEFT, RIGHT}:
            along = self._nearest(spot, near, way, must_lead=False)
            if along is not None:
                return along
        return self._beside(spot, way)

    def _leads(self, spot: Spot, code: str, way: tuple[int, int]) -> bool:
        other = self.spot(code)
        if other is None:
            return False
        ahead, aside = self._ahead(spot, other, way)
        return ahead > 0 and aside <= ahead

    def _ahead(self, spot: Spot, other: Spot, way: tuple[int, int]) -> tuple[float, float]:
        """Return how far another well is ahead and aside, in cells' widths or metres."""
        (x, y), (to_x, to_y) = self.at(spot), self.at(other)
        stretch = 1.0 if self.plan else ASPECT
        dx, dy = to_x - x, (to_y - y) * stretch
        if way[0]:
            return dx * way[0], abs(dy)
        return dy * way[1], abs(dx)

    def _nearest(
        self, spot: Spot, codes: Iterable[str], way: tuple[int, int], *, must_lead: bool = True
    ) -> str | None:
        best: tuple[float, str] | None = None
        for code in codes:
            other = self.spot(code)
            if other is None or other.code == spot.code:
                continue
            ahead, aside = self._ahead(spot, other, way)
            if must_lead and ahead <= 0:
                continue
            cost = (abs(ahead) + _ASIDE * aside, code)
            best = cost if best is None else min(best, cost)
        return None if best is None else best[1]

    def _beside(self, spot: Spot, way: tuple[int, int]) -> str | None:
        """Look in ever larger boxes, until the best well found cannot be beaten from outside."""
        x, y = self.at(spot)
        width, height = self.size
        reach = 1.0
        while True:
            across, down = reach * self.bucket_w, reach * self.bucket_h
            # Only what lies that way: at the edge of the map there is nothing to look through.
            box = (
                x - across * (way[0] <= 0),
                y - down * (way[1] <= 0),
                x + across * (way[0] >= 0),
                y + down * (way[1] >= 0),
            )
            codes = [self.scene.spots[number].code for number in self.spots_in(box)]
            found = self._nearest(spot, codes, way)
            other = None if found is None else self.spot(found)
            if other is not None:
                ahead, aside = self._ahead(spot, other, way)
                stretch = 1.0 if self.plan else ASPECT
                if ahead + _ASIDE * aside <= min(across, down * stretch):
                    return found
            if across >= width and down >= height:
                return found
            reach *= 2

    def nearest(self, x: float, y: float, reach: float) -> str | None:
        """Return the well nearest to a place, at most `reach` across (and half of it up and down) away."""
        best: tuple[float, str] | None = None
        stretch = 1.0 if self.plan else ASPECT
        box = (x - reach, y - reach, x + reach, y + reach)
        for number in self.spots_in(box):
            spot = self.scene.spots[number]
            at_x, at_y = self.at(spot)
            # In a schematic a well is as wide as its box.
            away_x = abs(at_x - x) if self.plan else max(at_x - x, x - (at_x + spot.cells - 1), 0.0)
            away = math.hypot(away_x, (at_y - y) * stretch)
            if away <= reach and (best is None or (away, spot.code) < best):
                best = (away, spot.code)
        return None if best is None else best[1]


def build(scene: Scene) -> World:
    """Index a scene; takes time for each well and pipe, once."""
    width, height = max(scene.width, 1.0), max(scene.height, 1.0)
    share = math.sqrt(max(1.0, len(scene.spots) / _PER_BUCKET))
    bucket_w, bucket_h = width / share, height / share
    number = {spot.code: place for place, spot in enumerate(scene.spots)}
    outgoing: dict[str, list[int]] = {}
    incoming: dict[str, list[int]] = {}
    for place, run in enumerate(scene.runs):
        outgoing.setdefault(run.start, []).append(place)
        incoming.setdefault(run.end, []).append(place)
    bare = World(scene, number, {}, {}, bucket_w, bucket_h, {}, {})
    spots: dict[Bucket, list[int]] = {}
    for place, spot in enumerate(scene.spots):
        x, y = bare.at(spot)
        spots.setdefault(bare._bucket(x, y), []).append(place)  # noqa: SLF001 - its own builder
    runs: dict[Bucket, list[int]] = {}
    for place, run in enumerate(scene.runs):
        for bucket in set(_buckets_of(bare.path(run), bucket_w, bucket_h)):
            runs.setdefault(bucket, []).append(place)
    return World(
        scene,
        number,
        _frozen(outgoing),
        _frozen(incoming),
        bucket_w,
        bucket_h,
        _frozen(spots),
        _frozen(runs),
    )


def _buckets_of(path: tuple[Place, ...], bucket_w: float, bucket_h: float) -> Iterator[Bucket]:
    """Yield the buckets that a pipe runs through, and for a slanting one some beside it."""
    for (x1, y1), (x2, y2) in pairwise(path):
        steps = max(1, math.ceil(max(abs(x2 - x1) / bucket_w, abs(y2 - y1) / bucket_h)))
        for step in range(steps):
            here, there = step / steps, (step + 1) / steps
            columns = sorted((math.floor((x1 + (x2 - x1) * s) / bucket_w)) for s in (here, there))
            rows = sorted((math.floor((y1 + (y2 - y1) * s) / bucket_h)) for s in (here, there))
            for column in range(columns[0], columns[1] + 1):
                for row in range(rows[0], rows[1] + 1):
                    yield column, row


def _frozen(lists: Mapping[_Key, list[int]]) -> dict[_Key, tuple[int, ...]]:
    return {key: tuple(numbers) for key, numbers in lists.items()}
