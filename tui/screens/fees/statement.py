"""The public accounts of a span on screen: looked through, published, and then the books closed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

from textual.app import ComposeResult

from models.fees.money import yuan
from models.fees.periods import Period
from models.fees.queries_accounts_books import PublishedLine
from models.fees.statement import Statement, figures_of, same_sums, statement_of
from models.operations.envelope import Intent
from tui import edge
from tui.actions import Action, action
from tui.desk import Desk
from tui.i18n import t
from tui.screens.asking import known
from tui.screens.changing import Changing, Ledger
from tui.screens.fees import accounts_store as store
from tui.screens.fees.accounts_forms import closing_to
from tui.screens.fees.accounts_rows import closed_mark, public_mark
from tui.statement_words import AmountLine, came_lines, place_word, rate_text, span_words, went_lines
from tui.widgets.deeds import Deeds
from tui.widgets.long_list import LongList
from tui.widgets.rows import Cell, Column, RowView
from tui.widgets.text import Line, Mark, Tone, joined, tone_style

PUBLISH = action("statement.publish", "1", footer=False)
CLOSE = action("statement.close_books", "2", footer=False)
WITHDRAW = action("statement.withdraw", "3", footer=False)
TURN = action("statement.turn", "f3")
OUT = action("statement.out", "f5")


@dataclass(frozen=True, slots=True)
class Looked:
    """The accounts of a span as the books say them now, and as they were made public, if they were."""

    books: store.Books
    now: Statement
    public: PublishedLine | None
    kept: Statement | None

    @property
    def differs(self) -> bool:
        """Whether the books say something else by now than what is public."""
        if self.public is None:
            return False
        return self.kept is None or not same_sums(self.kept, self.now)


def look(desk: Desk, span: Period) -> Looked:
    """Read the accounts of a span."""
    from tui.statement_out import read_statement

    books = store.look(desk)
    public = books.public(span)
    kept = None if public is None else statement_of(public.figures)
    return Looked(books, read_statement(desk, span.first, span.end), public, kept)


class StatementPage(Changing):
    """The accounts of one span."""

    ROOM: ClassVar[str] = "statement"
    AUTO_FOCUS = "LongList"
    DEEDS: ClassVar[tuple[Action, ...]] = (PUBLISH, CLOSE, WITHDRAW)
    ACTIONS: ClassVar[tuple[Action, ...]] = (TURN, OUT, *DEEDS)
    DEFAULT_CSS = """
    StatementPage #state { height: 1; }
    StatementPage.-tall #state { margin-bottom: 1; }
    StatementPage LongList { height: 1fr; }
    StatementPage.-tall Deeds { margin-top: 1; }
    """

    def __init__(self, span: Period, ledger: Ledger | None = None) -> None:
        super().__init__(ledger)
        self.span = span
        self.as_published = True
        self._looked: Looked | None = None

    @property
    def heading(self) -> str:
        return t("statement.of", name=span_words(self.span.first, self.span.end))

    @property
    def looked(self) -> Looked:
        """What is shown; actions wait until it is read."""
        return known(self._looked)

    @property
    def figures(self) -> Statement:
        """The accounts on screen: those that are public, unless the books' own were asked for."""
        kept = self.looked.kept
        return kept if kept is not None and self.as_published else self.looked.now

    def body(self) -> ComposeResult:
        yield Line(id="state")
        yield LongList(
            (
                Column(t("accounts.column.item"), 26, priority=9, grow=True),
                Column(t("accounts.column.more"), 18, priority=5, grow=True),
                Column(t("accounts.column.amount"), 14, priority=9, align="right"),
            ),
            lit=True,
        )
        yield Deeds()

    def on_mount(self) -> None:
        super().on_mount()
        self.reread()

    def news(self) -> None:
        self.reread()

    def reread(self) -> None:
        self.ask(partial(look, span=self.span), self._show, latest="statement")

    def _show(self, looked: Looked) -> None:
        self._looked = looked
        self._draw()

    def _draw(self) -> None:
        looked = self.looked
        public, closed = public_mark(looked.books, self.span), closed_mark(looked.books, self.span)
        parts = [(f"{public}  ", tone_style(public.tone)), (f"{closed}  ", tone_style(closed.tone))]
        if looked.differs:
            said = "changed_shown" if self.as_published and looked.kept is not None else "changed"
            parts.append((f"! {t(f'statement.{said}')}", tone_style(Tone.WARN)))
        self.query_one("#state", Line).show(joined(*parts))
        self.query_one(LongList).show(statement_rows(self.figures), keep=True)
        self.refresh_frame()

    # What can be done

    def why_not(self, action_id: str) -> str | None:
        if action_id in {PUBLISH.id, CLOSE.id, WITHDRAW.id, TURN.id, OUT.id}:
            if self._looked is None:
                return t("list.reading")
            return self._why_not(action_id)
        return super().why_not(action_id)

    def _why_not(self, action_id: str) -> str | None:
        looked = self.looked
        if action_id == OUT.id:
            return None
        if action_id == TURN.id:
            return None if looked.differs and looked.kept is not None else t("statement.same")
        if not looked.books.may_keep:
            return t("accounts.treasurers_only")
        if action_id == WITHDRAW.id:
            return t("statement.not_public") if looked.public is None else None
        running = t("statement.still_running") if self.span.end > looked.books.today else None
        return running or (self._why_not_publish() if action_id == PUBLISH.id else self._why_not_close())

    def _why_not_publish(self) -> str | None:
        looked = self.looked
        return t("statement.public_already") if looked.public is not None and not looked.differs else None

    def _why_not_close(self) -> str | None:
        """Return why the books cannot be closed here: what people have not seen is not closed."""
        if self.looked.public is None:
            return t("statement.publish_first")
        return t("statement.closed_already") if self.looked.books.is_closed(self.span) else None

    def do_turn(self) -> None:
        self.as_published = not self.as_published
        self._draw()

    def do_out(self) -> None:
        from tui.screens.fees.accounts_out import offer_statement

        public = self.looked.public
        shown = public is not None and self.figures == self.looked.kept
        offer_statement(self, self.figures, public.published_at if shown and public is not None else None)

    def do_publish(self) -> None:
        """Keep the figures as the books say them now; those that were public before stand in the list of changes."""
        now, before = self.looked.now, self.looked.public
        payload = {
            "id": str(edge.new_id()),
            "since": now.since,
            "until": now.until,
            "figures": figures_of(now),
        }
        intents = [] if before is None else [Intent("statement.archive", {"statement": str(before.id)})]
        self.as_published = True
        self.change([*intents, Intent("fee.publish", payload)], t("statement.published_said"))

    def do_close_books(self) -> None:
        self.change(closing_to(self.span.end), t("accounts.closing.done", day=str(self.figures.until)))

    def do_withdraw(self) -> None:
        public = self.looked.public
        if public is not None:
            withdrawn = [Intent("statement.archive", {"statement": str(public.id)})]
            self.change(withdrawn, t("statement.withdrawn"))


