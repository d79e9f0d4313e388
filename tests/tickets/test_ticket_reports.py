"""Taking questions in: names, codes, deadlines, places, incidents; and the baton that comes with them."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from simulation.devices import MORNING, Ids, Laptop
from station import id_of, make, refused, report, row_of, sits_down, story_of

from models.operations import log
from models.operations.envelope import Intent
from models.operations.perform import perform
from models.operations.verdicts import Rejected
from models.tickets.codes import LETTERS, apart, next_code, series
from models.tickets.rules import CATEGORIES, Category, Move, State, Urgency, overdue, scaled


def test_codes_of_a_laptop_run_on_and_bear_its_letters(station: Laptop) -> None:
    codes = [report(station) for _ in range(12)]
    with station.store.read() as session:
        letters = series(log.device_id(session))
    assert codes == [f"{letters}{n}" for n in range(1, 13)]
    assert set(letters) <= set(LETTERS)


def test_two_laptops_with_the_same_letters_keep_their_tickets_apart(station: Laptop) -> None:
    first, second = str(station.ids()), str(station.ids())
    for row_id in (first, second):
        station.do("ticket.report", id=row_id, code="KT1", what="灯坏了")
    codes = [code for (code,) in station.ask("SELECT code FROM ticket ORDER BY id")]
    assert codes == ["KT1", apart("KT1", UUID(second))]
    # Whoever wrote KT1 on a slip finds both.
    assert station.ask("SELECT count(*) FROM ticket WHERE search LIKE '%kt1%'") == [(2,)]


def test_a_ticket_is_found_by_its_code_however_it_is_typed(station: Laptop) -> None:
    code = report(station)
    for text in (code.lower(), f" {code[:2]} {code[2:]} ", "".join(chr(ord(c) + 0xFEE0) for c in code)):
        assert id_of(station, "ticket", text) == id_of(station, "ticket", code)


def test_deadlines_follow_kind_and_urgency(station: Laptop) -> None:
    usual = report(station, category="drain")
    pressing = report(station, category="drain", urgency="emergency")
    mild = report(station, category="drain", urgency="normal")
    hours = {
        code: (
            datetime.fromisoformat(row_of(station, code)["due_at"])
            - datetime.fromisoformat(row_of(station, code)["opened_at"])
        )
        / timedelta(hours=1)
        for code in (usual, pressing, mild)
    }
    assert list(hours.values()) == [48, 24, 96]


def test_a_compounds_own_deadlines_and_team_go_before_the_built_in_ones(station: Laptop) -> None:
    station.do("team.add", name="水工")
    station.do("ticket_category.add", code="drain", accept_hours=1, finish_hours=8, team_id="水工")
    row = row_of(station, report(station, category="drain"))
    opened = datetime.fromisoformat(row["opened_at"])
    # "Usually normal" is what they set, and the report says no other.
    assert datetime.fromisoformat(row["due_at"]) - opened == timedelta(hours=8)
    assert row["team_id"] == id_of(station, "team", "水工").hex
    station.do("ticket_category.archive", ticket_category="drain")
    row = row_of(station, report(station, category="drain"))
    assert datetime.fromisoformat(row["due_at"]) - datetime.fromisoformat(row["opened_at"]) == timedelta(
        hours=48
    )


def test_another_kind_moves_a_deadline_that_nobody_set_by_hand(station: Laptop) -> None:
    code = report(station)
    by_hand = report(station, due_at="2026-03-20T10:00:00+08:00")
    for one in (code, by_hand):
        station.do("ticket.edit", ticket=one, new={"category": "lift", "urgency": "emergency"})
    opened = datetime.fromisoformat(row_of(station, code)["opened_at"])
    assert datetime.fromisoformat(row_of(station, code)["due_at"]) - opened == timedelta(hours=24)
    assert row_of(station, by_hand)["due_at"] == "2026-03-20 02:00:00.000000"
    station.do("ticket.edit", ticket=by_hand, new={"due_at": None})
    opened = datetime.fromisoformat(row_of(station, by_hand)["opened_at"])
    assert datetime.fromisoformat(row_of(station, by_hand)["due_at"]) - opened == timedelta(hours=24)


@pytest.mark.parametrize("category", CATEGORIES.values())
def test_no_kind_of_job_is_due_before_it_should_be_taken(category: Category) -> None:
    for urgency in Urgency:
        taken = scaled(category.accept_hours, usual=category.urgency, urgency=urgency)
        done = scaled(category.finish_hours, usual=category.urgency, urgency=urgency)
        assert timedelta(hours=1) <= taken <= done


def test_what_waits_for_a_day_is_not_late_before_it_is_over() -> None:
    day = MORNING.date()
    for wait_until, late in ((day, False), (day - timedelta(days=1), True), (None, True)):
        told = overdue(State.WAITING, MORNING - timedelta(hours=1), wait_until, now=MORNING, today=day)
        assert told is late
    assert not overdue(State.DONE, MORNING - timedelta(days=9), None, now=MORNING, today=day)


def test_a_home_says_which_building_it_is(station: Laptop) -> None:
    row = row_of(station, report(station, household_id="3-1-502"))
    assert row["building_id"] == id_of(station, "building", "3").hex


def test_everything_about_a_ticket_is_searched_in_pinyin_too(station: Laptop) -> None:
    report(station, "楼道灯不亮", household_id="3-1-502", requester_id="张三", place="二楼拐角")
    for text in ("ldd", "loudaodeng", "3-1-502", "zs", "zhangsan", "elgj", "灯不亮"):
        found = station.ask("SELECT count(*) FROM ticket WHERE instr(search, ?) > 0", text)
        assert found == [(1,)], text


def test_new_reports_from_where_an_incident_strikes_are_its_own(station: Laptop) -> None:
    station.do("incident.open", name="3栋停水", category="water", buildings=["3"], words="五点来水")
    incident = id_of(station, "incident", "3栋停水").hex
    struck = report(station, household_id="3-1-502", category="water")
    assert row_of(station, struck)["incident_id"] == incident
    for more in (
        {"household_id": "4-1-101", "category": "water"},
        {"household_id": "3-1-502", "category": "lamp"},
        {"household_id": "3-1-502", "category": "water", "alone": True},
    ):
        assert row_of(station, report(station, **more))["incident_id"] is None
    station.do("incident.end", incident="3栋停水")
    assert row_of(station, report(station, household_id="3-1-502", category="water"))["incident_id"] is None


def test_whoever_takes_a_question_in_has_the_baton_until_another_takes_it_by_name(station: Laptop) -> None:
    code = report(station)
    boss, helper = id_of(station, "person", "王德胜").hex, id_of(station, "person", "张三").hex
    assert row_of(station, code)["holder_id"] == boss
    station.do("ticket.handover", ticket=code, to="张三", words="我下班了")
    assert (row_of(station, code)["holder_id"], row_of(station, code)["offered_to_id"]) == (boss, helper)
    assert refused(station, "ticket.take", {"ticket": code}).code == "ticket.baton_yours"
    sits_down(station, "李四")
    assert refused(station, "ticket.take", {"ticket": code}).code == "ticket.baton_not_offered"
    sits_down(station, "张三")
    station.do("ticket.take", ticket=code)
    assert (row_of(station, code)["holder_id"], row_of(station, code)["offered_to_id"]) == (helper, None)
    assert story_of(station, code) == ["report", "handover", "take"]


def test_a_declined_baton_stays_where_it_is(station: Laptop) -> None:
    code = report(station)
    boss = id_of(station, "person", "王德胜").hex
    station.do("ticket.handover", ticket=code, to="张三")
    sits_down(station, "张三")
    declined = station.do("ticket.decline", ticket=code, words="要去医院")
    assert (row_of(station, code)["holder_id"], row_of(station, code)["offered_to_id"]) == (boss, None)
    assert station.undo(declined.group_id).refused is None
    assert row_of(station, code)["offered_to_id"] is not None


def test_nobody_hands_over_a_question_that_is_answered(station: Laptop) -> None:
    code = report(station)
    make(station, code, Move.REJECT)
    verdict = refused(station, "ticket.handover", {"ticket": code, "to": "张三"})
    assert (verdict.code, verdict.params["state"]) == ("ticket.answered", "rejected")


def test_a_note_and_its_ticket_are_one_group_and_taken_back_as_one(station: Laptop) -> None:
    station.do("point.add", code="W1")
    station.do("walk.start", name="早巡")
    seen, ticket = str(station.ids()), str(station.ids())
    with station.store.write() as session:
        code = next_code(session, station.compound_id)
        outcome = perform(
            session,
            [
                Intent(
                    "walk.observe",
                    {
                        "id": seen,
                        "walk": str(id_of(station, "walk", "早巡")),
                        "point": str(id_of(station, "point", "W1")),
                        "level": "full",
                    },
                ),
                Intent(
                    "ticket.report",
                    {
                        "id": ticket,
                        "code": code,
                        "what": "W1 满",
                        "channel": "inspection",
                        "observations": [seen],
                    },
                ),
            ],
            station.acting,
        )
    assert outcome.refused is None
    assert station.ask("SELECT count(*) FROM ticket_link WHERE NOT archived") == [(1,)]
    assert station.undo(outcome.group_id).refused is None
    assert station.ask("SELECT archived FROM ticket") == [(1,)]
    assert station.ask("SELECT archived FROM observation") == [(1,)]


def test_merging_people_moves_their_batons_and_jobs_and_loses_no_ticket(station: Laptop) -> None:
    """One who holds the baton of their own question is no ring that would have to be broken."""
    code = report(station, requester_id="张三", holder="李四")
    sits_down(station, "李四")
    make(station, code, Move.ACCEPT)
    sits_down(station, "王德胜")
    station.do("person.merge", person="李四", into="张三")
    row = row_of(station, code)
    person = id_of(station, "person", "张三").hex
    assert (row["archived"], row["requester_id"], row["holder_id"]) == (0, person, person)
    assert station.ask("SELECT person_id FROM ticket_hand WHERE NOT archived") == [(person,)]


def test_letters_do_not_depend_on_the_machine() -> None:
    assert series(Ids("one")()) == series(Ids("one")())


def test_an_incidents_buildings_change_and_what_others_added_meanwhile_stays(station: Laptop) -> None:
    station.do("incident.open", name="停水", category="water", buildings=["3"])
    three, four = (id_of(station, "building", code) for code in ("3", "4"))
    moved = station.do("incident.strike", incident="停水", buildings=["4"], before=[str(three)])
    assert struck(station) == {four.hex}
    assert (
        row_of(station, report(station, household_id="4-1-101", category="water"))["incident_id"] is not None
    )
    # Whoever had seen neither of the two takes nothing out.
    station.do("incident.strike", incident="停水", buildings=["3"], before=[])
    assert struck(station) == {three.hex, four.hex}
    assert station.undo(moved.group_id).refused == Rejected("undo.changed_since", {"field": "buildings"})
    again = station.do("incident.strike", incident="停水", buildings=["3"], before=[str(three), str(four)])
    assert station.undo(again.group_id).refused is None
    assert struck(station) == {three.hex, four.hex}


def struck(laptop: Laptop) -> set[str]:
    return {one for (one,) in laptop.ask("SELECT building_id FROM incident_building WHERE NOT archived")}
