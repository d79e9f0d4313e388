"""Invented sewer networks, as varied as real ones, and made only from a seed."""

from __future__ import annotations

import random
from dataclasses import dataclass

DIAMETERS_MM = (200, 225, 250, 300, 400, 500, 600)


@dataclass(frozen=True, slots=True)
class TownWell:
    """A node: levels in metres, steady inflow in litres per second."""

    code: str
    invert_m: float
    ground_m: float
    inflow_lps: float
    outfall: bool


@dataclass(frozen=True, slots=True)
class TownPipe:
    start: str
    end: str
    diameter_mm: int
    length_m: float


@dataclass(frozen=True, slots=True)
class Town:
    wells: tuple[TownWell, ...]
    pipes: tuple[TownPipe, ...]

    def upstream_inflow(self) -> dict[str, float]:
        """Litres per second that reach each well, its own inflow included."""
        total = {well.code: well.inflow_lps for well in self.wells}
        # Pipes are built from the outfall up, so walking them backwards meets every child first.
        for pipe in reversed(self.pipes):
            total[pipe.end] += total[pipe.start]
        return total


def _full_flow_lps(diameter_mm: int, slope: float) -> float:
    """Manning, n = 0.013, a full circular pipe."""
    diameter = diameter_mm / 1000
    area = 3.14159 * diameter**2 / 4
    return float(1000 / 0.013 * area * (diameter / 4) ** (2 / 3) * slope**0.5)


def _grow(rng: random.Random, size: int, outfalls: int) -> dict[int, int]:
    """Each node's parent; nodes below `outfalls` are outfalls, and parents come before children."""
    chain_bias = rng.uniform(0.35, 0.9)
    parent: dict[int, int] = {}
    tips: list[int] = []
    for node in range(outfalls, outfalls + size):
        if node < outfalls * 2:
            base = node - outfalls
        elif rng.random() < chain_bias:
            base = rng.choice(tips[-6:])
        else:
            base = rng.choice(range(outfalls, node))
        parent[node] = base
        if base in tips:
            tips.remove(base)
        tips.append(node)
    return parent


def _slope(rng: random.Random, flatness: str) -> float:
    return {
        "flat": rng.uniform(0.0008, 0.003),
        "mild": rng.uniform(0.002, 0.01),
        "mixed": float(10 ** rng.uniform(-3, -1.5)),
        "steep": rng.uniform(0.01, 0.05),
    }[flatness]


def _diameter_mm(rng: random.Random, wanted_lps: float, slope: float) -> int:
    smallest = rng.choice((200, 200, 225, 300))
    if rng.random() < 0.1:
        return rng.choice(DIAMETERS_MM[2:])
    for size_mm in DIAMETERS_MM:
        if size_mm >= smallest and _full_flow_lps(size_mm, slope) > wanted_lps:
            return size_mm
    return DIAMETERS_MM[-1]


def make_town(seed: int, *, wells: int | None = None) -> Town:
    """A forest of 10-200 wells; the same seed gives the same town for ever."""
    rng = random.Random(seed)
    size = wells if wells is not None else rng.choice((10, 15, 20, 30, 42, 60, 80, 120, 200))
    outfalls = 1 if size < 20 else rng.choice((1, 1, 2, 3))
    parent = _grow(rng, size, outfalls)
    flatness = rng.choice(("flat", "mild", "mixed", "steep"))
    zero_share = rng.choice((0.0, 0.2, 0.5))
    mean_inflow = rng.choice((0.05, 0.2, 0.6, 1.5, 4.0))
    sized_for = rng.choice((0.7, 1.2, 2.0, 3.0, 4.0))
    inflow = {
        node: 0.0 if rng.random() < zero_share else mean_inflow * rng.lognormvariate(0, 0.8)
        for node in parent
    }
    total = dict(inflow)
    for node in reversed(list(parent)):
        total[parent[node]] = total.get(parent[node], 0.0) + total[node]
    invert: dict[int, float] = {node: rng.uniform(0, 3) for node in range(outfalls)}
    lengths: dict[int, float] = {}
    diameters: dict[int, int] = {}
    for node, base in parent.items():
        lengths[node] = round(rng.uniform(5, 60), 1)
        slope = _slope(rng, flatness)
        drop = rng.uniform(0, 0.3) if rng.random() < 0.1 else 0.0
        invert[node] = invert[base] + slope * lengths[node] + drop
        diameters[node] = _diameter_mm(rng, sized_for * total[node], slope)
    for node in reversed(list(parent)):
        # A pipe is rarely narrower than what joins it; now and then a town got that wrong.
        if parent[node] >= outfalls and rng.random() < 0.9:
            diameters[parent[node]] = max(diameters[parent[node]], diameters[node])
    cover_low, cover_high = rng.choice(((0.4, 0.9), (0.6, 2.0), (1.0, 3.0)))
    town_wells = []
    for node in [*range(outfalls), *parent]:
        outfall = node < outfalls
        crown = 0.6 if outfall else diameters[node] / 1000
        town_wells.append(
            TownWell(
                code=f"O{node + 1}" if outfall else f"W{node - outfalls + 1}",
                invert_m=round(invert[node], 3),
                ground_m=round(invert[node] + crown + rng.uniform(cover_low, cover_high), 3),
                inflow_lps=round(inflow.get(node, 0.0), 4),
                outfall=outfall,
            )
        )
    code = [well.code for well in town_wells]
    pipes = tuple(
        TownPipe(code[node], code[base], diameters[node], lengths[node]) for node, base in parent.items()
    )
    return Town(tuple(town_wells), pipes)
