"""What opening a store costs once in a process, and not once in each test.

The migrations are run into one file; a later store that is not there yet begins
as a copy of it, and gets its device from whoever opens it. A statement is
compiled for the first store that is asked it, as it is in a program that has
one store. `tests/store` looks at opening itself, and does without the first.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import Connection, Engine
from sqlalchemy.util import LRUCache

from models import store_postgresql, store_sqlite

#: Of more statements than this the oldest are compiled again; the tests know about a thousand.
_MOST_STATEMENTS = 10_000

_create_engine = store_sqlite.create_engine
open_file = store_sqlite.open_file
#: The first engine of each kind, connected once: it knows what it speaks to.
_first: dict[str, Engine] = {}


def quick_stores() -> None:
    """Let every store of this process be quick from now on."""
    store_sqlite.create_engine = store_postgresql.create_engine = create_engine  # type: ignore[attr-defined]
    store_sqlite.open_file = open_copy


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


def open_copy(
    path: Path, *, key: bytes | None, then: Callable[[Connection], None]
) -> tuple[Engine, Path | None]:
    """Open a file as always; one that is not there is copied first from what the migrations make."""
    if key is None and not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        if os.access(path.parent, os.W_OK):
            path.write_bytes(migrated())
            engine, backup = open_file(path, key=key, then=then)
            with engine.execution_options(linli_write=True, linli_care="OFF").begin() as write:
                then(write)
            return engine, backup
    return open_file(path, key=key, then=then)


@cache
def migrated() -> bytes:
    """Return the file that the migrations make of none, without a device."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "store.linli"
        engine, _ = open_file(path, key=None, then=lambda _: None)
        engine.dispose()
        return path.read_bytes()
