"""Receipts on paper: three to a sheet of A4, one that has more lines on sheets of its own. Each fen is derived line by line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from math import ceil
from typing import Final

from models.fees.money import capitals, yuan
from models.fees.queries_receipts import PrintedItem, ReceiptSheet
from tui.fee_sums import sum_lines, unit_texts
from tui.fee_words import method_word
from tui.i18n import t
from tui.paper.glyphs import width_of
from tui.paper.markup import Markup, joined, line, tag
from tui.paper.page import Sheet, page
from tui.paper.qr import qr_code
from tui.receipt_words import item_span, item_word, remark_text

_SHEET: Final = Sheet(210.0, 297.0, 7.0)
PER_SHEET: Final = 3
#: What a third of the sheet has for the lines of the table, in mm, and what these take at least.
_ROOM_MM: Final = 50.0
_ROW_MM, _HOW_MM = 4.3, 3.2
#: How wide a line may be before it is broken, in its letters' own size: what derives an amount, and in each column.
_HOW_WIDTH: Final = 68.0
_ITEM_WIDTH, _UNIT_WIDTH, _REMARK_WIDTH = 8.9, 9.6, 9.6
_COLUMNS: Final = (14, 14, 15, 13, 10, 9, 10, 15)
STYLE: Final = """
@page{@bottom-left{content:none}@bottom-right{content:none}}
.three{break-after:page}
.three:last-child{break-after:auto}
.slip{position:relative;font-size:8.5pt;line-height:1.3;padding:1mm 1mm 0;display:flex;flex-direction:column}
.three .slip{min-height:94mm;padding:2mm 1mm 1.5mm;break-inside:avoid}
.three .slip:not(:first-child),.long+section .slip:first-child{border-top:.25mm dashed #777}
.long .slip{min-height:94mm}
.top{display:flex;justify-content:space-between;align-items:baseline}
.top h1{font-size:13pt;letter-spacing:1mm}
.top .payee{flex:1;overflow:hidden;white-space:nowrap;text-overflow:ellipsis;color:#333}
.top .no{flex:1;text-align:right;white-space:nowrap}
.top .no b{font:bold 11pt "DejaVu Sans Mono","Consolas",monospace}
.meta{display:flex;justify-content:space-between;gap:4mm;margin:.6mm 0 1mm;white-space:nowrap}
.meta span,.ends span{overflow:hidden;text-overflow:ellipsis;min-width:0}
.meta i,.ends i{font-style:normal;color:#555}
.slip table{font-size:8pt;line-height:1.25;table-layout:fixed}
.slip th,.slip td{padding:.4mm 1mm}
.slip tbody{break-inside:avoid}
.slip th{text-align:center}
.slip td.n{white-space:normal}
tr.how td{border-top:0;color:#333;font-size:7.5pt;padding-top:0}
tr.item.derived td{border-bottom:0}
.how div:not(:first-child){margin-top:.1mm}
.bottom{display:flex;margin-top:auto;padding-top:1mm;align-items:flex-end;gap:3mm}
.ends{flex:1;min-width:0}
.ends div{display:flex;gap:6mm;margin-top:.6mm;white-space:nowrap}
.ends .sum{font-size:10pt}
.ends .sum b{font-size:11pt}
.ends .sign span{flex:1;border-bottom:.2mm solid #777}
.ends .small{font-size:7pt;color:#555}
.qr{width:23mm;height:23mm;flex:none}
.copy{border:.4mm solid #111;padding:0 1.5mm;font-weight:bold;margin-left:2mm;font-size:9pt;letter-spacing:0}
.cross{position:absolute;inset:0;width:100%;height:100%}
.voided{position:absolute;left:0;right:0;top:38%;text-align:center;color:#c00018;font-weight:bold}
.voided b{font-size:26pt;letter-spacing:8mm;border:.8mm solid #c00018;padding:0 4mm 0 10mm;background:#fff}
.voided div{font-size:9pt;background:#fff;display:inline-block;padding:0 2mm;margin-top:1.5mm}
"""


@dataclass(frozen=True, slots=True)
class Slip:
    """A receipt for paper: who the owners were on the day, and which copy it is (0 for what is printed first)."""

    sheet: ReceiptSheet
    owner: str = ""
    copy: int = 0


@dataclass(frozen=True, slots=True)
class Payee:
    """Whose receipts these are: the compound, who the money is paid to, and the first of its own words for print."""

    compound: str
    name: str = ""
    above: str = ""
    zone: tzinfo | None = None


def receipts_page(slips: Sequence[Slip], payee: Payee) -> str:
    """Return receipts as a page, in their order: three to a sheet, and those with many lines on sheets of their own."""
    sheets = [
        tag("section", *(_slip(one, payee) for one in part), class_="long" if _is_long(part[0]) else "three")
        for part in _sheets(slips)
    ]
    return page(title_of([slip.sheet for slip in slips]), *sheets, sheet=_SHEET, style=STYLE)


def title_of(receipts: Sequence[ReceiptSheet]) -> str:
    """Return what a page of receipts is called: the first number, and how many there are."""
    first = receipts[0].line.number if receipts else ""
    key = "fee_receipt.page_one" if len(receipts) == 1 else "fee_receipt.page_more"
    return t(key, number=first, count=len(receipts))


def _sheets(slips: Sequence[Slip]) -> Iterator[list[Slip]]:
    part: list[Slip] = []
    for one in slips:
        if part and (len(part) == PER_SHEET or _is_long(one)):
            yield part
            part = []
        part.append(one)
        if _is_long(one):
            yield part
            part = []
    if part:
        yield part


def _is_long(slip: Slip) -> bool:
    """Tell whether a receipt has more lines than a third of a sheet takes."""
    words = _ROW_MM if line(slip.sheet.line.words) else 0.0
    return words + sum(_height(item) for item in slip.sheet.items) > _ROOM_MM


def _height(item: PrintedItem) -> float:
    sums = item.sums or {}
    how = sum(ceil(width_of(one) / _HOW_WIDTH) for one in sum_lines(sums))
    cells = (
        (item_word(item), _ITEM_WIDTH),
        (remark_text(item), _REMARK_WIDTH),
        *((text, _UNIT_WIDTH) for text in unit_texts(sums)),
    )
    rows = max(ceil(width_of(text) / room) for text, room in cells) or 1
    return _ROW_MM + (rows - 1) * _HOW_MM + how * _HOW_MM


# -- one receipt -----------------------------------------------------------------------------


def _slip(slip: Slip, payee: Payee) -> Markup:
    parts = [_top(slip, payee), _meta(slip, payee), _table(slip.sheet), _bottom(slip)]
    if slip.sheet.line.voided_at is not None:
        parts += _crossed(slip, payee)
    return tag("article", *parts, class_="slip")


def _top(slip: Slip, payee: Payee) -> Markup:
    mark = tag("span", t("fee_receipt.copy", n=slip.copy), class_="copy") if slip.copy else joined()
    return tag(
        "div",
        tag("div", payee.name or payee.above or payee.compound, class_="payee"),
        tag("h1", t("fee_receipt.title"), mark),
        tag("div", t("fee_receipt.number"), " ", tag("b", slip.sheet.line.number), class_="no"),
        class_="top",
    )


def _meta(slip: Slip, payee: Payee) -> Markup:
    receipt = slip.sheet.line
    told = (
        ("owner", slip.owner or receipt.payer),
        ("door", " ".join(filter(None, (payee.compound, receipt.door)))),
        ("payer", receipt.payer if slip.owner and receipt.payer != slip.owner else ""),
        ("paid_at", f"{receipt.paid_at.astimezone(payee.zone):%Y-%m-%d %H:%M}"),
    )
    return tag("div", *(_named(name, value) for name, value in told if value), class_="meta")


def _named(name: str, value: str) -> Markup:
    return tag("span", tag("i", t(f"fee_receipt.{name}")), " ", line(value))


def _table(sheet: ReceiptSheet) -> Markup:
    names = ("item", "span", "price", "quantity", "billed", "discount", "paid", "remark")
    head = tag("tr", *(tag("th", t(f"fee_receipt.{name}"), scope="col") for name in names))
    columns = (tag("col", width=f"{width}%") for width in _COLUMNS)
    return tag(
        "table",
        tag("colgroup", *columns),
        tag("thead", head),
        *(tag("tbody", *_rows(item)) for item in sheet.items),
    )


def _rows(item: PrintedItem) -> Iterator[Markup]:
    how = sum_lines(item.sums or {})
    price, quantity = unit_texts(item.sums or {})
    cells = (
        (item_word(item), None),
        (item_span(item), None),
        (price, None),
        (quantity, None),
        (yuan(item.billed_fen) if item.item else "", "n"),
        (yuan(item.discount_fen) if item.discount_fen else "", "n"),
        (yuan(item.fen), "n"),
        (remark_text(item), None),
    )
    look = "item derived" if how else "item"
    yield tag("tr", *(tag("td", line(text), class_=kind) for text, kind in cells), class_=look)
    if how:
        told = tag("td", *(tag("div", line(one)) for one in how), colspan=len(cells))
        yield tag("tr", told, class_="how")


def _bottom(slip: Slip) -> Markup:
    sheet, receipt = slip.sheet, slip.sheet.line
    total = tag(
        "div",
        tag("span", tag("i", t("fee_receipt.total")), " ", tag("b", f"¥{yuan(receipt.amount_fen)}")),
        tag("span", tag("i", t("fee_receipt.capitals")), " ", tag("b", capitals(receipt.amount_fen))),
        class_="sum",
    )
    signed = tag(
        "div",
        _named("method", method_word(receipt.method)),
        _named("collector", receipt.collector),
        _named("treasurer", ""),
        class_="sign",
    )
    words = tag("div", _named("words", receipt.words)) if line(receipt.words) else joined()
    check = tag("div", t("fee_receipt.check", digest=sheet.digest), class_="small")
    return tag(
        "div",
        tag("div", words, total, signed, check, class_="ends"),
        qr_code(sheet.qr, class_="qr"),
        class_="bottom",
    )


def _crossed(slip: Slip, payee: Payee) -> list[Markup]:
    """Return what makes a void receipt void for anybody who holds it; all that stands on it stays legible."""
    receipt = slip.sheet.line
    strokes = [
        tag(
            "line",
            x1=x1,
            y1=100,
            x2=100 - x1,
            y2=0,
            stroke="#c00018",
            stroke_width=0.6,
            vector_effect="non-scaling-stroke",
        )
        for x1 in (0, 100)
    ]
    cross = tag("svg", *strokes, class_="cross", viewBox="0 0 100 100", preserveAspectRatio="none")
    at = f"{receipt.voided_at.astimezone(payee.zone):%Y-%m-%d}" if receipt.voided_at is not None else ""
    said = t("fee_receipt.void_why", at=at, reason=line(receipt.void_reason))
    stamp = tag("div", tag("b", t("fee_receipt.void")), tag("br"), tag("div", said), class_="voided")
    return [cross, stamp]
