"""A store with the duty of five years at four posts, made by performing operations.

Each month is planned, filled in turns and published; people ask to be covered,
come, hand over and write into the log book; the month is settled at the end of the next. A
tenth of what is in the register and every ticket come from many_tickets.py. Two things are not as
in life: a month's facts are performed without a pause, and hands go round instead of
being worked out by the solver.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import cycle
from pathlib import Path
from typing import Any
from uuid import UUID

from many_tickets import fill as fill_tickets
from sqlalchemy import text as sql

from models.duty.calendar import calendar_for
from models.duty.operations_roster import shift_key
from models.duty.patterns import Planned, plan
from models.duty.payload_fields import MOST_ROWS
from models.duty.queries_settling import settle_intents
from models.duty.queries_setup import posts
from models.duty.rules import Ruling
from models.ids import derived_id
from models.inspection.observed import zone_of
from models.operations.envelope import Intent
from tui import edge
from tui.desk import Desk

GROUP = 180
TICKETS = 3_000
POSTS = ("服务站", "夜巡", "环境整治", "门岗")
#: Name, start, minutes and hands: two shifts a day at each post.
SHIFTS = (("早班", 510, 180, 2), ("午班", 840, 180, 2))
AT_NIGHT = (("前半夜", 1140, 150, 2), ("后半夜", 1290, 120, 1))
NOTED = (
    "物业师傅来抄公共水表，读数写在墙上本子里。",
    "借出梯子一架，傍晚还。",
    "上门推销净水器的进了4栋，请出去了。",
    "老人来问高龄补贴，材料齐了，周三交。",
    "电梯加装的事又有三户来问，登记了电话。",
)
LEFT = ("钱当面点过，别的没有。", "打印机卡纸，已经取出来了。", "雨伞借出三把，名字写在伞架旁边。")


def fill(desk: Desk, years: int, *, seed: int = 11) -> None:
    """Make tickets, posts and pools, and perform the duty of some years up to now and the month to come."""
    fill_tickets(desk, TICKETS)
    chance = random.Random(seed)
    duty = _set_up(desk, chance)
    now = edge.clock().astimezone(UTC)
    today = desk.today()
    month = date(today.year - years, today.month, 1)
    while month <= _after(today):
        duty.month(month, now, today)
        if month < today.replace(day=1) and (earlier := _before(month)) >= date(
            today.year - years, today.month, 1
        ):
            duty.settle(earlier, now)
        month = _after(month)


def store_of(years: int, folder: Path) -> Path:
    """Return a store with the duty of some years, making it if it is not there."""
    path = folder / f"duty-{years}.db"
    if not path.exists():
        made = path.with_suffix(".part")
        desk = Desk(made)
        desk.open()
        fill(desk, years)
        desk.close()
        made.rename(path)
    return path


def _after(month: date) -> date:
    return (month.replace(day=1) + timedelta(days=32)).replace(day=1)


def _before(month: date) -> date:
    return (month.replace(day=1) - timedelta(days=1)).replace(day=1)


def _set_up(desk: Desk, chance: random.Random) -> Duty:
    """Give each of four pools a post with two shifts a day, and let some say when they cannot."""
    with desk.store.read() as session:
        rows = session.connection().execute(
            sql("SELECT team_id, person_id FROM team_member WHERE NOT archived ORDER BY team_id, id")
        )
        crews: dict[UUID, list[UUID]] = {}
        for row in rows:
            crews.setdefault(UUID(str(row.team_id)), []).append(UUID(str(row.person_id)))
    *pools, spare = crews
    pool_of = {}
    intents: list[Intent] = []
    for index, (name, team) in enumerate(zip(POSTS, pools, strict=True)):
        post = edge.new_id()
        pool_of[post] = crews[team] + crews[spare][index * 3 : index * 3 + 3]
        given = {"id": str(post), "name": name, "team_id": str(team), "counts_cash": index == 0}
        intents.append(Intent("post.add", given))
        for held, starts, minutes, hands in AT_NIGHT if index == 1 else SHIFTS:
            more = {"name": held, "starts": starts, "minutes": minutes, "hands": hands if index < 3 else 1}
            intents.append(
                Intent("shift_template.add", {"id": str(edge.new_id()), "post": str(post), **more})
            )
        for person in crews[spare][index * 3 : index * 3 + 3]:
            joined = {"id": str(edge.new_id()), "person": str(person), "team": str(team)}
            intents.append(Intent("team.join", joined))
    for person in (one for crew in crews.values() for one in crew[::3]):
        said = {"kind": "rather_not", "weekdays": [chance.randrange(1, 8)]}
        intents.append(Intent("availability.add", {"id": str(edge.new_id()), "person": str(person), **said}))
    for outcome in desk.perform_all(intents):
        assert outcome.refused is None, outcome.refused
    return Duty(desk, chance, {post: cycle(people) for post, people in pool_of.items()}, pool_of)


@dataclass
class Turn:
    """A shift, and who is on it by which place."""

    id: UUID
    planned: Planned
    places: list[tuple[UUID, UUID]]


@dataclass
class Duty:
    """Performs one month after another."""

    desk: Desk
    chance: random.Random
    turns: dict[UUID, Iterator[UUID]]
    pools: dict[UUID, list[UUID]]
    _waiting: list[Intent] = field(default_factory=list)

    def month(self, first: date, now: datetime, today: date) -> None:
        """Perform the roster of a month, what was asked about it, and what happened on it up to now."""
        last = _after(first) - timedelta(days=1)
        compound_id = self.desk.seat.compound_id
        with self.desk.store.read() as session:
            templates = [one.rules for post in posts(session, compound_id) for one in post.templates]
            zone = zone_of(session, compound_id)
        held = plan(templates, first, last, calendar_for(first, last), zone, ruling=Ruling())
        turns = [
            Turn(
                derived_id(compound_id, "shift", shift_key(one.template_id, one.day)),
                one,
                [(edge.new_id(), next(self.turns[one.post_id])) for _ in range(one.hands)],
            )
            for one in held
        ]
        at = min(datetime.combine(first, time(12), UTC) - timedelta(days=4), now)
        self._roster(turns, at, published=first <= today)
        for intent in self._facts(turns, now):
            self._waiting.append(intent)
            if len(self._waiting) == GROUP:
                self._perform()
        self._perform()

    def settle(self, month: date, now: datetime) -> None:
        """Carry a month over."""
        with self.desk.store.read() as session:
            self._waiting += settle_intents(session, self.desk.seat.compound_id, month, now=now)
        self._perform()

    def _perform(self) -> None:
        if self._waiting:
            outcome = self.desk.perform(*self._waiting)
            assert outcome.refused is None, outcome.refused
            self._waiting.clear()

    def _roster(self, turns: Sequence[Turn], at: datetime, *, published: bool) -> None:
        shifts = [
            {
                "template": str(turn.planned.template_id),
                "day": turn.planned.day.isoformat(),
                "starts_at": turn.planned.starts_at.isoformat(),
                "ends_at": turn.planned.ends_at.isoformat(),
                "hands": turn.planned.hands,
                "points": turn.planned.points,
            }
            for turn in turns
        ]
        put = [
            {"id": str(place), "shift": str(turn.id), "person": str(person)}
            for turn in turns
            for place, person in turn.places
        ]
        for kind, key, rows in (("duty.plan", "shifts", shifts), ("duty.fill", "put", put)):
            for start in range(0, len(rows), MOST_ROWS):
                self._waiting.append(Intent(kind, {key: rows[start : start + MOST_ROWS]}, happened_at=at))
        if published:
            for start in range(0, len(put), MOST_ROWS):
                made: dict[str, Any] = {"assignments": [one["id"] for one in put[start : start + MOST_ROWS]]}
                if not start:
                    made["shifts"] = [str(turn.id) for turn in turns]
                self._waiting.append(Intent("duty.publish", made, happened_at=at))
        self._perform()

    def _facts(self, turns: Sequence[Turn], now: datetime) -> Iterator[Intent]:
        """Yield what was asked and what happened, shift after shift; of what is to come, only what is asked."""
        waiting: dict[UUID, UUID] = {}
        for turn in turns:
            begins = turn.planned.starts_at.astimezone(UTC)
            if begins - timedelta(days=3) > now:
                return
            if self.chance.random() < 0.068:
                yield from self._asked(turn, begins)
            if begins > now:
                continue
            yield from self._served(turn, begins, now)
            post, doer = turn.planned.post_id, turn.places[0][1]
            if post in waiting and turn.planned.ends_at < now:
                found = {"handover": str(waiting.pop(post)), "words": ""}
                yield Intent("duty.confirm", found, doer_id=doer, happened_at=begins + timedelta(minutes=5))
            ends = turn.planned.ends_at.astimezone(UTC)
            if ends < now and self.chance.random() < 0.34:
                waiting[post] = edge.new_id()
                left = {
                    "id": str(waiting[post]),
                    "shift": str(turn.id),
                    "words": self.chance.choice(LEFT),
                    "cash": 20_000,
                }
                yield Intent("duty.hand_over", left, doer_id=doer, happened_at=ends)
            if ends < now and self.chance.random() < 0.34:
                note = {"id": str(edge.new_id()), "post": str(post), "words": self.chance.choice(NOTED)}
                yield Intent("duty.note", note, doer_id=doer, happened_at=ends - timedelta(minutes=30))

    def _asked(self, turn: Turn, begins: datetime) -> Iterator[Intent]:
        """Yield a request to be covered: half are accepted, a quarter declined, the rest stay as they are."""
        place, asker = turn.places[-1]
        on = {person for _, person in turn.places}
        taker = self.chance.choice([one for one in self.pools[turn.planned.post_id] if one not in on])
        swap = str(edge.new_id())
        asked: dict[str, Any] = {"id": swap, "assignment": str(place), "words": "那天家里有事"}
        luck = self.chance.random()
        if luck > 0.4:
            asked["to"] = str(taker)
        at = begins - timedelta(days=3)
        yield Intent("swap.ask", asked, doer_id=asker, happened_at=at)
        answered = at + timedelta(hours=3)
        if luck < 0.5:
            yield Intent("swap.accept", {"swap": swap}, doer_id=taker, happened_at=answered)
            turn.places[-1] = (place, taker)
        elif luck < 0.75:
            yield Intent("swap.decline", {"swap": swap}, doer_id=taker, happened_at=answered)

    def _served(self, turn: Turn, begins: datetime, now: datetime) -> Iterator[Intent]:
        for place, person in turn.places:
            luck = self.chance.random()
            if luck < 0.02:
                if turn.planned.ends_at < now and (place, person) != turn.places[-1]:
                    absent = {"assignment": str(place), "absence": "no_show"}
                    yield Intent("duty.mark_absent", absent, happened_at=begins + timedelta(hours=1))
                continue
            came = min(begins + timedelta(minutes=self.chance.randrange(-15, 12)), now)
            there: dict[str, Any] = {"id": str(edge.new_id()), "shift": str(turn.id)}
            if turn.planned.ends_at < now:
                there["left_at"] = (turn.planned.ends_at + timedelta(minutes=3)).isoformat()
            yield Intent("duty.check_in", there, doer_id=person, happened_at=came)
