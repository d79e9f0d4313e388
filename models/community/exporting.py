"""The register as sheets: households with their people, one row each, as property offices exchange them.

Headers and words are those that `models.files.households` reads, so that a list
which is written here and imported again changes nothing.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session

from models.community.rules import Relation
from models.community.searching import holding, same_row
from models.community.tables import Building, Household, Occupancy, Person, Unit
from models.files.households import HOUSEHOLD_LAYOUT, RELATIONS, SEXES
from models.files.tabling import Language, SheetTable, header_of, word_for
from models.files.writing import Cell
from models.operations.roles import KEEPERS
from models.operations.workspace import Workspace
from models.tables import table_of
from models.text import mask_name, mask_phone

_building, _household, _unit = table_of(Building), table_of(Household), table_of(Unit)
_occupancy, _person = table_of(Occupancy), table_of(Person)
_COLUMNS = (
    "building", "unit", "room", "floor", "floors_total", "has_lift", "kind", "layout", "area", "indoor_area",
    "status", "name", "sex", "phone", "relation",
)  # fmt: skip
_LIFT = {"zh": {True: "有", False: "无"}, "en": {True: "yes", False: "no"}}


def may_see_phones(session: Session, compound_id: UUID, person_id: UUID | None, *, today: date) -> bool:
    """Tell whether a file for this person may hold whole phone numbers: for those who keep the register.

    Until a compound has had its first director, whoever sits there is founding it.
    """
    workspace = Workspace(session, compound_id, keep_shadows=False)
    if person_id is None:
        return not workspace.has_director()
    return bool(KEEPERS & workspace.roles(person_id, today))


def households_table(
    session: Session, compound_id: UUID, *, today: date, language: Language, masked: bool
) -> SheetTable:
    """Return the living households with whoever lives there or owns them on the day; an empty one has a row too.

    Areas in m². Of several phones the first stands. `masked` keeps surnames and the
    ends of phones only.
    """
    people = _people(session, compound_id, today)
    statement = (
        select(
            _household,
            _building.c.code.label("building_code"),
            _building.c.floors.label("floors_total"),
            _building.c.has_lift,
            _unit.c.code.label("unit_code"),
        )
        .join(_building, same_row(_building, _household.c.building_id))
        .join(_unit, same_row(_unit, _household.c.unit_id))
        .where(_household.c.compound_id == compound_id, _household.c.archived.is_(False))
        .order_by(_household.c.sort_key, _household.c.code)
    )
    rows: list[tuple[Cell, ...]] = []
    for home in session.connection().execute(statement):
        flat: tuple[Cell, ...] = (
            home.building_code,
            home.unit_code,
            home.code.split("-", 2)[2],
            home.floor,
            home.floors_total,
            "" if home.has_lift is None else _LIFT[language][home.has_lift],
            home.kind,
            home.layout,
            _square_metres(home.area),
            _square_metres(home.indoor_area),
            home.status,
        )
        rows += [(*flat, *_person_cells(one, language, masked=masked)) for one in people[home.id] or (None,)]
    return SheetTable(header_of(HOUSEHOLD_LAYOUT, _COLUMNS, language), tuple(rows))


def _people(session: Session, compound_id: UUID, today: date) -> defaultdict[UUID, list[Any]]:
    """Return who is in each household on the day, owners first, each person once."""
    statement = (
        select(
            _occupancy.c.household_id, _occupancy.c.relation, _person.c.name, _person.c.sex, _person.c.phones
        )
        .join(_person, same_row(_person, _occupancy.c.person_id))
        .where(
            _occupancy.c.compound_id == compound_id, holding(_occupancy, today), _person.c.archived.is_(False)
        )
        .order_by(_occupancy.c.since.nulls_first(), _occupancy.c.id)
    )
    order = [relation.value for relation in Relation]
    found: defaultdict[UUID, list[Any]] = defaultdict(list)
    for row in sorted(session.connection().execute(statement), key=lambda row: order.index(row.relation)):
        if row.name not in {known.name for known in found[row.household_id]}:
            found[row.household_id].append(row)
    return found


def _person_cells(person: Any, language: Language, *, masked: bool) -> tuple[Cell, ...]:
    if person is None:
        return ("", "", "", "")
    phone = str(person.phones[0]) if person.phones else ""
    return (
        mask_name(person.name) if masked else person.name,
        word_for(SEXES, person.sex, language),
        mask_phone(phone) if masked and phone else phone,
        word_for(RELATIONS, person.relation, language),
    )


def _square_metres(area: int | None) -> Cell:
    return None if area is None else Decimal(area) / 100
