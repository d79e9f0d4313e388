"""Requests, own shifts, and who could take a shift over."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from at_post import TODAY, at, came, person, settle_post, shift
from simulation.devices import Laptop
from simulation.plans import plans

from models.duty import queries_mine, queries_swaps
from models.duty.disputes import Place, places
from models.duty.fitting import Bar
from models.duty.queries import shifts_by_id
from models.duty.queries_home import HomeDuty, home_duty
from models.duty.rules import Presence
from models.operations.envelope import Intent
from models.operations.perform import perform
from models.operations.undo import undo

NOW = at(9)
SOON = TODAY + timedelta(days=3)


@pytest.fixture
def post(laptop: Laptop) -> Laptop:
    settle_post(laptop)
    return laptop


def place(laptop: Laptop, shift_id: UUID, name: str) -> UUID:
    [(row_id,)] = laptop.ask(
        "SELECT a.id FROM assignment a JOIN person p ON p.id = a.person_id WHERE p.name = ? AND a.shift_id = ?",
        name,
        shift_id.hex,
    )
    return UUID(row_id)


def asks(laptop: Laptop, shift_id: UUID, name: str, **more: object) -> UUID:
    row_id = laptop.ids()
    fields = {key: str(value) for key, value in more.items()}
    laptop.do("swap.ask", id=str(row_id), assignment=str(place(laptop, shift_id, name)), **fields)
    return row_id


def home(laptop: Laptop, name: str) -> HomeDuty:
    with laptop.store.read() as session:
        return home_duty(session, laptop.compound_id, person(laptop, name), now=NOW, today=TODAY)


def bars(laptop: Laptop, shift_id: UUID, name: str) -> tuple[Bar, ...]:
    with laptop.store.read() as session:
        lines = shifts_by_id(session, laptop.compound_id, [shift_id], now=NOW)
        found = queries_swaps.bars_on(session, laptop.compound_id, list(lines.values()), person(laptop, name))
    return found[shift_id]


def one_place(laptop: Laptop, row_id: UUID) -> Place:
    with laptop.store.read() as session:
        return places(session, laptop.compound_id, [row_id])[row_id]


def test_a_request_waits_for_whom_it_asks_until_its_shift_begins_or_is_called_off(post: Laptop) -> None:
    late = shift(post, at(14, day=SOON), "张三")
    begun = shift(post, at(8), "张三", name="扫除")
    asks(post, late, "张三", to="李四")
    asks(post, begun, "张三", to="李四")
    assert home(post, "李四").requests == 1
    assert home(post, "赵六").requests == 0
    with post.store.read() as session:
        [line] = queries_swaps.requests_to(session, post.compound_id, person(post, "李四"), now=NOW)
        assert (line.asker, line.to, line.mine.name, line.against) == ("张三", "李四", "早班", None)
        assert queries_swaps.open_covers(session, post.compound_id, now=NOW) == ()
    post.do("shift.cancel", shift=str(late))
    assert home(post, "李四").requests == 0


def test_what_asks_everybody_is_for_all_but_whoever_asks(post: Laptop) -> None:
    asks(post, shift(post, at(14, day=SOON), "张三"), "张三")
    with post.store.read() as session:
        for_all = queries_swaps.open_covers(session, post.compound_id, now=NOW)
        assert [line.asker for line in for_all] == ["张三"]
        asker = person(post, "张三")
        assert queries_swaps.open_covers(session, post.compound_id, now=NOW, but=asker) == ()
        assert len(queries_swaps.asked_by(session, post.compound_id, asker, now=NOW)) == 1


def test_what_speaks_against_somebody_is_named_the_gravest_first(post: Laptop) -> None:
    wanted = shift(post, at(9, day=SOON))
    assert bars(post, wanted, "张三") == ()
    shift(post, at(14, day=SOON), "张三", name="晚班")
    assert bars(post, wanted, "张三") == (Bar.REST,)
    shift(post, at(10, day=SOON), "李四", name="同时")
    assert bars(post, wanted, "李四") == (Bar.DOUBLE,)
    post.do(
        "availability.add",
        {"id": str(post.ids()), "person": "赵六", "kind": "pause", "since": SOON.isoformat()},
    )
    shift(post, at(10, day=SOON), "赵六", name="也同时")
    assert bars(post, wanted, "赵六") == (Bar.DOUBLE, Bar.PAUSE)


def test_whoever_is_on_it_or_has_enough_that_week_is_told_so(post: Laptop) -> None:
    wanted = shift(post, at(9, day=SOON), "李四")
    assert Bar.ON_IT in bars(post, wanted, "李四")
    for days in (0, 1, 5):
        shift(post, at(9, day=TODAY + timedelta(days=days)), "张三", name=f"{days}")
    assert bars(post, wanted, "张三") == (Bar.WEEK,)


def test_a_yes_moves_the_weight_of_the_shift_and_tells_which_need_it_would_leave_open(post: Laptop) -> None:
    post.do("role.grant", id=str(post.ids()), person="李四", role="committee", since="2020-01-01")
    wanted = post.ids()
    post.do(
        "shift.add",
        id=str(wanted),
        post="服务台",
        name="夜班",
        day=SOON.isoformat(),
        starts_at=at(18, day=SOON).isoformat(),
        ends_at=at(21, day=SOON).isoformat(),
        points=450,
        needs=["role:committee:1"],
        published=True,
    )
    post.do("duty.assign", id=str(post.ids()), shift=str(wanted), person="李四")
    swap = asks(post, wanted, "李四", to="张三")
    with post.store.read() as session:
        line = queries_swaps.one_request(session, post.compound_id, swap)
        assert line is not None
        found = queries_swaps.effect(session, post.compound_id, line, person(post, "张三"), "张三", now=NOW)
    assert [(change.name, change.owed) for change in found.changes] == [("张三", -450), ("李四", 450)]
    assert [(need.value, n) for _, need, n in found.lacking] == [("committee", 1)]


def test_shifts_to_swap_for_are_those_of_others_that_fit_both_first(post: Laptop) -> None:
    mine = shift(post, at(9, day=SOON), "张三")
    shift(post, at(9, day=SOON + timedelta(days=1)), "李四", name="合适")
    shift(post, at(10, day=SOON), "赵六", name="同时")  # given away for it, it is no other shift of theirs
    shift(post, at(10, day=SOON + timedelta(days=2)), "赵六", name="再")
    post.do(
        "availability.add",
        {
            "id": str(post.ids()),
            "person": "赵六",
            "kind": "cannot",
            "since": SOON.isoformat(),
            "until": (SOON + timedelta(days=1)).isoformat(),
        },
    )
    with post.store.read() as session:
        own = places(session, post.compound_id, [place(post, mine, "张三")])
        offers = queries_swaps.swap_offers(
            session, post.compound_id, next(iter(own.values())), now=NOW, today=TODAY
        )
    assert [(one.person, one.line.name, one.shut) for one in offers] == [
        ("李四", "合适", False),
        ("赵六", "同时", True),
        ("赵六", "再", True),
    ]
    assert offers[1].theirs == (Bar.CANNOT,)
    assert offers[1].bars == ()


def test_ones_own_shifts_ahead_begin_with_the_next_and_behind_with_the_last(post: Laptop) -> None:
    for days in (-9, -2, 0, 4):
        shift(post, at(8, 30, day=TODAY + timedelta(days=days)), "张三", name=f"班{days}")
    shift(post, at(9, day=SOON), "李四", name="别人的")
    shift(post, at(9, day=SOON), "张三", name="草稿", published=False)
    with post.store.read() as session:

        def own(*, ahead: bool, text: str = "", **page: int) -> list[str]:
            who = person(post, "张三")
            counted = queries_mine.count_own(session, post.compound_id, who, now=NOW, ahead=ahead, text=text)
            found = queries_mine.page_own(
                session, post.compound_id, who, now=NOW, ahead=ahead, text=text, **page
            )
            assert page or counted == len(found)
            return [one.line.name for one in found]

        assert own(ahead=True) == ["班0", "班4"]
        assert own(ahead=False) == ["班-2", "班-9"]
        assert own(ahead=False, offset=1, limit=1) == ["班-9"]
        assert own(ahead=True, text="班4 fuwutai") == ["班4"]
        assert own(ahead=True, text="%") == own(ahead=True)


def test_the_next_shift_is_one_that_somebody_has_not_checked_in_at(post: Laptop) -> None:
    today = shift(post, at(8, 30), "张三")
    later = shift(post, at(14, day=SOON), "张三")
    told = home(post, "张三").next_shift
    assert told is not None
    assert (told.id, told.people[0].presence) == (today, Presence.MISSING)
    came(post, at(8, 40), shift=today, person=person(post, "张三"))
    told = home(post, "张三").next_shift
    assert told is not None
    assert told.id == later


def test_gaps_are_told_for_a_fortnight_and_a_handover_to_whom_it_is_for(post: Laptop) -> None:
    shift(post, at(9, day=TODAY + timedelta(days=13)), name="近")
    shift(post, at(9, day=TODAY + timedelta(days=14)), name="远")
    shift(post, at(6), name="过去了", hours=2)
    post.do("duty.hand_over", id=str(post.ids()), to="李四", words="钥匙在抽屉")
    assert home(post, "李四").gaps == 1
    assert (home(post, "李四").handovers, home(post, "赵六").handovers) == (1, 0)


def test_what_nobody_was_named_for_waits_for_whoever_is_at_that_post(post: Laptop) -> None:
    early = shift(post, at(8, 30), "赵六")
    post.do("duty.hand_over", id=str(post.ids()), post="服务台", words="门锁坏了")
    assert home(post, "赵六").handovers == 0
    came(post, at(8, 40), shift=early, person=person(post, "赵六"))
    assert home(post, "赵六").handovers == 1


def test_home_and_ones_own_shifts_are_read_along_an_index(post: Laptop) -> None:
    early = shift(post, at(8, 30), "张三")
    asks(post, shift(post, at(9, day=SOON), "张三"), "张三")
    who = person(post, "张三")
    found = plans(post, lambda session, compound: home_duty(session, compound, who, now=NOW, today=TODAY))
    found += plans(
        post,
        lambda session, compound: queries_mine.page_own(session, compound, who, now=NOW, ahead=True),
    )
    found += plans(post, lambda session, compound: queries_swaps.requests_to(session, compound, who, now=NOW))
    tables = ("shift", "assignment", "swap", "checkin", "handover")
    assert [step for step in found if any(f"SCAN {table}" in step for table in tables)] == []
    assert one_place(post, place(post, early, "张三")).person == "张三"


def test_a_volunteer_gives_back_what_they_took_and_takes_nobody_else_off(post: Laptop) -> None:
    wanted = shift(post, at(9, day=SOON), "张三")
    [(row,)] = post.ask("SELECT id FROM assignment WHERE shift_id = ?", wanted.hex)
    volunteer = person(post, "李四")
    with post.store.write() as session:
        acting = replace(post.acting, person_id=volunteer)
        outcome = perform(session, [Intent("duty.unassign", {"assignment": row})], acting)
    assert outcome.refused is not None
    assert outcome.refused.code == "role.missing"
    free = shift(post, at(14, day=SOON), name="晚班")
    taken = Intent("duty.take", {"id": str(post.ids()), "shift": str(free)})
    with post.store.write() as session:
        outcome = perform(session, [taken], acting)
        assert outcome.refused is None
        assert undo(session, outcome.group_id, acting).refused is None
    assert post.ask("SELECT COUNT(*) FROM assignment WHERE shift_id = ? AND NOT archived", free.hex) == [(0,)]
