"""What a line such as `W07 > W05 300, 3栋 > W07` would do to the sewer as it stands, and the operations that do it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session

from models.community.tables import Building, Household
from models.inspection.known_points import KnownPipe, KnownPoint, pipes_among, points_meant
from models.inspection.linking import Drain, Link, Said, names_no_well, read_links, said_again
from models.inspection.observed import rows_of
from models.inspection.rules import PointKind
from models.inspection.tables import HouseConnection
from models.operations.envelope import Intent
from models.problems import Problem
from models.tables import Json, table_of

_BUILDING, _HOUSEHOLD, _CONNECTION = table_of(Building), table_of(Household), table_of(HouseConnection)
_FIELDS = ("diameter_mm", "length_m", "material", "system")

#: How people name the place where the water leaves the compound.
_OUTFALL_NAMES = ("OUT", "排", "出水", "出口", "市政")

NewId = Callable[[], UUID]


class Effect(StrEnum):
    """What saying a link does."""

    ADD = "add"  # a new pipe or connection
    KEEP = "keep"  # it is there already
    RESIZE = "resize"  # it is there with another diameter
    TURN = "turn"  # it is there the other way round
    RESTORE = "restore"  # it was archived
    UNKNOWN = "unknown"  # a well that is not there: it can be added too
    NOWHERE = "nowhere"  # a building or household that is not in the register


@dataclass(frozen=True, slots=True)
class Planned:
    """One link or connection with what it does. `start` is a well, or with `home` a building or household."""

    start: str
    end: str
    effect: Effect
    diameter_mm: int | None = None
    home: bool = False
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LinkPlan:
    """What a line would do. `missing` are wells nobody has added, or that are archived, in the line's order."""

    lines: tuple[Planned, ...] = ()
    missing: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    _links: tuple[tuple[Link, Effect], ...] = ()
    _drains: tuple[tuple[Drain, Effect], ...] = ()
    _points: Mapping[str, KnownPoint] | None = None
    _pipes: Mapping[tuple[UUID, UUID], KnownPipe] | None = None
    _homes: Mapping[Drain, UUID] | None = None

    @property
    def does_something(self) -> bool:
        """Whether there is anything to do without adding wells."""
        return any(
            line.effect in {Effect.ADD, Effect.RESIZE, Effect.TURN, Effect.RESTORE} for line in self.lines
        )

    def intents(self, new_id: NewId, *, add_wells: bool = False) -> list[Intent]:
        """Return what is to be performed as one group; wells that are missing are added only when asked for."""
        points = dict(self._points or {})
        made = [_well(code, points, new_id) for code in self.missing] if add_wells else []
        for link, effect in self._links:
            made += self._of_link(link, effect, points, new_id)
        for drain, effect in self._drains:
            well = points.get(drain.well)
            home = (self._homes or {}).get(drain)
            if well is None or well.archived or home is None or effect is Effect.KEEP:
                continue
            side = "household" if drain.household else "building"
            payload: dict[str, Json] = {"id": str(new_id()), "point": str(well.id), side: str(home)}
            made.append(Intent("connection.add", payload))
        return made

    def _of_link(
        self, link: Link, effect: Effect, points: Mapping[str, KnownPoint], new_id: NewId
    ) -> list[Intent]:
        start, end = points.get(link.start), points.get(link.end)
        if start is None or end is None or start.archived or end.archived or effect is Effect.KEEP:
            return []
        pipes = self._pipes or {}
        standing, opposite = pipes.get((start.id, end.id)), pipes.get((end.id, start.id))
        if standing is not None and not standing.archived:
            return _resized(standing, link.diameter_mm)
        if opposite is not None and not opposite.archived:
            return turned(opposite, standing, new_id, diameter_mm=link.diameter_mm)
        if standing is not None:
            return [
                Intent("pipe.unarchive", {"pipe": str(standing.id)}),
                *_resized(standing, link.diameter_mm),
            ]
        payload: dict[str, Json] = {"id": str(new_id()), "start": str(start.id), "end": str(end.id)}
        if link.diameter_mm is not None:
            payload["diameter_mm"] = link.diameter_mm
        return [Intent("pipe.add", payload)]


