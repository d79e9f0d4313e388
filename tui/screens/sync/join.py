"""Carry a compound that was founded on this laptop over into the server's: first what that would do, then doing it."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content

from models.replication import joining
from models.replication.joining import Joined
from tui.desk import Desk
from tui.i18n import t
from tui.screens.base import LinliScreen
from tui.screens.sync.words import kind_word
from tui.widgets.button_keys import step_between_buttons
from tui.widgets.long_list import LongList
from tui.widgets.rows import Column, RowView
from tui.widgets.text import Line, Mark, PushButton, Tone, plain
from tui.words import refusal_text


class JoinScreen(LinliScreen):
    """Nothing is carried over before its button is pressed, and the old compound stays in any case."""

    ROOM: ClassVar[str] = "join"
    DEFAULT_CSS = """
    JoinScreen #summary { height: auto; margin-bottom: 1; }
    JoinScreen .buttons { margin: 1 0 0 0; align-horizontal: left; }
    """

    def __init__(self, source: UUID, name: str) -> None:
        super().__init__()
        self._source, self._name = source, name
        self._busy = False

    def body(self) -> ComposeResult:
        yield Line(Mark("◐", t("join.looking", name=self._name), Tone.INFO), id="summary")
        yield LongList(
            (
                Column(t("sync.what"), 16, priority=9),
                Column(t("join.left_why"), 30, priority=8, grow=True),
            ),
            empty=t("join.none_left"),
            lit=True,
        )
        with Horizontal(classes="buttons"):
            yield PushButton(t("join.leave"), id="leave", variant="primary")
            yield PushButton(t("join.do"), id="do", variant="warning")

    def on_mount(self) -> None:
        self.query_one("#do", PushButton).disabled = True
        self.query_one(LongList).show([])
        self.query_one("#leave").focus()
        source = self._source

        def preview(desk: Desk) -> Joined:
            return joining.preview(desk.store, source, desk.acting())

        self.tell(preview, self._offered, failed=self._failed)

    def _offered(self, plan: Joined) -> None:
        some = sum(plan.counts.values()) - plan.counts.get("rejected", 0)
        self._show(plan, Mark("○", t("join.would", name=self._name, **_numbers(plan))))
        button = self.query_one("#do", PushButton)
        button.disabled = not some
        button.label = plain(t("join.do_n", n=some))
        button.refresh(layout=True)

    def _show(self, plan: Joined, said: Mark) -> None:
        self.query_one("#summary", Line).show(Content("\n").join([plain(said), plain(t("join.stays"))]))
        rows = [
            RowView(str(place), (kind_word(left.kind), Mark("×", refusal_text(left.why), Tone.BAD)))
            for place, left in enumerate(plan.refused)
        ]
        self.query_one(LongList).show(rows)

    def _failed(self, _error: Exception) -> None:
        self._busy = False
        self.query_one("#summary", Line).show(Mark("×", t("join.stopped"), Tone.BAD))

    def on_key(self, event: events.Key) -> None:
        step_between_buttons(self, self.focused, event)

    def on_button_pressed(self, event: PushButton.Pressed) -> None:
        if event.button.id == "do":
            self._carry()
        else:
            self.do_back()

    def _carry(self) -> None:
        if self._busy:
            return
        self._busy = True
        for button in self.query(PushButton):
            button.disabled = True
        self.query_one("#summary", Line).show(Mark("◐", t("join.carrying", name=self._name), Tone.INFO))
        source = self._source

        def carry(desk: Desk) -> Joined:
            return joining.carry_over(desk.store, source, desk.acting())

        self.tell(carry, self._carried, failed=self._failed)

    def _carried(self, done: Joined) -> None:
        self._show(done, Mark("√", t("join.done", name=self._name, **_numbers(done)), Tone.GOOD))
        for button in self.query("#do"):
            button.remove()
        leave = self.query_one("#leave", PushButton)
        leave.label = plain(t("import.back"))
        leave.disabled = False
        leave.focus()


def _numbers(plan: Joined) -> dict[str, int]:
    return {name: plan.counts.get(name, 0) for name in ("accepted", "merged", "conflict", "rejected")}
