"""Somebody's shifts, ahead and behind, with what they owe: ask for cover, swap, take an open place, say when one is away."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import ClassVar
from uuid import UUID

from textual.app import ComposeResult

from models.duty.queries_balances import BalanceLine
from models.duty.queries_mine import OwnShift
from models.duty.rules import SwapState
from models.operations.envelope import Intent
from tui import edge
from tui.actions import EXPORT, Action, action, shown_key
from tui.duty_words import points_text, shift_title
from tui.i18n import t
from tui.screens.duty.my_shifts_rows import AHEAD, BEHIND, OwnRows, Who, balance_of, columns_of, look
from tui.screens.duty.my_shifts_store import cover_options, open_options, swap_options
from tui.screens.duty.swaps_words import ANYBODY
from tui.screens.picking import pick_person
from tui.screens.tabbed import ListWords, Tab, Tabbed, TabSearch
from tui.widgets.deeds import Deeds
from tui.widgets.long_list import LongList
from tui.widgets.picker import Option
from tui.widgets.rows import Column
from tui.widgets.tabs import View, ViewTabs
from tui.widgets.text import Line, Mark, Tone

PICK = action("my_shifts.pick", "enter")
COVER = action("my_shifts.cover", "1", footer=False)
SWAP = action("my_shifts.swap", "2", footer=False)
TAKE = action("my_shifts.take", "3", footer=False)
AWAY = action("my_shifts.away", "4", "f2", "insert", footer=False)
WITHDRAW = action("my_shifts.withdraw", "5", footer=False)
WHOSE = action("my_shifts.whose", "6", "f3", footer=False)
OUT = action("my_shifts.out", "f5")
SHOWN_AHEAD = action("my_shifts.show_ahead", "left", "[", footer=False)
SHOWN_BEHIND = action("my_shifts.show_behind", "right", "]", footer=False)
FIND = action("my_shifts.find", "/", footer=False)
_OF_ONE = frozenset({COVER.id, SWAP.id, WITHDRAW.id})
_ROSTER = "roster"


class MyShifts(Tabbed):
    """The shifts of `person_id`, else of whoever acts."""

    ROOM: ClassVar[str] = "my_shifts"
    PICK: ClassVar[Action] = PICK
    AUTO_FOCUS = ""
    TABS: ClassVar[tuple[Tab, ...]] = (
        Tab(AHEAD, SHOWN_AHEAD, "my_shifts.ahead", "my_shifts.none_ahead"),
        Tab(BEHIND, SHOWN_BEHIND, "my_shifts.behind", "my_shifts.none_behind"),
    )
    WORDS: ClassVar[ListWords] = ListWords(
        hint="my_shifts.find_hint",
        found_nothing="my_shifts.found_nothing",
        nothing_to_open="my_shifts.nothing_in_front",
    )
    DEEDS: ClassVar[tuple[Action, ...]] = (COVER, SWAP, TAKE, AWAY, WITHDRAW, WHOSE)
    ACTIONS: ClassVar[tuple[Action, ...]] = (
        PICK, OUT, *DEEDS, SHOWN_AHEAD, SHOWN_BEHIND, FIND, EXPORT,
    )  # fmt: skip
    DEFAULT_CSS = """
    MyShifts #balance { height: 1; padding: 0 2; }
    MyShifts.-tall #balance { margin-bottom: 1; }
    MyShifts.-short #find { margin-bottom: 0; }
    MyShifts LongList { height: 1fr; }
    MyShifts.-tall Deeds { margin-top: 1; }
    """

    def __init__(self, person_id: UUID | None = None, view: str = "") -> None:
        super().__init__(view)
        self.person_id = person_id
        self._who: Who | None = None
        self._rows: OwnRows | None = None

    @property
    def heading(self) -> str:
        who = self._who
        return super().heading if who is None or who.own else t("my_shifts.of", person=who.name)

    def body(self) -> ComposeResult:
        yield Line(id="balance")
        yield ViewTabs(self._views(), self.view)
        yield TabSearch(f"#{self.view}", hint=t(self.WORDS.hint), id="find")
        for tab in self._lists:
            yield LongList(self.list_columns(tab.id), lit=True, id=tab.id)
        yield Deeds()

    def on_mount(self) -> None:
        self.shown.focus()

    def _views(self) -> tuple[View, ...]:
        counts = self._counts or {}
        return tuple(View(tab.id, "", t(tab.label), str(counts.get(tab.id, ""))) for tab in self.TABS)

    def list_columns(self, view: str) -> Sequence[Column]:
        return columns_of(view)

    def list_rows(self, view: str, text: str) -> OwnRows:
        # What is known of a row stays known while it is read again: a dialog closing must not shut the keys.
        before = {} if self._rows is None else self._rows.known
        self._rows = OwnRows(view, text, self.person_id, dict(before))
        return self._rows

    def ask_counts(self) -> None:
        self.read(partial(look, person_id=self.person_id), self._take, latest="who")

    def _take(self, who: Who) -> None:
        self._who = who
        self.show_counts(who.counts)
        self.refresh_frame()
        if who.person_id is not None:
            self.read(partial(balance_of, person_id=who.person_id), self._show_balance, latest="balance")

    def _show_balance(self, found: BalanceLine | None) -> None:
        self.query_one("#balance", Line).show(_balance(found))

    @property
    def front(self) -> OwnShift | None:
        """The shift in front, None before there is one."""
        if not self.is_mounted or self._rows is None or (row_id := self.shown.highlighted) is None:
            return None
        return self._rows.known.get(row_id)

    # What can be done

    def why_not(self, action_id: str) -> str | None:
        if action_id in {TAKE.id, AWAY.id, *_OF_ONE}:
            why = self._why_not_here(action_id)
            if why is not None:
                return why
        if action_id in _OF_ONE:
            return self._why_not_front(action_id)
        return super().why_not(action_id)

    def _why_not_here(self, action_id: str) -> str | None:
        """Return why whoever acts may do nothing of the kind for whose shifts these are."""
        who = self._who
        if who is None:
            return t("register.reading")
        if who.person_id is None:
            return t("my_shifts.nobody")
        if not who.works:
            return t("my_shifts.no_role")
        if action_id == TAKE.id:
            return None if who.own else t("my_shifts.take_for_oneself", person=who.name)
        return None if who.own or who.keeps else t("my_shifts.not_yours", person=who.name)

    def _why_not_front(self, action_id: str) -> str | None:
        one = self.front
        if one is None:
            return t("my_shifts.nothing_in_front")
        if self.view == BEHIND or one.line.starts_at <= edge.clock():
            return t("my_shifts.begun")
        asked = [line for line in one.requests if line.asker_id == one.place.person_id]
        if action_id == WITHDRAW.id:
            return None if asked else t("my_shifts.nothing_asked")
        return t("my_shifts.asked_already", key=shown_key(WITHDRAW.current_keys[0])) if asked else None

    def open_row(self, row_id: str) -> None:
        """Offer what can be done about a shift, each with the reason if it cannot."""
        if self._rows is None or row_id not in self._rows.known:
            return
        one = self._rows.known[row_id]
        deeds = [
            Option(made.id, made.label, made.help, reason=self.why_not(made.id))
            for made in (COVER, SWAP, WITHDRAW)
        ]
        deeds.append(Option(_ROSTER, t("my_shifts.roster"), t("my_shifts.roster_note")))
        self.choose(shift_title(one.line), deeds, partial(self._do_one, one))

    async def _do_one(self, one: OwnShift, chosen: str) -> None:
        if chosen == _ROSTER:
            self.linli.enter(_ROSTER, month=one.line.day)
        else:
            await self.action_act(chosen)

    # Cover and swap

    def do_cover(self) -> None:
        one = self.front
        if one is not None:
            self.ask(partial(cover_options, one=one), partial(self._choose_cover, one))

    def _choose_cover(self, one: OwnShift, options: Sequence[Option]) -> None:
        names = {option.id: option.text for option in options}

        def ask(chosen: str) -> None:
            to = None if chosen == ANYBODY else chosen
            said = (
                t("my_shifts.asked_all_done", shift=shift_title(one.line))
                if to is None
                else t("my_shifts.asked_one_done", shift=shift_title(one.line), person=names[chosen])
            )
            self._ask_swap(one, said, to=to)

        self.choose(t("my_shifts.who_covers", shift=shift_title(one.line)), options, ask)

    def do_swap(self) -> None:
        one = self.front
        if one is not None:
            self.ask(partial(swap_options, one=one), partial(self._choose_swap, one))

    def _choose_swap(self, one: OwnShift, options: Sequence[Option]) -> None:
        if not options:
            self.flash(t("my_shifts.nobody_to_swap"), Tone.WARN)
            return
        names = {option.id: option.text for option in options}

        def ask(chosen: str) -> None:
            said = t("my_shifts.asked_swap_done", mine=shift_title(one.line), theirs=names[chosen])
            self._ask_swap(one, said, against=chosen)

        self.choose(t("my_shifts.swap_for", shift=shift_title(one.line)), options, ask)

    def _ask_swap(
        self, one: OwnShift, said: str, *, to: str | None = None, against: str | None = None
    ) -> None:
        payload = {"id": str(edge.new_id()), "assignment": str(one.id), "to": to, "against": against}
        kept = {name: value for name, value in payload.items() if value is not None}
        self.change([Intent("swap.ask", kept)], said)

    def do_withdraw(self) -> None:
        one = self.front
        if one is None:
            return
        asked = next(line for line in one.requests if line.asker_id == one.place.person_id)
        if asked.state is SwapState.OPEN:
            said = t("my_shifts.withdrawn", shift=shift_title(one.line))
            self.change([Intent("swap.withdraw", {"swap": str(asked.id)})], said)

    # Open places

    def do_take(self) -> None:
        self.ask(open_options, self._choose_open)

    def _choose_open(self, options: Sequence[Option]) -> None:
        if not options:
            self.flash(t("my_shifts.none_open"), Tone.GOOD)
            return
        names = {option.id: option.text for option in options}

        def take(shift: str) -> None:
            payload = {"id": str(edge.new_id()), "shift": shift}
            self.change([Intent("duty.take", payload)], t("my_shifts.taken", shift=names[shift]))

        self.choose(t("my_shifts.which_open"), options, take)

    def do_away(self) -> None:
        from tui.screens.duty.my_shifts_away import offer_away

        who, one = self._who, self.front if self.view == AHEAD else None
        if who is not None and who.person_id is not None:
            offer_away(self, who.person_id, None if one is None else one.line.day)

    # Whose, and out

    def do_whose(self) -> None:
        self._show_modal(pick_person(t("my_shifts.whose_title")), self._look_at)

    def _look_at(self, person_id: str) -> None:
        self.person_id = UUID(person_id)
        self._filled.clear()
        self.query_one("#balance", Line).show("")
        self.switch(AHEAD)
        self.ask_counts()

    def do_out(self) -> None:
        from tui.screens.duty.my_shifts_out import offer_out

        who = self._who
        if who is not None and who.person_id is not None:
            offer_out(self, who.person_id, who.name)

    def do_export(self) -> None:
        self.do_out()

    def do_show_ahead(self) -> None:
        self.switch(AHEAD)

    def do_show_behind(self) -> None:
        self.switch(BEHIND)


def _balance(found: BalanceLine | None) -> Mark:
    """Return what somebody owes in a sentence, and what adds up to it."""
    if found is None:
        return Mark("", "")
    parts = {"before": found.before, "fair": found.fair, "done": found.done}
    said = {name: points_text(points) for name, points in parts.items()}
    how = t("my_shifts.adds_up", **said)
    if found.missed:
        how = t("my_shifts.with_missed", how=how, missed=points_text(found.missed))
    owes = found.owed
    if owes > 0:
        return Mark("◐", t("my_shifts.owes", n=points_text(owes), how=how), Tone.WARN)
    if owes < 0:
        return Mark("✓", t("my_shifts.ahead_of", n=points_text(-owes), how=how), Tone.GOOD)
    return Mark("✓", t("my_shifts.even", how=how), Tone.GOOD)
