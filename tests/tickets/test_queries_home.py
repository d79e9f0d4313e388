"""What Home says of tickets, and whose buildings are whose."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from simulation.devices import MORNING, Laptop
from station import id_of, make, report, sits_down, ticket_in

from models.tables import table_of
from models.tickets.queries_home import HomeTickets, home_tickets, own_buildings
from models.tickets.rules import Move, State
from models.tickets.tables import TicketHand

TODAY = (MORNING + timedelta(hours=8)).date()


def home(laptop: Laptop, person: str | None = "张三") -> HomeTickets:
    person_id = None if person is None else id_of(laptop, "person", person)
    with laptop.store.read() as session:
        return home_tickets(session, laptop.compound_id, person_id, now=laptop.clock.now, today=TODAY)


def buildings(laptop: Laptop, person: str) -> list[str]:
    with laptop.store.read() as session:
        found = own_buildings(session, laptop.compound_id, id_of(laptop, "person", person), today=TODAY)
    return [one.code for one in found]


def test_an_empty_book_has_nothing_to_say(station: Laptop) -> None:
    assert home(station) == HomeTickets()
    assert home(station, None) == HomeTickets()


def test_what_is_over_counts_nowhere_and_what_is_open_where_it_stands(station: Laptop) -> None:
    for state in State:
        ticket_in(station, state)
    mine = home(station, None)
    # Reported and reopened have nobody; so has the one that a duplicate was joined into.
    assert (mine.board, mine.overdue) == (3, 0)
    assert not mine.calls


def test_a_baton_is_somebodys_until_its_question_is_answered(station: Laptop) -> None:
    code = report(station, holder="张三")
    assert home(station).batons == 1
    assert home(station, "李四").batons == 0
    make(station, code, Move.ACCEPT)
    make(station, code, Move.FINISH)
    assert home(station).batons == 1
    make(station, code, Move.RATE)
    assert home(station).batons == 0


def test_what_is_part_of_a_case_is_answered_with_it(station: Laptop) -> None:
    code = ticket_in(station, State.DONE)
    assert home(station, "王德胜").batons == 1
    station.do("ticket.gather", what="老堵", tickets=[code])
    assert home(station, "王德胜").batons == 1  # the case's own


def test_a_baton_that_is_offered_calls_for_whom_it_is_offered_to(station: Laptop) -> None:
    code = report(station)
    station.do("ticket.handover", ticket=code, to="张三")
    assert home(station).offered == 1
    assert home(station).calls
    sits_down(station, "张三")
    station.do("ticket.take", ticket=code)
    assert (home(station).offered, home(station).batons) == (0, 1)
    assert not home(station).calls


def test_jobs_count_while_they_are_open_and_late_ones_once(station: Laptop) -> None:
    due = (station.clock.now - timedelta(hours=1)).isoformat()
    code = report(station, holder="张三", accept_due_at=due, due_at=due)
    make(station, code, Move.ASSIGN, person="张三")
    both = home(station)
    assert (both.batons, both.jobs, both.late, both.overdue) == (1, 1, 1, 1)
    make(station, code, Move.FINISH)
    done = home(station)
    assert (done.jobs, done.late, done.overdue) == (0, 0, 0)


def test_a_job_that_two_claimed_calls_for_both(station: Laptop) -> None:
    code = report(station)
    make(station, code, Move.ASSIGN, person="张三")
    assert home(station).clashes == 0
    hand = table_of(TicketHand)
    with station.store.write() as session:
        row = dict(session.connection().execute(hand.select()).mappings().one())
        other: dict[str, object] = {"id": UUID(int=7), "person_id": id_of(station, "person", "李四")}
        session.connection().execute(hand.insert().values(row | other))
    for person in ("张三", "李四"):
        assert home(station, person).clashes == 1
        assert home(station, person).calls


def test_somebodys_buildings_are_those_they_lead_and_those_they_live_in(station: Laptop) -> None:
    assert buildings(station, "张三") == []
    station.do("occupancy.start", household="4-1-101", person="张三", relation="family", since="2020-01-01")
    station.do("role.grant", person="张三", role="building_lead", building="3", since="2020-01-01")
    assert buildings(station, "张三") == ["3", "4"]
    assert buildings(station, "李四") == []
