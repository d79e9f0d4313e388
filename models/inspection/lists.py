"""Inspection's lists for the command line."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import and_, select
from sqlmodel import Session

from models.inspection import queries, queries_network, queries_walks
from models.inspection.observed import OBSERVATION, PERSON, POINT, WALK, rows_of, zone_of
from models.inspection.rules import failed_items
from models.listings import ListingRow, listing
from models.tables import Json


def _time(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat(timespec="seconds")


@listing(
    "points",
    "id",
    "code",
    "kind",
    "name",
    "building",
    "x_m",
    "y_m",
    "ground_m",
    "depth_mm",
    "note",
    "archived",
)
def list_points(session: Session, compound_id: UUID, _today: date) -> Iterator[ListingRow]:
    """Yield points in natural order, the archived ones last."""
    for archived in (False, True):
        for line in queries.points_page(session, compound_id, archived=archived):
            yield {
                "id": str(line.id),
                "code": line.code,
                "kind": line.kind,
                "name": line.name,
                "building": line.building,
                "x_m": line.x_m,
                "y_m": line.y_m,
                "ground_m": line.ground_m,
                "depth_mm": line.depth_mm,
                "note": line.note,
                "archived": line.archived,
            }


@listing("pipes", "id", "from", "to", "diameter_mm", "length_m", "material", "system", "archived")
def list_pipes(session: Session, compound_id: UUID, _today: date) -> Iterator[ListingRow]:
    """Yield pipes by their ends, the archived ones last."""
    for archived in (False, True):
        for line in queries_network.pipes_page(session, compound_id, archived=archived):
            yield {
                "id": str(line.id),
                "from": line.start,
                "to": line.end,
                "diameter_mm": line.diameter_mm,
                "length_m": line.length_m,
                "material": line.material,
                "system": line.system,
                "archived": line.archived,
            }


@listing("connections", "id", "point", "building", "household", "archived")
def list_connections(session: Session, compound_id: UUID, _today: date) -> Iterator[ListingRow]:
    """Yield what drains into which well, the archived ones last."""
    for archived in (False, True):
        for line in queries_network.connections(session, compound_id, archived=archived):
            yield {
                "id": str(line.id),
                "point": line.point,
                "building": line.building,
                "household": line.household,
                "archived": line.archived,
            }


@listing("routes", "id", "name", "points", "note", "archived")
def list_routes(session: Session, compound_id: UUID, _today: date) -> Iterator[ListingRow]:
    """Yield routes by name with the codes of their points in walking order."""
    for archived in (False, True):
        for line in queries.routes(session, compound_id, archived=archived):
            view = queries.route_view(session, compound_id, line.id)
            yield {
                "id": str(line.id),
                "name": line.name,
                "points": [] if view is None else [stop.code for stop in view.stops],
                "note": line.note,
                "archived": line.archived,
            }


@listing("checklists", "id", "point_kind", "text", "answer", "required", "position", "archived")
def list_checklists(session: Session, compound_id: UUID, _today: date) -> Iterator[ListingRow]:
    """Yield the questions of each kind of point in the order they are asked."""
    for archived in (False, True):
        for line in queries.checklist(session, compound_id, archived=archived):
            yield {
                "id": str(line.id),
                "point_kind": line.point_kind,
                "text": line.text,
                "answer": line.answer,
                "required": line.required,
                "position": line.position,
                "archived": line.archived,
            }


@listing(
    "walks",
    "id",
    "name",
    "route",
    "started_at",
    "started_by",
    "finished_at",
    "seen",
    "total",
    "archived",
)
def list_walks(session: Session, compound_id: UUID, _today: date) -> Iterator[ListingRow]:
    """Yield walks, newest first, the archived ones last."""
    for archived in (False, True):
        for line in queries_walks.walks_page(session, compound_id, archived=archived):
            yield {
                "id": str(line.id),
                "name": line.name,
                "route": line.route,
                "started_at": _time(line.started_at),
                "started_by": line.started_by,
                "finished_at": _time(line.finished_at),
                "seen": line.progress.seen,
                "total": line.progress.total,
                "archived": line.archived,
            }


@listing(
    "observations",
    "id",
    "code",
    "level",
    "mud_mm",
    "defects",
    "answers",
    "failed",
    "note",
    "at",
    "doer",
    "recorder",
    "walk",
    "archived",
)
def list_observations(session: Session, compound_id: UUID, _today: date) -> Iterator[ListingRow]:
    """Yield observations by the time they were made; what is withdrawn is `archived`.

    `defects` holds codes, with the grade behind a colon if there is one; `failed` the questions with a bad
    answer; `code` and `walk` are empty where the fact named what nobody knows.
    """
    questions = {
        str(line.id): line.text
        for archived in (False, True)
        for line in queries.checklist(session, compound_id, archived=archived)
    }
    zone = zone_of(session, compound_id)
    doer, recorder = PERSON.alias("doer"), PERSON.alias("recorder")
    joined = (
        OBSERVATION.outerjoin(
            POINT, and_(POINT.c.compound_id == compound_id, POINT.c.id == OBSERVATION.c.point_id)
        )
        .outerjoin(WALK, and_(WALK.c.compound_id == compound_id, WALK.c.id == OBSERVATION.c.walk_id))
        .outerjoin(doer, and_(doer.c.compound_id == compound_id, doer.c.id == OBSERVATION.c.doer_id))
        .outerjoin(
            recorder, and_(recorder.c.compound_id == compound_id, recorder.c.id == OBSERVATION.c.recorder_id)
        )
    )
    statement = (
        select(
            OBSERVATION,
            POINT.c.code,
            WALK.c.name.label("walk"),
            doer.c.name.label("doer"),
            recorder.c.name.label("recorder"),
        )
        .select_from(joined)
        .where(OBSERVATION.c.compound_id == compound_id)
        .order_by(OBSERVATION.c.at, OBSERVATION.c.id)
    )
    for row in rows_of(session, statement):
        defects: list[Json] = [
            f"{defect['code']}:{defect['grade']}" if defect.get("grade") else str(defect["code"])
            for defect in row.defects
        ]
        yield {
            "id": str(row.id),
            "code": row.code or "",
            "level": row.level,
            "mud_mm": row.mud_mm,
            "defects": defects,
            "answers": row.answers,
            "failed": [questions[item] for item in failed_items(questions, row.answers)],
            "note": row.note,
            "at": _time(row.at.astimezone(zone)),
            "doer": row.doer or "",
            "recorder": row.recorder or "",
            "walk": row.walk or "",
            "archived": row.archived,
        }
