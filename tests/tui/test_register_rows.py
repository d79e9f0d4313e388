"""What the register's lists ask of the store: the same few statements, however much is stored."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import event

from models.operations.envelope import Intent
from tui import edge
from tui.desk import Desk
from tui.screens.register.rows import HOUSEHOLDS, PEOPLE, SoughtRows
from tui.widgets.long_list import PAGE
from tui.widgets.rows import RowView

FEW, MANY = 120, 1_200


@pytest.fixture(scope="module")
def desks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[int, Desk]]:
    made = {}
    for number in (FEW, MANY):
        desk = Desk(tmp_path_factory.mktemp("rows") / f"{number}.db")
        desk.open()
        desk.found("三元", "罗铁生")
        desk.perform_all([household(index) for index in range(number)])
        made[number] = desk
    yield made
    for desk in made.values():
        desk.close()


def household(index: int) -> Intent:
    name = "张三" if index % 60 == 7 else f"李{chr(0x4E00 + index)}"
    person = {
        "name": name,
        "relation": "owner",
        "person": str(edge.new_id()),
        "occupancy": str(edge.new_id()),
    }
    code = f"{index // 40 + 1}-1-{index % 40 // 4 + 1}{index % 4 + 1:02}"
    return Intent("household.add", {"id": str(edge.new_id()), "code": code, "occupants": [person]})


@contextmanager
def statements(desk: Desk) -> Iterator[list[str]]:
    heard: list[str] = []

    def hear(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        heard.append(statement)

    event.listen(desk.store.engine, "before_cursor_execute", hear)
    yield heard
    event.remove(desk.store.engine, "before_cursor_execute", hear)


def asked(desk: Desk, gesture: Callable[[], Sequence[RowView]]) -> int:
    with statements(desk) as heard:
        rows = gesture()
    assert 0 < len(rows) <= PAGE
    return sum(statement.startswith("SELECT") for statement in heard)


@pytest.mark.parametrize("view", [HOUSEHOLDS, PEOPLE])
@pytest.mark.parametrize(
    "gesture",
    [
        lambda rows, desk: rows.page(desk, 0, PAGE),
        lambda rows, desk: rows.page(desk, rows.count(desk) - PAGE, PAGE),
    ],
    ids=["the first page", "the last page"],
)
def test_a_page_takes_as_many_statements_however_many_rows_are_stored(
    desks: dict[int, Desk], view: str, gesture: Callable[[SoughtRows, Desk], Sequence[RowView]]
) -> None:
    taken = {
        number: asked(desk, lambda desk=desk: gesture(SoughtRows(view, "", archived=False), desk))
        for number, desk in desks.items()
    }
    assert taken[FEW] == taken[MANY] <= 6


@pytest.mark.parametrize("view", [HOUSEHOLDS, PEOPLE])
def test_a_search_looks_once_and_its_pages_are_read_by_their_ids(desks: dict[int, Desk], view: str) -> None:
    for desk in desks.values():
        rows = SoughtRows(view, "zs", archived=False)
        with statements(desk) as heard:
            count = rows.count(desk)
        assert sum("instr(" in statement for statement in heard) == 1
        with statements(desk) as heard:
            found = rows.page(desk, 0, PAGE)
        assert len(found) == count > 1
        assert not [statement for statement in heard if "instr(" in statement or "OFFSET" in statement]
        assert rows.page(desk, 1, 1) == found[1:2]


def test_no_index_leads_a_search_through_the_rows_one_by_one(desks: dict[int, Desk]) -> None:
    desk = desks[FEW]
    for view in (HOUSEHOLDS, PEOPLE):
        with statements(desk) as heard:
            SoughtRows(view, "zs", archived=False).count(desk)
        [search] = [statement for statement in heard if "instr(" in statement]
        with desk.store.read() as session:
            plan = session.connection().exec_driver_sql(
                f"EXPLAIN QUERY PLAN {search}", tuple("x" for _ in range(search.count("?")))
            )
            steps = [row.detail for row in plan]
        assert f"SCAN {'household' if view == HOUSEHOLDS else 'person'}" in steps


def test_the_last_page_is_found_along_an_index(desks: dict[int, Desk]) -> None:
    """An offset is passed over in the index, without a look at the rows."""
    desk = desks[MANY]
    for view, index in (
        (HOUSEHOLDS, "ix_household_compound_id_sort_key"),
        (PEOPLE, "ix_person_compound_id_name"),
    ):
        rows = SoughtRows(view, "", archived=False)
        with statements(desk) as heard:
            rows.page(desk, MANY - PAGE, PAGE)
        [page] = [statement for statement in heard if "OFFSET" in statement]
        with desk.store.read() as session:
            plan = session.connection().exec_driver_sql(
                f"EXPLAIN QUERY PLAN {page}", tuple("1" for _ in range(page.count("?")))
            )
            steps = " ".join(row.detail for row in plan)
        assert index in steps
        assert "TEMP B-TREE" not in steps


def test_a_household_that_is_archived_meanwhile_does_not_move_the_rows_below(tmp_path: Path) -> None:
    desk = Desk(tmp_path / "moving.db")
    desk.open()
    desk.found("三元", "罗铁生")
    desk.perform_all([household(index) for index in range(8, 200)])
    rows = SoughtRows(HOUSEHOLDS, "zs", archived=False)
    rows.count(desk)
    before = rows.page(desk, 0, PAGE)
    desk.perform(Intent("household.archive", {"household": before[0].id}))
    after = rows.page(desk, 0, PAGE)
    assert [row.id for row in after] == [row.id for row in before]
    assert (before[0].muted, after[0].muted) == (False, True)
    desk.close()
