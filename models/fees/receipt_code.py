"""A receipt's number, and the text of its QR code, by which anybody can check it without learning a name. Pure."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from urllib.parse import quote, unquote

from models import crockford
from models.fees.money import MoneyTextError, decimal_text, fen_of
from models.files.values import folded

SERIES_LENGTH: Final = 3
_LEAST_DIGITS: Final = 6
_MOST_DIGITS: Final = 9
_SHOWN: Final = 16
#: What the digest is made from may change; this says how this one was made.
_DIGEST_VERSION: Final = "1"
_MARK: Final = "LINLI1"
_TYPED = re.compile(
    rf"\s*(\w\w)[-\s]*(\w{{{SERIES_LENGTH}}})[-\s]*(\w{{1,{_MOST_DIGITS}}})\s*", re.IGNORECASE
)
_DASHES = re.compile(r"[‐‑‒–—―−_/.·]")  # NFKC leaves these as they are
#: What parts a QR text into its fields, or would let a door's code look like two of them.
_UNSAFE = re.compile(r"[%/\s\x00-\x20\x7f-\x9f]")


@dataclass(frozen=True, slots=True)
class ReceiptText:
    """What the QR code of a receipt says. Whether the digest is right, only the books can tell."""

    number: str
    paid_on: date
    amount_fen: int
    door: str
    digest: str


def series_from(randomness: bytes) -> str:
    """Return the series of a laptop's receipts: three letters and digits, of the low 15 bits of the bytes."""
    return crockford.spell(randomness, SERIES_LENGTH)


def number(year: int, series: str, n: int) -> str:
    """Return a receipt's number: `26-K7Q-000123`. Of the year the last two digits count."""
    return f"{year % 100:02d}-{series}-{n:0{_LEAST_DIGITS}d}"


def parse_number(text: str) -> str:
    """Return a receipt's number in its one spelling, from what somebody typed. Raises ValueError.

    Small letters, full width, blanks for dashes or none of them, O for 0 and missing zeros are read all the same.
    """
    found = _TYPED.fullmatch(_DASHES.sub("-", folded(text)))
    year, series, n = (crockford.tidy(part) for part in found.groups()) if found else ("", "", "")
    if not (
        len(year) == 2  # noqa: PLR2004 -- the year's last two digits
        and year.isdigit()
        and len(series) == SERIES_LENGTH
        and n.isdigit()
        and int(n)
        and found is not None
        and len(n) == len(found[3])
    ):
        raise ValueError("receipt.number_unclear")
    return number(int(year), series, int(n))


def digest(number: str, paid_on: date, amount_fen: int, door: str, lines: Sequence[Sequence[Any]]) -> str:
    """Return a short digest of a receipt: its number, day, amount, door's code, and lines of texts and whole numbers.

    80 bits of SHA-256 in Crockford's letters behind the digit of its version. It shows that a paper and the books say
    the same; it proves nothing to somebody who has not the books.
    """
    told = json.dumps(
        [_DIGEST_VERSION, number, paid_on.isoformat(), amount_fen, door, [list(line) for line in lines]],
        ensure_ascii=True,
        separators=(",", ":"),
    )
    hashed = hashlib.sha256(told.encode()).digest()
    return _DIGEST_VERSION + crockford.spell(hashed[:10], _SHOWN)


def qr_text(number: str, paid_on: date, amount_fen: int, door: str, digest: str) -> str:
    """Return what the QR code of a receipt says, legible on any telephone: `LINLI1/26-K7Q-000123/2026-11-22/...`."""
    shown = _UNSAFE.sub(lambda unsafe: quote(unsafe[0], safe=""), door)
    # quote() leaves no slash where it is told that none is safe.
    return "/".join((_MARK, number, paid_on.isoformat(), decimal_text(amount_fen, 2, least=2), shown, digest))


def verify_text(text: str) -> ReceiptText:
    """Return what a QR code's text says. Raises ValueError for a text that is none of ours."""
    parts = text.strip().split("/")
    if len(parts) != 6 or parts[0] != _MARK:  # noqa: PLR2004 -- as qr_text writes them
        raise ValueError("receipt.text_unclear")
    _, spelt, day, amount, door, digest = parts
    try:
        return ReceiptText(
            parse_number(spelt), date.fromisoformat(day), fen_of(amount), unquote(door), digest
        )
    except MoneyTextError as error:
        raise ValueError("receipt.text_unclear") from error
