"""The kinds of job of a compound: what everybody has, with what the compound has set for them, and its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from sqlalchemy import and_, select
from sqlmodel import Session

from models.tickets.queries import CATEGORY, TEAM
from models.tickets.rules import CATEGORIES, OTHER, Category, Urgency

_STEP: Final = 10
#: Where a kind of job stands that nobody has put anywhere: the built-in ones in their order, one's own behind them.
_STANDING: Final = {code: (at + 1) * _STEP for at, code in enumerate(CATEGORIES)}
_OWN: Final = len(CATEGORIES) * _STEP - 1


class Origin(StrEnum):
    """Where a kind of job comes from."""

    BUILT_IN = "built_in"
    CHANGED = "changed"
    OWN = "own"


@dataclass(frozen=True, slots=True)
class CategoryLine:
    """A kind of job: its deadlines in hours, how urgent it usually is, and whose it is.

    `id` is the row that says so, None of a built-in one that stands as it is.
    `position` is where it stands among the others, smallest first.
    """

    code: str
    accept_hours: int
    finish_hours: int
    urgency: Urgency
    team_id: UUID | None
    team: str
    skill: str
    position: int
    origin: Origin
    id: UUID | None

    @property
    def rules(self) -> Category:
        """What deadlines are counted by."""
        return Category(self.code, self.accept_hours, self.finish_hours, self.urgency, self.skill)


def categories(session: Session, compound_id: UUID) -> tuple[CategoryLine, ...]:
    """Return every kind of job that can be chosen, in the order they are offered; `other` is the last of them."""
    set_here = {row.code: row for row in _rows(session, compound_id, archived=False)}
    lines = [_line(code, set_here.get(code)) for code in [*CATEGORIES, *sorted(set_here.keys() - CATEGORIES)]]
    return tuple(sorted(lines, key=lambda line: (line.code == OTHER.code, line.position, line.code)))


def put_away(session: Session, compound_id: UUID) -> dict[str, CategoryLine]:
    """Return what was set for kinds of job once and was put away: setting one again brings its row back."""
    return {row.code: _line(row.code, row) for row in _rows(session, compound_id, archived=True)}


def _rows(session: Session, compound_id: UUID, *, archived: bool) -> Sequence[Any]:
    joined = CATEGORY.outerjoin(
        TEAM,
        and_(TEAM.c.compound_id == compound_id, TEAM.c.id == CATEGORY.c.team_id, TEAM.c.archived.is_(False)),
    )
    statement = (
        select(CATEGORY, TEAM.c.id.label("living_team"), TEAM.c.name.label("team"))
        .select_from(joined)
        .where(CATEGORY.c.compound_id == compound_id, CATEGORY.c.archived.is_(archived))
        .order_by(CATEGORY.c.code)
    )
    return session.connection().execute(statement).all()


def _line(code: str, row: Any) -> CategoryLine:
    built_in = CATEGORIES.get(code)
    standing = _STANDING.get(code, _OWN)
    if row is None:
        rules = built_in or Category(code)
        return CategoryLine(
            code=code,
            accept_hours=rules.accept_hours,
            finish_hours=rules.finish_hours,
            urgency=rules.urgency,
            team_id=None,
            team="",
            skill=rules.skill,
            position=standing,
            origin=Origin.BUILT_IN,
            id=None,
        )
    return CategoryLine(
        code=code,
        accept_hours=row.accept_hours,
        finish_hours=row.finish_hours,
        urgency=Urgency(row.urgency),
        team_id=row.living_team,
        team=row.team or "",
        skill=row.skill,
        position=row.position or standing,
        origin=Origin.OWN if built_in is None else Origin.CHANGED,
        id=row.id,
    )
