"""Moves: what the state table lets through, what is refused and why, and what an undo brings back."""

from __future__ import annotations

from uuid import UUID

import pytest
from simulation.devices import Laptop
from station import (
    hands_of,
    id_of,
    make,
    payload,
    refused,
    report,
    row_of,
    sits_down,
    state_of,
    story_of,
    ticket_in,
)

from models.operations.envelope import Intent
from models.operations.verdicts import Merged, Rejected
from models.tickets.rules import Move, State, after, lawful

#: What a volunteer may expect from each state, written down apart from the table.
EXPECTED = {
    State.REPORTED: {"accept", "assign", "start", "wait", "finish", "reject", "cancel", "join"},
    State.ACCEPTED: {"accept", "assign", "release", "start", "wait", "finish", "reject", "cancel", "join"},
    State.IN_PROGRESS: {"accept", "assign", "release", "wait", "finish", "reject", "cancel", "join"},
    State.WAITING: {"accept", "assign", "release", "start", "wait", "finish", "reject", "cancel", "join"},
    State.REOPENED: {"accept", "assign", "release", "start", "wait", "finish", "reject", "cancel", "join"},
    State.DONE: {"rate", "close", "reopen"},
    State.CLOSED: {"rate", "reopen"},
    State.REJECTED: {"reopen"},
    State.CANCELLED: {"reopen"},
    State.DUPLICATE: {"part"},
}


@pytest.mark.parametrize("state", State)
def test_every_state_lets_through_what_people_expect(state: State) -> None:
    assert {move.value for move in lawful(state)} == EXPECTED[state]


@pytest.mark.parametrize("state", State)
def test_every_move_from_every_state(station: Laptop, state: State) -> None:
    """Lawful moves lead where the table says; others are refused with the state and the move, and change nothing."""
    for move in Move:
        sits_down(station, "王德胜")
        code = ticket_in(station, state)
        make_room(station, code, state, move)
        before, to = row_of(station, code), after(state, move)
        given = payload(station, code, move)
        if to is not None:
            station.do(f"ticket.{move}", given)
            assert state_of(station, code) is to
        elif move is Move.RATE:  # a fact is kept, closes nothing, and is flagged
            station.do("ticket.rate", given)
            assert state_of(station, code) is state
            assert ("ticket.rated_early",) in station.ask("SELECT code FROM flag")
        else:
            verdict = refused(station, f"ticket.{move}", given)
            assert verdict.code == ("ticket.hand_not" if hands_missing(state, move) else "ticket.unlawful")
            told = {"code": code, "state": state.value, "move": move.value}
            assert verdict.params == (told if verdict.code == "ticket.unlawful" else {"code": code})
            assert row_of(station, code) == before


def make_room(laptop: Laptop, code: str, state: State, move: Move) -> None:
    """Let somebody else join a job that has a hand already."""
    if move in {Move.ACCEPT, Move.ASSIGN} and state in {State.ACCEPTED, State.IN_PROGRESS, State.WAITING}:
        laptop.do("ticket.edit", ticket=code, new={"wanted_hands": 2})
        if move is Move.ACCEPT:
            sits_down(laptop, "张三")


def hands_missing(state: State, move: Move) -> bool:
    return move is Move.RELEASE and state in {
        State.REPORTED,
        State.REJECTED,
        State.DUPLICATE,
        State.CANCELLED,
    }


@pytest.mark.parametrize("state", State)
def test_a_move_taken_back_leaves_what_was_there_and_can_be_made_again(station: Laptop, state: State) -> None:
    for move in lawful(state):
        sits_down(station, "王德胜")
        code = ticket_in(station, state)
        make_room(station, code, state, move)
        before = whole(station, code)
        made = make(station, code, move)
        changed = whole(station, code)
        assert changed[2] == [*before[2], move.value]
        sits_down(station, "王德胜")
        back = station.undo(made.group_id)
        assert back.refused is None
        assert whole(station, code) == before
        assert station.undo(back.group_id).refused is None
        assert whole(station, code) == changed


