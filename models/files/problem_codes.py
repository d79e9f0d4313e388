"""Every code this room can put into a `Problem`, with its parameters: the list the language catalogues are written from.

`value` is always what stood in the cell, cut to 40 characters and with anything
that may be an identity number blacked out. Lines are 1-based rows as a
spreadsheet program numbers them.
"""

from __future__ import annotations

from typing import Final

PROBLEM_CODES: Final[dict[str, tuple[str, ...]]] = {
    # The whole file: `line` is None and nothing was read. `name` is the file's name without its folder.
    "file.missing": ("name",),
    "file.is_folder": ("name",),
    "file.no_permission": ("name",),
    "file.unreadable": ("name", "reason"),  # reason: the operating system's own words
    "file.empty": ("name",),
    "file.too_large": ("name", "limit_mb"),
    "file.password": ("name",),
    "file.damaged": ("name", "format"),  # format: xlsx, xls
    "file.not_a_table": (
        "name",
        "kind",
    ),  # kind: html pdf png jpg gif rtf docx pptx ods xlsb zip doc program binary device
    "file.no_rows": ("name",),  # a header and nothing below it
    "file.too_many_rows": ("name", "limit"),
    "file.too_many_cells": ("name", "limit"),
    "header.missing": (
        "name",
        "names",
        "names_zh",
    ),  # none of the expected columns; names: what was looked for
    "columns.missing": ("names", "names_zh"),  # line is the header's
    # The header: `line` is the header's, `column` the header text as written.
    "column.unknown": ("name",),
    "column.twice": ("name", "first"),  # both mean the same; the first is used
    # One row of the file as such.
    "row.long": ("cells", "expected"),  # more cells than the header: shifted, so not used
    "row.short": ("cells", "expected"),
    "row.quote_open": (),
    "row.nul": (),
    "row.undecodable": (),
    "row.header_again": (),
    "cells.outside": ("count",),  # notes beside the data; line is the first one's
    # One cell.
    "cell.formula": ("value",),
    "cell.error": ("value",),  # value: #REF!, #DIV/0! ...
    "text.too_long": ("length", "limit"),
    "text.identity_number": (),  # removed from the text
    "number.invalid": ("value",),
    "number.negative": ("value",),
    "number.out_of_range": ("value", "low", "high"),
    "date.invalid": ("value",),
    "date.out_of_range": ("value",),
    "flag.invalid": ("value",),  # a yes/no cell
    "choice.unknown": ("value",),
    "phone.invalid": ("value",),
    "phone.identity_number": (),
    # Households.
    "room.missing": ("names", "names_zh"),  # building, unit or room is empty
    "room.invalid": ("value",),
    "room.looks_like_date": ("value",),
    "household.conflict": ("code", "first_line", "first", "value"),  # the first line's value is kept
    "person.name_missing": ("code",),
    "person.twice": ("code", "name", "first_line"),
    # The network and observations.
    "code.missing": (),
    "code.invalid": ("value",),
    "well.twice": ("code", "first_line"),
    "pipe.to_itself": ("code",),
    "pipe.twice": ("start", "end", "first_line"),
    "observation.twice": ("code", "first_line"),
    "observation.empty": ("code",),
    "mud.deeper_than_well": ("mud_mm", "depth_mm"),
    "defect.grade": ("value",),  # grades are 1 to 4
    # Bills of WeChat, Alipay and banks.
    "money.not_a_bill": ("name",),  # a table, but of no platform; line is None
    "money.missing": ("names", "names_zh"),  # time or amount is empty
    "money.amount": ("value",),
    "money.direction": ("value",),  # neither in nor out nor neutral; empty: both or none of two columns
    "money.kind": ("value",),  # a type of transaction that is not known
    "money.state": ("value",),
    "money.refund": ("value",),  # more was given back than was paid
    "money.twice": ("order_no", "first_line"),  # the row stands in the file already
    "money.order_rounded": ("value",),  # a spreadsheet program has rounded the order number
    # Lists of past bills.
    "past.twice": ("first_line",),  # the same line stands in the file already
    "past.span": ("since", "until"),  # the end is not after the beginning
    "past.cycle": ("value",),  # the line is read all the same
}

# These rows are read all the same; everything else lost a row or a value.
WARNING_CODES: Final = frozenset(
    {
        "cells.outside",
        "column.twice",
        "column.unknown",
        "money.order_rounded",
        "past.cycle",
        "row.header_again",
        "row.nul",
        "row.short",
        "text.identity_number",
    }
)
