"""A paper card as it is typed back in: times and days as people write them, visits, and what becomes of it. Values only."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum
from itertools import count
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from models.ids import NewId
from models.operations.envelope import Intent
from models.tables import Json
from models.tickets.payloads import MOST_MINUTES
from models.tickets.rules import Channel, State, WaitFor

_NOON: Final = time(12)
_HOUR: Final = 60
_FEN: Final = 100
#: A card has fewer lines than this.
_MOST: Final = 1000
_MOMENT: Final = timedelta(microseconds=1)
_CLOCK: Final = re.compile(r"(?P<h>\d{1,3}):(?P<m>[0-5]?\d)")
_WORDS: Final = re.compile(
    r"(?:(?P<h>\d{1,3}(?:\.\d{1,2})?)(?:个?半?小时|h|小时))?(?:(?P<m>\d{1,5})(?:分钟?|分|min|m|'))?"
)
_HOURS: Final = re.compile(r"\d{1,3}(?:\.\d{1,2})?")
_DAY: Final = re.compile(r"(?:(?:(?P<y>\d{4})\D{1,3})?(?P<m>\d{1,2})\D{1,3})?(?P<d>\d{1,2})\D{0,2}")
_WHOLE: Final = re.compile(r"(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})")
_MONTHS_BACK: Final = 13
_WEEK: Final = 7


class Result(StrEnum):
    """What a card says of the job after a visit."""

    DONE = "done"
    WAITS = "waits"
    NOT_YET = "not_yet"
    MORE = "more"


def minutes_of(text: str) -> int | None:
    """Read how long work took: `2`, `1.5` and `1:30` are hours, `90分` minutes, `1小时30分` both; None if unreadable."""
    plain = unicodedata.normalize("NFKC", text).casefold().replace(" ", "").replace("。", ".")
    if not plain:
        return 0
    found: int | None = None
    if (clock := _CLOCK.fullmatch(plain)) is not None:
        found = int(clock["h"]) * _HOUR + int(clock["m"])
    elif _HOURS.fullmatch(plain) is not None:
        found = int(Decimal(plain) * _HOUR)
    elif (said := _WORDS.fullmatch(plain)) is not None and (said["h"] or said["m"]):
        half = _HOUR // 2 if "半小时" in plain and said["h"] else 0
        found = int(Decimal(said["h"] or 0) * _HOUR) + half + int(said["m"] or 0)
    return found if found is not None and found <= MOST_MINUTES else None


def day_of(text: str, today: date) -> date | None:
    """Read a day that has been: `22`, `11-22`, `11月22日`, `2026-11-22`; without a year or month the last such. None if unreadable."""
    plain = unicodedata.normalize("NFKC", text).replace(" ", "")
    if not plain:
        return today
    found = _WHOLE.fullmatch(plain) or _DAY.fullmatch(plain)
    if found is None:
        return None
    year, month = (int(found[name]) if found[name] else None for name in ("y", "m"))
    if year is not None:
        return _make(year, month or 1, int(found["d"]))
    if month is not None:
        tried = (_make(today.year - back, month, int(found["d"])) for back in (0, 1))
    else:
        first = today.replace(day=1)
        months = []
        for _ in range(_MONTHS_BACK):
            months.append(first)
            first = (first - timedelta(days=1)).replace(day=1)
        tried = (_make(one.year, one.month, int(found["d"])) for one in months)
    return next((day for day in tried if day is not None and day <= today), None)


def coming_day_of(text: str, today: date) -> date | None:
    """Read a day to come, written like one that has been; nothing typed is a week from today. None if unreadable or past."""
    plain = unicodedata.normalize("NFKC", text).replace(" ", "")
    if not plain:
        return today + timedelta(days=_WEEK)
    found = _WHOLE.fullmatch(plain) or _DAY.fullmatch(plain)
    if found is None:
        return None
    year, month = (int(found[name]) if found[name] else None for name in ("y", "m"))
    day = int(found["d"])
    if year is not None:
        tried = [_make(year, month or 1, day)]
    elif month is not None:
        tried = [_make(today.year + on, month, day) for on in (0, 1)]
    else:
        months = [(today.month - 1 + on) for on in range(_MONTHS_BACK)]
        tried = [_make(today.year + one // 12, one % 12 + 1, day) for one in months]
    return next((one for one in tried if one is not None and one >= today), None)


def _make(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def fen_of(yuan: Decimal | int | None) -> int:
    """Return yuan in fen; what was typed has at most two decimals."""
    return 0 if yuan is None else int(Decimal(yuan) * _FEN)


@dataclass(frozen=True, slots=True)
class Visit:
    """One line of a card: the day, how long in minutes, what was done and used, what it cost in fen."""

    day: date
    minutes: int = 0
    words: str = ""
    parts: str = ""
    cost: int = 0

    def kept(self) -> dict[str, Json]:
        return {
            "day": self.day.isoformat(),
            "minutes": self.minutes,
            "words": self.words,
            "parts": self.parts,
            "cost": self.cost,
        }

    @classmethod
    def from_kept(cls, kept: Mapping[str, Any]) -> Visit:
        return replace(cls(**kept), day=date.fromisoformat(str(kept["day"])))


@dataclass(frozen=True, slots=True)
class Ending:
    """What a card says at its foot: how the job stands, and what the requester says of it."""

    result: Result
    recheck: bool = False
    until: date | None = None
    because: str = ""
    score: int | None = None
    said: str = ""


@dataclass(frozen=True, slots=True)
class Subject:
    """The ticket that a card belongs to, as far as typing it in goes."""

    id: UUID
    code: str
    state: State
    opened_at: datetime
    zone: ZoneInfo

    @property
    def opened(self) -> date:
        return self.opened_at.astimezone(self.zone).date()

    def at(self, day: date, now: datetime) -> datetime:
        """Return when something of that day was done: at its noon, but never before the ticket came in; today just now."""
        if day == now.astimezone(self.zone).date():
            return now
        return max(datetime.combine(day, _NOON, self.zone).astimezone(UTC), self.opened_at)


def card_intents(
    subject: Subject,
    visits: Sequence[Visit],
    ending: Ending,
    *,
    doer_id: UUID | None,
    now: datetime,
    new_id: NewId,
) -> list[Intent]:
    """Return what a card says, as one group: its visits, the last of them with its end, and the score."""
    just_now, place = now - _MOMENT * _MOST, count()

    def intent(kind: str, day: date, said: Mapping[str, Json], *, doer: UUID | None = doer_id) -> Intent:
        payload: dict[str, Json] = {"id": str(new_id()), "ticket": str(subject.id), **said}
        # A little later each: a story is told in the order of its times.
        at = subject.at(day, just_now) + _MOMENT * next(place)
        return Intent(kind, payload, doer_id=doer, happened_at=at)

    *earlier, last = visits
    made = [intent("ticket.log", one.day, _work(one)) for one in earlier]
    over = subject.state in {State.DONE, State.CLOSED}
    if ending.result is Result.DONE and not over:
        made.append(intent("ticket.finish", last.day, {**_work(last), "recheck": ending.recheck}))
    else:
        # Somebody said at the desk already that it is done: the card tells how.
        made.append(intent("ticket.log", last.day, _work(last)))
    if ending.result is Result.WAITS and ending.until is not None:
        until: dict[str, Json] = {"until": ending.until.isoformat(), "wait_for": WaitFor.OTHER.value}
        made.append(intent("ticket.wait", last.day, {**until, "words": ending.because}))
    if ending.score is not None:
        score: dict[str, Json] = {"score": ending.score, "words": ending.said, "channel": Channel.VISIT.value}
        made.append(intent("ticket.rate", last.day, score, doer=None))
    return made


def _work(visit: Visit) -> dict[str, Json]:
    return {"minutes": visit.minutes, "cost": visit.cost, "parts": visit.parts, "words": visit.words}
