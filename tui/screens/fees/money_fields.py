"""Fields in which money, unit prices and readings are typed, as people write them; read back exactly."""

from __future__ import annotations

from collections.abc import Callable

from models.fees.money import MoneyTextError, decimal_text, fen_of, price_of, price_text, yuan
from models.fees.rules import MOST_FEN, WHOLE
from models.problems import Problem
from tui.i18n import t
from tui.widgets.fields import Field, TextField, Value
from tui.words import problem_text

_MOST_PRICE = 100_000_000
_PERCENT = WHOLE // 100


def _checked(reads: Callable[[str], int], least: int, most: int) -> Callable[[Value], str | None]:
    """Return what says why a text is no number of that kind."""

    def check(text: Value) -> str | None:
        if not str(text or "").strip():
            return None
        try:
            number = reads(str(text))
        except MoneyTextError as error:
            return problem_text(Problem(error.code))
        if number < least:
            return problem_text(Problem("money.negative")) if number < 0 else t("fee.field.more_than_nothing")
        return None if number <= most else problem_text(Problem("money.too_large"))

    return check


def amount_field(
    name: str, label: str, fen: int | None = None, *, required: bool = True, hint: str = "", least: int = 1
) -> Field:
    """Ask for an amount in yuan."""
    return TextField(
        id=name,
        label=label,
        value="" if fen is None else yuan(fen),
        required=required,
        hint=hint or t("fee.field.yuan_hint"),
        check=_checked(fen_of, least, MOST_FEN),
        longest=40,
    )


def amount_typed(text: object) -> int | None:
    """Return the amount that was typed, in fen; None for nothing."""
    return fen_of(str(text)) if str(text or "").strip() else None


def price_field(name: str, label: str, price: int | None = None, *, hint: str = "") -> Field:
    """Ask for a unit price in yuan, down to 1/10,000."""
    return TextField(
        id=name,
        label=label,
        value="" if price is None else price_text(price),
        required=True,
        hint=hint,
        check=_checked(price_of, 0, _MOST_PRICE),
        longest=40,
    )


def reading_field(name: str, label: str, *, hint: str = "") -> Field:
    """Ask what a meter shows, with at most three decimals."""
    return TextField(
        id=name, label=label, required=True, hint=hint, check=_checked(reading_of, 0, 10**13), longest=40
    )


def reading_of(text: str) -> int:
    """Return a reading as written, in 1/1000 of the meter's unit. Raises MoneyTextError."""
    price = price_of(text)  # four decimals, of which a meter shows three
    if price % 10:
        raise MoneyTextError("money.too_fine")
    return price // 10


def percent_field(name: str, label: str, ppm: int, *, hint: str = "", required: bool = False) -> Field:
    """Ask for a rate in percent, down to two decimals."""
    return TextField(
        id=name,
        label=label,
        value=percent_text(ppm) if ppm else "",
        required=required,
        hint=hint,
        check=_checked(fen_of, 0, 100 * 100),
        longest=20,
    )


def percent_text(ppm: int) -> str:
    """Return a rate in percent without zeros that say nothing."""
    return decimal_text(ppm * 100 // _PERCENT, 2)


def percent_typed(text: object) -> int:
    """Return a rate that was typed in percent, in parts of a million; nothing is none."""
    return fen_of(str(text)) * _PERCENT // 100 if str(text or "").strip() else 0
