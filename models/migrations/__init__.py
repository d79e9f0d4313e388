"""The schema's history, applied by Alembic when a store is opened."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy import Connection, Engine

#: Every schema this version can open, oldest first. Kept here, not asked of
#: Alembic, so that opening an up-to-date store imports none of it.
REVISIONS = ("0001", "0002", "0003", "0004", "0005", "0006")
HEAD = REVISIONS[-1]

#: A database without these tables is somebody else's, whatever it says of its schema.
TABLES_OF_OURS = frozenset({"alembic_version", "operation", "setting"})

#: Names the lock, among all locks of a PostgreSQL database, that whoever migrates it holds.
_LOCK = 0x6C696E6C69


def upgrade(engine: Engine, *, then: Callable[[Connection], None] | None = None) -> None:
    """Bring a store to HEAD in one transaction, and run `then` in it; on failure it is as it was.

    Of several processes that do this at once, one does it and the others wait.
    """
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    begun = _begun_on_sqlite if engine.dialect.name == "sqlite" else _begun_on_postgresql
    with engine.connect() as connection, begun(connection) as write:
        config.attributes["connection"] = write
        command.upgrade(config, "head")
        if then is not None:
            then(write)


@contextmanager
def _begun_on_sqlite(connection: Connection) -> Iterator[Connection]:
    # A batch rebuild drops and renames tables: with foreign keys on, SQLite would delete the
    # children. The pragma does nothing inside a transaction, so it goes past SQLAlchemy's BEGIN.
    raw = connection.connection.driver_connection
    assert raw is not None  # noqa: S101  # an open connection has one
    raw.execute("PRAGMA foreign_keys = OFF")
    try:
        write = connection.execution_options(linli_write=True)
        with write.begin():
            yield write
            broken = write.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
            if broken:
                raise RuntimeError(f"migration leaves dangling references: {broken[:3]}")
    finally:
        raw.execute("PRAGMA foreign_keys = ON")


@contextmanager
def _begun_on_postgresql(connection: Connection) -> Iterator[Connection]:
    with connection.begin():
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")
        # A table whose deferred references are still to be checked cannot be altered.
        connection.exec_driver_sql("SET CONSTRAINTS ALL IMMEDIATE")
        yield connection
        _sort_by_code_point(connection)


def _sort_by_code_point(connection: Connection) -> None:
    """Let every text column compare as it does on SQLite, whatever the database's own collation.

    Lists come in one order then, and a search for a beginning can use an index.
    """
    columns = connection.exec_driver_sql(
        """
        SELECT a.attrelid::regclass, quote_ident(a.attname), format_type(a.atttypid, a.atttypmod)
        FROM pg_attribute a
        JOIN pg_class t ON t.oid = a.attrelid
        JOIN pg_collation c ON c.oid = a.attcollation
        WHERE t.relnamespace = current_schema()::regnamespace AND t.relkind = 'r'
            AND a.attnum > 0 AND NOT a.attisdropped AND c.collname <> 'C'
        ORDER BY t.relname, a.attnum
        """
    )
    changes: dict[str, list[str]] = {}
    for table, column, kind in columns:
        changes.setdefault(table, []).append(f'ALTER {column} TYPE {kind} COLLATE "C"')
    for table, parts in changes.items():
        connection.exec_driver_sql(f"ALTER TABLE {table} {', '.join(parts)}")
