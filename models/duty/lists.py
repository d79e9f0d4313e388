"""Lists of duty for the command line: posts and their patterns, shifts, who is on them, who came, what was handed over."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlmodel import Session

from models.duty.balances import next_month
from models.duty.needs import spell_need
from models.duty.queries import SHIFT, ShiftLine, shifts_between
from models.duty.queries_setup import posts
from models.duty.rules import Need
from models.inspection.observed import zone_of
from models.listings import ListingRow, listing
from models.tickets.periods import start_of

# What counts hours and balances is loaded by the lists of them: this module is loaded whenever somebody acts.
_DAY = timedelta(days=1)


@listing(
    "posts",
    "id",
    "name",
    "place",
    "team",
    "team_id",
    "keys",
    "counts_cash",
    "templates",
    "note",
    "archived",
)
def list_posts(session: Session, compound_id: UUID, _today: date) -> Iterator[ListingRow]:
    """Yield posts in their order with the names of their patterns, those put away last."""
    for post in posts(session, compound_id, archived=True):
        yield {
            "id": str(post.id),
            "name": post.name,
            "place": post.place,
            "team": post.team,
            "team_id": row_id(post.team_id),
            "keys": post.keys,
            "counts_cash": post.counts_cash,
            "templates": [one.name for one in post.templates if not one.archived],
            "note": post.note,
            "archived": post.archived,
        }


@listing(
    "shift-templates",
    "id",
    "post",
    "post_id",
    "name",
    "starts",
    "minutes",
    "hands",
    "needs",
    "weekdays",
    "weeks",
    "month_days",
    "days",
    "team",
    "team_id",
    "since",
    "until",
    "archived",
)
def list_templates(session: Session, compound_id: UUID, _today: date) -> Iterator[ListingRow]:
    """Yield the patterns of shifts, post by post; `until` is the first day on which one is held no more."""
    for post in posts(session, compound_id, archived=True):
        for one in post.templates:
            yield {
                "id": str(one.id),
                "post": post.name,
                "post_id": str(post.id),
                "name": one.name,
                "starts": clock(one.starts),
                "minutes": one.minutes,
                "hands": one.hands,
                "needs": list(one.needs),
                "weekdays": list(one.weekdays),
                "weeks": one.weeks,
                "month_days": list(one.month_days),
                "days": one.days,
                "team": one.team,
                "team_id": row_id(one.team_id),
                "since": day_text(one.since),
                "until": day_text(one.until),
                "archived": one.archived,
            }


@listing(
    "shifts",
    "id",
    "day",
    "post",
    "post_id",
    "name",
    "starts_at",
    "ends_at",
    "hands",
    "missing",
    "people",
    "needs",
    "unmet",
    "points",
    "state",
    "team",
    "team_id",
    "template_id",
    "note",
    "archived",
    timed=True,
)
def list_shifts(
    session: Session, compound_id: UUID, today: date, *, now: datetime | None = None
) -> Iterator[ListingRow]:
    """Yield shifts in the order of time, those called off as archived ones. `people` are those who stay on it."""
    for line in _shifts(session, compound_id, today, now):
        yield {
            "id": str(line.id),
            "day": line.day.isoformat(),
            "post": line.post,
            "post_id": str(line.post_id),
            "name": line.name,
            "starts_at": moment(line.starts_at),
            "ends_at": moment(line.ends_at),
            "hands": line.hands,
            "missing": line.missing,
            "people": [one.name for one in line.people if not one.leaving],
            "needs": [spell_need(need) for need in line.needs],
            "unmet": [spell_need(Need(need.kind, need.value, n)) for need, n in line.unmet],
            "points": line.points,
            "state": line.state.value,
            "team": line.team,
            "team_id": row_id(line.team_id),
            "template_id": row_id(line.template_id),
            "note": line.note,
            "archived": line.called_off,
        }


@listing(
    "assignments",
    "id",
    "day",
    "post",
    "shift",
    "shift_id",
    "person",
    "person_id",
    "starts_at",
    "ends_at",
    "points",
    "state",
    "leaving",
    "locked",
    "presence",
    "absence",
    "absence_words",
    "came_at",
    "left_at",
    "archived",
    timed=True,
)
def list_assignments(
    session: Session, compound_id: UUID, today: date, *, now: datetime | None = None
) -> Iterator[ListingRow]:
    """Yield who is on which shift, in the order of time; those of a shift called off as archived ones.

    `leaving` are published places that the draft leaves out.
    """
    for line in _shifts(session, compound_id, today, now):
        for one in line.people:
            yield {
                "id": str(one.id),
                "day": line.day.isoformat(),
                "post": line.post,
                "shift": line.name,
                "shift_id": str(line.id),
                "person": one.name,
                "person_id": str(one.person_id),
                "starts_at": moment(line.starts_at),
                "ends_at": moment(line.ends_at),
                "points": line.points,
                "state": one.state.value,
                "leaving": one.leaving,
                "locked": one.locked,
                "presence": one.presence.value,
                "absence": one.absence.value,
                "absence_words": one.absence_words,
                "came_at": moment(one.came_at),
                "left_at": moment(one.left_at),
                "archived": line.called_off,
            }


@listing(
    "balances",
    "person",
    "person_id",
    "settled",
    "before",
    "fair",
    "done",
    "missed",
    "owed",
    "unseen",
    timed=True,
)
def list_balances(
    session: Session, compound_id: UUID, today: date, *, now: datetime | None = None
) -> Iterator[ListingRow]:
    """Yield what everybody owes in points, whoever owes most first: `owed` = `before` + `fair` - `done` + `missed`.

    `settled` is the month settled last, at whose end they owed `before`; `unseen` counts shifts that nobody checked them in on.
    """
    from models.duty.queries_balances import balances

    at = _at(session, compound_id, today, now)
    for line in balances(session, compound_id, today=today, now=at):
        yield {
            "person": line.person,
            "person_id": str(line.person_id),
            "settled": None if line.settled is None else f"{line.settled:%Y-%m}",
            "before": line.before,
            "fair": line.fair,
            "done": line.done,
            "missed": line.missed,
            "owed": line.owed,
            "unseen": line.unseen,
        }


@listing(
    "hours",
    "person",
    "person_id",
    "month",
    "minutes",
    "duty_minutes",
    "walk_minutes",
    "ticket_minutes",
    "shifts",
    "helped",
    "walks",
    "visits",
    "no_shows",
    "excused",
    timed=True,
)
def list_hours(
    session: Session, compound_id: UUID, today: date, *, now: datetime | None = None
) -> Iterator[ListingRow]:
    """Yield the hours that everybody gave in the year until today, month by month; a guest has no id."""
    from models.duty.queries_hours import hours

    at = _at(session, compound_id, today, now)
    month = next_month(today.replace(year=today.year - 1, day=1))
    while month <= today:
        last = min(today, next_month(month) - _DAY)
        given = hours(session, compound_id, month, last, now=at)
        for one in (*given.people, *given.guests):
            yield {
                "person": one.name,
                "person_id": row_id(one.person_id),
                "month": f"{month:%Y-%m}",
                "minutes": one.tally.minutes,
                "duty_minutes": one.tally.duty,
                "walk_minutes": one.tally.walk,
                "ticket_minutes": one.tally.ticket,
                "shifts": one.tally.shifts,
                "helped": one.tally.helped,
                "walks": one.tally.walks,
                "visits": one.tally.visits,
                "no_shows": one.tally.no_shows,
                "excused": one.tally.excused,
            }
        month = next_month(month)


def _shifts(session: Session, compound_id: UUID, today: date, now: datetime | None) -> Iterator[ShiftLine]:
    """Yield all shifts, drafts and those called off, too, a month at a time."""
    at = _at(session, compound_id, today, now)
    statement = select(func.min(SHIFT.c.day), func.max(SHIFT.c.day)).where(SHIFT.c.compound_id == compound_id)
    first, last = session.connection().execute(statement).one()
    while first is not None and first <= last:
        end = min(last, next_month(first.replace(day=1)) - _DAY)
        yield from shifts_between(session, compound_id, first, end, now=at, drafts=True, called_off=True)
        first = end + _DAY


def _at(session: Session, compound_id: UUID, today: date, now: datetime | None) -> datetime:
    return now or start_of(today + _DAY, zone_of(session, compound_id))


def moment(at: datetime | None) -> str | None:
    """Return an instant as lists print it."""
    return None if at is None else at.astimezone(UTC).isoformat(timespec="seconds")


def row_id(value: UUID | None) -> str | None:
    """Return an id as lists print it."""
    return None if value is None else str(value)


def day_text(day: date | None) -> str | None:
    """Return a day as lists print it."""
    return None if day is None else day.isoformat()


def clock(minutes: int) -> str:
    """Return minutes after midnight as a time of day."""
    return f"{minutes // 60}:{minutes % 60:02d}"
