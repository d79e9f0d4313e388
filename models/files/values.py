"""Single cells: text in, a value or a `Problem` out. No money, no float arithmetic where a sum may follow.

Parsers take text that is not empty and know neither line nor column; whoever
calls them adds both.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import lru_cache
from typing import Concatenate, Final, ParamSpec, TypeVar

from models.problems import Problem

LONGEST_TEXT: Final = 5_000
SHOWN = 40
_SHORT = 12
# 18 digits since 1999, 15 before; either may be typed in groups.
_IDENTITY = re.compile(
    r"(?<!\d)(?:\d{17}[\dXx]|\d{6}[ -]?(?:18|19|20)\d\d[ -]?\d{4}[ -]?\d{3}[\dXx]|\d{15})(?!\d)"
)
_CONTROLS = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060\ufeff\ud800-\udfff]"
)
_NUMBER = re.compile(r"[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)?(?:\.\d*)?(?:E[+-]?\d{1,3})?", re.IGNORECASE)
_MILLIMETRES = {
    "": None, "mm": Decimal(1), "毫米": Decimal(1), "cm": Decimal(10), "厘米": Decimal(10), "公分": Decimal(10),
    "m": Decimal(1000), "米": Decimal(1000), "公尺": Decimal(1000),
}  # fmt: skip
_LENGTH = re.compile(
    r"(?:DN|[DΦφØø])?\s*(?P<number>[^a-z毫厘公米]*?(?:e[+-]?\d+)?)\s*(?P<unit>mm|cm|m|毫米|厘米|公分|公尺|米)?",
    re.IGNORECASE,
)
_AREA_UNIT = re.compile(r"\s*(?:m2|m\^2|平方米|平方公尺|平方|平米|平|㎡)\s*$", re.IGNORECASE)
_YES = frozenset({"是", "有", "1", "yes", "y", "true", "t", "√", "✓", "对"})
_NO = frozenset({"否", "无", "0", "no", "n", "false", "f", "×", "x", "没有", "没", "不是"})
_NONE_PHONES = frozenset({"18999999999", "无", "没有", "-", "/", "none", "n/a"})
_PHONE = re.compile(
    r"(?:1[3-9]\d{9}"  # mobile
    r"|0[1-9]\d{1,2}-?[2-8]\d{6,7}(?:(?:-|转|ext\.?)\d{1,6})?"  # landline with area code and extension
    r"|[2-8]\d{6,7}|[48]00-?\d{3}-?\d{4}|\+(?!86)\d{7,15})"
)
_DATE = re.compile(
    r"(?P<year>\d{4})(?:(?P<mark>[-/.年])(?P<month>\d{1,2})(?:(?P=mark)|月)(?P<day>\d{1,2})日?|(?P<md>\d{4}))"
    r"(?:[ T]*(?P<hour>\d{1,2})(?::|时|点)(?P<minute>\d{1,2})(?::(?P<second>\d{1,2})(?:\.\d+)?|分(?:(?P<zh>\d{1,2})秒)?)?)?"
)
_FIRST_SERIAL_DAY = datetime(1899, 12, 30)  # noqa: DTZ001 -- a spreadsheet's serial day has no zone
EARLIEST, LATEST = 1950, 2100


_P = ParamSpec("_P")
_T = TypeVar("_T")


def _remembering(parse: Callable[Concatenate[str, _P], _T]) -> Callable[Concatenate[str, _P], _T]:
    """Parse a short text once, for lists repeat themselves. Long texts may be identity numbers and are not kept."""
    remembered = lru_cache(maxsize=4096)(parse)

    def parsed(text: str, /, *args: _P.args, **kwargs: _P.kwargs) -> _T:
        if len(text) > _SHORT:
            return parse(text, *args, **kwargs)
        return remembered(text, *args, **kwargs)  # type: ignore[arg-type] # every option is hashable

    return parsed


def clean(text: str) -> str:
    """Text as written, without control characters and outer space; markup-like text is only text."""
    return text.strip() if text.isprintable() else _CONTROLS.sub("", text).strip()


def folded(text: str) -> str:
    """Cleaned and NFKC normalised: full-width digits and ideographic spaces become plain ones."""
    plain = clean(text)
    return plain if plain.isascii() else unicodedata.normalize("NFKC", plain).strip()


def has_identity_number(text: str) -> bool:
    if len(text) < 15:  # noqa: PLR2004 -- the shorter kind's length
        return False
    return _IDENTITY.search(unicodedata.normalize("NFKC", text)) is not None


def without_identity_numbers(text: str) -> str:
    return _IDENTITY.sub("", unicodedata.normalize("NFKC", text)).strip()


def shown(text: str) -> str:
    """What a problem may repeat of a cell: at most 40 characters, identity numbers blacked out."""
    plain = clean(text)[:LONGEST_TEXT]
    if has_identity_number(plain):
        plain = _IDENTITY.sub("…", unicodedata.normalize("NFKC", plain))
    return plain if len(plain) <= SHOWN else plain[: SHOWN - 1] + "…"


def bad(code: str, text: str) -> Problem:
    return Problem(code, params={"value": shown(text)})


def _decimal(text: str) -> Decimal | None:
    """A finite decimal of sane length; `1,234.50` is read, `1,2` and `0x10` are not."""
    plain = text.replace("，", ",").replace(" ", "")
    if len(plain) > SHOWN or not plain.isascii() or not _NUMBER.fullmatch(plain):
        return None
    try:
        number = Decimal(plain.replace(",", ""))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _within(number: Decimal, text: str, low: Decimal | int, high: Decimal | int) -> Problem | None:
    if low <= number <= high:
        return None
    if number < 0 and low >= 0:
        return bad("number.negative", text)
    return Problem(
        "number.out_of_range", params={"value": shown(text), "low": float(low), "high": float(high)}
    )


@_remembering
def whole_number(text: str, *, low: int, high: int) -> int | Problem:
    """An integer; a spreadsheet's `6.0` is 6, `6层` is 6, `6.5` is a problem."""
    number = _decimal(folded(text).rstrip("层楼元"))
    if number is None:
        return bad("number.invalid", text)
    if problem := _within(number, text, low, high):
        return problem
    return int(number) if number == int(number) else bad("number.invalid", text)


