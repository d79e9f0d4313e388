"""Somebody comes to the desk to pay: found by door, name or telephone, told what is owed, paid, and given a receipt."""

from __future__ import annotations

import json
from pathlib import Path
from uuid import UUID

import pytest
from register_desk import at, listed, page, press, rest, rows, said, until
from textual.pilot import Pilot
from till_desk import A_MONTH, MONTHS, do, home, open_bills, owed, owing, pay, payments, sits

from tui import edge, i18n
from tui.app import LinliApp
from tui.screens.chat_text import ChatText
from tui.screens.confirm import Confirm
from tui.screens.fees.collect import CollectDesk
from tui.screens.fees.collect_door import DoorTill
from tui.screens.fees.collect_taken import TakenReceipt
from tui.widgets.search import Entry, SearchBox
from tui.widgets.text import width


async def till(pilot: Pilot[None], app: LinliApp, path: Path, code: str = "3-1-502") -> DoorTill:
    """Open the till of a door."""
    app.enter("collect", household_id=UUID(home(path, code)))
    await rest(pilot)
    assert isinstance(app.screen, DoorTill)
    return app.screen


#: From Home to the receipt in the hands of whoever pays all that they owe.
MOST_KEYS = 12
ALL = 3 * A_MONTH


async def test_a_full_payment_takes_at_most_twelve_keys_from_home_to_the_receipt(tmp_path: Path) -> None:
    path = owing(tmp_path / "store.db")
    keys = ["6", "1", *"3-1-502", "enter", "f2"]
    assert len(keys) <= MOST_KEYS
    async with at(path, "home") as (app, pilot):
        await press(pilot, *keys)
        assert isinstance(app.screen, TakenReceipt)
        shown = page(app)
        assert app.screen.taken.number in shown
        assert "叁佰贰拾贰元贰角整" in shown
        assert "322.20" in shown
        await press(pilot, "2")
        assert isinstance(app.screen, ChatText)
        assert "给这一户的文字" in page(app)
        assert "到群里" not in page(app)
        await press(pilot, "escape", "escape")
        assert isinstance(app.screen, CollectDesk)
        assert app.screen.query_one(Entry).value == ""
    assert payments(path) == [(ALL, 0, "cash")]
    assert owed(path) == 0


async def test_the_desk_tells_what_is_owed_since_when_and_how_each_bill_came(tmp_path: Path) -> None:
    path = owing(tmp_path / "store.db")
    async with at(path, "home") as (app, pilot):
        await till(pilot, app, path)
        shown = page(app)
        assert "张三  ▲ 欠 322.20（3 笔，最早 2026-09-28 到期）" in shown
        assert "89.5 m² × 1.20 元/m²·月 × 1 个月 = 107.40" in shown
        assert "还没有缴过费" in shown
        assert "2026-09" in shown


async def test_a_door_is_found_by_code_name_and_telephone_however_they_are_typed(tmp_path: Path) -> None:
    path = owing(tmp_path / "store.db")
    async with at(path, "collect") as (app, pilot):
        box = app.screen.query_one(Entry)
        for typed in ("3栋1单元502", "３-１-５０２", "3#502", "031502", "zs", "张三", "8502"):
            box.value = typed
            await rest(pilot)
            assert listed(app) == ["3-1-502"], typed
        box.value = "[/b]无"
        await rest(pilot)
        assert "没找到“[/b]无”" in page(app)
        await press(pilot, "enter")
        assert isinstance(app.screen, CollectDesk)


async def test_a_part_pays_the_oldest_bills_first_and_says_so_before(tmp_path: Path) -> None:
    path = owing(tmp_path / "store.db")
    async with at(path, "home") as (app, pilot):
        await till(pilot, app, path)
        await press(pilot, "１５０")  # full width, over what is filled in
        assert "缴清 1 笔，2026-10 物业费缴 42.60，还差 64.80，还欠 172.20" in page(app)
        await press(pilot, "f3", "f2")
        assert isinstance(app.screen, TakenReceipt)
        assert "2026-10 物业费（还差 64.80）" in page(app)
        assert "微信" in page(app)
    assert payments(path) == [(15_000, 0, "wechat")]
    assert owed(path) == ALL - 15_000


