"""The repeat-fault alarm: the same trouble, reported again and again in one place within some days. Pure.

Decided here, because the customer's words leave it open:

- A span of `repeat_days` days holds two reports when the days they were made on lie no further apart than that.
- A duplicate tells of the same trouble as the ticket that answers it. Reported on the same day, both are one
  time: two neighbours rang about one flood. On another day it counts: the trouble was still, or again, there.
- A well is the same for a report about it and for a blocked drain of any home that drains into it.
- What was rejected or cancelled was no fault, and a case only gathers others; neither counts.
- A case answers the reports it gathered, and those it left out that were made before it was opened: whoever opened
  it saw them. So a repeat alarms again only by a report made after the case was opened that is not one of its own.
- While that has not happened, an open case is told with its repeat, and one that has ended settles it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from models.tickets.rules import DROPPED, OPEN, Ruling, State


class Same(StrEnum):
    """What reports have in common, the most telling first."""

    HOUSEHOLD = "household"
    POINT = "point"
    FACILITY = "facility"


@dataclass(frozen=True, slots=True)
class Subject:
    """What a repeat is about: a household and a kind of job, a point, or a place in a building and a kind of job.

    `id` is the household's, the point's or the building's; `place` is folded, empty but for a facility.
    """

    same: Same
    id: UUID | None
    category: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """A ticket as the alarm sees it. `day` is the compound's; `answered_by` is the ticket that a duplicate is one of.

    `case_id` is the case that gathered it, or that gathered the one that answers it.
    """

    id: UUID
    code: str
    opened_at: datetime
    day: date
    state: State
    category: str
    subjects: tuple[Subject, ...]
    answered_by: UUID
    case_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """A ticket that gathers others."""

    id: UUID
    code: str
    opened_at: datetime
    state: State


@dataclass(frozen=True, slots=True)
class Repeat:
    """A fault that came again. `reports` are all that tell of it, oldest first; `times` of them count.

    `case` is the last that was opened over it, if any; `alarms` tells that it wants looking at.
    """

    subject: Subject
    reports: tuple[Report, ...]
    times: int
    case: Case | None
    alarms: bool

    @property
    def first(self) -> date:
        return self.reports[0].day

    @property
    def last(self) -> date:
        return self.reports[-1].day

    @property
    def categories(self) -> tuple[str, ...]:
        """The kinds of job it was reported as, in the order they came."""
        return tuple(dict.fromkeys(report.category for report in self.reports))


def counts(state: State, *, is_case: bool) -> bool:
    """Tell whether a ticket is a report of a fault."""
    return not is_case and (state is State.DUPLICATE or state not in DROPPED)


def earliest(ruling: Ruling, today: date) -> date:
    """Return the first day whose reports can be part of a repeat that is still told."""
    return today - timedelta(days=2 * ruling.repeat_days)


def find_repeats(
    reports: Iterable[Report], cases: Mapping[UUID, Case], ruling: Ruling, *, today: date
) -> tuple[Repeat, ...]:
    """Return the repeats whose newest report is at most `repeat_days` days old: those that alarm first, the newest first.

    A household's repeat is told whatever else its reports are part of: somebody lives there. A point's or a
    facility's is told once where all its reports are among those of another.
    """
    groups: dict[Subject, list[Report]] = {}
    for report in sorted(reports, key=lambda one: (one.opened_at, one.code)):
        for subject in report.subjects:
            groups.setdefault(subject, []).append(report)
    found = []
    for subject, group in groups.items():
        telling = _telling(group, ruling, today)
        repeat = None if not telling else _repeat(subject, telling, cases)
        if repeat is not None:
            found.append(repeat)
    order = list(Same)
    found.sort(
        key=lambda one: (
            one.subject.same is not Same.HOUSEHOLD,
            -len(one.reports),
            order.index(one.subject.same),
        )
    )
    kept: list[Repeat] = []
    held: list[frozenset[UUID]] = []
    for repeat in found:
        ids = frozenset(report.id for report in repeat.reports)
        if repeat.subject.same is Same.HOUSEHOLD or not any(ids <= others for others in held):
            kept.append(repeat)
            held.append(ids)
    return tuple(sorted(kept, key=lambda one: (not one.alarms, -one.last.toordinal(), one.reports[-1].code)))


def alarming(repeats: Iterable[Repeat]) -> tuple[Repeat, ...]:
    """Return the repeats that want looking at."""
    return tuple(repeat for repeat in repeats if repeat.alarms)


def _telling(group: Sequence[Report], ruling: Ruling, today: date) -> list[Report]:
    """Return the reports of every span that holds enough of them and is recent; none if there is no such span."""
    times = _times(group)
    most = timedelta(days=ruling.repeat_days)
    spans = []
    for number in range(ruling.repeats - 1, len(times)):
        first, last = times[number - ruling.repeats + 1].day, times[number].day
        if last - first <= most and today - last <= most:
            spans.append((first, last))
    return [report for report in group if any(first <= report.day <= last for first, last in spans)]


def _times(group: Sequence[Report]) -> list[Report]:
    """Return one report for each time the fault was told."""
    times: dict[tuple[UUID, date], Report] = {}
    for report in group:
        times.setdefault((report.answered_by, report.day), report)
    return list(times.values())


def _repeat(subject: Subject, reports: Sequence[Report], cases: Mapping[UUID, Case]) -> Repeat | None:
    """Return the repeat; None where a case that has ended settled it."""
    gathered = _cases_of(reports, cases)
    case = max(gathered, key=lambda one: (one.opened_at, one.code), default=None)
    fresh = case is None or any(
        report.opened_at > case.opened_at and report.case_id != case.id for report in reports
    )
    if not fresh and case is not None and case.state not in OPEN:
        return None
    return Repeat(subject, tuple(reports), len(_times(reports)), case, alarms=fresh)


def _cases_of(reports: Sequence[Report], cases: Mapping[UUID, Case]) -> Collection[Case]:
    named = {report.case_id for report in reports if report.case_id is not None}
    return [cases[case_id] for case_id in named if case_id in cases]
