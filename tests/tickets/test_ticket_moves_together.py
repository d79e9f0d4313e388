"""Moves of one ticket that were made in one go are taken back in one go, and made again."""

from __future__ import annotations

from simulation.devices import Laptop
from station import id_of, make, report, row_of, state_of, story_of, ticket_in

from models.operations.envelope import Intent
from models.tickets.rules import Move, State


def both(laptop: Laptop, code: str, *moves: tuple[str, dict[str, object]]) -> list[Intent]:
    ticket = str(id_of(laptop, "ticket", code))
    return [
        Intent(f"ticket.{verb}", {"id": str(laptop.acting.new_id()), "ticket": ticket, **more})
        for verb, more in moves
    ]


def test_a_low_score_and_the_reopening_with_it_go_back_together(station: Laptop) -> None:
    code = ticket_in(station, State.DONE)
    before = row_of(station, code)
    made = station.together(*both(station, code, ("rate", {"score": 1}), ("reopen", {"words": "还漏"})))
    assert made.refused is None
    after = row_of(station, code)
    assert (after["state"], after["score"], after["reopened"]) == ("reopened", 1, 1)
    back = station.undo(made.group_id)
    assert back.refused is None
    assert row_of(station, code) == before
    assert station.undo(back.group_id).refused is None
    assert row_of(station, code) == after
    assert story_of(station, code)[-2:] in (["rate", "reopen"], ["reopen", "rate"])


def test_what_is_claimed_begun_and_done_in_one_go_goes_back_to_the_start(station: Laptop) -> None:
    code = report(station)
    before = row_of(station, code)
    made = station.together(*both(station, code, ("accept", {}), ("start", {}), ("finish", {"minutes": 10})))
    assert state_of(station, code) is State.DONE
    assert station.undo(made.group_id).refused is None
    assert row_of(station, code) == before


def test_nothing_goes_back_where_somebody_has_moved_the_ticket_since(station: Laptop) -> None:
    code = ticket_in(station, State.DONE)
    made = station.together(*both(station, code, ("rate", {"score": 1}), ("reopen", {"words": "还漏"})))
    make(station, code, Move.ACCEPT)
    before = row_of(station, code)
    refused = station.undo(made.group_id).refused
    assert refused is not None
    assert refused.code == "undo.changed_since"
    assert row_of(station, code) == before
