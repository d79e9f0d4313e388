"""A draft from what is there: which shifts, who may be on them, and that what is published is not disturbed."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from roster_station import (
    FIRST,
    PEOPLE,
    ZONE,
    draft,
    in_turn,
    people_on,
    person,
    publish,
    roster_of,
    served,
    settle_pool,
    stand_on,
)
from simulation.devices import Laptop

from models.duty.drafting import Ground, fill_intents, plan_intents
from models.duty.solver.problem import Bar, Worker

#: Ching Ming, on which nobody works, is on a Sunday in 2026, and the Monday after is free.
WORKDAYS = 22


@pytest.fixture
def pool(laptop: Laptop) -> Laptop:
    settle_pool(laptop)
    return laptop


def bar_on(here: Ground, laptop: Laptop, name: str, day: date) -> Bar | None:
    worker = next((one for one in here.problem.workers if one.id == person(laptop, name)), None)
    if worker is None:
        return Bar.TEAM
    [slot] = [shift.id for shift in here.shifts.values() if shift.day == day]
    return worker.bars.get(slot)


def worker_of(here: Ground, laptop: Laptop, name: str) -> Worker:
    return next(one for one in here.problem.workers if one.id == person(laptop, name))


# -- which shifts --------------------------------------------------------------------------


def test_templates_give_the_shifts_and_planning_twice_gives_no_more(pool: Laptop) -> None:
    here = stand_on(pool)
    assert len(here.planned) == len(here.problem.slots) == WORKDAYS
    assert {here.names[worker.id] for worker in here.problem.workers} == set(PEOPLE)
    draft(pool, here, in_turn(here))
    again = stand_on(pool)
    assert (again.planned, again.called_off) == ((), ())
    assert again.shifts.keys() == here.shifts.keys()
    assert all(not (worker.busy or worker.taken_weeks) for worker in again.problem.workers)
    assert fill_intents(again, in_turn(again), pool.ids) == []


def test_an_exception_takes_a_shift_off_and_another_holds_one_besides(pool: Laptop) -> None:
    pool.do("shift_exception.add", template="早班", day="2026-04-01", held=False)
    pool.do("shift_exception.add", template="早班", day="2026-04-04", held=True)
    days = {shift.day for shift in stand_on(pool).shifts.values()}
    assert date(2026, 4, 1) not in days
    assert date(2026, 4, 4) in days


def test_a_template_put_away_calls_its_drafts_off_but_nothing_published(pool: Laptop) -> None:
    here = stand_on(pool)
    draft(pool, here, in_turn(here))
    publish(pool, FIRST, date(2026, 4, 10))
    pool.do("shift_template.archive", shift_template="早班")
    again = stand_on(pool)
    assert {shift.day for shift in again.shifts.values()} == {
        shift.day for shift in here.shifts.values() if shift.day <= date(2026, 4, 10)
    }
    assert len(again.called_off) == len(here.shifts) - len(again.shifts)
    draft(pool, again, roster_of(again.places))
    assert set(people_on(pool)) == {shift.day.isoformat() for shift in again.shifts.values()}


def test_a_draft_follows_its_template_unless_somebody_changed_it_by_hand(pool: Laptop) -> None:
    draft(pool, here := stand_on(pool), in_turn(here))
    [first, second, *_] = here.shifts
    pool.do("shift.edit", shift=str(first), new={"hands": 3})
    pool.do("shift_template.edit", template="早班", new={"hands": 2})
    again = stand_on(pool)
    assert [again.shifts[one].hands for one in (first, second)] == [3, 2]
    assert len(again.planned) == len(here.shifts) - 1
    draft(pool, again, roster_of(again.places))
    assert pool.ask("SELECT hands, count(*) FROM shift GROUP BY hands ORDER BY hands") == [
        (2, WORKDAYS - 1),
        (3, 1),
    ]


def test_a_shift_that_a_person_called_off_stays_so_published_or_not(pool: Laptop) -> None:
    draft(pool, here := stand_on(pool), in_turn(here))
    publish(pool, FIRST, FIRST)
    first, second, *_ = here.shifts
    for shift in (first, second):
        pool.do("shift.cancel", shift=str(shift))
    again = stand_on(pool)
    assert (again.called_off, again.planned, {first, second} & again.shifts.keys()) == ((), (), set())
    pool.do("duty.plan", plan_intents(here)[0].payload)  # another laptop plans it, too
    assert not {first, second} & stand_on(pool).shifts.keys()


def test_a_draft_goes_with_an_exception_and_comes_back_with_its_end(pool: Laptop) -> None:
    draft(pool, here := stand_on(pool), in_turn(here))
    _, second, *_ = here.shifts
    day = here.shifts[second].day.isoformat()
    pool.do("shift_exception.add", template="早班", day=day, held=False)
    without = stand_on(pool)
    assert without.called_off == (second,)
    draft(pool, without, roster_of(without.places))
    [(exception,)] = pool.ask("SELECT id FROM shift_exception")
    pool.do("shift_exception.archive", shift_exception=str(exception))
    assert [one.day.isoformat() for one in stand_on(pool).planned] == [day]


def test_a_draft_that_a_person_restores_is_planned_again_with_the_rest(pool: Laptop) -> None:
    draft(pool, here := stand_on(pool), in_turn(here))
    _, second, *_ = here.shifts
    pool.do("shift.cancel", shift=str(second))
    pool.do("shift.restore", shift=str(second))
    assert second in stand_on(pool).shifts


def test_shifts_that_have_begun_are_no_part_of_a_draft(pool: Laptop) -> None:
    now = datetime(2026, 4, 15, 8, 1, tzinfo=ZONE)
    assert min(shift.day for shift in stand_on(pool, now=now).shifts.values()) == date(2026, 4, 16)
    draft(pool, here := stand_on(pool), in_turn(here))
    later = stand_on(pool, now=now)
    assert min(shift.day for shift in later.shifts.values()) == date(2026, 4, 16)
    assert later.called_off == ()
    assert not {shift for shift, _ in later.problem.standing} - later.shifts.keys()


# -- who may be on them --------------------------------------------------------------------


def test_who_was_in_the_pool_or_held_a_role_on_the_day_may(pool: Laptop) -> None:
    [(member,)] = pool.ask("SELECT id FROM team_member WHERE person_id = ?", person(pool, "张三").hex)
    pool.do("team_member.end", team_member=member, until="2026-04-10")
    here = stand_on(pool)
    assert bar_on(here, pool, "张三", date(2026, 4, 9)) is None
    assert bar_on(here, pool, "张三", date(2026, 4, 10)) is Bar.TEAM
    assert bar_on(here, pool, "王德胜", date(2026, 4, 9)) is Bar.TEAM
    pool.do("person.archive", person="李四")
    assert person(pool, "李四") not in {worker.id for worker in stand_on(pool).problem.workers}


def test_what_people_say_keeps_them_from_shifts_or_is_a_wish(pool: Laptop) -> None:
    pool.do("availability.add", person="张三", kind="cannot", weekdays=[3])
    pool.do("availability.add", person="李四", kind="pause", since="2026-04-01", until="2026-04-09")
    pool.do("availability.add", person="赵六", kind="rather", weekdays=[2], starts="8:00", ends="12:00")
    pool.do("availability.add", person="周敏", kind="rather_not", weekdays=[2])
    here = stand_on(pool)
    assert bar_on(here, pool, "张三", date(2026, 4, 1)) is Bar.CANNOT
    assert bar_on(here, pool, "张三", date(2026, 4, 2)) is None
    assert bar_on(here, pool, "李四", date(2026, 4, 8)) is Bar.PAUSE
    assert bar_on(here, pool, "李四", date(2026, 4, 9)) is None
    assert set(worker_of(here, pool, "赵六").wishes.values()) == {1}
    assert set(worker_of(here, pool, "周敏").wishes.values()) == {-1}
    assert {here.shifts[one].day.isoweekday() for one in worker_of(here, pool, "赵六").wishes} == {2}
    # The shifts of the pause make the share less; what somebody cannot does not.
    paused = sum(shift.points for shift in here.shifts.values() if shift.day < date(2026, 4, 9))
    whole = sum(shift.points for shift in here.shifts.values())
    assert worker_of(here, pool, "李四").present == round(100 * (whole - paused) / whole)
    assert worker_of(here, pool, "张三").present == 100


def test_shares_limits_pairs_and_needs_are_in_the_problem(pool: Laptop) -> None:
    pool.do("duty_share.add", person="张三", share=50, most_per_week=1, most_per_month=4)
    pool.do("duty_pair.add", person="张三", other="李四", together=False)
    pool.do("person.edit", person="赵六", new={"skills": ["电工"]})
    pool.do("shift_template.edit", template="早班", new={"needs": ["skill:电工", "role:committee"]})
    here = stand_on(pool)
    zhang = worker_of(here, pool, "张三")
    assert (zhang.share, zhang.most_per_week, zhang.most_per_month) == (50, 1, 4)
    assert worker_of(here, pool, "李四").most_per_week == 3
    [tie] = here.problem.ties
    assert ({tie.one, tie.other}, tie.together) == ({person(pool, "张三"), person(pool, "李四")}, False)
    [skill, role] = here.problem.slots[0].needs
    assert (skill.code, skill.people) == ("skill:电工:1", {person(pool, "赵六")})
    assert (role.code, role.people) == ("role:committee:1", frozenset())


def test_shifts_elsewhere_make_busy_and_count_in_their_week_and_month(pool: Laptop) -> None:
    served(pool, date(2026, 3, 31), "张三")
    served(pool, date(2026, 4, 3), "李四")
    here = stand_on(pool, date(2026, 4, 1), date(2026, 4, 2))
    zhang = worker_of(here, pool, "张三")
    assert zhang.taken_weeks == {(2026, 14): 1}
    assert zhang.taken_months == {(2026, 3): 1}
    assert [ends - starts for starts, ends in zhang.busy] == [timedelta(hours=4)]
    assert worker_of(here, pool, "李四").taken_months == {(2026, 4): 1}
    overlapping = stand_on(pool, date(2026, 4, 3), date(2026, 4, 3))
    assert overlapping.problem.fixed == {
        (one, person(pool, "李四")) for one, pair in overlapping.places if pair == person(pool, "李四")
    }


def test_whoever_is_about_to_leave_a_shift_elsewhere_is_free(pool: Laptop) -> None:
    march = date(2026, 3, 31)
    draft(pool, here := stand_on(pool, march, march), in_turn(here))
    publish(pool, march, march)
    [(shift, on)] = stand_on(pool, march, march).places
    assert worker_of(stand_on(pool), pool, here.names[on]).taken_months == {(2026, 3): 1}
    draft(pool, stand_on(pool, march, march), roster_of([]))
    assert worker_of(stand_on(pool), pool, here.names[on]).taken_months == {}
    assert shift in here.shifts


def test_a_shift_at_the_same_time_outside_of_what_is_made_bars(pool: Laptop) -> None:
    served(pool, date(2026, 3, 31), "张三", hours=36)  # until 20:00 on 1 April
    here = stand_on(pool)
    assert bar_on(here, pool, "张三", FIRST) is Bar.ELSEWHERE
    assert bar_on(here, pool, "李四", FIRST) is None


def test_debts_from_before_are_carried_into_the_problem(pool: Laptop) -> None:
    shift = served(pool, date(2026, 3, 3), "张三", points=400)
    here = stand_on(pool)
    owed = {here.names[worker.id]: worker.owed for worker in here.problem.workers}
    assert owed == {"张三": -300, "李四": 100, "赵六": 100, "周敏": 100}
    pool.do("shift.cancel", shift=str(shift))
    assert {worker.owed for worker in stand_on(pool).problem.workers} == {0}


def test_what_is_made_anew_is_no_debt_from_before(pool: Laptop) -> None:
    draft(pool, here := stand_on(pool), roster_of((slot, person(pool, "张三")) for slot in here.shifts))
    publish(pool)
    assert {worker.owed for worker in stand_on(pool).problem.workers} == {0}
    later = stand_on(pool, date(2026, 5, 1), date(2026, 5, 31))
    points = sum(shift.points for shift in here.shifts.values())
    owed = {here.names[worker.id]: worker.owed for worker in later.problem.workers}
    assert sum(owed.values()) == 0
    assert owed["张三"] in {-(points * 3 // 4), -(points * 3 // 4) - 1}


# -- what stands is not disturbed ----------------------------------------------------------


def test_a_new_draft_over_a_published_roster_takes_nobody_off_before_it_is_published(pool: Laptop) -> None:
    draft(pool, here := stand_on(pool), in_turn(here))
    publish(pool)
    before = people_on(pool)
    again = stand_on(pool)
    others = roster_of((slot, person(pool, "周敏")) for slot in again.shifts)
    draft(pool, again, others)
    assert people_on(pool, state="published") == {
        day: [name if name == "周敏" else f"({name})" for name in names] for day, names in before.items()
    }
    assert set(map(tuple, people_on(pool, state="draft").values())) == {("周敏",)}
    publish(pool)
    assert people_on(pool) == {day: ["周敏"] for day in before}


def test_whoever_was_to_leave_by_a_draft_is_kept_by_the_next(pool: Laptop) -> None:
    draft(pool, here := stand_on(pool), in_turn(here))
    publish(pool)
    before = people_on(pool)
    first = stand_on(pool)
    draft(pool, first, roster_of((slot, person(pool, "周敏")) for slot in first.shifts))
    second = stand_on(pool)
    draft(pool, second, roster_of(second.problem.standing))
    assert people_on(pool) == before
    assert publish(pool) == []


def test_what_people_know_is_what_stands_not_the_draft_over_it(pool: Laptop) -> None:
    draft(pool, here := stand_on(pool), roster := in_turn(here))
    assert stand_on(pool).problem.standing == roster.pairs  # nothing published: the draft itself
    publish(pool)
    draft(pool, again := stand_on(pool), roster_of((slot, person(pool, "周敏")) for slot in again.shifts))
    assert stand_on(pool).problem.standing == roster.pairs


def test_a_locked_place_is_fixed_and_never_dropped(pool: Laptop) -> None:
    draft(pool, here := stand_on(pool), in_turn(here))
    slot = here.problem.slots[0].id
    [(place,)] = pool.ask("SELECT id FROM assignment WHERE shift_id = ?", slot.hex)
    pool.do("duty.lock", assignment=place, locked=True)
    again = stand_on(pool)
    [pair] = again.problem.fixed
    assert pair[0] == slot
    intents = fill_intents(again, roster_of([]), pool.ids)
    assert [len(one.payload["drop"]) for one in intents] == [WORKDAYS - 1]


def test_who_falls_ill_is_let_go_also_where_they_were_locked_and_as_little_as_can_be_changes(
    pool: Laptop,
) -> None:
    draft(pool, here := stand_on(pool), in_turn(here))
    publish(pool)
    taken = served(pool, date(2026, 4, 11), "张三")  # a place of one's own choice, locked
    ill = person(pool, "张三")
    sick = stand_on(pool, sick=[(ill, date(2026, 4, 6), date(2026, 4, 11))])
    assert sick.problem.keep
    assert sick.problem.standing == stand_on(pool).problem.standing
    assert (taken, ill) not in sick.problem.fixed
    assert {
        sick.shifts[slot].day for slot, bar in worker_of(sick, pool, "张三").bars.items() if bar is Bar.PAUSE
    } == {shift.day for shift in sick.shifts.values() if 6 <= shift.day.day <= 11}
    without = roster_of(
        (slot, one)
        for slot, one in sick.problem.standing
        if not (one == ill and 6 <= sick.shifts[slot].day.day <= 11)
    )
    draft(pool, sick, without)
    his = {
        sick.shifts[slot].day.isoformat() for slot, one in sick.problem.standing - without.pairs if one == ill
    }
    assert his >= {"2026-04-11"}
    assert {day for day, names in people_on(pool).items() if "(张三)" in names} == his


def test_a_draft_can_be_taken_back(pool: Laptop) -> None:
    here = stand_on(pool)
    planned, filled = draft(pool, here, in_turn(here))
    assert people_on(pool)
    for outcome in (filled, planned):
        assert pool.undo(outcome.group_id).refused is None
    assert people_on(pool) == {}
    assert stand_on(pool).shifts.keys() == here.shifts.keys()


def test_hundreds_of_places_go_in_parts_and_those_taken_off_go_first(laptop: Laptop) -> None:
    settle_pool(laptop, [f"人{n}" for n in range(8)])
    laptop.do("duty.rule", most_per_week=0)
    for n in range(8):
        laptop.do("shift_template.add", post="服务台", name=f"班{n}", starts=n * 60, minutes=60)
    last = date(2026, 5, 31)
    here = stand_on(laptop, last=last)
    assert len(here.planned) > 400
    plans = plan_intents(here)
    assert [len(one.payload["shifts"]) <= 400 for one in plans] == [True, True]
    people = [worker.id for worker in here.problem.workers]
    slots = [slot.id for slot in here.problem.slots]
    draft(laptop, here, roster_of((slot, people[n % 8]) for n, slot in enumerate(slots)))
    again = stand_on(laptop, last=last)
    turned = roster_of((slot, people[(n + 1) % 8]) for n, slot in enumerate(slots))
    intents = fill_intents(again, turned, laptop.ids)
    assert [(len(one.payload["put"]) > 0, len(one.payload["drop"]) > 0) for one in intents] == [
        (False, True),
        (False, True),
        (True, False),
        (True, False),
    ]
    draft(laptop, again, turned)
    assert stand_on(laptop, last=last).problem.standing == turned.pairs
    assert len(publish(laptop, FIRST, last)) == 2
