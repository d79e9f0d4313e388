"""Compounds of this store that were carried over into others: kept, and shown no more. Never synced."""

from __future__ import annotations

from uuid import UUID

from sqlmodel import Session

from models.operations.tables import Setting

_KEY = "joined"


def put_aside(session: Session, compound_id: UUID, into: UUID) -> None:
    """Keep that a compound was carried over into another. Needs a write session."""
    row = session.get(Setting, _KEY)
    known = {} if row is None else dict(row.value)
    session.merge(Setting(key=_KEY, value=known | {compound_id.hex: into.hex}))


def aside(session: Session) -> dict[UUID, UUID]:
    """Return the compounds that were carried over, each with the one it went into."""
    row = session.get(Setting, _KEY)
    return {} if row is None else {UUID(old): UUID(new) for old, new in row.value.items()}
