"""Who may serve when: what people say of their time against what a clock says, and who takes turns where."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.duty.crew import Crew, Days, Member, Said, paused, stands_against, stretches, wish
from models.duty.needs import read_need
from models.duty.rules import AvailabilityKind, Need

SHANGHAI = ZoneInfo("Asia/Shanghai")
MONDAY = date(2026, 11, 23)
DESK, PATROL = UUID(int=1), UUID(int=2)
CAN, CANNOT, PAUSE = AvailabilityKind.CAN, AvailabilityKind.CANNOT, AvailabilityKind.PAUSE
RATHER, RATHER_NOT = AvailabilityKind.RATHER, AvailabilityKind.RATHER_NOT


def span(starts: float, hours: float, day: date = MONDAY) -> tuple[datetime, datetime]:
    begins = datetime.combine(day, datetime.min.time(), SHANGHAI) + timedelta(hours=starts)
    return begins, begins + timedelta(hours=hours)


def against(member: Member, starts: float, hours: float, day: date = MONDAY) -> AvailabilityKind | None:
    return stands_against(member, stretches(*span(starts, hours, day), SHANGHAI))


def says(*said: Said) -> Member:
    return Member(UUID(int=9), says=said)


def need(text: str) -> Need:
    found = read_need(text)
    assert found is not None
    return found


def test_a_shift_past_midnight_lies_on_two_days() -> None:
    starts, ends = span(20, 12)
    [monday, tuesday] = stretches(starts.astimezone(UTC), ends, SHANGHAI)
    assert (monday.day, monday.starts, monday.ends) == (MONDAY, 1200, 1440)
    assert (tuesday.day, tuesday.starts, tuesday.ends) == (MONDAY + timedelta(days=1), 0, 480)
    assert [(one.starts, one.ends) for one in stretches(*span(20, 4), SHANGHAI)] == [(1200, 1440)]


def test_whoever_cannot_on_tuesdays_cannot_take_the_night_into_tuesday() -> None:
    member = says(Said(CANNOT, frozenset({2})))
    assert against(member, 8, 4) is None
    assert against(member, 20, 4) is None  # until midnight
    assert against(member, 20, 12) is CANNOT
    assert against(member, 8, 4, MONDAY + timedelta(days=1)) is CANNOT


def test_whoever_can_only_at_some_time_can_at_no_other() -> None:
    member = says(Said(CAN, frozenset({1, 2}), 480, 720), Said(CAN, frozenset({1}), 720, 1080))
    assert against(member, 8, 4) is None
    assert against(member, 8, 10) is None  # two spans that meet
    assert against(member, 7, 4) is CANNOT
    assert against(member, 8, 11) is CANNOT
    assert against(member, 12, 4, MONDAY + timedelta(days=1)) is CANNOT
    assert against(member, 8, 4, MONDAY + timedelta(days=2)) is CANNOT


def test_what_somebody_can_binds_only_in_its_days() -> None:
    december = Days(date(2026, 12, 1), date(2027, 1, 1))
    member = says(Said(CAN, frozenset({1}), days=december))
    assert against(member, 8, 4) is None
    assert against(member, 8, 4, date(2026, 12, 8)) is CANNOT
    assert against(member, 8, 4, date(2026, 12, 7)) is None
    assert against(member, 8, 4, date(2027, 1, 5)) is None


def test_a_pause_is_told_before_anything_else_and_ends_before_its_last_day() -> None:
    week = Days(MONDAY, MONDAY + timedelta(days=7))
    member = says(Said(CANNOT), Said(PAUSE, days=week))
    assert against(member, 8, 4) is PAUSE
    assert against(member, 8, 4, MONDAY + timedelta(days=7)) is CANNOT
    assert paused(member, stretches(*span(8, 4), SHANGHAI))
    assert not paused(member, stretches(*span(8, 4, MONDAY + timedelta(days=7)), SHANGHAI))
    assert paused(member, stretches(*span(20, 12, MONDAY - timedelta(days=1)), SHANGHAI))


@pytest.mark.parametrize(
    ("said", "wished"),
    [
        ((Said(RATHER, starts=480, ends=600),), 1),  # half of it
        ((Said(RATHER, starts=480, ends=599),), 0),
        ((Said(RATHER_NOT, starts=0, ends=720),), -1),
        ((Said(RATHER), Said(RATHER_NOT)), 0),
        ((Said(RATHER, frozenset({2})),), 0),
        ((), 0),
    ],
)
def test_a_wish_counts_where_it_holds_for_half_of_the_shift(said: tuple[Said, ...], wished: int) -> None:
    assert wish(says(*said), stretches(*span(8, 4), SHANGHAI)) == wished


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.builds(
            lambda kind, days, one, other: Said(kind, frozenset(days), min(one, other), max(one, other)),
            st.sampled_from([CAN, CANNOT]),
            st.lists(st.integers(1, 7), max_size=2),
            st.integers(0, 1440),
            st.integers(0, 1440),
        ),
        max_size=4,
    ),
    st.integers(0, 47),
    st.integers(1, 36),
)
def test_every_minute_of_a_shift_must_be_free(said: list[Said], starts: int, hours: int) -> None:
    """Asked minute by minute, it is the same."""
    begins, ends = span(starts / 2, hours)
    minutes = [begins + timedelta(minutes=n) for n in range(int((ends - begins).total_seconds()) // 60)]

    def covers(one: Said, at: datetime) -> bool:
        here = not one.weekdays or at.isoweekday() in one.weekdays
        return here and one.starts <= at.hour * 60 + at.minute < one.ends

    def free(at: datetime) -> bool:
        can = [one for one in said if one.kind is CAN]
        if any(one.kind is CANNOT and covers(one, at) for one in said):
            return False
        return not can or any(covers(one, at) for one in can)

    assert (against(says(*said), starts / 2, hours) is None) == all(map(free, minutes))


def test_a_pool_is_its_members_of_the_day_who_hold_a_role_to_serve() -> None:
    volunteer = {"volunteer": [Days()]}
    crew = Crew(
        {
            UUID(int=10): Member(UUID(int=10), teams={DESK: [Days()]}, roles=volunteer),
            UUID(int=11): Member(UUID(int=11), teams={DESK: [Days(None, MONDAY)]}, roles=volunteer),
            UUID(int=12): Member(UUID(int=12), teams={DESK: [Days()]}, roles={"supervisor": [Days()]}),
            UUID(int=13): Member(UUID(int=13), teams={PATROL: [Days()]}, roles=volunteer),
            UUID(int=14): Member(UUID(int=14), share=50, roles=volunteer),
            UUID(int=15): Member(UUID(int=15), roles=volunteer),
        },
        pools=frozenset({DESK, PATROL}),
    )

    def numbers(team: UUID | None, day: date) -> list[int]:
        return [person.int for person in crew.pool(team, day)]

    assert numbers(DESK, MONDAY) == [10]
    assert numbers(DESK, MONDAY - timedelta(days=1)) == [10, 11]
    assert numbers(None, MONDAY) == [10, 13, 14]  # whoever takes turns anywhere
    assert crew.pool_of(None, PATROL) == PATROL
    assert crew.pool_of(UUID(int=99), DESK) == DESK  # a team that was put away is no pool
    assert crew.pool_of(UUID(int=99), None) is None


def test_without_any_pool_or_share_whoever_may_serve_takes_turns() -> None:
    crew = Crew({UUID(int=15): Member(UUID(int=15), roles={"staff": [Days()]})}, pools=frozenset())
    assert crew.pool(None, MONDAY) == (UUID(int=15),)


def test_without_a_pool_a_share_leaves_nobody_else_out() -> None:
    volunteer = {"volunteer": [Days()]}
    members = {
        UUID(int=14): Member(UUID(int=14), share=50, roles=volunteer),
        UUID(int=15): Member(UUID(int=15), roles=volunteer),
    }
    assert Crew(members, pools=frozenset()).pool(None, MONDAY) == (UUID(int=14), UUID(int=15))


def test_what_a_need_asks_for_is_had_on_the_day() -> None:
    member = Member(
        UUID(int=10),
        skills=frozenset({"电工"}),
        teams={DESK: [Days(MONDAY)]},
        roles={"director": [Days(None, MONDAY)]},
    )
    teams = {"值班组": DESK, DESK.hex: DESK}
    before = MONDAY - timedelta(days=1)
    assert member.meets(need("skill:电工"), MONDAY, teams)
    assert not member.meets(need("skill:水工"), MONDAY, teams)
    assert member.meets(need("role:committee"), before, teams)  # whoever leads it is a member of it
    assert not member.meets(need("role:committee"), MONDAY, teams)
    assert not member.meets(need("role:treasurer"), before, teams)
    assert member.meets(need("team:值班组"), MONDAY, teams)
    assert member.meets(need(f"team:{DESK.hex}"), MONDAY, teams)
    assert not member.meets(need("team:值班组"), before, teams)
    assert not member.meets(need("team:别的组"), MONDAY, teams)