async def test_too_much_becomes_credit_and_far_too_much_is_asked_about(tmp_path: Path) -> None:
    path = owing(tmp_path / "store.db")
    async with at(path, "home") as (app, pilot):
        await till(pilot, app, path)
        await press(pilot, "3222.00")
        assert "多的 2,899.80 记为余额" in page(app)
        await press(pilot, "f2")
        assert isinstance(app.screen, Confirm)
        await press(pilot, "enter")  # the safe button has the focus
        assert payments(path) == []
        await press(pilot, *["backspace"] * 7, "400", "f2")
        assert isinstance(app.screen, TakenReceipt)
        assert "记为余额" in page(app)
    assert payments(path) == [(40_000, 40_000 - ALL, "cash")]


async def test_a_payer_may_say_which_bills(tmp_path: Path) -> None:
    path = owing(tmp_path / "store.db")
    async with at(path, "home") as (app, pilot):
        screen = await till(pilot, app, path)
        await press(pilot, "f4", "enter", "down", "enter")  # not September, not October
        assert screen.query_one("#amount", Entry).value == "107.40"
        await press(pilot, "f2")
        assert isinstance(app.screen, TakenReceipt)
    assert open_bills(path) == [("2026-09-01", A_MONTH), ("2026-10-01", A_MONTH)]


async def test_cash_that_is_given_is_given_back_and_too_little_is_not_taken(tmp_path: Path) -> None:
    path = owing(tmp_path / "store.db")
    async with at(path, "home") as (app, pilot):
        await till(pilot, app, path)
        await press(pilot, "enter", "300", "f2")
        assert "给的不够，差 22.20" in page(app)
        assert payments(path) == []
        await press(pilot, *["backspace"] * 3, "400")
        assert "← 找零 77.80" in page(app)
        await press(pilot, "f2")
        assert "给 400.00，找零 77.80" in page(app)


async def test_a_key_pressed_twice_takes_money_once(tmp_path: Path) -> None:
    path = owing(tmp_path / "store.db")
    async with at(path, "home") as (app, pilot):
        screen = await till(pilot, app, path)
        screen.do_take()  # as if two presses had been faster than the first could be told
        screen.do_take()
        await pilot.press("f2", "f2", "f2")
        await rest(pilot)
        screen.do_take()
        await rest(pilot)
        assert isinstance(app.screen, TakenReceipt)
        await press(pilot, "enter", "enter")
        assert isinstance(app.screen, TakenReceipt)
    assert payments(path) == [(ALL, 0, "cash")]
    pay(path, A_MONTH, "3-1-501")
    numbers = [number for (number,) in rows(path, "select number from receipt order by number")]
    assert [number[-6:] for number in numbers] == ["000001", "000002"]  # none was given for nothing


async def test_enter_held_down_at_the_search_line_takes_nothing(tmp_path: Path) -> None:
    path = owing(tmp_path / "store.db")
    async with at(path, "collect") as (app, pilot):
        await press(pilot, "zs")
        await pilot.press("enter", "enter", "enter")
        await rest(pilot)
        assert isinstance(app.screen, DoorTill)
    assert payments(path) == []


async def test_what_is_no_amount_is_told_and_not_taken(tmp_path: Path) -> None:
    path = owing(tmp_path / "store.db")
    async with at(path, "home") as (app, pilot):
        screen = await till(pilot, app, path)
        for typed in ("[/b]", "12.345", "-5", "0", "9" * 30, "十元", ""):
            screen.query_one("#amount", Entry).value = typed
            await press(pilot, "f2")
            assert app.screen is screen, typed
            assert said(app)
    assert payments(path) == []


async def test_odd_words_of_a_payer_do_no_harm(tmp_path: Path) -> None:
    path = owing(tmp_path / "store.db")
    async with at(path, "home") as (app, pilot):
        screen = await till(pilot, app, path, "3-1-501")
        assert "[/b]赵" in page(app)
        screen.query_one("#payer", Entry).value = "[a栋]１２" + "堵" * 5_000
        await press(pilot, "f2")
        assert isinstance(app.screen, TakenReceipt)
    [(payer,)] = rows(path, "select payer from payment")
    assert payer.startswith("[a栋]")


