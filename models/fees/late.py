"""The charge for paying late (违约金): off unless a rule has a rate, after grace, and capped. Pure.

Principal x daily rate x days after grace, rounded once, half up. The cap is of the principal that was late: courts cut
what exceeds the loss by 30 % (a secondary source), so that is what a rule has unless it says otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from operator import itemgetter
from typing import Any, NamedTuple

from models.fees.money import half_up
from models.fees.tariffs import WHOLE_PPM, Rule


class Stretch(NamedTuple):
    """Days from `since` up to but not including `until` over which one principal was outstanding."""

    since: date
    until: date
    principal_fen: int

    @property
    def days(self) -> int:
        """How many days it lasted."""
        return (self.until - self.since).days


@dataclass(frozen=True, slots=True)
class LateCharge:
    """What is charged now for paying late, and how it comes about.

    `earned_fen` is what all stretches come to, `cap_fen` the most that may be charged in all, `already_fen` what was
    charged before; `amount_fen`, never below 0, is what the lesser of the first two exceeds the third by.
    """

    amount_fen: int
    days: int
    principal_fen: int
    ppm: int
    earned_fen: int = 0
    cap_fen: int = 0
    already_fen: int = 0
    stretches: tuple[Stretch, ...] = ()

    @property
    def is_capped(self) -> bool:
        """Whether more days would cost nothing more."""
        return self.earned_fen > self.cap_fen

    def sums(self) -> dict[str, Any]:
        """Return the derivation as plain JSON of whole numbers and texts, for the bill to keep."""
        return {
            "v": 1,
            "amount": self.amount_fen,
            "days": self.days,
            "principal": self.principal_fen,
            "ppm": self.ppm,
            "earned": self.earned_fen,
            "cap": self.cap_fen,
            "already": self.already_fen,
            "stretches": [
                [one.since.isoformat(), one.until.isoformat(), one.principal_fen] for one in self.stretches
            ],
        }


def late_charge(
    rule: Rule, steps: Sequence[tuple[date, int]], *, due_on: date, today: date, already_fen: int = 0
) -> LateCharge:
    """Return what a bill is charged for paying late up to today.

    `steps` say from which day on how much of the bill was outstanding, in fen. What is paid one day after grace has
    run out was late for one day: the days counted lie between the last day of grace and today. Charging again, with
    what was `already` charged, comes to the same in all as charging once; what was charged by mistake is not given
    back here.
    """
    since = due_on + timedelta(days=rule.late_grace_days)
    stretches = _stretches(sorted(steps, key=itemgetter(0)), since, today)
    if not rule.late_ppm or not stretches:
        return LateCharge(0, 0, 0, rule.late_ppm, already_fen=already_fen)
    principal = stretches[0].principal_fen
    earned = half_up(sum(one.principal_fen * one.days for one in stretches) * rule.late_ppm, WHOLE_PPM)
    # Rounded down: a cap that is exceeded by half a fen is exceeded.
    cap = principal * rule.late_cap_ppm // WHOLE_PPM
    return LateCharge(
        max(0, min(earned, cap) - already_fen),
        sum(one.days for one in stretches),
        principal,
        rule.late_ppm,
        earned,
        cap,
        already_fen,
        stretches,
    )


def _stretches(steps: Sequence[tuple[date, int]], since: date, until: date) -> tuple[Stretch, ...]:
    """Return what was outstanding between two days, as stretches of one principal each; of a day's steps the last counts."""
    last = (date.max, 0)
    return tuple(
        Stretch(max(day, since), min(next_day, until), fen)
        for (day, fen), (next_day, _) in pairwise([*steps, last])
        if fen > 0 and max(day, since) < min(next_day, until)
    )


def late_charge_of(sums: Mapping[str, Any]) -> LateCharge:
    """Return the late charge that a bill keeps as JSON: the opposite of `LateCharge.sums`."""
    return LateCharge(
        sums["amount"],
        sums["days"],
        sums["principal"],
        sums["ppm"],
        sums["earned"],
        sums["cap"],
        sums["already"],
        tuple(
            Stretch(date.fromisoformat(since), date.fromisoformat(until), fen)
            for since, until, fen in sums["stretches"]
        ),
    )
