"""Pieces of SQL that several questions share: searching, spans that hold on a day, joins by reference."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import (
    Column,
    ColumnElement,
    Integer,
    Select,
    String,
    Table,
    and_,
    false,
    or_,
    true,
    type_coerce,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlmodel import Session

from models.codes import building_part, parse_room_code, unit_part
from models.text import fold, normalise

T = TypeVar("T")

#: No search text holds a longer word.
_LONGEST = 300
#: A database takes a limited number of values in one statement.
_CHUNK = 500
_STAIRWELL = re.compile(
    r"(?P<building>.+?)(?:号楼|栋|幢|座|#楼|#)(?:(?P<unit>[^-]+?)(?:单元|门洞))?|(?P<dashed>[^-]+(?:-[^-]+)?)-"
)


class _Place(FunctionElement[int]):
    """Where a text stands in another, from 1, or 0. A pattern of LIKE takes twice as long to look for."""

    inherit_cache = True
    type = Integer()


@compiles(_Place)
def _in_sqlite(element: _Place, compiler: SQLCompiler, **options: Any) -> str:
    return f"instr({compiler.process(element.clauses, **options)})"


@compiles(_Place, "postgresql")
def _in_postgresql(element: _Place, compiler: SQLCompiler, **options: Any) -> str:
    return f"strpos({compiler.process(element.clauses, **options)})"


class Throughout(FunctionElement[Any]):
    """A column that no index shall be used for: a search looks at every row, and does so in the order they lie in.

    SQLite would go through an index of it, row by row: three times as long for 100,000 rows.
    """

    inherit_cache = True

    def __init__(self, column: ColumnElement[Any]) -> None:
        self.type = column.type
        super().__init__(column)


@compiles(Throughout)
def _throughout(element: Throughout, compiler: SQLCompiler, **options: Any) -> str:
    return str(compiler.process(element.clauses, **options))


@compiles(Throughout, "sqlite")
def _throughout_in_sqlite(element: Throughout, compiler: SQLCompiler, **options: Any) -> str:
    return f"+{compiler.process(element.clauses, **options)}"


@dataclass(frozen=True, slots=True)
class Found:
    """The ids of what a search found, in their order, as the database gives them: a list shows few of them.

    Making 100,000 UUIDs takes longer than finding them.
    """

    raw: Sequence[Any]

    def __len__(self) -> int:
        return len(self.raw)

    def ids(self, offset: int, limit: int) -> list[UUID]:
        return [UUID(str(one)) for one in self.raw[offset : offset + limit]]


def found_by(session: Session, of: Column[Any], statement: Select[Any]) -> Found:
    """Return the values of the id column `of` that `statement` selects from."""
    bare = statement.with_only_columns(type_coerce(of, String), maintain_column_froms=True)
    return Found(session.connection().execute(bare).scalars().all())


def contains(column: ColumnElement[Any], text: str) -> ColumnElement[bool]:
    """Tell whether a search column holds a text; empty text is in everything."""
    wanted = fold(text)
    if not wanted:
        return true()
    if len(wanted) > _LONGEST:
        return false()
    return _Place(column, wanted) > 0


def names_room(code: ColumnElement[Any], text: str) -> ColumnElement[bool] | None:
    """Return the condition on a household's code when a text spells one, or its beginning; else None.

    `1-1-10` is the beginning of `1-1-1001`, but `1-1-1001` is no part of `11-1-1001`.
    """
    if len(text) > _LONGEST:
        return None
    room = parse_room_code(text)
    if room is not None:
        return code.startswith(str(room), autoescape=True)
    stairwell = _STAIRWELL.fullmatch(normalise(text).replace(" ", ""))
    if stairwell is None:
        return None
    building, _, unit = (stairwell["dashed"] or "").partition("-")
    first = building_part(stairwell["building"] or building)
    written = stairwell["unit"] or unit
    second = unit_part(written) if written else None
    if first is None or (written and second is None):
        return None
    return code.startswith(f"{first}-" if second is None else f"{first}-{second}-", autoescape=True)


def holding(table: Table, today: date) -> ColumnElement[bool]:
    """Tell whether a row with `since` and `until` stands and covers a day."""
    return and_(
        table.c.archived.is_(False),
        or_(table.c.since.is_(None), table.c.since <= today),
        or_(table.c.until.is_(None), table.c.until > today),
    )


def same_row(table: Table, reference: Column[Any]) -> ColumnElement[bool]:
    """Return the join condition from a reference to the row of `table` it names, in its own compound."""
    condition: ColumnElement[bool] = (table.c.compound_id == reference.table.c.compound_id) & (
        table.c.id == reference
    )
    return condition


def chunks(values: Iterable[T]) -> Iterator[Sequence[T]]:
    """Split values into parts that one statement can take."""
    every = list(values)
    for start in range(0, len(every), _CHUNK):
        yield every[start : start + _CHUNK]
