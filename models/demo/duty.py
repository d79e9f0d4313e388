"""The duty of the demo compound: last month served, this month served up to now, the weeks to come drafted with one gap.

All of it is told between everything else of these two months, in the order of time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Final

from models.demo import duty_asked, duty_days, duty_posts
from models.demo.duty_asked import Watch
from models.demo.duty_posts import Word
from models.demo.duty_turns import Days, Rotation, Turn
from models.demo.rounds import setting_out
from models.demo.scribe import Change, Entry, Scribe
from models.demo.volunteers import (
    DEPUTY,
    DIRECTOR,
    ELECTRICIAN,
    PIPE_FITTER,
    SECOND_WALKER,
    TREASURER,
    VISITOR,
    VOLUNTEERS,
)
from models.duty.calendar import Calendar, calendar_for
from models.duty.crew import Member
from models.duty.needs import spell_need
from models.duty.operations_roster import shift_key
from models.duty.patterns import plan as shifts_of
from models.duty.queries_settling import settle_intents
from models.duty.rules import Ruling
from models.ids import derived_id
from models.operations.envelope import Intent

_DAY: Final = timedelta(days=1)
_SETTLED: Final = time(10)


def plan(scribe: Scribe) -> None:
    """Put two months of duty into the diary."""
    today = scribe.now.date()
    this_month = today.replace(day=1)
    days = Days((this_month - _DAY).replace(day=1), this_month, today)
    calendar = calendar_for(days.last_month, days.end)
    _told(scribe, days.last_month - 6 * _DAY, 19, DIRECTOR, duty_posts.set_up(scribe))
    _told(scribe, days.last_month - 5 * _DAY, 19, DEPUTY, duty_posts.people(scribe))
    words = duty_posts.lately_said(today, days.gap[0])
    for word in words:
        _told(scribe, today - word.on * _DAY, 18, word.name, [duty_posts.say(scribe, word)])
    watch = duty_asked.watch(scribe, calendar)
    turns = _turns(scribe, days, calendar, watch, words)
    _told(scribe, today - _DAY, 19, DEPUTY, [_called_off(scribe, days)])
    for first, until, told, by in (
        (days.last_month, days.this_month, days.last_month - 3 * _DAY, DIRECTOR),
        (days.this_month, days.drafted, days.this_month - 3 * _DAY, DIRECTOR),
        (days.drafted, days.end + _DAY, today - _DAY, DEPUTY),
    ):
        some = [turn for turn in turns if first <= turn.planned.day < until]
        _told(scribe, told, 20, by, _roster(scribe, some, published=first != days.drafted))
    swapped = duty_asked.swapped(days, turns)
    scribe.plan(duty_asked.entries(scribe, days, watch, turns, swapped))
    scribe.plan(duty_days.happened(scribe, days, turns, swapped, watch))
    # By then even those have gone home who forgot to sign out on the month's last evening.
    settled = datetime.combine(this_month, _SETTLED, scribe.now.tzinfo)
    scribe.plan([Entry(settled, TREASURER, partial(_settle, scribe, days.last_month, settled))])


def _called_off(scribe: Scribe, days: Days) -> Change:
    day, name = days.called_off
    return (
        "shift_exception.add",
        {
            "id": scribe.fresh(),
            "template": scribe.ref("shift_template", name),
            "day": day.isoformat(),
            "note": "街道借服务站开会，停一次。",
        },
    )


def _settle(scribe: Scribe, month: date, now: datetime) -> list[Intent]:
    return settle_intents(scribe.session, scribe.compound_id, month, now=now)


def _told(scribe: Scribe, day: date, hour: int, by: str, changes: Iterable[Change]) -> None:
    """Plan what is told in one go, on the hour."""
    made = list(changes)
    scribe.plan([Entry(datetime.combine(day, time(hour), scribe.now.tzinfo), by, lambda: made)])


def _turns(
    scribe: Scribe, days: Days, calendar: Calendar, watch: Watch, lately: Sequence[Word]
) -> list[Turn]:
    """Return all shifts from last month on, and who is on them."""
    zone = scribe.zone
    off = {(scribe.uuid("shift_template", days.called_off[1]), days.called_off[0])}
    planned = shifts_of(
        duty_posts.templates(scribe),
        days.last_month,
        days.end,
        calendar,
        zone,
        ruling=Ruling(),
        exceptions=frozenset(off),
    )
    turns = [
        Turn(derived_id(scribe.compound_id, "shift", shift_key(one.template_id, one.day)), one)
        for one in planned
    ]
    said = [*duty_posts.always_said(), *lately]
    members = {
        one.name: Member(
            scribe.uuid("person", one.name), says=tuple(word.said for word in said if word.name == one.name)
        )
        for one in VOLUNTEERS
    }
    out = setting_out(scribe)
    away = {SECOND_WALKER: (out, scribe.now), PIPE_FITTER: (out, out + timedelta(hours=1))}
    rotation = Rotation(members, away, zone)
    for name in watch.people:
        rotation.carry(name, watch.starts_at, watch.ends_at, watch.points)
    given = {
        (days.gap[0], "三组午班"): (VISITOR,),
        (days.swap, "二组早班"): (ELECTRICIAN,),
        (days.swap, "二组午班"): (DIRECTOR,),
    }
    return rotation.fill(turns, given, days.gap)


def _roster(scribe: Scribe, turns: Sequence[Turn], *, published: bool) -> Iterator[Change]:
    """Yield the making of a roster, and its publishing."""
    shifts = [
        {
            "template": str(turn.planned.template_id),
            "day": turn.planned.day.isoformat(),
            "starts_at": turn.planned.starts_at.isoformat(),
            "ends_at": turn.planned.ends_at.isoformat(),
            "hands": turn.planned.hands,
            "needs": [spell_need(need) for need in turn.planned.needs],
            "points": turn.planned.points,
        }
        for turn in turns
    ]
    places = [
        {"id": turn.place(scribe, name), "shift": str(turn.id), "person": scribe.ref("person", name)}
        for turn in turns
        for name in turn.people
    ]
    yield "duty.plan", {"shifts": shifts}
    yield "duty.fill", {"put": places}
    if published:
        made = {"shifts": [str(turn.id) for turn in turns], "assignments": [place["id"] for place in places]}
        yield "duty.publish", made
