from __future__ import annotations

from textual.app import App, ComposeResult

from tui.widgets.task_list import Task, TaskList
from tui.widgets.tellings import Telling, Tellings
from tui.widgets.text import Mark, Tone

TOLD = [
    Telling("a", Mark("!", "没来 [/b]", Tone.BAD)),
    Telling("b", Mark("", "bbbb")),
    Telling("c", Mark("", "c" * 50)),
]


class Told(App[None]):
    def __init__(self) -> None:
        super().__init__()
        self.opened: list[str] = []

    def compose(self) -> ComposeResult:
        yield Tellings()
        yield TaskList([Task("x", "x"), Task("y", "y")])

    def on_mount(self) -> None:
        self.query_one(Tellings).show(TOLD)
        self.query_one(TaskList).focus()

    def on_tellings_opened(self, event: Tellings.Opened) -> None:
        self.opened.append(event.telling_id)

    def on_task_list_topped(self) -> None:
        self.query_one(Tellings).focus()

    def on_tellings_passed(self) -> None:
        self.query_one(TaskList).focus()


def lines(app: Told) -> list[str]:
    found = ["".join(segment.text for segment in strip) for strip in app.screen._compositor.render_strips()]
    return [line.rstrip() for line in found]


async def test_what_fits_stands_on_one_line_and_what_is_too_long_is_cut() -> None:
    app = Told()
    async with app.run_test(size=(40, 10)):
        assert lines(app)[0] == "  ! 没来 [/b]   bbbb"
        assert lines(app)[1] == f"  {'c' * 35}…"
        assert app.query_one(Tellings).size.height == 2


async def test_a_click_opens_the_telling_it_hits_and_a_gap_opens_nothing() -> None:
    app = Told()
    async with app.run_test(size=(40, 10)) as pilot:
        for x, y in ((3, 0), (13, 0), (17, 0), (20, 1), (39, 0)):
            await pilot.click(Tellings, offset=(x, y))
        assert app.opened == ["a", "b", "c"]


async def test_the_arrows_lead_up_from_the_tasks_through_the_tellings_and_down_again() -> None:
    app = Told()
    async with app.run_test(size=(40, 10)) as pilot:
        await pilot.press("down", "up", "up", "enter", "right", "enter", "down", "enter", "down")
        assert app.opened == ["a", "b", "c"]
        assert app.query_one(TaskList).has_focus


async def test_the_cursor_stays_on_its_telling_and_nothing_to_tell_takes_no_room() -> None:
    app = Told()
    async with app.run_test(size=(40, 10)) as pilot:
        told = app.query_one(Tellings)
        told.focus()
        await pilot.press("right")
        told.show(TOLD[1:])
        await pilot.press("enter")
        assert app.opened == ["b"]
        told.show(())
        await pilot.pause()
        assert not told.display
