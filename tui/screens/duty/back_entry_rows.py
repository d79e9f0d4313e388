"""The sheet's lines as rows: who, when, and what will be kept of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import select

from models.duty.queries import PERSON, ShiftLine
from models.duty.rules import Absence, late_minutes
from tui.desk import Desk
from tui.duty_words import SIGNS, clock_text, day_text, late_text, presence_word, shift_name, span_text
from tui.i18n import t
from tui.screens.duty.back_entry_state import How, Said, SheetLine, span
from tui.screens.duty.back_entry_store import Sheet
from tui.screens.duty.times import clock_of
from tui.widgets.rows import Column, RowView
from tui.widgets.text import Mark, Tone

_SIGNS = {
    How.CAME: ("✓", Tone.GOOD),
    How.NO_SHOW: ("×", Tone.BAD),
    How.EXCUSED: ("−", Tone.WARN),
    How.ANOTHER: ("⇄", Tone.INFO),
    How.EXTRA: ("+", Tone.INFO),
}


def columns() -> tuple[Column, ...]:
    return (
        Column(t("duty_desk.name"), 10, priority=9),
        Column(t("back_entry.kept_as"), 24, priority=9, grow=True),
        Column(t("duty_desk.when"), 15, priority=8),
        Column(t("duty_desk.shift"), 16, priority=6, grow=True),
        Column(t("back_entry.stands"), 12, priority=5),
    )


def views(
    lines: Sequence[SheetLine], marks: Mapping[str, Said], sheet: Sheet, *, week: bool
) -> list[RowView]:
    """Return the rows: what is said of each, else what is known already."""
    return [_view(line, marks.get(line.key), sheet, week=week) for line in lines]


def _view(line: SheetLine, said: Said | None, sheet: Sheet, *, week: bool) -> RowView:
    shift = line.shift
    when = span_text(shift.starts_at, shift.ends_at, sheet.zone)
    name = line.who.name if line.who is not None else "" if said is None else said.name
    place = shift_words(shift)
    return RowView(
        line.key,
        (
            name,
            _said(line, said, sheet),
            when,
            f"{day_text(shift.day)} {place}" if week else place,
            _stands(line),
        ),
        muted=line.recorded,
    )


def shift_words(shift: ShiftLine) -> str:
    return shift_name(shift)


def _said(line: SheetLine, said: Said | None, sheet: Sheet) -> Mark:
    if said is None:
        return Mark("", _recorded(line, sheet)) if line.came else Mark("", "")
    sign, tone = _SIGNS[said.how]
    if said.how in {How.NO_SHOW, How.EXCUSED}:
        return Mark(sign, t(f"back_entry.how.{said.how}", why=said.words), tone)
    came, left = span(line, said, sheet.zone, now=sheet.now)
    if line.unfinished:
        return Mark(sign, t("back_entry.went", time=clock_of(left or came, sheet.zone)), tone)
    plain = said.how is How.CAME and said.came is not None
    parts = [] if plain else [t(f"back_entry.how.{said.how}", person=said.name)]
    if said.came is not None:
        until = "" if said.left is None else f"–{clock_text(said.left)}"
        parts += [f"{clock_of(came, sheet.zone)}{until}", late_text(late_minutes(line.shift.starts_at, came))]
    return Mark(sign, " ".join(part for part in parts if part), tone)


def _recorded(line: SheetLine, sheet: Sheet) -> str:
    who = line.who
    if who is None or who.came_at is None:
        return ""
    until = t("back_entry.no_end") if line.unfinished else ""
    until = until if who.left_at is None else f"–{clock_of(who.left_at, sheet.zone)}"
    return f"{clock_of(who.came_at, sheet.zone)}{until}"


def _stands(line: SheetLine) -> Mark:
    who = line.who
    if who is None:
        return Mark("", "")
    tone = Tone.WARN if who.absence is not Absence.NONE else Tone.MUTED
    return Mark(SIGNS[who.presence], presence_word(who.presence), tone)


def head_words(
    lines: Sequence[SheetLine], marks: Mapping[str, Said], sheet: Sheet, *, post_id: UUID | None
) -> str:
    """Return which sheet it is, how many lines it has, how many are known, and how many will be kept."""
    days = day_text(sheet.first)
    if sheet.last != sheet.first:
        days = f"{days} – {day_text(sheet.last)}"
    post = next((one.text for one in sheet.posts if one.id == str(post_id)), t("back_entry.all_posts"))
    known = sum(line.recorded for line in lines)
    parts = [f"{sheet.first:%Y}-{days}", post, t("back_entry.lines", n=len(lines), known=known)]
    if marks:
        parts.append(t("back_entry.to_keep", n=len(marks)))
    return " · ".join(parts)


def name_of(desk: Desk, person_id: UUID) -> str:
    """Return somebody's name."""
    with desk.store.read() as session:
        statement = select(PERSON.c.name).where(
            PERSON.c.compound_id == desk.seat.compound_id, PERSON.c.id == person_id
        )
        return str(session.connection().execute(statement).scalar() or "")
