"""How hours leave the app: a certificate to be stamped, a page, spreadsheets."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from tui.desk import Desk
from tui.i18n import t
from tui.screens.base import Shell
from tui.widgets.picker import Option
from tui.widgets.text import Tone

_CERTIFICATE: Final = "certificate"


def offer_out(screen: Shell[Any], first: date, last: date, person: tuple[UUID, str] | None) -> None:
    """Ask in which form hours shall leave; `person` is the one in front."""
    nobody = t("hours.no_certificate") if person is None else None
    options = [
        Option(
            _CERTIFICATE,
            t("hours.out.certificate", person="" if person is None else person[1]),
            t("hours.out.certificate_note"),
            reason=nobody,
        )
    ]
    options += [
        Option(form, t(f"hours.out.{form}"), t(f"hours.out.{form}_note"))
        for form in ("page", "table", "owed")
    ]

    def chosen(form: str) -> None:
        if form == _CERTIFICATE and person is not None:
            certificate_of(screen, person[0], first, last)
        elif form != _CERTIFICATE:
            _save(screen, _writer(form, first, last))

    screen.choose(t("hours.out.title"), options, chosen)


def _writer(form: str, first: date, last: date) -> Callable[[Desk], Path]:
    def write(desk: Desk) -> Path:
        from tui import hours_papers as papers

        if form == "owed":
            return papers.write_balances(desk)
        return (papers.write_hours if form == "page" else papers.write_hours_table)(desk, first, last)

    return write


def certificate_of(screen: Shell[Any], person_id: UUID, first: date, last: date) -> None:
    """Write somebody's certificate of hours over a span of days, and say where it lies."""

    def write(desk: Desk) -> Path:
        from tui.hours_papers import write_certificate

        return write_certificate(desk, person_id, first, last)

    _save(screen, write)


def _save(screen: Shell[Any], write: Callable[[Desk], Path]) -> None:
    screen.ask(write, lambda path: screen.flash(t("chat.saved", path=path), Tone.GOOD))
