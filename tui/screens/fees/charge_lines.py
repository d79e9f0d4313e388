"""One item's doors: its meters and what they showed, its parking spaces, what is shared, who takes part by a weight of their own."""

from __future__ import annotations

from functools import partial
from typing import ClassVar, Final
from uuid import UUID

from textual.app import ComposeResult

from models.fees.derivation import SHARED, Formula
from models.fees.money import decimal_text, fen_of, reading_text, yuan
from models.fees.periods import Cycle, cycle_at
from models.fees.queries_setup import CostLine, MeterLine, ShareLine, SpaceLine
from models.operations.fields import LONGEST_NAME, LONGEST_NOTE
from tui.actions import Action, action, shown_key
from tui.fee_words import span_text
from tui.i18n import t
from tui.screens.asking import known
from tui.screens.changing import Changing, Ledger
from tui.screens.fees import charge_lines_store as store
from tui.screens.fees.money_fields import amount_field, reading_field, reading_of
from tui.screens.picking import pick_household
from tui.screens.register.fields import note_from_line
from tui.screens.register.words import archived_mark
from tui.widgets.deeds import Deeds
from tui.widgets.fields import NO, DateField, Field, NumberField, TextField, YesNoField
from tui.widgets.long_list import LongList
from tui.widgets.rows import Cell, Column, RowView
from tui.widgets.text import Line, Mark, Tone, plain

READ = action("charge_lines.read", "1", "enter", footer=False)
ADD = action("charge_lines.add", "2", "f2", "insert", footer=False)
WEIGHT = action("charge_lines.weight", "3", footer=False)
AWAY = action("charge_lines.away", "4", "delete", footer=False)
_MOST_WEIGHT: Final = 1_000_000
_PLACES: Final = 3


