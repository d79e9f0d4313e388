"""Reading a page of rows on the server: table by table, each in the order of revs, from a place on.

A place is a table, a rev and an id, as text: `household:41:019cac0f…`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any
from uuid import UUID

from pydantic_core import to_json
from sqlalchemy import (
    JSON,
    Column,
    CompoundSelect,
    DateTime,
    String,
    TypeDecorator,
    Uuid,
    and_,
    bindparam,
    exists,
    literal,
    or_,
    select,
    type_coerce,
    union_all,
)
from sqlmodel import Session

from models.operations.rows import Rows
from models.tables import Synced, encode, synced_models, table_of

#: Rows read at a time.
_CHUNK = 500


def rows_from(
    session: Session, compound_id: UUID, after: int, place: str, most: tuple[int, int]
) -> tuple[tuple[Rows, ...], str]:
    """Return rows beyond a rev from a place on, at most so many (rows, bytes), and where the next page begins.

    The place is empty at the beginning and at the end. Raises ValueError for one that is none.
    """
    start, last = _parse_place(place)
    tables: list[Rows] = []
    rows_left, bytes_left = most
    changed = _changed(session, compound_id, after)
    for name, model in synced_models().items():
        if start is not None and name != start:
            continue
        start = None
        if name not in changed:
            last = None
            continue
        columns, read = _reader(model, session.get_bind().dialect.name)
        found: list[list[Any]] = []
        while True:
            chunk = read(session, compound_id, after, last, min(_CHUNK, rows_left))
            found += chunk
            rows_left -= len(chunk)
            bytes_left -= len(to_json(chunk))
            if not chunk or (len(chunk) < _CHUNK and rows_left > 0 and bytes_left > 0):
                break
            last = (chunk[-1][columns.index("rev")], chunk[-1][columns.index("id")])
            if rows_left <= 0 or bytes_left <= 0:
                tables.append(Rows(name, columns, found))
                return tuple(tables), f"{name}:{last[0]}:{last[1]}"
        last = None
        if found:
            tables.append(Rows(name, columns, found))
    return tuple(tables), ""


def _changed(session: Session, compound_id: UUID, after: int) -> frozenset[str]:
    """Return the tables that hold rows beyond a rev: one question instead of one for each table."""
    statement = _probe(len(synced_models()))
    found = session.connection().execute(statement, {"compound": compound_id, "after": after}).scalars()
    return frozenset(found)


@cache
def _probe(_number_of_tables: int) -> CompoundSelect[Any]:
    compound = bindparam("compound", type_=Uuid())
    parts = []
    for name, model in synced_models().items():
        table = table_of(model)
        newer = exists().where(table.c.compound_id == compound, table.c.rev > bindparam("after"))
        parts.append(select(literal(name)).where(newer))
    return union_all(*parts)


def _parse_place(place: str) -> tuple[str | None, tuple[int, str] | None]:
    if not place:
        return None, None
    name, rev, row_id = place.split(":")
    if name not in synced_models():
        raise ValueError(place)
    return name, (int(rev), UUID(row_id).hex)


Reader = Callable[[Session, UUID, int, "tuple[int, str] | None", int], list[list[Any]]]


@cache
def _reader(model: type[Synced], dialect: str) -> tuple[list[str], Reader]:
    """Return a table's columns and what reads its rows for the wire, past SQLAlchemy's types where it can."""
    table = table_of(model)
    columns = [column.name for column in table.columns]
    light = dialect == "sqlite"
    asked = [_light(column) if light else column for column in table.columns]
    turns = [(place, _turn(column, light=light)) for place, column in enumerate(table.columns)]
    turning = [(place, turn) for place, turn in turns if turn is not None]

    def read(
        session: Session, compound_id: UUID, after: int, last: tuple[int, str] | None, most: int
    ) -> list[list[Any]]:
        statement = select(*asked).where(table.c.compound_id == compound_id, table.c.rev > after)
        if last is not None:
            rev, row_id = last[0], UUID(last[1])
            statement = statement.where(
                table.c.rev >= rev, or_(table.c.rev > rev, and_(table.c.rev == rev, table.c.id > row_id))
            )
        statement = statement.order_by(table.c.rev, table.c.id).limit(most)
        rows = [list(row) for row in session.connection().execute(statement)]
        for place, turn in turning:
            for row in rows:
                value = row[place]
                if value is not None:
                    row[place] = turn(value)
        return rows

    return columns, read


def _light(column: Column[Any]) -> Any:
    """Read ids and times as the text that SQLite keeps: the wire's form is a step away from it."""
    plain = _plain(column)
    return type_coerce(column, String) if isinstance(plain, Uuid | DateTime) else column


def _turn(column: Column[Any], *, light: bool) -> Callable[[Any], Any] | None:
    plain = _plain(column)
    if light and isinstance(plain, Uuid):
        return None
    if light and isinstance(plain, DateTime):
        return _from_text
    if isinstance(plain, JSON) or plain.python_type in {str, int, bool, float}:
        return None
    return encode


def _plain(column: Column[Any]) -> Any:
    return column.type.impl_instance if isinstance(column.type, TypeDecorator) else column.type


def _from_text(stored: str) -> str:
    fraction = stored[19:]
    return f"{stored[:10]}T{stored[11:19]}{'' if fraction == '.000000' else fraction}+00:00"
