"""What operations name, called as people call it: looked up in bulk for a page of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session

from models.operations.about import portions
from models.operations.change_lines import ChangeLine
from models.operations.kin import NAMING
from models.operations.registry import KINDS, EditPayload, referring
from models.operations.tables import Alias, Conflict
from models.operations.writing import references
from models.tables import synced_models, table_of

_alias = table_of(Alias)


@dataclass(frozen=True, slots=True)
class Named:
    """A row as it stands today: its table, what it is called, and its columns.

    `label` is empty for what has no name of its own, such as a pipe: its
    `values` hold the ids of rows that have one. `id` differs from the one asked
    for where the row was merged into another.
    """

    id: UUID
    table: str
    label: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)


Names = Mapping[UUID, Named]
#: What is chosen in a conflict about these fields, where it is no person.
_CHOSEN_IN: Final = {"double": "assignment", "full": "assignment", "parent_id": "ticket"}


def named_by(line: ChangeLine) -> dict[str, set[UUID]]:
    """Return the rows that the payload of a known kind names itself, by table."""
    kind = KINDS.get(line.kind)
    found: dict[str, set[UUID]] = {}
    if kind is None:
        return found
    fields = list(referring(kind.payload))
    if issubclass(kind.payload, EditPayload):
        fields.append((kind.payload.target, kind.payload.table))
    for name, table in fields:
        row_id = as_id(line.payload.get(name))
        if row_id is not None:
            found.setdefault(table, set()).add(row_id)
    return found


def names_for(session: Session, compound_id: UUID, lines: Iterable[ChangeLine]) -> dict[UUID, Named]:
    """Return what the operations of a page name, and what those rows refer to."""
    wanted: dict[str, set[UUID]] = {}
    for line in lines:
        for table, ids in named_by(line).items():
            wanted.setdefault(table, set()).update(ids)
    return named(session, compound_id, wanted)


def named(session: Session, compound_id: UUID, wanted: Mapping[str, Iterable[UUID]]) -> dict[UUID, Named]:
    """Return rows by the ids asked for, and what those without a name of their own refer to."""
    found: dict[UUID, Named] = {}
    left = {table: set(ids) for table, ids in wanted.items()}
    # A conflict leads to a connection, that to a household: nothing lies deeper than three steps.
    for _ in range(3):
        fresh = _look_up(session, compound_id, left)
        found.update(fresh)
        left = {}
        for one in fresh.values():
            for table, row_id in _next(one):
                if row_id not in found:
                    left.setdefault(table, set()).add(row_id)
        if not left:
            break
    return found


def _look_up(session: Session, compound_id: UUID, wanted: Mapping[str, set[UUID]]) -> dict[UUID, Named]:
    found = _rows(session, compound_id, wanted)
    missing = {table: ids - found.keys() for table, ids in wanted.items() if ids - found.keys()}
    if not missing:
        return found
    # Added a second time, a thing has no row of its own, but an alias to the one that stands.
    leads = _aliases(session, compound_id, set().union(*missing.values()))
    standing = _rows(
        session,
        compound_id,
        {table: {leads[one] for one in ids if one in leads} for table, ids in missing.items()},
    )
    found.update({one: standing[to] for one, to in leads.items() if to in standing})
    return found


def _rows(session: Session, compound_id: UUID, wanted: Mapping[str, Iterable[UUID]]) -> dict[UUID, Named]:
    models = synced_models()
    found: dict[UUID, Named] = {}
    for name, ids in wanted.items():
        if name not in models:
            continue
        table = table_of(models[name])
        label = next((one for one in NAMING if one in table.c), None)
        for part in portions(sorted(ids)):
            statement = select(table).where(table.c.compound_id == compound_id, table.c.id.in_(part))
            for row in session.connection().execute(statement).mappings():
                text = "" if label is None else str(row[label])
                found[row["id"]] = Named(row["id"], name, text, dict(row))
    return found


def _aliases(session: Session, compound_id: UUID, ids: Iterable[UUID]) -> dict[UUID, UUID]:
    leads: dict[UUID, UUID] = {}
    fresh = set(ids)
    while fresh:
        found: dict[UUID, UUID] = {}
        for part in portions(sorted(fresh)):
            statement = select(_alias.c.id, _alias.c.to_id).where(
                _alias.c.compound_id == compound_id, _alias.c.id.in_(part), _alias.c.archived.is_(False)
            )
            found.update({row.id: row.to_id for row in session.connection().execute(statement)})
        leads.update({one: to for one, to in found.items() if one not in leads})
        fresh = {to for to in found.values() if to not in leads}
    return {one: _end(leads, one) for one in leads}


def _end(leads: Mapping[UUID, UUID], row_id: UUID) -> UUID:
    passed: set[UUID] = set()
    while row_id in leads and row_id not in passed:
        passed.add(row_id)
        row_id = leads[row_id]
    return row_id


def _next(one: Named) -> list[tuple[str, UUID]]:
    """Return the rows that a row without a name of its own is called by."""
    if one.table == Conflict.__tablename__:
        chosen = (as_id(one.values[name]) for name in ("kept", "lost"))
        table = _CHOSEN_IN.get(str(one.values["field"]), "person")
        return [
            (str(one.values["table_name"]), one.values["row_id"]),
            *((table, row_id) for row_id in chosen if row_id is not None),
        ]
    model = synced_models()[one.table]
    if one.label:
        return []
    return [
        (str(target.__tablename__), one.values[column])
        for column, target in references(model)
        if one.values.get(column) is not None
    ]


def as_id(value: object) -> UUID | None:
    """Return the id that a value of a payload is, or None: a later version may have put something else there."""
    try:
        return UUID(str(value))
    except ValueError:
        return None