@_remembering
def area(text: str) -> int | Problem | None:
    """An area in 1/100 m2, rounded half up; 0 stands for an unknown area in exchanged lists, so it is None."""
    number = _decimal(_AREA_UNIT.sub("", folded(text)))
    if number is None:
        return bad("number.invalid", text)
    if problem := _within(number, text, 0, 100_000):
        return problem
    return int((number * 100).quantize(Decimal(1), ROUND_HALF_UP)) or None


@_remembering
def millimetres(text: str, *, unit: str, low: int, high: int) -> int | Problem:
    """A length in whole mm. A unit glued to the number wins over `unit`, what the column is written in."""
    found = _LENGTH.fullmatch(folded(text))
    number = _decimal(found["number"]) if found else None
    if found is None or number is None:
        return bad("number.invalid", text)
    factor = _MILLIMETRES[(found["unit"] or "").lower()] or _MILLIMETRES[unit] or Decimal(1)
    length = number * factor
    if problem := _within(length, text, low, high):
        return problem
    return int(length.quantize(Decimal(1), ROUND_HALF_UP))


def metres(text: str, *, unit: str, low: int, high: int) -> float | Problem:
    """A length or co-ordinate in m, to the millimetre; `low` and `high` are metres."""
    length = millimetres(text, unit=unit, low=low * 1000, high=high * 1000)
    return length if isinstance(length, Problem) else length / 1000


@_remembering
def flag(text: str) -> bool | Problem:
    """是/否, 有/无, 1/0, yes/no."""
    word = folded(text).casefold().removesuffix(".0")
    if word in _YES:
        return True
    return False if word in _NO else bad("flag.invalid", text)


def choice(text: str, words: Mapping[str, str]) -> str | Problem:
    """The code a word stands for; `words` is keyed by folded, lower-case text."""
    word = folded(text).casefold()
    found = words.get(word) or words.get(word.removesuffix(".0"))
    return bad("choice.unknown", text) if found is None else found


def phone(text: str) -> str | Problem | None:
    """Digits of a phone number; None for the prescribed dummies that mean there is none."""
    plain = folded(text).casefold().removesuffix(".0")
    if plain in _NONE_PHONES:
        return None
    digits = re.sub(r"[\s().·]|(?<=\d)-(?=\d{4}\b)|(?<=^\d{3})-", "", plain)
    digits = re.sub(r"^(?:\+|00)?86-?(?=1[3-9]\d{9}$|0\d{9,11}$)", "", digits)
    bare = re.sub(r"\D", "", digits)
    if not bare or (len(bare) >= 6 and len(set(bare)) == 1) or bare in _NONE_PHONES:  # noqa: PLR2004
        return None if bare else bad("phone.invalid", text)
    # An old 15-digit number, or 17 digits and a check letter, sits in the wrong column: say so without repeating it.
    if has_identity_number(digits) or len(bare) in {15, 17, 18}:
        return Problem("phone.identity_number")
    return digits if _PHONE.fullmatch(digits) else bad("phone.invalid", text)


def moment(text: str) -> datetime | Problem:
    """A local date and time without a zone: text in the usual spellings, or a spreadsheet's serial day."""
    plain = folded(text).replace("T", " ")
    serial = _decimal(plain) if re.fullmatch(r"\d{5}(?:\.\d+)?", plain) else None
    try:
        when = _written(plain) if serial is None else _serial(serial)
    except (ValueError, OverflowError):
        return bad("date.invalid", text)
    if when is None:
        return bad("date.invalid", text)
    return when if EARLIEST <= when.year <= LATEST else bad("date.out_of_range", text)


def _serial(days: Decimal) -> datetime:
    return _FIRST_SERIAL_DAY + timedelta(seconds=int((days * 86_400).quantize(Decimal(1), ROUND_HALF_UP)))


def _written(plain: str) -> datetime | None:
    found = _DATE.fullmatch(re.sub(r"\s*([-/.年月日:时点分])\s*", r"\1", plain).removesuffix(".0"))
    if not found or not plain.isprintable():
        return None
    month, day = (found["md"][:2], found["md"][2:]) if found["md"] else (found["month"], found["day"])
    on = date(int(found["year"]), int(month), int(day))
    return datetime.combine(
        on, time(int(found["hour"] or 0), int(found["minute"] or 0), int(found["second"] or found["zh"] or 0))
    )


def calendar_day(text: str) -> date | Problem:
    when = moment(text)
    return when if isinstance(when, Problem) else when.date()


def free_text(text: str) -> str | Problem:
    """A note as written; longer than 5,000 characters is a problem, not a truncation."""
    plain = clean(text)
    if len(plain) > LONGEST_TEXT:
        return Problem("text.too_long", params={"length": len(plain), "limit": LONGEST_TEXT})
    return plain
