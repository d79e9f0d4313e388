"""Planning an import of households: what a list would add and change, before anything is written.

The plan is made from rows loaded in bulk and holds finished intents, so that
carrying it out (`models.importing.carry_out`) asks nothing of the file again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final, TypeVar
from uuid import UUID

from pydantic import ValidationError
from sqlmodel import Session

from models.community import payloads as p
from models.community.rules import Relation
from models.community.standing import Standing, StandingPerson
from models.files.households import HouseholdRow, OccupantRow
from models.files.problem_codes import WARNING_CODES
from models.importing import Change, Plan, Step, make_plan
from models.operations.apply import payload_problems
from models.operations.envelope import Acting, Intent
from models.operations.merge import same
from models.operations.registry import KINDS, Payload
from models.operations.workspace import Workspace
from models.problems import Param, Problem
from models.tables import Json
from models.text import normalise

PayloadT = TypeVar("PayloadT", bound=Payload)

#: Problems that cost no value: they stop nothing, not even a strict import.
MERE_WARNINGS: Final = WARNING_CODES | {
    "import.floors_differ",
    "import.moved_out",
    "import.relation_differs",
}
#: A household takes this many people along when it is added; the others follow one by one.
_MOST_ALONG = 50
_MOST_PHONES = 10
_FIELDS = ("floor", "area", "indoor_area", "kind", "layout", "status")


def plan_households(
    session: Session,
    compound_id: UUID,
    rows: Sequence[HouseholdRow],
    problems: Iterable[Problem] = (),
    *,
    acting: Acting,
    strict: bool = False,
) -> Plan:
    """Compare a list of households with the register.

    What the file has is filled in or updated, what it leaves empty stays as it
    is. A new name is a new occupant, unless somebody of that name and phone is
    known already; who is missing in the file is left alone. `problems` are
    those of reading the file; the plan's own follow them.
    """
    planner = _Planner(Standing.load(session, compound_id, rows), acting, list(problems))
    if not _may_import(session, compound_id, acting):
        planner.problems.append(Problem("role.missing", params={"kind": "household.add"}))
    else:
        planner.plan(rows)
    return make_plan(
        planner.steps,
        unchanged=planner.unchanged,
        problems=planner.problems,
        warnings=MERE_WARNINGS,
        changes=planner.changes,
        strict=strict,
    )


def _may_import(session: Session, compound_id: UUID, acting: Acting) -> bool:
    workspace = Workspace(session, compound_id, keep_shadows=False)
    if acting.person_id == compound_id:
        return not workspace.has_director()
    may = KINDS["household.add"].may or frozenset()
    return bool(may & workspace.roles(acting.person_id, workspace.local_day(acting.clock())))


class _Planner:
    """The plan while rows are still coming in.

    It writes into the standing values as it goes: a person named in two rows
    must meet at the second what the first has set, or the two rows would take
    the value from each other at every import.
    """

    def __init__(self, standing: Standing, acting: Acting, problems: list[Problem]) -> None:
        self.standing = standing
        self.new_id = acting.new_id
        self.problems = problems
        self.steps: list[Step] = []
        self.changes: list[Change] = []
        self.unchanged = 0
        self._lines: dict[str, int] = {}
        self._sex_told: set[UUID] = set()

    def plan(self, rows: Sequence[HouseholdRow]) -> None:
        """Plan the buildings, then every household in the order of the file."""
        self._plan_buildings(rows)
        for row in rows:
            if row.code in self._lines:
                self._report(
                    "import.household_twice", row.line, code=row.code, first_line=self._lines[row.code]
                )
                continue
            self._lines[row.code] = row.line
            building = self.standing.buildings.get(row.building)
            if building is not None and building.archived:
                self._report("import.building_archived", row.line, code=row.code, building=row.building)
                continue
            household = self.standing.households.get(row.code)
            if household is None:
                self._plan_addition(row)
            elif household.archived:
                self._report("import.household_archived", row.line, code=row.code)
            else:
                self._plan_update(row, household)

    # -- buildings -------------------------------------------------------------------

    def _plan_buildings(self, rows: Sequence[HouseholdRow]) -> None:
        """Take a building's floors and lift from its rows: the most floors, and a lift if any row has one."""
        told: dict[str, dict[str, Any]] = {}
        lines: dict[str, int] = {}
        differing: set[str] = set()
        for row in rows:
            lines.setdefault(row.building, row.line)
            values = told.setdefault(row.building, {})
            if row.floors_total is not None:
                floors = values.setdefault("floors", row.floors_total)
                if floors != row.floors_total and row.building not in differing:
                    differing.add(row.building)
                    self._report(
                        "import.floors_differ",
                        row.line,
                        building=row.building,
                        first=floors,
                        value=row.floors_total,
                    )
                values["floors"] = max(floors, row.floors_total)
            if row.has_lift is not None:
                values["has_lift"] = values.get("has_lift", False) or row.has_lift
        for code, values in told.items():
            self._plan_building(code, values, lines[code])

    def _plan_building(self, code: str, values: dict[str, Any], line: int) -> None:
        standing = self.standing.buildings.get(code)
        if standing is None:
            if values:
                self._step(
                    line, "", Intent("building.add", {"id": str(self.new_id()), "code": code, **values})
                )
            return
        if standing.archived:
            return
        new = {name: value for name, value in values.items() if not same(getattr(standing, name), value)}
        old = {name: getattr(standing, name) for name in new}
        if new:
            self._step(
                line, "", Intent("building.edit", {"building": str(standing.id), "old": old, "new": new})
            )
            self.changes.extend(Change(line, code, name, old[name], new[name]) for name in new)

    # -- households ------------------------------------------------------------------

    def _plan_addition(self, row: HouseholdRow) -> None:
        household_id = self.new_id()
        newcomers: list[StandingPerson] = []
        along: list[dict[str, Any]] = []
        follow: list[OccupantRow] = []
        for occupant in self._people(row):
            known = self.standing.known_elsewhere(normalise(occupant.name), occupant.phone)
            if known is not None or len(along) == _MOST_ALONG:
                follow.append(occupant)
                continue
            if self._valid(p.PersonFields, _person_values(occupant), occupant.line) is None:
                continue
            person = self._new_person(occupant)
            ids = {"person": str(person.id), "occupancy": str(self.new_id())}
            relation = {"relation": occupant.relation} if occupant.relation else {}
            newcomers.append(person)
            along.append({**ids, **_person_values(occupant), **relation})
        payload = {"id": str(household_id), "code": row.code, **self._values(row)}
        if along:
            payload["occupants"] = along
        if self._valid(p.AddHousehold, payload, row.line) is None:
            return
        for person in newcomers:
            self.standing.remember(person)
        self._step(row.line, row.code, Intent("household.add", payload), adds=True)
        for occupant in follow:
            self._move_in(row, household_id, occupant)

    def _new_person(self, occupant: OccupantRow) -> StandingPerson:
        phones = [occupant.phone] if occupant.phone else []
        return StandingPerson(self.new_id(), normalise(occupant.name), occupant.sex or "", phones)

    def _plan_update(self, row: HouseholdRow, household: Any) -> None:
        before = len(self.steps)
        told = self._values(row)
        new = {name: value for name, value in told.items() if not same(getattr(household, name), value)}
        if new:
            old = {name: getattr(household, name) for name in new}
            self._edit(row, "household", household.id, old, new)
        for occupant in self._people(row):
            self._plan_occupant(row, household.id, occupant)
        if len(self.steps) == before:
            self.unchanged += 1

    def _values(self, row: HouseholdRow) -> dict[str, Any]:
        """Return what the file says of the household itself, as it is stored; what it leaves empty is left out.

        A value that cannot be stored costs that value, not the household.
        """
        told = {name: getattr(row, name) for name in _FIELDS}
        told = {name: value for name, value in told.items() if value is not None and value != ""}
        try:
            return p.HouseholdFields.model_validate(told).model_dump(exclude_unset=True)
        except ValidationError as error:
            for problem in payload_problems(error):
                self.problems.append(Problem(problem.code, row.line, problem.column, problem.params))
                told.pop(problem.column or "", None)
        return p.HouseholdFields.model_validate(told).model_dump(exclude_unset=True)

    def _people(self, row: HouseholdRow) -> list[OccupantRow]:
        """Return the people of a room, each name once: who comes with a household is told apart by name."""
        people: dict[str, OccupantRow] = {}
        for occupant in row.occupants:
            first = people.setdefault(normalise(occupant.name), occupant)
            if first is not occupant:
                self._report(
                    "person.twice", occupant.line, code=row.code, name=occupant.name, first_line=first.line
                )
        return list(people.values())

    # -- people ----------------------------------------------------------------------

    def _plan_occupant(self, row: HouseholdRow, household_id: UUID, occupant: OccupantRow) -> None:
        name = normalise(occupant.name)
        home = self.standing.homes.get(household_id)
        resident = home.resident(name, occupant.phone) if home is not None else None
        if resident is None:
            if home is not None and name in home.moved_out:
                until = home.moved_out[name].isoformat()
                self._report("import.moved_out", occupant.line, code=row.code, name=name, until=until)
                return
            self._move_in(row, household_id, occupant)
            return
        if occupant.relation and occupant.relation not in resident.relations:
            stands = ", ".join(sorted(resident.relations))
            self._report(
                "import.relation_differs",
                occupant.line,
                code=row.code,
                name=name,
                stands=stands,
                value=occupant.relation,
            )
        self._plan_person(row, occupant, resident.person)

    def _plan_person(self, row: HouseholdRow, occupant: OccupantRow, person: StandingPerson) -> None:
        old: dict[str, Json] = {}
        new: dict[str, Json] = {}
        if occupant.phone and occupant.phone not in person.phones:
            old["phones"] = list(person.phones)
            person.phones = [occupant.phone, *person.phones][:_MOST_PHONES]
            new["phones"] = list(person.phones)
        if occupant.sex and person.id not in self._sex_told:
            self._sex_told.add(person.id)
            if occupant.sex != person.sex:
                old["sex"], new["sex"] = person.sex, occupant.sex
                person.sex = occupant.sex
        if new and self._valid(p.PersonFields, new, occupant.line) is not None:
            self._edit(row, "person", person.id, old, new, line=occupant.line, person=person.name)

    def _move_in(self, row: HouseholdRow, household_id: UUID, occupant: OccupantRow) -> None:
        person = self.standing.known_elsewhere(normalise(occupant.name), occupant.phone)
        intents: list[Intent] = []
        if person is None:
            values = _person_values(occupant)
            if self._valid(p.PersonFields, values, occupant.line) is None:
                return
            person = self._new_person(occupant)
            self.standing.remember(person)
            intents.append(Intent("person.add", {"id": str(person.id), **values}))
        relation = occupant.relation or Relation.OWNER.value
        start = {
            "id": str(self.new_id()),
            "household": str(household_id),
            "person": str(person.id),
            "relation": relation,
        }
        self._step(occupant.line, row.code, *intents, Intent("occupancy.start", start))
        if row.code in self.standing.households:
            self.changes.append(Change(occupant.line, row.code, "occupant", None, relation, person.name))

    # -- inside ----------------------------------------------------------------------

    def _edit(
        self,
        row: HouseholdRow,
        noun: str,
        row_id: UUID,
        old: dict[str, Json],
        new: dict[str, Json],
        *,
        line: int | None = None,
        person: str = "",
    ) -> None:
        line = line or row.line
        self._step(line, row.code, Intent(f"{noun}.edit", {noun: str(row_id), "old": old, "new": new}))
        self.changes.extend(
            Change(line, row.code, name, old[name], new[name], person) for name in sorted(new)
        )

    def _step(self, line: int, household: str, *intents: Intent, adds: bool = False) -> None:
        """Plan a step; one for a building names no household and counts as nothing."""
        self.steps.append(Step(line, household, intents, adds))

    def _valid(self, model: type[PayloadT], values: dict[str, Any], line: int) -> PayloadT | None:
        try:
            return model.model_validate(values)
        except ValidationError as error:
            self.problems.extend(
                Problem(problem.code, line, problem.column, problem.params)
                for problem in payload_problems(error)
            )
            return None

    def _report(self, problem_code: str, line: int, **params: Param) -> None:
        self.problems.append(Problem(problem_code, line, params=params))


def _person_values(occupant: OccupantRow) -> dict[str, Any]:
    """Return what the file says of a person; what it leaves empty is left out."""
    values: dict[str, Any] = {"name": occupant.name}
    if occupant.sex:
        values["sex"] = occupant.sex
    if occupant.phone:
        values["phones"] = [occupant.phone]
    return values