class ChargeLines(Changing):
    """What hangs on an item. What it holds depends on what the item is charged by."""

    ROOM: ClassVar[str] = "charge_lines"
    AUTO_FOCUS = "#lines"
    DEEDS: ClassVar[tuple[Action, ...]] = (READ, ADD, WEIGHT, AWAY)
    ACTIONS: ClassVar[tuple[Action, ...]] = DEEDS
    DEFAULT_CSS = """
    ChargeLines #about { height: auto; margin-bottom: 1; }
    ChargeLines Deeds { margin-top: 1; }
    ChargeLines.-short Deeds { margin-top: 0; }
    """

    def __init__(self, item_id: UUID, ledger: Ledger | None = None) -> None:
        super().__init__(ledger)
        self.item_id = item_id
        self._lines: store.Lines | None = None

    def body(self) -> ComposeResult:
        yield Line(id="about")
        yield LongList(
            (
                Column(t("charge_lines.what"), 16, priority=9),
                Column(t("charge_lines.door"), 14, priority=9),
                Column(t("charge_lines.value"), 14, priority=9, align="right"),
                Column(t("charge_lines.told"), 24, priority=7, grow=True),
                Column(t("charges.state"), 10, priority=5),
            ),
            id="lines",
        )
        yield Deeds()

    def on_screen_resume(self) -> None:
        self.reread()

    def news(self) -> None:
        self.reread()

    def reread(self) -> None:
        self.read(partial(store.look, item_id=self.item_id), self._show, latest="lines")

    def _show(self, lines: store.Lines | None) -> None:
        if lines is None:
            self.dismiss()
            return
        self._lines = lines
        self.query_one("#about", Line).show(
            plain(t(f"charge_lines.about.{_family(lines)}", what=lines.item.name), "$text-muted")
        )
        shown = self.query_one(LongList)
        shown.empty = t(f"charge_lines.empty.{_family(lines)}", key=shown_key(ADD.current_keys[0]))
        shown.show([_row(lines, row) for row in lines.rows], keep=True)
        self.refresh_frame()

    def on_long_list_highlighted(self) -> None:
        self.refresh_keys()

    async def on_long_list_picked(self) -> None:
        await self.action_act(READ.id)

    @property
    def lines(self) -> store.Lines:
        """What is shown; actions wait until it is read."""
        return known(self._lines)

    @property
    def chosen(self) -> store.Row | None:
        """What is highlighted."""
        if self._lines is None or not self.is_mounted:
            return None
        return self._lines.row(self.query_one(LongList).highlighted)

    # Keys

    def why_not(self, action_id: str) -> str | None:
        if action_id.startswith("charge_lines."):
            if self._lines is None:
                return t("list.reading")
            if (why := self._why_not(action_id)) is not None:
                return why
        return super().why_not(action_id)

    def _why_not(self, action_id: str) -> str | None:
        if action_id == READ.id:
            return self._why_not_read()
        if not self.lines.may:
            return t("charges.treasurers_only")
        family = _family(self.lines)
        if action_id == ADD.id and family == "door":
            return t("charge_lines.nothing_to_add", key=shown_key(WEIGHT.current_keys[0]))
        if action_id == WEIGHT.id and family in {"meter", "parking"}:
            return t("charge_lines.no_weights")
        return self._why_not_away() if action_id == AWAY.id else None

    def _why_not_read(self) -> str | None:
        if _family(self.lines) != "meter":
            return t("charge_lines.no_meters")
        if not self.lines.may_read:
            return t("charge_lines.workers_only")
        row = self.chosen
        return None if isinstance(row, MeterLine) and not row.archived else t("charge_lines.choose_first")

    def _why_not_away(self) -> str | None:
        row = self.chosen
        if row is None:
            return t("charge_lines.choose_first")
        if isinstance(row, CostLine) and row.billed:
            return t("charge_lines.cost_billed")
        ended = isinstance(row, SpaceLine) and row.until is not None
        return t("charge_lines.space_ended") if ended else None

    def do_read(self) -> None:
        row = self.chosen
        if not isinstance(row, MeterLine):
            return
        meter = row
        fields: list[Field] = [
            reading_field("reading", t("charge_lines.reading"), hint=_last_text(meter)),
            DateField(
                id="day",
                label=t("charge_lines.read_on"),
                value=self.lines.today.isoformat(),
                required=True,
            ),
            YesNoField(
                id="restarted",
                label=t("charge_lines.restarted"),
                value=NO,
                hint=t("charge_lines.restarted_hint"),
            ),
        ]
        self.fill_in(
            t("charge_lines.read_title", what=meter.code),
            fields,
            lambda values: store.reading(
                meter,
                {
                    "reading": reading_of(str(values["reading"])),
                    "read_on": str(values["day"]),
                    "restarted": bool(values["restarted"]),
                },
            ),
            lambda values: t("charge_lines.was_read", what=meter.code, n=values["reading"]),
            draft=f"reading:{meter.id}",
        )

    def do_add(self) -> None:
        family = _family(self.lines)
        if family == "shared":
            self._add_cost()
        else:
            title = t("charge_lines.for_which", what=self.lines.item.name)
            self._show_modal(pick_household(title), partial(self._add_at, family))

    def _add_at(self, family: str, household: str) -> None:
        """Add a meter or a parking space at a door."""
        item, fields = (
            self.lines.item,
            [
                TextField(
                    id="code",
                    label=t(f"charge_lines.code.{family}"),
                    required=True,
                    longest=LONGEST_NAME,
                )
            ],
        )
        more: list[Field] = [
            DateField(id="since", label=t("charges.since"), value=self.lines.today.replace(day=1).isoformat())
            if family == "parking"
            else TextField(id="place", label=t("charge_lines.place"), longest=LONGEST_NAME)
        ]
        kind = "fee.park" if family == "parking" else "fee.add_meter"
        self.fill_in(
            t(f"charge_lines.add_title.{family}", what=item.name),
            [*fields, *more],
            lambda values: store.making(
                kind, item, household, {name: str(value) for name, value in values.items() if value}
            ),
            lambda values: t("charge_lines.added", what=values["code"]),
            draft=f"{kind}:{household}",
        )

    def _add_cost(self) -> None:
        item = self.lines.item
        span = cycle_at(Cycle(item.cycle), self.lines.today)
        self.fill_in(
            t("charge_lines.add_title.shared", what=item.name),
            [
                amount_field("fen", t("charge_lines.cost")),
                DateField(id="since", label=t("charges.since"), value=span.first.isoformat(), required=True),
                DateField(
                    id="until",
                    label=t("charge_lines.until"),
                    value=span.end.isoformat(),
                    required=True,
                    hint=t("charge_lines.until_hint"),
                ),
                TextField(id="words", label=t("charges.note"), longest=LONGEST_NOTE),
            ],
            lambda values: store.making(
                "fee.share_cost",
                item,
                None,
                {
                    "fen": fen_of(str(values["fen"])),
                    "since": str(values["since"]),
                    "until": str(values["until"]),
                    "words": note_from_line(str(values["words"] or "")),
                },
            ),
            lambda values: t("charge_lines.added", what=values["fen"]),
            draft=f"shared_cost:{item.id}",
        )

    def do_weight(self) -> None:
        row = self.chosen
        if isinstance(row, ShareLine):
            self._weigh(str(row.household_id), row.weight)
        else:
            title = t("charge_lines.weigh_which", what=self.lines.item.name)
            self._show_modal(pick_household(title), partial(self._weigh, before=1))

    def _weigh(self, household: str, before: int) -> None:
        item = self.lines.item
        self.fill_in(
            t("charge_lines.weigh_title", what=item.name),
            [
                NumberField(
                    id="weight",
                    label=t("charge_lines.weight"),
                    value=str(before),
                    required=True,
                    minimum=0,
                    maximum=_MOST_WEIGHT,
                    hint=t("charge_lines.weight_hint"),
                )
            ],
            lambda values: store.making(
                "fee.set_share",
                item,
                household,
                {"weight": int(str(values["weight"])), "before": before},
            ),
            lambda values: t("charge_lines.weighed", n=values["weight"]),
            draft=f"share:{item.id}:{household}",
        )

    def do_away(self) -> None:
        row = self.chosen
        if row is None:
            return
        if isinstance(row, ShareLine):
            self.change(
                store.weighing_plainly(self.lines.item, row), t("charge_lines.plain_again", what=row.door)
            )
            return
        key = "ended" if isinstance(row, SpaceLine) else "brought_back" if row.archived else "put_away"
        self.change(store.putting_away(row, self.lines.today), t(f"charge_lines.{key}"))


