"""Reading who may serve when: members of the pools, their roles, shares, and what they say about their time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import UTC, date, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Table, select, union
from sqlmodel import Session

from models.duty.crew import Crew, Days, Member, Said
from models.duty.queries import MEMBER, PERSON, PLACE, POST, SHIFT, TEAM, TERM
from models.duty.rules import AvailabilityKind
from models.duty.tables import Availability, DutyShare, ShiftTemplate
from models.inspection.observed import rows_of
from models.operations.roles import WORKERS
from models.tables import table_of
from models.text import fold
from models.tickets.periods import start_of

_DAY: Final = timedelta(days=1)
_TEMPLATE, _SHARE, _SAID = table_of(ShiftTemplate), table_of(DutyShare), table_of(Availability)


def crew(session: Session, compound_id: UUID, first: date, last: date) -> Crew:
    """Return everybody who may take turns on the days from `first` to `last`, and whoever is on their shifts."""
    teams = {row.id: row.name for row in rows_of(session, _standing(TEAM, compound_id).order_by(TEAM.c.id))}
    pools = _pools(session, compound_id, first, last) & set(teams)
    shares = {row.person_id: row for row in rows_of(session, _standing(_SHARE, compound_id))}
    asked = _taking_turns(compound_id, first, last, pools, any_role=not pools)
    belonging, roles, said = (
        _of_people(session, compound_id, asked, MEMBER),
        _of_people(session, compound_id, asked, TERM),
        _of_people(session, compound_id, asked, _SAID),
    )
    people = rows_of(session, _standing(PERSON, compound_id).where(PERSON.c.id.in_(asked)))
    members = {}
    for row in people:
        share = shares.get(row.id)
        members[row.id] = Member(
            id=row.id,
            name=row.name,
            skills=frozenset(fold(skill) for skill in row.skills),
            teams=_spans((one.team_id, one) for one in belonging[row.id] if one.team_id in teams),
            roles=_spans((one.role, one) for one in roles[row.id]),
            share=None if share is None else share.share,
            most_per_week=None if share is None else share.most_per_week,
            most_per_month=None if share is None else share.most_per_month,
            says=tuple(_said(one) for one in said[row.id] if one.kind in set(AvailabilityKind)),
        )
    named = {name: team for team, name in teams.items()}
    named |= {team.hex: team for team in teams} | {str(team): team for team in teams}
    return Crew(members, frozenset(pools), named)


def on_days(first: date | None = None, last: date | None = None) -> list[ColumnElement[bool]]:
    """Return the conditions that a shift begins on one of the days from `first` to `last`, both included.

    They also say so by the time of beginning, which has an index.
    """
    found = [] if first is None else [SHIFT.c.day >= first]
    found += [] if last is None else [SHIFT.c.day <= last]
    return [*found, *begins_near(SHIFT, first, last)]


def begins_near(
    table: Table, first: date | None = None, last: date | None = None
) -> list[ColumnElement[bool]]:
    """Return the conditions that a row's `starts_at` lies on some days or next to them: no zone is further off."""
    column = table.c.starts_at
    found = [] if first is None else [column >= start_of(first - _DAY, UTC)]
    return found if last is None else [*found, column < start_of(last + 2 * _DAY, UTC)]


def _standing(table: Table, compound_id: UUID) -> Select[Any]:
    return select(table).where(table.c.compound_id == compound_id, table.c.archived.is_(False))


def _pools(session: Session, compound_id: UUID, first: date, last: date) -> set[UUID]:
    """Return the teams that posts, templates and the shifts of some days are given to."""
    tables = (
        select(POST.c.team_id).where(POST.c.compound_id == compound_id, POST.c.archived.is_(False)),
        select(_TEMPLATE.c.team_id).where(
            _TEMPLATE.c.compound_id == compound_id, _TEMPLATE.c.archived.is_(False)
        ),
        select(SHIFT.c.team_id).where(
            SHIFT.c.compound_id == compound_id, SHIFT.c.archived.is_(False), *on_days(first, last)
        ),
    )
    return {row.team_id for row in session.connection().execute(union(*tables)) if row.team_id is not None}


def _taking_turns(
    compound_id: UUID, first: date, last: date, pools: Collection[UUID], *, any_role: bool
) -> Select[Any]:
    """Return the statement for the ids of all who may be on a shift of some days, or are."""
    asked = [
        select(MEMBER.c.person_id).where(
            MEMBER.c.compound_id == compound_id,
            MEMBER.c.archived.is_(False),
            MEMBER.c.team_id.in_(sorted(pools)),
        ),
        select(_SHARE.c.person_id).where(_SHARE.c.compound_id == compound_id, _SHARE.c.archived.is_(False)),
        select(PLACE.c.person_id).where(
            PLACE.c.compound_id == compound_id, PLACE.c.archived.is_(False), *begins_near(PLACE, first, last)
        ),
    ]
    if any_role:
        asked.append(
            select(TERM.c.person_id).where(
                TERM.c.compound_id == compound_id,
                TERM.c.archived.is_(False),
                TERM.c.role.in_(sorted(role.value for role in WORKERS)),
            )
        )
    return select(union(*asked).subquery().c.person_id)


def _of_people(
    session: Session, compound_id: UUID, asked: Select[Any], table: Table
) -> dict[UUID, list[Any]]:
    """Return the rows of a table that stand, for each of some people."""
    found: dict[UUID, list[Any]] = defaultdict(list)
    statement = _standing(table, compound_id).where(table.c.person_id.in_(asked))
    # Put in order here: SQLite would read the whole table in that order.
    for row in sorted(rows_of(session, statement), key=lambda row: row.id):
        found[row.person_id].append(row)
    return found


def _spans(rows: Any) -> dict[Any, list[Days]]:
    found: dict[Any, list[Days]] = defaultdict(list)
    for key, row in rows:
        found[key].append(Days(row.since, row.until))
    return found


def _said(row: Any) -> Said:
    return Said(
        kind=AvailabilityKind(row.kind),
        weekdays=frozenset(row.weekdays),
        starts=row.starts,
        ends=row.ends,
        days=Days(row.since, row.until),
    )
