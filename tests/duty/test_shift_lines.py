"""Shifts as rooms show them: who is on them, who came, what they lack."""

from __future__ import annotations

from datetime import timedelta

from desk_station import TODAY, at, check_in, fact, line, names, person, put, shift
from simulation.devices import Laptop

from models.duty.queries import count_drafts, shifts_at, shifts_between
from models.duty.rules import Need, NeedKind, Presence

TOMORROW = TODAY + timedelta(days=1)


def test_a_shift_says_how_many_hands_it_lacks(station: Laptop) -> None:
    morning = shift(station, hands=2)
    assert (line(station, morning).missing, line(station, morning).gap) == (2, True)
    put(station, morning, "张三")
    put(station, morning, "李四")
    full = line(station, morning)
    assert (full.missing, full.gap, full.too_many, names(full)) == (0, False, False, ["张三", "李四"])


def test_a_need_is_open_until_somebody_on_the_shift_meets_it(station: Laptop) -> None:
    morning = shift(station, hands=2, needs=["role:committee", "skill:电工"])
    put(station, morning, "张三")
    unmet = [(need.kind, n) for need, n in line(station, morning).unmet]
    assert unmet == [(NeedKind.ROLE, 1), (NeedKind.SKILL, 1)]
    station.do("person.edit", person="张三", old={"skills": []}, new={"skills": [" 电工 "]})
    assert line(station, morning).unmet == ((Need(NeedKind.ROLE, "committee"), 1),)
    put(station, morning, "王德胜")  # the director is a member of the committee
    assert line(station, morning).unmet == ()


def test_a_role_that_has_ended_by_the_day_meets_nothing(station: Laptop) -> None:
    station.do("role.grant", person="张三", role="committee", since="2026-03-01")
    today, later = (
        shift(station, needs=["role:committee"], day=day) for day in (TODAY, TODAY + timedelta(9))
    )
    put(station, today, "张三")
    put(station, later, "张三")
    [(term,)] = station.ask("SELECT id FROM role_term WHERE role = 'committee'")
    station.do("role_term.end", role_term=str(term), until=TOMORROW.isoformat())
    assert (line(station, today).unmet, len(line(station, later).unmet)) == ((), 1)


def test_presence_follows_the_clock_and_who_was_seen(station: Laptop) -> None:
    morning = shift(station)
    put(station, morning, "张三")

    def stands(hour: int, minute: int = 0) -> Presence:
        return line(station, morning, now=at(hour, minute)).people[0].presence

    assert stands(8, 15) is Presence.COMING  # within the time of grace
    assert stands(8, 16) is Presence.MISSING
    came = check_in(station, morning, "张三", at(8, 20))
    assert stands(9) is Presence.ON_DUTY
    fact(station, "duty.check_out", at(12, 5), checkin=came)
    assert stands(12, 6) is Presence.SERVED


def test_who_forgot_to_check_out_is_gone_by_the_next_morning(station: Laptop) -> None:
    morning = shift(station)
    put(station, morning, "张三")
    check_in(station, morning, "张三", at(8))
    assert line(station, morning, now=at(23)).people[0].presence is Presence.ON_DUTY
    assert line(station, morning, now=at(8, day=TOMORROW)).people[0].presence is Presence.SERVED


def test_guests_and_neighbours_who_helped_are_told_apart_from_the_roster(station: Laptop) -> None:
    morning = shift(station)
    put(station, morning, "张三")
    check_in(station, morning, "张三", at(8))
    check_in(station, morning, "李四", at(8, 30))
    fact(station, "duty.check_in", at(9), id=station.ids(), shift=morning, guest="[/b] 小周")
    found = line(station, morning)
    assert (names(found), [one.name for one in found.helpers]) == (["张三"], ["李四", "[/b] 小周"])


def test_a_draft_is_seen_only_by_whoever_asks_for_drafts(station: Laptop) -> None:
    morning = shift(station)
    stays = put(station, morning, "张三", locked=False)
    station.do(
        "duty.fill",
        {
            "put": [
                {
                    "id": str(station.ids()),
                    "shift": str(morning),
                    "person": str(person(station, "李四")),
                }
            ],
            "drop": [str(stays)],
        },
    )
    published, drafted = line(station, morning, drafts=False), line(station, morning)
    assert [(one.name, one.leaving) for one in published.people] == [("张三", False)]
    assert [(one.name, one.leaving) for one in drafted.people] == [("张三", True), ("李四", False)]
    assert (drafted.missing, drafted.staying) == (0, 1)
    with station.store.read() as session:
        assert count_drafts(session, station.compound_id, TODAY, TODAY) == 2  # one comes, one goes
        assert count_drafts(session, station.compound_id, TOMORROW, TOMORROW) == 0


def test_a_span_holds_its_days_in_order_and_nothing_called_off(station: Laptop) -> None:
    late, early = shift(station, begins=14, name="午班"), shift(station)
    off = shift(station, begins=18, name="晚班")
    shift(station, day=TOMORROW)
    shift(station, begins=20, name="草稿", published=False)
    station.do("shift.cancel", shift=str(off), words="下雪")
    with station.store.read() as session:
        today = shifts_between(session, station.compound_id, TODAY, TODAY, now=at(7))
        whole = shifts_between(
            session, station.compound_id, TODAY, TODAY, now=at(7), drafts=True, called_off=True
        )
        now = shifts_at(session, station.compound_id, at(11, 59), at(12), now=at(7))
    assert [one.id for one in today] == [early, late]
    assert [one.name for one in whole] == ["早班", "午班", "晚班", "草稿"]
    assert [one.id for one in now] == [early]
