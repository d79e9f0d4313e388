"""A ticket's whole story: line by line, who had the baton, what belongs to it."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from simulation.devices import MORNING, Laptop
from station import id_of, make, report, sits_down

from models.operations.envelope import Intent
from models.tickets.queries import Asked
from models.tickets.queries_story import EVENT, TicketStory, event_lines, every_event, ticket_story
from models.tickets.rules import Move, State

TODAY = (MORNING + timedelta(hours=8)).date()


def asked(laptop: Laptop) -> Asked:
    return Asked(now=laptop.clock.now, today=TODAY)


def story(laptop: Laptop, code: str) -> TicketStory:
    with laptop.store.read() as session:
        found = ticket_story(session, laptop.compound_id, id_of(laptop, "ticket", code), asked(laptop))
    assert found is not None
    return found


def test_nobodys_ticket_has_no_story(laptop: Laptop) -> None:
    with laptop.store.read() as session:
        assert ticket_story(session, laptop.compound_id, UUID(int=1), asked(laptop)) is None


def test_the_baton_goes_from_hand_to_hand_until_the_question_is_answered(station: Laptop) -> None:
    code = report(station)
    station.do("ticket.handover", ticket=code, to="张三", words="你去看看")
    asked_over = story(station, code)
    assert [(held.name, held.until) for held in asked_over.batons] == [("王德胜", None)]
    assert asked_over.ticket.offered_to == "张三"
    sits_down(station, "张三")
    station.do("ticket.take", ticket=code)
    make(station, code, Move.FINISH)
    first, second = story(station, code).batons
    assert (first.name, second.name) == ("王德胜", "张三")
    # Done is not answered: nobody has asked the requester yet.
    assert first.until == second.since
    assert second.until is None
    make(station, code, Move.RATE)
    told = story(station, code)
    assert told.ticket.state is State.CLOSED
    assert told.batons[-1].until == told.ticket.closed_at


def test_lines_come_oldest_first_and_what_was_taken_back_comes_apart(station: Laptop) -> None:
    code = report(station)
    station.do("ticket.comment", ticket=code, words="两点在家")
    claim = make(station, code, Move.ACCEPT)
    assert station.undo(claim.group_id).refused is None
    make(station, code, Move.ASSIGN)
    told = story(station, code)
    assert [line.kind for line in told.events] == ["report", "comment", "assign"]
    assert [line.kind for line in told.taken_back] == ["accept"]
    assert (told.events[1].words, told.events[2].person) == ("两点在家", "李四")
    assert {line.ticket for line in told.events} == {code}


def test_paper_typed_in_later_says_who_did_it_and_who_typed(station: Laptop) -> None:
    code = report(station)
    payload = {"id": str(station.ids()), "ticket": id_of(station, "ticket", code).hex}
    station.together(Intent("ticket.accept", payload, doer_id=id_of(station, "person", "李四")))
    claim = story(station, code).events[-1]
    assert (claim.doer, claim.recorder, claim.person) == ("李四", "王德胜", "李四")


def links(laptop: Laptop, code: str) -> list[tuple[str, str, str | None, str]]:
    return [(link.point, link.walk, link.level, link.note) for link in story(laptop, code).links]


def test_what_a_ticket_is_linked_with_says_where_it_was_seen(station: Laptop) -> None:
    station.do("point.add", code="W01", kind="well")
    station.do("walk.start", name="晨检")
    seen = station.do("walk.observe", walk="晨检", point="W01", level="full", note="冒水")
    code = report(station, observations=[str(seen.operations[0].payload["id"])])
    station.do("point.add", code="W02", kind="well")
    station.do("ticket.link", ticket=code, point="W02")
    assert links(station, code) == [("W01", "晨检", "full", "冒水"), ("W02", "", None, "")]


def test_a_case_shows_its_tickets_and_each_of_them_the_case(station: Laptop) -> None:
    codes = [report(station, "又堵了") for _ in range(3)]
    station.do("ticket.gather", what="总管堵", tickets=codes, join=True)
    [(case,)] = station.ask("SELECT code FROM ticket WHERE is_case")
    assert {line.code for line in story(station, case).parts} == set(codes)
    parent = story(station, codes[0]).parent
    assert parent is not None
    assert parent.code == case
    assert story(station, codes[0]).events[-1].other == case


def test_a_story_names_its_incident(station: Laptop) -> None:
    station.do("incident.open", name="3栋停水", category="water", buildings=["3"])
    code = report(station, "没水", category="water", building_id="3")
    assert story(station, code).incident == "3栋停水"


def test_every_line_of_every_story_is_read_once_in_order(station: Laptop) -> None:
    for _ in range(3):
        make(station, report(station), Move.ACCEPT)
    with station.store.read() as session:
        every = list(every_event(session, station.compound_id))
        assert tuple(every) == event_lines(session, station.compound_id)
        claims = event_lines(session, station.compound_id, EVENT.c.kind == "accept")
    assert [line.at for line in every] == sorted(line.at for line in every)
    assert (len(every), len(claims)) == (6, 3)
