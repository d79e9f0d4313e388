"""How somebody's shifts leave the app: as a file for a calendar, or as text for the chat group."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from models.duty.queries_mine import page_own
from models.text import mask_name
from tui import edge
from tui.desk import Desk
from tui.duty_words import shift_title, span_text
from tui.i18n import t
from tui.screens.base import Shell
from tui.screens.chat_text import offer_text
from tui.widgets.picker import Option
from tui.widgets.text import Tone

_CALENDAR, _CHAT = "ics", "chat"


def offer_out(screen: Shell[Any], person_id: UUID, name: str) -> None:
    """Ask in which form somebody's shifts shall leave."""
    forms = [
        Option(form, t(f"my_shifts.out.{form}"), t(f"my_shifts.out.{form}_note"))
        for form in (_CALENDAR, _CHAT)
    ]
    screen.choose(t("my_shifts.out.title"), forms, partial(_let_out, screen, person_id, name))


def _let_out(screen: Shell[Any], person_id: UUID, name: str, form: str) -> None:
    if form == _CHAT:
        asked = partial(chat_of, person_id=person_id, name=name)
        screen.ask(asked, partial(offer_text, screen, t("screen.my_shifts")))
        return

    def write(desk: Desk) -> Path:
        from tui.duty_papers import write_calendar

        return write_calendar(desk, person_id=person_id)

    screen.ask(write, lambda path: screen.flash(t("chat.saved", path=path), Tone.GOOD))


def chat_of(desk: Desk, person_id: UUID, name: str) -> str:
    """Return somebody's shifts ahead for the chat group."""
    zone = ZoneInfo(desk.seat.zone)
    with desk.store.read() as session:
        found = page_own(session, desk.seat.compound_id, person_id, now=edge.clock(), ahead=True)
    lines = [
        f"{shift_title(one.line)} {span_text(one.line.starts_at, one.line.ends_at, zone)}" for one in found
    ]
    return "\n".join([t("my_shifts.out.head", person=mask_name(name)), *lines])
