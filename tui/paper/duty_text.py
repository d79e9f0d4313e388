"""Duty as text for the chat group: who is on when, what lacks somebody, who is there today. Names by their surname only."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import groupby
from typing import Final
from zoneinfo import ZoneInfo

from models.duty.queries import OnShift, ShiftLine
from models.duty.rules import Absence, Presence
from models.text import mask_name
from tui import duty_words as words
from tui.i18n import t
from tui.paper.markup import line
from tui.row_words import listed

#: A chat shows so much of a message before it folds it.
_MOST: Final = 80


def roster_text(lines: Sequence[ShiftLine], compound: str, first: date, last: date, *, zone: ZoneInfo) -> str:
    """Return who is on on some days, a line for each shift; of many the first, and how many more there are."""
    told = [t("paper.duty_chat.roster", compound=compound, first=f"{first:%m-%d}", last=f"{last:%m-%d}")]
    for day, group in groupby(lines[:_MOST], key=lambda one: one.day):
        told.append(f"【{words.day_text(day)}】")
        told += [_shift(one, zone) for one in group]
    if not lines:
        told.append(t("paper.duty_chat.no_shift"))
    told += _more(len(lines))
    gaps = sum(one.missing for one in lines)
    if gaps:
        told.append(t("paper.duty_chat.wanted", n=gaps))
    return "\n".join(told)


def gaps_text(lines: Sequence[ShiftLine], compound: str, *, zone: ZoneInfo) -> str:
    """Return the shifts among these that lack somebody, and ask for hands."""
    gaps = [one for one in lines if one.gap]
    told = [t("paper.duty_chat.gaps", compound=compound, n=len(gaps))]
    told += [
        f"{words.GAP_SIGN} {words.day_text(one.day)} {words.span_text(one.starts_at, one.ends_at, zone)} "
        f"{line(words.shift_name(one))} {words.gap_text(one)}"
        for one in gaps[:_MOST]
    ]
    told += _more(len(gaps))
    if gaps:
        told.append(t("paper.duty_chat.come"))
    return "\n".join(told)


def today_text(lines: Sequence[ShiftLine], compound: str, today: date, *, zone: ZoneInfo) -> str:
    """Return who is on today, and who is there already."""
    told = [t("paper.duty_chat.today", compound=compound, day=words.day_text(today))]
    told += [_shift(one, zone, presence=True) for one in lines] or [t("paper.duty_chat.no_shift")]
    return "\n".join(told)


def _more(n: int) -> list[str]:
    return [t("paper.duty_chat.more", n=n - _MOST)] if n > _MOST else []


def _shift(one: ShiftLine, zone: ZoneInfo, *, presence: bool = False) -> str:
    people = listed([_named(person, presence=presence) for person in one.people if not person.leaving])
    gap = f"{words.GAP_SIGN}{words.gap_text(one)}" if one.gap else ""
    return t(
        "paper.duty_chat.line",
        span=words.span_text(one.starts_at, one.ends_at, zone),
        shift=line(words.shift_name(one)),
        people=" ".join(part for part in (people, gap) if part),
    )


def _named(person: OnShift, *, presence: bool) -> str:
    name = mask_name(line(person.name))
    if presence and person.presence in {Presence.ON_DUTY, Presence.SERVED}:
        return f"{name}{words.SIGNS[person.presence]}"
    # Who stayed away without a word is nobody's business but the desk's.
    return t("paper.duty_chat.absent", name=name) if person.absence is Absence.EXCUSED else name
