"""A store in an SQLite file: pragmas, migrations behind a copy, and what its errors mean.

The engine is SQLCipher's driver everywhere, with or without a key, so that
every laptop runs the same SQLite whatever its system ships.
"""

from __future__ import annotations

import errno
import os
import sqlite3
from collections.abc import Callable
from pathlib import Path
from time import sleep as pause
from typing import Any
from urllib.parse import quote

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.pool import QueuePool
from sqlcipher3 import dbapi2 as driver

from models.errors import StoreBusy, StoreError, StoreFull, StoreTooNew, StoreUnreadable, StoreUnwritable
from models.migrations import HEAD, REVISIONS, TABLES_OF_OURS, upgrade

#: How long a writer waits for another process before it gives up.
BUSY_MS = 10_000

#: An SQLite page in bytes, at the least.
_SMALLEST = 512


def open_file(
    path: Path, *, key: bytes | None, then: Callable[[Connection], None]
) -> tuple[Engine, Path | None]:
    """Return an engine on the store at `path`, and where it was copied to before a migration, if it was.

    `then` runs inside the transaction that makes or migrates it.
    """
    if path.is_dir():
        raise StoreUnreadable(str(path))
    path.parent.mkdir(parents=True, exist_ok=True)
    found = _schema(path, key) if path.exists() and path.stat().st_size else None
    if found is not None and found not in REVISIONS:
        raise StoreTooNew(str(path), schema=found)
    if not os.access(path.parent, os.W_OK) or (path.exists() and not os.access(path, os.W_OK)):
        raise StoreUnwritable(str(path))
    engine = _engine(path, key)
    backup = None
    try:
        if found is not None and found != HEAD:
            backup = _copy(path, found, key)
        if found != HEAD:
            upgrade(engine, then=then)
    except BaseException:
        engine.dispose()
        raise
    return engine, backup


def _schema(path: Path, key: bytes | None) -> str | None:
    """Return the schema's revision, or None for an empty database.

    It is empty while another program is making it. This only reads: without a
    journal beside it the file is opened as unchangeable, because even a
    read-only connection would leave a -wal and a -shm file there.
    """
    if path.stat().st_size < _SMALLEST:
        raise StoreUnreadable(
            str(path)
        )  # SQLite takes a few bytes for an empty database, and writes over them
    if not path.with_name(f"{path.name}-wal").exists():
        try:
            return _revision(path, key, "immutable=1")
        except (StoreUnreadable, driver.Error):
            pass  # a program may have begun to write just now: read again with its locks
    return _revision(path, key, "mode=ro")


def _revision(path: Path, key: bytes | None, how: str) -> str | None:
    # Every slash is quoted too: two at the start would name a host.
    connection = driver.connect(f"file:{quote(str(path.absolute()), safe='')}?{how}", uri=True)
    try:
        if key is not None:
            connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
        names = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
        if not names:
            return None
        if not names >= TABLES_OF_OURS:
            raise StoreUnreadable(str(path))
        row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        if row is None:
            raise StoreUnreadable(str(path))
        return str(row[0])
    except UnicodeDecodeError as error:
        raise StoreUnreadable(str(path)) from error  # the damage lies in a table's name
    finally:
        connection.close()


def _engine(path: Path, key: bytes | None) -> Engine:
    engine = create_engine(
        "sqlite://", module=driver, creator=lambda: _connect(path, key), poolclass=QueuePool
    )

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # A deferred BEGIN that writes later fails with "database is locked" instead of waiting.
        options = connection.get_execution_options()
        if options.get("linli_write"):
            # FULL waits at each commit until the disk has it; NORMAL may lose the last commits in a power cut.
            connection.exec_driver_sql(f"PRAGMA synchronous = {options.get('linli_care', 'FULL')}")
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        else:
            connection.exec_driver_sql("BEGIN")

    return engine


def _copy(path: Path, schema: str, key: bytes | None) -> Path | None:
    """Copy the store beside itself as one consistent file, whatever other programs do meanwhile.

    Returns None when another program has migrated the store already: its copy
    of the old schema must not be replaced by one of the new.
    """
    target = path.with_name(f"{path.name}.{schema}.backup")
    draft = path.with_name(f"{path.name}.{schema}.{os.getpid()}.draft")
    draft.unlink(missing_ok=True)
    connection = _connect(path, key)
    try:
        connection.execute("VACUUM INTO ?", (str(draft),))
        if _revision(draft, key, "immutable=1") != schema:
            return None
        draft.replace(target)
    finally:
        connection.close()
        draft.unlink(missing_ok=True)
    return target


def _connect(path: Path, key: bytes | None) -> Any:
    connection = driver.connect(str(path.absolute()), timeout=BUSY_MS / 1000, check_same_thread=False)
    connection.isolation_level = None  # the engine's begin event says BEGIN
    if key is not None:
        connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
    _use_wal(connection)
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    return connection


def _use_wal(connection: Any) -> None:
    """Turn the write-ahead log on; of two processes on a new file one has to wait.

    SQLite does not wait here by itself: changing the mode is refused at once
    while another connection changes it.
    """
    for _ in range(BUSY_MS // 20):
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except driver.OperationalError as error:
            if "locked" not in str(error):
                connection.close()
                raise
            pause(0.02)
        else:
            return
    connection.close()
    raise driver.OperationalError("database is locked")


_NO_ENTRY = frozenset(
    {errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR, errno.EISDIR, errno.ENOENT, errno.EEXIST}
)
_SIGNS: tuple[tuple[str, type[StoreError]], ...] = (
    ("is not a database", StoreUnreadable),
    ("malformed", StoreUnreadable),
    ("could not decode", StoreUnreadable),
    ("is encrypted", StoreUnreadable),
    ("readonly", StoreUnwritable),
    ("unable to open", StoreUnwritable),
    ("disk is full", StoreFull),
    ("disk i/o error", StoreFull),
    ("is locked", StoreBusy),
)


def store_error(path: Path, error: BaseException | None) -> StoreError | None:
    """Return what an error says about the store, None when it says nothing.

    When the disk is full SQLite ends the transaction, and rolling back to a
    savepoint then fails too: the reason is the error in whose handling that happened.
    """
    if isinstance(error, PoolTimeout):
        return StoreBusy(str(path))
    if isinstance(error, OSError):
        if error.errno in _NO_ENTRY:
            return StoreUnwritable(str(path))
        return StoreFull(str(path)) if error.errno in {errno.ENOSPC, errno.EDQUOT} else None
    if not isinstance(error, DBAPIError | driver.Error | sqlite3.Error):
        return None
    while error is not None:
        message = str(error.orig if isinstance(error, DBAPIError) else error).lower()
        for sign, kind in _SIGNS:
            if sign in message:
                return kind(str(path))
        error = error.__context__
    return None
