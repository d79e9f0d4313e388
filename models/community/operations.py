"""The register's handlers for places: the compound, its buildings, its households."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from models import codes
from models.community import payloads as p
from models.community.operations_people import make_director, new_person, person_search
from models.community.rules import natural_sort_key
from models.community.tables import (
    Building,
    Compound,
    Household,
    Occupancy,
    Person,
    Unit,
)
from models.operations.common import (
    archiving,
    merge_rows,
    met_again,
    register_archiving,
    swapping,
)
from models.operations.envelope import Intent
from models.operations.merge import absorb, edit_row
from models.operations.registry import register
from models.operations.roles import KEEPERS, LEADERS
from models.operations.verdicts import Refusal, Verdict
from models.operations.workspace import Workspace
from models.tables import table_of
from models.text import search_text


@register("compound.found", p.FoundCompound, may=None)
def found_compound(workspace: Workspace, given: p.FoundCompound) -> None:
    """Make the compound and, when named, its first person as director."""
    compound_id = workspace.compound_id
    if workspace.get(Compound, compound_id) is not None:
        raise Refusal("compound.founded")
    workspace.add(
        Compound(
            compound_id=compound_id, id=compound_id, name=given.name, address=given.address, zone=given.zone
        )
    )
    if given.person_name:
        workspace.add(new_person(workspace, given.person, given.person_name))
        make_director(workspace, given.person)


@register("compound.edit", p.EditCompound, may=LEADERS, undo=swapping("compound.edit", Compound))
def edit_compound(workspace: Workspace, given: p.EditCompound) -> None:
    """Change the compound's own words."""
    edit_row(workspace, workspace.require(Compound, given.compound), old=given.old, new=given.new)


@register("building.add", p.AddBuilding, may=KEEPERS, undo=archiving("building"))
def add_building(workspace: Workspace, given: p.AddBuilding) -> Verdict | None:
    """Add a building; one of the same code is the same building."""
    values = given.model_dump(exclude={"id", "code"})
    standing = workspace.find(Building, code=given.code)
    if standing is not None:
        return met_again(workspace, standing, given.id, values)
    workspace.add(_building(workspace, given.id, given.code, **values))
    # A laptop that has added flats here without knowing of this building calls it by the shared id.
    workspace.alias(Building, workspace.shared_id(Building, given.code), given.id)
    return None


@register("building.edit", p.EditBuilding, may=KEEPERS, undo=swapping("building.edit", Building))
def edit_building(workspace: Workspace, given: p.EditBuilding) -> None:
    """Change a building field by field."""
    row = workspace.require(Building, given.building)
    if edit_row(workspace, row, old=given.old, new=given.new):
        workspace.change(row, search=_building_search(row))


def _prepare_households(workspace: Workspace, payloads: Sequence[p.AddHousehold]) -> None:
    workspace.prefetch(Household, "code", [given.code for given in payloads])


def _undo_add_household(workspace: Workspace, given: p.AddHousehold) -> list[Intent]:
    """Take back the household and the people who came with it, unless somebody used them since."""
    intents = archiving("household")(workspace, given)
    for occupant in given.occupants:
        for noun, model, row_id in (
            ("occupancy", Occupancy, occupant.occupancy),
            ("person", Person, occupant.person),
        ):
            row = workspace.get(model, row_id)
            if row is not None and row.id == row_id and not row.archived and not row.stamps:
                intents.append(Intent(f"{noun}.archive", {noun: str(row_id)}))
    return intents


@register("household.add", p.AddHousehold, may=KEEPERS, undo=_undo_add_household, prepare=_prepare_households)
def add_household(workspace: Workspace, given: p.AddHousehold) -> Verdict | None:
    """Add a household with its building, its stairwell and its people."""
    fields = given.model_dump(include=set(p.HouseholdFields.model_fields))
    verdict: Verdict | None = None
    household = workspace.find(Household, code=given.code)
    if household is None:
        code = codes.parse_room_code(given.code)
        if code is None:
            raise Refusal("household.code", household=given.code)
        building = _ensure_building(workspace, code.building)
        unit = _ensure_unit(workspace, building, code.unit)
        household = workspace.add(
            Household(
                compound_id=workspace.compound_id,
                id=given.id,
                code=given.code,
                building_id=building.id,
                unit_id=unit.id,
                sort_key=natural_sort_key(given.code),
                **fields,
            )
        )
        workspace.change(household, search=_household_search(household))
        known: _Residents = {}
    else:
        verdict = met_again(workspace, household, given.id, fields)
        workspace.change(household, search=_household_search(household))
        known = _residents(workspace, household)
    for occupant in given.occupants:
        _settle_in(workspace, household, occupant, known)
    return verdict


