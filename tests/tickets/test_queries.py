"""Lists of tickets: what each view shows, in which order, and what a search finds."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from simulation.devices import MORNING, Laptop
from station import id_of, make, report, row_of, sits_down, ticket_in

from models.tickets.queries import (
    Asked,
    TicketLine,
    View,
    count_tickets,
    every_ticket,
    find_tickets,
    page_tickets,
    tickets_of,
)
from models.tickets.rules import Move, State

TODAY = (MORNING + timedelta(hours=8)).date()


def asked(laptop: Laptop, **more: Any) -> Asked:
    return Asked(now=laptop.clock.now, today=TODAY, **more)


def lines(laptop: Laptop, **more: Any) -> Sequence[TicketLine]:
    """Return a list as it is paged through; counted, found and read as a whole it is the same."""
    question = asked(laptop, **more)
    with laptop.store.read() as session:
        page = page_tickets(session, laptop.compound_id, question)
        assert count_tickets(session, laptop.compound_id, question) == len(page)
        found = find_tickets(session, laptop.compound_id, question)
        assert tickets_of(session, laptop.compound_id, found.ids(0, 50), question) == page
        whole = {line.id for line in every_ticket(session, laptop.compound_id, question)}
        assert whole == {line.id for line in page}
    return page


def codes(laptop: Laptop, **more: Any) -> list[str]:
    return [line.code for line in lines(laptop, **more)]


def test_each_view_shows_what_stands_so(station: Laptop) -> None:
    by_state = {state: ticket_in(station, state) for state in State}
    del by_state[State.DUPLICATE]  # what it was joined to is open, too
    shown = {view: set(codes(station, view=view)) & set(by_state.values()) for view in View}
    states = {
        view: {state for state, code in by_state.items() if code in shown[view]}
        for view in (View.OPEN, View.BOARD, View.WAITING, View.CALL_BACK, View.ENDED)
    }
    assert states == {
        View.OPEN: {State.REPORTED, State.ACCEPTED, State.IN_PROGRESS, State.WAITING, State.REOPENED},
        View.BOARD: {State.REPORTED, State.REOPENED},
        View.WAITING: {State.WAITING},
        View.CALL_BACK: {State.DONE},
        View.ENDED: {State.CLOSED, State.REJECTED, State.CANCELLED},
    }
    assert shown[View.ALL] == set(by_state.values())


def test_what_presses_most_comes_first_and_of_equals_what_waits_longest(station: Laptop) -> None:
    mild = report(station, urgency="normal")
    pressing = report(station, urgency="urgent")
    worst = report(station, urgency="emergency")
    later = report(station, urgency="urgent")
    for view in (View.OPEN, View.BOARD):
        assert codes(station, view=view) == [worst, pressing, later, mild]
    assert codes(station, view=View.ALL) == [later, worst, pressing, mild]


def test_a_group_job_is_on_the_board_until_it_has_its_hands(station: Laptop) -> None:
    code = report(station, wanted_hands=2)
    make(station, code, Move.ACCEPT)
    assert codes(station, view=View.BOARD) == [code]
    make(station, code, Move.ASSIGN)
    assert codes(station, view=View.BOARD) == []
    assert [hand.name for hand in lines(station)[0].hands] == ["王德胜", "李四"]


def test_what_waits_for_a_day_is_late_only_when_the_day_is_over(station: Laptop) -> None:
    code = report(station, due_at=(MORNING + timedelta(hours=1)).isoformat())
    station.clock.now += timedelta(hours=2)
    assert codes(station, view=View.OVERDUE) == [code]
    station.do("ticket.wait", ticket=code, until=TODAY.isoformat(), wait_for="part")
    assert codes(station, view=View.OVERDUE) == []
    with station.store.read() as session:
        tomorrow = Asked(now=station.clock.now, today=TODAY + timedelta(days=1), view=View.OVERDUE)
        [late] = page_tickets(session, station.compound_id, tomorrow)
    assert late.overdue


def test_mine_is_what_i_hold_am_asked_to_take_or_do(station: Laptop) -> None:
    me = id_of(station, "person", "张三")
    held, offered, doing, others = (report(station) for _ in range(4))
    for code in (held, offered):
        station.do("ticket.handover", ticket=code, to="张三")
    station.do("ticket.assign", ticket=doing, person="张三")
    sits_down(station, "张三")
    station.do("ticket.take", ticket=held)
    assert set(codes(station, view=View.MINE, person_id=me)) == {held, offered, doing}
    assert others not in codes(station, view=View.ALL, mine=True, person_id=me)
    make(station, doing, Move.FINISH)
    # What I have done is somebody else's now: whoever has the baton asks how it was.
    assert set(codes(station, view=View.MINE, person_id=me)) == {held, offered}
    assert set(codes(station, view=View.ALL, mine=True, person_id=me)) == {held, offered}
    assert set(codes(station, view=View.ALL, about_id=me)) == {held, doing}


@pytest.fixture
def board(station: Laptop) -> dict[str, str]:
    """Jobs of a team, of a skill, of both, and of neither."""
    for team in ("水工队", "电工队"):
        station.do("team.add", name=team)
    station.do("ticket_category.add", code="power", accept_hours=2, finish_hours=24, skill="电 工")
    station.do("ticket_category.add", code="lamp", accept_hours=2, finish_hours=24, skill="电")
    return {
        "team": report(station, team_id="水工队"),
        "other team": report(station, team_id="电工队"),
        "skill": report(station, category="power"),
        "skill and other team": report(station, category="power", team_id="电工队"),
        "other skill": report(station, category="lamp"),
        "neither": report(station, category="door"),
    }


@pytest.mark.parametrize(
    ("person", "suiting"),
    [
        ({}, {"neither"}),
        # A skill is the whole word, however it was typed: who can do 电工 has not said 电.
        ({"skills": ["电工", "唱歌"]}, {"neither", "skill", "skill and other team"}),
        ({"skills": ["高级电工"]}, {"neither"}),
        ({"skills": ["%"]}, {"neither"}),
        ({"team": "水工队"}, {"neither", "team"}),
        # Who learnt a trade and left the team still can, but is not asked for what is the team's.
        ({"team": "水工队", "left": True}, {"neither"}),
    ],
)
def test_the_board_keeps_what_somebodys_teams_and_skills_are_for(
    station: Laptop, board: dict[str, str], person: dict[str, Any], suiting: set[str]
) -> None:
    station.do("person.add", name="钱多", skills=person.get("skills", []))
    if "team" in person:
        station.do("team.join", person="钱多", team=person["team"], since="2026-01-01")
    if "left" in person:
        [(member,)] = station.ask("SELECT id FROM team_member")
        station.do("team_member.end", team_member=member, until="2026-02-01")
    me = id_of(station, "person", "钱多")
    shown = set(codes(station, view=View.BOARD, suiting=True, person_id=me))
    assert shown == {board[name] for name in suiting}
    assert set(codes(station, view=View.BOARD, person_id=me)) == set(board.values())
    # Nobody sits there: nothing is kept from them.
    assert set(codes(station, view=View.BOARD, suiting=True)) == set(board.values())


@pytest.fixture
def sought(station: Laptop) -> dict[str, str]:
    station.do("household.add", code="13-1-502")
    station.do("person.edit", person="张三", new={"phones": ["13977778888"]})
    station.do("point.add", code="W01", kind="well", name="北门井")
    found = {
        "flat": report(station, "厨房下水堵了", household_id="3-1-502", requester_id="张三"),
        "neighbour": report(station, "灯坏了", household_id="13-1-502", requester_name="张山"),
        "building": report(station, "楼道脏", building_id="3"),
        "well": report(station, "井盖响" + "，" * 70 + "半夜最响", point_id="W01"),
        "gate": report(station, "关不上 5% _", place="南大门", requester_phone="13800001287"),
    }
    with station.store.write() as session:  # as the server gives them
        for number, code in enumerate(found.values(), 1285):
            session.connection().exec_driver_sql(
                "UPDATE ticket SET number = ? WHERE code = ?", (number, code)
            )
    return found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("下水", {"flat"}),
        ("xsdl", {"flat"}),
        ("zs", {"flat", "neighbour"}),
        ("zhangsan", {"flat"}),
        ("北门", {"well"}),
        ("w01", {"well"}),
        ("半夜最响", {"well"}),
        ("南大门", {"gate"}),
        ("ndm", {"gate"}),
        ("3-1-502", {"flat", "neighbour"}),
        ("３栋１单元５０２", {"flat"}),
        ("3栋", {"flat", "building"}),
        ("三号楼", {"flat", "building"}),
        ("3栋 堵", {"flat"}),
        ("堵　张三", {"flat"}),
        ("堵 张山", set()),
        ("#1287", {"building"}),
        ("＃１２８７", {"building"}),
        ("1287号", {"building"}),
        ("1287", {"building", "gate"}),
        # Who calls again is found by the number in the register.
        ("13977778888", {"flat"}),
        ("8888", {"flat"}),
        ("888", set()),
        ("%", {"gate"}),
        ("_", {"gate"}),
        ("#", set()),
        ("x" * 400, set()),
        ("9" * 30, set()),
    ],
)
def test_a_search_finds_words_pinyin_codes_numbers_and_places(
    station: Laptop, sought: dict[str, str], text: str, found: set[str]
) -> None:
    assert set(codes(station, view=View.ALL, text=text)) == {sought[name] for name in found}


def test_what_a_search_spells_out_comes_first(station: Laptop, sought: dict[str, str]) -> None:
    assert codes(station, view=View.ALL, text="1287") == [sought["building"], sought["gate"]]
    letters, number = sought["flat"][:2], sought["flat"][2:]
    more = [report(station) for _ in range(12)]
    assert f"{letters}{number}1" in more
    for typed in (f"{letters}{number}", f"{letters.lower()} {number}"):
        assert codes(station, view=View.ALL, text=typed)[0] == sought["flat"]


def test_a_code_that_two_laptops_gave_is_found_with_its_tail(station: Laptop) -> None:
    for n in range(2):
        station.do("ticket.report", id=str(station.ids()), code="KT1", what=f"灯{n}")
    [first, second] = codes(station, view=View.OPEN)
    assert id_of(station, "ticket", "kt 1") == id_of(station, "ticket", first)
    assert second.startswith("KT1-")
    assert set(codes(station, view=View.ALL, text="kt1")) == {first, second}
    assert codes(station, view=View.ALL, text=second.lower()) == [second]
    # Where the other laptop's has not come in yet, the slip that says KT2 means this one.
    station.do("ticket.report", id=str(station.ids()), code="KT2-00AB", what="灯2")
    assert row_of(station, "KT2-00AB")["what"] == "灯2"
    assert id_of(station, "ticket", "kt2") == id_of(station, "ticket", "KT2-00AB")


def test_filters_narrow_any_view(station: Laptop, sought: dict[str, str]) -> None:
    home, block = id_of(station, "household", "3-1-502"), id_of(station, "building", "3")
    well = id_of(station, "point", "W01")
    gate = id_of(station, "ticket", sought["gate"])
    for view in (View.OPEN, View.ALL):
        assert codes(station, view=view, household_id=home) == [sought["flat"]]
        assert set(codes(station, view=view, building_id=block)) == {sought["flat"], sought["building"]}
        assert codes(station, view=view, point_id=well) == [sought["well"]]
        assert codes(station, view=view, only=frozenset({gate})) == [sought["gate"]]
        assert codes(station, view=view, only=frozenset()) == []
        assert codes(station, view=view, category="drain") == []
        assert codes(station, view=view, states=frozenset({State.DONE})) == []


def test_archived_tickets_are_shown_alone_or_not_at_all(station: Laptop, sought: dict[str, str]) -> None:
    station.do("ticket.archive", ticket=sought["gate"])
    assert sought["gate"] not in codes(station, view=View.ALL)
    [line] = lines(station, view=View.ALL, archived=True)
    assert (line.code, line.archived) == (sought["gate"], True)


def test_a_line_names_what_it_refers_to(station: Laptop, sought: dict[str, str]) -> None:
    by_code = {line.code: line for line in lines(station, view=View.ALL)}
    flat, well, gate = (by_code[sought[name]] for name in ("flat", "well", "gate"))
    assert (flat.requester, flat.household, flat.building, flat.holder) == ("张三", "3-1-502", "3", "王德胜")
    assert (well.point, well.where, gate.where, gate.number) == ("W01", "W01", "南大门", 1289)
