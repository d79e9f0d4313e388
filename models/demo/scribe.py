"""The hand that writes the demo: it knows ids by the names people use, and what time it was."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from operator import attrgetter
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session

from models.ids import NewId
from models.operations.envelope import Acting, Intent
from models.operations.perform import MOST_IN_A_GROUP, perform
from models.operations.verdicts import Accepted

#: A kind and its payload.
Change = tuple[str, dict[str, Any]]


class DemoRefusedError(Exception):
    """An operation of the demo was not simply accepted: the demo and the rules have drifted apart."""


@dataclass(frozen=True)
class Entry:
    """Something that happens at its time, whatever else is being told: who does it, and what makes its changes."""

    at: datetime
    by: str
    changes: Callable[[], Sequence[Any]]


@dataclass
class Scribe:
    """Performs the demo's operations. `now` is in the compound's zone and stands still.

    What is planned ahead is told before the first thing that comes after it, so
    that all is told in the order of time.
    """

    session: Session
    compound_id: UUID
    now: datetime
    new_id: NewId
    _ids: dict[tuple[str, str], UUID] = field(default_factory=dict)
    _diary: list[Entry] = field(default_factory=list)

    def name(self, noun: str, name: str) -> str:
        """Return a fresh id for a thing that people will call by this name."""
        return str(self._ids.setdefault((noun, name), self.new_id()))

    def knows(self, noun: str, name: str) -> bool:
        """Tell whether there is a thing that people call by this name."""
        return (noun, name) in self._ids

    def count(self, noun: str) -> int:
        """Return how many things of a kind have been named."""
        return sum(kind == noun for kind, _ in self._ids)

    def ref(self, noun: str, name: str) -> str:
        """Return the id of a thing by its name."""
        return str(self._ids[noun, name])

    def uuid(self, noun: str, name: str) -> UUID:
        """Return the id of a thing by its name, for an envelope."""
        return self._ids[noun, name]

    @property
    def zone(self) -> ZoneInfo:
        """Return the zone in which the compound's clocks go."""
        return ZoneInfo(str(self.now.tzinfo))

    def fresh(self) -> str:
        """Return an id for something that nobody names again."""
        return str(self.new_id())

    def day(self, days_ago: int) -> date:
        """Return the day that many days ago."""
        return self.now.date() - timedelta(days=days_ago)

    def at(self, days_ago: int, hour: int, minute: int = 0) -> datetime:
        """Return a time of an earlier day."""
        return datetime.combine(self.day(days_ago), time(hour, minute), self.now.tzinfo)

    def write(self, by: str, at: datetime, *changes: Change | Intent, batch_id: UUID | None = None) -> None:
        """Perform a group, recorded by somebody at a time, after what was planned before it."""
        self.catch_up(at)
        self._perform(by, at, changes, batch_id)

    def plan(self, entries: Iterable[Entry]) -> None:
        """Remember what will happen."""
        self._diary = sorted([*self._diary, *entries], key=attrgetter("at"), reverse=True)

    def catch_up(self, to: datetime) -> None:
        """Tell what was planned up to a time."""
        while self._diary and self._diary[-1].at <= to:
            entry = self._diary.pop()
            self._perform(entry.by, entry.at, entry.changes(), None)

    def _perform(
        self, by: str, at: datetime, changes: Sequence[Change | Intent], batch_id: UUID | None
    ) -> None:
        """Perform a group. Anything but plain acceptance is a bug."""
        acting = Acting(self.compound_id, self._ids["person", by], lambda: at, self.new_id)
        group = [change if isinstance(change, Intent) else Intent(*change) for change in changes]
        outcome = perform(self.session, group, acting, batch_id=batch_id)
        for operation, verdict in zip(outcome.operations, outcome.verdicts, strict=False):
            if not isinstance(verdict, Accepted):
                raise DemoRefusedError(operation.kind, operation.payload, verdict)

    def write_many(self, by: str, at: datetime, changes: Iterable[Change | Intent]) -> None:
        """Perform as many groups as it takes, a minute apart, under one batch id."""
        batch_id = self.new_id()
        waiting = list(changes)
        for n, start in enumerate(range(0, len(waiting), MOST_IN_A_GROUP)):
            group = waiting[start : start + MOST_IN_A_GROUP]
            self.write(by, at + timedelta(minutes=n), *group, batch_id=batch_id)
