"""The public sheet of collection rates, for the command line and for screens: read, drawn, written. Loads no Textual."""

from __future__ import annotations

from pathlib import Path

from models.fees.periods import Period
from models.fees.queries import ruling_of
from models.fees.queries_rates import By, rates, trend
from tui.desk import Desk
from tui.documents import documents, write_text
from tui.i18n import t
from tui.paper.fee_rates import rates_page
from tui.paper.own_words import words_for_print

_TRAIL = 12


def rates_html(desk: Desk, period: Period) -> str:
    """Return the sheet of a period as a page."""
    seat, (head, foot) = desk.seat, words_for_print(desk)
    with desk.store.read() as session:
        tables = [
            (by, rates(session, seat.compound_id, period, by=by, today=desk.today()))
            for by in (By.BUILDING, By.ITEM)
        ]
        trail = trend(session, seat.compound_id, period, _TRAIL)
        target = ruling_of(session, seat.compound_id).target_ppm
    return rates_page(tables, trail, seat.compound, target=target, head=head, foot=foot)


def write_rates(desk: Desk, period: Period) -> Path:
    """Write the sheet beside the user's documents and return its path. Raises CannotWrite."""
    title = t("rates.title", compound=desk.seat.compound)
    return write_text(
        documents(), f"{title} {period.name.replace('/', '—')}", ".html", rates_html(desk, period)
    )
