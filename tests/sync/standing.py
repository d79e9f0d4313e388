"""What setting up a village costs once in a process, and not once in each test.

The first village on each kind of database is set up as people do it. What that
left in the server's store and in the laptops' files is put there for the later
ones, with the clock and all ids as far on as they were.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import SQLModel

from models.store import Store

#: The rows of each table, as the database spells them.
Rows = Mapping[str, list[tuple[Any, ...]]]


@dataclass(frozen=True)
class Stand:
    """A village at a moment: the server's rows, each laptop's file, and how far time and ids have come."""

    rows: Rows
    files: Mapping[str, bytes]
    now: datetime
    made: Mapping[str, int]
    asked: tuple[str, ...]


@dataclass(frozen=True)
class Standing:
    """A village that was set up: without laptops, with the first, and with the second."""

    empty: Rows
    alone: Stand
    both: Stand
    compound: UUID
    director: UUID


def rows_of(store: Store) -> Rows:
    """Return everything that a store holds."""
    row = "*" if _is_file(store) else "one::text"
    with store.read() as session:
        ask = session.connection().exec_driver_sql
        return {
            name: [tuple(found) for found in ask(f'SELECT {row} FROM "{name}" AS one')]  # noqa: S608
            for name in SQLModel.metadata.tables
        }


def put_rows(store: Store, rows: Rows, *, instead: Rows) -> None:
    """Let a store hold these rows, instead of those that it holds."""
    anyhow = (
        "PRAGMA defer_foreign_keys = ON"
        if _is_file(store)
        else "SET LOCAL session_replication_role = replica"
    )
    with store.write(lightly=True) as session:
        ask = session.connection().exec_driver_sql
        ask(anyhow)  # in any order
        for name in [name for name in rows if rows[name] != instead[name]]:
            ask(f'DELETE FROM "{name}"')  # noqa: S608
            if rows[name]:
                marks = ", ".join("?" * len(rows[name][0]))
                values = f"VALUES ({marks})" if _is_file(store) else f'SELECT (%s::"{name}").*'
                ask(f'INSERT INTO "{name}" {values}', rows[name])


def _is_file(store: Store) -> bool:
    return store.path is not None
