"""Carrying out what a file or a look at many rows comes to: group by group, so that a power cut costs one group."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from models.operations.envelope import Acting, Intent
from models.operations.perform import MOST_IN_A_GROUP, perform
from models.operations.verdicts import Rejected
from models.store import Store

#: Hears how many groups of how many are done; False stops before the next one.
Heard = Callable[[int, int], bool]


@dataclass(frozen=True, slots=True)
class Group:
    """Intents that stand or fall together, and how many rows of a file they are."""

    intents: tuple[Intent, ...]
    rows: int


@dataclass(frozen=True, slots=True)
class Carried:
    """What became of the groups: how many rows stand now. The groups after one that was refused were not tried."""

    rows: int
    of: int
    refused: Rejected | None = None
    stopped: bool = False
    batch_id: UUID | None = None


def one_by_one(intents: Iterable[Intent], *, size: int = MOST_IN_A_GROUP) -> tuple[Group, ...]:
    """Return intents of one row each as groups."""
    every = tuple(intents)
    return tuple(
        Group(every[start : start + size], len(every[start : start + size]))
        for start in range(0, len(every), size)
    )


def carry_out(store: Store, groups: Sequence[Group], acting: Acting, heard: Heard | None = None) -> Carried:
    """Perform groups under one batch id, each in a write transaction of its own."""
    of, rows, batch_id = sum(group.rows for group in groups), 0, acting.new_id()
    for done, group in enumerate(groups, start=1):
        with store.write() as session:
            outcome = perform(session, group.intents, acting, batch_id=batch_id)
        if outcome.refused is not None:
            return Carried(rows, of, outcome.refused, batch_id=batch_id)
        rows += group.rows
        if heard is not None and not heard(done, len(groups)) and done < len(groups):
            return Carried(rows, of, stopped=True, batch_id=batch_id)
    return Carried(rows, of, batch_id=batch_id)
