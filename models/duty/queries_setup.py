"""What stands behind a roster: posts with their templates, the exceptions to these, and the compound's own days."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session

from models.community.tables import Team
from models.duty.calendar import SpecialDay
from models.duty.needs import needs_of
from models.duty.rules import DayKind, Days, Pattern, Template, Weeks
from models.duty.tables import Post, ShiftException, ShiftTemplate
from models.duty.tables import SpecialDay as SpecialDayRow
from models.tables import table_of

_post, _template, _exception = table_of(Post), table_of(ShiftTemplate), table_of(ShiftException)
_special, _team = table_of(SpecialDayRow), table_of(Team)


@dataclass(frozen=True, slots=True)
class TemplateLine:
    """A template as it is kept. `team` is its own pool's name, if it has one besides its post's."""

    id: UUID
    post_id: UUID
    name: str
    starts: int
    minutes: int
    hands: int
    needs: tuple[str, ...]
    weekdays: tuple[int, ...]
    weeks: str
    month_days: tuple[int, ...]
    days: str
    since: date | None
    until: date | None
    team_id: UUID | None
    team: str
    position: int
    archived: bool

    @property
    def rules(self) -> Template:
        """What shifts are planned by. What a newer version has written and this one cannot read counts as any."""
        return Template(
            id=self.id,
            post_id=self.post_id,
            name=self.name,
            starts=self.starts,
            minutes=self.minutes,
            hands=self.hands,
            needs=needs_of(self.needs),
            pattern=Pattern(
                weekdays=frozenset(self.weekdays),
                weeks=Weeks(self.weeks) if self.weeks in set(Weeks) else Weeks.ALL,
                month_days=frozenset(self.month_days),
                days=Days(self.days) if self.days in set(Days) else Days.ALL,
                since=self.since,
                until=self.until,
            ),
            team_id=self.team_id,
        )


@dataclass(frozen=True, slots=True)
class PostLine:
    """A post with its templates, in their order."""

    id: UUID
    name: str
    place: str
    note: str
    team_id: UUID | None
    team: str
    keys: str
    counts_cash: bool
    position: int
    archived: bool
    templates: tuple[TemplateLine, ...]


@dataclass(frozen=True, slots=True)
class ExceptionLine:
    """A day on which a template's shift is held besides, or is not."""

    id: UUID
    template_id: UUID
    day: date
    held: bool
    note: str


@dataclass(frozen=True, slots=True)
class OwnDay:
    """A day that the compound has set itself."""

    id: UUID
    day: date
    kind: DayKind
    name: str

    @property
    def special(self) -> SpecialDay:
        """As the calendar takes it."""
        return SpecialDay(self.day, self.kind, self.name)


def posts(session: Session, compound_id: UUID, *, archived: bool = False) -> tuple[PostLine, ...]:
    """Return the posts in their order with their templates; with `archived` those that were put away as well."""
    teams = _team_names(session, compound_id)
    templates: dict[UUID, list[TemplateLine]] = defaultdict(list)
    ask = session.connection().execute
    statement = (
        select(_template)
        .where(_template.c.compound_id == compound_id)
        .order_by(_template.c.archived, _template.c.position, _template.c.starts, _template.c.name)
    )
    for row in ask(statement if archived else statement.where(_template.c.archived.is_(False))):
        templates[row.post_id].append(_template_line(row, teams))
    wanted = (
        select(_post)
        .where(_post.c.compound_id == compound_id)
        .order_by(_post.c.archived, _post.c.position, _post.c.name)
    )
    return tuple(
        PostLine(
            id=row.id,
            name=row.name,
            place=row.place,
            note=row.note,
            team_id=row.team_id if row.team_id in teams else None,
            team=teams.get(row.team_id, ""),
            keys=row.keys,
            counts_cash=row.counts_cash,
            position=row.position,
            archived=row.archived,
            templates=tuple(templates[row.id]),
        )
        for row in ask(wanted if archived else wanted.where(_post.c.archived.is_(False)))
    )


def _team_names(session: Session, compound_id: UUID) -> dict[UUID, str]:
    statement = select(_team.c.id, _team.c.name).where(
        _team.c.compound_id == compound_id, _team.c.archived.is_(False)
    )
    return {row.id: row.name for row in session.connection().execute(statement)}


def _template_line(row: Any, teams: Mapping[UUID, str]) -> TemplateLine:
    return TemplateLine(
        id=row.id,
        post_id=row.post_id,
        name=row.name,
        starts=row.starts,
        minutes=row.minutes,
        hands=row.hands,
        needs=tuple(row.needs),
        weekdays=tuple(row.weekdays),
        weeks=row.weeks,
        month_days=tuple(row.month_days),
        days=row.days,
        since=row.since,
        until=row.until,
        team_id=row.team_id if row.team_id in teams else None,
        team=teams.get(row.team_id, ""),
        position=row.position,
        archived=row.archived,
    )


def exceptions(
    session: Session, compound_id: UUID, first: date, last: date, *, archived: bool = False
) -> tuple[ExceptionLine, ...]:
    """Return the exceptions of the days from `first` to `last`, both included, in their order; or those taken back."""
    statement = (
        select(_exception)
        .where(
            _exception.c.compound_id == compound_id,
            _exception.c.archived.is_(archived),
            _exception.c.day >= first,
            _exception.c.day <= last,
        )
        .order_by(_exception.c.day, _exception.c.id)
    )
    return tuple(
        ExceptionLine(row.id, row.template_id, row.day, row.held, row.note)
        for row in session.connection().execute(statement)
    )


def own_days(
    session: Session, compound_id: UUID, first: date, last: date, *, archived: bool = False
) -> tuple[OwnDay, ...]:
    """Return the days from `first` to `last`, both included, that the compound has set itself; or has put back."""
    statement = (
        select(_special)
        .where(
            _special.c.compound_id == compound_id,
            _special.c.archived.is_(archived),
            _special.c.day >= first,
            _special.c.day <= last,
        )
        .order_by(_special.c.day)
    )
    return tuple(
        OwnDay(row.id, row.day, DayKind(row.kind), row.name)
        for row in session.connection().execute(statement)
        if row.kind in set(DayKind)
    )
