"""A store in a PostgreSQL database: the engine, whether the database is ours, and what its errors mean."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from models.errors import (
    StoreAbsent,
    StoreAddressUnclear,
    StoreBusy,
    StoreDriverMissing,
    StoreError,
    StoreFull,
    StoreRefused,
    StoreTooNew,
    StoreUnreachable,
    StoreUnreadable,
    StoreUnwritable,
)
from models.migrations import HEAD, REVISIONS, TABLES_OF_OURS, upgrade

#: How long a statement waits for another session's lock before it gives up.
BUSY_MS = 10_000
#: How long to wait for a server that does not answer.
_CONNECT_S = 10
#: What of an address's options is shown: others may hold a password.
_SHOWN = frozenset({"host", "port"})


def name_of(url: URL) -> str:
    """Return an address as it may be shown."""
    shown = URL.create(
        "postgresql",
        username=url.username,
        host=url.host,
        port=url.port,
        database=url.database,
        query={key: value for key, value in url.query.items() if key in _SHOWN},
    )
    return shown.render_as_string()


def open_server(url: URL, *, pool_size: int, then: Callable[[Connection], None]) -> Engine:
    """Return an engine on the database, once its schema is this version's.

    `then` runs inside the transaction that makes or migrates it.
    """
    name = name_of(url)
    try:
        engine = _engine(url, pool_size)
    except ImportError as error:
        raise StoreDriverMissing(name) from error
    try:
        with engine.connect() as connection:
            found = _schema(connection, name)
        if found != HEAD:
            upgrade(engine, then=then)
    except BaseException:
        engine.dispose()
        raise
    return engine


def reading(engine: Engine) -> Engine:
    """Return the engine for sessions that see one snapshot and cannot write."""
    return engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)


def _engine(url: URL, pool_size: int) -> Engine:
    ours = {"connect_timeout": _CONNECT_S, "application_name": "linli"}
    engine = create_engine(
        url.set(drivername="postgresql+psycopg"),
        connect_args={key: value for key, value in ours.items() if key not in url.query},
        isolation_level="READ COMMITTED",
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=BUSY_MS / 1000,
        pool_pre_ping=True,
        hide_parameters=True,
    )

    @event.listens_for(engine, "connect")
    def settle(connection: Any, _record: object) -> None:
        connection.execute(f"SET TIME ZONE 'UTC'; SET lock_timeout = {BUSY_MS:d}")
        connection.commit()

    return engine


def _schema(connection: Connection, name: str) -> str | None:
    """Return the schema's revision, or None for an empty database; refuse a newer one, and somebody else's."""
    if connection.exec_driver_sql("SHOW server_encoding").scalar() != "UTF8":
        raise StoreUnreadable(name)
    tables = connection.exec_driver_sql(
        "SELECT tablename FROM pg_catalog.pg_tables WHERE schemaname = current_schema()"
    )
    names = set(tables.scalars())
    if not names:
        return None
    if not names >= TABLES_OF_OURS:
        raise StoreUnreadable(name)
    revision = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    if revision is None:
        raise StoreUnreadable(name)
    if revision not in REVISIONS:
        raise StoreTooNew(name, schema=str(revision))
    return str(revision)


#: By SQLSTATE, or by its class of two letters.
_STATES: dict[str, type[StoreError]] = {
    "08": StoreUnreachable,
    "25006": StoreUnwritable,  # read only
    "25P03": StoreBusy,  # idle for too long
    "28": StoreRefused,
    "3D000": StoreAbsent,
    "3F000": StoreUnwritable,  # no schema to make tables in
    "40001": StoreBusy,  # serialization failure
    "40P01": StoreBusy,  # deadlock
    "42501": StoreUnwritable,  # insufficient privilege
    "53100": StoreFull,
    "53300": StoreBusy,  # too many connections
    "55P03": StoreBusy,  # lock not available
    "57014": StoreBusy,  # cancelled, by a timeout or by hand
    "57P01": StoreUnreachable,  # shut down
    "57P02": StoreUnreachable,  # crashed
    "57P03": StoreUnreachable,  # starting up
    "57P04": StoreAbsent,  # dropped
    "XX001": StoreUnreadable,  # data corrupted
    "XX002": StoreUnreadable,  # index corrupted
}
#: Why there is no connection. libpq gives no SQLSTATE here, only the server's words, in its language.
_SIGNS: tuple[tuple[str, type[StoreError]], ...] = (
    ("authentication failed", StoreRefused),
    ("认证失败", StoreRefused),
    ("pg_hba.conf", StoreRefused),
    ("no password supplied", StoreRefused),
    ('role "', StoreRefused),
    ("not permitted to log in", StoreRefused),
    ("permission denied for database", StoreRefused),
    ("too many clients", StoreBusy),
    ("connection slots are reserved", StoreBusy),
    ("too many connections", StoreBusy),
)


def store_error(name: str, error: BaseException | None) -> StoreError | None:
    """Return what an error says about the store, None when it says nothing."""
    if isinstance(error, PoolTimeout):
        return StoreBusy(name)
    if not isinstance(error, DBAPIError):
        return None
    while error is not None:
        kind = _kind(error.orig) if isinstance(error, DBAPIError) else None
        if kind is not None:
            return kind(name)
        error = error.__context__
    return None


def _kind(error: BaseException | None) -> type[StoreError] | None:
    from psycopg import OperationalError, ProgrammingError

    state = getattr(error, "sqlstate", None)
    if state is not None:
        return _STATES.get(state) or _STATES.get(state[:2])
    message = str(error)
    if isinstance(error, ProgrammingError) and "connection option" in message:
        return StoreAddressUnclear
    if not isinstance(error, OperationalError):
        return None
    if 'database "' in message and "does not exist" in message:
        return StoreAbsent
    return next((kind for sign, kind in _SIGNS if sign in message), StoreUnreachable)
