"""What the accounts of the journal are called: items, accounts that a compound added, people whose cash it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session

from models.community.searching import chunks
from models.community.tables import Person
from models.fees.rules import BOX, MONEY, Method, Side, account_code
from models.fees.tables import ChargeItem
from models.fees.tables_money import Account
from models.operations.tables import Alias
from models.tables import table_of

_item, _account, _person, _alias = (table_of(one) for one in (ChargeItem, Account, Person, Alias))


@dataclass(frozen=True, slots=True)
class AccountLine:
    """An account that the compound added; `code` is what the journal calls it."""

    id: UUID
    side: Side
    name: str
    code: str
    note: str
    archived: bool


def added_accounts(session: Session, compound_id: UUID, *, archived: bool = False) -> tuple[AccountLine, ...]:
    """Return the accounts that the compound added, in their order; those put away only with `archived`."""
    chosen = select(_account).where(_account.c.compound_id == compound_id)
    if not archived:
        chosen = chosen.where(_account.c.archived.is_(False))
    rows = session.connection().execute(chosen.order_by(_account.c.position, _account.c.name, _account.c.id))
    return tuple(
        AccountLine(
            row.id, Side(row.side), row.name, account_code(Side(row.side), row.id), row.note, row.archived
        )
        for row in rows
    )


def places(session: Session, compound_id: UUID) -> tuple[str, ...]:
    """Return the accounts out of which the compound pays and into which it moves money."""
    added = [one.code for one in added_accounts(session, compound_id) if one.side is Side.MONEY]
    return (BOX, *(code for method, code in MONEY.items() if method is not Method.OPENING), *added)


def names_of(session: Session, compound_id: UUID, accounts: Iterable[str]) -> Mapping[UUID, str]:
    """Return the names of the items, added accounts and people that account codes end in; people's are not masked."""
    ids = {found for found in map(id_in, accounts) if found is not None}
    names = _names(session, compound_id, ids)
    missing = ids - set(names)
    if missing:
        chosen = select(_alias.c.id, _alias.c.to_id).where(
            _alias.c.compound_id == compound_id, _alias.c.id.in_(missing)
        )
        led = {row.id: row.to_id for row in session.connection().execute(chosen)}
        stands = _names(session, compound_id, set(led.values()))
        names |= {row_id: stands[to_id] for row_id, to_id in led.items() if to_id in stands}
    return names


def _names(session: Session, compound_id: UUID, ids: set[UUID]) -> dict[UUID, str]:
    found: dict[UUID, str] = {}
    for table in (_item, _account, _person):
        for chunk in chunks(sorted(ids - set(found))):
            chosen = select(table.c.id, table.c.name).where(
                table.c.compound_id == compound_id, table.c.id.in_(chunk)
            )
            found |= {row.id: row.name for row in session.connection().execute(chosen)}
    return found


def id_in(account: str) -> UUID | None:
    """Return the row that an account's code ends in, or None for those that every compound has."""
    try:
        return UUID(account.rpartition(":")[2])
    except ValueError:
        return None
