"""What a draft stands on: shifts that are or will be, who may be on them, and who is. Values, and the problem made of them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from models.duty.crew import Crew, Member, Stretch, stands_against, stretches, wish
from models.duty.needs import spell_need
from models.duty.patterns import Planned
from models.duty.rules import AvailabilityKind, Need, Ruling, ShiftState
from models.duty.solver.problem import Bar, Pair, Problem, Slot, Tie, Wanted, Worker

#: Somebody who fell ill, and the first and the last day of it.
Sick = tuple[UUID, date, date]
_BARS = {AvailabilityKind.PAUSE: Bar.PAUSE, AvailabilityKind.CANNOT: Bar.CANNOT}


@dataclass(frozen=True, slots=True)
class DraftShift:
    """A shift that is, or, when it is `new`, will be by the plan."""

    id: UUID
    post_id: UUID
    post: str
    name: str
    day: date
    starts_at: datetime
    ends_at: datetime
    hands: int
    points: int
    needs: tuple[Need, ...] = ()
    team_id: UUID | None = None  # the pool, its own or its post's
    state: ShiftState = ShiftState.DRAFT
    new: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """Somebody's place on a shift as it stands. `let_go` is a locked one whose holder fell ill."""

    id: UUID
    state: ShiftState
    leaving: bool
    locked: bool
    let_go: bool = False

    @property
    def stays(self) -> bool:
        """Whether no roster takes it away."""
        return self.locked and not self.leaving and not self.let_go


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A shift of somebody's outside of what is being made."""

    person_id: UUID
    day: date
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Ground:
    """Everything that a draft of some days stands on.

    `planned` are the shifts that templates give and that are not there yet, or not as the template has them; `called_off`
    the drafts that no template gives any more. `shifts` and `names` tell what ids of the problem mean,
    `places` who is on the shifts now, those who leave by the draft included.
    """

    first: date
    last: date
    planned: tuple[Planned, ...]
    called_off: tuple[UUID, ...]
    problem: Problem
    names: Mapping[UUID, str]
    shifts: Mapping[UUID, DraftShift]
    places: Mapping[Pair, Place] = field(default_factory=dict)


def known_before(shift: DraftShift, place: Place) -> bool:
    """Tell whether a place is part of the roster that people know: of a published shift, only what is published."""
    if shift.state is ShiftState.PUBLISHED:
        return place.state is ShiftState.PUBLISHED
    return not place.leaving


def problem(
    shifts: Sequence[DraftShift],
    crew: Crew,
    zone: ZoneInfo,
    ruling: Ruling,
    *,
    places: Mapping[Pair, Place],
    elsewhere: Iterable[Elsewhere],
    pairs: Iterable[Tie],
    owed: Mapping[UUID, int],
    keep: bool,
    sick: Sequence[Sick],
) -> Problem:
    """Return what is to be decided."""
    by_id = {shift.id: shift for shift in shifts}
    busy: dict[UUID, list[Elsewhere]] = defaultdict(list)
    for one in elsewhere:
        busy[one.person_id].append(one)
    laid = [(shift, stretches(shift.starts_at, shift.ends_at, zone)) for shift in shifts]
    here = {person for _, person in places}
    workers = []
    for person in sorted(crew.members):
        worker = _worker(
            crew,
            crew.members[person],
            laid,
            ruling,
            elsewhere=busy[person],
            owed=owed.get(person, 0),
            sick=sick,
        )
        if person in here or any(bar not in (Bar.TEAM, Bar.ROLE) for bar in _bars_of(worker, shifts)):
            workers.append(worker)
    known = {worker.id for worker in workers}
    return Problem(
        slots=tuple(_slot(shift, crew) for shift in shifts),
        workers=tuple(workers),
        ties=tuple(tie for tie in pairs if tie.one in known and tie.other in known),
        rest_minutes=ruling.rest_minutes,
        fixed=frozenset(pair for pair, place in places.items() if place.stays),
        standing=frozenset(pair for pair, place in places.items() if known_before(by_id[pair[0]], place)),
        keep=keep,
    )


def _bars_of(worker: Worker, shifts: Sequence[DraftShift]) -> list[Bar | None]:
    return [worker.bars.get(shift.id) for shift in shifts]


def _slot(shift: DraftShift, crew: Crew) -> Slot:
    iso = shift.day.isocalendar()
    return Slot(
        id=shift.id,
        starts_at=shift.starts_at,
        ends_at=shift.ends_at,
        hands=shift.hands,
        points=shift.points,
        week=(iso.year, iso.week),
        month=(shift.day.year, shift.day.month),
        needs=tuple(Wanted(need.n, _able(need, shift.day, crew), spell_need(need)) for need in shift.needs),
    )


def _able(need: Need, day: date, crew: Crew) -> frozenset[UUID]:
    return frozenset(person for person, member in crew.members.items() if member.meets(need, day, crew.teams))


def _worker(
    crew: Crew,
    member: Member,
    laid: Sequence[tuple[DraftShift, tuple[Stretch, ...]]],
    ruling: Ruling,
    *,
    elsewhere: Sequence[Elsewhere],
    owed: int,
    sick: Sequence[Sick],
) -> Worker:
    bars: dict[UUID, Bar] = {}
    wishes: dict[UUID, int] = {}
    in_principle = paused = 0
    for shift, span in laid:
        bar = _bar(crew, member, shift, span, elsewhere=elsewhere, sick=sick)
        if bar is not None:
            bars[shift.id] = bar
        if bar not in (Bar.TEAM, Bar.ROLE):
            in_principle += shift.hands * shift.points
            paused += shift.hands * shift.points if bar is Bar.PAUSE else 0
        if bar is None and (said := wish(member, span)):
            wishes[shift.id] = said
    weeks = Counter((iso.year, iso.week) for iso in (one.day.isocalendar() for one in elsewhere))
    months = Counter((one.day.year, one.day.month) for one in elsewhere)
    return Worker(
        id=member.id,
        owed=owed,
        share=member.weight,
        present=round(100 * (in_principle - paused) / in_principle) if in_principle else 100,
        most_per_week=(ruling.most_per_week or None)
        if member.most_per_week is None
        else member.most_per_week,
        most_per_month=member.most_per_month,
        bars=bars,
        wishes=wishes,
        taken_weeks=dict(weeks),
        taken_months=dict(months),
        busy=tuple(sorted((one.starts_at, one.ends_at) for one in elsewhere)),
    )


def _bar(
    crew: Crew,
    member: Member,
    shift: DraftShift,
    span: Sequence[Stretch],
    *,
    elsewhere: Sequence[Elsewhere],
    sick: Sequence[Sick],
) -> Bar | None:
    if not crew.takes_turns(member, shift.team_id, shift.day):
        return Bar.TEAM
    if not member.serves(shift.day):
        return Bar.ROLE
    if any(person == member.id and _lies_in(span, first, last) for person, first, last in sick):
        return Bar.PAUSE
    said = stands_against(member, span)
    if said is not None:
        return _BARS[said]
    if any(one.starts_at < shift.ends_at and shift.starts_at < one.ends_at for one in elsewhere):
        return Bar.ELSEWHERE
    return None


def _lies_in(span: Sequence[Stretch], first: date, last: date) -> bool:
    return any(first <= one.day <= last for one in span)


def ill(shift: DraftShift, person: UUID, sick: Sequence[Sick], zone: ZoneInfo) -> bool:
    """Tell whether somebody is ill at the time of a shift."""
    span = stretches(shift.starts_at, shift.ends_at, zone)
    return any(one == person and _lies_in(span, first, last) for one, first, last in sick)
