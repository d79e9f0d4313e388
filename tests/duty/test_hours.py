"""What counts as hours: of shifts, walks and jobs, no minute of a person twice, and every sum adds up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random
from uuid import UUID

import pytest
from at_post import TODAY, at, came, person, settle_post, shift, went
from simulation.devices import Laptop
from simulation.plans import plans

from models.duty.hours import Deed, Hours, Missed, Tally, Work, count, draw_up, on_duty, on_walk
from models.duty.queries_hours import hours
from models.operations.envelope import Intent

SHIFT = (at(9), at(12))
WANG, LIU = UUID(int=1), UUID(int=2)
LATER = at(23)


def minutes(span: tuple[datetime, datetime]) -> int:
    return int((span[1] - span[0]) / timedelta(minutes=1))


def deed(work: Work, starts: datetime, ends: datetime, **more: object) -> Deed:
    plain = Deed(work, WANG, "", starts.date(), starts, ends, UUID(int=int(starts.timestamp()) % 10**6))
    return replace(plain, **more)  # type: ignore[arg-type]


# -- what counts ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("came_at", "left_at", "now", "counted"),
    [
        (at(9), at(12), LATER, 180),
        (at(8, 30), at(12), LATER, 180),  # early: from the start
        (at(9, 20), at(12), LATER, 160),
        (at(9), at(11), LATER, 120),
        (at(9), at(15), LATER, 180),  # stayed on: to the end
        (at(9), None, LATER, 180),  # forgot to check out: to the end
        (at(9), None, at(10, 30), 90),  # still there: until now
        (at(8), at(8, 30), LATER, 0),
        (at(13), at(14), LATER, 0),
    ],
)
def test_a_shift_counts_from_check_in_to_check_out_within_it(
    came_at: datetime, left_at: datetime | None, now: datetime, counted: int
) -> None:
    assert minutes(on_duty(came_at, left_at, SHIFT, now=now)) == counted


@pytest.mark.parametrize(
    ("left_at", "counted"), [(at(11), 120), (None, 0), (at(9) + timedelta(days=2), 720), (at(8), 0)]
)
def test_without_a_shift_it_counts_from_coming_to_going(left_at: datetime | None, counted: int) -> None:
    assert minutes(on_duty(at(9), left_at, None, now=LATER)) == counted


@pytest.mark.parametrize(
    ("finished", "seen", "counted"),
    [
        (at(11), at(10), 120),
        (None, at(10), 60),
        (at(9) + timedelta(days=1), at(10), 60),  # ended when somebody saw it lying there
        (at(9) + timedelta(days=1), None, 0),
        (None, None, 0),
        (at(8), None, 0),
    ],
)
def test_a_walk_counts_to_its_end_or_to_the_last_thing_seen(
    finished: datetime | None, seen: datetime | None, counted: int
) -> None:
    assert minutes(on_walk(at(9), finished, seen)) == counted


def test_no_minute_of_a_person_counts_twice_and_duty_has_it_first() -> None:
    duty = deed(Work.DUTY, at(9), at(12))
    walk = deed(Work.WALK, at(11), at(13))
    job = deed(Work.TICKET, at(12, 30), at(13, 30))
    other = deed(Work.WALK, at(11), at(13), person_id=LIU)
    assert {(entry.deed.work, entry.deed.person_id): entry.minutes for entry in count([job, walk, duty, other])} == {
        (Work.DUTY, WANG): 180,
        (Work.WALK, WANG): 60,
        (Work.TICKET, WANG): 30,
        (Work.WALK, LIU): 120,
    }  # fmt: skip


def test_two_shifts_at_once_are_one_time_and_two_jobs_at_once_are_two() -> None:
    doubled = [deed(Work.DUTY, at(9), at(12)), deed(Work.DUTY, at(10), at(13), row_id=UUID(int=5))]
    assert [entry.minutes for entry in count(doubled)] == [180, 60]
    jobs = [deed(Work.TICKET, at(9), at(10), row_id=UUID(int=n)) for n in (1, 2)]
    assert [entry.minutes for entry in count(jobs)] == [60, 60]


def test_seconds_begun_do_not_count() -> None:
    entry = count([deed(Work.DUTY, at(9) + timedelta(seconds=59), at(10) + timedelta(seconds=59))])[0]
    assert entry.minutes == 60


def test_sums_by_person_team_and_month_are_all_the_same() -> None:
    chance = Random(7)
    teams = (UUID(int=71), UUID(int=72), None)
    deeds = []
    for n in range(300):
        starts = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=chance.randrange(120 * 24 * 60))
        deeds.append(
            Deed(
                work=chance.choice(list(Work)),
                person_id=chance.choice((WANG, LIU, None)),
                guest=chance.choice(("来帮忙的", "张 三", "张三")),
                day=starts.date(),
                starts_at=starts,
                ends_at=starts + timedelta(minutes=chance.randrange(600)),
                row_id=UUID(int=n),
                shift_id=chance.choice((None, UUID(int=chance.randrange(40)))),
                team_id=chance.choice(teams),
            )
        )
    missed = [Missed(WANG, date(2026, 2, n), excused=n % 2 == 0, team_id=teams[0]) for n in range(1, 20)]
    first, last = date(2026, 1, 10), date(2026, 4, 3)

    def drawn(since: date, until: date) -> Hours:
        return draw_up(count(deeds), missed, first=since, last=until, names={}, teams={})

    whole = drawn(first, last)
    assert whole.total.minutes > 10_000
    assert whole.total.no_shows == 10
    for parts in ([*whole.people, *whole.guests], whole.teams, whole.months):
        tallies: Sequence[Tally] = [part.tally for part in parts]  # type: ignore[attr-defined]
        assert sum(tallies, Tally()).minutes == whole.total.minutes
    for parts in (whole.teams, whole.months):
        assert sum((part.tally for part in parts), Tally()).walks == whole.total.walks  # type: ignore[attr-defined]
    assert sum(entry.minutes for entry in whole.entries) == whole.total.minutes
    assert [month.month.month for month in whole.months] == [1, 2, 3, 4]
    # Asked in two parts it is as much.
    cut = date(2026, 2, 14)
    parts = drawn(first, cut).total + drawn(cut + timedelta(days=1), last).total
    assert parts.minutes == whole.total.minutes
    assert {one.name for one in whole.guests} <= {"来帮忙的", "张 三", "张三"}
    assert len(whole.guests) == 2


# -- as they are kept ----------------------------------------------------------------------


@pytest.fixture
def post(laptop: Laptop) -> Laptop:
    settle_post(laptop)
    return laptop


def given(laptop: Laptop, first: date = TODAY, last: date = TODAY, **more: object) -> Hours:
    with laptop.store.read() as session:
        return hours(session, laptop.compound_id, first, last, now=LATER, **more)  # type: ignore[arg-type]


def here(
    laptop: Laptop, when: datetime, shift_id: UUID | None = None, who: str = "张三", guest: str = ""
) -> UUID:
    """Let somebody come: to a shift, or to the desk without one."""
    of = {"guest": guest} if guest else {"person": person(laptop, who)}
    [(desk,)] = laptop.ask("SELECT id FROM post")
    return came(laptop, when, **of, **({"post": UUID(desk)} if shift_id is None else {"shift": shift_id}))


def tallies(counted: Hours) -> dict[str, Tally]:
    return {one.name: one.tally for one in (*counted.people, *counted.guests)}


def test_who_served_who_helped_and_who_did_not_come(post: Laptop) -> None:
    morning = shift(post, at(9), "张三", "李四", "赵六")
    went(post, here(post, at(8, 50), morning), at(12, 10))
    went(post, here(post, at(10), morning, guest="来帮忙的"), at(11))
    went(post, here(post, at(14)), at(15))
    places = post.ask("SELECT id, person_id FROM assignment")
    for name, absence in (("李四", "no_show"), ("赵六", "excused")):
        place = next(row for row, of in places if UUID(of) == person(post, name))
        post.do("duty.mark_absent", assignment=str(UUID(place)), absence=absence)
    counted = given(post)
    assert tallies(counted) == {
        "张三": Tally(duty=240, shifts=2, helped=1),
        "来帮忙的": Tally(duty=60, shifts=1, helped=1),
        "李四": Tally(no_shows=1),
        "赵六": Tally(excused=1),
    }
    assert counted.total == Tally(duty=300, shifts=3, helped=2, no_shows=1, excused=1)
    assert tallies(given(post, person_id=person(post, "张三"))) == {
        "张三": Tally(duty=240, shifts=2, helped=1)
    }
    assert given(post, TODAY + timedelta(days=1), TODAY + timedelta(days=9)).total == Tally()


def test_who_goes_home_and_comes_again_has_served_one_shift(post: Laptop) -> None:
    morning = shift(post, at(9), "张三")
    went(post, here(post, at(9), morning), at(10))
    went(post, here(post, at(11), morning), at(12))
    assert tallies(given(post)) == {"张三": Tally(duty=120, shifts=1)}


def test_who_came_all_the_same_did_not_miss_it(post: Laptop) -> None:
    morning = shift(post, at(9), "张三")
    [(place,)] = post.ask("SELECT id FROM assignment")
    post.do("duty.mark_absent", assignment=str(UUID(place)), absence="no_show")
    here(post, at(9, 40), morning)
    assert tallies(given(post)) == {"张三": Tally(duty=140, shifts=1)}


def test_walks_and_jobs_count_for_whoever_did_them_and_not_twice(post: Laptop) -> None:
    morning = shift(post, at(9), "张三")
    here(post, at(9), morning)
    route, walk, job = (str(post.ids()) for _ in range(3))
    post.do("route.add", id=route, name="北线")
    zhang, li = (str(person(post, name)) for name in ("张三", "李四"))

    def does(who: str, when: datetime, kind: str, **payload: object) -> None:
        outcome = post.together(Intent(kind, payload, happened_at=when, doer_id=UUID(who)))
        assert outcome.refused is None, outcome.refused

    does(zhang, at(11), "walk.start", id=walk, name="春查", route=route)
    does(zhang, at(13), "walk.finish", walk=walk)
    does(li, at(14), "ticket.report", id=job, code="KT1", what="堵了", category="drain")
    does(li, at(15), "ticket.log", id=str(post.ids()), ticket=job, minutes=45)
    does(zhang, at(11, 30), "ticket.log", id=str(post.ids()), ticket=job, minutes=60)
    counted = given(post)
    assert tallies(counted) == {
        "张三": Tally(duty=180, walk=60, shifts=1, walks=1, visits=1),
        "李四": Tally(ticket=45, visits=1),
    }
    assert [entry.deed.about for entry in counted.entries] == ["服务台 早班", "KT1", "春查", "KT1"]
    # A walk that nobody ends counts to the last thing that was seen on it, for whoever saw something, too.
    night, point = str(post.ids()), str(post.ids())
    post.do("point.add", id=point, code="W1")
    does(li, at(20), "walk.start", id=night, name="夜查")
    does(zhang, at(20, 40), "walk.observe", id=str(post.ids()), walk=night, point=point, level="half")
    after = tallies(given(post))
    assert (after["李四"].walk, after["张三"].walk) == (40, 60 + 40)


def test_hours_belong_to_the_pool_they_were_given_for_or_to_ones_only_team(post: Laptop) -> None:
    for team, *members in (("水工组", "张三", "李四"), ("巡逻队", "李四", "赵六")):
        post.do("team.add", id=str(post.ids()), name=team)
        for member in members:
            post.do("team.join", id=str(post.ids()), team=team, person=member, since="2020-01-01")
    for n, name in enumerate(("张三", "李四", "赵六")):
        went(post, here(post, at(9 + n), who=name), at(10 + n))
    counted = given(post)
    assert {one.name: one.tally.duty for one in counted.teams} == {"水工组": 60, "巡逻队": 60, "": 60}


def test_what_lies_over_the_end_of_a_month_is_counted_once(post: Laptop) -> None:
    last, first = date(2026, 2, 28), date(2026, 3, 1)
    night = shift(post, at(22, day=last), "张三", hours=8, name="夜班")
    here(post, at(22, day=last), night)
    went(post, here(post, at(1, day=first)), at(7, day=first))
    february, march = given(post, last, last).total, given(post, first).total
    assert (february.duty, march.duty) == (480, 60)
    assert given(post, last, TODAY).total.duty == 540


def test_it_is_found_by_index(post: Laptop) -> None:
    here(post, at(9))
    told = plans(post, lambda session, compound: hours(session, compound, TODAY, TODAY, now=LATER))
    assert not [step for step in told if "SCAN" in step], told
    for index in (
        "checkin_compound_id_came_at",
        "walk_compound_id_started_at",
        "ticket_event_compound_id_at",
    ):
        assert any(index in step for step in told), (index, told)
