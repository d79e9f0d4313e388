"""What opening a store costs once in a process, and not once in each test.

The migrations are run into one store; later empty ones get the schema that they
made there, in the same transaction and with the same device. A statement is
compiled for the first store that is asked it, as it is in a program that has
one store. `tests/store` looks at opening itself, and does without the first.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import Connection, Engine
from sqlalchemy.util import LRUCache

from models import migrations, store_postgresql, store_sqlite

#: Of more statements than this the oldest are compiled again; the tests know about a thousand.
_MOST_STATEMENTS = 10_000

_create_engine = store_sqlite.create_engine
_upgrade = migrations.upgrade
#: The first engine of each kind, connected once: it knows what it speaks to.
_first: dict[str, Engine] = {}


def quick_stores() -> None:
    """Let every store of this process be quick from now on."""
    store_sqlite.create_engine = store_postgresql.create_engine = create_engine  # type: ignore[attr-defined]
    store_sqlite.upgrade = upgrade  # type: ignore[attr-defined]


def create_engine(*address: Any, **options: Any) -> Engine:
    """Make an engine that shares dialect and compiled statements with the first one of its kind."""
    engine = _create_engine(*address, **options)
    first = _first.setdefault(engine.dialect.name, engine)
    if first is engine:
        engine._compiled_cache = LRUCache(_MOST_STATEMENTS)
    elif first.dialect.server_version_info:
        engine.dialect = engine.pool._dialect = first.dialect
        engine._compiled_cache = first._compiled_cache
    return engine


def upgrade(engine: Engine, *, then: Callable[[Connection], None] | None = None) -> None:
    """Bring a store to HEAD; an empty one by what the migrations made of another empty one."""
    with engine.connect() as connection:
        empty = not connection.exec_driver_sql("SELECT 1 FROM sqlite_master").first()
    if not empty:
        _upgrade(engine, then=then)
        return
    with engine.connect() as connection, migrations._begun_on_sqlite(connection) as write:
        raw = write.connection.driver_connection
        assert raw is not None
        for statement, values in migrated():
            raw.execute(statement, values)
        if then is not None:
            then(write)


@cache
def migrated() -> tuple[tuple[str, tuple[Any, ...]], ...]:
    """Return the statements that make of an empty database what the migrations make of it, with their values."""
    with TemporaryDirectory() as folder:
        engine = store_sqlite._engine(Path(folder) / "store.linli", None)
        _upgrade(engine)
        with engine.connect() as connection:
            ask = connection.exec_driver_sql
            made = [
                (statement, ())
                for (statement,) in ask("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY rowid")
            ]
            for (table,) in ask("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY rowid").all():
                for row in ask(f'SELECT * FROM "{table}"'):  # noqa: S608
                    marks = ", ".join("?" * len(row))
                    made.append((f'INSERT INTO "{table}" VALUES ({marks})', tuple(row)))  # noqa: S608
        engine.dispose()
    return tuple(made)