def turned(
    pipe: KnownPipe, opposite: KnownPipe | None, new_id: NewId, *, diameter_mm: int | None = None
) -> list[Intent]:
    """Return what turns a pipe round: the one that stands is archived, and one the other way takes its fields.

    `opposite` is a pipe that is known the other way, archived or not.
    """
    made = [Intent("pipe.archive", {"pipe": str(pipe.id)})]
    fields: dict[str, Any] = {name: getattr(pipe, name) for name in _FIELDS}
    if diameter_mm is not None:
        fields["diameter_mm"] = diameter_mm
    if opposite is None:
        told = {name: value for name, value in fields.items() if value not in (None, "")}
        ends = {"start": str(pipe.to_id), "end": str(pipe.from_id)}
        return [*made, Intent("pipe.add", {"id": str(new_id()), **ends, **told})]
    if opposite.archived:
        made.append(Intent("pipe.unarchive", {"pipe": str(opposite.id)}))
        stands: dict[str, Any] = {name: getattr(opposite, name) for name in _FIELDS}
        new = {name: value for name, value in fields.items() if value not in (None, "", stands[name])}
        if new:
            old = {name: stands[name] for name in new}
            made.append(Intent("pipe.edit", {"pipe": str(opposite.id), "old": old, "new": new}))
    return made


def turn_round(session: Session, compound_id: UUID, pipe_id: UUID, new_id: NewId) -> list[Intent]:
    """Return what turns one living pipe round, or nothing when it is gone."""
    from models.inspection.queries_network import pipes_where  # here, because queries stand beside plans
    from models.inspection.tables import Pipe

    found = pipes_where(session, compound_id, table_of(Pipe).c.id == pipe_id)
    if not found or found[0].archived:
        return []
    line = found[0]
    known = pipes_among(session, compound_id, [line.from_id, line.to_id])
    return turned(known[line.from_id, line.to_id], known.get((line.to_id, line.from_id)), new_id)


def plan_links(session: Session, compound_id: UUID, text: str) -> LinkPlan:
    """Say what a line would do; it reads only what the line names."""
    said = read_links(text)
    codes = [code for link in said.links for code in (link.start, link.end)]
    points = points_meant(session, compound_id, [*codes, *(drain.well for drain in said.drains)])
    pipes = pipes_among(session, compound_id, [point.id for point in points.values()])
    homes = _homes(session, compound_id, said.drains)
    joined = _joined(session, compound_id, [point.id for point in points.values()])
    said = _without_slips(said, points)
    problems = list(said.problems)
    meant = _same_pipe_once(said, points, problems)
    links = [(link, _effect(link, points, pipes)) for link in meant]
    drains = [(drain, _drains_already(drain, points, homes, joined)) for drain in said.drains]
    missing = dict.fromkeys(
        code
        for code in [
            *(code for link in meant for code in (link.start, link.end)),
            *(d.well for d in said.drains),
        ]
        if code not in points or points[code].archived
    )
    return LinkPlan(
        lines=(
            *(_shown(link, effect, points) for link, effect in links),
            *(_shown_drain(*d, points) for d in drains),
        ),
        missing=tuple(missing),
        problems=tuple(problems),
        _links=tuple(links),
        _drains=tuple(drains),
        _points=points,
        _pipes=pipes,
        _homes=homes,
    )


def _without_slips(said: Said, points: Mapping[str, KnownPoint]) -> Said:
    """Leave out what names a well that nobody has and nobody would add."""
    named = [code for link in said.links for code in (link.start, link.end)]
    named += [drain.well for drain in said.drains]
    slips = [code for code in dict.fromkeys(named) if code not in points and names_no_well(code)]
    return Said(
        tuple(link for link in said.links if link.start not in slips and link.end not in slips),
        tuple(drain for drain in said.drains if drain.well not in slips),
        (*said.problems, *(Problem("link.not_a_well", params={"text": code}) for code in slips)),
    )


def _same_pipe_once(said: Said, points: Mapping[str, KnownPoint], problems: list[Problem]) -> list[Link]:
    """Take each pipe once, however its wells were spelt; one said both ways is said once, and doubted."""
    kept: dict[tuple[str, str], Link] = {}
    for link in said.links:
        start, end = (points[code].code if code in points else code for code in (link.start, link.end))
        if start == end:
            problems.append(Problem("link.to_itself", params={"well": start}))
        elif (end, start) in kept:
            problems.append(Problem("link.said_both_ways", params={"start": start, "end": end}))
        else:
            kept[start, end] = said_again(kept.get((start, end)), link)
    return list(kept.values())