async def test_a_supervisor_is_told_before_anything_is_typed_in_vain(tmp_path: Path) -> None:
    path = owing(tmp_path / "store.db")
    sits(path, "郑监")
    async with at(path, "home") as (app, pilot):
        await till(pilot, app, path)
        await press(pilot, "f2")
        assert "监督委员只看账" in said(app)
    assert payments(path) == []


async def test_an_app_that_ends_right_after_the_key_has_taken_the_money_whole_or_not_at_all(
    tmp_path: Path,
) -> None:
    path = owing(tmp_path / "store.db")
    async with at(path, "home") as (app, pilot):
        await till(pilot, app, path)
        await pilot.press("f2")
    assert payments(path) in ([], [(ALL, 0, "cash")])
    assert len(rows(path, "select number from receipt")) == len(payments(path))
    assert owed(path) == ALL - sum(fen for fen, *_ in payments(path))


async def test_a_payment_from_elsewhere_shows_while_the_till_is_open(tmp_path: Path) -> None:
    path = owing(tmp_path / "store.db")
    async with at(path, "home") as (app, pilot):
        screen = await till(pilot, app, path)
        pay(path, A_MONTH)
        screen.news()
        await rest(pilot)
        assert screen.query_one("#amount", Entry).value == "214.80"
        assert "上次缴费" in page(app)


async def test_open_tickets_of_a_door_stand_beside_what_it_owes(tmp_path: Path) -> None:
    path = owing(tmp_path / "store.db")
    report = {"id": str(edge.new_id()), "code": "KT27", "what": "厨房下水堵了", "category": "drain"}
    assert do(path, "ticket.report", household_id=home(path), **report).refused is None
    async with at(path, "home") as (app, pilot):
        await till(pilot, app, path)
        assert "⚑ 先解决：1 张工单没办完（厨房下水堵了）" in page(app)


@pytest.mark.parametrize(("language", "size"), [("en", (80, 24)), ("zh_CN", (140, 40))])
async def test_the_till_fits_at_every_size(tmp_path: Path, language: str, size: tuple[int, int]) -> None:
    i18n.use(language, strict=True)
    path = owing(tmp_path / "store.db")
    async with at(path, "home", size=size) as (app, pilot):
        await till(pilot, app, path)
        assert all(width(line) <= size[0] for line in page(app).splitlines())
        await pilot.click("#take")
        await until(pilot, lambda: isinstance(app.screen, TakenReceipt))
        await pilot.click("#next")
        await until(pilot, lambda: not isinstance(app.screen, TakenReceipt | DoorTill))
    assert payments(path) == [(ALL, 0, "cash")]


async def test_months_ahead_are_billed_and_paid_in_one_go_and_stand_on_the_receipt(tmp_path: Path) -> None:
    path = owing(tmp_path / "store.db")
    async with at(path, "home") as (app, pilot):
        screen = await till(pilot, app, path)
        await press(pilot, "f5", "2")
        assert screen.ahead is not None
        amount = screen.query_one("#amount", Entry)
        assert amount.value == "644.40"
        await press(pilot, "600", "f2")
        assert "预缴要收足 644.40" in said(app)
        amount.value = "644.40"
        await press(pilot, "f2")
        assert isinstance(app.screen, TakenReceipt)
        assert screen.ahead is None
    assert owed(path) == 0
    [(lines,)] = rows(path, "select lines from receipt")
    assert len(json.loads(lines)) == len(MONTHS) + 1
    assert (ALL, 0) in rows(path, "select amount_fen, owed_fen from bill")


async def test_a_volunteer_is_told_that_the_treasurer_bills_ahead(tmp_path: Path) -> None:
    path = owing(tmp_path / "store.db")
    sits(path, "周收")
    async with at(path, "home") as (app, pilot):
        await till(pilot, app, path)
        await press(pilot, "f5")
        assert "请财务来办" in said(app)
        await press(pilot, "f2")
        assert isinstance(app.screen, TakenReceipt)


async def test_after_a_door_that_pays_nothing_the_next_is_typed_over_it(tmp_path: Path) -> None:
    path = owing(tmp_path / "store.db")
    async with at(path, "collect") as (app, pilot):
        await press(pilot, *"3-1-502", "enter", "escape", *"3-1-501")
        assert app.screen.query_one(SearchBox).value == "3-1-501"
