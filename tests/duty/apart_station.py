"""Two laptops of one station that know nothing of each other until they meet, for the tests of rosters made apart."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from simulation.devices import Clock, Ids, Laptop
from simulation.reading import dump
from simulation.world import difference

from models.operations.envelope import Intent
from models.operations.perform import Outcome
from models.store import Store
from sync import exchange

ZONE = ZoneInfo("Asia/Shanghai")
DAY = date(2026, 4, 6)
PEOPLE = ("张三", "李四", "王五", "赵六")


@dataclass
class Apart:
    """A server, and the laptops `a` and `b`: the director sits at both unless somebody else does."""

    server: Store
    a: Laptop
    b: Laptop

    def meet(self, *order: Laptop) -> None:
        """Let them reach the server, `order` first; then all hold the same."""
        for _ in range(2):
            for laptop in (*order, *(one for one in (self.a, self.b) if one not in order)):
                with laptop.store.read() as session:
                    push = exchange.outgoing(session, laptop.compound_id)
                with self.server.write() as session:
                    exchange.receive(session, push)
            for laptop in (self.a, self.b):
                with laptop.store.read() as session:
                    device, cursor, acked = exchange.wanted(session, laptop.compound_id)
                with self.server.read() as session:
                    page = exchange.page(
                        session, laptop.compound_id, device_id=device, after=cursor, acked_n=acked
                    )
                with laptop.store.write() as session:
                    exchange.take_page(session, page)
        rows = dump(self.server, self.a.compound_id)
        for laptop in (self.a, self.b):
            own = dump(laptop.store, laptop.compound_id)
            assert own == rows, difference(own, rows)

    def seat(self, laptop: Laptop, name: str) -> None:
        """Let somebody sit down at a laptop."""
        laptop.person_id = person(laptop, name)

    def ask(self, sql: str) -> list[tuple[Any, ...]]:
        with self.server.read() as session:
            return [tuple(row) for row in session.connection().exec_driver_sql(sql)]

    def on(self, shift: str, *, more: str = "") -> list[str]:
        """Return who is on a shift."""
        rows = self.ask(
            "SELECT p.name FROM assignment a JOIN person p ON p.id = a.person_id JOIN shift s ON s.id = a.shift_id"  # noqa: S608
            f" WHERE NOT a.archived AND s.name = '{shift}' {more} ORDER BY p.name"
        )
        return [str(name) for (name,) in rows]

    def disputes(self) -> list[tuple[Any, ...]]:
        """Return what is told of as a conflict, and how it stands."""
        return self.ask("SELECT table_name, field, status FROM conflict ORDER BY id")


def make(open_here: Callable[..., Store]) -> Apart:
    """Found the compound on one laptop, let the other join, and set up a desk and people."""
    server = open_here("server.linli")
    ids = Ids("apart")
    compound, director = ids(), ids()
    laptops = [
        Laptop(open_here(f"{name}.linli"), compound, director, Clock(), Ids(name)) for name in ("a", "b")
    ]
    apart = Apart(server, *laptops)
    a = apart.a
    a.found()
    for name in PEOPLE:
        a.do("person.add", id=str(a.ids()), name=name)
        a.do("role.grant", person=name, role="volunteer", since="2020-01-01")
    a.do("post.add", name="服务台")
    a.do("shift_template.add", post="服务台", name="早班", starts="8:00", minutes=180)
    apart.meet()
    return apart


def person(laptop: Laptop, name: str) -> UUID:
    [(row_id,)] = laptop.ask("SELECT id FROM person WHERE name = ? AND NOT archived", name)
    return UUID(row_id)


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


def done(laptop: Laptop, kind: str, at: datetime | None = None, **fields: Any) -> Outcome:
    """Do one thing at a time of its own; it must not be refused."""
    outcome: Outcome = laptop.together(Intent(kind, fields, happened_at=at))
    assert outcome.refused is None, (kind, outcome.refused)
    return outcome


def refusal(outcome: Outcome) -> str | None:
    """Return the code with which something was refused."""
    return None if outcome.refused is None else outcome.refused.code


def choose(apart: Apart, laptop: Laptop, choice: str) -> None:
    """Settle the one conflict there is."""
    [(row_id,)] = laptop.ask("SELECT id FROM conflict")
    laptop.do("conflict.resolve", conflict=str(UUID(row_id)), choice=choice)
    apart.meet()
