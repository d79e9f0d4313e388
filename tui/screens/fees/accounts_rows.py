"""The books as rows of lists."""

from __future__ import annotations

from datetime import timedelta
from typing import Final
from zoneinfo import ZoneInfo

from models.fees.entries import Entry
from models.fees.money import yuan
from models.fees.periods import Cycle, Period
from models.fees.rules import RECEIVABLE, holds_money
from tui.fee_words import movement_word, span_text
from tui.i18n import t
from tui.screens.fees.accounts_store import Books, Lines, Named, span_at
from tui.statement_words import span_words
from tui.widgets.rows import Cell, Column, RowView
from tui.widgets.text import Mark, Tone

MONEY, JOURNAL, MOVEMENTS, PUBLIC, CLOSING = "money", "journal", "movements", "public", "closing"
#: The row of the sum; nothing stands behind it.
TOTAL: Final = "total"
_SHOWN_SPANS: Final = 16
_ORDER: Final = ("assets", "liabilities", "income", "expenses", "equity")


def _amount(name: str = "amount", priority: int = 9) -> Column:
    return Column(t(f"accounts.column.{name}"), 13, priority=priority, align="right")


def columns(view: str) -> tuple[Column, ...]:
    """Return the columns of a tab."""
    day = Column(t("accounts.column.day"), 10, priority=9)
    words = Column(t("accounts.column.words"), 22, priority=8, grow=True)
    into = Column(t("accounts.column.debit"), 10, priority=6, grow=True)
    out_of = Column(t("accounts.column.credit"), 10, priority=6, grow=True)
    return {
        MONEY: (
            Column(t("accounts.column.account"), 20, priority=9, grow=True),
            Column(t("accounts.column.kind"), 10, priority=7),
            _amount("balance"),
        ),
        JOURNAL: (day, Column(t("accounts.column.kind"), 12, priority=5), words, out_of, into, _amount()),
        MOVEMENTS: (
            day,
            Column(t("accounts.column.kind"), 10, priority=5),
            out_of,
            into,
            Column(t("accounts.column.words"), 14, priority=8, grow=True),
            _amount(),
            Column(t("accounts.column.state"), 8, priority=7),
        ),
        PUBLIC: (
            Column(t("accounts.column.span"), 20, priority=9, grow=True),
            Column(t("accounts.public.column"), 24, priority=8, grow=True),
            Column(t("accounts.closing.column"), 12, priority=7),
        ),
        CLOSING: (
            Column(t("accounts.column.until"), 12, priority=9),
            Column(t("accounts.column.by"), 12, priority=7),
            Column(t("accounts.column.words"), 20, priority=8, grow=True),
        ),
    }[view]


def money_rows(books: Books) -> list[RowView]:
    """Return every account that holds something or could: where money lies first, with its sum."""
    known = {*books.standing, *books.places, *(one.code for one in books.added)}
    rows: list[RowView] = [
        _balance(books, account)
        for account in sorted(known, key=lambda one: _place(books, one))
        if holds_money(account)
    ]
    rows.append(RowView(TOTAL, (Mark("Σ", t("accounts.all_money")), "", yuan(books.money_fen))))
    rest = [account for account in known if not holds_money(account)]
    return rows + [_balance(books, account) for account in sorted(rest, key=lambda one: _place(books, one))]


def _place(books: Books, account: str) -> tuple[int, bool, int, str]:
    places = books.places
    known = places.index(account) if account in places else len(places)
    return _ORDER.index(account.partition(":")[0]), account == RECEIVABLE, known, books.named.word(account)


def _balance(books: Books, account: str) -> RowView:
    """Return an account with what stands on it: what is owed or earned stands above 0 as well, for it is read as that."""
    fen = books.standing.get(account, 0)
    sign = 1 if account.startswith(("assets:", "expenses:")) else -1
    kind = t("accounts.money") if holds_money(account) else t(f"accounts.root.{account.partition(':')[0]}")
    return RowView(account, (books.named.word(account), kind, yuan(sign * fen)), muted=not fen)


def kind_word(entry: Entry) -> str:
    """Return of what kind an entry is."""
    return t(f"accounts.entry.{entry.code}")


