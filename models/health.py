"""A store's health: is it whole, and what does it hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, ForeignKeyConstraint, and_, exists, func, select
from sqlmodel import SQLModel

from models.migrations import HEAD
from models.store import Store


@dataclass(frozen=True, slots=True)
class Health:
    """What an examination found. `integrity` is `ok` or SQLite's first finding; `size` is in bytes.

    `version` is that of `database`, which is `SQLite` or `PostgreSQL`.
    """

    schema: str
    integrity: str
    dangling: int
    database: str
    version: str
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
        counts = {
            table.name: int(connection.execute(select(func.count()).select_from(table)).scalar_one())
            for table in sorted(SQLModel.metadata.tables.values(), key=lambda table: table.name)
        }
        if store.path is not None:
            return Health(
                schema=HEAD,
                integrity=_asked(connection, "PRAGMA integrity_check(1)"),
                dangling=len(connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()),
                database="SQLite",
                version=_asked(connection, "SELECT sqlite_version()"),
                size=store.path.stat().st_size,
                counts=counts,
            )
        return Health(
            schema=HEAD,
            integrity="ok",  # PostgreSQL checks every page it reads, and all have been read
            dangling=_dangling(connection),
            database="PostgreSQL",
            version=_asked(connection, "SHOW server_version"),
            size=int(_asked(connection, "SELECT pg_database_size(current_database())")),
            counts=counts,
        )


def _asked(connection: Connection, sql: str) -> str:
    return str(connection.exec_driver_sql(sql).scalar())


def _dangling(connection: Connection) -> int:
    """Count references to rows that are not there: a restore can switch the database's own check off."""
    found = 0
    for table in SQLModel.metadata.tables.values():
        for constraint in table.constraints:
            if isinstance(constraint, ForeignKeyConstraint):
                parent = constraint.referred_table.alias("parent")
                pairs = [(key.parent, parent.c[key.column.name]) for key in constraint.elements]
                there = exists().where(*(column == target for column, target in pairs))
                set_ = and_(*(column.is_not(None) for column, _ in pairs))
                statement = select(func.count()).select_from(table).where(set_, ~there)
                found += int(connection.execute(statement).scalar_one())
    return found
