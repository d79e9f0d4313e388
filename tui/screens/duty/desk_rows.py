"""The desk's list as values: who is on today's shifts, who came besides, whom a typed text may name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from uuid import UUID

from models.duty.queries import Helper, OnShift, ShiftLine
from models.duty.queries_presence import Attendance
from models.duty.rules import Presence, late_minutes
from tui.duty_words import SIGNS, late_text, presence_word, shift_name, span_text
from tui.i18n import t
from tui.screens.duty.desk_store import AWAITED, Known, Morning
from tui.screens.duty.times import clock_of
from tui.widgets.rows import Column, RowView
from tui.widgets.text import Mark, Tone

FEW: Final = 9
_TONES: Final = {
    Presence.COMING: Tone.PLAIN,
    Presence.ON_DUTY: Tone.GOOD,
    Presence.SERVED: Tone.MUTED,
    Presence.MISSING: Tone.BAD,
    Presence.NO_SHOW: Tone.BAD,
    Presence.EXCUSED: Tone.WARN,
}


class Sort(StrEnum):
    """What a row of the desk stands for."""

    PLACE = "place"
    CAME = "came"
    PERSON = "person"
    GUEST = "guest"


@dataclass(frozen=True, slots=True)
class DeskRow:
    """A row: somebody on a shift, who came besides, somebody of the register, or a guest by the name that was typed."""

    sort: Sort
    name: str
    person_id: UUID | None = None
    shift: ShiftLine | None = None
    who: OnShift | None = None
    checkin_id: UUID | None = None
    there: bool = False
    note: str = ""
    forgot: bool = False  # to check out, after a shift of the day before

    @property
    def id(self) -> str:
        """What the list knows it by."""
        key = self.who.id if self.who is not None else self.checkin_id or self.person_id or ""
        return f"{self.sort}:{key}"

    @property
    def awaited(self) -> bool:
        """Whether somebody on a shift has yet to come."""
        return self.who is not None and self.who.presence in AWAITED


def columns() -> tuple[Column, ...]:
    return (
        Column("", 1, priority=9),
        Column(t("duty_desk.state"), 9, priority=9),
        Column(t("duty_desk.name"), 10, priority=9),
        Column(t("duty_desk.shift"), 12, priority=7, grow=True),
        Column(t("duty_desk.when"), 15, priority=6),
        Column(t("duty_desk.came"), 17, priority=8, grow=True),
    )


def todays(morning: Morning) -> list[DeskRow]:
    """Return the day's rows in the order of the shifts."""
    rows: list[DeskRow] = []
    for shift in morning.shifts:
        rows += (_placed(shift, who) for who in shift.people)
        rows += (_helped(shift, one) for one in shift.helpers)
    rows += (_besides(one) for one in morning.besides)
    return rows


def found(morning: Morning, people: Sequence[Known], typed: str) -> list[DeskRow]:
    """Return the rows of a search: whom the day knows already first, and last a guest of that name."""
    named = {one.id for one in people}
    rows = [row for row in todays(morning) if row.person_id in named]
    rows.sort(key=lambda row: not row.awaited)
    known = {row.person_id for row in rows}
    rows += (DeskRow(Sort.PERSON, one.name, one.id, note=one.note) for one in people if one.id not in known)
    if typed:
        rows.append(DeskRow(Sort.GUEST, typed))
    return rows


def numbered(rows: Sequence[DeskRow], morning: Morning) -> list[DeskRow]:
    """Return whom the digits check in: who has yet to come to a shift that is not over, in their order."""
    waiting = (row for row in rows if row.awaited and _is_on(row, morning))
    return [row for row, _ in zip(waiting, range(FEW), strict=False)]


def _is_on(row: DeskRow, morning: Morning) -> bool:
    return row.shift is not None and row.shift.ends_at > morning.now


def _placed(shift: ShiftLine, who: OnShift) -> DeskRow:
    there = who.presence is Presence.ON_DUTY
    return DeskRow(Sort.PLACE, who.name, who.person_id, shift, who, who.checkin_id, there)


def _helped(shift: ShiftLine, one: Helper) -> DeskRow:
    return DeskRow(
        Sort.CAME, one.name, one.person_id, shift, checkin_id=one.checkin_id, there=one.left_at is None
    )


