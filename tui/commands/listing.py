"""Printing lists."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from itertools import chain

from rich.cells import cell_len

from models.listings import LISTINGS, Listing, list_rows
from models.problems import Problem
from models.tables import Json
from tui import edge, words
from tui.cli import DONE, USAGE
from tui.commands.console import UsageError, desk_for, emit, say, warn
from tui.i18n import t
from tui.listing_words import (
    cell_text,
    column_named,
    heading,
    is_of_a_set,
    is_yes_or_no,
    reads_as,
    shown,
    spoken,
)

#: Rows whose widths decide the columns; a list of 100,000 is printed as it comes.
_SAMPLE = 200
_WIDEST = 40


def list_rows_command(options: argparse.Namespace) -> int:
    """Print a list: one JSON object a line, or columns for people."""
    where: dict[str, str] = {}
    for condition in options.where:
        column, equals, value = condition.partition("=")
        if not equals or not column.strip():
            raise UsageError(t("cli.where_form", text=condition))
        where[column.strip()] = value
    with desk_for(options) as desk:
        compound_id = desk.seat.compound_id
        known = LISTINGS.get(options.name)
        words_wanted: dict[str, str] = {}
        if known is not None:
            where = {column_named(known, column): value for column, value in where.items()}
            words_wanted = {
                column: where.pop(column)
                for column, value in list(where.items())
                if is_of_a_set(known, column) or is_yes_or_no(value)
            }
        with desk.store.read() as session:
            rows = list_rows(
                session, compound_id, options.name, today=desk.today(), now=edge.clock(), where=where
            )
            if isinstance(rows, Problem):
                warn(words.problem_text(rows))
                return USAGE
            listing = LISTINGS[options.name]
            rows = (
                spoken(listing, row)
                for row in rows
                if all(reads_as(listing, column, row[column], text) for column, text in words_wanted.items())
            )
            if options.json:
                for row in rows:
                    emit(row)
            else:
                table(listing, rows)
    return DONE


def table(listing: Listing, rows: Iterator[dict[str, Json]]) -> None:
    """Print rows as columns that people read."""
    columns = shown(listing)

    def words_of(row: dict[str, Json]) -> list[str]:
        return [cell_text(listing, column, row[column]) for column in columns]

    headings = [heading(listing, column) for column in columns]
    sample = [words_of(row) for _, row in zip(range(_SAMPLE), rows, strict=False)]
    widths = [min(_WIDEST, max(map(cell_len, texts))) for texts in zip(headings, *sample, strict=True)]
    _line(headings, widths)
    n = 0
    for texts in chain(sample, map(words_of, rows)):
        n += 1
        _line(texts, widths)
    warn(t("cli.rows", n=n))


def _line(texts: list[str], widths: list[int]) -> None:
    say("  ".join(_padded(text, width) for text, width in zip(texts, widths, strict=True)).rstrip())


def _padded(text: str, width: int) -> str:
    if cell_len(text) > width:
        while cell_len(text) > width - 1:
            text = text[:-1]
        text += "…"
    return text + " " * (width - cell_len(text))
