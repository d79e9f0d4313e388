"""The sheet of one account: every entry of a span that touches it, with what stood on it after each."""

from __future__ import annotations

from typing import ClassVar, Final

from textual.app import ComposeResult

from models.fees.money import yuan
from models.fees.periods import Cycle
from tui.actions import Action, action
from tui.i18n import t
from tui.screens.base import LinliScreen
from tui.screens.fees import accounts_rows as rows
from tui.screens.fees import accounts_store as store
from tui.widgets.long_list import LongList
from tui.widgets.picker import Option
from tui.widgets.text import Line, joined

OPEN = action("account_sheet.open", "enter")
EARLIER = action("account_sheet.earlier", "left", "[")
LATER = action("account_sheet.later", "right", "]")
SPAN = action("account_sheet.span", "f4")
_LONGEST_BACK: Final = 500


class AccountSheet(LinliScreen):
    """`kind` and `back` say which span is shown first: so many of its kind before the present one."""

    ROOM: ClassVar[str] = "account_sheet"
    AUTO_FOCUS = "LongList"
    ACTIONS: ClassVar[tuple[Action, ...]] = (OPEN, EARLIER, LATER, SPAN)
    DEFAULT_CSS = """
    AccountSheet #span { height: 1; }
    AccountSheet #ends { height: 1; margin-bottom: 1; }
    AccountSheet LongList { height: 1fr; }
    """

    def __init__(self, account: str, kind: Cycle = Cycle.QUARTER, back: int = 0) -> None:
        super().__init__()
        self.account, self.kind, self.back = account, kind, back
        #: What is owed or earned reads above 0 as well.
        self._sign = 1 if account.startswith(("assets:", "expenses:")) else -1
        self._books: store.Books | None = None

    @property
    def heading(self) -> str:
        name = "" if self._books is None else self._books.named.word(self.account)
        return t("account_sheet.of", name=name)

    def body(self) -> ComposeResult:
        yield Line(id="span")
        yield Line(id="ends")
        yield LongList(rows.sheet_columns(), empty=t("accounts.empty.journal"), lit=True)

    def on_mount(self) -> None:
        super().on_mount()
        self.news()

    def news(self) -> None:
        self.ask(store.look, self._show, latest="books")

    def _show(self, books: store.Books) -> None:
        self._books = books
        self._fill(books)
        self.refresh_frame()

    def _fill(self, books: store.Books) -> None:
        span = store.span_at(self.kind, books.today, self.back)
        sheet = store.Sheet(span, self.account)
        account, sign = self.account, self._sign
        source = self.source(
            sheet.count,
            lambda desk, offset, limit: rows.sheet_rows(sheet.page(desk, offset, limit), account, sign),
        )
        self.query_one(LongList).show(source, keep=True)
        self.query_one("#span", Line).show(
            joined(
                ("←  ", "$text-muted"),
                (rows.told_span(span), "bold"),
                ("  →" if self.back else "", "$text-muted"),
            )
        )
        self.ask(sheet.ends, self._tell_ends, latest="ends")

    def _tell_ends(self, ends: tuple[int, int]) -> None:
        opening, closing = (yuan(self._sign * fen) for fen in ends)
        self.query_one("#ends", Line).show(
            joined((t("accounts.sheet_ends", opening=opening, closing=closing), "$text-muted"))
        )

    def why_not(self, action_id: str) -> str | None:
        if self._books is None and action_id in {one.id for one in self.ACTIONS}:
            return t("list.reading")
        if action_id == LATER.id and not self.back:
            return t("accounts.no_later")
        if action_id == EARLIER.id and self.back >= _LONGEST_BACK:
            return t("accounts.no_earlier")
        if action_id == OPEN.id and self.query_one(LongList).highlighted is None:
            return t("accounts.nothing_in_front")
        return super().why_not(action_id)

    def on_long_list_highlighted(self) -> None:
        self.refresh_keys()

    async def on_long_list_picked(self) -> None:
        await self.action_act(OPEN.id)

    def do_open(self) -> None:
        row_id = self.query_one(LongList).highlighted
        if row_id is not None:
            self.app.push_screen(AccountSheet(row_id.partition("|")[2], self.kind, self.back))

    def do_earlier(self) -> None:
        self._turn(self.kind, self.back + 1)

    def do_later(self) -> None:
        self._turn(self.kind, self.back - 1)

    def do_span(self) -> None:
        options = [Option(kind.value, t(f"accounts.kind.{kind}")) for kind in Cycle]
        self.choose(
            t("accounts.which_span"),
            options,
            lambda kind: self._turn(Cycle(kind), 0),
            current=self.kind.value,
        )

    def _turn(self, kind: Cycle, back: int) -> None:
        self.kind, self.back = kind, back
        if self._books is not None:
            self._fill(self._books)
