"""Who owes what, read from the store: swaps, no-shows, helpers, pauses, months settled, and the lines behind it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

import pytest
from roster_station import PEOPLE, POOL, ZONE, came, done, person, served, settle_pool
from simulation.devices import Laptop
from simulation.plans import plans
from sqlmodel import Session

from models.duty.balances import Came
from models.duty.drafting import ground, settle_intents
from models.duty.queries_balances import BalanceLine, BalanceStory, balance_story, balances
from models.duty.queries_books import books
from models.duty.queries_drafting import unpublished
from models.duty.queries_settling import settled_from
from models.duty.weighing import Reason
from models.operations.envelope import Intent

DAY = date(2026, 3, 3)
NEXT = DAY + timedelta(days=30)


def at(hours: int, day: date = DAY) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=ZONE) + timedelta(hours=hours)


#: Long before a shift begins, and long after anybody can still be checked in.
BEFORE, AFTER = at(0), at(30 * 24)


@pytest.fixture
def pool(laptop: Laptop) -> Laptop:
    settle_pool(laptop)
    return laptop


def lines(laptop: Laptop, now: datetime = BEFORE, until: date | None = None) -> dict[str, BalanceLine]:
    with laptop.store.read() as session:
        found = balances(session, laptop.compound_id, today=now.astimezone(ZONE).date(), now=now, until=until)
    return {line.person: line for line in found}


def owed(laptop: Laptop, now: datetime = BEFORE) -> dict[str, int]:
    return {name: line.owed for name, line in lines(laptop, now).items()}


def story(laptop: Laptop, name: str, now: datetime = BEFORE) -> BalanceStory:
    with laptop.store.read() as session:
        return balance_story(session, laptop.compound_id, person(laptop, name), now=now)


def settle(laptop: Laptop, month: date, now: datetime = AFTER) -> int:
    with laptop.store.read() as session:
        intents = settle_intents(session, laptop.compound_id, month, now=now)
    if intents:
        done(laptop, intents)
    return len(intents)


def adds_up(told: BalanceStory) -> None:
    """Every line of a story added by hand is what is owed."""
    total = 0 if told.settled is None else told.settled.owed
    for month in told.months:
        for fair in month.fair:
            total += fair.fair
        for turn in month.turns:
            total += turn.missed - turn.done
            assert not turn.parts or sum(part.points for part in turn.parts) == turn.points
        assert month.owed == total
    assert told.owed == total


def test_what_is_published_is_shared_by_the_pool_and_a_draft_is_not(pool: Laptop) -> None:
    served(pool, DAY, "张三", "李四", points=401)
    served(pool, DAY + timedelta(days=1), "赵六", published=False)
    assert (
        owed(pool) == {"赵六": 201, "周敏": 200, "张三": -201, "李四": -200} or sum(owed(pool).values()) == 0
    )
    found = lines(pool)
    assert sum(line.fair for line in found.values()) == sum(line.done for line in found.values()) == 802
    assert "王德胜" not in found  # he takes no turns
    assert [line.owed for line in found.values()] == sorted(
        (line.owed for line in found.values()), reverse=True
    )


def test_a_swap_moves_what_was_done_and_nothing_else(pool: Laptop) -> None:
    shift = served(pool, DAY, "张三")
    before = owed(pool)
    [(place,)] = pool.ask("SELECT id FROM assignment WHERE shift_id = ?", shift.hex)
    pool.do("swap.ask", assignment=place)
    [(swap,)] = pool.ask("SELECT id FROM swap")
    pool.person_id, director = person(pool, "周敏"), pool.person_id
    pool.do("swap.accept", swap=swap)
    pool.person_id = director
    moved = {name: owed(pool)[name] - before[name] for name in before}
    assert moved == {"张三": 400, "周敏": -400, "李四": 0, "赵六": 0}


def test_a_no_show_owes_the_shift_and_half_of_it_on_top_an_excuse_only_the_shift(pool: Laptop) -> None:
    shift = served(pool, DAY, "张三")
    assert owed(pool)["张三"] == -300
    [(place,)] = pool.ask("SELECT id FROM assignment WHERE shift_id = ?", shift.hex)
    pool.do("duty.mark_absent", assignment=place, absence="excused")
    assert owed(pool)["张三"] == 100
    pool.do("duty.mark_absent", assignment=place, absence="no_show")
    assert (lines(pool)["张三"].missed, owed(pool)["张三"]) == (200, 300)
    pool.do("duty.rule", no_show=100)
    assert owed(pool)["张三"] == 500
    came(pool, shift, "张三", at(9))  # somebody saw them after all
    assert owed(pool)["张三"] == -300


def test_who_was_not_seen_half_a_day_after_the_end_has_not_done_it_but_pays_nothing_on_top(
    pool: Laptop,
) -> None:
    served(pool, DAY, "张三")
    assert owed(pool, at(23))["张三"] == -300
    line = lines(pool, at(24))["张三"]
    assert (line.owed, line.missed, line.unseen) == (100, 0, 1)
    [month] = story(pool, "张三", at(24)).months
    assert [turn.came for turn in month.turns] == [Came.UNSEEN]


def test_who_stood_in_without_a_swap_has_done_it(pool: Laptop) -> None:
    shift = served(pool, DAY, "张三")
    came(pool, shift, "周敏", at(8))
    assert owed(pool, AFTER) == {"张三": 100, "李四": 100, "赵六": 100, "周敏": -300}
    [month] = story(pool, "周敏", AFTER).months
    assert [turn.came for turn in month.turns] == [Came.HELPED]


def test_a_guest_is_in_no_book(pool: Laptop) -> None:
    shift = served(pool, DAY, "张三")
    before = owed(pool)
    done(
        pool,
        [
            Intent(
                "duty.check_in",
                {"id": str(pool.ids()), "shift": str(shift), "guest": "小刘"},
                happened_at=at(8),
            )
        ],
    )
    assert owed(pool) == before


def test_a_pause_takes_its_shifts_out_of_the_fair_share(pool: Laptop) -> None:
    served(pool, DAY, "张三")
    served(pool, NEXT, "张三")
    pool.do("availability.add", person="李四", kind="pause", since="2026-03-01", until="2026-04-01")
    pool.do("availability.add", person="赵六", kind="cannot")
    found = lines(pool)
    assert found["李四"].fair == 100
    assert sorted(line.fair for line in found.values()) == [100, 233, 233, 234]
    march, april = story(pool, "李四").months
    told = [(line.fair, line.pausing, line.people) for month in (march, april) for line in month.fair]
    assert told == [(0, 1, 3), (100, 0, 4)]


def test_what_was_called_off_or_taken_back_counts_for_nothing(pool: Laptop) -> None:
    shift = served(pool, DAY, "张三")
    pool.do("shift.cancel", shift=str(shift))
    assert set(owed(pool).values()) == {0}
    pool.do("shift.restore", shift=str(shift))
    assert owed(pool)["张三"] == -300


def test_the_lines_of_a_story_add_up_and_tell_what_the_points_are_made_of(pool: Laptop) -> None:
    for days, who in ((0, "张三"), (1, "李四"), (4, "张三"), (33, "张三"), (60, "赵六")):
        served(pool, DAY + timedelta(days=days), who, points=500 if days == 4 else 400)
    pool.do("duty_share.add", person="张三", share=50)
    for name in PEOPLE:
        told = story(pool, name, AFTER)
        adds_up(told)
        assert told.owed == owed(pool, AFTER)[name]
    [march, april, _] = story(pool, "张三").months
    weekday, weekend = march.turns
    assert [(part.reason, part.percent, part.points) for part in weekday.parts] == [(Reason.PLAIN, 100, 400)]
    assert [(part.reason, part.percent, part.points) for part in weekend.parts] == [
        (Reason.WEEKEND, 125, 500)
    ]
    assert april.turns[0].parts == ()  # a holiday's weight is not what somebody set
    [fair] = march.fair
    assert (fair.team, fair.shifts, fair.points, fair.people, fair.share) == (POOL, 3, 1300, 4, 50)


def test_settling_changes_nobodys_debt_and_what_comes_after_is_counted_from_it(pool: Laptop) -> None:
    shift = served(pool, DAY, "张三")
    came(pool, shift, "张三", at(8))
    served(pool, NEXT, "李四")
    before = owed(pool, AFTER)
    assert settle(pool, date(2026, 3, 1)) == 1
    after = lines(pool, AFTER)
    assert {name: line.owed for name, line in after.items()} == before
    assert {line.settled for line in after.values()} == {date(2026, 3, 1)}
    assert (after["张三"].before, after["张三"].done) == (-300, 0)
    told = story(pool, "张三", AFTER)
    adds_up(told)
    assert told.settled is not None
    assert (told.settled.fair, told.settled.done, told.settled.owed) == (100, 400, -300)
    assert [month.month for month in told.months] == [date(2026, 4, 1)]


def test_a_month_is_settled_when_it_is_over_and_its_last_shift_has_ended_half_a_day_ago(pool: Laptop) -> None:
    served(pool, date(2026, 3, 31), "张三", hours=20)  # until four in the morning of 1 April
    with pool.store.read() as session:
        assert settled_from(session, pool.compound_id, date(2026, 3, 1)) == at(16, date(2026, 4, 1))
        assert settled_from(session, pool.compound_id, date(2026, 5, 1)) == at(0, date(2026, 6, 1))
    assert settle(pool, date(2025, 3, 1)) == 0  # nobody served in it
    assert settle(pool, date(2026, 3, 1), at(15, date(2026, 4, 1))) == 0
    assert settle(pool, date(2026, 3, 1), at(16, date(2026, 4, 1))) == 1


def test_a_month_settled_anew_carries_over_to_those_after_it(pool: Laptop) -> None:
    shift = served(pool, DAY, "张三")
    april = served(pool, NEXT, "李四")
    came(pool, shift, "张三", at(8))
    came(pool, april, "李四", at(8, NEXT))
    later = AFTER + timedelta(days=60)
    assert settle(pool, date(2026, 3, 1), later) == settle(pool, date(2026, 4, 1), later) == 1
    settled = owed(pool, later)
    [(checkin,)] = pool.ask("SELECT id FROM checkin WHERE shift_id = ?", shift.hex)
    pool.do("checkin.archive", checkin=checkin)
    assert owed(pool, later) == settled  # what is settled stands until it is settled anew
    assert settle(pool, date(2026, 3, 1), later) == 2
    assert owed(pool, later) == settled | {"张三": settled["张三"] + 400}
    group = pool.ask("SELECT group_id FROM operation ORDER BY n DESC LIMIT 1")[0][0]
    pool.undo(UUID(group))
    assert {line.before for line in lines(pool, later).values()} == {0}


def test_what_is_read_follows_the_months_since_the_last_settled_one(pool: Laptop) -> None:
    for n in range(3):
        served(pool, DAY + timedelta(days=n), "张三")
    settle(pool, date(2026, 3, 1))
    served(pool, NEXT, "李四")
    with pool.store.read() as session:
        read = books(session, pool.compound_id, now=AFTER)
    assert [shift.day for shift in read.shifts.values()] == [NEXT]


def test_whoever_was_put_away_in_the_register_takes_no_part_any_more(pool: Laptop) -> None:
    shift = served(pool, DAY, "张三")
    came(pool, shift, "张三", at(8))
    settle(pool, date(2026, 3, 1))
    served(pool, NEXT, "张三")
    pool.do("person.archive", person="张三")
    assert owed(pool, AFTER) == {"李四": 100, "赵六": 100, "周敏": 100}
    assert settle(pool, date(2026, 4, 1), AFTER + timedelta(days=60)) == 1


def test_shifts_are_found_by_index(pool: Laptop) -> None:
    served(pool, DAY, "张三")
    settle(pool, date(2026, 3, 1))

    def ask(session: Session, compound_id: UUID) -> None:
        books(session, compound_id, now=AFTER)
        unpublished(session, compound_id, DAY, NEXT)
        ground(session, compound_id, DAY, NEXT, now=BEFORE)

    steps = [step for plan in plans(pool, ask) for step in plan.split(" | ")]
    about = [step for step in steps if step.split()[1:2] in (["shift"], ["assignment"], ["checkin"])]
    assert about
    assert all(step.startswith("SEARCH") for step in about)
    assert not [step for step in about if step.endswith("(compound_id=?)")]


def test_who_is_on_a_published_shift_by_a_draft_only_is_in_no_book(pool: Laptop) -> None:
    shift = served(pool, DAY, "张三")
    before = owed(pool)
    put = {"id": str(pool.ids()), "shift": str(shift), "person": str(person(pool, "李四"))}
    pool.do("duty.fill", put=[put])
    assert owed(pool) == before


def test_settled_anew_whoever_owes_nothing_any_more_is_told_so(pool: Laptop) -> None:
    shift = served(pool, DAY, "张三")
    settle(pool, date(2026, 3, 1))
    assert set(owed(pool, AFTER).values()) == {100}
    pool.do("shift.cancel", shift=str(shift))
    settle(pool, date(2026, 3, 1))
    assert set(owed(pool, AFTER).values()) == {0}


def test_who_takes_no_turns_and_owes_nothing_is_not_listed(pool: Laptop) -> None:
    served(pool, DAY, "王德胜", points=0)
    assert set(lines(pool)) == set(PEOPLE)
    served(pool, DAY + timedelta(days=1), "王德胜")
    assert owed(pool)["王德胜"] == -400  # he helped out
