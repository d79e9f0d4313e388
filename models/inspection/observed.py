"""Observations and the wells around a point, as frozen values that a person can read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, FromClause, Row, Select, and_, select
from sqlmodel import Session

from models.community.searching import contains
from models.community.tables import Compound, Person
from models.inspection.rules import State, state_of
from models.inspection.tables import Observation, Pipe, Point, Walk
from models.tables import table_of

#: Ids, or a statement that selects them: a compound's points may be more than a statement has room for.
Ids = Sequence[UUID] | Select[tuple[UUID]]

DEFAULT_ZONE: Final = "Asia/Shanghai"
#: A pasted page is no search, and a database nests conditions only so deep.
_MOST_WORDS = 10

OBSERVATION = table_of(Observation)
PERSON = table_of(Person)
PIPE = table_of(Pipe)
POINT = table_of(Point)
WALK = table_of(Walk)


@dataclass(frozen=True, slots=True)
class DefectSeen:
    """A defect by code, with its grade 1 to 4 if it was graded."""

    code: str
    grade: int | None
    note: str


@dataclass(frozen=True, slots=True)
class Seen:
    """What somebody saw at a point, and what it amounts to. `at` is in the compound's zone."""

    id: UUID
    point_id: UUID | None
    level: str | None
    mud_mm: int | None
    defects: tuple[DefectSeen, ...]
    answers: Mapping[str, Any]
    note: str
    state: State
    at: datetime
    doer_id: UUID
    doer: str
    recorder: str
    walk_id: UUID | None
    walk: str
    archived: bool


@dataclass(frozen=True, slots=True)
class Around:
    """The wells next to one, and the bore that its mud is measured against."""

    upstream: tuple[str, ...] = ()
    downstream: tuple[str, ...] = ()
    diameter_mm: int | None = None


def rows_of(session: Session, statement: Select[Any]) -> Sequence[Row[Any]]:
    """Return plain rows: no objects are built, and none stay behind in the session."""
    return session.connection().execute(statement).all()


def matching(table: FromClause, text: str) -> list[ColumnElement[bool]]:
    """Return the conditions that a row's search text holds every word of `text`."""
    return [contains(table.c.search, word) for word in words(text)]


def words(text: str) -> list[str]:
    """Return the words of a search box, each to be found."""
    return text.split()[:_MOST_WORDS]


def zone_of(session: Session, compound_id: UUID) -> ZoneInfo:
    """Return the zone that a compound's times are shown in."""
    table = table_of(Compound)
    found = rows_of(session, select(table.c.zone).where(table.c.compound_id == compound_id))
    return ZoneInfo(found[0].zone if found else DEFAULT_ZONE)


def select_seen(compound_id: UUID) -> Select[Any]:
    """Return the statement whose rows `seen` reads, without order or limit."""
    doer, recorder = PERSON.alias("doer"), PERSON.alias("recorder")
    joined = (
        OBSERVATION.outerjoin(
            doer, and_(doer.c.compound_id == compound_id, doer.c.id == OBSERVATION.c.doer_id)
        )
        .outerjoin(
            recorder, and_(recorder.c.compound_id == compound_id, recorder.c.id == OBSERVATION.c.recorder_id)
        )
        .outerjoin(WALK, and_(WALK.c.compound_id == compound_id, WALK.c.id == OBSERVATION.c.walk_id))
    )
    return (
        select(
            OBSERVATION,
            doer.c.name.label("doer"),
            recorder.c.name.label("recorder"),
            WALK.c.name.label("walk"),
        )
        .select_from(joined)
        .where(OBSERVATION.c.compound_id == compound_id)
    )


def seen(row: Row[Any], *, zone: ZoneInfo, diameter_mm: int | None) -> Seen:
    """Turn a row of `select_seen` into a value; mud is judged against `diameter_mm`."""
    return Seen(
        id=row.id,
        point_id=row.point_id,
        level=row.level,
        mud_mm=row.mud_mm,
        defects=tuple(
            DefectSeen(defect["code"], defect.get("grade"), defect.get("note") or "")
            for defect in row.defects
        ),
        answers=row.answers,
        note=row.note,
        state=state_of(
            level=row.level,
            mud_mm=row.mud_mm,
            diameter_mm=diameter_mm,
            defects=row.defects,
            answers=row.answers,
        ),
        at=row.at.astimezone(zone),
        doer_id=row.doer_id,
        doer=row.doer or "",
        recorder=row.recorder or "",
        walk_id=row.walk_id,
        walk=row.walk or "",
        archived=row.archived,
    )


def around(session: Session, compound_id: UUID, point_ids: Ids) -> dict[UUID, Around]:
    """Return the living neighbours of points; a point without pipes is left out."""
    outgoing = _ends(session, compound_id, point_ids, here="from_id", there="to_id")
    incoming = _ends(session, compound_id, point_ids, here="to_id", there="from_id")
    return {
        point_id: Around(
            upstream=tuple(code for code, _ in incoming.get(point_id, ())),
            downstream=tuple(code for code, _ in outgoing.get(point_id, ())),
            diameter_mm=_widest(outgoing.get(point_id, incoming.get(point_id, ()))),
        )
        for point_id in {**outgoing, **incoming}
    }


def _ends(
    session: Session, compound_id: UUID, point_ids: Ids, *, here: str, there: str
) -> dict[UUID, list[tuple[str, int | None]]]:
    statement = (
        select(PIPE.c[here].label("here"), POINT.c.code, PIPE.c.diameter_mm)
        .select_from(PIPE.join(POINT, and_(POINT.c.compound_id == compound_id, POINT.c.id == PIPE.c[there])))
        .where(
            PIPE.c.compound_id == compound_id,
            PIPE.c[here].in_(point_ids),
            PIPE.c.archived.is_(False),
            POINT.c.archived.is_(False),
        )
        .order_by(POINT.c.sort_key, POINT.c.id)
    )
    ends: dict[UUID, list[tuple[str, int | None]]] = {}
    for row in rows_of(session, statement):
        ends.setdefault(row.here, []).append((row.code, row.diameter_mm))
    return ends


def _widest(ends: Iterable[tuple[str, int | None]]) -> int | None:
    return max((diameter for _, diameter in ends if diameter is not None), default=None)
