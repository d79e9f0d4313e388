from __future__ import annotations

import asyncio
from typing import Any

import pytest
from harness import ODD_TEXTS, ExplainedError, MemoryContext, Start, Wells, make_app
from textual import events
from textual.pilot import Pilot

from tui.app import LinliApp
from tui.screens.base import LinliScreen
from tui.screens.choose import Choose
from tui.screens.confirm import Confirm
from tui.screens.form import FormDialog
from tui.screens.help import Help
from tui.screens.trouble import Trouble
from tui.themes import THEMES
from tui.widgets.bars import MOST_KEYS, KeyBar, StatusLine, TitleBar
from tui.widgets.fields import TextField
from tui.widgets.long_list import LongList
from tui.widgets.picker import Option
from tui.widgets.search import SearchBox, folded
from tui.widgets.text import width


def drawn(app: LinliApp) -> list[str]:
    """Return the lines as they stand on the terminal."""
    return ["".join(segment.text for segment in strip) for strip in app.screen._compositor.render_strips()]


async def settle(pilot: Pilot[None]) -> None:
    """Wait until the store is open or refused, searches have begun and no worker runs."""
    app = pilot.app
    assert isinstance(app, LinliApp)
    for _ in range(200):
        await pilot.pause(0.02)
        searching = any(box.value and box._told != folded(box.value) for box in app.screen.query(SearchBox))
        known = app.status is not None or app.store_failed
        if known and not searching and not any(not worker.is_finished for worker in app.workers):
            break
    await pilot.pause()


async def test_the_shell_is_painted_before_the_store_is_open() -> None:
    app = make_app(MemoryContext(slow=0.3))
    async with app.run_test() as pilot:
        assert "正在打开…" in drawn(app)[-2]
        assert "1  巡检" in "\n".join(drawn(app))
        await pilot.press("1")
        await pilot.press("a")
        await pilot.pause(0.5)
        # The keys pressed meanwhile were neither lost nor refused.
        assert isinstance(app.context, MemoryContext)
        assert app.context.written == ["walk"]
        assert "王桂兰 · 已存本机 · 1 条待发" in drawn(app)[-2]
        assert "向阳小区" in drawn(app)[0]
        assert app.screen.query_one(LongList).count == 10_000


async def test_a_store_that_will_not_open_is_told_in_words() -> None:
    app = make_app(MemoryContext(broken=ExplainedError()))
    async with app.run_test() as pilot:
        await settle(pilot)
        assert isinstance(app.screen, Trouble)
        page = "\n".join(drawn(app))
        assert "磁盘满了" in page
        assert "存档文件没有被改动" in page
        await pilot.press("enter")
        await pilot.press("1", "a")
        await settle(pilot)
        assert "存档没有打开" in drawn(app)[-2]


async def test_digit_enter_and_one_click_open_a_task_and_esc_goes_back() -> None:
    app = make_app()
    async with app.run_test() as pilot:
        for keys in (["2"], ["２"], ["down", "enter"]):
            await pilot.press(*keys)
            await settle(pilot)
            assert isinstance(app.screen, Wells)
            assert app.screen.note == "register"
            await pilot.press("escape")
            await settle(pilot)
            assert isinstance(app.screen, Start)
            await pilot.press("home")
        line = next(index for index, text in enumerate(drawn(app)) if "住户和人员" in text)
        await pilot.click(offset=(10, line))
        await settle(pilot)
        assert isinstance(app.screen, Wells)


async def test_a_shut_task_gives_its_reason_until_the_next_action() -> None:
    app = make_app()
    async with app.run_test() as pilot:
        await pilot.press("4")
        await settle(pilot)
        assert "还没有连接服务器" in drawn(app)[-2]
        await pilot.press("escape")
        assert "已经是第一屏" in drawn(app)[-2]


async def test_a_disabled_key_says_why_by_key_and_by_click() -> None:
    app = make_app()
    async with app.run_test() as pilot:
        app.enter("wells", note="shut")
        await settle(pilot)
        await pilot.press("b")
        await settle(pilot)
        assert "! 先选一口井" in drawn(app)[-2]
        await pilot.press("f8")
        assert "已换成" in drawn(app)[-2]
        await pilot.click(KeyBar, offset=(width(drawn(app)[-1].partition("弄坏")[0]), 0))
        await settle(pilot)
        assert "! 先选一口井" in drawn(app)[-2]


async def test_writes_keep_their_order_and_outlive_screen_and_app() -> None:
    context = MemoryContext(slow=0.1)
    app = make_app(context)
    async with app.run_test() as pilot:
        for number in range(30):
            app.screen.tell(lambda ctx, number=number: ctx.written.append(str(number)))  # type: ignore[attr-defined]
        await pilot.press("1")
    assert context.written == [str(number) for number in range(30)]
    assert context.closed


