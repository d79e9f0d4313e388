"""How an amount came about, kept with it: lines of quantity x price x months, and what was taken off. Pure.

A bill keeps this as plain JSON, so a receipt can derive each fen years after the tariff has changed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Any, Final, NamedTuple
from uuid import UUID

from models.fees.sharing import Share


class Formula(StrEnum):
    """How a charge comes about."""

    AREA = "area"
    INDOOR_AREA = "indoor_area"
    FIXED = "fixed"
    METER = "meter"
    SHARED_AREA = "shared_area"
    SHARED_HOUSEHOLD = "shared_household"
    SHARED_WEIGHT = "shared_weight"
    PARKING = "parking"


SHARED: Final = frozenset({Formula.SHARED_AREA, Formula.SHARED_HOUSEHOLD, Formula.SHARED_WEIGHT})
#: Charged once for the whole period; the others by the month.
ONCE: Final = SHARED | {Formula.METER}
_UNITS: Final = {
    Formula.AREA: "m2",
    Formula.INDOOR_AREA: "m2",
    Formula.FIXED: "household",
    Formula.METER: "reading",
    Formula.PARKING: "space",
}
#: By how much quantity x price (1/10,000 yuan) is more than fen, by unit.
_PER_FEN: Final = {"m2": 10_000, "household": 100, "reading": 100_000, "space": 100}


class Reading(NamedTuple):
    """What a meter said before and after, in 1/1000 of its unit. A meter that was replaced gives two of them."""

    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Part:
    """One line of a charge: quantity x price x months, under one version of a tariff, over [first, end).

    `quantity` is in 1/100 m², households, spaces or 1/1000 of what a meter counts; of a shared cost it is the share
    in fen, with no price. `months` is 0 where months do not count.
    """

    formula: Formula
    tariff_id: UUID
    version: int
    first: date
    end: date
    quantity: int
    price: int = 0
    months: int = 0
    reading: Reading | None = None
    share: Share | None = None

    @property
    def unit(self) -> str:
        """The code of what the quantity counts: m2, household, space, reading or share."""
        return _UNITS.get(self.formula, "share")

    @property
    def exact(self) -> Fraction:
        """What the line comes to in fen, before anything is rounded."""
        if self.share is not None:
            return Fraction(self.quantity)
        return Fraction(self.quantity * self.price * (self.months or 1), _PER_FEN[self.unit])


@dataclass(frozen=True, slots=True)
class Less:
    """What was taken off for one reason, over so many months; `discount_id` is None of the prepayment's discount."""

    fen: int
    months: int
    discount_id: UUID | None = None
    ppm: int = 0
    monthly_fen: int = 0
    words: str = ""


@dataclass(frozen=True, slots=True)
class Charge:
    """What a household owes of one tariff for a period, and how it comes about.

    `gross_fen - discount_fen = amount_fen`, which is never below 0; `discount_fen` is the sum of `discounts`. In a
    month of `gaps` no rule was in force: nothing was charged for it.
    """

    gross_fen: int
    discount_fen: int
    amount_fen: int
    parts: tuple[Part, ...]
    discounts: tuple[Less, ...] = ()
    gaps: tuple[date, ...] = ()

    def sums(self) -> dict[str, Any]:
        """Return the derivation as plain JSON of whole numbers and texts, for the bill to keep."""
        return {
            "v": 1,
            "gross": self.gross_fen,
            "discount": self.discount_fen,
            "amount": self.amount_fen,
            "parts": [_part_json(part) for part in self.parts],
            "less": [_less_json(less) for less in self.discounts],
            "gaps": [day.isoformat() for day in self.gaps],
        }


def _part_json(part: Part) -> dict[str, Any]:
    told: dict[str, Any] = {
        "formula": str(part.formula),
        "tariff": str(part.tariff_id),
        "version": part.version,
        "first": part.first.isoformat(),
        "end": part.end.isoformat(),
        "quantity": part.quantity,
        "price": part.price,
        "months": part.months,
    }
    if part.reading is not None:
        told["reading"] = list(part.reading)
    if part.share is not None:
        told["share"] = [part.share.cost_fen, part.share.weight, part.share.total_weight]
    return told


def _less_json(less: Less) -> dict[str, Any]:
    return {
        "fen": less.fen,
        "months": less.months,
        "discount": None if less.discount_id is None else str(less.discount_id),
        "ppm": less.ppm,
        "monthly": less.monthly_fen,
        "words": less.words,
    }


def parts_of(sums: Mapping[str, Any]) -> tuple[Part, ...]:
    """Return the lines that a bill keeps as JSON."""
    return tuple(
        Part(
            Formula(told["formula"]),
            UUID(told["tariff"]),
            told["version"],
            date.fromisoformat(told["first"]),
            date.fromisoformat(told["end"]),
            told["quantity"],
            told["price"],
            told["months"],
            Reading(*told["reading"]) if "reading" in told else None,
            Share(told["quantity"], *told["share"]) if "share" in told else None,
        )
        for told in sums["parts"]
    )


def charge_of(sums: Mapping[str, Any]) -> Charge:
    """Return the charge that a bill keeps as JSON: the opposite of `Charge.sums`."""
    return Charge(
        sums["gross"],
        sums["discount"],
        sums["amount"],
        parts_of(sums),
        tuple(
            Less(
                told["fen"],
                told["months"],
                None if told["discount"] is None else UUID(told["discount"]),
                told["ppm"],
                told["monthly"],
                told["words"],
            )
            for told in sums["less"]
        ),
        tuple(date.fromisoformat(day) for day in sums["gaps"]),
    )
