"""How fast rosters are made and how good: `python -m tests.bench.bench_roster [month] [quarter] [thread]`. Prints; asserts nothing.

The peer is what a list in a spreadsheet does: each shift in turn to whoever may have it and is furthest below their share.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from time import perf_counter, process_time, sleep

from models.duty.solver import check, measured, solve
from models.duty.solver.asking import spread
from models.duty.solver.greedy import first
from models.duty.solver.ground import lay
from models.duty.solver.problem import Phase, Problem, Roster
from tests.bench.rosters import CLEANING, DESK, EVENING, MORNING, NIGHT, PATROL, roster

SECONDS = 10.0
ANEW = """
from tests.bench.bench_roster import months, solve
name, problem = months()[{at}]
assert solve(problem, seconds=60).optimal
"""


def months() -> list[tuple[str, Problem]]:
    """Twenty people, 31 days, two shifts a day."""
    kinds = [(hands, seed) for hands in (1, 2) for seed in (1, 2, 3, 4, 5)]
    return [
        (f"20 x 31 x 2, {hands} hands, no. {seed}", roster(20, 31, hands=hands, seed=seed))
        for hands, seed in kinds
    ]


def quarters() -> list[tuple[str, Problem]]:
    """Sixty people, 92 days."""
    two, four = (MORNING, EVENING), (MORNING, EVENING, MORNING, EVENING)
    return [
        *(
            (f"60 x 92 x 2, {h} hands, no. {s}", roster(60, 92, hands=h, seed=s, shifts=two))
            for h in (1, 2)
            for s in (1, 2, 3)
        ),
        ("60 x 92 x 2 posts x 2, 1 hand", roster(60, 92, hands=1, shifts=four)),
        ("60 x 92 x 2 posts x 2, 2 hands", roster(60, 92, hands=2, shifts=four, per_week=4)),
        (
            "60 x 92, desk patrol cleaning, 1",
            roster(60, 92, hands=1, shifts=(DESK, PATROL, CLEANING), per_week=4),
        ),
        ("60 x 92, morning evening night, 2", roster(60, 92, hands=2, shifts=(MORNING, EVENING, NIGHT))),
        ("60 x 92 x 2, no two shifts alike", roster(60, 92, hands=2, shifts=two, uneven=True)),
    ]


def by_list(problem: Problem) -> Roster:
    ground = lay(problem)
    seats = first(ground).seats
    return measured(problem, frozenset(ground.pair(seat) for seat in seats))


def largest(made: Roster) -> float:
    """The hours that somebody is off their fair share at most."""
    return max(abs(each.owed_after) for each in made.burdens) / 100


def told(made: Roster, problem: Problem) -> str:
    """Each phase's value, bound, and gap: how much better any roster could be, in % of the value."""
    words = []
    for each in made.reached:
        gap = 0.0 if each.proven else (each.value - each.bound) / max(1.0, abs(each.value)) * 100
        words.append(f"{each.phase.value} {each.value:.0f}/{each.bound:.0f} {gap:.2f}%")
    listed = by_list(problem)
    assert not check(problem, made.pairs)
    return (
        f"{', '.join(words):<62} furthest off {largest(made):4.1f} h | list: gaps {len(listed.gaps)},"
        f" spread {spread(listed):.0f}, wishes {listed.wishes_missed - listed.wishes_met}, furthest off {largest(listed):.1f} h"
    )


def timed(name: str, problem: Problem, seconds: float) -> None:
    began, worked = perf_counter(), process_time()
    made = solve(problem, seconds=seconds)
    print(
        f"{name:<36}{perf_counter() - began:6.2f} s, {process_time() - worked:6.2f} s cpu"
        f" {'proven' if made.optimal else '      '} {told(made, problem)}",
        flush=True,
    )


def month() -> None:
    for at, (name, problem) in enumerate(months()):
        timed(name, problem, 60)
        if at in (0, 5):
            began = perf_counter()
            subprocess.run([sys.executable, "-c", ANEW.format(at=at)], check=True)
            print(f"{'  the same with process and imports':<36}{perf_counter() - began:6.2f} s", flush=True)


def quarter() -> None:
    for name, problem in quarters():
        timed(name, problem, SECONDS)


def thread() -> None:
    """How long another thread of the same process must wait at worst, and how soon a search stops when it is told to."""
    problem = roster(60, 92, hands=2, shifts=(MORNING, EVENING, MORNING, EVENING), per_week=4)
    for after in (0.2, 0.5, 1.0, 2.0, 4.0, 6.0):
        pauses, stop, ended = [0.0], threading.Event(), threading.Event()

        def tick(pauses: list[float] = pauses, ended: threading.Event = ended) -> None:
            last = perf_counter()
            while not ended.is_set():
                sleep(0.005)
                pauses.append(perf_counter() - last)
                last = perf_counter()

        ticker = threading.Thread(target=tick)
        timer = threading.Timer(after, stop.set)
        ticker.start()
        timer.start()
        began = perf_counter()
        made = solve(problem, seconds=30, cancelled=stop.is_set)
        took = perf_counter() - began
        ended.set()
        ticker.join()
        values = {each.phase: each.value for each in made.reached}
        print(
            f"cancelled after {after:.1f} s: back {took - after:5.2f} s later, spread {values[Phase.SPREAD]:.0f},"
            f" worst pause of another thread {max(pauses) * 1000:.0f} ms",
            flush=True,
        )


if __name__ == "__main__":
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores", flush=True)
    for word in sys.argv[1:] or ("month", "quarter", "thread"):
        {"month": month, "quarter": quarter, "thread": thread}[word]()
    print(f"load {os.getloadavg()[0]:.1f}", flush=True)
