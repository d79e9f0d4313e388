"""Duty out of the app: the roster for the wall, for a calendar, as a spreadsheet or as text; hours, and certificates of them."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Final
from uuid import UUID

from models.files.writing import write_table
from tui import duty_papers as papers
from tui import hours_papers
from tui.cli import DONE
from tui.commands.console import UsageError, desk_for
from tui.commands.handing import check_span, hand_json, hand_over, named_day, named_row, out_path, say_where
from tui.desk import Desk
from tui.duty_tables import hours_json, hours_table
from tui.i18n import t

_FORMS: Final = {".ics": "ics", ".html": "html", ".htm": "html", ".xlsx": "xlsx", ".txt": "text"}
_AHEAD: Final = timedelta(days=14)
_HOURS: Final = {".json": "json", ".html": "html", ".htm": "html", ".xlsx": "xlsx"}


def export_duty(options: argparse.Namespace) -> int:
    """Write the roster of some days: this week's, if nobody names others. A calendar is of all days."""
    out = out_path(options)
    form = options.format or _form(out, _FORMS, "text")
    if form != "text" and options.text is not None:
        raise UsageError(t("cli.duty_text_only"))
    if form != "ics" and options.who is not None:
        raise UsageError(t("cli.duty_person_ics"))
    if form == "ics":
        return _calendar(options, out)
    if form == "xlsx" and out is None:
        raise UsageError(t("cli.report_xlsx"))
    with desk_for(options) as desk:
        first, last = _week(desk, options)
        post = _row(desk, "post", options.post)
        span = papers.Span(first, last, masked=options.masked, post_id=post)
        about = {"from": str(first), "to": str(last), "format": form}
        if form == "xlsx" and out is not None:
            papers.write_book_to(out, papers.book(desk, span))
            say_where(options, about, out)
        else:
            drawn = papers.roster_html(desk, span) if form == "html" else _text(desk, options, span)
            hand_over(options, drawn, about, out)
    return DONE


def _text(desk: Desk, options: argparse.Namespace, span: papers.Span) -> str:
    """Return what the chat group reads."""
    if options.text == "today":
        told = papers.today_chat(desk)
    elif options.text == "gaps":
        told = papers.gaps_chat(desk, span)
    else:
        told = papers.roster_chat(desk, span)
    return f"{told}\n"


def _calendar(options: argparse.Namespace, out: Path | None) -> int:
    if options.since is not None or options.until is not None:
        raise UsageError(t("cli.duty_ics_days"))
    with desk_for(options) as desk:
        person, post = _row(desk, "person", options.who), _row(desk, "post", options.post)
        if person is not None and post is None:
            _, content = papers.calendar_of_person(desk, person, masked=options.masked)
            about = {"person": str(person), "format": "ics"}
        elif post is not None and person is None:
            _, content = papers.calendar_of_post(desk, post, masked=options.masked)
            about = {"post": str(post), "format": "ics"}
        else:
            raise UsageError(t("cli.duty_ics_whose"))
    hand_over(options, content.decode(), about, out)
    return DONE


def report_hours(options: argparse.Namespace) -> int:
    """Count the hours given over a span of days: this month's, if nobody names others."""
    out = out_path(options)
    form = options.format or _form(out, _HOURS, "json")
    if form == "xlsx" and out is None:
        raise UsageError(t("cli.report_xlsx"))
    with desk_for(options) as desk:
        person, today = _row(desk, "person", options.who), desk.today()
        first, last = _between(options, today.replace(day=1), today)
        given = hours_papers.given_hours(desk, first, last, person)
        drawn = hours_papers.hours_html(desk, given, masked=options.masked) if form == "html" else ""
    about = {"from": str(first), "to": str(last), "format": form}
    if form == "html":
        hand_over(options, drawn, about, out)
    elif form == "xlsx" and out is not None:
        table = hours_table(given, masked=options.masked)
        write_table(out, "xlsx", table.header, table.rows)
        say_where(options, about, out)
    else:
        hand_json(options, hours_json(given, masked=options.masked), about, out)
    return DONE


def certificate(options: argparse.Namespace) -> int:
    """Draw somebody's certificate of hours: of this year, if nobody names other days."""
    with desk_for(options) as desk:
        person, today = named_row(desk, "person", options.who), desk.today()
        first, last = _between(options, today.replace(month=1, day=1), today)
        drawn, _ = hours_papers.certificate_html(desk, person, first, last)
    about = {"person": str(person), "from": str(first), "to": str(last)}
    hand_over(options, drawn, about, out_path(options))
    return DONE


# -- what is named ---------------------------------------------------------------------------


def _form(out: Path | None, known: Mapping[str, str], plain: str) -> str:
    form = plain if out is None else known.get(out.suffix.lower())
    if form is None:
        raise UsageError(t("cli.duty_form", path=out, known=", ".join(known)))
    return form


def _row(desk: Desk, table: str, text: str | None) -> UUID | None:
    return None if text is None else named_row(desk, table, text)


def _week(desk: Desk, options: argparse.Namespace) -> tuple[date, date]:
    """Return the days asked for; of what nobody named, the week from its Monday, or from the day that was named.

    What lacks somebody is looked for from today on, a fortnight ahead.
    """
    today = desk.today()
    if options.text == "gaps":
        return _between(options, today, today + _AHEAD)
    monday = today - timedelta(days=today.weekday()) if options.since is None else named_day(options.since)
    return _between(options, monday, monday + timedelta(days=6))


def _between(options: argparse.Namespace, first: date, last: date) -> tuple[date, date]:
    """Return the first and the last day: those named, else these; who names a last day before, means its month."""
    if options.since is not None:
        first = named_day(options.since)
    if options.until is not None:
        last = named_day(options.until)
        if options.since is None and last < first:
            first = last.replace(day=1)
    check_span(first, last)
    return first, last
