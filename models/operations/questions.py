"""The questions that a workspace asks again and again, each made once: making one anew takes as long as its answer."""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, select

from models.tables import Synced, table_of


@cache
def by_id(model: type[Synced]) -> Select[Any]:
    """Return the question for one row."""
    table = table_of(model)
    return select(table).where(table.c.compound_id == bindparam("compound"), table.c.id == bindparam("row"))


@cache
def by_ids(model: type[Synced], *names: str) -> Select[Any]:
    """Return the question for rows by their ids: for all columns, or for those named."""
    table = table_of(model)
    return select(*(table.c[name] for name in names or table.c.keys())).where(
        table.c.compound_id == bindparam("compound"), table.c.id.in_(bindparam("rows", expanding=True))
    )


@cache
def by_values(model: type[Synced], names: tuple[str, ...], blank: tuple[bool, ...]) -> Select[Any]:
    """Return the question for the rows that hold values in these columns, and nothing in those of them that are blank."""
    table = table_of(model)
    return select(table).where(
        table.c.compound_id == bindparam("compound"),
        *(
            table.c[name].is_(None) if nothing else table.c[name] == bindparam(f"is_{name}")
            for name, nothing in zip(names, blank, strict=True)
        ),
    )
