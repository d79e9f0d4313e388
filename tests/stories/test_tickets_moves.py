"""Everything that is done to a ticket is done from its page, asks only what it needs, and is taken back by one key."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from register_desk import fill, page, press, rest, rows, said
from sewer_desk import on_top, write
from textual.pilot import Pilot
from ticket_desk import TicketDesk

from models.operations.envelope import Intent
from tui import edge
from tui.app import LinliApp
from tui.screens.filling import SavingForm
from tui.screens.tickets.page import TicketPage
from tui.widgets.form import Form
from tui.widgets.long_list import LongList
from tui.widgets.rows import RowView


@pytest.fixture
def desk(tmp_path: Path) -> TicketDesk:
    return TicketDesk(tmp_path / "store.db")


async def pick(pilot: Pilot[None], field: str, row_id: str) -> None:
    """Take an option of a field as its chooser does."""
    pilot.app.screen.query_one(Form).row(field).control._picked(row_id)  # type: ignore[union-attr]
    await rest(pilot)


async def more(pilot: Pilot[None], *letters: str) -> None:
    """Choose a deed behind `more` by its pinyin."""
    await press(pilot, "0", *letters, "enter")


async def test_the_usual_way_is_one_key_after_the_other(desk: TicketDesk) -> None:
    """Claim, start, finish, rate: 1 is always the next step."""
    async with desk.page() as (app, pilot):
        await press(pilot, "1")
        assert "KT27 接下了" in said(app)
        assert desk.hands() == ["王德胜"]
        await press(pilot, "1")
        assert desk.state() == "in_progress"
        await press(pilot, "1")
        await write(pilot, "换了弯头")
        await fill(pilot, "hours", "1")
        await fill(pilot, "minutes", "２０")
        await fill(pilot, "cost", "35.50")
        await fill(pilot, "parts", "弯头")
        await press(pilot, "f2")
        assert desk.ticket("state", "minutes", "cost") == ("done", 80, 3550)
        assert "1 小时 20 分 · 35.50 元" in page(app)
        await press(pilot, "1", "5")
        await write(pilot, "修得好")
        await press(pilot, "f2")
        assert desk.ticket("state", "score") == ("closed", 5)
        assert "★★★★★ 5 分" in page(app)


async def test_each_move_is_undone_by_one_key(desk: TicketDesk) -> None:
    async with desk.page() as (_, pilot):
        for deed, state in (("1", "accepted"), ("1", "in_progress"), ("1", "done")):
            await press(pilot, deed, *(["f2"] if state == "done" else []))
            assert desk.state() == state
        for state in ("in_progress", "accepted", "reported"):
            await press(pilot, "u")
            assert desk.state() == state
        assert desk.hands() == []
        assert desk.story() == ["report"]


async def test_a_digit_without_a_deed_and_a_move_that_is_not_lawful_say_why(desk: TicketDesk) -> None:
    async with desk.page() as (app, pilot):
        await press(pilot, "9")
        assert "0 里有更多" in said(app)
        await more(pilot, "pd")
        assert "不能“评单”" in page(app)
        assert desk.state() == "reported"


async def test_a_volunteer_is_told_why_somebody_elses_question_is_not_theirs_to_drop(
    desk: TicketDesk,
) -> None:
    desk.sits("李四")
    async with desk.page() as (app, pilot):
        await more(pilot, "bysl")
        assert "首问责任" in page(app)
        await press(pilot, "escape", "2")
        assert "首问责任" in said(app)


async def test_waiting_takes_a_day_by_digit_or_typed_and_says_what_for(desk: TicketDesk) -> None:
    desk.do("accept")
    async with desk.page() as (app, pilot):
        await press(pilot, "3", "2", "enter", "enter", "2", "f2")
        state, until, wait_for = desk.ticket("state", "wait_until", "wait_for")
        today = app.today()
        assert today is not None
        assert (state, until, wait_for) == ("waiting", str(today + timedelta(days=3)), "person")
        assert "等到" in page(app)
        await press(pilot, "3")
        await fill(pilot, "day", str(today - timedelta(days=1)))
        await press(pilot, "f2")
        assert isinstance(app.screen, SavingForm)
        assert "已经过了" in page(app) or "过去" in page(app)
        await fill(pilot, "day", str(today + timedelta(days=20)))
        await press(pilot, "f2")
        assert desk.ticket("wait_until") == (str(today + timedelta(days=20)),)
        await press(pilot, "1")
        assert desk.ticket("state", "wait_until") == ("in_progress", None)


async def test_a_low_score_offers_to_open_the_ticket_again_in_one_go(desk: TicketDesk) -> None:
    for verb in ("accept", "finish"):
        desk.do(verb)
    async with desk.page() as (app, pilot):
        await press(pilot, "1", "2")
        await write(pilot, "还是漏")
        await press(pilot, "f2")
        assert "要重新打开吗" in page(app)
        await press(pilot, "1")
        assert desk.ticket("state", "score", "reopened") == ("reopened", 2, 1)
        await press(pilot, "u")
        assert desk.ticket("state", "score", "reopened") == ("done", None, 0)


async def test_a_low_score_may_stand_and_the_form_is_not_lost_by_thinking_twice(desk: TicketDesk) -> None:
    for verb in ("accept", "finish"):
        desk.do(verb)
    async with desk.page() as (app, pilot):
        await press(pilot, "1", "1")
        await write(pilot, "没来")
        await press(pilot, "f2", "escape")
        assert on_top(app) == "RatingForm"
        assert "没来" in page(app)
        await press(pilot, "f2", "2")
        assert desk.ticket("state", "score", "reopened") == ("closed", 1, 0)


async def test_a_reason_is_picked_or_written_and_never_missing(desk: TicketDesk) -> None:
    async with desk.page() as (app, pilot):
        await more(pilot, "bysl")
        await press(pilot, "f2")
        assert "选一个原因" in page(app)
        await press(pilot, "2")
        await write(pilot, "请找物业")
        await press(pilot, "f2")
        assert desk.state() == "rejected"
        assert "该由住户自己修；请找物业" in page(app)
        await press(pilot, "1", "1", "f2")
        assert desk.ticket("state", "reopened") == ("reopened", 1)


async def test_several_people_on_a_visit_are_several_logs_undone_together(desk: TicketDesk) -> None:
    desk.do("accept")
    async with desk.page() as (app, pilot):
        await press(pilot, "4")
        await write(pilot, "通了两米")
        await fill(pilot, "hours", "1")
        await fill(pilot, "cost", "20")
        await pick(pilot, "second", desk.people["李四"])
        await fill(pilot, "day", str((edge.clock() - timedelta(days=3)).date()))
        await press(pilot, "f2")
        assert desk.ticket("minutes", "cost", "visits") == (120, 2000, 2)
        assert "李四（王德胜 代记）" in page(app)
        await press(pilot, "u")
        assert desk.ticket("minutes", "cost", "visits") == (0, 0, 0)


async def test_a_job_is_assigned_by_pinyin_and_given_back(desk: TicketDesk) -> None:
    async with desk.page() as (app, pilot):
        await press(pilot, "2")
        ids = [row.id for row in shown_rows(app)]
        names = {row: name for name, row in desk.people.items()}
        await press(pilot, str([names[one] for one in ids].index("罗铁生") + 1))
        assert desk.hands() == ["罗铁生"]
        await press(pilot, "6", "1")
        if isinstance(app.screen, SavingForm):
            await press(pilot, "f2")
        assert desk.hands() == []
        assert desk.state() == "reported"


def shown_rows(app: LinliApp) -> list[RowView]:
    shown = app.screen.query_one(LongList)
    rows = [shown._row(index) for index in range(shown.count or 0)]
    return [row for row in rows if row is not None]


async def test_the_baton_is_offered_by_name_and_taken_over(desk: TicketDesk) -> None:
    async with desk.page() as (app, pilot):
        await more(pilot, "qrjs")
        await pick(pilot, "to", desk.people["李四"])
        await press(pilot, "f2")
        assert "王德胜 → 请 李四 接手" in page(app)
    desk.sits("李四")
    async with desk.page() as (app, pilot):
        assert "1 接手" in page(app)
        await press(pilot, "1")
        assert "由你负责了" in said(app)
        assert rows(desk.path, "select p.name from ticket t join person p on p.id = t.holder_id") == [
            ("李四",)
        ]
        assert "李四（" in page(app)
        await press(pilot, "u")
        assert "1 接手" in page(app)
        await press(pilot, "2")
        await write(pilot, "我要出门")
        await press(pilot, "f2")
        assert desk.ticket("offered_to_id") == (None,)


async def test_whoever_keeps_a_baton_at_the_end_of_a_shift_says_why(desk: TicketDesk) -> None:
    async with desk.page() as (app, pilot):
        await more(pilot, "jxfz")
        await write(pilot, "明早接着联系厂家")
        await press(pilot, "f2")
        assert desk.story() == ["report", "keep"]
        assert "明早接着联系厂家" in page(app)
        await press(pilot, "u")
        assert desk.story() == ["report"]
    desk.sits("李四")
    async with desk.page() as (app, pilot):
        await more(pilot, "jxfz")
        assert "首问责任不在你这里" in page(app)


async def test_who_claims_a_job_that_others_do_joins_them_while_hands_are_wanted(tmp_path: Path) -> None:
    desk = TicketDesk(tmp_path / "store.db", wanted_hands=2)
    desk.do("accept", by="李四")
    async with desk.page() as (app, pilot):
        assert "1 我也来" in page(app)
        await press(pilot, "1")
        assert desk.hands() == ["李四", "王德胜"]
        assert "2/2 人" in page(app)
        assert "我也来" not in page(app)


async def test_a_comment_and_a_call_back_are_kept(desk: TicketDesk) -> None:
    for verb in ("accept", "finish"):
        desk.do(verb)
    async with desk.page() as (app, pilot):
        await press(pilot, "2", "1")
        await write(pilot, "没人接，晚上再打")
        await press(pilot, "f2")
        assert "没人接，晚上再打" in page(app)
        await press(pilot, "6")
        await write(pilot, "[/b] 住户急")
        await press(pilot, "f2")
        assert "[/b] 住户急" in page(app)
        assert desk.story()[-2:] == ["call", "comment"]


async def test_a_ticket_joins_one_that_is_near_and_parts_again(desk: TicketDesk) -> None:
    desk.report("KT28", "下水道堵了，厨房", household_id=desk.home)
    desk.report("KT29", "路灯不亮")
    async with desk.page() as (app, pilot):
        await press(pilot, "6")
        assert "很像" in page(app)
        await press(pilot, "enter")
        assert desk.state() == "duplicate"
        assert "KT28" in page(app)
        await press(pilot, "2")
        assert desk.state() == "reported"


async def test_what_it_says_is_edited_with_what_stood_there(desk: TicketDesk) -> None:
    async with desk.page() as (app, pilot):
        await press(pilot, "7", "1")
        await fill(pilot, "what", "主管堵了⏎三楼")
        await fill(pilot, "urgency", "emergency")
        await fill(pilot, "wanted", "3")
        await press(pilot, "f2")
        assert desk.ticket("what", "urgency", "wanted_hands") == ("主管堵了\n三楼", "emergency", 3)
        await press(pilot, "u")
        assert desk.ticket("what", "urgency", "wanted_hands") == ("厨房下水堵了", "urgent", 1)
        await press(pilot, "7", "2", "ls", "enter")
        assert "李四" in page(app)


async def test_a_point_is_linked_and_taken_away(desk: TicketDesk) -> None:
    async with desk.page() as (app, pilot):
        await more(pilot, "gl")
        await press(pilot, "w02", "enter")
        assert "关联了 W02" in said(app)
        assert rows(desk.path, "select count(*) from ticket_link where not archived") == [(1,)]
        await more(pilot, "qxgl")
        await press(pilot, "1")
        assert rows(desk.path, "select count(*) from ticket_link where not archived") == [(0,)]


async def test_a_ticket_is_attached_to_what_strikes_the_building(desk: TicketDesk) -> None:
    incident = {
        "id": str(edge.new_id()),
        "name": "三栋停水",
        "words": "水管抢修，下午六点来水",
        "category": "water",
    }
    desk.perform(Intent("incident.open", incident))
    async with desk.page() as (app, pilot):
        await more(pilot, "grggsj")
        await press(pilot, "1")
        assert "三栋停水" in page(app)
        assert "水管抢修，下午六点来水" in page(app)
        await more(pilot, "ycggsj")
        assert desk.ticket("incident_id") == (None,)


async def test_finishing_a_case_finishes_its_open_parts_in_one_go(desk: TicketDesk) -> None:
    other = desk.report("KT28", "也堵了")
    case = str(edge.new_id())
    desk.perform(
        Intent("ticket.gather", {"id": case, "code": "KT30", "what": "主管堵", "tickets": [desk.id, other]})
    )
    async with desk.page(ticket=case) as (app, pilot):
        assert "KT28" in page(app)
        await press(pilot, "4")
        await write(pilot, "主管通了")
        await press(pilot, "f2")
        assert [desk.state(code) for code in ("KT30", "KT27", "KT28")] == ["done"] * 3
        await press(pilot, "u")
        assert [desk.state(code) for code in ("KT30", "KT27", "KT28")] == ["reported"] * 3


async def test_half_typed_forms_are_kept_though_the_app_is_closed(desk: TicketDesk) -> None:
    desk.do("accept")
    async with desk.page() as (_, pilot):
        await press(pilot, "2")
        await write(pilot, "换了一半")
        await press(pilot, "escape")
    async with desk.page() as (app, pilot):
        await press(pilot, "2")
        assert "换了一半" in page(app)
        await press(pilot, "f4")
        assert "换了一半" not in page(app)


_WAYS: dict[str, tuple[str, ...]] = {
    "reported": (),
    "accepted": ("accept",),
    "in_progress": ("accept", "start"),
    "waiting": ("accept", "wait"),
    "done": ("accept", "finish"),
    "closed": ("accept", "finish", "rate"),
    "reopened": ("accept", "finish", "reopen"),
    "rejected": ("reject",),
    "cancelled": ("cancel",),
    "duplicate": ("join",),
}


@pytest.mark.parametrize("state", _WAYS)
async def test_whatever_a_digit_does_in_any_state_can_be_left_or_taken_back(
    desk: TicketDesk, state: str
) -> None:
    into = desk.report("KT28", "主管堵了") if state == "duplicate" else ""
    needs = {
        "wait": {"until": str((edge.clock() + timedelta(days=2)).date())},
        "rate": {"score": 4},
        "reopen": {"words": "又堵了"},
        "reject": {"words": "不归我们管"},
        "cancel": {"words": "自己好了"},
        "join": {"into": into},
    }
    for verb in _WAYS[state]:
        desk.do(verb, **needs.get(verb, {}))
    told = len(desk.story())
    async with desk.page() as (app, pilot):
        page_here = app.screen
        assert isinstance(page_here, TicketPage)
        for digit in (str(number) for number in range(10)):
            await press(pilot, digit)
            while app.screen is not page_here:
                await press(pilot, "escape")
            if page_here.ledger.done:
                await press(pilot, "u")
            assert (desk.state(), len(desk.story()), digit) == (state, told, digit)
