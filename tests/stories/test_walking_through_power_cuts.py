"""The real program in a terminal of its own, killed in the middle of a word."""

from __future__ import annotations

import os
import select
import signal
import sys
import time
from pathlib import Path

import pytest
from neighbours import code_here, make_app, observed, page, press, rows, take_up, walking

from models.errors import StoreFull

pty = pytest.importorskip("pty", reason="a terminal of its own needs a Unix")
termios = pytest.importorskip("termios")

PATIENCE = 40.0


class Terminal:
    """A program in a pseudo-terminal, and the hands on its keyboard."""

    def __init__(self, path: Path) -> None:
        self.pid, self.master = pty.fork()
        if self.pid == 0:
            os.environ.update(LINLI_LANG="zh_CN", TERM="xterm-256color", COLUMNS="80", LINES="24")
            os.execv(sys.executable, [sys.executable, "-m", "tui.cli", "--store", str(path)])  # noqa: S606
        termios.tcsetwinsize(self.master, (24, 80))
        self.said = ""

    def until(self, word: str) -> None:
        """Read what the program draws until a word is on it."""
        end = time.monotonic() + PATIENCE
        while word not in self.said:
            assert time.monotonic() < end, self.said[-2000:]
            if select.select([self.master], [], [], 0.1)[0]:
                self.said += os.read(self.master, 65536).decode("utf-8", "replace")
        self.said = ""

    def drain(self) -> None:
        while select.select([self.master], [], [], 0.02)[0]:
            os.read(self.master, 65536)

    def type(self, text: str) -> None:
        os.write(self.master, text.encode())

    def kill(self) -> None:
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self.master)


def drafts(path: Path) -> str:
    return "".join(str(row[0]) for row in rows(path, 'SELECT "values" FROM draft'))


def killed_while_typing(path: Path) -> None:
    """Walk three wells, call the fourth full, and die in the middle of its note."""
    terminal = Terminal(path)
    try:
        terminal.until("未连服务器")
        terminal.type("1")
        terminal.until("开始新的巡检")
        terminal.type("\x1b[F")  # End: the walk made first, over the wells
        time.sleep(0.3)
        terminal.type("\r")
        terminal.until("任何人不得下井")
        terminal.type("\r")
        time.sleep(0.5)
        terminal.type("\r\r\r")
        terminal.type("4")
        terminal.type("0")
        terminal.type("ban jie gun zi")
        end = time.monotonic() + PATIENCE
        while "ban jie gun zi" not in drafts(path):
            assert time.monotonic() < end, (drafts(path), observed(path))
            terminal.drain()
    finally:
        terminal.kill()


@pytest.mark.skipif(not hasattr(termios, "tcsetwinsize"), reason="needs Python 3.11")
async def test_kill_9_in_the_middle_of_a_note_loses_not_a_letter(path: Path) -> None:
    killed_while_typing(path)
    assert observed(path) == [("W01", "flowing"), ("W02", "flowing"), ("W03", "flowing"), ("W04", "full")]
    app = make_app(path)
    async with app.run_test() as pilot:
        await take_up(pilot, app)
        assert code_here(app) == "W04"
        assert walking(app).edit.note == "ban jie gun zi"
        assert "✎ 备注：ban jie gun zi" in page(app)
        await press(pilot, app, ["enter"])
    assert observed(path, "level, note")[-1] == ("W04", "full", "ban jie gun zi")
    assert drafts(path) == ""


async def test_an_answer_whose_write_fails_after_esc_is_back_on_its_card(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tui.screens.walk import store as walk_store

    def slow_and_full(*_: object) -> None:
        time.sleep(0.3)
        raise StoreFull(str(path))

    app = make_app(path)
    async with app.run_test() as pilot:
        await take_up(pilot, app)
        monkeypatch.setattr(walk_store, "record", slow_and_full)
        await press(pilot, app, ["5", "escape"])
        await pilot.pause(0.5)
        assert code_here(app) == "W01"
        assert walking(app).edit.level == "overflow"
        monkeypatch.undo()
        await press(pilot, app, ["enter", "escape"])
    assert observed(path) == [("W01", "overflow")]