def whole(laptop: Laptop, code: str) -> tuple[dict[str, object], list[str], list[str]]:
    return row_of(laptop, code), hands_of(laptop, code), story_of(laptop, code)


def test_what_has_moved_on_is_not_taken_back(station: Laptop) -> None:
    code = report(station)
    claimed = make(station, code, Move.ACCEPT)
    make(station, code, Move.START)
    outcome = station.undo(claimed.group_id)
    assert outcome.refused == Rejected("undo.changed_since", {"field": "state"})
    assert state_of(station, code) is State.IN_PROGRESS


def test_sums_follow_the_story_whatever_is_taken_back_between(station: Laptop) -> None:
    code = report(station)
    first = station.do("ticket.log", ticket=code, minutes=30, cost=500, words="看了")
    station.do("ticket.log", ticket=code, minutes=45, cost=0, words="换了弯头")
    station.do("ticket.finish", ticket=code, minutes=15, cost=1200)
    assert sums(station, code) == (90, 1700, 3)
    back = station.undo(first.group_id)
    assert sums(station, code) == (60, 1200, 2)
    station.undo(back.group_id)
    assert sums(station, code) == (90, 1700, 3)


def sums(laptop: Laptop, code: str) -> tuple[int, ...]:
    return laptop.ask("SELECT minutes, cost, visits FROM ticket WHERE code = ?", code)[0]


def test_reopening_is_counted_and_keeps_who_did_it(station: Laptop) -> None:
    code = ticket_in(station, State.DONE)
    for n in (1, 2):
        make(station, code, Move.REOPEN)
        assert row_of(station, code)["reopened"] == n
        assert hands_of(station, code) == ["王德胜"]
        make(station, code, Move.ACCEPT)
        make(station, code, Move.FINISH)


def test_a_full_job_takes_no_more_hands_and_says_so(station: Laptop) -> None:
    code = report(station, wanted_hands=2)
    for name in ("张三", "李四"):
        sits_down(station, name)
        make(station, code, Move.ACCEPT)
    assert hands_of(station, code) == ["张三", "李四"]
    sits_down(station, "王德胜")
    verdict = refused(station, "ticket.accept", {"ticket": code})
    assert (verdict.code, verdict.params) == ("ticket.hands_full", {"code": code, "n": 2})


def test_who_gives_back_a_job_of_two_leaves_it_with_the_other(station: Laptop) -> None:
    code = report(station, wanted_hands=2)
    for name in ("张三", "李四"):
        sits_down(station, name)
        make(station, code, Move.ACCEPT)
    make(station, code, Move.RELEASE)
    assert (state_of(station, code), hands_of(station, code)) == (State.ACCEPTED, ["张三"])
    sits_down(station, "张三")
    make(station, code, Move.RELEASE)
    assert (state_of(station, code), hands_of(station, code)) == (State.REPORTED, [])


def test_a_volunteer_drops_no_question_of_somebody_else(station: Laptop) -> None:
    code = report(station)
    done = ticket_in(station, State.DONE)
    sits_down(station, "张三")
    for move, of in ((Move.REJECT, code), (Move.CANCEL, code), (Move.CLOSE, done), (Move.ASSIGN, code)):
        verdict = refused(station, f"ticket.{move}", payload(station, of, move))
        assert verdict.code == "ticket.not_holder"
    assert refused(station, "ticket.archive", {"ticket": code}).code == "ticket.not_holder"
    own = report(station, "我接的电话")
    make(station, own, Move.REJECT)
    assert state_of(station, own) is State.REJECTED


def test_taking_a_step_back_is_no_way_around_who_may_make_it(station: Laptop) -> None:
    code = report(station)
    rejected = make(station, code, Move.REJECT)
    sits_down(station, "张三")
    assert station.undo(rejected.group_id).refused == Rejected("ticket.not_holder", {"code": code})
    assert state_of(station, code) is State.REJECTED


