"""Fields of a form as values, and how typed text is read. Pure; draws nothing."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import KW_ONLY, dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation

from tui.i18n import t
from tui.widgets.picker import Option
from tui.widgets.text import clean

Value = str | int | Decimal | date | bool | None
Reading = tuple[Value, str | None]
YES, NO = "yes", "no"
_LONGEST_NUMBER = 18


@dataclass(frozen=True, slots=True)
class Field:
    """A labelled field. `value` is its text to start with, `hint` stands beneath it.

    `check` gets the read value and returns what is wrong with it as a sentence,
    or None.
    """

    id: str
    label: str
    _: KW_ONLY
    value: str = ""
    required: bool = False
    hint: str = ""
    check: Callable[[Value], str | None] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TextField(Field):
    """Any text on one line; reads as str, empty as ''."""

    longest: int = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberField(Field):
    """Reads as int, or as Decimal if `decimals` is more than 0. Full-width digits are digits."""

    minimum: int | Decimal | None = None
    maximum: int | Decimal | None = None
    decimals: int = 0
    unit: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DateField(Field):
    """Reads as date from 2026-11-22, 2026/11/22, 2026.11.22, 20261122 or 2026年11月22日."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoiceField(Field):
    """One of at most nine options, taken by its digit; reads as the option's id."""

    options: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TicksField(Field):
    """Any of at most nine options, ticked by their digits; reads as the ticked ids in their order, commas between."""

    options: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class YesNoField(Field):
    """Reads as bool, or as None while unanswered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PickField(Field):
    """One of many options, found in a chooser; reads as the option's id or None."""

    options: Sequence[Option] = field(default=())


def read(made: Field, text: str) -> Reading:
    """Return the value of typed `text` and, if it will not do, why as a sentence."""
    text = text.strip()
    if not text:
        empty = "" if isinstance(made, TextField) else None
        return empty, t("form.required") if made.required else None
    value, wrong = _read_text(made, text)
    if wrong is None and made.check is not None:
        wrong = made.check(value)
    return value, wrong


def _read_text(made: Field, text: str) -> Reading:
    match made:
        case NumberField():
            return _read_number(made, text)
        case DateField():
            return _read_date(text)
        case YesNoField():
            return text == YES, None
        case TextField() if len(text) > made.longest:
            return text, t("form.too_long", n=made.longest)
        case _:
            return clean(text, lines=True), None


def _read_number(made: NumberField, text: str) -> Reading:
    plain_digits = unicodedata.normalize("NFKC", text).replace(" ", "").replace(",", "").replace("。", ".")
    if made.unit and plain_digits.endswith(made.unit):
        plain_digits = plain_digits.removesuffix(made.unit)
    if not re.fullmatch(r"[+-]?\d+(\.\d+)?", plain_digits) or len(plain_digits) > _LONGEST_NUMBER:
        return None, t("form.not_a_number")
    try:
        number = Decimal(plain_digits)
    except InvalidOperation:
        return None, t("form.not_a_number")
    if number != round(number, made.decimals):
        return None, t("form.whole_number") if not made.decimals else t("form.decimals", n=made.decimals)
    if made.minimum is not None and number < made.minimum:
        return None, t("form.too_small", least=made.minimum)
    if made.maximum is not None and number > made.maximum:
        return None, t("form.too_large", most=made.maximum)
    return (number if made.decimals else int(number)), None


def _read_date(text: str) -> Reading:
    digits = unicodedata.normalize("NFKC", text)
    found = re.fullmatch(r"(\d{4})\D{0,3}(\d{1,2})\D{0,3}(\d{1,2})\s*日?", digits)
    if found is None:
        return None, t("form.not_a_date")
    try:
        return date(*(int(part) for part in found.groups())), None
    except ValueError:
        return None, t("form.no_such_day")
