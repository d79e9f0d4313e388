"""Shifts and hours as values, for what draws them."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from models.duty.hours import Deed, Hours, Missed, Work, count, draw_up
from models.duty.queries import OnShift, ShiftLine
from models.duty.rules import Absence, Presence, ShiftState

SHANGHAI = ZoneInfo("Asia/Shanghai")
MONDAY = date(2026, 3, 2)
WANG, ZHANG = UUID(int=11), UUID(int=12)


def at(hour: int, minute: int = 0, *, day: date = MONDAY) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=SHANGHAI)


def on(name: str, **more: Any) -> OnShift:
    """Return somebody on a shift who is still to come, changed as asked."""
    plain: dict[str, Any] = {
        "id": UUID(int=sum(map(ord, name))),
        "person_id": UUID(int=sum(map(ord, name)) + 1),
        "name": name,
        "state": ShiftState.PUBLISHED,
        "locked": False,
        "leaving": False,
        "presence": Presence.COMING,
        "absence": Absence.NONE,
        "absence_words": "",
    }
    return OnShift(**(plain | more))


def shift(*people: OnShift, day: date = MONDAY, hour: int = 8, post: int = 1, **more: Any) -> ShiftLine:
    """Return a published shift of three hours that wants one more than there are people on it, changed as asked."""
    starts = at(hour, day=day)
    plain: dict[str, Any] = {
        "id": UUID(int=day.toordinal() * 10_000 + hour * 100 + post),
        "post_id": UUID(int=post),
        "post": f"岗位{post}",
        "place": "东门",
        "name": f"{hour}点班",
        "day": day,
        "starts_at": starts,
        "ends_at": starts + timedelta(hours=3),
        "hands": len(people) + 1,
        "needs": (),
        "points": 300,
        "state": ShiftState.PUBLISHED,
        "called_off": False,
        "note": "",
        "sequence": 1,
        "template_id": None,
        "team_id": None,
        "team": "",
        "people": people,
    }
    return ShiftLine(**(plain | more))


def given(months: int = 3, *, name: str = "王德胜", guest: str = "来帮忙的", team: str = "一组") -> Hours:
    """Return hours of two people and a guest, uneven on purpose: 20 minutes are a third of an hour."""
    deeds, last = [], MONDAY
    pool = UUID(int=7)
    for n in range(months):
        day = MONDAY + timedelta(days=31 * n)
        last = day
        for work, person, minutes in (
            (Work.DUTY, WANG, 200),
            (Work.WALK, WANG, 80),
            (Work.TICKET, WANG, 20),
            (Work.DUTY, ZHANG, 100),
            (Work.DUTY, None, 50),
        ):
            begin = at(8 + 4 * len(deeds) % 12, day=day)
            deeds.append(
                Deed(
                    work=work,
                    person_id=person,
                    guest="" if person else guest,
                    day=day,
                    starts_at=begin,
                    ends_at=begin + timedelta(minutes=minutes),
                    row_id=UUID(int=len(deeds) + 1),
                    about=f"{name} 早班",
                    team_id=pool if person is WANG else None,
                )
            )
    return draw_up(
        count(deeds),
        [Missed(ZHANG, MONDAY, excused=False)],
        first=MONDAY.replace(day=1),
        last=last,
        names={WANG: name, ZHANG: "张三"},
        teams={pool: team},
    )
