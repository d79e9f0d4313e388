"""Lists of the books for the command line: accounts with what stands on them, and every entry."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from uuid import UUID

from sqlmodel import Session

from models.fees.queries_accounts import balances, entries
from models.fees.queries_accounts_names import added_accounts, id_in, names_of
from models.listings import ListingRow, listing


@listing("accounts", "account", "id", "name", "kind", "balance_fen", "archived")
def list_accounts(session: Session, compound_id: UUID, _today: date) -> Iterator[ListingRow]:
    """Yield every account that holds something, and those that the compound added; a balance above 0 is a debit."""
    standing = balances(session, compound_id, date.max)
    added = {one.code: one for one in added_accounts(session, compound_id, archived=True)}
    names = names_of(session, compound_id, standing)
    for account in sorted({*standing, *added}):
        one = added.get(account)
        row_id = id_in(account)
        yield {
            "account": account,
            "id": None if row_id is None else str(row_id),
            "name": one.name if one is not None else names.get(row_id, "") if row_id is not None else "",
            "kind": account.partition(":")[0],
            "balance_fen": standing.get(account, 0),
            "archived": one is not None and one.archived,
        }


@listing("entries", "entry", "day", "kind", "words", "debit", "credit", "moved_fen")
def list_entries(session: Session, compound_id: UUID, _today: date) -> Iterator[ListingRow]:
    """Yield every entry of the journal, oldest first: what account gained how much out of which."""
    for entry in entries(session, compound_id, until=date.max):
        gaining, giving = entry.postings
        yield {
            "entry": entry.key,
            "day": entry.on.isoformat(),
            "kind": entry.code,
            "words": entry.words,
            "debit": gaining.account,
            "credit": giving.account,
            "moved_fen": gaining.fen,
        }
