"""What the rooms of posts ask of the store, and what changes them, as intents; runs in worker threads."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from models.community.queries_places import teams
from models.duty.calendar import Calendar
from models.duty.occasions import READY, ReadyTemplate, held_days
from models.duty.patterns import template_problems
from models.duty.queries import ruling_of
from models.duty.queries_calendar import calendar_around
from models.duty.queries_setup import ExceptionLine, PostLine, TemplateLine, exceptions, posts
from models.duty.rules import Pattern, Ruling
from models.operations.envelope import Intent
from models.operations.roles import KEEPERS
from models.problems import Problem
from models.text import fold
from tui import edge
from tui.desk import Desk
from tui.i18n import LANGUAGES, load, t

#: So many weeks are looked ahead, and so many days for holidays.
WEEKS: Final = 6
_AHEAD: Final = 400


@dataclass(frozen=True, slots=True)
class Setup:
    """Everything the rooms of posts show. Posts and templates that were put away are among them.

    `taken_back` holds exceptions that may be brought back, by template, day, and whether they held.
    """

    posts: tuple[PostLine, ...]
    teams: Mapping[UUID, str]
    exceptions: Mapping[UUID, tuple[ExceptionLine, ...]]
    taken_back: Mapping[tuple[UUID, date, bool], ExceptionLine]
    calendar: Calendar
    ruling: Ruling
    zone: ZoneInfo
    today: date
    may: bool

    @property
    def until(self) -> date:
        """The last of the days that are looked ahead."""
        return self.today + timedelta(weeks=WEEKS, days=-1)

    @property
    def next_month(self) -> tuple[date, date]:
        """The first and the last day of next month."""
        first = (self.today.replace(day=1) + timedelta(days=32)).replace(day=1)
        return first, (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)

    def post(self, post_id: UUID | None) -> PostLine | None:
        return next((post for post in self.posts if post.id == post_id), None)

    def template(self, template_id: UUID | None) -> TemplateLine | None:
        """Return a template by its id."""
        return next((one for post in self.posts for one in post.templates if one.id == template_id), None)

    def said(self, template_id: UUID) -> dict[date, ExceptionLine]:
        """Return a template's exceptions by day."""
        return {line.day: line for line in self.exceptions.get(template_id, ())}

    def days(self, line: TemplateLine, first: date, last: date) -> tuple[date, ...]:
        """Return the days from `first` to `last` on which a template's shift is held."""
        held = {day: one.held for day, one in self.said(line.id).items()}
        return self.falls(line.rules.pattern, first, last, held)

    def falls(
        self, pattern: Pattern, first: date, last: date, exceptions: Mapping[date, bool] | None = None
    ) -> tuple[date, ...]:
        """Return the days on which a pattern falls, whoever's it is."""
        return held_days(pattern, exceptions or {}, first, last, self.calendar)

    def count(self, line: TemplateLine) -> int:
        """Return how many shifts a template makes next month."""
        return 0 if line.archived else len(self.days(line, *self.next_month))

    def problems(self, line: TemplateLine) -> tuple[Problem, ...]:
        """Return why a template's shift cannot be held or filled."""
        return template_problems(line.rules, self.calendar)


def look(desk: Desk) -> Setup:
    """Return the posts with all that comes of them in the weeks ahead."""
    compound_id, today = desk.seat.compound_id, desk.today()
    may = desk.may(KEEPERS)
    first, last = today, today + timedelta(days=_AHEAD)
    with desk.store.read() as session:
        said: dict[UUID, list[ExceptionLine]] = defaultdict(list)
        for line in exceptions(session, compound_id, first, last):
            said[line.template_id].append(line)
        gone = exceptions(session, compound_id, first, last, archived=True)
        return Setup(
            posts=posts(session, compound_id, archived=True),
            teams={team.id: team.name for team in teams(session, compound_id, today=today)},
            exceptions={template: tuple(lines) for template, lines in said.items()},
            taken_back={(line.template_id, line.day, line.held): line for line in gone},
            calendar=calendar_around(session, compound_id, first, last),
            ruling=ruling_of(session, compound_id),
            zone=ZoneInfo(desk.seat.zone),
            today=today,
            may=may,
        )


# -- changes -----------------------------------------------------------------------------


def adding_post(setup: Setup, wanted: Mapping[str, Any]) -> list[Intent]:
    """Return what sets up a post; one of that name that was put away comes back as it is wanted now."""
    gone = next((post for post in setup.posts if fold(post.name) == fold(str(wanted["name"]))), None)
    if gone is not None and gone.archived:
        return [Intent("post.unarchive", {"post": str(gone.id)}), *editing_post(gone, wanted)]
    position = max((post.position for post in setup.posts), default=0) + 10
    return [Intent("post.add", {"id": str(edge.new_id()), "position": min(position, 1_000), **wanted})]


def editing_post(post: PostLine, wanted: Mapping[str, Any]) -> list[Intent]:
    """Return what changes a post, nothing if it stands like that."""
    stands = {
        "name": post.name,
        "place": post.place,
        "note": post.note,
        "team_id": None if post.team_id is None else str(post.team_id),
        "keys": post.keys,
        "counts_cash": post.counts_cash,
    }
    return _editing("post.edit", "post", post.id, stands, wanted)


