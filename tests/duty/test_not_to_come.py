"""A shift that was called off, or a request about a place given up, is nobody's next shift and nobody's to answer."""

from __future__ import annotations

import pytest
from at_post import TODAY, at, person, settle_post, shift
from simulation.devices import Laptop

from models.duty.queries_home import count_requests
from models.duty.queries_on_duty import duty_person, page_on_duty
from models.duty.queries_swaps import requests_to


@pytest.fixture
def post(laptop: Laptop) -> Laptop:
    settle_post(laptop)
    return laptop


def test_a_shift_called_off_is_nobodys_next(post: Laptop) -> None:
    off = shift(post, at(9), "张三")
    shift(post, at(14), "张三", name="午班")
    post.do("shift.cancel", shift=str(off))
    with post.store.read() as session:
        page = page_on_duty(session, post.compound_id, today=TODAY, now=at(8))
        card = duty_person(session, post.compound_id, person(post, "张三"), today=TODAY, now=at(8))
    assert {line.person.name: line.next_at for line in page}["张三"] == at(14)
    assert card is not None
    assert [line.name for line in card.coming] == ["午班"]


def test_home_counts_the_requests_that_the_room_shows(post: Laptop) -> None:
    shift(post, at(9), "张三")
    shift(post, at(14), "李四", name="午班")
    [(mine,)] = post.ask("SELECT id FROM assignment WHERE person_id = ?", person(post, "张三").hex)
    [(theirs,)] = post.ask("SELECT id FROM assignment WHERE person_id = ?", person(post, "李四").hex)
    post.do("swap.ask", id=str(post.ids()), assignment=mine, against=theirs)
    asked = person(post, "李四")

    def told() -> tuple[int, int]:
        with post.store.read() as session:
            shown = requests_to(session, post.compound_id, asked, now=at(8))
            return len(shown), count_requests(session, post.compound_id, asked, now=at(8))

    assert told() == (1, 1)
    post.do("duty.unassign", assignment=theirs)
    assert told() == (0, 0)