def _effect(
    link: Link, points: Mapping[str, KnownPoint], pipes: Mapping[tuple[UUID, UUID], KnownPipe]
) -> Effect:
    start, end = points.get(link.start), points.get(link.end)
    if start is None or end is None or start.archived or end.archived:
        return Effect.UNKNOWN
    standing, opposite = pipes.get((start.id, end.id)), pipes.get((end.id, start.id))
    if standing is not None and not standing.archived:
        return Effect.RESIZE if link.diameter_mm not in {None, standing.diameter_mm} else Effect.KEEP
    if opposite is not None and not opposite.archived:
        return Effect.TURN
    return Effect.ADD if standing is None else Effect.RESTORE


def _drains_already(
    drain: Drain,
    points: Mapping[str, KnownPoint],
    homes: Mapping[Drain, UUID],
    joined: Collection[tuple[UUID, UUID]],
) -> Effect:
    if drain not in homes:
        return Effect.NOWHERE
    well = points.get(drain.well)
    if well is None or well.archived:
        return Effect.UNKNOWN
    return Effect.KEEP if (well.id, homes[drain]) in joined else Effect.ADD


def _shown(link: Link, effect: Effect, points: Mapping[str, KnownPoint]) -> Planned:
    codes = [points[code].code if code in points else code for code in (link.start, link.end)]
    unknown = tuple(code for code in (link.start, link.end) if code not in points or points[code].archived)
    return Planned(codes[0], codes[1], effect, link.diameter_mm, unknown=unknown)


def _shown_drain(drain: Drain, effect: Effect, points: Mapping[str, KnownPoint]) -> Planned:
    well = points[drain.well].code if drain.well in points else drain.well
    unknown = () if effect is not Effect.UNKNOWN else (drain.well,)
    return Planned(drain.household or drain.building, well, effect, home=True, unknown=unknown)


def _well(code: str, points: dict[str, KnownPoint], new_id: NewId) -> Intent:
    archived = points.get(code)
    if archived is not None:
        points[code] = KnownPoint(archived.id, archived.code, archived.kind, archived=False)
        return Intent("point.unarchive", {"point": str(archived.id)})
    made = new_id()
    points[code] = KnownPoint(made, code, kind_of(code), archived=False)
    return Intent("point.add", {"id": str(made), "code": code, "kind": kind_of(code)})


def kind_of(code: str) -> str:
    """Return what a point of this code hardly can be otherwise: `OUT1` and `排口2` are outfalls, the rest wells."""
    return (PointKind.OUTFALL if code.startswith(_OUTFALL_NAMES) else PointKind.WELL).value


def _resized(pipe: KnownPipe, diameter_mm: int | None) -> list[Intent]:
    if diameter_mm is None or diameter_mm == pipe.diameter_mm:
        return []
    old, new = {"diameter_mm": pipe.diameter_mm}, {"diameter_mm": diameter_mm}
    return [Intent("pipe.edit", {"pipe": str(pipe.id), "old": old, "new": new})]


def _homes(session: Session, compound_id: UUID, drains: Iterable[Drain]) -> dict[Drain, UUID]:
    wanted = list(drains)
    found: dict[Drain, UUID] = {}
    for table, name in ((_BUILDING, "building"), (_HOUSEHOLD, "household")):
        codes = {getattr(drain, name) for drain in wanted if getattr(drain, name)}
        if not codes:
            continue
        statement = select(table.c.id, table.c.code).where(
            table.c.compound_id == compound_id, table.c.code.in_(codes), table.c.archived.is_(False)
        )
        ids = {row.code: row.id for row in rows_of(session, statement)}
        found |= {drain: ids[code] for drain in wanted if (code := getattr(drain, name)) in ids}
    return found


def _joined(session: Session, compound_id: UUID, point_ids: list[UUID]) -> set[tuple[UUID, UUID]]:
    statement = select(_CONNECTION.c.point_id, _CONNECTION.c.building_id, _CONNECTION.c.household_id).where(
        _CONNECTION.c.compound_id == compound_id,
        _CONNECTION.c.archived.is_(False),
        _CONNECTION.c.point_id.in_(point_ids),
    )
    return {(row.point_id, row.household_id or row.building_id) for row in rows_of(session, statement)}
