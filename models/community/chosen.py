"""Who acts on this laptop, and in which compound: choices of this store alone, never synced."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session

from models.community.searching import holding
from models.community.tables import Compound, Person, RoleTerm
from models.operations.aside import aside
from models.operations.roles import Role
from models.operations.tables import Setting
from models.operations.workspace import Workspace
from models.tables import table_of

_COMPOUND = "compound"


def _actor_key(compound_id: UUID) -> str:
    return f"actor:{compound_id.hex}"


def remember_actor(session: Session, compound_id: UUID, person_id: UUID) -> None:
    """Keep who was chosen to act in a compound. Needs a write session."""
    session.merge(Setting(key=_actor_key(compound_id), value=person_id.hex))


def default_actor(session: Session, compound_id: UUID, *, today: date) -> UUID | None:
    """Return who acts unless somebody else is chosen.

    That is the person chosen last, followed through merges, while the register
    has them; else the director who has served longest; None without either.
    """
    chosen = session.get(Setting, _actor_key(compound_id))
    if chosen is not None:
        person = Workspace(session, compound_id, keep_shadows=False).get(Person, UUID(str(chosen.value)))
        if person is not None and not person.archived:
            return person.id
    term, person_table = table_of(RoleTerm), table_of(Person)
    statement = (
        select(term.c.person_id)
        .join(
            person_table,
            (person_table.c.compound_id == term.c.compound_id) & (person_table.c.id == term.c.person_id),
        )
        .where(
            term.c.compound_id == compound_id,
            term.c.role == Role.DIRECTOR.value,
            holding(term, today),
            person_table.c.archived.is_(False),
        )
        .order_by(term.c.since, term.c.id)
        .limit(1)
    )
    found = session.connection().execute(statement).scalar_one_or_none()
    return None if found is None else UUID(str(found))


def remember_compound(session: Session, compound_id: UUID) -> None:
    """Keep which compound is open. Needs a write session."""
    session.merge(Setting(key=_COMPOUND, value=compound_id.hex))


def default_compound(session: Session) -> UUID | None:
    """Return the compound opened last; without one, the store's only compound; else None."""
    table = table_of(Compound)
    gone = aside(session)
    living = session.connection().execute(select(table.c.id).where(table.c.archived.is_(False))).scalars()
    known = [compound_id for compound_id in living if compound_id not in gone]
    chosen = session.get(Setting, _COMPOUND)
    if chosen is not None and UUID(str(chosen.value)) in known:
        return UUID(str(chosen.value))
    return known[0] if len(known) == 1 else None
