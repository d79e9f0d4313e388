"""The books: where the money lies, the journal, movements, what was made public, what is closed."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import ClassVar, Final
from uuid import UUID

from textual.app import ComposeResult

from models.fees.money import yuan
from models.fees.periods import Cycle, Period, period_of
from models.fees.rules import MovementKind, Side
from models.operations.envelope import Intent
from tui.actions import Action, action, shown_key
from tui.desk import Desk
from tui.fee_words import movement_word
from tui.i18n import t
from tui.screens.asking import known
from tui.screens.changing import Changing, Ledger
from tui.screens.fees import accounts_forms as forms
from tui.screens.fees import accounts_rows as rows
from tui.screens.fees import accounts_store as store
from tui.screens.fees.accounts_rows import CLOSING, JOURNAL, MONEY, MOVEMENTS, PUBLIC, TOTAL
from tui.widgets.fields import TextField
from tui.widgets.long_list import LongList
from tui.widgets.picker import Option
from tui.widgets.rows import RowView
from tui.widgets.tabs import View, ViewTabs
from tui.widgets.text import Line, Tone, joined

OPEN = action("accounts.open", "enter")
NEW = action("accounts.new", "f2")
SPAN = action("accounts.span", "f4", footer=False)
OUT = action("accounts.out", "f5")
EARLIER = action("accounts.earlier", "left", "[", footer=False)
LATER = action("accounts.later", "right", "]", footer=False)
_TABS: Final = {
    MONEY: action("accounts.money", "1", footer=False),
    JOURNAL: action("accounts.journal", "2", footer=False),
    MOVEMENTS: action("accounts.movements", "3", footer=False),
    PUBLIC: action("accounts.public", "4", footer=False),
    CLOSING: action("accounts.closing", "5", footer=False),
}
#: The tabs that show a span of days.
_SPANNED: Final = frozenset({JOURNAL, MOVEMENTS})
_LONGEST_BACK: Final = 500
_ACCOUNT: Final = "account"


class Accounts(Changing):
    """`view` is the tab that is shown first."""

    ROOM: ClassVar[str] = "accounts"
    AUTO_FOCUS = ""
    ACTIONS: ClassVar[tuple[Action, ...]] = (OPEN, NEW, SPAN, OUT, EARLIER, LATER, *_TABS.values())
    DEFAULT_CSS = """
    Accounts #span { height: 1; }
    Accounts.-tall #span { margin: 1 0; }
    Accounts LongList { display: none; height: 1fr; }
    Accounts LongList.-shown { display: block; }
    """

    def __init__(self, view: str = MONEY, ledger: Ledger | None = None) -> None:
        super().__init__(ledger)
        self.view = view if view in _TABS else MONEY
        self.kind = Cycle.QUARTER
        self.back = 0
        self._books: store.Books | None = None

    def body(self) -> ComposeResult:
        yield ViewTabs(self._views(), self.view)
        yield Line(id="span")
        for view in _TABS:
            yield LongList(rows.columns(view), empty=t(f"accounts.empty.{view}"), lit=True, id=view)

    def on_mount(self) -> None:
        super().on_mount()
        self._see(self.view)
        self.reread()

    def on_screen_resume(self) -> None:
        super().on_screen_resume()
        if self._books is not None:
            self.reread()

    def news(self) -> None:
        self.reread()

    def reread(self) -> None:
        self.ask(store.look, self._show, latest="books")

    @staticmethod
    def _views() -> tuple[View, ...]:
        return tuple(
            View(view, shown_key(made.current_keys[0]), t(f"accounts.tab.{view}"))
            for view, made in _TABS.items()
        )

    @property
    def books(self) -> store.Books:
        """What is shown; actions wait until it is read."""
        return known(self._books)

    @property
    def period(self) -> Period:
        """The span that the journal and the movements are shown of."""
        return store.span_at(self.kind, self.books.today, self.back)

    @property
    def shown(self) -> LongList:
        """The list on screen."""
        return self.query_one(f"#{self.view}", LongList)

    # What is shown

    def _show(self, books: store.Books) -> None:
        self._books = books
        self._fill()
        self.refresh_keys()

    def _fill(self, *, keep: bool = True) -> None:
        """Show the list of the tab, once the books are read."""
        books = self._books
        if books is None:
            return
        if self.view == JOURNAL:
            self._show_pages(store.journal_of(self.period), rows.journal_rows, keep=keep)
        elif self.view == MOVEMENTS:
            self._show_pages(store.movements_of(self.period), rows.movement_rows, keep=keep)
        elif self.view == MONEY:
            self.shown.show(rows.money_rows(books), keep=keep)
        elif self.view == PUBLIC:
            self.shown.show(rows.public_rows(books, self.kind), keep=keep)
        else:
            self.shown.show(rows.closing_rows(books), keep=keep)
        self._tell_span()

    def _show_pages(
        self,
        pages: tuple[Callable[[Desk], int], store.Page],
        drawn: Callable[[store.Lines], list[RowView]],
        *,
        keep: bool,
    ) -> None:
        count, page = pages
        source = self.source(count, lambda desk, offset, limit: drawn(page(desk, offset, limit)))
        self.shown.show(source, keep=keep)

    def _tell_span(self) -> None:
        books, line = self._books, self.query_one("#span", Line)
        if books is None:
            return
        if self.view in _SPANNED:
            later = "  →" if self.back else ""
            running = t("accounts.running") if self.period.end > books.today else ""
            line.show(
                joined(
                    ("←  ", "$text-muted"),
                    (rows.told_span(self.period), "bold"),
                    (later, "$text-muted"),
                    (f"  {running}  ", "$text-muted"),
                    (t("accounts.span_key", key=shown_key(SPAN.current_keys[0])), "$text-muted"),
                )
            )
        elif self.view == MONEY:
            line.show(joined((t("accounts.money_now", fen=yuan(books.money_fen)), "bold")))
        else:
            line.show(joined((closed_words(books), "bold")))

    def _see(self, view: str) -> None:
        self.view = view
        self.query_one(ViewTabs).current = view
        for one in _TABS:
            self.query_one(f"#{one}").set_class(one == view, "-shown")
        self.shown.focus()
        self._fill()
        self.refresh_keys()

    def on_long_list_highlighted(self) -> None:
        self.refresh_keys()

    async def on_long_list_picked(self) -> None:
        await self.action_act(OPEN.id)

    async def on_view_tabs_chosen(self, event: ViewTabs.Chosen) -> None:
        await self.action_act(_TABS[event.view_id].id)

    # What can be done

    def why_not(self, action_id: str) -> str | None:
        if self._books is None and action_id not in {one.id for one in _TABS.values()}:
            return t("list.reading") if action_id in _NEEDS_BOOKS else super().why_not(action_id)
        reasons = {
            OPEN.id: t("accounts.nothing_in_front") if self._front() in {None, TOTAL} else None,
            NEW.id: self._why_not_new(),
            SPAN.id: self._why_no_span(action_id),
            EARLIER.id: self._why_no_span(action_id),
            LATER.id: self._why_no_span(action_id),
        }
        return reasons.get(action_id) or super().why_not(action_id)

    def _why_not_new(self) -> str | None:
        if self._books is not None and not self._books.may_keep:
            return t("accounts.treasurers_only")
        return t("accounts.publish_from_span") if self.view == PUBLIC else None

    def _why_no_span(self, action_id: str) -> str | None:
        if action_id == SPAN.id and self.view == PUBLIC:
            return None
        if self.view not in _SPANNED:
            return t("accounts.always_now")
        if action_id == LATER.id and not self.back:
            return t("accounts.no_later")
        if action_id == EARLIER.id and self.back >= _LONGEST_BACK:
            return t("accounts.no_earlier")
        return None

    def _front(self) -> str | None:
        return self.shown.highlighted if self.is_mounted else None

    def do_money(self) -> None:
        self._see(MONEY)

    def do_journal(self) -> None:
        self._see(JOURNAL)

    def do_movements(self) -> None:
        self._see(MOVEMENTS)

    def do_public(self) -> None:
        self._see(PUBLIC)

    def do_closing(self) -> None:
        self._see(CLOSING)

    def do_earlier(self) -> None:
        self.back += 1
        self._fill(keep=False)

    def do_later(self) -> None:
        self.back -= 1
        self._fill(keep=False)

    def do_span(self) -> None:
        options = [Option(kind.value, t(f"accounts.kind.{kind}")) for kind in Cycle]
        self.choose(t("accounts.which_span"), options, self._turn_to, current=self.kind.value)

    def _turn_to(self, kind: str) -> None:
        self.kind, self.back = Cycle(kind), 0
        self._fill(keep=False)

    def do_out(self) -> None:
        from tui.screens.fees.accounts_out import offer_books

        offer_books(self, self.period)

    # Opening a row

    def do_open(self) -> None:
        row_id = self._front()
        if row_id is None or self._books is None:
            return
        if self.view == MONEY:
            self._open_account(row_id)
        elif self.view == JOURNAL:
            _, debit, credit = row_id.split("|")
            self._open_side(debit, credit)
        elif self.view == MOVEMENTS:
            self._open_movement(UUID(row_id))
        elif self.view == PUBLIC:
            from tui.screens.fees.statement import StatementPage

            self.app.push_screen(StatementPage(period_of(row_id), self.ledger))
        else:
            self._open_closing(row_id)

    def _open_account(self, account: str) -> None:
        from tui.screens.fees.account_sheet import AccountSheet

        self.app.push_screen(AccountSheet(account, self.kind, self.back if self.view in _SPANNED else 0))

    def _open_side(self, debit: str, credit: str) -> None:
        row = self.shown.highlighted_row
        if row is not None:
            options = [Option(debit, str(row.cells[4])), Option(credit, str(row.cells[3]))]
            self.choose(t("accounts.open_which", words=str(row.cells[2])), options, self._open_account)

    def _open_movement(self, movement_id: UUID) -> None:
        row = self.shown.highlighted_row
        if row is None:
            return
        if not self.books.may_keep:
            self.flash(t("accounts.treasurers_only"), Tone.WARN)
        elif row.muted:
            self.flash(t("accounts.reversed_already"), Tone.WARN)
        else:
            said = " ".join(str(cell) for cell in row.cells[2:6] if str(cell))
            self.fill_in(
                t("accounts.reverse_title", what=said),
                [TextField(id="reason", label=t("accounts.form.reason"), required=True)],
                lambda values: [
                    Intent(
                        "fee.reverse_move", {"movement": str(movement_id), "reason": str(values["reason"])}
                    )
                ],
                lambda _values: t("accounts.reversed_said"),
                draft=f"reverse_move:{movement_id}",
                save=t("accounts.reverse"),
            )

    def _open_closing(self, row_id: str) -> None:
        """Offer to open the books again: only what was closed last, and only by whom it takes."""
        if not self.books.may_reopen:
            self.flash(t("accounts.closing.committee_only"), Tone.WARN)
        elif row_id != str(self.books.closings[0].id):
            self.flash(t("accounts.closing.last_first"), Tone.WARN)
        else:
            until = self.books.closings[0].until.isoformat()
            options = [Option("reopen", t("accounts.closing.reopen"), t("accounts.closing.reopen_note"))]
            intents = [Intent("closing.archive", {"closing": row_id})]
            said = t("accounts.closing.reopened", day=until)
            self.choose(t("accounts.closing.of", day=until), options, lambda _: self.change(intents, said))

    # New ones

    def do_new(self) -> None:
        if self.view == CLOSING:
            self._close()
        else:
            options = [
                Option(one.value, movement_word(one.value), t(f"accounts.new.{one}")) for one in MovementKind
            ]
            options.append(Option(_ACCOUNT, t("accounts.new_account"), t("accounts.new.account")))
            self.choose(
                t("accounts.new_what"), options, self._new, current=_ACCOUNT if self.view == MONEY else None
            )

    def _new(self, what: str) -> None:
        if what == _ACCOUNT:
            self._add_account(None)
            return
        kind = MovementKind(what)
        if kind is MovementKind.INCOME and not self.books.added_on(Side.INCOME):
            self._add_account(Side.INCOME, then=partial(self._new, what))
            return
        self.fill_in(
            movement_word(kind.value),
            forms.movement_fields(self.books, kind),
            partial(forms.movement_intents, kind),
            lambda values: t(
                "accounts.moved", what=movement_word(kind.value), fen=yuan(forms.fen_typed(values))
            ),
            draft=f"movement:{kind.value}",
            refuse=forms.movement_refused,
        )

    def _add_account(self, side: Side | None, then: Callable[[], object] | None = None) -> None:
        def follow(books: store.Books) -> None:
            self._show(books)
            if then is not None:
                then()

        def added(_outcome: object) -> None:
            if (
                then is not None
            ):  # the form that follows offers what was added, so the books are read anew first
                self.ask(store.look, follow, latest="books")

        title = t("accounts.new_account") if side is None else t("accounts.new_income_first")
        self.fill_in(
            title,
            forms.account_fields(side),
            partial(forms.account_intents, side=side),
            lambda values: t("accounts.account_added", name=str(values["name"])),
            draft="account",
            then=added,
        )

    def _close(self) -> None:
        self.fill_in(
            t("accounts.closing.title"),
            forms.closing_fields(self.books),
            forms.closing_intents,
            lambda values: t("accounts.closing.done", day=str(values["last"])),
            draft="closing",
            save=t("accounts.closing.close"),
        )


_NEEDS_BOOKS: Final = frozenset({OPEN.id, NEW.id, SPAN.id, OUT.id, EARLIER.id, LATER.id})


def closed_words(books: store.Books) -> str:
    """Return up to which day the books are closed."""
    if books.open_since is None:
        return t("accounts.closing.never")
    return t("accounts.closing.since", day=books.open_since.isoformat())
