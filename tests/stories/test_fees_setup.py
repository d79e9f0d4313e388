"""A treasurer says what is charged, reads a meter, lets a household pay less; the committee approves and sets the rules."""

from __future__ import annotations

from pathlib import Path
from shutil import copyfile
from uuid import UUID

import pytest
from register_desk import ODD, at, fill, page, press, rows, said, settled

from models.operations.envelope import Intent
from tui import edge
from tui.desk import Desk


@pytest.fixture(scope="module")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return settled(tmp_path_factory.mktemp("charges") / "store.db")


@pytest.fixture
def store(furnished: Path, tmp_path: Path) -> Path:
    return Path(copyfile(furnished, tmp_path / "store.db"))


def sit(path: Path, name: str, role: str) -> None:
    """Let somebody new sit down, with a role."""
    desk = Desk(path)
    desk.open()
    person = str(edge.new_id())
    term = {"id": str(edge.new_id()), "person": person, "role": role, "since": "2020-01-01"}
    outcome = desk.perform(Intent("person.add", {"id": person, "name": name}), Intent("role.grant", term))
    assert outcome.refused is None
    desk.act_as(UUID(person))
    desk.close()


VERSIONS = "select version, price, since, until from tariff where not archived order by version"


async def test_an_item_gets_its_price_and_a_new_one_later_and_both_stay(store: Path) -> None:
    async with at(store, "charges", size=(100, 30)) as (app, pilot):
        await press(pilot, "3")
        await fill(pilot, "name", f"物业费{ODD}")
        await fill(pilot, "formula", "area")
        await press(pilot, "f2")
        assert "没有标准" in page(app)
        for price, since in (("０．６５", "2025-01-01"), ("0.8", "2026-01-01")):
            await press(pilot, "2")
            await fill(pilot, "price", price)
            await fill(pilot, "since", since)
            await press(pilot, "f2")
        assert rows(store, VERSIONS) == [
            (1, 6500, "2025-01-01", "2026-01-01"),
            (2, 8000, "2026-01-01", None),
        ]
        assert "第 2 版" in page(app)
        assert "0.80" in page(app)
        await press(pilot, "u")
        assert rows(store, VERSIONS) == [(1, 6500, "2025-01-01", None)]


async def test_a_price_that_is_none_is_said_to_be_none_and_nothing_is_lost(store: Path) -> None:
    async with at(store, "charges", size=(100, 30)) as (app, pilot):
        await press(pilot, "6", "2")
        await fill(pilot, "price", "一块二")
        await fill(pilot, "note", "业主大会决议")
        await press(pilot, "f2")
        assert "不是金额" in page(app) or "1234.50" in page(app)
        assert rows(store, "select count(*) from tariff") == [(0,)]
        await fill(pilot, "price", "1.2")
        await press(pilot, "f2")
    assert rows(store, "select price, note from tariff") == [(12_000, "业主大会决议")]


async def test_a_meter_is_hung_up_at_a_door_and_read_and_a_falling_reading_is_kept_and_flagged(
    store: Path,
) -> None:
    async with at(store, "charges", size=(100, 30)) as (app, pilot):
        await press(pilot, "6", "end", "enter")
        assert "按表收费" in page(app)
        await press(pilot, "2", *"1-1-101", "enter")
        await fill(pilot, "code", "S-101")
        await press(pilot, "f2")
        assert rows(store, "select code from meter") == [("S-101",)]
        for reading in ("１２．５", "11"):
            await press(pilot, "1")
            await fill(pilot, "reading", reading)
            await press(pilot, "f2")
        assert rows(store, "select reading from meter_reading order by id") == [(12_500,), (11_000,)]
        codes = {code for (code,) in rows(store, "select code from flag")}
        assert "fee.reading_falls" in codes
        assert "抄表" in said(app) or "S-101" in page(app)


async def test_whoever_asks_cannot_approve_and_another_of_the_committee_can(store: Path) -> None:
    async with at(store, "concessions", size=(100, 30)) as (app, pilot):
        await press(pilot, "3", *"1-1-101", "enter")
        await fill(pilot, "percent", "20")
        await fill(pilot, "reason", f"低保户{ODD}")
        await press(pilot, "f2")
        assert "减 20%" in page(app)
        await press(pilot, "1")
        assert "要由别人批准" in said(app)
    sit(store, "李委员", "committee")
    async with at(store, "concessions", size=(100, 30)) as (app, pilot):
        await press(pilot, "1")
        await fill(pilot, "words", "情况属实")
        await press(pilot, "f2")
        assert "已批准" in page(app)
        assert rows(store, "select state, ppm, words from concession") == [("done", 200_000, "情况属实")]
        await press(pilot, "5")
    assert rows(store, "select until is null from concession") == [(0,)]


async def test_a_volunteer_sees_what_is_charged_and_is_told_who_may_change_it(store: Path) -> None:
    sit(store, "赵志愿", "volunteer")
    async with at(store, "charges", size=(100, 30)) as (app, pilot):
        await press(pilot, "6")
        assert "只有财务" in said(app)
    async with at(store, "fee_rules", size=(100, 30)) as (app, pilot):
        await press(pilot, "1")
        assert "只有委员" in said(app)
    assert rows(store, "select count(*) from charge_item") == [(0,)]


async def test_the_rules_are_set_and_put_back(store: Path) -> None:
    async with at(store, "fee_rules", size=(100, 30)) as (app, pilot):
        await press(pilot, "1")
        await fill(pilot, "target_ppm", "９０")
        await fill(pilot, "payee", f"耐火小区物管会{ODD}")
        await press(pilot, "f2")
        assert rows(store, "select target_ppm, due_days from fee_ruling") == [(900_000, 30)]
        await press(pilot, "2")
        await fill(pilot, "up_to_0", "1000")
        await press(pilot, "f2")
        assert "1,000.00" in page(app)
        await press(pilot, "3")
        assert "95%" in page(app)