def _family(lines: store.Lines) -> str:
    """Return what hangs on an item of a formula."""
    formula = Formula(lines.item.formula)
    if formula in SHARED:
        return "shared"
    return {Formula.METER: "meter", Formula.PARKING: "parking"}.get(formula, "door")


def _last_text(meter: MeterLine) -> str:
    if meter.reading is None or meter.read_on is None:
        return t("charge_lines.never_read")
    return t("charge_lines.last_read", n=reading_text(meter.reading), day=meter.read_on.isoformat())


def _row(lines: store.Lines, row: store.Row) -> RowView:
    cells: tuple[Cell, ...]
    if isinstance(row, MeterLine):
        usage = (
            ""
            if row.reading is None or row.before is None
            else decimal_text(row.reading - row.before, _PLACES)
        )
        told = _last_text(row) if not usage else f"{_last_text(row)} · {t('charge_lines.usage', n=usage)}"
        shown = "" if row.reading is None else reading_text(row.reading)
        state: Cell = (
            archived_mark()
            if row.archived
            else Mark("!", t("charge_lines.unread"), Tone.WARN)
            if not shown
            else ""
        )
        cells = (row.code, row.door or t("charge_lines.common"), shown, told, state)
        return RowView(str(row.id), cells, muted=row.archived)
    if isinstance(row, SpaceLine):
        since = row.since.isoformat() if row.since else "…"
        until = row.until.isoformat() if row.until else "…"
        over = row.until is not None and row.until <= lines.today
        state = (
            archived_mark() if row.archived else Mark("·", t("charge_lines.over"), Tone.MUTED) if over else ""
        )
        return RowView(
            str(row.id), (row.code, row.door, "", f"{since} → {until}", state), muted=over or row.archived
        )
    if isinstance(row, CostLine):
        state = (
            archived_mark()
            if row.archived
            else Mark("✓", t("charge_lines.billed"), Tone.GOOD)
            if row.billed
            else ""
        )
        cells = (t("charge_lines.cost"), span_text(row.since, row.until), yuan(row.fen), row.words, state)
        return RowView(str(row.id), cells, muted=row.archived)
    told = t("charge_lines.left_out") if not row.weight else ""
    return RowView(str(row.id), (t("charge_lines.weight"), row.door, str(row.weight), told, ""))
