"""Hand-overs: those that nobody has confirmed first, then the newest."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar
from uuid import UUID
from zoneinfo import ZoneInfo

from textual.app import ComposeResult

from models.duty.queries_handover import HandOverLine, count_handovers, page_handovers
from tui.actions import Action, action
from tui.desk import Desk
from tui.i18n import t
from tui.screens.changing import Changing
from tui.screens.duty.handover_words import place_text, state_mark, state_words, when_text
from tui.widgets.long_list import LongList
from tui.widgets.rows import Column, RowView
from tui.widgets.text import width

PICK = action("handovers.pick", "enter")


class HandOvers(Changing):
    """A long list of them; Enter opens one."""

    ROOM: ClassVar[str] = "handovers"
    ACTIONS: ClassVar[tuple[Action, ...]] = (PICK,)

    def body(self) -> ComposeResult:
        yield LongList(
            (
                Column(t("handovers.state"), max(map(width, state_words())), priority=9),
                Column(t("handovers.at"), 18, priority=8),
                Column(t("handovers.who"), 19, priority=9),
                Column(t("handovers.place"), 18, priority=6),
                Column(t("handovers.words"), 12, priority=7, grow=True),
            ),
            empty=t("handovers.empty"),
            id="handovers",
        )

    def on_mount(self) -> None:
        self.query_one(LongList).focus()

    def on_screen_resume(self) -> None:
        self.reread()

    def news(self) -> None:
        self.reread()

    def reread(self) -> None:
        self.query_one(LongList).show(self.source(_count, _page), keep=True)

    def why_not(self, action_id: str) -> str | None:
        if action_id == PICK.id and self.is_mounted and self.query_one(LongList).highlighted is None:
            return t("handovers.nothing_to_open")
        return super().why_not(action_id)

    def on_long_list_highlighted(self) -> None:
        self.refresh_keys()

    def on_long_list_emptied(self) -> None:
        self.refresh_keys()

    def on_long_list_picked(self, event: LongList.Picked) -> None:
        from tui.screens.duty.handover_card import HandOverCard

        self.app.push_screen(HandOverCard(UUID(event.row_id), self.ledger))

    def do_pick(self) -> None:
        self.query_one(LongList).action_pick()


def _count(desk: Desk) -> int:
    with desk.store.read() as session:
        return count_handovers(session, desk.seat.compound_id)


def _page(desk: Desk, offset: int, limit: int) -> Sequence[RowView]:
    zone = ZoneInfo(desk.seat.zone)
    with desk.store.read() as session:
        lines = page_handovers(session, desk.seat.compound_id, offset=offset, limit=limit)
    return [_row(line, zone) for line in lines]


def _row(line: HandOverLine, zone: ZoneInfo) -> RowView:
    who = t("handovers.from_to", giver=line.giver or "—", to=line.to or t("handover.anybody"))
    cells: tuple[Any, ...] = (
        state_mark(line),
        when_text(line, zone),
        who,
        place_text(line),
        " ".join(line.words.split()),
    )
    return RowView(str(line.id), cells)
