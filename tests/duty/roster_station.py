"""A station whose volunteers take turns at a desk, for the tests of drafting, of balances and of lists."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from simulation.devices import Laptop

from models.duty.drafting import Ground, Sick, fill_intents, ground, plan_intents, publish_intents
from models.duty.solver.problem import Pair, Roster
from models.operations.envelope import Intent
from models.operations.perform import Outcome

ZONE = ZoneInfo("Asia/Shanghai")
#: The laptop's clock shows 2 March 2026; the month to be made is the one after.
FIRST, LAST = date(2026, 4, 1), date(2026, 4, 30)
PEOPLE = ("张三", "李四", "赵六", "周敏")
POOL = "值班组"


def settle_pool(laptop: Laptop, people: Sequence[str] = PEOPLE) -> None:
    """Let people take turns at the desk: every working morning there is a shift for one."""
    laptop.do("team.add", name=POOL)
    for name in people:
        laptop.do("person.add", id=str(laptop.ids()), name=name)
        laptop.do("role.grant", person=name, role="volunteer", since="2020-01-01")
        laptop.do("team.join", team=POOL, person=name, since="2020-01-01")
    laptop.do("post.add", name="服务台", team_id=POOL)
    laptop.do(
        "shift_template.add", post="服务台", name="早班", starts="8:00", minutes=240, weekdays=[1, 2, 3, 4, 5]
    )


def person(laptop: Laptop, name: str) -> UUID:
    [(row_id,)] = laptop.ask("SELECT id FROM person WHERE name = ?", name)
    return UUID(row_id)


def stand_on(
    laptop: Laptop,
    first: date = FIRST,
    last: date = LAST,
    *,
    keep: bool = False,
    sick: Sequence[Sick] = (),
    now: datetime | None = None,
) -> Ground:
    """Read what a draft stands on."""
    with laptop.store.read() as session:
        return ground(
            session, laptop.compound_id, first, last, now=now or laptop.clock.now, keep=keep, sick=sick
        )


def roster_of(pairs: Iterable[Pair]) -> Roster:
    """Return a roster as if it had been made."""
    return Roster(frozenset(pairs), (), (), (), 0, 0, 0)


def in_turn(here: Ground) -> Roster:
    """Return a roster in which people take turns in the order of their ids, whatever they would rather."""
    people = [worker.id for worker in here.problem.workers]
    return roster_of((slot.id, people[n % len(people)]) for n, slot in enumerate(here.problem.slots))


def draft(laptop: Laptop, here: Ground, roster: Roster) -> list[Outcome]:
    """Make a roster the draft."""
    parts = (plan_intents(here), fill_intents(here, roster, laptop.ids))
    return [done(laptop, part) for part in parts if part]


def publish(laptop: Laptop, first: date = FIRST, last: date = LAST) -> list[Intent]:
    with laptop.store.read() as session:
        intents = publish_intents(session, laptop.compound_id, first, last)
    if intents:
        done(laptop, intents)
    return intents


def done(laptop: Laptop, intents: Sequence[Intent]) -> Outcome:
    outcome = laptop.together(*intents)
    assert outcome.refused is None, outcome.refused
    return outcome


def served(
    laptop: Laptop, day: date, *people: str, hours: int = 4, published: bool = True, **more: Any
) -> UUID:
    """Set a shift of a day with people on it, all of whom count by what comes after."""
    row_id = laptop.ids()
    starts = datetime(day.year, day.month, day.day, 8, tzinfo=ZONE)
    laptop.do(
        "shift.add",
        id=str(row_id),
        post="服务台",
        name=more.pop("name", "临时"),
        day=day.isoformat(),
        starts_at=starts.isoformat(),
        ends_at=(starts + timedelta(hours=hours)).isoformat(),
        hands=max(1, len(people)),
        points=more.pop("points", hours * 100),
        published=published,
        **more,
    )
    for one in people:
        laptop.do("duty.assign", shift=str(row_id), person=one)
    return row_id


def came(laptop: Laptop, shift_id: UUID, name: str, when: datetime) -> None:
    """Let somebody check in on a shift."""
    payload = {"id": str(laptop.ids()), "shift": str(shift_id), "person": str(person(laptop, name))}
    done(laptop, [Intent("duty.check_in", payload, happened_at=when)])


def people_on(laptop: Laptop, *, state: str | None = None) -> dict[str, list[str]]:
    """Return who is on which day's shift, those who are about to leave in brackets."""
    rows = laptop.ask(
        "SELECT shift.day, person.name, assignment.leaving, assignment.state FROM assignment"
        " JOIN shift ON shift.id = assignment.shift_id JOIN person ON person.id = assignment.person_id"
        " WHERE NOT assignment.archived AND NOT shift.archived ORDER BY shift.starts_at, person.name"
    )
    found: dict[str, list[str]] = {}
    for day, name, leaving, one in rows:
        if state in (None, one):
            found.setdefault(day, []).append(f"({name})" if leaving else name)
    return found