def journal_rows(lines: Lines) -> list[RowView]:
    """Return entries as rows; their ids carry both accounts, which is what stands behind them."""
    return [
        RowView(
            f"{one.key}|{one.postings[0].account}|{one.postings[1].account}",
            (
                one.on.isoformat(),
                kind_word(one),
                one.words,
                lines.named.word(one.postings[1].account),
                lines.named.word(one.postings[0].account),
                yuan(one.postings[0].fen),
            ),
        )
        for one in lines.entries
    ]


def movement_rows(lines: Lines) -> list[RowView]:
    """Return movements as rows."""
    found = []
    for one in lines.movements:
        state: Cell = "" if one.reversed_on is None else Mark("↺", t("accounts.reversed"), Tone.MUTED)
        words = " ".join(part for part in (one.voucher, one.words) if part)
        out_of, into = lines.named.word(one.out_of), lines.named.word(one.into)
        cells: tuple[Cell, ...] = (
            one.on.isoformat(), movement_word(one.kind), out_of, into, words, yuan(one.fen), state,
        )  # fmt: skip
        found.append(RowView(str(one.id), cells, muted=one.reversed_on is not None))
    return found


def sheet_columns() -> tuple[Column, ...]:
    """Return the columns of an account's sheet."""
    return (
        Column(t("accounts.column.day"), 10, priority=9),
        Column(t("accounts.column.kind"), 12, priority=5),
        Column(t("accounts.column.words"), 16, priority=8, grow=True),
        Column(t("accounts.column.beside"), 12, priority=4, grow=True),
        _amount("change"),
        _amount("balance"),
    )


def sheet_rows(lines: Lines, account: str, sign: int) -> list[RowView]:
    """Return the lines of an account's sheet; `sign` turns what is owed or earned above 0."""
    found = []
    for one in lines.sheet:
        others = [posting.account for posting in one.entry.postings if posting.account != account]
        other = others[0] if others else account
        change = sign * one.fen
        found.append(
            RowView(
                f"{one.entry.key}|{other}",
                (
                    one.entry.on.isoformat(),
                    kind_word(one.entry),
                    one.entry.words,
                    lines.named.word(other),
                    f"+{yuan(change)}" if change > 0 else yuan(change).replace("-", "−"),
                    yuan(sign * one.after_fen),
                ),
            )
        )
    return found


def public_rows(books: Books, kind: Cycle) -> list[RowView]:
    """Return the last spans of a kind in which there were books, with how public and how closed each is; others that are public after them."""
    begun = books.begun_on or books.today
    spans = [span_at(kind, books.today, back) for back in range(_SHOWN_SPANS)]
    spans = [span for span in spans if span.end > begun]
    listed = {(span.first, span.end) for span in spans}
    spans += [Period(one.since, one.until) for one in books.published if (one.since, one.until) not in listed]
    return [
        RowView(span_key(span), (span_words(span.first, span.end), public_mark(books, span), closed_mark(books, span)))
        for span in dict.fromkeys(spans)
    ]  # fmt: skip


def span_key(span: Period) -> str:
    """Return a span as `period_of` reads it."""
    return f"{span.first.isoformat()}/{span.end.isoformat()}"


def public_mark(books: Books, span: Period) -> Mark:
    """Return whether the accounts of a span are public."""
    found = books.public(span)
    if found is not None:
        on = found.published_at.astimezone(ZoneInfo(books.zone)).date().isoformat()
        return Mark("✓", t("accounts.public.on", day=on), Tone.GOOD)
    if span.end > books.today:
        return Mark("…", t("accounts.running"), Tone.MUTED)
    return Mark("○", t("accounts.public.not_yet"), Tone.WARN)


def closed_mark(books: Books, span: Period) -> Mark:
    """Return whether anything can still be booked in a span."""
    if books.is_closed(span):
        return Mark("■", t("accounts.closing.closed"))
    return Mark("□", t("accounts.closing.open"), Tone.MUTED)


def closing_rows(books: Books) -> list[RowView]:
    """Return the closings that hold."""
    return [
        RowView(str(one.id), ((one.until - timedelta(days=1)).isoformat(), one.by, one.words))
        for one in books.closings
    ]


def name_of(account: str, named: Named) -> str:
    """Return what an account is called, as a heading."""
    return named.word(account)


def told_span(span: Period) -> str:
    """Return a span in words, and as it is typed on the command line."""
    return f"{span_words(span.first, span.end)}  {span_text(span.first, span.end)}"
