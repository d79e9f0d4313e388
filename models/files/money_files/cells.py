"""Cells that the bills have in common: amounts, times, order numbers and words."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Final

from models.fees.money import MoneyTextError, fen_of
from models.files import values
from models.files.columns import Cursor, Layout
from models.files.money_files.rows import CHINA, Direction
from models.files.money_files.states import DIRECTIONS, Settled, outcome_of, settled
from models.problems import Problem

#: What platforms write into a cell that has no value.
NOTHING: Final = frozenset({"", "/", "-", "--", "无", "\\"})
_LONGEST = 500
# A workbook's number is binary: 0.07 may stand there as 0.07000000000000001; merchants' bills write 0.60000.
_FINE = re.compile(r"[+-]?\d+\.\d{3,}")
_ROUNDED = re.compile(r"\d(?:\.\d*)?E\+?\d+", re.IGNORECASE)
_GLUED_TIME = re.compile(r"(\d{8})\s*(\d{2})(\d{2})(\d{2})")
_HAIR = Decimal("0.000001")
_FEN = Decimal("0.01")


def amount(text: str) -> int | Problem:
    """Return an amount in fen, negative when written so."""
    plain = text
    if _FINE.fullmatch(plain):
        written = Decimal(plain)
        near = written.quantize(_FEN, ROUND_HALF_UP)
        plain = str(near) if abs(written - near) < _HAIR else plain
    try:
        return fen_of(plain)
    except MoneyTextError:
        return values.bad("money.amount", text)


def fee(text: str) -> int:
    """Return what a platform keeps, in fen, rounded half up; it may be written to 1/100,000 yuan. Unclear is none."""
    try:
        written = Decimal(text.lstrip("¥").replace(",", ""))
        return int((written * 100).quantize(Decimal(1), ROUND_HALF_UP))
    except InvalidOperation:
        return 0


def moment(text: str) -> datetime | Problem:
    """Return a time as written, which is China's."""
    glued = _GLUED_TIME.fullmatch(text)
    when = values.moment(f"{glued[1]} {glued[2]}:{glued[3]}:{glued[4]}" if glued else text)
    return when if isinstance(when, Problem) else when.replace(tzinfo=CHINA)


def word(cursor: Cursor, name: str) -> str:
    """Return a cell's text, empty where the platform writes a sign for nothing."""
    text = cursor.text(name)
    return "" if text in NOTHING else text


def number(cursor: Cursor, name: str) -> str:
    """Return an order number; one that a spreadsheet program has rounded (`4.2E+27`) is none, and said so."""
    text = word(cursor, name).strip("'`\"")
    if _ROUNDED.fullmatch(text):
        cursor.report(values.bad("money.order_rounded", text), name)
        return ""
    return text if text.strip("0") else ""


def private(text: str) -> str:
    """Return what may be kept of somebody's words: without identity numbers, and not without end."""
    plain = values.without_identity_numbers(text) if values.has_identity_number(text) else text
    return plain[:_LONGEST]


def words(cursor: Cursor, names: Iterable[str]) -> str:
    """Return what several cells say, each thing once."""
    said = dict.fromkeys(word(cursor, name) for name in names)
    return private("; ".join(text for text in said if text))


@dataclass(frozen=True, slots=True)
class Sum:
    """The two cells without which nothing is a row of money."""

    at: datetime
    fen: int


def missing(cursor: Cursor, layout: Layout, names: tuple[str, ...]) -> None:
    """Report cells that are empty, unless a formula or an error stands there, which is reported already."""
    empty = tuple(name for name in names if not cursor.is_marked(name) and not cursor.text(name))
    if empty:
        cursor.report(Problem("money.missing", params=layout.named(empty)))


def sum_of(cursor: Cursor, layout: Layout, at: str, fen: str) -> Sum | None:
    """Return when and how much; None after saying what is wrong with either."""
    missing(cursor, layout, (at, fen))
    when, much = cursor.read(at, moment), cursor.read(fen, amount)
    return None if when is None or much is None else Sum(when, much)


def direction_of(cursor: Cursor) -> Direction | None:
    """Return what the platform itself says about the direction; None after saying that it says nothing known."""
    written = cursor.text("direction")
    found = DIRECTIONS.get(written)
    if found is None:
        cursor.report(values.bad("money.direction", written), "direction")
    return found


def settle(cursor: Cursor, direction: Direction, fen: int) -> Settled | None:
    """Return what became of the money by the row's state; None after saying what is wrong."""
    if fen < 0:
        cursor.report(values.bad("money.amount", cursor.text("fen")), "fen")
        return None
    if direction is Direction.NONE:
        return Settled(direction, fen)
    state = cursor.text("state")
    outcome = outcome_of(state)
    if outcome is None:
        cursor.report(values.bad("money.state", state), "state")
        return None
    found = settled(direction, fen, outcome)
    if found is None:
        cursor.report(values.bad("money.refund", state), "state")
    return found
