"""Cash: what I have in hand, what everybody has, what was handed in and whether it was counted."""

from __future__ import annotations

from functools import partial
from typing import ClassVar, Final
from uuid import UUID

from textual.app import ComposeResult

from models.fees.money import yuan
from models.fees.queries_cash import CashHeld
from tui.actions import Action, action, shown_key
from tui.i18n import t
from tui.screens.asking import known
from tui.screens.changing import UNDO, Changing, Ledger
from tui.screens.fees import cash_rows as r
from tui.screens.fees import cash_store as store
from tui.screens.fees.cash_rows import ALL, BOX, HANDED, MINE, NOBODY
from tui.screens.fees.cash_store import Boxes
from tui.screens.fees.receipts_rows import when_text
from tui.widgets.bars import KeyView
from tui.widgets.long_list import LongList
from tui.widgets.tabs import View, ViewTabs
from tui.widgets.text import Line, Tone, joined, tone_style

OPEN = action("cash.open", "enter")
HAND = action("cash.hand", "f2")
TAKE = action("cash.take", "f3")
OUT = action("cash.out", "f5")
_TABS: Final = {
    MINE: action("cash.mine", "1", footer=False),
    ALL: action("cash.all", "2", footer=False),
    HANDED: action("cash.handed", "3", footer=False),
}


