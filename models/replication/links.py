"""A laptop's links to the servers of its compounds."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import or_, update
from sqlmodel import Session, col, select

from models.replication.tables import Link
from models.tables import table_of

#: A process that has not renewed its lease for this long is gone.
LEASE = timedelta(seconds=90)


def link_of(session: Session, compound_id: UUID) -> Link | None:
    """Return how a compound reaches its server, or None when it is on this laptop alone."""
    return session.get(Link, compound_id)


def links(session: Session) -> list[Link]:
    """Return every link of this store."""
    return list(session.exec(select(Link).order_by(col(Link.enrolled_at))))


def take_lease(session: Session, compound_id: UUID, *, holder: str, now: datetime) -> bool:
    """Make `holder` the one process that syncs a compound; tells whether it is.

    A lease that ends implausibly late was taken under another clock and counts as lost.
    """
    link = table_of(Link)
    taken = session.connection().execute(
        update(link)
        .where(
            link.c.compound_id == compound_id,
            or_(
                link.c.busy_until.is_(None),
                link.c.busy_with == holder,
                link.c.busy_until < now,
                link.c.busy_until > now + 2 * LEASE,
            ),
        )
        .values(busy_until=now + LEASE, busy_with=holder)
    )
    return bool(taken.rowcount)


def renew_lease(session: Session, compound_id: UUID, *, holder: str, now: datetime) -> bool:
    """Let `holder` go on; tells whether it still may.

    One that overslept its lease may, unless another has had it since: what that one did is not known here.
    """
    link = table_of(Link)
    renewed = session.connection().execute(
        update(link)
        .where(link.c.compound_id == compound_id, link.c.busy_with == holder)
        .values(busy_until=now + LEASE)
    )
    return bool(renewed.rowcount)


def give_back(session: Session, compound_id: UUID, *, holder: str) -> None:
    """End a lease that this process holds."""
    link = table_of(Link)
    session.connection().execute(
        update(link)
        .where(link.c.compound_id == compound_id, link.c.busy_with == holder)
        .values(busy_until=None, busy_with="")
    )
