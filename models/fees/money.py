"""Money as text and back: fen are integers, prices 1/10,000 yuan, areas 1/100 m², readings 1/1000. Pure.

No float touches money. Where something must be rounded it is rounded once, half up by magnitude, so that what is
taken back is what was charged to the fen.
"""

from __future__ import annotations

import re
from typing import Final

from models.files.values import folded

#: A hundred thousand million yuan, in fen: nothing that a compound handles is larger.
MOST_FEN: Final = 10**13
_FEN_PLACES: Final = 2
_PRICE_PLACES: Final = 4
_AREA_PLACES: Final = 2
_READING_PLACES: Final = 3
_MOST_DIGITS: Final = 20

_AMOUNT = re.compile(
    r"(?P<sign>[-+]?)\s*(?:¥|RMB|CNY|人民币)?\s*(?P<inner>[-+]?)\s*"
    r"(?P<whole>\d{1,3}(?:[, ]\d{3})+|\d*)(?P<point>\.?)(?P<part>\d*)\s*(?:[元圆]整?)?",
    re.ASCII | re.IGNORECASE,
)
#: What an input method types for a minus sign and a decimal point; NFKC leaves them as they are.
_TYPED = str.maketrans({"−": "-", "–": "-", "—": "-", "。": "."})

_DIGITS: Final = "零壹贰叁肆伍陆柒捌玖"
_PLACES: Final = ("", "拾", "佰", "仟")
_GROUPS: Final = ("", "万", "亿")
_GROUP: Final = 10_000


class MoneyTextError(ValueError):
    """A text is no amount. `code`: money.unclear, money.too_fine, money.too_large or money.negative."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def fen_of(text: str) -> int:
    """Return an amount as written, in fen: `1,234.50`, `￥12`, `-3.5元`, full-width digits. Raises MoneyTextError."""
    return _scaled(text, _FEN_PLACES, MOST_FEN)


def price_of(text: str) -> int:
    """Return a unit price in yuan as written, in 1/10,000 yuan; never negative. Raises MoneyTextError."""
    price = _scaled(text, _PRICE_PLACES, MOST_FEN)
    if price < 0:
        raise MoneyTextError("money.negative")
    return price


def _scaled(text: str, places: int, most: int) -> int:
    """Return a decimal text times 10^places, exactly."""
    found = _AMOUNT.fullmatch(folded(text).translate(_TYPED))
    if found is None or not (found["whole"] or found["part"]) or (found["sign"] and found["inner"]):
        raise MoneyTextError("money.unclear")
    if len(found["part"]) > places:
        raise MoneyTextError("money.too_fine")
    digits = (re.sub(r"[, ]", "", found["whole"]) + found["part"].ljust(places, "0")).lstrip("0") or "0"
    # Python refuses to make a number of thousands of digits, with an error that has no code.
    if len(digits) > _MOST_DIGITS or int(digits) > most:
        raise MoneyTextError("money.too_large")
    return -int(digits) if "-" in found["sign"] + found["inner"] else int(digits)


def yuan(fen: int) -> str:
    """Return an amount in yuan as it stands on screen and paper: `1,234.50`."""
    whole, rest = divmod(abs(fen), 100)
    return f"{'-' if fen < 0 else ''}{whole:,}.{rest:02d}"


def decimal_text(number: int, places: int, *, least: int = 0) -> str:
    """Return number / 10^places without zeros that say nothing, but with `least` decimals (at most `places`)."""
    whole, rest = divmod(abs(number), 10**places)
    part = f"{rest:0{places}d}"
    part = part[:least] + part[least:].rstrip("0")
    return f"{'-' if number < 0 else ''}{whole}{'.' if part else ''}{part}"


def price_text(price: int) -> str:
    """Return a unit price (1/10,000 yuan) in yuan: `1.20`, `0.5283`."""
    return decimal_text(price, _PRICE_PLACES, least=2)


def area_text(area: int) -> str:
    """Return an area (1/100 m²) in m²: `89.5`."""
    return decimal_text(area, _AREA_PLACES)


def reading_text(reading: int) -> str:
    """Return a meter reading or a usage (1/1000 of its unit): `1234.567`."""
    return decimal_text(reading, _READING_PLACES)


def half_up(numerator: int, denominator: int) -> int:
    """Return a quotient as a whole number: halves go away from zero, so that a reversal mirrors its bill."""
    if denominator <= 0:
        raise ValueError("a quotient is asked of a positive denominator")
    rounded = (2 * abs(numerator) + denominator) // (2 * denominator)
    return -rounded if numerator < 0 else rounded


def capitals(fen: int) -> str:
    """Return an amount in the numerals that nobody can alter: `壹仟贰佰叁拾肆元伍角整`.

    As the 正确填写票据和结算凭证的基本规定 of 1997 asks: 零 for zeros within, 整 after yuan and jiao, none after fen.
    Where it leaves 零 to the writer (a zero right before yuan or 万), none is written.
    """
    if abs(fen) > MOST_FEN:
        raise ValueError("an amount beyond what is written in capitals")
    whole, cents = divmod(abs(fen), 100)
    jiao, last = divmod(cents, 10)
    text = f"{_whole_capitals(whole)}元" if whole else ""
    if jiao:
        text += f"{_DIGITS[jiao]}角"
    elif last and whole:
        text += _DIGITS[0]
    text = f"{text}{_DIGITS[last]}分" if last else f"{text or '零元'}整"
    return f"负{text}" if fen < 0 else text


def _whole_capitals(number: int) -> str:
    text, gap = "", False
    for place in reversed(range(len(_GROUPS))):
        group = number // _GROUP**place % _GROUP
        if not group:
            gap = bool(text)
            continue
        if text and (gap or group < _GROUP // 10):
            text += _DIGITS[0]
        text, gap = f"{text}{_group_capitals(group)}{_GROUPS[place]}", False
    return text


def _group_capitals(group: int) -> str:
    text, gap = "", False
    for place in reversed(range(len(_PLACES))):
        digit = group // 10**place % 10
        if not digit:
            gap = bool(text)
            continue
        text += f"{_DIGITS[0] if gap else ''}{_DIGITS[digit]}{_PLACES[place]}"
        gap = False
    return text
