"""How much there is to walk over: for the screen that leads to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

from sqlalchemy import ScalarSelect, Select, Table, func, select
from sqlmodel import Session

from models.inspection.observed import PIPE, POINT, WALK, rows_of
from models.inspection.tables import ChecklistItem, Route
from models.tables import table_of


@dataclass(frozen=True, slots=True)
class GroundCounts:
    """Living rows of each kind."""

    points: int
    pipes: int
    routes: int
    questions: int
    walks: int


def ground_counts(session: Session, compound_id: UUID) -> GroundCounts:
    """Count what there is in one statement."""

    def living(table: Table) -> ScalarSelect[int]:
        counted = select(func.count()).select_from(table)
        return counted.where(
            table.c.compound_id == compound_id, table.c.archived.is_(False)
        ).scalar_subquery()

    tables = (POINT, PIPE, table_of(Route), table_of(ChecklistItem), WALK)
    counted = cast("Select[Any]", select(*(living(table) for table in tables)))
    row = rows_of(session, counted)[0]
    return GroundCounts(*(int(count) for count in row))
