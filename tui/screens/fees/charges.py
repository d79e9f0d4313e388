"""What is charged: the items, and under each what it costs and cost before. Every version stays; a bill remembers its own."""

from __future__ import annotations

from typing import ClassVar, Final
from uuid import UUID

from textual.app import ComposeResult

from models.fees.derivation import SHARED, Formula
from models.fees.money import price_text
from models.fees.queries_setup import ItemLine, TariffLine
from tui.actions import Action, action, shown_key
from tui.fee_words import cycle_word, formula_word
from tui.i18n import t
from tui.row_words import listed
from tui.screens.asking import known
from tui.screens.changing import Changing
from tui.screens.fees import charges_store as store
from tui.screens.fees.charges_forms import (
    item_fields,
    item_values,
    price_unit,
    tariff_fields,
    tariff_values,
)
from tui.screens.fees.money_fields import percent_text
from tui.screens.register.words import archived_mark
from tui.widgets.deeds import Deeds
from tui.widgets.long_list import LongList
from tui.widgets.rows import Cell, Column, RowView
from tui.widgets.text import Line, Mark, Tone, plain

PICK = action("charges.pick", "enter")
EDIT = action("charges.edit", "1", footer=False)
PRICE = action("charges.price", "2", "insert", footer=False)
ADD = action("charges.add", "3", "f2", footer=False)
DOORS = action("charges.doors", "4", footer=False)
AWAY = action("charges.away", "5", "delete", footer=False)
USUAL = action("charges.usual", "6", footer=False)
ARCHIVED = action("charges.show_archived", "f7")
_CHANGES: Final = frozenset({EDIT.id, PRICE.id, ADD.id, AWAY.id, USUAL.id})
_OF_A_ROW: Final = frozenset({PICK.id, EDIT.id, PRICE.id, DOORS.id, AWAY.id})
_ITEM, _TARIFF = "item", "tariff"


class Charges(Changing):
    """The items in their order, each with its versions, the newest first."""

    ROOM: ClassVar[str] = "charges"
    AUTO_FOCUS = "#charges"
    DEEDS: ClassVar[tuple[Action, ...]] = (EDIT, PRICE, ADD, DOORS, AWAY, USUAL)
    ACTIONS: ClassVar[tuple[Action, ...]] = (PICK, *DEEDS, ARCHIVED)
    DEFAULT_CSS = """
    Charges #about { height: auto; max-height: 3; margin-top: 1; }
    Charges.-short #about { margin-top: 0; }
    Charges Deeds { margin-top: 1; }
    Charges.-short Deeds { margin-top: 0; }
    """
    _charges: store.Charges | None = None
    _archived = False

    def body(self) -> ComposeResult:
        yield LongList(
            (
                Column(t("charges.item_or_price"), 14, priority=9, grow=True),
                Column(t("charges.formula"), 12, priority=8),
                Column(t("charges.cycle_short"), 10, priority=6),
                Column(t("charges.price_short"), 16, priority=9, align="right"),
                Column(t("charges.span"), 23, priority=7),
                Column(t("charges.state"), 10, priority=5),
            ),
            id="charges",
        )
        yield Line(id="about")
        yield Deeds()

    def on_screen_resume(self) -> None:
        self.reread()

    def news(self) -> None:
        self.reread()

    def reread(self) -> None:
        self.read(store.look, self._show, latest="charges")

    def _show(self, charges: store.Charges) -> None:
        self._charges = charges
        shown = self.query_one(LongList)
        shown.empty = t(
            "charges.nothing",
            usual=shown_key(USUAL.current_keys[0]),
            add=shown_key(ADD.current_keys[0]),
        )
        rows: list[RowView] = []
        for item in charges.items:
            if item.archived and not self._archived:
                continue
            rows.append(_item_row(charges, item))
            rows += [_tariff_row(charges, item, one) for one in item.tariffs]
        shown.show(rows, keep=True)
        self._tell_about()
        self.refresh_frame()

    def on_long_list_highlighted(self) -> None:
        self._tell_about()
        self.refresh_keys()

    def _tell_about(self) -> None:
        line = self.query_one("#about", Line)
        item, tariff = self.chosen
        line.show(plain("" if item is None else _about(item, tariff), "$text-muted"))

    @property
    def charges(self) -> store.Charges:
        """What is shown; actions wait until it is read."""
        return known(self._charges)

    @property
    def chosen(self) -> tuple[ItemLine | None, TariffLine | None]:
        """The item under the highlight and, where a version of it is highlighted, that."""
        if self._charges is None or not self.is_mounted:
            return None, None
        noun, _, row_id = (self.query_one(LongList).highlighted or "").partition(":")
        if noun == _ITEM:
            return self._charges.item(UUID(row_id)), None
        return (self._charges.tariff(UUID(row_id)) if noun else None) or (None, None)

    # Keys

    def why_not(self, action_id: str) -> str | None:
        if action_id.startswith("charges.") and self._charges is None:
            return t("list.reading")
        if action_id in _CHANGES and not self.charges.may:
            return t("charges.treasurers_only")
        item, tariff = self.chosen
        if action_id in _OF_A_ROW and item is None:
            return t("charges.add_first", usual=shown_key(USUAL.current_keys[0]))
        if action_id in {EDIT.id, PRICE.id} and item is not None and item.archived:
            return t("charges.bring_back_first", key=shown_key(AWAY.current_keys[0]))
        if action_id == AWAY.id and tariff is not None and tariff.used:
            return t("charges.price_used", version=tariff.version)
        return super().why_not(action_id)

    async def on_long_list_picked(self) -> None:
        await self.action_act(PICK.id)

    def do_pick(self) -> None:
        self.do_doors()

    def do_doors(self) -> None:
        item, _ = self.chosen
        if item is not None:
            from tui.screens.fees.charge_lines import ChargeLines

            self.app.push_screen(ChargeLines(item.id, self.ledger))

    def do_show_archived(self) -> None:
        self._archived = not self._archived
        self._show(self.charges)
        self.flash(t("charges.archived_shown" if self._archived else "charges.archived_hidden"))

    # Changes

    def do_add(self) -> None:
        self.fill_in(
            t("charges.add_title"),
            item_fields(),
            lambda values: store.adding({"item": item_values(values)}),
            lambda values: t("charges.added", what=values["name"], key=shown_key(PRICE.current_keys[0])),
            draft="charge_item",
        )

    def do_edit(self) -> None:
        item, _ = self.chosen
        if item is None:
            return
        meant = item
        self.fill_in(
            t("charges.edit_title", what=meant.name),
            item_fields(meant),
            lambda values: store.editing(meant, item_values(values)),
            lambda values: t("charges.changed", what=values["name"]),
            draft=f"charge_item:{meant.id}",
        )

    def do_price(self) -> None:
        item, _ = self.chosen
        if item is None:
            return
        meant, now = item, item.in_force(self.charges.today)
        self.fill_in(
            t("charges.price_title", what=meant.name),
            tariff_fields(meant, now, self.charges.today),
            lambda values: store.setting(meant, tariff_values(values)),
            lambda values: t("charges.price_set", what=meant.name, since=values["since"]),
            draft=f"tariff:{meant.id}",
        )

    def do_away(self) -> None:
        item, tariff = self.chosen
        if item is None:
            return
        if tariff is not None:
            said = t("charges.price_away", what=item.name, version=tariff.version)
        else:
            said = t("charges.brought_back" if item.archived else "charges.put_away", what=item.name)
        self.change(store.putting_away(item, tariff), said)

    def do_usual(self) -> None:
        intents = store.adding_usual(self.charges.items)
        if intents:
            self.change(intents, t("charges.usual_added", n=len(intents)))
        else:
            self.flash(t("charges.usual_there"))


