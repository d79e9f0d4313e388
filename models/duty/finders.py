"""How people name posts, templates, shifts and places on them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Table, select
from sqlmodel import Session

from models.community.tables import Person
from models.duty.tables import Assignment, Post, Shift, ShiftTemplate
from models.operations.registry import finder
from models.tables import table_of
from models.text import fold, normalise

_post, _template, _shift = table_of(Post), table_of(ShiftTemplate), table_of(Shift)
_assignment, _person = table_of(Assignment), table_of(Person)
_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")


@finder("post")
def find_post(session: Session, compound_id: UUID, text: str) -> Sequence[UUID]:
    """Find a post by its name."""
    return _rows(session, _post, compound_id, _post.c.name == normalise(text))


@finder("shift_template")
def find_template(session: Session, compound_id: UUID, text: str) -> Sequence[UUID]:
    """Find a template by its name, or by its post's name and its own (`服务台 早班`)."""
    wanted = fold(text)
    rows = session.connection().execute(
        select(_template.c.id, _template.c.name, _post.c.name, _template.c.archived)
        .join_from(
            _template, _post, (_post.c.compound_id == compound_id) & (_post.c.id == _template.c.post_id)
        )
        .where(_template.c.compound_id == compound_id)
        .order_by(_template.c.id)
    )
    found = [
        (row_id, archived)
        for row_id, name, post, archived in rows
        if wanted in {fold(name), fold(post + name), fold(f"{post} {name}")}
    ]
    return _living_first(found)


def named_day(text: str) -> tuple[date | None, str]:
    """Return the day that a text begins with or holds (`2026-11-22`, `2026年11月22日`), and the rest of it."""
    found = _DAY.search(normalise(text))
    if found is None:
        return None, normalise(text)
    try:
        day = date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        return None, normalise(text)
    plain = normalise(text)
    return day, normalise(plain[: found.start()] + " " + plain[found.end() :])


@finder("shift")
def find_shift(session: Session, compound_id: UUID, text: str) -> Sequence[UUID]:
    """Find a shift by its day and its name, its post's, or both (`2026-11-22 服务台 早班`)."""
    day, rest = named_day(text)
    if day is None:
        return []
    rows = session.connection().execute(
        select(_shift.c.id, _shift.c.name, _post.c.name, _shift.c.archived, _shift.c.starts_at)
        .join_from(_shift, _post, (_post.c.compound_id == compound_id) & (_post.c.id == _shift.c.post_id))
        .where(_shift.c.compound_id == compound_id, _shift.c.day == day)
    )
    wanted = [fold(part) for part in rest.split()]
    found = [
        (row_id, archived)
        # Put in order here: SQLite would read all shifts in the order of time.
        for row_id, name, post, archived, _ in sorted(rows, key=lambda row: (row.starts_at, row.id))
        if all(part in {fold(name), fold(post), fold(post + name)} for part in wanted)
    ]
    return _living_first(found)


@finder("assignment")
def find_assignment(session: Session, compound_id: UUID, text: str) -> Sequence[UUID]:
    """Find somebody's place on a shift by the shift and their name (`2026-11-22 早班 张三`)."""
    shift, _, person = normalise(text).rpartition(" ")
    shifts = find_shift(session, compound_id, shift)
    if not shifts or not person:
        return []
    rows = session.connection().execute(
        select(_assignment.c.id, _assignment.c.archived)
        .join_from(
            _assignment,
            _person,
            (_person.c.compound_id == compound_id) & (_person.c.id == _assignment.c.person_id),
        )
        .where(
            _assignment.c.compound_id == compound_id,
            _assignment.c.shift_id.in_(shifts),
            _person.c.name == person,
        )
        .order_by(_assignment.c.id)
    )
    return _living_first(list(rows))


def _rows(session: Session, table: Table, compound_id: UUID, where: ColumnElement[bool]) -> Sequence[UUID]:
    statement = (
        select(table.c.id, table.c.archived)
        .where(table.c.compound_id == compound_id, where)
        .order_by(table.c.id)
    )
    return _living_first(list(session.connection().execute(statement)))


def _living_first(rows: Sequence[Any]) -> list[UUID]:
    """Return living rows' ids; archived ones are meant only when no living one is."""
    return [row[0] for row in rows if not row[1]] or [row[0] for row in rows]
