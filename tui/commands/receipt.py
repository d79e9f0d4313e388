"""Receipts from the command line: shown as they were printed, printed once more, checked against the books."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from models.fees.lists_receipts import row_of
from models.fees.money import capitals
from models.fees.queries_receipts import (
    Checked,
    PrintedItem,
    ReceiptSheet,
    check_receipt,
    receipts_numbered,
)
from models.fees.receipt_code import parse_number
from models.files.writing import write_whole
from models.problems import Problem
from tui import fee_papers
from tui.cli import DONE, REJECTED
from tui.commands.console import UsageError, desk_for, emit, say
from tui.commands.handing import say_where
from tui.desk import Desk, DeskError
from tui.fee_sums import sum_lines
from tui.i18n import t
from tui.receipt_words import checked_lines, part_line, part_word


def nothing_named(_options: argparse.Namespace) -> int:
    """`linli receipt` alone says what can be done."""
    raise UsageError(t("cli.receipt_what"))


def show(options: argparse.Namespace) -> int:
    """Show a receipt: as text, as JSON, or as a page to print, which is counted as each print is."""
    with desk_for(options) as desk:
        sheets = _numbered(desk, options.number)
        if options.html is not None:
            out = Path(options.html).expanduser()
            printed = fee_papers.counted(desk, [one.line.id for one in sheets])
            write_whole(out, fee_papers.receipt_html(desk, printed, printed=1).encode())
            say_where(options, {"number": printed[0].line.number, "copies": printed[0].line.copies}, out)
            return DONE
        for sheet in sheets:
            if options.json:
                emit(_as_json(sheet))
            else:
                say(fee_papers.receipt_text(desk, sheet, masked=options.text))
    return DONE


def verify(options: argparse.Namespace) -> int:
    """Check a QR code's text, or a number, against the books; what differs is said, and is no success."""
    with desk_for(options) as desk:
        with desk.store.read() as session:
            try:
                checked = check_receipt(session, desk.seat.compound_id, " ".join(options.words))
            except ValueError as error:
                raise DeskError(Problem(str(error))) from error
        if options.json:
            emit(_found(checked))
        else:
            for line in checked_lines(checked, ZoneInfo(desk.seat.zone)):
                say(line)
    return DONE if checked.holds else REJECTED


def _numbered(desk: Desk, text: str) -> tuple[ReceiptSheet, ...]:
    try:
        number = parse_number(text)
    except ValueError as error:
        raise DeskError(Problem(str(error))) from error
    with desk.store.read() as session:
        found = receipts_numbered(session, desk.seat.compound_id, number)
    if not found:
        raise DeskError(Problem("receipt.none"))
    return found


def _as_json(sheet: ReceiptSheet) -> dict[str, Any]:
    return {
        **row_of(sheet),
        "capitals": capitals(sheet.line.amount_fen),
        "words": sheet.line.words,
        "lines": [_item(item) for item in sheet.items],
        "qr": sheet.qr,
    }


def _item(item: PrintedItem) -> dict[str, Any]:
    return {
        "item": item.item,
        "since": None if item.since is None else item.since.isoformat(),
        "until": None if item.until is None else item.until.isoformat(),
        "fen": item.fen,
        "billed_fen": item.billed_fen,
        "discount_fen": item.discount_fen,
        "before_fen": item.before_fen,
        "left_fen": item.left_fen,
        "note": item.note,
        "how": sum_lines(item.sums or {}),
        "sums": dict(item.sums or {}),
    }


def _found(checked: Checked) -> dict[str, Any]:
    sheet = checked.sheet
    return {
        "number": checked.number,
        "known": sheet is not None,
        "holds": checked.holds,
        "void": sheet is not None and sheet.line.voided_at is not None,
        "reversed_on": None if checked.reversed_on is None else checked.reversed_on.isoformat(),
        "twins": checked.twins,
        "digest": None if sheet is None else sheet.digest,
        "differs": [part.code for part in checked.differing],
        "parts": [
            {
                "part": part.code,
                "name": part_word(part),
                "said": part.said,
                "kept": part.kept,
                "agrees": part.agrees,
                "message": part_line(part),
            }
            for part in checked.parts
        ],
    }
