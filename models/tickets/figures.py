"""What a station did over a span of days, counted from its tickets. Pure.

Two sets are counted, each in the week, under the category and under the building that it belongs to:

taken   questions that were brought in the span, by `opened_at`. Somebody asked each of them, so duplicates, rejected
        and cancelled ones are among them. A case is not: it gathers questions, and nobody brought it.
done    jobs that were finished in the span, by `done_at`, whenever they were brought. Cases are among them, since
        the work is done on the case; its duplicates are not, and neither is what was opened again since.

What is archived is in neither. States are those of now: of what was taken, as many are open, answered, rejected,
cancelled and duplicates as were taken. Every number is the sum of its weeks, of its categories and of its
buildings; medians are not, and are taken anew for each.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, tzinfo
from statistics import median
from typing import Final, NamedTuple

from models.community.rules import natural_sort_key
from models.tickets.periods import WEEK, monday_of, start_of
from models.tickets.rules import BEST_SCORE, OPEN, State, overdue

#: Finished, and not opened again since.
FINISHED: Final = frozenset({State.DONE, State.CLOSED})
_HOUR: Final = 3600.0


class Job(NamedTuple):
    """What is counted of a ticket. `building` is its code, empty of none; `hands` is how many people are on it."""

    opened_at: datetime
    accepted_at: datetime | None
    done_at: datetime | None
    due_at: datetime
    wait_until: date | None
    state: str
    category: str
    building: str
    is_case: bool
    reopened: int
    score: int | None
    minutes: int
    cost: int
    hands: int


@dataclass(frozen=True, slots=True)
class Figures:
    """What was counted. Hours are medians, None of nothing; cost in fen.

    Of the questions taken: `claimed` somebody has taken on, even if they gave them back or finished at once; `open`,
    `answered` (done, or closed since), `rejected`, `cancelled` and `duplicates` are what became of them and add up to
    `taken`; `late_open` are open past their deadline now (what waits for a day is not late before it is over);
    `reopened` is how often they were opened again. `accept_hours` from the question to the first claim.

    Of the jobs done: `closed` were rated or closed since; `late` were done past their deadline; `scores` holds how many
    were rated 1 to 5, with their latest rating; `minutes`, `cost` and `hands` are all that went into them, whenever
    that was, so whoever was on two jobs counts twice. `finish_hours` from the question to the latest finish.
    """

    taken: int = 0
    claimed: int = 0
    open: int = 0
    answered: int = 0
    rejected: int = 0
    cancelled: int = 0
    duplicates: int = 0
    late_open: int = 0
    reopened: int = 0
    done: int = 0
    closed: int = 0
    late: int = 0
    minutes: int = 0
    cost: int = 0
    hands: int = 0
    scores: tuple[int, ...] = (0,) * BEST_SCORE
    accept_hours: float | None = None
    finish_hours: float | None = None

    @property
    def overdue(self) -> int:
        """How many were late: done past their deadline, or taken and open past it. No ticket is both."""
        return self.late + self.late_open

    @property
    def rated(self) -> int:
        """How many of the jobs done have a rating."""
        return sum(self.scores)

    @property
    def rating(self) -> float | None:
        """The mean rating of the jobs done; None where nobody has rated any."""
        if not self.rated:
            return None
        return sum(score * n for score, n in enumerate(self.scores, start=1)) / self.rated


#: What adds up: the numbers of a whole are the sums of those of its parts.
SUMS: Final = (
    *("taken", "claimed", "open", "answered", "rejected", "cancelled", "duplicates", "late_open", "reopened"),
    *("done", "closed", "late", "minutes", "cost", "hands"),
)


@dataclass(frozen=True, slots=True)
class Week:
    """An ISO week, or as much of it as lies in the span: `first` to `last`, both included."""

    monday: date
    first: date
    last: date
    figures: Figures

    @property
    def code(self) -> str:
        """The week as ISO 8601 writes it: `2026-W47`."""
        year, number, _ = self.monday.isocalendar()
        return f"{year}-W{number:02}"

    @property
    def number(self) -> int:
        return self.monday.isocalendar().week

    @property
    def days(self) -> int:
        """How many of its days lie in the span."""
        return (self.last - self.first).days + 1


@dataclass(frozen=True, slots=True)
class Part:
    """The figures of a category by its code, or of a building by its code; of neither building the key is empty."""

    key: str
    figures: Figures


@dataclass(frozen=True, slots=True)
class Backlog:
    """What stands open at a moment, whenever it was brought; cases are among it. `unrated` is done and wants a call."""

    states: Mapping[State, int] = field(default_factory=dict)
    overdue: int = 0
    unrated: int = 0

    @property
    def open(self) -> int:
        return sum(self.states.values())


@dataclass(frozen=True, slots=True)
class Report:
    """The figures of the days from `since` up to but not including `until`.

    Weeks in their order, those without anything among them; categories by how much was taken, buildings by their codes.
    """

    since: date
    until: date
    total: Figures
    weeks: tuple[Week, ...]
    categories: tuple[Part, ...]
    buildings: tuple[Part, ...]
    backlog: Backlog

    @property
    def last(self) -> date:
        """The last day that is counted."""
        return self.until - timedelta(days=1)


def draw_up(
    jobs: Iterable[Job],
    *,
    since: date,
    until: date,
    zone: tzinfo,
    now: datetime,
    backlog: Backlog,
) -> Report:
    """Count tickets over the days from `since` up to but not including `until` in a zone.

    What lies outside of the span is left out.
    """
    mondays = _mondays(since, until)
    bounds = [start_of(max(monday, since), zone) for monday in mondays]
    end, today = start_of(until, zone), now.astimezone(zone).date()
    cells: dict[tuple[int, str, str], _Tally] = {}

    def cell(at: datetime, job: Job) -> _Tally | None:
        week = bisect_right(bounds, at) - 1
        if week < 0 or at >= end:
            return None
        key = (week, job.category, job.building)
        found = cells.get(key)
        if found is None:
            found = cells[key] = _Tally()
        return found

    for job in jobs:
        if not job.is_case and (tally := cell(job.opened_at, job)) is not None:
            tally.take(job, now=now, today=today)
        if (
            job.done_at is not None
            and job.state in FINISHED
            and (tally := cell(job.done_at, job)) is not None
        ):
            tally.finish(job, job.done_at)

    by_week: list[list[_Tally]] = [[] for _ in mondays]
    by_category: dict[str, list[_Tally]] = {}
    by_building: dict[str, list[_Tally]] = {}
    for (week, category, building), tally in cells.items():
        by_week[week].append(tally)
        by_category.setdefault(category, []).append(tally)
        by_building.setdefault(building, []).append(tally)
    weeks = [_merged(tallies) for tallies in by_week]
    last = until - timedelta(days=1)
    return Report(
        since=since,
        until=until,
        total=_merged(weeks).figures(),
        weeks=tuple(
            Week(monday, max(monday, since), min(monday + timedelta(days=6), last), week.figures())
            for monday, week in zip(mondays, weeks, strict=True)
        ),
        categories=tuple(
            sorted(_parts(by_category), key=lambda part: (-part.figures.taken, -part.figures.done, part.key))
        ),
        buildings=tuple(
            sorted(_parts(by_building), key=lambda part: (not part.key, natural_sort_key(part.key)))
        ),
        backlog=backlog,
    )


def _mondays(since: date, until: date) -> Sequence[date]:
    first = monday_of(since)
    weeks = max(0, -(-(until - first).days // 7))
    return [first + n * WEEK for n in range(weeks)]


def _parts(tallies: Mapping[str, Sequence[_Tally]]) -> Iterable[Part]:
    return (Part(key, _merged(of).figures()) for key, of in tallies.items())


#: Where each of SUMS stands among the numbers of a tally.
_AT: Final = {name: at for at, name in enumerate(SUMS)}
_TAKEN, _CLAIMED, _LATE_OPEN, _REOPENED = (
    _AT[name] for name in ("taken", "claimed", "late_open", "reopened")
)
_DONE, _CLOSED, _LATE, _MINUTES, _COST, _HANDS = (
    _AT[name] for name in ("done", "closed", "late", "minutes", "cost", "hands")
)
_FATE: Final = {
    **{state.value: _AT["open"] for state in OPEN},
    **{state.value: _AT["answered"] for state in FINISHED},
    State.REJECTED.value: _AT["rejected"],
    State.CANCELLED.value: _AT["cancelled"],
    State.DUPLICATE.value: _AT["duplicates"],
}


class _Tally:
    """What is counted in one week, of one category, in one building. Its `numbers` stand as in SUMS."""

    __slots__ = ("claimed_after", "finished_after", "numbers", "scores")

    def __init__(self) -> None:
        self.numbers = [0] * len(SUMS)
        self.scores = [0] * BEST_SCORE
        self.claimed_after: list[float] = []
        self.finished_after: list[float] = []

    def take(self, job: Job, *, now: datetime, today: date) -> None:
        """Count a question that was brought."""
        numbers, fate = self.numbers, _FATE[job.state]
        numbers[_TAKEN] += 1
        numbers[fate] += 1
        numbers[_REOPENED] += job.reopened
        if job.accepted_at is not None:
            self.claimed_after.append(_hours(job.opened_at, job.accepted_at))
        if job.accepted_at is not None or fate == _AT["answered"]:
            numbers[_CLAIMED] += 1
        if overdue(State(job.state), job.due_at, job.wait_until, now=now, today=today):
            numbers[_LATE_OPEN] += 1

    def finish(self, job: Job, at: datetime) -> None:
        """Count a job that was finished."""
        numbers = self.numbers
        numbers[_DONE] += 1
        numbers[_CLOSED] += job.state == State.CLOSED
        numbers[_LATE] += at > job.due_at
        numbers[_MINUTES] += job.minutes
        numbers[_COST] += job.cost
        numbers[_HANDS] += job.hands
        self.finished_after.append(_hours(job.opened_at, at))
        if job.score is not None and 1 <= job.score <= BEST_SCORE:
            self.scores[job.score - 1] += 1

    def figures(self) -> Figures:
        return Figures(
            **dict(zip(SUMS, self.numbers, strict=True)),
            scores=tuple(self.scores),
            accept_hours=_median(self.claimed_after),
            finish_hours=_median(self.finished_after),
        )


def _hours(since: datetime, until: datetime) -> float:
    """Return the hours between; what was typed in the wrong order took none."""
    return max(0.0, (until - since).total_seconds() / _HOUR)


def _merged(tallies: Sequence[_Tally]) -> _Tally:
    whole = _Tally()
    if tallies:
        whole.numbers = list(map(sum, zip(*(part.numbers for part in tallies), strict=True)))
        whole.scores = list(map(sum, zip(*(part.scores for part in tallies), strict=True)))
    for part in tallies:
        whole.claimed_after += part.claimed_after
        whole.finished_after += part.finished_after
    return whole


def _median(hours: Sequence[float]) -> float | None:
    return median(hours) if hours else None
