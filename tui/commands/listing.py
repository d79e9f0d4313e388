"""Printing lists."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from rich.cells import cell_len

from models.listings import LISTINGS, list_rows
from models.problems import Problem
from models.tables import Json
from models.text import normalise
from tui import words
from tui.cli import DONE, USAGE
from tui.commands.console import UsageError, desk_for, emit, say, warn
from tui.i18n import t

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
        with desk.store.read() as session:
            rows = list_rows(session, compound_id, options.name, today=desk.today(), where=where)
            if isinstance(rows, Problem):
                warn(words.problem_text(rows))
                return USAGE
            if options.json:
                for row in rows:
                    emit(row)
            else:
                _table(LISTINGS[options.name].columns, rows)
    return DONE


def _table(columns: tuple[str, ...], rows: Iterator[dict[str, Json]]) -> None:
    shown = [column for column in columns if column != "id" and not column.endswith("_id")]
    sample = [row for _, row in zip(range(_SAMPLE), rows, strict=False)]
    widths = [
        min(_WIDEST, max([cell_len(column), *(cell_len(_text(row[column])) for row in sample)]))
        for column in shown
    ]
    say("  ".join(_padded(column, width) for column, width in zip(shown, widths, strict=True)).rstrip())
    n = 0
    for row in _chained(sample, rows):
        n += 1
        say("  ".join(_padded(_text(row[c]), width) for c, width in zip(shown, widths, strict=True)).rstrip())
    warn(t("cli.rows", n=n))


def _chained(first: list[dict[str, Json]], rest: Iterator[dict[str, Json]]) -> Iterator[dict[str, Json]]:
    yield from first
    yield from rest


def _text(value: Json) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return t("cli.yes") if value else t("cli.no")
    if isinstance(value, list):
        return "、".join(_text(one) for one in value)
    if isinstance(value, float):
        return f"{value:g}"
    return normalise(str(value))


def _padded(text: str, width: int) -> str:
    if cell_len(text) > width:
        while cell_len(text) > width - 1:
            text = text[:-1]
        text += "…"
    return text + " " * (width - cell_len(text))
