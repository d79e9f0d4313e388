"""What a household is charged by a tariff. Pure.

A tariff's rules are versions of it, each in force over a span. The rule in force on a month's first day counts for
that month, so a change within a period splits it by months. Readings and shares of a cost are of the whole period and
follow the first rule in force in it. The exact sums are fractions of whole numbers: the gross is rounded once, half
up, at its end, and so is all that is taken off.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import groupby
from typing import Final, NamedTuple
from uuid import UUID

from models.fees.derivation import ONCE, SHARED, Charge, Formula, Less, Part, Reading, parts_of
from models.fees.money import half_up
from models.fees.periods import Period, months_in
from models.fees.sharing import Share

#: What tariffs speak of, beside what stands here.
__all__ = ["Charge", "Discount", "Formula", "Less", "Part", "Reading", "Rule", "charge", "parts_of"]

#: Rates are parts of this.
WHOLE_PPM: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Rule:
    """One version of a tariff. Prices are 1/10,000 yuan per m², household or space and month, or per unit metered."""

    tariff_id: UUID
    version: int
    formula: Formula
    price: int
    since: date
    until: date | None = None
    prepay_months: int = 0
    prepay_ppm: int = 0
    late_ppm: int = 0
    late_grace_days: int = 0
    late_cap_ppm: int = 300_000

    def holds_on(self, day: date) -> bool:
        """Tell whether it is in force on a day."""
        return self.since <= day and (self.until is None or day < self.until)


@dataclass(frozen=True, slots=True)
class Discount:
    """What a household is let off in each month that begins in a span: `ppm` of the charge, `fen` a month, or both."""

    id: UUID
    since: date
    until: date | None = None
    ppm: int = 0
    fen: int = 0
    words: str = ""

    def holds_on(self, day: date) -> bool:
        """Tell whether it counts for a month that begins on a day."""
        return self.since <= day and (self.until is None or day < self.until)


class _Turn(NamedTuple):
    """A month, or the whole of what is charged once: its first day, and what it comes to."""

    first: date
    gross: Fraction


def charge(
    rules: Sequence[Rule],
    period: Period,
    *,
    quantity: int | None = None,
    readings: Sequence[Reading] = (),
    share: Share | None = None,
    spaces: int | None = None,
    discounts: Sequence[Discount] = (),
    prepaid: bool = False,
) -> Charge:
    """Return what one tariff comes to for one household and period.

    `rules` are versions of that tariff in any order; of two in force at once the later version counts. `quantity` is
    the area that the formula asks for. Discounts are each taken from the whole charge, never more than is left of a
    month; the one for prepayment, of a period of at least `prepay_months`, from what is left after them. Raises
    ValueError where something that the formula asks for is missing or below 0, where formulas by the month and for
    the whole period meet in one, and for a charge by the month of a period that is not whole months.
    """
    turns = [month.first for month in months_in(period)] if period.is_whole_months else [period.first]
    ruled = [(first, _in_force(rules, first)) for first in turns]
    held = [(first, rule) for first, rule in ruled if rule is not None]
    kinds = {rule.formula in ONCE for _, rule in held}
    if len(kinds) > 1:
        raise ValueError("a formula by the month and one for the whole period do not mix")
    if True in kinds:
        parts = tuple(_parts_once(held[0][1], period, readings, share))
        whole = sum((part.exact for part in parts), Fraction())
        grosses = [_Turn(first, whole / len(turns)) for first in turns]
        gaps: tuple[date, ...] = ()
    else:
        parts = tuple(_parts_by_month(held, period, quantity, spaces))
        monthly = {(part.tariff_id, part.version): part.exact / part.months for part in parts}
        grosses = [_Turn(first, monthly[rule.tariff_id, rule.version]) for first, rule in held]
        gaps = tuple(first for first, rule in ruled if rule is None)
    first_rule = held[0][1] if held else None
    early = first_rule if prepaid and first_rule is not None and _is_prepaid(first_rule, len(turns)) else None
    less = _taken_off(grosses, discounts, early.prepay_ppm if early else 0)
    gross_fen = _rounded(sum((turn.gross for turn in grosses), Fraction()))
    discount_fen = sum(each.fen for each in less)
    return Charge(gross_fen, discount_fen, gross_fen - discount_fen, parts, less, gaps)


def _in_force(rules: Sequence[Rule], day: date) -> Rule | None:
    return max((rule for rule in rules if rule.holds_on(day)), key=lambda rule: rule.version, default=None)


def _is_prepaid(rule: Rule, months: int) -> bool:
    return rule.prepay_ppm > 0 and 0 < rule.prepay_months <= months


def _parts_by_month(
    held: Sequence[tuple[date, Rule]], period: Period, quantity: int | None, spaces: int | None
) -> Iterator[Part]:
    """Yield a line for each version; months of it that are torn apart by a gap are counted together."""
    if held and not period.is_whole_months:
        raise ValueError("a charge by the month is of whole months")
    ends = {month.first: month.end for month in months_in(period)} if held else {}
    of_version = sorted(held, key=lambda turn: (turn[1].version, turn[0]))
    grouped = [
        list(turns) for _, turns in groupby(of_version, key=lambda turn: (turn[1].tariff_id, turn[1].version))
    ]
    for turns in sorted(grouped, key=lambda turns: turns[0][0]):
        rule = turns[0][1]
        counted = {Formula.FIXED: 1, Formula.PARKING: spaces}.get(rule.formula, quantity)
        if counted is None or counted < 0:
            raise ValueError(f"the formula {rule.formula} asks for a quantity")
        yield Part(
            rule.formula, rule.tariff_id, rule.version, turns[0][0], ends[turns[-1][0]],
            counted, rule.price, len(turns),
        )  # fmt: skip


def _parts_once(
    rule: Rule, period: Period, readings: Sequence[Reading], share: Share | None
) -> Iterator[Part]:
    line = (rule.formula, rule.tariff_id, rule.version, period.first, period.end)
    if rule.formula in SHARED:
        if share is None or share.fen < 0:
            raise ValueError(f"the formula {rule.formula} asks for a share")
        yield Part(*line, share.fen, share=share)
        return
    if not readings or any(reading.after < reading.before for reading in readings):
        raise ValueError("a meter's charge asks for readings that do not fall")
    for reading in readings:
        yield Part(*line, reading.after - reading.before, rule.price, reading=Reading(*reading))


def _taken_off(turns: Sequence[_Turn], discounts: Sequence[Discount], early_ppm: int) -> tuple[Less, ...]:
    """Return what is taken off for each reason. The lines are rounded so that their sum is rounded once."""
    left = [turn.gross for turn in turns]
    lines: list[Less] = []
    taken, told = Fraction(), 0

    def take(wanted: Mapping[int, Fraction]) -> int:
        nonlocal taken, told
        for place, fen in wanted.items():
            less = min(fen, left[place])
            left[place] -= less
            taken += less
        before, told = told, _rounded(taken)
        return told - before

    for discount in discounts:
        wanted = {
            place: turn.gross * discount.ppm / WHOLE_PPM + discount.fen
            for place, turn in enumerate(turns)
            if discount.holds_on(turn.first)
        }
        if wanted:
            fen = take(wanted)
            lines.append(Less(fen, len(wanted), discount.id, discount.ppm, discount.fen, discount.words))
    if early_ppm:
        fen = take({place: rest * early_ppm / WHOLE_PPM for place, rest in enumerate(left)})
        lines.append(Less(fen, len(turns), ppm=early_ppm))
    return tuple(lines)


def _rounded(exact: Fraction) -> int:
    return half_up(exact.numerator, exact.denominator)
