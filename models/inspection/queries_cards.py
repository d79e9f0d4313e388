"""What a walk's screen shows: a card for each point, and what they amount to.

The cost follows the points of one walk: of ten years of observations at a point
only the last one before the walk is read.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Row, Select, and_, or_, select, union_all
from sqlmodel import Session

from models.inspection.observed import (
    OBSERVATION,
    PERSON,
    POINT,
    Around,
    Ids,
    Seen,
    around,
    rows_of,
    seen,
    select_seen,
    zone_of,
)
from models.inspection.queries import BUILDING, STOP, QuestionLine, checklist
from models.inspection.queries_walks import DRAINS, Progress, walk_row
from models.inspection.tables import WalkMember
from models.tables import table_of

MEMBER = table_of(WalkMember)


@dataclass(frozen=True, slots=True)
class PointCard:
    """One point of a walk: where it is, what it was last time, what it is this time.

    `last` is the newest observation from before this walk, `latest` the newest
    of this walk, `count` how many this walk has. `on_route` is false at a point
    that the walk took beside its route. `where` is the building's name, the
    point's name and the first line of its note.
    """

    point_id: UUID
    code: str
    kind: str
    name: str
    building: str
    where: str
    note: str
    depth_mm: int | None
    upstream: tuple[str, ...]
    downstream: tuple[str, ...]
    diameter_mm: int | None
    on_route: bool
    archived: bool
    last: Seen | None
    latest: Seen | None
    count: int


@dataclass(frozen=True, slots=True)
class WalkView:
    """Everything a walk screen shows.

    `first_unfinished` is the index in `cards` of the first point of the route
    that nobody has seen yet, None when all are seen.
    """

    id: UUID
    name: str
    note: str
    route_id: UUID | None
    route: str
    started_at: datetime
    started_by: str
    finished_at: datetime | None
    archived: bool
    members: tuple[str, ...]
    cards: tuple[PointCard, ...]
    checklists: Mapping[str, tuple[QuestionLine, ...]]
    progress: Progress
    first_unfinished: int | None

    @property
    def has_drains(self) -> bool:
        """Tell whether covers are lifted on this walk."""
        return any(card.kind in DRAINS for card in self.cards)


@dataclass(frozen=True, slots=True)
class WalkSummary:
    """What a walk amounts to, each point by its latest observation.

    `levels`, `states` and `defects` count points by code, commonest first;
    `unseen` holds the codes of the route's points that nobody saw, in walking
    order, and `unseen_wells` those of them that are wells or outfalls.
    """

    progress: Progress
    levels: Mapping[str, int]
    states: Mapping[str, int]
    defects: Mapping[str, int]
    unseen: tuple[str, ...]
    unseen_wells: tuple[str, ...]


def walk_view(session: Session, compound_id: UUID, walk_id: UUID) -> WalkView | None:
    """Return a walk with its cards in walking order, whatever a volunteer needs beside each point.

    A walk without a route has every living point on it, in natural order. What
    was observed beside the route comes last.
    """
    walk = walk_row(session, compound_id, walk_id)
    if walk is None:
        return None
    zone = zone_of(session, compound_id)
    cards = _cards(session, compound_id, walk, zone)
    questions: dict[str, list[QuestionLine]] = {}
    for question in checklist(session, compound_id):
        questions.setdefault(question.point_kind, []).append(question)
    return WalkView(
        id=walk.id,
        name=walk.name,
        note=walk.note,
        route_id=walk.route_id,
        route=walk.route or "",
        started_at=walk.started_at.astimezone(zone),
        started_by=walk.starter or "",
        finished_at=None if walk.finished_at is None else walk.finished_at.astimezone(zone),
        archived=walk.archived,
        members=_members(session, compound_id, walk),
        cards=cards,
        checklists={kind: tuple(asked) for kind, asked in questions.items()},
        progress=progress_of(cards),
        first_unfinished=first_unfinished(cards),
    )


def point_card_in_walk(
    session: Session, compound_id: UUID, walk_id: UUID, point_id: UUID
) -> PointCard | None:
    """Return one card of a walk as it is now, for the screen that has just saved an answer to it."""
    walk = walk_row(session, compound_id, walk_id)
    if walk is None:
        return None
    cards = _cards(session, compound_id, walk, zone_of(session, compound_id), only=point_id)
    return cards[0] if cards else None


def progress_of(cards: Iterable[PointCard]) -> Progress:
    """Count the cards of the route, and those of them that have been seen."""
    planned = [card for card in cards if card.on_route]
    return Progress(seen=sum(card.latest is not None for card in planned), total=len(planned))


def first_unfinished(cards: Sequence[PointCard]) -> int | None:
    """Return the index of the first card of the route that nobody has seen yet."""
    return next((index for index, card in enumerate(cards) if card.on_route and card.latest is None), None)


def walk_summary(session: Session, compound_id: UUID, walk_id: UUID) -> WalkSummary | None:
    """Return what a walk amounts to."""
    view = walk_view(session, compound_id, walk_id)
    return None if view is None else summarise(view.cards)


def summarise(cards: Sequence[PointCard]) -> WalkSummary:
    """Return what these cards amount to."""
    latest = [card.latest for card in cards if card.latest is not None]
    unseen = [card for card in cards if card.latest is None and card.on_route]
    defects = Counter(code for found in latest for code in {defect.code for defect in found.defects})
    return WalkSummary(
        progress=progress_of(cards),
        levels=dict(Counter(found.level for found in latest if found.level is not None).most_common()),
        states=dict(Counter(found.state.value for found in latest).most_common()),
        defects=dict(sorted(defects.items(), key=lambda counted: (-counted[1], counted[0]))),
        unseen=tuple(card.code for card in unseen),
        unseen_wells=tuple(card.code for card in unseen if card.kind in DRAINS),
    )


def _members(session: Session, compound_id: UUID, walk: Row[Any]) -> tuple[str, ...]:
    """Return who takes part: who started it first, the others by name."""
    joined = MEMBER.join(PERSON, and_(PERSON.c.compound_id == compound_id, PERSON.c.id == MEMBER.c.person_id))
    statement = (
        select(PERSON.c.name)
        .select_from(joined)
        .where(MEMBER.c.compound_id == compound_id, MEMBER.c.walk_id == walk.id, MEMBER.c.archived.is_(False))
        .order_by(MEMBER.c.person_id != walk.started_by, PERSON.c.name, MEMBER.c.id)
    )
    return tuple(row.name for row in rows_of(session, statement))


def _of_walk(compound_id: UUID, walk_id: UUID) -> list[ColumnElement[bool]]:
    return [
        OBSERVATION.c.compound_id == compound_id,
        OBSERVATION.c.walk_id == walk_id,
        OBSERVATION.c.archived.is_(False),
    ]


def _cards(
    session: Session, compound_id: UUID, walk: Row[Any], zone: ZoneInfo, *, only: UUID | None = None
) -> tuple[PointCard, ...]:
    ids = _point_ids(compound_id, walk) if only is None else [only]
    points = rows_of(session, _select_cards(compound_id, walk).where(POINT.c.id.in_(ids)))
    neighbours = around(session, compound_id, ids)
    lonely = Around()

    def value(row: Row[Any]) -> Seen:
        return seen(row, zone=zone, diameter_mm=neighbours.get(row.point_id, lonely).diameter_mm)

    newest_last = (
        select_seen(compound_id)
        .where(*_of_walk(compound_id, walk.id), OBSERVATION.c.point_id.in_(ids))
        .order_by(OBSERVATION.c.at, OBSERVATION.c.id)
    )
    of_this_walk: dict[UUID, list[Row[Any]]] = {}
    for row in rows_of(session, newest_last):
        of_this_walk.setdefault(row.point_id, []).append(row)
    earlier = {row.point_id: value(row) for row in rows_of(session, _select_last(compound_id, walk, ids))}
    cards = []
    for point in points:
        mine = of_this_walk.get(point.id, ())
        planned = not point.archived and (walk.route_id is None or point.position is not None)
        if not planned and not mine and only is None:
            continue
        near = neighbours.get(point.id, lonely)
        cards.append(
            PointCard(
                point_id=point.id,
                code=point.code,
                kind=point.kind,
                name=point.name,
                building=point.building or "",
                where=" · ".join(
                    part for part in (point.building_name, point.name, point.note.partition("\n")[0]) if part
                ),
                note=point.note,
                depth_mm=point.depth_mm,
                upstream=near.upstream,
                downstream=near.downstream,
                diameter_mm=near.diameter_mm,
                on_route=planned,
                archived=point.archived,
                last=earlier.get(point.id),
                latest=value(mine[-1]) if mine else None,
                count=len(mine),
            )
        )
    return tuple(sorted(cards, key=lambda card: not card.on_route))


def _point_ids(compound_id: UUID, walk: Row[Any]) -> Select[tuple[UUID]]:
    observed = select(OBSERVATION.c.point_id).where(*_of_walk(compound_id, walk.id))
    if walk.route_id is None:
        planned = select(POINT.c.id).where(POINT.c.compound_id == compound_id, POINT.c.archived.is_(False))
    else:
        planned = select(STOP.c.point_id).where(
            STOP.c.compound_id == compound_id,
            STOP.c.route_id == walk.route_id,
            STOP.c.archived.is_(False),
        )
    return select(union_all(planned, observed).subquery().c[0])


def _select_cards(compound_id: UUID, walk: Row[Any]) -> Select[Any]:
    joined = POINT.outerjoin(
        BUILDING, and_(BUILDING.c.compound_id == compound_id, BUILDING.c.id == POINT.c.building_id)
    ).outerjoin(
        STOP,
        and_(
            STOP.c.compound_id == compound_id,
            STOP.c.route_id == walk.route_id,
            STOP.c.point_id == POINT.c.id,
            STOP.c.archived.is_(False),
        ),
    )
    return (
        select(
            POINT,
            BUILDING.c.code.label("building"),
            BUILDING.c.name.label("building_name"),
            STOP.c.position,
        )
        .select_from(joined)
        .where(POINT.c.compound_id == compound_id)
        .order_by(STOP.c.position.nulls_first(), POINT.c.sort_key, POINT.c.id)
    )


def _select_last(compound_id: UUID, walk: Row[Any], ids: Ids) -> Select[Any]:
    """Select, for each point, the newest living observation from before a walk."""
    earlier = OBSERVATION.alias("earlier")
    newest = (
        select(earlier.c.id)
        .where(
            earlier.c.compound_id == compound_id,
            earlier.c.point_id == POINT.c.id,
            earlier.c.archived.is_(False),
            earlier.c.at < walk.started_at,
            or_(earlier.c.walk_id.is_(None), earlier.c.walk_id != walk.id),
        )
        .order_by(earlier.c.at.desc(), earlier.c.id.desc())
        .limit(1)
        .correlate(POINT)
        .scalar_subquery()
    )
    chosen = select(newest).where(POINT.c.compound_id == compound_id, POINT.c.id.in_(ids))
    return select_seen(compound_id).where(OBSERVATION.c.id.in_(chosen))
