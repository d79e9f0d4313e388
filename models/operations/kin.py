"""Which rows belong together when people speak of one: what it was merged from, and what hangs on it alone.

A household's history tells of who lived there, a well's of what was seen in it,
though those are rows of their own. What people call by a name or code of its
own (a household of a building) has a history of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import Column, select
from sqlmodel import Session

from models.operations.about import portions
from models.operations.registry import FINDERS
from models.operations.tables import Alias, Conflict
from models.operations.writing import references
from models.tables import Synced, synced_models, table_of
from models.text import fold

_alias, _conflict = table_of(Alias), table_of(Conflict)
#: Of each kind of row, at most so many are taken for what a word means.
MOST = 200
#: A word in a search column is no longer.
_LONGEST = 100
#: Columns by which people call a row.
NAMING = ("code", "name", "text")


def standing(session: Session, compound_id: UUID, table: str, row_id: UUID) -> UUID:
    """Return the row that an id means today, after whatever was merged."""
    passed: set[UUID] = set()
    while row_id not in passed:
        passed.add(row_id)
        statement = select(_alias.c.to_id).where(
            _alias.c.compound_id == compound_id,
            _alias.c.id == row_id,
            _alias.c.table_name == table,
            _alias.c.archived.is_(False),
        )
        row_id = session.connection().execute(statement).scalar() or row_id
    return row_id


def same_as(session: Session, compound_id: UUID, row_ids: Iterable[UUID]) -> set[UUID]:
    """Return these ids and every other that leads to them."""
    same = set(row_ids)
    fresh = set(same)
    while fresh:
        found: set[UUID] = set()
        for part in portions(sorted(fresh)):
            statement = select(_alias.c.id).where(
                _alias.c.compound_id == compound_id,
                _alias.c.to_id.in_(part),
                _alias.c.archived.is_(False),
            )
            found.update(session.connection().execute(statement).scalars())
        fresh = found - same
        same |= fresh
    return same


def same_people(session: Session, compound_id: UUID, people: Iterable[UUID]) -> set[UUID]:
    """Return everybody that these people turned out to be."""
    return same_as(session, compound_id, people)


def around(
    session: Session, compound_id: UUID, table: str, row_ids: Iterable[UUID], *, most: int | None = None
) -> set[UUID]:
    """Return the ids that the history of some rows of a table is told under.

    These rows, what was merged into them, what hangs on them and has no name of
    its own, and the conflicts over any of these. `most` keeps the newest of what
    hangs on them in each way, for a search that must not wait.
    """
    own = same_as(session, compound_id, row_ids)
    hanging: set[UUID] = set()
    model = synced_models().get(table)
    for other in synced_models().values() if model is not None else ():
        if any(name in table_of(other).c for name in NAMING):
            continue
        columns = [column for column, target in references(other) if target is model]
        for column in columns:
            hanging |= _referring(session, compound_id, table_of(other).c[column], own, most)
    rows = own | same_as(session, compound_id, hanging)
    disputes: set[UUID] = set()
    for part in portions(sorted(rows)):
        statement = select(_conflict.c.id).where(
            _conflict.c.compound_id == compound_id, _conflict.c.row_id.in_(part)
        )
        disputes.update(session.connection().execute(statement).scalars())
    return rows | disputes


def _referring(
    session: Session, compound_id: UUID, reference: Column[Any], row_ids: Iterable[UUID], most: int | None
) -> set[UUID]:
    table = reference.table
    found: set[UUID] = set()
    for part in portions(sorted(row_ids)):
        statement = select(table.c.id).where(table.c.compound_id == compound_id, reference.in_(part))
        newest = statement if most is None else statement.order_by(table.c.id.desc()).limit(most)
        found.update(session.connection().execute(newest).scalars())
    return found


def meant_by(session: Session, compound_id: UUID, text: str) -> Mapping[str, set[UUID]]:
    """Return the rows that a word may mean, by table: codes in any spelling, names, pinyin, and parts of these."""
    found: dict[str, set[UUID]] = {}
    wanted = fold(text)
    if not wanted or len(wanted) > _LONGEST:
        return found
    for name, find in FINDERS.items():
        found.setdefault(name, set()).update(list(find(session, compound_id, text))[:MOST])
    for name, model in synced_models().items():
        if "search" in table_of(model).c:
            found.setdefault(name, set()).update(_holding(session, compound_id, model, wanted))
    return {name: rows for name, rows in found.items() if rows}


def _holding(session: Session, compound_id: UUID, model: type[Synced], wanted: str) -> list[UUID]:
    table = table_of(model)
    statement = (
        select(table.c.id)
        .where(table.c.compound_id == compound_id, table.c.search.contains(wanted, autoescape=True))
        .order_by(table.c.id)
        .limit(MOST)
    )
    return list(session.connection().execute(statement).scalars())