def _besides(one: Attendance) -> DeskRow:
    return DeskRow(
        Sort.CAME,
        one.name,
        one.person_id,
        checkin_id=one.checkin_id,
        there=one.left_at is None,
        note=f"{one.post} {one.shift}".strip(),
        forgot=one.shift_id is not None,
    )


def views(rows: Sequence[DeskRow], morning: Morning, *, digits: bool) -> list[RowView]:
    """Return the rows as the list shows them; with `digits` those that a digit checks in carry it."""
    number = {row.id: str(n) for n, row in enumerate(numbered(rows, morning) if digits else (), 1)}
    return [_view(row, morning, number.get(row.id, "")) for row in rows]


def _view(row: DeskRow, morning: Morning, number: str) -> RowView:
    shift = row.shift
    return RowView(
        row.id,
        (
            number,
            _state(row),
            row.name if row.sort is not Sort.GUEST else t("duty_desk.guest_named", name=row.name),
            shift_name(shift) if shift is not None else row.note,
            span_text(shift.starts_at, shift.ends_at, morning.zone) if shift is not None else "",
            " ".join(_came(row, morning)),
        ),
    )


def _state(row: DeskRow) -> Mark:
    if row.who is not None:
        presence = row.who.presence
        return Mark(SIGNS[presence], presence_word(presence), _TONES[presence])
    if row.sort is Sort.GUEST:
        return Mark("+", t("duty_desk.guest"), Tone.INFO)
    if row.forgot:
        return Mark("!", t("duty_desk.still"), Tone.WARN)
    if row.there:
        return Mark(SIGNS[Presence.ON_DUTY], t("duty_desk.helps"), Tone.GOOD)
    if row.sort is Sort.CAME:
        return Mark(SIGNS[Presence.SERVED], t("duty_desk.helped"), Tone.MUTED)
    return Mark("+", t("duty_desk.not_on"), Tone.INFO)


def _came(row: DeskRow, morning: Morning) -> Iterator[str]:
    who, shift = row.who, row.shift
    if who is None:
        yield from _helper_times(row, morning)
        return
    if who.came_at is None:
        if who.presence is Presence.MISSING and shift is not None and morning.now < shift.ends_at:
            yield late_text(late_minutes(shift.starts_at, morning.now))
        elif who.absence_words:
            yield who.absence_words
        return
    yield clock_of(who.came_at, morning.zone)
    if who.left_at is not None:
        yield f"– {clock_of(who.left_at, morning.zone)}"
    late = 0 if shift is None else late_minutes(shift.starts_at, who.came_at)
    if late > 0 or who.left_at is None:  # who has gone in time was in time
        yield late_text(late)
    if who.made_up:
        yield t("duty_desk.made_up")


def _helper_times(row: DeskRow, morning: Morning) -> Iterator[str]:
    helpers = (one for shift in morning.shifts for one in shift.helpers)
    came_by: list[Helper | Attendance] = [*helpers, *morning.besides]
    times = {one.checkin_id: (one.came_at, one.left_at) for one in came_by}
    came, left = times.get(row.checkin_id or UUID(int=0), (None, None))
    if came is not None:
        yield clock_of(came, morning.zone)
    if left is not None:
        yield f"– {clock_of(left, morning.zone)}"


def head_marks(morning: Morning) -> list[Mark]:
    """Return how many are there, missed and expected, and who acts at this laptop."""
    people = [(shift, who) for shift in morning.shifts for who in shift.people]
    helpers = [one for shift in morning.shifts for one in shift.helpers if one.left_at is None]
    there = sum(who.presence is Presence.ON_DUTY for _, who in people) + len(helpers)
    there += sum(one.left_at is None for one in morning.besides)
    missing = sum(who.presence is Presence.MISSING and shift.ends_at > morning.now for shift, who in people)
    waiting = len(morning.waiting)
    marks = [
        Mark("", t("duty_desk.head.now", time=clock_of(morning.now, morning.zone)), Tone.MUTED),
        Mark("", t("duty_desk.head.there", n=there), Tone.GOOD if there else Tone.MUTED),
    ]
    if missing:
        marks.append(Mark("!", t("duty_desk.head.missing", n=missing), Tone.BAD))
    if waiting:
        marks.append(Mark("◷", t("duty_desk.head.waiting", n=waiting), Tone.WARN))
    acting = "duty_desk.head.acting" if morning.acting else "duty_desk.head.nobody"
    return [*marks, Mark("", t(acting, person=morning.acting), Tone.MUTED)]
