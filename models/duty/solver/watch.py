"""How much time there is, who wants to stop, and who is told how far the search is."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic
from typing import Final

from models.duty.solver.problem import Phase, Progress

#: Nobody reads more than ten lines a second.
BETWEEN_WORDS: Final = 0.1


class Watch:
    """A stopwatch. Nothing that is decided depends on it but when to stop."""

    def __init__(
        self,
        seconds: float,
        progress: Callable[[Progress], None] | None = None,
        cancelled: Callable[[], bool] | None = None,
    ) -> None:
        self._began = monotonic()
        self._seconds = seconds
        self._progress = progress
        self._cancelled = cancelled
        self._told = -BETWEEN_WORDS
        self.stopped = False

    @property
    def passed(self) -> float:
        """Return the seconds since it was started."""
        return monotonic() - self._began

    @property
    def left(self) -> float:
        """Return the seconds left."""
        return max(0.0, self._seconds - self.passed)

    def go_on(self) -> bool:
        """Tell whether there is time and nobody has cancelled."""
        if not self.stopped and self._cancelled is not None and self._cancelled():
            self.stopped = True
        return not self.stopped and self.left > 0

    def tell(self, phase: Phase, best: float | None, bound: float | None) -> None:
        """Tell how far it is, if nobody was told just now."""
        if self._progress is None or self.passed - self._told < BETWEEN_WORDS:
            return
        self._told = self.passed
        self._progress(Progress(phase, best, bound, self._told))
