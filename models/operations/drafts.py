"""Half-typed things, kept so that a closed lid or a dead battery loses nothing.

A draft belongs to this store alone: no operation, no sync, no undo. Its
`subject` names what it is about, such as `walk:<walk id>:<point id>`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import delete
from sqlmodel import Session, col, select

from models.operations.tables import Draft

Values = Mapping[str, Any]


def load_draft(session: Session, compound_id: UUID, subject: str) -> dict[str, Any] | None:
    """Return what was kept under `subject`, None when nothing was."""
    found = session.get(Draft, (compound_id, subject))
    return None if found is None else dict(found.values)


def load_drafts(session: Session, compound_id: UUID, prefix: str) -> dict[str, dict[str, Any]]:
    """Return every draft whose subject begins with `prefix`, by subject."""
    statement = select(Draft).where(
        col(Draft.compound_id) == compound_id, col(Draft.subject).startswith(prefix, autoescape=True)
    )
    return {draft.subject: dict(draft.values) for draft in session.exec(statement)}


def save_draft(session: Session, compound_id: UUID, subject: str, values: Values) -> None:
    """Keep `values` under `subject` in place of what stood there. Needs a write session."""
    session.merge(Draft(compound_id=compound_id, subject=subject, values=dict(values)))


def drop_draft(session: Session, compound_id: UUID, subject: str) -> None:
    """Forget a draft; one that does not exist is forgotten already. Needs a write session."""
    session.connection().execute(
        delete(Draft).where(col(Draft.compound_id) == compound_id, col(Draft.subject) == subject)
    )
