"""How people name what stands in the register: codes in any spelling, names, pinyin.

A finder returns every row a text may mean; the caller asks for one. What is
archived is meant only when nothing living bears the name.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Table, select
from sqlmodel import Session

from models.codes import building_part, parse_room_code, unit_part
from models.community.searching import contains
from models.community.tables import Building, Compound, Household, Person, Team, Unit
from models.operations.registry import finder
from models.tables import table_of
from models.text import fold, normalise

_building, _compound, _household = table_of(Building), table_of(Compound), table_of(Household)
_person, _team, _unit = table_of(Person), table_of(Team), table_of(Unit)

#: Beyond this many a text means too much, and how much too much does not matter.
_MOST = 50
_STAIRWELL = re.compile(r"(?P<building>.+?(?:号楼|栋|幢|座|#楼|#)|[^-]+?-)(?P<unit>[^-]+)")


@finder("compound")
def find_compound(session: Session, _compound_id: UUID, text: str) -> Sequence[UUID]:
    """Find a compound of this store by name."""
    statement = select(_compound.c.id, _compound.c.name).where(_compound.c.archived.is_(False))
    return [row.id for row in session.connection().execute(statement) if fold(row.name) == fold(text)]


@finder("building")
def find_building(session: Session, compound_id: UUID, text: str) -> Sequence[UUID]:
    """Find a building by code (`1`, `1栋`, `１号楼`), else by name."""
    code = building_part(text)
    by_code = _living_first(session, _building, compound_id, _building.c.code == code) if code else []
    return by_code or _living_first(session, _building, compound_id, _building.c.name == normalise(text))


@finder("unit")
def find_unit(session: Session, compound_id: UUID, text: str) -> Sequence[UUID]:
    """Find a stairwell by building and unit (`1-2`, `1栋2单元`)."""
    parts = _STAIRWELL.fullmatch(normalise(text).replace(" ", ""))
    if parts is None:
        return []
    code = unit_part(parts["unit"])
    homes = find_building(session, compound_id, parts["building"].removesuffix("-"))
    if code is None or len(homes) != 1:
        return []
    return _living_first(session, _unit, compound_id, _unit.c.building_id == homes[0], _unit.c.code == code)


@finder("household")
def find_household(session: Session, compound_id: UUID, text: str) -> Sequence[UUID]:
    """Find a household by its code in any spelling."""
    code = parse_room_code(text)
    if code is None:
        return []
    return _living_first(session, _household, compound_id, _household.c.code == str(code))


@finder("person")
def find_person(session: Session, compound_id: UUID, text: str) -> Sequence[UUID]:
    """Find a person by name; else by whole pinyin, initials or phone; else by a part of one of these."""
    named = _living_first(session, _person, compound_id, _person.c.name == normalise(text))
    return named or _by_search(session, _person, compound_id, text)


@finder("team")
def find_team(session: Session, compound_id: UUID, text: str) -> Sequence[UUID]:
    """Find a team by name, else by pinyin, else by a part of either."""
    named = _living_first(session, _team, compound_id, _team.c.name == normalise(text))
    return named or _by_search(session, _team, compound_id, text)


def _living_first(
    session: Session, table: Table, compound_id: UUID, *conditions: ColumnElement[bool]
) -> list[UUID]:
    statement = (
        select(table.c.id, table.c.archived)
        .where(table.c.compound_id == compound_id, *conditions)
        .order_by(table.c.archived, table.c.id)
        .limit(_MOST)
    )
    found = session.connection().execute(statement).all()
    return [row.id for row in found if not row.archived] or [row.id for row in found]


def _by_search(session: Session, table: Table, compound_id: UUID, text: str) -> list[UUID]:
    wanted = fold(text)
    if not wanted:
        return []
    for archived in (False, True):
        statement = (
            select(table.c.id, table.c.search)
            .where(
                table.c.compound_id == compound_id,
                table.c.archived.is_(archived),
                contains(table.c.search, text),
            )
            .order_by(table.c.id)
        )
        found: Sequence[Any] = session.connection().execute(statement).all()
        whole = [row.id for row in found if wanted in row.search.split(" ")]
        if found:
            return whole or [row.id for row in found[:_MOST]]
    return []
