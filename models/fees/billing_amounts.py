"""What a household's charge is counted by: its area, its readings since the last bill, its share, its spaces. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby, pairwise
from typing import Any
from uuid import UUID

from models.fees.billing_ground import Billed, Door, Ground, Item, MeterLine, MeterRead, Place, Space
from models.fees.derivation import SHARED, Formula, Reading
from models.fees.periods import Period, months_in
from models.fees.sharing import Share, shares


class Lacking(Exception):  # noqa: N818 - no error: a code of what keeps a line from being drawn up
    """Something that a charge is counted by is missing. `code` and `params` say what."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


@dataclass(frozen=True, slots=True)
class Counted:
    """What `tariffs.charge` takes beside rules, for one span of days."""

    span: Period
    given: Mapping[str, Any] = field(default_factory=dict)


def counted(
    ground: Ground, item: Item, door: Door, span: Period, borne: Mapping[UUID, Share]
) -> tuple[Counted, ...]:
    """Return by what a household is charged over a span, nothing where it has no meter or space.

    `borne` are the shares of the item's cost in that span. A span in which the number of spaces changes falls
    into several. Raises Lacking.
    """
    place = Place(door.id, item.id)
    if item.formula in SHARED:
        if item.formula is Formula.SHARED_AREA and not door.area:
            raise Lacking("no_area")
        found = borne.get(door.id)
        return () if found is None else (Counted(span, {"share": found}),)
    if item.formula is Formula.METER:
        lines = ground.meters.get(place, ())
        if not lines:
            return ()
        billed = ground.billed.get(place, ())
        following = min(
            (one for one in billed if one.since >= span.end), key=lambda one: one.since, default=None
        )
        read = used(lines, span, last_billed(billed, span.first), following)
        return (Counted(span, {"readings": tuple(read)}),)
    if item.formula is Formula.PARKING:
        return tuple(
            Counted(part, {"spaces": count})
            for part, count in space_spans(ground.spaces.get(place, ()), span)
        )
    if item.formula is Formula.FIXED:
        return (Counted(span),)
    area = door.indoor_area if item.formula is Formula.INDOOR_AREA else door.area
    if not area:
        raise Lacking("no_indoor_area" if item.formula is Formula.INDOOR_AREA else "no_area")
    return (Counted(span, {"quantity": area}),)


def last_billed(billed: Sequence[Billed], before: date) -> Billed | None:
    """Return the latest bill that ends no later than a day."""
    return max((one for one in billed if one.until <= before), key=lambda one: one.until, default=None)


# -- meters ------------------------------------------------------------------------------


def used(
    lines: Sequence[MeterLine], span: Period, last: Billed | None, following: Billed | None = None
) -> Iterator[Reading]:
    """Yield what each meter counted from the reading billed last to the last one of a span.

    A reading on the day after a span still closes it. Before a first bill it is counted from the meter's first reading.
    What a later bill counts already, since it was issued first, is not counted again.
    Raises Lacking where there is no newer reading, or one is lower than that before it without a new meter.
    """
    for line in lines:
        until_then = [one for one in line.readings if one.read_on <= span.end]
        if following is not None:
            met = [place for place, one in enumerate(until_then) if one.reading in following.began]
            until_then = until_then[: met[-1] + 1] if met else until_then
        start = _start(until_then, last)
        if start is None or start == len(until_then) - 1:
            raise Lacking("no_reading", meter=line.code)
        for stretch in _stretches(until_then[start:]):
            if any(later.reading < one.reading for one, later in pairwise(stretch)):
                raise Lacking("reading_falls", meter=line.code, reading=stretch[-1].reading)
            yield Reading(stretch[0].reading, stretch[-1].reading)


def _start(readings: Sequence[MeterRead], last: Billed | None) -> int | None:
    """Return the place of the reading that was billed last; a reading of an earlier day that came late is in the next bill."""
    if not readings:
        return None
    if last is None:
        return 0
    before = [place for place, one in enumerate(readings) if one.read_on <= last.until]
    known = [place for place in before if readings[place].reading in last.readings]
    return max(known or before, default=0)


def _stretches(readings: Sequence[MeterRead]) -> Iterator[list[MeterRead]]:
    """Yield readings of one meter each: where it was changed another begins."""
    stretch: list[MeterRead] = []
    for one in readings:
        if one.restarted and stretch:
            yield stretch
            stretch = []
        stretch.append(one)
    yield stretch


# -- shared costs and spaces -------------------------------------------------------------


def borne_by(ground: Ground, item: Item, span: Period) -> dict[UUID, Share]:
    """Return what of the costs of a span falls on each household of an item. Raises Lacking without a cost or a bearer."""
    total = [cost.fen for cost in ground.costs.get(item.id, ()) if cost.since in span]
    if not total:
        raise Lacking("no_cost")
    bearers = [door for door in ground.bearers if item.charges(door)]
    weights = [_weight(ground, item, door) for door in bearers]
    if not any(weights):
        raise Lacking("no_bearer", fen=sum(total))
    parts = shares(sum(total), weights)
    return {door.id: part for door, part in zip(bearers, parts, strict=True) if part.weight}


def _weight(ground: Ground, item: Item, door: Door) -> int:
    weight = ground.weight(Place(door.id, item.id))
    if item.formula is Formula.SHARED_WEIGHT or not weight:
        return weight
    return door.area or 0 if item.formula is Formula.SHARED_AREA else 1


def space_spans(spaces: Sequence[Space], span: Period) -> Iterator[tuple[Period, int]]:
    """Yield the stretches of a span over which a household has the same number of spaces, those without left out.

    As with tariffs, what holds on a month's first day counts for the month.
    """
    months = [(month, sum(_held(space, month.first) for space in spaces)) for month in months_in(span)]
    for count, turns in groupby(months, key=lambda turn: turn[1]):
        stretch = [month for month, _ in turns]
        if count:
            yield Period(stretch[0].first, stretch[-1].end), count


def _held(space: Space, day: date) -> bool:
    return (space.since is None or space.since <= day) and (space.until is None or day < space.until)
