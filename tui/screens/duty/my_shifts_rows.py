"""One's own shifts as values: columns, and pages of rows read from the store; who looks at whose."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from models.community.tables import Person
from models.duty.queries_balances import BalanceLine, balances
from models.duty.queries_mine import OwnShift, count_own, page_own
from models.duty.rules import Presence, late_minutes
from models.operations.roles import KEEPERS, WORKERS
from tui import edge
from tui.desk import Desk
from tui.duty_words import (
    SIGNS,
    day_text,
    gap_text,
    late_text,
    points_text,
    presence_word,
    shift_name,
    span_text,
)
from tui.i18n import t
from tui.row_words import listed
from tui.screens.duty.swaps_words import asked_mark
from tui.widgets.rows import Column, RowView
from tui.widgets.text import Mark, Tone

AHEAD: Final = "ahead"
BEHIND: Final = "behind"
_TONES: Final = {
    Presence.ON_DUTY: Tone.GOOD,
    Presence.SERVED: Tone.GOOD,
    Presence.MISSING: Tone.BAD,
    Presence.NO_SHOW: Tone.BAD,
    Presence.EXCUSED: Tone.WARN,
}


@dataclass(frozen=True, slots=True)
class Who:
    """Whose shifts are shown, who looks at them, and what they may do. `name` is empty while nobody is there."""

    person_id: UUID | None
    name: str
    me: UUID | None
    works: bool
    keeps: bool
    counts: dict[str, int]

    @property
    def own(self) -> bool:
        """Whether they are one's own."""
        return self.person_id is not None and self.person_id == self.me


def look(desk: Desk, person_id: UUID | None) -> Who:
    """Ask whose shifts there are to show, and how many."""
    seat, now = desk.seat, edge.clock()
    whose = person_id or seat.person_id
    counts: dict[str, int] = {}
    name = ""
    if whose is not None:
        with desk.store.read() as session:
            person = session.get(Person, (seat.compound_id, whose))
            name = "" if person is None else person.name
            counts = {
                view: count_own(session, seat.compound_id, whose, now=now, ahead=view == AHEAD)
                for view in (AHEAD, BEHIND)
            }
    return Who(whose, name, seat.person_id, desk.may(WORKERS), desk.may(KEEPERS), counts)


def balance_of(desk: Desk, person_id: UUID) -> BalanceLine | None:
    """Return what somebody owes; None for whoever takes no turns and owes nothing."""
    with desk.store.read() as session:
        lines = balances(session, desk.seat.compound_id, today=desk.today(), now=edge.clock())
    return next((one for one in lines if one.person_id == person_id), None)


def columns_of(view: str) -> tuple[Column, ...]:
    """Return the columns of a tab; the least needed go first on a narrow terminal."""
    return (
        Column(t("my_shifts.day"), 10, priority=9),
        Column(t("my_shifts.time"), 15, priority=8),
        Column(t("my_shifts.shift"), 16, priority=9, grow=True),
        Column(
            t("my_shifts.how" if view == BEHIND else "my_shifts.state"),
            20 if view == BEHIND else 14,
            priority=8,
        ),
        Column(t("my_shifts.with"), 8, priority=6),
        Column(t("my_shifts.points"), 6, priority=4, align="right"),
    )


@dataclass(slots=True)
class OwnRows:
    """The rows of a tab that hold a text. `known` keeps the shifts of the pages read, so that a key need not ask again."""

    view: str
    text: str
    person_id: UUID | None
    known: dict[str, OwnShift] = field(default_factory=dict)

    def count(self, desk: Desk) -> int:
        person = self.person_id or desk.seat.person_id
        if person is None:
            return 0
        with desk.store.read() as session:
            return count_own(
                session,
                desk.seat.compound_id,
                person,
                now=edge.clock(),
                ahead=self.view == AHEAD,
                text=self.text,
            )

    def page(self, desk: Desk, offset: int, limit: int) -> Sequence[RowView]:
        person, now = self.person_id or desk.seat.person_id, edge.clock()
        if person is None:
            return []
        with desk.store.read() as session:
            found = page_own(
                session,
                desk.seat.compound_id,
                person,
                now=now,
                ahead=self.view == AHEAD,
                text=self.text,
                offset=offset,
                limit=limit,
            )
        self.known.update((str(one.id), one) for one in found)
        seen = _Seen(person, ZoneInfo(desk.seat.zone), now, desk.today())
        return [_row(one, self.view, seen) for one in found]


@dataclass(frozen=True, slots=True)
class _Seen:
    """Whose shifts are looked at, where and when."""

    person: UUID
    zone: ZoneInfo
    now: datetime
    today: date


def _row(one: OwnShift, view: str, seen: _Seen) -> RowView:
    line = one.line
    others = [who.name for who in line.people if who.person_id != seen.person]
    gap = gap_text(line) if view == AHEAD else ""
    return RowView(
        str(one.id),
        (
            _day(line.day, seen.today),
            span_text(line.starts_at, line.ends_at, seen.zone),
            shift_name(line),
            _served(one) if view == BEHIND else _coming(one, seen),
            Mark("▲", gap, Tone.WARN) if gap and not others else listed(others),
            points_text(line.points),
        ),
    )


def _day(day: date, today: date) -> str:
    return day_text(day) if day.year == today.year else f"{day:%Y-%m-%d}"


def _coming(one: OwnShift, seen: _Seen) -> Mark:
    """Return what is odd about a shift ahead, or else how soon it is."""
    presence = one.place.presence
    if presence is not Presence.COMING:
        return _presence(presence)
    if one.requests:
        return asked_mark(one.requests, seen.person)
    days = (one.line.day - seen.today).days
    if days <= 0:
        return Mark(
            "◷", t("my_shifts.today" if one.line.starts_at > seen.now else "my_shifts.now"), Tone.WARN
        )
    return Mark(SIGNS[presence], t("my_shifts.in_days", n=days) if days > 1 else t("my_shifts.tomorrow"))


def _served(one: OwnShift) -> Mark:
    """Return how it went: served, late, missed."""
    presence, came = one.place.presence, one.place.came_at
    mark = _presence(presence)
    if came is None or presence not in {Presence.SERVED, Presence.ON_DUTY}:
        words = one.place.absence_words
        return Mark(mark.symbol, f"{mark.word} {words}".strip(), mark.tone)
    late = late_minutes(one.line.starts_at, came)
    said = f"{mark.word} {late_text(late)}" if late > 0 else mark.word
    made_up = f" {t('my_shifts.made_up')}" if one.place.made_up else ""
    return Mark(mark.symbol, said + made_up, Tone.WARN if late > 0 else mark.tone)


def _presence(presence: Presence) -> Mark:
    return Mark(SIGNS[presence], presence_word(presence), _TONES.get(presence, Tone.PLAIN))
