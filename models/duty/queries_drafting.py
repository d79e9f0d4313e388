"""Reading what a draft stands on, and what of a draft waits to be published."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import and_, or_, select
from sqlmodel import Session

from models.community.searching import chunks
from models.duty.crew import Crew
from models.duty.drafting_ground import DraftShift, Elsewhere, Ground, Place, Sick, ill, problem
from models.duty.needs import needs_of, spell_need
from models.duty.operations_roster import CALLED_OFF, shift_key
from models.duty.patterns import Planned, plan
from models.duty.queries import PLACE, SHIFT, names_of, ruling_of
from models.duty.queries_books import books
from models.duty.queries_calendar import calendar_around
from models.duty.queries_crew import begins_near, crew, on_days
from models.duty.queries_setup import PostLine, exceptions, posts
from models.duty.rules import Ruling, ShiftState, Template
from models.duty.solver.problem import Pair, Tie
from models.duty.tables import DutyPair
from models.ids import derived_id
from models.inspection.observed import rows_of, zone_of
from models.tables import table_of

_PAIR = table_of(DutyPair)
_DAY: Final = timedelta(days=1)
#: What a template says of a shift, and a person may have said otherwise of one of them.
_SAID: Final = frozenset({"starts_at", "ends_at", "day", "hands", "needs", "points"})


def ground(
    session: Session,
    compound_id: UUID,
    first: date,
    last: date,
    *,
    now: datetime,
    keep: bool = False,
    sick: Sequence[Sick] = (),
) -> Ground:
    """Read everything that a draft of the days from `first` to `last`, both included, stands on.

    With `keep`, and when somebody is `sick`, as little as possible is to change. What begins before `now` is never
    part of it. Shifts are drafted as their templates have them, unless somebody has changed one by hand. Published
    shifts stay as they are, also when they were called off; a draft that was taken back is one again, unless an
    exception says that it is not held.
    """
    zone, ruling = zone_of(session, compound_id), ruling_of(session, compound_id)
    team = crew(session, compound_id, first, last)
    coming = _coming(session, compound_id, team, first, last, now=now, zone=zone, ruling=ruling)
    shifts = {
        shift.id: shift
        for shift in sorted(coming.shifts, key=lambda shift: (shift.starts_at, shift.ends_at, shift.id))
    }
    there = [shift.id for shift in shifts.values() if not shift.new]
    places = {
        pair: replace(place, let_go=place.locked and ill(shifts[pair[0]], pair[1], sick, zone))
        for pair, place in _places(session, compound_id, there).items()
    }
    owed = books(session, compound_id, now=now, but=shifts.keys()).accounts()
    made = problem(
        list(shifts.values()),
        team,
        zone,
        ruling,
        places=places,
        elsewhere=_elsewhere(session, compound_id, first, last, {*shifts, *coming.called_off}),
        pairs=_pairs(session, compound_id),
        owed={person: account.owed for person, account in owed.items()},
        keep=keep or bool(sick),
        sick=sick,
    )
    return Ground(
        first=first,
        last=last,
        planned=coming.planned,
        called_off=coming.called_off,
        problem=made,
        names=_names(session, compound_id, team, places),
        shifts=shifts,
        places=places,
    )


@dataclass(frozen=True, slots=True)
class _Coming:
    """The shifts that are to be filled, what has to be planned for them, and what is held no more."""

    shifts: tuple[DraftShift, ...]
    planned: tuple[Planned, ...]
    called_off: tuple[UUID, ...]


def _coming(
    session: Session,
    compound_id: UUID,
    team: Crew,
    first: date,
    last: date,
    *,
    now: datetime,
    zone: ZoneInfo,
    ruling: Ruling,
) -> _Coming:
    every = {post.id: post for post in posts(session, compound_id, archived=True)}
    templates = {
        one.id: one.rules
        for post in every.values()
        for one in post.templates
        if not (post.archived or one.archived)
    }
    there = _there(session, compound_id, first, last)
    by_id = {row.id: row for row in there}
    by_time = {(row.post_id, row.starts_at, row.name): row for row in there}
    planned: dict[UUID, Planned] = {}
    held: set[UUID] = set()
    shifts: list[DraftShift] = []
    for one in _plan(session, compound_id, templates, first=first, last=last, zone=zone, ruling=ruling):
        row_id = derived_id(compound_id, "shift", shift_key(one.template_id, one.day))
        row = by_id.get(row_id) or by_time.get((one.post_id, one.starts_at, one.name))
        if row is not None:
            held.add(row.id)
        begins = one.starts_at if row is None else min(one.starts_at, row.starts_at)
        if begins >= now and (row is None or (row.id == row_id and _to_follow(row, one))):
            planned[row_id] = one
            own = templates[one.template_id].team_id
            shifts.append(_draft(one, row_id, every[one.post_id], team, own, new=row is None))
    called_off: list[UUID] = []
    for row in there:
        if row.archived or row.starts_at < now or row.id in planned:
            continue
        if row.template_id is not None and row.state == ShiftState.DRAFT and row.id not in held:
            called_off.append(row.id)
        else:
            shifts.append(_standing(row, every[row.post_id], team))
    return _Coming(tuple(shifts), tuple(planned.values()), tuple(called_off))


def _there(session: Session, compound_id: UUID, first: date, last: date) -> Sequence[Any]:
    """Return the shifts of some days, those called off, too."""
    statement = (
        select(SHIFT).where(SHIFT.c.compound_id == compound_id, *on_days(first, last)).order_by(SHIFT.c.id)
    )
    return rows_of(session, statement)


def _plan(
    session: Session,
    compound_id: UUID,
    templates: Mapping[UUID, Template],
    *,
    first: date,
    last: date,
    zone: ZoneInfo,
    ruling: Ruling,
) -> tuple[Planned, ...]:
    said = {(one.template_id, one.day): one.held for one in exceptions(session, compound_id, first, last)}
    return plan(
        templates.values(),
        first,
        last,
        calendar_around(session, compound_id, first, last),
        zone,
        ruling=ruling,
        exceptions=frozenset(occasion for occasion, held in said.items() if not held),
        extra=frozenset(occasion for occasion, held in said.items() if held),
    )


def _to_follow(row: Any, one: Planned) -> bool:
    """Tell whether a draft is to become what its template says now: it was taken back, or is another, by nobody's hand."""
    if row.state != ShiftState.DRAFT:
        return False
    if row.archived:
        return CALLED_OFF not in row.stamps
    if not _SAID.isdisjoint(row.stamps):
        return False
    return (row.name, row.starts_at, row.ends_at, row.hands, list(row.needs), row.points) != (
        one.name,
        one.starts_at,
        one.ends_at,
        one.hands,
        [spell_need(need) for need in one.needs],
        one.points,
    )


