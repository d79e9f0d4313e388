"""How long the locator takes: `python -m tests.bench.bench_locator`. Prints; asserts nothing about time."""

from __future__ import annotations

import random
import sys
from collections.abc import Callable, Iterable
from time import perf_counter, process_time
from typing import TypeVar

from models.inspection.levels import Level
from models.inspection.locator import Reading, locate
from models.inspection.sewer import Network, Pipe, Well

Made = TypeVar("Made")


def tree(size: int, *, surveyed: bool, seed: int = 1) -> tuple[list[Well], list[Pipe], list[int]]:
    """A random branching sewer of `size` wells on one outfall, and each well's parent."""
    rng = random.Random(seed)
    parents = [0]
    invert = [0.0]
    for node in range(1, size + 1):
        parent = max(0, node - rng.choice((1, 1, 2, 5, 30)))
        parents.append(parent)
        invert.append(invert[parent] + rng.uniform(0.02, 0.3))
    wells = [
        Well(
            f"W{node}",
            "outfall" if node == 0 else "well",
            ground_m=round(invert[node] + 2, 3) if surveyed else None,
            depth_mm=2000 if surveyed else None,
        )
        for node in range(size + 1)
    ]
    pipes = [Pipe(f"W{node}", f"W{parents[node]}", 300, 30.0) for node in range(1, size + 1)]
    return wells, pipes, parents


def walk(size: int, parents: list[int], *, seen: float, blockages: int, seed: int = 2) -> list[Reading]:
    """Levels as a crude picture of water: the five wells above each blockage are full."""
    rng = random.Random(seed)
    full = set()
    for start in rng.sample(range(1, size + 1), blockages):
        full.add(start)
        for node in range(start + 1, min(size, start + 60)):
            if parents[node] in full and len(full) % 6:
                full.add(node)
    return [
        Reading(f"W{node}", Level.FULL if node in full else Level.FLOWING)
        for node in range(1, size + 1)
        if rng.random() < seen
    ]


def timed(name: str, work: Callable[[], Made]) -> Made:
    started, worked = perf_counter(), process_time()
    made = work()
    print(f"{name:<58}{perf_counter() - started:8.3f} s, {process_time() - worked:8.3f} s of the processor")
    return made


def main(sizes: Iterable[int]) -> None:
    for size in sizes:
        for surveyed in (False, True):
            wells, pipes, parents = tree(size, surveyed=surveyed)
            words = "heights known" if surveyed else "no heights"
            network = timed(f"{size} wells, {words}: build", lambda w=wells, p=pipes: Network.build(w, p))
            for blockages in (0, 1, max(1, size // 200)):
                for seen in (1.0, 0.5):
                    readings = walk(size, parents, seen=seen, blockages=blockages)
                    timed(
                        f"  locate, {seen:.0%} seen, {blockages} blockages",
                        lambda n=network, r=readings: locate(n, r),
                    )
            everywhere = [Reading(f"W{node}", Level.FULL) for node in range(1, size + 1)]
            timed("  locate, every well full", lambda n=network, r=everywhere: locate(n, r))


if __name__ == "__main__":
    main([int(word) for word in sys.argv[1:]] or [100, 1_000, 10_000])
