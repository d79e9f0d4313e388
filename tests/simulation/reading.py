"""Reading whole tables again and again: what stands there as it stood before is not converted anew.

A row is known by all of what the database holds of it, so nothing is taken for
granted; what is saved is turning the same bytes into the same values.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache, lru_cache
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Table, select
from sqlalchemy.dialects import sqlite
from sqlmodel import Session

from models.operations import about
from models.operations.digest import mark
from models.operations.tables import ShadowRow
from models.store import Store
from models.tables import encode, synced_models, table_of

T = TypeVar("T")
Raw = tuple[Any, ...]
#: Rows as text, so that comparing is one `==`: table -> row id -> JSON.
Dump = dict[str, dict[str, str]]

#: Rows of a table that are known at the most; after that one begins afresh.
_MOST = 50_000
_SQLITE = sqlite.dialect()
_known: dict[tuple[Table, tuple[str, ...], Callable[[Any], Any]], dict[Raw, Any]] = {}


def gather(
    session: Session, table: Table, compound: UUID, names: tuple[str, ...], make: Callable[[Raw], T]
) -> list[T]:
    """Return what `make`, a pure function, makes of each of a compound's rows; `names` are the columns it takes."""
    connection = session.connection()
    if connection.dialect.name != "sqlite":
        chosen = select(*(table.c[name] for name in names)).where(table.c.compound_id == compound)
        return [make(tuple(row)) for row in connection.execute(chosen)]
    known = _known.setdefault((table, names, make), {})
    if len(known) > _MOST:
        known.clear()
    driver: Any = connection.connection.driver_connection
    sql, turn = _plan(table, names)
    found = []
    for row in driver.execute(sql, (compound.hex,)):
        made = known.get(row)
        if made is None:
            made = known[row] = make(turn(row))
        found.append(made)
    return found


@cache
def _plan(table: Table, names: tuple[str, ...]) -> tuple[str, Callable[[Raw], Raw]]:
    """Return how to ask SQLite's driver itself, and what turns its values into those of the columns."""
    turns = [table.c[name].type.dialect_impl(_SQLITE).result_processor(_SQLITE, None) for name in names]

    def turn(row: Raw) -> Raw:
        return tuple(value if turn is None else turn(value) for value, turn in zip(row, turns, strict=True))

    columns = ", ".join(f'"{name}"' for name in names)
    return f'SELECT {columns} FROM "{table.name}" WHERE compound_id = ?', turn  # noqa: S608


@cache
def _columns(table: Table) -> tuple[str, ...]:
    return tuple(table.columns.keys())


@cache
def _as_text(names: tuple[str, ...]) -> Callable[[Raw], tuple[str, str]]:
    place = names.index("id")

    def make(row: Raw) -> tuple[str, str]:
        values = {name: encode(value) for name, value in zip(names, row, strict=True)}
        return row[place].hex, json.dumps(values, sort_keys=True)

    return make


def records(session: Session, table: Table, compound: UUID) -> list[dict[str, Any]]:
    """Return a compound's rows of a table by column."""
    names = _columns(table)
    return [dict(zip(names, row, strict=True)) for row in gather(session, table, compound, names, just)]


def dump_in(session: Session, compound: UUID) -> Dump:
    """Return all of a compound's rows."""
    rows: Dump = {}
    for name, model in synced_models().items():
        names = _columns(table_of(model))
        by_id = dict(gather(session, table_of(model), compound, names, _as_text(names)))
        if by_id:
            rows[name] = by_id
    return rows


def dump(store: Store, compound: UUID) -> Dump:
    with store.read() as session:
        return dump_in(session, compound)


def shadows_in(session: Session, compound: UUID) -> dict[tuple[str, str], str]:
    names = ("table_name", "row_id", "before")
    return dict(gather(session, table_of(ShadowRow), compound, names, _shadow))


def _shadow(row: Raw) -> tuple[tuple[str, str], str]:
    table, row_id, before = row
    return (table, row_id.hex), json.dumps(before, sort_keys=True)


def just(row: Raw) -> Raw:
    """Make of a row what it is."""
    return row


def only(row: Raw) -> Any:
    """Make of a row of one column what stands in it."""
    return row[0]


@lru_cache(maxsize=_MOST)
def archived(text: str) -> bool:
    """Tell whether a row that was dumped is archived."""
    return bool(json.loads(text)["archived"])


@lru_cache(maxsize=_MOST)
def _mark(row_id: str, text: str) -> int:
    return mark(UUID(row_id), json.loads(text)["rev"])


def counted(rows: Dump) -> dict[str, tuple[int, int]]:
    """Compute digests over whole tables."""
    found = {}
    for table, by_id in rows.items():
        marks = [_mark(row_id, text) for row_id, text in by_id.items()]
        found[table] = (len(marks), sum(marks) & ((1 << 63) - 1))
    return found


def listed_afresh(store: Store, compound_id: UUID) -> None:
    """What was listed of changes bit by bit is what is listed when the log is read from its beginning."""
    tables = (
        "SELECT * FROM change ORDER BY id, kind, doer_id",
        "SELECT * FROM operation_about ORDER BY row_id, operation_id",
    )
    with store.write() as session:
        connection = session.connection()
        before = [connection.exec_driver_sql(sql).all() for sql in tables]
        about.rebuild(session, compound_id)
        for sql, old in zip(tables, before, strict=True):
            new = connection.exec_driver_sql(sql).all()
            assert new == old, (sorted(map(str, set(old) - set(new))), sorted(map(str, set(new) - set(old))))
