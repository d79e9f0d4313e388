"""What was answered on a walk, one after the other, so that answers can be taken back in turn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session

from models.inspection.observed import OBSERVATION, DefectSeen, rows_of
from models.operations.tables import OperationRow
from models.tables import table_of

OPERATION = table_of(OperationRow)
#: Nobody takes back more than this in a row, and an operation's payload must be read to know it.
MOST_TAKEN_BACK = 200


@dataclass(frozen=True, slots=True)
class Given:
    """A living observation of a walk: what it says, at which point, and who typed it in."""

    id: UUID
    point_id: UUID
    recorder_id: UUID
    level: str | None
    mud_mm: int | None
    defects: tuple[DefectSeen, ...]
    answers: dict[str, Any]
    note: str


def answers_given(session: Session, compound_id: UUID, walk_id: UUID) -> tuple[Given, ...]:
    """Return the living observations of a walk at known points, oldest first."""
    statement = (
        select(OBSERVATION)
        .where(
            OBSERVATION.c.compound_id == compound_id,
            OBSERVATION.c.walk_id == walk_id,
            OBSERVATION.c.point_id.is_not(None),
            OBSERVATION.c.archived.is_(False),
        )
        .order_by(OBSERVATION.c.at, OBSERVATION.c.id)
    )
    return tuple(
        Given(
            id=row.id,
            point_id=row.point_id,
            recorder_id=row.recorder_id,
            level=row.level,
            mud_mm=row.mud_mm,
            defects=tuple(
                DefectSeen(defect["code"], defect.get("grade"), defect.get("note") or "")
                for defect in row.defects
            ),
            answers=dict(row.answers),
            note=row.note,
        )
        for row in rows_of(session, statement)
    )


def group_of_answer(session: Session, compound_id: UUID, observation_id: UUID) -> UUID | None:
    """Return the group that made an observation, for undo; None if this store's log no longer has it."""
    statement = (
        select(OPERATION.c.group_id, OPERATION.c.payload)
        .where(OPERATION.c.compound_id == compound_id, OPERATION.c.kind == "walk.observe")
        .order_by(OPERATION.c.made_at.desc(), OPERATION.c.n.desc())
        .limit(MOST_TAKEN_BACK * 10)
    )
    wanted = observation_id.hex
    for row in rows_of(session, statement):
        if str(row.payload.get("id", "")).replace("-", "") == wanted:
            return UUID(str(row.group_id))
    return None
