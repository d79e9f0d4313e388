"""What the rooms of checklists ask: how many points there are of each kind, and what is asked at them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select
from sqlmodel import Session

from models.inspection.observed import POINT, rows_of
from models.inspection.queries import QuestionLine, checklist
from models.inspection.rules import PointKind


@dataclass(frozen=True, slots=True)
class KindAsked:
    """A kind of point: how many living points are of it, and its questions in the order they are asked."""

    kind: str
    points: int
    questions: tuple[QuestionLine, ...]


def kinds_asked(session: Session, compound_id: UUID) -> tuple[KindAsked, ...]:
    """Return every kind of point with its questions; kinds of a later version come last."""
    questions: dict[str, list[QuestionLine]] = {}
    for question in checklist(session, compound_id):
        questions.setdefault(question.point_kind, []).append(question)
    points = points_by_kind(session, compound_id)
    known = [kind.value for kind in PointKind]
    later = sorted((questions.keys() | points.keys()) - set(known))
    return tuple(
        KindAsked(kind, points.get(kind, 0), tuple(questions.get(kind, ()))) for kind in (*known, *later)
    )


def points_by_kind(session: Session, compound_id: UUID) -> Mapping[str, int]:
    """Count the living points of each kind."""
    statement = (
        select(POINT.c.kind, func.count().label("n"))
        .where(POINT.c.compound_id == compound_id, POINT.c.archived.is_(False))
        .group_by(POINT.c.kind)
        .order_by(POINT.c.kind)
    )
    return {row.kind: row.n for row in rows_of(session, statement)}