@register("household.edit", p.EditHousehold, may=KEEPERS, undo=swapping("household.edit", Household))
def edit_household(workspace: Workspace, given: p.EditHousehold) -> None:
    """Change a household field by field."""
    row = workspace.require(Household, given.household)
    if edit_row(workspace, row, old=given.old, new=given.new):
        workspace.change(row, search=_household_search(row))


@register("household.merge", p.MergeHouseholds, may=KEEPERS)
def merge_households(workspace: Workspace, given: p.MergeHouseholds) -> Verdict:
    """Let one household mean another."""
    verdict = merge_rows(
        workspace, Household, given.household, given.into, fields=p.HouseholdFields.model_fields
    )
    household = workspace.require(Household, given.into)
    workspace.change(household, search=_household_search(household))
    return verdict


def _building_is_empty(workspace: Workspace, building: Building) -> None:
    table = table_of(Household)
    living = workspace.rows(Household, table.c.building_id == building.id, table.c.archived.is_(False))
    if living:
        raise Refusal("building.inhabited", building=building.code, n=len(living))


register_archiving("building", Building, may=KEEPERS, guard=_building_is_empty)
register_archiving("household", Household, may=KEEPERS)


def _building(workspace: Workspace, row_id: UUID, code: str, **values: Any) -> Building:
    row = Building(compound_id=workspace.compound_id, id=row_id, code=code, **values)
    row.search = _building_search(row)
    return row


def _building_search(row: Building) -> str:
    return search_text(row.name, words=[row.code, f"{row.code}栋", f"{row.code}号楼"])


def _household_search(row: Household) -> str:
    return search_text(words=[row.code, row.code.replace("-", ""), *row.phones])


def _ensure_building(workspace: Workspace, code: str) -> Building:
    building = workspace.find(Building, code=code)
    if building is None:
        building = workspace.add(_building(workspace, workspace.shared_id(Building, code), code))
    elif building.archived:
        raise Refusal("row.archived", table="building", id=str(building.id))
    return building


def _ensure_unit(workspace: Workspace, building: Building, code: str) -> Unit:
    unit = workspace.find(Unit, building_id=building.id, code=code)
    if unit is None:
        unit = workspace.add(
            Unit(
                compound_id=workspace.compound_id,
                id=workspace.new_id(Unit, f"{building.code}-{code}"),
                building_id=building.id,
                code=code,
            )
        )
    return unit


_Residents = dict[str, tuple[Person, Occupancy]]


def _residents(workspace: Workspace, household: Household) -> _Residents:
    """Return who lives or owns here, by name: a name met twice in one household is one person."""
    table = table_of(Occupancy)
    occupancies = workspace.rows(
        Occupancy, table.c.household_id == household.id, table.c.archived.is_(False), table.c.until.is_(None)
    )
    residents: _Residents = {}
    for occupancy in occupancies:
        person = workspace.get(Person, occupancy.person_id)
        if person is not None:
            residents.setdefault(person.name, (person, occupancy))
    return residents


def _settle_in(workspace: Workspace, household: Household, occupant: p.Occupant, known: _Residents) -> None:
    if occupant.name in known:
        person, occupancy = known[occupant.name]
        absorb(workspace, person, occupant.person, {"sex": occupant.sex, "phones": list(occupant.phones)})
        workspace.change(person, search=person_search(person))
        workspace.alias(Occupancy, occupant.occupancy, occupancy.id)
        return
    person = workspace.add(
        new_person(workspace, occupant.person, occupant.name, sex=occupant.sex, phones=list(occupant.phones))
    )
    occupancy = workspace.add(
        Occupancy(
            compound_id=workspace.compound_id,
            id=occupant.occupancy,
            household_id=household.id,
            person_id=person.id,
            relation=occupant.relation.value,
            since=occupant.since,
        )
    )
    known[occupant.name] = (person, occupancy)
