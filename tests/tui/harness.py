"""A small app on the real shell, with a context in memory, for tests and for looking at."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from textual.app import ComposeResult

from tui.actions import Action, action
from tui.app import LinliApp
from tui.context import Listener, Status
from tui.screens.base import LinliScreen
from tui.widgets.long_list import LongList
from tui.widgets.rows import Column, RowView
from tui.widgets.search import SearchBox
from tui.widgets.task_list import Task, TaskList
from tui.widgets.text import Mark, Tone

ODD_TEXTS = (
    "[/b]",
    "[a栋]",
    "排水井堵塞" * 1000,
    "１２３ｕ",
    "{brace}",
    "\x1b[31mred",
    "a\u202eb",
    "\ud800",
    "",
)
LEVELS = (
    Mark("●", "满", Tone.BAD),
    Mark("◐", "半", Tone.WARN),
    Mark("○", "畅", Tone.GOOD),
    Mark("·", "打不开", Tone.MUTED),
)


class ExplainedError(Exception):
    """An error the context has words for."""


@dataclass
class MemoryContext:
    rows: int = 10_000
    slow: float = 0.0
    broken: Exception | None = None
    written: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    closed: bool = False
    arrived: int = 0
    prepared_after: int | None = None
    listener: Listener | None = None
    has_seat: bool = False

    def open(self) -> None:
        time.sleep(self.slow)
        if self.broken:
            raise self.broken

    def prepare(self) -> None:
        self.prepared_after = len(self.asked)

    def close(self) -> None:
        self.closed = True

    def listen(self, listener: Listener) -> None:
        self.listener = listener

    def arrive(self) -> None:
        self.arrived += 1

    def status(self) -> Status:
        return Status("向阳小区", "王桂兰", len(self.written))

    def today(self) -> date:
        return date(2026, 11, 22)

    def explain(self, error: Exception) -> str | None:
        return "磁盘满了，请清出一些空间" if isinstance(error, ExplainedError) else None

    def count(self) -> int:
        return self.rows

    def page(self, offset: int, limit: int) -> Sequence[RowView]:
        self.asked.append(f"{offset}+{limit}")
        return [well(index) for index in range(offset, min(offset + limit, self.rows))]


def well(index: int) -> RowView:
    note = ("", "井盖有裂缝", "[a栋] 东侧 [/b]", "积泥约三分之一，需要清掏")[index % 4]
    place = f"{index % 6 + 1}栋{index % 4 + 1}单元门前"
    return RowView(f"w{index}", (f"W{index + 1:02}", LEVELS[index % 4], place, str(index % 90), note))


COLUMNS = (
    Column("编号", 6, priority=9),
    Column("水位", 8, priority=8),
    Column("位置", 16, priority=6, grow=True),
    Column("积泥mm", 6, priority=4, align="right"),
    Column("备注", 12, priority=3, grow=True),
)


class Start(LinliScreen):
    ROOM = "home"

    def body(self) -> ComposeResult:
        yield TaskList(
            (
                Task("walk", "巡检", Mark("◐", "1 次没走完", Tone.WARN), "春季排水井普查 17/42"),
                Task("register", "住户和人员", "178 户", "12 名志愿者"),
                Task("import", "导入表格", "", "住户表、检查井表"),
                Task("sync", "联网同步", Mark("↑", "3 条待发", Tone.INFO), "", "还没有连接服务器"),
                Task("odd", "[/b] [a栋]", "", "排水井堵塞" * 1000),
            )
        )

    def on_task_list_opened(self, event: TaskList.Opened) -> None:
        self.linli.enter("wells", note=event.task_id)


ADD = action("test.add", "a", "insert")
BREAK = action("test.break", "b")


class Wells(LinliScreen):
    ROOM = "wells"
    ACTIONS: tuple[Action, ...] = (ADD, BREAK)

    def __init__(self, note: str = "") -> None:
        super().__init__()
        self.note = note
        self.picked: list[str] = []
        self.added = 0

    def body(self) -> ComposeResult:
        yield SearchBox("#wells", hint="查找", id="find")
        yield LongList(COLUMNS, id="wells")

    def on_mount(self) -> None:
        wells = self.query_one(LongList)
        wells.show(self.source(MemoryContext.count, MemoryContext.page))
        wells.focus()

    def why_not(self, action_id: str) -> str | None:
        return "先选一口井" if action_id == "test.break" and self.note == "shut" else None

    def do_add(self) -> None:
        self.tell(lambda context: context.written.append(self.note), self.show_added)

    def show_added(self, _nothing: Any) -> None:
        self.added += 1
        self.flash("已存本机，联网后自动上传", Tone.GOOD)

    def do_break(self) -> None:
        self.ask(lambda context: context.nothing_there, print)

    def on_long_list_picked(self, event: LongList.Picked) -> None:
        self.picked.append(event.row_id)


def make_app(context: MemoryContext | None = None, **options: Any) -> LinliApp:
    options.setdefault("survives", False)
    return LinliApp(context or MemoryContext(), rooms={"home": Start, "wells": Wells}, **options)
