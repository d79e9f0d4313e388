"""A receipt as text: for a telephone with names masked and no reason of a discount, which is nobody else's business."""

from __future__ import annotations

from dataclasses import replace
from datetime import tzinfo

from models.fees.money import capitals, yuan
from models.fees.queries_receipts import PrintedItem, ReceiptSheet
from models.text import mask_name
from tui.fee_sums import sum_lines, sum_text_short
from tui.fee_words import method_word
from tui.i18n import t
from tui.paper.markup import line
from tui.receipt_words import item_span, item_word, remark_text


def receipt_lines(sheet: ReceiptSheet, payee: str, zone: tzinfo, *, masked: bool = True) -> list[str]:
    """Return a receipt line by line; without `masked` whole, as it was printed."""
    receipt = sheet.line
    void = ""
    if receipt.voided_at is not None:
        at = f"{receipt.voided_at.astimezone(zone):%Y-%m-%d}"
        void = t("fee_receipt.void_at", at=at)
    told = [
        t("fee_receipt.text_title", payee=line(payee)),
        *([void] if void else []),
        _named("number", receipt.number),
        _named("door", receipt.door or t("fee_receipt.no_door")),
        _named("paid_at", f"{receipt.paid_at.astimezone(zone):%Y-%m-%d %H:%M}"),
    ]
    if receipt.payer:
        told.append(_named("payer", mask_name(receipt.payer) if masked else receipt.payer))
    for item in sheet.items:
        told += _item(item, masked=masked)
    told += [
        _named("total", yuan(receipt.amount_fen)),
        _named("capitals", capitals(receipt.amount_fen)),
        _named("method", method_word(receipt.method)),
    ]
    if receipt.collector:
        told.append(_named("collector", mask_name(receipt.collector) if masked else receipt.collector))
    return [*told, _named("digest", sheet.digest)]


def _named(name: str, value: str) -> str:
    return t("fee_receipt.named", name=t(f"fee_receipt.{name}"), value=line(value))


def _item(item: PrintedItem, *, masked: bool) -> list[str]:
    """Return what was paid, and beneath it how its bill came about."""
    if not item.item:
        return [_named("credit", yuan(item.fen))]
    sums = item.sums or {}
    name = " ".join(filter(None, (item_word(item), item_span(item))))
    told = [t("fee_receipt.named", name=line(name), value=yuan(item.fen))]
    told += [f"  {line(one)}" for one in ([sum_text_short(sums)] if masked else sum_lines(sums)) if one]
    remark = remark_text(replace(item, note="") if masked else item)
    return [*told, f"  {line(remark)}"] if remark else told
