"""The public accounts and the journal out of the app: poster, spreadsheet, JSON, hledger, beancount. Loads no Textual.

`write_*` put a file beside the user's documents, where whatever is there stays, and return its path; they raise
CannotWrite. They read the store and wait for the disk: a screen asks them as a question.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Final, Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from models.fees.entries import Entry, beancount, hledger
from models.fees.journal import carried
from models.fees.queries_accounts import balances, entries
from models.fees.queries_accounts_books import published
from models.fees.queries_accounts_names import names_of
from models.fees.queries_accounts_statement import statement
from models.fees.rules import collector_of
from models.fees.statement import Statement, same_sums, statement_of
from models.files.writing import Cell, write_book
from models.text import mask_name
from tui import edge
from tui.desk import Desk
from tui.documents import documents, free_path, write_text
from tui.fee_words import account_name
from tui.i18n import t
from tui.paper.fee_statement import statement_page
from tui.paper.own_words import words_for_print
from tui.paper.page import A3, A4, Sheet
from tui.statement_words import came_lines, place_word, span_of, span_words, went_lines

Books = Literal["hledger", "beancount"]
SHEETS: Final[dict[str, Sheet]] = {"a4": A4, "a3": A3}
_FEN_A_YUAN: Final = 100
_SUFFIXES: Final = {"hledger": ".journal", "beancount": ".beancount"}


def read_statement(desk: Desk, since: date, until: date) -> Statement:
    """Return the public accounts of a half-open span as the books say them now."""
    with desk.store.read() as session:
        return statement(session, desk.seat.compound_id, since, until)


def public_since(desk: Desk, found: Statement) -> datetime | None:
    """Return when accounts with these very sums were made public, or None."""
    with desk.store.read() as session:
        public = published(session, desk.seat.compound_id)
    for one in public:
        kept = statement_of(one.figures)
        if kept is not None and span_of(kept) == span_of(found) and same_sums(kept, found):
            return one.published_at
    return None


def statement_html(
    desk: Desk, found: Statement, *, published_at: datetime | None = None, paper: str = "a4"
) -> str:
    """Return the poster of a statement, on A4 or A3."""
    head, foot = words_for_print(desk)
    zone = ZoneInfo(desk.seat.zone)
    return statement_page(
        found,
        desk.seat.compound,
        made_at=edge.clock().astimezone(zone),
        published_at=None if published_at is None else published_at.astimezone(zone),
        sheet=SHEETS[paper],
        head=head,
        foot=foot,
    )


def _yuan(fen: int) -> Decimal:
    return Decimal(fen) / _FEN_A_YUAN


def statement_book(found: Statement) -> list[tuple[str, Sequence[str], Iterable[Sequence[Cell]]]]:
    """Return a statement as the sheets of a spreadsheet; amounts in yuan, as numbers."""
    total = t("accounts.total")

    def header(*names: str) -> list[str]:
        return [t(f"accounts.column.{name}") for name in names]

    overview: list[Sequence[Cell]] = [(t("accounts.poster.opening"), "", _yuan(found.opening_fen))]
    overview += [(t("accounts.poster.came"), one.label, _yuan(one.fen)) for one in came_lines(found)]
    overview.append((t("accounts.poster.came"), total, _yuan(found.came_fen)))
    overview += [(t("accounts.poster.went"), one.label, _yuan(one.fen)) for one in went_lines(found)]
    overview.append((t("accounts.poster.went"), total, _yuan(found.went_fen)))
    overview.append((t("accounts.poster.closing"), "", _yuan(found.closing_fen)))
    places: list[Sequence[Cell]] = [
        (place_word(one.account, one.name), *map(_yuan, (one.opening_fen, one.came_fen, one.went_fen, one.closing_fen)))
        for one in found.places
    ]  # fmt: skip
    spent = [
        (date.fromisoformat(one.on), one.name, one.voucher, one.payee, _yuan(one.fen)) for one in found.spent
    ]
    items = [
        (one.name, _yuan(one.received_fen), _yuan(one.billed_fen), _yuan(one.paid_fen), _percent(one.rate_ppm))
        for one in found.items
    ]  # fmt: skip
    buildings = [(one.building, one.doors, _yuan(one.owed_fen)) for one in found.buildings]
    return [
        (t("accounts.sheet.overview"), header("side", "item", "amount"), overview),
        (t("accounts.places"), header("place", "opening", "in", "out", "closing"), places),
        (t("accounts.vouchers"), header("day", "account", "voucher", "payee", "amount"), spent),
        (t("accounts.items"), header("item", "received", "billed", "paid", "rate_percent"), items),
        (t("accounts.owed"), header("building", "doors", "owed"), buildings),
    ]


def _percent(ppm: int | None) -> Decimal | None:
    return None if ppm is None else (Decimal(ppm) / 10_000).quantize(Decimal("0.01"))


def _name(desk: Desk, found: Statement) -> str:
    return f"{t('accounts.poster.title', compound=desk.seat.compound)}_{span_words(*span_of(found))}"


def write_statement(desk: Desk, found: Statement, form: str, *, published_at: datetime | None = None) -> Path:
    """Write a statement as a poster (`a4`, `a3`) or as a spreadsheet (`xlsx`)."""
    if form in SHEETS:
        drawn = statement_html(desk, found, published_at=published_at, paper=form)
        return write_text(documents(), _name(desk, found), ".html", drawn)
    path = free_path(documents(), _name(desk, found), ".xlsx")
    write_book(path, statement_book(found))
    return path


# -- the journal -----------------------------------------------------------------------------


def journal_text(desk: Desk, form: Books, since: date | None, until: date) -> str:
    """Return the journal as a program for accounts reads it; from `since` on, with what stood before carried forward."""
    compound_id = desk.seat.compound_id
    with desk.store.read() as session:
        found = list(entries(session, compound_id, since=since, until=until))
        before = None if since is None else carried(balances(session, compound_id, since), since)
        if before is not None:
            found.insert(0, before)
        names = names_of(session, compound_id, _accounts(found))
    told = account_words(_accounts(found), names)
    title = t("accounts.journal_of", compound=desk.seat.compound)
    worded = [one if one.words else _worded(one) for one in found]
    return (hledger if form == "hledger" else beancount)(worded, told, title)


def account_words(accounts: Iterable[str], names: Mapping[UUID, str]) -> dict[str, str]:
    """Return what accounts are called where people's names are masked."""
    collectors = {found for found in map(collector_of, accounts) if found is not None}
    masked = {row_id: mask_name(name) if row_id in collectors else name for row_id, name in names.items()}
    return {account: account_name(account, masked) for account in accounts}


def _accounts(found: Iterable[Entry]) -> set[str]:
    return {posting.account for entry in found for posting in entry.postings}


def _worded(entry: Entry) -> Entry:
    return Entry(entry.on, entry.key, entry.code, t(f"accounts.entry.{entry.code}"), entry.postings)


def write_journal(desk: Desk, form: Books, since: date | None, until: date) -> Path:
    """Write the journal for a program for accounts."""
    name = f"{t('accounts.journal_of', compound=desk.seat.compound)}_{until}"
    return write_text(documents(), name, _SUFFIXES[form], journal_text(desk, form, since, until))
