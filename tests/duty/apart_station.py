"""Two laptops of one station that know nothing of each other until they meet, for the tests of rosters made apart."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from simulation.devices import Laptop
from simulation.pair import Pair, done, make_pair, person

from models.operations.perform import Outcome
from models.store import Store

ZONE = ZoneInfo("Asia/Shanghai")
DAY = date(2026, 4, 6)
PEOPLE = ("张三", "李四", "王五", "赵六")


class Apart(Pair):
    """A pair of laptops that make a roster of one desk."""

    def on(self, shift: str, *, more: str = "") -> list[str]:
        """Return who is on a shift."""
        rows = self.ask(
            "SELECT p.name FROM assignment a JOIN person p ON p.id = a.person_id JOIN shift s ON s.id = a.shift_id"  # noqa: S608
            f" WHERE NOT a.archived AND s.name = '{shift}' {more} ORDER BY p.name"
        )
        return [str(name) for (name,) in rows]


def make(open_here: Callable[..., Store]) -> Apart:
    """Found the compound on one laptop, let the other join, and set up a desk and people."""
    apart = make_pair(open_here, Apart)
    assert isinstance(apart, Apart)
    a = apart.a
    for name in PEOPLE:
        a.do("person.add", id=str(a.ids()), name=name)
        a.do("role.grant", person=name, role="volunteer", since="2020-01-01")
    a.do("post.add", name="服务台")
    a.do("shift_template.add", post="服务台", name="早班", starts="8:00", minutes=180)
    apart.meet()
    return apart


def shift(laptop: Laptop, name: str, *, hour: int = 8, hands: int = 1, published: bool = True) -> str:
    """Set a shift of three hours by hand, and return its id."""
    row_id = str(laptop.ids())
    starts = datetime(DAY.year, DAY.month, DAY.day, hour, tzinfo=ZONE)
    laptop.do(
        "shift.add",
        id=row_id,
        post="服务台",
        name=name,
        day=DAY.isoformat(),
        starts_at=starts.isoformat(),
        ends_at=(starts + timedelta(hours=3)).isoformat(),
        hands=hands,
        points=300,
        published=published,
    )
    return row_id


def put(laptop: Laptop, shift_id: str, name: str) -> str:
    """Put somebody on a shift by hand, and return the id of their place."""
    row_id = str(laptop.ids())
    laptop.do("duty.assign", id=row_id, shift=shift_id, person=str(person(laptop, name)))
    return row_id


def fill(laptop: Laptop, *puts: tuple[str, str], drop: Sequence[str] = ()) -> Outcome:
    """Put people on shifts as the generator does."""
    put = [
        {"id": str(laptop.ids()), "shift": shift_id, "person": str(person(laptop, name))}
        for shift_id, name in puts
    ]
    return done(laptop, "duty.fill", put=put, drop=list(drop))


def publish(laptop: Laptop) -> Outcome:
    """Publish all that is a draft here."""
    drafts = {
        table: [str(UUID(row)) for (row,) in laptop.ask(f"SELECT id FROM {table} WHERE {where}")]  # noqa: S608
        for table, where in (
            ("shift", "state = 'draft' AND NOT archived"),
            ("assignment", "state = 'draft' AND NOT archived AND NOT leaving"),
        )
    }
    leaving = [str(UUID(row)) for (row,) in laptop.ask("SELECT id FROM assignment WHERE leaving")]
    return done(
        laptop, "duty.publish", shifts=drafts["shift"], assignments=drafts["assignment"], leaving=leaving
    )


def place(laptop: Laptop, shift_name: str, name: str) -> str:
    """Return the id of somebody's place."""
    [(row_id,)] = laptop.ask(
        "SELECT a.id FROM assignment a JOIN person p ON p.id = a.person_id JOIN shift s ON s.id = a.shift_id"
        " WHERE s.name = ? AND p.name = ? AND NOT a.archived",
        shift_name,
        name,
    )
    return str(UUID(row_id))


def choose(apart: Apart, laptop: Laptop, choice: str) -> None:
    """Settle the one conflict there is."""
    [(row_id,)] = laptop.ask("SELECT id FROM conflict")
    laptop.do("conflict.resolve", conflict=str(UUID(row_id)), choice=choice)
    apart.meet()
