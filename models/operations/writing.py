"""Sending a group's rows to the database in bulk, shadows first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, ForeignKeyConstraint, Table, and_, bindparam, insert, update

from models.operations.tables import ShadowRow
from models.tables import Json, Synced, row_values, stored, synced_models, table_of

Key = tuple[type[Synced], UUID]
#: What a row is found by.
_KEYS = ("compound_id", "id")
#: What was confirmed stays; who wrote the row last does not.
_UNLESS_KEPT = (
    " ON CONFLICT (compound_id, table_name, row_id) DO UPDATE SET operation_id = excluded.operation_id"
)


def insert_rows(connection: Connection, rows: Iterable[Synced]) -> None:
    """Insert rows, one statement per table; foreign keys wait for the commit."""
    for model, added in _by_model(rows).items():
        insert_values(connection, table_of(model), [row_values(row) for row in added])


def insert_values(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows of all columns.

    On SQLite they go in the form it stores, past SQLAlchemy's types, which would
    take longer than everything else that is done for an operation.
    """
    if connection.dialect.name != "sqlite":
        connection.execute(insert(table), list(rows))
        return
    names, turns, statement = _raw_insert(table)
    connection.exec_driver_sql(statement, _as_stored(rows, names, turns))


def _as_stored(
    rows: Sequence[Mapping[str, Any]], names: Sequence[str], turns: Sequence[Any]
) -> list[tuple[Any, ...]]:
    """Return the columns of rows as SQLite stores them."""
    columns = [
        [row[name] for row in rows] if turn is None else [turn(row[name]) for row in rows]
        for name, turn in zip(names, turns, strict=True)
    ]
    return list(zip(*columns, strict=True))


@cache
def _raw_insert(table: Table) -> tuple[tuple[str, ...], tuple[Any, ...], str]:
    names = tuple(column.name for column in table.columns)
    marks = ", ".join("?" * len(names))
    quoted = ", ".join(f'"{name}"' for name in names)
    statement = f'INSERT INTO "{table.name}" ({quoted}) VALUES ({marks})'  # noqa: S608
    return names, tuple(stored(column) for column in table.columns), statement


def update_rows(connection: Connection, rows: Iterable[Synced]) -> None:
    """Write every column of rows that are there, one statement per table; on SQLite as `insert_values` does."""
    for model, changed in _by_model(rows).items():
        table = table_of(model)
        if connection.dialect.name == "sqlite":
            names, turns, raw = _raw_update(table)
            connection.exec_driver_sql(raw, _as_stored([row_values(row) for row in changed], names, turns))
            continue
        values: dict[str, Any] = {
            c.name: bindparam(f"new_{c.name}") for c in table.columns if c.name not in _KEYS
        }
        statement = (
            update(table)
            .where(and_(table.c.compound_id == bindparam("key_compound"), table.c.id == bindparam("key_id")))
            .values(values)
        )
        connection.execute(statement, [_update_values(row) for row in changed])


@cache
def _raw_update(table: Table) -> tuple[tuple[str, ...], tuple[Any, ...], str]:
    columns = [column for column in table.columns if column.name not in _KEYS]
    set_to = ", ".join(f'"{column.name}" = ?' for column in columns)
    keyed = [*columns, *(table.c[name] for name in _KEYS)]
    statement = f'UPDATE "{table.name}" SET {set_to} WHERE "compound_id" = ? AND "id" = ?'  # noqa: S608
    return tuple(column.name for column in keyed), tuple(stored(column) for column in keyed), statement


def keep_shadows(
    connection: Connection,
    compound_id: UUID,
    before: Mapping[Key, dict[str, Json] | None],
    writers: Mapping[Key, UUID],
) -> None:
    """Keep what the server last confirmed of these rows, unless an earlier operation's shadow does already."""
    shadows = [
        {
            "compound_id": compound_id,
            "table_name": str(key[0].__tablename__),
            "row_id": key[1],
            "operation_id": writers[key],
            "before": values,
        }
        for key, values in before.items()
    ]
    names, turns, statement = _raw_insert(table_of(ShadowRow))  # only laptops keep shadows
    connection.exec_driver_sql(statement + _UNLESS_KEPT, _as_stored(shadows, names, turns))


@cache
def references(model: type[Synced]) -> tuple[tuple[str, type[Synced]], ...]:
    """Return the columns that refer to a row, each with the table class it refers to."""
    models = synced_models()
    return tuple(
        (constraint.column_keys[1], models[constraint.referred_table.name])
        for constraint in table_of(model).constraints
        if isinstance(constraint, ForeignKeyConstraint)
    )


def _by_model(rows: Iterable[Synced]) -> dict[type[Synced], list[Synced]]:
    grouped: dict[type[Synced], list[Synced]] = defaultdict(list)
    for row in rows:
        grouped[type(row)].append(row)
    return grouped


def _update_values(row: Synced) -> dict[str, Any]:
    values = row_values(row)
    keys = {"key_compound": values.pop("compound_id"), "key_id": values.pop("id")}
    return keys | {f"new_{name}": value for name, value in values.items()}
