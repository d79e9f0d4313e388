"""Receipts: found by number in any spelling, by day, door, payer or collector; printed, handed on, and checked."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import ClassVar, Final
from uuid import UUID

from textual.app import ComposeResult

from models.fees.queries_receipts import ReceiptLine
from models.operations.roles import WORKERS
from tui.actions import EXPORT, Action, action
from tui.desk import Desk
from tui.i18n import t
from tui.screens.changing import UNDO, Changing
from tui.screens.fees import receipts_rows as r
from tui.screens.fees.receipts_rows import ReceiptFilters, SoughtReceipts
from tui.screens.form import FormDialog, Values
from tui.widgets.bars import KeyView
from tui.widgets.fields import NO, YES, DateField, Field, TextField, YesNoField
from tui.widgets.long_list import LongList
from tui.widgets.picker import Option
from tui.widgets.rows import RowView
from tui.widgets.search import SearchBox
from tui.widgets.text import Tone

PICK = action("receipts.pick", "enter")
CHECK = action("receipts.check", "f2")
MARK = action("receipts.mark", "f3", "space")
FILTER = action("receipts.filter", "f4")
OUT = action("receipts.out", "f5")
FIND = action("receipts.find", "/", footer=False)
#: More receipts than these are not printed at a time: a slip of the finger would empty the paper tray.
MOST: Final = 300
_LONGEST: Final = 100


class Receipts(Changing):
    """A search line and the receipts it finds, some of them marked for printing."""

    ROOM: ClassVar[str] = "receipts"
    AUTO_FOCUS = "#find"
    ACTIONS: ClassVar[tuple[Action, ...]] = (PICK, CHECK, MARK, FILTER, OUT, FIND, EXPORT)
    DEFAULT_CSS = """
    Receipts #find { margin-bottom: 1; }
    Receipts.-short #find { margin-bottom: 0; }
    """

    def __init__(self) -> None:
        super().__init__()
        self.filters = ReceiptFilters()
        self.marked: dict[UUID, str] = {}
        self._rows: SoughtReceipts | None = None
        self._text = ""
        self._may: bool | None = None

    @property
    def heading(self) -> str:
        marked = (t("receipts.marked", n=len(self.marked)),) if self.marked else ()
        return " · ".join((super().heading, *self.filters.words(), *marked))

    def body(self) -> ComposeResult:
        yield SearchBox("#receipts", hint=t("receipts.hint"), id="find")
        yield LongList(r.columns(), lit=True, id="receipts")

    # -- what is shown

    def on_mount(self) -> None:
        super().on_mount()
        self.ask(lambda desk: desk.may(WORKERS), self._take_role)

    def _take_role(self, may: bool) -> None:  # noqa: FBT001 - an answer
        self._may = may

    def on_screen_resume(self) -> None:
        super().on_screen_resume()
        self.reread()

    def news(self) -> None:
        self.reread()

    def reread(self) -> None:
        self._fill(keep=True)

    def _fill(self, *, keep: bool = False) -> None:
        listed = self.query_one(LongList)
        narrowed = self._text or self.filters.words()
        listed.empty = t("receipts.found_nothing" if narrowed else "receipts.empty")
        sought = self._rows = SoughtReceipts(self._text, self.filters)
        marked = self.marked

        def page(desk: Desk, offset: int, limit: int) -> list[RowView]:
            return sought.page(desk, offset, limit, marked)

        listed.show(self.source(sought.count, page), keep=keep)

    def on_search_box_searched(self, event: SearchBox.Searched) -> None:
        if event.text != self._text:
            self._text = event.text
            self._fill()

    @property
    def line(self) -> ReceiptLine | None:
        """The highlighted receipt."""
        if self._rows is None or not self.is_mounted:
            return None
        return self._rows.known.get(self.query_one(LongList).highlighted or "")

    def on_long_list_highlighted(self) -> None:
        self.refresh_keys()

    def on_long_list_emptied(self) -> None:
        self.refresh_keys()

    # -- what can be done

    def key_views(self) -> tuple[KeyView, ...]:
        return tuple(view for view in super().key_views() if view.action_id != UNDO.id)

    def why_not(self, action_id: str) -> str | None:
        if action_id in {PICK.id, MARK.id, OUT.id, EXPORT.id} and self.line is None:
            return t("receipts.nothing_in_front")
        return super().why_not(action_id)

    async def on_long_list_picked(self) -> None:
        await self.action_act(PICK.id)

    def do_pick(self) -> None:
        from tui.screens.fees.receipts_card import ReceiptCard

        line = self.line
        if line is not None:
            self.app.push_screen(ReceiptCard(line.id, self.ledger))

    def do_find(self) -> None:
        self.query_one(SearchBox).focus()

    def do_mark(self) -> None:
        """Mark the highlighted receipt, or no longer, and go on to the next."""
        line, listed = self.line, self.query_one(LongList)
        if line is None:
            return
        if line.id in self.marked:
            del self.marked[line.id]
        else:
            self.marked[line.id] = line.number
        listed.action_move(1)
        self.reread()
        self.refresh_frame()

    def do_check(self) -> None:
        from tui.screens.fees.receipts_check import CheckReceipt

        self.app.push_screen(CheckReceipt())

    def do_filter(self) -> None:
        now = self.filters
        fields: list[Field] = [
            DateField(id="first", label=t("receipts.first"), value=f"{now.first or ''}"),
            DateField(id="last", label=t("receipts.last"), value=f"{now.last or ''}"),
            TextField(
                id="collector", label=t("fee_receipt.collector"), value=now.collector, longest=_LONGEST
            ),
            YesNoField(id="void", label=t("receipts.only_void"), value=YES if now.void else NO),
        ]

        def chosen(values: Values) -> None:
            first, last = (values[name] for name in ("first", "last"))
            self.filters = ReceiptFilters(
                first,  # type: ignore[arg-type]
                last,  # type: ignore[arg-type]
                str(values["collector"] or "").strip(),
                bool(values["void"]),
            )
            self._fill()
            self.refresh_frame()

        self._show_modal(
            FormDialog(t("receipts.filter_title"), fields, save=t("receipts.filter_verb")), chosen
        )

    # -- out of the app

    def do_out(self) -> None:
        line = self.line
        if line is None:
            return
        count = self.query_one(LongList).count or 0
        lacks_role = None if self._may else t("receipts.only_workers")
        too_many = t("receipts.too_many", most=MOST) if count > MOST else None
        one = (
            t("receipts.out.marked", n=len(self.marked))
            if self.marked
            else t("receipts.out.this", number=line.number)
        )
        self.choose(
            t("receipts.out.title"),
            [
                Option("print", one, t("receipts.out.print_note"), reason=lacks_role),
                Option(
                    "all",
                    t("receipts.out.all", count=count),
                    t("receipts.out.print_note"),
                    reason=lacks_role or too_many,
                ),
                Option("text", t("receipts.out.text", number=line.number), t("receipts.out.text_note")),
                Option("xlsx", t("receipts.out.xlsx"), t("receipts.out.xlsx_note", count=count)),
            ],
            partial(self._let_out, line),
        )

    def do_export(self) -> None:
        self.do_out()

    def _let_out(self, line: ReceiptLine, form: str) -> None:
        from tui.fee_papers import offer_receipt, print_receipts

        sought = self._rows
        if form == "print":
            # In the order of their numbers, as they lie in the book.
            ids = sorted(self.marked, key=self.marked.__getitem__) or [line.id]
            print_receipts(self, ids, self._printed)
        elif form == "text":
            offer_receipt(self, line.id, line.number)
        elif sought is not None and form == "all":
            self.ask(
                lambda desk: [one.id for one in reversed(sought.read(desk, 0, MOST))],
                lambda ids: print_receipts(self, ids, self._printed),
            )
        elif sought is not None:
            self._save_table(sought)

    def _printed(self) -> None:
        self.marked.clear()
        self.reread()
        self.refresh_frame()

    def _save_table(self, sought: SoughtReceipts) -> None:
        from tui.screens.export import save_where

        def write(desk: Desk, *, path: Path) -> tuple[str, Tone]:
            from tui import exports

            table = r.receipts_table(desk, sought)
            exports.write(path, "xlsx", table)
            return t("cli.exported", n=len(table.rows), path=path), Tone.GOOD

        name = "_".join((t("screen.receipts"), *self.filters.words()))
        save_where(self, t("receipts.out.xlsx"), name, "xlsx", write)
