"""Opening a store, on a laptop's file or a server's database, and the sessions that read and write it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from sqlalchemy import Connection, Engine, insert, select
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError
from sqlmodel import Session

from models import store_sqlite
from models.errors import StoreAddressUnclear, StoreError
from models.ids import NewId
from models.operations.tables import Setting
from models.tables import table_of

#: How an address begins that is no path. A drive's letter is one letter.
_SCHEME = re.compile(r"([a-z][a-z0-9+]{1,30}):")
_SCHEMES = frozenset({"sqlite", "postgresql", "postgres", "postgresql+psycopg"})

#: What an error says about a store, None when it says nothing.
Explain = Callable[[BaseException], StoreError | None]


@dataclass(frozen=True, slots=True)
class Store:
    """An open store. Sessions are short: one for a screen's question, one for a person's act.

    `name` is what people call it, a file's path or an address without its
    password. `reading` and `writing` are `engine` with what each session begins with.
    """

    name: str
    engine: Engine
    reading: Engine
    writing: Engine
    explain: Explain
    #: The file, when the store is one.
    path: Path | None = None
    #: Where the store was copied to before a migration, if it was.
    backup: Path | None = None

    @contextmanager
    def read(self) -> Iterator[Session]:
        """Yield a session that sees one snapshot and writes nothing."""
        with (
            _translated(self.explain),
            Session(self.reading, expire_on_commit=False, autoflush=False) as session,
        ):
            yield session

    @contextmanager
    def write(self, *, lightly: bool = False) -> Iterator[Session]:
        """Yield a session that may write; commit at the end, roll back on any exception.

        On SQLite it is the only writer from its first statement on. On
        PostgreSQL it sees what others commit meanwhile, and whoever judges
        waits for the compound's head. `lightly` is for what may be lost in a
        power cut, and does not wait for the disk; nobody's entry is.
        """
        writing = self.writing.execution_options(linli_care="NORMAL") if lightly else self.writing
        with (
            _translated(self.explain),
            Session(writing, expire_on_commit=False) as session,
            session.begin(),
        ):
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
    explain = partial(store_sqlite.store_error, path)
    with _translated(explain):
        engine, backup = store_sqlite.open_file(path, key=key, then=partial(_name_device, new_id))
    writing = engine.execution_options(linli_write=True)
    return Store(str(path), engine, engine, writing, explain, path, backup)


def open_database(address: str, *, new_id: NewId, pool_size: int = 5) -> Store:
    """Open the store at an address: `postgresql://user:password@host/name`, `sqlite:///file`, or a path.

    `pool_size` is how many connections to PostgreSQL are open at most; who
    needs one more waits. No error shows the address's password.
    """
    written = _SCHEME.match(address)
    if written is None:
        return open_store(Path(address), new_id=new_id)
    scheme = written[1]
    try:
        url = make_url(address)
    except (ArgumentError, ValueError):
        url = None
    if scheme not in _SCHEMES or url is None or not url.database:
        raise StoreAddressUnclear(f"{scheme}://…")
    if scheme == "sqlite":
        if url.query or url.host:
            raise StoreAddressUnclear(f"{scheme}://…")
        return open_store(Path(url.database), new_id=new_id)
    from models import store_postgresql

    name = store_postgresql.name_of(url)
    explain = partial(store_postgresql.store_error, name)
    with _translated(explain):
        engine = store_postgresql.open_server(url, pool_size=pool_size, then=partial(_name_device, new_id))
    return Store(name, engine, store_postgresql.reading(engine), engine, explain)


def _name_device(new_id: NewId, connection: Connection) -> None:
    """Give a new store its device id; of two processes that make it at once, the second finds the first's."""
    setting = table_of(Setting)
    if connection.execute(select(setting.c.key).where(setting.c.key == "device")).first() is None:
        connection.execute(insert(setting).values(key="device", value=new_id().hex))


@contextmanager
def _translated(explain: Explain) -> Iterator[None]:
    """Turn the driver's and the system's errors into the store's own."""
    try:
        yield
    except StoreError:
        raise
    except Exception as error:
        known = explain(error)
        if known is None:
            raise
        raise known from error
