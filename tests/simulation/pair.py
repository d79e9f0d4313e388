"""Two laptops of one compound that know nothing of each other until they meet, and the server they meet over."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from models.operations.envelope import Intent
from models.operations.perform import Outcome
from models.store import Store
from simulation.devices import Clock, Ids, Laptop
from simulation.reading import dump
from simulation.world import difference
from sync import exchange


@dataclass
class Pair:
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

    def disputes(self) -> list[tuple[Any, ...]]:
        """Return what is told of as a conflict, and how it stands."""
        return self.ask("SELECT table_name, field, status FROM conflict ORDER BY id")


def make_pair(open_here: Callable[..., Store], kind: type[Pair] = Pair) -> Pair:
    """Found the compound on one laptop; the other has yet to meet it."""
    server = open_here("server.linli")
    ids = Ids("apart")
    compound, director = ids(), ids()
    laptops = [
        Laptop(open_here(f"{name}.linli"), compound, director, Clock(), Ids(name)) for name in ("a", "b")
    ]
    pair = kind(server, *laptops)
    pair.a.found()
    return pair


def person(laptop: Laptop, name: str) -> UUID:
    """Return somebody's id."""
    [(row_id,)] = laptop.ask("SELECT id FROM person WHERE name = ? AND NOT archived", name)
    return UUID(row_id)


def done(laptop: Laptop, kind: str, at: datetime | None = None, **fields: Any) -> Outcome:
    """Do one thing at a time of its own; it must not be refused."""
    outcome: Outcome = laptop.together(Intent(kind, fields, happened_at=at))
    assert outcome.refused is None, (kind, outcome.refused)
    return outcome


def refusal(outcome: Outcome) -> str | None:
    """Return the code with which something was refused."""
    return None if outcome.refused is None else outcome.refused.code
