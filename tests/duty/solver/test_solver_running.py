"""The solver as an app uses it: from a thread, stopped half-way, beside another, and silent."""

from __future__ import annotations

import subprocess
import sys
import threading
from itertools import pairwise

import pytest

from models.duty.solver import check, measured, solve
from models.duty.solver.problem import Phase, Progress
from tests.bench.rosters import EVENING, MORNING, roster


def test_a_month_of_two_shifts_for_twenty_is_proven_best() -> None:
    problem = roster(20, 31)
    made = solve(problem, seconds=60)
    assert made.optimal
    assert made.gaps == ()
    assert check(problem, made.pairs) == ()
    assert [each.phase for each in made.reached] == [Phase.GAPS, Phase.SPREAD, Phase.WISHES]


def test_without_any_time_the_roster_is_lawful_and_says_what_is_not_proven() -> None:
    problem = roster(20, 31, hands=2)
    made = solve(problem, seconds=0)
    assert check(problem, made.pairs) == ()
    assert made.gaps == ()
    assert not made.optimal
    assert not made.cancelled


def test_whoever_cancels_has_the_best_so_far() -> None:
    problem = roster(40, 61, hands=2, shifts=(MORNING, EVENING))
    asked = []

    def cancelled() -> bool:
        asked.append(True)
        return len(asked) > 3

    made = solve(problem, seconds=60, cancelled=cancelled)
    assert made.cancelled
    assert check(problem, made.pairs) == ()
    assert made.pairs


def test_progress_never_tells_of_a_best_better_than_what_cannot_be_bettered() -> None:
    told: list[Progress] = []
    solve(roster(20, 31, hands=2), seconds=60, progress=told.append)
    assert told
    assert {each.phase for each in told} <= set(Phase)
    assert all(each.best is None or each.bound is None or each.bound <= each.best + 1e-3 for each in told)
    assert [each.seconds for each in told] == sorted(each.seconds for each in told)
    assert all(b.seconds - a.seconds >= 0.1 for a, b in pairwise(told))


def test_an_error_in_whoever_is_told_comes_out_and_leaves_no_solver_running() -> None:
    def broken(_: Progress) -> None:
        raise LookupError

    with pytest.raises(LookupError):
        solve(roster(20, 31, hands=2), seconds=60, progress=broken)
    for thread in threading.enumerate():
        if thread.name == "roster":
            thread.join(30)
            assert not thread.is_alive()


def test_two_at_once_find_what_one_finds() -> None:
    problems = [roster(12, 20, seed=seed) for seed in (1, 2)]
    alone = [solve(problem, seconds=60) for problem in problems]
    made = {}

    def work(at: int) -> None:
        made[at] = solve(problems[at], seconds=60)

    threads = [threading.Thread(target=work, args=(at,)) for at in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [made[0], made[1]] == alone


def test_nothing_is_printed(capfd: pytest.CaptureFixture[str]) -> None:
    solve(roster(10, 10), seconds=60)
    assert capfd.readouterr() == ("", "")


def test_neither_solver_nor_arrays_are_loaded_before_there_is_something_to_solve() -> None:
    said = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys, models.duty.solver; print(sorted({'highspy', 'numpy'} & set(sys.modules)))",
        ],
        check=True,
        capture_output=True,
        text=True,
    )
    assert said.stdout.strip() == "[]"


def test_a_roster_written_by_hand_is_measured_like_one_made() -> None:
    problem = roster(12, 20)
    made = solve(problem, seconds=60)
    again = measured(problem, made.pairs)
    assert (again.gaps, again.burdens, again.wishes_met) == (made.gaps, made.burdens, made.wishes_met)
