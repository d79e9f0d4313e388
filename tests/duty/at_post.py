"""A station with a desk, four people and shifts of any day, for the tests of what happens at the post."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from simulation.devices import MORNING, Laptop

from models.operations.envelope import Intent

ZONE = ZoneInfo("Asia/Shanghai")
TODAY = date(2026, 3, 2)
PEOPLE = ("张三", "李四", "赵六")


def at(hours: int, minutes: int = 0, *, day: date = TODAY) -> datetime:
    """Return a time of a day as the station's clock shows it."""
    return datetime(day.year, day.month, day.day, hours, minutes, tzinfo=ZONE)


def settle_post(laptop: Laptop) -> None:
    """Set up the desk, and three volunteers beside the director."""
    for name in PEOPLE:
        laptop.do("person.add", id=str(laptop.ids()), name=name)
        laptop.do("role.grant", id=str(laptop.ids()), person=name, role="volunteer", since="2020-01-01")
    laptop.do("post.add", id=str(laptop.ids()), name="服务台", keys="大门 2 把", counts_cash=True)


def person(laptop: Laptop, name: str) -> UUID:
    [(row_id,)] = laptop.ask("SELECT id FROM person WHERE name = ?", name)
    return UUID(row_id)


def shift(
    laptop: Laptop,
    starts: datetime,
    *people: str,
    hours: float = 3,
    name: str = "早班",
    post: str = "服务台",
    published: bool = True,
) -> UUID:
    """Add a shift with people on it."""
    row_id = laptop.ids()
    laptop.do(
        "shift.add",
        id=str(row_id),
        post=post,
        name=name,
        day=starts.astimezone(ZONE).date().isoformat(),
        starts_at=starts.isoformat(),
        ends_at=(starts + timedelta(hours=hours)).isoformat(),
        hands=max(len(people), 1),
        published=published,
    )
    for one in people:
        laptop.do("duty.assign", id=str(laptop.ids()), shift=str(row_id), person=one)
    return row_id


def came(laptop: Laptop, when: datetime, **fields: object) -> UUID:
    """Let somebody check in at a time."""
    row_id = laptop.ids()
    payload = {"id": str(row_id), **{name: str(value) for name, value in fields.items()}}
    outcome = laptop.together(Intent("duty.check_in", payload, happened_at=when))
    assert outcome.refused is None, outcome.refused
    return row_id


def went(laptop: Laptop, checkin: UUID, when: datetime) -> None:
    """Let somebody check out at a time."""
    outcome = laptop.together(Intent("duty.check_out", {"checkin": str(checkin)}, happened_at=when))
    assert outcome.refused is None, outcome.refused


assert at(9) == MORNING
