from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from harness import MemoryContext, make_app
from test_shell import drawn, settle

from models.operations.pending import Pending
from tui import i18n
from tui.context import Status, SyncState
from tui.widgets.bars import StatusLine
from tui.widgets.status_words import moment, span_words, status_marks
from tui.widgets.text import Tone, width

AT = datetime(2026, 11, 22, 6, 2, tzinfo=UTC)  # 14:02 in the compound
LINKED = SyncState(linked=True, at=AT)
TODAY = date(2026, 11, 22)


def status(unsent: int = 0, sync: SyncState = LINKED, shift_ms: int | None = 0, **waits: int) -> Status:
    return Status(
        "耐火小区", "王桂兰", unsent, waits=Pending(**waits), sync=sync, shift_ms=shift_ms, today=TODAY
    )


def said(one: Status) -> str:
    return " · ".join(str(mark) for mark in status_marks(one))


AWAY = replace(LINKED, trouble="sync.away")


@pytest.mark.parametrize(
    ("one", "chinese", "english"),
    [
        (status(), "√ 已同步 14:02", "√ Synced 14:02"),
        (status(3), "↑ 3 条待发", "↑ 3 to send"),
        (status(3, AWAY), "↑ 3 条待发 · ○ 未联网", "↑ 3 to send · ○ offline"),
        (status(0, AWAY), "○ 未联网", "○ offline"),
        (
            status(0, replace(LINKED, busy=True, done=3200, total=9800)),
            "↓ 正在取 3,200 / 9,800 行",
            "↓ Fetching 3,200 / 9,800 rows",
        ),
        (
            status(conflicts=2, refused=1),
            "! 2 处冲突待选 · 1 条被退回 · √ 已同步 14:02",
            "! 2 to settle · 1 refused · √ Synced 14:02",
        ),
        (
            status(conflicts=1),
            "! 1 处冲突待选 · √ 已同步 14:02",
            "! 1 conflict to settle · √ Synced 14:02",
        ),
        (status(refused=4), "! 4 条被退回 · √ 已同步 14:02", "! 4 refused · √ Synced 14:02"),
        (status(900, SyncState()), "本机 · 未连服务器", "This laptop only · no server"),
        (
            status(2, replace(LINKED, state="revoked", trouble="token.revoked")),
            "× 这台电脑已被停用 · ↑ 2 条待发",
            "× This laptop is let in no more · ↑ 2 to send",
        ),
        (
            status(0, replace(LINKED, state="outdated", trouble="protocol")),
            "× 要更新邻里才能同步",
            "× Update Linli to sync",
        ),
        (
            status(shift_ms=-11 * 60_000),
            "! 本机时钟快了 11 分 · √ 已同步 14:02",
            "! Laptop's clock is 11 min fast · √ Synced 14:02",
        ),
        (
            status(shift_ms=10 * 60_000),
            "√ 已同步 14:02",
            "√ Synced 14:02",
        ),
        (
            status(sync=replace(LINKED, trouble="sync.strange")),
            "! 连到的不是服务器",
            "! That is no Linli server",
        ),
        (
            status(sync=replace(LINKED, trouble="head.cold")),
            "! 同步没成，按 F9 找“同步”",
            "! Not synced: see Sync (F9)",
        ),
        (status(sync=SyncState(linked=True)), "还没同步过", "Not synced yet"),
        (status(sync=replace(LINKED, trouble="sync.closed")), "√ 已同步 14:02", "√ Synced 14:02"),
    ],
)
def test_how_sync_stands_is_said_in_words(one: Status, chinese: str, english: str) -> None:
    assert said(one) == chinese
    i18n.use("en", strict=True)
    assert said(one) == english


def test_a_compound_on_this_laptop_alone_is_no_error_and_no_backlog() -> None:
    (mark,) = status_marks(status(900, SyncState()))
    assert mark.tone is Tone.PLAIN
    assert "900" not in str(mark)


def test_another_day_is_told_with_its_date() -> None:
    assert said(replace(status(), today=date(2026, 11, 23))) == "√ 已同步 11-22 14:02"
    assert said(replace(status(), today=date(2027, 1, 1))) == "√ 已同步 2026-11-22 14:02"
    # Late in the evening it is the next day in the compound already.
    late = replace(LINKED, at=datetime(2026, 11, 21, 16, 30, tzinfo=UTC))
    assert said(status(sync=late)) == "√ 已同步 00:30"


def test_a_time_at_the_end_of_time_is_told_all_the_same() -> None:
    assert moment(datetime.max.replace(tzinfo=UTC), "Asia/Shanghai", TODAY).startswith("9999-12-31")
    assert moment(datetime.min.replace(tzinfo=UTC), "America/New_York", TODAY).endswith("00:00")


def test_spans_of_time_are_told_in_units_that_people_use() -> None:
    minute = 60_000
    assert [span_words(n * minute) for n in (11, 60, 125, 60 * 24, 60 * 24 * 3, -60 * 24 * 3650)] == [
        *("11 分", "1 小时", "2 小时 5 分", "24 小时", "3 天", "3650 天")
    ]


@pytest.mark.usefixtures("each_language")
async def test_what_matters_most_stays_when_there_is_no_room() -> None:
    app = make_app(MemoryContext())
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        line = app.screen.query_one(StatusLine)
        line.status = replace(
            status(12_345, replace(AWAY), -7_500_000, conflicts=99, refused=99), person="王" * 40
        )
        await pilot.pause()
        text = drawn(app)[-2]
        assert width(text) == 80
        assert "99" in text
        assert "王" not in text  # who acts gives way first, what nobody need decide on gives way next
        line.message = ("存" * 30, Tone.GOOD)
        await pilot.pause()
        assert "存" * 30 in drawn(app)[-2]
        assert width(drawn(app)[-2]) == 80
        line.message = ("存" * 60, Tone.GOOD)
        await pilot.pause()
        assert "存" * 30 in drawn(app)[-2]