async def test_only_the_latest_of_named_questions_is_answered() -> None:
    app = make_app()
    async with app.run_test() as pilot:
        answers: list[str] = []
        screen = app.screen
        assert isinstance(screen, LinliScreen)
        for text in ("z", "zh", "zha"):
            screen.ask(lambda _context, text=text: text, answers.append, latest="search")  # type: ignore[misc]
        await settle(pilot)
        assert answers == ["zha"]


async def test_a_bug_behind_the_screen_shows_a_panel_and_the_app_lives_on() -> None:
    app = make_app(survives=True)
    async with app.run_test() as pilot:
        await pilot.press("1", "b")
        await settle(pilot)
        assert isinstance(app.screen, Trouble)
        page = "\n".join(drawn(app))
        assert "刚才这一步没有做成" in page
        assert "AttributeError" in page
        await pilot.press("escape")
        await pilot.press("a")
        await settle(pilot)
        assert "已存本机" in drawn(app)[-2]
        assert [type(error) for error in app.errors] == [AttributeError]


async def test_a_bug_in_a_handler_does_not_end_the_app(monkeypatch: pytest.MonkeyPatch) -> None:
    def fall(_self: Any, _event: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(Start, "on_task_list_opened", fall)
    app = make_app(survives=True)
    async with app.run_test() as pilot:
        await pilot.press("1")
        await settle(pilot)
        assert isinstance(app.screen, Trouble)
        await pilot.press("enter")
        await pilot.press("4")
        await settle(pilot)
        assert "还没有连接服务器" in drawn(app)[-2]


async def test_what_the_context_can_explain_is_one_line() -> None:
    def full(_context: Any) -> None:
        raise ExplainedError

    failures: list[Exception] = []
    app = make_app()
    async with app.run_test() as pilot:
        screen = app.screen
        assert isinstance(screen, LinliScreen)
        screen.tell(full, failed=failures.append)
        await settle(pilot)
        assert "× 磁盘满了" in drawn(app)[-2]
        assert len(failures) == 1


async def test_f1_tells_purpose_and_keys_and_closes_by_f1() -> None:
    app = make_app()
    async with app.run_test() as pilot:
        await pilot.press("1", "f1")
        await settle(pilot)
        assert isinstance(app.screen, Help)
        page = "\n".join(drawn(app))
        assert "检查井一览" in page
        assert "添加一口井" in page
        assert "PgUp/PgDn" in page
        await pilot.press("x", "enter")
        assert isinstance(app.screen, Help)
        await pilot.press("f1")
        assert isinstance(app.screen, Wells)


async def test_the_palette_finds_commands_by_pinyin() -> None:
    app = make_app()
    async with app.run_test() as pilot:
        await pilot.press("f9")
        await settle(pilot)
        await pilot.press(*"hps", "enter")
        await settle(pilot)
        assert isinstance(app.screen, Start)
        assert app.theme == THEMES[1].name


async def test_choosing_by_pinyin_digit_and_click_and_leaving_by_esc_only() -> None:
    people = [Option(f"p{number}", f"张三{number}", search="zhangsan zs") for number in range(3000)]
    few = [Option("a", "[a栋]"), Option("b", "[/b]", reason="已归档")]
    chosen: list[str] = []
    app = make_app()
    async with app.run_test() as pilot:
        screen = app.screen
        assert isinstance(screen, LinliScreen)
        screen.choose("谁？", people, chosen.append)
        await settle(pilot)
        await pilot.press(*"zs", "space", *"2999", "enter")
        await settle(pilot)
        assert chosen == ["p2999"]
        screen.choose("哪里？", few, chosen.append)
        await settle(pilot)
        assert "[a栋]" in "\n".join(drawn(app))
        await pilot.press("２", "x", "f5")
        await settle(pilot)
        assert isinstance(app.screen, Choose)
        assert "已归档" in "\n".join(drawn(app))
        await pilot.press("１")
        await settle(pilot)
        assert chosen == ["p2999", "a"]
        screen.choose("哪里？", few, chosen.append)
        await settle(pilot)
        await pilot.press("escape")
        await settle(pilot)
        assert isinstance(app.screen, Start)
        assert chosen == ["p2999", "a"]


@pytest.mark.parametrize(
    ("keys", "done"),
    [(["enter"], False), (["escape"], False), (["right", "enter"], True), (["x", "y"], None)],
)
async def test_the_safe_button_has_the_focus(keys: list[str], done: bool | None) -> None:  # noqa: FBT001
    app = make_app()
    async with app.run_test() as pilot:
        happened: list[bool] = []
        screen = app.screen
        assert isinstance(screen, LinliScreen)
        screen.confirm("归档 [/b]？", verb="归档 [a栋]", then=lambda: happened.append(True))
        await settle(pilot)
        assert "归档 [/b]？" in "\n".join(drawn(app))
        assert "归档 [a栋]" in "\n".join(drawn(app))
        await pilot.press(*keys)
        await settle(pilot)
        assert happened == ([True] if done else [])
        assert isinstance(app.screen, Confirm) == (done is None)


@pytest.mark.parametrize("size", [(80, 24), (100, 30), (140, 40), (40, 12), (20, 5)])
async def test_every_line_fits_the_terminal(size: tuple[int, int], each_language: str) -> None:
    assert each_language
    app = make_app()
    async with app.run_test(size=size) as pilot:
        for keys in ([], ["1"], ["f1"], ["escape", "f9"]):
            await pilot.press(*keys)
            await settle(pilot)
            assert {width(line) for line in drawn(app)} == {size[0]}
        if size[0] >= 80:
            assert "…" not in drawn(app)[-1]


async def test_the_key_bar_never_holds_more_than_six(each_language: str) -> None:
    assert each_language
    app = make_app()
    async with app.run_test() as pilot:
        bar = app.screen.query_one(KeyBar)
        bar.keys = bar.keys * 9
        await pilot.pause()
        assert len(bar._placed()) == MOST_KEYS


@pytest.mark.parametrize("text", ODD_TEXTS)
async def test_odd_text_is_drawn_verbatim_in_the_frame(text: str) -> None:
    app = make_app()
    async with app.run_test() as pilot:
        app.flash(text)
        app.screen.query_one(TitleBar).heading = text
        await pilot.pause()
        for line in drawn(app):
            line.encode()
        if text.startswith("["):
            assert text in drawn(app)[0]
            assert text in drawn(app)[-2]


async def test_a_long_message_wins_over_the_state() -> None:
    app = make_app()
    async with app.run_test() as pilot:
        await settle(pilot)
        app.flash("存" * 36)
        await pilot.pause()
        assert "存" * 36 in drawn(app)[-2]
        assert "王桂兰" not in drawn(app)[-2]
        app.screen.query_one(StatusLine).message = ("短", app.screen.query_one(StatusLine).message[1])
        await pilot.pause()
        assert "王桂兰" in drawn(app)[-2]


async def test_ctrl_c_says_how_to_quit_and_the_users_keys_work() -> None:
    app = make_app()
    async with app.run_test() as pilot:
        await pilot.press("ctrl+c")
        await settle(pilot)
        assert "Ctrl+Q" in drawn(app)[-2]
        app.use_keymap({"test.add": ("n",)})
        try:
            await pilot.press("1")
            await settle(pilot)
            assert "N 添加" in drawn(app)[-1]
            await pilot.press("ｎ")
            await asyncio.sleep(0.05)
            await settle(pilot)
            assert isinstance(app.context, MemoryContext)
            assert app.context.written == ["walk"]
        finally:
            app.use_keymap({})


@pytest.mark.parametrize("key", ["f1", "f9"])
async def test_a_dialogs_key_held_down_opens_and_closes_one(key: str) -> None:
    app = make_app()
    async with app.run_test() as pilot:
        await settle(pilot)
        for presses in range(1, 7):
            await pilot.press(key)
            await settle(pilot)
            assert len(app.screen_stack) == 1 + presses % 2
        for presses in range(6):
            await pilot.press("f1" if presses % 2 else "f9")
            await settle(pilot)
            assert len(app.screen_stack) <= 3


async def test_a_question_that_was_asked_twice_is_put_once() -> None:
    app = make_app()
    async with app.run_test() as pilot:
        await settle(pilot)
        screen = app.screen
        assert isinstance(screen, LinliScreen)
        chosen: list[str] = []
        for _ in range(3):
            screen.ask(
                MemoryContext.count,
                lambda n: screen.choose("?", [Option("a", str(n)), Option("b", "b")], chosen.append),
            )
        await settle(pilot)
        await pilot.press("2")
        await settle(pilot)
        assert chosen == ["b"]
        assert app.screen is screen


async def test_enter_pressed_twice_opens_a_task_once() -> None:
    app = make_app()
    async with app.run_test() as pilot:
        await settle(pilot)
        for _ in range(3):
            app.post_message(events.Key("enter", None))
        await settle(pilot)
        assert [type(screen) for screen in app.screen_stack] == [Start, Wells]
        await pilot.press("escape", "1")
        await settle(pilot)
        assert isinstance(app.screen, Wells)


async def test_a_dialog_that_is_closed_twice_at_once_closes_nothing_beneath() -> None:
    app = make_app()
    async with app.run_test() as pilot:
        await settle(pilot)
        await pilot.press("1")
        await settle(pilot)
        form = FormDialog("?", [TextField("name", "name", value="x")])
        results: list[object] = []
        app.push_screen(form, results.append)
        await settle(pilot)
        form.do_save()
        form.do_save()
        form.do_back()
        await settle(pilot)
        assert results == [{"name": "x"}]
        assert [type(screen) for screen in app.screen_stack] == [Start, Wells]