def test_a_supervisor_only_reads(station: Laptop) -> None:
    code = report(station)
    station.do("role.grant", person="赵敏", role="supervisor")
    sits_down(station, "赵敏")
    assert refused(station, "ticket.accept", {"ticket": code}).code == "role.missing"
    station.do("ticket.comment", ticket=code, words="看过了")  # a fact is kept and flagged
    assert ("role.missing",) in station.ask("SELECT code FROM flag")


def test_a_job_does_not_wait_for_a_day_that_is_past(station: Laptop) -> None:
    code = report(station)
    assert refused(station, "ticket.wait", {"ticket": code, "until": "2026-03-01"}).code == "ticket.wait_past"


def test_a_duplicate_of_a_duplicate_is_one_of_what_answers_both(station: Laptop) -> None:
    first, second, third = (report(station, what) for what in ("堵", "又堵", "还堵"))
    station.do("ticket.join", ticket=second, into=first)
    station.do("ticket.join", ticket=third, into=second)
    assert row_of(station, third)["parent_id"] == id_of(station, "ticket", first).hex
    assert refused(station, "ticket.join", {"ticket": first, "into": third}).code == "ticket.join_itself"


def test_a_case_takes_its_tickets_and_gives_them_back(station: Laptop) -> None:
    closed, going = ticket_in(station, State.CLOSED), ticket_in(station, State.ACCEPTED)
    before = [row_of(station, code) for code in (closed, going)]
    made = station.do("ticket.gather", what="3栋老堵", tickets=[closed, going], join=True)
    [(case, is_case, category)] = station.ask("SELECT code, is_case, category FROM ticket WHERE is_case")
    assert (is_case, category) == (1, "drain")
    assert (state_of(station, closed), state_of(station, going)) == (State.CLOSED, State.DUPLICATE)
    assert row_of(station, closed)["parent_id"] == id_of(station, "ticket", case).hex
    assert station.undo(made.group_id).refused is None
    assert [row_of(station, code) for code in (closed, going)] == before
    assert station.ask("SELECT archived FROM ticket WHERE is_case") == [(1,)]


def test_an_operation_met_twice_tells_nothing_twice(station: Laptop) -> None:
    code = report(station)
    line = str(station.ids())
    for kind, more in (("ticket.comment", {"words": "急"}), ("ticket.log", {"minutes": 5})):
        station.do(kind, {"id": line, "ticket": code, **more})
        outcome = station.do(kind, {"id": line, "ticket": code, **more})
        assert isinstance(outcome.verdicts[0], Merged)
        line = str(station.ids())
    assert story_of(station, code) == ["report", "comment", "log"]
    assert sums(station, code) == (5, 0, 1)


def test_a_report_and_what_was_done_with_it_are_taken_back_in_one_go(station: Laptop) -> None:
    """Taken in and joined, or taken in and claimed on the spot: one undo takes both back."""
    other = id_of(station, "ticket", report(station))
    for kind, more in (("ticket.join", {"into": str(other)}), ("ticket.accept", {})):
        row_id = str(station.ids())
        made = station.together(
            Intent("ticket.report", {"id": row_id, "what": "灯坏了"}),
            Intent(kind, {"id": str(station.ids()), "ticket": row_id, **more}),
        )
        assert made.refused is None
        assert station.undo(made.group_id).refused is None
        assert station.ask("SELECT archived FROM ticket WHERE id = ?", UUID(row_id).hex) == [(1,)]


def test_a_report_stays_once_somebody_has_done_something_about_it(station: Laptop) -> None:
    for kind, more in (
        ("ticket.accept", {}),
        ("ticket.comment", {"words": "急"}),
        ("ticket.edit", {"new": {"place": "楼顶"}}),
    ):
        row_id = str(station.ids())
        taken_in = station.do("ticket.report", id=row_id, what="灯坏了")
        since = station.do(kind, ticket=row_id, **more)
        assert station.undo(taken_in.group_id).refused == Rejected("undo.changed_since", {"field": ""})
        if kind != "ticket.edit":
            assert station.undo(since.group_id).refused is None
            assert station.undo(taken_in.group_id).refused is None