class CashBoxes(Changing):
    """Three lists. F2 hands in what one has, F3 counts what somebody else handed in."""

    ROOM: ClassVar[str] = "cash"
    AUTO_FOCUS = ""
    ACTIONS: ClassVar[tuple[Action, ...]] = (OPEN, HAND, TAKE, OUT, *_TABS.values())
    DEFAULT_CSS = """
    CashBoxes #told { height: 1; }
    CashBoxes.-tall #told { margin: 1 0; }
    CashBoxes LongList { display: none; height: 1fr; }
    CashBoxes LongList.-shown { display: block; }
    """

    def __init__(self, ledger: Ledger | None = None) -> None:
        super().__init__(ledger)
        self.view = MINE
        self._found: Boxes | None = None

    def body(self) -> ComposeResult:
        yield ViewTabs(self._views(), self.view)
        yield Line(id="told")
        for view in _TABS:
            yield LongList(r.columns(view), empty=t(f"cash.empty.{view}"), lit=True, id=view)

    def _views(self) -> tuple[View, ...]:
        waiting = "" if self._found is None or not self._found.waiting else str(self._found.waiting)
        return tuple(
            View(
                view,
                shown_key(made.current_keys[0]),
                t(f"action.{made.id}"),
                waiting if view == HANDED else "",
            )
            for view, made in _TABS.items()
        )

    # -- what is shown

    def on_mount(self) -> None:
        super().on_mount()
        self._see(self.view)

    def on_screen_resume(self) -> None:
        super().on_screen_resume()
        self.reread()

    def news(self) -> None:
        self.reread()

    def reread(self) -> None:
        self.ask(store.boxes, self._show, latest="cash")

    def _show(self, found: Boxes) -> None:
        self._found = found
        mine = found.of(found.me)
        self.query_one(f"#{MINE}", LongList).show(
            self.source(partial(store.count_taken, held=mine), partial(store.page_taken, held=mine)),
            keep=True,
        )
        self.query_one(f"#{ALL}", LongList).show(store.rows_of_boxes(found), keep=True)
        self.query_one(f"#{HANDED}", LongList).show(
            self.source(store.count_handed, store.page_handed), keep=True
        )
        self.query_one(ViewTabs).views = self._views()
        self._tell()
        self.refresh_keys()

    def _tell(self) -> None:
        """Say above the list what it comes to."""
        found, line = self._found, self.query_one("#told", Line)
        if found is None:
            return
        if self.view == MINE and found.me is None:
            line.show(t("cash.who_acts"))
        elif self.view == MINE:
            mine = found.of(found.me)
            last = "" if mine.last_at is None else t("cash.since", at=when_text(mine.last_at, found.zone))
            line.show(
                joined((t("cash.should_have", fen=yuan(mine.fen)), "bold"), (f"  {last}", "$text-muted"))
            )
        elif self.view == ALL:
            said = t("cash.told_all", box=yuan(found.box.fen), out=yuan(found.out_fen))
            line.show(joined((said, "bold")))
        else:
            tone = Tone.WARN if found.waiting else Tone.GOOD
            said = t("cash.told_waiting", n=found.waiting) if found.waiting else t("cash.told_none_waiting")
            line.show(joined((said, tone_style(tone))))

    @property
    def shown(self) -> LongList:
        """The list on screen."""
        return self.query_one(f"#{self.view}", LongList)

    def _front(self) -> str | None:
        return self.shown.highlighted if self.is_mounted else None

    def _see(self, view: str) -> None:
        self.view = view
        self.query_one(ViewTabs).current = view
        for one in _TABS:
            self.query_one(f"#{one}").set_class(one == view, "-shown")
        self.shown.focus()
        self._tell()
        self.refresh_keys()

    def do_mine(self) -> None:
        self._see(MINE)

    def do_all(self) -> None:
        self._see(ALL)

    def do_handed(self) -> None:
        self._see(HANDED)

    async def on_view_tabs_chosen(self, event: ViewTabs.Chosen) -> None:
        await self.action_act(_TABS[event.view_id].id)

    def on_long_list_highlighted(self) -> None:
        self.refresh_keys()

    def on_long_list_emptied(self) -> None:
        self.refresh_keys()

    async def on_long_list_picked(self) -> None:
        await self.action_act(OPEN.id)

    # -- what can be done

    def key_views(self) -> tuple[KeyView, ...]:
        return tuple(view for view in super().key_views() if view.action_id != UNDO.id)

    def why_not(self, action_id: str) -> str | None:
        if action_id in {OPEN.id, HAND.id, TAKE.id, OUT.id}:
            if self._found is None:
                return t("list.reading")
            reason = self._why_not(action_id, self._found)
            if reason is not None:
                return reason
        return super().why_not(action_id)

    def _why_not(self, action_id: str, found: Boxes) -> str | None:
        if action_id in {HAND.id, TAKE.id} and not found.works:
            return t("cash.only_workers")
        if action_id == HAND.id:
            held = self._whose(found)
            if held is None:
                return t("cash.who_acts" if self.view != ALL else "cash.choose_collector")
            return None if held.fen > 0 else t("cash.nothing_in_hand", name=held.collector)
        if action_id in {TAKE.id, OUT.id} and self.view != HANDED:
            return t("cash.go_to_handed", key=shown_key(_TABS[HANDED].current_keys[0]))
        front = self._front()
        if front is None or (action_id == OPEN.id and front in {BOX, NOBODY}):
            return t("cash.nothing_in_front")
        return None

    def _whose(self, found: Boxes) -> CashHeld | None:
        """Return whose cash F2 hands in: one's own, or in everybody's list that of the highlighted one."""
        if self.view != ALL:
            return None if found.me is None else found.of(found.me)
        front = self._front()
        return next((one for one in found.held if str(one.collector_id) == front), None)

    def do_open(self) -> None:
        front = known(self._front())
        if self.view == HANDED:
            from tui.screens.fees.cash_card import HandInCard

            self.app.push_screen(HandInCard(UUID(front), self.ledger))
        elif self.view == ALL:
            from tui.screens.fees.cash_card import HeldCard

            self.app.push_screen(HeldCard(UUID(front), self.ledger))
        else:
            self._open_receipt(UUID(front))

    def _open_receipt(self, payment_id: UUID) -> None:
        from tui.screens.fees.cash_card import open_receipt

        open_receipt(self, payment_id, self.ledger)

    def do_hand(self) -> None:
        from tui.screens.fees.cash_count import HandIn

        held = known(self._whose(known(self._found)))
        self.app.push_screen(HandIn(known(held.collector_id), self._kept, self.ledger))

    def do_take(self) -> None:
        """Open the hand-in: whether it can be counted, and by whom, is told there."""
        self.do_open()

    def _kept(self, said: str) -> None:
        self.flash(said, Tone.GOOD)

    def do_out(self) -> None:
        from tui.fee_papers import print_hand_in

        print_hand_in(self, UUID(known(self._front())))
