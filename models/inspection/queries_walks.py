"""What the walk screens ask: walks, their cards, how far they are, what they amount to.

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

from sqlalchemy import ColumnElement, Row, Select, and_, exists, func, or_, select, union_all
from sqlmodel import Session

from models.inspection.observed import (
    OBSERVATION,
    PERSON,
    POINT,
    WALK,
    Around,
    Ids,
    Seen,
    around,
    matching,
    rows_of,
    seen,
    select_seen,
    zone_of,
)
from models.inspection.queries import BUILDING, ROUTE, STOP, QuestionLine, checklist
from models.inspection.rules import PointKind
from models.inspection.tables import WalkMember
from models.operations.tables import Alias
from models.tables import table_of

ALIAS = table_of(Alias)
MEMBER = table_of(WalkMember)

DRAINS = frozenset({PointKind.WELL.value, PointKind.OUTFALL.value})


@dataclass(frozen=True, slots=True)
class Progress:
    """How many of a walk's points have been seen."""

    seen: int
    total: int


@dataclass(frozen=True, slots=True)
class WalkLine:
    """A walk in a list; times are in the compound's zone."""

    id: UUID
    name: str
    route_id: UUID | None
    route: str
    started_at: datetime
    started_by: str
    finished_at: datetime | None
    progress: Progress
    archived: bool


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


@dataclass(frozen=True, slots=True)
class HomeCounts:
    """What the first screen says of inspection; `open_walk` is the newest one that is not finished."""

    points: int
    open_walks: int
    open_walk: WalkLine | None


# -- lists of walks ----------------------------------------------------------------------


def walks_page(
    session: Session,
    compound_id: UUID,
    *,
    text: str = "",
    unfinished: bool = False,
    archived: bool = False,
    offset: int = 0,
    limit: int | None = None,
) -> tuple[WalkLine, ...]:
    """Return walks, newest first, with how far each is."""
    conditions = _walks(compound_id, text, unfinished=unfinished, archived=archived)
    return _lines(session, compound_id, *conditions, offset=offset, limit=limit)


def count_walks(
    session: Session,
    compound_id: UUID,
    *,
    text: str = "",
    unfinished: bool = False,
    archived: bool = False,
) -> int:
    """Count the walks that `walks_page` leafs through."""
    conditions = _walks(compound_id, text, unfinished=unfinished, archived=archived)
    return int(rows_of(session, select(func.count()).select_from(WALK).where(*conditions))[0][0])


def unfinished_walks(session: Session, compound_id: UUID) -> tuple[WalkLine, ...]:
    """Return the walks that somebody may resume, newest first."""
    return walks_page(session, compound_id, unfinished=True)


def latest_walk(session: Session, compound_id: UUID) -> WalkLine | None:
    """Return the walk that started last, finished or not."""
    newest = walks_page(session, compound_id, limit=1)
    return newest[0] if newest else None


def other_walks_to_join(session: Session, compound_id: UUID, walk_id: UUID) -> tuple[WalkLine, ...]:
    """Return the unfinished walks over the same route that this one could be one with, newest first."""
    walk = walk_row(session, compound_id, walk_id)
    if walk is None:
        return ()
    return _lines(
        session,
        compound_id,
        *_walks(compound_id, "", unfinished=True, archived=False),
        WALK.c.id != walk.id,
        WALK.c.route_id.is_(None) if walk.route_id is None else WALK.c.route_id == walk.route_id,
    )


def home_counts(session: Session, compound_id: UUID) -> HomeCounts:
    """Return what the first screen says of inspection."""
    living = (POINT.c.compound_id == compound_id, POINT.c.archived.is_(False))
    newest = walks_page(session, compound_id, unfinished=True, limit=1)
    return HomeCounts(
        points=int(rows_of(session, select(func.count()).select_from(POINT).where(*living))[0][0]),
        open_walks=count_walks(session, compound_id, unfinished=True),
        open_walk=newest[0] if newest else None,
    )


def _walks(compound_id: UUID, text: str, *, unfinished: bool, archived: bool) -> list[ColumnElement[bool]]:
    return [
        WALK.c.compound_id == compound_id,
        WALK.c.archived.is_(archived),
        *([WALK.c.finished_at.is_(None)] if unfinished else []),
        *matching(WALK, text),
    ]


