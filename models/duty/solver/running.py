"""HiGHS at work in a thread of its own, so that whoever waits can cancel at once.

HiGHS looks up from its work only now and then; in a heuristic it may be seconds. Who cancels does not wait for that:
the best found so far is taken, and the thread ends by itself at its next look.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from threading import Event, Thread
from typing import TYPE_CHECKING, Any, Final

from models.duty.solver.ground import Ground, Seat
from models.duty.solver.model import Model
from models.duty.solver.watch import Watch

if TYPE_CHECKING:
    from highspy import Highs

#: Larger than any cost.
NOTHING_KNOWN: Final = 1e15
LOOK_EVERY: Final = 0.05
PATIENCE: Final = 0.1


@dataclass(frozen=True, slots=True)
class Found:
    """What HiGHS found: values of the columns, if any were, what cannot be bettered, and whether it is proven to be the best."""

    values: Sequence[float] | None
    bound: float
    proven: bool


class _Run:
    """What a running solver has found so far; its callbacks come from its own thread."""

    def __init__(self, solver: Highs) -> None:
        self.solver = solver
        self.values: Any = None
        self.best: float | None = None
        self.bound = -NOTHING_KNOWN
        self.stop = Event()
        self.ended = Event()
        self.error: BaseException | None = None
        solver.cbMipInterrupt += self._look
        solver.cbSimplexInterrupt += self._stop
        solver.cbMipImprovingSolution += self._improved

    def _look(self, event: Any) -> None:
        self.bound = max(self.bound, event.data_out.mip_dual_bound)
        self._stop(event)

    def _stop(self, event: Any) -> None:
        if self.stop.is_set():
            event.interrupt()

    def _improved(self, event: Any) -> None:
        self.values = event.data_out.mip_solution.copy()
        self.best = event.data_out.objective_function_value

    def __call__(self) -> None:
        try:
            self.solver.run()
        except BaseException as error:  # noqa: BLE001 - told to whoever waits
            self.error = error
        finally:
            self.ended.set()


def _wait(solver: Highs, watch: Watch, tell: Callable[[float | None, float], None]) -> _Run:
    """Let a solver run until it ends, or until it is of no more use: then it has not `ended`, and is not to be touched."""
    solver.setOptionValue("time_limit", max(0.01, watch.left))
    work = _Run(solver)
    Thread(target=work, name="roster", daemon=False).start()
    while not work.ended.wait(LOOK_EVERY):
        try:
            tell(work.best, work.bound)
            going = watch.go_on()
        except BaseException:
            work.stop.set()
            raise
        if not going:
            work.stop.set()
            work.ended.wait(PATIENCE)
            break
    if work.ended.is_set():
        if work.error is not None:
            raise work.error
        solver.clearCallbacks()
    return work


def run(solver: Highs, watch: Watch, tell: Callable[[float | None, float], None]) -> Found:
    """Run a loaded solver until it is done, the time is up, or somebody cancels."""
    import highspy

    work = _wait(solver, watch, tell)
    if not work.ended.is_set():
        return Found(work.values, work.bound, proven=False)
    status = solver.getModelStatus()
    if status == highspy.HighsModelStatus.kInfeasible:
        return Found(None, NOTHING_KNOWN, proven=False)
    optimal = _done(status)
    info = solver.getInfo()
    some = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    values = solver.getSolution().col_value if some else work.values
    return Found(values, max(work.bound, min(info.mip_dual_bound, NOTHING_KNOWN)), optimal)


def _done(status: object) -> bool:
    """Tell whether this is the best there is; of nothing, nothing is."""
    import highspy

    return status in (highspy.HighsModelStatus.kOptimal, highspy.HighsModelStatus.kModelEmpty)


def relax(solver: Highs, watch: Watch) -> tuple[float, list[float]] | None:
    """Return the linear optimum and the reduced costs, shifts being parted as one likes; None when the time was up."""
    solver.setOptionValue("solve_relaxation", True)  # noqa: FBT003 - HiGHS takes it so
    work = _wait(solver, watch, lambda _best, _bound: None)
    if not work.ended.is_set() or not _done(solver.getModelStatus()):
        return None
    return solver.getInfo().objective_function_value, list(solver.getSolution().col_dual)


def start(solver: Highs, model: Model, seats: frozenset[Seat]) -> None:
    """Give HiGHS the best roster known; it completes the columns that only count."""
    import numpy as np

    count = len(model.ground.open)
    values = np.array([float(seat in seats) for seat in model.ground.open])
    solver.setSolution(count, np.arange(count, dtype=np.int32), values)


def taken(ground: Ground, values: Sequence[float]) -> list[Seat]:
    """Return the seats that are taken in what HiGHS found."""
    return [seat for seat, value in zip(ground.open, values, strict=False) if value > 0.5]  # noqa: PLR2004 - nearer one
