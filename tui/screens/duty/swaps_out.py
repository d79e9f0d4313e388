"""Open requests and gaps as text for the chat group."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from models.duty.queries_home import gaps_ahead
from models.duty.queries_swaps import open_covers
from models.text import mask_name
from tui import edge
from tui.desk import Desk
from tui.i18n import t
from tui.screens.base import Shell
from tui.screens.chat_text import offer_text
from tui.screens.duty.swaps_rows import GAP_DAYS
from tui.screens.duty.swaps_words import place_text
from tui.widgets.text import Tone


def chat_of(desk: Desk) -> str:
    """Return what lacks hands and who asks to be covered, masked; empty when nothing does."""
    from tui.duty_papers import Span, gaps_chat

    seat, now, today, zone = desk.seat, edge.clock(), desk.today(), ZoneInfo(desk.seat.zone)
    with desk.store.read() as session:
        gaps = gaps_ahead(session, seat.compound_id, now=now, today=today, days=GAP_DAYS)
        covers = open_covers(session, seat.compound_id, now=now)
    parts = [gaps_chat(desk, Span(today, today + timedelta(days=GAP_DAYS - 1)))] if gaps else []
    if covers:
        parts.append(t("swaps.chat_covers"))
        parts += [f"· {place_text(one.mine, zone)} {mask_name(one.asker)}" for one in covers]
    return "\n".join(parts)


def offer_chat(screen: Shell[Any], text: str) -> None:
    """Copy the text for the chat group, or say that there is nothing to tell."""
    if text:
        offer_text(screen, t("screen.swaps"), text)
    else:
        screen.flash(t("swaps.chat_nothing"), Tone.GOOD)
