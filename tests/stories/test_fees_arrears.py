"""From door to door: what is fixed first, what was promised, letters in their order, and what may be said in public."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from neighbours import copy_store
from register_desk import at, fill, found, household, listed, page, press, rows, said

from models.fees.rules import Step
from models.operations.envelope import Intent
from tui import edge
from tui.desk import Desk
from tui.screens.fees.letters_store import look, write_letters

NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
FOUNDED = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)
DOORS = (("1-1-101", "张三丰"), ("1-1-102", "李四"), ("1-2-302", "王五"), ("2-1-501", "[/b] 赵六"))


def do(path: Path, kind: str, /, **payload: Any) -> Any:
    desk = Desk(path)
    desk.open()
    outcome = desk.perform(Intent(kind, payload))
    desk.close()
    assert outcome.refused is None, (kind, outcome.refused)
    return outcome


def home(path: Path, code: str) -> str:
    [(row_id,)] = rows(path, f"select id from household where code = '{code}'")  # noqa: S608
    return str(UUID(str(row_id)))


def person(path: Path, name: str) -> str:
    [(row_id,)] = rows(path, f"select id from person where name = '{name}'")  # noqa: S608
    return str(UUID(str(row_id)))


def written(folder: Path, pattern: str) -> str:
    """Return the one page that was written under such a name."""
    [found_here] = folder.glob(pattern)
    return found_here.read_text("utf-8")


def log(path: Path) -> list[tuple[Any, ...]]:
    return rows(
        path,
        "select h.code, d.way, d.step, d.answer, d.promise_on, d.promise_fen, d.words from dunning d"
        " join household h on h.id = d.household_id where not d.archived order by d.at, h.code",
    )


@pytest.fixture(scope="module")
def street(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four doors that owe; one waits for a repair, one pays on a day that has passed, one may pay later."""
    path = tmp_path_factory.mktemp("street") / "store.db"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(edge, "clock", lambda: FOUNDED)
        found(path, *(household(code, owner, "13800000001", area=8000) for code, owner in DOORS))
        ids = {code: home(path, code) for code, _ in DOORS}
        visitor, item, run = (str(edge.new_id()) for _ in range(3))
        do(path, "person.add", id=visitor, name="陈桂英")
        do(path, "role.grant", id=str(edge.new_id()), person=visitor, role="volunteer", since="2026-01-01")
        do(path, "contact.assign", id=str(edge.new_id()), household=ids["1-1-101"], person=visitor)
        do(path, "fee.add_item", id=item, name="物业费", formula="area", cycle="quarter")
        lines = [
            {
                "household": ids[code],
                "item": item,
                "since": "2026-04-01",
                "until": "2026-07-01",
                "gross_fen": fen,
                "amount_fen": fen,
            }
            for (code, _), fen in zip(DOORS, (30_000, 123_450, 20_000, 40_000), strict=True)
        ]
        do(path, "fee.issue", run=run, since="2026-04-01", until="2026-07-01", rows=lines)
        patch.setattr(edge, "clock", lambda: NOW)
        do(path, "ticket.report", id=str(edge.new_id()), what="厨房下水堵了", household_id=ids["2-1-501"])
        concession = str(edge.new_id())
        asked = {"household": ids["1-2-302"], "kind": "deferral", "since": "2026-01-01"}
        desk = Desk(path)
        desk.open()
        director = desk.seat.person_id
        desk.act_as(UUID(visitor))
        asked |= {"id": concession, "defer_until": "2026-12-31", "reason": "住院"}
        assert desk.perform(Intent("fee.ask_concession", asked)).refused is None
        assert director is not None
        desk.act_as(director)
        desk.close()
        do(path, "fee.approve_concession", concession=concession)
    return path


