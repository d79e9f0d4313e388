"""Whatever happens to the money of a compound, its books balance and its public accounts agree with them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from random import Random

import pytest
from account_books import FIRST, Books
from simulation.devices import Clock, Ids, Laptop
from sqlmodel import SQLModel

from models.fees.entries import Entry, balanced, check
from models.fees.journal import carried
from models.fees.queries_accounts import balances, count_entries, entries, page_of_account, page_of_entries
from models.fees.queries_accounts_statement import statement, statement_figures
from models.fees.rules import ADVANCE, RECEIVABLE, SUSPENSE
from models.fees.statement import figures_of, statement_of
from models.store import Store, open_store

_END = date(2030, 1, 1)
_DAY = timedelta(days=1)


def _books(store: Store, seed: int, times: int = 90) -> Books:
    ids, clock = Ids(), Clock()
    laptop = Laptop(store, ids(), ids(), clock, ids)
    laptop.found()
    books = Books(laptop, Random(seed))
    books.go(times)
    return books


@pytest.fixture(scope="module", params=[1, 3])
def books(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Books]:
    folder: Path = tmp_path_factory.mktemp("books")
    store = open_store(folder / "store.linli", new_id=Ids())
    yield _books(store, request.param)
    store.close()


def _sums(found: tuple[Entry, ...]) -> dict[str, int]:
    sums: dict[str, int] = defaultdict(int)
    for entry in found:
        for account, fen in entry.postings:
            sums[account] += fen
    return {account: fen for account, fen in sums.items() if fen}


def _days(books: Books) -> list[date]:
    """Return days before, within and after the books, quarters' ends among them."""
    rows = books.laptop.ask("SELECT min(booked_on), max(booked_on) FROM allocation")
    first, last = (date.fromisoformat(day) for day in rows[0])
    inner = [first + (last - first) * n // 5 for n in range(6)]
    return [FIRST - _DAY, *inner, date(2026, 4, 1), _END]


def test_every_entry_balances_and_all_accounts_together_are_nothing(books: Books) -> None:
    with books.laptop.store.read() as session:
        found = entries(session, books.laptop.compound_id, until=_END)
    assert len(found) > 60
    assert all(map(balanced, found))
    assert check(found) == ()
    assert sum(_sums(found).values()) == 0


def test_balances_by_sums_are_those_of_the_journal_on_any_day(books: Books) -> None:
    compound = books.laptop.compound_id
    with books.laptop.store.read() as session:
        for day in _days(books):
            assert balances(session, compound, day) == _sums(entries(session, compound, until=day)), day


def test_what_households_owe_and_have_is_what_the_books_say(books: Books) -> None:
    with books.laptop.store.read() as session:
        now = balances(session, books.laptop.compound_id, _END)
    (owed,), (free,) = (
        books.laptop.ask(sql)[0]
        for sql in (
            "SELECT coalesce(sum(owed_fen), 0) FROM bill",
            "SELECT coalesce(sum(free_fen), 0) FROM payment WHERE household_id IS NOT NULL",
        )
    )
    (unclear,) = books.laptop.ask(
        "SELECT coalesce(sum(amount_fen), 0) FROM payment WHERE household_id IS NULL AND reversed_on IS NULL"
    )[0]
    assert (now.get(RECEIVABLE, 0), -now.get(ADVANCE, 0), -now.get(SUSPENSE, 0)) == (owed, free, unclear)


def test_the_public_accounts_of_any_span_agree_with_the_journal(books: Books) -> None:
    compound = books.laptop.compound_id
    days = _days(books)
    with books.laptop.store.read() as session:
        for since in days:
            for until in days:
                if since < until:  # a statement that does not add up is an error
                    found = statement(session, compound, since, until)
                    assert found.opening_fen + found.came_fen - found.went_fen == found.closing_fen
                    assert statement_of(figures_of(found)) == found


def test_statements_of_neighbouring_spans_join(books: Books) -> None:
    first, *inner, last = sorted(set(_days(books)))
    with books.laptop.store.read() as session:
        whole = statement(session, books.laptop.compound_id, first, last)
        parts = [
            statement(session, books.laptop.compound_id, since, until)
            for since, until in zip([first, *inner], [*inner, last], strict=True)
        ]
    for one, following in pairwise(parts):
        assert one.closing_fen == following.opening_fen
    assert sum(part.came_fen for part in parts) == whole.came_fen
    assert sum(part.went_fen for part in parts) == whole.went_fen


def test_nobody_is_named_in_what_is_published(books: Books) -> None:
    with books.laptop.store.read() as session:
        told = repr(statement_figures(session, books.laptop.compound_id, FIRST, _END))
    assert "张三丰" not in told
    assert "陈会计" not in told
    assert books.laptop.person_id.hex not in told
    assert "1-1-101" not in told


def test_pages_hold_every_entry_once_newest_first(books: Books) -> None:
    compound = books.laptop.compound_id
    with books.laptop.store.read() as session:
        whole = entries(session, compound, since=FIRST, until=_END)
        count = count_entries(session, compound, since=FIRST, until=_END)
        paged = [
            entry
            for offset in range(0, count, 7)
            for entry in page_of_entries(session, compound, since=FIRST, until=_END, offset=offset, limit=7)
        ]
    assert count == len(whole) == len(paged)
    assert sorted(paged, key=lambda one: one.key) == sorted(whole, key=lambda one: one.key)
    assert [one.on for one in paged] == sorted((one.on for one in paged), reverse=True)


def test_an_accounts_sheet_holds_what_touches_it_and_ends_at_its_balance(books: Books) -> None:
    compound = books.laptop.compound_id
    middle = _days(books)[3]
    with books.laptop.store.read() as session:
        whole = entries(session, compound, since=middle, until=_END)
        before, after = balances(session, compound, middle), balances(session, compound, _END)
        for account in {*before, *after}:
            span = {"since": middle, "until": _END}
            lines = page_of_account(session, compound, account, offset=0, limit=1000, **span)
            touching = [one for one in whole if account in {posting.account for posting in one.postings}]
            assert sorted(line.entry.key for line in lines) == sorted(one.key for one in touching)
            assert count_entries(session, compound, account=account, **span) == len(lines)
            standing = before.get(account, 0)
            for line in reversed(lines):
                standing += line.fen
                assert line.after_fen == standing
            assert standing == after.get(account, 0)


def test_what_is_carried_forward_stands_for_everything_before(books: Books) -> None:
    compound = books.laptop.compound_id
    middle = _days(books)[3]
    with books.laptop.store.read() as session:
        brought = carried(balances(session, compound, middle), middle)
        assert brought is not None
        assert balanced(brought)
        later = entries(session, compound, since=middle, until=_END)
        assert _sums((brought, *later)) == balances(session, compound, _END)


@pytest.mark.parametrize("books", [3], indirect=True)
def test_a_server_on_postgresql_reads_the_same_books(
    books: Books, open_postgres: Callable[[], Store]
) -> None:
    server, compound = open_postgres(), books.laptop.compound_id
    with books.laptop.store.read() as here, server.write() as there:
        for table in SQLModel.metadata.sorted_tables:
            rows = [dict(row) for row in here.connection().execute(table.select()).mappings()]
            if rows and "rev" in table.c:
                there.connection().execute(table.insert(), rows)
    with books.laptop.store.read() as here, server.read() as there:
        for read in (balances, entries):
            assert read(there, compound, until=_END) == read(here, compound, until=_END)
        middle = _days(books)[3]
        span = {"since": middle, "until": _END}
        assert statement(there, compound, **span) == statement(here, compound, **span)
        page = {**span, "offset": 3, "limit": 9}
        assert page_of_account(there, compound, ADVANCE, **page) == page_of_account(
            here, compound, ADVANCE, **page
        )
