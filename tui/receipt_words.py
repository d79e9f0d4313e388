"""Receipts in words: what stands on one, and what checking it found. Loads no Textual."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import tzinfo
from typing import Final

from models.fees.money import yuan
from models.fees.queries_receipts import Checked, Part, PrintedItem
from tui.fee_sums import is_late
from tui.fee_words import span_text
from tui.i18n import t

_MONEY: Final = frozenset({"amount", "lines_sum", "payment"})


def item_word(item: PrintedItem) -> str:
    """Return what was paid for; what is no bill's is credit."""
    if not item.item:
        return t("fee_receipt.credit")
    return t("fee_receipt.late_item", item=item.item) if is_late(item.sums or {}) else item.item


def item_span(item: PrintedItem) -> str:
    """Return the days that were paid for."""
    return "" if item.since is None or item.until is None else span_text(item.since, item.until)


def remark_text(item: PrintedItem) -> str:
    """Return what was paid before, what is still owed, and the bill's own note."""
    told = (
        t("fee_receipt.before", fen=yuan(item.before_fen)) if item.before_fen else "",
        t("fee_receipt.left", fen=yuan(item.left_fen)) if item.left_fen else "",
        item.note,
    )
    return " ".join(filter(None, told))


def part_word(part: Part) -> str:
    """Return what a part of a receipt is called."""
    return t(f"receipt.part.{part.code}")


def checked_lines(checked: Checked, zone: tzinfo) -> Iterator[str]:
    """Yield what was found, the verdict first: whether it holds, what differs and how, what else is to be known of it."""
    sheet = checked.sheet
    if sheet is None:
        yield t("receipt.unknown", number=checked.number)
        return
    yield t(verdict_key(checked), number=checked.number, count=len(checked.differing))
    for part in checked.parts:
        yield part_line(part)
    if not checked.against_paper:
        yield t("receipt.compare", digest=sheet.digest)
    elif [part.code for part in checked.differing] == ["digest"]:
        yield t("receipt.only_digest")
    line = sheet.line
    if line.voided_at is not None:
        at = f"{line.voided_at.astimezone(zone):%Y-%m-%d}"
        yield t("receipt.is_void", at=at, reason=line.void_reason)
    if checked.reversed_on is not None:
        yield t("receipt.is_reversed", day=checked.reversed_on.isoformat())
    if checked.twins:
        yield t("receipt.twins", count=checked.twins)


def verdict_key(checked: Checked) -> str:
    """Return the key of the sentence that says whether a receipt that is known holds."""
    if checked.differing:
        return "receipt.differs"
    return "receipt.holds" if checked.holds else "receipt.agrees_void"


def part_line(part: Part) -> str:
    """Return one part: that it agrees, or what is said and what the books hold."""
    said, kept = (_shown(part, value) for value in (part.said, part.kept))
    if part.agrees:
        return t("receipt.part_agrees", part=part_word(part), value=kept)
    return t("receipt.part_differs", part=part_word(part), said=said, kept=kept)


def _shown(part: Part, value: object) -> str:
    if part.code in _MONEY and isinstance(value, int):
        return yuan(value)
    return str(value) or "—"