# -- rows ------------------------------------------------------------------------------------


def statement_rows(found: Statement) -> list[RowView]:
    """Return a statement as lines of a list, in the order of the poster."""
    lines: list[tuple[Cell, str, str]] = [(_sum("opening"), "", yuan(found.opening_fen))]
    lines += _part("came", came_lines(found), found.came_fen)
    lines += _part("went", went_lines(found), found.went_fen)
    lines.append((_sum("closing"), t("statement.proved"), yuan(found.closing_fen)))
    lines.append((_head("accounts.places"), "", ""))
    lines += [
        (
            f"  {place_word(one.account, one.name)}",
            t("statement.from", opening=yuan(one.opening_fen)),
            yuan(one.closing_fen),
        )
        for one in found.places
    ]
    lines.append((f"  {t('statement.credit')}", "", yuan(found.credit_fen)))
    lines.append((f"  {t('statement.suspense')}", "", yuan(found.suspense_fen)))
    lines.append((_head("accounts.items"), "", rate_text(found.rate_ppm)))
    lines += [
        (
            f"  {one.name}",
            t("statement.paid_of", paid=yuan(one.paid_fen), billed=yuan(one.billed_fen)),
            rate_text(one.rate_ppm),
        )
        for one in found.items
        if one.billed_fen
    ]
    if found.spent:
        lines.append((_head("accounts.vouchers"), "", ""))
        lines += [
            (f"  {one.on} {one.name}", " ".join(filter(None, (one.voucher, one.payee))), yuan(one.fen))
            for one in found.spent
        ]
    lines.append((_head("accounts.owed"), t("statement.doors", n=found.doors), yuan(found.owed_fen)))
    lines += [
        (f"  {one.building}", t("statement.doors", n=one.doors), yuan(one.owed_fen))
        for one in found.buildings
    ]
    return [RowView(str(number), cells) for number, cells in enumerate(lines)]


def _part(name: str, lines: Sequence[AmountLine], fen: int) -> list[tuple[Cell, str, str]]:
    return [(_sum(name), "", yuan(fen)), *((f"  {one.label}", "", yuan(one.fen)) for one in lines)]


def _sum(name: str) -> Mark:
    return Mark({"opening": "▪", "came": "+", "went": "−"}.get(name, "="), t(f"accounts.poster.{name}"))


def _head(key: str) -> Mark:
    return Mark("▪", t(key))
