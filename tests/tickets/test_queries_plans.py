"""What the lists of tickets cost: which index leads to what is asked for, however many are stored."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from simulation.devices import MORNING, Laptop
from sqlalchemy import UniqueConstraint, event
from sqlmodel import Session
from station import report

from models.store import Store
from models.tables import Synced, table_of
from models.tickets.finders import find_ticket
from models.tickets.queries import Asked, View, count_tickets, find_tickets, page_tickets
from models.tickets.queries_near import near
from models.tickets.queries_story import ticket_story
from models.tickets.tables import Ticket, TicketEvent, TicketHand, TicketLink

TODAY = date(2026, 3, 2)
SOMEBODY = UUID(int=7)
#: The index of all tickets by when they came.
BY_AGE = "ix_ticket_compound_id_opened_at_id_archived_state"
BY_STATE = "ix_ticket_compound_id_state_archived_id"


@contextmanager
def statements(store: Store) -> Iterator[list[tuple[str, Any]]]:
    heard: list[tuple[str, Any]] = []

    def hear(_connection: object, _cursor: object, statement: str, parameters: Any, *_: object) -> None:
        heard.append((statement, parameters))

    event.listen(store.engine, "before_cursor_execute", hear)
    yield heard
    event.remove(store.engine, "before_cursor_execute", hear)


def plans(laptop: Laptop, question: Callable[[Session, UUID], object]) -> list[str]:
    """Return how SQLite goes about each statement of a question that reads tickets."""
    with statements(laptop.store) as heard, laptop.store.read() as session:
        question(session, laptop.compound_id)
    found = []
    with laptop.store.read() as session:
        for statement, parameters in heard:
            if "FROM ticket " in statement.replace("\n", " "):
                steps = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
                found.append(" | ".join(step.detail for step in steps))
    assert found
    return found


def asked(**more: Any) -> Asked:
    return Asked(now=MORNING, today=TODAY, **({"person_id": SOMEBODY} | more))


LISTS: list[tuple[dict[str, Any], str]] = [
    ({"view": View.OPEN}, BY_STATE),
    ({"view": View.BOARD, "suiting": True}, BY_STATE),
    ({"view": View.OVERDUE}, BY_STATE),
    ({"view": View.WAITING}, BY_STATE),
    ({"view": View.CALL_BACK}, BY_STATE),
    ({"view": View.MINE}, "ix_ticket_compound_id_holder_id_state"),
    ({"view": View.ALL, "mine": True}, "ix_ticket_compound_id_offered_to_id"),
    ({"view": View.ENDED, "about_id": SOMEBODY}, "ix_ticket_compound_id_requester_id"),
    ({"view": View.ALL, "about_id": SOMEBODY}, "ix_ticket_hand_compound_id_person_id_archived"),
    ({"view": View.ALL, "household_id": SOMEBODY}, "ix_ticket_compound_id_household_id_opened_at"),
    ({"view": View.ALL, "building_id": SOMEBODY}, "ix_ticket_compound_id_building_id_opened_at"),
    ({"view": View.ALL, "point_id": SOMEBODY}, "ix_ticket_compound_id_point_id_opened_at"),
    ({"view": View.ALL, "parent_id": SOMEBODY}, "ix_ticket_compound_id_parent_id"),
    ({"view": View.ALL, "incident_id": SOMEBODY}, "ix_ticket_compound_id_incident_id"),
    ({"view": View.ALL, "text": "#1287"}, "ix_ticket_compound_id_number"),
    ({"view": View.OPEN, "text": "下水"}, BY_STATE),
]


@pytest.mark.parametrize(("more", "index"), LISTS, ids=str)
def test_an_index_leads_to_what_a_list_asks_for(laptop: Laptop, more: dict[str, Any], index: str) -> None:
    question = asked(**more)
    for ask in (count_tickets, page_tickets, find_tickets):
        [plan, *_] = plans(laptop, lambda session, compound, ask=ask: ask(session, compound, question))
        assert index in plan, (ask.__name__, plan)
        assert "SCAN ticket" not in plan, (ask.__name__, plan)


@pytest.mark.parametrize("view", [View.ALL, View.ENDED])
def test_everything_is_counted_and_passed_over_without_a_look_at_the_rows(laptop: Laptop, view: View) -> None:
    question = asked(view=view)
    [counted] = plans(laptop, lambda session, compound: count_tickets(session, compound, question))
    assert "COVERING INDEX" in counted
    [last] = plans(laptop, lambda session, compound: page_tickets(session, compound, question, offset=49_900))
    assert BY_AGE in last
    assert "TEMP B-TREE" not in last
    with laptop.store.read() as session:
        columns = session.connection().exec_driver_sql(f"PRAGMA index_info({BY_AGE})").all()
    assert {"compound_id", "archived", "state"} <= {column.name for column in columns}


def test_what_a_report_is_compared_with_is_found_by_place_or_among_what_is_open(laptop: Laptop) -> None:
    place = {"household_id": SOMEBODY, "building_id": SOMEBODY, "point_id": SOMEBODY}
    found = plans(
        laptop,
        lambda session, compound: near(session, compound, now=MORNING, today=TODAY, text="下水堵了", **place),
    )
    assert not [plan for plan in found if "SCAN ticket" in plan or BY_AGE in plan], found


def test_a_story_is_found_by_its_ticket(station: Laptop) -> None:
    code = report(station)
    [(hexed,)] = station.ask("SELECT id FROM ticket WHERE code = ?", code)
    found = plans(station, lambda session, compound: ticket_story(session, compound, UUID(hexed), asked()))
    assert not [plan for plan in found if "SCAN ticket" in plan or BY_AGE in plan], found


@pytest.mark.parametrize("view", list(View))
def test_a_page_takes_as_many_statements_however_many_tickets_it_shows(station: Laptop, view: View) -> None:
    taken = set()
    for _ in range(2):
        for _ in range(5):
            report(station, household_id="3-1-502", requester_id="张三")
        with statements(station.store) as heard, station.store.read() as session:
            page_tickets(session, station.compound_id, asked(view=view, suiting=True))
        taken.add(len(heard))
    assert len(taken) == 1
    assert max(taken) <= 10


@pytest.mark.parametrize("model", [Ticket, TicketEvent, TicketHand, TicketLink])
def test_whatever_a_ticket_refers_to_finds_back_by_an_index(model: type[Synced]) -> None:
    """A pulled page takes the rows away that it brings anew, and for each the database looks for what refers to it."""
    table = table_of(model)
    keys = [index.columns for index in table.indexes]
    keys += [one.columns for one in table.constraints if isinstance(one, UniqueConstraint)]
    led = {tuple(column.name for column in key)[:2] for key in keys}
    for reference in table.foreign_key_constraints:
        assert tuple(reference.column_keys) in led


@pytest.mark.parametrize(("text", "index"), [("KT27", "code"), ("1287", "number"), ("#1287", "number")])
def test_a_ticket_is_found_by_its_name_through_an_index(laptop: Laptop, text: str, index: str) -> None:
    found = plans(laptop, lambda session, compound: find_ticket(session, compound, text))
    assert any(f"compound_id_{index} (compound_id=? AND {index}=?)" in plan for plan in found), found
