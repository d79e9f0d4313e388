"""Receipts as rooms and papers see them: pages of them, one as it was printed, and what checking one finds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from pydantic_core import to_json
from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlmodel import Session

from models import crockford
from models.community.searching import Found, Throughout, chunks, contains, found_by, names_room
from models.community.tables import Person
from models.fees.receipt_code import ReceiptText, digest, parse_number, qr_text, verify_text
from models.fees.tables_money import Payment, Receipt
from models.operations.queries import zone_of
from models.tables import table_of
from models.text import normalise

_receipt, _payment, _person = table_of(Receipt), table_of(Payment), table_of(Person)
_AT_ONCE: Final = 500
_ORDER: Final = (_receipt.c.issued_at.desc(), _receipt.c.id.desc())
_LINE: Final = tuple(
    _receipt.c[name]
    for name in (
        *("id", "number", "payment_id", "household_id", "door", "payer", "collector", "method"),
        *("amount_fen", "paid_at", "issued_at", "words", "copies", "voided_at", "void_reason"),
    )
)


@dataclass(frozen=True, slots=True)
class ReceiptAsked:
    """What receipts are asked for: a text, days of payment from the first up to but not including the last, only void ones."""

    text: str = ""
    since: datetime | None = None
    until: datetime | None = None
    collector: str = ""
    void: bool = False


@dataclass(frozen=True, slots=True)
class ReceiptLine:
    """A receipt without what stands on it. `copies` is how often it was printed."""

    id: UUID
    number: str
    payment_id: UUID
    household_id: UUID | None
    door: str
    payer: str
    collector: str
    method: str
    amount_fen: int
    paid_at: datetime
    issued_at: datetime
    words: str
    copies: int
    voided_at: datetime | None
    void_reason: str


@dataclass(frozen=True, slots=True)
class PrintedItem:
    """A line of a receipt: what was paid now (`fen`) of what was billed for a span, and how that came. No item: credit."""

    fen: int
    item: str = ""
    since: date | None = None
    until: date | None = None
    billed_fen: int = 0
    discount_fen: int = 0
    left_fen: int = 0
    sums: Mapping[str, Any] | None = None
    note: str = ""

    @property
    def before_fen(self) -> int:
        """What of the bill had been paid before."""
        return max(0, self.billed_fen - self.discount_fen - self.fen - self.left_fen) if self.item else 0

    def told(self) -> tuple[str | int, ...]:
        """Return all of it as texts and whole numbers, for the digest."""
        days = ["" if day is None else day.isoformat() for day in (self.since, self.until)]
        sums = to_json(_in_order(self.sums or {})).decode()
        amounts = (self.fen, self.billed_fen, self.discount_fen, self.left_fen)
        return (self.item, *days, *amounts, sums, self.note)


@dataclass(frozen=True, slots=True)
class ReceiptSheet:
    """A receipt as it was printed, with the day of payment in the compound's zone and its digest."""

    line: ReceiptLine
    items: tuple[PrintedItem, ...]
    paid_on: date
    digest: str

    @property
    def qr(self) -> str:
        """What its QR code says."""
        line = self.line
        return qr_text(line.number, self.paid_on, line.amount_fen, line.door, self.digest)


class Part(NamedTuple):
    """A part of a receipt that was checked, as the paper and as the books say it; `code` is its name."""

    code: str
    said: str | int | date
    kept: str | int | date

    @property
    def agrees(self) -> bool:
        return self.said == self.kept


@dataclass(frozen=True, slots=True)
class Checked:
    """What checking a receipt against the books found. `sheet` is None where the books know no such number.

    A number alone is checked against its payment; the text of a QR code against the receipt, too. `twins` are how
    many more receipts bear the number; `reversed_on` is when its payment was taken back.
    """

    number: str
    sheet: ReceiptSheet | None = None
    parts: tuple[Part, ...] = ()
    twins: int = 0
    reversed_on: date | None = None

    @property
    def against_paper(self) -> bool:
        """Whether the text of a QR code was checked, rather than a number alone."""
        return any(part.code == "digest" for part in self.parts)

    @property
    def differing(self) -> tuple[Part, ...]:
        """The parts that do not agree."""
        return tuple(part for part in self.parts if not part.agrees)

    @property
    def holds(self) -> bool:
        """Whether it is known, agrees in every part, and is not void."""
        return self.sheet is not None and not self.differing and self.sheet.line.voided_at is None


# -- pages -----------------------------------------------------------------------------------


def count_receipts(session: Session, compound_id: UUID, asked: ReceiptAsked) -> int:
    """Count what `page_receipts` pages through."""
    statement = select(func.count()).select_from(_receipt).where(*_where(compound_id, asked))
    return int(session.connection().execute(statement).scalar_one())