def adding_template(post: PostLine, wanted: Mapping[str, Any]) -> list[Intent]:
    """Return what lets a shift come again and again at a post; one of that name that was put away comes back."""
    gone = next((one for one in post.templates if fold(one.name) == fold(str(wanted["name"]))), None)
    if gone is not None and gone.archived:
        back = Intent("shift_template.unarchive", {"shift_template": str(gone.id)})
        return [back, *editing_template(gone, wanted)]
    return [Intent("shift_template.add", {"id": str(edge.new_id()), "post": str(post.id), **wanted})]


def editing_template(line: TemplateLine, wanted: Mapping[str, Any]) -> list[Intent]:
    """Return what changes a template, nothing if it stands like that."""
    stands = {
        "name": line.name,
        "starts": line.starts,
        "minutes": line.minutes,
        "hands": line.hands,
        "needs": list(line.needs),
        "weekdays": list(line.weekdays),
        "weeks": line.weeks,
        "month_days": list(line.month_days),
        "days": line.days,
        "team_id": None if line.team_id is None else str(line.team_id),
        "since": _iso(line.since),
        "until": _iso(line.until),
    }
    return _editing("shift_template.edit", "template", line.id, stands, wanted)


def archiving(noun: str, row_id: UUID, *, back: bool) -> Intent:
    """Return what puts a row away, or brings it back."""
    return Intent(f"{noun}.{'unarchive' if back else 'archive'}", {noun: str(row_id)})


def adding_ready(setup: Setup) -> list[Intent]:
    """Return what adds the ready posts that are missing, with their shifts; a name in either language counts as there."""
    there = {fold(post.name) for post in setup.posts}
    words = [load(language) for language in LANGUAGES]
    intents: list[Intent] = []
    position = max((post.position for post in setup.posts), default=0)
    for post in READY:
        key = f"duty_setup.ready.{post.code}"
        if there & {fold(catalogue[key]) for catalogue in words}:
            continue
        position, post_id = position + 10, str(edge.new_id())
        given = {"name": t(key), "counts_cash": post.counts_cash, "position": min(position, 1_000)}
        intents.append(Intent("post.add", {"id": post_id, **given}))
        for number, one in enumerate(post.templates):
            payload = {"id": str(edge.new_id()), "post": post_id, **_ready(one), "position": number * 10}
            intents.append(Intent("shift_template.add", payload))
    return intents


def _ready(one: ReadyTemplate) -> dict[str, Any]:
    return {
        "name": t(f"duty_setup.ready_shift.{one.code}"),
        "starts": one.starts,
        "minutes": one.minutes,
        "hands": one.hands,
        "needs": one.spelled_needs(),
        "weekdays": sorted(one.pattern.weekdays),
        "weeks": one.pattern.weeks.value,
        "days": one.pattern.days.value,
    }


def _editing(
    kind: str, target: str, row_id: UUID, stands: Mapping[str, Any], wanted: Mapping[str, Any]
) -> list[Intent]:
    new = {name: value for name, value in wanted.items() if value != stands[name]}
    old = {name: stands[name] for name in new}
    return [Intent(kind, {target: str(row_id), "old": old, "new": new})] if new else []


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


# -- exceptions --------------------------------------------------------------------------


def taking_off(setup: Setup, line: TemplateLine, days: Sequence[date], note: str) -> list[Intent]:
    """Return what lets a template's shift be held on none of some days on which it is held."""
    said, intents = setup.said(line.id), []
    plain = setup.falls(line.rules.pattern, min(days), max(days))
    for day in days:
        if day in said and said[day].held:
            intents.append(_taking_back(said[day]))
        if day in plain:
            intents.append(_excepting(setup, line, day, held=False, note=note))
    return intents


def holding_besides(setup: Setup, line: TemplateLine, day: date, note: str) -> list[Intent]:
    """Return what lets a template's shift be held on a day; nothing if it is anyway."""
    said = setup.said(line.id).get(day)
    if said is not None and not said.held:
        return [_taking_back(said)]
    if day in setup.days(line, day, day):
        return []
    return [_excepting(setup, line, day, held=True, note=note)]


def turning(setup: Setup, line: TemplateLine, day: date) -> list[Intent]:
    """Return what takes back what was said of a day, or takes the day off if nothing was."""
    said = setup.said(line.id).get(day)
    return taking_off(setup, line, [day], "") if said is None else [_taking_back(said)]


def _excepting(setup: Setup, line: TemplateLine, day: date, *, held: bool, note: str) -> Intent:
    gone = setup.taken_back.get((line.id, day, held))
    if gone is not None and gone.note == note:
        return Intent("shift_exception.unarchive", {"shift_exception": str(gone.id)})
    payload = {"id": str(edge.new_id()), "template": str(line.id), "day": day.isoformat()}
    return Intent("shift_exception.add", {**payload, "held": held, "note": note})


def _taking_back(said: ExceptionLine) -> Intent:
    return Intent("shift_exception.archive", {"shift_exception": str(said.id)})
