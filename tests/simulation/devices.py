"""A laptop under a test's hands: its store, its clock, its ids, and one way to act."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from models.ids import uuid7
from models.operations.envelope import Acting, Intent
from models.operations.perform import Outcome, perform
from models.operations.registry import load_kinds
from models.operations.resolve import complete
from models.operations.undo import undo
from models.operations.verdicts import Verdict
from models.problems import Problem
from models.store import Store

#: A morning in the compound, 2026-03-02 09:00 in Shanghai.
MORNING = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


@dataclass
class Clock:
    """A clock that moves one second each time it is read."""

    now: datetime = MORNING

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now


@dataclass
class Ids:
    """Makes the same ids in the same order whenever the seed is the same."""

    seed: str = "ids"
    made: int = 0

    def __call__(self) -> UUID:
        self.made += 1
        noise = hashlib.blake2b(f"{self.seed}:{self.made}".encode(), digest_size=10).digest()
        return uuid7(int(MORNING.timestamp() * 1000) + self.made, noise)


@dataclass
class Laptop:
    """One store with somebody in front of it."""

    store: Store
    compound_id: UUID
    person_id: UUID
    clock: Clock = field(default_factory=Clock)
    ids: Ids = field(default_factory=Ids)
    #: Seconds that nobody can set; with them the laptop notices that its clock is wrong.
    ticks: Callable[[], float] | None = None

    @property
    def path(self) -> Path:
        return self.store.path

    @property
    def acting(self) -> Acting:
        return Acting(self.compound_id, self.person_id, self.clock, self.ids, self.ticks)

    def do(self, kind: str, raw: Mapping[str, Any] | None = None, /, **fields: Any) -> Outcome:
        """Do one thing that must not be refused; codes and names stand for ids, as on the command line."""
        outcome = self.attempt(kind, raw, **fields)
        assert isinstance(outcome, Outcome), outcome
        assert outcome.refused is None, (kind, outcome.refused)
        return outcome

    def attempt(self, kind: str, raw: Mapping[str, Any] | None = None, /, **fields: Any) -> Outcome | Problem:
        """Try one thing; the outcome may be a refusal, or a reference that means nothing."""
        with self.store.write() as session:
            payload = complete(session, load_kinds()[kind], {**(raw or {}), **fields}, self.acting)
            if isinstance(payload, Problem):
                return payload
            return perform(session, [Intent(kind, payload)], self.acting)

    def together(self, *intents: Intent) -> Outcome:
        """Try several things as one group."""
        with self.store.write() as session:
            return perform(session, intents, self.acting)

    def undo(self, group_id: UUID) -> Outcome:
        with self.store.write() as session:
            return undo(session, group_id, self.acting)

    def found(self, name: str = "耐火小区", person_name: str = "王德胜") -> Outcome:
        """Make the compound, with the person in front of the laptop as its director."""
        return self.do("compound.found", name=name, person=str(self.person_id), person_name=person_name)

    def ask(self, sql: str, *params: Any) -> list[tuple[Any, ...]]:
        """Return what a question in SQL finds; ids are 32 hex digits."""
        with self.store.read() as session:
            return [tuple(row) for row in session.connection().exec_driver_sql(sql, params)]


def verdict_of(outcome: Outcome) -> Verdict:
    """Return the verdict of a group of one, or the one that refused a larger group."""
    return outcome.refused or outcome.verdicts[0]


def other_process() -> dict[str, str]:
    """Return an environment in which another Python finds this project and these helpers."""
    tests = Path(__file__).resolve().parents[1]
    return os.environ | {"PYTHONPATH": os.pathsep.join([str(tests.parent), str(tests)])}