def _select_walks(compound_id: UUID) -> Select[Any]:
    joined = WALK.outerjoin(
        ROUTE, and_(ROUTE.c.compound_id == compound_id, ROUTE.c.id == WALK.c.route_id)
    ).outerjoin(PERSON, and_(PERSON.c.compound_id == compound_id, PERSON.c.id == WALK.c.started_by))
    return (
        select(WALK, ROUTE.c.name.label("route"), PERSON.c.name.label("starter"))
        .select_from(joined)
        .where(WALK.c.compound_id == compound_id)
    )


def _lines(
    session: Session,
    compound_id: UUID,
    *conditions: ColumnElement[bool],
    offset: int = 0,
    limit: int | None = None,
) -> tuple[WalkLine, ...]:
    statement = (
        _select_walks(compound_id)
        .where(*conditions)
        .order_by(WALK.c.started_at.desc(), WALK.c.id.desc())
        .offset(offset or None)
        .limit(limit)
    )
    walks = rows_of(session, statement)
    zone = zone_of(session, compound_id)
    progress = _progress(session, compound_id, walks)
    return tuple(
        WalkLine(
            id=walk.id,
            name=walk.name,
            route_id=walk.route_id,
            route=walk.route or "",
            started_at=walk.started_at.astimezone(zone),
            started_by=walk.starter or "",
            finished_at=None if walk.finished_at is None else walk.finished_at.astimezone(zone),
            progress=progress[walk.id],
            archived=walk.archived,
        )
        for walk in walks
    )


# -- one walk ----------------------------------------------------------------------------


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


def walk_progress(session: Session, compound_id: UUID, walk_id: UUID) -> Progress | None:
    """Return how far a walk is, without its cards."""
    walk = walk_row(session, compound_id, walk_id)
    return None if walk is None else _progress(session, compound_id, [walk])[walk.id]


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


# -- inside ------------------------------------------------------------------------------


def walk_row(session: Session, compound_id: UUID, walk_id: UUID) -> Row[Any] | None:
    """Return a walk, or the one it was joined into: a screen may still hold the old id."""
    met: set[UUID] = set()
    while True:
        found = rows_of(session, _select_walks(compound_id).where(WALK.c.id == walk_id))
        if found and not found[0].archived:
            return found[0]
        met.add(walk_id)
        aliases = rows_of(
            session,
            select(ALIAS.c.to_id).where(
                ALIAS.c.compound_id == compound_id, ALIAS.c.id == walk_id, ALIAS.c.archived.is_(False)
            ),
        )
        if not aliases or aliases[0].to_id in met:
            return found[0] if found else None
        walk_id = aliases[0].to_id


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
        .order_by(STOP.c.position, POINT.c.sort_key, POINT.c.id)
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


def _progress(session: Session, compound_id: UUID, walks: Sequence[Row[Any]]) -> dict[UUID, Progress]:
    """Count, for each walk, its points and those of them that have a living observation."""
    living = and_(POINT.c.compound_id == compound_id, POINT.c.archived.is_(False))
    on_route = exists().where(
        STOP.c.compound_id == compound_id,
        STOP.c.route_id == WALK.c.route_id,
        STOP.c.point_id == OBSERVATION.c.point_id,
        STOP.c.archived.is_(False),
    )
    seen_points = (
        select(OBSERVATION.c.walk_id, func.count(OBSERVATION.c.point_id.distinct()).label("n"))
        .select_from(
            OBSERVATION.join(
                WALK, and_(WALK.c.compound_id == compound_id, WALK.c.id == OBSERVATION.c.walk_id)
            ).join(POINT, and_(living, POINT.c.id == OBSERVATION.c.point_id))
        )
        .where(
            OBSERVATION.c.compound_id == compound_id,
            OBSERVATION.c.walk_id.in_([walk.id for walk in walks]),
            OBSERVATION.c.archived.is_(False),
            or_(WALK.c.route_id.is_(None), on_route),
        )
        .group_by(OBSERVATION.c.walk_id)
    )
    routes = {walk.route_id for walk in walks}
    stops = (
        select(STOP.c.route_id, func.count().label("n"))
        .select_from(STOP.join(POINT, and_(living, POINT.c.id == STOP.c.point_id)))
        .where(
            STOP.c.compound_id == compound_id,
            STOP.c.route_id.in_(routes - {None}),
            STOP.c.archived.is_(False),
        )
        .group_by(STOP.c.route_id)
    )
    total = {row.route_id: row.n for row in rows_of(session, stops)}
    if None in routes:
        total[None] = rows_of(session, select(func.count()).select_from(POINT).where(living))[0][0]
    done = {row.walk_id: row.n for row in rows_of(session, seen_points)}
    return {walk.id: Progress(done.get(walk.id, 0), total.get(walk.route_id, 0)) for walk in walks}
