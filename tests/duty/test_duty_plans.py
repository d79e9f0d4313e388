"""What the rooms of duty cost: an index leads to what is shown, however many years are stored."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from uuid import UUID

import pytest
from at_post import at, came, person, settle_post, shift
from simulation.devices import Laptop
from simulation.plans import plans, read_whole
from sqlalchemy import UniqueConstraint
from sqlmodel import Session

from models.duty import queries, queries_hours, queries_mine, queries_presence, queries_swaps
from models.duty.disputes import disputes, places
from models.duty.finders import find_assignment, find_shift
from models.duty.queries_balances import balance_story, balances
from models.duty.queries_drafting import ground, unpublished
from models.duty.queries_export import came_between, shifts_of_person, shifts_of_post
from models.duty.queries_handover import (
    count_handovers,
    handover_of,
    next_on,
    page_handovers,
    waiting_handovers,
)
from models.duty.queries_home import home_duty
from models.duty.queries_log import LogAsked, count_log, page_log, span_of_log
from models.duty.queries_on_duty import count_on_duty, duty_person, page_on_duty
from models.duty.queries_settling import settle_intents, settled_from
from models.duty.tables import Assignment, CheckIn, DutyBalance, HandOver, LogEntry, Shift, Swap
from models.tables import Synced, table_of

Question = Callable[[Session, UUID], object]
TODAY = date(2026, 3, 2)
NOW = at(9)
#: What there is more of every day. Posts, pools and what people say of their time stay few.
GROWING = ("shift", "assignment", "checkin", "handover", "log_entry", "swap")
#: So many shifts make a page of somebody's own, which SQLite goes about otherwise than one.
SHIFTS = 40


@pytest.fixture
def served(laptop: Laptop) -> Laptop:
    """A desk where somebody has served for weeks, asked to be covered, handed over and written; a month is settled."""
    settle_post(laptop)
    for n in range(-SHIFTS, 3):
        place = shift(laptop, at(8) + timedelta(days=n), "张三")
        if n in (-1, 0):
            came(laptop, at(8) + timedelta(days=n), shift=place, person=person(laptop, "张三"))
    laptop.do("duty.hand_over", id=str(laptop.ids()), post="服务台", words="钥匙在抽屉")
    laptop.do("duty.note", id=str(laptop.ids()), post="服务台", words="抄水表")
    [(asked,)] = laptop.ask("SELECT id FROM assignment ORDER BY starts_at DESC LIMIT 1")
    laptop.do("swap.ask", assignment=str(UUID(asked)), to="李四")
    owed = {"person": str(person(laptop, "李四")), "fair": 100, "owed": 100}
    laptop.do("duty.settle", month="2026-01-01", lines=[owed])
    return laptop


def of_days(somebody: UUID, other: UUID) -> dict[str, Question]:
    first, last = date(2026, 3, 1), date(2026, 3, 31)
    return {
        "a month": lambda s, c: queries.shifts_between(s, c, first, last, now=NOW, drafts=True),
        "a day": lambda s, c: queries.shifts_between(s, c, TODAY, TODAY, now=NOW),
        "drafts": lambda s, c: queries.count_drafts(s, c, first, last),
        "unpublished": lambda s, c: unpublished(s, c, first, last),
        "missed": lambda s, c: queries_presence.missing_now(s, c, now=NOW),
        "on duty": lambda s, c: queries_presence.on_duty_now(s, c, now=NOW),
        "besides": lambda s, c: queries_presence.came_besides(s, c, at(0), NOW),
        "Home": lambda s, c: home_duty(s, c, other, now=NOW, today=TODAY),
        "balances": lambda s, c: balances(s, c, today=TODAY, now=NOW),
        "a balance": lambda s, c: balance_story(s, c, somebody, now=NOW),
        "settling": lambda s, c: settle_intents(s, c, date(2026, 2, 1), now=NOW),
        "settled from": lambda s, c: settled_from(s, c, date(2026, 2, 1)),
        "hours": lambda s, c: queries_hours.hours(s, c, first, last, now=NOW),
        "somebody's hours": lambda s, c: queries_hours.hours(s, c, first, last, now=NOW, person_id=somebody),
        "ground": lambda s, c: ground(s, c, date(2026, 4, 1), date(2026, 4, 30), now=NOW),
        "who came": lambda s, c: came_between(s, c, first, last),
        "a shift by name": lambda s, c: find_shift(s, c, "2026-03-02 早班"),
        "a place by name": lambda s, c: find_assignment(s, c, "2026-03-02 早班 张三"),
    }


def of_people(laptop: Laptop, somebody: UUID, other: UUID) -> dict[str, Question]:
    [(place,)] = laptop.ask("SELECT id FROM assignment ORDER BY starts_at DESC LIMIT 1")
    [(desk,)] = laptop.ask("SELECT id FROM post")

    def mine(*, ahead: bool) -> Question:
        return lambda s, c: (
            queries_mine.count_own(s, c, somebody, now=NOW, ahead=ahead),
            queries_mine.page_own(s, c, somebody, now=NOW, ahead=ahead),
        )

    def offers(session: Session, compound: UUID) -> object:
        own = places(session, compound, [UUID(place)])[UUID(place)]
        line = queries.shifts_by_id(session, compound, [own.shift_id], now=NOW)[own.shift_id]
        return (
            queries_swaps.swap_offers(session, compound, own, now=NOW, today=TODAY),
            queries_swaps.candidates(session, compound, line),
        )

    return {
        "mine ahead": mine(ahead=True),
        "mine behind": mine(ahead=False),
        "disputes": lambda s, c: disputes(s, c, somebody),
        "requests to": lambda s, c: queries_swaps.requests_to(s, c, other, now=NOW),
        "covers": lambda s, c: queries_swaps.open_covers(s, c, now=NOW),
        "asked by": lambda s, c: queries_swaps.asked_by(s, c, somebody, now=NOW),
        "answered": lambda s, c: queries_swaps.answered(s, c, now=NOW),
        "offers": offers,
        "taking turns": lambda s, c: (
            count_on_duty(s, c, today=TODAY),
            page_on_duty(s, c, today=TODAY, now=NOW),
        ),
        "a card": lambda s, c: duty_person(s, c, somebody, today=TODAY, now=NOW),
        "a person's calendar": lambda s, c: shifts_of_person(s, c, somebody, since=NOW),
        "a post's calendar": lambda s, c: shifts_of_post(s, c, UUID(desk), since=NOW),
        "next on": lambda s, c: next_on(s, c, UUID(desk), after=NOW),
    }


def of_the_book(laptop: Laptop, somebody: UUID) -> dict[str, Question]:
    [(desk,)] = laptop.ask("SELECT id FROM post")
    [(left,)] = laptop.ask("SELECT id FROM handover")

    def book(sought: LogAsked) -> Question:
        return lambda s, c: (count_log(s, c, sought), page_log(s, c, sought, offset=1))

    return {
        "book": book(LogAsked()),
        "a post's book": book(LogAsked(post_id=UUID(desk))),
        "a writer's book": book(LogAsked(person_id=somebody)),
        "a day's book": lambda s, c: span_of_log(s, c, at(0), NOW),
        "hand-overs": lambda s, c: (
            count_handovers(s, c),
            count_handovers(s, c, waiting=True),
            page_handovers(s, c),
        ),
        "waiting": lambda s, c: waiting_handovers(s, c, now=NOW),
        "a hand-over": lambda s, c: handover_of(s, c, UUID(left)),
    }


def test_no_room_reads_shifts_places_facts_or_the_book_from_end_to_end(served: Laptop) -> None:
    somebody, other = person(served, "张三"), person(served, "李四")
    asked = of_days(somebody, other) | of_people(served, somebody, other) | of_the_book(served, somebody)
    found = {
        name: [step for plan in plans(served, question) for step in read_whole(plan, GROWING)]
        for name, question in asked.items()
    }
    assert {name: steps for name, steps in found.items() if steps} == {}


@pytest.mark.parametrize("model", [Shift, Assignment, Swap, CheckIn, HandOver, LogEntry, DutyBalance])
def test_whatever_a_row_of_duty_refers_to_finds_back_by_an_index(model: type[Synced]) -> None:
    """A pulled page takes the rows away that it brings anew, and for each the database looks for what refers to it."""
    table = table_of(model)
    keys = [index.columns for index in table.indexes]
    keys += [one.columns for one in table.constraints if isinstance(one, UniqueConstraint)]
    led = {tuple(column.name for column in key)[:2] for key in keys}
    for reference in table.foreign_key_constraints:
        assert tuple(reference.column_keys) in led
