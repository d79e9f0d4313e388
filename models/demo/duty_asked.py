"""Who was asked to come in the demo: swaps, a cover, and the watch to which two were called some hours ago."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import combinations
from typing import Final

from models.demo.asked import BARBER, CARPENTER
from models.demo.duty_posts import DESK, PATROL
from models.demo.duty_turns import Days, Turn
from models.demo.scribe import Change, Entry, Scribe
from models.demo.volunteers import DEPUTY, DIRECTOR, ELECTRICIAN, TREASURER, TYPIST
from models.duty.calendar import Calendar
from models.duty.rules import Ruling
from models.duty.weighing import points

_DAY: Final = timedelta(days=1)
WATCH: Final = "停电值守"
#: The power of a building has been off for three hours: the watch was set up then, and begins on the half hour after.
_SET_UP: Final = timedelta(hours=2, minutes=50)
_BEGUN: Final = timedelta(minutes=90)
_LASTS: Final = timedelta(hours=4)
#: How many days ago a swap was accepted, at most and at least.
_SWAPPED: Final = (24, 6)


@dataclass(frozen=True, slots=True)
class Watch:
    """The shift that two were called to: it has begun, whenever the demo is made."""

    starts_at: datetime
    ends_at: datetime
    points: int
    people: tuple[str, str] = (DIRECTOR, CARPENTER)


def watch(scribe: Scribe, calendar: Calendar) -> Watch:
    """Return the watch over the building without power."""
    begun = scribe.now - _BEGUN
    starts_at = begun.replace(minute=begun.minute // 30 * 30, second=0, microsecond=0)
    ends_at = starts_at + _LASTS
    return Watch(starts_at, ends_at, points(starts_at, ends_at, calendar, Ruling(), scribe.zone))


@dataclass(frozen=True, slots=True)
class Swapped:
    """A swap that was accepted: who sat at which turn instead of whom."""

    turn: Turn
    against: Turn

    def people(self, turn: Turn) -> tuple[str, ...]:
        """Return who is on a turn after it."""
        other = {self.turn.id: self.against, self.against.id: self.turn}.get(turn.id)
        return turn.people if other is None else other.people


def swapped(days: Days, turns: Sequence[Turn]) -> Swapped:
    """Return the first two turns at the desk, a week or two ago, whose people could change places."""
    first, last = (days.today - n * _DAY for n in _SWAPPED)
    desk = [
        turn
        for turn in turns
        if turn.held.post == DESK
        and first <= turn.planned.day <= last
        and not {TREASURER, TYPIST, BARBER}.intersection(turn.people)
    ]
    return next(
        Swapped(one, other)
        for one, other in combinations(desk, 2)
        if one.held.pool == other.held.pool
        and one.planned.day < other.planned.day
        and one.people != other.people
        and one.planned.day.month == other.planned.day.month
        and _rested(one.people[0], other, turns)
        and _rested(other.people[0], one, turns)
    )


def _rested(name: str, turn: Turn, turns: Sequence[Turn]) -> bool:
    """Tell whether somebody serves nowhere else on a day."""
    return not any(name in other.people for other in turns if other.planned.day == turn.planned.day)


def entries(
    scribe: Scribe, days: Days, called: Watch, turns: Sequence[Turn], accepted: Swapped
) -> Iterator[Entry]:
    """Yield what was asked: a swap that was accepted, one that waits, a cover that anybody may take, the watch."""
    one, other = accepted.turn, accepted.against
    asker, by = one.people[0], other.people[0]
    before = days.today - one.planned.day
    yield from _ask(
        scribe,
        scribe.at(before.days + 2, 18),
        (one, asker),
        "孙子那天开家长会，跟您换一下行不行？",
        (other, by),
    )
    answer = {"swap": scribe.ref("swap", str(one.id)), "words": "行，你去。"}
    yield Entry(scribe.at(before.days + 1, 9), by, lambda: [("swap.accept", answer)])
    morning, afternoon = (
        next(turn for turn in turns if turn.spot == (days.swap, name)) for name in ("二组早班", "二组午班")
    )
    yield from _ask(
        scribe,
        scribe.at(1, 21),
        (morning, ELECTRICIAN),
        "那天上午要去供电所交材料，想跟您换成下午。",
        (afternoon, DIRECTOR),
    )
    last = [turn for turn in turns if turn.held.post == PATROL and turn.planned.day < days.drafted][-1]
    name = next(name for name in last.people if name != DIRECTOR)
    yield from _ask(scribe, scribe.at(1, 21, 20), (last, name), "那晚家里来客，哪位替我走一趟？下回我补。")
    yield Entry(scribe.now - _SET_UP, DEPUTY, lambda: [*_call_in(scribe, called)])


def _ask(
    scribe: Scribe, at: datetime, place: tuple[Turn, str], words: str, against: tuple[Turn, str] | None = None
) -> Iterator[Entry]:
    turn, name = place
    asked = {
        "id": scribe.name("swap", str(turn.id)),
        "assignment": turn.place(scribe, name),
        "against": None if against is None else against[0].place(scribe, against[1]),
        "words": words,
    }
    yield Entry(at, name, lambda: [("swap.ask", asked)])


def _call_in(scribe: Scribe, called: Watch) -> Iterator[Change]:
    yield (
        "shift.add",
        {
            "id": scribe.name("shift", WATCH),
            "post": scribe.ref("post", DESK),
            "name": WATCH,
            "day": called.starts_at.date().isoformat(),
            "starts_at": called.starts_at.isoformat(),
            "ends_at": called.ends_at.isoformat(),
            "hands": len(called.people),
            "points": called.points,
            "note": "2栋停电，一人守电话，一人上楼看老人。",
            "published": True,
        },
    )
    for name in called.people:
        place = {"id": scribe.fresh(), "shift": scribe.ref("shift", WATCH)}
        yield "duty.assign", {**place, "person": scribe.ref("person", name)}
