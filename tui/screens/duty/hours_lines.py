"""What stands behind a row of hours or of balances, line by line: entries that add up, and how somebody came to owe."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial
from typing import ClassVar
from uuid import UUID

from textual.app import ComposeResult

from models.duty.hours import Entry
from models.duty.queries_balances import BalanceStory
from tui import hours_words as words
from tui.actions import Action, action
from tui.i18n import t
from tui.screens.base import LinliScreen
from tui.screens.duty.hours_out import certificate_of
from tui.screens.duty.hours_rows import entry_columns, entry_rows, owed_mark, story_columns, story_rows
from tui.screens.duty.hours_store import story
from tui.widgets.flow import Flow
from tui.widgets.long_list import LongList
from tui.widgets.text import Line, joined, tone_style

OUT = action("hours_lines.out", "f5")


class HoursLines(LinliScreen):
    """What was counted of somebody, or of a team with `names` of its people; `person_id` may have a certificate of it."""

    ROOM: ClassVar[str] = "hours_lines"
    AUTO_FOCUS = "LongList"
    ACTIONS: ClassVar[tuple[Action, ...]] = (OUT,)
    DEFAULT_CSS = """
    HoursLines #sum { height: 1; margin-bottom: 1; }
    HoursLines LongList { height: 1fr; }
    """

    def __init__(
        self,
        name: str,
        entries: Sequence[Entry],
        span: tuple[date, date],
        *,
        person_id: UUID | None = None,
        names: Mapping[UUID, str] | None = None,
    ) -> None:
        super().__init__()
        self._name, self._entries, self._span = name, entries, span
        self._person_id, self._names = person_id, names

    @property
    def heading(self) -> str:
        return t("hours_lines.of", name=self._name)

    def body(self) -> ComposeResult:
        first, last = self._span
        minutes = sum(entry.minutes for entry in self._entries)
        yield Line(
            joined(
                (t("hours.span", first=first, last=last), "bold"),
                "  ",
                (t("hours_lines.sum", n=len(self._entries), time=words.hm_text(minutes)), "$text-muted"),
            ),
            id="sum",
        )
        yield LongList(
            entry_columns(named=self._names is not None),
            empty=t("hours.nothing"),
            lit=True,
        )

    def on_mount(self) -> None:
        super().on_mount()
        self.query_one(LongList).show(entry_rows(self._entries, self._names))

    def why_not(self, action_id: str) -> str | None:
        if action_id == OUT.id and self._person_id is None:
            return t("hours.no_certificate")
        return super().why_not(action_id)

    def do_out(self) -> None:
        if self._person_id is not None:
            certificate_of(self, self._person_id, *self._span)


class HoursBalance(LinliScreen):
    """How it came that somebody owes what they owe."""

    ROOM: ClassVar[str] = "hours_balance"
    AUTO_FOCUS = "LongList"
    DEFAULT_CSS = """
    HoursBalance #owed { height: 1; }
    HoursBalance Flow { margin-bottom: 1; color: $text-muted; }
    HoursBalance LongList { height: 1fr; }
    """

    def __init__(self, person_id: UUID, name: str) -> None:
        super().__init__()
        self._person_id, self._name = person_id, name

    @property
    def heading(self) -> str:
        return t("hours_balance.of", name=self._name)

    def body(self) -> ComposeResult:
        yield Line(id="owed")
        yield Flow(t("hours.balance.explained"))
        yield LongList(story_columns(), empty=t("hours.balance.nothing"), lit=True)

    def on_mount(self) -> None:
        super().on_mount()
        self.news()

    def news(self) -> None:
        self.ask(partial(story, person_id=self._person_id), self._show, latest="story")

    def _show(self, told: BalanceStory) -> None:
        mark = owed_mark(told.owed)
        self.query_one("#owed", Line).show(
            joined((f"{self._name}  ", "bold"), (str(mark), f"bold {tone_style(mark.tone)}".strip()))
        )
        self.query_one(LongList).show(story_rows(told), keep=True)

    def on_long_list_picked(self, event: LongList.Picked) -> None:
        """Say the whole line, which may have been cut."""
        row = self.query_one(LongList).highlighted_row
        if row is not None and row.id == event.row_id:
            self.flash(str(row.cells[1]))