@pytest.fixture
def store(street: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(edge, "clock", lambda: NOW)
    monkeypatch.setenv("HOME", str(tmp_path))
    return copy_store(street, tmp_path / "store.db")


async def test_what_is_to_be_fixed_comes_first_and_dunning_waits_for_it(store: Path) -> None:
    async with at(store, "arrears") as (app, pilot):
        assert listed(app) == ["2-1-501", "1-1-101", "1-1-102"]
        assert "! 先修" in page(app)
        assert "4 户欠 2,134.50" in page(app)
        await press(pilot, "2")
        assert "先修后收" in said(app)
        assert "评分前不催缴" in said(app)
        await press(pilot, "1")  # a person may talk all the same
        await fill(pilot, "answer", "grievance")
        await fill(pilot, "words", "[/b] 先把下水修好")
        await press(pilot, "f2")
        assert log(store) == [("2-1-501", "visit", "talk", "grievance", None, None, "[/b] 先把下水修好")]
        await press(pilot, "u")
        assert log(store) == []
        await press(pilot, "4")  # its ticket
        assert "厨房下水堵了" in page(app)
        await press(pilot, "escape", "f")
        assert listed(app) == ["2-1-501"]
        await press(pilot, "l")
        assert listed(app) == ["1-2-302"]
        assert "缓缴到 12-31" in page(app)
        await press(pilot, "2")
        assert "已准缓缴到 2026-12-31" in said(app)


async def test_a_promise_is_noted_and_comes_back_on_its_day(
    store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with at(store, "arrears") as (app, pilot):
        await press(pilot, "down", "1")
        await fill(pilot, "answer", "promised")
        await press(pilot, "f2")
        assert "答应缴，要填哪天" in page(app)
        await fill(pilot, "promise_on", "２０２６.１１.２１")
        await press(pilot, "f2")
        assert "这一天已经过了" in page(app)
        await fill(pilot, "promise_on", "2026-11-25")
        await fill(pilot, "promise", "三百")
        await press(pilot, "f2")
        assert "请填金额" in page(app)
        await fill(pilot, "promise", "３００元")
        await press(pilot, "f2")
        assert log(store) == [("1-1-101", "visit", "talk", "promised", "2026-11-25", 30_000, "")]
        assert "答应 11-25" in page(app)
        await press(pilot, "2")
        assert "等到那天再催" in said(app)
        await press(pilot, "p")
        assert listed(app) == []
    monkeypatch.setattr(edge, "clock", lambda: datetime(2026, 11, 26, 2, 0, tzinfo=UTC))
    async with at(store, "arrears", view="promises") as (app, _pilot):
        assert listed(app) == ["1-1-101"]
        assert "11-25 没兑现" in page(app)


async def test_who_names_a_day_has_promised(store: Path) -> None:
    async with at(store, "arrears") as (_app, pilot):
        await press(pilot, "down", "f2")
        await fill(pilot, "promise_on", "2026-12-01")
        await press(pilot, "f2")
    assert [row[3:6] for row in log(store)] == [("promised", "2026-12-01", None)]


async def test_a_door_tells_everything_and_leads_on(store: Path) -> None:
    async with at(store, "arrears") as (app, pilot):
        await press(pilot, "down", "down", "enter")
        shown = page(app)
        assert "欠费住户 1-1-102" in shown
        assert "1,234.50，1 笔，2026-04 起" in shown
        assert "2026-Q2" in shown
        await press(pilot, "1")
        await fill(pilot, "words", "打错了")
        await press(pilot, "f2")
        assert "打错了" in page(app)
        await press(pilot, "5")
        assert "先选一条催缴记录" in said(app)
        await press(pilot, "home", "5")
        assert log(store) == []
        await press(pilot, "3")
        assert app.screen.ROOM != "arrears_door"
        assert "1-1-102" in page(app)


async def test_letters_go_in_their_order_and_printing_notes_them(store: Path, tmp_path: Path) -> None:
    async with at(store, "arrears") as (app, pilot):
        await press(pilot, "down", "2")
        assert "先发" in page(app)
        await press(pilot, "2")  # a notice before any friendly word
        assert "先发提醒" in page(app)
        assert "发哪种" in page(app)
        await press(pilot, "escape", "1", "f2")
        await press(pilot, "2", "1", "1")
        drawn = written(tmp_path, "提醒_1-1-101_*.html")
        assert "1-1-101 住户" in drawn
        assert "300.00" in drawn
        assert "张三丰" not in drawn
        assert [row[:3] for row in log(store)] == [
            ("1-1-101", "visit", "talk"),
            ("1-1-101", "letter", "reminder"),
        ]
        await press(pilot, "2")
        assert "先发催缴通知" in page(app)  # the demand waits for the notice
        await press(pilot, "escape", "u")
        assert [row[:3] for row in log(store)] == [("1-1-101", "visit", "talk")]
        await press(pilot, "2", "1", "2")  # the owner lives elsewhere: a message
        assert "1-1-101 住户" in page(app)
        assert [row[:3] for row in log(store)][1:] == [("1-1-101", "message", "reminder")]


async def test_several_letters_are_printed_at_once_for_those_who_may_get_one(
    store: Path, tmp_path: Path
) -> None:
    async with at(store, "letters") as (app, pilot):
        await press(pilot, "2")
        assert "沟通是说的" in said(app)
        await press(pilot, "down", "2")
        shown = page(app)
        assert "1-1-101" in shown
        assert "1-1-102" in shown
        assert "2-1-501" not in shown  # waits for its drain
        assert "先修后收 1" in shown
        await press(pilot, "f2")
        assert written(tmp_path, "提醒_2_*.html").count('<section class="letter">') == 2
        assert [row[0] for row in log(store) if row[1] == "letter"] == ["1-1-101", "1-1-102"]


def test_a_letter_asks_for_what_is_past_its_day_and_goes_to_nobody_who_waits(store: Path) -> None:
    """Somebody may have taken a complaint in between ticking a door and printing."""
    item = str(UUID(str(rows(store, "select id from charge_item")[0][0])))
    line = {"household": home(store, "1-1-101"), "item": item, "gross_fen": 700, "amount_fen": 700}
    line |= {"since": "2026-10-01", "until": "2027-01-01", "due_on": "2026-12-31"}
    do(store, "fee.issue", run=str(edge.new_id()), since="2026-10-01", until="2027-01-01", rows=[line])
    ids = [UUID(home(store, code)) for code in ("2-1-501", "1-1-101", "1-2-302")]
    desk = Desk(store)
    desk.open()
    path, noted = write_letters(desk, Step.NOTICE, ids)
    shown = look(desk, ids[1]).letters[Step.NOTICE]
    desk.close()
    assert noted == (ids[1],)
    drawn = path.read_text("utf-8")
    assert "合计人民币 300.00 元（叁佰元整）" in drawn
    assert "2-1-501" not in drawn
    assert "2026-Q4" not in drawn
    assert (shown.fen, len(shown.bills)) == (30_000, 1)


async def test_words_are_changed_and_what_cannot_be_sent_is_refused(store: Path) -> None:
    async with at(store, "letters") as (app, pilot):
        assert "按 1-1-101 填好" in page(app)
        await press(pilot, "down", "1")
        assert "{房号} 住户" in page(app)
        await fill(pilot, "part0", "｛业主姓名｝：")
        await press(pilot, "f2")
        assert "没有 {业主姓名} 这个填空" in page(app)
        await fill(pilot, "part0", "{房号} 邻居，再不缴就停水")
        await press(pilot, "f2")
        assert "不能写“停水”" in page(app)
        await fill(pilot, "part0", "{房号} 邻居 [/b]：")
        await press(pilot, "f2")
        assert "1-1-101 邻居 [/b]：" in page(app)
        [(body,)] = rows(store, "select body from letter_text where step = 'reminder'")
        assert body.startswith("{door} 邻居 [/b]：\n")
        await press(pilot, "4")
        assert "1-1-101 住户" in page(app)
        assert rows(store, "select title, body from letter_text") == [
            ("", "")
        ]  # what is built in is not kept
        await press(pilot, "u")
        assert "1-1-101 邻居" in page(app)


async def test_the_sheet_for_the_stairs_masks_people_and_the_chat_group_hears_of_no_door(
    store: Path, tmp_path: Path
) -> None:
    async with at(store, "arrears") as (app, pilot):
        await press(pilot, "f5", "1")
        drawn = written(tmp_path, "上门清单_*.html")
        assert "张三丰" not in drawn
        assert "13800000001" not in drawn
        for there in ("张**", "138****0001", "1-1-101", "陈桂英", "厨房下水堵了", "先修后收"):
            assert there in drawn
        await press(pilot, "f5", "2")
        shown = page(app)
        assert "还有 3 户没缴，共 1,934.50 元" in shown
        chat = shown[shown.index("收费情况（") : shown.index("感谢")]
        for never in ("1-1-101", "张", "陈桂英", "138"):
            assert never not in chat


async def test_a_list_is_narrowed_to_a_volunteer_or_a_building(store: Path) -> None:
    async with at(store, "arrears") as (app, pilot):
        await press(pilot, "b")
        assert listed(app) == ["1栋", "2栋"]
        await press(pilot, "down", "enter")
        assert listed(app) == ["2-1-501"]
        await press(pilot, "f4", "1")  # everything again
        await press(pilot, "v", "enter")
        assert listed(app) == ["1-1-101"]
        assert "陈桂英" in page(app)


async def test_whoever_only_reads_is_told_why_a_key_does_nothing(store: Path) -> None:
    watcher = str(edge.new_id())
    do(store, "person.add", id=watcher, name="孙监事")
    do(store, "role.grant", id=str(edge.new_id()), person=watcher, role="supervisor", since="2026-01-01")
    desk = Desk(store)
    desk.open()
    desk.act_as(UUID(watcher))
    desk.close()
    async with at(store, "arrears") as (app, pilot):
        await press(pilot, "1")
        assert "只有志愿者和物管会能催缴" in said(app)
        await press(pilot, "5", "1")
        assert "财务和物管会才能改文字" in said(app)
        await press(pilot, "down", "2")
        assert "只有志愿者和物管会能催缴" in said(app)