def page_receipts(
    session: Session, compound_id: UUID, asked: ReceiptAsked, *, offset: int = 0, limit: int = 50
) -> tuple[ReceiptLine, ...]:
    """Return a page of receipts, the newest first."""
    statement = (
        select(*_LINE).where(*_where(compound_id, asked)).order_by(*_order(asked)).offset(offset).limit(limit)
    )
    return tuple(_line(row) for row in session.connection().execute(statement).mappings())


def find_receipts(session: Session, compound_id: UUID, asked: ReceiptAsked) -> Found:
    """Return the ids of what `page_receipts` pages through, in its order: a search looks once, not for each page."""
    statement: Select[Any] = select(_receipt.c.id).where(*_where(compound_id, asked)).order_by(*_order(asked))
    return found_by(session, _receipt.c.id, statement)


def receipts_by_id(session: Session, compound_id: UUID, ids: Sequence[UUID]) -> tuple[ReceiptLine, ...]:
    """Return the receipts with these ids, in their order."""
    found: dict[UUID, ReceiptLine] = {}
    for part in chunks(ids):
        statement = select(*_LINE).where(_receipt.c.compound_id == compound_id, _receipt.c.id.in_(part))
        found |= {row["id"]: _line(row) for row in session.connection().execute(statement).mappings()}
    return tuple(found[one] for one in ids if one in found)


def receipts_of_payment(session: Session, compound_id: UUID, payment_id: UUID) -> tuple[ReceiptLine, ...]:
    """Return the receipts of a payment, the oldest first: one that holds, and those that were made void."""
    statement = (
        select(*_LINE)
        .where(_receipt.c.compound_id == compound_id, _receipt.c.payment_id == payment_id)
        .order_by(Throughout(_receipt.c.issued_at), _receipt.c.id)
    )
    return tuple(_line(row) for row in session.connection().execute(statement).mappings())


def _order(asked: ReceiptAsked) -> tuple[Any, ...]:
    """Return the newest first. A number is looked up by itself: by their days SQLite would go through all there are."""
    if _number(asked.text) is None:
        return _ORDER
    return Throughout(_receipt.c.issued_at).desc(), _receipt.c.id.desc()


def _number(text: str) -> str | None:
    try:
        return parse_number(text)
    except ValueError:
        return None


def _where(compound_id: UUID, asked: ReceiptAsked) -> list[ColumnElement[bool]]:
    # Receipts are never archived: without asking for that, all of them are counted in an index.
    conditions = [_receipt.c.compound_id == compound_id]
    if asked.since is not None:
        conditions.append(_receipt.c.issued_at >= asked.since)
    if asked.until is not None:
        conditions.append(_receipt.c.issued_at < asked.until)
    if asked.collector:
        conditions.append(_receipt.c.collector == asked.collector)
    if asked.void:
        conditions.append(_receipt.c.voided_at.is_not(None))
    number = _number(asked.text)
    if number is not None:
        conditions.append(_receipt.c.number == number)
    else:
        conditions.extend(_holds(compound_id, word) for word in asked.text.split())
    return conditions


def _holds(compound_id: UUID, word: str) -> ColumnElement[bool]:
    """Tell whether a number, a door, a payer or a collector (by pinyin, too) holds a word; a door spelled out is that door."""
    room = names_room(_receipt.c.door, word)
    named = select(_person.c.name).where(
        _person.c.compound_id == compound_id, contains(Throughout(_person.c.search), word)
    )
    return or_(
        contains(func.lower(_receipt.c.door), word) if room is None else room,
        contains(func.lower(_receipt.c.number), word),
        *(
            contains(func.lower(name), word) | name.in_(named)
            for name in (_receipt.c.payer, _receipt.c.collector)
        ),
    )


def _line(row: Any) -> ReceiptLine:
    return ReceiptLine(**{name: row[name] for name in ReceiptLine.__dataclass_fields__})


# -- one receipt -----------------------------------------------------------------------------


def receipt_sheets(session: Session, compound_id: UUID, ids: Iterable[UUID]) -> tuple[ReceiptSheet, ...]:
    """Return receipts as they were printed, in the order asked for."""
    wanted, zone = list(dict.fromkeys(ids)), zone_of(session, compound_id)
    found: dict[UUID, ReceiptSheet] = {}
    for part in chunks(wanted):
        statement = select(*_LINE, _receipt.c.lines).where(
            _receipt.c.compound_id == compound_id, _receipt.c.id.in_(part)
        )
        for row in session.connection().execute(statement).mappings():
            found[row["id"]] = _sheet(row, zone)
    return tuple(found[one] for one in wanted if one in found)