def _about(item: ItemLine, tariff: TariffLine | None) -> str:
    """Return what else is known of an item or a version: who is charged, what paying ahead or late means."""
    if tariff is None:
        who = [
            t("charges.only_buildings", what=listed(list(item.buildings))) if item.buildings else "",
            t("charges.only_kinds", what=listed(list(item.kinds))) if item.kinds else "",
            item.note,
        ]
        return " · ".join(part for part in who if part)
    parts = [
        t("charges.prepay_told", n=tariff.prepay_months, percent=percent_text(tariff.prepay_ppm))
        if tariff.prepay_ppm
        else "",
        t(
            "charges.late_told",
            percent=percent_text(tariff.late_ppm),
            n=tariff.late_grace_days,
            cap=percent_text(tariff.late_cap_ppm),
        )
        if tariff.late_ppm
        else t("charges.no_late"),
        tariff.note,
    ]
    return " · ".join(part for part in parts if part)


def _item_row(charges: store.Charges, item: ItemLine) -> RowView:
    now = item.in_force(charges.today)
    state: Cell = ""
    if item.archived:
        state = archived_mark()
    elif now is None:
        state = Mark("!", t("charges.no_price"), Tone.WARN)
    cells: tuple[Cell, ...] = (
        Mark("■", item.name),
        formula_word(item.formula),
        cycle_word(item.cycle),
        _price(item, now),
        "",
        state,
    )
    return RowView(f"{_ITEM}:{item.id}", cells, muted=item.archived)


def _price(item: ItemLine, tariff: TariffLine | None) -> str:
    if tariff is None:
        return ""
    if Formula(item.formula) in SHARED:
        return t("charges.by_cost")
    return f"{price_text(tariff.price)} {price_unit(item.formula)}"


def _tariff_row(charges: store.Charges, item: ItemLine, one: TariffLine) -> RowView:
    holds = one == item.in_force(charges.today)
    until = one.until.isoformat() if one.until is not None else "…"
    state: Cell = Mark("●", t("charges.in_force"), Tone.GOOD) if holds else ""
    if one.since > charges.today:
        state = Mark("○", t("charges.to_come"), Tone.INFO)
    cells: tuple[Cell, ...] = (
        f"   {t('charges.version', n=one.version)}",
        t("charges.used") if one.used else "",
        "",
        _price(item, one),
        f"{one.since.isoformat()} → {until}",
        state,
    )
    return RowView(f"{_TARIFF}:{one.id}", cells, muted=not holds and one.since <= charges.today)
