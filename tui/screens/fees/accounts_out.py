"""How the books leave the app: the poster, a spreadsheet, the journal for a program for accounts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from models.fees.periods import Period
from models.fees.statement import Statement
from tui.desk import Desk
from tui.i18n import t
from tui.screens.base import Shell
from tui.widgets.picker import Option
from tui.widgets.text import Tone

_PAPERS: Final = ("a4", "a3", "xlsx")
_JOURNALS: Final = ("hledger", "beancount")


def offer_books(screen: Shell[Any], span: Period) -> None:
    """Ask in which form the accounts of a span, or the whole journal, shall leave."""

    def chosen(form: str) -> None:
        if form in _JOURNALS:
            _save(screen, lambda desk: _journal(desk, form))
        else:
            _save(screen, lambda desk: _statement(desk, span, form))

    options = [
        Option(form, t(f"accounts.out.{form}"), t(f"accounts.out.{form}_note"))
        for form in (*_PAPERS, *_JOURNALS)
    ]
    screen.choose(t("accounts.out.title"), options, chosen)


def offer_statement(screen: Shell[Any], found: Statement, published_at: datetime | None) -> None:
    """Ask in which form a statement that was read already shall leave."""

    def chosen(form: str) -> None:
        def write(desk: Desk) -> Path:
            from tui.statement_out import write_statement

            return write_statement(desk, found, form, published_at=published_at)

        _save(screen, write)

    options = [Option(form, t(f"accounts.out.{form}"), t(f"accounts.out.{form}_note")) for form in _PAPERS]
    screen.choose(t("accounts.out.title"), options, chosen)


def _statement(desk: Desk, span: Period, form: str) -> Path:
    from tui.statement_out import public_since, read_statement, write_statement

    found = read_statement(desk, span.first, span.end)
    return write_statement(desk, found, form, published_at=public_since(desk, found))


def _journal(desk: Desk, form: str) -> Path:
    from tui.statement_out import write_journal

    return write_journal(desk, "hledger" if form == "hledger" else "beancount", None, date.max)


def _save(screen: Shell[Any], write: Callable[[Desk], Path]) -> None:
    screen.ask(write, lambda path: screen.flash(t("chat.saved", path=path), Tone.GOOD))
