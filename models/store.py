"""Opening a store: engine, pragmas, read and write sessions, migrations behind a backup.

The engine is SQLCipher's driver everywhere, with or without a key, so that
every laptop runs the same SQLite whatever its system ships.
"""

from __future__ import annotations

import errno
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import sleep as pause
from typing import Any
from urllib.parse import quote

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import QueuePool
from sqlcipher3 import dbapi2 as driver
from sqlmodel import Session

from models.errors import StoreBusy, StoreError, StoreFull, StoreTooNew, StoreUnreadable, StoreUnwritable
from models.ids import NewId
from models.migrations import HEAD, REVISIONS, upgrade
from models.operations.tables import Setting
from models.tables import table_of

#: How long a writer waits for another process before it gives up.
BUSY_MS = 10_000

#: Without these tables an SQLite file is somebody else's, whatever it says of its schema.
_OURS = frozenset({"alembic_version", "operation", "setting"})


#: An SQLite page in bytes, at the least.
_SMALLEST = 512


@dataclass(frozen=True, slots=True)
class Store:
    """An open store. Sessions are short: one for a screen's question, one for a person's act."""

    path: Path
    engine: Engine
    #: Where the store was copied to before a migration, if it was.
    backup: Path | None = None

    @contextmanager
    def read(self) -> Iterator[Session]:
        """Yield a session that sees one snapshot and writes nothing."""
        with _translated(self.path), Session(self.engine, expire_on_commit=False, autoflush=False) as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        """Yield a session in BEGIN IMMEDIATE; commit at the end, roll back on any exception."""
        engine = self.engine.execution_options(linli_write=True)
        with _translated(self.path), Session(engine, expire_on_commit=False) as session, session.begin():
            yield session

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()


def open_store(path: Path, *, new_id: NewId, key: bytes | None = None) -> Store:
    """Open the store at `path`, making it or migrating it when needed.

    `key` is 32 raw bytes, or None for a store without encryption. Raises a
    `StoreError` that names what is wrong; a store of a newer schema, a damaged
    one and a file of another kind are left as they were.
    """
    with _translated(path):
        if path.is_dir():
            raise StoreUnreadable(str(path))
        path.parent.mkdir(parents=True, exist_ok=True)
        found = _schema(path, key) if path.exists() and path.stat().st_size else None
        fresh = found is None
        if found is not None and found not in REVISIONS:
            raise StoreTooNew(str(path), schema=found)
        if not os.access(path.parent, os.W_OK) or (path.exists() and not os.access(path, os.W_OK)):
            raise StoreUnwritable(str(path))
        engine = _engine(path, key)
        backup = None
        try:
            if fresh:
                _make(engine, new_id)
            elif found is not None and found != HEAD:
                backup = _copy(path, found, key)
                upgrade(engine)
        except BaseException:
            engine.dispose()
            raise
        return Store(path, engine, backup)


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
        if not names >= _OURS:
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
        immediate = connection.get_execution_options().get("linli_write")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")

    return engine


def _make(engine: Engine, new_id: NewId) -> None:
    def name_device(connection: Connection) -> None:
        # Two processes may make one store at once: the second finds the first's name.
        statement = sqlite_insert(table_of(Setting)).values(key="device", value=new_id().hex)
        connection.execute(statement.on_conflict_do_nothing())

    upgrade(engine, then=name_device)


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


@contextmanager
def _translated(path: Path) -> Iterator[None]:
    """Turn the driver's and the system's errors into the store's own."""
    try:
        yield
    except StoreError:
        raise
    except (DBAPIError, driver.Error, sqlite3.Error) as error:
        known = _store_error(path, error)
        if known is None:
            raise
        raise known from error
    except OSError as error:
        if error.errno in _NO_ENTRY:
            raise StoreUnwritable(str(path)) from error
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise StoreFull(str(path)) from error
        raise


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


def _store_error(path: Path, error: BaseException | None) -> StoreError | None:
    """Return what an error says about the store.

    When the disk is full SQLite ends the transaction, and rolling back to a
    savepoint then fails too: the reason is the error in whose handling that happened.
    """
    while error is not None:
        message = str(error.orig if isinstance(error, DBAPIError) else error).lower()
        for sign, kind in _SIGNS:
            if sign in message:
                return kind(str(path))
        error = error.__context__
    return None
