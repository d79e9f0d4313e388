"""The short name a ticket gets at once: two letters of the laptop and a running number (`KT27`).

It can be said on the telephone and written on a slip. The letters come from the
laptop's id, so a copied store, which takes a new id, begins a row of its own.
Two laptops of a compound may bear the same letters by chance: the handler tells
their tickets apart (see `apart`).
"""

from __future__ import annotations

from typing import Final
from uuid import UUID

from sqlalchemy import func, select
from sqlmodel import Session

from models.operations import log
from models.operations.registry import allotter
from models.tables import table_of
from models.text import fold
from models.tickets.tables import Ticket

_ticket = table_of(Ticket)
#: Letters that are not taken for a digit or for one another when written by hand.
LETTERS: Final = "ACDEFHJKLMNPRTUVWXY"
_AFTER: Final = chr(ord("Z") + 1)
_TAIL: Final = 0x10000


def series(device_id: UUID) -> str:
    """Return the letters of a laptop."""
    first, second = divmod(device_id.int % (len(LETTERS) ** 2), len(LETTERS))
    return LETTERS[first] + LETTERS[second]


@allotter("ticket")
def next_code(session: Session, compound_id: UUID) -> str:
    """Return the code for the next ticket that is reported on this laptop."""
    own = series(log.device_id(session))
    statement = (
        select(_ticket.c.code)
        .where(
            _ticket.c.compound_id == compound_id,
            _ticket.c.code >= f"{own}0",
            _ticket.c.code < f"{own}{_AFTER}",
        )
        .order_by(func.length(_ticket.c.code).desc(), _ticket.c.code.desc())
    )
    for code in session.connection().execute(statement).scalars():
        number = code.removeprefix(own)
        if number.isdigit():
            return f"{own}{int(number) + 1}"
    return f"{own}1"


def apart(code: str, ticket_id: UUID) -> str:
    """Return a code for a ticket whose own is another's already: the same, with a tail of the ticket's own."""
    return f"{code}-{ticket_id.int % _TAIL:04X}"


def own_code(ticket_id: UUID) -> str:
    """Return the code of a ticket that came without one."""
    return apart("T", ticket_id)


def spelled(text: str) -> str:
    """Return a code as it is stored, however it was typed: `kt 27`, `ＫＴ２７`."""
    return fold(text).upper()
