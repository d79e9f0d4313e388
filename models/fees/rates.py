"""The line to 95 %: how much of what was billed came in, from how many doors, and what is missing. Pure.

Rates are parts of a million. 收费率 is what was received for a period of what was billed for it, 户收费率 the doors that
have paid all of it of those that were billed, 清缴率 what was recovered of older bills within the period of that and
what was still open at its end.
"""

from __future__ import annotations

from dataclasses import dataclass

from models.fees.rules import WHOLE


def _part(some: int, whole: int) -> int | None:
    """Return some of a whole in parts of a million, rounded down so that 100 % is all of it; None of nothing."""
    return some * WHOLE // whole if whole else None


@dataclass(frozen=True, slots=True)
class Tally:
    """What was billed for a period and what came of it; sums in fen."""

    billed_fen: int = 0
    received_fen: int = 0
    doors: int = 0
    doors_paid: int = 0
    recovered_fen: int = 0
    old_fen: int = 0

    @property
    def rate(self) -> int | None:
        """收费率 in parts of a million; None where nothing was billed."""
        return _part(self.received_fen, self.billed_fen)

    @property
    def household_rate(self) -> int | None:
        """户收费率 in parts of a million; None where nobody was billed."""
        return _part(self.doors_paid, self.doors)

    @property
    def clearance_rate(self) -> int | None:
        """清缴率 in parts of a million; None where nothing older was open."""
        return _part(self.recovered_fen, self.recovered_fen + self.old_fen)

    def missing(self, target_ppm: int) -> tuple[int, int]:
        """Return how much (fen) and how many doors are missing until both rates reach a target."""
        fen = -(-self.billed_fen * target_ppm // WHOLE) - self.received_fen
        doors = -(-self.doors * target_ppm // WHOLE) - self.doors_paid
        return max(fen, 0), max(doors, 0)