def receipts_numbered(session: Session, compound_id: UUID, number: str) -> tuple[ReceiptSheet, ...]:
    """Return the receipts that bear a number, the oldest first: one, unless a copied store gave it twice."""
    statement = (
        select(*_LINE, _receipt.c.lines)
        .where(_receipt.c.compound_id == compound_id, _receipt.c.number == number)
        .order_by(Throughout(_receipt.c.issued_at), _receipt.c.id)
    )
    zone = zone_of(session, compound_id)
    return tuple(_sheet(row, zone) for row in session.connection().execute(statement).mappings())


def every_receipt(session: Session, compound_id: UUID) -> Iterator[ReceiptSheet]:
    """Yield every receipt as it was printed, in the order of the numbers."""
    statement = (
        select(*_LINE, _receipt.c.lines)
        .where(_receipt.c.compound_id == compound_id)
        .order_by(_receipt.c.number, _receipt.c.issued_at, _receipt.c.id)
        .execution_options(yield_per=_AT_ONCE)
    )
    zone = zone_of(session, compound_id)
    for row in session.connection().execute(statement).mappings():
        yield _sheet(row, zone)


def _sheet(row: Any, zone: ZoneInfo) -> ReceiptSheet:
    line = _line(row)
    items = tuple(_item(told) for told in row["lines"])
    paid_on = line.paid_at.astimezone(zone).date()
    made = digest(line.number, paid_on, line.amount_fen, line.door, [item.told() for item in items])
    return ReceiptSheet(line, items, paid_on, made)


def _item(told: Mapping[str, Any]) -> PrintedItem:
    return PrintedItem(
        fen=told["fen"],
        item=told.get("item", ""),
        since=None if told.get("since") is None else date.fromisoformat(told["since"]),
        until=None if told.get("until") is None else date.fromisoformat(told["until"]),
        billed_fen=told.get("billed_fen", 0),
        discount_fen=told.get("discount_fen", 0),
        left_fen=told.get("left_fen", 0),
        sums=told.get("sums") or {},
        note=told.get("note", ""),
    )


def _in_order(value: Any) -> Any:
    """Return plain JSON with its keys in one order, whatever database it came back from."""
    if isinstance(value, Mapping):
        return {key: _in_order(value[key]) for key in sorted(value)}
    return [_in_order(one) for one in value] if isinstance(value, list) else value


# -- checking one ----------------------------------------------------------------------------


def check_receipt(session: Session, compound_id: UUID, text: str) -> Checked:
    """Check the text of a QR code, or a number, against the books. Raises ValueError for a text that is neither.

    The code of that error is `receipt.text_unclear` or `receipt.number_unclear`.
    """
    # A text that was sent on or typed may be broken into lines, in full width, or in small letters.
    plain = "".join(normalise(text).split())
    if "/" not in plain:
        return _check(session, compound_id, parse_number(plain), None)
    mark, _, rest = plain.partition("/")
    try:
        said = verify_text(f"{mark.upper()}/{rest}")
    except ValueError as error:
        raise ValueError("receipt.text_unclear") from error
    return _check(session, compound_id, said.number, replace(said, digest=crockford.tidy(said.digest)))


def _check(session: Session, compound_id: UUID, number: str, said: ReceiptText | None) -> Checked:
    bearing = receipts_numbered(session, compound_id, number)
    if not bearing:
        return Checked(number)
    checked = [_against(session, compound_id, sheet, said) for sheet in bearing]
    best = min(checked, key=lambda one: len(one.differing))
    return Checked(number, best.sheet, best.parts, len(bearing) - 1, best.reversed_on)


def _against(session: Session, compound_id: UUID, sheet: ReceiptSheet, said: ReceiptText | None) -> Checked:
    """Compare a receipt with what a paper says, and with the payment it was written for."""
    line = sheet.line
    parts: list[Part] = []
    if said is not None:
        parts = [
            Part("paid_on", said.paid_on, sheet.paid_on),
            Part("amount", said.amount_fen, line.amount_fen),
            Part("door", said.door, line.door),
            Part("digest", said.digest, sheet.digest),
        ]
    parts.append(Part("lines_sum", sum(item.fen for item in sheet.items), line.amount_fen))
    statement = select(_payment.c.amount_fen, _payment.c.reversed_on).where(
        _payment.c.compound_id == compound_id, _payment.c.id == line.payment_id
    )
    paid = session.connection().execute(statement).first()
    if paid is not None:
        parts.append(Part("payment", line.amount_fen, paid.amount_fen))
    return Checked(line.number, sheet, tuple(parts), 0, None if paid is None else paid.reversed_on)
