"""How SQLite goes about the statements of a question: which index leads to what, and what is read from end to end."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import event
from sqlmodel import Session

from simulation.devices import Laptop


def plans(laptop: Laptop, ask: Callable[[Session, UUID], object]) -> list[str]:
    """Return how SQLite goes about each statement of a question."""
    heard: list[tuple[str, Any]] = []

    def hear(_connection: object, _cursor: object, statement: str, parameters: Any, *_: object) -> None:
        if statement.startswith("SELECT"):
            heard.append((statement, parameters))

    event.listen(laptop.store.engine, "before_cursor_execute", hear)
    with laptop.store.read() as session:
        ask(session, laptop.compound_id)
    event.remove(laptop.store.engine, "before_cursor_execute", hear)
    assert heard
    found = []
    with laptop.store.read() as session:
        for statement, parameters in heard:
            steps = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
            found.append(" | ".join(step.detail for step in steps))
    return found


def read_whole(plan: str, tables: Iterable[str]) -> list[str]:
    """Return the steps of a plan that look at every row of one of some tables.

    Passing over an index that holds all it takes is no such step; `(compound_id=?)` alone leads to no less than all.
    """
    named = "|".join(tables)
    whole = re.compile(rf"(?:SCAN|SEARCH) (?:{named})(?: USING (COVERING )?INDEX \w+ \(compound_id=\?\))?$")
    return [step for step in plan.split(" | ") if (found := whole.match(step)) and not found[1]]
