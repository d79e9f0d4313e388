"""What was seen at a point, as the beginning of a ticket: its words, its kind of job, its place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from sqlmodel import Session

from models.inspection.observed import OBSERVATION, POINT, rows_of, seen, select_seen, zone_of
from models.inspection.queries import QuestionLine, checklist
from models.inspection.rules import PointKind
from models.tickets.rules import OTHER, Channel
from tui.i18n import t
from tui.screens.tickets.report_state import Slip
from tui.screens.walk.state import Answer, answer_of
from tui.screens.walk.words import details, kind_word, level_word

#: What kind of job it is to mend a point of a kind.
CATEGORY_OF: Final = {
    PointKind.WELL: "drain",
    PointKind.OUTFALL: "drain",
    PointKind.LAMP: "lamp",
    PointKind.EXTINGUISHER: "safety",
    PointKind.HYDRANT: "safety",
    PointKind.ESCAPE: "safety",
    PointKind.CHARGER: "safety",
    PointKind.LIFT: "lift",
    PointKind.ROAD: "road",
    PointKind.GARDEN: "green",
}


def category_of(kind: str) -> str:
    """Return the kind of job that a point of a kind needs when something is wrong with it."""
    return CATEGORY_OF[PointKind(kind)] if kind in CATEGORY_OF else OTHER.code


def seen_words(kind: str, code: str, answer: Answer, questions: Sequence[QuestionLine]) -> str:
    """Return what was seen at a point as a sentence of a ticket."""
    found = [level_word(answer.level)] if answer.level else []
    found += details(answer, questions)
    said = t("walk.comma").join(found) or t("ticket_report.something_wrong")
    return t("ticket_report.seen_at", kind=kind_word(kind), code=code, seen=said)


def point_slip(
    point_id: UUID,
    kind: str,
    code: str,
    *,
    seen_as: Answer,
    questions: Sequence[QuestionLine],
    observation_id: UUID,
) -> Slip:
    """Return a report of what is wrong with a point."""
    return Slip(
        point_id=point_id,
        point=code,
        what=seen_words(kind, code, seen_as, questions),
        category=category_of(kind),
        channel=Channel.INSPECTION.value,
        observation_id=observation_id,
    )


def seen_slip(session: Session, compound_id: UUID, observation_id: UUID) -> Slip | None:
    """Return a report of what an observation tells, None when there is no such observation of a point."""
    found = rows_of(session, select_seen(compound_id).where(OBSERVATION.c.id == observation_id))
    if not found or found[0].point_id is None:
        return None
    made = seen(found[0], zone=zone_of(session, compound_id), diameter_mm=None)
    named = POINT.select().where(POINT.c.compound_id == compound_id, POINT.c.id == made.point_id)
    [point] = rows_of(session, named)
    questions = [one for one in checklist(session, compound_id) if one.point_kind == point.kind]
    return point_slip(
        point.id,
        point.kind,
        point.code,
        seen_as=answer_of(made),
        questions=questions,
        observation_id=observation_id,
    )
