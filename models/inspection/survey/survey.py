"""From what is stored to a survey map: the wells and pipes of a compound and what one walk saw in them.

The cost follows the compound's wells, pipes and the observations of that one walk.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from rich.cells import cell_len
from sqlalchemy import and_, func, select
from sqlmodel import Session

from models.community.queries import compound_view
from models.inspection.draining import through_buildings
from models.inspection.histories import added
from models.inspection.locating import locate_walk
from models.inspection.locator import Blockage
from models.inspection.observed import OBSERVATION, PERSON, POINT, Seen, rows_of, select_seen, zone_of
from models.inspection.queries import BUILDING, PointLine, points_page
from models.inspection.queries_network import connections, pipes_page
from models.inspection.queries_walks import DRAINS, walk_row
from models.inspection.rules import mud_is_deep
from models.inspection.sewer import OUTFALL, Network, Pipe, Well
from models.inspection.survey.layout import Layout, plan, schematic
from models.inspection.survey.scene import Laid, Place, Run, Scene, Spot

#: A box is a symbol, a blank and the code.
_SYMBOL_CELLS = 2


def survey(
    session: Session, compound_id: UUID, walk_id: UUID | None = None, *, laid: Laid | None = None
) -> Scene:
    """Return the map of a walk; of the one that started last if none is named.

    Without `laid` it is a plan where most wells have coordinates, else a schematic.
    The state of a well follows its newest living observation on the walk; where
    that one says nothing of level or mud, what was said before still counts, as it
    does for locating.
    """
    findings = locate_walk(session, compound_id, walk_id)
    points = [point for point in points_page(session, compound_id) if point.kind in DRAINS]
    network = Network.build(
        [Well(point.code, kind=point.kind) for point in points],
        [
            Pipe(pipe.start, pipe.end, pipe.diameter_mm, pipe.length_m, pipe.system)
            for pipe in pipes_page(session, compound_id)
        ],
    )
    looked = {} if findings.walk_id is None else _looked(session, compound_id, findings.walk_id, network)
    homes = _homes(session, compound_id)
    behind = {code for blockage in findings.blockages for code in blockage.wells}
    spots = {point.code: _spot(point, network, looked.get(point.code), homes, behind) for point in points}
    chosen, layout = _laid_out(points, spots, network, laid)
    runs = _runs(network, layout, findings.blockages, behind)
    walk = None if findings.walk_id is None else walk_row(session, compound_id, findings.walk_id)
    zone = zone_of(session, compound_id)
    compound = compound_view(session, compound_id)
    placed = [
        replace(spot, x=layout.places[code][0], y=layout.places[code][1])
        for code, spot in spots.items()
        if code in layout.places
    ]
    aside = tuple(spot for code, spot in spots.items() if code not in layout.places)
    return Scene(
        laid=chosen,
        width=layout.width,
        height=layout.height,
        spots=tuple(placed),
        runs=tuple(run for run in runs if run.path),
        blockages=findings.blockages,
        compound="" if compound is None else compound.name,
        walk_id=findings.walk_id,
        walk=findings.walk,
        began=None if walk is None else walk.started_at.astimezone(zone),
        ended=None if walk is None or walk.finished_at is None else walk.finished_at.astimezone(zone),
        seen=len(looked),
        unplaced=tuple(spot.code for spot in aside),
        problems=findings.problems,
        aside=aside,
        loose=tuple(run for run in runs if not run.path),
        open_next=findings.open_next,
    )


def names_to_hide(session: Session, compound_id: UUID) -> frozenset[str]:
    """Return the names of everybody in the register, archived or not: what is hung up in public must not hold them."""
    statement = select(PERSON.c.name).where(PERSON.c.compound_id == compound_id)
    return frozenset(row.name for row in rows_of(session, statement))


def _laid_out(
    points: Sequence[PointLine], spots: Mapping[str, Spot], network: Network, laid: Laid | None
) -> tuple[Laid, Layout]:
    links = [pipe.ends for pipe in network.pipes]
    if laid is not Laid.SCHEMATIC:
        places: dict[str, Place | None] = {
            point.code: None if point.x_m is None or point.y_m is None else (point.x_m, point.y_m)
            for point in points
        }
        drawn = plan(places, links)
        # Wells that all have the same place have none that tells anything.
        if laid is Laid.PLAN or (len(drawn.places) * 2 > len(points) and (drawn.width or drawn.height)):
            return Laid.PLAN, drawn
    outfalls = {spot.code for spot in spots.values() if spot.outfall}
    return Laid.SCHEMATIC, schematic({code: spot.cells for code, spot in spots.items()}, links, outfalls)


def _spot(
    point: PointLine,
    network: Network,
    said: Seen | None,
    homes: Mapping[str, int],
    behind: set[str],
) -> Spot:
    diameter = _diameter(network, point.code)
    return Spot(
        id=point.id,
        code=point.code,
        name=point.name,
        outfall=point.kind == OUTFALL,
        x=0.0,
        y=0.0,
        cells=_SYMBOL_CELLS + cell_len(point.code),
        state=None if said is None else said.state,
        level=None if said is None else said.level,
        mud_mm=None if said is None else said.mud_mm,
        silted=said is not None and mud_is_deep(said.mud_mm, diameter),
        defects=() if said is None else tuple(defect.code for defect in said.defects),
        note="" if said is None else said.note,
        at=None if said is None else said.at,
        behind=point.code in behind,
        households=homes.get(point.code, 0),
    )


def _diameter(network: Network, code: str) -> int | None:
    """Return the bore that mud is measured against: the widest pipe out, or in where none leads out."""
    numbers = network.out_pipes[code] or network.in_pipes[code]
    known = (network.pipes[number].diameter_mm for number in numbers)
    return max((diameter for diameter in known if diameter is not None), default=None)


def _runs(
    network: Network, layout: Layout, blockages: Sequence[Blockage], behind: set[str]
) -> tuple[Run, ...]:
    chances: dict[tuple[str, str], tuple[float, int]] = {}
    for place, blockage in enumerate(blockages):
        for ends, chance in zip(blockage.pipes, blockage.probabilities, strict=True):
            if chance > chances.get(ends, (0.0, 0))[0]:
                chances[ends] = (chance, place)
    likeliest = {blockage.pipes[0] for blockage in blockages}
    return tuple(
        Run(
            start=pipe.start,
            end=pipe.end,
            path=layout.paths[number],
            diameter_mm=pipe.diameter_mm,
            length_m=pipe.length_m,
            system=pipe.system or "",
            chance=chances.get(pipe.ends, (0.0, 0))[0],
            blockage=chances[pipe.ends][1] if pipe.ends in chances else None,
            behind=pipe.start in behind and pipe.ends not in likeliest,
            backwards=number in layout.backwards,
        )
        for number, pipe in enumerate(network.pipes)
    )


# -- what is stored ----------------------------------------------------------------------


def _looked(session: Session, compound_id: UUID, walk_id: UUID, network: Network) -> dict[str, Seen]:
    """Return what the walk says of each well by now."""
    statement = (
        select_seen(compound_id)
        .join(POINT, and_(POINT.c.compound_id == compound_id, POINT.c.id == OBSERVATION.c.point_id))
        .add_columns(POINT.c.code)
        .where(
            OBSERVATION.c.walk_id == walk_id,
            OBSERVATION.c.archived.is_(False),
            POINT.c.kind.in_(DRAINS),
            POINT.c.archived.is_(False),
        )
        .order_by(OBSERVATION.c.at, OBSERVATION.c.id)
    )
    zone = zone_of(session, compound_id)
    said: dict[str, Seen] = {}
    for row in rows_of(session, statement):
        diameter = _diameter(network, row.code)
        said[row.code] = added(row, said.get(row.code), zone=zone, diameter_mm=diameter)
    return said


def _homes(session: Session, compound_id: UUID) -> dict[str, int]:
    """Count, for each well, the living homes that drain into it; a building's without a connection of their own."""
    lines = connections(session, compound_id)
    of_building = _per_building(session, compound_id) if any(line.building for line in lines) else {}
    drained: dict[str, set[str]] = {}
    buildings: dict[str, set[str]] = {}
    for line in lines:
        if line.household:
            drained.setdefault(line.point, set()).add(line.household)
        elif line.building:
            buildings.setdefault(line.point, set()).add(line.building)
    return {
        code: len(drained.get(code, ())) + sum(of_building.get(b, 0) for b in buildings.get(code, ()))
        for code in {**drained, **buildings}
    }


def _per_building(session: Session, compound_id: UUID) -> dict[str, int]:
    counted = through_buildings(compound_id, BUILDING.c.code, func.count().label("n"))
    return {row.code: row.n for row in rows_of(session, counted.group_by(BUILDING.c.code))}
