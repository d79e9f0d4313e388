"""Who pays less, or later, and why: asked by one, approved by another. What waits for an answer stands first."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import ClassVar, Final

from textual.app import ComposeResult

from models.fees.money import yuan
from models.fees.queries_setup import ConcessionLine
from models.fees.rules import Asked, ConcessionKind
from models.operations.fields import LONGEST_NOTE
from tui.actions import Action, action, shown_key
from tui.fee_words import asked_word
from tui.i18n import t
from tui.screens.asking import known
from tui.screens.changing import Changing
from tui.screens.fees import concessions_store as store
from tui.screens.fees.money_fields import (
    amount_field,
    amount_typed,
    percent_field,
    percent_text,
    percent_typed,
)
from tui.screens.form import Values
from tui.screens.picking import pick_household
from tui.screens.register.fields import note_from_line
from tui.screens.register.words import archived_mark
from tui.widgets.deeds import Deeds
from tui.widgets.fields import ChoiceField, DateField, Field, PickField, TextField
from tui.widgets.long_list import LongList
from tui.widgets.picker import Option
from tui.widgets.rows import Cell, Column, RowView
from tui.widgets.text import Line, Mark, Tone, plain

APPROVE = action("concessions.approve", "1", "enter", footer=False)
DECLINE = action("concessions.decline", "2", footer=False)
DISCOUNT = action("concessions.discount", "3", "f2", footer=False)
DEFER = action("concessions.defer", "4", footer=False)
END = action("concessions.end", "5", "delete", footer=False)
_STATES: Final = {
    Asked.ASKED: ("?", Tone.WARN),
    Asked.DONE: ("✓", Tone.GOOD),
    Asked.DECLINED: ("×", Tone.MUTED),
}


class Concessions(Changing):
    """The concessions of the compound."""

    ROOM: ClassVar[str] = "concessions"
    AUTO_FOCUS = "#concessions"
    DEEDS: ClassVar[tuple[Action, ...]] = (APPROVE, DECLINE, DISCOUNT, DEFER, END)
    ACTIONS: ClassVar[tuple[Action, ...]] = DEEDS
    DEFAULT_CSS = """
    Concessions #about { height: auto; max-height: 4; margin-top: 1; }
    Concessions.-short #about { margin-top: 0; }
    Concessions Deeds { margin-top: 1; }
    Concessions.-short Deeds { margin-top: 0; }
    """
    _concessions: store.Concessions | None = None

    def body(self) -> ComposeResult:
        yield LongList(
            (
                Column(t("concessions.door"), 12, priority=9),
                Column(t("concessions.what"), 16, priority=9, grow=True),
                Column(t("concessions.item"), 12, priority=6),
                Column(t("concessions.span"), 23, priority=7),
                Column(t("charges.state"), 14, priority=9),
            ),
            id="concessions",
        )
        yield Line(id="about")
        yield Deeds()

    def on_screen_resume(self) -> None:
        self.reread()

    def news(self) -> None:
        self.reread()

    def reread(self) -> None:
        self.read(store.look, self._show, latest="concessions")

    def _show(self, found: store.Concessions) -> None:
        self._concessions = found
        shown = self.query_one(LongList)
        shown.empty = t("concessions.nothing", key=shown_key(DISCOUNT.current_keys[0]))
        shown.show([_row(row, found.today) for row in found.rows], keep=True)
        self._tell_about()
        self.refresh_frame()

    def on_long_list_highlighted(self) -> None:
        self._tell_about()
        self.refresh_keys()

    async def on_long_list_picked(self) -> None:
        await self.action_act(APPROVE.id)

    def _tell_about(self) -> None:
        row = self.chosen
        self.query_one("#about", Line).show(plain("" if row is None else _about(row), "$text-muted"))

    @property
    def found(self) -> store.Concessions:
        """What is shown; actions wait until it is read."""
        return known(self._concessions)

    @property
    def chosen(self) -> ConcessionLine | None:
        """What is highlighted."""
        if self._concessions is None or not self.is_mounted:
            return None
        return self._concessions.row(self.query_one(LongList).highlighted)

    # Keys

    def why_not(self, action_id: str) -> str | None:
        if action_id.startswith("concessions."):
            if self._concessions is None:
                return t("list.reading")
            if action_id in {DISCOUNT.id, DEFER.id}:
                return None if self.found.may_ask else t("charge_lines.workers_only")
            row = self.chosen
            if row is None:
                return t("charge_lines.choose_first")
            return self._why_not_end(row) if action_id == END.id else self._why_not_decide(row, action_id)
        return super().why_not(action_id)

    def _why_not_decide(self, row: ConcessionLine, action_id: str) -> str | None:
        if row.state != Asked.ASKED:
            return t("concessions.decided")
        if not self.found.may_decide:
            return t("concessions.committee_only")
        own = row.asked_by_id is not None and row.asked_by_id == self.found.person_id
        return t("concessions.second_person") if own and action_id == APPROVE.id else None

    def _why_not_end(self, row: ConcessionLine) -> str | None:
        if row.state != Asked.DONE:
            return t("concessions.not_in_force")
        if row.until is not None and row.until <= self.found.today:
            return t("concessions.over_already")
        return None if self.found.may_end else t("charges.treasurers_only")

    def do_approve(self) -> None:
        row = self.chosen
        if row is not None:
            self._decide(row, approve=True)

    def do_decline(self) -> None:
        row = self.chosen
        if row is not None:
            self._decide(row, approve=False)

    def _decide(self, row: ConcessionLine, *, approve: bool) -> None:
        key = "approve" if approve else "decline"
        self.fill_in(
            t(f"concessions.{key}_title", door=row.door),
            [TextField(id="words", label=t("concessions.words"), hint=_about(row), longest=LONGEST_NOTE)],
            lambda values: store.deciding(
                row, approve=approve, words=note_from_line(str(values["words"] or ""))
            ),
            lambda _values: t(f"concessions.{key}d", door=row.door),
            draft=f"concession:{row.id}:{key}",
        )

    def do_end(self) -> None:
        row = self.chosen
        if row is not None:
            self.change(store.ending(row, self.found.today), t("concessions.ended", door=row.door))

    def do_discount(self) -> None:
        self._show_modal(
            pick_household(t("concessions.for_which")), partial(self._ask, ConcessionKind.DISCOUNT)
        )

    def do_defer(self) -> None:
        self._show_modal(
            pick_household(t("concessions.for_which")), partial(self._ask, ConcessionKind.DEFERRAL)
        )

    def _ask(self, kind: ConcessionKind, household: str) -> None:
        first = self.found.today.replace(day=1)
        items: list[Field] = [
            PickField(
                id="item",
                label=t("concessions.item"),
                options=[Option(str(item.id), item.name) for item in self.found.items],
                hint=t("concessions.item_hint"),
            )
        ]
        less: list[Field] = [
            ChoiceField(
                id="how",
                label=t("concessions.how"),
                value="percent",
                required=True,
                options=(("percent", t("concessions.by_percent")), ("fen", t("concessions.by_fen"))),
            ),
            percent_field("percent", t("concessions.percent"), 0),
            amount_field("fen", t("concessions.fen"), required=False),
            DateField(id="since", label=t("charges.since"), value=first.isoformat(), required=True),
            DateField(id="until", label=t("concessions.until"), hint=t("charge_lines.until_hint")),
        ]
        later: list[Field] = [
            DateField(id="since", label=t("concessions.bills_since"), value=first.isoformat(), required=True),
            DateField(id="defer_until", label=t("concessions.defer_until"), required=True),
        ]
        title = t(f"concessions.{kind}_title")
        self.fill_in(
            title,
            [
                *items,
                *(less if kind is ConcessionKind.DISCOUNT else later),
                TextField(
                    id="reason",
                    label=t("concessions.reason"),
                    required=True,
                    longest=LONGEST_NOTE,
                    hint=t("concessions.reason_hint"),
                ),
            ],
            lambda values: store.asking(household, _wanted(kind, values)),
            lambda _values: t("concessions.asked"),
            draft=f"concession:{kind}:{household}",
        )


def _wanted(kind: ConcessionKind, values: Values) -> dict[str, object]:
    """Return what was typed as the operation carries it."""
    given = {name: values.get(name) for name in ("since", "until", "defer_until", "item")}
    days = {name: value.isoformat() if isinstance(value, date) else value for name, value in given.items()}
    by_percent = values.get("how") != "fen"
    less: dict[str, object] = {}
    if kind is ConcessionKind.DISCOUNT:
        less = (
            {"ppm": percent_typed(values.get("percent"))}
            if by_percent
            else {"fen": amount_typed(values.get("fen"))}
        )
    return {"kind": kind.value, "reason": note_from_line(str(values["reason"])), **days, **less}


def _what(row: ConcessionLine) -> str:
    """Return what is granted, in a few words."""
    if row.kind == ConcessionKind.DEFERRAL:
        day = row.defer_until.isoformat() if row.defer_until else ""
        return t("concessions.defers", day=day)
    if row.ppm:
        return t("concessions.takes_percent", percent=percent_text(row.ppm))
    return t("concessions.takes_fen", fen=yuan(row.fen))


def _about(row: ConcessionLine) -> str:
    """Return why, who asked, and what was said to it."""
    parts = [
        t("concessions.because", reason=row.reason),
        t("concessions.asked_by", name=row.asked_by) if row.asked_by else "",
        t("concessions.decided_by", name=row.decided_by, day=row.decided_on) if row.decided_by else "",
        row.words,
    ]
    return " · ".join(part for part in parts if part)


def _row(row: ConcessionLine, today: date) -> RowView:
    symbol, tone = _STATES[Asked(row.state)]
    over = row.until is not None and row.until <= today
    state: Cell = Mark(symbol, asked_word(row.state), tone)
    if row.archived:
        state = archived_mark()
    elif over and row.state == Asked.DONE:
        state = Mark("·", t("charge_lines.over"), Tone.MUTED)
    until = row.until.isoformat() if row.until else "…"
    cells: tuple[Cell, ...] = (
        row.door,
        _what(row),
        row.item or t("concessions.every_item"),
        f"{row.since.isoformat()} → {until}",
        state,
    )
    return RowView(str(row.id), cells, muted=row.archived or over or row.state == Asked.DECLINED)
