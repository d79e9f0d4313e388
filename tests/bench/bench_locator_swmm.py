"""The locator against many SWMM towns: `python -m tests.bench.bench_locator_swmm --networks 200 --seed 5000`.

Prints, per share of unseen and misread wells: how often the right pipe came first,
how often it was among the candidates, false alarms, calibration, and how many covers
must be lifted until the answer is sure. Takes about a third of a second per network.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from multiprocessing import Pool

from tests.hydraulics.judge import Marks, lifts_until_decided, mark, stands_full
from tests.hydraulics.scenarios import Scenario, make_scenario, noted

CASES = ((0.0, 0.0), (0.3, 0.0), (0.6, 0.0), (0.0, 0.08), (0.3, 0.08))


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:5.1f}" if whole else "    -"


def _row(heights: bool, unseen: float, misread: float, marks: Marks) -> str:  # noqa: FBT001 - a table cell
    return " | ".join(
        (
            f"{'yes' if heights else 'no':>7}",
            f"{unseen:6.0%}",
            f"{misread:7.0%}",
            f"{_share(marks.full_first, marks.full)}/{_share(marks.full_named, marks.full)}",
            f"{_share(marks.single_first, marks.single)}/{_share(marks.single_named, marks.single)}",
            f"{_share(marks.several_first, marks.several)}/{_share(marks.several_named, marks.several)}",
            f"{_share(marks.sound_alarms, marks.sound)}/{_share(marks.sound_alarms_sure, marks.sound)}",
            f"{marks.false_answers / marks.scenarios:5.2f}/{marks.false_sure / marks.scenarios:5.2f}",
        )
    )


def report(scenarios: Sequence[Scenario]) -> None:
    """Print the tables."""
    print("first/named in %: right pipe first / among the candidates of the first answer")
    print(
        "heights | unseen | misread | full: first/named | any: first/named | several: first/named"
        " | sound towns: alarm/sure | false per town: all/sure"
    )
    calibration: dict[int, list[int]] = {}
    for heights in (True, False):
        for unseen, misread in CASES:
            marks = mark(scenarios, heights=heights, unseen=unseen, misread=misread)
            print(_row(heights, unseen, misread, marks))
            for tenth, (answers, right) in marks.by_confidence.items():
                total = calibration.setdefault(tenth, [0, 0])
                total[0] += answers
                total[1] += right
    print("confidence: answers, of which the first pipe is right")
    for tenth, (answers, right) in sorted(calibration.items()):
        print(f"  {tenth / 10:.1f}-{(tenth + 1) / 10:.1f}: {answers:5d}  {_share(right, answers)} %")
    single = [
        scenario
        for scenario in scenarios
        if len(scenario.blocked) == 1 and any(stands_full(scenario, ends) for ends in scenario.visible)
    ][:100]
    print(f"covers lifted until sure, {len(single)} towns with one blockage and 60 % unseen")
    for heights in (True, False):
        for follow in (True, False):
            results = [
                lifts_until_decided(
                    scenario,
                    noted(scenario, unseen=0.6, misread=0.0, seed=scenario.seed),
                    heights=heights,
                    follow=follow,
                    seed=scenario.seed,
                )
                for scenario in single
            ]
            lifts = sum(count for count, _ in results) / max(1, len(results))
            right = sum(good for _, good in results)
            print(
                f"  heights {'known' if heights else 'unknown':8} {'open_next' if follow else 'at random':10}"
                f" mean {lifts:5.1f}  right {_share(right, len(results))} %"
            )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--networks", type=int, default=100)
    parser.add_argument("--seed", type=int, default=5000)
    parser.add_argument("--blockages", type=int, default=None)
    chosen = parser.parse_args()
    with Pool(2) as pool:
        pending = [
            pool.apply_async(make_scenario, (seed,), {"blockages": chosen.blockages})
            for seed in range(chosen.seed, chosen.seed + chosen.networks)
        ]
        report([result.get() for result in pending])


if __name__ == "__main__":
    main()
