"""What is doubtful about the sewer as it was typed in: circles, pipes that run uphill, wells without a way out, doubles.

`sewer.Network` finds what the graph alone tells; levels, names and what was seen add the rest. Each problem names
the row to look at, and a cure where there is a clear one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby
from typing import Final
from uuid import UUID

from sqlalchemy import and_, func, select
from sqlmodel import Session

from models.inspection.numbering import loose_key
from models.inspection.observed import OBSERVATION, PIPE, POINT, rows_of
from models.inspection.queries_network import connections
from models.inspection.rules import PointKind
from models.inspection.sewer import HouseConnection, Network, Pipe, Well
from models.problems import Problem

#: The ground may rise this much over a pipe before its direction is doubted: pipes lie deeper under a hump.
GROUND_TOLERANCE_M: Final = 0.3
#: Two wells nearer than this are one well that was entered twice.
SAME_PLACE_M: Final = 0.1

#: code: params, beside those of sewer.SEWER_PROBLEM_CODES; in the order of the list
NETWORK_PROBLEM_CODES: Final = (
    "network.no_pipes",  # count: wells, and not one pipe between them
    "network.no_outfall",  # count: wells with pipes, and nowhere for the water to go
    "pipe.ground_uphill",  # start, end, rise_mm: the ground rises, and the depths that would tell are unknown
    "well.isolated",  # well: no pipe leads in or out
    "outfall.isolated",  # well: no pipe leads there
    "well.twice_named",  # well, other: codes that differ in leading zeros only
    "well.same_place",  # well, other: the same co-ordinates
    "well.mud_deeper",  # well, mud_mm, depth_mm: more mud was measured than the well is deep
)
_ORDER: Final = (
    "network.no_pipes",
    "network.no_outfall",
    "pipe.loop",
    "pipe.both_ways",
    "pipe.uphill",
    "pipe.maybe_reversed",
    "pipe.ground_uphill",
    "well.outfall_flows_on",
    "pipe.unknown_well",
    "well.unreachable",
    "well.isolated",
    "outfall.isolated",
    "well.twice_named",
    "well.same_place",
    "well.mud_deeper",
)


class Cure(StrEnum):
    """What would put a problem right, where that is clear."""

    TURN = "turn"  # turn the pipe round
    DROP = "drop"  # archive the pipe
    MERGE = "merge"  # let the second point mean the first


@dataclass(frozen=True, slots=True)
class NetworkProblem:
    """A doubt, the codes it is about, and the rows to look at: a pipe, or else a point.

    `other_id` is the second of two points that seem to be one.
    """

    problem: Problem
    points: tuple[str, ...]
    point_id: UUID | None = None
    pipe_id: UUID | None = None
    cure: Cure | None = None
    other_id: UUID | None = None

    @property
    def row_id(self) -> str:
        return f"{self.problem.code}:{':'.join(self.points)}"


@dataclass(frozen=True, slots=True)
class Spot:
    """A well or outfall as stored."""

    id: UUID
    well: Well
    x_m: float | None
    y_m: float | None


def network_problems(session: Session, compound_id: UUID) -> tuple[NetworkProblem, ...]:
    """Return what is doubtful, the gravest first. It reads the whole sewer."""
    spots = _spots(session, compound_id)
    pipes = _pipes(session, compound_id)
    drains = [
        HouseConnection(line.point, line.building or None, line.household or None)
        for line in connections(session, compound_id)
    ]
    ids = {spot.well.code: spot.id for spot in spots}
    network = Network.build(
        [spot.well for spot in spots], [pipe for _, pipe in pipes], [d for d in drains if d.well in ids]
    )
    doubts = [*doubted(network), *doubled(spots), *_mud(session, compound_id)]
    by_ends = {pipe.ends: pipe_id for pipe_id, pipe in pipes}
    found = [_placed(problem, ids, by_ends) for problem in doubts]
    rank = {code: place for place, code in enumerate(_ORDER)}
    return tuple(sorted(found, key=lambda one: rank.get(one.problem.code, len(rank))))


def doubted(network: Network) -> list[Problem]:
    """Return the doubts of the graph: those of the network itself, without a hundred where one says it."""
    alone = {code for code in network.wells if not network.out_pipes[code] and not network.in_pipes[code]}
    wells = [code for code in network.wells if not network.is_outfall(code)]
    outfalls = len(network.wells) - len(wells)
    if (
        wells
        and not network.pipes
        and all(problem.code == "well.unreachable" for problem in network.problems)
    ):
        return [Problem("network.no_pipes", params={"count": len(wells)})]
    found = [
        problem
        for problem in network.problems
        if problem.code != "well.unreachable" or (outfalls and problem.params["well"] not in alone)
    ]
    joined = [code for code in wells if code not in alone]
    if joined and not outfalls:
        found.append(Problem("network.no_outfall", params={"count": len(joined)}))
    for code in network.wells:
        if code in alone:
            kind = "outfall" if network.is_outfall(code) else "well"
            found.append(Problem(f"{kind}.isolated", params={"well": code}))
    return [*found, *_ground(network)]


def _ground(network: Network) -> Iterable[Problem]:
    """Doubt pipes over which the ground rises, where no inverts are known that would tell."""
    for pipe in network.pipes:
        start, end = network.wells[pipe.start], network.wells[pipe.end]
        if start.ground_m is None or end.ground_m is None:
            continue
        if start.invert_m is not None and end.invert_m is not None:
            continue
        rise = end.ground_m - start.ground_m
        if rise > GROUND_TOLERANCE_M:
            rise_mm = round(rise * 1000)
            yield Problem(
                "pipe.ground_uphill", params={"start": pipe.start, "end": pipe.end, "rise_mm": rise_mm}
            )


def doubled(spots: Sequence[Spot]) -> list[Problem]:
    """Return the wells that seem to be one well entered twice."""
    problems: list[Problem] = []
    named = sorted(spots, key=lambda spot: loose_key(spot.well.code))
    for _, same in groupby(named, key=lambda spot: loose_key(spot.well.code)):
        first, *others = same
        problems += [
            Problem("well.twice_named", params={"well": first.well.code, "other": other.well.code})
            for other in others
        ]
    placed: dict[tuple[int, int], Spot] = {}
    for spot in spots:
        if spot.x_m is None or spot.y_m is None:
            continue
        cell = (round(spot.x_m / SAME_PLACE_M), round(spot.y_m / SAME_PLACE_M))
        other = placed.setdefault(cell, spot)
        if other is not spot:
            problems.append(
                Problem("well.same_place", params={"well": other.well.code, "other": spot.well.code})
            )
    return problems


def _placed(
    problem: Problem, ids: Mapping[str, UUID], pipes: Mapping[tuple[str, str], UUID]
) -> NetworkProblem:
    """Say which rows a problem is about, and what would cure it."""
    told = problem.params
    start, end = str(told.get("start") or told.get("well") or ""), str(told.get("end") or "")
    pipe_id = pipes.get((start, end))
    if problem.code == "pipe.both_ways":  # the one that was not taken
        pipe_id = pipes.get((start, end)) or pipes.get((end, start))
    named = str(told.get("wells") or "").split() or [start, end, str(told.get("other") or "")]
    points = tuple(code for code in dict.fromkeys(named) if code)
    turning = {"pipe.uphill", "pipe.maybe_reversed", "pipe.ground_uphill", "well.outfall_flows_on"}
    dropping = {"pipe.both_ways", "pipe.unknown_well"}
    cure = None
    if pipe_id is not None and problem.code in turning | dropping:
        cure = Cure.TURN if problem.code in turning else Cure.DROP
    point_id = next((ids[code] for code in (start, *points) if code in ids), None)
    other_id = ids.get(str(told.get("other") or ""))
    if other_id is not None:
        cure = Cure.MERGE
    return NetworkProblem(problem, points, point_id, pipe_id, cure, other_id)


def _spots(session: Session, compound_id: UUID) -> list[Spot]:
    kinds = (PointKind.WELL.value, PointKind.OUTFALL.value)
    statement = (
        select(
            POINT.c.id,
            POINT.c.code,
            POINT.c.kind,
            POINT.c.ground_m,
            POINT.c.depth_mm,
            POINT.c.x_m,
            POINT.c.y_m,
        )
        .where(POINT.c.compound_id == compound_id, POINT.c.archived.is_(False), POINT.c.kind.in_(kinds))
        .order_by(POINT.c.sort_key, POINT.c.id)
    )
    return [
        Spot(row.id, Well(row.code, row.kind, row.ground_m, row.depth_mm), row.x_m, row.y_m)
        for row in rows_of(session, statement)
    ]


def _pipes(session: Session, compound_id: UUID) -> list[tuple[UUID, Pipe]]:
    start, end = POINT.alias("start"), POINT.alias("end")
    joined = PIPE.join(start, and_(start.c.compound_id == compound_id, start.c.id == PIPE.c.from_id)).join(
        end, and_(end.c.compound_id == compound_id, end.c.id == PIPE.c.to_id)
    )
    statement = (
        select(PIPE.c.id, start.c.code.label("start"), end.c.code.label("end"))
        .select_from(joined)
        .where(PIPE.c.compound_id == compound_id, PIPE.c.archived.is_(False))
        .order_by(start.c.sort_key, end.c.sort_key, PIPE.c.id)
    )
    return [(row.id, Pipe(row.start, row.end)) for row in rows_of(session, statement)]


def _mud(session: Session, compound_id: UUID) -> list[Problem]:
    most = func.max(OBSERVATION.c.mud_mm)
    statement = (
        select(POINT.c.code, POINT.c.depth_mm, most.label("mud_mm"))
        .select_from(
            POINT.join(
                OBSERVATION,
                and_(OBSERVATION.c.compound_id == compound_id, OBSERVATION.c.point_id == POINT.c.id),
            )
        )
        .where(
            POINT.c.compound_id == compound_id,
            POINT.c.archived.is_(False),
            OBSERVATION.c.archived.is_(False),
            POINT.c.depth_mm < OBSERVATION.c.mud_mm,
        )
        .group_by(POINT.c.id, POINT.c.code, POINT.c.depth_mm, POINT.c.sort_key)
        .order_by(POINT.c.sort_key)
    )
    return [
        Problem("well.mud_deeper", params={"well": row.code, "mud_mm": row.mud_mm, "depth_mm": row.depth_mm})
        for row in rows_of(session, statement)
    ]
