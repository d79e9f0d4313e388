"""Rosters to be made that look like a compound's: days off, wishes, committee members, limits and old debts."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from uuid import UUID

from models.duty.solver.problem import Bar, Problem, Slot, Tie, Wanted, Worker

FIRST_DAY = datetime(2027, 3, 1, tzinfo=UTC)
#: A day's shifts at a post: when it begins, how long it is, and its points on a working day.
MORNING, EVENING, NIGHT = (8, 4, 400), (18, 4, 400), (22, 8, 1200)
DESK, PATROL, CLEANING = (9, 3, 300), (20, 2, 225), (14, 2, 200)


def roster(
    people: int,
    days: int,
    *,
    shifts: tuple[tuple[int, int, int], ...] = (MORNING, EVENING),
    hands: int = 1,
    per_week: int | None = 3,
    seed: int = 1,
    uneven: bool = False,
) -> Problem:
    """Return a roster to be made. Weekends weigh a quarter more; `uneven` shifts last some minutes less or more."""
    rng = random.Random(seed)
    ids = [UUID(int=rng.getrandbits(128)) for _ in range(people)]
    committee = frozenset(ids[: max(2, people // 4)])
    slots = []
    for day in range(days):
        for kind, (hour, hours, points) in enumerate(shifts):
            starts = FIRST_DAY + timedelta(days=day, hours=hour)
            iso = starts.isocalendar()
            odd = rng.randrange(-20, 21) if uneven else 0
            slots.append(
                Slot(
                    UUID(int=rng.getrandbits(128)),
                    starts,
                    starts + timedelta(hours=hours),
                    hands=hands,
                    points=(points * 5 // 4 if starts.weekday() >= 5 else points) + odd,
                    week=(iso.year, iso.week),
                    month=(starts.year, starts.month),
                    needs=(Wanted(1, committee, "role:committee"),)
                    if kind == 0 and (hands > 1 or day % 7 == 0)
                    else (),
                )
            )
    owed = [rng.randrange(-4, 5) * 100 + (rng.randrange(100) if uneven else 0) for _ in ids]
    owed[-1] -= sum(owed)
    workers = []
    for person, debt in zip(ids, owed, strict=True):
        off = set(rng.sample(range(7), rng.choice((0, 0, 1, 2))))
        away = rng.randrange(days)
        likes, dislikes = rng.randrange(len(shifts)), rng.randrange(len(shifts))
        bars = {}
        wishes = {}
        for at, slot in enumerate(slots):
            day = at // len(shifts)
            if slot.starts_at.weekday() in off or away <= day < away + 4:
                bars[slot.id] = Bar.CANNOT
            elif at % len(shifts) == likes and rng.random() < 0.3:
                wishes[slot.id] = 1
            elif at % len(shifts) == dislikes and rng.random() < 0.3:
                wishes[slot.id] = -1
        workers.append(
            Worker(
                person,
                owed=debt,
                share=rng.choice((100, 100, 100, 50)),
                most_per_week=per_week,
                bars=bars,
                wishes=wishes,
            )
        )
    ties = (
        Tie(ids[0], ids[1], together=False),
        Tie(ids[2], ids[3], together=True),
        Tie(ids[4], ids[5], together=True),
    )
    return Problem(tuple(slots), tuple(workers), ties, rest_minutes=480)
