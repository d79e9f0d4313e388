"""Hand-overs, batons, the next on the roster and the log book, as the rooms read them."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from at_post import TODAY, at, came, person, settle_post, shift
from simulation.devices import Laptop
from simulation.plans import plans

from models.duty.queries_handover import (
    batons_of,
    batons_offered,
    count_handovers,
    handover_of,
    next_on,
    page_handovers,
    tickets_today,
    waiting_handovers,
)
from models.duty.queries_log import LogAsked, count_log, find_log, log_of, page_log, span_of_log
from models.operations.envelope import Intent
from models.tickets.queries import Asked

NOON = at(12)
ASKED = Asked(now=NOON, today=TODAY)


@pytest.fixture
def post(laptop: Laptop) -> Laptop:
    settle_post(laptop)
    return laptop


def left(laptop: Laptop, when: datetime, **fields: object) -> UUID:
    row_id = laptop.ids()
    payload = {"id": str(row_id), **fields}
    assert laptop.together(Intent("duty.hand_over", payload, happened_at=when)).refused is None
    return row_id


def wrote(laptop: Laptop, when: datetime, words: str, *, by: UUID | None = None) -> None:
    payload = {"id": str(laptop.ids()), "words": words}
    assert laptop.together(Intent("duty.note", payload, doer_id=by, happened_at=when)).refused is None


def test_what_nobody_has_confirmed_comes_first_page_by_page(post: Laptop) -> None:
    ids = [left(post, at(8) + timedelta(minutes=n), words=str(n)) for n in range(6)]
    for n in (1, 4, 5):
        post.do("duty.confirm", handover=str(ids[n]), keys="", cash=None)
    with post.store.read() as session:
        pages = [page_handovers(session, post.compound_id, offset=n, limit=2) for n in (0, 2, 4, 6)]
        assert [line.words for page in pages for line in page] == ["3", "2", "0", "5", "4", "1"]
        assert count_handovers(session, post.compound_id) == 6
        waiting = waiting_handovers(session, post.compound_id, now=NOON)
        assert [line.words for line in waiting] == ["3", "2", "0"]
        assert waiting_handovers(session, post.compound_id, now=NOON + timedelta(days=8)) == ()


def test_what_was_found_otherwise_is_told_and_uncounted_cash_is_no_difference(post: Laptop) -> None:
    first = left(post, at(8), keys="大门 2 把", cash=12_000)
    second = left(post, at(9), keys="大门 2 把")
    post.do("duty.confirm", handover=str(first), keys="大门2把", cash=11_650)
    post.do("duty.confirm", handover=str(second), keys="大门 1 把", cash=100)
    with post.store.read() as session:
        one, two = (handover_of(session, post.compound_id, row_id) for row_id in (first, second))
    assert one is not None
    assert two is not None
    assert (one.difference, one.keys_differ, one.differs) == (-350, False, True)
    assert (two.difference, two.keys_differ, two.differs) == (0, True, True)


def test_the_next_on_the_roster_are_those_of_the_next_published_shift_of_the_post(post: Laptop) -> None:
    shift(post, at(8, 30), "张三")
    shift(post, at(11, 30), "张三", name="午班", hours=2, published=False)
    shift(post, at(14), "李四", "赵六", "张三", name="晚班")
    shift(post, at(9, day=TODAY + timedelta(days=9)), "李四", name="远")
    [(desk,)] = post.ask("SELECT id FROM post")
    with post.store.read() as session:

        def names(after: datetime) -> list[str]:
            me = person(post, "张三")
            found = next_on(session, post.compound_id, UUID(desk), after=after, without=me)
            return [one.name for one in found]

        assert names(at(8, 30)) == ["李四", "赵六"]
        assert names(at(14)) == []
        assert [one.name for one in next_on(session, post.compound_id, None, after=at(8))] == ["张三"]


def test_batons_are_what_is_not_answered_and_the_day_counts_its_tickets(post: Laptop) -> None:
    me, other = post.person_id, person(post, "李四")
    for n in range(3):
        post.do("ticket.report", id=str(post.ids()), code=f"KT{n}", what="下水堵了", category="other")
    post.do("ticket.reject", ticket="KT2", words="不归这里管")
    post.do("ticket.handover", ticket="KT1", to="李四")
    with post.store.read() as session:
        assert [one.code for one in batons_of(session, post.compound_id, me, ASKED)] == ["KT0", "KT1"]
        assert [one.code for one in batons_offered(session, post.compound_id, other, ASKED)] == ["KT1"]
        today = tickets_today(session, post.compound_id, ASKED, since=at(0))
    assert (today.taken, today.open) == (3, 2)


def test_the_book_is_found_by_words_pinyin_writer_post_and_day(post: Laptop) -> None:
    wrote(post, at(8, day=TODAY - timedelta(days=1)), "钥匙在抽屉", by=person(post, "李四"))
    wrote(post, at(9), "消防通道停了车")
    left(post, at(10), words="[/b] 三单元")

    def words(**asked: object) -> list[str]:
        with post.store.read() as session:
            given = LogAsked(**asked)
            paged = page_log(session, post.compound_id, given)
            assert count_log(session, post.compound_id, given) == len(paged)
            found = find_log(session, post.compound_id, given)
            assert log_of(session, post.compound_id, found.ids(0, 50)) == paged
            return [line.words for line in paged]

    assert words() == ["[/b] 三单元", "消防通道停了车", "钥匙在抽屉"]
    assert words(text="xftd") == ["消防通道停了车"]
    assert words(text="ls 钥匙") == ["钥匙在抽屉"]
    assert words(person_id=person(post, "李四")) == ["钥匙在抽屉"]
    assert words(since=at(0), until=at(9, 30)) == ["消防通道停了车"]
    with post.store.read() as session:
        day = span_of_log(session, post.compound_id, at(0), at(23))
    assert [(line.words, line.is_handover) for line in day] == [
        ("消防通道停了车", False),
        ("[/b] 三单元", True),
    ]


def test_lists_are_read_by_the_index_of_their_order(post: Laptop) -> None:
    came(post, at(8), guest="小周")
    book = plans(post, lambda session, compound: page_log(session, compound, LogAsked(), offset=1))
    assert "ix_log_entry_compound_id_at_id" in book[0]
    assert "TEMP B-TREE" not in book[0]
    waiting = plans(post, lambda session, compound: waiting_handovers(session, compound, now=NOON))
    assert "ix_handover_compound_id_at_id" in waiting[0]
    ahead = plans(post, lambda session, compound: next_on(session, compound, None, after=NOON))
    assert "ix_assignment_compound_id_starts_at" in ahead[0]
