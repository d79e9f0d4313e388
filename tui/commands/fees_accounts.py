"""The books from the command line: the public accounts of a span, and the journal for programs that check it."""

from __future__ import annotations

import argparse
from datetime import date, timedelta
from typing import Final

from models.fees.periods import Period, period_of
from models.fees.statement import figures_of
from models.files.writing import write_book
from tui.cli import DONE
from tui.commands.console import UsageError, desk_for
from tui.commands.handing import hand_json, hand_over, named_day, out_path, say_where
from tui.i18n import t
from tui.statement_out import journal_text, public_since, read_statement, statement_book, statement_html

_DAY: Final = timedelta(days=1)
_FORMS: Final = {".json": "json", ".html": "html", ".htm": "html", ".xlsx": "xlsx"}


def statement(options: argparse.Namespace) -> int:
    """Tell the public accounts of a span as the books say them now."""
    out, period = out_path(options), _period(options.period)
    form = options.format or ("json" if out is None else _FORMS.get(out.suffix.lower()))
    if form is None:
        raise UsageError(t("cli.statement_form", path=out))
    if form == "xlsx" and out is None:
        raise UsageError(t("cli.report_xlsx"))
    about = {"from": str(period.first), "to": str(period.end - _DAY), "format": form}
    with desk_for(options) as desk:
        found = read_statement(desk, period.first, period.end)
        public = public_since(desk, found)
        drawn = (
            statement_html(desk, found, published_at=public, paper=options.paper) if form == "html" else ""
        )
        compound = desk.seat.compound
    if form == "html":
        hand_over(options, drawn, about, out)
    elif form == "xlsx" and out is not None:
        write_book(out, statement_book(found))
        say_where(options, about, out)
    else:
        hand_json(options, {"compound": compound, **figures_of(found)}, about, out)
    return DONE


def journal(options: argparse.Namespace) -> int:
    """Write the journal for hledger or beancount; what was before its first day is carried forward."""
    since = None if options.since is None else named_day(options.since)
    until = date.max if options.until is None else named_day(options.until) + _DAY
    if since is not None and until <= since:
        raise UsageError(t("cli.report_backwards", since=since, last=until - _DAY))
    with desk_for(options) as desk:
        drawn = journal_text(desk, options.format, since, until)
    hand_over(options, drawn, {"format": options.format}, out_path(options))
    return DONE


def _period(text: str) -> Period:
    try:
        return period_of(text)
    except ValueError as error:
        raise UsageError(t("cli.period_unclear", text=text)) from error