def _draft(
    one: Planned, row_id: UUID, post: PostLine, team: Crew, team_id: UUID | None, *, new: bool
) -> DraftShift:
    return DraftShift(
        id=row_id,
        post_id=one.post_id,
        post=post.name,
        name=one.name,
        day=one.day,
        starts_at=one.starts_at,
        ends_at=one.ends_at,
        hands=one.hands,
        points=one.points,
        needs=one.needs,
        team_id=team.pool_of(team_id, post.team_id),
        new=new,
    )


def _standing(row: Any, post: PostLine, team: Crew) -> DraftShift:
    return DraftShift(
        id=row.id,
        post_id=row.post_id,
        post=post.name,
        name=row.name,
        day=row.day,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        hands=row.hands,
        points=row.points,
        needs=needs_of(row.needs),
        team_id=team.pool_of(row.team_id, post.team_id),
        state=ShiftState(row.state),
    )


def _places(session: Session, compound_id: UUID, shift_ids: Collection[UUID]) -> dict[Pair, Place]:
    rows = [
        row
        for part in chunks(sorted(shift_ids))
        for row in rows_of(
            session,
            select(PLACE).where(
                PLACE.c.compound_id == compound_id,
                PLACE.c.shift_id.in_(part),
                PLACE.c.archived.is_(False),
            ),
        )
    ]
    # Sorted here: a database that is asked for them in their order would go through all there are.
    return {
        (row.shift_id, row.person_id): Place(
            row.id, ShiftState(row.state), leaving=row.leaving, locked=row.locked
        )
        for row in sorted(rows, key=lambda row: row.id)
    }


