"""A paper sheet as it is typed in: its lines, what is said of each, and the operations that carry it. Pure but for new ids."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from models.duty.queries import OnShift, ShiftLine
from models.duty.rules import Absence
from models.ids import NewId
from models.operations.envelope import Intent
from tui.screens.duty.desk_fields import marking
from tui.screens.duty.desk_replacing import replacing
from tui.screens.duty.times import after, near, read_clock

EXTRA: Final = "extra"


class How(StrEnum):
    """What stands on the sheet beside a name."""

    CAME = "came"
    NO_SHOW = "no_show"
    EXCUSED = "excused"
    ANOTHER = "another"  # another came instead
    EXTRA = "extra"  # came besides, from the register or a guest


@dataclass(frozen=True, slots=True)
class Said:
    """What is said of a line: how, from when until when in minutes after midnight, a reason, and who came."""

    how: How
    came: int | None = None
    left: int | None = None
    words: str = ""
    person: str = ""
    name: str = ""

    def kept(self) -> dict[str, Any]:
        """Return it as a draft holds it."""
        return {
            "how": self.how.value,
            "came": self.came,
            "left": self.left,
            "words": self.words,
            "person": self.person,
            "name": self.name,
        }

    @staticmethod
    def from_kept(values: Mapping[str, Any]) -> Said:
        """Return what a draft holds."""
        return Said(
            How(str(values["how"])),
            values.get("came"),
            values.get("left"),
            *(str(values.get(name, "")) for name in ("words", "person", "name")),
        )


@dataclass(frozen=True, slots=True)
class SheetLine:
    """A line of the sheet: somebody's place on a shift; without `who` somebody who came besides.

    Of an `unfinished` one it is known that they came, and not when they went though the shift is over.
    """

    key: str
    shift: ShiftLine
    who: OnShift | None = None
    unfinished: bool = False

    @property
    def came(self) -> bool:
        """Whether it is known already that they came."""
        return self.who is not None and self.who.came_at is not None

    @property
    def recorded(self) -> bool:
        """Whether all of it is known already."""
        return self.came and not self.unfinished


def lines_of(shifts: Sequence[ShiftLine], said: Mapping[str, Said], *, now: datetime) -> list[SheetLine]:
    """Return the lines of some shifts, those who came besides behind the people of theirs."""
    lines: list[SheetLine] = []
    for shift in shifts:
        lines += (SheetLine(str(who.id), shift, who, _unfinished(shift, who, now)) for who in shift.people)
        extras = sorted(key for key in said if key.startswith(f"{EXTRA}:{shift.id}:"))
        lines += (SheetLine(key, shift) for key in extras)
    return lines


def _unfinished(shift: ShiftLine, who: OnShift, now: datetime) -> bool:
    return who.came_at is not None and who.left_at is None and shift.ends_at <= now


def extra_key(shift: ShiftLine, said: Mapping[str, Said]) -> str:
    """Return a key for one more who came to a shift."""
    taken = [int(key.rpartition(":")[2]) for key in said if key.startswith(f"{EXTRA}:{shift.id}:")]
    return f"{EXTRA}:{shift.id}:{max(taken, default=0) + 1:03d}"


def read_times(text: str) -> tuple[int, int | None] | None:
    """Return from when until when of `0832` or `0832 1130`; None if it cannot be read."""
    parts = text.replace("–", " ").replace("-", " ").replace("—", " ").replace("~", " ").split()
    if not parts or len(parts) > 2:  # noqa: PLR2004 - from and until
        return None
    came = read_clock(parts[0])
    left = read_clock(parts[1]) if len(parts) > 1 else None
    if came is None or (len(parts) > 1 and left is None):
        return None
    return came, left


def with_times(said: Said | None, came: int, left: int | None) -> Said:
    """Return what is said of a line with times; whoever has times has come."""
    if said is None or said.how in {How.NO_SHOW, How.EXCUSED}:
        return Said(How.CAME, came, left)
    return replace(said, came=came, left=left)


def span(line: SheetLine, said: Said, zone: ZoneInfo, *, now: datetime) -> tuple[datetime, datetime | None]:
    """Return when somebody came and went: as planned, unless times are said. Who is still there has not gone."""
    shift = line.shift
    came = shift.starts_at if said.came is None else near(said.came, shift.starts_at, zone)
    if line.unfinished and line.who is not None and line.who.came_at is not None:
        came = line.who.came_at
    left = shift.ends_at if said.left is None else after(said.left, came, zone)
    if said.left is None and left <= came:
        left = came + timedelta(
            minutes=1
        )  # they came after it was over, and the sheet does not say until when
    return came, left if left <= now else None


def intents_of(line: SheetLine, said: Said, zone: ZoneInfo, *, now: datetime, new_id: NewId) -> list[Intent]:
    """Return what carries a line, at the sheet's own times."""
    who, shift = line.who, line.shift
    if said.how in {How.NO_SHOW, How.EXCUSED}:
        return [] if who is None else [_absent(who, shift, said)]
    if line.unfinished and who is not None:
        _, gone = span(line, said, zone, now=now)
        out = {"checkin": str(who.checkin_id)}
        return [Intent("duty.check_out", out, doer_id=who.person_id, happened_at=gone)]
    intents: list[Intent] = []
    person = UUID(said.person) if said.person else None if who is None else who.person_id
    if said.how is How.ANOTHER and who is not None:
        intents += replacing(who, said.person, said.words, new_id=new_id, at=shift.starts_at)
    elif who is not None and who.absence is not Absence.NONE:
        back = marking(who.id, Absence.NONE, "", before=who.absence, before_words=who.absence_words)
        intents.append(back)
    came, left = span(line, said, zone, now=now)
    payload: dict[str, Any] = {"id": str(new_id()), "shift": str(shift.id)}
    if person is None:
        payload["guest"] = said.name
    else:
        payload["person"] = str(person)
    if left is not None:
        payload["left_at"] = left.isoformat()
    return [*intents, Intent("duty.check_in", payload, doer_id=person, happened_at=came)]


def _absent(who: OnShift, shift: ShiftLine, said: Said) -> Intent:
    absence = Absence.NO_SHOW if said.how is How.NO_SHOW else Absence.EXCUSED
    made = marking(who.id, absence, said.words, before=who.absence, before_words=who.absence_words)
    return replace(made, happened_at=shift.starts_at)
