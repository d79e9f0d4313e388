"""What the deeds of one's own shifts ask: who could take over, what could be swapped, which places are open."""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from models.community import queries as community
from models.duty.disputes import Place
from models.duty.fitting import SHUT, Bar
from models.duty.queries import ShiftLine
from models.duty.queries_home import gaps_ahead
from models.duty.queries_mine import OwnShift
from models.duty.queries_swaps import bars_on, candidates, swap_offers
from tui import edge
from tui.desk import Desk
from tui.duty_words import gap_text, shift_title, span_text
from tui.i18n import t
from tui.screens.duty.swaps_words import (
    ANYBODY,
    bars_text,
    candidate_options,
    offer_option,
)
from tui.widgets.picker import Option

#: Open places are offered so many days ahead.
OPEN_AHEAD = 28


def place_of(one: OwnShift) -> Place:
    """Return a place as requests speak of it."""
    line, place = one.line, one.place
    return Place(
        place.id,
        place.person_id,
        place.name,
        line.id,
        line.post,
        line.name,
        line.day,
        line.starts_at,
        line.ends_at,
        line.hands,
        gone=False,
    )


def cover_options(desk: Desk, one: OwnShift) -> Sequence[Option]:
    """Return whom somebody may ask to take their shift: everybody, or one by name."""
    with desk.store.read() as session:
        found = candidates(session, desk.seat.compound_id, one.line, but=one.place.person_id)
        known = community.people_for_picker(session, desk.seat.compound_id, today=desk.today())
    search = {str(person.id): person.search for person in known}
    everybody = Option(ANYBODY, t("my_shifts.anybody"), t("my_shifts.anybody_note"))
    return [everybody, *candidate_options(found, search)]


def swap_options(desk: Desk, one: OwnShift) -> Sequence[Option]:
    """Return the shifts of colleagues that a shift could be swapped for; those that cannot be with the reason."""
    zone = ZoneInfo(desk.seat.zone)
    with desk.store.read() as session:
        found = swap_offers(
            session, desk.seat.compound_id, place_of(one), now=edge.clock(), today=desk.today()
        )
    return [offer_option(offer, zone) for offer in found]


def open_options(desk: Desk) -> Sequence[Option]:
    """Return the places that whoever acts may take."""
    seat, zone = desk.seat, ZoneInfo(desk.seat.zone)
    with desk.store.read() as session:
        lines = [
            line
            for line in gaps_ahead(
                session, seat.compound_id, now=edge.clock(), today=desk.today(), days=OPEN_AHEAD
            )
            if line.missing
        ]
        bars = {} if seat.person_id is None else bars_on(session, seat.compound_id, lines, seat.person_id)
    return [_open(line, zone, bars.get(line.id, ())) for line in lines]


def _open(line: ShiftLine, zone: ZoneInfo, bars: tuple[Bar, ...]) -> Option:
    said = bars_text(bars)
    when = span_text(line.starts_at, line.ends_at, zone)
    note = " · ".join(part for part in (when, gap_text(line), said) if part)
    return Option(str(line.id), shift_title(line), note, reason=said if SHUT.intersection(bars) else None)
