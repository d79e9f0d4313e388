"""From what a walk saw, as stored, to the pipes that are blocked.

Rain and foul sewers are two systems with weather of their own: a rain sewer
that is dry throughout says nothing of the foul one. So each is located by
itself. Water that meets in one well is one water, whatever its pipes are
called, and one mistyped pipe must not cut a sewer in two: a part counts as a
rain sewer only when every pipe of it that says anything says rain. Parts that
share nothing but an outfall stay apart.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID

from sqlalchemy import and_, select
from sqlmodel import Session

from models.community.rules import natural_sort_key
from models.inspection.draining import through_buildings
from models.inspection.levels import Level
from models.inspection.locator import Blockage, Findings, Reading, locate
from models.inspection.observed import OBSERVATION, PIPE, POINT, WALK, rows_of
from models.inspection.queries import BUILDING
from models.inspection.queries_network import HOUSEHOLD, connections
from models.inspection.queries_walks import DRAINS, walk_row
from models.inspection.rules import PipeSystem
from models.inspection.sewer import OUTFALL, HouseConnection, Network, Pipe, Well
from models.problems import Problem

#: What `LocatedFindings.problems` holds beside the locator's own codes, with parameters.
LOCATING_PROBLEM_CODES: Final[dict[str, tuple[str, ...]]] = {
    "locate.no_walk": (),  # there is no walk, or not the one that was asked for
    "locate.no_wells": (),  # the compound has no drain wells
    "locate.no_levels": ("walk",),  # nobody has noted a level on this walk
}


@dataclass(frozen=True, slots=True)
class LocatedFindings:
    """What a walk tells about blockages; all wells, buildings and households are human codes.

    `wells` counts the compound's wells and outfalls, `read` those of them whose
    level this walk noted. In each blockage `households` are all whose drains
    are held up, those of a connected building among them. `open_next` names
    wells of the systems that were looked at, likeliest trouble first.
    """

    walk_id: UUID | None
    walk: str
    blockages: tuple[Blockage, ...]
    open_next: tuple[str, ...]
    problems: tuple[Problem, ...]
    wells: int
    read: int


def locate_walk(session: Session, compound_id: UUID, walk_id: UUID | None = None) -> LocatedFindings:
    """Locate blockages from one walk; from the one that started last if none is named.

    Of a well seen several times the latest living observation counts; one that
    says nothing of the level (somebody added a note) leaves the level as it was,
    and the same for mud.
    """
    chosen = walk_id or _newest(session, compound_id)
    walk = None if chosen is None else walk_row(session, compound_id, chosen)
    wells = _wells(session, compound_id)
    readings = [] if walk is None else _readings(session, compound_id, walk.id)
    known = {well.code for well in wells}
    noted = {reading.well for reading in readings if reading.level not in {None, Level.UNOPENED}} & known
    problems = []
    if walk is None:
        problems.append(Problem("locate.no_walk"))
    if not wells:
        problems.append(Problem("locate.no_wells"))
    elif walk is not None and not noted:
        problems.append(Problem("locate.no_levels", params={"walk": walk.name}))
    networks = _networks(wells, _pipes(session, compound_id), _connections(session, compound_id))
    findings = _each(networks, readings)
    return LocatedFindings(
        walk_id=None if walk is None else walk.id,
        walk="" if walk is None else walk.name,
        blockages=_with_households(session, compound_id, findings.blockages),
        open_next=findings.open_next,
        problems=(*problems, *findings.problems),
        wells=len(wells),
        read=len(noted),
    )


def _each(networks: Sequence[Network], readings: Sequence[Reading]) -> Findings:
    """Locate within each network and lay the findings together, likeliest first."""
    unknown = [reading for reading in readings if not any(reading.well in n.wells for n in networks)]
    problems = [problem for network in networks for problem in network.problems]
    problems += [Problem("reading.unknown_well", params={"well": reading.well}) for reading in unknown]
    parts = [
        locate(network, [reading for reading in readings if reading.well in network.wells])
        for network in _looked_at(networks, readings)
    ]
    parts.sort(key=lambda part: -max((blockage.presence for blockage in part.blockages), default=0.0))
    return Findings(
        blockages=tuple(sorted((b for part in parts for b in part.blockages), key=lambda b: -b.presence)),
        open_next=tuple(dict.fromkeys(code for part in parts for code in part.open_next)),
        problems=(*problems, *(problem for part in parts for problem in part.problems)),
    )


def _looked_at(networks: Sequence[Network], readings: Sequence[Reading]) -> list[Network]:
    """Return the networks that a walk was about: nobody on the foul sewer wants to be sent to the rain sewer.

    An outfall that both share tells nothing of that; without any reading all networks are meant.
    """
    seen = {reading.well for reading in readings}
    inside = [n for n in networks if any(code in seen and not n.is_outfall(code) for code in n.wells)]
    return inside or [n for n in networks if not seen.isdisjoint(n.wells)] or list(networks)


def _networks(
    wells: Sequence[Well], pipes: Sequence[Pipe], drains: Sequence[HouseConnection]
) -> tuple[Network, ...]:
    """Build the foul (or combined, or unnamed) sewers as one network, and the rain sewers as another."""
    outfalls = {well.code for well in wells if well.kind == OUTFALL}
    parts = _parts(pipes, outfalls)
    systems: dict[str, set[str | None]] = {}
    for pipe, part in zip(pipes, parts, strict=True):
        systems.setdefault(part, set()).add(pipe.system)
    rain_parts = {part for part, said in systems.items() if said - {None} == {PipeSystem.RAIN}}
    rain = [pipe for pipe, part in zip(pipes, parts, strict=True) if part in rain_parts]
    if not rain:
        return (Network.build(wells, pipes, drains),)
    foul = [pipe for pipe, part in zip(pipes, parts, strict=True) if part not in rain_parts]
    rain_codes, foul_codes = ({code for pipe in some for code in pipe.ends} for some in (rain, foul))
    only_rain = rain_codes - foul_codes
    networks = [
        Network.build(
            [well for well in wells if well.code not in only_rain],
            foul,
            [drain for drain in drains if drain.well not in only_rain],
        ),
        Network.build(
            [well for well in wells if well.code in rain_codes],
            rain,
            [drain for drain in drains if drain.well in only_rain],
        ),
    ]
    return tuple(network for network in networks if network.wells)


def _parts(pipes: Sequence[Pipe], outfalls: Collection[str]) -> list[str]:
    """Name, for each pipe, the part it belongs to: pipes that share a well are of one part."""
    above: dict[str, str] = {}

    def root(code: str) -> str:
        passed = []
        while above.setdefault(code, code) != code:
            passed.append(code)
            code = above[code]
        above.update(dict.fromkeys(passed, code))
        return code

    wells = [[code for code in pipe.ends if code not in outfalls] or [pipe.start] for pipe in pipes]
    for ends in wells:
        above[root(ends[0])] = root(ends[-1])
    return [root(ends[0]) for ends in wells]


# -- what is stored ----------------------------------------------------------------------


def _newest(session: Session, compound_id: UUID) -> UUID | None:
    statement = (
        select(WALK.c.id)
        .where(WALK.c.compound_id == compound_id, WALK.c.archived.is_(False))
        .order_by(WALK.c.started_at.desc(), WALK.c.id.desc())
        .limit(1)
    )
    return next((row.id for row in rows_of(session, statement)), None)


def _wells(session: Session, compound_id: UUID) -> list[Well]:
    statement = (
        select(POINT.c.code, POINT.c.kind, POINT.c.ground_m, POINT.c.depth_mm)
        .where(POINT.c.compound_id == compound_id, POINT.c.archived.is_(False), POINT.c.kind.in_(DRAINS))
        .order_by(POINT.c.sort_key, POINT.c.id)
    )
    return [
        Well(row.code, kind=row.kind, ground_m=row.ground_m, depth_mm=row.depth_mm)
        for row in rows_of(session, statement)
    ]


def _pipes(session: Session, compound_id: UUID) -> list[Pipe]:
    start, end = POINT.alias("start"), POINT.alias("end")
    statement = (
        select(
            start.c.code.label("start"),
            end.c.code.label("end"),
            PIPE.c.diameter_mm,
            PIPE.c.length_m,
            PIPE.c.system,
        )
        .select_from(
            PIPE.join(start, and_(start.c.compound_id == compound_id, start.c.id == PIPE.c.from_id)).join(
                end, and_(end.c.compound_id == compound_id, end.c.id == PIPE.c.to_id)
            )
        )
        .where(PIPE.c.compound_id == compound_id, PIPE.c.archived.is_(False))
        .order_by(start.c.sort_key, end.c.sort_key, PIPE.c.id)
    )
    return [
        Pipe(
            row.start,
            row.end,
            diameter_mm=row.diameter_mm,
            length_m=row.length_m,
            system=row.system or None,
        )
        for row in rows_of(session, statement)
    ]


def _connections(session: Session, compound_id: UUID) -> list[HouseConnection]:
    return [
        HouseConnection(line.point, building=line.building or None, household=line.household or None)
        for line in connections(session, compound_id)
    ]


def _readings(session: Session, compound_id: UUID, walk_id: UUID) -> list[Reading]:
    """Return one reading per well: of level and mud, each as it was said last."""
    statement = (
        select(POINT.c.code, OBSERVATION.c.level, OBSERVATION.c.mud_mm)
        .select_from(
            OBSERVATION.join(
                POINT, and_(POINT.c.compound_id == compound_id, POINT.c.id == OBSERVATION.c.point_id)
            )
        )
        .where(
            OBSERVATION.c.compound_id == compound_id,
            OBSERVATION.c.walk_id == walk_id,
            OBSERVATION.c.archived.is_(False),
            POINT.c.kind.in_(DRAINS),
        )
        .order_by(OBSERVATION.c.at, OBSERVATION.c.id)
    )
    levels: dict[str, Level | None] = {}
    mud: dict[str, int | None] = {}
    for row in rows_of(session, statement):
        # A later version may know more words for water than this one.
        level = Level(row.level) if row.level in set(Level) else None
        levels[row.code] = level or levels.get(row.code)
        mud[row.code] = mud.get(row.code) if row.mud_mm is None else row.mud_mm
    return [Reading(code, level, mud[code]) for code, level in levels.items()]


def _with_households(
    session: Session, compound_id: UUID, blockages: Iterable[Blockage]
) -> tuple[Blockage, ...]:
    """Add to each blockage the households of the buildings that are held up."""
    found = tuple(blockages)
    codes = {code for blockage in found for code in blockage.buildings}
    if not codes:
        return found
    held_up = through_buildings(compound_id, BUILDING.c.code.label("building"), HOUSEHOLD.c.code)
    of_building: dict[str, list[str]] = {}
    for row in rows_of(session, held_up.where(BUILDING.c.code.in_(codes))):
        of_building.setdefault(row.building, []).append(row.code)
    return tuple(
        replace(
            blockage,
            households=tuple(
                sorted(
                    {*blockage.households, *(h for b in blockage.buildings for h in of_building.get(b, ()))},
                    key=natural_sort_key,
                )
            ),
        )
        for blockage in found
    )
