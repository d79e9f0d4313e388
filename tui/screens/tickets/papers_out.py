"""What the station hangs up, offered from any screen: the open jobs, and the contact board of a building."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from models.community.queries_places import buildings
from tui.desk import Desk
from tui.i18n import t
from tui.row_words import building_word, listed
from tui.screens.base import Shell
from tui.widgets.picker import Option
from tui.widgets.text import Tone

JOBS: Final = "jobs"
BOARD: Final = "board"
_WITH: Final = "phones"
_WITHOUT: Final = "plain"


def offer_jobs(screen: Shell[Any]) -> None:
    """Write the list of open jobs for the notice board, and say where."""

    def write(desk: Desk) -> Path:
        from tui.ticket_papers import write_open_jobs

        return write_open_jobs(desk)

    screen.ask(write, partial(_saved, screen))


def offer_board(screen: Shell[Any]) -> None:
    """Ask for which building, and whether phones shall stand on it; then write its contact board."""

    def ask_which(options: list[Option]) -> None:
        if options:
            screen.choose(
                t("papers.which_building"), options, lambda chosen: offer_board_of(screen, UUID(chosen))
            )
        else:
            screen.flash(t("papers.no_building"), Tone.WARN)

    screen.ask(_buildings, ask_which)


def offer_board_of(screen: Shell[Any], building_id: UUID) -> None:
    """Ask whether phones shall stand on the contact board of a building, and write it."""
    options = [Option(form, t(f"papers.{form}"), t(f"papers.{form}_note")) for form in (_WITHOUT, _WITH)]
    screen.choose(t("papers.board"), options, partial(_write_board, screen, building_id))


def _write_board(screen: Shell[Any], building_id: UUID, form: str) -> None:
    def write(desk: Desk) -> Path:
        from tui.ticket_papers import write_contact_board

        return write_contact_board(desk, building_id, phones=form == _WITH)

    screen.ask(write, partial(_saved, screen))


def _buildings(desk: Desk) -> list[Option]:
    with desk.store.read() as session:
        found = buildings(session, desk.seat.compound_id, today=desk.today())
    return [Option(str(one.id), building_word(one.code), listed(one.leads), one.name) for one in found]


def _saved(screen: Shell[Any], path: Path) -> None:
    screen.flash(t("chat.saved", path=path), Tone.GOOD)
