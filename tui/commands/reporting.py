"""What the station can show: figures of its tickets, cards for the doers, boards for the doors. To a file or to standard output."""

from __future__ import annotations

import argparse
from datetime import date, timedelta
from typing import Final

from models.files.writing import write_table
from models.tickets.figures import Report
from models.tickets.periods import usual_span
from models.tickets.queries_figures import report
from tui import ticket_papers as papers
from tui.cli import DONE
from tui.commands.console import UsageError, desk_for
from tui.commands.handing import (
    check_span,
    hand_json,
    hand_over,
    named_day,
    named_row,
    out_path,
    say_where,
)
from tui.desk import Desk
from tui.figures_out import as_json, figures_table
from tui.i18n import t

_BY_SUFFIX: Final = {".json": "json", ".html": "html", ".htm": "html", ".xlsx": "xlsx"}


def nothing_named(_options: argparse.Namespace) -> int:
    """`linli report` alone says what can be reported."""
    raise UsageError(t("cli.report_what"))


def report_tickets(options: argparse.Namespace) -> int:
    """Count tickets over a span of days: as JSON, as a page, as a table."""
    out = out_path(options)
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
        hand_json(options, as_json(counted), about, out)
    elif form == "xlsx" and out is not None:
        table = figures_table(counted)
        write_table(out, "xlsx", table.header, table.rows)
        say_where(options, about, out)
    else:
        hand_over(options, drawn, about, out)
    return DONE


def ticket_cards(options: argparse.Namespace) -> int:
    """Draw the cards of tickets by their codes."""
    with desk_for(options) as desk:
        found = [named_row(desk, "ticket", code) for code in options.ticket]
        drawn = papers.card_html(desk, found)
    hand_over(options, drawn, {"tickets": [str(one) for one in found]}, out_path(options))
    return DONE


def contact_board(options: argparse.Namespace) -> int:
    """Draw the contact board of a building."""
    with desk_for(options) as desk:
        building = named_row(desk, "building", options.building)
        drawn, _ = papers.board_html(desk, building, phones=options.phones)
    hand_over(options, drawn, {"building": str(building), "phones": options.phones}, out_path(options))
    return DONE


def open_jobs(options: argparse.Namespace) -> int:
    """Draw the list of open jobs for the notice board."""
    with desk_for(options) as desk:
        drawn = papers.jobs_html(desk)
    hand_over(options, drawn, {}, out_path(options))
    return DONE


def _count(desk: Desk, since: date, until: date) -> Report:
    with desk.store.read() as session:
        return report(session, desk.seat.compound_id, papers.asked_now(desk), since, until)


def _span(desk: Desk, options: argparse.Namespace) -> tuple[date, date]:
    """Return the days asked for; of what nobody named, the last full weeks and the one that runs."""
    usual_since, usual_until = usual_span(desk.today())
    until = usual_until if options.until is None else named_day(options.until) + timedelta(days=1)
    if options.since is not None:
        since = named_day(options.since)
    else:
        since = usual_since if options.until is None else usual_span(until - timedelta(days=1))[0]
    check_span(since, until - timedelta(days=1))
    return since, until
