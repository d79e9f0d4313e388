"""What the station can show: figures of its tickets, cards for the doers, boards for the doors. To a file or to standard output."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from models.files.writing import write_table, write_whole
from models.operations.registry import load_kinds
from models.operations.resolve import find_row
from models.problems import Problem
from models.tickets.figures import Report
from models.tickets.periods import usual_span
from models.tickets.queries_figures import report
from tui import ticket_papers as papers
from tui.cli import DONE
from tui.commands.console import UsageError, desk_for, emit, say
from tui.desk import Desk, DeskError
from tui.figures_out import as_json, figures_table
from tui.i18n import t

_BY_SUFFIX: Final = {".json": "json", ".html": "html", ".htm": "html", ".xlsx": "xlsx"}
#: A longer span is a slip of the pen.
_LONGEST: Final = timedelta(days=366 * 20)


def nothing_named(_options: argparse.Namespace) -> int:
    """`linli report` alone says what can be reported."""
    raise UsageError(t("cli.report_what"))


def report_tickets(options: argparse.Namespace) -> int:
    """Count tickets over a span of days: as JSON, as a page, as a table."""
    out = None if options.out is None else Path(options.out).expanduser()
    form = options.format or (_BY_SUFFIX.get(out.suffix.lower()) if out is not None else "json")
    if form is None:
        raise UsageError(t("cli.report_form", path=out))
    if form == "xlsx" and out is None:
        raise UsageError(t("cli.report_xlsx"))
    with desk_for(options) as desk:
        since, until = _span(desk, options)
        counted = _count(desk, since, until)
        drawn = papers.figures_html(desk, since, until) if form == "html" else ""
    about = {"from": counted.since.isoformat(), "to": counted.last.isoformat(), "format": form}
    if form == "json":
        _hand_json(options, as_json(counted), about, out)
    elif form == "xlsx" and out is not None:
        table = figures_table(counted)
        write_table(out, "xlsx", table.header, table.rows)
        _say_where(options, about, out)
    else:
        _hand_over(options, drawn, about, out)
    return DONE


def _hand_json(
    options: argparse.Namespace, figures: Mapping[str, Any], about: Mapping[str, Any], out: Path | None
) -> None:
    if out is None:
        emit(figures)
        return
    write_whole(out, json.dumps(figures, ensure_ascii=False, indent=1).encode() + b"\n")
    _say_where(options, about, out)


def ticket_cards(options: argparse.Namespace) -> int:
    """Draw the cards of tickets by their codes."""
    with desk_for(options) as desk:
        found = [_row(desk, "ticket", code) for code in options.ticket]
        drawn = papers.card_html(desk, found)
    _hand_over(options, drawn, {"tickets": [str(one) for one in found]}, _page_path(options))
    return DONE


def contact_board(options: argparse.Namespace) -> int:
    """Draw the contact board of a building."""
    with desk_for(options) as desk:
        building = _row(desk, "building", options.building)
        drawn, _ = papers.board_html(desk, building, phones=options.phones)
    _hand_over(options, drawn, {"building": str(building), "phones": options.phones}, _page_path(options))
    return DONE


def open_jobs(options: argparse.Namespace) -> int:
    """Draw the list of open jobs for the notice board."""
    with desk_for(options) as desk:
        drawn = papers.jobs_html(desk)
    _hand_over(options, drawn, {}, _page_path(options))
    return DONE


def _page_path(options: argparse.Namespace) -> Path | None:
    return None if options.out is None else Path(options.out).expanduser()


def _count(desk: Desk, since: date, until: date) -> Report:
    with desk.store.read() as session:
        return report(session, desk.seat.compound_id, papers.asked_now(desk), since, until)


def _span(desk: Desk, options: argparse.Namespace) -> tuple[date, date]:
    """Return the days asked for; of what nobody named, the last full weeks and the one that runs."""
    usual_since, usual_until = usual_span(desk.today())
    until = usual_until if options.until is None else _day(options.until) + timedelta(days=1)
    if options.since is not None:
        since = _day(options.since)
    else:
        since = usual_since if options.until is None else usual_span(until - timedelta(days=1))[0]
    if since >= until:
        raise UsageError(t("cli.report_backwards", since=since, last=until - timedelta(days=1)))
    if until - since > _LONGEST:
        raise UsageError(t("cli.report_long"))
    return since, until


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise UsageError(t("changes.wrong_day", text=text)) from error
    if not 1900 < day.year < 9000:  # noqa: PLR2004 - beyond there is no day before or after to count by
        raise UsageError(t("changes.wrong_day", text=text))
    return day


def _row(desk: Desk, table: str, text: str) -> UUID:
    load_kinds()
    with desk.store.read() as session:
        found = find_row(session, desk.seat.compound_id, table, text)
    if isinstance(found, Problem):
        raise DeskError(found)
    return found


def _hand_over(options: argparse.Namespace, drawn: str, about: Mapping[str, Any], out: Path | None) -> None:
    """Write a page to its file, or print it; with --json say what it is about."""
    if out is not None:
        write_whole(out, drawn.encode("utf-8", errors="replace"))
        _say_where(options, about, out)
    elif options.json:
        emit({**about, "page": drawn})
    else:
        sys.stdout.write(drawn)


def _say_where(options: argparse.Namespace, about: Mapping[str, Any], out: Path) -> None:
    if options.json:
        emit({**about, "path": str(out)})
    else:
        say(t("cli.report_written", path=out))
