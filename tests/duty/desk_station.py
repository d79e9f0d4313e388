"""A station for tests of duty: a compound with volunteers, a post, and shifts made short."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from simulation.devices import Laptop

from models.duty.queries import ShiftLine, shifts_by_id
from models.operations.envelope import Intent
from models.operations.perform import Outcome, perform
from models.operations.resolve import find_row

ZONE = ZoneInfo("Asia/Shanghai")
#: The day of the tests' clock, a Monday.
TODAY = date(2026, 3, 2)
PEOPLE = ("张三", "李四", "赵敏", "钱广")


def settle(laptop: Laptop) -> None:
    """Add volunteers and the desk."""
    for name in PEOPLE:
        laptop.do("person.add", name=name)
        laptop.do("role.grant", person=name, role="volunteer")
    laptop.do("post.add", name="服务台")


def at(hour: int, minute: int = 0, *, day: date = TODAY) -> datetime:
    """Return a time of a day, today's if no other is given."""
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=ZONE)


def shift(laptop: Laptop, *, day: date = TODAY, begins: int = 8, hours: int = 4, **more: Any) -> UUID:
    """Set a published shift, and return its id."""
    starts = at(begins, day=day)
    values = {
        "post": "服务台",
        "name": "早班",
        "day": day.isoformat(),
        "starts_at": starts.isoformat(),
        "ends_at": (starts + timedelta(hours=hours)).isoformat(),
        "points": hours * 100,
        "published": True,
    }
    return new_of(laptop.do("shift.add", values | more))


def new_of(outcome: Outcome) -> UUID:
    """Return the id of what an operation made."""
    return UUID(str(outcome.operations[0].payload["id"]))


def person(laptop: Laptop, name: str) -> UUID:
    with laptop.store.read() as session:
        found = find_row(session, laptop.compound_id, "person", name)
    assert isinstance(found, UUID), found
    return found


def put(laptop: Laptop, shift_id: UUID, name: str, **more: Any) -> UUID:
    """Put somebody on a shift by hand, and return their place."""
    return new_of(laptop.do("duty.assign", {"shift": str(shift_id), "person": name, **more}))


def fact(laptop: Laptop, kind: str, happened_at: datetime, /, **payload: Any) -> Outcome:
    """Note what happened at a time."""
    given = {name: str(value) if isinstance(value, UUID) else value for name, value in payload.items()}
    with laptop.store.write() as session:
        outcome = perform(session, [Intent(kind, given, happened_at=happened_at)], laptop.acting)
    assert outcome.refused is None, (kind, outcome.refused)
    return outcome


def check_in(laptop: Laptop, shift_id: UUID, name: str, when: datetime, **more: Any) -> UUID:
    """Note that somebody came to a shift."""
    row_id = laptop.ids()
    fact(laptop, "duty.check_in", when, id=row_id, shift=shift_id, person=person(laptop, name), **more)
    return row_id


def line(laptop: Laptop, shift_id: UUID, *, now: datetime | None = None, drafts: bool = True) -> ShiftLine:
    """Return a shift as rooms show it."""
    with laptop.store.read() as session:
        asked = shifts_by_id(
            session, laptop.compound_id, [shift_id], now=now or laptop.clock(), drafts=drafts
        )
    return asked[shift_id]


def names(found: ShiftLine) -> list[str]:
    """Return who is on a shift."""
    return [one.name for one in found.people]