def _elsewhere(
    session: Session, compound_id: UUID, first: date, last: date, but: Collection[UUID]
) -> Iterator[Elsewhere]:
    """Yield who is on other shifts near these days: in the same weeks and months, and as near as a rest may reach."""
    since = min(first.replace(day=1), first - 9 * _DAY)
    until = max((last.replace(day=28) + 4 * _DAY).replace(day=1), last + 10 * _DAY)
    statement = (
        select(PLACE.c.person_id, SHIFT.c.id, SHIFT.c.day, SHIFT.c.starts_at, SHIFT.c.ends_at)
        .join_from(SHIFT, PLACE, and_(PLACE.c.compound_id == compound_id, PLACE.c.shift_id == SHIFT.c.id))
        .where(
            SHIFT.c.compound_id == compound_id,
            SHIFT.c.archived.is_(False),
            *on_days(since, until - _DAY),
            *begins_near(PLACE, since, until - _DAY),
            PLACE.c.archived.is_(False),
            PLACE.c.leaving.is_(False),
        )
    )
    for row in rows_of(session, statement):
        if row.id not in but:
            yield Elsewhere(row.person_id, row.day, row.starts_at, row.ends_at)


def _pairs(session: Session, compound_id: UUID) -> list[Tie]:
    statement = select(_PAIR).where(_PAIR.c.compound_id == compound_id, _PAIR.c.archived.is_(False))
    return [
        Tie(row.person_id, row.other_id, together=row.together)
        for row in rows_of(session, statement.order_by(_PAIR.c.id))
    ]


def _names(session: Session, compound_id: UUID, team: Crew, places: Iterable[Pair]) -> dict[UUID, str]:
    """Return what people are called, those on the shifts who were put away in the register, too."""
    names = {person: member.name for person, member in team.members.items()}
    return names | names_of(session, compound_id, sorted({person for _, person in places} - names.keys()))


@dataclass(frozen=True, slots=True)
class Unpublished:
    """What of a draft waits to be published."""

    shifts: tuple[UUID, ...]
    places: tuple[UUID, ...]
    leaving: tuple[UUID, ...]


def unpublished(session: Session, compound_id: UUID, first: date, last: date) -> Unpublished:
    """Return what of some days is still the committee's draft."""
    days = (SHIFT.c.compound_id == compound_id, SHIFT.c.archived.is_(False), *on_days(first, last))
    shifts = (
        select(SHIFT.c.id)
        .where(*days, SHIFT.c.state == ShiftState.DRAFT.value)
        .order_by(SHIFT.c.starts_at, SHIFT.c.id)
    )
    places = (
        select(PLACE.c.id, PLACE.c.state, PLACE.c.leaving)
        .join_from(SHIFT, PLACE, and_(PLACE.c.compound_id == compound_id, PLACE.c.shift_id == SHIFT.c.id))
        .where(
            *days,
            PLACE.c.archived.is_(False),
            or_(PLACE.c.state == ShiftState.DRAFT.value, PLACE.c.leaving.is_(True)),
        )
        .order_by(SHIFT.c.starts_at, PLACE.c.id)
    )
    rows = rows_of(session, places)
    return Unpublished(
        shifts=tuple(row.id for row in rows_of(session, shifts)),
        places=tuple(row.id for row in rows if not row.leaving),
        leaving=tuple(row.id for row in rows if row.leaving),
    )
