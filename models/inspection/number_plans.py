"""What numbering many points at once would do: which are new, which are there, and the operations that add them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from sqlmodel import Session

from models.inspection.known_points import (
    KnownPipe,
    KnownPoint,
    pipes_among,
    points_by_code,
    points_meant,
)
from models.inspection.numbering import Numbered, in_pairs, read_codes
from models.inspection.payloads import MOST_STOPS
from models.inspection.queries import RouteView, route_view
from models.inspection.rules import PointKind
from models.operations.envelope import Intent
from models.problems import Problem
from models.tables import Json

#: Points that pipes may join.
SEWER_KINDS = frozenset({PointKind.WELL.value, PointKind.OUTFALL.value})


class Chained(StrEnum):
    """Whether points that are numbered together are linked to each other, in their order."""

    NO = "no"
    DOWN = "down"  # the first flows to the second
    UP = "up"  # the second flows to the first


@dataclass(frozen=True, slots=True)
class NumberPlan:
    """What numbering would do.

    `alike` are (new code, code that is there): W7 beside W07 is a slip. `pipes` counts the new ones,
    `stops` the points that the route has not had.
    """

    new: tuple[str, ...] = ()
    there: tuple[str, ...] = ()
    archived: tuple[str, ...] = ()
    alike: tuple[tuple[str, str], ...] = ()
    pipes: int = 0
    stops: int = 0
    problems: tuple[Problem, ...] = ()
    _codes: tuple[str, ...] = ()
    _kind: str = PointKind.WELL.value
    _building_id: UUID | None = None
    _links: tuple[tuple[str, str], ...] = ()
    _route: RouteView | None = None
    _known: tuple[KnownPoint, ...] = ()

    @property
    def does_something(self) -> bool:
        return bool(self.new or self.archived or self.pipes or self.stops) and not self.problems

    def intents(self, new_id: Callable[[], UUID]) -> list[Intent]:
        """Return what is to be performed, in an order that may be cut into groups anywhere."""
        ids = {point.code: point.id for point in self._known}
        made: list[Intent] = [Intent("point.unarchive", {"point": str(ids[code])}) for code in self.archived]
        for code in self.new:
            ids[code] = new_id()
            payload: dict[str, Json] = {"id": str(ids[code]), "code": code, "kind": self._kind}
            if self._building_id is not None:
                payload["building_id"] = str(self._building_id)
            made.append(Intent("point.add", payload))
        made += [
            Intent("pipe.add", {"id": str(new_id()), "start": str(ids[start]), "end": str(ids[end])})
            for start, end in self._links
        ]
        if self._route is not None and self.stops:
            before = [str(stop.point_id) for stop in self._route.stops]
            stops = list(dict.fromkeys([*before, *(str(ids[code]) for code in self._codes)]))
            made.append(
                Intent(
                    "route.arrange", {"route": str(self._route.id), "stops": [*stops], "before": [*before]}
                )
            )
        return made


def plan_numbers(
    session: Session,
    compound_id: UUID,
    text: str,
    *,
    kind: str = PointKind.WELL.value,
    building_id: UUID | None = None,
    chained: Chained = Chained.NO,
    route_id: UUID | None = None,
) -> NumberPlan:
    """Say what numbering by `text` would do to the points as they stand; it reads only those it names."""
    # A word without a number is hardly a well, but `OUT` is an outfall.
    read = read_codes(text, numbered=kind == PointKind.WELL)
    if read.problems and not read.codes:
        return NumberPlan(problems=read.problems)
    known = points_by_code(session, compound_id, read.codes)
    new = tuple(code for code in read.codes if code not in known)
    meant = points_meant(session, compound_id, new)
    links = _links(session, compound_id, read, known, kind=kind, chained=chained)
    route = None if route_id is None else route_view(session, compound_id, route_id)
    standing = set() if route is None else {stop.code for stop in route.stops}
    stops = 0 if route is None else sum(code not in standing for code in read.codes)
    problems = list(read.problems)
    if len(standing) + stops > MOST_STOPS:
        problems.append(
            Problem("numbering.route_full", params={"count": len(standing) + stops, "most": MOST_STOPS})
        )
    return NumberPlan(
        new=new,
        there=tuple(code for code in read.codes if code in known and not known[code].archived),
        archived=tuple(code for code in read.codes if code in known and known[code].archived),
        alike=tuple((code, meant[code].code) for code in new if code in meant),
        pipes=len(links),
        stops=stops,
        problems=tuple(problems),
        _codes=read.codes,
        _kind=kind,
        _building_id=building_id,
        _links=links,
        _route=route,
        _known=tuple(known.values()),
    )


def _links(
    session: Session,
    compound_id: UUID,
    read: Numbered,
    known: dict[str, KnownPoint],
    *,
    kind: str,
    chained: Chained,
) -> tuple[tuple[str, str], ...]:
    """Return the pipes to add: none between two that are joined, and none to what is no well."""
    if chained is Chained.NO:
        return ()
    joined = _joined(pipes_among(session, compound_id, [point.id for point in known.values()]).values())
    flowing = [code for code in read.codes if (known[code].kind if code in known else kind) in SEWER_KINDS]
    return tuple(
        (start, end)
        for start, end in in_pairs(tuple(flowing), downwards=chained is Chained.DOWN)
        if start not in known or end not in known or (known[start].id, known[end].id) not in joined
    )


def _joined(pipes: Iterable[KnownPipe]) -> set[tuple[UUID, UUID]]:
    """Return both directions of every pipe, archived ones too: that one was put away says something."""
    ends = [(pipe.from_id, pipe.to_id) for pipe in pipes]
    return {*ends, *((end, start) for start, end in ends)}
