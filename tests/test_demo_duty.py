"""The demo's duty: last month served, the weeks to come drafted with one gap, and something going on whenever it is made."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from demos import WHENEVER, Demos
from simulation.devices import MORNING

from models.demo.volunteers import DIRECTOR, POOLS
from models.duty.drafting import ground
from models.duty.queries import OnShift, ShiftLine, shifts_between
from models.duty.rules import Absence, Presence, ShiftState, late_minutes
from models.store import Store

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOON = (MORNING + timedelta(hours=3)).astimezone(SHANGHAI)
DESK, PATROL, CLEANING = "服务台", "夜巡", "清洁日"


@dataclass(frozen=True)
class Made:
    """A demo made at an instant."""

    store: Store
    compound_id: UUID
    now: datetime

    @property
    def this_month(self) -> date:
        return self.now.date().replace(day=1)

    @property
    def last_month(self) -> date:
        return (self.this_month - timedelta(days=1)).replace(day=1)

    def shifts(self, first: date, last: date) -> tuple[ShiftLine, ...]:
        with self.store.read() as session:
            return shifts_between(session, self.compound_id, first, last, now=self.now, drafts=True)

    def all_shifts(self) -> tuple[ShiftLine, ...]:
        return self.shifts(self.last_month, self.now.date() + timedelta(days=40))

    def ask(self, sql: str) -> list[tuple[object, ...]]:
        with self.store.read() as session:
            return [tuple(row) for row in session.connection().exec_driver_sql(sql)]


def make(folder: Path, demos: Demos, now: datetime) -> Iterator[Made]:
    store, compound_id = demos.opened(folder / "demo.linli", now)
    yield Made(store, compound_id, now)
    store.close()


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, demos: Demos) -> Iterator[Made]:
    yield from make(tmp_path_factory.mktemp("duty"), demos, NOON)


@pytest.fixture(scope="module", params=WHENEVER[3:], ids=str)
def whenever(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, demos: Demos
) -> Iterator[Made]:
    yield from make(tmp_path_factory.mktemp("duty"), demos, request.param)


def people(lines: tuple[ShiftLine, ...]) -> list[tuple[ShiftLine, OnShift]]:
    return [(line, one) for line in lines for one in line.people]


def test_last_month_was_published_and_served(made: Made) -> None:
    lines = made.shifts(made.last_month, made.this_month - timedelta(days=1))
    assert {line.state for line in lines} == {ShiftState.PUBLISHED}
    assert not [line for line in lines if line.missing or line.unmet]
    count = {post: sum(line.post == post for line in lines) for post in (DESK, PATROL, CLEANING)}
    assert count == {DESK: 48, PATROL: 12, CLEANING: 2}
    stands = [one.presence for _, one in people(lines)]
    assert stands.count(Presence.NO_SHOW) == stands.count(Presence.EXCUSED) == 1
    assert stands.count(Presence.SERVED) == len(stands) - 2


def test_the_desk_is_open_twice_on_every_day_but_sunday_and_its_pools_take_turns(made: Made) -> None:
    desk = [
        line
        for line in made.shifts(made.last_month, made.this_month)
        if line.template_id and line.post == DESK
    ]
    assert {line.day.isoweekday() for line in desk} == {1, 2, 3, 4, 5, 6}
    assert {line.team for line in desk} == set(POOLS)
    assert all(sum(other.day == line.day for other in desk) == 2 for line in desk)


def test_on_fridays_somebody_of_the_committee_walks_in_the_evening(made: Made) -> None:
    needing = [line for line in made.all_shifts() if line.needs]
    assert {(line.post, line.day.isoweekday()) for line in needing} == {(PATROL, 5)}
    assert not [line for line in needing if line.unmet]


def test_most_came_in_time_and_what_did_not_go_so_is_told(made: Made) -> None:
    lines = made.shifts(made.last_month, made.this_month - timedelta(days=1))
    late = [late_minutes(line.starts_at, one.came_at) for line, one in people(lines) if one.came_at]
    assert sum(minutes <= 0 for minutes in late) > len(late) * 3 / 4
    assert any(minutes > 15 for minutes in late)
    absent = [
        (one.absence, bool(one.absence_words)) for _, one in people(lines) if one.absence is not Absence.NONE
    ]
    assert sorted(absent) == [(Absence.EXCUSED, True), (Absence.NO_SHOW, True)]
    assert sum(one.made_up for _, one in people(lines)) == 1
    assert made.ask(
        "SELECT count(*) FROM checkin WHERE made_up AND reason <> '' AND witness_id IS NOT NULL"
    ) == [(1,)]
    assert [helper.name for line in lines for helper in line.helpers] == ["小向"]


def test_every_hand_over_is_confirmed_but_the_one_that_waits_for_the_director(made: Made) -> None:
    rows = made.ask(
        "SELECT h.confirmed_at IS NULL, h.cash IS h.confirmed_cash, h.words <> '', h.keys <> '', p.name FROM handover h"
        " JOIN person p ON p.id = h.to_id WHERE h.cash IS NOT NULL ORDER BY h.at"
    )
    assert len(rows) == 25
    assert [row[4] for row in rows if row[0]] == [DIRECTOR]
    assert sum(not row[1] for row in rows if not row[0]) == 1
    assert all(row[2] and row[3] for row in rows)
    assert made.ask("SELECT code FROM flag WHERE code LIKE 'duty.%'") == [("duty.cash_differs",)]


def test_the_log_book_has_lines_of_many_days(made: Made) -> None:
    lines = made.ask("SELECT words, date(at) FROM log_entry WHERE kind = 'note'")
    assert len(lines) == len({words for words, _ in lines}) == len({day for _, day in lines}) >= 12


def test_one_swap_was_accepted_one_waits_and_one_cover_is_open(made: Made) -> None:
    swaps = made.ask(
        "SELECT s.state, t.name, s.against_id IS NOT NULL, s.words <> '' FROM swap s LEFT JOIN person t ON t.id = s.to_id"
        " ORDER BY s.state, t.name"
    )
    assert [(state, to, against) for state, to, against, _ in swaps if state == "open"] == [
        ("open", None, 0),
        ("open", DIRECTOR, 1),
    ]
    assert [(state, against, words) for state, _, against, words in swaps if state != "open"] == [
        ("accepted", 1, 1)
    ]


def test_people_have_said_what_they_can_and_with_whom(made: Made) -> None:
    kinds = {str(kind) for (kind,) in made.ask("SELECT kind FROM availability")}
    assert kinds == {"can", "cannot", "rather", "rather_not", "pause"}
    assert made.ask("SELECT weekdays FROM availability WHERE kind = 'can'") == [("[2]",)]
    assert sorted(made.ask("SELECT together FROM duty_pair")) == [(0,), (1,)]
    assert made.ask("SELECT share FROM duty_share") == [(50,)]


def test_whenever_it_is_made_a_draft_follows_with_one_gap_that_nobody_can_fill(whenever: Made) -> None:
    lines, today = whenever.all_shifts(), whenever.now.date()
    drafts = [line for line in lines if line.state is ShiftState.DRAFT]
    assert [line.day for line in lines if line.state is ShiftState.PUBLISHED][-1] < drafts[0].day
    assert drafts[0].day <= today + timedelta(days=7)
    assert drafts[-1].day >= today + timedelta(days=30)
    gaps = [line for line in lines if line.gap]
    assert len(gaps) == 1
    assert gaps[0].state is ShiftState.DRAFT
    assert gaps[0].missing == 1
    assert today < gaps[0].day < today + timedelta(days=14)


def test_whenever_it_is_made_one_is_on_duty_and_one_is_missed(whenever: Made) -> None:
    lines = whenever.all_shifts()
    watch = next(line for line in lines if line.template_id is None)
    assert [(one.name == DIRECTOR, one.presence) for one in watch.people] == [
        (True, Presence.ON_DUTY),
        (False, Presence.MISSING),
    ]
    assert [one.name for _, one in people(lines) if one.presence is Presence.MISSING] == [
        watch.people[1].name
    ]
    gone = [line for line in lines if line.ends_at < whenever.now - timedelta(minutes=15)]
    assert {one.presence for _, one in people(tuple(gone))} <= {
        Presence.SERVED,
        Presence.NO_SHOW,
        Presence.EXCUSED,
    }
    assert whenever.ask("SELECT code FROM flag WHERE code LIKE 'duty.%'") == [("duty.cash_differs",)]
    assert whenever.ask("SELECT count(*) FROM conflict") == [(0,)]


def test_a_roster_made_anew_has_the_same_shifts_and_the_same_gap(made: Made) -> None:
    drafts = [line for line in made.all_shifts() if line.state is ShiftState.DRAFT]
    first, last = drafts[0].day, drafts[-1].day
    with made.store.read() as session:
        here = ground(session, made.compound_id, first, last, now=made.now.astimezone(UTC))
    assert {one.id for one in here.problem.slots} == {line.id for line in drafts}
    [gap] = [line for line in drafts if line.gap]
    taken = next(line for line in drafts if line.day == gap.day and line.name == "三组午班").people[0]
    free = [one.id for one in here.problem.workers if gap.id not in one.bars]
    assert free == [taken.person_id]  # who has the afternoon, and is to rest between


def test_nobody_is_in_two_places_or_without_a_rest(whenever: Made) -> None:
    spans: dict[UUID, list[tuple[datetime, datetime]]] = {}
    for line, one in people(whenever.all_shifts()):
        spans.setdefault(one.person_id, []).append((line.starts_at, line.ends_at))
    for turns in spans.values():
        ordered = sorted(turns)
        assert all(after[0] - before[1] >= timedelta(hours=8) for before, after in pairwise(ordered))


def test_nothing_that_was_done_lies_ahead(whenever: Made) -> None:
    now = f"{whenever.now.astimezone(ZoneInfo('UTC')):%Y-%m-%d %H:%M:%S}"
    for table, column in (
        ("checkin", "came_at"),
        ("checkin", "left_at"),
        ("handover", "at"),
        ("log_entry", "at"),
    ):
        assert whenever.ask(f"SELECT count(*) FROM {table} WHERE {column} > '{now}'") == [(0,)], table  # noqa: S608  # names written here


def test_last_month_is_settled_for_everybody_who_takes_turns(made: Made) -> None:
    rows = made.ask("SELECT month, fair, done, missed, owed FROM duty_balance")
    assert {str(row[0]) for row in rows} == {made.last_month.isoformat()}
    assert len(rows) == 12
    assert sum(int(str(row[3])) > 0 for row in rows) == 1  # the no-show owes more than the shift
    assert any(int(str(row[4])) > 0 for row in rows)
    assert any(int(str(row[4])) < 0 for row in rows)
