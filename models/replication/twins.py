"""Operations whose number another one has: two laptops counted under one name, and nobody noticed in time.

A server notices by its count, unless it was put back from a copy in between: then
a laptop and its copied twin may both have been judged under one number. What comes
second is kept under a name that is derived from theirs. It is nobody's laptop: no
token belongs to it, and no list of laptops shows it.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session

from models.ids import twin_of
from models.operations import log
from models.operations.envelope import Operation
from models.operations.tables import OperationRow
from models.tables import table_of

#: A device's name and one of its numbers.
Place = tuple[UUID, int]
_CHUNK = 500


def told_apart(
    session: Session, compound_id: UUID, groups: Sequence[Sequence[Operation]], known: Container[UUID]
) -> list[list[Operation]]:
    """Return operations that are about to be logged, under the twin's name where another has a number of theirs.

    From the first such number on all that came under one name is the twin's, so that
    what was done in one go stays together. Ids and numbers stay, and what is `known`.
    """
    fresh = [one for group in groups for one in group if one.id not in known]
    names = {one.id: one.device_id for one in fresh}
    while True:
        holders = holders_of(session, compound_id, {(names[one.id], one.n) for one in fresh})
        taken: dict[UUID, int] = {}
        for one in fresh:
            name = names[one.id]
            if holders.setdefault((name, one.n), one.id) != one.id:
                taken[name] = min(one.n, taken.get(name, one.n))
        if not taken:
            return [
                [replace(one, device_id=names.get(one.id, one.device_id)) for one in group]
                for group in groups
            ]
        for one in fresh:
            name = names[one.id]
            if name in taken and one.n >= taken[name]:
                names[one.id] = twin_of(name)


def make_way(
    session: Session, compound_id: UUID, arrived: Sequence[Operation], known: Mapping[UUID, OperationRow]
) -> bool | None:
    """Let what a server tells of have the places in the log that it has there.

    What is `known` already follows; whatever else has such a place goes under its
    twin's name. That was refused under a name given up since, or the server has it
    elsewhere and will tell so. Own operations keep their numbers, which count.
    Tells whether anything moved; None when an own one is in the way.
    """
    own = log.device_id(session)
    coming = {(one.device_id, one.n): one.id for one in arrived}
    standing = [
        holder
        for place, holder in holders_of(session, compound_id, coming).items()
        if holder != coming[place]
    ]
    rows = log.rows_of(session, compound_id, standing)
    if any(row.device_id == own for row in rows.values()):
        return None
    for row in rows.values():
        name = row.device_id
        while _is_taken(session, row, name, coming):
            name = twin_of(name)
        row.device_id = name
        session.add(row)
        session.flush()
    moved = bool(rows)
    for one in arrived:
        astray = known.get(one.id)
        if astray is None or astray.device_id == own:
            continue
        if (astray.device_id, astray.n) != (one.device_id, one.n):
            astray.device_id, astray.n = one.device_id, one.n
            session.add(astray)
            session.flush()
            moved = True
    return moved


def _is_taken(session: Session, row: OperationRow, name: UUID, coming: Mapping[Place, UUID]) -> bool:
    place = name, row.n
    holder = coming.get(place) or holders_of(session, row.compound_id, [place]).get(place, row.id)
    return holder != row.id


def holders_of(session: Session, compound_id: UUID, places: Iterable[Place]) -> dict[Place, UUID]:
    """Return the operations that have these places in the log."""
    numbers: dict[UUID, list[int]] = {}
    for name, n in places:
        numbers.setdefault(name, []).append(n)
    table = table_of(OperationRow)
    found: dict[Place, UUID] = {}
    for name, wanted in numbers.items():
        for start in range(0, len(wanted), _CHUNK):
            statement = select(table.c.n, table.c.id).where(
                table.c.compound_id == compound_id,
                table.c.device_id == name,
                table.c.n.in_(wanted[start : start + _CHUNK]),
            )
            found.update({(name, row.n): row.id for row in session.connection().execute(statement)})
    return found
