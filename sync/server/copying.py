"""Copies of a server: one file that either database can be put back from.

A copy is a Linli store itself, an SQLite file, whatever the server keeps its
rows in. It is written from one snapshot and looked through before it counts.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Table, func, insert, select
from sqlmodel import Session, SQLModel
from sqlmodel import select as pick

from models.ids import NewId
from models.operations.tables import HeadRow, Setting
from models.replication import devices
from models.store import Store, open_store
from models.tables import table_of
from sync.server.restores import mark_restored

_AT_ONCE = 1000


class NotEmpty(Exception):  # noqa: N818  # says what is the case
    """The server holds rows already; putting a copy back would replace them."""


class NotACopy(Exception):  # noqa: N818  # says what is the case
    """The file is a laptop's store, or an empty one: no server can be put back from it."""


@dataclass(frozen=True, slots=True)
class Copied:
    """What was copied: rows by table, and the file's size in bytes where there is one."""

    rows: dict[str, int]
    size: int = 0


def backup(store: Store, file: Path, *, new_id: NewId) -> Copied:
    """Write the whole server into one file, which must not be there; it appears only when it is complete."""
    if file.exists():
        raise FileExistsError(str(file))
    draft = file.with_name(f".{file.name}.{os.getpid()}.draft")
    draft.unlink(missing_ok=True)
    try:
        target = open_store(draft, new_id=new_id)
        try:
            with store.read() as source, target.write() as session:
                rows = _copy(source, session)
            with target.read() as session:
                written = {table.name: _count(session, table) for table in _tables()}
            if written != rows:
                raise RuntimeError(f"{file}: the copy does not hold what was read")
            _make_one_file(target)
        finally:
            target.close()
        draft.replace(file)
    finally:
        for left in (draft, draft.with_name(f"{draft.name}-wal"), draft.with_name(f"{draft.name}-shm")):
            left.unlink(missing_ok=True)
    return Copied(rows, file.stat().st_size)


def restore(
    store: Store,
    file: Path,
    *,
    nonce: str,
    replace: bool,
    new_id: NewId,
    clock: Callable[[], datetime],
) -> Copied:
    """Put a copy back in one transaction, and begin a new epoch: laptops will bring what is missing."""
    source = open_store(file, new_id=new_id)
    try:
        with source.read() as session:
            if not devices.epoch(session):
                raise NotACopy(str(file))
        with store.write() as target:
            if not replace and any(_count(target, table) for table in _tables() if table.name == "operation"):
                raise NotEmpty
            for table in reversed(_tables()):
                target.connection().execute(table.delete())
            target.expire_all()
            with source.read() as session:
                rows = _copy(session, target)
            heads = {row.compound_id.hex: row.head for row in target.exec(pick(HeadRow)).all()}
            mark_restored(target, nonce, heads)
            devices.begin_epoch(target, nonce)
            target.merge(Setting(key="restored_at", value=clock().isoformat()))
    finally:
        source.close()
    return Copied(rows)


def _make_one_file(store: Store) -> None:
    """Put what is in the write-ahead log into the file itself, which then needs no other beside it."""
    connection = store.engine.raw_connection()
    try:
        # Past the engine: it would begin a transaction, in which the journal cannot be changed.
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode = DELETE")
        if cursor.fetchone() != ("delete",):
            raise RuntimeError(f"{store.name}: the write-ahead log stays")
    finally:
        connection.close()


def _copy(source: Session, target: Session) -> dict[str, int]:
    connection = target.connection()
    for table in _tables():
        if table.name == "setting":  # the file has a device id already
            connection.execute(table.delete())
        for part in _parts(source, table):
            connection.execute(insert(table), part)
    return {table.name: _count(source, table) for table in _tables()}


def _parts(session: Session, table: Table) -> Iterator[list[dict[str, Any]]]:
    result = session.connection().execution_options(stream_results=True).execute(select(table))
    for rows in result.mappings().partitions(_AT_ONCE):
        yield [dict(row) for row in rows]


def _count(session: Session, table: Table) -> int:
    return session.connection().execute(select(func.count()).select_from(table)).scalar_one()


def _tables() -> list[Table]:
    table_of(Setting)  # the models are loaded
    return list(SQLModel.metadata.sorted_tables)
