"""A store's health: is it whole, and what does it hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlmodel import SQLModel

from models.migrations import HEAD
from models.store import Store


@dataclass(frozen=True, slots=True)
class Health:
    """What an examination found. `integrity` is `ok` or SQLite's first finding; `size` is in bytes."""

    schema: str
    integrity: str
    dangling: int
    sqlite: str
    size: int
    counts: Mapping[str, int]

    @property
    def whole(self) -> bool:
        """Whether nothing is damaged and nothing points nowhere."""
        return self.integrity == "ok" and self.dangling == 0


def examine(store: Store) -> Health:
    """Read the whole store and report. Costs time in proportion to its size."""
    with store.read() as session:
        connection = session.connection()
        integrity = str(connection.exec_driver_sql("PRAGMA integrity_check(1)").scalar())
        dangling = len(connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall())
        sqlite = str(connection.exec_driver_sql("SELECT sqlite_version()").scalar())
        counts = {
            name: int(connection.exec_driver_sql(f'SELECT count(*) FROM "{name}"').scalar() or 0)  # noqa: S608  # our own table names
            for name in sorted(SQLModel.metadata.tables)
        }
    return Health(HEAD, integrity, dangling, sqlite, store.path.stat().st_size, counts)
