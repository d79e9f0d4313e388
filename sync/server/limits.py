"""How much one laptop may ask for: bytes, requests, time."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock

_MOST_BUCKETS = 20_000


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one server process.

    Sizes are bytes, as they come and as they are once inflated. `seconds` bounds
    the work for one request, `wait_seconds` a long poll. A laptop may send
    `burst` requests at once and `per_second` for ever; whoever has no token yet
    (a code is tried) has the smaller `stranger_` numbers, counted by address.
    """

    body: int = 4 * 1024 * 1024
    inflated: int = 16 * 1024 * 1024
    seconds: float = 30.0
    wait_seconds: float = 25.0
    burst: int = 600
    per_second: float = 30.0
    stranger_burst: int = 300
    stranger_per_second: float = 5.0


class Buckets:
    """Token buckets, one for each caller; the oldest are forgotten when there are too many."""

    def __init__(self, burst: int, per_second: float, ticks: Callable[[], float]) -> None:
        self._burst, self._rate, self._ticks = float(burst), per_second, ticks
        self._levels: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = Lock()

    def take(self, caller: str) -> float:
        """Count a request; returns 0 when it may go on, else the seconds to wait."""
        now = self._ticks()
        with self._lock:
            level, then = self._levels.pop(caller, (self._burst, now))
            level = min(self._burst, level + (now - then) * self._rate)
            allowed = level >= 1
            self._levels[caller] = (level - 1 if allowed else level, now)
            if len(self._levels) > _MOST_BUCKETS:
                self._levels.popitem(last=False)
        return 0.0 if allowed else (1 - level) / self._rate
