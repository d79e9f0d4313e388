"""Searching, paging, naming and listing what stands in the register."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import pytest
from registering import TODAY, Register, made
from simulation.devices import Laptop

from models import listings
from models.community import queries
from models.operations import queries as log_queries
from models.operations.pending import pending
from models.operations.resolve import find_row
from models.problems import Problem

Settle = Callable[..., UUID]


@pytest.fixture
def street(settle: Settle) -> None:
    settle("1-1-1001", {"name": "张三", "phones": ["13800000001"]}, phones=["0732-5550001"])
    settle("11-1-1001", {"name": "单于飞", "phones": ["13800000002"]})
    settle("1-2-302", "李四", {"name": "李小妹", "relation": "family"})
    settle("1-10-101", "王五")
    settle("2-0-5", "欧阳锋")


@pytest.mark.usefixtures("street")
@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", ["1-1-1001", "1-2-302", "1-10-101", "2-0-5", "11-1-1001"]),
        ("   ", ["1-1-1001", "1-2-302", "1-10-101", "2-0-5", "11-1-1001"]),
        ("1001", ["1-1-1001", "11-1-1001"]),
        ("１００１", ["1-1-1001", "11-1-1001"]),
        ("1-1-1001", ["1-1-1001"]),
        ("1-1-10", ["1-1-1001"]),
        ("1栋1单元1001", ["1-1-1001"]),
        ("１号楼１单元１００１室", ["1-1-1001"]),
        ("1栋", ["1-1-1001", "1-2-302", "1-10-101"]),
        ("1-", ["1-1-1001", "1-2-302", "1-10-101"]),
        ("1栋2单元", ["1-2-302"]),
        ("2栋商铺5", ["2-0-5"]),
        ("张三", ["1-1-1001"]),
        ("张", ["1-1-1001"]),
        ("zs", ["1-1-1001"]),
        ("ZhangSan", ["1-1-1001"]),
        ("zhang san", ["1-1-1001"]),
        ("chanyu", ["11-1-1001"]),
        ("oyf", ["2-0-5"]),
        ("lxm", ["1-2-302"]),
        ("13800000002", ["11-1-1001"]),
        ("5550001", ["1-1-1001"]),
        ("没有这个人", []),
        ("%", []),
        ("_", []),
        ("\\", []),
        ("/", []),
        ("'", []),
        ("长" * 5_000, []),
    ],
)
def test_a_household_is_found_the_way_people_say_it(register: Register, text: str, found: list[str]) -> None:
    assert register.codes(text) == found
    assert register.ask("count_households", text=text) == len(found)
    kept = register.ask("find_households", text=text)
    lines = register.ask("households_of", ids=kept.ids(0, 100))
    assert (len(kept), [line.code for line in lines]) == (len(found), found)


@pytest.mark.usefixtures("street")
@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("zs", ["张三"]),
        ("0001", ["张三"]),
        ("1-1-1001", ["张三"]),
        ("1栋", ["张三", "李四", "李小妹", "王五"]),
        ("dg", ["王五"]),
        ("%", []),
    ],
)
def test_a_person_is_found_by_name_skill_phone_and_home(
    laptop: Laptop, register: Register, text: str, found: list[str]
) -> None:
    laptop.do("person.edit", person="王五", new={"skills": ["电工"]})
    assert sorted(register.names(text)) == sorted(found)
    assert register.ask("count_people", text=text) == len(found)
    kept = register.ask("find_people", text=text)
    lines = register.ask("people_of", ids=kept.ids(0, 100))
    assert (len(kept), [line.name for line in lines]) == (len(found), register.names(text))


@pytest.mark.usefixtures("street")
def test_pages_are_cut_from_one_order(register: Register) -> None:
    whole = register.codes()
    pages = [code for offset in range(0, 6, 2) for code in register.codes(offset=offset, limit=2)]
    assert pages == whole
    assert register.codes(offset=99) == []


@pytest.mark.usefixtures("street")
def test_a_building_keeps_its_own(laptop: Laptop, register: Register) -> None:
    first = register.ask("buildings")[0]
    assert (first.code, first.households, first.people) == ("1", 3, 4)
    assert register.codes(building=first.id) == ["1-1-1001", "1-2-302", "1-10-101"]
    laptop.do("household.archive", household="1-2-302")
    assert register.codes(building=first.id) == ["1-1-1001", "1-10-101"]
    assert register.codes(building=first.id, archived=True) == ["1-1-1001", "1-2-302", "1-10-101"]


@pytest.mark.usefixtures("street")
def test_the_picker_offers_workers_and_on_request_everybody(laptop: Laptop, register: Register) -> None:
    laptop.do("role.grant", person="张三", role="volunteer")
    laptop.do("role.grant", person="李四", role="supervisor")
    workers = {option.name: option for option in register.ask("people_for_picker")}
    assert set(workers) == {"王德胜", "张三"}
    assert "zs" in workers["张三"].search
    assert [role.value for role in workers["王德胜"].roles] == ["director"]
    assert len(register.ask("people_for_picker", workers_only=False)) == 7


def test_what_is_not_there_has_no_card(laptop: Laptop, register: Register) -> None:
    assert register.ask("household_card", laptop.ids()) is None
    assert register.ask("person_card", laptop.ids()) is None


def test_a_compound_is_found_by_its_name_in_any_width(laptop: Laptop) -> None:
    laptop.do("compound.edit", compound=str(laptop.compound_id), new={"name": "A区"})
    with laptop.store.read() as session:
        found = queries.compound_by_name(session, "ａ 区")
        assert found is not None
        assert found.id == laptop.compound_id
        assert queries.compound_by_name(session, "B区") is None
        assert queries.default_compound(session) == laptop.compound_id


@pytest.mark.usefixtures("street")
@pytest.mark.parametrize(
    ("table", "texts"),
    [
        ("building", ["1", "1栋", "１号楼", "一栋", "老楼"]),
        ("unit", ["1-2", "1栋2单元", "１－２"]),
        ("household", ["1-2-302", "1栋2单元302室", "1/2/302", "１－２－３０２"]),
        ("person", ["李四", "ls", "lisi", " 李四 "]),
        ("team", ["排水队", "psd", "排水"]),
    ],
)
def test_every_spelling_names_the_same_row(laptop: Laptop, table: str, texts: list[str]) -> None:
    laptop.do("building.edit", building="1", new={"name": "老楼"})
    laptop.do("team.add", name="排水队")
    with laptop.store.read() as session:
        found = {find_row(session, laptop.compound_id, table, text) for text in texts}
    assert len(found) == 1
    assert isinstance(found.pop(), UUID)


@pytest.mark.usefixtures("street")
def test_an_archived_name_is_meant_only_when_nothing_living_bears_it(laptop: Laptop) -> None:
    def named(text: str) -> UUID | Problem:
        with laptop.store.read() as session:
            return find_row(session, laptop.compound_id, "person", text)

    old = named("张三")
    laptop.do("person.archive", person="张三")
    assert named("张三") == old
    new = made(laptop.do("person.add", name="张三"))
    assert named("张三") == named("zs") == new


@pytest.mark.usefixtures("street")
def test_initials_of_two_people_name_neither_and_a_whole_name_beats_a_part(laptop: Laptop) -> None:
    laptop.do("person.add", name="张三丰")
    with laptop.store.read() as session:
        exact = find_row(session, laptop.compound_id, "person", "zs")
        part = find_row(session, laptop.compound_id, "person", "zhang")
        unknown = find_row(session, laptop.compound_id, "household", "9-9-9")
        nonsense = find_row(session, laptop.compound_id, "household", "[/b]")
    assert isinstance(exact, UUID)
    assert isinstance(part, Problem)
    assert (part.code, part.params["n"]) == ("reference.ambiguous", 2)
    assert isinstance(unknown, Problem)
    assert unknown.code == "reference.unknown"
    assert isinstance(nonsense, Problem)


# -- lists ---------------------------------------------------------------------------------


@pytest.fixture
def listed(laptop: Laptop) -> Callable[..., list[dict[str, object]]]:
    def rows(name: str, **where: str) -> list[dict[str, object]]:
        with laptop.store.read() as session:
            found = listings.list_rows(session, laptop.compound_id, name, today=TODAY, where=where)
            assert not isinstance(found, Problem), found
            return [dict(row) for row in found]

    return rows


Listed = Callable[..., list[dict[str, object]]]


@pytest.mark.usefixtures("street")
@pytest.mark.parametrize(
    "name",
    ["buildings", "households", "people", "responsibilities", "teams", "contacts", "operations", "outbox"],
)
def test_every_row_of_a_list_has_exactly_its_columns(laptop: Laptop, listed: Listed, name: str) -> None:
    laptop.do("team.add", name="排水队")
    laptop.do("contact.assign", household="1-1-1001", person="王德胜")
    laptop.do("responsibility.assign", subject="road", place="东路", person="王德胜")
    rows = listed(name)
    assert rows
    assert {tuple(row) for row in rows} == {listings.LISTINGS[name].columns}


@pytest.mark.usefixtures("street")
def test_where_compares_the_text_of_a_column(laptop: Laptop, listed: Listed) -> None:
    laptop.do("household.edit", household="1-2-302", new={"area": 8050})
    assert [row["code"] for row in listed("households", area_m2="80.5")] == ["1-2-302"]
    laptop.do("household.archive", household="2-0-5")
    assert [row["code"] for row in listed("households", building="１")] == ["1-1-1001", "1-2-302", "1-10-101"]
    assert [row["code"] for row in listed("households", archived="true")] == ["2-0-5"]
    assert [row["code"] for row in listed("households", owners="张三")] == ["1-1-1001"]
    assert [row["code"] for row in listed("households", phones="")][:1] == ["1-2-302"]
    assert listed("households", code="1-2-302", building="2") == []


def test_a_list_or_a_column_that_is_not_there_is_named_with_those_that_are(laptop: Laptop) -> None:
    with laptop.store.read() as session:
        unknown = listings.list_rows(session, laptop.compound_id, "moons", today=TODAY)
        column = listings.list_rows(
            session, laptop.compound_id, "people", today=TODAY, where={"colour": "red"}
        )
    assert isinstance(unknown, Problem)
    assert unknown.code == "list.unknown"
    assert "people" in str(unknown.params["names"])
    assert isinstance(column, Problem)
    assert (column.code, column.column) == ("where.unknown_column", "colour")
    assert "phones" in str(column.params["names"])


def test_operations_come_newest_first_with_who_and_when(laptop: Laptop, listed: Listed) -> None:
    laptop.do("building.add", code="1")
    laptop.do("building.add", code="2")
    newest, older, oldest = listed("operations")
    assert [row["kind"] for row in (newest, older, oldest)] == [
        "building.add",
        "building.add",
        "compound.found",
    ]
    assert (newest["n"], newest["doer"], newest["recorder"]) == (3, "王德胜", "王德胜")
    assert str(newest["made_at"]).startswith("2026-03-02T09:00")
    assert str(newest["made_at"]).endswith("+08:00")
    assert str(newest["happened_at"]).endswith("+08:00")
    assert [row["n"] for row in listed("outbox")] == [3, 2, 1]
    with laptop.store.read() as session:
        assert pending(session, laptop.compound_id).unsent == 3
        assert log_queries.count_operations(session, laptop.compound_id) == 3
        [page] = log_queries.page_operations(session, laptop.compound_id, offset=1, limit=1)
        assert (page.n, page.waiting, page.payload["code"]) == (2, True, "1")


@pytest.mark.usefixtures("street")
def test_a_page_is_read_along_the_index(laptop: Laptop) -> None:
    """Its cost follows the page: the plan sorts nothing and walks no whole compound."""
    plan = laptop.ask(
        "EXPLAIN QUERY PLAN SELECT * FROM household WHERE compound_id = 'x' AND archived IS 0 "
        "ORDER BY sort_key, code LIMIT 50"
    )
    assert [row[3] for row in plan] == [
        "SEARCH household USING INDEX ix_household_compound_id_sort_key_code_archived (compound_id=?)"
    ]
